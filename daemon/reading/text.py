"""The new text: what the writer of this mail typed, without the quoted and forwarded mail below, above and between it.

Every cut is a span of the text that came in. The head of an older mail ("On … wrote:", a From/Sent/To block, a Lotus Notes
name and date above "To:", "-----Original Message-----") cuts all that follows, but where its lines stand under `>` only itself;
lines under `>` are cut where they stand, so that answers between them stay; lines that equal a line of an earlier mail of the
thread are quotes whatever they look like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from daemon.reading.types import Cut

# The labels of a quoted mail's header block in the languages of the common mail programs.
_FROM = (
    "from|von|de|da|van|från|fra|od|lähettäjä|expéditeur|mittente|remitente|remetente|afzender|avsändare|afsender|avsender|nadawca|"
    "odesílatel|feladó|kimden|gönderen|от|отправитель|差出人|送信者"
)
_TO = (
    "to|an|à|para|aan|till|til|do|vastaanottaja|destinataire|destinatario|destinatário|a|pour|komu|címzett|kime|alıcı|кому|宛先|empfänger|"
    "adresat|mottagare|modtager|mottaker|ontvanger"
)
_DATE = (
    "sent|date|gesendet|datum|envoyé|envoyé le|date d'envoi|enviado|enviado el|enviado em|enviada em|enviada|fecha|inviato|data|"
    "data invio|verzonden|skickat|sendt|dato|wysłano|lähetetty|päivämäärä|päiväys|odesláno|elküldve|dátum|gönderildi|gönderilme|gönderilme tarihi|tarih|"
    "отправлено|дата|送信日時|日時|日付"
)
_SUBJECT = "subject|re|betreff|objet|sujet|asunto|oggetto|onderwerp|ämne|emne|temat|aihe|assunto|předmět|tárgy|konu|тема|件名"
_MORE = (
    "cc|bcc|kopie|kopia|kopi|kopio|copie|copie à|bilgi|копия|reply-to|reply to|antwort an|importance|priority|attachments|sent by|"
    "organization|newsgroups"
)
_LABEL = re.compile(
    rf"[\s>*_|\ufeff\u200e]*(?:(?P<from>{_FROM})|(?P<to>{_TO})|(?P<date>{_DATE})|(?P<subject>{_SUBJECT})|(?P<more>{_MORE}))"
    r"[\s*]{0,4}[:：]",
    re.IGNORECASE,
)
_ORIGINAL = (
    "original (?:message|appointment)|ursprüngliche[rs]? (?:nachricht|mail|e-mail|message|termin)|originalnachricht|"
    "message (?:d['’]origine|original)|(?:mail|e-mail|courriel) original|mensaje original|mensagem original|messaggio originale|"
    "oorspronkelijk bericht|ursprungligt meddelande|originalmeddelande|oprindelig (?:meddelelse|besked)|opprinnelig melding|"
    "original melding|oryginalna wiadomość|wiadomość oryginalna|alkuperäinen viesti|původní zpráva|özgün ileti|orijinal (?:mesaj|ileti)|"
    "исходное сообщение|元のメッセージ|reply message|inline attachment follows|reply separator"
)
_FORWARDED = (
    "forwarded (?:message|by|from|mail)|forward header|begin forwarded|weitergeleitete (?:nachricht|mail|e-mail)|weitergeleitet von|"
    "message (?:transféré|réexpédié)|transféré par|(?:mensaje )?reenviado|(?:messaggio )?inoltrato|"
    "mensagem (?:encaminhada|reencaminhada)|doorgestuurd|vidarebefordrat|videresendt|przekazana wiadomość|"
    "treść przekazanej wiadomości|välitetty viesti|přeposlaná zpráva|iletilmiş|iletilen (?:ileti|mesaj)|"
    "(?:пересылаемое|перенаправленное|пересланное) сообщение|転送(?:された)?メッセージ|转发"
)
_SEPARATOR = re.compile(
    rf"[>\s]*(?:[-_=*]{{2,}}\s*(?:{_ORIGINAL}|(?P<forward>{_FORWARDED}))|(?P<apple>begin forwarded message|anfang der weitergeleiteten|"
    r"début du message (?:transféré|réexpédié)|inicio del mensaje reenviado|inizio (?:del )?messaggio inoltrato|"
    r"início da mensagem (?:encaminhada|reencaminhada)|begin doorgestuurd bericht|vidarebefordrat (?:brev|mejl)|"
    r"(?:start på )?videresendt (?:besked|melding|meddelelse)|początek przekazywanej|välitetty viesti|přeposlaná zpráva|"
    r"начало (?:переадресованного|пересылаемого)|転送されたメッセージ)[^\n:：]{0,40}[:：]\s*$)",
    re.IGNORECASE,
)
_APPLE = (
    "begin",
    "anfang der w",
    "début du",
    "inicio del",
    "inizio ",
    "início da",
    "vidarebef",
    "start på",
    "videresendt",
    "początek",
    "välitetty",
    "přeposlaná",
    "начало пере",
    "転送された",
)
_WROTE = (
    "wrote|writes|schrieb|geschrieben|schreef|écrit|escribió|ha scritto|skrev|napisał\\(?a?\\)?|pisze|írta|kirjoitti|escreveu|"
    "napsal\\(?a?\\)?|yazdı|написал\\(?а?\\)?|пишет|napisana przez"
)
_MONTH_DAY = r"\d{1,4}(?:[-/.年 ]|\. ?)(?:\d|[^\W\d]{3})"
_WROTE_START = re.compile(
    r"[>\s]*(?:-{2,4} )?(?:on|am|le|el|il|op|den|dnia|em|at|no dia|às|w dniu|dne|wiadomość napisana)\b\s*.{3,}|"
    r"[>\s]*[\"'<“]?[^\s,.;:!?][^.;!?]{0,60}<?\S+@\S+|"
    rf"[>\s]*{_MONTH_DAY}|[>\s]*[^\W\d]{{2,9}}\.?,? {_MONTH_DAY}|"
    r"[>\s]*(?:in article|in a message|-{2,5}[ \"]|-----\S|(?:zitat von|quoting|citando|citation de) )",
    re.IGNORECASE,
)
# A name before the verb and a day behind it: "Kim Lee/ACME wrote on 03/03/2026 09:00:00 AM:".
_NAME_WROTE = re.compile(
    rf"[>\s]*[^\W\d_][^\n.;:!?]{{1,60}} (?:{_WROTE})\b[^\n;!?]{{0,12}}\d[^\n;!?]{{4,50}}:\s*$", re.IGNORECASE
)
_LABELS = frozenset(f"{_FROM}|{_TO}|{_DATE}".split("|"))
_LONGEST_LABEL = max(map(len, _LABELS)) + 4
_WROTE_END = re.compile(
    rf"\b(?:{_WROTE})(?!\w)\)?[^\n]{{0,80}}:[ \t\r*_]*$|[^\n]@[^\s<>@]+>\)?(?:のメール)?[ \t]*[:：][ \t\r]*$|"
    r"\b(?:wrote|schrieb|a écrit) ?-{2,5}[ \t\r]*$|^[> \t]*(?:zitat von|quoting|citando|citation de) [^\n]{0,100}@[^\n]{0,80}:[ \t\r]*$",
    re.IGNORECASE | re.MULTILINE,
)
_WROTE_WORDS = (
    "wrote", "writes", "schrieb", "schreef", "écrit", "escrib", "scritto", "skrev", "napisa", "kirjoitti", "escreveu", "geschreven",
    "pisze", "napsal", "yazdı", "írta", "написал", "пишет", ">:", ">：", ">のメール", "zitat von", "quoting", "citando", "citation de",
)  # fmt: skip
# Who says "you wrote:" speaks of an older mail and goes on speaking; a mail program names the writer.
_SPOKEN_OF = re.compile(
    r"\b(?:i|you|we|he|she|they|it|who|also|er|sie|il|elle|on|vous|mi|me|usted|ella|él|lei|lui|jag|du|jeg|han|hun|hon|vi|de|ni|hij|zij|ze|"
    r"hän|ona|on) (?:wrote|writes|schrieb|schreef|a écrit|escribió|ha scritto|skrev|napisał|kirjoitti|escreveu)\b|"
    r"\b(?:ai|as|avez|avons|ont) écrit\b|\b(?:me|you|us|him|them) :\s*$|wrote (?:to|that|back|about|in (?:his|her|your|the|its))\b|\bit (?:says|reads)",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\d{1,2}\s?[:.h時]\s?\d{2}|\b\d{1,2}\s?[ap]\.?m\b", re.IGNORECASE)
_DAY = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}[-/.]\d{1,2}[-/.]\d{2}|年")
_MAY_HOLD = re.compile(r"[:：]|^[ \t]*[>|]|--|==|_{5}", re.MULTILINE)
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
    found = list(_older_mail(text)) if _MAY_HOLD.search(text) else []
    end = found[-1].start if found and found[-1].end >= len(text) else len(text)
    known = _known_lines(earlier)
    if known or ">" in text or "|" in text:
        found.extend(_quoted_lines(text, end, known))
    return _joined(text, sorted(found))


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
        yield Line(start, stop, text[start:stop].rstrip("\r"))
        start = stop + 1


def _older_mail(text: str) -> Iterator[Cut]:
    """From the first head of an older mail to the end of the text; only the head, where the older mail stands under `>`."""
    places = set(_anchors(text))
    low = text.lower()
    if any(word in low for word in _WROTE_WORDS):
        places.update(text.rfind("\n", 0, m.end()) + 1 for m in _WROTE_END.finditer(text))
    done = 0
    for place in sorted(places)[:_MOST_ANCHORS]:
        line = text[place : place + 10].lstrip(" \t")
        if place < done or (line.startswith((">", "|")) and not line.startswith(">>> ")):
            continue
        start, why = _head(text, place)
        if not why:
            continue
        stop = text.find("\n", place) + 1 or len(text)
        if start < done or not _marked_below(text, stop) or _SEPARATOR.match(text, place):
            yield Cut(max(start, done), len(text), why)
            return
        yield Cut(start, stop, why)
        done = stop


def _marked_below(text: str, at: int) -> bool:
    """Whether the next words stand under `>`."""
    found = _WORDS.search(text, at)
    return found is not None and found.group() == ">" and text[found.start() : found.start() + 4] != ">>> "


_WORDS = re.compile(r"[^\s\ufeff]")


def _anchors(text: str) -> Iterator[int]:
    """Where the head of an older mail may stand: lines that begin with a label or a rule. Each is then looked at closely."""
    start = 0
    for line in text.split("\n"):
        words = line.lstrip(" \t>*_|=029\xa0\ufeff\u200e")
        head = words[:_LONGEST_LABEL].lower()
        if (":" in head or "：" in head) and head.replace("：", ":").partition(":")[0].rstrip("* \t\xa0\u202f") in _LABELS:
            yield start
        if (line and line.lstrip(" \t")[:2] in _RULES) or head.startswith(_APPLE) or line.startswith(">>> "):
            yield start
        start += len(line) + 1


_RULES = frozenset(("--", "__", "==", "**", "-=", "=-"))


def _head(text: str, at: int) -> tuple[int, str]:
    """Where the older mail whose head is in the line at `at` begins, and what it is; an empty reason where it is no head."""
    below = _below(text, at)
    line = below[0].text
    separator = _SEPARATOR.match(line)
    if separator:
        return at, "forward" if separator["forward"] or separator["apple"] else "quote"
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
    mail = False
    first = _LABEL.match(below[0].text)
    if first is None or first.lastgroup not in {"from", "to", "date"}:
        return False
    stamped = _STAMP.search(below[0].text) is not None
    gap = 0
    for line in below:
        found = _LABEL.match(line.text)
        if found and found.lastgroup:
            seen.add(found.lastgroup)
            mail = mail or "@" in line.text or (found.lastgroup == "date" and _CLOCK.search(line.text) is not None)
            gap = 0
        else:
            gap += 1
        if gap > 8 or "subject" in seen:
            break
    if first.lastgroup == "to":
        return "subject" in seen or {"to", "more"} <= seen
    if not (mail or stamped or "subject" in seen):
        return False  # "From: Leeds, To: York, Date: 3 March" is a journey
    return len(seen) >= (2 if stamped or first.lastgroup == "from" else 3) and bool(
        seen & {"to", "subject", "date"} - {first.lastgroup}
    )


def _upward(text: str, at: int) -> int:
    """Above "To:" and "From:" Notes writes the name, the date, the sender's office: they belong to the head."""
    above = list(lines(text, max(0, at - 600), at))[::-1]
    clock = ""  # a time that stands on a line of its own, its day above it
    start, dated, named, blank = at, _STAMP.search(text[at : text.find("\n", at)]) is not None, False, 0
    for line in above:
        words = line.text.replace("=09", " ").replace("=20", " ").strip()
        if not words:
            blank += 1
            if blank > 5 or named:
                break
            continue
        indented = line.text.startswith(("\t", "   ", "=09"))
        if start == at and (_ORIGINAL_ALONE.fullmatch(words) or _NOTES_LINE.search(words)):
            return line.start
        if not clock and _CLOCK_ALONE.fullmatch(words):
            clock = words
            continue
        words, clock = f"{words} {clock}".strip(), ""
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


