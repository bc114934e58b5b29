"""What lets us into a provider's API: an access token that is always valid, and what happens when it is not.

A grant is somebody's consent (or a company's, for its team). It is kept by a token store (token_store.py), renewed by the provider's
own library (google_auth.py, microsoft_auth.py) and used by every connector of that provider through this protocol alone.
"""

from __future__ import annotations

from typing import Protocol


class Grant(Protocol):
    """One user's way in at one provider. Safe to be used by several threads at once."""

    @property
    def user(self) -> str:
        """The address that it speaks for."""
        ...

    def token(self) -> str:
        """An access token that holds for another minute at least, renewed once for all threads where it does not.

        Raises ConnectorError: permanent where the consent was withdrawn or never given, with the command that gives it again.
        """
        ...

    def reject(self, token: str) -> None:
        """The server did not take this token although it should hold: the next `token()` is a new one.

        Tried once; where the new one is refused as well, ConnectorError says that the consent must be given again.
        """
        ...
