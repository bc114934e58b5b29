"""The configuration: right ones become values, wrong ones name every problem with file, line and key."""

from __future__ import annotations

import ast
import subprocess
import sys
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from paths import ROOT

from daemon.config.example import example
from daemon.config.load import load_settings
from daemon.config.locations import default_path
from daemon.config.office import make_office
from daemon.errors import ConfigError
from daemon.glossary.charter import Allowance, Interval, Unit

GOOD = """\
accounts:
  - name: Dana Reyes
    addresses: [Dana@Northwind.example, d.reyes@northwind.example]
    time_zone: Europe/London
    working_hours: {days: mon-fri, start: "09:00", end: "17:30"}
    holidays: GB-ENG
    manager: lee@northwind.example
    mail:
      - {type: maildir, path: Maildir}
    calendars:
      - {type: ics, path: calendar}
    send: {type: file, path: outbox}
clients:
  - name: Acme Ltd
    domains: [acme.example]
    phones: ["020 7946 0018"]
    charter: {reply: 2h, review: 3 months}
charter: {reply: 1 day, call_back: 2 clock hours, next_step: off}
state: state
"""


def written(folder: Path, text: str, mode: int = 0o644) -> Path:
    path = folder / "config.yaml"
    path.write_text(text)
    path.chmod(mode)
    return path


def problems(folder: Path, text: str, mode: int = 0o644) -> list[str]:
    with pytest.raises(ConfigError) as error:
        load_settings(written(folder, text, mode))
    return [str(p).removeprefix(f"{folder}/") for p in error.value.problems]


def test_a_right_configuration_becomes_values(tmp_path: Path) -> None:
    settings = load_settings(written(tmp_path, GOOD))
    office = make_office(settings, datetime(2026, 3, 1, tzinfo=UTC))
    (account,), (client,) = office.accounts, office.clients
    assert account.address == "dana@northwind.example"
    assert account.hours.week[0] == (Interval(time(9), time(17, 30)),)
    assert account.hours.week[5] == ()
    assert date(2026, 4, 3) in account.hours.holidays
    assert client.phones == {"+442079460018"}
    assert client.charter.standards["reply"] == Allowance(120, Unit.BUSINESS_MINUTES)
    assert client.charter.standards["call_back"] == Allowance(120, Unit.CLOCK_MINUTES)
    assert client.charter.standards["next_step"] is None
    assert client.charter.since == datetime(2026, 3, 1, tzinfo=UTC)
    assert office.colleagues == {"northwind.example"}
    assert settings.state == tmp_path / "state"


