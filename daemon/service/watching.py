"""Wait for new mail in one mailbox, on a connection of its own, and tell when some was announced (IMAP IDLE)."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

from connectors.base import Mailbox
from connectors.errors import ConnectorError
from daemon.logs import get_logger

log = get_logger(__name__)

RETRY = 60.0  # seconds before a lost connection is tried again
LOOK = 5.0  # seconds between two looks whether a mailbox has been read
LISTENING = 60.0  # seconds of one wait


def watch(
    mailbox: Mailbox, stop: Event, ended: Callable[[], bool], is_read: Callable[[], bool], wake: Callable[[], None]
) -> None:
    """Call `wake` whenever new mail is announced, until `stop` is set or the watching has `ended`. Failures are logged; polling goes on.

    As long as the mailbox cannot be read (`is_read`) it is left alone: a wrong password would be tried once more a minute.
    """
    while not stop.is_set() and not ended():
        if not is_read():
            mailbox.close()
            stop.wait(LOOK)
            continue
        try:
            if mailbox.wait(LISTENING) and not ended():
                wake()
        except ConnectorError as error:
            log.info("waiting for new mail failed; polling goes on", error=error.message)
            mailbox.close()
            stop.wait(RETRY)
        except Exception:  # of one mailbox: polling goes on, and waiting is tried again
            log.exception("waiting for new mail failed unexpectedly")
            stop.wait(RETRY)
    mailbox.close()
