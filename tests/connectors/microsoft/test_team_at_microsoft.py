"""A team whose mail is at Microsoft 365, and of whom nobody signs in: read by address, with the tokens of the company's app."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from children import kept
from contracts.mailbox_contract import mail
from servers.graph_server import Graph

from connectors.microsoft.auth import MicrosoftClient
from daemon.app import App

pytest_plugins = ("graph_places",)

TEAM = """\
include: [accounts.d/*.yaml]
state: state
team: {{provider: microsoft}}
oauth:
  microsoft: {{client_id: an-app, tenant: example.test, client_secret: {{password_env: KEPT_APP}}, endpoint: "{url}"}}
"""

APP = "token-of-the-app"


class FakeApp:
    """MSAL's app, whose place for tokens cannot be had on loopback: it insists on TLS."""

    def __init__(self, client: MicrosoftClient, _cache: object) -> None:
        client.credential()

    def acquire_token_for_client(self, scopes: list[str]) -> dict[str, object]:
        assert scopes == ["https://graph.microsoft.com/.default"]
        return {"access_token": APP, "expires_in": 3600}


@pytest.mark.server
def test_everybody_at_microsoft_is_read_by_address_and_nobody_signs_in(
    tmp_path: Path, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.microsoft.auth._app", FakeApp)
    people = ["dana@example.test", "eve@example.test"]
    graph.tokens = {APP: "the app"}
    for address in people:
        graph.store(address).deliver(mail(1))
        graph.shared.add(("the app", address))
    config = tmp_path / "config.yaml"
    config.write_text(TEAM.format(url=graph.url))
    assert kept("team", "add", *people, "--config", str(config)).returncode == 0
    done = kept("sync", "--config", str(config), "--json", KEPT_APP="its secret")
    assert done.returncode == 0, done.stderr + done.stdout
    assert all(any(f"/users/{address}/" in line for line in graph.asked) for address in people)
    assert not [line for line in graph.asked if line.split()[1].startswith("/me/")]
    with App.open(config, {}) as found:
        assert [len(list(found.store.messages(address))) for address in people] == [1, 1]


@pytest.mark.server
def test_an_app_that_may_not_read_somebody_stops_nobody_else(
    tmp_path: Path, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The administrator has confined the app to a group, and forgot to add somebody to it."""
    monkeypatch.setattr("connectors.microsoft.auth._app", FakeApp)
    graph.tokens = {APP: "the app"}
    graph.store("dana@example.test")
    graph.shared.add(("the app", "dana@example.test"))
    config = tmp_path / "config.yaml"
    config.write_text(TEAM.format(url=graph.url))
    assert kept("team", "add", "eve@example.test", "dana@example.test", "--config", str(config)).returncode == 0
    done = kept("sync", "--config", str(config), "--json", KEPT_APP="its secret")
    errors = {s["account"]: s["error"] for s in json.loads(done.stdout)["sources"] if s["source"].startswith("mail")}
    assert errors["dana@example.test"] is None
    assert "ask your administrator" in errors["eve@example.test"]
