"""Mail in a Maildir: which of it is read, with which role, and what is laid there."""

from __future__ import annotations

import itertools
import os
import shutil
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from contracts.mailbox_contract import MailboxContract
from maildirs import SINCE, ids, listing, mail, maildir, poll

from connectors.local.maildir import BATCH, Maildir
from connectors.mail import Draft, Role

pytest_plugins = ("maildir_places",)


class TestAMaildir(MailboxContract):
    batch_size = "connectors.local.maildir.BATCH"

    @pytest.fixture
    def mailbox(self, tmp_path: Path) -> Maildir:
        self.root = maildir(tmp_path / "Maildir")
        self.numbers = itertools.count()
        return Maildir(self.root)

    def _folder(self, name: str) -> Path:
        on_disk = name.replace("&", "&-").replace("ä", "&AOQ-")  # RFC 3501, 5.1.3
        return self.root if name == "INBOX" else maildir(self.root, on_disk) / f".{on_disk}"

    def deliver(self, raw: bytes, folder: str = "INBOX") -> None:
        (self._folder(folder) / "new" / f"{next(self.numbers)}.host").write_bytes(raw)

    def remove(self, folder: str = "INBOX") -> None:
        for file in [*(self._folder(folder) / "new").iterdir(), *(self._folder(folder) / "cur").iterdir()]:
            file.unlink()

    def unread(self, folder: str = "INBOX") -> int:
        return len(list((self._folder(folder) / "new").iterdir()))


def test_every_folder_but_drafts_junk_and_trash_is_read_with_its_role(root: Path) -> None:
    for number, folder in enumerate(("", ".Sent", ".Drafts", ".Trash", ".Junk", ".Archive.2025")):
        (root / folder / "cur" / f"{number}:2,S").write_bytes(mail(number))
    batches, _ = poll(Maildir(root))
    found = {m.message_id: (m.folder, m.role) for b in batches for m in b.messages}
    assert found == {
        "<0@acme.example>": ("INBOX", Role.INBOX),
        "<1@acme.example>": ("Sent", Role.SENT),
        "<5@acme.example>": ("Archive.2025", Role.ARCHIVE),
    }
    assert batches[-1].folders == {"INBOX": 1, "Sent": 1, "Archive.2025": 1}


def test_folder_names_in_other_alphabets_keep_their_roles(tmp_path: Path) -> None:
    root = maildir(tmp_path / "m", "Gesendet", "Entw&APw-rfe", "Papierkorb")
    for folder in (".Gesendet", ".Entw&APw-rfe", ".Papierkorb"):
        (root / folder / "cur" / "1:2,S").write_bytes(mail(1))
    batches, _ = poll(Maildir(root))
    assert [(m.folder, m.role) for b in batches for m in b.messages] == [("Gesendet", Role.SENT)]


@pytest.mark.parametrize(
    ("folder", "flags", "is_read"),
    [
        ("", "", True),
        ("", "S", True),
        ("", "D", False),
        ("", "DS", False),
        ("", "FRS", True),
        ("", "T", False),
        ("", "ST", False),
        (".Sent", "D", True),  # a program may have filed it there; it is in doubt
        (".Sent", "ST", True),  # what was sent stays sent
        (".Projects", "DRS", False),
        (".Projects", "T", False),
    ],
)
def test_the_flags_of_a_file_say_whether_it_is_a_draft_or_in_the_trash(
    tmp_path: Path, folder: str, flags: str, is_read: bool
) -> None:
    root = maildir(tmp_path / "m", "Sent", "Projects")
    (root / folder / "cur" / f"1.M1P1.host:2,{flags}").write_bytes(mail(1))
    batches, _ = poll(Maildir(root))
    assert bool(ids(batches)) is is_read
    assert all(m.transmitted is ("D" not in flags) for b in batches for m in b.messages if m.role is Role.SENT)


def test_a_mail_that_is_taken_out_of_the_trash_is_new(root: Path) -> None:
    (root / "cur" / "1.a:2,ST").write_bytes(mail(1))
    batches, cursor = poll(Maildir(root))
    assert ids(batches) == []
    (root / "cur" / "1.a:2,ST").rename(root / "cur" / "1.a:2,S")
    assert ids(poll(Maildir(root), cursor)[0]) == ["<1@acme.example>"]


