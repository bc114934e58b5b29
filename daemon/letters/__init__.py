"""What people read: assessments turned into text and HTML. Pure; templates lie beside the modules.

digest     the morning's mail: what is overdue, due, awaited, planned
reminder   one or more things before (or just after) their time, with all that helps to settle them
draft      the skeleton of an answer, laid into the Drafts folder
agenda     what goes out with an invitation to a review: the client reads it
lines      one obligation as one line of a letter; page turns a template into a mail; words are the small phrases
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Letter:
    """A rendered letter. `html` is a whole document with inline styles; `text` says the same and stands alone."""

    subject: str
    text: str
    html: str

    def document(self) -> dict[str, str]:
        """The letter for --json."""
        return {"subject": self.subject, "text": self.text, "html": self.html}
