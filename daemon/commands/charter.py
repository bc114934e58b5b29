"""Charters at work: what is agreed, whether history says that it can be kept, and agreeing on a new version.

A version is interviewed, held against history, written into a file of its own (`daemon.config.charter_files`), and put into words for the
client as a draft. What was agreed before stays as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from daemon.analysis import feasibility, service_summary
from daemon.analysis.feasibility import Feasibility, Verdict
from daemon.app import App
from daemon.commands import reports
from daemon.config import charter_files
from daemon.core.hours import parse_allowance
from daemon.delivery import render
from daemon.errors import CannotDo
from daemon.glossary.actions import ActionKind
from daemon.glossary.assessments import Assessment
from daemon.glossary.charter import Allowance, Charter, Unit
from daemon.glossary.obligations import Kind, Obligation
from daemon.glossary.parties import Account, Client
from daemon.letters import charter_page, phrases

RESPONSES: Mapping[str, Kind] = {"reply": Kind.REPLY, "call_back": Kind.CALLBACK}
OTHERS: Mapping[str, Kind] = {
    "promise": Kind.PROMISE,
    "deliverable": Kind.DELIVERABLE,
    "meeting": Kind.MEETING,
    "contact": Kind.TOUCH_BASE,
    "next_step": Kind.NEXT_STEP,
    "feedback": Kind.FEEDBACK,
    "review": Kind.REVIEW,
}
TIMELY: Mapping[str, str] = {
    "within the hour": "1h",
    "within the half day": "4h",
    "within the day": "1 day",
    "within the week": "5 days",
}
"""What timely means to people -> how it is written."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One standard of one client (None: of all) against history."""

    client: str | None
    standard: str
    found: Feasibility
    account: Account

    def text(self) -> str:
        """One line for a person."""
        return f"{self.standard.replace('_', ' ')}: {_sentence(self.found, self.account)}"

    def document(self) -> dict[str, Any]:
        """For --json. Times are business minutes."""
        f, (low, high) = self.found, self.found.share.interval
        return {
            "client": self.client,
            "standard": self.standard,
            "agreed": phrases.allowance(f.allowance) if f.allowance else None,
            "met": f.share.met,
            "of": f.share.of,
            "interval": [round(low, 3), round(high, 3)],
            "open": f.open,
            "verdict": f.verdict.value,
            "enough_history": f.enough,
            "target_95": phrases.allowance(f.target) if f.target else None,
            "minutes_95": f.minutes,
            "minutes_95_within": list(f.within),
        }


@dataclass(frozen=True, slots=True)
class Agreed:
    """What an interview came to: the file's values, in the words of the configuration."""

    client: str
    start: date
    values: Mapping[str, Any]


def check(app: App, client: str | None, now: datetime) -> tuple[Finding, ...]:
    """Each standard against history: one client's, or without one the house's over all clients and then each client's own."""
    assessments = app.assessments(now)
    if client is not None:
        return tuple(_of_client(app, client, assessments, now))
    found: list[Finding] = []
    for account in app.office.accounts:
        mine = [a for a in assessments if a.account == account.address]
        owed = [o for a in mine for o in a.obligations]
        if owed:
            house = app.office.clients[0].charter if app.office.clients else Charter()
            found += _findings(None, owed, _house(app, house), account, now)
    named = {a.client for a in assessments if a.obligations}
    return (*found, *(f for c in app.office.clients if c.name in named for f in _of_client(app, c.name, assessments, now)))


def _house(app: App, fallback: Charter) -> Charter:
    """The house's own charter: that of a client without amendments and without a charter of their own, as far as there is one."""
    plain = {c.name for c in app.settings.clients if not c.charter.model_fields_set}
    return next((c.charter for c in app.office.clients if c.name in plain), fallback)


def _of_client(app: App, name: str, assessments: Iterable[Assessment], now: datetime) -> Iterator[Finding]:
    client = next(c for c in app.office.clients if c.name == name)
    for account in app.office.accounts:
        owed = [o for a in assessments if (a.account, a.client) == (account.address, name) for o in a.obligations]
        if owed:
            yield from _findings(name, owed, client.charter_at(now), account, now)


def _findings(
    client: str | None, owed: Sequence[Obligation], charter: Charter, account: Account, now: datetime
) -> Iterator[Finding]:
    for standard, kind in RESPONSES.items():
        allowance = charter.standards.get(standard)
        if allowance is not None:
            yield Finding(client, standard, feasibility.responses(owed, kind, allowance, account.hours, now), account)
    for standard, kind in OTHERS.items():
        found = feasibility.kept(owed, kind, charter.standards.get(standard), now)
        if found.share.of or found.open:
            yield Finding(client, standard, found, account)