_ORIGINAL_ALONE = re.compile(rf"(?:{_ORIGINAL})", re.IGNORECASE)
_NOTES_LINE = re.compile(r"\S---\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4} \d{1,2}:\d{2}(?::\d{2})?(?: [AP]M)?---")
_CLOCK_ALONE = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]\.?m\.?)?", re.IGNORECASE)


def _looks_like_name(words: str) -> bool:
    capitals = sum(w[:1].isupper() or w[:1] in "\"'<(" for w in words.split())
    return capitals * 2 >= len(words.split()) and not re.search(r"[!?:]\s*$|,$", words)


def _wrote_start(text: str, at: int) -> int | None:
    """Where "On Tue, Kim wrote:", whose last line is at `at`, begins: on that line or up to three lines before."""
    stop = text.find("\n", at)
    end = stop if stop >= 0 else len(text)
    if not _WROTE_END.search(text, at, end):
        return None
    start, best = at, None
    for _ in range(4):
        line = text[start : text.find("\n", start, end) if text.find("\n", start, end) >= 0 else end]
        if _WROTE_START.match(line):
            best = start
            if _ON_A_DAY.match(line):
                break
        elif start == at and _NAME_WROTE.match(line):
            best = start
        before = text.rfind("\n", 0, max(0, start - 1)) + 1
        above = text[before : max(0, start - 1)].strip()
        if start == 0 or not above or above.startswith(">") or above.endswith((":", "!", "?", ";")) or len(above) > 160:
            break
        start = before
    if best is None:
        return at if _marked_below(text, end) and _NAMED.match(text[at:end]) and not _SPOKEN_OF.search(text[at:end]) else None
    if best != at and not _ON_A_DAY.match(text[best:end]) and best < at and _WROTE_START.match(text[at:end]):
        best = at
    return best if _plausible(text[best:end], _marked_below(text, end)) else None


