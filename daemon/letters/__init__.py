"""Letters: everything that people read in mails and on pages, as text and HTML. Pure; the templates are in `templates/`.

digest, sections      the morning's mail and its sections; lines turns one obligation into one line
reminder, draft       what is due soon or overdue, and the draft reply that goes with it; `habits` learns how the user writes
agenda, charter_page  what a client reads: the agenda of a review or a recovery meeting, the charter on one page
report, lookback      the client report and the look-back; lookback_document has the look-back's figures for --json
manager, handover     sheets for the manager, for whoever takes over a client, and for whoever covers
sheet, charts         the page these share, and its bars; pictures draws the curves
phrases, recovery, observations  the wording that letters share: one place for one phrase
templating            turns a template into text or HTML

Imports the glossary, `core`, `analysis` and `planning`; `delivery` and `commands` import it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Letter:
    """A rendered letter. `html` is a whole document with inline styles; `text` says the same on its own."""

    subject: str
    text: str
    html: str

    def document(self) -> dict[str, str]:
        """Return the letter for --json."""
        return {"subject": self.subject, "text": self.text, "html": self.html}
