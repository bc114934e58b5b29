"""Reading: the text of one message in, what was said in it out.

This package stands alone: it knows no mailboxes, clients or charters, imports only the standard library, never raises for
what a text contains and takes time linear in its length. Spans are offsets into the text that came in, so everything found
can be shown in its place. `VERSION` rises when results change, so that what was read before is read again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from daemon.reading.types import VERSION, Act, ActKind, Call, Cut, Due, Frame, Reading, Utterance

__all__ = [
    "VERSION",
    "Act",
    "ActKind",
    "Call",
    "Cut",
    "Due",
    "Frame",
    "Reading",
    "Utterance",
    "call_notice",
    "infer",
    "read",
    "weights",
]


# The rules take a tenth of a second to compile, and who only asks what is owed reads nothing: so each comes when it is called.


def read(utterance: Utterance) -> Reading:
    """All that is read out of one message. Never raises for what a text contains."""
    from daemon.reading import reader  # noqa: PLC0415  # see above

    return reader.read(utterance)


def weights(utterance: Utterance, found: Reading) -> tuple[tuple[tuple[str, float], ...], ...]:
    """For each act of the reading, in its order, what weighed most in it; nothing where a rule alone decided."""
    from daemon.reading import reader  # noqa: PLC0415  # see above

    return reader.weights(utterance, found)


def call_notice(utterance: Utterance) -> Call | None:
    """Only whether this is a phone system's notice, and of which call."""
    from daemon.reading import reader  # noqa: PLC0415  # see above

    return reader.call_notice(utterance)


def infer(line: Mapping[str, Any]) -> dict[str, Any]:
    """One message object in, its findings out (contract, section 3). Raises KeyError, TypeError or ValueError for bad input."""
    from daemon.reading import reader  # noqa: PLC0415  # see above

    return reader.infer(line)
