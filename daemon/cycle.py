"""Run one turn of one account: poll facts, assess what is owed, plan what to do, render it into parcels, deliver them.

What was delivered comes back as a fact at the next poll. A turn may be interrupted anywhere and run again: facts are keyed by
Message-ID and UID, actions and parcels by their key, so that two turns have the effect of one. Nothing of another account is loaded:
what the others must know of this one, its own turn stores for them (`Store.set_message_for_others`).
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from connectors.calendar import Busy, Event, Window
from connectors.formats.ics import busy_times
from daemon.config.library_file import Resource
from daemon.core import absence, corrections, hours, meetings
from daemon.core.people import Directory
from daemon.delivery.earlier_answers import suggestion_finder
from daemon.delivery.invitations import invite_guests
from daemon.delivery.letters import written
from daemon.delivery.outbox import Outbox, Outcome
from daemon.delivery.own_mail import OwnMail
from daemon.delivery.render import Renderer
from daemon.delivery.senders import ConnectorSender
from daemon.delivery.sent_log import FILE, SentLog
from daemon.delivery.unsettled import given_up, unsettled
from daemon.glossary.actions import Action, ActionKind, Delivery
from daemon.glossary.assessments import Assessment, Coverage
from daemon.glossary.faults import Faults, strict
from daemon.glossary.obligations import OPEN_STATES, Obligation, state
from daemon.glossary.parties import Account, Client, Office
from daemon.intake.digest_replies import DigestReplies, Keys, unverified_clicks
from daemon.intake.poll import MailReader, people_fingerprint, poll
from daemon.intake.sources import Sources
from daemon.ledger import Ledger
from daemon.letters.reminder import Suggestion
from daemon.planning.next_moment import next_moment
from daemon.planning.plan import announcements_of, mentions_of, plan
from daemon.planning.plan_inputs import PastActions, PlanInputs, Policy, SlotFinder
from daemon.planning.slots import free_slots
from daemon.store import Store

_NAMED_LINES = "unreadable lines of the sent log named to "  # with the account: the name of a value of the store
LONGEST_REST = timedelta(minutes=5)  # of an account with nothing to do: not everything that may come up is known ahead
TEXT_KEPT_FOR = timedelta(days=400)
_PERIODS_BACK = timedelta(days=40)  # no plan looks at an earlier period, unless an absence began before


@dataclass(frozen=True, slots=True)
class AccountConfig:
    """The configuration of one account. It stays the same until the configuration is read again.

    `history` is how far back mail is read, `secret` signs the links of letters; since `secret_since` it replaces an earlier key
    (None: it is the first).
    """

    account: Account
    office: Office
    directory: Directory
    policy: Policy
    secret: bytes
    history: timedelta
    library: tuple[Resource, ...] = ()
    secret_since: datetime | None = None


@dataclass(slots=True)
class Rest:
    """The rest of an account for which a whole turn had nothing to do: until a moment, while its state in the store stays the same.

    `people` says that the people in the configuration are those with whom its mail was read.
    """

    state: tuple[int | None, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None
    assessments: tuple[Assessment, ...] = ()
    people: bool = False

    def lasts(self, state: tuple[int | None, ...], now: datetime) -> bool:
        """Return whether the account rests still."""
        return self.state == state and self.since is not None and self.until is not None and self.since <= now < self.until


@dataclass(frozen=True, slots=True)
class AccountRuntime:
    """One account at work: its configuration, open sources, stored facts and outbox. `daemon.app` makes it.

    `stopping` returns whether the daemon has been asked to stop, `progress` is called at each step of a turn.
    """

    config: AccountConfig
    sources: Sources
    store: Store
    sent_log: SentLog
    ledger: Ledger
    rest: Rest = field(default_factory=Rest)
    stopping: Callable[[], bool] = field(default=lambda: False)
    progress: Callable[[], None] = field(default=lambda: None)

    @property
    def faults(self) -> Faults:
        """What was left out of the last turns because of an unforeseen error."""
        return self.ledger.faults

    @property
    def account(self) -> Account:
        """The account."""
        return self.config.account

    def coverage(self) -> tuple[Coverage, ...]:
        """Return how far each source was read that the configuration names; one that was never polled has not been read.

        What is stored of a source that left the configuration counts no more. Raises StoreError.
        """
        address, s = self.account.address, self.sources
        named = [*((source, False) for source in s.mailboxes), *((source, True) for source in s.calendars)]
        stored = dict(s.coverage)
        if any(source not in stored for source, _ in named):
            stored = {c.source: c for c in self.store.coverage(address)} | stored
        return tuple(
            stored.get(source) or Coverage(address, source, None, is_calendar=is_calendar)
            for source, is_calendar in sorted(named)
        )

    @property
    def outbox(self) -> Outbox:
        """The account's outbox, which sends through its own connectors."""
        address, s = self.account.address, self.sources
        return Outbox(address, self.store, self.sent_log, ConnectorSender(address, s.mailboxes, s.calendars, s.transport))


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

    Without `read` the sources are left alone, and only what is due by time is done. Where the clock is in doubt (not `steady`),
    nothing is: mail would be taken for too old to read, old texts for ripe to be dropped, and what is not due yet for overdue.
    What raises an unforeseen error is left out of the turn and noted (`AccountRuntime.faults`): the next digest and the status name it,
    and every turn tries it again.
    """
    if not steady:
        return TurnResult((), (), ())
    runtime.store.confirm_lock()
    outbox, faults = runtime.outbox, runtime.faults
    faults.begin()
    rests = runtime.rest.lasts(runtime.store.account_state(runtime.account.address), now)
    resolved: tuple[Outcome, ...] = ()
    if not rests:
        resolved = faults.contain("what became of earlier mail could not be found out", lambda: outbox.resolve_unsure(now), ())
    poll_now = partial(poll_account, runtime, now, time_limit)
    unfinished = read and faults.contain("mail and calendars could not be read", poll_now, False)
    state_before = runtime.store.account_state(runtime.account.address)
    if rests and not unfinished and not faults.present and runtime.rest.lasts(state_before, now):
        return TurnResult(runtime.rest.assessments, (), ())
    runtime.progress()
    assessments = faults.contain("nothing could be assessed", lambda: runtime.ledger.assessments(now), None)
    runtime.progress()
    actions: tuple[Action, ...] = ()
    if assessments is not None:  # else nothing is known, and nothing is planned, said or booked
        actions = faults.contain("nothing could be planned", partial(_planned_and_queued, runtime, assessments, now), ())
    faults.contain("old words could not be dropped", lambda: _drop_old_texts(runtime, now), None)
    faults.contain("what is open could not be saved", lambda: runtime.ledger.save_open_cache(now), None)
    outcomes: tuple[Outcome, ...] = resolved
    if not runtime.stopping():
        deliver = partial(faults.contain, "mail that waits could not be sent", lambda: outbox.deliver(now), ())
        outcomes = (*outcomes, *deliver())
        faults.contain("lines of the sent log could not be noted", lambda: _note_named_lines(runtime, outcomes), None)
        faults.contain("guests could not be invited by email", partial(_invite_guests, runtime, now), None)
        outcomes = (*outcomes, *deliver())
        faults.contain("the other accounts could not be told", lambda: _notify_other_accounts(runtime, now), None)
    left_out = (*assessment_warnings(runtime.ledger, assessments or ()), *faults.present)
    idle = not (outcomes or unfinished or left_out or runtime.stopping() or any(action.at <= now for action in actions))
    _rest(runtime, state_before, assessments or (), now, idle=idle)
    return TurnResult(assessments or (), actions, outcomes, unfinished, left_out)


def _rest(
    runtime: AccountRuntime, before: tuple[int | None, ...], assessments: tuple[Assessment, ...], now: datetime, *, idle: bool
) -> None:
    """Let the account rest after a turn that had nothing to do, if nothing is on its way and nothing happened during the turn."""
    rest, config = runtime.rest, runtime.config
    rest.state = None
    if idle and before == runtime.store.account_state(runtime.account.address) and not before[-1]:
        ahead = next_moment(config.account, config.policy, assessments, now)
        ends = [now + LONGEST_REST, runtime.ledger.good_until(now), *([ahead] if ahead else [])]
        rest.state, rest.since, rest.until, rest.assessments = before, now, min(ends), assessments


def _planned_and_queued(runtime: AccountRuntime, assessments: Sequence[Assessment], now: datetime) -> tuple[Action, ...]:
    actions = plan(gather_plan_inputs(runtime, assessments, now), runtime.faults)
    queue(runtime, assessments, actions, now)
    return actions


def poll_account(runtime: AccountRuntime, now: datetime, time_limit: float | None = None) -> bool:
    """Poll the account's sources, and take the decisions that came by mail. Return whether some mailbox has more to read at once.

    If the clients or the reader changed, everything is read again. Raises StoreError.
    """
    account, store = runtime.account, runtime.store
    if not runtime.rest.people:
        people = people_fingerprint(runtime.config.office)
        if store.people_fingerprint(account.address) != people:
            store.forget_cursors(account.address)
            store.set_people_fingerprint(account.address, people)
        runtime.rest.people = True
    keys = Keys(runtime.config.secret, runtime.config.secret_since)
    replies = DigestReplies(account, store, keys, runtime.ledger.find, runtime.ledger.find_held, now)
    senders = {address for a in runtime.config.office.accounts for address in a.addresses}
    is_own = OwnMail(account.address, senders, runtime.config.secret, runtime.sent_log)
    reader = MailReader(account, runtime.config.directory, store, is_own)
    unfinished = poll(runtime.sources, reader, replies, runtime.config.history, now, time_limit, runtime.progress)
    runtime.faults.contain("a decision could not be matched", lambda: runtime.ledger.resolve(now), None)
    return unfinished


def gather_plan_inputs(runtime: AccountRuntime, assessments: Sequence[Assessment], now: datetime) -> PlanInputs:
    """Gather the inputs of the account's plan. Raises StoreError."""
    config, store = runtime.config, runtime.store
    events, coverage = _events(runtime, assessments, now), runtime.coverage()
    known_events = events or ()
    account, faults = config.account, runtime.faults
    absences = faults.without_culprits(
        known_events, lambda e: absence.absences(account, e), (), "days off could not be read", _event
    )
    days_off = faults.without_culprits(
        known_events, lambda e: absence.days_off(account, e), frozenset(), "days off could not be read", _event
    )
    return PlanInputs(
        account=config.account,
        office=config.office,
        assessments=tuple(assessments),
        coverage=coverage,
        past=gather_past_actions(runtime, assessments, min((a.first for a in absences), default=now.date()), now),
        find_slots=slot_finder(account, coverage, events, faults),
        decisions=store.decisions(runtime.account.address, now),
        policy=config.policy,
        working=absence.at_work(account, days_off),
        absences=absences,
        now=now,
        may_book=not any(calendar.read_only for calendar in list(runtime.sources.calendars.values())[:1]),
    )


