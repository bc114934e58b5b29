"""What goes into the reader and what comes out: frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, NamedTuple

VERSION = 6


class ActKind(StrEnum):
    """What somebody does by saying something."""

    REQUEST = "request"
    PROMISE = "promise"
    DELIVERY = "delivery"  # "attached is the quote", "here are the figures"
    DONE = "done"  # "I called him this morning"
    THANKS = "thanks"
    WITHDRAWAL = "withdrawal"  # "never mind, sorted"
    POSTPONEMENT = "postponement"  # "I'll need until Monday"
    RELEASE = "release"  # "no need to send it any more"
    COMPLAINT = "complaint"  # "the wrong parts arrived": wants an answer, though nothing is asked


@dataclass(frozen=True, slots=True)
class Frame:
    """How times are resolved: the IANA zone they are meant in, the working day's wall-clock ends, working days and holidays.

    Without a zone they are meant in the mail's own offset.
    """

    time_zone: str = ""
    day_start: time = time(9)
    day_end: time = time(17, 30)
    working_days: frozenset[int] = frozenset(range(5))
    holidays: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Utterance:
    """One message to be read. Addresses are lower case, header names too; `date` is in the sender's own offset.

    `earlier` are the new texts of earlier messages of the thread: lines equal to theirs are quotes. `addressee_names` are
    the user's display names, to tell who is asked.
    """

    direction: str  # sent | received, seen from the user
    sender: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    date: datetime
    subject: str
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)
    user: tuple[str, ...] = ()
    frame: Frame = field(default_factory=Frame)
    earlier: tuple[str, ...] = ()
    addressee_names: tuple[str, ...] = ()


class Due(NamedTuple):
    """When something is to be done: aware moments, the grain of the words, the words themselves."""

    earliest: datetime
    due: datetime
    latest: datetime
    grain: str  # minute | hour | part of day | day | week | month
    quote: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Act:
    """A speech act: its span in the text, its sort within the kind, who holds it, how sure, and by which rule."""

    kind: ActKind
    quote: str
    start: int
    end: int
    sort: str | None = None  # request: question|request|call_me|meeting_time; promise: call|send|meet|do
    by: str = "user"  # user | client
    due: Due | None = None
    conditional: bool = False
    confidence: float = 1.0
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """What a phone system's notice says: missed_call, voicemail, made or received; the number in E.164 where possible."""

    kind: str
    number: str | None = None
    at: datetime | None = None
    transcript: str | None = None
    caller: str | None = None


class Cut(NamedTuple):
    """A span that is not what the writer typed now: quote, forward, signature, disclaimer."""

    start: int
    end: int
    why: str


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read out of one message. `automated` is None for a person's message (contract, section 3)."""

    new_text: str = ""
    automated: str | None = None
    automated_rule: str = ""
    language: str = "en"
    cuts: tuple[Cut, ...] = ()
    reply_expected: bool = False
    reply_confidence: float = 0.0
    reply_rule: str = ""
    acknowledgement: bool = False
    tag: bool = False
    closing: bool = False
    substance: bool = False
    acts: tuple[Act, ...] = ()
    call: Call | None = None
    away_until: date | None = None

    def of(self, *kinds: ActKind) -> tuple[Act, ...]:
        """The acts of these kinds, in the order of the text."""
        return tuple(a for a in self.acts if a.kind in kinds)

    def to_json(self) -> dict[str, Any]:
        """For storage; only what differs from the empty reading. `from_json` gives the same reading back."""
        data: dict[str, Any] = {}
        for name in (
            "new_text",
            "automated",
            "automated_rule",
            "language",
            "reply_expected",
            "reply_confidence",
            "reply_rule",
            "acknowledgement",
            "tag",
            "closing",
            "substance",
        ):
            value = getattr(self, name)
            if value != getattr(_EMPTY, name):
                data[name] = value
        if self.cuts:
            data["cuts"] = [list(c) for c in self.cuts]
        if self.acts:
            data["acts"] = [_act_to_json(a) for a in self.acts]
        if self.call:
            c = self.call
            data["call"] = [c.kind, c.number, c.at.isoformat() if c.at else None, c.transcript, c.caller]
        if self.away_until:
            data["away_until"] = self.away_until.isoformat()
        return data

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Reading:
        """The reading that `to_json` wrote down. Raises KeyError, TypeError or ValueError for anything else."""
        rest = dict(data)
        call = rest.pop("call", None)
        if call:
            kind, number, at, transcript, caller = call
            rest["call"] = Call(kind, number, datetime.fromisoformat(at) if at else None, transcript, caller)
        away = rest.pop("away_until", None)
        rest["away_until"] = date.fromisoformat(away) if away else None
        rest["cuts"] = tuple(Cut(*c) for c in rest.pop("cuts", ()))
        rest["acts"] = tuple(_act_from_json(a) for a in rest.pop("acts", ()))
        return Reading(**rest)


_EMPTY = Reading()


def _act_to_json(act: Act) -> list[Any]:
    d = act.due
    due = [d.earliest.isoformat(), d.due.isoformat(), d.latest.isoformat(), d.grain, d.quote, d.confidence] if d else None
    return [act.kind.value, act.quote, act.start, act.end, act.sort, act.by, due, act.conditional, act.confidence, act.rule]


def _act_from_json(data: list[Any]) -> Act:
    kind, quote, start, end, sort, by, due, conditional, confidence, rule = data
    when = None
    if due:
        earliest, moment, latest = (datetime.fromisoformat(m) for m in due[:3])
        when = Due(earliest, moment, latest, due[3], due[4], due[5])
    return Act(ActKind(kind), quote, start, end, sort, by, when, conditional, confidence, rule)
