"""The one error a connector raises, with the one bit that a retry policy needs."""

from __future__ import annotations

from datetime import timedelta


class ConnectorError(Exception):
    """Something that a mailbox, calendar or transport could not do.

    `message` is one line a salesperson understands: what happened and what to do. `permanent` says that trying again
    without a change by a person is useless (wrong password, no such folder, refused recipient). `retry_after` is the
    server's own hint, where it gave one. `unknown` is set by a send whose outcome nobody knows: the request left and no
    answer came; whoever called must look for the message at the server before trying again.
    """

    def __init__(
        self, message: str, *, permanent: bool = False, retry_after: timedelta | None = None, unknown: bool = False
    ) -> None:
        super().__init__(message)
        self.message = message
        self.permanent = permanent
        self.retry_after = retry_after
        self.unknown = unknown
