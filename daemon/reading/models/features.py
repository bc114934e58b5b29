"""The features of a sentence for the linear models: its words, pairs of words, how it begins and ends, and its frames.

A frame is a subject with its auxiliary ("I will", "you should", "let me", "it goes") and the verb that follows; it makes a promise
of a sentence whatever the verb. The rules that matched are features too, so the models weigh them instead of learning them again.

The names of features are keys of weights.json: after changing one, train again.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from daemon.reading.languages.rules import FoldedSentence

_MAX_TOKENS = 80  # of a sentence; the rest is ignored
_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|[?!:;,@$/\"()\-–]|\.+")
_SPELLINGS = {
    "ill": "i'll", "im": "i'm", "weve": "we've", "youll": "you'll", "u": "you", "ur": "your", "r": "are", "pls": "please", "plz": "please",
    "tmrw": "tomorrow", "tmw": "tomorrow", "wont": "won't", "cant": "can't", "dont": "don't", "ive": "i've", "itll": "it'll", "gonna": "going",
    "thx": "thanks", "yep": "yes", "yeah": "yes",
}  # fmt: skip
_WORD_CLASSES = {
    **dict.fromkeys(
        "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed weds thu thur thurs fri sat sun".split(),
        "<day>",
    ),
    **dict.fromkeys(
        "january february march april june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec".split(),
        "<month>",
    ),
}
_SELF = frozenset(("i", "we"))
_YOU = frozenset(("you", "your"))
_BEING = frozenset(("am", "are", "i'm", "we're"))
_CONTRACTIONS = {
    "i'll": "i WILL", "we'll": "w WILL", "you'll": "YOU WILL", "it'll": "X WILL", "they'll": "X WILL", "that'll": "X WILL", "he'll": "X WILL",
    "she'll": "X WILL", "i'm": "SELF ING", "we're": "SELF ING",
}  # fmt: skip  # the frames that are one word
_ADVERBS = frozenset(
    "also then now still definitely certainly gladly happily just both all probably only first at least likely try to and hopefully soon again "
    "always of course not never be able happy glad pleased going sure make need have".split()
)  # words between an auxiliary and the verb that counts
_NEGATIONS = frozenset(("not", "never"))
_SUBORDINATING = frozenset(
    "if when once unless whether until that which what how where why because hope think thought said says sure who than as so after".split()
)
_BEFORE_ELLIPSIS = frozenset(("and", "but", "so", "then", ",", "-", "–", ".", "!", "ok", "thanks", "sure", "noted", "yes"))
_MODALS = frozenset("can should could would may might must".split())
_INTENTIONS = frozenset("hope aim plan expect intend promise hoping planning aiming expecting need have want".split())
_FRAME_WORDS = frozenset(("will", "shall", "am", "are", "let", *_CONTRACTIONS, *_MODALS, *_INTENTIONS))
_SOON = frozenset("shortly soon asap later tonight immediately straight eod cob".split())
_PERSONS = {"i WILL": "SELF WILL", "w WILL": "SELF WILL"}
_FRAMES_IN_TIME = ("X WILL", "0 WILL", "YOU WILL", "SELF ING", "0 ING", "SELF can", "SELF should")
_MOVEMENT = frozenset("follow follows coming way goes ships leaves back going out post".split())
_TELLING = frozenset(
    "send forward email mail fax resend ship deliver provide supply submit circulate distribute pass share copy cc post report reply respond answer "
    "advise notify inform confirm tell update brief revert write hand transmit upload text drop return".split()
)
_REACHING = frozenset("call ring phone contact follow touch reach speak talk meet visit stop swing attend join come give".split())
_WORKING = frozenset(
    "check look see find ask discuss review read prepare draft put set arrange schedule book organise organize coordinate make do add change fix "
    "correct revise amend edit pull bring get have handle deal sort investigate research track work run start begin finish complete mark print "
    "order issue sign approve chase raise process pay buy file include turn leave help assist support register remove keep let ensure hold cancel "
    "move try introduce show explain cover credit refund replace install enter create build open close transfer resolve address remind reserve "
    "waive adjust monitor gather collect compile verify calculate outline attach take swap rework push ping quote invoice reprint release escalate "
    "dispatch courier measure test deploy fit load pick".split()
)
_STATES = frozenset(
    "be need want know like love hate think believe hope win lose regret understand remember become remain stay live feel forget die agree enjoy "
    "miss guess bet assume admit say pray resist travel fly play learn benefit appreciate".split()
)
_VERB_CLASSES = {
    verb: name
    for name, verbs in (("STATE", _STATES), ("WORK", _WORKING), ("REACH", _REACHING), ("TELL", _TELLING))
    for verb in verbs
}  # what a verb does for the reader, whichever it is
_LENGTH_STEPS = (3, 6, 10, 16, 25, 40)  # sentence lengths in tokens, as steps
_PEOPLE = (
    "team office colleague colleagues driver drivers engineer engineers technician technicians fitter fitters installer installers crew people guys "
    "lad lads account accounts finance dispatch support legal production workshop warehouse logistics factory lawyer lawyers planner designer manager "
    "boss buyer buyers department dept accountant assistant secretary courier van printer".split()
)
_OUR_PEOPLE = re.compile(
    rf"\b(?:our|my|the) (?:[a-z-]+ ){{0,2}}?(?:{'|'.join(_PEOPLE)})\b|\b(?:my colleague|someone|somebody|one of (?:us|our|my))\b|\bfrom (?:our|my)\b|"
    r"\A(?:accounts|finance|legal|dispatch|support|production|logistics|purchasing)\b"
)
_OBJECT = re.compile(
    r"\A(?:it|they|this|that|these|those|the|your|a|an|both|all|two|everything|payment|po|quote|samples?|invoice|details|drawings|replacements?|more|full|"
    r"new|revised|updated|final|first)\b"
)
_OFFER = re.compile(
    r"\bif you(?:'d)? (?:would |want|like|need|wish|prefer|have any)|\bshould you\b|\bhappy to\b|\bfeel free\b|let me know if"
)
# Names of features, their patterns, and words of which one is in whatever a pattern finds.
_SUBJECTS = (
    ("OURS", _OUR_PEOPLE.search, frozenset((*_PEOPLE, "someone", "somebody", "one", "from", "purchasing"))),
    ("THING", _OBJECT.match, None),
    ("OFFER", _OFFER.search, frozenset(("if", "should", "happy", "feel", "know"))),
)
_IMPERATIVES = frozenset(
    "send forward check review get give tell fax email mail confirm provide ask bring fill sign return add change update print help find see "
    "take look try put pass remove delete include call contact talk follow work coordinate arrange schedule book plan complete submit reply "
    "respond read make set use run order draft prepare verify revise circulate copy correct explain keep bear consider think be let go come "
    "join attend note click visit download register apply buy save shop start stop please advise rsvp mark pick stay meet feel enjoy learn "
    "watch do don't remember wait hold leave move show turn write drop clear discuss speak ensure insert enter access open select choose "
    "distribute post share invite pay ship deliver investigate handle hand track approve reject decline accept attach resend process finish "
    "begin continue cancel hit press type log install test notify inform alert remind have ring quote swap".split()
)
_OPENERS = frozenset(
    "please and then so also now just ok okay but or hi hello hey thanks kindly either again next first finally well yes sure".split()
)
_QUESTION_WORDS = frozenset("who what when where why which how whose whom".split())
_AUXILIARY = frozenset(
    "can could would will do does did are is was were have has had should shall may might am any isn't don't didn't won't can't couldn't aren't".split()
)
_ASKED_PERSONS = frozenset("you someone anyone somebody anybody we i".split())
_CLAUSE_BREAKS = frozenset((",", ";", ":", "-", "–", "and", "then", "(", "or", "so", "."))


def features(sentence: FoldedSentence, time_hints: frozenset[str], position: Iterable[str], rules: Iterable[str]) -> set[str]:
    """Return the features of one sentence.

    `time_hints` are words that may name a time, `position` are features of where in the mail it stands (FIRST, LAST, ALONE, LONG
    MAIL), and `rules` are features of the rules that match it.
    """
    written = _TOKEN.findall(sentence.line)[:_MAX_TOKENS]
    words = [_SPELLINGS.get(word, word) for word in written]
    tokens = list(map(_token, words))
    result = {"bias", *tokens, *position, *rules, *map(" ".join, pairwise(tokens))}
    if not tokens:
        return result
    result.update(_ends_and_length(tokens))
    frames = set(_frames(words))
    result.update(frames or {"NO FRAME"})
    if "?" in tokens:
        result.update(("ASKED", "ASKED LAST" if "?" in tokens[-2:] else "ASKED BEFORE"))
    result.update(_requests(words, tokens))
    names_time = _names_time(sentence, tokens, time_hints)
    if names_time:
        result.update(_time_features(words, frames))
    result.update(_subject_matter(sentence, frames, names_time=names_time))
    if words[0] in _SUBORDINATING:
        result.add("CONDITION FIRST")
    return result


@lru_cache(maxsize=4096)
def _token(word: str) -> str:
    """Return the word, or its class: a number, a day or a month."""
    return "<n>" if word[0].isdigit() else _WORD_CLASSES.get(word, word)


def _ends_and_length(tokens: Sequence[str]) -> tuple[str, ...]:
    """Return the first one to three tokens (^), the last token and the last word ($), and the length in steps."""
    spoken = next((t for t in reversed(tokens) if t[0].isalpha() or t[0] == "<"), None)
    return (
        "^" + tokens[0],
        "^" + " ".join(tokens[:2]),
        "^" + " ".join(tokens[:3]),
        "$" + tokens[-1],
        f"length {bisect_right(_LENGTH_STEPS, len(tokens))}",
        *(() if spoken is None else ("$ " + spoken,)),
    )


def _names_time(sentence: FoldedSentence, tokens: Sequence[str], time_hints: frozenset[str]) -> bool:
    """Tell whether the sentence may name a time."""
    hinted = not time_hints.isdisjoint(sentence.words) or not _SOON.isdisjoint(sentence.words)
    return hinted or "<day>" in tokens or "<month>" in tokens


def _time_features(words: Sequence[str], frames: set[str]) -> Iterator[str]:
    """Yield what a sentence that names a time says will happen then."""
    yield "TIME"
    yield from (f"{frame} IN TIME" for frame in _FRAMES_IN_TIME if frame in frames)
    if not frames:
        yield "TIME WITHOUT FRAME"
    if not _MOVEMENT.isdisjoint(words):
        yield "MOVES IN TIME"


def _subject_matter(sentence: FoldedSentence, frames: set[str], *, names_time: bool) -> Iterator[str]:
    """Yield whether the sentence speaks of the writer's own people, begins with an object, or offers something."""
    for name, found, needs in _SUBJECTS:
        if (needs is None or not needs.isdisjoint(sentence.words)) and found(sentence.line):
            yield name
            if "X WILL" in frames:
                yield name + " WILL"
            if names_time:
                yield name + " IN TIME"


