"""Mail and calendars on disk."""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import itertools
import os
import shutil
import stat
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from contracts.calendar_contract import INVITE, WINDOW, IcalendarContract, Picture, utc, vcalendar, vevent
from contracts.mailbox_contract import MailboxContract

from connectors.base import Calendar
from connectors.calendar import Busy, Window
from connectors.errors import ConnectorError
from connectors.formats import ics, mime
from connectors.local.ics_folder import IcsCalendar
from connectors.local.maildir import BATCH, FileTransport, Maildir
from connectors.mail import Address, Batch, Draft, Role

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
as_user = pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything; run as an ordinary user to see this")


# --- calendars ---------------------------------------------------------------------------------------------------------------


class TestAFolderOfIcsFiles(IcalendarContract):
    @pytest.fixture
    def calendar(self, tmp_path: Path) -> IcsCalendar:
        self.folder = tmp_path / "calendar"
        self.folder.mkdir()
        return IcsCalendar(self.folder)

    def store(self, uid: str, *components: str) -> None:
        (self.folder / f"{uid}.ics").write_text(vcalendar(*components), newline="")

    def remove(self, uid: str) -> None:
        (self.folder / f"{uid}.ics").unlink()

    def test_busy_times_are_refused_where_a_file_may_hide_a_meeting(self, calendar: IcsCalendar) -> None:
        self.store("good", vevent("good", utc(11, 9)))
        (self.folder / "broken.ics").write_text("half a fi")
        with pytest.raises(ConnectorError, match=r"broken\.ics cannot be read"):
            calendar.busy_times(WINDOW)

    def test_a_calendar_that_is_polled_for_days_takes_no_more_memory_than_at_first(self, calendar: IcsCalendar) -> None:
        for n in range(2):
            self.store(f"daily{n}", vevent(f"daily{n}", utc(2, 9 + n), "RRULE:FREQ=DAILY;COUNT=200"))
        held, cursor = [], None
        tracemalloc.start()
        for day in range(12):
            window = Window(WINDOW.start + timedelta(days=day), WINDOW.end + timedelta(days=day + 60))
            for batch in calendar.poll(cursor, window):
                cursor = batch.cursor
            held.append(tracemalloc.get_traced_memory()[0])
        tracemalloc.stop()
        assert held[-1] < 1.5 * held[3]

    def test_our_event_is_one_file_for_its_owner_alone(self, calendar: IcsCalendar) -> None:
        calendar.put(INVITE)
        calendar.put(dataclasses.replace(INVITE, sequence=1))
        (file,) = self.folder.iterdir()
        assert file.name == f"{INVITE.uid}.ics"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600

    def test_a_uid_cannot_lead_out_of_the_folder(self, calendar: IcsCalendar) -> None:
        calendar.put(dataclasses.replace(INVITE, uid="../../etc/passwd"))
        calendar.put(dataclasses.replace(INVITE, uid="....etc-passwd"))
        assert len(list(self.folder.iterdir())) == 2
        assert calendar.find("../../etc/passwd") is not None

    def test_our_event_is_moved_in_whatever_file_it_lies(self, calendar: IcsCalendar) -> None:
        calendar.put(INVITE)
        (self.folder / f"{INVITE.uid}.ics").rename(self.folder / "renamed-by-a-sync.ics")
        calendar.put(dataclasses.replace(INVITE, sequence=1, start=utc(20, 8), end=utc(20, 9)))
        assert [f.name for f in self.folder.iterdir()] == ["renamed-by-a-sync.ics"]

    def test_a_missing_folder_is_said_and_made_only_for_booking(self, tmp_path: Path) -> None:
        calendar = IcsCalendar(tmp_path / "later" / "calendar")
        with pytest.raises(ConnectorError, match="No such file"):
            list(calendar.poll(None, WINDOW))
        with pytest.raises(ConnectorError):
            calendar.busy_times(WINDOW)
        calendar.put(INVITE)
        assert calendar.busy_times(WINDOW) == (Busy(INVITE.start, INVITE.end),)
        assert stat.S_IMODE((tmp_path / "later").stat().st_mode) == 0o700

    def test_a_file_where_a_folder_should_be_is_said(self, tmp_path: Path) -> None:
        (tmp_path / "calendar").write_text("")
        with pytest.raises(ConnectorError, match="Not a directory") as caught:
            list(IcsCalendar(tmp_path / "calendar").poll(None, WINDOW))
        assert caught.value.permanent


