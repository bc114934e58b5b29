"""Where a password is kept: the choice is the user's, and what they chose is tried before it is written down."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.errors import ConnectorError
from daemon.config.secrets import SECRET_KEYS, resolve
from daemon.setup import dialogue
from daemon.setup.refused import Refused

_SERVICE = "kept"  # under which the keyring files it


@dataclass(slots=True)
class Wallet:
    """The passwords of this run, each with the keys that say where it is kept: it is asked once for each."""

    _kept: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def keys(self, username: str, password: str) -> dict[str, Any]:
        """Return the keys of the configuration for this password, after asking where to keep it."""
        known = next((keys for (_, other), keys in self._kept.items() if other == password), None)
        if known is None:
            known = self._kept[username, password] = _ask_place(username, password)
        return dict(known)

    def add(self, username: str, source: Mapping[str, Any]) -> str | None:
        """Take in the password of a source that is configured already, and return it; None where it cannot be had here."""
        keys = {key: source[key] for key in SECRET_KEYS if key in source}
        try:
            password = resolve(keys, os.environ)
        except ConnectorError:
            return None
        self._kept[username, password] = keys
        return password


def without_secrets(value: Any) -> Any:
    """Return the same value without any password in it."""
    if isinstance(value, Mapping):
        return {key: without_secrets(part) for key, part in value.items() if key not in {"password", "client_secret"}}
    return [without_secrets(part) for part in value] if isinstance(value, list) else value


def _ask_place(username: str, password: str) -> dict[str, Any]:
    """Ask where to keep a password until a place works, and put it there."""
    places: dict[str, Callable[[str, str], dict[str, Any] | None]] = {}
    if _has_keyring():
        places["the keyring of this computer, which opens when you sign in"] = _in_keyring
    places["the configuration file, which only you can read"] = _in_file
    places["a password manager: a command prints it, for example pass show mail"] = _by_command
    if sys.platform == "linux":
        places["a file that systemd gives to Kept, for administrators of a server"] = _by_credential
    names = list(places)
    dialogue.tell("Where should Kept keep this password?")
    while True:
        keys = places[names[dialogue.choose("Number", names)]](username, password)
        if keys is not None:
            return keys


def _in_file(_username: str, password: str) -> dict[str, Any]:
    return {"password": password}


def _has_keyring() -> bool:
    """Return whether the extra `keyring` is installed and there is a keyring to use."""
    try:
        import keyring  # noqa: PLC0415  # an extra

        return float(keyring.get_keyring().priority) > 0
    except Exception:  # noqa: BLE001  # whatever a backend does where there is no desktop, there is none to use
        return False


def _in_keyring(username: str, password: str) -> dict[str, Any] | None:
    import keyring  # noqa: PLC0415  # as above

    command = [sys.executable, "-m", "keyring", "get", _SERVICE, username]
    try:
        keyring.set_password(_SERVICE, username, password)
        if resolve({"password_command": command}, os.environ) == password:
            return {"password_command": command}
        dialogue.refuse("The keyring gave another password back. Choose another place.")
    except Exception as error:  # noqa: BLE001  # as above
        reason = error.message if isinstance(error, ConnectorError) else type(error).__name__
        dialogue.refuse(f"The keyring did not take it ({reason}). Choose another place.")
    return None


def _by_command(_username: str, password: str) -> dict[str, Any] | None:
    def read(command: str) -> dict[str, Any]:
        try:
            printed = resolve({"password_command": command}, os.environ)
        except ConnectorError as error:
            raise Refused(f"{error.message[:1].upper()}{error.message[1:]}.") from None
        if printed != password:
            raise Refused("That command prints another password than the one that has just worked.")
        return {"password_command": command}

    return dialogue.optional("The command, as in: pass show mail/dana (Enter: another place)", read, None, "")


def _by_credential(_username: str, _password: str) -> dict[str, Any]:
    def read(name: str) -> dict[str, Any]:
        if not name.replace("-", "").replace("_", "").isalnum():
            raise Refused("The name of a credential has letters, digits, - and _ only.")
        return {"password_credential": name}

    keys = dialogue.ask("The name of the credential", read, "imap")
    name = keys["password_credential"]
    dialogue.tell(
        f"Write the password into the file {name}.password beside the configuration, which only you can read; kept service install hands it to "
        "the daemon. Commands that you type yourself cannot log in then; only the daemon can."
    )
    return keys
