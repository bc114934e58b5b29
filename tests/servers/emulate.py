"""Google as the `emulate` package of npm plays it: a real server, started as those of `processes` are."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from servers.ports import free_port
from servers.processes import Missing, listens, private_folder, program, running

VERSION = "0.11.2"  # named in full: 0.12 needs Node 22.15, and the registry's "latest" of this name is another package
FOLDER = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kept-tests" / f"emulate-{VERSION}"
INSTALL = f"npm install --ignore-scripts --prefix {FOLDER} emulate@{VERSION}"


@dataclass(frozen=True, slots=True)
class Emulate:
    """Google as the `emulate` package plays it. `accounts` gives an address and an access token that no other test has."""

    host: str
    port: int
    accounts: Iterator[tuple[str, str]]


@contextlib.contextmanager
def emulate(accounts: int = 1000, more_tokens: int = 0) -> Iterator[Emulate]:
    """A private Google with so many empty accounts. It answers 5,000 requests a token; there may be more, named TOKEN.1 and so on."""
    node = program("node", "apt-get install nodejs npm")
    script = FOLDER / "node_modules" / "emulate" / "dist" / "index.js"
    if not script.is_file():
        raise Missing(f"needs emulate: {INSTALL}")
    everybody = [(f"user{n}@example.test", f"token-of-user{n}") for n in range(accounts)]
    with private_folder("emulate") as folder:
        port, seed = free_port(), folder / "seed.json"
        tokens = {
            f"{token}.{n}" if n else token: {"login": address, "scopes": []}
            for address, token in everybody
            for n in range(more_tokens + 1)
        }
        users = [{"email": address} for address, _ in everybody]
        seed.write_text(json.dumps({"tokens": tokens, "google": {"users": users}}))
        # The switch is for Node 18, which Debian 12 has; later ones take it and need it not.
        command = [node, "--experimental-global-webcrypto", str(script), "start", "-s", "google", "-p", str(port)]
        with running([*command, "--seed", str(seed)], listens(port), folder):
            yield Emulate("127.0.0.1", port, iter(everybody))
