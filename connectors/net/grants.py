"""Permission to use a provider's API: an access token that is valid, and what happens when it is not.

A grant is the consent of a person, or of a company for its team. Its tokens are stored by a token store (token_store.py), renewed
by the provider's own library and used by every connector of that provider through this protocol alone.
"""

from __future__ import annotations

from typing import Protocol


class Grant(Protocol):
    """One user's consent at one provider. Safe to use from several threads at once."""

    @property
    def user(self) -> str:
        """The address of the user whose data it opens."""
        ...

    def token(self) -> str:
        """Return an access token that is valid for another minute at least, renewed once for all threads where it must be.

        Raises ConnectorError: permanent where the consent was withdrawn or never given, naming the command that gives it again.
        """
        ...

    def reject(self, token: str) -> None:
        """Report that the server refused this token although it should be valid; the next `token()` returns a new one.

        Raises ConnectorError where the new one is refused as well: the consent must then be given again.
        """
        ...
