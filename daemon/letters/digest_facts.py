"""The facts that a digest follows from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from connectors.calendar import Event
from daemon.analysis.observations import Observation
from daemon.core import hours
from daemon.core.corrections import Proposal
from daemon.glossary.actions import Action, Unsettled
from daemon.glossary.assessments import Assessment, Coverage
from daemon.glossary.obligations import OPEN_STATES, Band, Obligation, state
from daemon.letters import phrases
from daemon.letters.lines import LineFormatter
from daemon.planning.invitation_answers import InvitationAnswer
from daemon.planning.worth_saying import Morning

ClientOf: TypeAlias = Callable[[str], str | None]
"""Gives the client that an address belongs to (`core.people.Directory.match`)."""


@dataclass(frozen=True, slots=True)
class DigestFacts:
    """Everything that a section may show: an account's assessments, what was read, what is planned, and its events around today.

    `planned` are the actions that will reach others than the user, `client_of` gives the client that an address belongs to. The
    digest itself fills in `owed`, all that is open and not snoozed, most pressing first, `questions` and `placed`.
    """

    formatter: LineFormatter
    assessments: Sequence[Assessment]
    coverage: Sequence[Coverage]
    planned: Sequence[Action]
    events: Sequence[Event]
    client_of: ClientOf
    owed: Sequence[Obligation] = ()
    observations: Sequence[Observation] = ()  # once a week
    proposals: Sequence[tuple[Proposal, str]] = ()  # rules that the corrections suggest, each with an example of the words
    questions: Sequence[Obligation] = ()  # what this digest asks the user about
    unsettled: Sequence[Unsettled] = ()  # sends and bookings whose fate is not known, or that were given up
    lines: int = 7  # the most lines of the mail, besides what must be said whatever else there is
    is_first: bool = False  # whether it is the first digest of all
    started: Mapping[str, datetime] = field(default_factory=dict)  # from when on what a client is owed counts, by client
    everything: bool = False  # whether nothing is folded into a count
    answers: Sequence[InvitationAnswer] = ()  # what became of meetings that Kept booked
    text_of: Callable[[Action], str] = lambda _action: ""  # the full text of what a planned action sends
    placed: Mapping[str, Obligation] = field(default_factory=dict)  # what has a line of its own, by key

    @property
    def morning(self) -> Morning:
        """The morning that the digest is for."""
        return Morning(self.formatter.account.hours, self.formatter.now, self.is_first)

    def is_older(self, o: Obligation) -> bool:
        """Whether something is from before the start: what fell due on the day of the start, or later, is not, whenever it was asked."""
        if o.counts:
            return False
        today = self.midnight(0)
        started = self.started.get(o.client, self.formatter.now)
        return o.due is None or o.due < min(today, hours.clock_at(self.formatter.account.hours, self._day(started), time()))

    def _day(self, at: datetime) -> date:
        return hours.local_date(self.formatter.account.hours, at)

    def called(self, contact: str | None, of: Assessment | None = None) -> str:
        """Return what to call a contact: of the client of that assessment where one is given, else of any."""
        owed = (o for a in (self.assessments if of is None else (of,)) for o in a.obligations)
        name = next((o.contact_name for o in owed if o.contact == contact and o.contact_name), "")
        return phrases.person(contact, name)

    def open_with(self, client: str) -> Sequence[Obligation]:
        """Return all that is open with a client, what the user hid for a time too, the most pressing first."""
        now = self.formatter.now
        open_ = [
            o
            for a in self.assessments
            if a.client == client
            for o in a.obligations
            if o.band is not Band.IGNORED and state(o, now) in OPEN_STATES
        ]
        return sorted(open_, key=lambda o: (o.due is None, o.due or o.created, o.key))

    def midnight(self, days: int) -> datetime:
        """Return the start of the user's day so many days from today."""
        today = hours.local_date(self.formatter.account.hours, self.formatter.now)
        return datetime.combine(today + timedelta(days=days), time(), self.formatter.zone)