def gather_past_actions(runtime: AccountRuntime, assessments: Sequence[Assessment], since: date, now: datetime) -> PastActions:
    """Return what was said and done before, for obligations of these assessments and periods from `since` on.

    The sent log counts beside the store, so that a restored database repeats nothing. Raises StoreError.
    """
    address = runtime.account.address
    obligations = [o for a in assessments for o in a.obligations if state(o, now) in OPEN_STATES]  # a plan asks for no others
    earliest = min(since, hours.local_date(runtime.account.hours, now)) - _PERIODS_BACK
    past = runtime.store.past_actions(address, obligations, earliest, now, escalates_to_user=not runtime.account.tells_manager)
    said = runtime.sent_log.mentions(address, (o.key for o in obligations)).items()
    logged = {mention: at for mention, at in said if at <= now}
    done = ChainMap(dict(past.actions), runtime.sent_log.letter_keys(address))  # whatever this database knows of it
    return replace(past, mentions={**logged, **past.mentions}, actions=done, unsure=past.unsure - logged.keys())


def queue(runtime: AccountRuntime, assessments: Sequence[Assessment], actions: Sequence[Action], now: datetime) -> None:
    """Render the actions that are due and queue their parcels, each with what it says in one transaction.

    What cannot be written is noted in the account's faults; the rest is not affected. Raises StoreError.
    """
    due = [action for action in actions if action.at <= now]
    if not due:
        return
    renderer = make_renderer(runtime, assessments, now)
    for action in due:
        runtime.progress()
        for letter in written(renderer, action, actions, runtime.faults):
            if runtime.stopping():
                return
            clients = {o.key: o.client for o in letter.says.obligations}
            mentions = {mention: clients[mention.obligation] for mention in mentions_of(letter.says)}
            announcements = announcements_of(action, letter.announces)
            runtime.store.queue((letter.parcel,), now, mentions, announcements)


