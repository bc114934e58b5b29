"""The client report: how we kept what we agreed, as a page for the client, and the draft that goes with it.

It is written from one client's `ServiceSummary` alone. It quotes only what the user promised this client, never anybody else's words.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from daemon.analysis.service_summary import ServiceSummary, StandardResult
from daemon.core import hours
from daemon.core.infractions import Infraction
from daemon.glossary.assessments import RecoveryStage
from daemon.glossary.obligations import Kind
from daemon.glossary.parties import Account
from daemon.letters import Letter, phrases, pictures
from daemon.letters.charts import BarChart, StackedBarChart, distribution, weeks
from daemon.letters.recovery import KIND_NOUNS
from daemon.letters.sheet import Part, Picture, Row, sheet

FEWEST = 5  # answers below which there is no curve
MOST = 12
_AGREED = {
    Kind.REPLY: "Your mails are answered",
    Kind.CALLBACK: "Your calls are returned",
    Kind.PROMISE: "What we promise is done in time",
    Kind.DELIVERABLE: "What comes regularly comes in time",
    Kind.MEETING: "We meet as agreed",
    Kind.REVIEW: "We sit down to review",
    Kind.FEEDBACK: "We ask how it went",
}
_DONE = {
    RecoveryStage.BOOKED: "We have a meeting about it.",
    RecoveryStage.HELD: "We have met about it.",
    RecoveryStage.FOLLOWED: "We have met about it and agreed new standards, which we follow.",
    RecoveryStage.RESTORED: "We have met about it, agreed new standards, and kept them since.",
}


def report(account: Account, summary: ServiceSummary) -> tuple[Letter, tuple[Picture, ...]]:
    """The page for the client, with the pictures that go with it."""
    zone = ZoneInfo(account.hours.zone)
    attached = tuple(_pictures(summary, account))
    parts = (
        Part(
            "What we agreed, and how it was kept",
            [_result(s) for s in summary.results],
            _versions(summary, zone),
            empty="Nothing is agreed in writing yet.",
        ),
        Part(
            "How long you waited for an answer", bars=list(_distribution(summary, _day(account))), lead=_times(summary, account)
        ),
        Part("Week by week", stacks=list(_weeks(summary)), lead="What fell due in each week: in time, late, still open."),
        Part(
            "What went wrong",
            [*_overdue(summary, account, zone), *(_wrong(i, account, zone, summary.until) for i in summary.wrong[-MOST:])],
            _amends(summary),
            empty="Nothing was late and nothing was missed.",
            more=max(0, len(summary.wrong) - MOST),
        ),
        Part("What comes next", list(_next(summary, zone))),
    )
    headline = f"How we served {phrases.cut(summary.client, 60)}"
    share = summary.met
    lead = [f"From {_date(summary.since, zone)} to {_date(summary.until, zone)}."]
    lead += (
        [f"{share.met} of {share.of} things were done in time ({share.value:.0%})."]
        if share.of
        else ["Nothing has fallen due yet."]
    )
    foot = [f"{phrases.cut(account.name, 60)}. Times are working time."]
    return sheet(headline, headline, parts, lead=lead, foot=foot, pictures=attached), attached


def accompanying_mail(account: Account, summary: ServiceSummary, contact: str | None) -> tuple[str, str]:
    """The subject and the text of the mail that brings the report: for the user to read, change and send."""
    name = (
        phrases.person(contact).split()[0]
        if contact and "@" not in phrases.person(contact) and phrases.person(contact)
        else "[name]"
    )
    share, zone = summary.met, ZoneInfo(account.hours.zone)
    kept = f"Of {share.of} things that fell due we did {share.met} in time." if share.of else "So far nothing has fallen due."
    bad = len(summary.wrong) + len(summary.overdue)
    wrong = f" {phrases.count(bad, 'thing')} went wrong; the report names each of them." if bad else ""
    text = (
        f"Hello {name},\n\nattached is how we kept what we agreed since {_date(summary.since, zone)}. {kept}{wrong}\n\n"
        "[What you would like to say about it.]\n\nWhat should we do differently from here on?\n\n"
        f"Kind regards\n{phrases.cut(account.name, 80)}\n"
    )
    return f"How we served you since {_date(summary.since, zone)}", text


def document(summary: ServiceSummary) -> dict[str, Any]:
    """The same facts for --json; times are business minutes."""
    return {
        "client": summary.client,
        "from": summary.since.isoformat(),
        "to": summary.until.isoformat(),
        "standards": [
            {
                "kind": s.kind.value,
                "agreed": phrases.allowance(s.allowance) if s.allowance else None,
                "met": s.met.met,
                "of": s.met.of,
                "open": s.open,
                "overdue": s.overdue,
            }
            for s in summary.results
        ],
        "replies": {
            "count": summary.times.count,
            "open": summary.times.open,
            "median": summary.times.median,
            "nine_in_ten": summary.times.ninety,
        },
        "weeks": [{"monday": w.monday.isoformat(), "met": w.met, "late": w.late, "open": w.open} for w in summary.weeks],
        "not_done_yet": [
            {"id": o.id, "kind": o.kind.value, "due": o.due.isoformat() if o.due else None} for o in summary.overdue
        ],
        "went_wrong": [
            {
                "id": i.obligation.id,
                "kind": i.obligation.kind.value,
                "due": i.obligation.due.isoformat() if i.obligation.due else None,
                "at": i.at.isoformat(),
                "missed": i.missed,
            }
            for i in summary.wrong
        ],
        "recovery": summary.recovery.stage.value if summary.recovery else None,
        "next_review": summary.next_review.isoformat() if summary.next_review else None,
    }


def _date(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local.day} {local:%B %Y}"


def _result(s: StandardResult) -> Row:
    name = _AGREED[s.kind]
    agreed = ""
    if s.allowance is not None:
        agreed = (
            f" every {phrases.allowance(s.allowance)}" if s.kind is Kind.REVIEW else f" within {phrases.allowance(s.allowance)}"
        )
    still = [
        f"{s.overdue} late and not done yet" if s.overdue else "",
        f"{s.open} more not due yet" if s.open and s.met.of else "",
    ]
    kept = f"{s.met.met} of {s.met.of} in time" if s.met.of else "the first is not due yet"
    return Row(f"{name}{agreed}", kept, "", "; ".join(filter(None, still)), late=s.met.met < s.met.of)


def _versions(summary: ServiceSummary, zone: ZoneInfo) -> str:
    starts = [_date(v.start, zone) for v in summary.versions if v.start is not None]
    return f"We agreed anew on {phrases.listed(starts)}; what came before is judged by what held then." if starts else ""


def _times(summary: ServiceSummary, account: Account) -> str:
    t = summary.times
    if not t.count:
        return ""
    still = f" {t.open} {'is' if t.open == 1 else 'are'} not answered yet." if t.open else ""
    half = f": half within {phrases.duration(t.median, account.hours)}" if t.median is not None else ""
    return f"{phrases.count(t.count, 'mail')} of yours asked for an answer{half}.{still}"


def _distribution(summary: ServiceSummary, day: float) -> Iterator[BarChart]:
    if summary.minutes:
        answered = [m for m, open_ in zip(summary.minutes, summary.waiting, strict=True) if not open_]
        yield distribution("Answered within", answered, summary.target, day, waiting=summary.times.open)


def _weeks(summary: ServiceSummary) -> Iterator[StackedBarChart]:
    rows = [(w.monday, w.met, w.late, w.open) for w in summary.weeks]
    first = next((n for n, row in enumerate(rows) if any(row[1:])), None)
    if first is not None:
        yield weeks("Standards met per week", rows[first:])


def _overdue(summary: ServiceSummary, account: Account, zone: ZoneInfo) -> Iterator[Row]:
    """What they still wait for: the client knows, so the page says it first."""
    for o in summary.overdue[-MOST:]:
        late = phrases.working_span(account.hours, o.due or summary.until, summary.until)
        said = phrases.quoted(o.quote) if o.kind is Kind.PROMISE and o.quote else ""
        began = "asked" if o.kind in (Kind.REPLY, Kind.CALLBACK) else "promised" if o.kind is Kind.PROMISE else "agreed"
        since = f"{began} {phrases.moment(o.created, zone, summary.until)}, due {phrases.moment(o.due or o.created, zone, summary.until)}"
        yield Row(KIND_NOUNS[o.kind].capitalize(), f"not done yet, {late} late", said, since, late=True)


def _wrong(i: Infraction, account: Account, zone: ZoneInfo, now: datetime) -> Row:
    o = i.obligation
    at = o.closed or i.at
    late = "not done" if i.missed else f"{phrases.working_span(account.hours, o.due or at, at)} late"
    said = phrases.quoted(o.quote) if o.kind is Kind.PROMISE and o.quote else ""
    due = f"due {phrases.moment(o.due, zone, now)}" if o.due else ""
    done = "" if i.missed else f", done {phrases.moment(at, zone, now)}"
    return Row(f"{KIND_NOUNS[o.kind].capitalize()}", late, said, f"{due}{done}", late=True)


def _amends(summary: ServiceSummary) -> str:
    return _DONE.get(summary.recovery.stage, "") if summary.recovery is not None else ""


def _next(summary: ServiceSummary, zone: ZoneInfo) -> Iterator[Row]:
    if summary.next_review is not None:
        yield Row("Our next review", _date(summary.next_review, zone))
    elif summary.charter.agreement and summary.charter.agreement.next_review:
        day = summary.charter.agreement.next_review
        yield Row("Our next review", f"{day.day} {day:%B %Y}")


def _pictures(summary: ServiceSummary, account: Account) -> Iterator[Picture]:
    if len(summary.minutes) >= FEWEST:
        title, day = "How long answers took", _day(account)
        values = (title, summary.minutes, summary.waiting, summary.target, day)
        yield Picture("response-times.png", pictures.response_curve_alt(*values), pictures.response_curve(*values))


def _day(account: Account) -> float:
    """A working day, in minutes."""
    return hours.longest_day(account.hours).total_seconds() / 60
