"""Read one message: cut it to the new text, find what each sentence does and asks, and tell people from machines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import islice

from daemon.reading import addressees, automated_mail, forwards, machine_replies, new_text, subjects
from daemon.reading.answer_value import answer_value
from daemon.reading.call_notices import call_notice
from daemon.reading.cuts.signature import with_signature
from daemon.reading.languages.detection import by_code, detect
from daemon.reading.languages.language import Language
from daemon.reading.models import linear_models
from daemon.reading.person_signs import named_writer
from daemon.reading.reply_expected import expected_reply
from daemon.reading.sentence_matches import MAX_SENTENCES, match_sentences
from daemon.reading.sentences import Sentence, split_sentences
from daemon.reading.speech_acts import find_acts, judged_mail
from daemon.reading.text_lines import bounded
from daemon.reading.times.due_times import find_due_phrases
from daemon.reading.values import Act, ActKind, Cut, ReaderInput, Reading

_MAX_SUBJECT = 1000  # characters of a subject that are read
_ABSENCE_NOTE = 1000  # characters in which an absence note names the day of return
_MIN_ANSWER = 5  # words; a longer text in a language that is not read counts as an answer
_COUNTS = 0.5  # confidence of a request that counts
_NOBODYS = frozenset({"bounce", "missed_call", "voicemail"})  # kinds in which nobody can have spoken to the user
_MODELS = {ActKind.PROMISE: "promise", ActKind.REQUEST: "request"}


def read(message: ReaderInput, check: Callable[[], None] = lambda: None) -> Reading:
    """Return everything that is read out of one message. Never raises because of what its text contains.

    `check` is called between the steps and for each sentence; by raising something it ends a reading that takes too long.
    """
    message = _within_limits(message)
    text = _text(message)
    quotes = new_text.quoted_spans(text, message.earlier, sender=message.sender)
    check()
    reading = _outline(message, text, quotes)
    language = by_code(reading.language)
    check()
    if reading.automated in _NOBODYS or (reading.automated is not None and message.direction == "sent"):
        return _with_return(reading, message, language)
    if reading.automated is None and (gesture := _gesture(reading, message, new_text.without(text, reading.cuts))):
        return gesture
    check()
    judged = _judged(reading, message, language, forwards.handed_on(message, text, quotes, reading.new_text), check)
    return _with_return(judged, message, language)


def _outline(message: ReaderInput, text: str, quotes: tuple[Cut, ...]) -> Reading:
    """Return what is known before the sentences are read: the new text, its language, and what is certainly a machine's."""
    typed = new_text.without(text, quotes)
    typed = typed if message.text.startswith(text) else new_text.dedented(typed)
    automated, rule = _certain(message, typed) or (None, "")
    call = call_notice(message) if message.direction == "received" else None
    if call is not None and call.kind in {"missed_call", "voicemail"}:
        automated, rule = call.kind, "a phone system's notice"
    language = detect(typed, message.earlier)
    return Reading(
        new_text=typed,
        automated=automated,
        automated_rule=rule,
        language=language.code if language else "other",
        cuts=with_signature(text, quotes, message.sender_name, message.sender),
        call=call,
    )


def _judged(
    reading: Reading, message: ReaderInput, language: Language | None, request: Act | None, check: Callable[[], None]
) -> Reading:
    """Return the reading with what its sentences do; a machine waits for no answer. `request` is what a forwarded mail asks."""
    spoken = _with_guesses(reading, message) if language is None else _with_acts(reading, message, language, request, check)
    check()
    judged = spoken if reading.automated else _weighed(spoken, message)
    return replace(judged, reply_expected=False) if judged.automated is not None and judged.reply_expected else judged


def _gesture(reading: Reading, message: ReaderInput, unsigned: str) -> Reading | None:
    """Return the reading of a mail that is a mere gesture, a reaction or bare thanks; None for any other."""
    if any(machine_replies.is_reaction(message, words) for words in (reading.new_text, unsigned)):
        return replace(reading, acknowledgement=True, tag=True, reply_rule="only a reaction, such as a thumb")
    if machine_replies.is_bare_thanks(message, unsigned):
        return replace(reading, acknowledgement=True, tag=True, closing=True, reply_rule="only thanks")
    return None


def _certain(message: ReaderInput, typed: str) -> tuple[str, str] | None:
    """Return what kind of automated mail it is, and the rule, where that is beyond doubt, else None."""
    if machine_replies.is_receipt(message):
        return "notification", "a read receipt (RFC 8098)"
    if machine_replies.is_own_absence_note(message, typed):
        return "auto_reply", "an absence note of one's own"
    return automated_mail.certain(message, typed)


