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
_NOTICE = re.compile(
    r"\bhtml\b|view (?:this|the) (?:e-?mail|message|newsletter)|(?:in|with) (?:your|a|the) (?:web ?)?browser|"
    r"(?:no|not?) (?:plain[- ]?)?text (?:version|part|content)|multi-?part message|mime[- ](?:format|capable|compliant|aware|message)|"
    r"cannot be displayed|can ?not display|does(?:n't| not) support|"
    r"kein (?:html|reiner text)|im browser (?:ansehen|öffnen|anzeigen)|nicht (?:korrekt )?(?:dargestellt|angezeigt)|"
    r"(?:dans|avec) votre navigateur|version en ligne|en (?:su|tu|el) navegador|nel (?:tuo )?browser|in (?:je|uw) browser|"
    r"no seu navegador|w przeglądarce|i (?:din )?(?:webbläsare|nettleser|browser)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]{1,60}")
_PICTURE = re.compile(
    r"\[?(?:cid:|image:|inline image|data:image/)[^\]\s]{0,200}\]?|<?https?://\S{1,2000}|\S{1,100}\.(?:png|jpe?g|gif|bmp|svg|webp)\b",
    re.IGNORECASE,
)


def may_be_stub(plain: str) -> bool:
    """Return whether a plain part has to be compared with the HTML beside it: it has few words, or speaks of HTML or a browser."""
    return len(_words(plain)) < _FEW or _NOTICE.search(plain[:_HEAD]) is not None


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
