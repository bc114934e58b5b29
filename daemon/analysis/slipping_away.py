"""Slipping away: the signs that a client is slipping away. Each is one alarm, with what shows it; contact ends it.

silent    silence longer than their own habit explains (analysis.gap_statistics); an absence note, a meeting or a logged call counts as contact
slower    their answers to us take noticeably longer than theirs used to, in business time
shorter   their mails say noticeably less than theirs used to
declined  two meetings in a row that their side declined or cancelled, until one takes place or is accepted
left      somebody says that a contact leaves or has left, or our mail to somebody who used to write bounces for good

New and one-off contacts have no habit and raise no alarm.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from connectors.calendar import Event
from daemon.analysis import gap_statistics
from daemon.core import hours, meetings, messages, people
from daemon.core.evidence import event_evidence, message_evidence
from daemon.core.history import held_meetings, logged_calls
from daemon.core.people import ADDRESS, PUBLIC_DOMAINS, is_theirs
from daemon.glossary.assessments import Alarm, AlarmKind
from daemon.glossary.charter import WorkingHours
from daemon.glossary.obligations import Evidence, SourceType, Strength
from daemon.glossary.parties import Client, Stage
from daemon.glossary.timelines import Entry, Side, Timeline

SLOWER, SLOW = 2.0, 240.0  # times as long, and at least so many business minutes more
SHORTER, SHORT = 2.0, 15.0  # times as few words, and at least so many fewer
DECLINES = 2
GONE = timedelta(days=10)  # who says "my last day is Friday" still writes that week
OTHERS = 2  # mails of somebody else there who has taken over: a departure or an absence explains nothing any more
FRESH = timedelta(days=120)  # how long anything but silence is news


def alarms(timeline: Timeline, now: datetime) -> tuple[Alarm, ...]:
    """Return every sign at `now`; the timeline must hold nothing later."""
    if timeline.client.stage is Stage.LOST:
        return ()
    written = [e for e in timeline.entries if messages.from_client(e)]
    # What a club or a list sends to everybody has a rhythm of its own, but whoever still sends it is not silent.
    from_client = [e for e in written if messages.is_written_to_ours(e, timeline.account)]
    signs = (
        *(_silent(timeline, from_client, now) if written[-1:] == from_client[-1:] else ()),
        *_slower(timeline, now),
        *_shorter(timeline, from_client, now),
        *_declined(timeline, now),
        *_left(timeline, from_client, now),
    )
    return tuple(sorted(signs, key=lambda a: (a.since, a.key)))


def _alarm(client: Client, kind: AlarmKind, at: datetime, event: str, says: str, *shown: Evidence) -> Alarm:
    return Alarm(f"{kind.value}:{client.key}:{event}", kind, client.name, at, says, shown)


# --- silence ---


def _silent(timeline: Timeline, from_client: Sequence[Entry], now: datetime) -> Iterator[Alarm]:
    if len(from_client) <= gap_statistics.GAPS:
        return
    working = timeline.account.hours
    extra = timeline.client.hours.holidays if timeline.client.hours else frozenset()
    met = sorted((*held_meetings(timeline, now), *logged_calls(timeline)), key=lambda e: e.at)
    days = sorted({hours.local_date(working, at) for at in (*(e.at for e in from_client), *(m.at for m in met))})
    calendar = gap_statistics.working_days(working, extra)
    silence = gap_statistics.silence(
        days, max([days[-1], *_back(timeline, from_client)]), hours.local_date(working, now), calendar
    )
    if silence is not None:
        last = max((message_evidence(from_client[-1]), *met[-1:]), key=lambda e: e.at)
        usual = "nearly every working day" if silence.usual < 1.5 else f"every {round(silence.usual)} working days"
        passed = calendar.between(
            days[-1], hours.local_date(working, now)
        )  # longer than the silence where an absence explains some
        says = f"no word from them for {passed} working days; usually one {usual}"
        yield _alarm(timeline.client, AlarmKind.SILENT, last.at, _event_of(last), says, last)


def _event_of(last: Evidence) -> str:
    """Return what names the silence after a contact: every occurrence of a recurring meeting has the same UID."""
    return last.reference if last.type is SourceType.MESSAGE else f"{last.reference}@{last.at:%Y%m%d}"


def _back(timeline: Timeline, from_client: Sequence[Entry]) -> Iterator[date]:
    """Yield when those who are away come back; an absence explains no silence of others who have written meanwhile."""
    for e in timeline.entries:
        if e.reading.away_until is not None and e.side is Side.CLIENT and e.message.authentic:
            away = e.message.sender.email
            if sum(x.at > e.at and x.message.sender.email != away for x in from_client) < OTHERS:
                yield e.reading.away_until


# --- their answers ---


def _slower(timeline: Timeline, now: datetime) -> Iterator[Alarm]:
    working = timeline.account.hours
    answers = list(_answers(timeline))
    change = gap_statistics.grown([(hours.local_date(working, e.at), minutes) for e, minutes in answers], SLOWER, SLOW)
    if change is not None and answers[-1][0].at > now - FRESH:
        says = f"their answers now take about {_span(change.now, working)}; they used to take {_span(change.before, working)}"
        shown = message_evidence(answers[-1][0])
        first = answers[change.first][0]
        yield _alarm(timeline.client, AlarmKind.SLOWER, first.at, first.message.message_id, says, shown)


def _span(minutes: float, working: WorkingHours) -> str:
    """Return business minutes as one says them."""
    day = hours.longest_day(working).total_seconds() / 60
    for unit, length in (("working day", day), ("working hour", 60.0)):
        if length and minutes >= 0.75 * length:
            number = max(1, round(minutes / length))
            return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
    return f"{max(1, round(minutes))} min"


def _answers(timeline: Timeline) -> Iterator[tuple[Entry, float]]:
    """Yield each answer of theirs to a mail of ours that said something, in the same conversation, with its business minutes."""
    waiting: dict[str, datetime] = {}
    for e in timeline.entries:
        if messages.from_our_side(e):
            if e.conversation not in waiting and (messages.requests(e) or messages.has_substance(e)):
                waiting[e.conversation] = e.at
        elif e.conversation in waiting and messages.from_client(e):
            took = hours.between(timeline.account.hours, waiting.pop(e.conversation), e.at)
            yield e, took.total_seconds() / 60


def _shorter(timeline: Timeline, from_client: Sequence[Entry], now: datetime) -> Iterator[Alarm]:
    """Lengths fall where their negatives grow; the difference is counted in words."""
    working = timeline.account.hours
    lengths = [(hours.local_date(working, e.at), -float(len(e.reading.new_text.split()))) for e in from_client]
    change = gap_statistics.grown(lengths, 1 / SHORTER, SHORT)
    if change is not None and from_client[-1].at > now - FRESH:
        says = f"their emails now have about {-change.now:.0f} words; they used to have {-change.before:.0f}"
        first = from_client[change.first]
        shown = message_evidence(from_client[-1])
        yield _alarm(timeline.client, AlarmKind.SHORTER, first.at, first.message.message_id, says, shown)


# --- meetings ---


def _declined(timeline: Timeline, now: datetime) -> Iterator[Alarm]:
    refused = _refusals(timeline, now)
    if len(refused) >= DECLINES and refused[-1].start > now - FRESH:
        first = refused[0]
        says = f"they declined {len(refused)} meetings in a row"
        shown = tuple(event_evidence(e, Strength.WEAK) for e in refused[-3:])
        since = min(now, first.modified or first.start, first.start).astimezone(UTC)
        yield _alarm(timeline.client, AlarmKind.DECLINED, since, f"{first.uid}{first.occurrence}", says, *shown)


def _refusals(timeline: Timeline, now: datetime) -> list[Event]:
    """Return the meetings that their side refused, in order of time, since the last that took place or was accepted."""
    client = timeline.client
    refused: list[Event] = []
    for event in sorted((e for e in timeline.events if not e.all_day), key=lambda e: (e.start, e.uid)):
        if _refused(event, client):
            apart = refused and event.start - refused[-1].start > FRESH
            refused = [event] if apart else [*refused, event]
        elif (
            (event.start <= now or _accepted(event, client))
            and meetings.guests(event, client)
            and meetings.takes_place(event, timeline)
            and not meetings.is_unconfirmed(event, timeline)
        ):
            refused = []
    return refused


def _refused(event: Event, client: Client) -> bool:
    """Whether everybody invited there declined, or they cancelled what they had called."""
    if event.status == "cancelled" and event.organizer is not None and is_theirs(client, event.organizer):
        return True
    answers = [a.answer for a in meetings.guests(event, client)]
    return bool(answers) and all(a == "declined" for a in answers)


def _accepted(event: Event, client: Client) -> bool:
    return any(a.answer == "accepted" for a in meetings.guests(event, client))


# --- departures ---


@dataclass(frozen=True, slots=True)
class _Gone:
    """Who seems to be gone (an address, or the name that somebody gave), by which message and which of its words."""

    entry: Entry
    who: str
    quote: str

    @property
    def bounced(self) -> bool:
        return self.entry.reading.automated == "bounce"


def _left(timeline: Timeline, from_client: Sequence[Entry], now: datetime) -> Iterator[Alarm]:
    """Yield the first message that reports each departure; later reports of it are the same event."""
    reported: set[str] = set()
    for e in timeline.entries:
        if not _perhaps(e):
            continue
        gone = _departure(e, timeline, from_client)
        if gone is not None and gone.who not in reported and not _heard_since(gone, from_client):
            reported.add(gone.who)
            if e.at > now - FRESH:
                who = people.names(x.message for x in timeline.entries).get(gone.who, gone.who)
                says = f"an email to {who} bounced" if gone.bounced else f"{who} seems to have left"
                yield _alarm(timeline.client, AlarmKind.LEFT, e.at, e.message.message_id, says, message_evidence(e, gone.quote))


def _perhaps(e: Entry) -> bool:
    """Whether a message may report a departure; a quick look, so that few messages need a slow one."""
    if e.reading.automated == "bounce":
        return True
    if e.side is not Side.CLIENT or not e.message.authentic or e.reading.automated not in (None, "auto_reply"):
        return False
    low = e.reading.new_text.lower()
    return any(hint in low for hint in _HINTS)


def _departure(e: Entry, timeline: Timeline, from_client: Sequence[Entry]) -> _Gone | None:
    if e.reading.automated == "bounce":
        return _returned(e, from_client)
    text = e.reading.new_text
    for match in _left_words(timeline.client.name, timeline.client.domains).finditer(text):
        who = _who(e, match, timeline, from_client)
        if who is not None:
            start, end = text.rfind("\n", 0, match.start()) + 1, text.find("\n", match.end())
            return _Gone(e, who, text[start : end if end >= 0 else None].strip()[:200])
    return None


_HINTS = (
    *("left", "leaving", "no longer", "last day", "last working day", "retir", "anymore", "any more", "moved on", "moving on"),
    *("nicht mehr", "verlass", "verlässt", "letzter tag", "letzter arbeitstag"),
)
_OPENERS = frozenset("unfortunately sadly since as and but also so hi hello dear please leider that weil dass".split())
_TITLES = ("mr", "mrs", "ms", "dr", "frau", "herr")
_FALSE_NAMES = frozenset(
    "the this that these those it we our your their his her they you there here what which all one some "
    "yes no monday tuesday wednesday thursday friday saturday sunday january february "
    "march april may june july august september october november december das die der dies es wir ist".split()
)
_UNSAID = re.compile(
    r"\b(?:if|whether|unless|until|once|nobody|no one|never|falls|ob|wenn|niemand)\b|n't\b|\bnot yet\b", re.IGNORECASE
)
_HOLIDAY = re.compile(
    r"\b(?:holidays?|vacation|annual leave|christmas|easter|back (?:on|in|at|from|the)|return(?:ing)?|urlaub|ferien|zurück|wieder da)\b",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(r"\b(?:before|break|project|site|fair|course|training|projekt|messe)\b", re.IGNORECASE)


@lru_cache(maxsize=512)
def _left_words(name: str, domains: frozenset[str]) -> re.Pattern[str]:
    """Ways to say that a person leaves. What is left must be the company: mail is full of other things that leave, or no longer work."""
    first = {w for w in name.split()[:1] if len(w) > 3 and w.lower() not in _FALSE_NAMES}  # not the The of The Body Shop
    names = {name, *first, *(d.partition(".")[0] for d in domains if d not in PUBLIC_DOMAINS)}
    own = "(?:" + "|".join(map(re.escape, sorted(names, key=len, reverse=True))) + r")\b"
    firm = rf"(?:{own}|(?:the|our|this) (?:company|business|firm|organi[sz]ation))(?! \w+ (?:here|there)\b)(?!-)(?! (?:car|van|card|phone|keys?)\b)"
    ends = r"(?=\s*(?:[.,;:!)\n–-]|$|and\b|as of\b|at the end\b|in (?-i:[A-Z])|on (?:the |\d)|last (?:week|month|year)\b|this (?:week|month)\b|to (?:pursue|join|take)\b))"
    person = r"(?P<self>I|ich)\b|(?P<pronoun>he|she|who|the (?:person|colleague|employee)(?: you [\w ]{3,40}?)?)\b|(?-i:(?P<who>(?:(?:Mr|Mrs|Ms|Dr|Frau|Herr)\.? )?[A-ZÄÖÜ][\w'’-]{1,30}(?: [A-ZÄÖÜ][\w'’-]{1,30}){0,2}))"
    is_, has = r"(?:is|am|are|was|['’]s|['’]m)", r"(?:has|have|had|['’]s|['’]ve)"
    verbs = "|".join(
        (
            rf"(?:\s?{is_} no longer| will no longer be) (?:with|(?:working|employed) (?:for|at|by|with)|an employee of|part of)(?: {firm}| us{ends}| our team)",
            rf"\s?{is_} no longer (?:employed|working) here",
            rf" no longer works? (?:for|at|with) (?:{firm}|us){ends}| no longer works? here",
            rf" (?:does not|doesn['’]t|do not|don['’]t) work (?:(?:for|at|with) (?:{firm}|us)|here) any ?more",
            rf"\s?(?:{has} )?(?:now |since |recently |already )?left {firm}{ends}",
            rf"\s?{has} (?:now |since |recently |already )?left (?:us|our team){ends}",
            rf"\s?(?:{is_}|will be|['’]ll be) leaving (?:{firm}|us{ends}|my (?:job|position|role|post))",
            rf"\s?(?:{has} )?(?:now |recently )?retired{ends}|\s?(?:{is_}|will be|['’]ll be) (?:retiring|moving on to (?:a|another|pastures) new\b)",
            rf"\s?{has} moved on to a (?:new|different) (?:role|job|position|company)",
            r" ist nicht mehr (?:bei uns|für uns|im unternehmen|in unserem (?:haus|unternehmen))(?: (?:tätig|beschäftigt)|(?=\s*(?:[.,;!]|$)))",
            r" (?:arbeitet|arbeite) nicht mehr (?:bei|für) uns| (?:arbeitet|arbeite) nicht mehr (?:im|in unserem) unternehmen",
            rf" (?:hat|habe) (?:das unternehmen|die firma|uns|{own}) verlassen| (?:verlässt|verlasse) (?:das unternehmen|die firma|{own})",
        )
    )
    last = rf"(?P<last>\b(?:my|mein) (?:last|letzter) (?:working |arbeits)?(?:day|tag) (?:is|was|will be|ist|war|here|(?:at|with|bei) (?:{firm}|us|uns))|\b(?:is|was|will be|ist) (?:my|mein) (?:last|letzter) (?:working |arbeits)?(?:day|tag)\b)"
    return re.compile(rf"\b(?:{person})(?:{verbs})|{last}", re.IGNORECASE)


def _who(e: Entry, match: re.Match[str], timeline: Timeline, from_client: Sequence[Entry]) -> str | None:
    """Return whom the words are about: the writer, somebody there who writes, or a name; None where nobody there is meant."""
    sentence = _sentence(match)
    if sentence.rstrip().endswith("?") or _UNSAID.search(sentence[: sentence.find(match[0])]):
        return None
    writer = e.message.sender.email
    if match["last"]:
        return None if _HOLIDAY.search(match.string) or _ELSEWHERE.search(sentence) else writer
    if match["self"] or match["pronoun"]:
        return writer if match["self"] or e.reading.automated else "a contact"
    return _named(match, timeline, (e, *from_client))


def _named(match: re.Match[str], timeline: Timeline, entries: Sequence[Entry]) -> str | None:
    """Return whom the name in the words means: the address of somebody there, else the name; None where it may be no person there."""
    given = [w for w in re.split(r"[\s.]+", match["who"].lower()) if w]
    words = [w for w in given if w not in _TITLES]
    while len(words) > 1 and words[0] in _OPENERS:
        del words[0]
    if not words or not _FALSE_NAMES.isdisjoint(words) or words[-1] in timeline.account.name.lower().split():
        return None
    strange = len(words) == 1 and given == words and re.search(r"\b(?:us|uns|here|any ?more)\b", match[0], re.IGNORECASE)
    return _known(words, entries) or (None if strange else " ".join(w.capitalize() for w in words))


def _sentence(match: re.Match[str]) -> str:
    text = match.string
    start = max(text.rfind(mark, 0, match.start()) for mark in (". ", "! ", "? ", "\n")) + 1
    ends = [at for mark in ".!?\n" if (at := text.find(mark, match.end() - 1)) >= 0]
    return text[start : min(ends, default=len(text)) + 1]


def _known(words: Sequence[str], entries: Sequence[Entry]) -> str | None:
    """Return the address of somebody there with these names, by what stands before the @ or beside it."""
    for address in {e.message.sender for e in entries}:
        parts = set(re.split(r"[\W_]+", f"{address.email.partition('@')[0]} {address.name}".lower()))
        if parts.issuperset(words) or (len(words) > 1 and words[0] in parts and not address.name):
            return address.email
    return None


_SOFT = re.compile(
    r"\b(?:delayed|not yet been delivered|(?:will|to) (?:keep |be )?(?:retry|retried|try(?:ing)?)|temporar\w+|quota|(?:mail)?box (?:is )?full|too (?:large|big)|spam|"
    r"(?<!\d)4\.\d\.\d{1,3}|5\.2\.[23]|5\.3\.4|5\.7\.\d+|verzögert|überfüllt|voll)\b",
    re.IGNORECASE,
)
_HARD = re.compile(
    r"\b55[013]\b|\b5\.1\.\d+|unknown|not? (?:be )?found|n['’]t (?:be )?found|no such|no mailbox|not exist|n['’]t exist|disabled|inactive|invalid|"
    r"unavailable|rejected|unbekannt|nicht gefunden|existiert nicht",
    re.IGNORECASE,
)


def _returned(e: Entry, from_client: Sequence[Entry]) -> _Gone | None:
    """Return whose mail bounced for good, of those who had written: not a typing error of ours, a full mailbox or a delay."""
    text = e.reading.new_text
    if _SOFT.search(f"{e.message.subject}\n{text}"):
        return None
    addresses = list(ADDRESS.finditer(text))
    ends = [*(m.start() for m in addresses[1:]), len(text)]
    wrote = {x.message.sender.email for x in from_client if x.at < e.at}
    named = dict.fromkeys(m[0].lower() for m in addresses if m[0].lower() in wrote)
    failed = [
        m[0].lower()
        for m, end in zip(addresses, ends, strict=False)
        if m[0].lower() in wrote and _HARD.search(text, m.end(), min(end, m.end() + 400))
    ]
    who = failed[0] if failed else next(iter(named), None) if len(named) == 1 and not _HARD.search(text) else None
    return _Gone(e, who, e.message.subject) if who else None


def _heard_since(gone: _Gone, from_client: Sequence[Entry]) -> bool:
    """Whether the same person wrote long after it (after a bounce: at all), or somebody else there took over."""
    later = [x.message.sender.email for x in from_client if x.at > gone.entry.at]
    wait = timedelta() if gone.bounced else GONE
    same = any(x.message.sender.email == gone.who and x.at > gone.entry.at + wait for x in from_client)
    return same or any(n >= OTHERS for writer, n in Counter(later).items() if writer != gone.who)
