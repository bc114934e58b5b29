"""The look-back as a page: what a person did not know about the last months of their own mail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from daemon.analysis import feasibility
from daemon.analysis.lookback import Attention, Lookback, Wait
from daemon.glossary.assessments import Coverage
from daemon.glossary.obligations import Kind, Obligation
from daemon.glossary.parties import Account, Client
from daemon.letters import Letter, due_words, phrases, pictures
from daemon.letters.charts import CHARTED, BarChart, StackedBarChart, balance, comparison, shares
from daemon.letters.sheet import Part, Picture, Row, sheet

MAX_ROWS, MAX_QUESTIONS = 5, 5
BRIEF_ROWS, BRIEF_WORDS = 3, 58  # on a terminal, which has room for a screen
MAX_CLIENTS = 20  # in the chart of attention; the others are one row
MAX_PICTURES = 3
FEWEST_EMAILS = 3  # of a client, below which nothing is said about their answers
SHORT_HISTORY = 14  # days missing at the start of the period, from which on the page says so
FEWEST_DAYS = 60  # of history, below which nothing is claimed about a client's rhythm
BUCKETS_EXPLAINED = (
    "Every email from a client is counted once: answered, open, no answer needed, unread (encrypted, for example), or filtered out "
    "(automatic mail, or mail whose sender may be forged)."
)
_ASKED: Mapping[Kind, str] = {Kind.REPLY: "asked", Kind.CALLBACK: "called, or asked for a call,"}
_QUESTIONS: Mapping[Kind, str] = {
    Kind.REPLY: "were they waiting for an answer?",
    Kind.PROMISE: "was this a promise, and was it kept?",
    Kind.CALLBACK: "did you owe them a call?",
    Kind.WAITING_FOR: "did they promise this?",
}


def lookback(
    account: Account, facts: Lookback, clients: Mapping[str, Client], coverage: Sequence[Coverage], *, brief: bool = False
) -> Letter:
    """Return the page of one account; a `brief` one has what a terminal's screen has room for: no charts, pictures or questions."""
    zone = ZoneInfo(account.hours.zone)
    headline = _headline(account, facts)
    emails, writers = phrases.count(facts.mails, "email"), phrases.count(len(facts.attention), "client")
    lead = [f"{_period(facts, zone)}: {emails} from {writers}.", *_limits(facts, clients, coverage)]
    if brief:
        parts: Sequence[Part] = [*_in_short(_people(account, facts, zone)), _in_words(account, facts)]
        foot = [_beyond(facts)]
    else:
        parts = (*_people(account, facts, zone), *_answers(account, facts), _questions(facts, zone))
        foot = [
            "Made on this machine from your own mail and calendar. It has not been sent to anyone.",
            "To see why something is here: kept explain ID.",
        ]
    drawn = () if brief else tuple(_rhythms(facts, zone))
    return sheet(f"Kept: {headline}", headline, parts, lead=lead, foot=foot, pictures=drawn)


def _in_short(parts: Iterable[Part]) -> Iterator[Part]:
    """Yield parts with few rows of two lines each: whose it is, and the words with what tells more about them."""
    for part in parts:
        rows = [replace(row, words=_on_one_line(row), source="") for row in part.rows]
        yield replace(part, rows=rows[:BRIEF_ROWS], lead="", more=part.more + max(0, len(rows) - BRIEF_ROWS))


def _on_one_line(row: Row) -> str:
    """Return the words of a row as far as a line has room for them, with the ID by which they are explained."""
    if not row.words.startswith("“"):
        return row.words
    return f"{phrases.quoted(row.words, BRIEF_WORDS)} {row.source.rpartition('; ')[2]}"


def _beyond(facts: Lookback) -> str:
    """Return what a brief page leaves out, and what shows it."""
    questions = f"{phrases.count(len(facts.unsure), 'question')} for you, everything" if facts.unsure else "Everything"
    return (
        f"{questions} by client and in charts: kept lookback --all, or with --html FILE. Why something is here: kept explain ID."
    )


