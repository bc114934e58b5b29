"""One obligation as one line of a letter: the client, their words, when it is due, the evidence, and the links that settle it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from daemon.core import hours
from daemon.core.evidence import weak_evidence
from daemon.core.threads import bare_subject
from daemon.core.tracking.conditions import condition_of
from daemon.core.tracking.follow_ups import reason_of
from daemon.glossary.gaps import unfilled
from daemon.glossary.obligations import Evidence, Kind, Obligation, SourceType, Strength
from daemon.glossary.parties import Account
from daemon.letters import Item, due_words, phrases
from daemon.letters.tokens import About

LinksFor: TypeAlias = Callable[[About], Mapping[str, str]]
"""Gives the links by which a line is settled: label -> mailto link (`letters.tokens.menu`)."""


MailOf: TypeAlias = Callable[[Evidence], str]
"""Gives the address that opens the mail which a piece of evidence is, "" where none does."""

_SAME_DIGITS = 6  # at the end of two numbers that are the same, however their beginnings are written
_NOTICE_WORDS = 4  # beside the number: "Missed call from", "Verpasster Anruf von"


@dataclass(frozen=True, slots=True)
class Line:
    """A line as the templates show it. Every field is ready to read; only escaping is left to the template.

    `more` is what else they asked for; `note` is a sign that it may be done, says why the clock still runs, or whether a proposed
    time is free.
    """

    client: str
    words: str
    who: str = ""
    number: str = ""
    status: str = ""
    source: str = ""
    id: str = ""
    links: Mapping[str, str] = field(default_factory=dict)
    late: bool = False
    more: str = ""
    note: str = ""
    item: Item | None = None
    mail: str = ""
    text: str = ""


def tells_number_only(o: Obligation) -> bool:
    """Return whether the words of a phone system's notice tell nothing but that its number called."""
    number, words = o.contact or "", o.quote or ""
    digits = "".join(filter(str.isdigit, words))
    is_same = len(digits) >= _SAME_DIGITS and "@" not in number and number.endswith(digits[-_SAME_DIGITS:])
    return is_same and sum(any(map(str.isalpha, word)) for word in words.split()) <= _NOTICE_WORDS


