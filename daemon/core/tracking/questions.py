"""Questions: what a client's message asks one by one, and which of it an answer leaves open.

A question counts as answered where the answer names its matter, gives the kind of thing that it asks for (a time, an amount, a yes),
or counts it off. What is left must plainly be another matter: an answer that could be meant for it, or for everything, leaves nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from daemon.core import messages, topics
from daemon.glossary.timelines import Entry
from daemon.reading import ActKind
from daemon.reading.cuts.signature import with_signature
from daemon.reading.sentences import split_sentences

_MOST = 20  # questions of one message; more are a survey
_DIGITS = re.compile(r"\d+")
_SHORT = 8  # words; of a longer sentence that answers one question, the rest is not taken for the answer to another
_CLAUSE = re.compile(
    r"(?:,|;|\?)?\s+(?:and|or|und|oder|sowie)\s+(?:also |auch )?(?=(?:tell|let|send|confirm|advise|give|please|teilen|sagen|geben|schicken|bitte|when|what|which|where|who|how|whether|if|by|is|are|do|does|did|can|could|will|would|may|"
    r"wann|was|welche\w*|wo|wer|wie|ob|bis|ist|sind|können|könnten|kann|haben|hat|wird)\b)|\?\s+|;\s+|\n\s*|"
    r"(?<!also)[,:]\s+(?=(?:is|are|do|does|did|can|could|will|would|may|how|what|when|where|which|who|ist|sind|können|könnten|kann|haben|hat|wird|wann|was|wie|wer|wo)\s+"
    r"(?:you|your|it|we|they|the|there|this|that|sie|ihre?|du|deine?|ihr|eure?|es|wir|die|der|das)\b)",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?:^|\n)[ \t>]*[(\[]?(?:(?:q|question|frage|re|ad|zu|punkt|point|no\.?|nr\.?|#)\s*)?(\d{1,2}|[a-h])(?:[).:\]]|\s[-–])(?=\s)",
    re.IGNORECASE,
)
_INLINE = re.compile(r"[,;]?\s(?=[(\[]?(?:\d{1,2}|[a-h])[).:\]]\s)", re.IGNORECASE)  # where a list goes on in the same line
_ORDINAL = re.compile(
    r"\b(?:to|for|on|about|regarding|as to|re|zu|zur|the|your|ihre[rn]?|deine[rn]?|die|der)\s+(?:(first|second|third|fourth|last|erste|zweite|dritte|vierte|letzte)[rn]?\s+"
    r"(?:question|point|one|item|frage|punkt)|(?:question|point|item|frage|punkt)\s+(?:no\.?\s*|nr\.?\s*)?(\d))\b",
    re.IGNORECASE,
)
_ORDINALS = {
    "first": 1,
    "erste": 1,
    "second": 2,
    "zweite": 2,
    "third": 3,
    "dritte": 3,
    "fourth": 4,
    "vierte": 4,
    "last": -1,
    "letzte": -1,
}
_OF_ALL = re.compile(
    r"\b(?:both|all (?:of (?:it|them|these|those|your|the)|your|three|four|five|the|is|are|yes|good|fine|correct|right)|everything|each|the rest|the others?|the remaining|"
    r"either way|beide[sn]?|alles|alle[nr]?|jeweils|der rest|den rest|die übrigen|sämtliche)\b|^\W*all\b",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"\b(?:yes|yep|yeah|no|nope|sure|of course|certainly|absolutely|definitely|correct|confirmed|agreed|unfortunately|afraid|we (?:can|do|are|have|will|could)(?:n't|not)?|"
    r"i (?:can|do|am|have|will|could)(?:n't|not)?|it (?:is|does|can|will|has)(?:n't)?|they (?:are|do|can|will|have)(?:n't)?|ja|nein|doch|klar|natürlich|gerne?|leider|"
    r"selbstverständlich|(?:können|haben|machen|liefern) wir|wir (?:können|haben|sind|machen|liefern)|das (?:geht|ist|passt))\b",
    re.IGNORECASE,
)
_WANTS = (
    (
        re.compile(
            r"\b(?:when|by (?:which|what) (?:date|day|time)|(?:what|which) (?:date|day|time|week|month)|how (?:soon|long|quickly|late)|until (?:when|what)|deadline|lead[- ]?times?|"
            r"delivery (?:date|time)s?|wann|welche[mnrs]? (?:tag|datum|woche|termin)|wie lange|wie bald|bis wann|liefertermin|lieferzeit(?:en)?|frist)\b",
            re.IGNORECASE,
        ),
        re.compile(
            r"\b(?:mon|tues?|wednes|weds?|thurs?|fri|satur|sun)(?:days?)?\b|\b(?:today|tonight|tomorrow|noon|midday|midnight|immediately|straight away|right away|asap|soon|now|"
            r"(?:days?|weeks?|months?|hours?|minutes?|years?)|quarter|q[1-4]|january|february|march|april|june|july|august|september|october|november|december|jan|feb|mar|apr|"
            r"jun|jul|aug|sept?|oct|nov|dec|easter|christmas|summer|autumn|winter|heute|morgen|übermorgen|montags?|dienstags?|mittwochs?|donnerstags?|freitags?|samstags?|"
            r"tage?n?|wochen?|monate?n?|stunden?|sofort|umgehend|kw|januar|februar|märz|mai|juni|juli|oktober|dezember|ende|anfang|mitte)\b|\b\d{1,2}(?::\d\d|[ap]m\b|(?:st|nd|rd|th)\b|"
            r"[./]\d{1,2}\b)|\b(?:in|by|on) may\b|\bmay \d|\d may\b",
            re.IGNORECASE,
        ),
    ),
    (
        re.compile(
            r"\b(?:how (?:much|many|big|large|heavy|wide|tall|far)|what (?:does|do|would|will|is|are|about)\b.{0,60}\b(?:cost|price|rate|fee|charge|discount|size|weight|quantity|number)s?|"
            r"(?:the|your|best|unit|list) (?:price|rate|fee|cost|discount|quantity)s?|prices? (?:for|of|per)|costs?|was kostet|was kosten|wie ?viele?|wie (?:hoch|groß|schwer|teuer)|preise?|rabatt|menge)\b",
            re.IGNORECASE,
        ),
        re.compile(
            r"\d|[€£$]|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|thousand|dozen|free of charge|at no cost|no charge|none|"
            r"zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|zwölf|zwanzig|dreißig|hundert|tausend|kostenlos|keine[nr]?)\b",
            re.IGNORECASE,
        ),
    ),
)
_IS_CLOSED = re.compile(
    r"^\W*(?:(?:hi|hello|and|also|so|or|but|und|auch|oder|aber)\W+){0,2}(?:is|are|was|were|do|does|did|can|could|will|would|shall|should|may|might|has|have|had|any|"
    r"whether|if|ist|sind|haben|hat|können|könnten|kann|könnte|wird|werden|gibt|ob|dürfen|soll\w*|geht|passt)\b",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"^\W*(?:hi|hello|hey|dear|hallo|liebe[rs]?|guten (?:tag|morgen)|good (?:morning|afternoon))\b[^,.!?]{0,30}[,.!]\s+",
    re.IGNORECASE,
)
_PART = re.compile(r"[,;]|\band\b|\bund\b", re.IGNORECASE)
_ANSWERABLE = re.compile(
    r"^\W*(?:(?:and|also|so|or|but|und|auch|oder|aber|hi|hello)\W+){0,2}(?:who|what|when|where|why|which|how|is|are|do|does|did|can|could|will|would|whether|if|by|until|wer|was|wann|wo|wie|welche\w*|ob|bis)\b|"
    r"\b(?:send|forward|confirm|tell|let (?:me|us|\w+) know|advise|provide|quote|explain|give (?:me|us)|share|clarify|resend|r\.?s\.?v\.?p|schicken?|senden?|zusenden|bestätigen?|sagen|mitteilen|nennen|geben)\b",
    re.IGNORECASE,
)
_SENDING = re.compile(
    r"\b(?:send|forward|attach|e-?mail|share|provide|submit|copy|copies|resend|schicken?|senden?|zusenden|zuschicken|mailen|übersenden|weiterleiten)\b",
    re.IGNORECASE,
)

_TO_MEET = re.compile(
    r"\b(?:calls?|meet\w*|catch[- ]?up|speak|talk|chat|visit\w*|demo|get together|come (?:by|over|round)|telefon\w*|anruf\w*|sprechen|"
    r"besprech\w*|treffen|gespräch\w*|besuch\w*|termin\w*|vorbeikommen)\b",
    re.IGNORECASE,
)
_TO_DELIVER = re.compile(r"\b(?:deliver\w*|ship\w*|send|arriv\w*|\w*liefer\w*|versand|schick\w*|ankommen)\b", re.IGNORECASE)
_DAY_OR_TIME = re.compile(
    r"\b(?:(?:mon|tues?|wednes|thurs?|fri|satur|sun)days?|(?:mon|diens|donners|frei|sams|sonn)tags?|mittwochs?|today|tonight|tomorrow|heute|"
    r"morgen|übermorgen|(?:this|next|nächste\w*|diese\w*|kommende\w*) (?:week|month|woche|monat)|kw ?\d+|\d{1,2}(?::\d\d|\.\d\d?\.?| ?[ap]m\b| ?uhr\b|"
    r"(?:st|nd|rd|th)\b|/\d)|\d{1,2}\.? (?:jan|feb|m(?:ar|är)|apr|ma[yi]|jun|jul|aug|sep|o[ck]t|nov|de[cz])\w*)",
    re.IGNORECASE,
)

_TELLS = re.compile("|".join(f"(?:{given.pattern})" for _, given in _WANTS), re.IGNORECASE)
_CHEERS = re.compile(
    r"^\W*(?:(?:some |it's )?(?:good|great|bad) (?:news|question|point)s?|gute (?:nachrichten|frage)|of course|no problem|sure|gerne?|kein problem)\W*$",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"^\W*(?:(?:with |mit )?(?:best|kind|warm|many|freundlichen?|viele|beste|liebe|schöne)\b.{0,20}\b(?:regards|wishes|thanks|grü(?:ß|ss)en?)|regards|best|cheers|thanks|danke|gruß)\b.{0,25}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One thing that a client asked, in their words; `number` is its place among those of its message, from 1."""

    entry: Entry
    quote: str
    topic: frozenset[str]
    number: int