@pytest.mark.parametrize("flags", ["D", "T"])
def test_a_mailbox_whose_mail_is_all_flagged_is_not_an_empty_one(root: Path, flags: str) -> None:
    for number in range(6):
        (root / "cur" / f"{number}.a:2,S").write_bytes(mail(number))
    _, cursor = poll(Maildir(root))
    for number in range(6):
        (root / "cur" / f"{number}.a:2,S").rename(root / "cur" / f"{number}.a:2,{flags}")
    assert ids(poll(Maildir(root), cursor)[0]) == []


@pytest.mark.parametrize(
    ("drafts", "folder", "transmitted"),
    [
        ("Drafts", "Projects", True),
        ("Kladder", "Projects", True),
        ("Drafts", "Outbox", False),
        ("Drafts", "Entw&APw-rfe 2025", False),
        ("Clients", "Projects", False),  # which of them is for drafts nobody says
        ("Clients", "Archive", True),
    ],
)
def test_what_the_user_filed_has_left_where_drafts_are_known_to_lie_elsewhere(
    tmp_path: Path, drafts: str, folder: str, transmitted: bool
) -> None:
    root = maildir(tmp_path / "m", drafts, folder)
    (root / f".{folder}" / "cur" / "1.a:2,S").write_bytes(mail(1))
    (message,) = (m for b in poll(Maildir(root))[0] for m in b.messages)
    assert message.transmitted is transmitted


def test_reading_changes_nothing_on_disk(root: Path) -> None:
    (root / "new" / "1700000000.a").write_bytes(mail(1))
    (root / ".Sent" / "cur" / "1700000001.b:2,S").write_bytes(mail(2))
    before = listing(root)
    box = Maildir(root)
    poll(box)
    box.has_message("<1@acme.example>")
    box.check()
    assert listing(root) == before


def test_a_mail_read_or_answered_elsewhere_is_not_new(root: Path) -> None:
    (root / "new" / "1.a").write_bytes(mail(1))
    _, cursor = poll(Maildir(root))
    (root / "new" / "1.a").rename(root / "cur" / "1.a:2,RS")
    assert ids(poll(Maildir(root), cursor)[0]) == []


def test_batches_are_small_oldest_first_and_a_crash_between_them_loses_none(root: Path) -> None:
    for number in range(BATCH + 100):
        when = SINCE + timedelta(hours=number)
        (root / ("new" if number % 2 else ".Sent/cur") / f"{int(when.timestamp())}.{number}").write_bytes(mail(number, when=when))
    batches, _ = poll(Maildir(root))
    assert [len(b.messages) for b in batches] == [BATCH, 100]
    assert [b.complete for b in batches] == [False, True]
    assert ids(batches) == [f"<{n}@acme.example>" for n in range(BATCH + 100)]
    assert ids(poll(Maildir(root), batches[0].cursor)[0]) == ids(batches[1:])


def test_mail_before_since_is_left_out(root: Path) -> None:
    old = datetime(2025, 6, 1, tzinfo=UTC)
    (root / "cur" / "1.a:2,S").write_bytes(mail(1, when=old))
    (root / "cur" / f"{int(old.timestamp())}.b:2,S").write_bytes(mail(2, when=old))
    (root / "cur" / "3.c:2,S").write_bytes(mail(3))
    assert ids(poll(Maildir(root))[0]) == ["<3@acme.example>"]


def test_what_is_no_mail_is_counted_and_the_rest_goes_on(root: Path) -> None:
    (root / "cur" / "1.a:2,S").write_bytes(mail(1))
    (root / "cur" / "2.b:2,S").symlink_to(root / "nowhere")
    os.mkfifo(root / "cur" / "3.c:2,S")
    (root / "cur" / "4.d").mkdir()
    (root / "cur" / ".hidden").write_bytes(mail(5))
    assert ids(poll(Maildir(root))[0]) == ["<1@acme.example>"]


