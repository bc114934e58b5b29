"""Maildirs for tests: the folders of one, mails to lie in it, and what a poll of it brings."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from connectors.local.maildir import Maildir
from connectors.mail import Batch

SINCE = datetime(2026, 1, 1, tzinfo=UTC)


def mail(
    number: int, *, subject: str = "Hello", when: datetime = datetime(2026, 3, 2, 9, tzinfo=UTC), body: str = "Text."
) -> bytes:
    return (
        f"From: Kim <kim@acme.example>\r\nTo: dana@northwind.example\r\nSubject: {subject}\r\n"
        f"Message-ID: <{number}@acme.example>\r\nDate: {when:%a, %d %b %Y %H:%M:%S +0000}\r\n\r\n{body}\r\n"
    ).encode()


def maildir(root: Path, *folders: str) -> Path:
    for folder in ("", *(f".{name}" for name in folders)):
        for part in ("cur", "new", "tmp"):
            (root / folder / part).mkdir(parents=True, exist_ok=True)
    return root


def listing(root: Path) -> dict[str, tuple[int, bytes]]:
    return {str(p.relative_to(root)): (p.stat().st_mtime_ns, p.read_bytes()) for p in sorted(root.rglob("*")) if p.is_file()}


def poll(box: Maildir, cursor: str | None = None) -> tuple[list[Batch], str]:
    batches = list(box.poll(cursor, SINCE))
    assert batches[-1].complete
    return batches, batches[-1].cursor


def ids(batches: list[Batch]) -> list[str]:
    return [m.message_id for b in batches for m in b.messages]
