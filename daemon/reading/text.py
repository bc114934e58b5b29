"""The new text: what the writer of this mail typed, without the quoted and forwarded mail below, above and between it.

Every cut is a span of the text that came in. The head of an older mail ("On … wrote:", a From/Sent/To block, a Lotus Notes
name and date above "To:", "-----Original Message-----") cuts all that follows; lines under `>` are cut where they stand, so
that answers between them stay; lines that equal a line of an earlier mail of the thread are quotes whatever they look like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from daemon.reading.types import Cut

# The labels of a quoted mail's header block in the languages of the common mail programs.
_FROM = "from|von|de|da|van|från|fra|od|lähettäjä|expéditeur|mittente|remitente|kimden|от|feladó|odesílatel|差出人"
_TO = "to|an|à|para|aan|till|til|do|vastaanottaja|destinataire|destinatario|a|komu|kime|кому|címzett|宛先"
_DATE = "sent|date|gesendet|datum|envoyé|date d'envoi|enviado(?: el)?|fecha|inviato|data|verzonden|skickat|sendt|wysłano|lähetetty|enviada em|odesláno|gönderilme|tarih|отправлено|дата|elküldve|dátum|送信日時|日付"
_SUBJECT = "subject|re|betreff|objet|asunto|oggetto|onderwerp|ämne|emne|temat|aihe|assunto|předmět|konu|тема|tárgy|件名"
_MORE = "cc|bcc|kopie|reply-to|importance|priority|attachments|sent by|organization|newsgroups"
_LABEL = re.compile(
    rf"[\s>*_|]*(?:(?P<from>{_FROM})|(?P<to>{_TO})|(?P<date>{_DATE})|(?P<subject>{_SUBJECT})|(?P<more>{_MORE}))\*?\s*:",
    re.IGNORECASE,
)
_ORIGINAL = (
    "original|ursprüngliche|message d'origine|mensaje original|messaggio originale|oorspronkelijk|forward|begin forwarded|weitergeleitete|"
    "(?:message |mensaje |messaggio |mensagem )?(?:transféré|réexpédié|reenviado|inoltrato|encaminhada)|doorgestuurd|vidarebefordrat|videresendt|"
    "przekazana|пересылаемое|début du message|inline attachment follows|reply separator|forward header"
)
_SEPARATOR = re.compile(
    rf"[>\s]*(?:(?:[-_=*]{{2,}}|begin\b)\s*(?:{_ORIGINAL})|anfang der weitergeleiteten|début du message|inizio messaggio|inicio del mensaje)",
    re.IGNORECASE,
)
_WROTE = "wrote|writes|schrieb|schreef|écrit|escribió|ha scritto|skrev|napisał|napsal|kirjoitti|escreveu|yazdı|написала?|írta"
_WROTE_START = re.compile(
    r"[>\s]*(?:on|am|le|el|il|op|den|dnia|em|at)\b\s*.{3,}|[>\s]*[\"'<]?[^\s,.;:!?][^.;!?]{0,60}<?\S+@\S+|[>\s]*\d{1,4}[-/.]\d|"
    r"[>\s]*\w{2,5}\.?,?\s+\d{1,2}[. ]|[>\s]*\d{1,2}\s\w+|[>\s]*\d{4}年|"
    r"[>\s]*(?:in article|in a message|--- )",
    re.IGNORECASE,
)
_LABELS = frozenset(f"{_FROM}|{_TO}|{_DATE}|enviado el".replace("(?: el)?", "").split("|"))
_LONGEST_LABEL = max(map(len, _LABELS)) + 2
_WROTE_END = re.compile(
    rf"(?:\b(?:{_WROTE})\b(?:\(a\)|\(а\))?\)?[^\n]{{0,80}}|\d[:.]\d\d[^\n]{{0,60}}<[^<>\s]+@[^<>\s]+>\s?):[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_WROTE_WORDS = (
    "wrote",
    "writes",
    "schrieb",
    "schreef",
    "écrit",
    "escrib",
    "scritto",
    "skrev",
    "napisa",
    "napsal",
    "kirjoitti",
    "escreveu",
    "yazdı",
    "написал",
    "írta",
    ">:",
)
_MAY_HOLD = re.compile(r":|^[ \t]*[>|]|--|==|_{5}", re.MULTILINE)
# Lotus Notes and old groupware write who and when above "To:".
_STAMP = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4},?\s+(?:at\s+)?\d{1,2}:\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?(?:\s+\(?[a-z]{2,4}\)?)?\s*$|"
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.? \d{1,2},? \d{4}\s+(?:at\s+)?\d{1,2}:\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?\s*$",
    re.IGNORECASE,
)
_BESIDE = re.compile(r"(?:sent by|please respond to|phone|tel)\b.{0,3}[:\s]", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?]\s*$")
_MOST_ANCHORS = 300  # lines that are looked at as the head of an older mail: a log file has thousands that begin with a label
_BLOCK = 14  # lines in which a header block's labels stand (long recipient lists wrap)


class Line(NamedTuple):
    """A line of the text: its span without the line break, and its words."""

    start: int
    end: int
    text: str


def cuts(text: str, earlier: Sequence[str] = ()) -> tuple[Cut, ...]:
    """The spans that are quoted or forwarded older mail, in order; those of `earlier` new texts of the thread among them."""
    found: list[Cut] = []
    head = _older_mail(text) if _MAY_HOLD.search(text) else None
    end = head.start if head else len(text)
    known = _known_lines(earlier)
    if known or ">" in text or "|" in text:
        found.extend(sorted(_quoted_lines(text, end, known)))
    if head:
        found.append(head)
    return _joined(text, found)


def kept(text: str, spans: Sequence[Cut]) -> str:
    """The text without these spans."""
    pieces, at = [], 0
    for cut in sorted(spans):
        pieces.append(text[at : cut.start])
        at = max(at, cut.end)
    pieces.append(text[at:])
    return "".join(pieces).strip("\n")


def lines(text: str, start: int = 0, end: int | None = None) -> Iterator[Line]:
    """Every line between two offsets."""
    end = len(text) if end is None else end
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        yield Line(start, stop, text[start:stop])
        start = stop + 1


def _older_mail(text: str) -> Cut | None:
    """From the first head of an older mail to the end of the text."""
    places = set(_anchors(text))
    low = text.lower()
    if any(word in low for word in _WROTE_WORDS):
        places.update(text.rfind("\n", 0, m.start()) + 1 for m in _WROTE_END.finditer(text))
    for place in sorted(places)[:_MOST_ANCHORS]:
        line = text[place : place + 10].lstrip(" \t")
        if line.startswith((">", "|")) and not line.startswith(">>> "):
            continue
        start, why = _head(text, place)
        if why:
            return Cut(start, len(text), why)
    return None


def _anchors(text: str) -> Iterator[int]:
    """Where the head of an older mail may stand: lines that begin with a label or a rule. Each is then looked at closely."""
    start = 0
    for line in text.split("\n"):
        words = line.lstrip(" \t>*_|=029")
        head = words[:_LONGEST_LABEL].lower()
        if ":" in head:
            if head.partition(":")[0].rstrip("* ") in _LABELS:
                yield start
        elif (
            line
            and (
                line.lstrip(" \t")[:2] in _RULES
                or head.startswith(("begin forw", "anfang der w", "début du mes", "inizio mess", "inicio del m"))
            )
        ) or line.startswith(">>> "):
            yield start
        start += len(line) + 1


_RULES = frozenset(("--", "__", "==", "**", "-=", "=-"))


def _head(text: str, at: int) -> tuple[int, str]:
    """Where the older mail whose head is in the line at `at` begins, and what it is; an empty reason where it is no head."""
    below = _below(text, at)
    line = below[0].text
    if _SEPARATOR.match(line):
        return at, "forward" if re.search("forward|weitergeleitet", line, re.IGNORECASE) else "quote"
    if line.startswith(">>> "):  # GroupWise: >>> Kim Lee 03/02/26 09:14AM >>>
        return (at, "quote") if line.rstrip().endswith(">>>") else (at, "")
    if line.lstrip().startswith("____"):
        return (at, "quote") if len(below) > 1 and _header_block(below[1:]) else (at, "")
    if _LABEL.match(line):
        return (_upward(text, at), "quote") if _header_block(below) else (at, "")
    start = _wrote_start(text, at)
    return (at, "") if start is None else (start, "quote")


def _below(text: str, at: int) -> list[Line]:
    """The line at `at` and those after it, blank ones left out, as many as a header block may have."""
    found: list[Line] = []
    for line in lines(text, at):
        words = line.text.replace("=09", "   ").replace("=20", "   ") if "=" in line.text else line.text
        if words.strip():
            found.append(line._replace(text=words))
        if len(found) >= _BLOCK:
            break
    return found or [Line(at, at, "")]


def _header_block(below: Sequence[Line]) -> bool:
    """Labels enough for the head of a mail: who or to whom, and a subject, a date or a copy."""
    seen: set[str] = set()
    first = _LABEL.match(below[0].text)
    if first is None or first.lastgroup not in {"from", "to", "date"}:
        return False
    stamped = _STAMP.search(below[0].text) is not None
    gap = 0
    for line in below:
        found = _LABEL.match(line.text)
        if found and found.lastgroup:
            seen.add(found.lastgroup)
            gap = 0
        else:
            gap += 1
        if gap > 8 or "subject" in seen:
            break
    if first.lastgroup == "to":
        return "subject" in seen or {"to", "more"} <= seen
    return len(seen) >= (2 if stamped or first.lastgroup == "from" else 3) and bool(
        seen & {"to", "subject", "date"} - {first.lastgroup}
    )


def _upward(text: str, at: int) -> int:
    """Above "To:" and "From:" Notes writes the name, the date, the sender's office: they belong to the head."""
    above = list(lines(text, max(0, at - 600), at))[::-1]
    start, dated, named, blank = at, _STAMP.search(text[at : text.find("\n", at)]) is not None, False, 0
    for line in above:
        words = line.text.replace("=09", " ").replace("=20", " ").strip()
        if not words:
            blank += 1
            if blank > 5 or named:
                break
            continue
        indented = line.text.startswith(("\t", "   ", "=09"))
        if _STAMP.search(words) and len(words) < 130:
            dated, start = True, line.start
            if _STAMP.sub("", words).strip(" on"):
                break
        elif _BESIDE.match(words) or (
            indented and start == at and len(words) < 60 and not _SENTENCE_END.search(words[:-1] + "x")
        ):
            start = line.start
        elif dated and start < at and len(words) < 80 and (indented or _looks_like_name(words)):
            start, named = line.start, True
            if not indented:
                break
        else:
            break
        blank = 0
    return start


