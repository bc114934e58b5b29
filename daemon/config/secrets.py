"""Look up secrets when they are needed. They are never stored in settings, logs or arguments of a process."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from connectors.errors import ConnectorError

SECRET_KEYS = ("password", "password_command", "password_env", "password_credential")  # where the configuration may name a secret
TIMEOUT = 30.0  # seconds a password command may take; it may have to ask its owner


def read_key(settings: Mapping[str, Any], what: str) -> bytes:
    """Return a key as it is in its file, or in one of the places of a secret. Raises ConnectorError, which never shows the key.

    `what` is the key for people, such as "the key of the service account".
    """
    if settings.get("file") is None:
        return resolve(settings, os.environ, whole=True).encode()
    path = Path(settings["file"])
    try:
        if path.stat().st_mode & 0o077:
            raise ConnectorError(f"others may read {what}: chmod 600 {path}", permanent=True)
        return path.read_bytes()
    except OSError as error:
        raise ConnectorError(f"{what}, {path}, cannot be read: {error.strerror}", permanent=True) from error


def resolver(settings: Mapping[str, Any]) -> Callable[[], str]:
    """Return a function that looks up the secret. Its errors never show the secret itself."""
    return lambda: resolve(settings, os.environ)


def resolve(settings: Mapping[str, Any], environ: Mapping[str, str], *, whole: bool = False) -> str:
    """Return the secret from the first source that the settings name. Raises ConnectorError.

    Of what a command prints the first line counts, with `whole` all of it.
    """
    if settings.get("password") is not None:
        return str(settings["password"])
    if settings.get("password_command") is not None:
        return _by_command(settings["password_command"], whole=whole)
    if settings.get("password_env") is not None:
        name = str(settings["password_env"])
        if not environ.get(name):
            raise ConnectorError(
                f"the environment variable {name}, which should contain the password, is not set", permanent=True
            )
        return environ[name]
    if settings.get("password_credential") is not None:
        return _by_credential(str(settings["password_credential"]), environ)
    raise ConnectorError("no password is configured; add password_command to the configuration", permanent=True)


def _by_command(command: str | list[str], *, whole: bool) -> str:
    """Return the first line that the command prints, or all of it. It runs without a shell, so nothing in it is expanded."""
    words = _words(command)
    try:
        done = subprocess.run(words, capture_output=True, timeout=TIMEOUT, check=False, stdin=subprocess.DEVNULL)
    except FileNotFoundError:
        raise ConnectorError(f"the password command {words[0]} was not found", permanent=True) from None
    except subprocess.TimeoutExpired:
        raise ConnectorError(f"the password command {words[0]} did not finish within {TIMEOUT:.0f} seconds") from None
    except OSError as error:
        raise ConnectorError(f"the password command {words[0]} cannot be run: {error.strerror}", permanent=True) from None
    if done.returncode:
        raise ConnectorError(f"the password command {words[0]} failed with status {done.returncode}", permanent=True)
    printed = done.stdout.decode("utf-8", "replace")
    secret = printed if whole else printed.split("\n", 1)[0].rstrip("\r")
    if not secret.strip():
        raise ConnectorError(f"the password command {words[0]} printed an empty first line", permanent=True)
    return secret


def _words(command: str | list[str]) -> list[str]:
    """Return the words of the command. No error repeats them: somebody may have put the password itself there."""
    try:
        words = shlex.split(command) if isinstance(command, str) else list(command)
    except ValueError:
        raise ConnectorError("the password command has an opening quotation mark without a closing one", permanent=True) from None
    if not words or not words[0]:
        raise ConnectorError("the password command is empty", permanent=True)
    return words


def _by_credential(name: str, environ: Mapping[str, str]) -> str:
    folder = environ.get("CREDENTIALS_DIRECTORY")
    if not folder:
        raise ConnectorError(
            f"the credential {name} is available only when systemd starts Kept with LoadCredential={name}", permanent=True
        )
    try:
        return (Path(folder) / Path(name).name).read_text(encoding="utf-8").rstrip("\n")
    except OSError as error:
        raise ConnectorError(f"the credential {name} cannot be read: {error.strerror}", permanent=True) from None
    except UnicodeDecodeError:
        raise ConnectorError(f"the credential {name} is not UTF-8 text", permanent=True) from None
