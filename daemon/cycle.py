"""Run one turn of one account: poll facts, assess what is owed, plan what to do, render it into parcels, deliver them; then ask the user's language model, if there is one, for the next turn.

What was delivered comes back as a fact at the next poll. A turn may be interrupted anywhere and run again: facts are keyed by
Message-ID and UID, actions and parcels by their key, so that two turns have the effect of one. Of other accounts
nothing is loaded but what they have of a client whom this one serves too (`Ledger`); what else the others must know of this one, its
own turn stores for them (`Store.set_message_for_others`). Each step has a wall: what
raises an unforeseen error in it is left out of the turn and noted (`AccountRuntime.faults`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from daemon.accounts.consultation import consult
from daemon.accounts.letters import assessment_warnings, note_named_lines, note_told_advisor, queue
from daemon.accounts.planning import gather_plan_inputs
from daemon.accounts.runtime import AccountRuntime
from daemon.delivery.invitations import invite_guests
from daemon.delivery.outbox import Outcome
from daemon.delivery.own_mail import OwnMail
from daemon.glossary.actions import NEWS, Action
from daemon.glossary.assessments import Assessment
from daemon.intake.digest_replies import DigestReplies, Keys
from daemon.intake.mail_reader import MailReader
from daemon.intake.poll import poll
from daemon.planning.next_moment import next_moment
from daemon.planning.plan import plan

TEXT_KEPT_FOR = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class TurnResult:
    """The result of a turn: what was assessed, planned and delivered.

    `failures` name, in a line each, what raised an unexpected error and was left out. `unfinished` says that some mailbox has more to
    read at once.
    """

    assessments: tuple[Assessment, ...]
    actions: tuple[Action, ...]
    outcomes: tuple[Outcome, ...]
    unfinished: bool = False
    failures: tuple[str, ...] = ()


def turn(
    runtime: AccountRuntime, now: datetime, time_limit: float | None = None, *, read: bool = True, steady: bool = True
) -> TurnResult:
    """Poll, assess, plan, render, deliver. No mailbox is read for longer than `time_limit` (seconds). Raises StoreError.

    Without `read` the sources are left alone while there is nothing to say, and only what is due by time is done. Where the clock is
    in doubt (not `steady`), nothing is: mail would be taken for too old to read, and what is not due yet for overdue.
    """
    if not steady:
        return TurnResult((), (), ())
    runtime.store.confirm_lock()
    runtime.faults.begin(keep=not read)
    rests = runtime.rest.lasts(_state(runtime), now)
    resolved = () if rests else _resolve_unsure(runtime, now)
    unfinished = read and _poll(runtime, now, time_limit)
    state = _state(runtime)
    if rests and not unfinished and not runtime.faults.present and runtime.rest.lasts(state, now):
        return TurnResult(runtime.rest.assessments, (), ())
    assessments = _assess(runtime, now)
    if not read and _has_to_say(runtime, assessments, now):
        unfinished, state, assessments = _poll(runtime, now, time_limit), _state(runtime), _assess(runtime, now)
    actions = () if assessments is None else _plan_and_queue(runtime, assessments, now)  # None: nothing is known, nothing is said
    _drop_and_save(runtime, now)
    outcomes = _deliver(runtime, resolved, now)
    to_ask = _consult(runtime, assessments or (), now)
    left_out = (*assessment_warnings(runtime.ledger, assessments or ()), *runtime.faults.present)
    idle = not (outcomes or unfinished or to_ask or left_out or runtime.stopping() or any(action.at <= now for action in actions))
    rest = partial(_rest, runtime, state, assessments or (), now, idle=idle)
    runtime.faults.contain("when there is something to do next could not be worked out", rest, None)
    return TurnResult(assessments or (), actions, outcomes, unfinished, left_out)


def _state(runtime: AccountRuntime) -> tuple[int | None, ...]:
    """Return what stays the same in the store while nothing happens to the account."""
    return runtime.store.account_state(runtime.account.address)


def _resolve_unsure(runtime: AccountRuntime, now: datetime) -> tuple[Outcome, ...]:
    what = "what became of earlier mail could not be found out"
    return runtime.faults.contain(what, lambda: runtime.outbox.resolve_unsure(now), ())


def _poll(runtime: AccountRuntime, now: datetime, time_limit: float | None) -> bool:
    what = "mail and calendars could not be read"
    return runtime.faults.contain(what, lambda: poll_account(runtime, now, time_limit), False)


def _assess(runtime: AccountRuntime, now: datetime) -> tuple[Assessment, ...] | None:
    runtime.progress()
    what = "the other accounts could not be told of meetings"
    runtime.faults.contain(what, lambda: runtime.ledger.note_meetings(now), None)
    return runtime.faults.contain("nothing could be assessed", lambda: runtime.ledger.assessments(now), None)


def _has_to_say(runtime: AccountRuntime, assessments: Sequence[Assessment] | None, now: datetime) -> bool:
    """Return whether something is to be said now: then what the user answered a moment ago is read first, and not reminded of."""

    def speaks() -> bool:
        actions = plan(gather_plan_inputs(runtime, assessments or (), now), runtime.faults)
        return any(action.at <= now and action.kind in NEWS for action in actions)

    return assessments is not None and runtime.faults.contain("nothing could be planned", speaks, False)


def _plan_and_queue(runtime: AccountRuntime, assessments: Sequence[Assessment], now: datetime) -> tuple[Action, ...]:
    runtime.progress()
    if runtime.sources.is_empty:  # of somebody who is configured only for what they may see, or whom they cover for
        return ()

    def planned() -> tuple[Action, ...]:
        actions = plan(gather_plan_inputs(runtime, assessments, now), runtime.faults)
        queue(runtime, assessments, actions, now)
        return actions

    return runtime.faults.contain("nothing could be planned", planned, ())


def _drop_and_save(runtime: AccountRuntime, now: datetime) -> None:
    """Drop old texts, and save what is open for the commands."""
    runtime.faults.contain("old words could not be dropped", lambda: _drop_old_texts(runtime, now), None)
    runtime.faults.contain("what is open could not be saved", lambda: runtime.ledger.save_open_cache(now), None)


def _deliver(runtime: AccountRuntime, resolved: tuple[Outcome, ...], now: datetime) -> tuple[Outcome, ...]:
    """Send what waits, then the invitations to what was booked; nothing once asked to stop. Return all outcomes of the turn."""
    if runtime.stopping():
        return resolved
    contain = runtime.faults.contain
    deliver = partial(contain, "mail that waits could not be sent", lambda: runtime.outbox.deliver(now), ())
    outcomes = (*resolved, *deliver())
    contain("guests could not be invited by email", lambda: _invite_guests(runtime, now), None)
    outcomes = (*outcomes, *deliver())
    contain("lines of the sent log could not be noted", lambda: note_named_lines(runtime, outcomes), None)
    contain("what the digest said could not be noted", lambda: note_told_advisor(runtime, outcomes, now), None)
    contain("the other accounts could not be told", lambda: _notify_other_accounts(runtime, now), None)
    return outcomes


def _consult(runtime: AccountRuntime, assessments: Sequence[Assessment], now: datetime) -> bool:
    """Ask the user's language model, if there is one, now that nothing waits for it. Return whether there is more to ask."""
    if runtime.stopping():
        return False
    what = "the language model could not be asked"
    return runtime.faults.contain(what, lambda: consult(runtime, assessments, now), False)


