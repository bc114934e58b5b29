"""Settings that people change often: quiet hours and days off of one's own; the digest's time and the reminders of a day for the house."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from daemon.config.account_settings import AccountSettings
from daemon.config.settings import by_address
from daemon.config.yaml_lines import KeyPath
from daemon.core.absence import Absence
from daemon.core.absence import absences as absences_of
from daemon.errors import CannotDo
from daemon.glossary.charter import Interval
from daemon.glossary.parties import Away
from daemon.web import settings_file
from daemon.web.texts import gettext as _
from daemon.web.viewing import Viewing, viewing, web_office

blueprint = Blueprint("settings", __name__, url_prefix="/settings")

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_MOST_REMINDERS = 50
_EARLY = 3  # hours before work begins: what comes earlier is not read over breakfast
_SHOWN = 10  # days off ahead that the calendar knows


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows: what can be changed, and the days off that the calendar says."""

    digest_at: time
    interruptions: int
    digest_outside: bool
    house: bool
    week: str
    quiet: tuple[Interval, ...]
    away: tuple[Away, ...]
    calendar: tuple[Absence, ...]


@blueprint.get("")
def show() -> str:
    """Show the page."""
    with viewing() as view:
        return render_template("settings.html", settings=_shown(view), saved=request.args.get("saved", ""))


@blueprint.post("/house")
def change_house() -> Response:
    """Change when the digest comes and how many reminders a day may bring."""
    with viewing() as view:
        address = view.account.address
        if not settings_file.may_change_house(view.app, address):
            abort(403)
    values: dict[KeyPath, Any] = {("digest", "at"): _time("digest_at"), ("interruptions",): _number("interruptions")}
    settings_file.change_house(web_office(), address, values)
    return _saved("house")


@blueprint.post("/quiet")
def add_quiet() -> Response:
    """Add quiet hours."""
    begin, end = _time("begin"), _time("end")
    return _change(lambda account: {("quiet",): [*account.quiet, f"{begin}-{end}"]})


@blueprint.post("/quiet/<int:begin>/<int:end>/remove")
def remove_quiet(begin: int, end: int) -> Response:
    """Remove quiet hours, which are named by their minutes since midnight."""
    gone = f"{_clock(begin)}-{_clock(end)}"
    return _change(lambda account: {("quiet",): [q for q in account.quiet if q.replace(" ", "") != gone] or None})


@blueprint.post("/away")
def add_away() -> Response:
    """Add days off."""
    first, last = _date("first"), _date("last")
    if last < first:
        raise CannotDo(_("The last day lies before the first one. Nothing was changed."))
    return _change(lambda account: {("away",): _written([*account.away, Away(first, last)])})


@blueprint.post("/away/<first>/remove")
def remove_away(first: str) -> Response:
    """Remove days off, which are named by the first one."""
    return _change(lambda account: {("away",): _written([a for a in account.away if a.first.isoformat() != first]) or None})


def _change(values: Any) -> Response:
    """Change what `values` makes of the settings of the account that is signed in."""
    with viewing() as view:
        address = view.account.address
        changes: Mapping[KeyPath, Any] = values(_own(view))
    settings_file.change_account(web_office(), address, changes)
    (((section,), _value),) = changes.items()
    return _saved(str(section))


def _own(view: Viewing) -> AccountSettings:
    return by_address(view.app.settings)[view.account.address]


def _shown(view: Viewing) -> Shown:
    account, settings = view.account, view.app.settings
    today = view.now.astimezone(view.zone).date()
    in_calendar = replace(account, away=())
    events = view.runtime.ledger.facts.calendar(view.now)
    ahead = [a for a in absences_of(in_calendar, events) if a.last >= today]
    return Shown(
        digest_at=settings.digest.at,
        digest_outside=_is_outside(settings.digest.at, account.hours.week),
        interruptions=settings.interruptions,
        house=settings_file.may_change_house(view.app, account.address),
        week=_week(account.hours.week, view),
        quiet=account.quiet,
        away=tuple(sorted(account.away)),
        calendar=tuple(ahead[:_SHOWN]),
    )


def _is_outside(at: time, week: tuple[tuple[Interval, ...], ...]) -> bool:
    """Return whether a digest at this time comes after the working hours of every day, or so early that it is night."""
    working = [day for day in week if day]
    return bool(working) and all(at >= day[-1].end or _hour(day[0].start) - _hour(at) > _EARLY for day in working)


def _hour(at: time) -> float:
    return at.hour + at.minute / 60


def _week(week: tuple[tuple[Interval, ...], ...], view: Viewing) -> str:
    """Return the working hours in words: Mon–Fri 09:00–17:30; of days in a row with the same hours, the first and the last."""
    names = view.texts.weekdays()
    runs: list[tuple[int, int, tuple[Interval, ...]]] = []
    for n, day in enumerate(week):
        if runs and runs[-1][2] == day and runs[-1][1] == n - 1:
            runs[-1] = (runs[-1][0], n, day)
        elif day:
            runs.append((n, n, day))
    return "; ".join(
        f"{names[a]}{f'–{names[b]}' if b > a else ''} {', '.join(f'{i.start:%H:%M}–{i.end:%H:%M}' for i in day)}"
        for a, b, day in runs
    )


# --- what the form says ---


def _written(away: list[Away]) -> list[str]:
    return [f"{a.first} to {a.last}" if a.last > a.first else f"{a.first}" for a in sorted(away)]


def _time(name: str) -> str:
    typed = request.form.get(name, "")[:5]
    if not _TIME.fullmatch(typed):
        raise CannotDo(_("A time of day is missing; write it as 07:30. Nothing was changed."))
    return typed


def _number(name: str) -> int:
    typed = request.form.get(name, "")
    if not (typed.isascii() and typed.isdigit() and len(typed) < 4 and int(typed) <= _MOST_REMINDERS):
        raise CannotDo(_("The number of reminders must be between 0 and %(most)s. Nothing was changed.", most=_MOST_REMINDERS))
    return int(typed)


def _date(name: str) -> date:
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        raise CannotDo(_("A date is missing. Nothing was changed.")) from None


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _saved(section: str) -> Response:
    return redirect(url_for("settings.show", saved=section, _anchor=section), 303)
