"""The page of all clients: one row each, whoever needs attention first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from flask import Blueprint, Request, render_template, request, url_for

from daemon.analysis.feasibility import SHARE, Share
from daemon.analysis.overview import Attention, Overview
from daemon.core.infractions import waits_since
from daemon.glossary.parties import Office, Stage
from daemon.letters import phrases
from daemon.operations import client_rows
from daemon.web import charts
from daemon.web.texts import gettext as _
from daemon.web.texts import ngettext
from daemon.web.viewing import Viewing, viewing
from daemon.web.wording import stage_name

blueprint = Blueprint("clients", __name__)

LONGEST_TEXT = 80  # characters of a filter
ROWS = 100  # on the page, unless everybody is asked for


class Filters(NamedTuple):
    """What the rows are narrowed down to; "" leaves everything."""

    text: str
    waiting: str
    stage: str
    owner: str


_NEEDS: Mapping[str, Callable[[Overview], bool]] = {
    "overdue": lambda row: row.overdue > 0,
    "waiting": lambda row: bool(row.waiting),
    "slipping": lambda row: bool(row.alarms),
    "unplanned": lambda row: row.attention is not Attention.LOST and row.next_step is None,
}


@blueprint.get("/clients")
def show() -> str:
    """Show the clients that fit the filters."""
    chosen = _filters(request)
    with viewing() as view:
        everyone = view.worked_out("clients", lambda: client_rows.overviews(view.runtime, view.now))
    names = _owner_names(view.runtime.config.office)
    fitting = [row for row in everyone if _fits(row, chosen)]
    shown = fitting if request.args.get("rows") == "all" else fitting[:ROWS]
    return render_template(
        "clients.html",
        rows=[_row(row, view, names) for row in shown],
        fitting=len(fitting),
        total=len(everyone),
        everybody=_with_everybody(chosen) if len(shown) < len(fitting) else "",
        chosen=chosen,
        stages=[(stage.value, stage_name(stage)) for stage in Stage],
        owners=sorted({(o, names.get(o, o)) for row in everyone if (o := row.client.owner)}, key=lambda pair: pair[1]),
        **_labels(),
    )


def _filters(asked: Request) -> Filters:
    return Filters(*(asked.args.get(name, "")[:LONGEST_TEXT] for name in Filters._fields))


def _with_everybody(chosen: Filters) -> str:
    return url_for("clients.show", rows="all", **{name: value for name, value in chosen._asdict().items() if value})


def _fits(row: Overview, chosen: Filters) -> bool:
    needs = _NEEDS.get(chosen.waiting)
    return (
        chosen.text.strip().casefold() in row.client.name.casefold()
        and (needs is None or needs(row))
        and chosen.stage in ("", row.client.stage.value)
        and chosen.owner in ("", row.client.owner)
    )


def _owner_names(office: Office) -> Mapping[str, str]:
    return {account.address: phrases.cut(account.name, 60) for account in office.accounts}


def _labels() -> Mapping[str, str]:
    """Return the names of the columns, which stand in every row on a phone."""
    return {
        "kept_label": _("Kept"),
        "contact_label": _("Contact"),
        "next_label": _("Next step"),
        "review_label": _("Next review"),
    }


def _row(row: Overview, view: Viewing, names: Mapping[str, str]) -> Mapping[str, Any]:
    """Return a row in words and pictures."""
    c = row.client

    def say(at: datetime) -> str:
        return view.texts.day(at, view.zone, view.now)

    return {
        "href": url_for("client.show", client_id=client_rows.client_id(c.name)),
        "name": phrases.cut(c.name, 60),
        "stage": stage_name(c.stage),
        "owner": names.get(c.owner or "", "") if len(names) > 1 else "",
        "now": tuple(_now(row)),
        "signs": [phrases.cut(alarm.says, 140) for alarm in row.alarms],
        "waits": _longest_wait(row, view.now, say),
        "bars": _bars(row) if row.quarter.of else "",
        "shares": [(days, f"{s.value:.0%}" if s.of else "–") for days, s in ((30, row.month), (90, row.quarter))],
        "rhythm": charts.sparkline(row.rhythm, _("emails a week: %(numbers)s", numbers=_latest(row.rhythm)))
        if any(row.rhythm)
        else "",
        "contact": _contact(row, say),
        "step_at": say(row.next_step.at) if row.next_step else "",
        "step": phrases.cut(row.next_step.what, 60) if row.next_step else "",
        "review": _review(row, say),
    }


def _contact(row: Overview, say: Callable[[datetime], str]) -> str:
    if row.last_call is not None:
        return _("they called %(day)s", day=say(row.last_call))
    return say(row.last_contact) if row.last_contact else _("never")


def _now(row: Overview) -> Iterator[tuple[str, str]]:
    """Yield the chips of what holds now: their tone and their words."""
    if row.overdue:
        yield "late", ngettext("%(num)d overdue", "%(num)d overdue", row.overdue)
    if row.alarms:
        yield "late", _("slipping away?")
    if row.recovery is not None and row.attention is not Attention.LOST:
        yield "near", _("recovery")
    others = len(row.waiting) - row.overdue
    if others > 0:
        yield "near" if row.attention is Attention.DUE_SOON else "", ngettext("%(num)d open", "%(num)d open", others)
    if row.attention is Attention.NOTHING_PLANNED:
        yield "", _("nothing planned")


def _longest_wait(row: Overview, now: datetime, say: Callable[[datetime], str]) -> str:
    oldest = min((at for o in row.waiting if (at := waits_since(o, now)) is not None), default=None)
    return _("waiting since %(day)s", day=say(oldest)) if oldest else ""


def _bars(row: Overview) -> str:
    return charts.share_bars(
        [(share.value if share.of else 0, _tone(share)) for share in (row.month, row.quarter)],
        _("kept: %(month)s in 30 days, %(quarter)s in 90", month=_of(row.month), quarter=_of(row.quarter)),
    )


def _tone(share: Share) -> charts.Tone:
    return "good" if share.value >= SHARE else "plain" if share.value >= 0.8 else "late"


def _of(share: Share) -> str:
    return _("%(met)d of %(all)d", met=share.met, all=share.of)


def _latest(rhythm: Sequence[int]) -> str:
    """Return the last numbers of a rhythm as a list, the newest last."""
    return ", ".join(map(str, rhythm[-4:]))


def _review(row: Overview, say: Callable[[datetime], str]) -> str:
    if row.next_review is None:
        return ""
    return say(row.next_review) if row.review_booked else _("due %(day)s", day=say(row.next_review))