def test_a_folder_that_is_suddenly_empty_is_a_warning_and_an_archived_inbox_is_none(root: Path) -> None:
    for number in range(6):
        (root / ".Sent" / "cur" / f"{number}.s:2,S").write_bytes(mail(number))
        (root / "cur" / f"{number}.i:2,S").write_bytes(mail(10 + number))
    _, cursor = poll(Maildir(root))
    for file in (root / "cur").iterdir():
        file.rename(root / ".Archive.2025" / "cur" / file.name)
    batches, cursor = poll(Maildir(root), cursor)
    assert batches[-1].warnings == ()
    shutil.rmtree(root / ".Archive.2025")
    for file in (root / ".Sent" / "cur").iterdir():
        file.unlink()
    (root / "new" / "9.z").write_bytes(mail(99))
    batches, _ = poll(Maildir(root), cursor)
    assert ids(batches) == ["<99@acme.example>"]
    assert [("Archive.2025 is gone" in w, "Sent is suddenly empty" in w) for w in batches[-1].warnings] == [
        (True, False),
        (False, True),
    ]


def test_twenty_thousand_old_mails_are_polled_without_opening_one(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = datetime(2024, 1, 1, tzinfo=UTC)  # before `since`, so that only the bookkeeping is done
    for number in range(20_000):
        (root / "cur" / f"{int(old.timestamp()) + number}.M{number}P1.host:2,S").touch()
    opened: list[str] = []
    plain = Path.open

    def noted(path: Path, *how: Any, **named: Any) -> Any:
        if root in path.parents:
            opened.append(path.name)
        return plain(path, *how, **named)

    monkeypatch.setattr(Path, "open", noted)
    _, cursor = poll(Maildir(root))
    assert ids(poll(Maildir(root), cursor)[0]) == []
    (root / "cur" / "1767225600.new:2,S").write_bytes(mail(1))
    assert ids(poll(Maildir(root), cursor)[0]) == ["<1@acme.example>"]
    assert (set(opened), len(cursor) < 200_000) == ({"1767225600.new:2,S"}, True)


def test_find_looks_into_headers_and_not_into_what_a_mail_quotes(root: Path) -> None:
    (root / "cur" / "4.d:2,S").write_bytes(b"Subject: Fwd\r\n\r\nMessage-ID: <quoted@northwind.example>\r\n")
    (root / ".Sent" / "cur" / "1.a:2,S").write_bytes(mail(1))
    (root / "cur" / "2.b:2,S").write_bytes(mail(2, body="It bounced:\r\n\r\nMessage-ID: <quoted@northwind.example>\r\n"))
    (root / ".Trash" / "cur" / "3.c:2,S").write_bytes(mail(3).replace(b"Message-ID: ", b"Message-ID:\r\n "))
    box = Maildir(root)
    assert [box.has_message(f"<{n}>") for n in ("1@acme.example", "3@acme.example", "quoted@northwind.example")] == [
        True,
        True,
        False,
    ]


def test_a_draft_is_laid_once_flagged_and_for_its_owner_alone(root: Path, draft: Draft) -> None:
    box = Maildir(root)
    assert not box.has_message(draft.message_id)
    box.save_draft(draft)
    box.save_draft(draft)
    (file,) = (root / ".Drafts" / "cur").iterdir()
    assert file.name.endswith(":2,DS")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert box.has_message(draft.message_id)
    assert list((root / ".Drafts" / "tmp").iterdir()) == []


def test_a_drafts_folder_is_made_where_there_is_none(tmp_path: Path, draft: Draft) -> None:
    root = maildir(tmp_path / "m")
    Maildir(root).save_draft(draft)
    Maildir(root, drafts="Kept").save_draft(draft)
    assert [len(list((root / name / "cur").iterdir())) for name in (".Drafts", ".Kept")] == [1, 1]
    assert stat.S_IMODE((root / ".Drafts").stat().st_mode) == 0o700


def test_waiting_on_disk_is_sleeping(root: Path) -> None:
    assert Maildir(root).wait(0.0)
