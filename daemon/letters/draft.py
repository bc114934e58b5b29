"""The draft reply: an answer in the right thread that can be sent once its gaps are filled, one for each question.

It is written in the thread's language, greets and closes as the user does (`letters.habits`), and quotes each question in the
client's words. What is known stands there already: an entry of the user's library, times at which they are free where a time is
asked for, what they promised to attach. No answer is invented; the client's words are plain text, cut, and never more than one line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from connectors.calendar import Busy
from connectors.mail import Address
from daemon.glossary import gaps
from daemon.glossary.advice import SuggestedAnswer
from daemon.glossary.obligations import Ask, Obligation
from daemon.glossary.parties import Account, Client
from daemon.letters import phrases
from daemon.letters.habits import documents
from daemon.letters.habits.style import Style, plain
from daemon.letters.habits.wording import Wording
from daemon.letters.proposed_times import TimesReply
from daemon.reading import subjects

OFFERED = 3
FEWEST_WORDS = 5  # a shorter further question ("Any news?") is a chaser, which needs no answer of its own
_FEWEST_TOLD = 3  # words without a question mark that tell something
QUOTED = 160  # characters of a question

_LONGEST_ID = 998 - len("In-Reply-To: ")  # octets
_ADDRESSED = re.compile(  # what stands before a question in the same sentence
    r"^\W*(?:hi|hiya|hello|hey|dear|morning|servus|moin|grüezi|grüß gott|good (?:morning|afternoon|day)|hallo|guten (?:tag|morgen)|liebe[rs]?|sehr geehrte[rs]?)\b[^,.!?\n]{0,40}[,.!]\s+(?=\w)",
    re.IGNORECASE,
)

_CONJUNCTION = re.compile(r"^\W*(?:and|und|also|or|oder)\b[\s,]+(?=\w)", re.IGNORECASE)
_ENDS = ("?", ".", "!", "…", ":")


@dataclass(frozen=True, slots=True)
class DraftReply:
    """A draft reply: to whom, in which thread (the Message-ID it answers), and its text so far."""

    to: str
    subject: str
    text: str
    in_reply_to: str | None
    cc: tuple[Address, ...] = ()
    offers: tuple[Busy, ...] = ()  # the times that it offers or accepts


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the answer.

    `answers` are sentences by the question (`Ask.quote`) that they answer, `promises` the user's open promises in the thread. `offers`
    are the times that the answers accept or offer; where there are any, no others are offered. `apart` are the client's words that
    propose a time beside the questions, with the answer to them. `suggested` is what the user's language model would answer; it stands below the
    questions while one of them has a gap.
    """

    answers: Mapping[str, str]
    promises: Sequence[str] = ()
    offers: tuple[Busy, ...] = ()
    suggested: SuggestedAnswer | None = None
    apart: tuple[str, str] | None = None


NOTHING = Known({})


def draft(
    account: Account,
    client: Client,
    obligation: Obligation,
    slots: Sequence[Busy],
    now: datetime,
    known: Known = NOTHING,
    style: Style | None = None,
) -> DraftReply:
    """Return a reply to all that is asked in the obligation's conversation; `slots` are times at which the user is free."""
    o, written = obligation, style or plain(account, obligation)
    words, wanted = written.wording, asks(obligation)
    answers = [_answered(ask, known, words, _offer(account, client, slots, words), account.name) for ask in wanted]
    parts = [
        written.greeting,
        words.late if o.due is not None and o.due < now else "",
        *answers,
        _under(*known.apart, account.name) if known.apart else "",
        _suggestion(known.suggested) if any(answer.endswith(words.gap) for answer in answers) else "",
        written.closing,
    ]
    offered = slots[:OFFERED] if any(_is_offered(ask, known) for ask in wanted) else ()
    return DraftReply(
        o.contact or "",
        f"Re: {phrases.cut(subjects.without_prefixes(o.subject), 150)}".strip(),
        "\n\n".join(part for part in parts if part) + "\n",
        _in_reply_to(o),
        written.cc,
        tuple(dict.fromkeys((*known.offers, *offered))),
    )


