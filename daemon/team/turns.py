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
from daemon.delivery.outbox import log_outcomes
from daemon.errors import LeaseLost, StoreError, TurnLost
from daemon.intake.poll import READING_LIMIT
from daemon.logs import get_logger
from daemon.store import Store
from daemon.store.lease import this_process
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
    rest = runtime.rest
    if number != rest.number + 1:
        runtime.sources.forget()
    same = row.basis == runtime.config.common.basis
    rest.number, rest.people = number, same
    rest.state, rest.since, rest.until = (row.state, row.since, row.until) if same else (None, None, None)


def _after(
    runtime: AccountRuntime, result: TurnResult, before: TurnRow, poll: timedelta, now: datetime, *, read: bool
) -> TurnRow:
    """Return what a turn leaves: its account is due when its sources are to be read, or when there is something to do before that."""
    rest = runtime.rest
    log_outcomes(result.outcomes)
    read_at = now if read else before.read
    rests = rest.state is not None and not result.unfinished and not result.failures
    moments = [now + poll if read_at is None else read_at + poll, rest.until if rests and rest.until else now + LOOK]
    due = now if result.unfinished else max(now, min(moments))
    basis, state = runtime.config.common.basis, rest.state if rests else None
    return TurnRow(due, None if result.unfinished else read_at, now, 0, basis, state, rest.since, rest.until)


def _after_failure(before: TurnRow, now: datetime, error: Exception) -> TurnRow:
    """Return what a turn that failed leaves: what only a person can mend waits longest, anything else longer each time."""
    said = error.message if isinstance(error, (ConnectorError, StoreError)) else f"unexpected error: {type(error).__name__}"
    problem = f"the last turn failed ({said}); kept.log of {this_process()} has the details"
    return TurnRow(now + wait_after(error, before.failures), before.read, now, before.failures + 1, problem=problem)


def give_up_turn(store: Store, account: str, now: datetime, seconds: float) -> None:
    """Take a turn from the thread that hangs in it: whatever that still does is too late, and any worker may have the next one.

    `store` is a view of its own of the account. Raises LeaseLost, and StoreError if the database fails.
    """
    problem = (
        f"the last turn hung: it did nothing for {seconds / 60:.0f} minutes and was given up by {this_process()}; "
        "a mailbox or calendar that blocks Kept is behind that, and it is tried again every quarter of an hour"
    )
    with store.turn_lease(account, now) as (_, before):
        after = TurnRow(now + LONGEST_WAIT, before.read, now, before.failures + 1, problem=problem)
        store.end_turn(account, after, before.due)


def wait_after(error: Exception, failures: int) -> timedelta:
    """Return how long an account waits after a turn that failed, with so many failures in a row before it."""
    if isinstance(error, ConnectorError):
        if error.retry_after is not None:
            return error.retry_after
        if error.permanent:
            return LONGEST_WAIT
    longer: int = 2 ** min(failures, 10)
    return min(LONGEST_WAIT, FIRST_WAIT * longer)
