"""Tokens: one file for its owner alone, renewed once for everybody, written before used, a withdrawn consent asked for twice."""

from __future__ import annotations

import json
import multiprocessing
import stat
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import keyring
import keyring.backend
import keyring.errors
import pytest

from connectors.errors import ConnectorError
from connectors.net.token_store import (
    ConsentWithdrawn,
    CredentialTokenStore,
    FileTokenStore,
    KeyringTokenStore,
    RenewedToken,
    StoredGrant,
    TokenStore,
)

DANA = "dana@northwind.example"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Provider:
    """Renews as a provider does: a new token and a new refresh token each time, good for an hour."""

    def __init__(self) -> None:
        self.renewals: list[tuple[Any, bool]] = []
        self.withdrawn = False
        self.slow = 0.0
        self.now = NOW

    def renew(self, kept: Mapping[str, Any], forced: bool) -> RenewedToken:  # as Renew says
        self.renewals.append((kept.get("refresh_token"), forced))
        time.sleep(self.slow)
        if self.withdrawn:
            raise ConsentWithdrawn
        number = len(self.renewals)
        return RenewedToken(f"access-{number}", self.now + HOUR, {"refresh_token": f"refresh-{number}"})

    def grant(self, store: TokenStore, audience: str = "") -> StoredGrant:
        return StoredGrant(DANA, store, self.renew, lambda: self.now, audience)


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def store(tmp_path: Path) -> FileTokenStore:
    tokens = FileTokenStore(tmp_path / "tokens" / "google-dana.json")
    tokens.save({"provider": {"refresh_token": "refresh-0"}})
    return tokens


def refused(what: Callable[[], object]) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        what()
    assert "\n" not in caught.value.message
    return caught.value


def test_a_token_is_renewed_once_and_then_used_until_it_is_about_to_end(provider: Provider, store: FileTokenStore) -> None:
    grant = provider.grant(store)
    assert [grant.token() for _ in range(3)] == ["access-1"] * 3
    provider.now += HOUR - timedelta(minutes=1)
    assert grant.token() == "access-2"
    assert provider.renewals == [("refresh-0", False), ("refresh-1", False)]


def test_the_new_refresh_token_is_written_before_the_access_token_is_used(store: FileTokenStore, provider: Provider) -> None:
    assert provider.grant(store).token() == "access-1"
    kept = store.load()
    assert kept is not None
    assert kept["provider"] == {"refresh_token": "refresh-1"}


