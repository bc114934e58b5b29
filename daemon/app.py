"""The composition root: settings become a world of desks, a store and a ledger. The only file that knows all of them."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from connectors import mime, open_calendar, open_mailbox, open_postman
from connectors.base import Calendar, Mailbox, Postman
from connectors.calendar import Event
from connectors.errors import ConnectorError
from connectors.mail import Role
from daemon import clock, config, cycle, health, logs, outbox, reading, show
from daemon.core import hours, timeline
from daemon.core.model import (
    OPEN_STATES,
    Action,
    ActionKind,
    Decision,
    Delivery,
    Kind,
    Obligation,
    Office,
    State,
    Verb,
    short_id,
    state,
)
from daemon.core.people import Directory
from daemon.failures import CannotDo, ConfigError
from daemon.hands import DeskHands
from daemon.journal import Journal
from daemon.ledger import Ledger
from daemon.letters import Letter
from daemon.pull import Desk
from daemon.secrets import resolver
from daemon.settings import Settings
from daemon.store import Store

_ORDER = {State.OVERDUE: 0, State.DUE_SOON: 1, State.OPEN: 2, State.SNOOZED: 3}


@dataclass(frozen=True, slots=True)
class Said:
    """What a command did, for a person and for --json."""

    line: str
    facts: Mapping[str, Any]

    def text(self) -> str:
        """For a person."""
        return self.line

    def document(self) -> dict[str, Any]:
        """For --json."""
        return dict(self.facts)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was tried: its name, whether it works, and what was found."""

    name: str
    works: bool
    found: tuple[str, ...]

    def text(self) -> str:
        """For a person."""
        return f"{'ok    ' if self.works else 'FAILED'} {self.name}: {'; '.join(self.found)}"

    def document(self) -> dict[str, Any]:
        """For --json."""
        return {"name": self.name, "works": self.works, "found": list(self.found)}


@dataclass(frozen=True, slots=True)
class SyncReport:
    """How far each source was read."""

    sources: tuple[dict[str, Any], ...]

    @property
    def failed(self) -> bool:
        """Whether any source could not be read."""
        return any(s["error"] for s in self.sources)

    def text(self) -> str:
        """For a person."""
        return "\n".join(
            f"{s['account']}  {s['source']}: {s['error'] or 'read'}"
            + (f", {s['unreadable']} unreadable" if s["unreadable"] else "")
            for s in self.sources
        )

    def document(self) -> dict[str, Any]:
        """For --json."""
        return {"sources": list(self.sources)}


