"""The page of one client: what is open, what is agreed and could be, how it was, and all that happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for

from daemon.analysis.client_story import Chapter, Happening
from daemon.analysis.overview import Overview
from daemon.glossary.assessments import Assessment
from daemon.glossary.charter import Charter
from daemon.glossary.parties import Client
from daemon.letters import phrases
from daemon.operations import charter_agreement, client_rows, reports
from daemon.web import client_record, morning, security, settling, story_words
from daemon.web.feasible import Feasible, feasible
from daemon.web.settling import Bar
from daemon.web.viewing import Viewing, viewing
from daemon.web.wording import allowance_words, stage_name, standard_name

blueprint = Blueprint("client", __name__)

LONGEST_ID = 40  # characters
CHAPTERS = 10  # of the story on one page
LETTER_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "form-action 'none'; frame-ancestors 'self'; base-uri 'none'"
)
"""What binds the browser where a letter of Kept's own is shown, whose styles are written into its elements."""


@blueprint.get("/clients/<client_id>")
def show(client_id: str) -> str:
    """Show everything about one client."""
    with viewing() as view:
        client = client_or_404(view, client_id)
        assessment = client_rows.assessment_of(view.runtime, client, view.now)
        chapters = client_rows.story_of(view.runtime, client, view.now)
        row = client_rows.overview_of(view.runtime, client, view.now)
        told = {
            "row": row,
            "owner": _owner(view, client),
            "bar": settling.bar_of(view, request.args["settled"]) if "settled" in request.args else None,
            **_waiting(view, client_id, row),
            **_agreed(view, client),
            **client_record.record(view, client, assessment),
        }
    return render_template(
        "client.html",
        id=client_id,
        name=phrases.cut(client.name, 80),
        stage=stage_name(client.stage),
        writes_to=_writes_to(client, chapters) if row.alarms else "",
        feasible=_feasible(view, client, assessment),
        strip=story_words.strip(chapters, view) if chapters else "",
        **told,
        **_page_of(chapters, client_id, view),
    )


@blueprint.get("/clients/<client_id>/story")
def story(client_id: str) -> str:
    """Show what happened before a moment, or only what was filtered out, as a fragment or as a page of its own."""
    with viewing() as view:
        client = client_or_404(view, client_id)
        chapters = client_rows.story_of(view.runtime, client, view.now)
    filtered = request.args.get("of") == "filtered"
    if filtered:
        chapters = tuple(c for c in chapters if c.held is not None)
    template = "client_story.html" if "HX-Request" in request.headers else "client_earlier.html"
    told = {"id": client_id, "name": phrases.cut(client.name, 80), "filtered": filtered}
    return render_template(template, **told, **_page_of(chapters, client_id, view))


@blueprint.get("/clients/<client_id>/feasibility")
def feasibility(client_id: str) -> str:
    """Show how often a chosen time would have been kept."""
    with viewing() as view:
        client = client_or_404(view, client_id)
        assessment = client_rows.assessment_of(view.runtime, client, view.now)
    return render_template("client_feasible_answer.html", id=client_id, feasible=_feasible(view, client, assessment))


