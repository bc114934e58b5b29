"""Exchanges: what a client asked and the user answered, and whether an earlier exchange answers a new question.

It does where the two questions are about the same subject (enough of the new one's words, weighed by how rare they are, stand in the
old question, its subject line or the answer), ask for the same aspect of it (a price is no answer to how long), and where the answer
has words that last (`analysis.lasting_words`) and that another client may be told of. Only those are shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from daemon.analysis.content_words import Weights, body, share, terms, weigh
from daemon.analysis.lasting_words import is_private

LONGEST = 200  # characters of what is shown
ENOUGH = 0.5  # the share of a question's weight that an exchange must have
FEWEST = 2  # words in common; one is enough where either question has no other
_FAINT = 0.35  # how much a word counts that most trades use in most mails
_IN_SUBJECT = 0.7  # how much a word counts that only the subject line has
_MOST_PARTS, _MOST_TERMS = 6, 24

_ASPECTS: Mapping[str, re.Pattern[str]] = {
    "price": re.compile(
        r"\b(?:prices?|pricing|priced|costs?|how much (?:is|are|for|would|does|do|will|a|an|per|off)|what would .{0,60} (?:be|come to)|come to|quotes?|quotation|fees?|charges?|rates?|pay|"
        r"discounts?|cheaper|expensive|usd|per (?:seat|kilo|piece|unit)|preis\w*|kosten|kostet|teuer|rabatt|angebot)\b|[£€$]",
        re.IGNORECASE,
    ),
    "time": re.compile(
        r"\b(?:how (?:long|soon|quickly|fast)|lead times?|delivery (?:times?|dates?)|turnaround|when|deadline|how many (?:days|weeks|months)|months|wie lange|wann|lieferzeit\w*|liefertermin|frist)\b",
        re.IGNORECASE,
    ),
    "frequency": re.compile(r"\b(?:how often|wie oft)\b", re.IGNORECASE),
    "amount": re.compile(
        r"\b(?:how many(?! days| weeks| months)|how much(?! is| are| for| would| does| do| will| a | an | per| off)|minimum|smallest|largest|maximum|wie viele?|mindest\w*)\b",
        re.IGNORECASE,
    ),
}
_FIGURE = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|half|once|twice|daily|weekly|monthly|yearly|every|each|per|free|"
    r"ein(?:e|en|er|em|mal)?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|zwölf|jede\w*|pro|kostenlos)\b",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"[£€$]|\b(?:euros?|eur|usd|gbp|chf|pounds?|pence|free|no charge|%|kostenlos)\b|\d ?%|\d\.\d\d\b", re.IGNORECASE
)
_FAINT_WORDS = terms(
    "price prices cost costs quote rate order orders delivery deliver invoice date dates machine machines product item items week weeks month months day days people person one two three four five six ten "
    "company customer client offer need needs work works working possible available different old several time times long often "
    "preis preise kosten kostet angebot auftrag lieferung lieferzeit rechnung termin kunde kunden brauchen lange stück haben pumpe menge"
)
_ONE_CASE = re.compile(
    r"\b(?:(?:my|our|your|the|this|that|unser\w*|mein\w*|ihr\w*) (?:last |latest |open )?(?:order|delivery|shipment|parcel|invoice|payment|ticket|claim|engineer|driver|auftrag|bestellung|lieferung|rechnung|sendung)s?\b"
    r"(?!.{0,12}\b(?:time|process|notes? in general))|(?:order|invoice|ticket|delivery note|po|rechnung|auftrag|bestellung|lieferschein) (?:no\.? ?|nr\.? ?|number )?\d|"
    r"(?:did|have|has) (?:you|it|they|he|she|the \w+)(?: \w+)? (?:get|got|receive[d]?|seen?|sent|arrived|left|shipped|gone|come)|"
    r"(?:re-?send|send|forward|share|email|mail|schicken|senden|zusenden|zuschicken)\b.{0,60}\b(?:copy|again|invoice|certificate|proof|statement|report|tracking|sheet|"
    r"zeugnis|prüfzeugnis|rechnung|kopie|datenblatt|zertifikat)|"
    r"(?:is|are|am|was|were) (?:still )?(?:broken|dead|down|leaking|jamming|wrong|missing|faulty|slow)|(?:stops|stopped|broke|jams) (?:with|again|working)|replace them|"
    r"who can come|wer kommt|undicht|defekt|kaputt|ist falsch)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?]) +|\n+")


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is asked: its content words, and which aspects of the subject it asks for."""

    words: str
    terms: frozenset[str]
    aspects: frozenset[str]


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question of a client and the user's answer to it: the parts asked, the sentences of the answer that last.

    `message_id`, `at` and `subject` are the answer's. `names` are words that every mail between the two has.
    """

    message_id: str
    client: str
    at: datetime
    subject: str
    asked: tuple[Part, ...]
    answer: tuple[str, ...]
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Fit:
    """How well an exchange answers a question (0 to 1), what was asked then, and the words of the answer to show."""

    score: float
    asked: str
    words: str


def parts(question: str) -> tuple[Part, ...]:
    """Return the things that a question asks which an earlier answer could tell; none for what concerns one case alone."""
    sentences = [s for s in _SENTENCE.split(body(question)) if s.strip()]
    asking = [s for s in sentences if s.rstrip().endswith("?")] or sentences
    about = [part(s) for s in asking if not _ONE_CASE.search(s)]
    return tuple(p for p in about if p.terms)[:_MOST_PARTS]


def asked_parts(quotes: Iterable[str]) -> tuple[Part, ...]:
    """Return the things that a client asked, in the words relied on."""
    return tuple(p for quote in quotes for s in _SENTENCE.split(quote) if (p := part(s)).terms)[:_MOST_PARTS]


def part(sentence: str) -> Part:
    """Return one thing that is asked."""
    found = frozenset(sorted(terms(sentence), key=lambda t: (-len(t), t))[:_MOST_TERMS])
    return Part(sentence, found, frozenset(name for name, words in _ASPECTS.items() if words.search(sentence)))


def fit(asked: Part, exchange: Exchange, client: str | None, weights: Weights) -> Fit | None:
    """Return how an earlier exchange answers what is asked now, by a client; None where it does not. Prices are each client's own."""
    own = {t: w * (_FAINT if t in _FAINT_WORDS else 1.0) for t, w in weights.items() if t in asked.terms - exchange.names}
    sentences = [s for s in exchange.answer if exchange.client == client or not is_private(s)]
    if "price" in asked.aspects and exchange.client != client:
        return None
    covered = [(_covered(asked, earlier, exchange, sentences, own), earlier.words) for earlier in exchange.asked]
    best, question = max(covered, key=lambda pair: pair[0], default=(0.0, ""))
    if best < ENOUGH:
        return None
    words = _shown(asked, sentences, own, one=len(exchange.asked) == 1)
    return Fit(round(best, 4), question, words) if words else None