@dataclass(frozen=True, slots=True)
class _Statement:
    """A sentence of an answer that tells something: its words, how many things it may tell, and the question that it counts off."""

    text: str
    topic: frozenset[str]
    parts: int
    label: int | None


def questions_of(entry: Entry, names: frozenset[str]) -> tuple[Question, ...]:
    """Return what a client's message asks, one by one; none where it has too many questions, or none with words of their own.

    `names` are the words that stand in every mail between the two.
    """
    asked = [
        a.quote
        for a in entry.reading.of(ActKind.REQUEST)
        if a.sort != "call_me" and (a.confidence >= messages.SURE or "?" in a.quote)
    ]
    clauses = [clause.strip(" ,;\n\t") for quote in asked for clause in _CLAUSE.split(quote) if clause]
    topical = [(c, topics.words(c) - names) for c in clauses if _is_matter(c, names)]
    if len(topical) > _MOST:
        return ()
    return tuple(Question(entry, clause, topic, number) for number, (clause, topic) in enumerate(topical, 1))


def wants_time(quote: str) -> bool:
    """Whether a question about times is about a call or a meeting, and not about when something comes: "when could we talk?"."""
    return _TO_MEET.search(quote) is not None and _TO_DELIVER.search(quote) is None


def names_time(quote: str) -> bool:
    """Whether a question names a day or a time itself: "would Thursday at 10 work?"."""
    return _DAY_OR_TIME.search(quote) is not None