class TestOneIcsFile(IcalendarContract):
    @pytest.fixture
    def calendar(self, tmp_path: Path) -> IcsCalendar:
        self.file = tmp_path / "calendar.ics"
        self.parts: dict[str, tuple[str, ...]] = {}
        self._write()
        return IcsCalendar(self.file)

    def _write(self) -> None:
        self.file.write_text(vcalendar(*(c for components in self.parts.values() for c in components)), newline="")

    def store(self, uid: str, *components: str) -> None:
        self.parts[uid] = components
        self._write()

    def remove(self, uid: str) -> None:
        del self.parts[uid]
        self._write()

    def test_what_is_new_comes_alone(self, calendar: Calendar, picture: Picture) -> None:
        """One file is read as one: what stands in it comes again."""
        self.store("one", vevent("one", utc(10, 9)))
        picture.read(calendar)
        self.store("two", vevent("two", utc(11, 9)))
        picture.read(calendar)
        assert picture.starts() == {"one": [utc(10, 9)], "two": [utc(11, 9)]}

    @pytest.mark.parametrize("newline", ["\r\n", "\n"])
    def test_every_other_byte_of_the_file_stays(self, calendar: IcsCalendar, newline: str) -> None:
        before = vcalendar(vevent("other", utc(11, 9), "X-ODD;VALUE=TEXT:a\\,b", "SUMMARY:Gr\udcfc\udcdfe")).replace(
            "\r\n", newline
        )
        self.file.write_bytes(before.encode("utf-8", "surrogateescape"))
        self.file.chmod(0o640)
        calendar.put(INVITE)
        calendar.put(dataclasses.replace(INVITE, sequence=1, start=utc(20, 8), end=utc(20, 9)))
        after = self.file.read_bytes().decode("utf-8", "surrogateescape")
        start, end = (
            after.index("BEGIN:VEVENT", after.index("END:VEVENT")),
            after.rindex("END:VEVENT") + len("END:VEVENT" + newline),
        )
        assert after[:start] + after[end:] == before
        assert after.count(f"UID:{INVITE.uid}") == 1
        assert stat.S_IMODE(self.file.stat().st_mode) == 0o640

    def test_a_file_cut_off_in_the_middle_is_no_mass_deletion(self, calendar: IcsCalendar, picture: Picture) -> None:
        self.store("one", vevent("one", utc(10, 9)))
        picture.read(calendar)
        self.file.write_text("")
        picture.read(calendar)
        assert (picture.starts(), len(picture.unreadable)) == ({"one": [utc(10, 9)]}, 1)

    def test_a_file_that_is_no_calendar_is_never_written(self, tmp_path: Path) -> None:
        (tmp_path / "x.ics").write_text("a shopping list")
        with pytest.raises(ConnectorError, match="not a calendar file"):
            IcsCalendar(tmp_path / "x.ics").put(INVITE)
        assert (tmp_path / "x.ics").read_text() == "a shopping list"


@pytest.mark.parametrize("name", ["calendar", "calendar.ics"])
@pytest.mark.parametrize("number", range(1, 8))
def test_whichever_look_at_a_calendar_on_disk_fails_a_booking_says_so_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, number: int
) -> None:
    calendar, real, looks = IcsCalendar(tmp_path / name), os.stat, itertools.count(1)
    calendar.put(dataclasses.replace(INVITE, uid="other"))

    def look(path: Any, *rest: Any, **named: Any) -> os.stat_result:
        if str(path).startswith(str(tmp_path)) and next(looks) == number:
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path, *rest, **named)

    with monkeypatch.context() as patch:
        patch.setattr(os, "stat", look)
        with contextlib.suppress(ConnectorError):
            calendar.put(INVITE)
        with contextlib.suppress(ConnectorError):
            assert not calendar.read_only
    assert next(looks) > number


@as_user
def test_a_calendar_that_may_not_be_read_is_an_error_for_good(tmp_path: Path) -> None:
    folder = tmp_path / "calendar"
    folder.mkdir(mode=0o000)
    with pytest.raises(ConnectorError, match="Permission denied") as caught:
        IcsCalendar(folder).busy_times(WINDOW)
    assert caught.value.permanent