def _covered(asked: Part, earlier: Part, exchange: Exchange, sentences: Sequence[str], weights: Weights) -> float:
    """Return the share of the question's weight that the exchange has; 0 where the two questions do not compare."""
    answered = terms(" ".join(sentences))
    subject = terms(exchange.subject)
    in_question = frozenset(weights) & earlier.terms
    common = frozenset(weights) & (earlier.terms | answered | subject)
    telling = common - _FAINT_WORDS
    alike = bool(telling & (earlier.terms | subject)) or len(telling) >= FEWEST  # one word of an answer may mean anything
    if not alike or (len(common) < FEWEST and min(len(weights), len(earlier.terms)) >= FEWEST):
        return 0.0
    if not _compares(asked, earlier, frozenset(weights) & answered, weights, tells_price=any(map(_MONEY.search, sentences))):
        return 0.0
    only_subject = common - in_question - answered
    return share(common - only_subject, weights) + _IN_SUBJECT * share(only_subject, weights)


def _compares(asked: Part, earlier: Part, answered: frozenset[str], weights: Weights, *, tells_price: bool) -> bool:
    """Tell whether the two ask for the same aspect, or the answer itself has most of what is asked."""
    if asked.aspects & earlier.aspects or not (asked.aspects or earlier.aspects):
        return True
    if "price" in asked.aspects and tells_price and not earlier.aspects:
        return True
    return "price" not in asked.aspects and share(answered, weights) >= ENOUGH and len(answered) >= FEWEST


def _shown(asked: Part, sentences: Sequence[str], weights: Weights, *, one: bool) -> str:
    """Return the sentences that answer, at most LONGEST characters on one line; "" where none has what is asked for."""
    ranked = sorted(range(len(sentences)), key=lambda n: (-_tells(asked, sentences[n], weights), n))
    if not ranked or (not one and _tells(asked, sentences[ranked[0]], weights) == 0):
        return ""
    first = last = ranked[0]
    while last + 1 < len(sentences) and len(" ".join(sentences[first : last + 2])) <= LONGEST:
        last += 1
    while first and len(" ".join(sentences[first - 1 : last + 1])) <= LONGEST:
        first -= 1
    words = " ".join(sentences[first : last + 1])
    if not _has_aspect(asked, words):
        return ""
    return words if len(words) <= LONGEST else words[: LONGEST - 1].rpartition(" ")[0].rstrip(" ,;:") + "…"


def _tells(asked: Part, sentence: str, weights: Weights) -> float:
    """Return how much a sentence says of what is asked."""
    figures = bool(asked.aspects) and _has_aspect(asked, sentence)
    return share(terms(sentence) & frozenset(weights), weights) + 0.3 * figures


def _has_aspect(asked: Part, words: str) -> bool:
    """Tell whether words have what the aspect asks for: money for a price, a figure for the others."""
    if "price" in asked.aspects and len(asked.aspects) == 1:
        return _MONEY.search(words) is not None
    return not asked.aspects or _FIGURE.search(words) is not None


def weights_of(asked: Iterable[Part], frequency: Mapping[str, int], count: int) -> Weights:
    """Return how much each word of a question says, by how many of `count` mails have it."""
    return weigh({t: frequency.get(t, 0) for p in asked for t in p.terms}, count)
