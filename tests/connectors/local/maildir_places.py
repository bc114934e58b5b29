"""Where the tests of mail on disk find it: a Maildir with the usual folders, and what is to be sent or laid there."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from maildirs import maildir

from connectors.mail import Address, Draft


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return maildir(tmp_path / "Maildir", "Sent", "Drafts", "Trash", "Junk", "Archive.2025")


@pytest.fixture
def draft() -> Draft:
    return Draft(
        message_id="<kept-1@northwind.example>",
        date=datetime(2026, 3, 2, 9, tzinfo=UTC),
        sender=Address("dana@northwind.example", "Dana"),
        to=(Address("kim@acme.example", "Kim"),),
        subject="Re: the quote",
        text="Here it is.",
    )