def _people(account: Account, facts: Lookback, zone: ZoneInfo) -> Iterator[Part]:
    """Yield the parts about single clients: who waited, what was promised, who seems to be slipping away."""
    yield Part(
        "Who waited too long",
        [_wait(w, account, zone, facts) for w in sorted(facts.waits, key=lambda w: not w.still)[:MAX_ROWS]],
        _waits_in_all(facts),
        empty="Nobody waited longer than their charter allows.",
        more=max(0, len(facts.waits) - MAX_ROWS),
    )
    yield Part(
        "Promised, with no sign that it was done",
        [_promise(o, account, zone, facts) for o in facts.unseen[:MAX_ROWS]],
        "Your own words. If something was done by phone or face to face, say so with kept done ID." if facts.unseen else "",
        empty="Nothing that you promised for a certain time is open without a sign that it was done.",
        more=max(0, len(facts.unseen) - MAX_ROWS),
    )
    yield Part(
        "Promised, and done late",
        [_done_late(o, account, zone, facts) for o in reversed(facts.late[-MAX_ROWS:])],
        more=max(0, len(facts.late) - MAX_ROWS),
    )
    quiet = [
        Row(phrases.cut(a.client, 60), f"since {phrases.day(a.since, zone, facts.until)}", phrases.cut(a.says, 140))
        for a in facts.quiet[:MAX_ROWS]
    ]
    yield Part("Slipping away?", quiet, empty=_nobody_slips(facts))


def _answers(account: Account, facts: Lookback) -> Iterator[Part]:
    """Yield the parts about response times: which can be promised, how long answers took, and for whom."""
    yield Part("Which response time you can promise", bars=list(_targets(facts)), lead=_target(facts))
    yield Part("How long answers took", empty=_median(account, facts))
    yield Part(
        "By client",
        bars=list(_by_client(account, facts)),
        lead="The time within which nine in ten of their emails were answered, longest first; no bar where too many are still open. "
        f"Clients with fewer than {FEWEST_EMAILS} emails that asked for an answer are left out.",
    )
    yield Part("Where your attention goes", stacks=_balance(facts), lead=_stages(account, facts))


def _in_words(account: Account, facts: Lookback) -> Part:
    """Return what the charts say in a few sentences."""
    target = _target(facts, drawn=False)
    return Part("How fast you answer", empty=" ".join(said for said in (_median(account, facts), target) if said))


def _questions(facts: Lookback, zone: ZoneInfo) -> Part:
    return Part(
        "Is this right?",
        [_question(o, zone, facts) for o in facts.unsure[:MAX_QUESTIONS]],
        "The evidence here is weak, so nothing is counted until you say so.",
        more=max(0, len(facts.unsure) - MAX_QUESTIONS),
    )


def _rhythms(facts: Lookback, zone: ZoneInfo) -> Iterator[Picture]:
    """Yield for each client who has gone silent a picture of the days on which they wrote."""
    until = facts.until.astimezone(zone).date()
    for n, (client, days) in enumerate(list(facts.days.items())[:MAX_PICTURES]):
        title = f"When {phrases.cut(client, 40)} wrote"
        yield Picture(f"rhythm-{n + 1}.png", pictures.rhythm_alt(title, days, until), pictures.rhythm(title, days, until))


def _starts_late(facts: Lookback) -> bool:
    return facts.first is not None and (facts.first - facts.since).days > SHORT_HISTORY


def _period(facts: Lookback, zone: ZoneInfo) -> str:
    if facts.first is not None and _starts_late(facts):
        days = (facts.until - facts.first).days
        return f"Since {phrases.date_of(facts.first, zone)}, {phrases.count(days, 'day')} ago"
    return f"The last {(facts.until - facts.since).days} days"