def with_times(known: Known, o: Obligation, times: TimesReply | None) -> Known:
    """Return what is known with the answer to the times that the client proposes, for the question that proposes them or asks for a time.

    Where there is none the answer stands apart, under the words that propose them.
    """
    if times is None or not o.proposed:
        return known
    proposing = " ".join(o.proposed[0].quote.split())
    wanted = [(ask.quote, " ".join(ask.quote.split())) for ask in asks(o)]
    quote = next((q for q, words in wanted if words and (words in proposing or proposing in words)), None)
    if quote is None:
        quote = next((ask.quote for ask in asks(o) if ask.wants_time or not ask.quote.strip()), None)
    offers = (*known.offers, *times.slots)
    if quote is None:
        return replace(known, apart=(o.proposed[0].quote, times.text), offers=offers)
    return replace(known, answers={quote: times.text, **known.answers}, offers=offers)


def _suggestion(suggested: SuggestedAnswer | None) -> str:
    """Return a suggested answer, marked as one, with its sources below; "" where there is none."""
    if suggested is None or not suggested.text:
        return ""
    return f"{gaps.SUGGESTION}\n{suggested.text}\n{gaps.sources(suggested.sources)}"


def entry(title: str, words: str, link: str) -> str:
    """Return an entry of the user's library as an answer: its words, with its link; a link alone with its title."""
    text = phrases.cut(words, 500)
    return f"{text} {link}".strip() if text else f"{phrases.cut(title, 80)}: {link}"


def asks(o: Obligation) -> list[Ask]:
    """Return the questions that each need an answer of their own; one without words where none is known."""
    if o.open_asks:
        every = {ask.quote: ask for ask in reversed(o.open_asks)}
        return [every[quote] for quote in phrases.different(reversed(every))]
    first, *further = phrases.different(o.asks) or [o.quote or ""]
    return list(map(Ask, (first, *(quote for quote in further if len(quote.split()) >= FEWEST_WORDS))))


def _answered(ask: Ask, known: Known, words: Wording, offer: str, user: str) -> str:
    """Return a question with its answer, as far as that is known, or with the gap for it."""
    document = phrases.cut(documents.asked_for(ask.quote, known.promises), 80)
    attached = words.attached.format(document) if document else ""
    offered = offer if _is_offered(ask, known) else ""
    answer = known.answers.get(ask.quote) or attached or offered or words.gap
    return _under(ask.quote, answer, user)


def _under(words: str, answer: str, user: str) -> str:
    """Return an answer under the client's words."""
    quote = _quoted(words, user)
    return f"> {quote}\n{answer}" if quote else answer


def _is_offered(ask: Ask, known: Known) -> bool:
    """Whether a question is answered with free times."""
    return ask.wants_time and not ask.names_time and not known.offers and ask.quote not in known.answers


def _quoted(asked: str, user: str) -> str:
    """Return a question cut, without what stands before it in its sentence: a greeting, the user's first name, an "and".

    Words that tell nothing by themselves ("Yes please.") are not quoted.
    """
    first = re.escape(next(iter(user.split()), "")) or "$^"
    bare = re.sub(rf"^\W*{first},\s+(?=\w)", "", _ADDRESSED.sub("", asked), flags=re.IGNORECASE)
    quote = phrases.cut(_CONJUNCTION.sub("", bare), QUOTED)
    if "?" not in quote and len(quote.split()) < _FEWEST_TOLD:
        return ""
    return quote if quote.endswith(_ENDS) else f"{quote} …"


def _offer(account: Account, client: Client, slots: Sequence[Busy], words: Wording) -> str:
    """Return a sentence that offers free times, on the client's clock where that is known to differ; "" without times."""
    zone = ZoneInfo(client.hours.zone if client.hours else account.hours.zone)
    times = phrases.listed([words.moment_of(slot.start, zone) for slot in slots[:OFFERED]], words.either)
    theirs = words.their_time if zone.key != account.hours.zone else ""
    return words.free.format(f"{times}{theirs}") if times else ""


def _in_reply_to(o: Obligation) -> str | None:
    """Return the Message-ID that the reply answers; none where it does not fit into a line of a header (RFC 5322, 2.1.1)."""
    return o.reply_to if o.reply_to and len(o.reply_to.encode("utf-8", "replace")) <= _LONGEST_ID else None
