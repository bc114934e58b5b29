"""Generate config.example.yaml from the settings models: every key with its default and its description.

`python -m daemon.config.example > config.example.yaml` writes it; a test fails if the file differs.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from daemon.config.account_settings import AccountSettings
from daemon.config.charter_settings import CharterSettings
from daemon.config.client_settings import ClientSettings
from daemon.config.oauth_settings import GoogleApp, MicrosoftApp, OauthSettings
from daemon.config.office import HOUSE_CHARTER
from daemon.config.settings import DigestSettings, ReviewSettings, Settings
from daemon.config.source_settings import (
    CaldavSettings,
    EwsCalendarSettings,
    EwsMailSettings,
    GmailSettings,
    GoogleCalendarSettings,
    GraphCalendarSettings,
    GraphMailSettings,
    IcsSettings,
    ImapSettings,
    MaildirSettings,
    SmtpSettings,
)
from daemon.config.values import duration_text
from daemon.config.working_hours import WorkingHoursSettings
from daemon.glossary.charter import Allowance
from daemon.glossary.parties import Stage

_VALUES: dict[tuple[type[BaseModel], str], str] = {
    (AccountSettings, "name"): "Dana Reyes",
    (AccountSettings, "addresses"): "[dana@northwind.example, d.reyes@northwind.example]",
    (AccountSettings, "time_zone"): "Europe/London",
    (AccountSettings, "holidays"): "GB-ENG",
    (AccountSettings, "manager"): "lee@northwind.example",
    (ImapSettings, "host"): "imap.northwind.example",
    (ImapSettings, "username"): "dana@northwind.example",
    (ImapSettings, "password_command"): "pass show mail/dana",
    (CaldavSettings, "url"): "https://dav.northwind.example/",
    (CaldavSettings, "username"): "dana@northwind.example",
    (CaldavSettings, "password_command"): "pass show mail/dana",
    (SmtpSettings, "host"): "smtp.northwind.example",
    (SmtpSettings, "username"): "dana@northwind.example",
    (SmtpSettings, "password_command"): "pass show mail/dana",
    (GoogleApp, "client_id"): "0123456789-abc.apps.googleusercontent.com",
    (GoogleApp, "client_secret"): "{password_command: pass show kept/google}",
    (MicrosoftApp, "client_id"): "00000000-0000-0000-0000-000000000000",
    (MicrosoftApp, "tenant"): "northwind.example",
    (GoogleApp, "service_account"): "/etc/kept/google.json",
    (MicrosoftApp, "certificate"): "/etc/kept/microsoft.pem",
    (AccountSettings, "sees"): "figures",
    (AccountSettings, "quiet"): '["12:00-13:00"]',
    (AccountSettings, "away"): "[2026-07-06 to 2026-07-17]",
    (Settings, "include"): "[accounts.d/*.yaml, clients.d/*.yaml]",
    (
        Settings,
        "team",
    ): "{domain: northwind.example, provider: google, defaults: {time_zone: Europe/London, manager: lee@northwind.example}}",
    (Settings, "signing_key"): "/etc/kept/signing.key",
    (ClientSettings, "name"): "Acme Ltd",
    (ClientSettings, "domains"): "[acme.example]",
    (ClientSettings, "phones"): '["+44 20 7946 0018"]',
    (ClientSettings, "charter"): "{reply: 2h, call_back: 1 day, review: 3 months}",
    (
        Settings,
        "model",
    ): "{url: http://127.0.0.1:11434/v1, name: llama3.2, use: [reading, drafts], budget: 200 a day, time_limit: 20s}",
    (Settings, "web"): "{listen: 127.0.0.1:8420, trusted_hosts: []}",
    **{(CharterSettings, name): duration_text(allowance) for name, allowance in HOUSE_CHARTER.items()},
}
_OFF = frozenset({  # keys that show an example and are switched off
    (AccountSettings, "away"), (AccountSettings, "quiet"), (AccountSettings, "sees"), (GoogleApp, "service_account"), (MicrosoftApp, "certificate"),
    (Settings, "include"), (Settings, "model"), (Settings, "signing_key"), (Settings, "team"), (Settings, "web"),
})  # fmt: skip
_ON_PREMISES = ", host: mail.northwind.example, username: dana@northwind.example, password_command: pass show mail/dana"
_OTHER_SOURCES: dict[type[BaseModel], str] = {  # type of source -> the rest of its one commented line
    MaildirSettings: ", path: /home/dana/Maildir",
    IcsSettings: ", path: /home/dana/calendar",
    GmailSettings: "",
    GraphMailSettings: "",
    EwsMailSettings: _ON_PREMISES,
    GoogleCalendarSettings: "",
    GraphCalendarSettings: "",
    EwsCalendarSettings: _ON_PREMISES,
}
_HEAD = """\
# Kept's configuration: every key with its default or an example. `kept init` writes a short one for you.
# Durations: 2h and 90m count working hours only; 1 day ends at the same time on the next working day; 2 clock hours and
# 1 clock day also count nights and weekends; 6 weeks and 3 months go by the calendar; off switches a standard off.
"""


def example() -> str:
    """Return the whole file."""
    return _HEAD + "\n".join((*_part(Settings, 0), ""))


def _part(model: type[BaseModel], depth: int, *, first: str = "") -> Iterator[str]:
    """Yield the lines of a model, those without a value commented out; `first` begins the entry of a list."""
    lead = "  " * depth
    for name, field in sorted(
        model.model_fields.items(),
        key=lambda item: item[0].startswith("password") or (item[0] == "oauth" and model is not Settings),
    ):
        dash = lead[:-2] + first if first else lead
        note = f"  # {field.description}" if field.description else ""
        parts = _inner(model, name)
        if parts is not None:
            yield f"{dash}{name}:{note}"
            yield from parts(depth + 1)
        else:
            value = _VALUES.get((model, name), _default(field))
            shown = (model, name) not in _OFF and value and ((model, name) in _VALUES or not _empty(field))
            hidden = "" if shown else "# "
            yield f"{dash}{hidden}{name}: {value}{note}".rstrip()
        first = ""


def _inner(model: type[BaseModel], name: str) -> Any:
    """Return the function that yields the lines of a nested key, given its depth; None for a plain value."""
    lists: dict[tuple[type[BaseModel], str], tuple[type[BaseModel], ...]] = {
        (Settings, "accounts"): (AccountSettings,),
        (Settings, "clients"): (ClientSettings,),
        (AccountSettings, "mail"): (ImapSettings, MaildirSettings, GmailSettings, GraphMailSettings, EwsMailSettings),
        (AccountSettings, "calendars"): (
            CaldavSettings,
            IcsSettings,
            GoogleCalendarSettings,
            GraphCalendarSettings,
            EwsCalendarSettings,
        ),
    }
    groups: dict[tuple[type[BaseModel], str], type[BaseModel]] = {
        (Settings, "charter"): CharterSettings,
        (Settings, "digest"): DigestSettings,
        (Settings, "reviews"): ReviewSettings,
        (AccountSettings, "working_hours"): WorkingHoursSettings,
        (AccountSettings, "send"): SmtpSettings,
        (Settings, "oauth"): OauthSettings,
        (OauthSettings, "google"): GoogleApp,
        (OauthSettings, "microsoft"): MicrosoftApp,
    }
    if (model, name) in lists:
        return lambda depth: (line for entry in lists[model, name] for line in _entry(entry, depth))
    if (model, name) in groups:
        return lambda depth: _part(groups[model, name], depth)
    return None


def _entry(model: type[BaseModel], depth: int) -> Iterator[str]:
    """Yield the lines of one entry of a list; any further type of source is a comment of one line."""
    if model in _OTHER_SOURCES:
        yield f"{'  ' * depth}# - {{type: {_type(model)}{_OTHER_SOURCES[model]}}}".rstrip()
    else:
        yield from _part(model, depth + 1, first="- ")


def _type(model: type[BaseModel]) -> str:
    return str(get_args(model.model_fields["type"].annotation)[0])


def _empty(field: FieldInfo) -> bool:
    return field.default in (None, "", []) and not field.is_required()


def _default(field: FieldInfo) -> str:
    value = field.default
    if field.is_required():
        return str(get_args(field.annotation)[0]) if get_args(field.annotation) else ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, time):
        return f'"{value:%H:%M}"'
    if isinstance(value, timedelta):
        return (
            f"{value.days} days"
            if value.days
            else f"{value.seconds // 60}m"
            if value.seconds % 60 == 0 and value.seconds > 60
            else f"{value.seconds}s"
        )
    if isinstance(value, Allowance):
        return duration_text(value)
    if isinstance(value, Stage):
        return value.value
    return "" if value is None or value == [] else str(value)


if __name__ == "__main__":
    sys.stdout.write(example())