def _headline(account: Account, facts: Lookback) -> str:
    """Return the most important findings, first the one that names a person."""
    if not facts.mails:
        return "No client wrote in this period"
    parts = []
    still = [w for w in facts.waits if w.still]
    if still:
        w = still[0]
        client = phrases.cut(w.obligation.client, 40)
        who = phrases.person(w.obligation.contact, w.obligation.contact_name) or client
        parts.append(f"{who} of {client} has been waiting {phrases.duration(w.minutes, account.hours)}")
    if facts.unseen:
        were = "was" if len(facts.unseen) == 1 else "were"
        parts.append(f"{phrases.count(len(facts.unseen), 'promise')} {were} apparently not kept")
    if facts.quiet:
        quiet = len({a.client for a in facts.quiet})
        parts.append(f"{phrases.count(quiet, 'client')} {'seems' if quiet == 1 else 'seem'} to be slipping away")
    return phrases.listed(parts) or "Nobody is known to be waiting too long, and no promise to be overdue"


def _limits(facts: Lookback, clients: Mapping[str, Client], coverage: Sequence[Coverage]) -> Iterator[str]:
    """Yield what the page cannot know."""
    if _starts_late(facts):
        yield "There is no earlier mail, so anything before that is missing here."
    for c in coverage:
        if c.seen_until is None or c.error:
            yield f"{phrases.cut(c.source, 80)} could not be read, so its contents are missing here."
    silent = len(clients) - len(facts.attention)
    if silent and facts.attention:
        yield f"{phrases.count(silent, 'client')} on your list wrote nothing in this time."


def _waits_in_all(facts: Lookback) -> str:
    if not facts.waits:
        return ""
    still = sum(w.still for w in facts.waits)
    late = f"{phrases.count(len(facts.waits), 'question')} waited longer than the charter allows"
    return f"{late}; {still} of them {'has' if still == 1 else 'have'} no answer yet, as far as your mail shows."


def _wait(w: Wait, account: Account, zone: ZoneInfo, facts: Lookback) -> Row:
    o, length = w.obligation, phrases.duration(w.minutes, account.hours)
    client = phrases.cut(o.client, 60)
    return Row(
        f"{client} ({phrases.person(o.contact, o.contact_name)})" if o.contact else client,
        f"{length}, still waiting" if w.still else length,
        phrases.words_of(o),
        f"{_ASKED.get(o.kind, 'asked')} {phrases.moment(o.created, zone, facts.until)}; {o.id}",
        late=w.still,
    )


def _promise(o: Obligation, account: Account, zone: ZoneInfo, facts: Lookback) -> Row:
    due = f"{_due(o, account)} {phrases.day(o.due, zone, facts.until)}" if o.due else ""
    made = f"promised {phrases.moment(o.created, zone, facts.until)}; {o.id}"
    return Row(phrases.cut(o.client, 60), due, phrases.words_of(o), made)


def _due(o: Obligation, account: Account) -> str:
    """Return what stands before a due time, so that it does not contradict the words beside it."""
    return "put off until" if due_words.put_off(o, account.hours) is not None else "due"


def _done_late(o: Obligation, account: Account, zone: ZoneInfo, facts: Lookback) -> Row:
    due, closed = o.due or o.created, o.closed or facts.until
    days = f"{_due(o, account)} {phrases.moment(due, zone, facts.until)}, done {phrases.moment(closed, zone, facts.until)}"
    span = phrases.working_span(account.hours, due, closed)
    return Row(phrases.cut(o.client, 60), f"{span} late", phrases.words_of(o), f"{days}; {o.id}")


def _question(o: Obligation, zone: ZoneInfo, facts: Lookback) -> Row:
    source = f"{phrases.moment(o.created, zone, facts.until)}; {o.id}"
    return Row(phrases.cut(o.client, 60), _QUESTIONS.get(o.kind, "is this right?"), phrases.words_of(o), source)


def _nobody_slips(facts: Lookback) -> str:
    if facts.first is None or (facts.until - facts.first).days < FEWEST_DAYS:
        return "There is too little history yet to know how often each client usually writes."
    return "No client whose habits are known is in touch less than usual."


