"""Reading: the text of one message in, what was said in it out.

This package stands alone: it knows no mailboxes, clients or charters, imports only the standard library, never raises for
what a text contains and takes time linear in its length. Spans are offsets into the text that came in, so everything found
can be shown in its place. `VERSION` rises when results change, so that what was read before is read again.
"""

from __future__ import annotations

from daemon.reading.read import call_notice, infer, read, weights
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
