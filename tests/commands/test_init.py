"""`kept init`: every question is asked again until it can be used, nothing that was answered is lost, and nothing is overwritten."""

from __future__ import annotations

import signal
import subprocess
from datetime import timedelta
from pathlib import Path

import children
import pytest
import terminal
from caldav import DAVClient
from office import DANA, KIM, Office
from servers import processes
from terminal import Terminal

from daemon import clock
from daemon.config.load import load_settings
from daemon.config.settings import Settings
from daemon.setup.mail_questions import google_app
from daemon.setup.refused import Refused

PASSWORD = processes.PASSWORD


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office in business with Acme, whose mail is in a folder."""
    office = Office(tmp_path)
    for n in range(3):
        day = clock.now() - timedelta(days=40 - n)
        office.mail(day, KIM, DANA, "Hello", name=f"in{n}", subject="Invoice")
        office.mail(day + timedelta(hours=1), DANA, KIM, "Hello", name=f"out{n}")
    return office


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
    t.answer("Their name", "Birch GmbH")
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


def test_what_every_client_can_expect_is_shown_and_may_be_changed(office: Office) -> None:
    office.config.write_text(f"{office.config.read_text()}charter:\n  # as agreed in May\n  reply: 1 day\n  contact: 2 weeks\n")
    with terminal.kept("init", "--config", str(office.config), folder=office.folder) as t:
        t.answer("What do you want to change?", "7")
        t.expect("A question by email is answered within 1 working day.")
        t.answer("Is that right", "n")
        t.answer("A question by email is answered within", "soon")
        t.expect("“soon” is not a length of time")
        t.answer("A question by email is answered within", "within 4 hours")
        t.expect("A question by email is answered within 4 working hours.")
        t.answer("A call is returned within", "off")
        t.answer("You meet to ask what they expect")
        t.answer("Change these lines?")
        assert t.end() == 0
    text = office.config.read_text()
    assert "charter:\n  # as agreed in May\n  reply: 4h\n  contact: 2 weeks\n  call_back: 'off'\n" in text


@pytest.mark.server
def test_a_password_is_asked_for_again_after_a_stop_and_is_in_no_file_before_the_end(
    dovecot: processes.Dovecot, target: Path, tmp_path: Path
) -> None:
    with terminal.kept("init", "--config", str(target), folder=tmp_path) as t:
        t.answer("Your email address", "alice@example.test")
        t.answer("Your name")
        t.answer("Where is your mail", f"{dovecot.host}:{dovecot.port}")
        t.answer("Password of alice@example.test (not shown)", PASSWORD)
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


@pytest.mark.parametrize(
    ("part", "answers", "line"),
    [
        (
            "4",
            {"Your time zone": "Berlin", "Public holidays": "germany", "Your region": "Bayern", "Your working hours": "8-16"},
            "DE-BY",
        ),
        ("5", {"The digest comes": "8.30"}, "08:30"),
        ("6", {"Your manager": "lee@northwind.example", "Email the list": "y"}, "tell_manager: true"),
        ("3", {"The server for outgoing mail": "none"}, "~/.local/share/kept/outbox"),
    ],
)
def test_one_part_of_a_configuration_is_changed_and_shown_first(
    office: Office, part: str, answers: dict[str, str], line: str
) -> None:
    office.config.write_text(f"# mine\n{office.config.read_text()}# the end\n")
    before = office.config.read_text()
    with terminal.kept("init", "--config", str(office.config), folder=office.folder) as t:
        t.answer("What do you want to change?", part)
        for question, answer in answers.items():
            t.answer(question, answer)
        t.expect(line)
        t.answer("Change these lines?")
        assert t.end() == 0
        assert t.too_wide() == []
    load_settings(office.config)
    after = office.config.read_text()
    assert after.startswith("# mine\n")
    assert after.endswith("# the end\n")
    assert line in after
    assert office.config.with_name("config.yaml.before").read_text() == before


def test_a_client_is_added_from_past_mail(office: Office) -> None:
    for n in range(3):
        day = clock.now() - timedelta(days=20 - n)
        office.mail(day, "pat@gmail.com", DANA, "Hello", name=f"pat{n}")
        office.mail(day + timedelta(hours=1), DANA, "pat@gmail.com", "Hello", name=f"topat{n}")
    with terminal.kept("init", "--config", str(office.config), folder=office.folder) as t:
        t.answer("What do you want to change?", "8")
        t.answer("Clients, as in", "pat")
        assert "acme.example" not in t.screen
        t.answer("Better names", "1=Pat Jones")
        t.answer("Which of them are prospects", "none")
        t.answer("Another client")
        t.answer("Change these lines?")
        assert t.end() == 0
    assert [(c.name, c.addresses) for c in load_settings(office.config).clients][2] == ("Pat Jones", ["pat@gmail.com"])


def test_a_configuration_that_is_there_stays_as_it_is_without_a_yes(office: Office) -> None:
    before = office.config.read_bytes()
    with terminal.kept("init", "--config", str(office.config), folder=office.folder) as t:
        t.answer("What do you want to change?", "5")
        t.answer("The digest comes", "9")
        t.answer("Change these lines?", "n")
        assert t.end() == 0
    assert office.config.read_bytes() == before
    done = children.kept("init", "--config", str(office.config), given="5\n")
    assert (done.returncode, office.config.read_bytes()) == (1, before)
    assert "Nothing was changed." in done.stderr


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


SERVERS = """\
# written by hand
accounts:
  - addresses: [{user}]
    mail:
      # the company's server
      - {{type: imap, host: localhost, port: {port}, ca_file: "{ca}", username: {user}, password: old}}
    calendars:
      - {{type: caldav, url: "{dav}", username: alice, password: {password}}}   # mine
    send: {{type: smtp, host: localhost, username: {user}, password: old}}
