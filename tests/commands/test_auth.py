"""`kept auth` at a Google that the `emulate` package plays: by a browser, by an address brought back, and refused."""

from __future__ import annotations

import html
import json
import re
import threading
import webbrowser
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from servers import processes
from servers.emulate import Emulate, emulate
from servers.web_server import serving

from connectors.errors import ConnectorError
from daemon.commands.setup import auth
from daemon.config.settings import Settings
from daemon.intake.logins import Logins


@pytest.fixture(scope="module")
def google() -> Iterator[Emulate]:
    try:
        with emulate(40) as found:
            yield found
    except processes.Missing as missing:
        pytest.skip(str(missing))


@pytest.fixture(autouse=True)
def _plain_http_on_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")  # the emulated Google has no certificate


class Case:
    """One account that is to sign in."""

    def __init__(self, google: Emulate, folder: Path) -> None:
        self.user, _ = next(google.accounts)
        root = f"http://{google.host}:{google.port}"
        app = {
            "client_id": "an-app",
            "client_secret": "its secret",
            "auth_uri": f"{root}/o/oauth2/v2/auth",
            "token_uri": f"{root}/oauth2/token",
        }
        own = {"addresses": [self.user], "mail": [{"type": "gmail"}], "send": {"type": "gmail"}}
        self.settings = Settings.model_validate({"accounts": [own], "oauth": {"google": app}, "state": str(folder)})
        self.keys = Logins.of(self.settings, lambda: datetime.now(UTC))  # noqa: TID251  # google-auth reads this clock itself
        self.said: list[str] = []

    def sign_in(self, ask: Callable[[str], str] | None = None) -> None:
        auth.sign_in(self.settings, self.keys, self.user, self.said.append, ask or (lambda _: ""), browser=ask is None)

    @property
    def address(self) -> str:
        """The address that was shown to be opened."""
        return next(m[0] for line in self.said if (m := re.search(r"http://\S+", line)))

    def agree(self, address: str) -> str:
        """Do in a browser what the user does there; the address at the end."""
        page = requests.get(address, timeout=10)
        page.raise_for_status()
        for form in page.text.split("<form")[1:]:
            fields = {name: html.unescape(value) for name, value in re.findall(r'name="([^"]*)" value="([^"]*)"', form)}
            if fields.get("email") == self.user:
                action = re.search(r'action="([^"]*)"', form)
                assert action
                url = "/".join(address.split("/")[:3]) + action[1]
                return str(requests.post(url, data=fields, timeout=10, allow_redirects=False).headers["Location"])
        raise AssertionError("the user is not offered")


@pytest.fixture
def case(google: Emulate, tmp_path: Path) -> Case:
    return Case(google, tmp_path)


def token(case: Case) -> str:
    account = case.settings.accounts[0]
    access = case.keys.connector_arguments(account.mail[0], account)[1]["access"]
    return str(access.grant.token())


def test_an_address_brought_back_from_another_machine_signs_in(case: Case) -> None:
    case.sign_in(lambda _: case.agree(case.address))
    assert token(case)
    assert "code_challenge_method=S256" in case.address
    assert case.said[-1].startswith("Next: kept check")


def test_the_browser_of_this_machine_signs_in(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    class Browser(webbrowser.BaseBrowser):
        def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:  # noqa: ARG002  # the library's own
            threading.Thread(target=lambda: requests.get(case.agree(url), timeout=10)).start()
            return True

    monkeypatch.setattr(webbrowser, "get", lambda _name=None: Browser())
    case.sign_in()
    assert token(case)


def test_what_was_kept_is_renewed_after_an_hour(case: Case, tmp_path: Path) -> None:
    import time_machine

    case.sign_in(lambda _: case.agree(case.address))
    first = token(case)
    with time_machine.travel(datetime.now(UTC).timestamp() + 7200):  # noqa: TID251  # google-auth reads this clock itself
        assert token(case) != first
    assert (tmp_path / "tokens" / f"google-{case.user}.json").stat().st_mode & 0o077 == 0


def test_a_user_who_does_not_agree_leaves_nothing_behind(case: Case, tmp_path: Path) -> None:
    with pytest.raises(ConnectorError, match="access was not granted"):
        case.sign_in(lambda _: "http://127.0.0.1:1/?error=access_denied")
    assert not (tmp_path / "tokens").exists()


@pytest.mark.parametrize("brought", ["", "http://127.0.0.1:1/?code=abc&state=another", "nonsense"])
def test_an_address_of_another_sign_in_is_refused(case: Case, brought: str) -> None:
    with pytest.raises(ConnectorError, match="not the address of this sign-in"):
        case.sign_in(lambda _: brought)


def test_a_code_that_google_does_not_know_is_said_in_a_line(case: Case) -> None:
    def other_code(_: str) -> str:
        return re.sub(r"code=[^&]*", "code=wrong", case.agree(case.address))

    with pytest.raises(ConnectorError, match="signing in to Google failed") as caught:
        case.sign_in(other_code)
    assert "\n" not in caught.value.message


def test_a_box_that_was_not_ticked_is_named(case: Case) -> None:
    def ticked_less(_: str) -> str:
        return case.agree(re.sub(r"\+?https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fgmail.send", "", case.address))

    with pytest.raises(ConnectorError, match="you did not allow Kept to send mail"):
        case.sign_in(ticked_less)


def test_the_secret_and_the_code_are_in_no_log(case: Case, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    seen: list[Any] = []

    def brought(_: str) -> str:
        seen.append(case.agree(case.address))
        return str(seen[0])

    case.sign_in(brought)
    code = re.search(r"code=([^&]*)", seen[0])
    assert code
    assert code[1] not in caplog.text
    assert "its secret" not in caplog.text


@pytest.mark.parametrize(("who", "said"), [("lee@northwind.example", True), ("DANA@northwind.example", False)])
def test_signing_in_as_somebody_else_is_said(tmp_path: Path, who: str, *, said: bool) -> None:
    profile = (200, {"Content-Type": "application/json"}, json.dumps({"emailAddress": who}).encode())
    with serving(profile) as server:
        app = {"client_id": "an-app", "client_secret": "its secret", "endpoint": server.url}
        own = {"addresses": ["dana@northwind.example"], "mail": [{"type": "gmail"}]}
        settings = Settings.model_validate({"accounts": [own], "oauth": {"google": app}, "state": str(tmp_path)})
        keys = Logins.of(settings, lambda: datetime(2026, 3, 2, tzinfo=UTC))
        store = keys.store("google", "dana@northwind.example")
        store.save({"access": {"": ["token", "2026-03-02T01:00:00+00:00"]}, "provider": {}})
        lines: list[str] = []
        auth._warn_of_another_user(keys, settings.accounts[0], "dana@northwind.example", lines.append)
        assert any("You signed in as lee@northwind.example" in line for line in lines) is said