def _frames(words: Sequence[str]) -> Iterator[str]:
    """Yield the features of each subject with its auxiliary, and of the verb that follows."""
    for at, word in enumerate(words):
        if at and word not in _FRAME_WORDS:  # most words
            continue
        frame = _frame(words, at)
        if frame is not None:
            subject, after = frame
            yield from _verb(words, at, subject, after)


def _frame(words: Sequence[str], at: int) -> tuple[str, int] | None:
    """Return the frame that begins or ends at this word, and where its verb is looked for."""
    word, before = words[at], words[at - 1] if at else ""
    following = words[at + 1] if at + 1 < len(words) else ""
    frame = _CONTRACTIONS.get(word) or _auxiliary_frame(word, before)
    if frame is not None:
        return frame, at + 1
    if word == "let" and following == "me":
        return "LET ME", at + 2
    if word in _INTENTIONS and following == "to" and (not at or before in _SELF or before in _BEING):
        return f"SELF {word}", at + 2
    if at == 0 and word.endswith("ing") and len(word) > 4:
        return "0 ING", 0
    return None


def _auxiliary_frame(word: str, before: str) -> str | None:
    """Return the frame of an auxiliary and the subject before it, which is empty where the auxiliary comes first."""
    if word in {"will", "shall"}:
        return _future_frame(before)
    if before in _SELF and word in {"am", "are"}:
        return "SELF ING"
    if before in _SELF and word in _MODALS:
        return f"SELF {word}"
    return f"YOU {word}" if before == "you" and word in {"can", "should"} else None


