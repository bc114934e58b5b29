"""Reading: the text of one message in, what was said in it out.

`reader.py` shows the steps: the new text, people or machines, sentences, speech acts with their due times, whether a reply is
expected. This package imports nothing else of Kept and, beside phonenumbers, no library: it knows no mailboxes, clients or charters. It never raises
because of what a text contains, and takes time linear in its length. Spans are offsets into the text as `text_lines.bounded` leaves it, which is what came in unless
nobody wrote it. `version` tells readings apart, so that stored messages are read again when results change. Everything above may import it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from daemon.reading.values import VERSION, Act, ActKind, Call, Cut, Due, ProposedTime, ReaderInput, Reading, TimeContext

if TYPE_CHECKING:
    from daemon.reading.proposals import Proposals

__all__ = [
    "Act",
    "ActKind",
    "Call",
    "Cut",
    "Due",
    "ProposedTime",
    "ReaderInput",
    "Reading",
    "TimeContext",
    "call_notice",
    "proposed_times",
    "read",
    "strongest_features",
    "version",
]


# The reader is imported when it is first called: compiling its patterns takes 0.2 s of processor time and 4 MB, and a command
# that only shows what is owed reads no message.


def read(message: ReaderInput, check: Callable[[], None] = lambda: None) -> Reading:
    """Return everything that is read out of one message. Never raises because of what its text contains.

    `check` is called between the steps and for each sentence; by raising something it ends a reading that takes too long.
    """
    from daemon.reading import reader  # noqa: PLC0415  # see above

    return reader.read(message, check)


def strongest_features(message: ReaderInput, reading: Reading) -> tuple[tuple[tuple[str, float], ...], ...]:
    """Return for each act, in order, the (feature, weight) pairs that counted most; none for an act that rules alone decided."""
    from daemon.reading import reader  # noqa: PLC0415  # see above

    return reader.strongest_features(message, reading)


def version() -> str:
    """Return what tells readings apart: it changes when results do."""
    return f"{VERSION}"


def call_notice(message: ReaderInput) -> Call | None:
    """Return the call that a phone system's notice tells of, or None for any other mail."""
    from daemon.reading import call_notices  # noqa: PLC0415  # see above

    return call_notices.call_notice(message)


def proposed_times(message: ReaderInput, reader_zone: str, talked_of: date | None = None) -> Proposals:
    """Return the times that a message proposes for a call or a meeting (`proposals.proposed_times`)."""
    from daemon.reading import proposals  # noqa: PLC0415  # see above

    return proposals.proposed_times(message, reader_zone, talked_of)