def further(asked: Sequence[Question], later: Sequence[Question], *, chases: bool) -> tuple[Question, ...]:
    """Return the questions of a later message that are plainly about another matter than what was asked before."""
    before = frozenset[str]().union(*(q.topic for q in asked))
    return () if chases else tuple(q for q in later if len(q.topic) > 1 and not q.topic & before)


def _is_matter(clause: str, names: frozenset[str]) -> bool:
    """Whether a clause asks for something of its own to be told or sent: not "could you let me know" alone, nor how to go about it."""
    if "?" not in clause and not _ANSWERABLE.search(clause):
        return False
    return bool(topics.words(clause) - names) or any(wanted.search(clause) for wanted, _ in _WANTS)


def left_open(asked: Sequence[Question], answer: Entry, names: frozenset[str]) -> tuple[Question, ...]:
    """Return the questions that an answer with substance plainly leaves open: none, unless it answers another of them."""
    text = answer.reading.new_text
    if len(asked) < 2 or messages.says_called(answer) or _OF_ALL.search(text) or _has_status_for_all(asked, answer):
        return ()
    statements = tuple(_statements(answer, names))
    numbered = _counted_off(asked, statements)
    if numbered is not None:
        return numbered
    open_questions = _unanswered(asked, statements, sends=bool(messages.documents(answer.message)))
    return open_questions if len(open_questions) < len(asked) else ()


def _has_status_for_all(asked: Iterable[Question], answer: Entry) -> bool:
    """Whether the answer names a time for what it does not name: "you'll have it by Wednesday"."""
    topic = frozenset[str]().union(*(q.topic for q in asked))
    return any(not topics.words(act.quote) & topic for act in messages.dated_commitments(answer))


