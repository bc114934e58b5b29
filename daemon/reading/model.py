"""A small linear model of sentences that ask or propose something: words in, a probability out, in plain Python.

The weights are a data file beside this module, made by `tools/train.py` from named data. A feature is a word, two words side
by side, the words a sentence begins or ends with, or one of a few shapes (begins with an order, asks "can you", …).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

_TOKEN = re.compile(r"[a-z]+(?:['’][a-z]+)?|\d+|[?!:;,@$/\"()-]|\.+")
_LONGEST = 80  # tokens looked at
_CLASSES: Mapping[str, str] = {
    **dict.fromkeys(
        ("monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun").split(), "<day>"
    ),
    **dict.fromkeys(
        (
            "january february march april june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec"
        ).split(),
        "<month>",
    ),
}
ORDERS = frozenset(
    "send forward check review get give tell fax email mail confirm provide ask bring fill sign return add change update print help find see "
    "take look try put pass remove delete include call contact talk follow work coordinate arrange schedule book plan complete submit reply "
    "respond read make set use run order draft prepare verify revise circulate copy correct explain keep bear consider think be let go come "
    "join attend note click visit download register apply buy save shop start stop please advise rsvp mark pick stay meet feel enjoy learn "
    "watch do don't remember wait hold leave move show turn write drop clear discuss speak ensure insert enter access open select choose "
    "distribute post share invite pay ship deliver investigate handle hand track approve reject decline accept attach resend process finish "
    "begin continue cancel hit press type log install test notify inform alert remind have".split()
)
_ASKING = frozenset("who what when where why which how whose whom".split())
_AUXILIARY = frozenset(
    "can could would will do does did are is was were have has had should shall may might am any isn't don't didn't won't can't couldn't aren't".split()
)
_SKIPPED = frozenset(
    "please and then so also now just ok okay but or hi hello hey thanks kindly pls either again next first finally well".split()
)
_SELF = frozenset("i we i'm we're i'll we'll i've we've i'd".split())
_YOU = frozenset(("you", "you're", "you'll"))
_WHOM = frozenset("you u we i someone anyone".split())
_JOINTS = frozenset((",", ";", ":", "-", "and", "then", "(", "or", "so"))
_BEFORE_ORDER = {
    "please": "PLEASE VERB",
    "pls": "PLEASE VERB",
    "kindly": "PLEASE VERB",
    "to": "TO VERB",
    **{w: w + " VERB" for w in _SELF},
}
_TIMES = frozenset(("<day>", "<month>", "<n>", "tomorrow", "today"))
_STEPS = (3, 6, 10, 16, 25)  # sentence lengths in words, as steps


def tokens(words: str) -> list[str]:
    """Lower-case words, numbers and marks; weekdays, months and numbers by their class."""
    found = _TOKEN.findall(words.lower())[:_LONGEST]
    return ["<n>" if t[0].isdigit() else _CLASSES.get(t) or t.replace("’", "'") for t in found]


def features(words: str, *, alone: bool) -> set[str]:
    """What the model sees of a sentence; `alone` says that it is all the mail says."""
    t = tokens(words)
    spoken = [x for x in t if x[0].isalpha() or x[0] == "<"]
    found = {*t, "bias", "alone" if alone else "among others"}
    found.update(a + " " + b for a, b in pairwise(t))
    found.add("^" + " ".join(spoken[:1]))
    found.add("^" + " ".join(spoken[:2]))
    if t:
        found.add("$" + t[-1])
    if spoken:
        found.add("$ " + spoken[-1])
    found.add(f"length {sum(len(spoken) >= step for step in _STEPS)}")
    if words.isupper():
        found.add("UPPER")
    if "http" in words or "$link" in words.lower():
        found.add("LINK")
    _add_shapes(found, t)
    return found


def _add_shapes(found: set[str], t: list[str]) -> None:
    """Shapes that single words do not show: how it begins, who is asked, an order after a comma."""
    question = "?" if "?" in t else ""
    found.update(_shapes_of_beginning(t, question))
    if question and ("you" in t or "your" in t):
        found.add("?you")
    for a, b, c in zip(t, t[1:], [*t[2:], ""], strict=False):
        if a in _JOINTS and b in ORDERS:
            found.update(("JOINED ORDER", "JOINED ORDER " + a))
        elif a in _AUXILIARY and b in _WHOM:
            found.add("MODAL " + b)
            if c in ORDERS:
                found.add("MODAL " + b + " VERB" + question)
        elif b in ORDERS and a in _BEFORE_ORDER:
            found.add(_BEFORE_ORDER[a])
        if b in _TIMES:
            found.add("TIME")


def _shapes_of_beginning(t: list[str], question: str) -> tuple[str, ...]:
    begin = _beginning(t)
    if begin in ORDERS:
        placed = "below" in t or "here" in t or "<n>" in t or "$" in t
        return ("ORDER", "ORDER with a place" if placed else "ORDER without")
    kinds = ((_ASKING, "ASKING" + question), (_AUXILIARY, "AUXILIARY" + question), (_SELF, "SELF"), (_YOU, "YOU"))
    return next(((shape,) for table, shape in kinds if begin in table), ())


def _beginning(t: list[str]) -> str:
    for word in t:
        if word[0].isalpha() and word not in _SKIPPED:
            return word
    return t[-1] if t else ""


@lru_cache(maxsize=1)
def _weights() -> Mapping[str, float]:
    path = Path(__file__).with_name("weights.json")
    weights: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))["weights"]
    return weights


def asks(words: str, *, alone: bool) -> float:
    """The probability that this sentence asks the reader for something or proposes something."""
    weights = _weights()
    total = sum(weights.get(f, 0.0) for f in features(words, alone=alone))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