class App:
    """One configuration at work. A context manager: leaving it closes every session and the store."""

    def __init__(self, path: Path, settings: Settings, *, read_only: bool) -> None:
        self.path, self.settings, self.generation = path, settings, 0
        self._stopping = False
        self._folder = Path(settings.state)
        self._store = Store.open(settings.database or self._folder, read_only=read_only)
        logs.to_file(self._folder)
        self._journal = Journal(self._folder)
        self._secret = _secret(self._folder)
        self.world = self._make_world(settings)

    @classmethod
    def open(cls, path: Path | None, environ: Mapping[str, str], *, read_only: bool = False) -> App:
        """Read the configuration and open the state. Raises ConfigError and StoreError."""
        chosen = path or config.default_path(environ)
        settings = config.load(chosen, environ)
        return cls(chosen, settings, read_only=read_only)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def office(self) -> Office:
        """Who we are and whom we serve."""
        return self.world.office

    def close(self) -> None:
        """End every session and let the store go."""
        self.world.close()

    def stop(self) -> None:
        """Ask a running turn to end at its next step."""
        self._stopping = True

    def reload(self, path: Path | None, environ: Mapping[str, str]) -> None:
        """Take a new configuration; ConfigError leaves the old one at work."""
        settings = config.load(path or self.path, environ)
        for desk in self.world.desks.values():
            desk.close()
        self.settings, self.generation = settings, self.generation + 1
        self.world = self._make_world(settings)

    def _make_world(self, settings: Settings, as_of: datetime | None = None) -> cycle.World:
        """The world of these settings. Seen from before the first day, everything counts as it would have counted then."""
        written = self._store.meta("started")
        started = datetime.fromisoformat(written) if written else None
        office = config.office(settings, None if started and as_of and as_of < started else started)
        directory = Directory(office)
        return cycle.World(
            office=office,
            directory=directory,
            store=self._store,
            journal=self._journal,
            ledger=Ledger(office, directory, self._store),
            desks={a.address: desk for a, desk in zip(office.accounts, _desks(settings, office), strict=True)},
            policy=config.policy(settings),
            secret=self._secret,
            history=settings.history,
            stopping=lambda: self._stopping,
        )

    def begin(self, now: datetime) -> None:
        """Remember the first day: what lies before it is the look-back's, never a reminder."""
        if self._store.meta("started") is None:
            self._store.set_meta("started", now.replace(hour=0, minute=0, second=0, microsecond=0).isoformat())
            self.world = self._make_world(self.settings)

    def look_from(self, moment: datetime) -> None:
        """Speak as of a moment, which may lie before the first day."""
        self.world = self._make_world(self.settings, moment)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Be the only one that polls and sends. Raises StoreError."""
        with self._store.lock():
            yield

    def watchers(self) -> Iterator[Mailbox]:
        """A second connection to each mailbox that can say when news comes."""
        for account in self.settings.accounts:
            for mail in account.mail:
                if mail.type == "imap":
                    kind, values = connector_settings(mail)
                    yield open_mailbox(kind, values)

    # --- what the commands ask for ---

    def sync(self, now: datetime, account: str | None, *, full: bool) -> SyncReport:
        """Read every source once."""
        if account is not None and account not in self.world.desks:
            raise CannotDo(f"There is no account {account} in {self.path}. There are: {', '.join(self.world.desks)}.")
        with self.lock():
            self.begin(now)
            if full:
                self._store.forget_cursors(account)
            cycle.pull_all(self.world, now, account)
            self.write_status(now, running=False)
        covered = [c for c in self._store.coverage() if c.account in self.world.desks and account in (None, c.account)]
        return SyncReport(
            tuple(
                {
                    "account": c.account,
                    "source": c.source,
                    "seen_until": c.seen_until.isoformat() if c.seen_until else None,
                    "error": c.error,
                    "unreadable": c.unreadable,
                    "warnings": list(c.warnings),
                }
                for c in covered
            )
        )

    def due(self, now: datetime, *, everything: bool = False, client: str | None = None) -> tuple[Obligation, ...]:
        """The obligations as of `now`, most pressing first."""
        name = self._client(client) if client else None
        found = [o for a in self.world.ledger.at(now) for o in a.obligations if name in (None, o.client) and o.created <= now]
        shown = [o for o in found if everything or state(o, now) in OPEN_STATES]
        return tuple(sorted(shown, key=lambda o: (_ORDER.get(state(o, now), 4), o.due is None, o.due or o.created, o.key)))

    def reviews(self, now: datetime) -> tuple[Obligation, ...]:
        """Each client's review, the open ones first."""
        return tuple(o for o in self.due(now, everything=True) if o.kind is Kind.REVIEW)

    def find(self, target: str, now: datetime) -> Obligation:
        """The obligation with that id. Raises CannotDo."""
        found = self.world.ledger.find(target, now)
        if found is None:
            raise CannotDo(
                f"There is no obligation {target}. `kept due --all` lists them with their ids; for a message, name its file."
            )
        return found

    def decide(self, verb: str, target: str, now: datetime, *, until: datetime | None = None, why: str | None = None) -> Said:
        """Take the user's word down. Raises CannotDo for an unknown target."""
        key, what = self._target(Verb(verb), target, now)
        by = self.office.accounts[0].address
        self._store.decide(Decision(key, Verb(verb), now, by, until, why))
        words = {
            Verb.DONE: "Done",
            Verb.SNOOZE: f"Snoozed until {until:%a %d %b %H:%M %Z}" if until else "",
            Verb.WAIVE: "Not owed",
            Verb.UNDO: "Taken back",
            Verb.VETO: "Stopped",
        }
        return Said(
            f"{words[Verb(verb)]}: {what}",
            {"id": target, "decision": verb, "at": now.isoformat(), "until": until.isoformat() if until else None, "what": what},
        )

    def _target(self, verb: Verb, target: str, now: datetime) -> tuple[str, str]:
        if verb is Verb.UNDO:
            for decision in self._store.decisions(now):
                if target in (decision.target, short_id(decision.target)):
                    return decision.target, f"the decision on {target}"
        if verb is Verb.VETO:
            for action in self.plan(now):
                if target in (action.id, action.key):
                    return action.key, action.summary
            raise CannotDo(
                f"Nothing planned is called {target}; `kept plan` lists what is. What was sent or booked cannot be vetoed."
            )
        found = self.find(target, now)
        return found.key, found.summary

    def plan(self, now: datetime) -> tuple[Action, ...]:
        """What will be sent or booked next, in order of time."""
        assessments = self.world.ledger.at(now)
        found = [a for account in self.office.accounts for a in cycle.coming(self.world, account, assessments, now)]
        return tuple(sorted(found, key=lambda a: (a.at, a.key)))

    def digests(self, now: datetime, *, linked: bool = True) -> tuple[Letter, ...]:
        """Each account's digest as of `now`; a terminal has commands and needs no links."""
        assessments = self.world.ledger.at(now)
        packer = cycle.packer_of(self.world, assessments, now)
        ahead = self.plan(now)
        return tuple(
            packer.digest(
                account, [a for a in ahead if a.account == account.address and a.reaches_client], nonce=f"shown:{now.isoformat()}" if linked else None
            )
            for account in self.office.accounts
        )

    def write_page(self, file: Path, letters: Sequence[Letter]) -> None:
        """The digest as a page; one file for each further account beside it."""
        for number, letter in enumerate(letters):
            target = file if not number else file.with_name(f"{file.stem}-{number + 1}{file.suffix}")
            target.write_text(letter.html, encoding="utf-8")

    def send_digests(self, now: datetime) -> tuple[str, ...]:
        """Send today's digests where they were not sent yet; a line for each account."""
        with self.lock():
            self.begin(now)
            lines = []
            assessments = self.world.ledger.at(now)
            for account in self.office.accounts:
                actions = [
                    a
                    for a in cycle.planned(self.world, account, assessments, now)
                    if a.kind is ActionKind.DIGEST or a.reaches_client
                ]
                digest = [a for a in actions if a.kind is ActionKind.DIGEST]
                if not digest:
                    lines.append(
                        f"{account.address}: today's digest was sent already, or it is no working morning; nothing was sent"
                    )
                    continue
                cycle.queue(self.world, assessments, actions, now)
                outcomes = outbox.deliver(self._store, self._journal, DeskHands(self.world.desks), now)
                ours = next((o for o in outcomes if o.key == digest[0].key), None)
                if ours is None or ours.delivery is not Delivery.SENT:
                    raise CannotDo(
                        f"The digest for {account.address} could not be sent: {ours.error if ours else 'it is queued'}. It is kept and tried again."
                    )
                lines.append(f"{account.address}: sent")
            return tuple(lines)

    def book_review(self, client: str, now: datetime) -> Said:
        """What is planned for this client's review."""
        name = self._client(client)
        for action in self.plan(now):
            if action.kind is ActionKind.INVITE and action.client == name:
                when = f"{action.start:%a %d %b %Y %H:%M %Z}" if action.start else "no time yet"
                return Said(
                    f"Planned: {action.summary}, {when}. It is announced in the next digest first; `kept veto {action.id}` stops it.",
                    {"id": action.id, "start": action.start.isoformat() if action.start else None},
                )
        raise CannotDo(
            f"No review with {name} is due yet, one is booked, or no free time is known. `kept review list` says which."
        )

    def check(self) -> tuple[Check, ...]:
        """Try every connector. Never raises for what one of them does."""
        checks = [Check("configuration", works=True, found=(str(self.path),))]
        for desk in self.world.desks.values():
            things: list[tuple[str, Mailbox | Calendar | Postman]] = [
                *desk.mailboxes.items(),
                *desk.calendars.items(),
                *([("sending", desk.postman)] if desk.postman else []),
            ]
            for name, thing in things:
                try:
                    checks.append(Check(f"{desk.account.address} {name}", works=True, found=thing.check()))
                except ConnectorError as error:
                    checks.append(Check(f"{desk.account.address} {name}", works=False, found=(error.message,)))
        return tuple(checks)

    def export(self, client: str) -> dict[str, Any]:
        """All that is stored about one client."""
        return self._store.export(self._client(client), self._concerns(client))

    def purge(self, client: str) -> Said:
        """Forget one client."""
        name = self._client(client)
        count = self._store.purge(name, self._concerns(client))
        return Said(
            f"Forgot {count} messages of {name}. Take {name} out of the configuration, or the next full sync reads them again.",
            {"client": name, "messages": count},
        )

    def _concerns(self, client: str) -> Callable[[Event], bool]:
        name = self._client(client)
        found = next(c for c in self.office.clients if c.name == name)
        return lambda event: any(timeline.concerns(event, a, found, self.world.directory) for a in self.office.accounts)

    def write_status(self, now: datetime, *, running: bool, problems: tuple[str, ...] = ()) -> None:
        """The status file that `kept status` reads."""
        queue = {
            d.value: len(self._store.parcels(d)) for d in (Delivery.WAITING, Delivery.SENDING, Delivery.UNKNOWN, Delivery.REFUSED)
        }
        troubled = self._store.parcels(Delivery.WAITING, Delivery.UNKNOWN, Delivery.REFUSED)
        failures = tuple(f"{p.key}: {p.error}" for p in troubled if p.error)[-20:]
        health.write_status(self._folder, self._store.coverage(), queue, (*problems, *failures), now, running=running)

    def _client(self, name: str) -> str:
        """The client's full name from what the user typed. Raises CannotDo."""
        found = [c.name for c in self.office.clients if name.lower() == c.name.lower()] or [
            c.name for c in self.office.clients if name.lower() in c.name.lower()
        ]
        if len(found) != 1:
            raise CannotDo(
                f"“{name}” is {'no client' if not found else 'more than one client'} of the configuration: {', '.join(found or [c.name for c in self.office.clients])}."
            )
        return found[0]


