"""The files of a team's accounts: one a person, in the folder that `team: accounts:` names.

A file says little more than whose account it is; the rest is under `team:`. What would make the configuration invalid is never
written, and only a file that holds nothing but the account is ever removed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from connectors.mail import canonical_email
from connectors.net import files
from daemon.config import included, load, yaml_lines
from daemon.config.locations import absolute
from daemon.config.settings import Settings
from daemon.config.team_settings import FOLDER
from daemon.config.yaml_lines import LocatedYaml
from daemon.errors import CannotDo, ConfigError
from daemon.setup import typed
from daemon.setup.answers import to_yaml
from daemon.setup.refused import Refused

HEAD = "# What is not said here is under team: in {}. Any key of an account may stand here.\n"
_UNSAFE = re.compile(r"[^\w.+@-]|^\.")  # in the name of a file


class NewAccount(NamedTuple):
    """An account that was written: its address and its file."""

    address: str
    path: Path


class Place(NamedTuple):
    """Where an account stands: its position in the whole configuration, its file, its line, whether it is alone there."""

    n: int
    path: Path
    line: int
    is_alone: bool

    def __str__(self) -> str:
        return f"{self.path}, line {self.line}"


def add(config: Path, named: Sequence[str], values: Mapping[str, Any]) -> tuple[Settings, tuple[NewAccount, ...]]:
    """Write a file for each person, with these keys of an account. Return the settings with them, and what was written.

    All or none are written, unless the disk fails. Raises CannotDo for what cannot be added, ConfigError where the configuration with
    them would not be valid.
    """
    whole = included.read(config)
    team = whole.data.get("team") if isinstance(whole.data.get("team"), dict) else {}
    folder, domain = absolute(config.parent, str(team.get("accounts") or FOLDER)), team.get("domain")
    new: list[tuple[NewAccount, bytes]] = []
    taken = {address: n for n, addresses in _addresses(whole) for address in addresses}
    for address in dict.fromkeys(_address(name, domain if isinstance(domain, str) else None) for name in named):
        if address in taken:
            raise CannotDo(f"{address} is an account already ({place_of(whole, taken[address])}). Nothing was changed.")
        account = _new_account(whole, folder, address)
        content = (HEAD.format(config.name) + to_yaml({"addresses": [account.address], **values})).encode()
        included.add(whole, "accounts", yaml_lines.parse(account.path, content))
        new.append((account, content))
    settings = load.checked(whole)
    _require_mail(settings, [account.address for account, _ in new], config)
    for account, content in new:
        files.make_private_folder(folder)
        files.write_atomically(account.path, content)
    return settings, tuple(account for account, _ in new)


def remove(config: Path, named: str) -> tuple[Settings, NewAccount]:
    """Remove the file of an account. Return the settings without it, and what was removed.

    Raises CannotDo where the configuration would not be valid without it, or where the account has no file of its own, and ConfigError
    for a configuration that is not valid as it is.
    """
    whole = included.read(config)
    settings = load.checked(whole)
    address, place = find(whole, settings, named)
    if not place.is_alone:
        raise CannotDo(f"{address} has no file of its own, but stands in {place}. Take it out there; nothing was changed.")
    if len(settings.accounts) == 1:
        raise CannotDo(f"{address} is the only account; without it there is nothing left to do. Nothing was changed.")
    included.remove(whole, "accounts", place.n)
    try:
        settings = load.checked(whole)
    except ConfigError as error:
        more = len(error.problems) - 1
        others = f", and {more} more" if more else ""
        raise CannotDo(f"{address} cannot go yet: {error.problems[0]}{others}. Change that first; nothing was changed.") from None
    place.path.unlink()
    return settings, NewAccount(address, place.path)


def find(whole: LocatedYaml, settings: Settings, named: str) -> tuple[str, Place]:
    """Return the address of the account that somebody names by any of its addresses, and its place. Raises CannotDo."""
    wanted = _address(named, settings.team.domain if settings.team else None)
    for n, account in enumerate(settings.accounts):
        if wanted in account.addresses:
            return account.addresses[0], place_of(whole, n)
    raise CannotDo(f"There is no account {wanted} in the configuration. To see all: kept team list")


def place_of(whole: LocatedYaml, n: int) -> Place:
    """Return where an account stands."""
    file, there = whole.place(("accounts", n))
    return Place(n, file.path, whole.line(("accounts", n)), file is not whole and not there)


def _new_account(whole: LocatedYaml, folder: Path, address: str) -> NewAccount:
    """Return the account that is to be written. Raises CannotDo."""
    if _UNSAFE.search(address):
        raise CannotDo(f"No file can be named after “{address}”. Write its file yourself, in {folder}; nothing was changed.")
    path = folder / f"{address}.yaml"
    if path.exists():
        raise CannotDo(f"{path} is already there, and holds another account. Nothing was changed.")
    if not included.covers(whole, path):
        pattern = f"{_shown(folder, whole.path.parent)}/*.yaml"
        raise CannotDo(
            f"{whole.path} does not read the files in {folder}: add {pattern} to its include: (include: [{pattern}]). Nothing was changed."
        )
    return NewAccount(address, path)


def _address(named: str, domain: str | None) -> str:
    """Return a whole address: a name without @ is one of the team's domain. Raises CannotDo."""
    whole = f"{named.strip()}@{domain}" if domain and "@" not in named else named
    try:
        return canonical_email(typed.email(whole))
    except Refused as error:
        raise CannotDo(f"{error} Nothing was changed.") from None


def _addresses(whole: LocatedYaml) -> Iterator[tuple[int, list[str]]]:
    """Yield the addresses of each account, as far as an unchecked configuration has any."""
    for n, account in enumerate(whole.data.get("accounts") or ()):
        addresses = account.get("addresses") if isinstance(account, dict) else None
        yield n, [canonical_email(str(a).strip()) for a in addresses] if isinstance(addresses, list) else []


def _shown(folder: Path, base: Path) -> Path:
    return folder.relative_to(base.absolute()) if folder.is_relative_to(base.absolute()) else folder


def _require_mail(settings: Settings, new: Sequence[str], config: Path) -> None:
    """Raise CannotDo where nothing says where the mail of a new account is."""
    by_address = {account.addresses[0]: account for account in settings.accounts}
    if any(not by_address[address].mail for address in new):
        raise CannotDo(
            f"{config} does not say where the mail of {new[0]} is. Write provider: google or microsoft, or defaults: with mail:, under team: "
            "(docs/team.md). Nothing was changed."
        )