def test_files_know_nobody_elses_times(tmp_path: Path) -> None:
    calendar = IcsCalendar(tmp_path)
    assert (calendar.busy_times_of("kim@acme.example", WINDOW), calendar.sends_invitations) == (None, False)


def test_a_calendar_that_does_not_change_is_not_parsed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(300):
        (tmp_path / f"{number}.ics").write_text(vcalendar(vevent(f"e{number}", utc(1 + number % 28, 9))))
    calendar = IcsCalendar(tmp_path)
    parsed: list[int] = []
    read = ics.read_tolerantly

    def counted(*given: Any) -> ics.ParsedCalendar:
        parsed.append(1)
        return read(*given)

    monkeypatch.setattr(ics, "read_tolerantly", counted)
    for minute in range(5):
        calendar.busy_times(Window(WINDOW.start + timedelta(minutes=minute), WINDOW.end))
    assert len(parsed) == 300


# --- mail --------------------------------------------------------------------------------------------------------------------


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


def poll(box: Maildir, cursor: str | None = None) -> tuple[list[Batch], str]:
    batches = list(box.poll(cursor, SINCE))
    assert batches[-1].complete
    return batches, batches[-1].cursor


def ids(batches: list[Batch]) -> list[str]:
    return [m.message_id for b in batches for m in b.messages]


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


@pytest.mark.parametrize(("make", "words"), [(False, "No such file|not a Maildir"), (True, "not a Maildir")])
def test_what_is_no_maildir_is_said(tmp_path: Path, make: bool, words: str) -> None:
    if make:
        (tmp_path / "m").mkdir()
    with pytest.raises(ConnectorError, match=words) as caught:
        poll(Maildir(tmp_path / "m"))
    assert caught.value.permanent


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


def test_a_mail_that_another_program_moves_while_we_read_is_read_where_it_went(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "new" / "1.a").write_bytes(mail(1))
    scan = Maildir._scan

    def and_then_it_moves(*found: Any) -> Any:
        result = scan(*found)
        (root / "new" / "1.a").rename(root / "cur" / "1.a:2,S")
        return result

    monkeypatch.setattr(Maildir, "_scan", and_then_it_moves)
    assert ids(poll(Maildir(root))[0]) == ["<1@acme.example>"]


