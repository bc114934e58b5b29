"""A keyring for the tests, in a file that $KEPT_TEST_KEYRING names; the `keyring` package loads it by its name."""

from __future__ import annotations

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend


class Keyring(KeyringBackend):
    priority = 1.0

    def get_password(self, service: str, username: str) -> str | None:
        found = self._read().get(f"{service} {username}")
        return str(found) if found is not None else None

    def set_password(self, service: str, username: str, password: str) -> None:
        self._file().write_text(json.dumps(self._read() | {f"{service} {username}": password}))

    def _read(self) -> dict[str, str]:
        return dict(json.loads(self._file().read_text())) if self._file().exists() else {}

    def _file(self) -> Path:
        return Path(os.environ["KEPT_TEST_KEYRING"])
