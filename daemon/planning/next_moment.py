"""Tell when a plan that has nothing to do now may have something to do by time alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from daemon.core import hours
from daemon.glossary.assessments import Assessment
from daemon.glossary.obligations import OPEN_STATES, Obligation, state
from daemon.glossary.parties import Account
from daemon.planning.plan_inputs import Policy


def next_moment(account: Account, policy: Policy, assessments: Iterable[Assessment], now: datetime) -> datetime | None:
    """Return the first moment after `now` at which the digest, the opening of the day or an obligation asks for a plan.

    It is a hint: what it does not know of (an announced invite, a warning brought forward) needs a plan now and then in any case.
    """
    owed = (o for a in assessments for o in a.obligations if state(o, now) in OPEN_STATES)
    moments = (*_of_day(account, policy, now), *(m for o in owed for m in _of_obligation(o)))
    return min((moment for moment in moments if moment > now), default=None)


def _of_day(account: Account, policy: Policy, now: datetime) -> Iterator[datetime]:
    today = hours.local_date(account.hours, now)
    yield datetime.combine(today, policy.digest_at, ZoneInfo(account.hours.zone))
    yield hours.next_opening(account.hours, now)
    yield hours.day_end(account.hours, today)
    yield from (hours.clock_at(account.hours, today, interval.end) for interval in account.quiet)


def _of_obligation(o: Obligation) -> Iterator[datetime]:
    yield from (m for m in (o.remind_at, o.due, o.escalates, o.snoozed_until, o.lapses) if m is not None)
