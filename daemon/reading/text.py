"""The new text: what the writer of this mail typed, with quoted and forwarded mail, signatures and disclaimers told apart.

Works on lines with their offsets, so that every cut is a span of the text that came in. The first header of a quoted mail
("On … wrote:", a From/Sent/To block, "-----Original Message-----") cuts everything below it; lines under `>` are cut where
they stand, so that answers between them stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from daemon.reading.types import Cut

# The labels of a quoted mail's header block, in the languages of the common mail programs.
_FROM = r"from|von|de|da|van|från|fra|od|lähettäjä|expéditeur|mittente|remitente"
_OTHER = (
    r"sent|date|to|cc|bcc|subject|gesendet|datum|an|betreff|envoyé|date d'envoi|à|objet|enviado|para|asunto|fecha|inviato|data|a|"
    r"oggetto|verzonden|aan|onderwerp|skickat|till|ämne|sendt|til|emne|wysłano|do|temat|lähetetty|vastaanottaja|aihe|assunto|reply-to|"
    r"importance|attachments|cc\.|kopie|sent by"
)
_HEADER_FROM = re.compile(rf"^[>\s*_|]*(?:{_FROM})\s*:\*?\s*\S", re.IGNORECASE)
_HEADER_OTHER = re.compile(rf"^[>\s*_|]*(?:{_FROM}|{_OTHER})\s*:", re.IGNORECASE)
_SEPARATOR = re.compile(
    r"^[>\s]*[-_=*]{2,}\s*(?:original|ursprüngliche|message d'origine|mensaje original|messaggio originale|oorspronkelijk|forwarded|"
    r"weitergeleitete|begin forwarded|transféré|reenviado|inoltrato|doorgestuurd|original appointment)[^\n]{0,80}$|"
    r"^[>\s]*begin forwarded message\s*:\s*$|^[>\s]*anfang der weitergeleiteten|^\s*-{5,}\s*forwarded by\b",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"(?:wrote|writes|schrieb|schreef|a écrit|escribió|ha scritto|skrev|napisał\(?a?\)?|kirjoitti|escreveu)\s*(?:[^\n]{0,80})?:\s*$",
    re.IGNORECASE,
)
_WROTE_START = re.compile(
    r"^[>\s]*(?:on|am|le|el|il|op|den|dnia|em|at)\b.{3,}|^[>\s]*\S.{0,100}<?\S+@\S+>?.{0,60}(?:wrote|schrieb)|^[>\s]*\d{4}[-/]\d", re.IGNORECASE
)
_NOTES_NAME = re.compile(r"^\s*(?:\"?[\w.,'’\- ]{3,50}\"?(?:@\w[\w.\-]*)?(?:\s*<[^>]*>)?(?:\s*\[[^\]]*\])?(?:\s+on\b)?\s+)?(?:on\s+)?\d{1,2}[/.]\d{1,2}[/.]\d{2,4},?\s+\d{1,2}:\d{2}(?::\d{2})?\s*(?:[AP]M)?\s*$", re.IGNORECASE)  # noqa: E501
_SIGN = re.compile(r"^-- ?$|^__+\s*$|^--\s*$")
_SENT_FROM = re.compile(
    r"^\s*(?:sent (?:from|via|by) (?:my|an?|the)?\s*\w|get outlook for|von meinem \w+ gesendet|gesendet von|envoyé de mon|enviado desde mi|sent wirelessly)",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"^\W*(?:this (?:e-?mail|message|communication|transmission)\b.{0,120}(?:confidential|intended|privileged|property|virus)|"
    r"(?:the )?information (?:contained )?in this\b.{0,80}(?:confidential|intended|e-?mail)|confidentiality (?:notice|note)|disclaimer\s*:|"
    r"diese e-?mail (?:enthält|kann|ist)|important notice\s*:|registered in england|please consider the environment|"
    r"if you (?:are not|have received) .{0,40}(?:intended|error|mistake)|do you yahoo|get your (?:free|private)|"
    r"get more from the web|join the world.s largest|msn photos|never lose a fax|chat with friends|send and receive hotmail)",
    re.IGNORECASE,
)
_VALEDICTION = re.compile(
    r"^\s*(?:(?:kind|best|warm|with kind|many|all the|with best)?\s*(?:regards|wishes|rgds|best)|regards|best|cheers|thanks|thank you|many thanks|thanks again|"
    r"thanks!|thx|sincerely|yours (?:sincerely|faithfully|truly)|take care|br|kr|ta|mit freundlichen grüßen|viele grüße|"
    r"beste grüße|liebe grüße|mfg|lg|vg|freundliche grüße|herzliche grüße|cordialement|saludos)\s*[,.!]*\s*(?:\w+\s*)?[,.!]*\s*$",
    re.IGNORECASE,
)


class Line(NamedTuple):
    """A line of the text: its span without the line break, and its words."""

    start: int
    end: int
    text: str


class Sentence(NamedTuple):
    """A sentence of the new text: its span in the whole text, and its words with white space as it stands."""

    start: int
    end: int
    text: str


def lines(text: str) -> list[Line]:
    """Every line with its offsets."""
    found, start = [], 0
    for piece in text.split("\n"):
        found.append(Line(start, start + len(piece), piece.rstrip("\r")))
        start += len(piece) + 1
    return found


def cuts(text: str, earlier: Sequence[str] = ()) -> tuple[Cut, ...]:
    """The spans that are quoted or forwarded older mail, in order. Signatures are told by `signature`."""
    rows = lines(text)
    found: list[Cut] = []
    before = _known_lines(earlier)
    for place, row in enumerate(rows):
        why = _quote_begins(rows, place)
        if why:
            found.append(Cut(row.start, len(text), why))
            break
        if row.text.lstrip().startswith((">", "|>")) or (before and _folded(row.text) in before):
            found.append(Cut(row.start, min(row.end + 1, len(text)), "quote"))
    return _joined(found)


def signature(text: str, start: int = 0) -> tuple[Cut, ...]:
    """The signature, "sent from my phone" and disclaimer at the end of the text: spans that say nothing to anybody."""
    rows = [row for row in lines(text) if row.start >= start]
    for place, row in enumerate(rows):
        if _SIGN.match(row.text) and len(rows) - place < 25 and place > 0:
            return (Cut(row.start, len(text), "signature"),)
        if _SENT_FROM.match(row.text):
            return (Cut(row.start, len(text), "signature"),)
        if _DISCLAIMER.match(row.text):
            return (Cut(row.start, len(text), "disclaimer"),)
        if _VALEDICTION.match(row.text) and place > 0 and _only_contact_details(rows[place + 1 :]):
            return (Cut(row.end, len(text), "signature"),)
    return ()


def kept(text: str, spans: Sequence[Cut]) -> str:
    """The text without these spans."""
    pieces, at = [], 0
    for cut in sorted(spans):
        pieces.append(text[at : cut.start])
        at = max(at, cut.end)
    pieces.append(text[at:])
    return "".join(pieces).strip("\n")


_BREAK = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-ZÄÖÜ0-9À-Ý])|(?<=[?!])\s+|(?<=\.\.\.)\s+|\n\s*\n|\n(?=\s*(?:[-*•–]|\d{1,2}[.)])\s)|(?<=[:])\n")
_ABBREVIATION = re.compile(r"(?:\b(?:mr|mrs|ms|dr|prof|st|inc|ltd|co|corp|no|nr|vs|e\.g|i\.e|etc|approx|dept|ext|tel|a\.m|p\.m|u\.s|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|mon|tues?|wed|thurs?|fri|bzw|z\.b|ca|str)|\b[A-Z])\.$", re.IGNORECASE)  # noqa: E501


def sentences(text: str, spans: Sequence[Cut]) -> Iterator[Sentence]:
    """The sentences outside the cut spans. A line break ends one only before a blank line, a list item or a short line."""
    at = 0
    for cut in [*sorted(spans), Cut(len(text), len(text), "")]:
        if cut.start > at:
            yield from _split(text, at, cut.start)
        at = max(at, cut.end)


def _split(text: str, start: int, end: int) -> Iterator[Sentence]:
    begin = start
    for found in _BREAK.finditer(text, start, end):
        piece = text[begin : found.start()]
        if _ABBREVIATION.search(piece[-12:]) and "\n\n" not in found.group():
            continue
        yield from _stripped(text, begin, found.start())
        begin = found.end()
    yield from _stripped(text, begin, end)


_GREETING = re.compile(r"\s*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|morning|hallo|liebe[rs]?|guten tag|sehr geehrte[rs]?|moin|servus)\b[^\n,:!.?]{0,40}[,:!.–-]*[ \t]*(?:\n|$)", re.IGNORECASE)  # noqa: E501
_SHORT = 45


def _stripped(text: str, start: int, end: int) -> Iterator[Sentence]:
    """One piece, its greeting line split off, its short lines taken for sentences of their own."""
    piece = text[start:end]
    greeting = _GREETING.match(piece)
    if greeting and greeting.end() < len(piece):
        yield from _stripped(text, start, start + greeting.end())
        yield from _stripped(text, start + greeting.end(), end)
        return
    left = len(piece) - len(piece.lstrip())
    right = len(piece.rstrip())
    if right <= left:
        return
    start, piece = start + left, piece[left:right]
    newline = piece.find("\n")
    following = piece[newline + 1 :].lstrip()
    if 0 < newline < _SHORT and following[:1].isupper() and not piece[:newline].rstrip().endswith((",", "-", "and", "or", "the", "to", "a")):
        yield from _stripped(text, start, start + newline)
        yield from _stripped(text, start + newline + 1, start + len(piece))
        return
    yield Sentence(start, start + len(piece), piece)


def _quote_begins(rows: Sequence[Line], place: int) -> str | None:
    """Why everything from this line on is older mail, or None."""
    row = rows[place].text
    if not row.strip():
        return None
    if _SEPARATOR.match(row):
        return "forward" if "forward" in row.lower() or "weitergeleitet" in row.lower() else "quote"
    if _HEADER_FROM.match(row) and _header_lines(rows, place) >= 2:
        return "quote"
    if _wrote(rows, place):
        return "quote"
    if _NOTES_NAME.match(row) and any(_HEADER_OTHER.match(r.text) for r in rows[place + 1 : place + 4]):
        return "quote"
    return None


def _header_lines(rows: Sequence[Line], place: int) -> int:
    """How many of the next lines are labels of the same header block (long recipient lists may wrap)."""
    return sum(1 for r in rows[place + 1 : place + 9] if _HEADER_OTHER.match(r.text))


def _wrote(rows: Sequence[Line], place: int) -> bool:
    """"On Tue, Kim wrote:", on one line or wrapped over two or three."""
    if not _WROTE_START.match(rows[place].text):
        return False
    joined = ""
    for row in rows[place : place + 4]:
        joined += " " + row.text.strip()
        if _WROTE.search(joined):
            return len(joined) < 300
        if not row.text.strip():
            return False
    return False


def _only_contact_details(rows: Sequence[Line]) -> bool:
    """At most a dozen short lines, none of which is a sentence."""
    said = [r.text.strip() for r in rows if r.text.strip()]
    return len(said) <= 12 and all(len(s) < 90 and not s.endswith("?") and not re.search(r"[a-z]{3,}\.\s*$", s) for s in said)


def _known_lines(earlier: Sequence[str]) -> frozenset[str]:
    return frozenset(f for text in earlier for line in text.split("\n") if len(f := _folded(line)) > 30)


def _folded(line: str) -> str:
    return re.sub(r"\s+", " ", line.strip().lstrip("> ")).lower()


def _joined(found: Sequence[Cut]) -> tuple[Cut, ...]:
    joined: list[Cut] = []
    for cut in found:
        if joined and cut.start <= joined[-1].end and cut.why == joined[-1].why:
            joined[-1] = Cut(joined[-1].start, cut.end, cut.why)
        else:
            joined.append(cut)
    return tuple(joined)
