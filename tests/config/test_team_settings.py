"""What a team says for everybody: it holds where an account says nothing, and is checked once."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from daemon.config.account_settings import AccountSettings
from daemon.config.load import load_settings
from daemon.errors import ConfigError

GOOGLE = "oauth: {google: {service_account: /etc/kept/google.json}}\n"


def config(folder: Path, team: str, *accounts: str, more: str = "") -> Path:
    path = folder / "config.yaml"
    entries = "".join(f"  - {account}\n" for account in accounts)
    path.write_text(f"team: {team}\naccounts:\n{entries}{more}")
    path.chmod(0o600)
    return path


def settled(folder: Path, team: str, account: str = "{addresses: [dana@northwind.example]}", more: str = "") -> AccountSettings:
    (found,) = load_settings(config(folder, team, account, more=more)).accounts
    return found


def problems(path: Path) -> list[str]:
    with pytest.raises(ConfigError) as error:
        load_settings(path)
    return [f"{p.line} {p.key}: {p.message}" for p in error.value.problems]


DEFAULTS = (
    "{defaults: {time_zone: Europe/London, holidays: GB-ENG, working_hours: {end: '16:00'}, manager: lee@northwind.example}}"
)


def test_an_account_has_what_its_team_says(tmp_path: Path) -> None:
    account = settled(tmp_path, DEFAULTS)
    assert (account.time_zone, account.holidays, account.manager) == ("Europe/London", "GB-ENG", "lee@northwind.example")
    assert account.working_hours.end == time(16)


def test_what_an_account_says_itself_goes_first_even_where_it_is_the_usual(tmp_path: Path) -> None:
    account = settled(tmp_path, DEFAULTS, "{addresses: [dana@northwind.example], time_zone: UTC, manager: null, holidays: []}")
    assert (account.time_zone, account.manager, account.holidays) == ("UTC", None, [])
    assert account.working_hours.end == time(16)


@pytest.mark.parametrize(
    ("provider", "kinds"), [("google", ["gmail", "google", "gmail"]), ("microsoft", ["graph", "graph", "graph"])]
)
def test_a_provider_says_where_mail_and_calendars_are(tmp_path: Path, provider: str, kinds: list[str]) -> None:
    app = GOOGLE if provider == "google" else "oauth: {microsoft: {client_id: an-app, certificate: /etc/kept/microsoft.pem}}\n"
    account = settled(tmp_path, f"{{provider: {provider}}}", more=app)
    assert account.send is not None
    assert [account.mail[0].type, account.calendars[0].type, account.send.type] == kinds


def test_an_account_elsewhere_keeps_its_own_mailbox(tmp_path: Path) -> None:
    account = settled(tmp_path, "{provider: google}", "{addresses: [x@y.example], mail: [{type: maildir, path: m}]}", GOOGLE)
    assert [source.type for source in (*account.mail, *account.calendars)] == ["maildir", "google"]


def test_the_persons_own_address_stands_where_a_default_leaves_it_open(tmp_path: Path) -> None:
    mail = '{type: imap, host: imap.northwind.example, username: "{address}*kept", password_command: "get-password {user}"}'
    account = settled(tmp_path, f'{{defaults: {{mail: [{mail}, {{type: maildir, path: "mail/{{user}}"}}]}}}}')
    imap, maildir = account.mail
    assert imap.type == "imap"
    assert (imap.username, imap.password_command) == ("dana@northwind.example*kept", ["get-password", "dana"])
    assert maildir.type == "maildir"
    assert maildir.path == tmp_path / "mail/dana"


def test_an_address_adds_no_words_to_a_command(tmp_path: Path) -> None:
    mail = "{type: imap, host: h, username: u, password_command: get-password {address}}"
    account = settled(
        tmp_path,
        f"{{defaults: {{mail: [{mail.replace('get-password {address}', chr(34) + 'get-password {address}' + chr(34))}]}}}}",
        '{addresses: ["o\'brien@y.example"]}',
    )
    assert account.mail[0].password_command == ["get-password", "o'brien@y.example"]  # type: ignore[union-attr]  # it is at an IMAP server


def test_a_mistake_among_the_defaults_is_said_once_where_it_stands(tmp_path: Path) -> None:
    people = [f"{{addresses: [{name}@northwind.example]}}" for name in ("dana", "eve", "lee")]
    assert problems(config(tmp_path, "{defaults: {mail: [{type: gmail}]}}", *people)) == [
        "1 team.defaults.mail[0]: needs an app under oauth: google: to sign in with; docs/providers.md explains how to register one"
    ]
    (unknown,) = problems(config(tmp_path, "{defaults: {zone: UTC}}", *people))
    assert unknown.startswith("1 team.defaults.zone: unknown key")
    (address,) = problems(config(tmp_path, "{defaults: {addresses: [x@y.example]}}", *people))
    assert address.startswith("1 team.defaults.addresses: unknown key")


@pytest.mark.parametrize("app", ["", "oauth: {google: {client_id: a, client_secret: {password_env: X}}}\n"])
def test_a_team_at_a_provider_needs_an_app_that_acts_for_all(tmp_path: Path, app: str) -> None:
    (found,) = problems(config(tmp_path, "{provider: google}", "{addresses: [x@y.example]}", more=app))
    assert found.startswith("1 team.provider: needs an app under oauth: google: that acts for the whole team")


def test_the_folder_of_a_teams_accounts_is_named_so(tmp_path: Path) -> None:
    assert load_settings(config(tmp_path, "{accounts: /srv/accounts.team}", "{addresses: [x@y.example]}")).team is not None
    (found,) = problems(config(tmp_path, "{accounts: people}", "{addresses: [x@y.example]}"))
    assert found.startswith("1 team.accounts: must be a folder named accounts or accounts.d")


def test_a_team_without_anybody_says_how_to_begin(tmp_path: Path) -> None:
    path = config(tmp_path, "{provider: google}")
    path.write_text(f"include: [accounts.d/*.yaml]\nteam: {{provider: google}}\n{GOOGLE}")
    assert problems(path) == ["2 team: nobody is in the team yet; add them with: kept team add ADDRESS"]


def test_a_manager_who_may_see_nothing_of_others_is_told_nothing_of_them(tmp_path: Path) -> None:
    people = [
        "{addresses: [dana@northwind.example], manager: lee@northwind.example, tell_manager: true}",
        "{addresses: [lee@northwind.example], sees: own}",
    ]
    (found,) = problems(config(tmp_path, "{}", *people))
    assert found.startswith("3 accounts[0].manager: lee@northwind.example is told what is overdue here")


def test_a_teams_calendar_of_holidays_is_every_accounts(tmp_path: Path) -> None:
    event = "BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:20260706\r\nSUMMARY:Closed\r\nEND:VEVENT\r\n"
    (tmp_path / "closed.ics").write_text(f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{event}END:VCALENDAR\r\n")
    from daemon.config.countries import holiday_dates

    assert holiday_dates(settled(tmp_path, "{defaults: {holidays: closed.ics}}").holidays) == {date(2026, 7, 6)}
    (tmp_path / "closed.ics").write_text((tmp_path / "closed.ics").read_text().replace("20260706", "20260707") + " ")
    assert holiday_dates(settled(tmp_path, "{defaults: {holidays: closed.ics}}").holidays) == {date(2026, 7, 7)}
