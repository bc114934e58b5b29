"""What can go wrong with the store, in one line for a person."""

from __future__ import annotations


class StoreError(Exception):
    """The state cannot be used; `message` says why and what to do. Nothing was sent and nothing is lost."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
