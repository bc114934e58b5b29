"""Plain parts that only stand in for the HTML part beside them: "Please use an HTML capable mail program", the name of a picture.

The branches of a multipart/alternative should say the same (RFC 2046, 5.1.4). Where the plain one hardly has any of the words that
the HTML shows, the HTML is what was written.
"""

from __future__ import annotations

import re

_FEW = 20  # different words; a plain part with more of them is what was written
_HEAD = 1500  # characters in which a longer one says that it stands in for another
_COMPARED = 20_000  # characters of either that are compared
_COVERED = 0.5  # of the words of the HTML: what has fewer of them says something else
# Words of the notices that stand in for a page, in lower case.
_NOTICES = (
    "html", "browser", "view this e", "view this m", "view this n", "view the e", "view the mes", "plain text", "plain-text", "text version",
    "multi-part", "multipart", "mime", "be displayed", "not display", "not support", "n't support", "angezeigt", "dargestellt", "navigateur",
    "en ligne", "navegador", "przegl", "webbl", "nettleser", "selain",
)  # fmt: skip
_WORD = re.compile(r"[^\W_]{1,60}")
_PICTURE = re.compile(
    r"\[?(?:cid:|image:|inline image|data:image/)[^\]\s]{0,200}\]?|<?https?://\S{1,2000}|\S{1,100}\.(?:png|jpe?g|gif|bmp|svg|webp)\b",
    re.IGNORECASE,
)


def may_be_stub(plain: str) -> bool:
    """Return whether a plain part has to be compared with the HTML beside it: it has few words, or speaks of HTML or a browser."""
    head = plain[:_HEAD].lower()
    if any(notice in head for notice in _NOTICES):
        return True
    return len(set(head[: _HEAD // 2].split())) < _FEW + 5 and len(_words(head)) < _FEW


def is_stub(plain: str, html_text: str) -> bool:
    """Return whether the HTML says something that the plain part does not."""
    shown = _words(html_text)
    if not shown:
        return False
    said = set(_words(plain))
    return sum(word in said for word in shown) < _COVERED * len(shown)


def _words(text: str) -> list[str]:
    """Return the words of the new text, each once, in lower case, without names of pictures."""
    return list(dict.fromkeys(word.lower() for word in _WORD.findall(_PICTURE.sub(" ", _new_lines(text[:_COMPARED])))))


def _new_lines(text: str) -> str:
    """Return the text without quoted and empty lines."""
    return "\n".join(line for line in text.split("\n") if line.strip() and not line.lstrip().startswith(">"))
