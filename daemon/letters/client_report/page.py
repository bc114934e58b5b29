"""The client report: how well we kept what we agreed, as a page for the client, and the draft mail that brings it.

It is written from one client's `ServiceSummary` alone, in the language in which the user writes to them. It quotes only what the user
promised this client, never anybody else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from connectors.mail import Address
from daemon.analysis.service_summary import ServiceSummary, StandardResult
from daemon.core import hours
from daemon.core.infractions import Infraction
from daemon.glossary.assessments import RecoveryStage
from daemon.glossary.obligations import Kind, Obligation
from daemon.glossary.parties import Account
from daemon.letters import Letter, due_words, phrases, pictures
from daemon.letters.charts import BarChart, StackedBarChart, distribution, weeks
from daemon.letters.client_report.words import ENGLISH, Words
from daemon.letters.habits import greetings
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


def report(account: Account, summary: ServiceSummary, words: Words = ENGLISH) -> tuple[Letter, tuple[Picture, ...]]:
    """Return the page for the client in the language of `words`, with the pictures that go with it."""
    attached = tuple(_pictures(summary, account, words))
    headline = words("How we served {client}", client=phrases.cut(summary.client, 60))
    foot = [words("{name}. Times are in working hours and working days.", name=phrases.cut(account.name, 60))]
    lead = list(_lead(summary, ZoneInfo(account.hours.zone), words))
    page = sheet(headline, headline, _parts(account, summary, words), lead=lead, foot=foot, pictures=attached, words=words)
    return page, attached


def _parts(account: Account, summary: ServiceSummary, words: Words) -> tuple[Part, ...]:
    zone = ZoneInfo(account.hours.zone)
    wrong = [*_overdue(summary, account, words), *(_wrong(i, account, words) for i in summary.wrong[-MOST:])]
    nothing_wrong = words("Nothing was late and nothing was missed.")
    amends = _amends(summary, words) if wrong else ""
    return (
        Part(
            words("What we agreed, and how well we kept it"),
            [_result(s, words) for s in summary.results],
            _versions(summary, zone, words),
            empty=words("Nothing is agreed in writing yet."),
        ),
        Part(
            words("How long you waited for an answer"),
            bars=list(_distribution(summary, account, words)),
            lead=_times(summary, account, words),
        ),
        Part(
            words("Week by week"),
            stacks=list(_weeks(summary, words)),
            lead=words("What fell due each week: on time, late, or still open."),
        ),
        Part(words("What went wrong"), wrong, amends, empty=nothing_wrong, more=_left_out(summary)),
        Part(words("What comes next"), list(_next(summary, zone, words))),
    )


def accompanying_mail(
    account: Account, summary: ServiceSummary, contact: Address | None, words: Words = ENGLISH
) -> tuple[str, str]:
    """Return the subject and the text of the mail that brings the report, for the user to read, change and send."""
    share, since = summary.met, words.long_date(summary.since, ZoneInfo(account.hours.zone))
    kept = words("Of {of} things that fell due, we did {met} on time.", of=share.of, met=share.met)
    kept = kept if share.of else words("Nothing has fallen due so far.")
    text = (
        f"{_greeting(contact, words)}\n\n"
        f"{words('Attached is a report on how well we have kept what we agreed since {since}.', since=since)} "
        f"{kept}{_went_wrong(summary, words)}\n\n"
        f"{words('[What you would like to say about it.]')}\n\n{words('What should we do differently from now on?')}\n\n"
        f"{words('Kind regards')}\n{phrases.cut(account.name, 80)}\n"
    )
    return words("How we served you since {since}", since=since), text


def _greeting(contact: Address | None, words: Words) -> str:
    name = contact.name if contact else ""
    return greetings.default(words.code, name, ()) if words.is_german else phrases.greeting(name)


def _went_wrong(summary: ServiceSummary, words: Words) -> str:
    bad = len(summary.wrong) + len(summary.overdue)
    if bad < 2:
        return words(" One thing went wrong; the report names it.") if bad else ""
    if _left_out(summary):
        return words(" {count} things went wrong; the report names the latest of them.", count=bad)
    return words(" {count} things went wrong; the report names each of them.", count=bad)


def _left_out(summary: ServiceSummary) -> int:
    """Return how much that went wrong has no row."""
    return max(0, len(summary.wrong) - MOST) + max(0, len(summary.overdue) - MOST)


def _lead(summary: ServiceSummary, zone: ZoneInfo, words: Words) -> Iterator[str]:
    since, until = (words.long_date(at, zone) for at in (summary.since, summary.until))
    yield words("From {since} to {until}.", since=since, until=until)
    share = summary.met
    if share.of:
        fields = {"met": share.met, "of": share.of, "share": words.share(share.value)}
        yield words("{met} of {of} things that fell due were done on time ({share}).", **fields)
    else:
        yield words("Nothing has fallen due yet.")


def _result(s: StandardResult, words: Words) -> Row:
    still = [
        words("{count} late and not done yet", count=s.overdue) if s.overdue else "",
        words("{count} more not due yet", count=s.open) if s.open and s.met.of else "",
    ]
    nothing = words("the first is not due yet" if s.open else "nothing has been due")
    kept = words("{met} of {of} on time", met=s.met.met, of=s.met.of) if s.met.of else nothing
    agreed = " ".join(filter(None, (words(_STANDARDS[s.kind]), _agreed(s, words))))
    return Row(agreed, kept, "", "; ".join(filter(None, still)), late=s.met.met < s.met.of)


def _agreed(s: StandardResult, words: Words) -> str:
    if s.allowance is None:
        return ""
    if s.kind is Kind.REVIEW:
        return words.every(phrases.every(s.allowance))
    return words("within {span}", span=words.length(phrases.allowance(s.allowance), within=True))


def _versions(summary: ServiceSummary, zone: ZoneInfo, words: Words) -> str:
    starts = [words.long_date(v.start, zone) for v in summary.versions if v.start is not None]
    if not starts:
        return ""
    told = "We agreed on new standards on {dates}; anything earlier is judged by the standards of its time."
    return words(told, dates=words.listed(starts))


def _times(summary: ServiceSummary, account: Account, words: Words) -> str:
    t = summary.times
    if not t.count:
        return ""
    asked = words("One of your emails asked for an answer.") if t.count == 1 else ""
    asked = asked or words("{count} of your emails asked for an answer.", count=t.count)
    still = ""
    if t.open:
        one = words(" One has not been answered yet.")
        still = one if t.open == 1 else words(" {count} have not been answered yet.", count=t.open)
    if t.median is None:
        return f"{asked}{still}"
    span = words.length(phrases.duration(t.median, account.hours), within=True)
    return f"{asked}{words(' Half were answered within {span}.', span=span)}{still}"


def _distribution(summary: ServiceSummary, account: Account, words: Words) -> Iterator[BarChart]:
    if not all(summary.waiting):
        answered = [m for m, still in zip(summary.minutes, summary.waiting, strict=True) if not still]
        day = hours.longest_day(account.hours).total_seconds() / 60
        yield distribution(words("Answered within"), answered, summary.target, day, summary.times.open, words)


def _weeks(summary: ServiceSummary, words: Words) -> Iterator[StackedBarChart]:
    rows = [(w.monday, w.met, w.late, w.open) for w in summary.weeks]
    first = next((n for n, row in enumerate(rows) if any(row[1:])), None)
    if first is not None:
        yield weeks(words("Done on time, week by week"), rows[first:], words)


def _overdue(summary: ServiceSummary, account: Account, words: Words) -> Iterator[Row]:
    """Yield what they are still waiting for: the client knows of it, so the page names it first."""
    zone = ZoneInfo(account.hours.zone)
    for o in summary.overdue[-MOST:]:
        late = words.length(phrases.working_span(account.hours, o.due or summary.until, summary.until))
        verb = "asked" if o.kind in (Kind.REPLY, Kind.CALLBACK) else "promised" if o.kind is Kind.PROMISE else "agreed"
        created, due = (words.moment(at, zone) for at in (o.created, o.due or o.created))
        when = words(f"{verb} {{created}}, {_until(o, account)} {{due}}", created=created, due=due)
        yield Row(_noun(o, words), words("not done yet, {span} late", span=late), _quote(o, words), when, late=True)


def _wrong(i: Infraction, account: Account, words: Words) -> Row:
    o, zone = i.obligation, ZoneInfo(account.hours.zone)
    at = o.closed or i.at
    late = words.length(phrases.working_span(account.hours, o.due or at, at))
    status = words("not done") if i.missed else words("{span} late", span=late)
    due = words(f"{_until(o, account)} {{due}}", due=words.moment(o.due, zone)) if o.due else ""
    done = "" if i.missed else words("done {done}", done=words.moment(at, zone))
    return Row(_noun(o, words), status, _quote(o, words), ", ".join(filter(None, (due, done))), late=True)


def _until(o: Obligation, account: Account) -> str:
    """Return what stands before a due time, so that it does not contradict the words above it."""
    return "put off until" if due_words.put_off(o, account.hours) is not None else "due"


def _noun(o: Obligation, words: Words) -> str:
    return words(KIND_NOUNS[o.kind].capitalize())


def _quote(o: Obligation, words: Words) -> str:
    """Return the user's own words of a promise; nobody else is quoted."""
    return words.quoted(o.quote) if o.kind is Kind.PROMISE and o.quote else ""


def _amends(summary: ServiceSummary, words: Words) -> str:
    told = _AMENDS.get(summary.recovery.stage, "") if summary.recovery is not None else ""
    return words(told) if told else ""


def _next(summary: ServiceSummary, zone: ZoneInfo, words: Words) -> Iterator[Row]:
    agreement = summary.charter.agreement
    if summary.next_review is not None:
        yield Row(words("Our next review"), words.long_date(summary.next_review, zone))
    elif agreement and agreement.next_review:
        at = datetime.combine(agreement.next_review, datetime.min.time(), zone)
        yield Row(words("Our next review"), words.long_date(at, zone))


def _pictures(summary: ServiceSummary, account: Account, words: Words) -> Iterator[Picture]:
    if len(summary.minutes) >= FEWEST:
        day = hours.longest_day(account.hours).total_seconds() / 60
        title, agreed = words("How long answers took"), summary.charter.standards.get("reply")
        alt = pictures.response_curve_alt(title, summary.minutes, summary.waiting, agreed, day, words)
        curve = pictures.response_curve(title, summary.minutes, summary.waiting, summary.target, day, words)
        yield Picture("response-times.png", alt, curve, repeats=True)
