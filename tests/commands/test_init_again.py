"""`kept init` with a configuration that is there: one part is changed, shown first, and every other line stays."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import children
import pytest
import terminal
import yaml
from caldav import DAVClient
from office import DANA, Office, in_business
from servers import processes
from servers.processes import PASSWORD

from daemon import clock
from daemon.config.load import load_settings


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return in_business(tmp_path)


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
        t.answer("Password of bob@example.test", "server")
        t.answer("Server for incoming mail")
        t.expect("refused to log")
        t.answer("Password of bob@example.test", PASSWORD)
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
        t.answer("Certificate file", str(dovecot.ca_file))
        t.answer("Number", "1")
        t.answer("Change these lines?")
        assert t.end() == 0
    assert len(load_settings(office.config).accounts[0].mail) == 2
    assert office.config.stat().st_mode & 0o077 == 0
    assert PASSWORD not in t.screen


@pytest.mark.server
def test_only_the_file_that_gets_the_password_becomes_the_users_alone(dovecot: processes.Dovecot, office: Office) -> None:
    whole = yaml.safe_load(office.config.read_text())
    own = office.folder / "accounts.d" / "dana.yaml"
    own.parent.mkdir()
    own.write_text(f"# Dana's\n{yaml.safe_dump(whole['accounts'][0])}")
    office.config.write_text(yaml.safe_dump({**whole, "accounts": [], "include": ["accounts.d/*.yaml"]}))
    for file in (office.config, own):
        file.chmod(0o644)
    with terminal.kept("init", "--config", str(office.config), folder=office.folder) as t:
        t.answer("What do you want to change?", "another mailbox")
        t.answer("The address of that mailbox", "alice@example.test")
        t.answer("Where is your mail", f"{dovecot.host}:{dovecot.port}")
        t.answer("Password of alice@example.test", PASSWORD)
        t.answer("Certificate file", str(dovecot.ca_file))
        t.answer("Number", "1")
        t.expect("dana.yaml:")
        t.answer("Change these lines?")
        assert t.end() == 0
    assert len(load_settings(office.config).accounts[0].mail) == 2
    assert {file.name: file.stat().st_mode & 0o077 for file in (office.config, own)} == {"config.yaml": 0o044, "dana.yaml": 0}
    assert own.read_text().startswith("# Dana's\n")
    assert PASSWORD not in t.screen


@pytest.mark.parametrize("part", ["2", "3", "8", "9"], ids=["calendars", "sending", "clients", "another mailbox"])
def test_who_has_their_teams_mailbox_is_told_where_it_stands(office: Office, part: str) -> None:
    whole = yaml.safe_load(office.config.read_text())
    account = whole["accounts"][0]
    defaults = {key: account.pop(key) for key in ("mail", "calendars") if key in account}
    office.config.write_text(yaml.safe_dump({**whole, "team": {"defaults": defaults}}))
    before = office.config.read_bytes()
    with terminal.kept("init", "--config", str(office.config), folder=office.folder) as t:
        t.answer("What do you want to change?", part)
        t.expect("what a team has in common stands under team:")
        assert t.end() == 1
    assert office.config.read_bytes() == before