def _sentence(f: Feasibility, account: Account) -> str:
    agreed = f"{phrases.allowance(f.allowance)}, " if f.allowance else ""
    low, high = f.share.interval
    kept = (
        f"met {f.share.met} of {f.share.of} times ({f.share.value:.0%}; 95 % sure that it is between {low:.0%} and {high:.0%})"
        if f.share.of
        else "nothing fell due yet"
    )
    still = f", {f.open} open" if f.open else ""
    return f"{agreed}{kept}{still}. {_VERDICTS[f.verdict]}{realistic(f, account)}"


_VERDICTS: Mapping[Verdict, str] = {
    Verdict.KEPT: "It can be kept.",
    Verdict.CLOSE: "It is close: 19 in 20 is not sure.",
    Verdict.BROKEN: "History says that it cannot be kept.",
    Verdict.UNKNOWN: "There is too little history to say.",
}


def realistic(f: Feasibility, account: Account) -> str:
    """What would have been kept 19 times in 20, with its uncertainty; nothing where too little is known."""
    if f.minutes is None:
        return ""
    low, high = f.within
    span = f"{phrases.duration(low, account.hours)} to {phrases.duration(high, account.hours)}"
    if f.target is None:
        return f" No time that people agree on was kept 19 times in 20 ({phrases.duration(f.minutes, account.hours)}; {span})."
    return f" Kept 19 times in 20: {phrases.allowance(f.target)} ({span})."


def show(app: App, name: str, now: datetime) -> tuple[str, dict[str, Any]]:
    """The charter in force and its versions, for a person and for --json."""
    client = next(c for c in app.office.clients if c.name == name)
    charter = client.charter_at(now)
    zone = ZoneInfo(_account_of(app, client).hours.zone)
    lines = [name, *_standards(charter)]
    if charter.since:
        lines.append(f"counts since {charter.since.astimezone(zone):%-d %B %Y}")
    for version in client.amendments:
        lines += ["", *_version(version, charter, zone)]
    return "\n".join(lines), {
        "client": name,
        "standards": {n: phrases.allowance(a) if a else None for n, a in sorted(charter.standards.items())},
        "deliverables": [{"name": d.name, "when": phrases.schedule(d)} for d in charter.deliverables],
        "since": charter.since.isoformat() if charter.since else None,
        "versions": [_document(v, zone) for v in client.versions],
    }


def _standards(charter: Charter) -> Iterator[str]:
    for standard, a in sorted(charter.standards.items()):
        yield f"{standard.replace('_', ' ')}: {phrases.allowance(a) if a else 'off'}"
    for thing in charter.deliverables:
        yield f"{phrases.cut(thing.name, 80)}: {phrases.schedule(thing)}"


def _version(version: Charter, now: Charter, zone: ZoneInfo) -> Iterator[str]:
    start = f"{version.start.astimezone(zone):%-d %B %Y}" if version.start else "the beginning"
    yield f"Version of {start}{' (in force)' if version is now else ''}"
    yield from (f"  {line}" for line in _standards(version))
    a = version.agreement
    if a is not None:
        yield from (f"  asked for, {name.replace('_', ' ')}: {phrases.quoted(said)}" for name, said in a.asked.items())
        if a.by:
            yield f"  agreed by {phrases.cut(a.by, 80)}"
        if a.next_review:
            yield f"  next review {a.next_review:%-d %B %Y}"
        if a.notes:
            yield f"  {phrases.cut(a.notes, 400)}"


def _document(v: Charter, zone: ZoneInfo) -> dict[str, Any]:
    a = v.agreement
    return {
        "from": v.start.astimezone(zone).date().isoformat() if v.start else None,
        "standards": {n: phrases.allowance(x) if x else None for n, x in sorted(v.standards.items())},
        "asked": dict(a.asked) if a else {},
        "agreed_by": a.by if a else "",
        "next_review": a.next_review.isoformat() if a and a.next_review else None,
        "notes": a.notes if a else "",
    }


# --- a new version ---


def written(text: str) -> str:
    """How a time is written: people's words (“within the day”), or a duration as in the configuration. Raises CannotDo."""
    said = text.strip().lower()
    for timely, how in TIMELY.items():
        if said and (
            said == timely
            or said == timely.removeprefix("within the ")
            or timely.removeprefix("within the ") == said.removeprefix("the ")
        ):
            return how
    if said in ("off", "none", "never"):
        return "off"
    try:
        parse_allowance(said)
    except ValueError:
        raise CannotDo(f"“{text}” is no time; write for example 2h, 1 day, 3 months, “within the day”, or off.") from None
    return said


def history(app: App, name: str, standard: str, how: str, now: datetime) -> Finding | None:
    """What history says of a response standard that is about to be agreed; None for other standards, or without history."""
    kind, client = RESPONSES.get(standard), next(c for c in app.office.clients if c.name == name)
    account = _account_of(app, client)
    owed = [o for a in app.assessments(now) if (a.account, a.client) == (account.address, name) for o in a.obligations]
    if kind is None or how == "off" or not any(o.kind is kind for o in owed):
        return None
    return Finding(name, standard, feasibility.responses(owed, kind, parse_allowance(how), account.hours, now), account)