def _weighed(reading: Reading, message: ReaderInput) -> Reading:
    """Return the reading of what may be a person's mail, with what its headers and words say together."""
    requests = any(act.confidence >= _COUNTS for act in reading.of(ActKind.REQUEST))
    automated, rule = automated_mail.weighed(message, reading.new_text, asks=reading.reply_expected, requests=requests)
    return reading if automated is None else replace(reading, automated=automated, automated_rule=rule)


def _within_limits(message: ReaderInput) -> ReaderInput:
    """Return the message with as much of its subject and text as is read; of what people write, that is all."""
    subject, text = bounded(message.subject, _MAX_SUBJECT), bounded(message.text)
    within = subject == message.subject and text == message.text
    return message if within else replace(message, subject=subject, text=text)


def _text(message: ReaderInput) -> str:
    """Return the text that is read; a mail that is marked with `>` throughout and follows no other is its writer's words."""
    text = message.text
    return text if message.follows or subjects.is_reply(message.subject) else new_text.unmarked(text)


def strongest_features(message: ReaderInput, reading: Reading) -> tuple[tuple[tuple[str, float], ...], ...]:
    """Return for each act, in order, the (feature, weight) pairs that counted most; none for an act that rules alone decided."""
    language = by_code(reading.language)
    if reading.automated is not None or language is None:
        return tuple(() for _ in reading.acts)
    message = _within_limits(message)
    sentences = _sentences(_text(message), reading.cuts)
    writer = named_writer(message)
    judged = judged_mail(match_sentences(sentences, language, writer), language, writer)
    by_start = {s.matched.sentence.start: s.matched.features(language) for s in judged}
    return tuple(
        tuple(linear_models.strongest(language.code, _MODELS[act.kind], by_start[act.start]))
        if act.kind in _MODELS and act.start in by_start
        else ()
        for act in reading.acts
    )


def _sentences(text: str, cuts: tuple[Cut, ...]) -> tuple[Sentence, ...]:
    return tuple(islice(split_sentences(text, cuts), MAX_SENTENCES))


def _with_acts(
    reading: Reading,
    message: ReaderInput,
    language: Language,
    handed_on: Act | None,
    check: Callable[[], None],
) -> Reading:
    """Return the reading of a person's message, with its acts and what they mean for the conversation."""
    writer = named_writer(message)
    sentences = _sentences(_text(message), reading.cuts)
    judged = judged_mail(match_sentences(sentences, language, writer, check), language, writer)
    matched = [sentence.matched for sentence in judged]
    acts = find_acts(judged, message, language, check)
    check()
    if handed_on is not None and not any(a.kind is ActKind.REQUEST and a.confidence >= handed_on.confidence for a in acts):
        acts = (*acts, handed_on)
    reply = expected_reply(message, acts, matched, language)
    answer = answer_value(matched, acts, language)
    return replace(
        reading,
        reply_expected=reply.expected,
        reply_confidence=reply.confidence,
        reply_rule=reply.rule,
        acts=acts,
        acknowledgement=answer.acknowledgement,
        tag=answer.tag,
        closing=answer.closing,
        substance=answer.substance,
    )


def _with_return(reading: Reading, message: ReaderInput, language: Language | None) -> Reading:
    """Return the reading of automated mail; of an absence note with the day on which its writer returns."""
    if reading.automated != "auto_reply" or language is None:
        return reading
    note = reading.new_text[:_ABSENCE_NOTE]
    phrases = find_due_phrases(note, message.date, message.time_context, language.time_words)
    dates = [(phrase.start, phrase.due.due.date()) for phrase in phrases]
    return replace(reading, away_until=automated_mail.return_date(dates, note))


def _with_guesses(reading: Reading, message: ReaderInput) -> Reading:
    """Return the reading of a message in a language that is not read: a question mark asks whom it is to, several words answer."""
    to_others = addressees.bypasses(message, reading.new_text) or addressees.addresses_somebody_else(message, reading.new_text)
    asks = "?" in reading.new_text and not to_others and not addressees.is_broadcast(message)
    return replace(
        reading,
        reply_expected=asks,
        reply_confidence=0.6 if asks else 0.0,
        reply_rule="a question mark, in a language that is not read" if asks else "",
        substance=len(reading.new_text.split()) > _MIN_ANSWER,
    )
