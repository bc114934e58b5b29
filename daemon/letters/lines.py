"""One obligation as one line of a letter: the client, their words, when it is due, the evidence, and the links that settle it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from daemon.core import hours
from daemon.glossary.gaps import unfilled
from daemon.glossary.obligations import Evidence, Kind, Obligation, SourceType, Strength
from daemon.glossary.parties import Account
from daemon.letters import phrases
from daemon.letters.tokens import About

LinksFor: TypeAlias = Callable[[About], Mapping[str, str]]
"""Gives the links by which a line is settled: label -> mailto link (`letters.tokens.menu`)."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line as the templates show it. Every field is ready to read; only escaping is left to the template.

    `more` is what else they asked for; `note` is a sign that it may be done, or says why the clock still runs.
    """

    client: str
    words: str
    who: str = ""
    status: str = ""
    source: str = ""
    id: str = ""
    links: Mapping[str, str] = field(default_factory=dict)
    late: bool = False
    more: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class LineFormatter:
    """Turns obligations into lines for one account at one moment, in the account's time zone."""

    account: Account
    links: LinksFor
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone in which times are shown."""
        return ZoneInfo(self.account.hours.zone)

    def moment(self, at: datetime) -> str:
        """Return a moment as the account reads it: Fri 27 Feb 14:05."""
        return phrases.moment(at, self.zone, self.now)

    def is_late(self, o: Obligation) -> bool:
        """Tell whether its due time has passed."""
        return o.due is not None and o.due < self.now

    def line(self, o: Obligation, status: str | None = None) -> Line:
        """Return the obligation as a line; `status` replaces the usual status where it is given."""
        usual = self.status(o)
        names_due = status is not None or usual.startswith("due")
        return Line(
            client=phrases.cut(o.client, 60),
            who=phrases.person(o.contact, o.contact_name),
            words=phrases.words_of(o),
            status=usual if status is None else status,
            source=self.source(o) + (f"; due {self.moment(o.due)}" if o.due and self.is_late(o) and not names_due else ""),
            id=o.id,
            links=self.links(o),
            late=self.is_late(o) and status is None,
            note=self._note(o),
            more=_further(o),
        )

    def status(self, o: Obligation) -> str:
        """Return by when it is due, or how late it is."""
        if o.due is None:
            return "no fixed date"
        if not self.is_late(o):
            today = phrases.day(o.due, self.zone, self.now) == "today"
            return f"by {phrases.time_of_day(o.due, self.zone)}" if today else f"by {self.moment(o.due)}"
        if hours.between(self.account.hours, o.due, self.now) < timedelta(minutes=1):
            return f"due {self.moment(o.due)}"
        return f"{phrases.working_span(self.account.hours, o.due, self.now)} late"

    def _note(self, o: Obligation) -> str:
        sign = weak_evidence(o) if o.kind is not Kind.REVIEW else None
        if sign is None:
            return self._of_empty_reply(o.empty) if o.empty else ""
        words = f" {phrases.quoted(sign.quote, 70)}," if sign.quote else ""
        return f"Possibly done already:{words} {self.moment(sign.at)}"

    def _of_empty_reply(self, reply: Evidence) -> str:
        at, gap = self.moment(reply.at), unfilled(reply.quote or "")
        return f"Your reply ({at}) was sent with “{gap}” in it" if gap else f"Still waiting: your reply ({at}) gave no date"

    def source(self, o: Obligation) -> str:
        """Return the evidence so that it can be found in any mail client: who wrote, when, and the subject."""
        at = self.moment(o.source.at)
        has_subject = o.subject.strip() and o.subject.strip() != (o.quote or "").strip()
        subject = f", {phrases.quoted(o.subject, 60)}" if has_subject else ""
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
        """Return whose words they are, where the kind alone tells."""
        if o.kind is Kind.PROMISE or (o.kind is Kind.CALLBACK and not o.asks):
            return "you, "
        return f"{phrases.person(o.contact, o.contact_name)}, " if o.contact and o.kind in (Kind.REPLY, Kind.WAITING_FOR) else ""


def _further(o: Obligation) -> str:
    """Return what else they asked: the second request in its words, the others counted; of a promise, the words that moved it."""
    asks = phrases.different(o.asks)[1:]
    if not asks:
        later = [e for e in o.evidence if e.strength is Strength.STRONG and e.at > o.source.at and e.quote]
        moved = later and not o.asks and o.closed is None
        return f"then {phrases.quoted(later[-1].quote or '', 90)}" if moved else ""
    rest = f" and {len(asks) - 1} more" if len(asks) > 1 else ""
    return f"and {phrases.quoted(asks[0], 70)}{rest}"


def weak_evidence(o: Obligation) -> Evidence | None:
    """Return the latest sign that it may have been settled, where nothing proves it."""
    signs = [e for e in o.evidence if e.strength is Strength.WEAK and e != o.source]
    return max(signs, key=lambda e: e.at) if signs else None