def test_a_mail_that_the_disk_does_not_give_today_is_named_and_read_once_it_does(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failing disk is no fault of the mail: the cursor does not pass it."""
    for n in (1, 2):
        (root / "cur" / f"{n}.mail:2,S").write_bytes(mail(n))
    real = Path.open

    def opened(self: Path, *args: Any, **kwargs: Any) -> Any:
        if self.name.startswith("2."):
            raise OSError(5, "Input/output error", str(self))
        return real(self, *args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", opened)
        batches, cursor = poll(Maildir(root))
    assert ids(batches) == ["<1@acme.example>"]
    assert batches[-1].warnings == ("INBOX/2.mail:2,S cannot be read now (Input/output error); Kept will try again",)
    later, _ = poll(Maildir(root), cursor)
    assert (ids(later), later[-1].warnings) == (["<2@acme.example>"], ())


def test_a_mail_that_moves_and_that_the_disk_does_not_give_is_not_taken_for_deleted(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "new" / "1.a").write_bytes(mail(1))
    real = Path.open

    def opened(self: Path, *args: Any, **kwargs: Any) -> Any:
        if self.parent.name == "new":
            self.rename(root / "cur" / "1.a:2,S")
        elif self.exists():
            raise OSError(5, "Input/output error", str(self))
        return real(self, *args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", opened)
        batches, cursor = poll(Maildir(root))
    assert (ids(batches), len(batches[-1].warnings)) == ([], 1)
    assert ids(poll(Maildir(root), cursor)[0]) == ["<1@acme.example>"]


def test_a_mail_at_which_the_parser_fails_in_an_unforeseen_way_costs_that_mail_alone(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in (1, 2):
        (root / "cur" / f"{n}.mail:2,S").write_bytes(mail(n))
    real = mime.parse

    def parsed(raw: bytes, **named: Any) -> Any:
        if b"<2@" in raw:
            raise KeyError("an unforeseen fault")
        return real(raw, **named)

    monkeypatch.setattr(mime, "parse", parsed)
    batches, _ = poll(Maildir(root))
    assert ids(batches) == ["<1@acme.example>"]
    (aside,) = (u for b in batches for u in b.unreadable)
    assert (aside.place, aside.reason) == ("INBOX/2.mail:2,S", "could not be read (KeyError); Kept will try again")


def test_a_mail_whose_header_cannot_be_read_either_is_looked_for_from_the_beginning(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "cur" / "1.mail:2,S").write_bytes(mail(1))

    def fields(*_: Any) -> Any:
        raise RecursionError("an unforeseen fault")

    with monkeypatch.context() as patch:
        patch.setattr("connectors.formats.headers.parse_fields", fields)
        batches, _ = poll(Maildir(root))
    (aside,) = (u for b in batches for u in b.unreadable)
    assert aside.retry_since == mime.EARLIEST


def undated(number: int) -> bytes:
    return f"From: kim@acme.example\r\nMessage-ID: <{number}@acme.example>\r\n\r\nHello\r\n".encode()


def test_a_mail_that_states_no_date_is_taken_as_delivered_and_says_so(root: Path) -> None:
    delivered, written = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 4, 12, tzinfo=UTC)
    for name in (f"{int(delivered.timestamp())}.a:2,S", "odd:2,S"):
        file = root / "cur" / name
        file.write_bytes(undated(len(name)))
        os.utime(file, (written.timestamp(), written.timestamp()))
    (batch,) = poll(Maildir(root))[0]
    assert [(m.date, m.received, m.misdated) for m in batch.messages] == [
        (delivered, delivered, "no date"),
        (written, written, "no date"),
    ]


def test_a_mail_without_a_date_in_a_file_without_one_is_named_and_not_passed_over(root: Path) -> None:
    file = root / "cur" / "odd:2,S"
    file.write_bytes(undated(1))
    os.utime(file, (0, 0))
    (batch,) = poll(Maildir(root))[0]
    (aside,) = batch.unreadable
    assert (aside.place, aside.sender) == ("INBOX/odd:2,S", "kim@acme.example")
    assert "no date" in aside.reason


def test_a_mail_without_any_sense_is_named_with_its_sender_and_not_tried_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "cur" / "1.mail:2,S").write_bytes(mail(1))

    def parsed(*_: Any, **__: Any) -> Any:
        raise ValueError("it makes no sense")

    monkeypatch.setattr(mime, "parse", parsed)
    batches, _ = poll(Maildir(root))
    (aside,) = (u for b in batches for u in b.unreadable)
    assert (aside.reason, aside.retry_since, aside.sender) == ("it makes no sense", None, "kim@acme.example")


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


# --- what is sent ------------------------------------------------------------------------------------------------------------


def test_a_mail_is_written_once_and_found(tmp_path: Path, draft: Draft) -> None:
    outbox = FileTransport(tmp_path / "out" / "box")
    assert outbox.was_sent(draft.message_id) is False
    outbox.send(draft)
    receipt = outbox.send(draft)
    (file,) = (tmp_path / "out" / "box").iterdir()
    assert (file.name, outbox.was_sent(draft.message_id)) == (receipt.reference, True)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert b"Here it is." in file.read_bytes()


def test_a_message_id_cannot_lead_out_of_the_folder(tmp_path: Path, draft: Draft) -> None:
    outbox = FileTransport(tmp_path / "box")
    for hostile in ("<../../etc/passwd@x>", "<" + "a" * 900 + "@x>", "<.@x>"):
        outbox.send(dataclasses.replace(draft, message_id=hostile))
    assert len(list((tmp_path / "box").iterdir())) == 3
    assert [p.name for p in tmp_path.iterdir()] == ["box"]


def test_an_outbox_that_cannot_be_written_is_said(tmp_path: Path, draft: Draft) -> None:
    (tmp_path / "box").write_text("a file")
    with pytest.raises(ConnectorError, match="cannot be written") as caught:
        FileTransport(tmp_path / "box").send(draft)
    assert caught.value.permanent
    with pytest.raises(ConnectorError, match="cannot be written"):
        FileTransport(tmp_path / "box").check()
