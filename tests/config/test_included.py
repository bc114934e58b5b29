"""A configuration in several files: each entry in its place, and every problem named with the file and line where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from cost import measured

from daemon.config import included
from daemon.config.fingerprint import fingerprint
from daemon.config.load import load, load_settings
from daemon.config.office import make_office
from daemon.errors import ConfigError

MAIN = "include: [accounts.d/*.yaml, clients.d/*.yaml]\nstate: state\n"
DANA = "addresses: [dana@northwind.example]\nmail:\n  - {type: maildir, path: Maildir}\n"
ACME = "name: Acme Ltd\ndomains: [acme.example]\n"


def tree(folder: Path, **files: str) -> Path:
    """Write files, named as dana@accounts.d for accounts.d/dana.yaml, and return the configuration."""
    for name, text in {"config": MAIN, **files}.items():
        stem, _, of = name.partition("@")
        path = folder / of / f"{stem}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        path.chmod(0o600)
    return folder / "config.yaml"


def problems(folder: Path, **files: str) -> list[str]:
    with pytest.raises(ConfigError) as error:
        load_settings(tree(folder, **files))
    return [str(p).replace(f"{folder}/", "") for p in error.value.problems]


def names(config: Path) -> tuple[list[str], list[str]]:
    settings = load_settings(config)
    return [a.addresses[0].partition("@")[0] for a in settings.accounts], [c.name for c in settings.clients]


def test_an_account_and_a_client_may_each_have_a_file(tmp_path: Path) -> None:
    config = tree(tmp_path, **{"dana@accounts.d": DANA, "acme@clients.d": ACME})
    assert names(config) == (["dana"], ["Acme Ltd"])


def test_a_file_may_hold_a_list_or_say_itself_what_it_holds(tmp_path: Path) -> None:
    both = "accounts:\n  - addresses: [lee@northwind.example]\nclients:\n  - {name: Blue, domains: [blue.example]}\n"
    files = {
        "sales@accounts.d": "- addresses: [dana@northwind.example]\n- addresses: [eve@northwind.example]\n",
        "office@parts": both,
    }
    main = MAIN.replace("accounts.d/*", "accounts.d/*.yaml, parts/*")
    assert names(tree(tmp_path, config=main, **files)) == (["dana", "eve", "lee"], ["Blue"])


def test_the_configurations_own_come_first_and_the_others_in_the_order_of_their_names(tmp_path: Path) -> None:
    files = {f"{name}@accounts.d": DANA.replace("dana", name) for name in ("c", "a", "b")}
    config = tree(tmp_path, config=MAIN + "accounts:\n  - addresses: [z@northwind.example]\n", **files)
    assert names(config)[0] == ["z", "a", "b", "c"]


def test_a_pattern_is_meant_from_the_file_that_includes_and_a_path_from_the_configuration(tmp_path: Path) -> None:
    files = {"index@sub": "include: [accounts.yaml]\n", "accounts@sub": f"- {DANA.replace(chr(10), chr(10) + '  ').rstrip()}\n"}
    config = tree(tmp_path, config="include: [sub/index.yaml]\n", **files)
    (account,) = load_settings(config).accounts
    assert account.mail[0].path == tmp_path / "Maildir"  # type: ignore[union-attr]  # it is a Maildir


def test_what_two_patterns_match_is_read_once(tmp_path: Path) -> None:
    main = MAIN.replace("clients.d/*.yaml", "accounts.d/dana.yaml")
    assert names(tree(tmp_path, config=main, **{"dana@accounts.d": DANA}))[0] == ["dana"]


def test_a_pattern_that_matches_nothing_is_fine_and_a_file_that_is_missing_is_not(tmp_path: Path) -> None:
    main = MAIN.replace("clients.d/*.yaml", "clients.d/*.yaml, more.yaml")
    assert problems(tmp_path, config=main, **{"dana@accounts.d": DANA}) == ["config.yaml:1: include[2]: more.yaml does not exist"]


def test_a_file_that_includes_itself_by_a_detour_is_an_error(tmp_path: Path) -> None:
    files = {"a@parts": "include: [b.yaml]\n", "b@parts": "accounts: []\ninclude: ['*.yaml']\n", "dana@accounts.d": DANA}
    found = problems(tmp_path, config=MAIN.replace("clients.d/*.yaml", "parts/a.yaml"), **files)
    assert found == [
        "parts/b.yaml:2: include[0]: parts/a.yaml includes itself",
        "parts/b.yaml:2: include[0]: parts/b.yaml includes itself",
    ]


def test_a_file_that_is_half_written_beside_the_others_is_not_read(tmp_path: Path) -> None:
    config = tree(tmp_path, **{"dana@accounts.d": DANA, ".eve@accounts.d": "not: [whole"})
    assert names(config)[0] == ["dana"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("addresses: [dana@northwind.example]\nzone: x\n", "accounts.d/dana.yaml:2: zone: unknown key"),
        ("addresses: [dana@northwind.example]\nsees: all\n", "accounts.d/dana.yaml:2: sees: “all” is not valid; use 'own', 'team' or 'figures'"),
        ("name: Dana\n", "accounts.d/dana.yaml:1: addresses: is missing"),
        ("- {name: x, addresses: [x@y.example]}\n- addresses: dana\n", "accounts.d/dana.yaml:2: [1].addresses: must be a list"),
        ("accounts:\n  - addresses: dana\n", "accounts.d/dana.yaml:2: accounts[0].addresses: must be a list"),
        ("accounts: []\ncharter: {reply: 2h}\n", "accounts.d/dana.yaml:2: charter: an included file holds only accounts and clients; move this to config.yaml"),
        ("addresses: [a: b: c]\n", "accounts.d/dana.yaml:1: is not valid YAML"),
        ("addresses: [x@y.example]\naddresses: [z@y.example]\n", "accounts.d/dana.yaml:2: addresses: duplicate key; first on line 1"),
        ("accounts: {addresses: [x@y.example]}\n", "accounts.d/dana.yaml:1: accounts: must be a list"),
        ("include: other.yaml\n", "accounts.d/dana.yaml:1: include: must be a list of file names or patterns"),
        ("just words\n", "accounts.d/dana.yaml:1: must be a group of keys, each with a value"),
        (
            "addresses: [dana@northwind.example]\nmail:\n  - {type: gmail}\n",
            "accounts.d/dana.yaml:3: mail[0]: needs an app under oauth: google:",
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_said_with_the_file_and_line_where_it_stands(tmp_path: Path, text: str, said: str) -> None:
    other = {"eve@accounts.d": DANA.replace("dana", "eve")}
    assert [p for p in problems(tmp_path, **{"dana@accounts.d": text, **other}) if said in p]


def test_mistakes_in_several_files_are_said_at_once(tmp_path: Path) -> None:
    files = {"dana@accounts.d": "addresses: dana\n", "acme@clients.d": "name: Acme\nstage: gone\n"}
    found = problems(tmp_path, config=MAIN + "poll: often\n", **files)
    assert [p.partition(": ")[0] for p in found] == ["config.yaml:3", "accounts.d/dana.yaml:1", "clients.d/acme.yaml:2"]


def test_what_two_files_claim_is_said_with_both_places(tmp_path: Path) -> None:
    files = {"dana@accounts.d": DANA, "acme@clients.d": ACME, "zorn@clients.d": ACME.replace("Acme Ltd", "Zorn AG")}
    (found,) = problems(tmp_path, **files)
    assert found == (
        "clients.d/zorn.yaml:2: domains[0]: “acme.example” already belongs to Acme Ltd (clients.d/acme.yaml, line 2)"
    )


def test_a_file_must_say_what_it_holds_where_no_name_does(tmp_path: Path) -> None:
    found = problems(
        tmp_path, config=MAIN.replace("clients.d/*.yaml", "others/*.yaml"), **{"acme@others": ACME, "dana@accounts.d": DANA}
    )
    assert found == [
        "others/acme.yaml:1: does not say what it holds: write accounts: or clients: above it, or give the file or its folder such a name"
    ]


@pytest.mark.parametrize("name", ["clients.service@accounts.d", "dana@accounts", "accounts@clients.old", "accounts@clients"])
def test_the_files_own_name_goes_before_its_folders(tmp_path: Path, name: str) -> None:
    stem, _, folder = name.partition("@")
    assert names(tree(tmp_path, config=f"include: [{folder}/{stem}.yaml]\n", **{name: DANA}))[0] == ["dana"]


def test_a_password_in_an_included_file_that_others_can_read_is_an_error(tmp_path: Path) -> None:
    login = "addresses: [dana@northwind.example]\nmail:\n  - {type: imap, host: h, username: u, password: hunter2}\n"
    config = tree(tmp_path, **{"dana@accounts.d": login})
    assert len(load_settings(config).accounts) == 1
    config.chmod(0o644)
    assert len(load_settings(config).accounts) == 1, "it holds no secret itself"
    (tmp_path / "accounts.d/dana.yaml").chmod(0o644)
    with pytest.raises(ConfigError, match="chmod 600") as error:
        load_settings(config)
    assert "hunter2" not in str(error.value)


def test_the_fingerprint_changes_with_every_file_that_counts(tmp_path: Path) -> None:
    config = tree(tmp_path, **{"dana@accounts.d": DANA, "acme@clients.d": ACME})
    seen = [fingerprint(included.read(config))]
    assert fingerprint(load(config).file) == seen[0]
    for path, text in (
        (tmp_path / "clients.d/acme.yaml", ACME + "stage: lost\n"),
        (tmp_path / "accounts.d/eve.yaml", DANA.replace("dana", "eve")),
        (tmp_path / "charters/acme/2026-01-05.yaml", "client: Acme Ltd\nfrom: 2026-01-05\nreply: 2h\n"),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        seen.append(fingerprint(included.read(config)))
    assert len(set(seen)) == len(seen)


def test_what_has_not_changed_is_not_parsed_again(tmp_path: Path) -> None:
    config = tree(tmp_path, **{"dana@accounts.d": DANA, "acme@clients.d": ACME})
    first = load(config)
    (tmp_path / "clients.d/acme.yaml").write_text(ACME + "stage: lost\n")
    again = load(config, first.file)
    assert [any(file is old for old in first.file.files) for file in again.file.files] == [True, False]
    assert again.settings == load_settings(config)
    assert again.settings != first.settings


def test_many_files_cost_as_much_each_as_few(tmp_path: Path) -> None:
    """Ten times the files, each account with an owner of clients: at most fifteen times the work, so nothing looks through all of them."""
    costs = []
    for count in (40, 400):
        folder = tmp_path / str(count)
        folder.mkdir()
        accounts = {
            f"p{n}@accounts.d": f"addresses: [p{n}@northwind.example]\nholidays: GB-ENG\nmail:\n  - {{type: maildir, path: m}}\n"
            for n in range(count)
        }
        clients = {
            f"c{n}@clients.d": f"name: Client {n}\ndomains: [c{n}.example]\nphones: ['+44 20 7946 0018']\nowner: p{n}@northwind.example\n"
            for n in range(count)
        }
        config = tree(folder, **accounts, **clients)
        load_settings(config)
        costs.append(measured(lambda config=config: make_office(load_settings(config), None), limit=count * 0.08).units)  # type: ignore[misc]  # bound as it is now
    assert costs[1] < 15 * costs[0]


@pytest.mark.parametrize(
    ("pattern", "file"),
    [
        ("accounts.d/*.yaml", "accounts.d/dana.yaml"),
        ("accounts.d/*.yaml", "accounts.d/london/dana.yaml"),
        ("*.yaml", "accounts.d/dana.yaml"),
        ("*/*.yaml", "accounts.d/dana.yaml"),
        ("**/*.yaml", "accounts.d/dana.yaml"),
        ("accounts.d/**/*.yaml", "accounts.d/dana.yaml"),
        ("accounts.d/**/*.yaml", "accounts.d/london/west/dana.yaml"),
        ("accounts.d/[a-c]*.yaml", "accounts.d/dana.yaml"),
        ("accounts.d/*", "accounts.d/.dana.yaml"),
        ("accounts.d/dana.yaml", "accounts.d/dana.yaml"),
    ],
)
def test_a_new_file_is_covered_where_it_will_be_read(tmp_path: Path, pattern: str, file: str) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(f"include: ['{pattern}']\nstate: state\n")
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(DANA)
    path.chmod(0o600)
    read = any(one.path == path for one in included.read(config).files)
    assert included.covers(included.read(config), path) is read