_ON_A_DAY = re.compile(
    rf"[>\s]*(?:(?:-{{2,4}} )?(?:on|am|le|el|il|op|den|dnia|em|no dia|às|w dniu|dne)\b.*\d|{_MONTH_DAY}|[^\W\d]{{2,9}}\.?,? {_MONTH_DAY})",
    re.IGNORECASE,
)
_NAMED = re.compile(rf"\s*[^\W\d_a-zà-ÿ][^\n.;:!?]{{1,50}} (?:{_WROTE})\s?:\s*$")


def _plausible(words: str, marked: bool) -> bool:
    """It names an address, a time or a day, speaks of nobody as "you", and ends with a colon or a rule."""
    said = words.rstrip(" \t\r*_\n")
    if len(said) > 300 or not said.endswith((":", "：", "--")) or _SPOKEN_OF.search(said):
        return False
    if not _VERB.search(said):  # Russian, Czech and Japanese programs write a day, a time and an address alone
        return _CLOCK.search(said) is not None and _ON_A_DAY.match(said) is not None
    return (
        "@" in said
        or _CLOCK.search(said) is not None
        or _DAY.search(said) is not None
        or (marked and re.search(r"\d", said) is not None)
    )


_VERB = re.compile(rf"\b(?:{_WROTE}|zitat von|quoting|citando|citation de)(?!\w)", re.IGNORECASE)