def _future_frame(before: str) -> str:
    """Return the frame of "will" by the word before it; 0 is a subject left out, X somebody or something else."""
    if before in _SELF:
        return f"{before[0]} WILL"
    if before == "you":
        return "YOU WILL"
    return "0 WILL" if not before or before in _BEFORE_ELLIPSIS else "X WILL"


def _verb(words: Sequence[str], at: int, subject: str, after: int) -> Iterator[str]:
    """Yield the frame alone and with its verb, and whether it is negated, subordinate, addressed to the reader, or asked."""
    verb_at = _verb_position(words, after)
    verb = words[verb_at] if verb_at < len(words) else "$"
    if subject == "SELF ING":
        subject = _progressive(words, at, verb_at, verb)
    yield from (subject, f"{subject} {verb}", f"VERB {verb.removesuffix('ing')}")
    if kind := _verb_class(verb):
        yield from (f"{subject} <{kind}>", f"{_PERSONS.get(subject, subject)} <{kind if kind == 'STATE' else 'DEED'}>")
    if verb_at + 1 < len(words):
        yield f"{verb} > {words[verb_at + 1]}"
    if not _NEGATIONS.isdisjoint(words[after:verb_at]):
        yield f"{subject} NOT"
    yield from (f"{subject} AFTER {word}" for word in words[max(0, at - 3) : at] if word in _SUBORDINATING)
    if not _YOU.isdisjoint(words[verb_at : verb_at + 5]):
        yield f"{subject} TO YOU"
    if at <= 2:
        yield f"{subject} EARLY"
    if words[-1] == "?":
        yield f"{subject} ?"


