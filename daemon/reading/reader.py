"""Reading one message: cut to the new text, told person from machine, sentence by sentence what is said and what it asks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from daemon.reading import acts, calls, due, machine, model, text
from daemon.reading.acts import MOST_SENTENCES
from daemon.reading.english import ENGLISH
from daemon.reading.german import GERMAN
from daemon.reading.language import Language, first, spoken
from daemon.reading.sentences import sentences as split
from daemon.reading.signature import signature as sign_off
from daemon.reading.types import Act, ActKind, Call, Cut, Frame, Reading, Utterance

LANGUAGES: tuple[Language, ...] = (ENGLISH, GERMAN)
LONGEST = 64 * 1024  # characters read of one message
SURE = 0.5  # a request below this is not acted on
MANY = 5  # recipients beyond which a mail is a broadcast
_MAY_INSTRUCT = frozenset(("says go ahead", "says please", "orders", "needs something", "asks for it to be done"))
_LIST_ADDRESS = re.compile(
    r"(?:^|[.@_-])(?:all|list|lists|team|everyone|everybody|staff|employees|members|undisclosed|group|groups)(?:[.@_-]|$)|@(?:yahoo|e|google)groups?\.",
    re.IGNORECASE,
)
_NAME_ALONE = re.compile(r"\W*[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,3}\W*$|\W*\w+(?: \w+)?[,:–-]+\W*$")


def read(utterance: Utterance) -> Reading:
    """All that is read out of one message. Never raises for what a text contains."""
    whole = utterance.text[:LONGEST]
    quotes = text.cuts(whole, utterance.earlier)
    new_text = text.kept(whole, quotes)
    automated, rule = machine.automated(utterance, new_text)
    call = calls.notice(utterance) if utterance.direction == "received" else None
    if call is not None and call.kind in {"missed_call", "voicemail"}:
        automated, rule = call.kind, "a phone system's notice"
    cuts = with_signature(whole, quotes)
    language = _language(new_text)
    if automated is not None or language is None:
        return _unread(utterance, new_text, cuts, automated, rule, call, language)
    sentences = tuple(islice(split(whole, cuts), MOST_SENTENCES))
    heard = acts.heard(sentences, tuple(spoken(s.text) for s in sentences), language)
    found = acts.acts(heard, utterance, language)
    weight = _weight(heard, found, language)
    expected, sure, why = _reply_expected(utterance, found, heard, language)
    return Reading(
        new_text=new_text,
        language=language.code,
        cuts=cuts,
        reply_expected=expected,
        reply_confidence=sure,
        reply_rule=why,
        acts=found,
        call=call,
        acknowledgement=weight.acknowledgement,
        tag=weight.tag,
        closing=weight.closing,
        substance=weight.substance,
    )


def weights(utterance: Utterance, found: Reading) -> tuple[tuple[tuple[str, float], ...], ...]:
    """For each act of the reading, in its order, what weighed most in it; nothing where a rule alone decided."""
    whole = utterance.text[:LONGEST]
    language = next((known for known in LANGUAGES if known.code == found.language), None)
    if found.automated is not None or language is None or not language.weighed:
        return tuple(() for _ in found.acts)
    sentences = tuple(islice(split(whole, found.cuts), MOST_SENTENCES))
    heard = {h.sentence.start: h for h in acts.heard(sentences, tuple(spoken(s.text) for s in sentences), language)}
    heads = {ActKind.PROMISE: "promise", ActKind.REQUEST: "request"}
    return tuple(
        tuple(model.telling(heads[a.kind], heard[a.start].features(language))) if a.kind in heads and a.start in heard else ()
        for a in found.acts
    )


def call_notice(utterance: Utterance) -> Call | None:
    """Only whether this is a phone system's notice, and of which call."""
    return calls.notice(utterance)