@pytest.mark.parametrize("spelling", ["config.yaml", "./config.yaml", "../{name}/config.yaml", "{folder}/../{name}/config.yaml"])
def test_paths_are_the_same_however_the_configuration_is_named(
    spelling: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = load_settings(written(tmp_path, GOOD))
    monkeypatch.chdir(tmp_path)
    assert load_settings(Path(spelling.format(name=tmp_path.name, folder=tmp_path))) == named


def test_all_problems_are_named_at_once_each_with_its_line_and_the_nearest_key(tmp_path: Path) -> None:
    text = (
        GOOD.replace("addresses: [Dana", "adresses: [Dana")
        .replace("Europe/London", "Europe/Londn")
        .replace("reply: 2h", "reply: soon")
    )
    found = problems(tmp_path, text + "statte: x\n")
    assert found == [
        "config.yaml:2: accounts[0].addresses: is missing",
        "config.yaml:3: accounts[0].adresses: unknown key; did you mean addresses?",
        "config.yaml:4: accounts[0].time_zone: “Europe/Londn” is not a valid time zone; did you mean Europe/London?",
        "config.yaml:17: clients[0].charter.reply: “soon” is not a duration; write for example 2h, 90m, 1 day, 2 clock hours, 6 weeks or 3 months",
        "config.yaml:20: statte: unknown key; did you mean state?",
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "type: maildir, path",
            "type: maildirr, path",
            "accounts[0].mail[0].type: “maildirr” is not a valid type; use one of 'maildir', 'imap'",
        ),
        (
            "type: maildir, path: Maildir",
            "type: imap, hots: x, username: y",
            "accounts[0].mail[0].hots: unknown key; did you mean host?",
        ),
        ("domains: [acme.example]", "domains: [gmail.com]", "anyone can have an address at gmail.com"),
        ("domains: [acme.example]", "owner: eve@else.example", "there is no account with the address eve@else.example"),
        ("days: mon-fri", "days: mon-fry", "is not a weekday"),
        ('start: "09:00"', 'start: "18:00"', "must end after they start"),
        ("holidays: GB-ENG", "holidays: 7", "accounts[0].holidays"),
        (
            "holidays: GB-ENG",
            "holidays: ZZ",
            "config.yaml:6: accounts[0].holidays: “ZZ” is not a country or region whose holidays are known",
        ),
        ("manager: lee@northwind.example", "manager: lee", "is not an e-mail address"),
        ("state: state", "state: state\nstate: again", "duplicate key; first on line 19"),
        ("addresses: [Dana", "addresses: [Dana: ", "is not valid YAML"),
        ("domains: [acme.example]", "domains: [northwind.example]", "northwind.example is your own domain"),
        ("domains: [acme.example]", "domains: [https://acme.example/]", "is not a domain; write it as acme.example"),
        ("domains: [acme.example]", "addresses: [dana@northwind.example]", "belongs to one of your accounts"),
        (
            "domains: [acme.example]",
            "domains: [acme.example, Acme.Example]",
            "clients[0].domains[1]: “acme.example” already belongs to Acme Ltd",
        ),
        ('["020 7946 0018"]', '["020 7946 0018", "12"]', "config.yaml:16: clients[0].phones[1]: “12” is not a phone number"),
        ("holidays: GB-ENG", "holidays: none.ics", "none.ics cannot be read: No such file"),
        ('start: "09:00"', "start: 9", 'must be a clock time in quotes, for example "09:00"'),
        ('start: "09:00", end: "17:30"', 'start: "9:00", hours: ["10:00-12:00"]', "give either start and end or hours"),
        ('start: "09:00", end: "17:30"', "hours: {mon: ['09:00-12:00']}", "give the days either under days or under hours"),
        (
            'days: mon-fri, start: "09:00", end: "17:30"',
            "hours: {mon-tue: ['09:00-12:00'], tue: ['13:00-14:00']}",
            "Tuesday has its hours listed twice",
        ),
        (
            'days: mon-fri, start: "09:00", end: "17:30"',
            "hours: {mon: ['09:00-12:00', '11:00-13:00']}",
            "intervals must not overlap",
        ),
        ('days: mon-fri, start: "09:00", end: "17:30"', "hours: {mon: ['nine to five']}", "is not an interval"),
        ('days: mon-fri, start: "09:00", end: "17:30"', "days: []", "at least one day must have working hours"),
        ("state: state", "state: state\nhistory: 180", "config.yaml:20: history: must be a length of time with its unit"),
        ("state: state", "state: state\npoll: 0s", "config.yaml:20: poll: “0s” is not a duration"),
        ("state: state", "state: state\nreviews: {notice: 2h}", "reviews.notice: must be working days"),
        ("state: state", "state: state\ninterruptions: many", "interruptions: must be a whole number"),
        ("state: state", "state: state\ndigest: {att: 7:30}", "digest.att: unknown key; did you mean at?"),
        (
            "send: {type: file, path: outbox}",
            "send: {type: smtp, host: smtp.northwind.example, tls: none}",
            "accounts[0].send.tls: only a server on this machine can be used without TLS",
        ),
        (
            "send: {type: file, path: outbox}",
            "send: {type: smtp, host: h, username: u, password_env: A, password_credential: b}",
            "accounts[0].send: set only one of password_env and password_credential",
        ),
        (
            "send: {type: file, path: outbox}",
            "send: {type: smtp, host: h, username: u, pasword_command: pass show x}",
            "accounts[0].send.pasword_command: unknown key; did you mean password_command?",
        ),
        (
            "type: ics, path: calendar",
            "type: caldav, url: http://dav.northwind.example/, username: u",
            "accounts[0].calendars[0].url: only a server on this machine",
        ),
        ("phones: [", "phones: &a [*a, ", "an alias (*) refers to something that contains it"),
    ],
)
def test_a_wrong_value_is_said_in_words(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert said in "\n".join(problems(tmp_path, GOOD.replace(old, new)))


def test_a_configuration_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="kept init"):
        load_settings(tmp_path / "none.yaml")


