"""Who may see what of another's work: the words of mails, figures and duties alone, or nothing.

Figures and duties are what is owed to whom, since when and how late, and how often that was kept; never what anybody wrote. Everybody
sees the words of their own. Of others:

- `sees: own`      nothing
- nothing said     figures of those whose manager they are, and of what colleagues do for a client that is theirs or nobody's own
- `sees: figures`  the same, and the figures of their team
- `sees: team`     the words and figures of their team, and otherwise as where nothing is said

Whoever covers for somebody sees the words meanwhile, unless `sees: figures` says that figures must do.

The team of a person is whoever they manage, and whoever has the same manager as they or, like them, none. A manager without an account
of their own is somebody of whom nothing is said.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from daemon.glossary.parties import Account, Client, Office, Sees


class Access(StrEnum):
    """How much somebody may see."""

    WORDS = "words"
    FIGURES = "figures"
    NOTHING = "nothing"


class Viewer(NamedTuple):
    """Somebody who looks: their addresses, their manager, and what the configuration says that they may see."""

    addresses: frozenset[str]
    manager: str | None = None
    sees: Sees | None = None
    has_account: bool = True


def viewer_of(office: Office, address: str) -> Viewer:
    """Return whoever has this address: one of the accounts, or somebody without one."""
    found = next((account for account in office.accounts if address in account.addresses), None)
    return as_viewer(found) if found else Viewer(frozenset([address]), has_account=False)


def as_viewer(account: Account) -> Viewer:
    """Return an account's user as somebody who looks."""
    return Viewer(account.addresses, account.manager, account.sees)


def may_see(viewer: Viewer, account: Account, client: Client | None, *, covers: bool = False) -> Access:
    """Return how much a viewer may see of what an account has to do with a client (None: with anybody).

    `covers` says that the viewer stands in for the account, or is about to.
    """
    if viewer.addresses & account.addresses:
        return Access.WORDS
    in_team = is_in_team(viewer, account)
    if viewer.sees is Sees.TEAM and in_team:
        return Access.WORDS
    if covers:
        return Access.FIGURES if viewer.sees is Sees.FIGURES else Access.WORDS
    if viewer.sees is Sees.OWN:
        return Access.NOTHING
    if _is_manager(viewer, account) or _is_theirs_too(viewer, client):
        return Access.FIGURES
    return Access.FIGURES if viewer.sees is Sees.FIGURES and in_team else Access.NOTHING


def is_in_team(viewer: Viewer, account: Account) -> bool:
    """Return whether an account is of a viewer's team."""
    return _is_manager(viewer, account) or _are_peers(viewer, account)


def _is_manager(viewer: Viewer, account: Account) -> bool:
    return account.manager in viewer.addresses


def _are_peers(viewer: Viewer, account: Account) -> bool:
    return viewer.has_account and viewer.manager == account.manager


def _is_theirs_too(viewer: Viewer, client: Client | None) -> bool:
    return viewer.has_account and client is not None and (client.owner is None or client.owner in viewer.addresses)
