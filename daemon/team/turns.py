"""One turn of one account as a worker of a team takes it: under the account's lease, from where the last turn ended, to when the next is due.

It is the turn of `kept run`. What that keeps in memory between turns, this keeps in the table of turns, so that it does not matter
which worker has the next one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.errors import ConnectorError
from daemon.accounts.runtime import AccountRuntime
from daemon.cycle import TurnResult, turn
from daemon.errors import LeaseLost, TurnLost
from daemon.intake.poll import READING_LIMIT
from daemon.logs import get_logger
from daemon.store.team.turn_rows import TurnRow

log = get_logger(__name__)

LOOK = timedelta(seconds=30)  # until an account with something under way is looked at again, without reading its sources
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=15)  # after a turn that failed, and after many in a row
_EARLY = timedelta(seconds=1)  # by which a turn may come early and still reads the sources


@dataclass(frozen=True, slots=True)
class TurnTaken:
    """A turn that was taken: how long after it was due it began, and what it leaves for the next."""

    lag: timedelta
    after: TurnRow


def take_turn(runtime: AccountRuntime, poll: timedelta, now: datetime) -> TurnTaken:
    """Take one turn, and store when the next is due. Whatever fails is logged, and the account waits.

    Raises TurnLost if another worker has taken over meanwhile, LeaseLost if a daemon has, StoreError if the database fails.
    """
    address, store = runtime.account.address, runtime.store
    with store.turn_lease(address, now) as (number, before):
        _begin(runtime, number, before)
        read = before.read is None or now - before.read >= poll - _EARLY
        try:
            after = _after(runtime, turn(runtime, now, READING_LIMIT, read=read), before, poll, now, read=read)
        except (TurnLost, LeaseLost):
            raise
        except Exception as error:
            log.exception("a turn failed", account=address)
            after = _after_failure(before, now, error)
        store.end_turn(address, after, before.due)
    return TurnTaken(now - before.due, after)


def _begin(runtime: AccountRuntime, number: int, row: TurnRow) -> None:
    """Take up what the last turn left. Where another worker had it, what is held in memory of the account's sources is outdated."""
    rest, sources = runtime.rest, runtime.sources
    if number != rest.number + 1:
        sources.coverage.clear()
        sources.stored.clear()
    same = row.basis == runtime.config.common.basis
    rest.number, rest.people = number, same
    rest.state, rest.since, rest.until = (row.state, row.since, row.until) if same else (None, None, None)


def _after(
    runtime: AccountRuntime, result: TurnResult, before: TurnRow, poll: timedelta, now: datetime, *, read: bool
) -> TurnRow:
    """Return what a turn leaves: its account is due when its sources are to be read, or when there is something to do before that."""
    rest = runtime.rest
    for outcome in result.outcomes:
        what = "delivered" if outcome.error is None else "not delivered"
        log.info(what, key=outcome.key, delivery=outcome.delivery, error=outcome.error)
    read_at = now if read else before.read
    rests = rest.state is not None and not result.unfinished and not result.failures
    moments = [now + poll if read_at is None else read_at + poll, rest.until if rests and rest.until else now + LOOK]
    due = now if result.unfinished else max(now, min(moments))
    basis, state = runtime.config.common.basis, rest.state if rests else None
    return TurnRow(due, None if result.unfinished else read_at, now, 0, basis, state, rest.since, rest.until)


def _after_failure(before: TurnRow, now: datetime, error: Exception) -> TurnRow:
    """Return what a turn that failed leaves: what only a person can mend waits longest, anything else longer each time."""
    return TurnRow(now + wait_after(error, before.failures), before.read, now, before.failures + 1)


def wait_after(error: Exception, failures: int) -> timedelta:
    """Return how long an account waits after a turn that failed, with so many failures in a row before it."""
    if isinstance(error, ConnectorError):
        if error.retry_after is not None:
            return error.retry_after
        if error.permanent:
            return LONGEST_WAIT
    longer: int = 2 ** min(failures, 10)
    return min(LONGEST_WAIT, FIRST_WAIT * longer)
