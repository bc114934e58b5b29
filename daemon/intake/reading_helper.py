"""The process of a helper: reads the threads that come over a connection, and answers with a reading for each message.

It has nothing but the mail: no store, no settings, no secrets. It ends when the daemon's end of the connection is closed.
"""

from __future__ import annotations

import signal
import sys
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Thread

from daemon import reading
from daemon.intake.deadline import Deadline
from daemon.intake.threaded_mail import ReadMail, ThreadedMail, read_mail


def serve(connection: Connection) -> None:
    """Answer until the connection ends: first with the version of the reader, then with a reading for each message, in order.

    None stands for one at which the reader failed.
    """
    connection.send(reading.version())
    waiting: SimpleQueue[tuple[list[ThreadedMail], dict[str, str]] | None] = SimpleQueue()
    Thread(target=_receive, args=(connection, waiting), daemon=True).start()
    while (thread := waiting.get()) is not None:
        mails, earlier = thread
        for mail in mails:
            connection.send(_read(mail, earlier))


def _receive(connection: Connection, waiting: SimpleQueue[tuple[list[ThreadedMail], dict[str, str]] | None]) -> None:
    """Take in what is to be read while something is being read, so that the daemon never waits to hand it over."""
    try:
        while True:
            waiting.put(connection.recv())
    except (EOFError, OSError):
        waiting.put(None)


def _read(mail: ThreadedMail, earlier: dict[str, str]) -> ReadMail | None:
    try:
        return read_mail(mail, earlier, Deadline().check)
    except Exception:  # noqa: BLE001  # the daemon reads it itself, and says what is wrong
        return None


if __name__ == "__main__":
    for stops in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(stops, signal.SIG_IGN)  # they are the daemon's to hear; its end of the connection tells when to stop
    serve(Connection(int(sys.argv[1])))