def test_a_password_in_a_file_that_others_can_read_is_an_error_and_never_shown(tmp_path: Path) -> None:
    text = GOOD.replace("type: maildir, path: Maildir", "type: imap, host: h, username: u, password: hunter2")
    said = "\n".join(problems(tmp_path, text, 0o644))
    assert "chmod 600" in said
    assert "hunter2" not in said
    assert "hunter2" not in repr(load_settings(written(tmp_path, text, 0o600)))


def test_clock_times_without_quotes_are_understood(tmp_path: Path) -> None:
    settings = load_settings(written(tmp_path, GOOD.replace('"09:00"', "09:00").replace('"17:30"', "17:30")))
    assert make_office(settings, None).accounts[0].hours.week[0] == (Interval(time(9), time(17, 30)),)


def test_several_intervals_a_day_are_taken(tmp_path: Path) -> None:
    text = GOOD.replace(
        '{days: mon-fri, start: "09:00", end: "17:30"}', '{days: [mon, wed], hours: ["09:00-12:00", "13:00-16:00"]}'
    )
    week = make_office(load_settings(written(tmp_path, text)), None).accounts[0].hours.week
    assert week[0] == week[2] == (Interval(time(9), time(12)), Interval(time(13), time(16)))
    assert week[1] == ()


def test_holidays_may_be_a_list_of_dates(tmp_path: Path) -> None:
    settings = load_settings(written(tmp_path, GOOD.replace("holidays: GB-ENG", "holidays: [2026-03-17]")))
    assert make_office(settings, None).accounts[0].hours.holidays == {date(2026, 3, 17)}


def test_what_two_forms_want_is_one_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, GOOD.replace("holidays: GB-ENG", "holidays: 7")) == [
        "config.yaml:6: accounts[0].holidays: must be text; put it in quotes, or must be a list"
    ]


def test_holidays_may_be_a_calendar_beside_the_file(tmp_path: Path) -> None:
    event = (
        "BEGIN:VEVENT\r\nUID:{0}\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:{0}\r\nDTEND;VALUE=DATE:{1}\r\nEND:VEVENT\r\n"
    )
    events = event.format("20261224", "20261227") + event.format("20260317", "20260318")
    (tmp_path / "free.ics").write_text(f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{events}END:VCALENDAR\r\n")
    settings = load_settings(written(tmp_path, GOOD.replace("holidays: GB-ENG", "holidays: free.ics")))
    free = {date(2026, 3, 17), date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 26)}
    assert make_office(settings, None).accounts[0].hours.holidays == free


def test_each_day_may_have_its_own_hours(tmp_path: Path) -> None:
    text = GOOD.replace(
        '{days: mon-fri, start: "09:00", end: "17:30"}',
        '{hours: {mon-thu: ["09:00-12:30", "13:30-17:30"], friday: ["8:00-13:00"], sun: ["22:00-24:00"]}}',
    )
    week = make_office(load_settings(written(tmp_path, text)), None).accounts[0].hours.week
    assert week[0] == week[3] == (Interval(time(9), time(12, 30)), Interval(time(13, 30), time(17, 30)))
    assert week[4] == (Interval(time(8), time(13)),)
    assert week[5] == ()
    assert week[6] == (Interval(time(22), time.max),)


