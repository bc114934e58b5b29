"""`kept init`: every question is asked again until it can be used, nothing that was answered is lost, and nothing is overwritten."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import children
import pytest
import terminal
from office import DANA, Office, in_business
from servers import processes
from terminal import Terminal

from daemon.config.load import load_settings
from daemon.config.settings import Settings
from daemon.setup.mail_questions import google_app
from daemon.setup.refused import Refused

PASSWORD = processes.PASSWORD


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return in_business(tmp_path)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "mine" / "config.yaml"


def to_the_hours(t: Terminal, office: Office) -> None:
    """Answer up to the working hours."""
    t.answer("Your email address", DANA)
    t.answer("Your name", "Dana Reyes")
    t.answer("Where is your mail", str(office.folder / "Maildir"))
    t.answer("Your calendar server", str(office.folder / "calendar"))
    t.answer("The server for outgoing mail", "none")
    t.answer("Your time zone", "UK")
    t.answer("Public holidays of which country or region")


def from_the_hours(t: Terminal) -> None:
    t.answer("Your working hours")
    t.answer("The digest comes", "8.30")
    t.answer("Your manager", "lee@northwind.example")
    t.answer("Email the list to lee@northwind.example as well")
    t.expect("A question by email is answered within 1 working day.")
    t.answer("Is that right")
    t.expect("acme.example")
    t.answer("Clients, as in")
    t.answer("Better names", "2=Birch")
    t.expect("is not in the list")
    t.answer("Better names", "1=Acme Ltd")
    t.answer("Which of them are prospects")
    t.answer("Another client", "@birch.example")
    t.answer("The name of birch.example", "Birch GmbH")
    t.answer("Another client", "none")
    t.answer("look back", "n")


def check(target: Path) -> Settings:
    """The configuration that these answers make."""
    settings = load_settings(target)
    account = settings.accounts[0]
    assert target.stat().st_mode & 0o077 == 0
    assert (account.addresses, account.time_zone, account.manager, account.tell_manager) == (
        [DANA],
        "Europe/London",
        "lee@northwind.example",
        False,
    )
    assert f"{settings.digest.at:%H:%M}" == "08:30"
    assert [(c.name, c.domains) for c in settings.clients] == [("Acme Ltd", ["acme.example"]), ("Birch GmbH", ["birch.example"])]
    return settings


def test_the_answers_become_a_private_configuration_that_is_valid(office: Office, target: Path) -> None:
    with terminal.kept("init", "--config", str(target), folder=office.folder) as t:
        to_the_hours(t, office)
        from_the_hours(t)
        t.expect("Next: kept run --config ~/mine/config.yaml")
        assert t.end() == 0
    check(target)
    assert sorted(file.name for file in target.parent.iterdir()) == ["config.yaml"]


@pytest.mark.parametrize("way", ["Ctrl-C", "hang-up"])
def test_a_run_that_was_stopped_goes_on_where_it_stopped(office: Office, target: Path, way: str) -> None:
    with terminal.kept("init", "--config", str(target), folder=office.folder) as t:
        to_the_hours(t, office)
        t.expect("Your working hours")
        t.interrupt() if way == "Ctrl-C" else t.hang_up()
        t.expect("Your answers so far are in ~/mine/config.yaml.unfinished, without passwords.")
        assert t.end() == 1
    unfinished = target.with_name("config.yaml.unfinished")
    assert unfinished.stat().st_mode & 0o077 == 0
    with terminal.kept("init", "--config", str(target), folder=office.folder) as t:
        t.answer("You began before, for dana@northwind.example. Go on")
        t.answer("Your time zone: a city or a country [Europe/London]")
        t.answer("Public holidays of which country or region [England")
        from_the_hours(t)
        assert t.end() == 0
    check(target)
    assert not unfinished.exists()


def test_a_run_that_was_killed_has_kept_its_steps(office: Office, target: Path) -> None:
    with terminal.kept("init", "--config", str(target), folder=office.folder) as t:
        to_the_hours(t, office)
        t.kill(signal.SIGKILL)
    with terminal.kept("init", "--config", str(target), folder=office.folder) as t:
        t.answer("You began before, for dana@northwind.example. Go on", "no")
        t.expect("Your email address")


def test_back_asks_what_was_answered_last_once_more(office: Office, target: Path) -> None:
    with terminal.kept("init", "--config", str(target), folder=office.folder) as t:
        to_the_hours(t, office)
        t.answer("Your working hours", "back")
        t.answer("Public holidays", "back")
        t.answer("Your time zone", "back")
        t.answer("The server for outgoing mail", "back")
        t.answer("Your calendar server", "none")
        t.expect("Without a calendar")
        t.answer("The server for outgoing mail", "none")
        t.answer("Your time zone")
        t.answer("Public holidays")
        from_the_hours(t)
        assert t.end() == 0
    assert check(target).accounts[0].calendars == []


@pytest.mark.server
def test_a_password_is_asked_for_again_after_a_stop_and_is_in_no_file_before_the_end(
    dovecot: processes.Dovecot, target: Path, tmp_path: Path
) -> None:
    with terminal.kept("init", "--config", str(target), folder=tmp_path) as t:
        t.answer("Your email address", "alice@example.test")
        t.answer("Your name")
        t.answer("Where is your mail", f"{dovecot.host}:{dovecot.port}")
        t.answer("Password of alice@example.test (not shown)", PASSWORD)
        t.answer("Certificate file", str(dovecot.ca_file))
        t.answer("Number", "1")
        t.expect("Your calendar server")
        t.interrupt()
        assert t.end() == 1
        assert PASSWORD not in t.screen
    assert PASSWORD not in target.with_name("config.yaml.unfinished").read_text()
    with terminal.kept("init", "--config", str(target), folder=tmp_path) as t:
        t.answer("Go on where you stopped")
        t.answer("Password of alice@example.test (not shown)", PASSWORD)
        t.answer("Number", "1")
        t.answer("Your calendar server", "none")
        t.answer("The server for outgoing mail", "none")
        for question in (
            "Your time zone",
            "Public holidays",
            "Your working hours",
            "The digest",
            "Your manager",
            "Is that right",
            "Another client",
        ):
            t.answer(question)
        t.answer("look back", "n")
        assert t.end() == 0
    assert load_settings(target).accounts[0].mail[0].model_dump()["password"] == PASSWORD


def to_the_wrong_password(t: Terminal, dovecot: processes.Dovecot) -> None:
    """Answer up to the question that follows a password that was refused; the certificate is accepted by then."""
    t.answer("Your email address", "alice@example.test")
    t.answer("Your name")
    t.answer("Where is your mail", f"localhost:{dovecot.port}")
    t.answer("Password of alice@example.test (not shown)", "opensesame")
    t.expect("cannot be trusted")
    t.answer("Certificate file", str(dovecot.ca_file))
    t.expect("localhost refused to log alice@example.test in; check the user name and the password.")


@pytest.mark.server
@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM, signal.SIGKILL])
def test_whatever_ends_it_within_the_log_in_leaves_the_server_and_its_certificate(
    dovecot: processes.Dovecot, target: Path, tmp_path: Path, number: signal.Signals
) -> None:
    with terminal.kept("init", "--config", str(target), folder=tmp_path) as t:
        to_the_wrong_password(t, dovecot)
        t.expect("Password of alice@example.test (not shown)")
        t.kill(number)
        assert t.end() != 0
    assert "opensesame" not in target.with_name("config.yaml.unfinished").read_text()
    with terminal.kept("init", "--config", str(target), folder=tmp_path) as t:
        t.answer("Go on where you stopped")
        t.answer(f"Where is your mail [localhost:{dovecot.port}]")
        t.answer("Password of alice@example.test (not shown)", PASSWORD)
        t.expect("That works, encrypted:")
        assert "Certificate file" not in t.screen
        t.interrupt()


@pytest.mark.server
def test_after_a_wrong_password_the_password_is_asked_for_again_and_what_is_typed_stays_hidden(
    dovecot: processes.Dovecot, target: Path, tmp_path: Path
) -> None:
    with terminal.kept("init", "--config", str(target), folder=tmp_path) as t:
        to_the_wrong_password(t, dovecot)
        t.answer("Password of alice@example.test (not shown)", "open sesame")
        t.expect("refused to log alice@example.test in")
        t.answer("Password of alice@example.test (not shown)", PASSWORD)
        t.expect(", and new mail is noticed at once.")
        assert not any(password in t.screen for password in ("opensesame", "open sesame", PASSWORD))
        t.interrupt()


@pytest.mark.server
def test_a_password_is_no_user_name_unless_the_user_says_so(dovecot: processes.Dovecot, target: Path, tmp_path: Path) -> None:
    with terminal.kept("init", "--config", str(target), folder=tmp_path) as t:
        to_the_wrong_password(t, dovecot)
        t.answer("Password of alice@example.test (not shown)", "user")
        t.answer("Your user name there [alice@example.test]", "opensesame")
        t.answer("Is it your user name, too?")
        t.answer("Your user name there [alice@example.test]", "alice")
        t.expect("Password of alice (not shown)")
        t.interrupt()


def written(folder: Path, target: Path, answers: list[str]) -> subprocess.CompletedProcess[str]:
    given = "".join(f"{answer}\n" for answer in answers)
    return children.kept("init", "--config", str(target), given=given, folder=folder)


TO_THE_CLIENTS = ["Europe/London", "GB-ENG", "9-5", "8", "none", "y"]


def test_google_takes_the_file_that_google_gives_and_asks_again_for_another(tmp_path: Path) -> None:
    app = tmp_path / "client_secret.json"
    app.write_text('{"installed": {"client_id": "an-app", "client_secret": "its secret"}}')
    answers = ["dana@gmail.com", "Dana", "", str(tmp_path / "x"), str(app), "n", *TO_THE_CLIENTS, "acme.example", "", ""]
    done = written(tmp_path, tmp_path / "mine.yaml", answers)
    assert done.returncode == 0, done.stderr
    assert "kept auth dana@gmail.com" in done.stderr
    settings = load_settings(tmp_path / "mine.yaml")
    account = settings.accounts[0]
    assert [account.mail[0].type, account.calendars[0].type, account.send and account.send.type] == ["gmail", "google", "gmail"]
    assert settings.oauth.google is not None
    assert settings.oauth.google.client_id == "an-app"
    assert [c.domains for c in settings.clients] == [["acme.example"]]


def test_an_apps_secret_is_not_among_the_unfinished_answers(tmp_path: Path) -> None:
    app = tmp_path / "client_secret.json"
    app.write_text('{"installed": {"client_id": "an-app", "client_secret": "its secret"}}')
    assert written(tmp_path, tmp_path / "mine.yaml", ["dana@gmail.com", "Dana", "gmail", str(app), "n", "London"]).returncode == 1
    assert "its secret" not in (tmp_path / "mine.yaml.unfinished").read_text()
    rest = ["y", "gmail", str(app), "n", *TO_THE_CLIENTS, ""]
    assert written(tmp_path, tmp_path / "mine.yaml", rest).returncode == 0
    assert "its secret" in (tmp_path / "mine.yaml").read_text()


def test_a_service_accounts_key_is_named_and_never_copied(tmp_path: Path) -> None:
    key = tmp_path / "key.json"
    key.write_text('{"type": "service_account", "private_key": "confidential"}')
    assert google_app(str(key)) == {"service_account": str(key)}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "not the file"),
        ('{"web": {"client_id": "a", "client_secret": "b"}}', "Desktop app"),
        ('{"installed": {}}', "not the file"),
    ],
)
def test_another_file_than_googles_is_refused(tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / "x.json").write_text(content)
    with pytest.raises(Refused, match=words):
        google_app(str(tmp_path / "x.json"))


def test_microsoft_asks_for_the_app_and_the_tenant(tmp_path: Path) -> None:
    answers = ["dana@hotmail.com", "Dana", "", "an-app", "", "n", *TO_THE_CLIENTS, ""]
    done = written(tmp_path, tmp_path / "mine.yaml", answers)
    assert done.returncode == 0, done.stderr
    settings = load_settings(tmp_path / "mine.yaml")
    assert settings.accounts[0].mail[0].type == "graph"
    assert settings.oauth.microsoft is not None
    assert (settings.oauth.microsoft.client_id, settings.oauth.microsoft.tenant) == ("an-app", "consumers")