def connector_settings(settings: Any) -> tuple[str, dict[str, Any]]:
    """A connector's kind and keyword values, its password as a function that is asked at each log-in."""
    values = settings.model_dump(exclude_none=True) if hasattr(settings, "model_dump") else dict(settings)
    kind = str(values.pop("type"))
    secret = {k: values.pop(k) for k in ("password", "password_command", "password_env", "password_credential") if k in values}
    if secret:
        values["password"] = resolver(secret)
    return kind, values


def _desks(settings: Settings, office: Office) -> Iterator[Desk]:
    for account, ours in zip(settings.accounts, office.accounts, strict=True):
        calendars = {}
        for calendar in account.calendars:
            kind, values = connector_settings(calendar)
            calendars[config.source_name(calendar)] = open_calendar(kind, {**values, "time_zone": ours.hours.zone})
        mailboxes = {config.source_name(mail): open_mailbox(*connector_settings(mail)) for mail in account.mail}
        yield Desk(ours, mailboxes, calendars, open_postman(*connector_settings(account.send)) if account.send else None)


def _secret(folder: Path) -> bytes:
    """The key that signs the digest's links, made once, readable by its owner alone."""
    path = folder / "secret"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(secrets.token_bytes(32))
        return path.read_bytes()


def read_file(path: Path, config_path: Path | None, environ: Mapping[str, str]) -> dict[str, Any]:
    """All that is read out of one message file, seen from the first configured account where there is one."""
    try:
        settings = config.load(config_path or config.default_path(environ), environ)
        account = config.office(settings, None).accounts[0]
        own, frame = account.addresses, hours.frame(account.hours)
    except ConfigError:
        if config_path is not None:
            raise
        own, frame = frozenset(), reading.Frame()
    try:
        message = mime.parse(path.read_bytes(), role=Role.OTHER, folder=str(path.parent), otherwise=clock.now())
    except (OSError, ValueError) as error:
        raise CannotDo(f"{path} cannot be read as a mail: {error}") from None
    text = message.text
    found = reading.read(
        reading.Utterance(
            direction="sent" if message.sender.email in own else "received",
            sender=message.sender.email,
            to=tuple(a.email for a in message.to),
            cc=tuple(a.email for a in message.cc),
            date=message.date,
            subject=message.subject,
            text=text,
            headers=message.headers,
            user=tuple(own & {a.email for a in (message.sender, *message.to, *message.cc)}),
            frame=frame,
        )
    )
    return show.reading_document(message, found)
