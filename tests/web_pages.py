"""The dashboard in tests: the sample office behind a real server, and a real browser that looks at it.

The office is lived once a process and put back as it was before each test that wants it, in the same folder, as sources are named by
their paths. `Dashboard.now` is moved by hand.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright
from werkzeug.test import TestResponse

from daemon import sample
from daemon.commands import demo
from daemon.config.values import HostPort
from daemon.web import sessions
from daemon.web.application import make_application
from daemon.web.office import WebOffice
from daemon.web.server import WebServer

DANA = "dana@northwind.example"
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
]  # fmt: skip
SCREENS = {
    "phone, light": (390, 844, "light"),
    "phone, dark": (390, 844, "dark"),
    "desk, light": (1200, 800, "light"),
    "desk, dark": (1200, 800, "dark"),
}
NARROWEST = 90  # pixels of a column in which more than a few words stand
_FAILURES = ["net::ERR_", "htmx:sendError", "htmx:afterRequest"]  # what a browser and htmx say where nobody answers
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Place:
    """The folder of the sample office, which can be put back as it was."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._kept = folder / "office", folder / "kept"
        demo.make(self.folder)
        shutil.copytree(self.folder, self._kept)

    def put_back(self) -> None:
        """Put the folder back. What a request still writes as its server ends goes to the folder that was moved away."""
        used = self.folder.with_name("used")
        shutil.rmtree(used, ignore_errors=True)
        self.folder.rename(used)
        shutil.copytree(self._kept, self.folder)

    @property
    def config(self) -> Path:
        return self.folder / "config.yaml"


@dataclass
class Clock:
    """The moment as of which everything is shown."""

    now: datetime = sample.NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **length: float) -> None:
        self.now += timedelta(**length)


@dataclass
class Dashboard:
    """A dashboard that answers on a port of this machine."""

    office: WebOffice
    server: WebServer
    clock: Clock
    config: Path

    @property
    def address(self) -> str:
        return self.server.address

    def link(self, account: str = DANA) -> str:
        """Return a link that signs in once."""
        return f"{self.address}/sign-in/{sessions.make_sign_in(self.office.app.store, account, self.office.now())}"


@contextmanager
def dashboard(config: Path, clock: Clock | None = None) -> Iterator[Dashboard]:
    """Serve an office on a free port."""
    clock = clock or Clock()
    with WebOffice.open(config, {}, clock) as office:
        server = WebServer(office, HostPort("127.0.0.1", 0))
        server.start()
        try:
            yield Dashboard(office, server, clock, config)
        finally:
            server.stop()


@dataclass
class Visitor:
    """Somebody who asks for pages without a browser (Flask's client), with the token of the page they saw last."""

    app: Flask
    office: WebOffice
    clock: Clock
    config: Path
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def sign_in(self, account: str = DANA) -> None:
        secret = sessions.make_sign_in(self.office.app.store, account, self.office.now())
        answer = self.post(f"/sign-in/{secret}", seen=f"/sign-in/{secret}")
        assert answer.status_code == 303, answer.text

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def post(self, path: str, seen: str = "/health", headers: Any = None, **form: str) -> TestResponse:
        """Send a form as it stands on the page `seen`. `headers` map names to values."""
        return self.client.post(path, data={"csrf_token": self.token(seen), **form}, headers=headers or {})

    def token(self, page: str) -> str:
        found = _TOKEN.search(self.client.get(page).text)
        assert found, f"no form on {page}"
        return found[1]


@contextmanager
def visitor(config: Path, clock: Clock | None = None) -> Iterator[Visitor]:
    """Let somebody ask an office for pages; nobody is signed in yet."""
    clock = clock or Clock()
    with WebOffice.open(config, {}, clock) as office:
        app = make_application(office, links="http://127.0.0.1:8420")
        app.testing = True
        yield Visitor(app, office, clock, config)


# --- a browser ---


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium. Skips where there is none."""
    if not Path(CHROMIUM).exists():
        pytest.skip("needs a browser: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Watched:
    """A browser's context in which everything is noted that must not happen: errors on the console, requests that leave the machine."""

    context: BrowserContext
    address: str
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.on("console", self._said)
        self.context.on("weberror", lambda error: self.errors.append(f"error: {error.error}"))
        self.context.on("request", self._asked)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(f"{message.type}: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((f"{self.address}/", "http://localhost:", "data:", "about:")):
            self.errors.append(f"left the machine: {request.url}")


@contextmanager
def watched_page(
    browser: Browser, shown: Dashboard, screen: str = "desk, light", *, sign_in: bool = True, failing: Sequence[int] = ()
) -> Iterator[Page]:
    """Open a page of a dashboard, signed in as Dana. Whatever must not happen on it fails the test at its end.

    A browser says on its console that an answer has a status of failure: those in `failing` are meant; 0 is no answer at all.
    """
    width, height, scheme = SCREENS[screen]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
        locale="en-GB",
    )
    watched = Watched(context, shown.address)
    try:
        page = context.new_page()
        if sign_in:
            enter(page, shown.link())
        yield page
    finally:
        context.close()
    meant = [words for code in failing for words in ([f"status of {code}", f"Status Error Code {code}"] if code else _FAILURES)]
    errors = [error for error in watched.errors if not any(words in error for words in meant)]
    assert errors == [], errors


def enter(page: Page, link: str) -> None:
    """Use a link that signs in, as a person does."""
    page.goto(link)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def assert_accessible(page: Page) -> None:
    """Fail where axe-core finds anything on the page as it is."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


_SQUEEZED = f"""() => [...document.querySelectorAll("main p, main li, main strong, main h2, main h3, main blockquote")]
    .filter((one) => one.checkVisibility() && !one.closest(".away, svg, thead, .chip") && one.textContent.trim().length > 25)
    .filter((one) => {{ const box = one.getBoundingClientRect(); return box.width > 1 && box.width < {NARROWEST} && box.height > 3 * box.width; }})
    .map((one) => one.textContent.trim().slice(0, 60))"""


def assert_fits(page: Page) -> None:
    """Fail where the page is wider than its screen, or a text is squeezed into a column of a few letters."""
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"the page is {wider} pixels wider than the screen"
    assert page.evaluate(_SQUEEZED) == []