def proposal(finding: Finding | None) -> str | None:
    """The time to negotiate for, as the configuration writes it; None where what was asked for can be kept."""
    if finding is None or finding.found.verdict in (Verdict.KEPT, Verdict.UNKNOWN) or finding.found.target is None:
        return None
    return spelled(finding.found.target)


def spelled(allowance: Allowance) -> str:
    """An allowance as the configuration writes it."""
    number, unit = allowance
    if unit is Unit.BUSINESS_MINUTES:
        return f"{number // 60}h" if number % 60 == 0 else f"{number}m"
    return f"{number} {'day' if number == 1 else 'days'}" if unit is Unit.WORKING_DAYS else f"{number} months"


def agree(app: App, agreed: Agreed, now: datetime) -> tuple[Path, str, str]:
    """Write the version and lay the page for the client as a draft: the file, the text, and how the draft went."""
    path = charter_files.write(Path(app.settings.charters), agreed.client, agreed.start, agreed.values)
    try:
        app.look_from(now)  # the world with what was just agreed
        client = next(c for c in app.office.clients if c.name == agreed.client)
    except Exception:
        path.unlink(missing_ok=True)  # what cannot be read again was never agreed
        raise
    account = _account_of(app, client)
    zone = ZoneInfo(account.hours.zone)
    version = next(v for v in client.amendments if v.start is not None and v.start.astimezone(zone).date() == agreed.start)
    subject, text = charter_page.charter_page(account, client, version)
    assessment = next((a for a in app.assessments(now) if (a.account, a.client) == (account.address, client.name)), None)
    contact = service_summary.contact(assessment) if assessment else None
    written = (subject, text, ())
    parcel = render.client_draft(account, ActionKind.CHARTER, client, agreed.start, contact, written, now)
    return path, text, reports.lay(app, parcel, now)


Ask = Callable[[str, str], str]
"""Asks a person something, with what an empty answer means."""


def interview(app: App, name: str, ask: Ask, tell: Callable[[str], None], now: datetime) -> Agreed:
    """Ask for everything that a version holds: what they want, what is realistic, what was agreed."""
    client = next(c for c in app.office.clients if c.name == name)
    account = _account_of(app, client)
    charter = client.charter_at(now)
    values: dict[str, Any] = {}
    wanted: dict[str, str] = {}
    tell(
        f"What did {name} ask for? Write a time (2h, 1 day, 3 months), “within the hour”, “within the day”, “within the week”, or off."
    )
    for standard, question in QUESTIONS.items():
        present = charter.standards.get(standard)
        how = _asked(ask, tell, question, spelled_or_off(present))
        finding = history(app, name, standard, how, now)
        if finding is not None:
            tell(f"  History with {name}: {_sentence(finding.found, account)}")
        better = proposal(finding)
        if better is not None and better != how:
            wanted[standard] = how
            how = _asked(ask, tell, f"  Not realistic by your history. Negotiate for {better}? Agreed on", better)
        if how != spelled_or_off(present) or standard in wanted:
            values[standard] = False if how == "off" else how
    said = ask("In their own words, what matters most to them?", "")
    if said:
        wanted["in their words"] = said
    today = now.astimezone(ZoneInfo(account.hours.zone)).date()
    start = _day(ask, tell, "In force from", today)
    by = ask("Who agreed (both sides)?", "")
    review = _day(ask, tell, "When is it reviewed next?", None)
    notes = ask("Anything else to note?", "")
    extra = {"asked": wanted, "agreed_by": by, "next_review": review, "notes": notes}
    return Agreed(name, start or today, values | {key: value for key, value in extra.items() if value})


QUESTIONS: Mapping[str, str] = {
    "reply": "How soon are their mails answered?",
    "call_back": "How soon are their calls returned?",
    "contact": "How often do they hear from you at least?",
    "meeting": "How often do you meet about current work?",
    "review": "How often do you review together what they expect?",
}


def spelled_or_off(allowance: Allowance | None) -> str:
    """The present answer to a question."""
    if allowance is None:
        return "off"
    if allowance.unit is Unit.CALENDAR_DAYS:
        return f"{allowance.count // 7} weeks" if allowance.count % 7 == 0 else f"{allowance.count} calendar days"
    return spelled(allowance)


def _asked(ask: Ask, tell: Callable[[str], None], question: str, present: str) -> str:
    """Ask until the answer is a time."""
    while True:
        try:
            return written(ask(question, present))
        except CannotDo as error:
            tell(f"  {error}")


def _day(ask: Ask, tell: Callable[[str], None], question: str, present: date | None) -> date | None:
    while True:
        said = ask(f"{question} (as 2026-03-31)", present.isoformat() if present else "")
        try:
            return date.fromisoformat(said) if said else None
        except ValueError:
            tell(f"  “{said}” is no date.")


def _account_of(app: App, client: Client) -> Account:
    return next((a for a in app.office.accounts if client.owner in (None, *a.addresses)), app.office.accounts[0])
