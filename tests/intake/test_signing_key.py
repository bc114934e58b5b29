"""The key that signs links: made whole or not at all, refused where it is damaged, and its loss is said and stops what was to stop."""

from __future__ import annotations

import re
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest
from children import exit_status_of
from office import DANA, KIM, Office, only
from servers.processes import Postgres
from week import MONDAY, at

from daemon.app import App
from daemon.config import signing_key
from daemon.cycle import turn
from daemon.errors import ConfigError, StoreError
from daemon.glossary.decisions import Verb
from daemon.letters import tokens
from daemon.operations.decisions import decide
from daemon.operations.owed import obligations_at
from daemon.store.past_actions import PastScope

KEY = bytes(range(7, 39))


def working_hours(first: datetime, last: datetime) -> list[datetime]:
    return [first + timedelta(minutes=30 * n) for n in range(int((last - first) / timedelta(minutes=30)) + 1)]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office with a review that is due, announced on Monday, and a question that nobody answered."""
    office = Office(tmp_path)
    office.business(datetime(2025, 12, 8, 10, tzinfo=UTC))
    office.mail(at(0, 6), KIM, DANA, "Can you send me the revised quote?", name="ask")
    office.live(*working_hours(at(0, 7), at(0, 12)))
    return office


def lose_the_key(office: Office) -> None:
    (office.folder / "state" / signing_key.FILE).unlink()


def links_of(office: Office, verb: str) -> list[str]:
    """The subjects of the links with a verb in the letters that were sent so far, oldest first."""
    found = (re.findall(rf"subject=(Kept%20{verb}%20[^&>]*)[&>]", mail.text) for mail in office.sent())
    return [unquote(subject) for subjects in found for subject in subjects]


def digests(office: Office) -> list[str]:
    return [" ".join(m.text.split()) for m in office.sent() if m.subject.startswith("Kept, ")]


# --- the file ---


def test_a_key_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    key = signing_key.read_or_make(tmp_path)
    assert len(key) == signing_key.LENGTH
    assert stat.S_IMODE((tmp_path / signing_key.FILE).stat().st_mode) == 0o600
    assert signing_key.read_or_make(tmp_path) == key
    assert [file.name for file in tmp_path.iterdir()] == [signing_key.FILE]


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 33, bytes(32)], ids=["empty", "short", "long", "zeros"])
def test_a_damaged_key_is_refused_with_what_to_do(tmp_path: Path, content: bytes) -> None:
    (tmp_path / signing_key.FILE).write_bytes(content)
    with pytest.raises(StoreError, match="Put the file back from a backup, or delete it"):
        signing_key.read_or_make(tmp_path)
    assert (tmp_path / signing_key.FILE).read_bytes() == content


def test_a_kill_while_the_key_is_written_leaves_no_key_or_a_whole_one(tmp_path: Path) -> None:
    for function in ("write", "fsync", "replace", "link"):

        def make_and_die(name: str = function) -> int:
            import os

            def die(*_: object, **__: object) -> None:
                os._exit(9)

            setattr(os, name, die)
            signing_key.read_or_make(tmp_path)
            return 0

        exit_status_of(make_and_die)
        assert not (tmp_path / signing_key.FILE).exists() or len((tmp_path / signing_key.FILE).read_bytes()) == signing_key.LENGTH
    assert len(signing_key.read_or_make(tmp_path)) == signing_key.LENGTH


def test_a_full_disk_leaves_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        with pytest.raises(StoreError, match="No space left on device"):
            signing_key.read_or_make(tmp_path)
    assert not (tmp_path / signing_key.FILE).exists()
    assert len(signing_key.read_or_make(tmp_path)) == signing_key.LENGTH


def test_nothing_is_sent_with_a_damaged_key(office: Office) -> None:
    (office.folder / "state" / signing_key.FILE).write_bytes(b"")
    with pytest.raises(StoreError, match="damaged"):
        App.open(office.config, {})


# --- a key that was lost ---


def test_what_a_link_of_a_lost_key_asked_to_stop_waits_and_the_digest_says_so(office: Office) -> None:
    (stop, *_) = links_of(office, "veto")
    lose_the_key(office)
    office.mail(at(0, 13), DANA, DANA, "", subject=stop, name="stop")
    office.live(
        *working_hours(at(0, 13, 30), at(0, 17)), *working_hours(at(1, 7), at(1, 18)), *working_hours(at(2, 7), at(2, 18))
    )
    assert office.booked() == []
    tuesday, wednesday = digests(office)[1:3]
    assert "You stopped what is planned for Acme Ltd" in tuesday
    assert "The key that signs the links in these letters was lost" in tuesday
    assert "lost" not in wednesday, "it is said once"


def test_what_was_stopped_by_a_link_of_a_lost_key_goes_ahead_once_the_user_says_so(office: Office) -> None:
    (stop, *_) = links_of(office, "veto")
    lose_the_key(office)
    office.mail(at(0, 13), DANA, DANA, "", subject=stop, name="stop")
    office.live(*working_hours(at(0, 13, 30), at(0, 17)), *working_hours(at(1, 7), at(1, 12)))
    with office.app() as app:
        decide(app, Verb.UNDO, stop.split()[2], at(1, 12))
    office.live(*working_hours(at(1, 13), at(1, 18)), *working_hours(at(2, 7), at(2, 18)), *working_hours(at(3, 7), at(3, 18)))
    assert len(office.booked()) == 1


def test_any_other_link_of_a_lost_key_decides_nothing_and_the_digest_asks_again(office: Office) -> None:
    done = next(link for link in links_of(office, "done"))
    lose_the_key(office)
    office.mail(at(0, 13), DANA, DANA, "", subject=done, name="done")
    office.live(at(0, 13, 30), at(1, 8))
    with office.app() as app:
        assert app.store.decisions(DANA) == ()
        assert [o.kind for o in obligations_at(app, at(1, 8)) if o.kind == "reply"]
    assert "You opened a link of a lost key (done) for Acme Ltd" in digests(office)[-1]


def test_a_link_of_a_lost_key_that_is_read_again_says_nothing_more(office: Office) -> None:
    (stop, *_) = links_of(office, "veto")
    lose_the_key(office)
    office.mail(at(0, 13), DANA, DANA, "", subject=stop, name="stop")
    office.mail(at(0, 13), DANA, DANA, "", subject=stop, name="stop again")
    office.live(at(0, 13, 30), at(1, 8))
    assert digests(office)[-1].count("You stopped what is planned") == 1


def test_a_forged_link_stops_nothing_where_no_key_was_lost(office: Office) -> None:
    (stop, *_) = links_of(office, "veto")
    forged = stop.replace(stop[stop.index("[") + 1 : -1], stop[stop.index("[") + 1 : -9] + "AAAAAAAA")
    assert tokens.find_token(forged)
    office.mail(at(0, 13), DANA, DANA, "", subject=forged, name="stop")
    office.live(
        *working_hours(at(0, 13, 30), at(0, 17)), *working_hours(at(1, 7), at(1, 18)), *working_hours(at(2, 7), at(2, 18))
    )
    assert len(office.booked()) == 1


def test_a_link_made_after_the_key_was_lost_stops_nothing_unless_it_verifies(office: Office) -> None:
    lose_the_key(office)
    office.live(at(0, 12, 30))
    with office.app() as app:
        planned = next(
            a
            for a in app.store.past_actions(
                DANA, PastScope((), MONDAY.date(), at(0, 13), today=MONDAY, escalates_to_user=False)
            ).announcements
        )
        token = tokens.sign(b"somebody else's", DANA, planned, Verb.VETO, at(0, 12, 45), None, "forged")
    office.mail(at(0, 13), DANA, DANA, "", subject=f"Kept veto [{token}]", name="stop")
    office.live(at(0, 13, 30))
    with office.app() as app:
        assert app.store.decisions(DANA) == ()


# --- whose word it is ---


@pytest.mark.parametrize(
    ("results", "counts"),
    [
        ("spf=pass; dkim=pass; dmarc=pass", True),
        ("spf=fail; dkim=pass", True),
        ("spf=none; dkim=none", True),
        ("spf=fail; dkim=fail", False),
        ("spf=softfail; dkim=none", False),
        ("spf=none; dkim=fail (bad signature)", False),
        ("dmarc=fail; spf=pass", False),
    ],
)
def test_a_true_link_counts_only_in_a_mail_that_may_be_the_users(office: Office, results: str, counts: bool) -> None:
    done = next(link for link in links_of(office, "done"))
    office.mail(at(0, 13), DANA, DANA, "", subject=done, name="click")
    (click,) = (office.folder / "Maildir" / ".Sent" / "cur").glob("*click*")
    inbox = office.folder / "Maildir" / "cur" / click.name
    inbox.write_bytes(f"Authentication-Results: mx.northwind.example; {results}\r\n".encode() + click.read_bytes())
    click.unlink()
    office.live(at(0, 13, 30))
    with office.app() as app:
        assert [d.verb for d in app.store.decisions(DANA)] == ([Verb.DONE] if counts else [])


# --- several machines ---


def test_a_second_machine_with_another_key_refuses_to_run_on_the_same_database(tmp_path: Path, office: Office) -> None:
    with office.app() as app:
        other = signing_key.read_or_make(_folder(tmp_path / "other"))
        with pytest.raises(StoreError, match="Copy that file from the machine"):
            signing_key.record(app.store, other, at(0, 13), shared=True)
        signing_key.replace(app.store, other, at(0, 13))
        assert signing_key.record(app.store, other, at(0, 14), shared=True) is False
        assert signing_key.replaced_at(app.store) == at(0, 13)


@pytest.mark.parametrize(
    ("how", "written"),
    [
        ("{folder}/signing.key", KEY.hex()),
        ("{folder}/signing.key", KEY.hex().upper() + "\n"),
        ("{{file: {folder}/signing.key}}", KEY),
        ("{{password_command: cat {folder}/signing.key}}", KEY.hex()),
        ("{{password_env: KEPT_SIGNING_KEY}}", KEY.hex()),
        ("{{password_credential: signing}}", KEY.hex()),
    ],
)
def test_machines_have_one_key_by_file_command_environment_or_credential(
    office: Office, monkeypatch: pytest.MonkeyPatch, how: str, written: str | bytes
) -> None:
    for name in ("signing.key", "signing"):
        path = office.folder / name
        path.write_bytes(written if isinstance(written, bytes) else written.encode())
        path.chmod(0o600)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(office.folder))
    monkeypatch.setenv("KEPT_SIGNING_KEY", KEY.hex())
    shared(office, how.format(folder=office.folder))
    with office.app() as app:
        assert only(app).config.secret == KEY


@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [
        (b"", 0o600, "no key of 32 bytes"),
        (b"password\n", 0o600, "no key of 32 bytes"),
        (bytes(32), 0o600, "no key of 32 bytes"),
        (b"00" * 32, 0o600, "no key of 32 bytes"),
        (KEY.hex()[2:].encode(), 0o600, "no key of 32 bytes"),
        (KEY, 0o644, "others may read the key that signs the links of letters: chmod 600"),
        (None, 0, "cannot be read: No such file"),
    ],
)
def test_a_shared_key_that_cannot_be_used_is_refused_and_never_shown(
    office: Office, content: bytes | None, mode: int, said: str
) -> None:
    path = office.folder / "signing.key"
    if content is not None:
        path.write_bytes(content)
        path.chmod(mode)
    shared(office, str(path))
    with pytest.raises(StoreError, match=re.escape(said)) as error:
        App.open(office.config, {})
    assert not content or content.decode("latin-1").strip() not in error.value.message


@pytest.mark.server
def test_a_process_with_another_key_refuses_to_begin_on_a_shared_database(office: Office, postgres: Postgres) -> None:
    key = office.folder / "signing.key"
    key.write_text(KEY.hex())
    key.chmod(0o600)
    office.config.write_text(f"{office.config.read_text()}database: {postgres.database('signing_key')}\nsigning_key: {key}\n")
    with office.app() as app:
        app.begin(at(0, 12))
    key.write_text(bytes(reversed(KEY)).hex())
    with office.app() as app, pytest.raises(StoreError, match="not the one that this database's letters were signed with"):
        app.begin(at(0, 13))
    key.write_text(KEY.hex())
    with office.app() as app:
        app.begin(at(0, 14))


def test_another_key_in_a_new_configuration_needs_a_restart(office: Office) -> None:
    key = office.folder / "signing.key"
    key.write_bytes(KEY)
    key.chmod(0o600)
    with office.app() as app:
        shared(office, str(key))
        with pytest.raises(ConfigError, match="needs a restart"):
            app.reload(None)


def shared(office: Office, how: str) -> None:
    office.config.write_text(f"{office.config.read_text()}signing_key: {how}\n")
    office.config.chmod(0o600)


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def test_a_turn_signs_with_the_key_of_the_state_directory(office: Office) -> None:
    with office.app() as app:
        turn(only(app), at(0, 12, 30))
        assert only(app).config.secret == (office.folder / "state" / signing_key.FILE).read_bytes()
