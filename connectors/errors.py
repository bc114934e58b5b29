"""The one error a connector raises, with the one bit that a retry policy needs."""

from __future__ import annotations

from datetime import timedelta


class ConnectorError(Exception):
    """A mailbox, transport or calendar could not do what was asked.

    `message` is one line that a salesperson understands: what happened and what to do. `permanent` means that only a person
    can mend it (wrong password, no such folder, refused recipient), so a retry is useless. `retry_after` is the wait that the
    server asked for, if it did. `unknown` is set where the outcome of a send or booking is unknown: the request left and no
    answer came; the caller must look for the message at the server before trying again.
    """

    def __init__(
        self, message: str, *, permanent: bool = False, retry_after: timedelta | None = None, unknown: bool = False
    ) -> None:
        super().__init__(message)
        self.message = message
        self.permanent = permanent
        self.retry_after = retry_after
        self.unknown = unknown
