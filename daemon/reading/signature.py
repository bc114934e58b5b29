"""Signatures, "sent from my phone" and disclaimers: text that says nothing to anybody, told apart from what was typed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from daemon.reading.text import Line, lines
from daemon.reading.types import Cut

_SIGN = re.compile(r"^-- ?$|^__+\s*$|^--\s*$")
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
    "|".join(f"(?:{p.pattern})" for p in (_SIGN, _SENT_FROM, _DISCLAIMER, _VALEDICTION)), re.IGNORECASE | re.MULTILINE
)


def signature(text: str, start: int = 0) -> tuple[Cut, ...]:
    """The signature, "sent from my phone" and disclaimer at the end of the text: spans that say nothing to anybody."""
    if not _MAY_BEGIN.search(text):
        return ()
    rows = list(lines(text, start))
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


def _only_contact_details(rows: Sequence[Line]) -> bool:
    """At most a dozen short lines, none of which is a sentence."""
    said = [r.text.strip() for r in rows if r.text.strip()]
    return len(said) <= 12 and all(len(s) < 90 and not s.endswith("?") and not re.search(r"[a-z]{3,}\.\s*$", s) for s in said)
