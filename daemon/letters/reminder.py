"""The reminder: what is about to be late or has just become so, with everything that helps to settle it now.

It carries the client's words, what came since in two lines, the working time that is left, times at which the user is free, and
whether a draft reply is ready. It is never sent merely to say that something is there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from connectors.calendar import Busy
from daemon.glossary.actions import GAP
from daemon.glossary.gaps import unfilled
from daemon.glossary.obligations import Obligation, State
from daemon.glossary.parties import Account
from daemon.letters import Letter, phrases, templating
from daemon.letters.lines import Line, LineFormatter, LinksFor, MailOf
from daemon.letters.recovery import KIND_NOUNS

FREE_TIMES = 3
MAX_ASKS = 5  # further questions that are listed


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something of the user's that may answer: an entry of their library, or an earlier answer (then `at` is when it was sent).

    `where` says where it can be found, or whom it went to; `asked` is the question that it answered, and `client` who asked it.
    """

    title: str
    words: str
    link: str
    where: str
    at: datetime | None = None
    asked: str = ""
    client: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One obligation as the template shows it; `tag` is about a reply that gave the client no date."""

    line: Line
    history: Sequence[str]
    time_left: str
    free: str
    drafted: bool
    tag: str
    suggestions: Sequence[str]
    times: Sequence[str]


def reminder(
    account: Account,
    obligations: Sequence[Obligation],
    stages: Sequence[str],
    slots: Mapping[str, Sequence[Busy]],
    drafted: Collection[str],
    links: LinksFor,
    now: datetime,
    suggestions: Callable[[Obligation], Sequence[Suggestion]] = lambda _o: (),
    mail_of: MailOf = lambda _evidence: "",
    times: Callable[[Obligation], Sequence[str]] = lambda _o: (),
) -> Letter:
    """Return one mail about one or more obligations, each at its stage (due_soon or overdue).

    `slots` are the user's free times for each client by name; a client without any is offered none. `drafted` holds the keys of
    the obligations that get a draft reply along with this reminder. `mail_of` gives the address that opens a mail, `times` what the
    calendar says of the times that a client proposes.
    """
    formatter = LineFormatter(account, links, now, mail_of=mail_of, times=times)
    obligations, stages = _once(obligations, stages)
    entries = [_entry(o, formatter, slots.get(o.client, ()), suggestions(o), drafted=o.key in drafted) for o in obligations]
    free = [entry.free for entry in entries if entry.free]
    shared = free[0] if len(free) > 1 and len(set(free)) == 1 else ""
    headline = _headline(formatter, obligations, stages)
    values = {"headline": headline, "entries": entries, "shared": shared, "now": formatter.moment(now)}
    return Letter(_subject(headline, obligations), templating.text("reminder", **values), templating.html("reminder", **values))


def _once(obligations: Sequence[Obligation], stages: Sequence[str]) -> tuple[Sequence[Obligation], Sequence[str]]:
    """Return each obligation once, at its first stage: a reply sent with a gap may be overdue as well."""
    staged: dict[str, tuple[Obligation, str]] = {}
    for o, stage in zip(obligations, stages, strict=True):
        staged.setdefault(o.key, (o, stage))
    return [o for o, _ in staged.values()], [stage for _, stage in staged.values()]


def _entry(
    o: Obligation, formatter: LineFormatter, slots: Sequence[Busy], suggestions: Sequence[Suggestion], *, drafted: bool
) -> Entry:
    return Entry(
        line=replace(formatter.line(o), more=""),  # `history` lists every question
        history=tuple(_history(o, formatter)),
        time_left=_time_left(o, formatter),
        free=_free(_in_time(o, slots, formatter), formatter),
        drafted=drafted,
        tag=_tag(o, slots, formatter),
        suggestions=[_suggestion(s, formatter) for s in suggestions],
        times=[f"{told}." for told in formatter.times(o)],
    )


def _in_time(o: Obligation, slots: Sequence[Busy], formatter: LineFormatter) -> Sequence[Busy]:
    """Return the free times that help: of what is not late yet those before it is due."""
    return [s for s in slots if o.due is None or formatter.is_late(o) or s.end <= o.due]


def _tag(o: Obligation, slots: Sequence[Busy], formatter: LineFormatter) -> str:
    """Point out a reply that carried no value (a tag: no answer and no date), and say what would."""
    if o.empty is None:
        return ""
    if gap := unfilled(o.empty.quote or ""):
        return f"Your reply ({formatter.moment(o.empty.at)}) was sent with “{gap}” in it: the answer is still missing."
    words = f", {phrases.quoted(o.empty.quote, 80)}," if o.empty.quote else ""
    such_as = f", such as {phrases.moment(slots[0].start, formatter.zone, formatter.now)}" if slots else ""
    return (
        f"Still waiting: your reply ({formatter.moment(o.empty.at)}){words} gave no date. "
        f"Give one{such_as}, or answer the first point."
    )


def _suggestion(s: Suggestion, formatter: LineFormatter) -> str:
    content = " ".join(part for part in (phrases.quoted(s.words, 200) if s.words else "", s.link) if part)
    if s.at is not None:
        sent = phrases.day(s.at, formatter.zone, formatter.now)
        about = f" when asked {phrases.quoted(s.asked, 90)}" if s.asked else ""
        return f"An earlier answer of yours ({s.where}, {sent}, {phrases.quoted(s.title, 50)}){about}: {content}"
    return f"{phrases.cut(s.title, 80)}: {content} ({s.where})"


def _headline(formatter: LineFormatter, obligations: Sequence[Obligation], stages: Sequence[str]) -> str:
    now = [_stage_now(formatter, o, stage) for o, stage in zip(obligations, stages, strict=True)]
    if len(obligations) == 1:
        o = obligations[0]
        if now[0] == GAP and o.empty is not None:
            return f"{phrases.cut(o.client, 60)}: your reply was sent with “{unfilled(o.empty.quote or '')}” in it."
        due = formatter.moment(o.due) if o.due else ""
        verb = "was" if now[0] == State.OVERDUE.value else "is"
        return f"{phrases.cut(o.client, 60)}: {KIND_NOUNS[o.kind]} {verb} due {due}".rstrip() + "."
    late, gaps = now.count(State.OVERDUE.value), now.count(GAP)
    counts = (
        (f"{late} overdue", late),
        (f"{len(now) - late - gaps} due soon", len(now) - late - gaps),
        (f"{gaps} sent with a gap", gaps),
    )
    return ", ".join(words for words, number in counts if number) + "."


def _stage_now(formatter: LineFormatter, o: Obligation, stage: str) -> str:
    """Return the stage of a reminder when it is read: what was due soon when it was planned may be late by now."""
    return State.OVERDUE.value if stage != GAP and formatter.is_late(o) else stage


def _subject(headline: str, obligations: Sequence[Obligation]) -> str:
    start = headline.rstrip(".")
    if len(obligations) == 1:
        o = obligations[0]
        return f"{start}: {phrases.quoted(o.quote or o.summary, 60)}"
    clients = list(dict.fromkeys(phrases.cut(o.client, 30) for o in obligations))
    return f"{start}: {phrases.listed([*clients[:3], *[f'{len(clients) - 3} more'] * (len(clients) > 3)])}"


def _history(o: Obligation, formatter: LineFormatter) -> Iterator[str]:
    """Yield what came after the first words: everything else they asked, in their words, and the latest other sign."""
    further = phrases.different((o.quote or "", *o.asks[1:]))[1:]
    yield from (f"also asked{formatter.later_day(o, ask).rstrip(',')}: {phrases.quoted(ask, 140)}" for ask in further[-MAX_ASKS:])
    if len(further) > MAX_ASKS:
        yield f"and {phrases.count(len(further) - MAX_ASKS, 'earlier question')}"
    signs = [e for e in o.evidence if o.source.at < e.at <= formatter.now and e.quote and e.quote not in o.asks and e != o.empty]
    if signs:
        latest = max(signs, key=lambda e: e.at)
        yield f"{formatter.moment(latest.at)}: {phrases.quoted(latest.quote or '', 100)}"


def _time_left(o: Obligation, formatter: LineFormatter) -> str:
    """Return how much working time is left; nothing once it is late, which the status says."""
    if o.due is None or formatter.is_late(o):
        return ""
    return f"{phrases.working_span(formatter.account.hours, formatter.now, o.due)} left"


def _free(slots: Sequence[Busy], formatter: LineFormatter) -> str:
    return phrases.listed([phrases.span(s.start, s.end, formatter.zone, formatter.now) for s in slots[:FREE_TIMES]], "or")
