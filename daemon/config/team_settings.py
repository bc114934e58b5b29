"""A team in the configuration: where its people's mail is, and what holds for every account that says nothing else.

`kept team add` writes a file an account, which says little more than whose it is; the rest is said here, once for all.
"""

from __future__ import annotations

import shlex
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, field_validator

from daemon.config.account_settings import AccountSettings, CommonSettings
from daemon.config.source_settings import Provider
from daemon.config.values import Domain, FilePath, Part

FOLDER = "accounts.d"
ADDRESS, USER = "{address}", "{user}"
_AT_PROVIDERS: dict[str, dict[str, Any]] = {
    "google": {"mail": [{"type": "gmail"}], "calendars": [{"type": "google"}], "send": {"type": "gmail"}},
    "microsoft": {"mail": [{"type": "graph"}], "calendars": [{"type": "graph"}], "send": {"type": "graph"}},
}
_SOURCES = ("mail", "calendars", "send")


class TeamSettings(Part):
    """What the people of a team have in common."""

    domain: Domain | None = Field(default=None, description="kept team add then takes dana for dana@northwind.example")
    accounts: FilePath = Field(
        default=Path(FOLDER), validate_default=True, description="the folder in which kept team add writes a file a person"
    )
    provider: Provider | None = Field(
        default=None,
        description="google or microsoft: everybody's mail and calendar are there, and nobody signs in (docs/team.md)",
    )
    defaults: CommonSettings = Field(
        default=CommonSettings(),
        description="any key of an account, for those that do not have it; in a source, {address} and {user} stand for the person's",
    )

    @field_validator("accounts")
    @classmethod
    def _says_what_it_holds(cls, value: Path) -> Path:
        if value.name.lower().partition(".")[0] != "accounts":
            raise ValueError(
                f"must be a folder named accounts or accounts.d, so that its files are taken for accounts; “{value.name}” is not"
            )
        return value


def with_defaults(account: AccountSettings, team: TeamSettings) -> AccountSettings:
    """Return the account with what the team says where it says nothing itself."""
    defaults = team.defaults
    missing = defaults.model_fields_set - account.model_fields_set
    values = {key: getattr(defaults, key) for key in missing}
    if team.provider is not None:
        sources = _at_provider(team.provider)
        values = {key: getattr(sources, key) for key in _SOURCES if key not in account.model_fields_set} | values
    for key in values.keys() & {*_SOURCES}:
        values[key] = _filled(values[key], account.addresses[0])
    return account.model_copy(update=values)


@lru_cache(maxsize=2)
def _at_provider(provider: Provider) -> CommonSettings:
    return CommonSettings.model_validate(_AT_PROVIDERS[provider])


def _filled(value: Any, address: str) -> Any:
    """Return sources with the person's address and user name in the place of the placeholders."""
    if isinstance(value, list):
        return [_filled(one, address) for one in value]
    if isinstance(value, BaseModel):
        changed = {key: _with_address(key, part, address) for key, part in value if _has_place(part)}
        return value.model_copy(update=changed) if changed else value
    return value


def _has_place(value: Any) -> bool:
    return any(place in str(value) for place in (ADDRESS, USER))


def _with_address(key: str, value: Any, address: str) -> Any:
    """Return a value with the person's address in it; a command is taken apart first, so that no address can add words to it."""
    words = shlex.split(value) if key == "password_command" and isinstance(value, str) else value
    if isinstance(words, list):
        return [_replaced(word, address) for word in words]
    return Path(_replaced(str(words), address)) if isinstance(words, Path) else _replaced(str(words), address)


def _replaced(text: str, address: str) -> str:
    return text.replace(ADDRESS, address).replace(USER, address.partition("@")[0])