_MARKED = re.compile(r"^[ \t]*\|?>[^\n]*(?:\n|$)", re.MULTILINE)


_FRAGMENT = re.compile(r"(?:[*_=-]{3,200}|[^\n.?!]{1,30}[^\n.?!:\s])\n(?=[ \t]*\|?>)")
_UNFINISHED = re.compile(r"[^\s.?!:>][ \t]*\n$")
_FOOT = re.compile(r"\s*(?:_{20}|\*{20}|-{20})")
_FOOT_WORDS = ("confidential", "intended", "yahoo!", "hotmail", "msn ", "virus", "privileged", "mailing list")


def _quoted_lines(text: str, end: int, known: frozenset[str]) -> Iterator[Cut]:
    """Lines under `>`, what the wrapping of a long one left behind, and a provider's foot below the last."""
    last = 0
    for found in _MARKED.finditer(text, 0, end):
        last = found.end()
        broken = _FRAGMENT.match(text, last, end)
        if broken and (broken.group()[0] in "*_-=" or (len(found.group()) > 45 and _UNFINISHED.search(found.group()))):
            last = broken.end() if len(broken.group().split()) < 4 else last
        yield Cut(found.start(), last, "quote")
    if last and end - last < 3000 and _FOOT.match(text, last, end):
        foot = text[last:end].lower()
        if "?" not in foot.replace("yahoo!?", "") and any(word in foot for word in _FOOT_WORDS):
            yield Cut(last, end, "disclaimer")
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
        if joined and cut.start < joined[-1].end:
            joined[-1] = joined[-1]._replace(end=max(joined[-1].end, cut.end))
        elif joined and cut.why == joined[-1].why and not text[joined[-1].end : cut.start].strip():
            joined[-1] = Cut(joined[-1].start, cut.end, cut.why)
        else:
            joined.append(cut)
    if joined and not text[joined[-1].end :].strip():
        joined[-1] = joined[-1]._replace(end=len(text))
    return tuple(joined)