def _statements(answer: Entry, names: frozenset[str]) -> Iterator[_Statement]:
    """Yield what an answer tells, without greetings, thanks and names, and without what it only says will come at no given time."""
    text, acts = answer.reading.new_text, answer.reading
    undated = {_line(a.quote) for a in acts.of(ActKind.PROMISE) if a.due is None or a.confidence < messages.SURE}
    thanks = {_line(a.quote) for a in acts.of(ActKind.THANKS)}
    for sentence in split_sentences(text, with_signature(text, (), answer.message.sender.name, answer.message.sender.email)):
        for line in _INLINE.split(_line(sentence.text)) if _NUMBER.match(sentence.text) else (_line(sentence.text),):
            if _CLOSING.match(line) or _CHEERS.match(_GREETING.sub("", line)) or (line in undated and not _tells_beside(line)):
                continue
            parts = sum(_says_something(part, names) for part in _PART.split(_GREETING.sub("", line)))
            if parts and (line not in thanks or topics.words(line) - names):
                label = _NUMBER.match(line)
                yield _Statement(line, topics.words(line) - names, parts, _place(label[1]) if label else _ordinal(line))


def _says_something(part: str, names: frozenset[str]) -> bool:
    """Whether a part of a sentence has words of its own, a time, an amount, or a yes or no."""
    return bool(topics.words(part) - names) or _TELLS.search(part) is not None or _CONSENT.search(part) is not None


def _line(text: str) -> str:
    return " ".join(text.split())


def _tells_beside(line: str) -> bool:
    """Whether a promise without a time tells something in its first words: "yes, we will bring it"."""
    return _CONSENT.match(line) is not None and re.match(r"\W*(?:i|we|ich|wir)\b", line, re.IGNORECASE) is None


def _place(label: str) -> int:
    return int(label) if label.isdigit() else ord(label.lower()) - ord("a") + 1


def _ordinal(line: str) -> int | None:
    found = _ORDINAL.search(line)
    if found is None:
        return None
    return _ORDINALS[found[1].lower()] if found[1] else int(found[2])


def _counted_off(asked: Sequence[Question], statements: Sequence[_Statement]) -> tuple[Question, ...] | None:
    """Return what an answer by numbers leaves open; None where it does not count the questions off."""
    labels = {len(asked) if s.label == -1 else s.label for s in statements if s.label is not None}
    if not labels or max(labels) > len(asked) or len({q.entry.message.message_id for q in asked}) > 1:
        return None
    spoken = frozenset[str]().union(*(s.topic for s in statements))
    return tuple(q for place, q in enumerate(asked, 1) if place not in labels and not _own_words(q, asked) & spoken)


def _own_words(question: Question, asked: Iterable[Question]) -> frozenset[str]:
    """Return the words that only this question has; all of its words where it has none of its own."""
    count = Counter(word for q in asked for word in q.topic)
    return frozenset(w for w in question.topic if count[w] == 1) or question.topic


def _unanswered(asked: Sequence[Question], statements: Sequence[_Statement], *, sends: bool) -> tuple[Question, ...]:
    """Return the questions that no statement can be meant for, by its words or by the kind of thing it tells."""
    remaining = list(asked)
    spare = 0
    for statement in statements:
        by_words = [q for q in asked if _own_words(q, asked) & statement.topic or _names_its_number(statement, q)]
        by_kind = [q for q in remaining if q not in by_words and _gives(statement, q, by_words)]
        remaining = [q for q in remaining if q not in by_words and q not in by_kind]
        if not by_words and not by_kind:
            spare += statement.parts
        elif len(statement.text.split()) <= _SHORT:
            spare += max(0, statement.parts - len(by_words) - len(by_kind))
    if sends:
        remaining = [q for q in remaining if not _SENDING.search(q.quote)]
    guessed = [q for q in remaining if not _wanted(q)]
    return tuple(q for q in remaining if q not in guessed[:spare])


def _names_its_number(statement: _Statement, question: Question) -> bool:
    """Whether a statement has a number of the question: its day, its quantity, its order."""
    return not set(_DIGITS.findall(question.quote)).isdisjoint(_DIGITS.findall(statement.text))


def _wanted(question: Question) -> list[re.Pattern[str]]:
    """Return what in an answer is of the kind that a question asks for: a time, an amount."""
    return [given for wanted, given in _WANTS if wanted.search(question.quote)]


def _gives(statement: _Statement, question: Question, by_words: Sequence[Question]) -> bool:
    """Whether a statement gives a time, an amount or a yes that a question asks for, beyond those for the questions that it names."""
    for given in _wanted(question):
        taken = sum(given in _wanted(q) for q in by_words)
        if len(given.findall(statement.text)) > taken:
            return True
    closed = _IS_CLOSED.search(question.quote) is not None and not _wanted(question)
    return closed and not by_words and _CONSENT.search(statement.text) is not None