def _rest(
    runtime: AccountRuntime, before: tuple[int | None, ...], assessments: tuple[Assessment, ...], now: datetime, *, idle: bool
) -> None:
    """Let the account rest after a turn that had nothing to do, if nothing is on its way and nothing happened during the turn."""
    rest, config = runtime.rest, runtime.config
    rest.state = None
    if idle and before == _state(runtime) and not before[-1]:
        ahead = next_moment(config.account, config.policy, assessments, now)
        ends = [now + rest.longest, runtime.ledger.good_until(now), *([ahead] if ahead else [])]
        rest.state, rest.since, rest.until, rest.assessments = before, now, min(ends), assessments


def poll_account(runtime: AccountRuntime, now: datetime, time_limit: float | None = None) -> bool:
    """Poll the account's sources, and take the decisions that came by mail. Return whether some mailbox has more to read at once.

    If the clients or the reader changed, everything is read again. Raises StoreError.
    """
    account, store = runtime.account, runtime.store
    if not runtime.rest.people:
        people = f"{runtime.config.common.people} {account.region}"
        if store.people_fingerprint(account.address) != people:
            store.forget_cursors(account.address)
            store.set_people_fingerprint(account.address, people)
        runtime.rest.people = True
    keys = Keys(runtime.config.secret, runtime.config.common.secret_since)
    replies = DigestReplies(account, store, keys, runtime.ledger.find, runtime.ledger.find_held, now)
    is_own = OwnMail(account.address, runtime.config.common.senders, runtime.config.secret, runtime.sent_log)
    reader = MailReader(account, runtime.config.directory, store, is_own)
    unfinished = poll(runtime.sources, reader, replies, runtime.config.common.history, now, time_limit, runtime.progress)
    runtime.faults.contain("a decision could not be matched", lambda: runtime.ledger.resolve(now), None)
    return unfinished


def _drop_old_texts(runtime: AccountRuntime, now: datetime) -> None:
    """Drop the texts of mail older than TEXT_KEPT_FOR or the history, once a day; its threading fields stay."""
    if runtime.store.expired_on(runtime.account.address) != now.date():
        runtime.store.expire(runtime.account.address, now - max(TEXT_KEPT_FOR, runtime.config.common.history), now)
        runtime.ledger.forget_saved()


def _invite_guests(runtime: AccountRuntime, now: datetime) -> None:
    """Invite the guests of booked meetings by mail where the calendar's server does not."""
    calendars = list(runtime.sources.calendars.values())
    invite_guests(runtime.store, runtime.account.address, calendars, runtime.config.secret, runtime.faults, now)


def _notify_other_accounts(runtime: AccountRuntime, now: datetime) -> None:
    """Store or clear the message for the other accounts: what only the owner can fix while this account's digest cannot be sent."""
    address, stuck = runtime.account.address, runtime.stuck()
    message = "; ".join(dict.fromkeys(stuck.values())) if stuck and runtime.store.digest_is_stuck(address) else None
    runtime.store.set_message_for_others(address, message, now)
