"""The client report: how well we kept what we agreed, as a page for the client, and the draft mail that brings it.

It is written from one client's `ServiceSummary` alone. It quotes only what the user promised this client, never anybody else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from connectors.mail import Address
from daemon.analysis.service_summary import ServiceSummary, StandardResult
from daemon.core import hours
from daemon.core.infractions import Infraction
from daemon.glossary.assessments import RecoveryStage
from daemon.glossary.obligations import Kind, Obligation
from daemon.glossary.parties import Account
from daemon.letters import Letter, phrases, pictures
from daemon.letters.charts import BarChart, StackedBarChart, distribution, weeks
from daemon.letters.recovery import KIND_NOUNS
from daemon.letters.sheet import Part, Picture, Row, sheet

FEWEST = 5  # answers below which no curve is drawn
MOST = 12  # rows of what went wrong
_STANDARDS: Mapping[Kind, str] = {
    Kind.REPLY: "Your emails are answered",
    Kind.CALLBACK: "Your calls are returned",
    Kind.PROMISE: "We do what we promise, on time",
    Kind.DELIVERABLE: "Regular deliveries arrive on time",
    Kind.MEETING: "We meet as agreed",
    Kind.REVIEW: "We sit down together for a review",
    Kind.FEEDBACK: "We ask how it went",
}
_AMENDS: Mapping[RecoveryStage, str] = {
    RecoveryStage.BOOKED: "We have arranged a meeting about it.",
    RecoveryStage.HELD: "We have met about it.",
    RecoveryStage.FOLLOWED: "We have met about it and agreed new standards, which are now in force.",
}


def report(account: Account, summary: ServiceSummary) -> tuple[Letter, tuple[Picture, ...]]:
    """Return the page for the client, with the pictures that go with it."""
    zone = ZoneInfo(account.hours.zone)
    attached = tuple(_pictures(summary, account))
    wrong = [*_overdue(summary, account, zone), *(_wrong(i, account, zone, summary.until) for i in summary.wrong[-MOST:])]
    parts = (
        Part(
            "What we agreed, and how well we kept it",
            [_result(s) for s in summary.results],
            _versions(summary, zone),
            empty="Nothing is agreed in writing yet.",
        ),
        Part("How long you waited for an answer", bars=list(_distribution(summary, account)), lead=_times(summary, account)),
        Part("Week by week", stacks=list(_weeks(summary)), lead="What fell due each week: on time, late, or still open."),
        Part(
            "What went wrong",
            wrong,
            _amends(summary) if wrong else "",
            empty="Nothing was late and nothing was missed.",
            more=_left_out(summary),
        ),
        Part("What comes next", list(_next(summary, zone))),
    )
    headline = f"How we served {phrases.cut(summary.client, 60)}"
    foot = [f"{phrases.cut(account.name, 60)}. Times are in working hours and working days."]
    return sheet(headline, headline, parts, lead=list(_lead(summary, zone)), foot=foot, pictures=attached), attached


def accompanying_mail(account: Account, summary: ServiceSummary, contact: Address | None) -> tuple[str, str]:
    """Return the subject and the text of the mail that brings the report, for the user to read, change and send."""
    share, since = summary.met, phrases.long_date(summary.since, ZoneInfo(account.hours.zone))
    kept = f"Of {share.of} things that fell due, we did {share.met} on time." if share.of else "Nothing has fallen due so far."
    bad = len(summary.wrong) + len(summary.overdue)
    named = "the latest of them" if _left_out(summary) else "it" if bad == 1 else "each of them"
    wrong = f" {phrases.count(bad, 'thing')} went wrong; the report names {named}." if bad else ""
    text = (
        f"{phrases.greeting(contact.name if contact else '')}\n\n"
        f"Attached is a report on how well we have kept what we agreed since {since}. {kept}{wrong}\n\n"
        "[What you would like to say about it.]\n\nWhat should we do differently from now on?\n\n"
        f"Kind regards\n{phrases.cut(account.name, 80)}\n"
    )
    return f"How we served you since {since}", text


def _left_out(summary: ServiceSummary) -> int:
    """Return how much that went wrong has no row."""
    return max(0, len(summary.wrong) - MOST) + max(0, len(summary.overdue) - MOST)


def document(summary: ServiceSummary, zone: ZoneInfo) -> dict[str, Any]:
    """Return the same figures for --json, with moments in `zone`; times are business minutes."""
    return {
        "client": summary.client,
        "from": phrases.iso(summary.since, zone),
        "to": phrases.iso(summary.until, zone),
        "standards": [_result_document(s) for s in summary.results],
        "replies": {
            "count": summary.times.count,
            "open": summary.times.open,
            "median": summary.times.median,
            "nine_in_ten": summary.times.ninety,
        },
        "weeks": [{"monday": w.monday.isoformat(), "met": w.met, "late": w.late, "open": w.open} for w in summary.weeks],
        "not_done_yet": [_due_document(o, zone) for o in summary.overdue],
        "went_wrong": [
            _due_document(i.obligation, zone) | {"at": phrases.iso(i.at, zone), "missed": i.missed} for i in summary.wrong
        ],
        "recovery": summary.recovery.stage.value if summary.recovery else None,
        "next_review": phrases.iso(summary.next_review, zone),
    }


def _result_document(s: StandardResult) -> dict[str, Any]:
    return {
        "kind": s.kind.value,
        "agreed": phrases.allowance(s.allowance) if s.allowance else None,
        "met": s.met.met,
        "of": s.met.of,
        "open": s.open,
        "overdue": s.overdue,
    }


def _due_document(o: Obligation, zone: ZoneInfo) -> dict[str, Any]:
    return {"id": o.id, "kind": o.kind.value, "due": phrases.iso(o.due, zone)}


def _lead(summary: ServiceSummary, zone: ZoneInfo) -> Iterator[str]:
    yield f"From {phrases.long_date(summary.since, zone)} to {phrases.long_date(summary.until, zone)}."
    share = summary.met
    if share.of:
        yield f"{share.met} of {share.of} things that fell due were done on time ({share.value:.0%})."
    else:
        yield "Nothing has fallen due yet."


def _result(s: StandardResult) -> Row:
    agreed = ""
    if s.allowance is not None:
        agreed = f" {phrases.every(s.allowance)}" if s.kind is Kind.REVIEW else f" within {phrases.allowance(s.allowance)}"
    still = [
        f"{s.overdue} late and not done yet" if s.overdue else "",
        f"{s.open} more not due yet" if s.open and s.met.of else "",
    ]
    nothing = "the first is not due yet" if s.open else "nothing has been due"
    kept = f"{s.met.met} of {s.met.of} on time" if s.met.of else nothing
    return Row(f"{_STANDARDS[s.kind]}{agreed}", kept, "", "; ".join(filter(None, still)), late=s.met.met < s.met.of)


def _versions(summary: ServiceSummary, zone: ZoneInfo) -> str:
    starts = [phrases.long_date(v.start, zone) for v in summary.versions if v.start is not None]
    if not starts:
        return ""
    return f"We agreed on new standards on {phrases.listed(starts)}; anything earlier is judged by the standards of its time."


def _times(summary: ServiceSummary, account: Account) -> str:
    t = summary.times
    if not t.count:
        return ""
    still = f" {t.open} {'has' if t.open == 1 else 'have'} not been answered yet." if t.open else ""
    half = f" Half were answered within {phrases.duration(t.median, account.hours)}." if t.median is not None else ""
    return f"{t.count} of your emails asked for an answer.{half}{still}"


def _distribution(summary: ServiceSummary, account: Account) -> Iterator[BarChart]:
    if not all(summary.waiting):
        answered = [m for m, still in zip(summary.minutes, summary.waiting, strict=True) if not still]
        day = hours.longest_day(account.hours).total_seconds() / 60
        yield distribution("Answered within", answered, summary.target, day, waiting=summary.times.open)


def _weeks(summary: ServiceSummary) -> Iterator[StackedBarChart]:
    rows = [(w.monday, w.met, w.late, w.open) for w in summary.weeks]
    first = next((n for n, row in enumerate(rows) if any(row[1:])), None)
    if first is not None:
        yield weeks("Done on time, week by week", rows[first:])


def _overdue(summary: ServiceSummary, account: Account, zone: ZoneInfo) -> Iterator[Row]:
    """Yield what they are still waiting for: the client knows of it, so the page names it first."""
    for o in summary.overdue[-MOST:]:
        late = phrases.working_span(account.hours, o.due or summary.until, summary.until)
        verb = "asked" if o.kind in (Kind.REPLY, Kind.CALLBACK) else "promised" if o.kind is Kind.PROMISE else "agreed"
        created, due = (phrases.moment(at, zone, summary.until) for at in (o.created, o.due or o.created))
        yield Row(
            KIND_NOUNS[o.kind].capitalize(), f"not done yet, {late} late", _quote(o), f"{verb} {created}, due {due}", late=True
        )


def _wrong(i: Infraction, account: Account, zone: ZoneInfo, now: datetime) -> Row:
    o = i.obligation
    at = o.closed or i.at
    status = "not done" if i.missed else f"{phrases.working_span(account.hours, o.due or at, at)} late"
    due = f"due {phrases.moment(o.due, zone, now)}" if o.due else ""
    done = "" if i.missed else f", done {phrases.moment(at, zone, now)}"
    return Row(KIND_NOUNS[o.kind].capitalize(), status, _quote(o), f"{due}{done}", late=True)


def _quote(o: Obligation) -> str:
    """Return the user's own words of a promise; nobody else is quoted."""
    return phrases.quoted(o.quote) if o.kind is Kind.PROMISE and o.quote else ""


def _amends(summary: ServiceSummary) -> str:
    return _AMENDS.get(summary.recovery.stage, "") if summary.recovery is not None else ""


def _next(summary: ServiceSummary, zone: ZoneInfo) -> Iterator[Row]:
    agreement = summary.charter.agreement
    if summary.next_review is not None:
        yield Row("Our next review", phrases.long_date(summary.next_review, zone))
    elif agreement and agreement.next_review:
        yield Row("Our next review", f"{agreement.next_review:%-d %B %Y}")


def _pictures(summary: ServiceSummary, account: Account) -> Iterator[Picture]:
    if len(summary.minutes) >= FEWEST:
        day = hours.longest_day(account.hours).total_seconds() / 60
        title, agreed = "How long answers took", summary.charter.standards.get("reply")
        alt = pictures.response_curve_alt(title, summary.minutes, summary.waiting, agreed, day)
        curve = pictures.response_curve(title, summary.minutes, summary.waiting, summary.target, day)
        yield Picture("response-times.png", alt, curve)
