"""Cut signatures, "sent from my phone" and disclaimers: text that comes with every mail and says nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from daemon.reading.text_lines import Line, lines
from daemon.reading.values import Cut

_MAX_SIGNATURE = 25  # lines below a separator
_MAX_CONTACT_LINES = 12
_MAX_CONTACT_LINE = 90  # characters
_SEPARATOR = re.compile(r"^-- ?$|^__+\s*$|^--\s*$")
_SENT_FROM = re.compile(
    r"^[ \t]*+(?:sent (?:from|via|by) (?:my|an?|the)?\s*\w|get outlook for|von meinem \w+ gesendet|gesendet von|envoyé (?:de mon|depuis)|enviado (?:desde|do meu)|inviato da(?:l mio)? \w|verzonden vanaf mijn|skickat från min|sendt fra min|wysłane z \w|lähetetty \w+ni|sent wirelessly)",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"^[ \t*>=_-]{0,20}(?:this (?:e-?mail|message|communication|transmission)\b.{0,120}(?:confidential|intended|privileged|property|virus)|"
    r"(?:the )?information (?:contained )?in this\b.{0,80}(?:confidential|intended|e-?mail)|confidentiality (?:notice|note)|disclaimer\s*:|"
    r"diese (?:e-?mail|nachricht) (?:enthält|kann|ist)\b|cet? (?:e-?mail|message|courriel)\b.{0,80}confidentiel|este (?:correo|mensaje)\b.{0,80}confidencial|important notice\s*:|registered in england|please consider the environment|"
    r"if you (?:are not|have received) .{0,40}(?:intended|error|mistake)|do you yahoo|get your (?:free|private)|"
    r"get more from the web|join the world.s largest|msn photos|never lose a fax|chat with friends|send and receive hotmail)",
    re.IGNORECASE,
)
_VALEDICTION = re.compile(
    r"^[ \t]*+(?:(?:kind |best |warm |with kind |many |all the |with best )?(?:regards|wishes|rgds|best)|regards|best|cheers|thanks|thank you|many thanks|thanks again|"
    r"thanks!|thx|sincerely|yours (?:sincerely|faithfully|truly)|take care|br|kr|ta|mit freundlichen grüßen|viele grüße|"
    r"beste grüße|liebe grüße|mfg|lg|vg|freundliche grüße|herzliche grüße|cordialement|saludos)[ \t]*+[,.!]*+[ \t]*+(?:\w+[ \t]*+)?[,.!]*+[ \t]*+$",
    re.IGNORECASE,
)
_MAY_BEGIN = re.compile(
    "|".join(f"(?:{p.pattern})" for p in (_SEPARATOR, _SENT_FROM, _DISCLAIMER, _VALEDICTION)), re.IGNORECASE | re.MULTILINE
)
_ENDS_AS_SENTENCE = re.compile(r"[a-z]{3,}\.\s*$")


def with_signature(text: str, quotes: Sequence[Cut]) -> tuple[Cut, ...]:
    """Return the quoted spans and the signature of what stands before the last of them, in order."""
    end = next((cut.start for cut in quotes if cut.end >= len(text)), len(text))
    signature = _signature(text[:end])
    return tuple(sorted((*quotes, signature))) if signature else tuple(quotes)


def _signature(text: str) -> Cut | None:
    """Return the span of the signature, "sent from my phone" or disclaimer at the end of the text, or None."""
    if not _MAY_BEGIN.search(text):
        return None
    rows = list(lines(text))
    for number, row in enumerate(rows):
        if _SEPARATOR.match(row.text) and len(rows) - number < _MAX_SIGNATURE and number > 0:
            return Cut(row.start, len(text), "signature")
        if _SENT_FROM.match(row.text):
            return Cut(row.start, len(text), "signature")
        if _DISCLAIMER.match(row.text):
            return Cut(row.start, len(text), "disclaimer")
        if _VALEDICTION.match(row.text) and number > 0 and _only_contact_details(rows[number + 1 :]):
            return Cut(row.end, len(text), "signature")
    return None


def _only_contact_details(rows: Sequence[Line]) -> bool:
    """Tell whether the lines are few and short, and none of them is a sentence."""
    texts = [row.text.strip() for row in rows if row.text.strip()]
    return len(texts) <= _MAX_CONTACT_LINES and all(
        len(text) < _MAX_CONTACT_LINE and not text.endswith("?") and not _ENDS_AS_SENTENCE.search(text) for text in texts
    )
