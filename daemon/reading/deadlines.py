"""The time by which a request wants its answer: the date that its writer names for it, or that the mail names for everything it asks.

"RSVP by 18 May", "we need this within 48 hours" and "before Thursday's board" are deadlines of the answer. The date of an event ("are
you free on Thursday?"), of a delivery ("can you ship it by June?") or of a return is none. A date that is not certain to be the
answer's has a low confidence: it may bring an answer forward, but never puts one off.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from daemon.reading.act_due_times import phrases_ahead
from daemon.reading.languages.language import Language
from daemon.reading.sentence_matches import MatchedSentence
from daemon.reading.times.due_times import DuePhrase
from daemon.reading.values import Act, ActKind, Due, ReaderInput

_UNSURE = 0.6  # confidence of a time that may be another deed's
_NEAR = 3  # sentences between a request and the deadline that is stated for it
# Patterns of whole words, by what they tell: name ; pattern ; an example in which it is found ; one in which it is not. Patterns of one
# name are alternatives.
_TABLE = r"""
ends ; by|before|until|till|within|no later than|not later than|latest|ahead of|prior to|in advance of|in time for|due|in the next|in under ; By Friday. ; On Friday.
ends ; you have|you've|bis|spätestens|vor|innerhalb|binnen ; You have 48 hours. ; You had 48 hours.
answers ; rsvp|repl(?:y|ies)|respon[ds]\w*|answers?|let (?:me|us) (?:know|have)|confirm\w*|tell|return|get (?:it |that |this |them |your \w+ )?back ; Let me know. ; Let it go.
answers ; (?:get|hear(?:ing)?) (?:back )?from you|know|(?:get|have|turn) (?:it|this|that|them|these|something|your \w+)\b.{0,20}\b(?:to (?:me|us)|back|around) ; Have it to us. ; Have it all.
answers ; send|forward|e-?mail|submit|sign\w*|approv\w*|vot(?:e|es|ing)|ballots?|provide|share|give|quot(?:e|ation)s?|offer|decid\w*|decision|advise ; Send it. ; Sell it.
answers ; updates?|feedback|comments?|review|fill|complete (?:the|this|your|and)|register|sign up|look at|check|price|proposal ; Complete the form. ; A complete form.
answers ; stimm(?:e|en|t)|abstimm\w*|gebeten|(?:zu)?rückmeld\w*|antwort\w*|bescheid|bestätig\w*|schick\w*|send\w*|mitteil\w*|sag\w* ; Sagen Sie es. ; Lesen Sie es.
answers ; unterschr\w*|freigeb\w*|freigabe|angebot|zukommen|melde\w*|prüf\w* ; Prüfen Sie es. ; Tragen Sie es.
elsewhere ; deliver\w*|ship(?:ped|ping|ment|s)?|arriv\w*|install\w*|finish\w*|start\w*|ready|available|(?<!soon as )(?<!if )possible|payments?|pay|visit\w* ; Deliver it. ; If possible.
elsewhere ; meet(?:ing)?|appointment|come|coming|leave|suppl(?:y|ies)|produc\w*|(?<!in )order(?:s|ed|ing)?(?! to)|open|close|attend|join ; An order. ; In order to.
elsewhere ; have (?:it|them|this) (?:here|done|installed)|be (?:here|there|on site|done)|\d+ (?:x |units?|pcs|pieces|pallets?|boxes|tonnes?|tons|kg|litres|sets|stück|paletten) ; 40 boxes. ; 40 days.
elsewhere ; liefer\w*|versand|versend\w*|montage|montier\w*|termin|fertig|eintreffen|ankommen|zahl\w*|besuch\w*|treffen|kommen|abhol\w* ; Liefern Sie. ; Legen Sie.
needs ; (?:we|i)(?:'ll| will|'d)? (?:\w+ )?(?:need|require|must have|want)|(?:i|we) (?:would|'d) (?:like|need) (?:it|this|your|an|the) ; We need it. ; They need it.
needs ; need(?:ed)? (?:it|this|that|these|them)|(?:and|so|but) (?:i |we )?(?:will )?need|(?:wir|ich) (?:brauche|benötige)n?|brauchen wir|brauche ich|benötigen wir ; Needed this. ; In need.
papers ; it|this|that|these|them|those|something|answers?|repl(?:y|ies)|responses?|quot(?:e|ation)s?|offer|prices?|figures|numbers|drawings?|documents?|contract ; The contract. ; The lorry.
papers ; invoice|certificates?|reports?|feedback|confirmation|decision|info(?:rmation)?|details|list|copy|copies|files?|forms?|proposal|signature|signed ; The invoice. ; The voice.
papers ; paperwork|plans?|es|das|die|diese\w*|ihre?|antwort|angebot|rückmeldung|unterlagen|zeichnung\w*|rechnung|bestätigung|zahlen ; Die Zeichnungen. ; Ein Zaun.
stated ; deadline|rsvp|you(?:'ve| have)(?: got)? (?:about |only |just )?[\w-]+ (?:hours|days)|closing date|cut-?off|due (?:date|by|on) ; The cut-off. ; Cut it off.
stated ; (?:responses?|repl(?:y|ies)|answers?|quotes?|offers?|bids?|ballots?) (?:are|is|must|should|need|have|has)\b.{0,20}\b(?:due|by|in|received|before|no later) ; Bids are due. ; Bids are high.
stated ; (?:votes?|submissions?|comments?|forms?) (?:are|is|must|should|need|have|has)\b.{0,20}\b(?:due|by|in|received|before|no later) ; Forms must be in. ; Forms must go.
stated ; (?:your|an|the) (?:answer|reply|response|feedback|decision|comments?|quote|offer) (?:by|before|within|no later) ; Your reply by noon. ; Your reply at noon.
stated ; hear(?:ing)? (?:back )?from you (?:by|before|within|no later)|frist|abgabe|anmeldeschluss|einsendeschluss|stichtag|angebotsschluss ; Die Frist. ; Die First.
stated ; u\.\s?a\.\s?w\.\s?g|um (?:rückmeldung|antwort) ; Um Antwort. ; Die Antwort.
no_hurry ; no (?:great |big |real )?(?:rush|hurry|urgency)|not urgent|take your time|(?:is|would be|will be) (?:fine|soon enough|early enough|plenty)|(?:is|'s) ok(?:ay)? ; No rush. ; A rush.
no_hurry ; will do|eilt nicht|keine eile|reicht|genügt|nicht eilig ; Keine Eile. ; Eine Meile.
by_then ; (?:by|before|until) (?:then|that)|beforehand|bis dahin|vorher ; By then. ; And then.
clause ; if|whether|ob|wenn|falls ; If it works. ; It works.
to_reader ; you|your|please|pls|kindly|need|want|expect|bitte|sie|ihre?[nrm]?|du|ihr|brauche\w*|benötige\w* ; Please. ; Pleased.
"""
_ROWS = tuple(tuple(line.split(" ; ")) for line in _TABLE.strip().splitlines())
_SAID = {
    name: re.compile(rf"\b(?:{'|'.join(row[1] for row in _ROWS if row[0] == name)})\b", re.IGNORECASE)
    for name in {row[0] for row in _ROWS}
}
_ENDS_AFTER = re.compile(r"\W*(?:at the (?:very )?latest|latest|or (?:sooner|earlier|before)|spätestens)\b", re.IGNORECASE)
_ABOUT = re.compile(r"\b(?:about|regarding|concerning|re|for|wegen|zu|zum|zur|für)\s+(?:[\w'-]+\s+){0,5}$", re.IGNORECASE)
_REST = re.compile(
    r"\W*(?:please|thanks|thank you|if (?:possible|you can)|sharp|bitte|danke|noch|[\w]+en|schicken)?\W*$", re.IGNORECASE
)
# "Before the board meeting on": what follows is the day of an event that the answer is wanted for.
_BEFORE_EVENT = re.compile(
    r"\b(?:before|ahead of|prior to|in advance of|in time for|vor)\s+(?:(?:the|our|my|your|this|that|a|der|dem|unserer|unserem)\s+)?(?:[\w'&-]+\s+){1,3}"
    r"(?:(?:on|am)\s+)?$",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_OF_TODAY = re.compile(r"(?:later )?(?:this|tonight|in the|today|heute|eod|cob)", re.IGNORECASE)
_WHEN = re.compile(r"\b(?:when|after|once|while|because|since|as soon as|wenn|sobald|nachdem|weil)\b[^,;]*$", re.IGNORECASE)
_OF_THE_PAST = re.compile(
    r"\W*(?:(?:hi|hello|dear)\b[^,]{0,30},\s*)?(?:did|was|were|had|has|have|hat|haben|war|wurde)\b", re.IGNORECASE
)
_ASKED_OF_READER = frozenset(("request", "question"))
_CALLS = "call_me"


def with_deadlines(
    acts: tuple[Act, ...], sentences: Sequence[MatchedSentence], message: ReaderInput, language: Language
) -> tuple[Act, ...]:
    """Return the acts, each request with the time by which an answer is wanted: that of its own sentence, or one stated near it."""
    if not any(act.kind is ActKind.REQUEST for act in acts):
        return acts
    promised = {act.start for act in acts if act.kind is ActKind.PROMISE}
    number_at = {matched.sentence.start: number for number, matched in enumerate(sentences)}
    stated: dict[int, Due | None] = {}  # by the number of a sentence, as far as it was asked for
    dated = []
    for act in acts:
        number = number_at.get(act.start)
        due = None
        if act.kind is ActKind.REQUEST and number is not None:
            due = _own(act, sentences[number], message, language)
            if act.sort in _ASKED_OF_READER and (due is None or not due.is_firm):
                near = range(max(0, number - _NEAR), min(len(sentences), number + _NEAR + 1))
                for n in near:
                    if n not in stated and sentences[n].sentence.start not in promised:
                        stated[n] = _stated(sentences[n], message, language)
                due = min((d for n in near if (d := stated.get(n)) is not None), key=lambda d: d.due, default=due)
        dated.append(replace(act, due=due) if due is not None else act)
    return tuple(dated)


def _may_name_a_time(matched: MatchedSentence, language: Language) -> bool:
    return not matched.folded.words.isdisjoint(language.time_words.hints) or _DIGIT.search(matched.folded.line) is not None


def _own(act: Act, matched: MatchedSentence, message: ReaderInput, language: Language) -> Due | None:
    """Return the time that the request's own sentence names for its answer."""
    line = " ".join(matched.sentence.text.split())
    if _OF_THE_PAST.match(line) or act.sort not in {*_ASKED_OF_READER, _CALLS}:
        return None
    phrases = phrases_ahead(line, message, language)
    days = [phrase for phrase in phrases if phrase.names_day]
    dues = [
        due
        for phrase in phrases
        if (phrase.names_day or not days or phrase.start < days[0].start)  # an hour after a day is of that day, or of nothing
        and (due := _called_at(phrase, line) if act.sort == _CALLS else _answered_by(phrase, line)) is not None
    ]
    if act.sort == _CALLS:
        return dues[0] if dues else None
    firm = [due for due in dues if due.is_firm]
    return min(firm or dues, key=lambda due: due.due, default=None)


def _called_at(phrase: DuePhrase, line: str) -> Due | None:
    """Return the time for which a call is asked; not what the call is about ("about the delivery on Friday")."""
    named = phrase.names_day or phrase.due.grain == "minute" or _OF_TODAY.match(phrase.due.quote)
    return phrase.due if named and not _ABOUT.search(line[max(0, phrase.start - 60) : phrase.start]) else None


def _answered_by(phrase: DuePhrase, line: str) -> Due | None:
    """Return the time by which the words want an answer, unsure where it may be another deed's; None where it is no answer's."""
    before, after = line[: phrase.start], line[phrase.end :]
    beside = line[max(0, phrase.start - 100) : phrase.start]
    event = _BEFORE_EVENT.search(beside)
    beside = beside[: event.start()] if event else beside
    needs = _SAID["needs"].search(before)
    verbs = list(_SAID["answers"].finditer(beside)) or list(_SAID["answers"].finditer(after))
    elsewhere = _SAID["elsewhere"].search(beside[verbs[-1].end() :] if verbs and verbs[-1].end() <= len(beside) else beside)
    ends = event or _SAID["ends"].search(phrase.due.quote) or _SAID["ends"].search(beside[-12:]) or _ENDS_AFTER.match(after)
    if ends:
        if not verbs and not needs and not (phrase.names_day and _SAID["to_reader"].search(line)):
            return None
        doubted = elsewhere or (
            verbs and _SAID["clause"].search(beside[verbs[-1].end() :] if verbs[-1].end() <= len(beside) else "")
        )
        answer = (needs is not None and _SAID["papers"].search(line[needs.end() :]) is not None) or (
            needs is None and bool(verbs)
        )
        return phrase.due if answer and not doubted else phrase.due._replace(confidence=_UNSURE)
    if (
        verbs
        and not elsewhere
        and not _WHEN.search(beside)
        and not _ABOUT.search(beside)
        and _REST.fullmatch(after)
        and phrase.due.grain != "month"
    ):
        return phrase.due._replace(confidence=_UNSURE)
    return None


def _stated(matched: MatchedSentence, message: ReaderInput, language: Language) -> Due | None:
    """Return the deadline that a sentence states for what the mail asks: "the deadline is Friday", "no rush, Monday is fine"."""
    if not _may_name_a_time(matched, language):
        return None
    line = " ".join(matched.sentence.text.split())
    states, no_hurry = _SAID["stated"].search(line), _SAID["no_hurry"].search(line)
    needs = _SAID["needs"].search(line)
    by_then = _SAID["by_then"].search(line) if needs else None
    if not (states or no_hurry or needs):
        return None
    for phrase in phrases_ahead(line, message, language):
        if by_then and phrase.end <= by_then.start():
            return phrase.due
        ends = _SAID["ends"].search(phrase.due.quote) or _ENDS_AFTER.match(line[phrase.end :])
        papers = needs is not None and _SAID["papers"].search(line[needs.end() :]) is not None and ends is not None
        if (states or no_hurry or papers) and not _SAID["elsewhere"].search(line[max(0, phrase.start - 100) : phrase.start]):
            return phrase.due
    return None
