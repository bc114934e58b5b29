# noqa: INP001  # a script
"""Take the pictures of the dashboard that docs/web.md shows: each page of the sample office, at a desk and on a phone.

.venv/bin/python tools/web_pictures.py      writes docs/web/*.png; it needs Chromium
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from PIL import Image
from playwright.sync_api import Browser
from web_pages import Dashboard, Place, chromium, dashboard, watched_page

OUT = Path(__file__).resolve().parent.parent / "docs" / "web"
PAGES = {
    "today": "/",
    "clients": "/clients",
    "plan": "/plan",
    "look-back": "/look-back",
    "replay": "/replay",
    "corrections": "/corrections",
    "health": "/health",
    "settings": "/settings",
}
PHONE = ("today", "clients")  # also in the hand, in the dark


def take(browser: Browser, shown: Dashboard) -> None:
    """Write a picture of each page, and of one client's."""
    with watched_page(browser, shown) as page:
        for name, path in PAGES.items():
            page.goto(f"{shown.address}{path}", wait_until="networkidle")
            page.screenshot(path=OUT / f"{name}.png")
        page.goto(f"{shown.address}/clients")
        page.locator("main a[href^='/clients/']").first.click()
        page.wait_for_load_state("networkidle")
        page.screenshot(path=OUT / "client.png")
    with watched_page(browser, shown, "phone, dark") as page:
        for name in PHONE:
            page.goto(f"{shown.address}{PAGES[name]}", wait_until="networkidle")
            page.screenshot(path=OUT / f"{name}-phone.png")


def main() -> None:
    """Live the sample office, show it, and take the pictures."""
    OUT.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        dashboard(Place(Path(folder)).config) as shown,
        chromium() as browser,
    ):
        take(browser, shown)
    for picture in OUT.glob("*.png"):
        Image.open(picture).convert("RGB").quantize(128).save(picture, optimize=True)


if __name__ == "__main__":
    main()
