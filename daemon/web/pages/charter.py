"""Agree on a charter: what the client asked for, held against history, shown as they will read it, and then written, dated, for good."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as AnyResponse

from daemon.core.hours import parse_allowance
from daemon.errors import CannotDo, ConfigError
from daemon.glossary.charter import Charter
from daemon.glossary.parties import Client
from daemon.letters import phrases
from daemon.operations import charter_agreement, client_rows, reports
from daemon.operations.charter_agreement import STANDARDS
from daemon.operations.charter_history import RESPONSES
from daemon.operations.charter_versions import NewVersion, parse_duration
from daemon.service import health
from daemon.web.feasible import doubt, outlook
from daemon.web.pages.client import client_or_404, standards_words
from daemon.web.texts import explained
from daemon.web.texts import gettext as _
from daemon.web.viewing import Viewing, viewing, web_office
from daemon.web.wording import standard_question, time_as_typed

blueprint = Blueprint("charter", __name__)

_USUAL = ("1h", "2h", "4h", "1 day", "2 days", "2 weeks", "1 month", "3 months", "6 months", "off")  # offered in every field


@blueprint.get("/clients/<client_id>/charter")
def show(client_id: str) -> str:
    """Ask what was agreed."""
    with viewing() as view:
        client = client_or_404(view, client_id)
        form = {"from": view.now.astimezone(view.zone).date().isoformat()}
        return _page(view, client, client_id, form)


@blueprint.post("/clients/<client_id>/charter")
def agree(client_id: str) -> str | tuple[str, int] | AnyResponse:
    """Show what was written as the client will read it, or write it as the next version."""
    form = {name: value for name, value in request.form.items() if name != "csrf_token"}
    with viewing() as view:
        client = client_or_404(view, client_id)
        version, problems = charter_agreement.version_from(client, form, view.now, view.zone)
        if problems:
            return _page(view, client, client_id, form, problems={name: explained(why) for name, why in problems.items()}), 422
        try:
            shown = charter_agreement.preview(view.app, view.runtime, version, view.now)
            if form.get("do") == "agree" and form.get("previewed") == shown.seal:
                return _saved(view, version, client_id)
        except (CannotDo, ConfigError, OSError) as error:
            return _page(view, client, client_id, form, problems={"": _failure(error)}), 422
        changed = _("You changed something since. This is what they would read now; nothing was written yet.")
        unlike = {"": changed} if form.get("do") == "agree" else {}
        return _page(view, client, client_id, form, problems=unlike, preview=shown)


@blueprint.get("/clients/<client_id>/charter/agreed")
def agreed(client_id: str) -> str:
    """Say what was written, and where the draft for the client is."""
    with viewing() as view:
        client = client_or_404(view, client_id)
        day = charter_agreement.latest(client, view.zone)
        version = next((v for v in client.amendments if v.start and v.start.astimezone(view.zone).date() == day), None)
        draft = charter_agreement.draft_of(view.app, view.runtime, client, day) if day else None
        return render_template(
            "charter_agreed.html",
            id=client_id,
            name=phrases.cut(client.name, 80),
            start=view.texts.long_date(version.start, view.zone) if version and version.start else "",
            standards=_just_agreed(version, client) if version is not None else [],
            path=charter_agreement.file_of(view.app, client, day) if day else "",
            draft=charter_agreement.draft_link(draft),
            drafted=request.args.get("drafted") == "yes",
            may_be_taken_back=charter_agreement.may_be_taken_back(view.app, client, view.now, view.zone),
        )


@blueprint.post("/clients/<client_id>/charter/take-back")
def take_back(client_id: str) -> str | tuple[str, int]:
    """Take back what was just agreed, and say what holds again."""
    with viewing() as view:
        client = client_or_404(view, client_id)
        try:
            aside = charter_agreement.take_back(view.app, view.runtime, client, view.now)
        except (CannotDo, OSError) as error:
            return render_template(
                "charter_taken_back.html", id=client_id, name=phrases.cut(client.name, 80), problem=_failure(error)
            ), 409
        _take_into_use(view)
        return render_template("charter_taken_back.html", id=client_id, name=phrases.cut(client.name, 80), path=aside)


def _saved(view: Viewing, version: NewVersion, client_id: str) -> AnyResponse:
    """Write the version, take it into use, and leave the mail to the client as a draft; that it could not be saved changes nothing."""
    _path, draft = charter_agreement.save(view.app, view.runtime, version, view.now)
    drafted = "yes"
    try:
        reports.save_draft(view.app, draft, view.now)
    except CannotDo:
        drafted = "no"
    _take_into_use(view)
    return redirect(url_for("charter.agreed", client_id=client_id, drafted=drafted), 303)


def _just_agreed(version: Charter, client: Client) -> list[tuple[str, str]]:
    """Return what a version changed, of what the form asks for; all of that where it only put into writing what held before."""
    before = client.charter_at(version.start - timedelta(microseconds=1)) if version.start else client.charter
    asked = {name: version.standards.get(name) for name in STANDARDS}
    changed = {name: allowed for name, allowed in asked.items() if allowed != before.standards.get(name)}
    return list(standards_words(Charter(changed or asked)))


def _take_into_use(view: Viewing) -> None:
    health.wake(view.app.folder)
    web_office().follow(at_once=True)


def _failure(error: CannotDo | ConfigError | OSError) -> str:
    if isinstance(error, ConfigError):
        return "; ".join(problem.message for problem in error.problems)
    if isinstance(error, OSError):
        return _("The file could not be written (%(why)s). Nothing was changed.", why=error.strerror or type(error).__name__)
    return explained(error)


def _page(
    view: Viewing,
    client: Client,
    client_id: str,
    form: Mapping[str, str],
    problems: Mapping[str, str] | None = None,
    preview: charter_agreement.Preview | None = None,
) -> str:
    """Return the form, with what is wrong with it or what would come of it."""
    present = charter_agreement.present(client, view.now)
    standards = [
        {
            "name": standard,
            "question": standard_question(standard),
            "value": form.get(standard, time_as_typed(present[standard])),
            "asked": form.get(f"asked_{standard}", ""),
            "history": _history(view, client, standard, form.get(standard, present[standard]), outlook),
        }
        for standard in STANDARDS
    ]
    return render_template(
        "charter.html",
        id=client_id,
        name=phrases.cut(client.name, 80),
        standards=standards,
        times=[time_as_typed(written) for written in _USUAL],
        form=form,
        problems=problems or {},
        preview=preview,
        doubts=[(s["question"], said) for s in standards if (said := _history(view, client, s["name"], s["value"], doubt))],
    )


def _history(view: Viewing, client: Client, standard: str, written: str, say: Callable[..., str]) -> str:
    """Return what history says (`outlook`, `doubt`) of a time to respond; nothing of other standards, nor of what is no time."""
    kind = RESPONSES.get(standard)
    try:
        duration = parse_duration(written)
    except CannotDo:
        return ""
    if kind is None or duration == "off":
        return ""
    assessment = client_rows.assessment_of(view.runtime, client, view.now)
    obligations: Any = assessment.obligations if assessment else ()
    return say(obligations, kind, parse_allowance(duration), view.account.hours, view.now)
