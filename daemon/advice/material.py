"""What a language model is shown, and what it says: words of mails cut to what is needed, compared without regard to spaces and case."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

LARGEST_ANSWER = 8000  # characters; a longer answer is none
_SPACES = re.compile(r"\s+")
_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-"})
_FENCED = re.compile(r"\s*```(?:json)?\s*(.*?)\s*```\s*\Z", re.DOTALL | re.IGNORECASE)


class Question(NamedTuple):
    """What a language model is asked: the instructions, the material, the JSON schema of the answer, and the most tokens of it."""

    instructions: str
    material: str
    schema_name: str
    schema: Mapping[str, Any]
    most_tokens: int


def folded(text: str) -> str:
    """Return text as it is compared: one space between words, lower case, plain quotation marks and dashes."""
    return _SPACES.sub(" ", text).strip().translate(_QUOTES).lower()


def stands_in(words: str, text: str) -> bool:
    """Return whether these words, whole ones, stand in a text. Nothing stands nowhere."""
    wanted = folded(words)
    if not re.search(r"\w", wanted):
        return False
    start, end = (r"\b" if re.match(r"\w", edge) else "" for edge in (wanted[0], wanted[-1]))
    return re.search(f"{start}{re.escape(wanted)}{end}", folded(text)) is not None


def around(text: str, quote: str, most: int) -> str:
    """Return at most `most` characters of a text, those around a quote where it stands in it."""
    if len(text) <= most:
        return text
    place = max(0, text.find(quote.split("\n", 1)[0]))
    start = max(0, min(place - most // 2, len(text) - most))
    return text[start : start + most]


def as_json(value: Mapping[str, Any]) -> str:
    """Return material as JSON, in which no words of a mail can be taken for anything but words."""
    return json.dumps(value, ensure_ascii=False, indent=1)


def answered(content: str) -> Mapping[str, Any] | None:
    """Return the JSON object that a model answered with, with or without a code fence around it; None for anything else."""
    if len(content) > LARGEST_ANSWER:
        return None
    fenced = _FENCED.match(content)
    try:
        value = json.loads(fenced[1] if fenced else content)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
