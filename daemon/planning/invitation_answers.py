"""What became of the meetings that Kept booked: accepted, declined, perhaps, or moved to another time; each is told once.

The answer stands in the event, as the calendar's server or a mail of the client's left it. What the user knows, because they cancelled
it themselves, is no news. Pure: a mention of the meeting's obligation at a stage that names the answer records that it was told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from connectors.calendar import Event
from daemon.core import hours, meetings
from daemon.glossary.actions import ActionKind, Mention
from daemon.glossary.assessments import Assessment
from daemon.glossary.obligations import OPEN_STATES, Kind, Obligation, state
from daemon.glossary.parties import Account


class Outcome(StrEnum):
    """What became of an invitation."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class InvitationAnswer:
    """What became of one invitation: the obligation that the meeting is for, the event as it is now, and the guest who answered.

    `booked` is the start for which it was announced, None where that is not known.
    """

    obligation: Obligation
    event: Event
    outcome: Outcome
    guest: str
    booked: datetime | None = None

    @property
    def stage(self) -> str:
        """The stage at which the obligation is mentioned when this is told: another time is another stage."""
        return f"{self.outcome.value} {self.event.start:%Y-%m-%d %H:%M}"

    @property
    def mention(self) -> Mention:
        """The mention that records that this was told."""
        return Mention(self.obligation.key, self.stage, len(self.obligation.asks), self.obligation.snoozed_until)


def invitation_answers(
    account: Account,
    assessments: Iterable[Assessment],
    events: Iterable[Event],
    client_of: Callable[[str], str | None],
    key_of: Callable[[str], str],
    announced: Mapping[str, tuple[datetime, datetime | None]],
    told: Mapping[Mention, datetime],
    now: datetime,
) -> tuple[InvitationAnswer, ...]:
    """Return what became of the meetings ahead that Kept booked, as far as it is news.

    `client_of` gives the client of an address, `key_of` a client's key, `announced` when an invitation was announced and for which start, by the key of its
    action, and `told` when each mention was made. What was told earlier on the same day is still that day's news.
    """
    today = hours.local_date(account.hours, now)
    own = [e for e in events if e.start > now and meetings.is_booked_for(e, account) and e.status != "cancelled"]
    found = (
        answer
        for a in assessments
        for o, kind in _meetings(a, now)
        for answer in _of_meeting(o, kind, own, client_of, announced.get(_invite_key(account, o, kind, key_of)))
    )
    return tuple(a for a in found if a.mention not in told or hours.local_date(account.hours, told[a.mention]) == today)


def invite_key(client: str, kind: ActionKind, due: date | None) -> str:
    """Return the key of an invite: one for each client, given by its key, and due day."""
    return f"{kind.value}:{client}:{due}"


def _invite_key(account: Account, o: Obligation, kind: ActionKind, key_of: Callable[[str], str]) -> str:
    return invite_key(key_of(o.client), kind, hours.local_date(account.hours, o.due) if o.due else None)


def _meetings(a: Assessment, now: datetime) -> Iterator[tuple[Obligation, ActionKind]]:
    for o in a.obligations:
        if state(o, now) in OPEN_STATES and o.kind is Kind.REVIEW:
            yield o, ActionKind.REVIEW
        elif state(o, now) in OPEN_STATES and a.recovery is not None and o.key == a.recovery.key:
            yield o, ActionKind.RECOVERY


def _of_meeting(
    o: Obligation,
    kind: ActionKind,
    own: Sequence[Event],
    client_of: Callable[[str], str | None],
    announced: tuple[datetime, datetime | None] | None,
) -> Iterator[InvitationAnswer]:
    """Yield what became of the event that was booked for one obligation."""
    _, booked = announced or (None, None)
    for event in own:
        guests = [a for a in event.attendees if client_of(a.email) == o.client]
        if guests and _is_for(event, kind):
            answered = next((a for a in guests if a.answer != "needs-action"), None)
            if answered is not None and answered.answer in {x.value for x in Outcome}:
                yield InvitationAnswer(o, event, Outcome(answered.answer), answered.email, booked)
            elif booked is not None and event.start != booked:
                yield InvitationAnswer(o, event, Outcome.MOVED, guests[0].email, booked)


def _is_for(event: Event, kind: ActionKind) -> bool:
    """Whether an event of Kept's is a meeting of that kind: the title of a review begins with the word."""
    return event.summary.startswith("Review:") == (kind is ActionKind.REVIEW)
