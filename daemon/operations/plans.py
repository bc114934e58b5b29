"""What the daemon will do next, and what it would have done in a past period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from daemon.accounts.planning import gather_plan_inputs
from daemon.app import App
from daemon.errors import CannotDo
from daemon.glossary.actions import Action, ActionKind, Delivery, Parcel
from daemon.glossary.decisions import Verb
from daemon.glossary.parties import Office
from daemon.letters import phrases
from daemon.operations.zones import zone_of
from daemon.planning.plan import upcoming
from daemon.planning.plan_inputs import vetoed
from daemon.service import replay as simulation


def coming(app: App, now: datetime) -> tuple[Action, ...]:
    """Return every account's next actions, in order of time."""
    return _in_order(a for r in app.runtimes.values() for a in upcoming(gather_plan_inputs(r, r.ledger.assessments(now), now)))


@dataclass(frozen=True, slots=True)
class Outlook:
    """What comes next, in order of time; the keys of what waits only for the end of its notice; what the user has stopped."""

    coming: tuple[Action, ...]
    announced: frozenset[str]
    stopped: tuple[Action, ...]


def outlook(app: App, now: datetime) -> Outlook:
    """Return every account's next actions, what a digest that arrived has announced of them, and what else would come."""
    ahead: list[Action] = []
    vetoes: list[Action] = []
    told: set[str] = set()
    for runtime in app.runtimes.values():
        inputs = gather_plan_inputs(runtime, runtime.ledger.assessments(now), now)
        actions = upcoming(inputs)
        ahead += actions
        told |= {a.key for a in actions if a.reaches_others and a.at > now and inputs.announcement_of(a.key) is not None}
        kept = tuple(d for d in inputs.decisions if d.verb is not Verb.VETO)
        if kept != inputs.decisions:
            vetoes += (a for a in upcoming(replace(inputs, decisions=kept)) if vetoed(a.key, inputs.decisions))
    return Outlook(_in_order(ahead), frozenset(told), _in_order(vetoes))


def _in_order(actions: Iterable[Action]) -> tuple[Action, ...]:
    return tuple(sorted(actions, key=lambda action: (action.at, action.key)))


def waiting(app: App) -> tuple[Parcel, ...]:
    """Return what is written and waits to go out, of every account: a veto stops it until the moment at which it is sent."""
    return tuple(p for address in app.runtimes for p in app.store.parcels(address, Delivery.WAITING))


def actions_between(app: App, start: datetime, end: datetime) -> tuple[Action, ...]:
    """Return each action of a period, at its moment. Nothing is sent, booked or stored. Raises CannotDo if it ends before it starts."""
    if end <= start:
        raise CannotDo("--to must be later than --from.")
    app.view_as_of(start)
    return simulation.replay(app.runtimes.values(), start, end)


def replay_summary(actions: Sequence[Action], office: Office, start: datetime, end: datetime) -> str:
    """Return how often Kept would have written, and on which day most: what a user needs to tune it."""
    weeks = max((end - start) / timedelta(weeks=1), 1 / 7)
    counts = Counter(a.kind for a in actions)
    parts = [
        f"{phrases.count(number, _NOUNS[kind])}{f' ({_tenths(number / weeks)} a week)' if weeks >= 1 else ''}"
        for kind, number in counts.most_common()
    ]
    days = Counter(a.at.astimezone(zone_of(office, a.account)).date() for a in actions if a.kind is ActionKind.REMIND)
    busiest = days.most_common(1)
    most = (
        f"\nMost reminders on one day: {busiest[0][1]}, on {busiest[0][0]:%a %-d %b %Y} (interruptions: in the configuration sets the limit)."
        if busiest
        else ""
    )
    span = phrases.count(max(1, round((end - start) / timedelta(days=1))), "day")
    if weeks >= 1:
        span = f"{_tenths(weeks)} {'week' if _tenths(weeks) == '1' else 'weeks'}"
    return f"\nIn {span}: {', '.join(parts) or 'nothing'}.{most}\nNothing was sent, booked or stored."


def _tenths(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


_NOUNS = {
    ActionKind.REMIND: "reminder",
    ActionKind.DRAFT: "draft",
    ActionKind.REMOVE_DRAFT: "draft removed",
    ActionKind.DIGEST: "digest",
    ActionKind.REVIEW: "review invitation",
    ActionKind.RECOVERY: "recovery invitation",
    ActionKind.ESCALATE: "escalation",
    ActionKind.TOUCH_BASE: "weekly sheet",
    ActionKind.HAND_OVER: "hand-over",
    ActionKind.COVER: "cover list",
}