def test_a_token_that_could_not_be_written_is_not_used(
    store: FileTokenStore, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("connectors.net.files.write_atomically", full)
    assert "No space left" in refused(provider.grant(store).token).message


def test_threads_that_need_a_token_at_once_renew_it_once(provider: Provider, store: FileTokenStore) -> None:
    provider.slow = 0.05
    grants = [provider.grant(store) for _ in range(4)]
    found: list[str] = []
    threads = [threading.Thread(target=lambda g=grant: found.append(g.token())) for grant in grants * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (found, len(provider.renewals)) == (["access-1"] * 16, 1)


def _in_another_process(path: Path, renewals: Path) -> None:
    def renew(_kept: Mapping[str, Any], _forced: bool) -> RenewedToken:  # as Renew says
        with renewals.open("a") as file:
            file.write("renewed\n")
        time.sleep(0.1)
        return RenewedToken("access", NOW + HOUR, {"refresh_token": "next"})

    assert StoredGrant(DANA, FileTokenStore(path), renew, lambda: NOW).token() == "access"


def test_processes_that_need_a_token_at_once_renew_it_once(tmp_path: Path) -> None:
    path, renewals = tmp_path / "tokens.json", tmp_path / "renewals"
    FileTokenStore(path).save({"provider": {}})
    workers = [multiprocessing.get_context("fork").Process(target=_in_another_process, args=(path, renewals)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [w.exitcode for w in workers] == [0, 0, 0]
    assert renewals.read_text().splitlines() == ["renewed"]


def test_a_token_that_the_server_refuses_is_renewed_and_the_new_one_refused_ends_it(
    provider: Provider, store: FileTokenStore
) -> None:
    grant = provider.grant(store)
    grant.reject(grant.token())
    assert grant.token() == "access-2"
    assert provider.renewals[-1] == ("refresh-1", True)
    error = refused(lambda: grant.reject("access-2"))
    assert error.permanent
    assert f"kept auth {DANA}" in error.message


def test_an_ordinary_renewal_after_a_refusal_is_not_forced(provider: Provider, store: FileTokenStore) -> None:
    grant = provider.grant(store)
    grant.reject(grant.token())
    grant.token()
    provider.now += HOUR
    grant.token()
    assert provider.renewals[-1][1] is False


def test_a_withdrawn_consent_is_asked_for_twice_and_then_never_again(provider: Provider, store: FileTokenStore) -> None:
    provider.withdrawn = True
    for _ in range(5):
        error = refused(provider.grant(store).token)  # each time as after a restart
        assert (error.permanent, "was withdrawn" in error.message) == (True, True)
    assert len(provider.renewals) == 2


def test_a_new_consent_ends_the_refusals(provider: Provider, store: FileTokenStore) -> None:
    provider.withdrawn = True
    for _ in range(3):
        refused(provider.grant(store).token)
    provider.withdrawn = False
    store.save({"provider": {"refresh_token": "given anew"}})
    assert provider.grant(store).token() == "access-3"


def test_what_may_pass_is_no_refusal(provider: Provider, store: FileTokenStore) -> None:
    def unreachable(_kept: Mapping[str, Any], _forced: bool) -> RenewedToken:  # as Renew says
        raise ConnectorError("cannot be reached")

    for _ in range(4):
        refused(StoredGrant(DANA, store, unreachable, lambda: NOW).token)
    assert provider.grant(store).token() == "access-1"


def test_tokens_of_two_servers_come_from_one_consent(provider: Provider, store: FileTokenStore) -> None:
    mail, graph = provider.grant(store, "https://outlook.office.com"), provider.grant(store, "https://graph.microsoft.com")
    assert (mail.token(), graph.token(), mail.token()) == ("access-1", "access-2", "access-1")


def test_without_a_consent_the_command_that_gives_it_is_named(tmp_path: Path, provider: Provider) -> None:
    error = refused(provider.grant(FileTokenStore(tmp_path / "none.json")).token)
    assert error.permanent
    assert f"kept auth {DANA}" in error.message


def test_tokens_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "tokens"
    FileTokenStore(folder / "google-dana.json").save({})
    assert [stat.S_IMODE(p.stat().st_mode) for p in (folder, folder / "google-dana.json")] == [0o700, 0o600]


def test_a_file_that_others_may_read_is_not_used(store: FileTokenStore, tmp_path: Path, provider: Provider) -> None:
    (tmp_path / "tokens" / "google-dana.json").chmod(0o644)
    error = refused(provider.grant(store).token)
    assert (error.permanent, "chmod 600" in error.message) == (True, True)


@pytest.mark.parametrize("text", ["", "{", "[1]", "null"])
def test_a_broken_file_asks_to_sign_in_again(store: FileTokenStore, tmp_path: Path, provider: Provider, text: str) -> None:
    (tmp_path / "tokens" / "google-dana.json").write_text(text)
    assert "sign in again" in refused(provider.grant(store).token).message


class Ring(keyring.backend.KeyringBackend):
    """A keyring of its own for a test."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library is not typed throughout
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise keyring.errors.KeyringLocked
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


def test_the_keyring_keeps_tokens_and_says_when_it_is_locked(provider: Provider) -> None:
    before, ring = keyring.get_keyring(), Ring()
    keyring.set_keyring(ring)
    try:
        tokens = KeyringTokenStore("kept", "google-dana")
        tokens.save({"provider": {"refresh_token": "refresh-0"}})
        assert provider.grant(tokens).token() == "access-1"
        assert json.loads(ring.kept["kept", "google-dana"])["provider"] == {"refresh_token": "refresh-1"}
        ring.locked = True
        error = refused(provider.grant(tokens).token)
        assert (error.permanent, "unlocked" in error.message) == (False, True)
    finally:
        keyring.set_keyring(before)


def test_a_credential_cannot_be_written_and_what_is_renewed_stays_in_memory(provider: Provider) -> None:
    handed = json.dumps({"provider": {"refresh_token": "refresh-0"}})
    tokens = CredentialTokenStore(lambda: handed, "google-dana")
    grant = provider.grant(tokens)
    assert [grant.token(), grant.token()] == ["access-1", "access-1"]
    assert provider.renewals == [("refresh-0", False)]