@blueprint.get("/clients/<client_id>/report")
def report(client_id: str) -> Response:
    """Show the report as the client would see it: Kept's own letter, in a page that may do nothing."""
    with viewing() as view:
        client = client_or_404(view, client_id)
        letter = reports.client_report(view.app, client, view.now).letter
    response = Response(letter.html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = LETTER_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@blueprint.get("/clients/<client_id>/report/framed")
def framed_report(client_id: str) -> Response:
    """Show the report in a frame, below the way back."""
    with viewing() as view:
        client = client_or_404(view, client_id)
        response = make_response(render_template("client_report.html", id=client_id, name=phrases.cut(client.name, 80)))
    response.headers["Content-Security-Policy"] = f"{security.POLICY}; frame-src 'self'"
    return response


def settled_list(view: Viewing, client_id: str, bar: Bar) -> str:
    """Return what a client waits for after something of it was settled, with the bar that undoes it in its place."""
    row = client_rows.overview_of(view.runtime, client_or_404(view, client_id), view.now)
    return render_template("client_waiting.html", **_waiting(view, client_id, row), row=row, bar=bar, replaces_bar=True)


def client_or_404(view: Viewing, client_id: str) -> Client:
    """Return the client of an address; there is no such page for whoever has nothing to do with them."""
    client = client_rows.client_with_id(view.runtime, client_id, view.now)
    if client is None:
        abort(404)
    return client


def _waiting(view: Viewing, client_id: str, row: Overview) -> Mapping[str, Any]:
    """Return what they wait for, each with what settles it as on the page of today."""
    return {"waiting": morning.of_client(view, row.waiting), "of_client": client_id}


def _writes_to(client: Client, chapters: Sequence[Chapter]) -> str:
    """Return the link that begins a mail to whoever of a client wrote last, from an address that is theirs; "" where none is known."""
    wrote = (c.who.email for c in chapters if c.what is Happening.THEIR_MAIL and c.who is not None)
    theirs = (a for a in wrote if a in client.addresses or a.rpartition("@")[2] in client.domains)
    address = next(theirs, "")
    return f"mailto:{quote(address, safe='@')}" if address else ""


def _owner(view: Viewing, client: Client) -> str:
    accounts = view.runtime.config.office.accounts
    owner = next((a for a in accounts if client.owner == a.address), None)
    return phrases.cut(owner.name, 60) if owner is not None and len(accounts) > 1 else ""


def _feasible(view: Viewing, client: Client, assessment: Assessment | None) -> Feasible:
    standard, rung = request.args.get("standard", "reply"), request.args.get("rung", "")
    agreed = client.charter_at(view.now).standards.get(standard)
    obligations = assessment.obligations if assessment else ()
    chosen = int(rung) if rung.isdecimal() and len(rung) < 4 else None
    return feasible(obligations, standard, chosen, agreed, view.account.hours, view.now)


def _agreed(view: Viewing, client: Client) -> Mapping[str, Any]:
    """Return the charter in force, and its versions, the latest first."""
    in_force = client.charter_at(view.now)
    return {
        "standards": list(standards_words(in_force)),
        "deliverables": [{"name": phrases.cut(d.name, 80), "when": phrases.schedule(d)} for d in in_force.deliverables],
        "versions": [_version(v, view, in_force=v is in_force) for v in reversed(client.amendments)],
        "may_be_taken_back": charter_agreement.may_be_taken_back(view.app, client, view.now, view.zone),
    }


def standards_words(charter: Charter) -> Iterator[tuple[str, str]]:
    """Yield each standard of a charter with its time, in words."""
    for standard, allowed in charter.standards.items():
        if allowed is not None:
            yield standard_name(standard), allowance_words(allowed)


def _version(version: Charter, view: Viewing, *, in_force: bool) -> Mapping[str, Any]:
    agreement = version.agreement
    day = view.texts.long_date
    review = agreement.next_review if agreement else None
    return {
        "start": day(version.start, view.zone) if version.start else "–",
        "in_force": in_force,
        "standards": list(standards_words(version)),
        "asked": [(name, phrases.quoted(words)) for name, words in agreement.asked.items()] if agreement else [],
        "by": phrases.cut(agreement.by, 80) if agreement else "",
        "next_review": review.isoformat() if review else "",
        "notes": phrases.cut(agreement.notes, 400) if agreement else "",
    }


def _page_of(chapters: Sequence[Chapter], client_id: str, view: Viewing) -> Mapping[str, Any]:
    """Return the chapters of one page, and where those before them are."""
    before = _before()
    left = [c for c in chapters if before is None or c.at < before]
    shown = left[:CHAPTERS]
    if len(left) > CHAPTERS:  # what happened at the same moment stays together
        shown = [c for c in left if c.at >= shown[-1].at]
    of, before_these = request.args.get("of", "")[:20] or None, shown[-1].at.isoformat() if shown else ""
    earlier = url_for("client.story", client_id=client_id, of=of, before=before_these) if len(left) > len(shown) else ""
    return {"chapters": [story_words.chapter_words(c, view) for c in shown], "earlier": earlier}


def _before() -> datetime | None:
    """Return the moment before which the story is told; what is not one is ignored."""
    try:
        before = datetime.fromisoformat(request.args.get("before", ""))
    except ValueError:
        return None
    return before if before.tzinfo is not None else None
