"""What the linear models see of an English sentence: its words, two side by side, how it begins and ends, and its frames.

A frame is a subject with its auxiliary ("I will", "you should", "let me", "it goes") and the verb that follows: it is what makes
a promise one, whatever the verb. The rules that fired are features too, so that what is known by rule is weighed, not repeated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from daemon.reading.language import Spoken

LONGEST = 80  # tokens looked at
_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|[?!:;,@$/\"()\-–]|\.+")
_LOOSE = {
    "ill": "i'll", "im": "i'm", "weve": "we've", "youll": "you'll", "u": "you", "ur": "your", "r": "are", "pls": "please", "plz": "please",
    "tmrw": "tomorrow", "tmw": "tomorrow", "wont": "won't", "cant": "can't", "dont": "don't", "ive": "i've", "itll": "it'll", "gonna": "going",
    "thx": "thanks", "yep": "yes", "yeah": "yes",
}  # fmt: skip
_CLASSES = {
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
_BEING = frozenset(("am", "are", "i'm", "we're"))
_PASSED = frozenset(
    "also then now still definitely certainly gladly happily just both all probably only first at least likely try to and hopefully soon again "
    "always of course not never be able happy glad pleased going sure make need have".split()
)  # words between an auxiliary and the verb that counts
_NOT = frozenset(("not", "never"))
_AFTER = frozenset(
    "if when once unless whether until that which what how where why because hope think thought said says sure who than as so after".split()
)
_BEFORE_NOBODY = frozenset(("and", "but", "so", "then", ",", "-", "–", ".", "!", "ok", "thanks", "sure", "noted", "yes"))
_MODALS = frozenset("can should could would may might must".split())
_AIMS = frozenset("hope aim plan expect intend promise hoping planning aiming expecting need have want".split())
_SOON = frozenset("shortly soon asap later tonight immediately straight eod cob".split())
_MOVES = frozenset("follow follows coming way goes ships leaves back going out post".split())
_STEPS = (3, 6, 10, 16, 25, 40)  # sentence lengths in tokens, as steps
_OURS = re.compile(
    r"\b(?:our|my|the) (?:[a-z-]+ ){0,2}?(?:team|office|colleagues?|drivers?|engineers?|technicians?|fitters?|installers?|crew|people|guys|lads?|accounts?|finance|"
    r"dispatch|support|legal|production|workshop|warehouse|logistics|factory|lawyers?|planner|designer|manager|boss|buyers?|department|dept|accountant|assistant|"
    r"secretary|courier|van|printer)\b|\b(?:my colleague|someone|somebody|one of (?:us|our|my))\b|\bfrom (?:our|my)\b|"
    r"^(?:accounts|finance|legal|dispatch|support|production|logistics|purchasing)\b"
)
_THING = re.compile(
    r"^(?:it|they|this|that|these|those|the|your|a|an|both|all|two|everything|payment|po|quote|samples?|invoice|details|drawings|replacements?|more|full|"
    r"new|revised|updated|final|first)\b"
)
_OFFER = re.compile(
    r"\bif you(?:'d)? (?:would |want|like|need|wish|prefer|have any)|\bshould you\b|\bhappy to\b|\bfeel free\b|let me know if"
)
_ORDERS = frozenset(
    "send forward check review get give tell fax email mail confirm provide ask bring fill sign return add change update print help find see "
    "take look try put pass remove delete include call contact talk follow work coordinate arrange schedule book plan complete submit reply "
    "respond read make set use run order draft prepare verify revise circulate copy correct explain keep bear consider think be let go come "
    "join attend note click visit download register apply buy save shop start stop please advise rsvp mark pick stay meet feel enjoy learn "
    "watch do don't remember wait hold leave move show turn write drop clear discuss speak ensure insert enter access open select choose "
    "distribute post share invite pay ship deliver investigate handle hand track approve reject decline accept attach resend process finish "
    "begin continue cancel hit press type log install test notify inform alert remind have ring quote swap".split()
)
_SKIPPED = frozenset(
    "please and then so also now just ok okay but or hi hello hey thanks kindly either again next first finally well yes sure".split()
)
_ASKING = frozenset("who what when where why which how whose whom".split())
_AUXILIARY = frozenset(
    "can could would will do does did are is was were have has had should shall may might am any isn't don't didn't won't can't couldn't aren't".split()
)
_WHOM = frozenset("you someone anyone somebody anybody we i".split())
_JOINTS = frozenset((",", ";", ":", "-", "–", "and", "then", "(", "or", "so", "."))


def features(said: Spoken, timed: frozenset[str], place: Iterable[str], fired: Iterable[str]) -> set[str]:
    """The features of one sentence.

    `timed` are the words that may name a time, `place` says where in the mail it stands ("first", "last", "alone", "long"), `fired`
    the rules that fit.
    """
    words = [_LOOSE.get(w, w) for w in _TOKEN.findall(said.line)[:LONGEST]]
    tokens = ["<n>" if w[0].isdigit() else _CLASSES.get(w, w) for w in words]
    seen = {"bias", *tokens, *place, *fired}
    seen.update([a + " " + b for a, b in pairwise(tokens)])
    if not tokens:
        return seen
    spoken = [t for t in tokens if t[0].isalpha() or t[0] == "<"]
    seen.update(("^" + tokens[0], "^" + " ".join(tokens[:2]), "^" + " ".join(tokens[:3]), "$" + tokens[-1]))
    if spoken:
        seen.add("$ " + spoken[-1])
    seen.add(f"length {sum(len(tokens) >= step for step in _STEPS)}")
    frames = set(_frames(words))
    seen.update(frames)
    if not frames:
        seen.add("NO FRAME")
    if "?" in tokens:
        seen.update(("ASKED", "ASKED LAST" if "?" in tokens[-2:] else "ASKED BEFORE"))
    seen.update(_requests(words, tokens))
    if not timed.isdisjoint(said.words) or not _SOON.isdisjoint(said.words) or "<day>" in tokens or "<month>" in tokens:
        seen.add("TIME")
        seen.update(
            [
                f + " IN TIME"
                for f in ("X WILL", "0 WILL", "YOU WILL", "SELF ING", "0 ING", "SELF can", "SELF should")
                if f in frames
            ]
        )
        if not frames:
            seen.add("TIME WITHOUT FRAME")
        if not _MOVES.isdisjoint(words):
            seen.add("MOVES IN TIME")
    for name, pattern in (("OURS", _OURS), ("THING", _THING), ("OFFER", _OFFER)):
        if pattern.search(said.line):
            seen.add(name)
            if "X WILL" in frames:
                seen.add(name + " WILL")
            if "TIME" in seen:
                seen.add(name + " IN TIME")
    if not _AFTER.isdisjoint(words[:1]):
        seen.add("CONDITION FIRST")
    return seen


def _frames(words: Sequence[str]) -> Iterator[str]:
    """Each subject with its auxiliary, and the verb behind it."""
    for at, word in enumerate(words):
        found = _frame(words, at, word)
        if found is None:
            continue
        subject, after = found
        yield from _verb(words, at, subject, after)


def _frame(words: Sequence[str], at: int, word: str) -> tuple[str, int] | None:  # noqa: PLR0911  # one line for each frame
    """The frame that begins or ends at this word, and where its verb is looked for."""
    before = words[at - 1] if at else ""
    if word in {"i'll", "we'll"}:
        return f"{word[0]} WILL", at + 1
    if word == "you'll":
        return "YOU WILL", at + 1
    if word in {"it'll", "they'll", "that'll", "he'll", "she'll"}:
        return "X WILL", at + 1
    if word in {"will", "shall"}:
        if before in _SELF:
            return f"{before[0]} WILL", at + 1
        if before == "you":
            return "YOU WILL", at + 1
        return ("0 WILL" if not at or before in _BEFORE_NOBODY else "X WILL"), at + 1
    if word == "let" and words[at + 1 : at + 2] == ["me"]:
        return "LET ME", at + 2
    if word in {"i'm", "we're"} or (word in {"am", "are"} and before in _SELF):
        return "SELF ING", at + 1
    if word in _MODALS and before in _SELF:
        return f"SELF {word}", at + 1
    if word in {"can", "should"} and before == "you":
        return f"YOU {word}", at + 1
    if word in _AIMS and words[at + 1 : at + 2] == ["to"] and (not at or before in _SELF or before in _BEING):
        return f"SELF {word}", at + 2
    if at == 0 and word.endswith("ing") and len(word) > 4:
        return "0 ING", 0
    return None


def _verb(words: Sequence[str], at: int, subject: str, after: int) -> Iterator[str]:
    """The frame, alone and with its verb; denied, after "if" or "that", towards the reader, asked."""
    denied, end = False, min(len(words), after + 5)
    while after < end and (words[after] in _PASSED or (words[after].endswith("ly") and len(words[after]) > 4)):
        denied |= words[after] in _NOT
        after += 1
    verb = words[after] if after < len(words) else "$"
    if subject == "SELF ING" and words[after - 1] == "to" and "going" in words[at:after]:
        subject = "SELF GOING TO"
    elif subject == "SELF ING" and not verb.endswith("ing"):
        subject = "SELF BE"
    stem = verb.removesuffix("ing")
    yield from (subject, f"{subject} {verb}", f"VERB {stem}")
    if after + 1 < len(words):
        yield f"{verb} > {words[after + 1]}"
    if denied:
        yield f"{subject} NOT"
    for word in words[max(0, at - 3) : at]:
        if word in _AFTER:
            yield f"{subject} AFTER {word}"
    if "you" in words[after : after + 5] or "your" in words[after : after + 5]:
        yield f"{subject} TO YOU"
    if at <= 2:
        yield f"{subject} EARLY"
    if words[-1] == "?":
        yield f"{subject} ?"


def _requests(words: Sequence[str], tokens: Sequence[str]) -> Iterator[str]:
    """Shapes of asking: how it begins, who is asked, an order at the beginning or after a joint."""
    begin = next((w for w in words if w[0].isalpha() and w not in _SKIPPED), "")
    asked = " ?" if "?" in tokens else ""
    if begin in _ORDERS:
        yield "ORDER"
        yield "ORDER WITH PLACE" if {"below", "here", "<n>", "$"} & set(tokens) else "ORDER WITHOUT PLACE"
    elif begin in _ASKING:
        yield "ASKING" + asked
    elif begin in _AUXILIARY:
        yield "AUXILIARY" + asked
    if asked and ("you" in words or "your" in words):
        yield "? YOU"
    for place in range(len(words) - 1):
        a, b = words[place], words[place + 1]
        if a in _JOINTS and b in _ORDERS:
            yield "JOINED ORDER"
            yield "JOINED ORDER " + a
        elif a in _AUXILIARY and b in _WHOM:
            yield "MODAL " + b
            if place + 2 < len(words) and words[place + 2] in _ORDERS:
                yield f"MODAL {b} VERB{asked}"
        elif b in _ORDERS and a in {"please", "kindly", "to", "i", "we"}:
            yield f"{a.upper()} VERB"
