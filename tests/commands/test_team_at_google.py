"""A team whose mail is at Google, and of whom nobody signs in: against an emulated Google."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from children import kept
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from servers import web_server
from servers.google_front import Front
from servers.web_server import Server

from connectors.google.auth import COMPOSE, EVENTS, FREEBUSY, READ, SEND

TEAM = """\
include: [accounts.d/*.yaml]
state: state
team: {{provider: google, defaults: {{time_zone: Europe/London}}}}
oauth:
  google: {{service_account: {key}, endpoint: "{endpoint}"}}
"""


@contextmanager
def signing_in(folder: Path, *tokens: str) -> Iterator[tuple[Path, Server]]:
    """Google's place for tokens, which gives these one after the other, and the key of a service account that asks there."""
    answers = [
        (200, {"Content-Type": "application/json"}, json.dumps({"access_token": t, "expires_in": 3599}).encode()) for t in tokens
    ]
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    with web_server.serving(*answers) as server:
        key = {
            "type": "service_account",
            "client_email": "kept@northwind.iam",
            "private_key": pem,
            "token_uri": f"{server.url}/token",
        }
        path = folder / "key.json"
        path.write_text(json.dumps(key))
        path.chmod(0o600)
        yield path, server


def claims(server: Server) -> list[dict[str, Any]]:
    """What each token was asked for: on whose behalf, and for what."""
    asked = (parse_qs(body.decode())["assertion"][0].split(".")[1] for _, _, _, body in server.asked)
    return [json.loads(base64.urlsafe_b64decode(one + "==")) for one in asked]


@pytest.mark.server
def test_everybody_at_google_is_read_and_nobody_signs_in(tmp_path: Path, front: Front) -> None:
    people = sorted(front.account() for _ in range(2))
    config = tmp_path / "config.yaml"
    with signing_in(tmp_path, *(token for _, token in people)) as (key, server):
        config.write_text(TEAM.format(key=key, endpoint=front.url))
        added = kept("team", "add", *(address for address, _ in people), "--config", str(config))
        assert added.returncode == 0, added.stderr
        done = kept("sync", "--config", str(config), "--json")
        assert done.returncode == 0, done.stderr + done.stdout
        assert {(s["account"], s["source"], s["error"]) for s in json.loads(done.stdout)["sources"]} == {
            (address, source, None) for address, _ in people for source in ("mail Gmail", "calendar Google")
        }
        assert [one["sub"] for one in claims(server)] == [address for address, _ in people]
        assert {scope for one in claims(server) for scope in one["scope"].split()} == {READ, COMPOSE, SEND, EVENTS, FREEBUSY}
    assert not (tmp_path / "state" / "tokens").exists(), "tokens are in memory alone"
