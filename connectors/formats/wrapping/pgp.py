"""OpenPGP in the text of a mail (RFC 9580, 6.2 and 7): the words of a signed one, and whether there is an encrypted one."""

from __future__ import annotations

import re

_MARK = re.compile(r"^(?:> ?)*-----(BEGIN|END) PGP ([A-Z ]{3,30}(?:, PART \S{1,10})?)-----[ \t]*$", re.MULTILINE)
_ARMOR_HEADER = re.compile(
    r"\A(?:(?:Hash|SaltedHash|Charset|Comment|Version|NotDashEscaped)[ \t]*:[^\n]{0,200}\n)*\s*\n?", re.IGNORECASE
)
_ESCAPED = re.compile(r"^- ", re.MULTILINE)


def without_armor(text: str) -> tuple[str, bool]:
    """Return the text without signatures, keys and encrypted blocks, and whether one was encrypted."""
    if "-----BEGIN PGP " not in text:
        return text, False
    kept: list[str] = []
    encrypted = signed = skipping = False
    end = 0
    for mark in _MARK.finditer(text):
        if not skipping:
            kept.append(_signed_words(text[end : mark.start()]) if signed else text[end : mark.start()])
        begins, what = mark.group(1) == "BEGIN", mark.group(2)
        encrypted |= begins and what.startswith("MESSAGE")
        signed = begins and what == "SIGNED MESSAGE"
        skipping = begins and not signed
        end = mark.end()
    if not skipping:
        kept.append(_signed_words(text[end:]) if signed else text[end:])
    return "".join(kept), encrypted


def _signed_words(block: str) -> str:
    """Return the words of a cleartext-signed block: without its armor headers and the dashes that escape a line."""
    return _ESCAPED.sub("", _ARMOR_HEADER.sub("", block.removeprefix("\n"), count=1))
