"""The reminder: what is about to be late or has just become so, with everything that helps to settle it now.

Its first line says what to do and by when, the second why now. Then come the client's words, what came since in two lines, what may
help, times at which the user is free, and the links to the draft and the mail. It is never sent merely to say that something is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from connectors.calendar import Busy
from daemon.glossary.actions import GAP
from daemon.glossary.gaps import ATTACHMENTS, unfilled
from daemon.glossary.obligations import Evidence, Kind, Obligation, State
from daemon.letters import Letter, phrases, templating
from daemon.letters.habits import documents
from daemon.letters.lines import Line, LineFormatter, tells_number_only
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
    """One obligation as the template shows it: `task` is what to do by when, `why` why now; `tag` is about a reply without value."""

    line: Line
    task: str
    why: str
    history: Sequence[str]
    free: str
    draft: str
    tag: str
    suggestions: Sequence[str]
    times: Sequence[str]


def reminder(
    formatter: LineFormatter,
    obligations: Sequence[Obligation],
    stages: Sequence[str],
    slots: Callable[[Obligation], Sequence[Busy]],
    drafts: Mapping[str, str],
    suggestions: Callable[[Obligation], Sequence[Suggestion]] = lambda _o: (),
) -> Letter:
    """Return one mail about one or more obligations, each at its stage (due_soon or overdue).

    `slots` gives the user's free times for an obligation, none where none are of use. `drafts` are the texts of the draft replies
    that come along with this reminder, by the keys of their obligations.
    """
    obligations, stages = _once(obligations, stages)
    entries = [_entry(o, formatter, slots(o), suggestions(o), drafts.get(o.key, "")) for o in obligations]
    free = [entry.free for entry in entries if entry.free]
    shared = free[0] if len(free) > 1 and len(set(free)) == 1 else ""
    counts = _counts(formatter, obligations, stages)
    subject = _subject(counts, obligations)
    headline = entries[0].task if len(entries) == 1 else f"{subject}."
    values = {"headline": headline, "entries": entries, "shared": shared, "now": formatter.moment(formatter.now)}
    return Letter(subject, templating.text("reminder", **values), templating.html("reminder", **values))


def _once(obligations: Sequence[Obligation], stages: Sequence[str]) -> tuple[Sequence[Obligation], Sequence[str]]:
    """Return each obligation once, at its first stage: a reply sent with a gap may be overdue as well."""
    staged: dict[str, tuple[Obligation, str]] = {}
    for o, stage in zip(obligations, stages, strict=True):
        staged.setdefault(o.key, (o, stage))
    return [o for o, _ in staged.values()], [stage for _, stage in staged.values()]


def _entry(
    o: Obligation, formatter: LineFormatter, slots: Sequence[Busy], suggestions: Sequence[Suggestion], draft: str
) -> Entry:
    return Entry(
        line=_line(o, formatter),
        task=_task(o, formatter),
        why=_why(o, formatter),
        history=tuple(_history(o, formatter)),
        free=_free(o, _in_time(o, slots, formatter), formatter),
        draft=_draft(draft),
        tag=_tag(o, slots, formatter),
        suggestions=[_suggestion(s, formatter) for s in suggestions],
        times=[f"{told}." for told in formatter.times(o)],
    )


def _line(o: Obligation, formatter: LineFormatter) -> Line:
    """Return the line without the further questions, which `history` lists, and without the day where `why` says it.

    It has no words where these tell of a call only the number, which the task names.
    """
    line = replace(formatter.line(o), more="")
    if tells_number_only(o):
        return replace(line, words="", source="")
    return line if _asked_again(o) or not _said(o, formatter) else replace(line, source=formatter.source(o, dated=False))


def _in_time(o: Obligation, slots: Sequence[Busy], formatter: LineFormatter) -> Sequence[Busy]:
    """Return the free times that help: of what is not late yet those before it is due, and with some time left unless it is a call."""
    if o.due is None or formatter.is_late(o):
        return slots
    if formatter.appointment(o):
        return ()
    return [s for s in slots if s.end < o.due or (o.kind is Kind.CALLBACK and s.end == o.due)]


def _task(o: Obligation, formatter: LineFormatter) -> str:
    """Return what to do and by when, or when it was due: "Call Hannah Moss (Birchwood Foods) on +44 1632 960144 by 17:30."."""
    person, number = phrases.person(o.contact, o.contact_name), formatter.number(o)
    client = phrases.cut(o.client, 60)
    who = f"{person} ({client})" if person else client
    task = f"{_VERBS[o.kind]} {who}" if o.kind in _VERBS else f"{client}: {phrases.cut(o.summary, 100)}"
    on_number = f" on {number}" if number else ""
    if o.presumed is not None:
        return f"{task}{on_number}: {formatter.status(o)}."
    if formatter.is_late(o) and o.due is not None:
        return f"{task}{on_number}: it was due {formatter.moment(o.due)}."
    return f"{task}{on_number}{f' {formatter.status(o)}' if o.due is not None else ''}."


_VERBS: Mapping[Kind, str] = {
    Kind.REPLY: "Answer",
    Kind.CALLBACK: "Call",
    Kind.PROMISE: "Do what you promised",
}


def _why(o: Obligation, formatter: LineFormatter) -> str:
    """Return why now: how much working time is left, or how late it is, and what the client said last, or the user promised."""
    late = formatter.is_late(o)
    if o.presumed is not None:
        said = _said(o, formatter)
        return f"{said[:1].upper()}{said[1:]}."
    status = formatter.status(o) if late and not formatter.status(o).startswith("due") else _time_left(o, formatter)
    why = "; ".join(part for part in (status, _said(o, formatter)) if part)
    return f"{why[:1].upper()}{why[1:]}."


def _said(o: Obligation, formatter: LineFormatter) -> str:
    """Return what the client did last, or that the user promised it, and when."""
    again = _asked_again(o)
    if again is not None:
        return f"they asked again {formatter.recently(again)}"
    at = formatter.recently(o.source.at)
    if o.kind is Kind.PROMISE or (o.kind is Kind.CALLBACK and not o.asks):
        return f"you promised it {at}"
    if o.kind is Kind.CALLBACK:
        return f"they asked for a call {at}" if "@" in (o.contact or "") else f"they called {at}"
    return f"they asked {at}" if o.kind is Kind.REPLY else ""


def _asked_again(o: Obligation) -> datetime | None:
    """Return when the client last asked for what they had asked for before."""
    again = (*o.chased, *(e for e in o.evidence if e.quote in o.asks[1:] and e.at > o.source.at))
    return max((e.at for e in again), default=None)


def _tag(o: Obligation, slots: Sequence[Busy], formatter: LineFormatter) -> str:
    """Point out a reply that carried no value (a tag: no answer and no date), and say what would."""
    if o.empty is None:
        return ""
    if unfilled(o.empty.quote or ""):
        return f"{formatter.empty_reply(o.empty)}: the answer is still missing."
    words = phrases.quoted(o.empty.quote, 80) if o.empty.quote else ""
    such_as = f", such as {phrases.moment(slots[0].start, formatter.zone, formatter.now)}" if slots else ""
    return f"{formatter.empty_reply(o.empty, words)}. Give one{such_as}, or answer the first point."


def _draft(text: str) -> str:
    """Return whether a draft reply can be sent as it is, or what is left to do in it; "" where there is none."""
    own = "\n".join(line for line in text.splitlines() if not line.startswith(">"))
    gap = unfilled(own)
    if not own:
        return ""
    if gap is None:
        return "A draft reply is ready in your Drafts folder, in the same thread."
    if gap in ATTACHMENTS:
        return "A draft reply is ready in your Drafts folder, in the same thread: attach the file to it."
    return "A draft to fill in is in your Drafts folder, in the same thread."


def _suggestion(s: Suggestion, formatter: LineFormatter) -> str:
    content = " ".join(part for part in (phrases.quoted(s.words, 200) if s.words else "", s.link) if part)
    if s.at is not None:
        sent = phrases.day(s.at, formatter.zone, formatter.now)
        about = f" when asked {phrases.quoted(s.asked, 90)}" if s.asked else ""
        return f"An earlier answer of yours ({s.where}, {sent}, {phrases.quoted(s.title, 50)}){about}: {content}"
    return f"{phrases.cut(s.title, 80)}: {content} ({s.where})"


def _counts(formatter: LineFormatter, obligations: Sequence[Obligation], stages: Sequence[str]) -> str:
    """Return what is due or late, for the subject: of one obligation what it is, of several how many of each stage."""
    now = [_stage_now(formatter, o, stage) for o, stage in zip(obligations, stages, strict=True)]
    if len(obligations) == 1:
        o = obligations[0]
        if now[0] == GAP and o.empty is not None:
            return f"{phrases.cut(o.client, 60)}: your reply was {phrases.sent_with(unfilled(o.empty.quote or '') or '')}"
        if o.presumed is not None:
            return f"{phrases.cut(o.client, 60)}: {KIND_NOUNS[o.kind]}, {formatter.status(o)}"
        due = formatter.moment(o.due) if o.due else ""
        verb = "was" if now[0] == State.OVERDUE.value else "is"
        return f"{phrases.cut(o.client, 60)}: {KIND_NOUNS[o.kind]} {verb} due {due}".rstrip()
    late, gaps = now.count(State.OVERDUE.value), now.count(GAP)
    counts = (
        (f"{late} overdue", late),
        (f"{len(now) - late - gaps} due soon", len(now) - late - gaps),
        (f"{gaps} sent with a gap", gaps),
    )
    return ", ".join(words for words, number in counts if number)


def _stage_now(formatter: LineFormatter, o: Obligation, stage: str) -> str:
    """Return the stage of a reminder when it is read: what was due soon when it was planned may be late by now."""
    return State.OVERDUE.value if stage != GAP and formatter.is_late(o) else stage


def _subject(start: str, obligations: Sequence[Obligation]) -> str:
    if len(obligations) == 1:
        o = obligations[0]
        about = phrases.person(o.contact, "") if tells_number_only(o) else phrases.quoted(o.quote or o.summary, 60)
        return f"{start}: {about}"
    clients = list(dict.fromkeys(phrases.cut(o.client, 30) for o in obligations))
    return f"{start}: {phrases.listed([*clients[:3], *[f'{len(clients) - 3} more'] * (len(clients) > 3)])}"


def _history(o: Obligation, formatter: LineFormatter) -> Iterator[str]:
    """Yield what came after the first words: everything else they asked, in their words, and the latest other sign."""
    further = phrases.different((o.quote or "", *o.asks[1:]))[1:]
    yield from (f"also asked{formatter.later_day(o, ask).rstrip(',')}: {phrases.quoted(ask, 140)}" for ask in further[-MAX_ASKS:])
    if len(further) > MAX_ASKS:
        yield f"and {phrases.count(len(further) - MAX_ASKS, 'earlier question')}"
    if sign := formatter.sign(o):
        yield sign
        return
    signs = [e for e in o.evidence if _is_news(e, o, formatter)]
    if signs:
        latest = max(signs, key=lambda e: e.at)
        who = formatter.speaker(o, latest)
        yield f"then, {formatter.moment(latest.at)}{f', {who}' if who else ''}: {phrases.quoted(latest.quote or '', 100)}"


def _is_news(e: Evidence, o: Obligation, formatter: LineFormatter) -> bool:
    return bool(o.source.at < e.at <= formatter.now and e.quote and e.quote not in o.asks and e != o.empty)


def _time_left(o: Obligation, formatter: LineFormatter) -> str:
    """Return how much working time is left; nothing once it is late, which the status says."""
    if o.due is None or formatter.is_late(o):
        return ""
    return f"{phrases.working_span(formatter.account.hours, formatter.now, o.due)} left"


def _free(o: Obligation, slots: Sequence[Busy], formatter: LineFormatter) -> str:
    """Return the times at which the user is free, with what they are for; "" where there are none.

    A call instead of an answer is spoken of only where the contact's number is known, and no document is asked for.
    """
    times = phrases.spans(slots[:FREE_TIMES], formatter.zone, formatter.now)
    if not times or o.kind is not Kind.REPLY:
        return f"{_FOR.get(o.kind, 'You are free')} {times}." if times else ""
    number = "" if any(documents.is_wanted(words) for words in o.asks or (o.quote or "",)) else formatter.number_if_quicker(o)
    return f"If a call is quicker ({number}), you are free {times}." if number else ""


_FOR: Mapping[Kind, str] = {
    Kind.CALLBACK: "You are free to call",
    Kind.PROMISE: "You have time for it",
}
