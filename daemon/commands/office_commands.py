"""What the commands ask for, over one opened configuration: the daemon's own functions, asked once and put into words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from connectors.base import Calendar, Mailbox, MailTransport
from connectors.calendar import Event
from connectors.errors import ConnectorError
from connectors.formats import mime
from connectors.mail import Role
from daemon import clock, cycle, reading
from daemon.app import App
from daemon.commands import message_page, tables
from daemon.config.load import load_settings
from daemon.config.locations import default_path
from daemon.config.office import make_office
from daemon.core import corrections, hours, timeline
from daemon.errors import CannotDo, ConfigError
from daemon.glossary.actions import Action, ActionKind, Delivery
from daemon.glossary.decisions import Decision, Scope, Verb
from daemon.glossary.obligations import Kind, Obligation
from daemon.glossary.parties import Client
from daemon.letters import Letter, phrases
from daemon.planning.plan import plan, upcoming
from daemon.service import replay
from daemon.service.state_files import write_learned_bands, write_state_files


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


class Commands(App):
    """An opened configuration that answers commands. What cannot be done raises CannotDo."""

    def sync(self, now: datetime, account: str | None, *, full: bool) -> SyncReport:
        """Read every source once."""
        if account is not None and account not in self.runtimes:
            raise CannotDo(f"There is no account {account} in {self.path}. There are: {', '.join(self.runtimes)}.")
        with self.lock():
            self.begin(now)
            if full:
                self.store.forget_cursors(account)
            for address, runtime in self.runtimes.items():
                if account in (None, address):
                    cycle.poll_account(runtime, now)
                    runtime.ledger.at(now)
                    runtime.ledger.keep(now)
            write_state_files(self, now, running=False)
        covered = [c for address in self.runtimes if account in (None, address) for c in self.store.coverage(address)]
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
        if everything:
            known = [o for a in self.assessments(now) for o in a.obligations]
        else:
            known = list(self.open_obligations(now))
        return tables.in_order([o for o in known if name in (None, o.client)], now, everything=everything)

    def reviews(self, now: datetime) -> tuple[Obligation, ...]:
        """Each client's review, the open ones first."""
        return tuple(o for o in self.due(now, everything=True) if o.kind is Kind.REVIEW)

    def obligation(self, target: str, now: datetime) -> Obligation:
        """The obligation with that id. Raises CannotDo."""
        found = self.find(target, now)
        if found is None:
            raise CannotDo(
                f"There is no obligation {target}. `kept due --all` lists them with their ids; for a message, name its file."
            )
        return found

    def decide(
        self, verb: str, target: str, now: datetime, *, until: datetime | None = None, why: str | None = None, scope: str = "item"
    ) -> Said:
        """Take the user's word down. Raises CannotDo for an unknown target."""
        said = Verb(verb)
        key, what, about = self._target(said, target, now)
        by = about.account if about else self.office.accounts[0].address
        decision = Decision(key, said, now, by, until, why)
        if isinstance(about, Obligation):
            decision = corrections.about(decision, about, Scope(scope))
        self.store.decide(by, decision)
        write_learned_bands(self, now)
        done = {
            Verb.DONE: "Done",
            Verb.SNOOZE: f"Snoozed until {until:%a %d %b %H:%M %Z}" if until else "",
            Verb.WAIVE: "Not owed",
            Verb.WRONG: "Misread, not owed",
            Verb.CONFIRM: "Tracked",
            Verb.UNDO: "Taken back",
            Verb.VETO: "Stopped",
        }
        hint = self._hint(decision, about, now)
        return Said(
            f"{done[said]}: {what}" + (f"\n{hint}" if hint else ""),
            {"id": target, "decision": verb, "at": now.isoformat(), "until": until.isoformat() if until else None, "what": what},
        )

    def _hint(self, decision: Decision, about: Obligation | Action | None, now: datetime) -> str:
        """What a correction leads to: another client's address belongs into the configuration; the third alike suggests a rule."""
        if decision.verb not in corrections.CORRECTING or not isinstance(about, Obligation):
            return ""
        if decision.why and "wrong client" in decision.why.lower():
            return f"So that it does not come again, put {about.contact or 'the address'} under `addresses:` of the right client in {self.path}."
        alike = [
            p
            for p in corrections.proposals(self.store.decisions(about.account, now), now)
            if (p.client, p.wording) == (decision.client, decision.wording)
        ]
        return (
            f"That was the {phrases.ordinal(alike[0].count)} time with the same words. Make it a rule: kept corrections --accept {alike[0].id}"
            if alike
            else ""
        )

    def _target(self, verb: Verb, target: str, now: datetime) -> tuple[str, str, Obligation | Action | None]:
        """The key of what is meant, the words for it, and the thing itself where it still stands."""
        if verb is Verb.UNDO:
            for decision in (d for address in self.runtimes for d in self.store.decisions(address, now)):
                if target in (decision.target, decision.target_id):
                    return decision.target, f"the decision on {target}", self.find(target, now)
        if verb is Verb.VETO:
            for action in self.plan(now):
                if target in (action.id, action.key):
                    return action.key, action.summary, action
            raise CannotDo(
                f"Nothing planned is called {target}; `kept plan` lists what is. What was sent or booked cannot be vetoed."
            )
        found = self.obligation(target, now)
        return found.key, found.summary, found

    def plan(self, now: datetime) -> tuple[Action, ...]:
        """What will be sent or booked next, in order of time."""
        found = [a for r in self.runtimes.values() for a in upcoming(cycle.plan_inputs(r, r.ledger.at(now), now))]
        return tuple(sorted(found, key=lambda a: (a.at, a.key)))

    def digests(self, now: datetime, *, linked: bool = True) -> tuple[Letter, ...]:
        """Each account's digest as of `now`; a terminal has commands and needs no links."""
        ahead = self.plan(now)
        return tuple(
            cycle.renderer_of(runtime, runtime.ledger.at(now), now).digest(
                [a for a in ahead if a.account == address and a.reaches_others],
                nonce=f"shown:{now.isoformat()}" if linked else None,
            )
            for address, runtime in self.runtimes.items()
        )

    def replay(self, start: datetime, end: datetime) -> tuple[Action, ...]:
        """Each action that the daemon would have taken from `start` to `end`, at its moment. Nothing is sent, booked or stored."""
        if end <= start:
            raise CannotDo("--to must lie after --from.")
        self.look_from(start)
        return replay.replay(self.runtimes.values(), start, end)

    def client(self, name: str) -> Client:
        """The client meant by a name. Raises CannotDo."""
        found = self._client(name)
        return next(c for c in self.office.clients if c.name == found)

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
            for address, runtime in self.runtimes.items():
                assessments = runtime.ledger.at(now)
                actions = [
                    a
                    for a in plan(cycle.plan_inputs(runtime, assessments, now))
                    if a.kind is ActionKind.DIGEST or a.reaches_others
                ]
                digest = [a for a in actions if a.kind is ActionKind.DIGEST]
                if not digest:
                    lines.append(f"{address}: today's digest was sent already, or it is no working morning; nothing was sent")
                    continue
                cycle.queue(runtime, assessments, actions, now)
                outcomes = runtime.outbox.deliver(now)
                ours = next((o for o in outcomes if o.key == digest[0].key), None)
                if ours is None or ours.delivery is not Delivery.SENT:
                    raise CannotDo(
                        f"The digest for {address} could not be sent: {ours.error if ours else 'it is queued'}. It is kept and tried again."
                    )
                lines.append(f"{address}: sent")
            return tuple(lines)

    def book_review(self, client: str, now: datetime) -> Said:
        """What is planned for this client's review."""
        name = self._client(client)
        for action in self.plan(now):
            if action.kind is ActionKind.REVIEW and action.client == name:
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
        for address, sources in ((a, r.sources) for a, r in self.runtimes.items()):
            things: list[tuple[str, Mailbox | Calendar | MailTransport]] = [
                *sources.mailboxes.items(),
                *sources.calendars.items(),
                *([("sending", sources.transport)] if sources.transport else []),
            ]
            for name, thing in things:
                try:
                    checks.append(Check(f"{address} {name}", works=True, found=thing.check()))
                except ConnectorError as error:
                    checks.append(Check(f"{address} {name}", works=False, found=(error.message,)))
        return tuple(checks)

    def export(self, client: str) -> dict[str, Any]:
        """All that is stored about one client."""
        return self.store.export(self._client(client), self._concerns(client))

    def purge(self, client: str) -> Said:
        """Forget one client."""
        name = self._client(client)
        count = self.store.purge(name, self._concerns(client))
        return Said(
            f"Forgot {count} messages of {name}. Take {name} out of the configuration, or the next full sync reads them again.",
            {"client": name, "messages": count},
        )

    def _concerns(self, client: str) -> Callable[[Event], bool]:
        name = self._client(client)
        found = next(c for c in self.office.clients if c.name == name)
        return lambda event: any(
            timeline.concerns(event, a, found, next(iter(self.runtimes.values())).config.directory) for a in self.office.accounts
        )

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


def read_file(path: Path, config_path: Path | None, environ: Mapping[str, str]) -> dict[str, Any]:
    """All that is read out of one message file, seen from the first configured account where there is one."""
    try:
        settings = load_settings(config_path or default_path(environ))
        account = make_office(settings, None).accounts[0]
        own, frame = account.addresses, hours.frame(account.hours)
    except ConfigError:
        if config_path is not None:
            raise
        own, frame = frozenset(), reading.TimeContext()
    try:
        message = mime.parse(path.read_bytes(), role=Role.OTHER, folder=str(path.parent), otherwise=clock.now())
    except (OSError, ValueError) as error:
        raise CannotDo(f"{path} cannot be read as a mail: {error}") from None
    utterance = reading.ReaderInput(
        direction="sent" if message.sender.email in own else "received",
        sender=message.sender.email,
        to=tuple(a.email for a in message.to),
        cc=tuple(a.email for a in message.cc),
        date=message.date,
        subject=message.subject,
        text=message.text,
        headers=message.headers,
        user=tuple(own & {a.email for a in (message.sender, *message.to, *message.cc)}),
        time_context=frame,
    )
    found = reading.read(utterance)
    return message_page.document(message, found, reading.strongest_features(utterance, found))