def make_renderer(runtime: AccountRuntime, assessments: Sequence[Assessment], now: datetime) -> Renderer:
    """Return the renderer of letters about these assessments. Raises StoreError."""
    config, store, address = runtime.config, runtime.store, runtime.account.address
    events, coverage = _events(runtime, assessments, now), runtime.coverage()
    configured = {a.address for a in config.office.accounts}
    others = {a: message for a, message in store.messages_from_others(address).items() if a in configured}
    zone = ZoneInfo(config.account.hours.zone)
    past = gather_past_actions(runtime, assessments, now.date(), now)
    return Renderer(
        account=config.account,
        office=config.office,
        directory=config.directory,
        secret=config.secret,
        assessments=assessments,
        coverage=coverage,
        events=events or (),
        find_slots=slot_finder(config.account, coverage, events, runtime.faults),
        now=now,
        suggestions=partial(_suggestions, suggestion_finder(store, config.library, now), runtime.faults),
        correction_proposals=runtime.faults.contain(
            "rules could not be proposed", lambda: tuple(corrections.proposals(store.decisions(address, now), now)), ()
        ),
        mentions={mention: at for mention, at in past.mentions.items() if at <= now and mention not in past.unsure},
        digest_lines=config.policy.digest_lines,
        unsettled=(*unsettled(store, address, zone, now), *given_up(store, address, zone)),
        warnings=(
            *(f"{account} cannot be told by email: {message}" for account, message in sorted(others.items())),
            *assessment_warnings(runtime.ledger, assessments),
            *sent_log_warnings(runtime),
            *unverified_clicks(store, config.account, config.secret_since, now),
            *runtime.faults.lines,
        ),
    )


