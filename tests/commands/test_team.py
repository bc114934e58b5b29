"""`kept team`: people come and go, one file each; a running Kept hears of it, and nothing invalid is ever written."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from children import kept
from office import DANA, KIM, Office
from servers.processes import Postgres

from daemon import clock
from daemon.app import App
from daemon.commands import due
from daemon.config.load import load_settings
from daemon.errors import ConfigError
from daemon.glossary.actions import ActionKind, Channel, Delivery, Parcel
from daemon.operations.owed import obligations_at
from daemon.store import Store

EVE = "eve@northwind.example"
TEAM = """\
# Our sales team.
include: [accounts.d/*.yaml, clients.d/*.yaml]
state: state
team:
  domain: northwind.example
  defaults: {time_zone: Europe/London, manager: lee@northwind.example, mail: [{type: maildir, path: "mail/{user}"}]}
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    for name in ("dana", "eve"):
        for part in ("cur", "new", "tmp"):
            (tmp_path / "mail" / name / part).mkdir(parents=True)
    path = tmp_path / "config.yaml"
    path.write_text(TEAM)
    return path


def run(config: Path, *words: str, status: int = 0) -> str:
    """Run a command of the team; what it printed, or where it fails what it said."""
    done = kept("team", *words, "--config", str(config))
    assert done.returncode == status, done.stderr or done.stdout
    assert "Traceback" not in done.stderr
    return done.stderr if status else done.stdout


def document(config: Path, *words: str) -> Any:
    return json.loads(run(config, *words, "--json"))


def file_of(config: Path, address: str) -> Path:
    return config.parent / "accounts.d" / f"{address}.yaml"


def add_client(config: Path, text: str) -> None:
    (config.parent / "clients.d").mkdir(exist_ok=True)
    (config.parent / "clients.d" / "acme.yaml").write_text(text)


# --- add ---


def test_the_first_person_of_a_team_needs_no_more_than_a_name(config: Path) -> None:
    assert "Added dana@northwind.example" in run(config, "add", "Dana")
    (account,) = load_settings(config).accounts
    assert (account.addresses, account.time_zone, account.manager) == ([DANA], "Europe/London", "lee@northwind.example")


def test_a_persons_file_is_for_its_owner_alone_and_holds_what_was_said(config: Path) -> None:
    run(config, "add", EVE, "--name", "Eve Adams", "--zone", "Europe/Berlin", "--manager", DANA, "--sees", "figures")
    path = file_of(config, EVE)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text().splitlines()[1:] == [
        f"addresses: [{EVE}]", "name: Eve Adams", "time_zone: Europe/Berlin", f"manager: {DANA}", "sees: figures",
    ]  # fmt: skip


def test_several_are_added_at_once_or_none(config: Path) -> None:
    assert document(config, "add", DANA, EVE) == {
        "added": [{"account": address, "file": str(file_of(config, address))} for address in (DANA, EVE)]
    }
    said = run(config, "add", "lee", "dana", status=1)
    assert f"{DANA} is an account already ({file_of(config, DANA)}, line 2). Nothing was changed." in said
    assert not file_of(config, "lee@northwind.example").exists()


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("dana@",), 1, "is not an email address"),
        (("../../dana@northwind.example",), 1, "No file can be named after"),
        (
            ("dana", "--zone", "Europe/Londn"),
            2,
            "dana@northwind.example.yaml:3: time_zone: “Europe/Londn” is not a valid time zone",
        ),
        (("dana", "--manager", "lee"), 2, "manager: “lee” is not an e-mail address"),
        (("dana", "eve", "--name", "Dana"), 2, "--name is for one address"),
        (("dana", "--sees", "everything"), 2, "'everything'"),
        ((), 2, "ADDRESS"),
    ],
)
def test_what_cannot_be_added_is_said_and_nothing_is_written(
    config: Path, words: tuple[str, ...], status: int, said: str
) -> None:
    assert said in run(config, "add", *words, status=status)
    assert not (config.parent / "accounts.d").exists()


def test_nobody_is_added_where_the_folder_is_not_included(config: Path) -> None:
    config.write_text(TEAM.replace("accounts.d/*.yaml, ", ""))
    assert "add accounts.d/*.yaml to its include:" in run(config, "add", "dana", status=1)
    assert not (config.parent / "accounts.d").exists()


def test_nobody_is_added_into_a_folder_below_what_is_included(config: Path) -> None:
    config.write_text(TEAM.replace("team:\n", "team:\n  accounts: accounts.d/london\n", 1))
    assert "does not read the files in" in run(config, "add", "dana", status=1)
    assert not (config.parent / "accounts.d").exists()


def test_nobody_is_added_whose_mail_nobody_can_find(config: Path) -> None:
    config.write_text(TEAM[: TEAM.index("team:")])
    assert f"does not say where the mail of {DANA} is" in run(config, "add", DANA, status=1)
    assert not file_of(config, DANA).exists()


def test_a_colleague_whose_domain_is_a_clients_is_not_added(config: Path) -> None:
    add_client(config, "name: Acme Ltd\ndomains: [acme.example]\n")
    assert "clients.d/acme.yaml:2: domains[0]: acme.example is your own domain" in run(config, "add", "x@acme.example", status=2)
    assert not (config.parent / "accounts.d").exists()


# --- list and remove ---


def test_everybody_is_listed_with_where_they_stand(config: Path) -> None:
    config.write_text(TEAM + f"accounts:\n  - addresses: [{DANA}]\n")
    run(config, "add", "eve")
    assert [(p["account"], p["manager"], p["file"], p["line"]) for p in document(config, "list")["people"]] == [
        (DANA, "lee@northwind.example", str(config), 8),
        (EVE, "lee@northwind.example", str(file_of(config, EVE)), 2),
    ]
    assert [line.split()[0] for line in run(config, "list").splitlines()] == ["address", DANA, EVE]


def test_a_person_who_leaves_loses_their_file_and_nothing_else(config: Path) -> None:
    run(config, "add", "dana", "eve")
    assert "What is stored of them stays" in run(config, "remove", "eve")
    assert not file_of(config, EVE).exists()
    assert config.read_text() == TEAM
    assert [p["account"] for p in document(config, "list")["people"]] == [DANA]


@pytest.mark.parametrize(
    ("client", "who", "said"),
    [
        ("", "lee", "There is no account lee@northwind.example"),
        (
            f"name: Acme Ltd\ndomains: [acme.example]\nowner: {EVE}\n",
            "eve",
            "acme.yaml:3: owner: there is no account with the address",
        ),
    ],
)
def test_a_person_who_cannot_go_stays(config: Path, client: str, who: str, said: str) -> None:
    run(config, "add", "dana", "eve")
    add_client(config, client)
    assert said in run(config, "remove", who, status=1)
    assert file_of(config, EVE).exists()


def test_only_a_file_that_holds_nothing_else_is_removed(config: Path) -> None:
    run(config, "add", "dana")
    (config.parent / "accounts.d" / "others.yaml").write_text(f"- addresses: [{EVE}]\n- addresses: [lee@northwind.example]\n")
    assert "stands in" in run(config, "remove", EVE, status=1)
    assert "is the only account" in _last_one(config)


def _last_one(config: Path) -> str:
    (config.parent / "accounts.d" / "others.yaml").unlink()
    return run(config, "remove", "dana", status=1)


# --- what is stored of who left ---


def store_of(config: Path) -> Store:
    return Store.open(config.parent / "state")


def sync(config: Path) -> None:
    mail = "From: kim@acme.example\r\nTo: {}\r\nDate: Mon, 2 Mar 2026 09:00:00 +0000\r\nMessage-ID: <{}>\r\nSubject: Quote\r\n\r\nCan you send it?\r\n"
    for name in ("dana", "eve"):
        (config.parent / "mail" / name / "cur" / "1.a.b:2,S").write_text(
            mail.format(f"{name}@northwind.example", f"{name}@acme.example")
        )
    add_client(config, "name: Acme Ltd\ndomains: [acme.example]\n")
    assert kept("sync", "--config", str(config)).returncode == 0


def test_who_is_forgotten_leaves_nothing_and_the_others_keep_theirs(config: Path) -> None:
    run(config, "add", "dana", "eve")
    sync(config)
    tokens = config.parent / "state" / "tokens"
    tokens.mkdir()
    for address in (DANA, EVE):
        (tokens / f"google-{address}.json").write_text("{}")
    said = run(config, "remove", "eve", "--forget", "--yes")
    assert "What was stored of them is deleted: 1 email" in said
    store = store_of(config)
    assert (len(list(store.messages(EVE))), len(list(store.messages(DANA)))) == (0, 1)
    assert {c.account for c in store.all_coverage()} == {DANA}
    assert sorted(path.name for path in tokens.iterdir()) == [f"google-{DANA}.json"]
    assert EVE.encode() not in (config.parent / "state" / "kept.db").read_bytes()


def test_who_is_kept_can_come_back(config: Path) -> None:
    run(config, "add", "dana", "eve")
    sync(config)
    run(config, "remove", "eve", "--keep")
    run(config, "add", "eve")
    assert len(list(store_of(config).messages(EVE))) == 1


def test_who_is_added_again_before_they_are_forgotten_is_not(config: Path) -> None:
    run(config, "add", "dana", "eve")
    sync(config)
    store_of(config).set_leaving(EVE, leaves=True)
    assert kept("sync", "--config", str(config)).returncode == 0
    assert len(list(store_of(config).messages(EVE))) == 1


@pytest.mark.server
def test_who_comes_back_to_a_team_of_several_machines_is_forgotten_by_none_of_them(config: Path, postgres: Postgres) -> None:
    url = postgres.database("team_add")
    config.write_text(f"{TEAM}database: {url}\n")
    run(config, "add", "dana", "eve")
    store = Store.open(url)
    store.set_leaving(EVE, leaves=True)
    run(config, "remove", "eve")
    run(config, "add", "eve")
    assert store.forget_departed([DANA], shared=True) == {}
    store.close()


@pytest.fixture
def shared(config: Path, postgres: Postgres) -> Iterator[Store]:
    """The store of a team whose workers share a database; Dana and Eve take turns in it."""
    url = postgres.database("team_remove")
    config.write_text(f"{TEAM}database: {url}\n")
    run(config, "add", "dana", "eve")
    store = Store.open(url)
    store.register_turns((DANA, EVE), datetime(2026, 3, 2, 9, tzinfo=UTC))
    yield store
    store.close()


@pytest.mark.server
def test_workers_no_longer_turn_who_was_removed_and_nothing_goes_out_for_them(config: Path, shared: Store) -> None:
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    shared.queue([_digest(DANA, now), _digest(EVE, now)], now)
    run(config, "remove", "eve")
    assert shared.turn_counts(now).accounts == 1
    assert shared.parcel_counts_by_account(Delivery.WAITING, Delivery.REFUSED) == {
        DANA: {Delivery.WAITING: 1},
        EVE: {Delivery.REFUSED: 1},
    }


@pytest.mark.server
@pytest.mark.usefixtures("shared")
def test_who_changes_a_team_of_several_machines_reads_what_its_workers_need(config: Path) -> None:
    assert "Workers go by it once you bring the file to each of their machines and reload them (SIGHUP)" in run(
        config, "add", "lee"
    )
    assert "Workers no longer turn the account. Take the file away on each of their machines and reload them" in run(
        config, "remove", "lee"
    )


def _digest(account: str, at: datetime) -> Parcel:
    return Parcel(f"digest:{account}", ActionKind.DIGEST, account, Channel.MAIL, f"<{account}@kept>", "{}", at)


def test_a_running_kept_forgets_who_left(config: Path) -> None:
    run(config, "add", "dana", "eve")
    sync(config)
    with App.open(config, {}) as app, app.lock():
        said = run(config, "remove", "eve", "--forget", "--yes")
        assert "The Kept that is running forgets what is stored of them" in said
        app.reload(None)
        app.begin(datetime(2026, 3, 3, tzinfo=UTC))
        assert list(app.store.messages(EVE)) == []
        assert list(app.runtimes) == [DANA]


def test_a_mistake_in_one_file_leaves_everything_as_it_was(config: Path) -> None:
    run(config, "add", "dana", "eve")
    with App.open(config, {}) as app:
        file_of(config, EVE).write_text("addresses: [eve@northwind.example]\nmale: []\n")
        with pytest.raises(ConfigError, match=r"eve@northwind.example.yaml:2: male: unknown key; did you mean mail\?"):
            app.reload(None)
        assert list(app.runtimes) == [DANA, EVE]
        assert app.generation == 0


def test_what_is_owed_is_answered_at_once_from_several_files_too(config: Path) -> None:
    """Neither is the configuration checked then nor any conversation followed again."""
    run(config, "add", "dana", "eve")
    sync(config)
    now = clock.now()
    fast = due._cached(config, now)
    assert fast is not None
    assert [a.address for a in fast.office.accounts] == [DANA, EVE]
    assert {a.hours.zone for a in fast.office.accounts} == {"Europe/London"}, "as the team says"
    with App.open(config, {}, read_only=True) as app:
        assert [o.key for o in fast.obligations] == [o.key for o in obligations_at(app, now)]
    file_of(config, EVE).write_text(file_of(config, EVE).read_text() + "name: Eve\n")
    assert due._cached(config, now) is None, "it was computed by another configuration"


# --- status ---


def test_the_status_says_for_each_person_what_was_read_and_what_is_wrong(config: Path) -> None:
    run(config, "add", "dana", "eve", "lee")
    assert "3 people; 0 with a problem, 3 not read" in run(config, "status"), "before anything was read"
    sync_all = kept("sync", "--config", str(config))
    assert sync_all.returncode == 1, "Lee's mailbox is not there"
    found = {p["account"]: p for p in document(config, "status")["people"]}
    assert [bool(p["read_until"]) for p in found.values()] == [True, True, False]
    assert "is not a Maildir" in found["lee@northwind.example"]["problems"][0]
    assert "3 people; 1 with a problem, 1 not read" in run(config, "status")


def test_what_waits_to_go_out_is_counted_for_each_person(config: Path) -> None:
    run(config, "add", "dana", "eve")
    assert kept("sync", "--config", str(config)).returncode == 0
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    store_of(config).queue([_digest(DANA, now)], now)
    assert [p["queue"]["waiting"] for p in document(config, "status")["people"]] == [1, 0]


def test_a_running_kept_takes_people_in_and_lets_them_go(tmp_path: Path) -> None:
    office = Office(tmp_path)
    for part in ("cur", "new", "tmp"):
        (tmp_path / "mail" / "eve" / part).mkdir(parents=True)
    office.config.write_text(office.config.read_text() + TEAM.replace("state: state\n", ""))
    office.mail(datetime(2026, 3, 2, 9, tzinfo=UTC), KIM, DANA, "Can you send me the revised quote?")
    with office.app() as app:
        run(office.config, "add", "eve")
        app.reload(None)
        assert list(app.runtimes) == [DANA, EVE]
        run(office.config, "remove", "eve")
        app.reload(None)
        assert list(app.runtimes) == [DANA]
