# noqa: INP001  # a script
"""Take the pictures of the dashboard that docs/web.md and the README show: the pages of the sample office, at a desk and on a phone.

.venv/bin/python tools/web_pictures.py      writes docs/web/*.png; it needs Chromium
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from PIL import Image
from playwright.sync_api import Browser, Page
from two_accounts import LEE, add_colleagues
from web_pages import Dashboard, Place, chromium, dashboard, enter, watched_page

from daemon import sample
from daemon.app import App
from daemon.commands.sync import read_sources
from daemon.operations.client_rows import client_id

OUT = Path(__file__).resolve().parent.parent / "docs" / "web"
CLIENT = f"/clients/{client_id('Acme Ltd')}"
PAGES = {
    "today": "/",
    "clients": "/clients",
    "client": CLIENT,
    "charter": f"{CLIENT}/charter",
    "plan": "/plan",
    "look-back": "/look-back",
    "replay": "/replay",
    "corrections": "/corrections",
    "health": "/health",
    "settings": "/settings",
}
TAKEN = (  # on which screen, of which pages, and how the files' names end
    ("desk, light", tuple(PAGES), ""),
    ("desk, dark", ("today", "client"), "-dark"),
    ("phone, light", ("today", "client"), "-phone"),
    ("phone, dark", ("clients",), "-phone-dark"),
)


def take(browser: Browser, shown: Dashboard) -> None:
    """Write a picture of each page."""
    for screen, names, ending in TAKEN:
        with watched_page(browser, shown, screen) as page:
            for name in names:
                photograph(page, f"{shown.address}{PAGES[name]}", f"{name}{ending}")


def take_team(browser: Browser, shown: Dashboard) -> None:
    """Write a picture of the page that only Dana's manager has."""
    with watched_page(browser, shown, sign_in=False) as page:
        enter(page, shown.link(LEE))
        photograph(page, f"{shown.address}/team", "team")


def photograph(page: Page, url: str, name: str) -> None:
    """Write a picture of what the screen shows first, in few colours, as a picture of text needs no more."""
    page.goto(url, wait_until="networkidle")
    path = OUT / f"{name}.png"
    page.screenshot(path=path)
    Image.open(path).convert("RGB").quantize(128).save(path, optimize=True)


def main() -> None:
    """Live the sample office, show it, and take the pictures."""
    OUT.mkdir(exist_ok=True)
    for old in OUT.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        config = Place(Path(folder)).config
        with dashboard(config) as shown:
            take(browser, shown)
        add_colleagues(config)
        with App.open(config, {}) as app:
            read_sources(app, sample.NOW)
        with dashboard(config) as shown:
            take_team(browser, shown)


if __name__ == "__main__":
    main()
