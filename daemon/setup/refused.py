"""The one error of an answer that cannot be used."""

from __future__ import annotations


class Refused(ValueError):  # noqa: N818  # an answer to the user rather than a fault
    """An answer cannot be used; the message says why, in a whole sentence. `suggestion` is what was probably meant, else empty."""

    def __init__(self, message: str, suggestion: str = "") -> None:
        super().__init__(message)
        self.suggestion = suggestion
