"""The team, for whoever may see others by their role: who is overdue with whom, the trend, who had no contact, the load by person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for

from daemon.analysis.figures import Week
from daemon.core import hours
from daemon.core.access import as_viewer
from daemon.glossary.obligations import Obligation
from daemon.glossary.parties import Account
from daemon.letters import phrases
from daemon.operations import team_figures
from daemon.operations.team_figures import LOAD, PersonFigures
from daemon.web.charts import Column, columns, stacked_bar
from daemon.web.texts import gettext as _
from daemon.web.viewing import Viewing, viewing, web_office, whole_office
from daemon.web.wording import duration_words, kind_name

blueprint = Blueprint("team", __name__)

PEOPLE = 20  # on one page
OVERDUE, SILENT = 12, 20  # rows of one person


def is_for(address: str) -> bool:
    """Return whether an account may see anybody, so that there is a page for it."""
    office = whole_office().office
    account = next((a for a in office.accounts if a.address == address), None)
    return account is not None and bool(team_figures.seen_by(office, account))


@blueprint.get("/team")
def show() -> str:
    """Show the people; the figures follow, as the first look at somebody takes a moment. Without JavaScript all comes at once."""
    people, page = _people()
    at_once = request.args.get("all") == "yes"
    figures = _figures(people) if at_once else None
    with viewing() as view:
        told = _told(figures, view) if figures is not None else None
        return render_template("team.html", people=len(people), page=page, told=told, **_pages(page))


@blueprint.get("/team/figures")
def figures() -> str:
    """Show the figures of the people on a page."""
    people, page = _people()
    found = _figures(people)
    with viewing() as view:
        return render_template("team_figures.html", page=page, told=_told(found, view), **_pages(page))


def _people() -> tuple[Sequence[Account], int]:
    """Return whom the account may see, of one page, and its number. There is no such page for whoever may see nobody."""
    office = whole_office().office
    account = next(a for a in office.accounts if a.address == g.account)
    seen = team_figures.seen_by(office, account)
    if not seen:
        abort(404)
    asked = request.args.get("page", "")
    page = min(int(asked), (len(seen) - 1) // PEOPLE) if asked.isdecimal() and len(asked) < 6 else 0
    g.more_people = len(seen) > (page + 1) * PEOPLE
    return seen[page * PEOPLE : (page + 1) * PEOPLE], page


def _pages(page: int) -> Mapping[str, str]:
    return {
        "before": url_for("team.show", page=page - 1) if page else "",
        "after": url_for("team.show", page=page + 1) if g.more_people else "",
    }


def _figures(people: Iterable[Account]) -> list[PersonFigures]:
    """Return the figures of each, lent one after the other, never two at once: two who look at each other must not wait for ever."""
    office = web_office()
    viewer = as_viewer(next(a for a in office.app.office.accounts if a.address == g.account))
    found = []
    for person in people:
        with office.at_work(person.address) as (_app, runtime):
            found.append(team_figures.figures_of(runtime, viewer, office.now()))
    return found


def _told(people: Sequence[PersonFigures], view: Viewing) -> Mapping[str, Any]:
    """Return what the page says: the trend of all, and each person, whoever has most overdue first."""
    most = max((person.open for person in people), default=0) or 1
    ordered = sorted(people, key=lambda p: (-len(p.overdue), -p.open, p.account.name.casefold()))
    weeks = team_figures.weeks_together(people)
    return {
        "chart": _trend(weeks, view),
        "weeks": [_week_words(w, view) for w in weeks],
        "first": _week_words(weeks[0], view)["label"] if weeks else "",
        "last": _week_words(weeks[-1], view)["label"] if weeks else "",
        "people": [_person(p, view, most) for p in ordered],
        "overdue": sum(len(p.overdue) for p in people),
        "open": sum(p.open for p in people),
        "silent": sum(len(p.silent) for p in people),
    }


def _person(p: PersonFigures, view: Viewing, most: int) -> Mapping[str, Any]:
    load = [(kind_name(kind), p.load[kind]) for kind in LOAD if p.load.get(kind)]
    label = _("%(n)d open, %(late)d of them overdue, %(soon)d due soon", n=p.open, late=len(p.overdue), soon=p.due_soon)
    rest = max(0, p.open - len(p.overdue) - p.due_soon)
    return {
        "name": phrases.cut(p.account.name, 60),
        "words": p.words,
        "clients": p.clients,
        "open": p.open,
        "bar": stacked_bar([("late", len(p.overdue)), ("near", p.due_soon), ("plain", rest)], label, most),
        "label": label,
        "load": load,
        "overdue": [_overdue(o, p, view) for o in p.overdue[:OVERDUE]],
        "overdue_count": len(p.overdue),
        "more_overdue": max(0, len(p.overdue) - OVERDUE),
        "silent": [(phrases.cut(s.client, 60), _since(s.last_contact, view)) for s in p.silent[:SILENT]],
        "more_silent": max(0, len(p.silent) - SILENT),
        "kept": _kept(p.weeks),
    }


def _overdue(o: Obligation, p: PersonFigures, view: Viewing) -> Mapping[str, str]:
    """Return one line: the client, what kind, how late; the words only where they may be seen."""
    minutes = hours.between(p.account.hours, o.due or view.now, view.now).total_seconds() / 60
    return {
        "client": phrases.cut(o.client, 60),
        "kind": kind_name(o.kind),
        "due": view.texts.moment(o.due, view.zone, view.now) if o.due else "",
        "late": duration_words(minutes, p.account.hours),
        "words": phrases.words_of(o) if p.words else "",
    }


def _since(at: datetime | None, view: Viewing) -> str:
    return view.texts.day(at, view.zone, view.now) if at else "–"


def _kept(weeks: Sequence[Week]) -> str:
    """Return how much of what fell due in the last four weeks was done on time."""
    recent = weeks[-4:]
    due = sum(w.met + w.late + w.open for w in recent)
    return f"{sum(w.met for w in recent) / due:.0%}" if due else "–"


def _trend(weeks: Sequence[Week], view: Viewing) -> str:
    rows = [
        Column((("good", w.met), ("late", w.late), ("open", w.open)), "{label}: {words}".format(**_week_words(w, view)))
        for w in weeks
    ]
    return columns(rows, _("What fell due each week: on time, late or not done, still open"))


def _week_words(week: Week, view: Viewing) -> Mapping[str, str]:
    monday = datetime.combine(week.monday, time(12), view.zone)
    words = _("%(met)d on time, %(late)d late or not done, %(open)d open", met=week.met, late=week.late, open=week.open)
    return {"label": view.texts.day(monday, view.zone, view.now), "words": words}