def infer(line: Mapping[str, Any]) -> dict[str, Any]:
    """One message object in, its findings out (contract, section 3). Raises KeyError, TypeError or ValueError for bad input."""
    sent = line["direction"] == "sent"
    utterance = Utterance(
        direction="sent" if sent else "received",
        sender=str(line["from"]).lower(),
        to=tuple(str(a).lower() for a in line.get("to") or ()),
        cc=tuple(str(a).lower() for a in line.get("cc") or ()),
        date=_aware(str(line["date"])),
        subject=str(line.get("subject") or ""),
        text=str(line.get("text") or "").replace("\r\n", "\n"),
        headers={str(k).lower(): str(v) for k, v in (line.get("headers") or {}).items()},
        user=tuple(str(a).lower() for a in line.get("user") or ()),
        frame=Frame(time_zone=str(line.get("time_zone") or "")),
    )
    found = read(utterance)
    return {
        "id": line["id"],
        "automated": found.automated,
        "new_text": found.new_text,
        "reply_expected": found.reply_expected,
        "reply_confidence": round(found.reply_confidence, 2),
        "acknowledgement": found.acknowledgement,
        "requests": [{"quote": a.quote, "kind": a.sort, "confidence": a.confidence} for a in found.of(ActKind.REQUEST)],
        "promises": [_promise(a) for a in found.of(ActKind.PROMISE)],
    }


def _promise(act: Act) -> dict[str, Any]:
    return {
        "by": act.by,
        "quote": act.quote,
        "kind": act.sort,
        "due": act.due.due.isoformat() if act.due else None,
        "due_quote": act.due.quote if act.due else None,
        "conditional": act.conditional,
        "confidence": act.confidence,
    }


def _aware(moment: str) -> datetime:
    found = datetime.fromisoformat(moment)
    if found.tzinfo is None:
        raise ValueError(f"the date {moment} has no offset from UTC")
    return found


def with_signature(whole: str, quotes: Sequence[Cut]) -> tuple[Cut, ...]:
    """Quotes first, then the signature of what stands before the last of them."""
    end = next((c.start for c in quotes if c.end >= len(whole)), len(whole))
    signature = tuple(Cut(c.start, min(c.end, end), c.why) for c in sign_off(whole[:end]))
    return tuple(sorted((*quotes, *signature)))


def _language(new_text: str) -> Language | None:
    """The language that most of the common words belong to; None where hardly any does. A few words are taken for the first."""
    words = re.findall(r"[^\W\d_]+", new_text[:1500].lower())
    shares = [sum(map(language.common.__contains__, words)) for language in LANGUAGES]
    best = max(range(len(LANGUAGES)), key=shares.__getitem__)
    if len(words) < _FEW:
        return LANGUAGES[best]
    return (
        LANGUAGES[best]
        if shares[best] >= len(words) * 0.08 or (shares[best] > len(words) * 0.04 and new_text.isascii())
        else None
    )


_FEW = 6  # words below which the absence of common ones says nothing


def _unread(
    utterance: Utterance,
    new_text: str,
    cuts: tuple[Cut, ...],
    automated: str | None,
    rule: str,
    call: Call | None,
    language: Language | None,
) -> Reading:
    """A machine's mail, or one in a language that is not read: it counts by the state of its thread and says so."""
    back = None
    if automated == "auto_reply" and language is not None:
        days = [(s, d.due.date()) for s, _, d in due.find(new_text[:1000], utterance.date, utterance.frame, language.words)]
        back = machine.away_until(days, new_text[:1000])
    person = automated is None
    asks = person and ("?" in new_text)
    return Reading(
        new_text=new_text,
        automated=automated,
        automated_rule=rule,
        language=language.code if language else "other",
        cuts=cuts,
        reply_expected=asks,
        reply_confidence=0.6 if asks else 0.0,
        reply_rule="a question mark, in a language that is not read" if asks else "",
        substance=person and len(new_text.split()) > 5,
        call=call,
        away_until=back,
    )


