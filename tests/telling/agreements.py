"""The lines of a story that say who is served and what was agreed: charters, clients, deliverables, recoveries, days away."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from connectors.calendar import Event
from connectors.mail import Address, Message, Role
from daemon.core import hours
from daemon.glossary.charter import Charter, Deliverable, Period, Redress
from daemon.glossary.parties import Client, Stage
from telling.told import DANA, DAYS, HOURS, Told, moment_of, working

_KEYS = {"callback": "call_back", "next": "next_step"}
_DELIVERABLE = re.compile(
    r"(\w+): (.+?) every (day|week|month)(?: on (\w+))?(?: by (\d\d:\d\d))?(?: subject (.+?))?(?: attachment (.+?))?(?: recipient (.+?))?"
)


def _business(told: Told, name: str) -> None:
    """Both sides wrote twice, on the first day before eight, and nobody asked or promised anything."""
    kim, zone = f"kim@{name}.example", ZoneInfo(told.hours.zone)
    for n, (sender, to, text) in enumerate(
        (
            (kim, DANA, "Line two has been running without a stop since the new rollers came."),
            (DANA, kim, "The spare rollers left our works yesterday by lorry."),
            (kim, DANA, "All six rollers arrived in good order and are in the store."),
            (DANA, kim, "The invoice for the six rollers is in the post."),
        )
    ):
        at = datetime.combine(told.begin.date(), time(7, 10 * n), zone)
        role, subject = Role.SENT if sender == DANA else Role.INBOX, f"Rollers {n}"
        message = Message(f"<business{n}.{name}>", at, at, Address(sender), subject, (Address(to),), text=text, role=role)
        told.messages.append(message)


def _charter(told: Told, text: str) -> None:
    name, _, rest = text.partition(":")
    name, _, start = name.partition(" from ")
    told.clients.setdefault(name, Client(name.capitalize(), frozenset({f"{name}.example"})))
    before = _latest(told, name) if start else Charter({"next_step": None, "review": None, "feedback": None}, redress=None)
    found = dict(before.standards)
    shifts = before.away_shifts
    for part in (p.strip() for p in rest.split(",") if p.strip()):
        if HOURS.search(part):
            told.hours = replace(working(part), holidays=told.hours.holidays)
            continue
        key, _, value = part.partition(" ")
        if key == "since":
            told.since = moment_of(told, value)
        elif key == "away":
            shifts = value == "shifts"
        else:
            value = value.removeprefix("step ")
            found[_KEYS.get(key, key)] = None if value == "off" else hours.parse_allowance(value)
    charter = replace(before, standards=found, away_shifts=shifts)
    if start:
        begin = datetime.combine(date.fromisoformat(start), time(), ZoneInfo(told.hours.zone))
        client = told.clients[name]
        told.clients[name] = replace(client, amendments=(*client.amendments, replace(charter, start=begin)))
    else:
        told.charters[name] = charter


def _latest(told: Told, name: str) -> Charter:
    """The version of a charter that was told last."""
    return told.clients[name].amendments[-1] if told.clients[name].amendments else told.charters[name]


def _amend(told: Told, name: str, charter: Charter) -> None:
    """Put another charter in the place of the one told last."""
    client = told.clients[name]
    if client.amendments:
        told.clients[name] = replace(client, amendments=(*client.amendments[:-1], charter))
    else:
        told.charters[name] = charter


def _deliverable(told: Told, text: str) -> None:
    found = _DELIVERABLE.fullmatch(text)
    assert found, f"no deliverable in “{text}”"
    name, title, every, on, by, subject, attachment, recipient = found.groups()
    day = DAYS.index(on) if on in DAYS else int(on or 0)
    clock = time.fromisoformat(by) if by else None
    before = _latest(told, name)
    thing = Deliverable(title, Period(every), day, clock, subject, attachment, recipient)
    _amend(told, name, replace(before, deliverables=(*before.deliverables, thing)))


def _recovery(told: Told, text: str) -> None:
    name, _, rest = text.partition(":")
    if rest.strip() == "off":
        _amend(told, name, replace(_latest(told, name), redress=None))
        return
    said = {key: value for key, _, value in (part.strip().partition(" ") for part in rest.split(",") if part.strip())}
    usual = Redress()
    grave = said.get("grave")
    redress = Redress(
        int(said.get("infractions", usual.infractions)),
        hours.parse_allowance(said["within"]) if "within" in said else usual.within,
        usual.grave if grave is None else None if grave == "off" else hours.parse_allowance(grave),
        int(said.get("trust", usual.trust)),
    )
    _amend(told, name, replace(_latest(told, name), redress=redress))


def _away(told: Told, text: str) -> None:
    days, _, title = text.partition(":")
    first, last = (date.fromisoformat(d) for d in days.split())
    zone = ZoneInfo(told.hours.zone)
    start, end = (datetime.combine(d, time(), zone) for d in (first, last + timedelta(days=1)))
    told.events.append(
        Event(f"away{len(told.events)}@northwind.example", start, end, title.strip(), all_day=True, organizer=DANA)
    )


def _client(told: Told, text: str) -> None:
    name, _, rest = text.partition(":")
    client = told.clients[name]
    for part in (p.strip() for p in rest.split(",")):
        key, _, value = part.partition(" ")
        if key == "stage":
            client = replace(client, stage=Stage(value))
        elif key == "phone":
            client = replace(client, phones=client.phones | {value})
        elif key == "address":
            client = replace(client, addresses=client.addresses | {value})
        elif key == "hours":
            client = replace(client, hours=working(value))
        elif key == "won":
            client = replace(client, won=datetime.combine(date.fromisoformat(value), time(), ZoneInfo(told.hours.zone)))
    told.clients[name] = client


def _holidays(told: Told, text: str) -> None:
    told.hours = replace(told.hours, holidays=frozenset(date.fromisoformat(d) for d in text.split()))


def _start(told: Told, text: str) -> None:
    told.begin = told.moment = datetime.combine(date.fromisoformat(text), time(), ZoneInfo(told.hours.zone))


# The word that such a line begins with, and what takes the rest of it.
AGREED: dict[str, Callable[[Told, str], None]] = {
    "charter": _charter,
    "client": _client,
    "deliverable": _deliverable,
    "recovery": _recovery,
    "away": _away,
    "holidays": _holidays,
    "business": _business,
    "start": _start,
}
