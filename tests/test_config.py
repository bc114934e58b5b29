"""The configuration: right ones become values, wrong ones name every problem with file, line and key."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from daemon import config
from daemon.core.model import Allowance, Interval, Unit
from daemon.example import example
from daemon.failures import ConfigError

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
        config.load(written(folder, text, mode), {})
    return [str(p).removeprefix(f"{folder}/") for p in error.value.problems]


def test_a_right_configuration_becomes_values(tmp_path: Path) -> None:
    settings = config.load(written(tmp_path, GOOD), {})
    office = config.office(settings, datetime(2026, 3, 1, tzinfo=UTC))
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


def test_all_problems_are_named_at_once_each_with_its_line_and_the_nearest_key(tmp_path: Path) -> None:
    text = (
        GOOD.replace("addresses: [Dana", "adresses: [Dana")
        .replace("Europe/London", "Europe/Londn")
        .replace("reply: 2h", "reply: soon")
    )
    found = problems(tmp_path, text + "statte: x\n")
    assert found == [
        "config.yaml:2: accounts[0].addresses: is missing",
        "config.yaml:3: accounts[0].adresses: is no key that Kept knows; did you mean addresses?",
        "config.yaml:4: accounts[0].time_zone: “Europe/Londn” is no time zone; did you mean Europe/London?",
        "config.yaml:17: clients[0].charter.reply: “soon” is not a duration; write for example 2h, 90m, 1 day, 2 clock hours, 6 weeks or 3 months",
        "config.yaml:20: statte: is no key that Kept knows; did you mean state?",
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "type: maildir, path",
            "type: maildirr, path",
            "accounts[0].mail[0].type: “maildirr” is not a type; known are 'maildir', 'imap'",
        ),
        (
            "type: maildir, path: Maildir",
            "type: imap, hots: x, username: y",
            "accounts[0].mail[0].hots: is no key that Kept knows; did you mean host?",
        ),
        ("domains: [acme.example]", "domains: [gmail.com]", "anybody can have an address at gmail.com"),
        ("domains: [acme.example]", "owner: eve@else.example", "no account has the address eve@else.example"),
        ("days: mon-fri", "days: mon-fry", "is no weekday"),
        ('start: "09:00"', 'start: "18:00"', "must end after they start"),
        ("holidays: GB-ENG", "holidays: 7", "accounts[0].holidays"),
        ("holidays: GB-ENG", "holidays: ZZ", "config.yaml:6: accounts[0].holidays: “ZZ” is no country whose holidays are known"),
        ("manager: lee@northwind.example", "manager: lee", "is not an e-mail address"),
        ("state: state", "state: state\nstate: again", "stands here twice, first in line 19"),
        ("addresses: [Dana", "addresses: [Dana: ", "is not valid YAML"),
    ],
)
def test_a_wrong_value_is_said_in_words(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert said in "\n".join(problems(tmp_path, GOOD.replace(old, new)))


def test_a_configuration_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="kept init"):
        config.load(tmp_path / "none.yaml", {})


def test_a_password_in_a_file_that_others_can_read_is_an_error_and_never_shown(tmp_path: Path) -> None:
    text = GOOD.replace("type: maildir, path: Maildir", "type: imap, host: h, username: u, password: hunter2")
    said = "\n".join(problems(tmp_path, text, 0o644))
    assert "chmod 600" in said
    assert "hunter2" not in said
    assert "hunter2" not in repr(config.load(written(tmp_path, text, 0o600), {}))


def test_clock_times_without_quotes_are_understood(tmp_path: Path) -> None:
    settings = config.load(written(tmp_path, GOOD.replace('"09:00"', "09:00").replace('"17:30"', "17:30")), {})
    assert config.office(settings, None).accounts[0].hours.week[0] == (Interval(time(9), time(17, 30)),)


def test_several_intervals_a_day_are_taken(tmp_path: Path) -> None:
    text = GOOD.replace(
        '{days: mon-fri, start: "09:00", end: "17:30"}', '{days: [mon, wed], hours: ["09:00-12:00", "13:00-16:00"]}'
    )
    week = config.office(config.load(written(tmp_path, text), {}), None).accounts[0].hours.week
    assert week[0] == week[2] == (Interval(time(9), time(12)), Interval(time(13), time(16)))
    assert week[1] == ()


def test_holidays_may_be_a_list_of_dates(tmp_path: Path) -> None:
    settings = config.load(written(tmp_path, GOOD.replace("holidays: GB-ENG", "holidays: [2026-03-17]")), {})
    assert config.office(settings, None).accounts[0].hours.holidays == {date(2026, 3, 17)}


def test_the_example_is_valid_and_is_the_one_that_the_models_make(tmp_path: Path) -> None:
    shipped = (Path(__file__).parent.parent / "config.example.yaml").read_text()
    assert shipped == example(), "write it anew: python -m daemon.example > config.example.yaml"
    assert config.load(written(tmp_path, shipped), {}).accounts[0].send is not None
