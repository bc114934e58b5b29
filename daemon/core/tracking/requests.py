"""Requests: what a client asked, and how far one message from our side settles it: an answer, a status with a time, a call made."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from daemon.core import meetings, messages, topics
from daemon.core.evidence import message_evidence
from daemon.core.threads import base_subject
from daemon.core.tracking import follow_ups
from daemon.core.tracking.questions import Question, names_time, wants_time
from daemon.glossary.gaps import unfilled
from daemon.glossary.obligations import Ask, Evidence, Kind, Strength
from daemon.glossary.timelines import Entry, Side
from daemon.reading import Act, ActKind
from daemon.reading.sentences import split_sentences

_TIMES = ("meeting_time", "call_me")  # the sorts of requests that ask for a time
_ENDS = ("?", ".", "!", "…")  # of a sentence
_BETWEEN = 12  # characters between two parts of one sentence
_FEWEST_WORDS = 5  # of a further question that is more than a chaser ("Any news?")
_NAMES = 4  # of an asker, by which they are addressed; more are no name
PLAIN = 0.8  # how sure it is that words are a question, for them to stand for all that a message asks
_LEANS = re.compile(
    r"\W*(?:(?:and|or|und|oder)\s+)?(?:if (?:not|so|yes|no)|otherwise|or (?:not|else)|(?:wenn|falls) (?:nicht|ja|nein)|andernfalls|sonst)\b",
    re.IGNORECASE,
)
_ARRANGED = re.compile(
    r"\b(?:(?:is|are|was|were|been|have|has|now|it's|i've|we've)\s+(?:\w+\s+){0,2}(?:booked|scheduled|reserved|arranged|noted|ordered|added|updated|corrected|changed|moved|set aside|set up|"
    r"pencilled|organi[sz]ed|planned|cancelled|canceled|in (?:the|my|our) (?:diary|calendar|plan|schedule))|"
    r"(?:i'll|i will|we'll|we will) (?:bring|have) .{0,40}(?:with (?:me|us)|along)|"
    r"eingeplant|vorgemerkt|notiert|reserviert|gebucht|bestellt|veranlasst|eingetragen|zurückgelegt|hinterlegt|organisiert|geändert|angepasst|aufgenommen|ergänzt|storniert|verschoben|beauftragt|"
    r"hab(?:e|en)? (?:ich|wir) (?:\w+ ){0,2}dabei|bring(?:e|en)? (?:ich|wir) (?:\w+ ){0,3}mit|(?:ich|wir) bring(?:e|en)? .{0,40}mit)\b",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"^\W*(?:(?:hi|hello|hey|hallo|moin|servus)\b[^\n,!.]{0,30}[,!.\n]\s*)?(?:that's |it's |is |ist |alles |all |schon )*(?:done|sorted|erledigt|gemacht)\b[^?\n]{0,12}(?:$|\n)",
    re.IGNORECASE,
)
_NOT_YET = re.compile(
    r"\b(?:not yet|noch nicht|will be|to be|as soon as|once|(?:wird|werden?) noch|sobald|wenn|if)\b|\?", re.IGNORECASE
)
_IN_TIME = re.compile(
    r"\b(?:(?:frist|termin)gerecht|rechtzeitig|pünktlich|innerhalb (?:der|ihrer|deiner) frist|zum (?:gewünschten|genannten) (?:termin|datum)|bis dahin|"
    r"(?:by|before|within|ahead of|in time for) (?:the|your) (?:\w+ )?(?:deadline|due date|date|cut-?off|time frame)|by then|in (?:good|plenty of) time|well in time)\b",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"\b(?:\w*frist|deadline|due (?:date|by|on)|(?:closing|submission) date|no later than|at the latest|spätestens|stichtag|cut-?off|bis (?:zum|spätestens|ende|\d)|"
    r"by (?:the )?(?:\d|mon|tue|wed|thu|fri|end|close|noon)|until \d)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class ClientRequest:
    """Something the client asked: who asked, in which words, and what closed it.

    `answerable` is the account that answers for it (core.sharing). `last_sign` is when either side was last heard of in it. `mixed` says that a mail can settle a wish to be called, because more
    was asked with it. `number` is a caller's phone number. `withdrawn` says that the client took it back. Once one of
    several questions was answered, `quote` and `asks` have the words of those that are left.
    """

    kind: Kind
    key: str
    answerable: str
    first: Entry
    quote: str
    due: datetime | None
    topic: frozenset[str]
    last_sign: datetime
    asks: list[tuple[Entry, str]]
    number: str | None = None
    mixed: bool = False
    closed: Evidence | None = None
    withdrawn: bool = False
    weak: list[Evidence] = field(default_factory=list)
    parts: list[Evidence] = field(default_factory=list)  # our mails that answered some of the questions
    pending: tuple[Question, ...] = ()  # where several things were asked: those that nobody has answered
    put_off_until: datetime | None = None  # when it is to be made up for, as both agreed after its due time
    empty: Evidence | None = None  # our latest mail about it that said nothing of use
    answered_in_part: bool = False  # then `pending` are all that is left

    @property
    def is_phone_notice(self) -> bool:
        """Whether a phone system reported it."""
        return self.first.side is not Side.CLIENT

    @property
    def contact(self) -> str | None:
        """Who waits: an address, or a caller's number."""
        return self.number if self.is_phone_notice else self.first.message.sender.email

    @property
    def invited(self) -> frozenset[str]:
        """The uids of the meetings that it is about, if a calendar message began it."""
        return meetings.named_by_mail(self.first, "request", "counter")

    def speaks_in(self, conversation: str) -> bool:
        """Whether it was asked in a conversation, first or again."""
        return any(entry.conversation == conversation for entry, _ in self.asks)

    def leave(self, left: tuple[Question, ...]) -> None:
        """Take an answer that leaves these questions open."""
        words: dict[str, list[str]] = {}
        for question in left:
            words.setdefault(question.entry.message.message_id, []).append(question.quote)
        self.pending, self.answered_in_part = left, True
        self.asks = [(e, " … ".join(words.get(e.message.message_id, (quote,)))) for e, quote in self.asks]
        self.quote = self.asks[0][1]

    def put_off(self, until: datetime, agreed: Evidence) -> None:
        """Take another time that both agreed on: its due time while that has not passed; a breach stays one, and rests until then."""
        self.last_sign = max(self.last_sign, agreed.at)
        if self.due is not None and self.due < agreed.at:
            self.put_off_until = until
        else:
            self.due = until

    def stands_at(self, moment: datetime) -> bool:
        """Return whether it had been asked and was still open at a moment."""
        return self.first.at <= moment and (self.closed is None or self.closed.at > moment)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one message from our side can settle of what was asked before it."""

    entry: Entry
    evidence: Evidence
    topic: frozenset[str]
    subject: str
    readers: frozenset[str]
    has_substance: bool
    dated_commitments: tuple[Act, ...]
    says_called: bool
    only_asks: bool  # a question of ours is no answer to something in another thread
    has_gap: bool
    refers: bool  # it names the message that it follows (RFC 5322, 3.6.4); its subject alone then means nothing


def tells_most(act: Act) -> tuple[bool, bool, bool, float]:
    """Order requests of one message by how much their words tell.

    "If not, when?" comes last, a plain question before "please keep me posted", and "Is it under warranty?" before "Is that normal?".
    """
    plain = act.sort == "question" and act.confidence >= PLAIN
    return _LEANS.match(act.quote) is None, plain, len(act.quote.split()) >= _FEWEST_WORDS, act.confidence


def due_by_words(entry: Entry, kind: Kind, allowed: datetime, parts: Sequence[str] = ("",)) -> datetime:
    """Return when a message's requests are due: at the time that its words name for an answer or a call, else at the time allowed.

    What the client named holds both ways, earlier and later; a time that may be another deed's only brings the answer forward. Of
    several requests the earliest counts; of those alone in which one of the `parts` stands.
    """
    asked = [a for a in messages.requests(entry) if any(part in " ".join(a.quote.split()) for part in parts)]
    wanted = [a for a in asked if kind is Kind.REPLY or a.sort == "call_me"]
    return min((_due(a, allowed) for a in wanted), default=allowed)


def _due(act: Act, allowed: datetime) -> datetime:
    if act.due is None:
        return allowed
    named = act.due.due.astimezone(UTC)
    return named if act.due.is_firm else min(named, allowed)


def weigh_answer(entry: Entry, names: frozenset[str]) -> Answer:
    """Weigh a message from our side; `names` are the words that stand in every mail between the two.

    One that was sent with a gap of its draft unfilled answers nothing: what it leaves open stays owed.
    """
    message, gap = entry.message, unfilled(entry.reading.new_text)
    return Answer(
        entry,
        message_evidence(entry, gap),
        topics.message_words(entry) - names,
        base_subject(message.subject),
        frozenset(a.email for a in (*message.to, *message.cc)),
        has_substance=gap is None and messages.has_substance(entry),
        dated_commitments=messages.dated_commitments(entry) if gap is None else (),
        says_called=messages.says_called(entry),
        only_asks=bool(messages.requests(entry)) and messages.delivers(entry) is None and not entry.reading.of(ActKind.DONE),
        has_gap=gap is not None,
        refers=bool(message.references or message.in_reply_to),
    )


def settles(request: ClientRequest, answer: Answer, *, same: bool, elsewhere: bool) -> Strength | None:
    """Return how far an answer settles a request; None where it does not.

    `same` says that it is in the request's conversation, `elsewhere` that it is in another one in which the client has written.
    """
    if answer.entry.message.unread and same and not answer.has_substance:
        return Strength.WEAK  # nobody knows what it says
    return (
        _reply(request, answer, same=same, elsewhere=elsewhere)
        if request.kind is Kind.REPLY
        else _callback(request, answer, same=same)
    )


def _reply(request: ClientRequest, answer: Answer, *, same: bool, elsewhere: bool) -> Strength | None:
    """An answer with substance, or a status with a time. In another thread only where they have enough words in common.

    The subject is enough where the answer follows no other message.
    """
    if same and _says_it_is_settled(request, answer):
        return Strength.STRONG
    if not answer.has_substance and not answer.dated_commitments:
        return None
    if same:
        return Strength.STRONG
    to_asker = _words_to_asker(request, answer.entry)
    if to_asker:
        return Strength.STRONG if _is_about(topics.words(to_asker), request.topic) else Strength.WEAK
    if not (elsewhere or answer.refers) and answer.subject == base_subject(request.first.message.subject) != "":
        return Strength.STRONG
    shared = len(answer.topic & request.topic)
    if elsewhere or answer.only_asks:
        return Strength.WEAK if shared >= 3 else None
    needed = 2 if request.contact in answer.readers else 3
    return Strength.STRONG if shared >= needed else Strength.WEAK if shared == needed - 1 else None


def _says_it_is_settled(request: ClientRequest, answer: Answer) -> bool:
    """Whether a message without more reports that what was asked is arranged, or will come by the time that the client has set."""
    text = answer.entry.reading.new_text
    if _DONE.search(text):
        return True
    if _IN_TIME.search(text) and answer.entry.reading.of(ActKind.PROMISE):
        return any(_LIMIT.search(e.reading.new_text) for e, _ in request.asks)
    if _ARRANGED.search(text) is None:
        return False
    arranged = (line for line in split_sentences(text, ()) if _ARRANGED.search(line.text) and not _NOT_YET.search(line.text))
    return any(topics.words(line.text) & request.topic for line in arranged)


def _words_to_asker(request: ClientRequest, entry: Entry) -> str:
    """Return what a message in another conversation says to the asker by name: one of its readers, beyond the greeting; "" if nothing."""
    message, asker = entry.message, request.first.message.sender
    written_to = [a for a in (*message.to, *message.cc) if a.email == asker.email]
    names = "|".join(re.escape(name) for name in re.findall(r"[^\W\d_]{3,}", asker.name)[:_NAMES])
    if not written_to or not names:
        return ""
    addressed = re.compile(
        rf"@(?:{names})\b|^\W*(?:(?:and|und|to|for|an|für|zu)\s+)?(?:(?:frau|herr|mr|mrs|ms|dr)\.?\s+)*(?:{names})\s*[,:–—-]|,\s*(?:(?:frau|herr)\s+)?(?:{names})\s*[,:.!]",
        re.IGNORECASE,
    )
    beyond_greeting = [s.text for s in split_sentences(entry.reading.new_text, ())][1:]
    return " ".join(text for text in beyond_greeting if addressed.search(text))


def _is_about(said: frozenset[str], asked: frozenset[str]) -> bool:
    """Whether words name the matter of others: the same words, or compounds of them."""
    return bool(topics.shared(said, asked))


def repeats(entry: Entry, own: frozenset[str], request: ClientRequest) -> bool:
    """Whether a message asks again what the same person asked under the same subject before; `own` are the words of its text."""
    subject = base_subject(entry.message.subject)
    same = request.contact == entry.message.sender.email and subject == base_subject(request.first.message.subject) != ""
    return same and own <= request.topic and (bool(own) or follow_ups.chases(entry))


def is_about_another(answer: Answer, request: ClientRequest, others: Iterable[ClientRequest]) -> bool:
    """Whether an answer names what only another request asked for, and nothing that only this one did: one answer, one matter.

    What it says to the asker by name is not about another.
    """
    return (
        request.kind is Kind.REPLY
        and not _words_to_asker(request, answer.entry)
        and any(
            other.kind is Kind.REPLY and own and answer.topic & theirs and not answer.topic & own
            for other in others
            for own, theirs in [(request.topic - other.topic, other.topic - request.topic)]
        )
    )


def _callback(request: ClientRequest, answer: Answer, *, same: bool) -> Strength | None:
    """Whether it shows that the call was made, is promised for a time, or is no longer needed."""
    if answer.says_called or any(a.sort == "call" for a in answer.dated_commitments):
        return Strength.STRONG
    if not answer.has_substance:
        return None
    if messages.answers_call(answer.entry) or (same and request.mixed):
        return Strength.STRONG
    shared = len(answer.topic & request.topic)
    return Strength.STRONG if shared >= 3 else Strength.WEAK if same or shared else None


def open_asks(request: ClientRequest) -> Iterator[Ask]:
    """Yield what a request asks one by one, in the order of the mails, without what was answered and without mere chasers.

    Of a mail that asks questions, what it only says beside them needs no answer of its own. What only a colleague may read is left out.
    """
    for entry, quote in request.asks:
        if entry.hidden:
            continue
        mine = [q.quote for q in request.pending if q.entry is entry]
        acts = [a for a in messages.requests(entry) if request.kind is Kind.REPLY or a.sort == "call_me"]
        if entry is not request.first and not mine and (follow_ups.chases(entry) or len(quote.split()) < _FEWEST_WORDS):
            continue
        if request.answered_in_part and mine:
            yield from (_ask(*_in_context(part, acts)) for part in mine)
            continue
        sentences = _sentences(acts, entry.reading.new_text)
        asking = [(words, of) for words, of in sentences if any(part in words for part in mine) or _asks_plainly(words)]
        for words, of in asking or [(quote, [a for a in acts if a.quote == quote])]:
            parts = [part for part in mine if part in words]
            apart = len(parts) > 1 and all(part.endswith("?") for part in parts)  # and not two in one sentence
            yield from (_ask(part, of) for part in (parts if apart else [words]))


def _in_context(part: str, acts: Sequence[Act]) -> tuple[str, list[Act]]:
    """Return a part of a sentence with the acts in it; where it is too short to tell what is asked, the words of its act."""
    of = [act for act in acts if part in act.quote]
    return (of[0].quote if of and len(part.split()) < _FEWEST_WORDS - 1 else part), of


def _asks_plainly(words: str) -> bool:
    return words.endswith("?") and len(words.split()) >= _FEWEST_WORDS


def _sentences(acts: Sequence[Act], text: str) -> list[tuple[str, list[Act]]]:
    """Return the words of acts with the acts in them: those that the reader took out of one sentence are one again."""
    found: list[tuple[str, list[Act]]] = []
    for act in acts:
        if found and not found[-1][0].endswith(_ENDS):
            start = text.find(found[-1][0])
            end = text.find(act.quote, start + len(found[-1][0]))
            if 0 <= start < end <= start + len(found[-1][0]) + _BETWEEN:
                found[-1] = (" ".join(text[start : end + len(act.quote)].split()), [*found[-1][1], act])
                continue
        found.append((act.quote, [act]))
    return found


def _ask(quote: str, acts: Sequence[Act]) -> Ask:
    return Ask(
        quote,
        wants_time=any(act.sort in _TIMES for act in acts) and wants_time(quote),
        names_time=any(act.due is not None for act in acts) or names_time(quote),
    )


def informs(entry: Entry) -> bool:
    """Return whether a client's message may be waiting for an answer although it asks for none."""
    reading = entry.reading
    return not (reading.closing or reading.acknowledgement or reading.of(ActKind.WITHDRAWAL, ActKind.RELEASE))


def asking_words(entry: Entry) -> str:
    """Return the words that ask, for a message in which the reader found no request."""
    lines = [line.strip() for line in entry.reading.new_text.splitlines()]
    return next((line for line in lines if line.endswith("?")), messages.gist(entry) or entry.message.subject)