def sent_log_warnings(runtime: AccountRuntime) -> tuple[str, ...]:
    """Return a line about the lines of the sent log that cannot be read and that no digest has named yet. Raises StoreError."""
    unreadable, named = runtime.sent_log.unreadable(), _named_lines(runtime)
    new = {number: meaning for number, meaning in unreadable.items() if number not in named}
    return tuple(f"Line {number} of {FILE}, the record of what was sent, was set aside: {new[number]}" for number in sorted(new))


def _named_lines(runtime: AccountRuntime) -> frozenset[int]:
    named = runtime.store.meta(f"{_NAMED_LINES}{runtime.account.address}") or ""
    return frozenset(int(number) for number in named.split())


def _note_named_lines(runtime: AccountRuntime, outcomes: Sequence[Outcome]) -> None:
    """Note that the digest named the unreadable lines of the sent log, if it was sent at this turn: it does so once."""
    unreadable = frozenset(runtime.sent_log.unreadable())
    digest_sent = any(o.kind is ActionKind.DIGEST and o.delivery is Delivery.SENT for o in outcomes)
    if digest_sent and not unreadable <= _named_lines(runtime):
        runtime.store.set_meta(f"{_NAMED_LINES}{runtime.account.address}", " ".join(map(str, sorted(unreadable))))