def test_a_national_number_is_of_the_country_of_the_clients_own_salesperson(tmp_path: Path) -> None:
    second = "  - {addresses: [uli@northwind.example], time_zone: Europe/Berlin, holidays: [2026-12-31]}\nclients:"
    text = GOOD.replace("clients:", second).replace('["020 7946 0018"]', '["030 901820"]\n    owner: uli@northwind.example')
    (client,) = make_office(load_settings(written(tmp_path, text)), None).clients
    assert client.phones == {"+4930901820"}
    assert client.owner == "uli@northwind.example"


def test_a_clients_own_zone_has_the_hours_and_holidays_of_their_salesperson(tmp_path: Path) -> None:
    text = GOOD.replace("    charter: {reply: 2h", "    time_zone: America/New_York\n    charter: {reply: 2h")
    office = make_office(load_settings(written(tmp_path, text)), None)
    (client,), (account,) = office.clients, office.accounts
    assert client.hours is not None
    assert (client.hours.zone, client.hours.week) == ("America/New_York", account.hours.week)


def test_the_clients_charter_goes_before_the_house_and_the_house_before_the_usual(tmp_path: Path) -> None:
    office = make_office(load_settings(written(tmp_path, GOOD)), None)
    standards = office.clients[0].charter.standards
    assert standards["review"] == Allowance(3, Unit.MONTHS)
    assert standards["call_back"] == Allowance(120, Unit.CLOCK_MINUTES)
    bare = GOOD.replace("charter: {reply: 2h, review: 3 months}", "stage: prospect").replace(
        "charter: {reply: 1 day, call_back: 2 clock hours, next_step: off}\n", ""
    )
    usual = make_office(load_settings(written(tmp_path, bare)), None).clients[0].charter.standards
    assert usual["reply"] == usual["call_back"] == Allowance(1, Unit.WORKING_DAYS)
    assert "next_step" not in usual  # only where it is asked for
    assert usual["review"] == Allowance(6, Unit.MONTHS)


@pytest.mark.parametrize("url", ["postgresql://kept:hunter2@db/kept", "postgresql://db/kept?user=kept&password=hunter2"])
def test_a_databases_password_is_a_secret_too(tmp_path: Path, url: str) -> None:
    said = "\n".join(problems(tmp_path, f"{GOOD}database: {url}\n", 0o640))
    assert "config.yaml:20: database: a password is allowed here only if" in said
    assert "hunter2" not in said
    assert "hunter2" not in repr(load_settings(written(tmp_path, f"{GOOD}database: {url}\n", 0o600)))
    assert load_settings(written(tmp_path, GOOD + "database: postgresql://kept@db/kept\n", 0o644)).database


@pytest.mark.parametrize("value", ["'hunter2", '"hunter2', "[hunter2]", "{a: hunter2}"])
def test_no_problem_repeats_a_secret(tmp_path: Path, value: str) -> None:
    for key in ("password", "password_command"):
        text = GOOD.replace("type: maildir, path: Maildir", f"type: imap, host: h, username: u, bad: 1, {key}: {value}")
        assert "hunter2" not in "\n".join(problems(tmp_path, text, 0o644))


def test_a_command_with_an_open_quotation_mark_is_found_before_it_is_run(tmp_path: Path) -> None:
    text = GOOD.replace("type: maildir, path: Maildir", 'type: imap, host: h, username: u, password_command: "pass \'show"')
    assert "accounts[0].mail[0].password_command: has an opening quotation mark without a closing one" in "\n".join(
        problems(tmp_path, text)
    )


def test_paths_are_meant_from_the_file_and_a_tilde_from_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "there").mkdir()
    settings = load_settings(
        written(tmp_path / "there", GOOD.replace("state: state\n", "").replace("path: Maildir", "path: ~/Maildir"))
    )
    assert settings.state == tmp_path / "home" / ".local" / "share" / "kept"
    account = settings.accounts[0]
    assert getattr(account.mail[0], "path", None) == tmp_path / "home" / "Maildir"
    assert getattr(account.calendars[0], "path", None) == tmp_path / "there" / "calendar"


