"""Read messages of threads, each after those that it follows: what it quotes of one before it is known only then.

The daemon's own process reads mail so, and so do those that help it with a long reading (`reading_helpers`). To them this module
brings the reader alone: no store, no connector.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from daemon import reading
from daemon.intake.deadline import TooComplicatedError


class ThreadedMail(NamedTuple):
    """A message to be read, its Message-ID, and the Message-IDs of those that it follows, whose new texts count as earlier ones."""

    message_id: str
    parents: tuple[str, ...]
    message: reading.ReaderInput


class ReadMail(NamedTuple):
    """The reading of a message; `too_complicated` says that it was made without its text, because of what that would have cost."""

    reading: reading.Reading
    too_complicated: bool = False


def read_mail(mail: ThreadedMail, earlier: MutableMapping[str, str], check: Callable[[], None]) -> ReadMail:
    """Return the reading of a message; `check` raises TooComplicatedError when it has taken too long.

    `earlier` holds new texts by Message-ID and receives that of this message.
    """
    texts = tuple(earlier[parent] for parent in mail.parents if parent in earlier)
    try:
        read = ReadMail(reading.read(replace(mail.message, earlier=texts), check))
    except TooComplicatedError:
        read = without_text(mail)
    earlier[mail.message_id] = read.reading.new_text
    return read


def without_text(mail: ThreadedMail) -> ReadMail:
    """Return the reading of a message at whose text nobody is to look."""
    return ReadMail(reading.read(replace(mail.message, text="", unread=True)), too_complicated=True)


def threads(mails: Sequence[ThreadedMail]) -> list[list[int]]:
    """Return the places of the messages that follow each other or the same ones, those of each thread in their order."""
    thread_of: dict[str, list[int]] = {}
    for place, mail in enumerate(mails):
        names = (mail.message_id, *mail.parents)
        joined = {id(thread): thread for name in names if (thread := thread_of.get(name)) is not None}
        thread = sorted(at for part in joined.values() for at in part)
        thread.append(place)
        for name in (*names, *(name for at in thread for name in (mails[at].message_id, *mails[at].parents))):
            thread_of[name] = thread
    return list({id(thread): thread for thread in thread_of.values()}.values())