def _target(facts: Lookback, *, drawn: bool = True) -> str:
    """Return which response time would have been kept 19 times in 20, with its uncertainty."""
    f, many = facts.target, phrases.count(facts.times.count, "question")
    if facts.times.count < feasibility.ENOUGH:
        return f"Only {many} so far: too few to say which time you would keep 19 times in 20."
    if f.target is None:
        return f"{facts.times.open} of {many} are still open: none of the usual response times was kept 19 times in 20."
    target = phrases.allowance(f.target)
    brackets = " The brackets show how far off each share may be." if drawn else ""
    still = f" {_still_open(facts.times.open)}" if facts.times.open and drawn else ""
    return f"{target[:1].upper()}{target[1:]} would have been kept 19 times in 20.{brackets}{still}"


def _still_open(number: int) -> str:
    """Return how what is still open counts in the shares."""
    if number == 1:
        return "One question is still open: it counts against each time that is already over."
    return f"{number} questions are still open: each counts against every time that is already over."


def _targets(facts: Lookback) -> Iterator[BarChart]:
    rows = [
        (phrases.allowance(rung), share.value, f"{share.value:.0%} of {share.of} ({_interval(share)})")
        for rung, share in facts.rungs
    ]
    if rows and facts.times.count >= FEWEST_EMAILS:
        yield shares("Answered within", rows, feasibility.SHARE)


def _interval(share: feasibility.Share) -> str:
    low, high = share.interval
    return f"{low:.0%} to {high:.0%}"


def _median(account: Account, facts: Lookback) -> str:
    t = facts.times
    if t.count < FEWEST_EMAILS:
        return ""
    still = f"; {t.open} {'is' if t.open == 1 else 'are'} not answered yet" if t.open else ""
    return (
        f"Half of {phrases.count(t.count, 'question')} were answered within {phrases.duration(t.median, account.hours)}{still}."
    )


def _by_client(account: Account, facts: Lookback) -> Iterator[BarChart]:
    measured = [a for a in facts.attention if a.times.count >= FEWEST_EMAILS]
    slowest_first = sorted(measured, key=lambda a: (a.times.ninety is None, -(a.times.ninety or 0), a.client))
    rows = [_client_row(a, account) for a in slowest_first[:MAX_CLIENTS]]
    if rows:
        yield comparison("Nine in ten answered within", rows)


def _client_row(a: Attention, account: Account) -> tuple[str, float, str]:
    """Return a client's bar; none where too much is still open to give a figure."""
    t, name = a.times, phrases.cut(a.client, 40)
    half = f"half within {phrases.duration(t.median, account.hours)}"
    if t.ninety is None:
        return name, 0.0, f"{t.open} of {t.count} still open; {half}"
    return name, t.ninety, f"{phrases.duration(t.ninety, account.hours)}; {half}"


def _balance(facts: Lookback) -> list[StackedBarChart]:
    rows = [(phrases.cut(a.client, 40), *_emails(a)) for a in facts.attention[:MAX_CLIENTS]]
    rest = [_emails(a) for a in facts.attention[MAX_CLIENTS:]]
    if rest:
        answered, still_open, no_answer, unread, filtered = (sum(column) for column in zip(*rest, strict=True))
        rows.append((phrases.count(len(rest), "other"), answered, still_open, no_answer, unread, filtered))
    return [balance("Emails by client", rows)] if rows else []


def _emails(a: Attention) -> tuple[int, int, int, int, int]:
    answered, still_open, no_answer, unread, filtered = (a.mails.get(bucket, 0) for bucket in CHARTED)
    return answered, still_open, no_answer, unread, filtered


def _stages(account: Account, facts: Lookback) -> str:
    p, e = facts.prospects, facts.established
    if min(p.count, e.count) < feasibility.ENOUGH // 2 or p.median is None or e.median is None:
        return BUCKETS_EXPLAINED
    prospects, established = (phrases.duration(t.median, account.hours) for t in (p, e))
    return (
        f"Half of your prospects' emails are answered within {prospects}, half of your clients' within {established}. "
        f"{BUCKETS_EXPLAINED}"
    )