def _looks_like_name(words: str) -> bool:
    capitals = sum(w[:1].isupper() or w[:1] in "\"'<(" for w in words.split())
    return capitals * 2 >= len(words.split()) and not re.search(r"[!?:]\s*$|,$", words)


def _wrote_start(text: str, at: int) -> int | None:
    """Where "On Tue, Kim wrote:", whose last line is at `at`, begins: on that line or up to three lines before."""
    end = text.find("\n", at)
    line = text[at : end if end >= 0 else len(text)]
    if not _WROTE_END.search(line):
        return None
    if _WROTE_START.match(line):
        above = text[text.rfind("\n", 0, max(0, at - 1)) + 1 : max(0, at - 1)]
        if _ON_A_DAY.match(above) and not above.rstrip().endswith((".", ":", "!", "?")):
            return at - 1 - len(above)
        return at if _plausible(line) else None
    start = at
    for _ in range(3):
        before = text.rfind("\n", 0, max(0, start - 1)) + 1
        if start == 0 or not text[before : start - 1].strip():
            return None
        start = before
        if _WROTE_START.match(text[start:at]):
            return start if _plausible(text[start:end]) else None
    return None


_ON_A_DAY = re.compile(r"[>\s]*(?:on|am|le|el|il|op|den|dnia|em)\b.*\d", re.IGNORECASE)


