"""What one message does, as far as its words do not tell."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from connectors.mail import Address, Attachment, Message
from daemon.core.messages import documents

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("part", "is_document"),
    [
        (Attachment("quote.pdf", "application/pdf", 80_000), True),
        (Attachment("", "text/vnd.google.email-reaction+json", 40), False),
        (Attachment("logo.png", "image/png", 9_000), False),
        (Attachment("kim.vcf", "text/vcard", 400), False),
    ],
)
def test_a_document_is_what_somebody_attached_to_be_read(part: Attachment, is_document: bool) -> None:
    message = Message("<m@acme.example>", AT, AT, Address("kim@acme.example"), attachments=(part,))
    assert bool(documents(message)) is is_document
