"""A request handed on: a few new words over a forwarded mail that make what it asks the forwarder's own ("These are missing").

Words that forward for information alone hand nothing on, and neither does a forward without words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from daemon.reading import new_text, subjects
from daemon.reading.cuts.quote_heads import head_end
from daemon.reading.cuts.signature import with_signature
from daemon.reading.languages.detection import detect
from daemon.reading.sentence_matches import match_sentences
from daemon.reading.sentences import split_sentences
from daemon.reading.speech_acts import find_acts, judged_mail
from daemon.reading.values import Act, ActKind, Cut, ReaderInput

_MAX_WORDS = 30  # of the new text; who writes more says it all
_MAX_SENTENCES = 60  # of the forwarded mail
_SURE = 0.5
_CONFIDENCE = 0.7  # of a request that somebody else worded
_MISSING = re.compile(
    r"\b(?:missing|still (?:open|outstanding|to come)|outstanding|not (?:yet )?(?:received|arrived|here)|haven['’]?t (?:received|had|got)|(?:still )?(?:need|waiting for) (?:this|these|those|it)|"
    r"fehl(?:t|en)|noch (?:offen|ausstehend)|stehen? noch aus|nicht (?:erhalten|da)|manqu(?:e|ent)|toujours pas reçu|falta[n]?|pendientes?|manca(?:no)?|ontbre(?:ekt|ken)|"
    r"nog niet ontvangen|faltam|saknas|mangler|brakuje)\b",
    re.IGNORECASE,
)
_HANDS_ON = re.compile(
    rf"{_MISSING.pattern}|\b(?:(?:see|per|mentioned|request(?:ed)?|questions?|mail|e-?mail|as) below|below (?:mail|e-?mail|request|question)|(?:for|over) (?:your|to your) (?:action|attention|side)|over to you|"
    r"(?:please|pls|kindly) (?:advise|handle|action|sort|look|see|help|deal|answer|reply|respond|assist)|your (?:thoughts|advice|view|input)|any (?:idea|thoughts)s?|(?:can|could|would|will) you\b|what (?:do|should|shall)|"
    r"we need (?:this|these)|this (?:came|is what)|asks? (?:us|me)|siehe unten|s\.\s?u\.|zur (?:bearbeitung|erledigung|klärung|beantwortung)|bitte (?:um|bearbeiten|erledigen|klären|beantworten|prüfen)|(?:können|könnt) (?:sie|ihr)|"
    r"voir (?:plus bas|ci-dessous)|ci-dessous|pour (?:action|suite|traitement)|merci de|pouvez-vous|ver (?:abajo|más abajo)|para su gestión|puede[s]?\b|vedi sotto|qui sotto|per vostra gestione|può\b|"
    r"zie (?:hieronder|onder)|ter afhandeling|kunt u|ver abaixo|pode\b|se ned(?:an|enfor)|kan (?:du|ni|i|dere)|patrz poniżej|czy mo)\b",
    re.IGNORECASE,
)
_FOR_INFORMATION = re.compile(
    r"\b(?:f\.?y\.?i\.?|for (?:your )?(?:info\w*|records?|reference|awareness)|no (?:action|reply|answer|response)|nothing (?:to do|needed)|(?:already|all) (?:done|answered|sorted|settled)|"
    r"z(?:ur|\.)\s?(?:k(?:enntnis|\.)|info\w*)|zu ihrer (?:info\w*|kenntnis)|nur zur info|erledigt|pour (?:votre )?info\w*|para su (?:info\w*|conocimiento)|per (?:vostra )?(?:info\w*|conoscenza)|ter (?:info\w*|kennisgeving)|"
    r"para (?:seu )?conhecimento|för kännedom|til (?:info\w*|orientering)|do wiadomości)\b",
    re.IGNORECASE,
)


def handed_on(message: ReaderInput, text: str, quotes: Sequence[Cut], typed: str) -> Act | None:
    """Return the request of a forwarded mail that the new words over it hand on to the user, or None.

    Its quote stands in the forwarded mail; where that asks nothing in so many words, it is what the new words miss.
    """
    forward = next((cut for cut in quotes if cut.end >= len(text) and _is_forward(cut, message.subject)), None)
    if forward is None or message.direction != "received" or not _hands_on(typed):
        return None
    start = head_end(text, forward.start)
    asked = [a for a in _acts(message, text, start) if a.kind is ActKind.REQUEST and a.confidence >= _SURE]
    best = max(asked, key=lambda act: act.confidence, default=None)
    if best is not None:
        return replace(best, confidence=min(best.confidence, _CONFIDENCE), rule="hands on a forwarded request")
    missing = _MISSING.search(text, 0, forward.start)
    if missing is None:
        return None
    line = text.rfind("\n", 0, missing.start()) + 1
    end = text.find("\n", missing.end())
    quote = text[line : end if end >= 0 else len(text)].strip()
    at = text.index(quote, line)
    return Act(
        ActKind.REQUEST, quote, at, at + len(quote), "request", "client", confidence=_CONFIDENCE, rule="says what is missing"
    )


def _is_forward(cut: Cut, subject: str) -> bool:
    return cut.why == "forward" or subjects.is_forward(subject)


def _hands_on(typed: str) -> bool:
    words = typed.strip()
    return 0 < len(words.split()) <= _MAX_WORDS and _HANDS_ON.search(words) is not None and _FOR_INFORMATION.search(words) is None


def _acts(message: ReaderInput, text: str, start: int) -> tuple[Act, ...]:
    """Return the acts of the forwarded mail that begins at `start`, without what it quotes in turn."""
    body = text[start:]
    language = detect(body)
    if language is None:
        return ()
    inner = with_signature(body, new_text.quoted_spans(body))
    cuts = [Cut(0, start, "forward"), *(Cut(start + cut.start, start + cut.end, cut.why) for cut in inner)]
    sentences = tuple(islice(split_sentences(text, cuts), _MAX_SENTENCES))
    matched = match_sentences(sentences, language)
    return find_acts(judged_mail(matched, language), message, language)