def assessment_warnings(ledger: Ledger, assessments: Sequence[Assessment]) -> tuple[str, ...]:
    """Return a line for each client, or part of an assessment, that raised an error and was left out."""
    clients = (f"{name} could not be assessed ({error}); kept.log has the details" for name, error in ledger.failures.items())
    parts = (f"{a.client}: {part} could not be assessed; kept.log has the details" for a in assessments for part in a.failures)
    return (*clients, *parts)


def _events(runtime: AccountRuntime, assessments: Iterable[Assessment], now: datetime) -> tuple[Event, ...] | None:
    """Return the account's events, as calendar messages by mail left them; None if that cannot be told. Raises StoreError."""
    mailed = [event for assessment in assessments for event in assessment.mailed]
    stored = runtime.store.events(runtime.account.address, now, runtime.sources.calendars, runtime.faults)
    return runtime.faults.contain("the calendar could not be read", lambda: meetings.merged(stored, mailed), None)


def _event(event: Event) -> str:
    """Return how a line names an event that is left out."""
    return f"the event of {event.start:%d %b %Y %H:%M}"


def _suggestions(find: Callable[[Obligation], Sequence[Suggestion]], faults: Faults, o: Obligation) -> Sequence[Suggestion]:
    """Return what may help to settle an obligation; nothing where that raises."""
    return faults.contain(f"{o.client}: earlier answers could not be looked up", lambda: find(o), ())


def slot_finder(
    account: Account, coverage: Iterable[Coverage], events: Iterable[Event] | None, faults: Faults | None = None
) -> SlotFinder:
    """Return a function that finds the account's free times around these events (`PlanInputs.find_slots`).

    It returns None if there is no calendar, or one could not be read, or the search raises an unforeseen error. An event that could
    not be read takes the time that can be told of it, and no more: it does not cost the calendar.
    """
    calendars = [c for c in coverage if c.account == account.address and c.is_calendar]
    unread = events is None or not calendars or any(c.error is not None or c.seen_until is None for c in calendars)
    known, containing = tuple(events or ()), faults or strict()

    def free(client: Client, after: datetime, before: datetime, length: timedelta, most: int) -> tuple[Busy, ...]:
        busy = busy_times((e for e in known if not meetings.declined_by(e, account)), Window(after, before))
        return free_slots(busy, account.hours, client.hours, after, before, length, most)

    def find_slots(client: Client, after: datetime, before: datetime, length: timedelta, most: int) -> tuple[Busy, ...] | None:
        if unread:
            return None
        return containing.contain(
            f"{client.name}: free times could not be found", lambda: free(client, after, before, length, most), None
        )

    return find_slots


def _drop_old_texts(runtime: AccountRuntime, now: datetime) -> None:
    """Drop the texts of mail older than TEXT_KEPT_FOR or the history, once a day; its threading fields stay."""
    if runtime.store.expired_on(runtime.account.address) != now.date():
        runtime.store.expire(runtime.account.address, now - max(TEXT_KEPT_FOR, runtime.config.history), now)
        runtime.ledger.forget_saved()


def _invite_guests(runtime: AccountRuntime, now: datetime) -> None:
    """Invite the guests of booked meetings by mail where the calendar's server does not."""
    calendars = list(runtime.sources.calendars.values())
    invite_guests(runtime.store, runtime.account.address, calendars, runtime.config.secret, runtime.faults, now)


def _notify_other_accounts(runtime: AccountRuntime, now: datetime) -> None:
    """Store or clear the message for the other accounts: what only the owner can fix while this account's digest cannot be sent."""
    address, stuck = runtime.account.address, runtime.sources.stuck
    message = "; ".join(dict.fromkeys(stuck.values())) if stuck and runtime.store.digest_is_stuck(address) else None
    runtime.store.set_message_for_others(address, message, now)
