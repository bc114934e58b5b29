"""What was answered so far. It is kept in a file of its own after each step, without passwords, until the configuration is written."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from connectors.net import files
from daemon.config.locations import STATE
from daemon.config.office import HOUSE_CHARTER
from daemon.config.secrets import SECRET_KEYS
from daemon.config.values import duration_text
from daemon.setup.connections import Login
from daemon.setup.passwords import Wallet, without_secrets

HEAD = "# Kept's configuration. config.example.yaml lists every key; `kept init` changes one part at a time.\n"
_PARTS = ("account", "oauth", "digest", "charter", "clients", "begun", "done")


@dataclass(slots=True)
class Answers:
    """The answers for one account: parts of the configuration, and the names of the steps that are done.

    `begun` has what was found or typed so far of a source that is not complete: mail, calendars or send. `login` is the one that worked
    for the mailbox in this run; it is stored nowhere.
    """

    target: Path
    account: dict[str, Any] = field(default_factory=dict)
    oauth: dict[str, Any] = field(default_factory=dict)
    digest: dict[str, Any] = field(default_factory=dict)
    charter: dict[str, Any] = field(default_factory=dict)
    clients: list[dict[str, Any]] = field(default_factory=list)
    begun: dict[str, dict[str, Any]] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    wallet: Wallet = field(default_factory=Wallet)
    login: Login | None = None

    @property
    def address(self) -> str:
        """The account's first address."""
        return str(self.account["addresses"][0])

    @property
    def domain(self) -> str:
        """What stands after the @ of the account's address."""
        return self.address.rpartition("@")[2]

    @property
    def unfinished(self) -> Path:
        """Where the answers are kept until the configuration is written."""
        return self.target.with_name(f"{self.target.name}.unfinished")

    def has_credentials(self) -> bool:
        """Return whether a password is kept as a systemd credential, which no command that is typed can read."""
        sources = (*self.account.get("mail", ()), *self.account.get("calendars", ()), self.account.get("send") or {})
        return any("password_credential" in source for source in sources)

    def document(self) -> dict[str, Any]:
        """Return the whole configuration."""
        parts = {"oauth": self.oauth, "digest": self.digest}
        return {
            "accounts": [self.account],
            **{name: part for name, part in parts.items() if part},
            "charter": {name: duration_text(HOUSE_CHARTER[name]) for name in ("reply", "call_back", "review")} | self.charter,
            "state": STATE,
            "clients": self.clients,
        }

    def save(self) -> None:
        """Keep what was answered so far, if anything was, readable by its owner alone. Raises OSError."""
        if not self.account.get("addresses"):
            return
        self.target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = {name: without_secrets(getattr(self, name)) for name in _PARTS}
        for key, step in (("calendars", "calendars"), ("send", "sending")):
            if self._has_own_password(key):
                del kept["account"][key]
                kept["done"] = [other for other in kept["done"] if other != step]
        files.write_atomically(self.unfinished, to_yaml(kept).encode())

    def _has_own_password(self, key: str) -> bool:
        """Return whether a source has a password that is not the mailbox's: asking for that one again does not bring it back."""
        mail = (self.account.get("mail") or [{}])[0].get("password")
        sources = self.account.get(key) or []
        each = sources if isinstance(sources, list) else [sources]
        return any(source.get("password", mail) != mail for source in each)

    def load(self) -> bool:
        """Take up the answers of a run that was stopped; return whether there are any."""
        try:
            kept = yaml.safe_load(self.unfinished.read_text(encoding="utf-8"))
        except (OSError, ValueError, yaml.YAMLError):
            return False
        if not isinstance(kept, Mapping) or not isinstance(kept.get("account"), Mapping) or not kept["account"].get("addresses"):
            return False
        for name in _PARTS:
            if isinstance(kept.get(name), type(getattr(self, name))):
                setattr(self, name, kept[name])

        mail = (self.account.get("mail") or [{}])[0]
        if mail.get("type") == "ews" and not any(name in mail for name in SECRET_KEYS):
            self.account = {name: value for name, value in self.account.items() if name not in {"mail", "calendars", "send"}}
            self.done = [step for step in self.done if step != "mailbox"]
        if "client_id" in self.oauth.get("google", {}):  # without its secret, which is not kept, the app is of no use
            self.oauth = {}
            self.done = [step for step in self.done if step != "mailbox"]
        return True

    def start_again(self) -> None:
        """Drop every answer."""
        self.account, self.oauth, self.digest, self.charter, self.begun = {}, {}, {}, {}, {}
        self.clients, self.done = [], []

    def forget(self) -> None:
        """Remove the file of unfinished answers."""
        with contextlib.suppress(FileNotFoundError):
            self.unfinished.unlink()


def to_yaml(value: Mapping[str, Any] | list[Any]) -> str:
    """Return a mapping or a list as the configuration writes it: an entry a line, what has only plain values on the line itself."""
    if isinstance(value, list):
        return "".join(_dump([entry], flow=False if _is_plain(entry) else None) for entry in value)
    return "".join(_dump({key: part}, flow=False if _is_plain(part) else None) for key, part in value.items())


def _is_plain(value: Any) -> bool:
    return not isinstance(value, (Mapping, list))


def _dump(value: Any, *, flow: bool | None) -> str:
    return str(yaml.dump(value, Dumper=_Dumper, default_flow_style=flow, sort_keys=False, allow_unicode=True, width=120))


class _Dumper(yaml.SafeDumper):
    """Writes each value where it is used, without anchors."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  # the library's argument
        return True