@dataclass(frozen=True, slots=True)
class LineFormatter:
    """Turns obligations into lines for one account at one moment, in the account's time zone.

    `mail_of` gives the address that opens the mail which a piece of evidence is, "" where none does.
    """

    account: Account
    links: LinksFor
    now: datetime
    mail_of: MailOf = lambda _evidence: ""
    times: Callable[[Obligation], Sequence[str]] = lambda _o: ()  # what the calendar says of the times that a client proposes
    number_of: Callable[[Obligation], str] = lambda _o: ""  # at which to call whoever waits

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone in which times are shown."""
        return ZoneInfo(self.account.hours.zone)

    def moment(self, at: datetime) -> str:
        """Return a moment as the account reads it: Fri 27 Feb 14:05."""
        return phrases.moment(at, self.zone, self.now)

    def recently(self, at: datetime) -> str:
        """Return a moment in the past: its day, and the time of day only where it was today or yesterday."""
        day = phrases.day(at, self.zone, self.now)
        return self.moment(at) if day in ("today", "yesterday") else day

    def is_late(self, o: Obligation) -> bool:
        """Tell whether its due time has passed."""
        return o.due is not None and o.due < self.now

    def line(self, o: Obligation, status: str | None = None, length: int = 140) -> Line:
        """Return the obligation as a line; `status` replaces the usual status where it is given. Its words have `length` characters at most."""
        return Line(
            client=phrases.cut(o.client, 60),
            who=phrases.person(o.contact, o.contact_name),
            number=self.number(o),
            words="Missed call" if tells_number_only(o) else phrases.words_of(o, length),
            status=self.status(o) if status is None else status,
            source=self.source(o),
            id=o.id,
            links=self.links(o),
            late=self.is_late(o) and status is None,
            note=self._note(o),
            more=self._further(o, length),
            mail=self.mail_of(o.source),
            item=Item(o.id, o.client, o.contact, o.quote, o.due, o.key),
        )

    def number(self, o: Obligation) -> str:
        """Return the number to call where a call is owed, unless the contact is called by it."""
        if o.kind is not Kind.CALLBACK:
            return ""
        number = phrases.clean(self.number_of(o))
        return "" if number in phrases.person(o.contact, o.contact_name) else number

    def number_if_quicker(self, o: Obligation) -> str:
        """Return whom to call, with the number, instead of writing; "" where no number is known."""
        number = phrases.clean(self.number_of(o))
        name = phrases.cut(o.contact_name, 60)
        return f"{name}, {number}" if name and number else number

    def status(self, o: Obligation) -> str:
        """Return by when it is due, at which hour somebody waits, for what it waits, or how late it is."""
        if o.due is None:
            condition = due_words.waits_for(o)
            return f"waiting for {phrases.quoted(condition, 60)}" if condition else "no fixed date"
        if o.presumed is not None:
            return due_words.presumed(o, is_late=self.is_late(o))
        if not self.is_late(o):
            return self.appointment(o) or f"by {self.deadline(o.due)}"
        today = hours.local_date(self.account.hours, self.now) == hours.local_date(self.account.hours, o.due)
        late = hours.between(self.account.hours, o.due, self.now)
        if late < timedelta(minutes=1) or (not today and late < hours.longest_day(self.account.hours)):
            return f"due {self.deadline(o.due)}"
        who = "they are " if o.kind is Kind.WAITING_FOR else ""
        return f"{who}{phrases.working_span(self.account.hours, o.due, self.now)} late"

    def appointment(self, o: Obligation) -> str:
        """Return the hour at which somebody waits: at 10:00, tomorrow at 10:00; "" where only the latest one is named, or it has passed."""
        if o.due is None or self.is_late(o) or not due_words.is_appointment(o, self.account.hours):
            return ""
        day = phrases.day(o.due, self.zone, self.now)
        return f"{'' if day == 'today' else f'{day} '}at {phrases.time_of_day(o.due, self.zone)}"

    def deadline(self, due: datetime) -> str:
        """Return a due time as short as it is told: the clock today, else the day, with the clock where one ahead is not the day's end."""
        day = phrases.day(due, self.zone, self.now)
        if day == "today":
            return phrases.time_of_day(due, self.zone)
        ends = hours.day_end(self.account.hours, hours.local_date(self.account.hours, due))
        return day if due < self.now or due == ends else self.moment(due)

    def _note(self, o: Obligation) -> str:
        sign = self.sign(o) or (self.empty_reply(o.empty) if o.empty else "")
        return ". ".join(part for part in (sign, "; ".join(self.times(o))) if part)

    def sign(self, o: Obligation) -> str:
        """Return what may have settled it already; "" where nothing points to that."""
        sign = weak_evidence(o)
        if sign is None:
            return ""
        if sign.reference == o.source.reference:
            return "Possibly done already: no email would show it"
        words = f" {phrases.quoted(sign.quote, 70)}," if sign.quote else ""
        return f"Possibly done already:{words} {self.moment(sign.at)}"

    def empty_reply(self, reply: Evidence, words: str = "") -> str:
        """Return what is wrong with a reply without value: a gap that nobody filled, or no date; with its words where they are given."""
        at, gap = self.moment(reply.at), unfilled(reply.quote or "")
        if gap:
            return f"Your reply ({at}) was {phrases.sent_with(gap)}"
        day, condition = phrases.day(reply.at, self.zone, self.now), condition_of(reply.quote or "")
        sent = f"Your reply ({at if day == 'today' else day})"
        if condition:
            return f"{sent} gave no date; it waits for {phrases.quoted(condition, 60)}"
        return f"{sent}{f', {words},' if words else ''} gave no date"

    def _further(self, o: Obligation, length: int) -> str:
        """Return what else they asked: the second request in its words, the others counted; of a promise, what was said of it since."""
        asks = phrases.different(o.asks)[1:]
        if not asks:
            return "; ".join(self._since(o, length)) if not o.asks and o.closed is None else ""
        rest = f" and {len(asks) - 1} more" if len(asks) > 1 else ""
        return f"and{self.later_day(o, asks[0])} {self._again(asks[0], length)}{rest}"

    def _since(self, o: Obligation, length: int) -> Iterator[str]:
        """Yield what was said of a promise since: until when it was put off, and the latest other words, with whose they are."""
        later = [e for e in o.evidence if e.strength is Strength.STRONG and e.at > o.source.at and e.quote]
        moved = due_words.put_off(o, self.account.hours)
        if moved is not None and o.due is not None:
            yield f"put off until {phrases.date_of(o.due, self.zone)}"
        if later and (moved is None or later[-1].at > moved.at):
            day, who = phrases.day(later[-1].at, self.zone, self.now), self.speaker(o, later[-1])
            yield f"{f'{day}, {who}:' if who else f'then, {day},'} {self._again(later[-1].quote or '', length)}"

    def speaker(self, o: Obligation, said: Evidence) -> str:
        """Return whose words stand beside those of a promise: theirs, or the user's own; "" where neither is known."""
        if said in o.chased or said.theirs:
            return "they"
        return "you" if said.theirs is False else ""

    def _again(self, words: str, length: int) -> str:
        """Return the words of whoever asked again; where they are too long without those that only ask again, as the reason tells more."""
        reason = reason_of(phrases.clean(words)) if len(phrases.clean(words)) > length else ""
        return phrases.quoted(f"… {reason}" if reason else phrases.from_the_point(words, length), length)

    def later_day(self, o: Obligation, quote: str) -> str:
        """Return the day of words that came on another day than the first, to stand before them: ", Mon 2 Mar,"."""
        at = next((e.at for e in o.evidence if e.quote == quote), o.source.at)
        said = phrases.day(at, self.zone, self.now)
        return "" if said == phrases.day(o.source.at, self.zone, self.now) else f", {said},"

    def source(self, o: Obligation, *, dated: bool = True) -> str:
        """Return the evidence so that it can be found in any mail client: whether you wrote, when (`dated`), and the subject.

        An email without a subject is told by its moment.
        """
        at = self.recently(o.source.at)
        bare = bare_subject(o.subject) or o.subject.strip()
        has_subject = bool(bare) and bare != bare_subject(o.quote or "")
        if not dated and has_subject and o.source.type is SourceType.MESSAGE:
            return phrases.quoted(bare, 60)
        subject = f", {phrases.quoted(bare, 60)}" if has_subject else ""
        match o.source.type:
            case SourceType.EVENT:
                return f"your calendar, {at}{subject}"
            case SourceType.CHARTER:
                return f"agreed standard: {phrases.cut(o.source.reference, 40).replace('_', ' ')}"
            case SourceType.DECISION:
                return f"your decision, {at}"
            case _:
                return f"{self._writer(o)}{at}{subject}"

    def _writer(self, o: Obligation) -> str:
        """Return that the words are the user's own, where the kind alone tells; else they are those of whom the line names."""
        return "you, " if o.kind is Kind.PROMISE or (o.kind is Kind.CALLBACK and not o.asks) else ""