@lru_cache(maxsize=2048)
def _verb_class(verb: str) -> str | None:
    """Return the class of a verb, or of the one whose -ing form it is."""
    if not verb.endswith("ing"):
        return _VERB_CLASSES.get(verb)
    stem = verb[:-3]
    return next((_VERB_CLASSES[form] for form in (stem, stem + "e", stem[:-1]) if form in _VERB_CLASSES), None)


def _verb_position(words: Sequence[str], after: int) -> int:
    """Return where the verb stands that follows an auxiliary, past at most five adverbs and the like."""
    end = min(len(words), after + 5)
    while after < end and (words[after] in _ADVERBS or (words[after].endswith("ly") and len(words[after]) > 4)):
        after += 1
    return after


def _progressive(words: Sequence[str], at: int, verb_at: int, verb: str) -> str:
    """Return which frame "I'm" or "we are" begins: going to do, being something, or doing."""
    if words[verb_at - 1] == "to" and "going" in words[at:verb_at]:
        return "SELF GOING TO"
    return "SELF ING" if verb.endswith("ing") else "SELF BE"


def _requests(words: Sequence[str], tokens: Sequence[str]) -> Iterator[str]:
    """Yield how the sentence asks: how it begins, who is asked, and an imperative at its beginning or after a clause break."""
    asked = " ?" if "?" in tokens else ""
    yield from _beginning(words, tokens, asked)
    if asked and ("you" in words or "your" in words):
        yield "? YOU"
    for position, b in enumerate(words):
        if position and (b in _IMPERATIVES or b in _ASKED_PERSONS):
            following = words[position + 1] if position + 1 < len(words) else ""
            yield from _request_in_pair(words[position - 1], b, following, asked)


def _beginning(words: Sequence[str], tokens: Sequence[str], asked: str) -> Iterator[str]:
    """Yield whether the sentence begins, past its openers, with an imperative, a question word or an auxiliary."""
    begin = next((w for w in words if w[0].isalpha() and w not in _OPENERS), "")
    if begin in _IMPERATIVES:
        yield "ORDER"
        yield "ORDER WITH PLACE" if {"below", "here", "<n>", "$"} & set(tokens) else "ORDER WITHOUT PLACE"
    elif begin in _QUESTION_WORDS:
        yield "ASKING" + asked
    elif begin in _AUXILIARY:
        yield "AUXILIARY" + asked


def _request_in_pair(a: str, b: str, following: str, asked: str) -> Iterator[str]:
    """Yield how two neighbouring words ask: an imperative after a clause break or "please", or an auxiliary and who is asked."""
    if a in _CLAUSE_BREAKS and b in _IMPERATIVES:
        yield "JOINED ORDER"
        yield "JOINED ORDER " + a
    elif a in _AUXILIARY and b in _ASKED_PERSONS:
        yield "MODAL " + b
        if following in _IMPERATIVES:
            yield f"MODAL {b} VERB{asked}"
    elif b in _IMPERATIVES and a in {"please", "kindly", "to", "i", "we"}:
        yield f"{a.upper()} VERB"
