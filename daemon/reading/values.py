"""What goes into the reader and what comes out: frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, NamedTuple

VERSION = 14  # raised when results change, so that stored messages are read again
_EXPECTED = 0.5  # the lowest confidence with which a reply is expected

_FIRM = 0.8  # confidence of a due time


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
    COMPLAINT = "complaint"  # "the wrong parts arrived": wants an answer although nothing is asked


@dataclass(frozen=True, slots=True)
class TimeContext:
    """How times are resolved: the time zone they are meant in, the working day's start and end, working days and holidays."""

    time_zone: str = ""  # IANA name; "" for the mail's own offset
    day_start: time = time(9)  # wall-clock time, as is the end
    day_end: time = time(17, 30)
    working_days: frozenset[int] = frozenset(range(5))  # 0 is Monday
    holidays: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class ReaderInput:
    """One message to be read. Addresses and header names are lower case; `date` is aware, in the sender's own offset."""

    direction: str  # sent | received, seen from the user
    sender: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    date: datetime
    subject: str
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)
    user: tuple[str, ...] = ()  # the user's own addresses
    time_context: TimeContext = field(default_factory=TimeContext)
    earlier: tuple[str, ...] = ()  # new texts of earlier messages of the thread; lines equal to theirs are quotes
    addressee_names: tuple[str, ...] = ()  # the user's display names, which tell whether the user is the one asked
    recipient_names: tuple[str, ...] = ()  # the display names of the other recipients
    own_domains: tuple[str, ...] = ()  # the domains of the user's company, never public ones
    region: str = ""  # the user's country (ISO 3166), whose numbering plan national phone numbers follow
    sender_name: str = ""  # the sender's display name, which begins their signature
    follows: bool = False  # whether it refers to an earlier mail (In-Reply-To or References; RFC 5322, 3.6.4)
    unread: bool = False  # whether words of it could not be read: then what is there says nothing about who wrote it


class Due(NamedTuple):
    """When something will be done: aware moments, how precise the words are, and the words themselves."""

    earliest: datetime
    due: datetime
    latest: datetime
    grain: str  # minute | hour | part of day | day | week | month
    quote: str
    confidence: float

    @property
    def is_firm(self) -> bool:
        """Whether the time is sure enough to be the act's own to put something off by it."""
        return self.confidence >= _FIRM


@dataclass(frozen=True, slots=True)
class ProposedTime:
    """A time proposed for a call, a visit or a meeting: a moment, or a window with an `end`; aware, UTC.

    `quote` is the sentence that proposes it, `minutes` how long it will take, 0 where nobody said so.
    """

    start: datetime
    end: datetime | None = None
    quote: str = ""
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Act:
    """A speech act: its span in the text, its sort within the kind, whose it is, its confidence (0 to 1), and its rule."""

    kind: ActKind
    quote: str
    start: int
    end: int
    sort: str | None = None  # request: question|request|call_me|meeting_time; promise: call|send|meet|do
    by: str = "user"  # user | client: whoever wrote the message
    due: Due | None = None
    conditional: bool = False
    confidence: float = 1.0
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """A call that a phone system's notice tells of."""

    kind: str  # missed_call | voicemail | made
    number: str | None = None  # E.164 where the country is known, else digits
    at: datetime | None = None
    transcript: str | None = None
    caller: str | None = None


class Cut(NamedTuple):
    """A span of the text that its writer did not type for this message."""

    start: int
    end: int
    why: str  # quote | forward | signature | disclaimer


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that was read out of one message. Confidences range from 0 to 1.

    Mail that is `automated` expects no reply. Its acts are kept all the same, and `as_persons` counts them where the user knows
    better (core.corrections).
    """

    new_text: str = ""  # what the writer typed for this message
    # bounce, auto_reply, calendar, notification, newsletter, missed_call or voicemail; None for a person's
    automated: str | None = None
    automated_rule: str = ""
    language: str = "en"  # ISO 639-1, "other" where the language is not read
    cuts: tuple[Cut, ...] = ()
    reply_expected: bool = False
    reply_confidence: float = 0.0
    reply_rule: str = ""
    acknowledgement: bool = False  # a status, not an answer: "I'm on it"
    tag: bool = False  # an acknowledgement that gives no date: "just returning your call"
    closing: bool = False  # only thanks, a greeting, a wish
    substance: bool = False  # answers something
    acts: tuple[Act, ...] = ()
    call: Call | None = None
    away_until: date | None = None  # the day on which an absence note says its writer returns

    def of(self, *kinds: ActKind) -> tuple[Act, ...]:
        """Return the acts of these kinds, in the order of the text."""
        return tuple(act for act in self.acts if act.kind in kinds)

    def as_persons(self, rule: str) -> Reading:
        """Return the reading as that of a person's mail, by a rule."""
        expected = self.reply_confidence >= _EXPECTED
        return replace(self, automated=None, automated_rule=rule, reply_expected=expected)

    def to_json(self) -> dict[str, Any]:
        """Return the reading as JSON for the store, without what equals the empty reading; `from_json` restores it."""
        data = {name: value for name in _PLAIN_FIELDS if (value := getattr(self, name)) != getattr(_EMPTY, name)}
        if self.cuts:
            data["cuts"] = [list(cut) for cut in self.cuts]
        if self.acts:
            data["acts"] = [_act_to_json(act) for act in self.acts]
        if self.call:
            call = self.call
            data["call"] = [call.kind, call.number, call.at.isoformat() if call.at else None, call.transcript, call.caller]
        if self.away_until:
            data["away_until"] = self.away_until.isoformat()
        return data

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Reading:
        """Return the reading that `to_json` wrote. Raises KeyError, TypeError or ValueError for anything else."""
        fields = dict(data)
        call = fields.pop("call", None)
        if call:
            kind, number, at, transcript, caller = call
            fields["call"] = Call(kind, number, datetime.fromisoformat(at) if at else None, transcript, caller)
        away = fields.pop("away_until", None)
        fields["away_until"] = date.fromisoformat(away) if away else None
        fields["cuts"] = tuple(Cut(*cut) for cut in fields.pop("cuts", ()))
        fields["acts"] = tuple(_act_from_json(act) for act in fields.pop("acts", ()))
        return Reading(**fields)


_EMPTY = Reading()
_PLAIN_FIELDS = tuple(f.name for f in fields(Reading) if f.name not in {"cuts", "acts", "call", "away_until"})


def _act_to_json(act: Act) -> list[Any]:
    due = None
    if act.due:
        earliest, moment, latest, *rest = act.due
        due = [earliest.isoformat(), moment.isoformat(), latest.isoformat(), *rest]
    return [act.kind.value, act.quote, act.start, act.end, act.sort, act.by, due, act.conditional, act.confidence, act.rule]


def _act_from_json(data: list[Any]) -> Act:
    kind, quote, start, end, sort, by, stored, conditional, confidence, rule = data
    due = None
    if stored:
        earliest, moment, latest = (datetime.fromisoformat(m) for m in stored[:3])
        due = Due(earliest, moment, latest, *stored[3:])
    return Act(ActKind(kind), quote, start, end, sort, by, due, conditional, confidence, rule)