state: state
"""


@pytest.fixture
def by_hand(dovecot: processes.Dovecot, radicale: processes.Dav, tmp_path: Path) -> Path:
    """A configuration that was written by hand, with a password that is no longer right."""
    home = DAVClient(url=radicale.url, username="alice", password=PASSWORD).principal()
    for name in {"Work", "Family"} - {calendar.get_display_name() for calendar in home.calendars()}:
        home.make_calendar(name=name)
    file = tmp_path / "config.yaml"
    places = {"port": dovecot.tls_port, "ca": dovecot.ca_file, "dav": radicale.url, "password": PASSWORD}
    file.write_text(SERVERS.format(user="bob@example.test", **places))
    file.chmod(0o600)
    return file


@pytest.mark.server
def test_a_new_password_is_tried_and_given_to_whatever_had_the_old_one(
    by_hand: Path, dovecot: processes.Dovecot, tmp_path: Path
) -> None:
    with terminal.kept("init", "--config", str(by_hand), folder=tmp_path) as t:
        t.answer("What do you want to change?", "1")
        t.answer(f"Where is your mail [localhost:{dovecot.tls_port}]")
        t.answer("Password of bob@example.test", "wrong")
        t.expect("refused to log")
        t.answer("Your user name there", "server")
        t.answer("Server for incoming mail")
        t.expect("refused to log")
        t.answer("Your user name there", "bob@example.test")
        t.answer("Password of", PASSWORD)
        t.answer("Number", "1")
        t.answer("Change these lines?", "y")
        assert t.end() == 0
        assert "password: old" not in t.screen
    account = load_settings(by_hand).accounts[0]
    assert [getattr(source, "password", None) for source in (account.mail[0], account.send)] == [PASSWORD, PASSWORD]
    text = by_hand.read_text()
    assert text.startswith("# written by hand\n")
    assert "# mine\n" in text


@pytest.mark.server
def test_the_calendar_to_book_in_is_asked_for_and_may_be_changed(by_hand: Path, tmp_path: Path) -> None:
    by_hand.write_text(by_hand.read_text().replace("password: old", f"password: {PASSWORD}"))
    with terminal.kept("init", "--config", str(by_hand), folder=tmp_path) as t:
        t.answer("What do you want to change?", "calendars")
        t.expect("Kept reads these calendars:")
        t.answer("Keep them, and add calendars")
        t.answer("Are your calendars still at")
        t.answer("Which ones show when you are busy", "work, family")
        t.answer("In which one may Kept book", "holidays")
        t.answer("In which one may Kept book", "family")
        t.answer("Change these lines?")
        assert t.end() == 0
    calendars = load_settings(by_hand).accounts[0].calendars
    assert [(c.model_dump()["calendar"], c.book) for c in calendars] == [("Family", True), ("Work", False)]


def test_calendars_from_somewhere_else_are_added_to_those_that_are_there(office: Office) -> None:
    (office.folder / "more").mkdir()
    with terminal.kept("init", "--config", str(office.config), folder=office.folder) as t:
        t.answer("What do you want to change?", "calendars")
        t.answer("Keep them, and add calendars", "y")
        t.answer("Your calendar server", "~/more")
        t.answer("Change these lines?")
        assert t.end() == 0
    calendars = load_settings(office.config).accounts[0].calendars
    assert [Path(c.model_dump()["path"]).name for c in calendars] == ["calendar", "more"]


def test_another_mailbox_is_added_and_one_of_two_is_changed_alone(office: Office) -> None:
    for name in ("two", "three"):
        (office.folder / name / "cur").mkdir(parents=True)

    def mailboxes() -> list[str]:
        return [Path(m.model_dump()["path"]).name for m in load_settings(office.config).accounts[0].mail]

    with terminal.kept("init", "--config", str(office.config), folder=office.folder) as t:
        t.answer("What do you want to change?", "another mailbox")
        t.answer("The address of that mailbox", "dana@old.example")
        t.answer("Where is your mail", "~/two")
        t.answer("Change these lines?")
        assert t.end() == 0
    assert (mailboxes(), load_settings(office.config).accounts[0].addresses) == (["Maildir", "two"], [DANA, "dana@old.example"])
    with terminal.kept("init", "--config", str(office.config), folder=office.folder) as t:
        t.answer("What do you want to change?", "1")
        t.answer("Which one? Number", "2")
        t.answer("Where is your mail", "~/three")
        t.answer("Change these lines?")
        assert t.end() == 0
    assert mailboxes() == ["Maildir", "three"]


@pytest.mark.server
def test_a_file_that_others_may_read_is_the_users_alone_once_a_password_is_in_it(
    dovecot: processes.Dovecot, office: Office
) -> None:
    office.config.chmod(0o644)
    with terminal.kept("init", "--config", str(office.config), folder=office.folder) as t:
        t.answer("What do you want to change?", "another mailbox")
        t.answer("The address of that mailbox", "alice@example.test")
        t.answer("Where is your mail", f"{dovecot.host}:{dovecot.port}")
        t.answer("Password of alice@example.test", PASSWORD)
        t.answer("Number", "1")
        t.answer("Change these lines?")
        assert t.end() == 0
    assert len(load_settings(office.config).accounts[0].mail) == 2
    assert office.config.stat().st_mode & 0o077 == 0
    assert PASSWORD not in t.screen
