"""Who may see what of another's work, row by row."""

from __future__ import annotations

from dataclasses import replace

import pytest

from daemon.core.access import Access, Viewer, may_see, viewer_of
from daemon.glossary.charter import WorkingHours
from daemon.glossary.parties import Account, Client, Office, Sees

W, F, N = Access.WORDS, Access.FIGURES, Access.NOTHING
LEE, MAX = "lee@northwind.example", "max@northwind.example"
OWN, TEAM, FIGURES = Sees.OWN, Sees.TEAM, Sees.FIGURES


def account(name: str, manager: str | None = LEE, sees: Sees | None = None) -> Account:
    address = f"{name}@northwind.example"
    return Account(address, name, frozenset([address, f"{name}@old.example"]), WorkingHours("UTC", ()), manager, sees=sees)


DANA = account("dana")
DANAS, NOBODYS = Client("Acme Ltd", owner=DANA.address), Client("Birch GmbH")


@pytest.mark.parametrize(
    ("who", "none_said", "own", "figures", "team"),
    [
        # who looks at what Dana, whose manager is Lee, does for a client that is hers alone
        ("dana", W, W, W, W),
        ("a colleague of the same manager", N, N, F, W),
        ("a colleague of another manager", N, N, N, N),
        ("her manager, who has an account", F, N, F, W),
        ("the manager of others", N, N, N, N),
        ("her manager's manager", N, N, N, N),
    ],
)
def test_what_a_person_sees_is_what_is_said_of_them(
    who: str, none_said: Access, own: Access, figures: Access, team: Access
) -> None:
    people = {
        "dana": DANA,
        "a colleague of the same manager": account("eve"),
        "a colleague of another manager": account("eve", MAX),
        "her manager, who has an account": account("lee", MAX),
        "the manager of others": account("max", None),
        "her manager's manager": account("max", None),
    }
    rows = []
    for said in (None, OWN, FIGURES, TEAM):
        person = replace(people[who], sees=said)
        rows.append(may_see(viewer_of(Office((person,), ()), person.address), DANA, DANAS))
    assert rows == [none_said, own, figures, team]


@pytest.mark.parametrize(
    ("said", "of_hers", "of_nobodys"),
    [(None, N, F), (OWN, N, N), (FIGURES, N, F), (TEAM, N, F)],
)
def test_a_colleague_of_another_team_sees_figures_of_a_client_that_is_nobodys_own(
    said: Sees | None, of_hers: Access, of_nobodys: Access
) -> None:
    eve = Viewer(frozenset(["eve@northwind.example"]), MAX, said)
    assert (may_see(eve, DANA, DANAS), may_see(eve, DANA, NOBODYS)) == (of_hers, of_nobodys)


def test_who_looks_after_a_client_sees_figures_of_what_others_do_for_it() -> None:
    eve = Viewer(frozenset(["eve@northwind.example"]), MAX)
    assert may_see(eve, DANA, Client("Acme Ltd", owner="eve@northwind.example")) is F


@pytest.mark.parametrize(("said", "sees"), [(None, W), (OWN, W), (FIGURES, F), (TEAM, W)])
def test_who_covers_reads_what_is_handed_over_unless_figures_are_all_they_may_see(said: Sees | None, sees: Access) -> None:
    eve = Viewer(frozenset(["eve@northwind.example"]), MAX, said)
    assert may_see(eve, DANA, DANAS, covers=True) is sees


def test_a_manager_without_an_account_sees_figures() -> None:
    lee = viewer_of(Office((DANA,), ()), LEE)
    assert (may_see(lee, DANA, DANAS), may_see(lee, DANA, NOBODYS)) == (F, F)


def test_a_stranger_sees_nothing_even_of_who_has_no_manager() -> None:
    stranger = viewer_of(Office((DANA,), ()), "x@elsewhere.example")
    assert [may_see(stranger, a, c) for a in (DANA, account("eve", None)) for c in (DANAS, NOBODYS)] == [N] * 4


def test_people_without_a_manager_are_a_team_of_their_own() -> None:
    lone = account("eve", None)
    assert may_see(Viewer(frozenset(["max@northwind.example"]), None, TEAM), lone, DANAS) is W
    assert may_see(Viewer(frozenset(["max@northwind.example"]), None, TEAM), DANA, DANAS) is N


def test_a_person_is_known_by_any_of_their_addresses() -> None:
    assert may_see(viewer_of(Office((DANA,), ()), "dana@old.example"), DANA, DANAS) is W
