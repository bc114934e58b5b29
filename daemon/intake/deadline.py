"""How much processor time one message may take to be read. No mail is worth more: whoever wrote it may have made it slow to read.

What carries the bound are the limits on what is read (`daemon/reading/text_lines.py`, `connectors/formats`), which keep any mail far
below it: a pattern that runs cannot be interrupted. The deadline ends what they do not foresee, between two steps of a reading.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

SECONDS = 1.0  # of this thread's processor time; an ordinary mail takes two thousandths, the longest a tenth
TOO_COMPLICATED = "too complicated"  # why a message is unread (Message.unread)


class TooComplicatedError(Exception):
    """A message took more processor time than a message may."""


@dataclass(slots=True)
class Deadline:
    """The end of the time that a message has, from its creation on, in this thread."""

    seconds: float = SECONDS
    began: float = field(default_factory=time.thread_time)
    _earliest: float = field(init=False)  # by the monotonic clock, which is asked a hundred times faster than the thread's

    def __post_init__(self) -> None:
        self._earliest = time.monotonic() + self.seconds

    def check(self) -> None:
        """Raise TooComplicatedError where the time is over: not before as much has passed by the clock."""
        if time.monotonic() < self._earliest:
            return
        left = self.seconds - (time.thread_time() - self.began)
        if left < 0:
            raise TooComplicatedError
        self._earliest = time.monotonic() + left
