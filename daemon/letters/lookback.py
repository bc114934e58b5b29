"""The look-back as a page: what a person did not know about the last months of their own mail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from daemon.analysis import feasibility
from daemon.analysis.lookback import Attention, Lookback, Wait
from daemon.core import hours
from daemon.glossary.assessments import Bucket, Coverage
from daemon.glossary.obligations import Kind, Obligation
from daemon.glossary.parties import Account, Client
from daemon.letters import Letter, phrases, pictures
from daemon.letters.charts import BarChart, StackedBarChart, balance, comparison, distribution, shares
from daemon.letters.sheet import Part, Picture, Row, sheet

MOST, FEW = 8, 5
MOST_CLIENTS = 20
RHYTHMS = 3  # pictures
FEWEST = 3  # mails of a client below which nothing is said of their answers
PLACES = "Every mail of a client lies in one of four places; held back is what is automatic or perhaps forged."
ENOUGH = 14  # days of history below which nothing is claimed of a rhythm
_ASKED = {Kind.REPLY: "asked", Kind.CALLBACK: "called, or asked for a call,"}


def lookback(account: Account, facts: Lookback, clients: Mapping[str, Client], coverage: Sequence[Coverage]) -> Letter:
    """The page of one account."""
    zone = ZoneInfo(account.hours.zone)
    parts = (
        Part(
            "Who waited longest",
            [_wait(w, account, zone, facts) for w in facts.waits[:MOST]],
            _of_waits(facts),
            empty="Nobody waited longer than their charter allows.",
            more=max(0, len(facts.waits) - MOST),
        ),
        Part(
            "Promised, and not seen to be done",
            [_promise(o, zone, facts) for o in facts.unseen[:MOST]],
            "Your own words. It may have been done on the phone or face to face: then say so with kept done ID.",
            empty="Every promise that was found was seen to be kept.",
            more=max(0, len(facts.unseen) - MOST),
        ),
        Part(
            "Gone quiet",
            [
                Row(phrases.cut(a.client, 60), f"since {phrases.day(a.since, zone, facts.until)}", phrases.cut(a.says, 140))
                for a in facts.quiet[:MOST]
            ],
            empty=_no_rhythm(facts),
        ),
        Part("Which answer time you can promise", bars=list(_targets(facts)), lead=_target(account, facts)),
        Part(
            "How long answers took",
            bars=_all_clients(account, facts),
            lead=_spread(account, facts),
        ),
        Part(
            "By client",
            bars=list(_by_client(account, facts)),
            lead="The time within which nine in ten of their mails were answered; those who wait longest first. "
            f"Left out: who wrote fewer than {FEWEST} mails that asked for an answer.",
        ),
        Part("Where your attention goes", stacks=_balance(facts), lead=_stages(account, facts)),
        Part(
            "Was it so?",
            [_unsure(o, zone, facts) for o in facts.unsure[:FEW]],
            "Here the evidence is weak. Nothing is counted until you say so.",
            more=max(0, len(facts.unsure) - FEW),
        ),
    )
    headline = _headline(account, facts)
    lead = [
        f"{_period(facts, zone)}: {phrases.count(facts.mails, 'mail')} from {phrases.count(len(facts.attention), 'client')}.",
        *_honest(facts, clients, coverage),
    ]
    foot = [
        "Read from your own mail and calendar, on this machine; this page was sent to nobody.",
        "Why something is here: kept explain ID.",
    ]
    return sheet(f"Kept: {headline}", headline, parts, lead=lead, foot=foot, pictures=tuple(_rhythms(facts, zone)))


def _rhythms(facts: Lookback, zone: ZoneInfo) -> Iterator[Picture]:
    """When those wrote who have gone silent."""
    until = facts.until.astimezone(zone).date()
    for n, (client, days) in enumerate(list(facts.days.items())[:RHYTHMS]):
        title = f"When {phrases.cut(client, 40)} wrote"
        yield Picture(f"rhythm-{n + 1}.png", pictures.rhythm_alt(title, days, until), pictures.rhythm(title, days, until))


def document(account: Account, facts: Lookback) -> dict[str, Any]:
    """The same facts for --json; all times are business minutes."""
    return {
        "account": account.address,
        "from": facts.since.isoformat(),
        "to": facts.until.isoformat(),
        "history_from": facts.first.isoformat() if facts.first else None,
        "mails": facts.mails,
        "waited_longest": [
            {
                "id": w.obligation.id,
                "client": w.obligation.client,
                "quote": w.obligation.quote,
                "since": w.obligation.created.isoformat(),
                "minutes": round(w.minutes),
                "still_waits": w.still,
            }
            for w in facts.waits
        ],
        "promised_not_seen_done": [_owed(o) for o in facts.unseen],
        "to_be_asked": [_owed(o) for o in facts.unsure],
        "gone_quiet": [
            {"client": a.client, "kind": a.kind.value, "since": a.since.isoformat(), "says": a.says} for a in facts.quiet
        ],
        "reply": {
            "count": facts.times.count,
            "open": facts.times.open,
            "median": facts.times.median,
            "nine_in_ten": facts.times.ninety,
            "met_95_percent": facts.target.minutes,
            "within": list(facts.target.within),
            "realistic": phrases.allowance(facts.target.target) if facts.target.target else None,
            "enough_history": facts.target.minutes is not None,
            "rungs": [
                {
                    "within": phrases.allowance(rung),
                    "met": share.met,
                    "of": share.of,
                    "interval": [round(e, 3) for e in share.interval],
                }
                for rung, share in facts.rungs
            ],
        },
        "clients": [
            {
                "client": a.client,
                "stage": a.stage.value,
                "mails": {b.value: n for b, n in a.mails.items()},
                "replies": a.times.count,
                "open": a.times.open,
                "median": a.times.median,
                "nine_in_ten": a.times.ninety,
            }
            for a in facts.attention
        ],
        "prospects": {"count": facts.prospects.count, "median": facts.prospects.median},
        "established": {"count": facts.established.count, "median": facts.established.median},
    }


def _period(facts: Lookback, zone: ZoneInfo) -> str:
    if facts.first is not None and (facts.first - facts.since).days > ENOUGH:
        days = (facts.until - facts.first).days
        return f"Since {phrases.date_of(facts.first, zone)}, {phrases.count(days, 'day')} ago"
    return f"The last {(facts.until - facts.since).days} days"


def _owed(o: Obligation) -> dict[str, Any]:
    return {
        "id": o.id,
        "kind": o.kind.value,
        "client": o.client,
        "quote": o.quote,
        "said": o.created.isoformat(),
        "due": o.due.isoformat() if o.due else None,
    }


def _headline(account: Account, facts: Lookback) -> str:
    """The strongest things, first the one that names a person."""
    if not facts.mails:
        return "No client wrote in this time"
    parts = []
    still = [w for w in facts.waits if w.still]
    if still:
        w = still[0]
        who = phrases.person(w.obligation.contact) or phrases.cut(w.obligation.client, 40)
        parts.append(f"{who} of {phrases.cut(w.obligation.client, 40)} has waited {phrases.duration(w.minutes, account.hours)}")
    if facts.unseen:
        parts.append(f"{phrases.count(len(facts.unseen), 'promise')} not seen to be done")
    if facts.quiet:
        quiet = len({a.client for a in facts.quiet})
        parts.append(f"{phrases.count(quiet, 'client')} {'seems' if quiet == 1 else 'seem'} to slip away")
    if not parts:
        return "Nobody waits, and every promise that was found was kept"
    return phrases.listed(parts)


def _honest(facts: Lookback, clients: Mapping[str, Client], coverage: Sequence[Coverage]) -> Iterator[str]:
    """What the page cannot know."""
    if facts.first is not None and (facts.first - facts.since).days > ENOUGH:
        yield "No earlier mail is known; what lies before is missing here."
    for c in coverage:
        if c.seen_until is None or c.error:
            yield f"{phrases.cut(c.source, 80)} could not be read: what it holds is missing here."
    silent = len(clients) - len(facts.attention)
    if silent and facts.attention:
        yield f"{phrases.count(silent, 'client')} of your list wrote nothing."


def _of_waits(facts: Lookback) -> str:
    still = sum(w.still for w in facts.waits)
    late = f"{phrases.count(len(facts.waits), 'question')} waited longer than their charter allows"
    return f"{late}, {still} of them still without an answer that was seen." if facts.waits else ""


def _wait(w: Wait, account: Account, zone: ZoneInfo, facts: Lookback) -> Row:
    o, length = w.obligation, phrases.duration(w.minutes, account.hours)
    who = f"{phrases.cut(o.client, 60)} ({phrases.person(o.contact)})" if o.contact else phrases.cut(o.client, 60)
    said = phrases.quoted(o.quote) if o.quote else phrases.cut(o.summary, 140)
    return Row(
        who,
        f"{length}, still waiting" if w.still else length,
        said,
        f"{_ASKED.get(o.kind, 'asked')} {phrases.moment(o.created, zone, facts.until)}; {o.id}",
        late=w.still,
    )


def _promise(o: Obligation, zone: ZoneInfo, facts: Lookback) -> Row:
    due = f"due {phrases.day(o.due, zone, facts.until)}" if o.due else ""
    said = phrases.quoted(o.quote) if o.quote else phrases.cut(o.summary, 140)
    return Row(phrases.cut(o.client, 60), due, said, f"said {phrases.moment(o.created, zone, facts.until)}; {o.id}")


def _unsure(o: Obligation, zone: ZoneInfo, facts: Lookback) -> Row:
    said = phrases.quoted(o.quote) if o.quote else phrases.cut(o.summary, 140)
    asks = {
        Kind.REPLY: "did they wait for an answer?",
        Kind.PROMISE: "was it a promise, and was it kept?",
        Kind.CALLBACK: "was a call owed?",
    }
    return Row(
        phrases.cut(o.client, 60), asks.get(o.kind, "is it so?"), said, f"{phrases.moment(o.created, zone, facts.until)}; {o.id}"
    )


def _no_rhythm(facts: Lookback) -> str:
    if facts.first is None or (facts.until - facts.first).days < 60:
        return "Too little history to know anybody's rhythm yet."
    return "Nobody has fallen out of their own rhythm."


def _target(account: Account, facts: Lookback) -> str:
    f, many = facts.target, phrases.count(facts.times.count, "question")
    if facts.times.count < feasibility.ENOUGH:
        return f"Only {many} so far: too few to say which time you would keep 19 times in 20."
    if f.target is None:
        return f"Of {many} {facts.times.open} are still open: no time that people agree on was kept 19 times in 20."
    low, high = (phrases.duration(end, account.hours) if end is not None else "more than was seen so far" for end in f.within)
    exact = ""
    if f.within[0] is not None:
        exact = f" It may be as little as {low}" + (
            f" or as much as {high}." if f.within[1] is not None else ", or more than this: history is short."
        )
    kept = f"{phrases.allowance(f.target)[:1].upper()}{phrases.allowance(f.target)[1:]} would have been kept 19 times in 20."
    return f"{kept}{exact} In brackets: between which shares the true one lies, 19 times in 20."


def _targets(facts: Lookback) -> Iterator[BarChart]:
    rows = [
        (phrases.allowance(rung), share.value, f"{share.value:.0%} ({share.interval[0]:.0%} to {share.interval[1]:.0%})")
        for rung, share in facts.rungs
    ]
    if rows and facts.times.count >= FEWEST:
        yield shares("Answered within", rows, feasibility.SHARE)


def _spread(account: Account, facts: Lookback) -> str:
    t = facts.times
    if t.count < FEWEST:
        return ""
    still = f"; {t.open} {'is' if t.open == 1 else 'are'} not answered yet" if t.open else ""
    return (
        f"Half of {phrases.count(t.count, 'question')} were answered within {phrases.duration(t.median, account.hours)}{still}."
    )


def _all_clients(account: Account, facts: Lookback) -> list[BarChart]:
    answered = [m for m, open_ in zip(facts.minutes, facts.waiting, strict=True) if not open_]
    return [distribution("All clients", answered, None, _day(account), waiting=facts.times.open)] if facts.minutes else []


def _by_client(account: Account, facts: Lookback) -> Iterator[BarChart]:
    known = [a for a in facts.attention if a.times.count >= FEWEST]
    longest = max((a.times.ninety for a in known if a.times.ninety is not None), default=0.0)
    rows = []
    for a in sorted(known, key=lambda a: (a.times.ninety is not None, -(a.times.ninety or 0), a.client))[:MOST]:
        value = a.times.ninety if a.times.ninety is not None else longest
        middle = phrases.duration(a.times.median, account.hours)
        slow = (
            phrases.duration(a.times.ninety, account.hours)
            if a.times.ninety is not None
            else f"cannot be said, {a.times.open} of {a.times.count} still open"
        )
        rows.append((phrases.cut(a.client, 40), value, f"{slow}, half within {middle}"))
    if rows:
        yield comparison("Nine in ten answered within", rows)


def _balance(facts: Lookback) -> list[StackedBarChart]:
    rows = [(phrases.cut(a.client, 40), *_mails(a)) for a in facts.attention[:MOST_CLIENTS]]
    rest = [_mails(a) for a in facts.attention[MOST_CLIENTS:]]
    if rest:
        a, o, n, h = (sum(column) for column in zip(*rest, strict=True))
        rows.append((phrases.count(len(rest), "other"), a, o, n, h))
    return [balance("Mails by client", rows)] if rows else []


def _mails(a: Attention) -> tuple[int, int, int, int]:
    of = a.mails.get
    return of(Bucket.ANSWERED, 0), of(Bucket.OPEN, 0), of(Bucket.NO_ANSWER, 0), of(Bucket.HELD_BACK, 0)


def _stages(account: Account, facts: Lookback) -> str:
    p, e = facts.prospects, facts.established
    if min(p.count, e.count) < feasibility.ENOUGH // 2 or p.median is None or e.median is None:
        return PLACES
    return f"Prospects wait {phrases.duration(p.median, account.hours)} for half of their answers, clients {phrases.duration(e.median, account.hours)}. {PLACES}"


def _day(account: Account) -> float:
    """A working day, in minutes."""
    return hours.longest_day(account.hours).total_seconds() / 60
