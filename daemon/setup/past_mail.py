"""The mail of the last three months, read while the other questions are asked, so that clients can be suggested."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from connectors.base import Mailbox
from connectors.errors import ConnectorError
from connectors.mail import Message

LOOK_BACK = timedelta(days=90)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class PastMail:
    """Reads a mailbox in a thread of its own, which ends with the program. Nothing is stored and nothing is changed."""

    def __init__(self, open_mailbox: Callable[[], Mailbox], now: datetime) -> None:
        self._open, self._now = open_mailbox, now
        self._messages: list[Message] = []
        self._failure = ""
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def is_ready(self) -> bool:
        """Return whether everything was read, or could not be."""
        return not self._thread.is_alive()

    def count(self) -> int:
        """Return how many messages were read so far."""
        return len(self._messages)

    def wait(self, seconds: float) -> None:
        """Wait until it is ready, for so long at most."""
        self._thread.join(seconds)

    def messages(self) -> list[Message]:
        """Return what was read, once it is ready. Raises ConnectorError where the mailbox could not be read."""
        self._thread.join()
        if self._failure and not self._messages:
            raise ConnectorError(self._failure)
        return self._messages

    def _work(self) -> None:
        try:
            self._read(self._now - LOOK_BACK)
            if not self._messages:
                self._read(_EPOCH)  # an archive has nothing recent
        except ConnectorError as error:
            self._failure = error.message
        except Exception as error:  # noqa: BLE001  # a thread has nobody else to tell
            self._failure = f"it failed unexpectedly ({type(error).__name__})"

    def _read(self, since: datetime) -> None:
        with contextlib.closing(self._open()) as mailbox:
            self._messages.extend(_read(mailbox, since))


def _read(mailbox: Mailbox, since: datetime) -> Iterable[Message]:
    for batch in mailbox.poll(None, since):
        yield from batch.messages