def _reply_expected(
    utterance: Utterance, found: Sequence[Act], heard: Sequence[acts.Heard], language: Language
) -> tuple[bool, float, str]:
    """Whether the writer waits for an answer from the user, how surely, and by which rule."""
    asked = [a for a in found if a.kind is ActKind.REQUEST and a.confidence >= SURE]
    if not asked:
        return False, 0.1, "nothing is asked"
    if any(a.kind is ActKind.WITHDRAWAL for a in found):
        return False, 0.2, "what was asked is withdrawn"
    if utterance.direction == "received" and utterance.user and utterance.to and not set(utterance.user) & set(utterance.to):
        return False, 0.3, "the user is only on copy"
    if _asks_somebody_else(utterance):
        return False, 0.3, "it is addressed to somebody else by name"
    best = max(asked, key=lambda a: (not _instructs(a, language), a.confidence))
    if _to_many(utterance, heard, language):
        return False, 0.3, "it is sent to many"
    if _instructs(best, language):
        return False, 0.35, "it asks for something to be done, not for an answer"
    return True, best.confidence, best.rule


def _instructs(act: Act, language: Language) -> bool:
    """As in "Please register online" wants doing; "please let me know" wants an answer."""
    if act.sort != "request":
        return False
    rule = first(language.instructions, spoken(act.quote))
    return rule is not None and (act.rule in _MAY_INSTRUCT or rule.sort == "case")


def _to_many(utterance: Utterance, heard: Sequence[acts.Heard], language: Language) -> bool:
    """A list, a dozen recipients, or a mail that speaks to everybody."""
    if len(utterance.to) + len(utterance.cc) > MANY or any(_LIST_ADDRESS.search(a) for a in utterance.to[:3]):
        return True
    if utterance.sender in utterance.to and utterance.direction == "received" and len(utterance.to) == 1:
        return True
    return bool(heard) and first(language.everybody, heard[0].said) is not None


def _asks_somebody_else(utterance: Utterance) -> bool:
    """As in "Lee, could you …" with several recipients and the user's own first name known."""
    if utterance.direction != "received" or len(utterance.to) + len(utterance.cc) < 2 or not utterance.addressee_names:
        return False
    greeting = re.match(r"\s*(?:(?:hi|hello|hey|dear)\s+)?([A-Z][a-z]+)\s*[,–-]", utterance.text)
    if greeting is None or greeting.group(1).lower() in {"hi", "hello", "hey", "thanks", "morning", "all", "both", "team"}:
        return False
    return greeting.group(1).lower() not in {word.lower() for name in utterance.addressee_names for word in name.split()}


class _Weight(NamedTuple):
    acknowledgement: bool
    tag: bool
    closing: bool
    substance: bool


def _weight(heard: Sequence[acts.Heard], found: Sequence[Act], language: Language) -> _Weight:
    """Whether the message answers anything, is only a status, carries no value at all, or only closes."""
    acted: dict[int, set[ActKind]] = {}
    for act in found:
        acted.setdefault(act.start, set()).add(act.kind)
    said = status = 0
    for h in heard:
        sentence, line = h.sentence, h.said
        kinds = acted.get(sentence.start, set())
        length = len(line.line.split())
        if h.courtesy or first(language.greetings, line) or _NAME_ALONE.match(sentence.text):
            continue
        if kinds & {ActKind.DELIVERY, ActKind.REQUEST, ActKind.WITHDRAWAL, ActKind.RELEASE}:
            said += 1
        elif ActKind.PROMISE in kinds or first(language.tags, line) or first(language.acknowledgements, line):
            status += 1
        elif ActKind.DONE in kinds or ActKind.THANKS not in kinds or length > 12:
            said += length > 1 or line.line.strip(" .!").isdigit()
    promised = [a for a in found if a.kind is ActKind.PROMISE]
    # A promise to be somewhere is an answer; one to come back later is a status.
    answer = any(a.sort == "meet" for a in promised)
    acknowledgement = not said and status > 0 and not answer
    return _Weight(
        acknowledgement=acknowledgement,
        tag=acknowledgement and not any(a.due for a in promised),
        closing=not said and not status and any(a.kind is ActKind.THANKS for a in found),
        substance=bool(said) or answer,
    )