def test_the_file_is_where_the_environment_says_or_at_home() -> None:
    assert default_path({"KEPT_CONFIG": "/etc/kept.yaml"}) == Path("/etc/kept.yaml")
    assert default_path({}) == Path.home() / ".config" / "kept" / "config.yaml"


@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "- a\n", "word\n", "accounts: []\n", "\x00", "a: [\n", "? [a]\n: b\n", "1: 2\n"]
)
def test_what_is_no_configuration_is_a_problem_and_never_a_crash(tmp_path: Path, text: str) -> None:
    assert problems(tmp_path, text)


def test_a_folder_and_a_file_of_bytes_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path, tmp_path / "bytes.yaml"):
        with pytest.raises(ConfigError, match="cannot be read"):
            load_settings(path)


def test_reading_the_file_loads_no_connector_and_no_database(tmp_path: Path) -> None:
    program = (
        f"import sys, pathlib; from daemon.config.load import load_settings; load_settings(pathlib.Path({str(written(tmp_path, GOOD))!r}))\n"
        "print([m for m in sys.modules if m.startswith(('connectors.', 'sqlalchemy', 'caldav', 'imapclient'))])"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=30).stdout
    assert set(ast.literal_eval(loaded)) <= {"connectors.base", "connectors.mail", "connectors.calendar", "connectors.errors"}


def test_the_example_is_valid_and_is_the_one_that_the_models_make(tmp_path: Path) -> None:
    shipped = (ROOT / "config.example.yaml").read_text()
    assert shipped == example(), "write it anew: python -m daemon.config.example > config.example.yaml"
    assert load_settings(written(tmp_path, shipped)).accounts[0].send is not None


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ('quiet: ["12:00"]', "is not an interval"),
        ('quiet: ["13:00-12:00"]', "must end after they start"),
        ('quiet: ["08:00-13:00", "13:00-18:00"]', "leaves nothing of a working day"),
        ("away: [soon]", "must be days such as"),
        ("away: [2026-07-17 to 2026-07-06]", "the first one first"),
    ],
)
def test_hours_and_days_in_which_kept_is_to_be_silent_are_checked(tmp_path: Path, key: str, said: str) -> None:
    (found,) = problems(tmp_path, GOOD.replace("    manager:", f"    {key}\n    manager:"))
    assert said in found


def test_days_off_may_be_one_date_or_a_span(tmp_path: Path) -> None:
    text = GOOD.replace("    manager:", "    away: [2026-07-06 to 2026-07-17, 2026-08-03]\n    manager:")
    (account,) = make_office(load_settings(written(tmp_path, text)), None).accounts
    assert account.away == ((date(2026, 7, 6), date(2026, 7, 17)), (date(2026, 8, 3), date(2026, 8, 3)))


@pytest.mark.parametrize("listen", ["0.0.0.0:8420", "kept.northwind.example:443", "[2001:db8::1]:8420"])
def test_a_dashboard_that_others_reach_needs_tls_in_front_of_it(tmp_path: Path, listen: str) -> None:
    (found,) = problems(tmp_path, f"{GOOD}web: {{listen: '{listen}'}}\n")
    assert "web.listen" in found
    assert "trusted_hosts" in found
    assert load_settings(written(tmp_path, f"{GOOD}web: {{listen: '{listen}', trusted_hosts: [kept.northwind.example]}}\n")).web


@pytest.mark.parametrize("host", ["https://kept.example", "*.example", "kept.example/x", "kept example"])
def test_a_trusted_host_is_a_name_and_nothing_else(tmp_path: Path, host: str) -> None:
    (found,) = problems(tmp_path, f"{GOOD}web: {{trusted_hosts: ['{host}']}}\n")
    assert "is not the name of a host" in found