def _plausible(words: str) -> bool:
    """It names a date or an address, and ends with a colon or a wrapped name."""
    return len(words) < 300 and words.rstrip().endswith(":") and re.search(r"\d|@", words) is not None


_MARKED = re.compile(r"^[ \t]*\|?>[^\n]*(?:\n|$)", re.MULTILINE)


def _quoted_lines(text: str, end: int, known: frozenset[str]) -> Iterator[Cut]:
    for found in _MARKED.finditer(text, 0, end):
        yield Cut(found.start(), found.end(), "quote")
    if known:
        for line in lines(text, 0, end):
            if _folded(line.text) in known:
                yield Cut(line.start, min(line.end + 1, len(text)), "quote")


def _known_lines(earlier: Sequence[str]) -> frozenset[str]:
    return frozenset(f for text in earlier for line in text.split("\n") if len(f := _folded(line)) > 30)


def _folded(line: str) -> str:
    return re.sub(r"\s+", " ", line.strip().lstrip("> ")).lower()


def _joined(text: str, found: Sequence[Cut]) -> tuple[Cut, ...]:
    joined: list[Cut] = []
    for cut in found:
        if joined and cut.why == joined[-1].why and not text[joined[-1].end : cut.start].strip():
            joined[-1] = Cut(joined[-1].start, cut.end, cut.why)
        else:
            joined.append(cut)
    return tuple(joined)
