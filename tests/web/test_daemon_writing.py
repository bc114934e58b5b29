"""A daemon that runs as a process of its own writes while a page of it is open in a browser."""

from __future__ import annotations

import socket
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from office import DANA, KIM
from playwright.sync_api import Browser, expect
from test_beside import KEPT, PATIENCE, process, served, status_of, until
from web_pages import enter

pytest_plugins = ("web_fixtures",)


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_what_a_running_daemon_reads_appears_on_the_open_page(browser: Browser, tmp_path: Path, port: int) -> None:
    office = served(tmp_path, port)
    with process(office, "run"):
        assert until(lambda: status_of(port) == 200)
        command = [*KEPT, "web", "--no-browser", "--config", str(office.config)]
        link = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()[-1]
        page = browser.new_page()
        enter(page, link)
        expect(page.get_by_role("heading", level=1, name="Today")).to_be_visible(timeout=PATIENCE * 1000)
        written = datetime.now(UTC) - timedelta(minutes=1)  # noqa: TID251  # the daemon has the real time
        office.mail(written, KIM, DANA, "Hi Dana, which pallet size do you need? Please let me know.\n\nKim", subject="Pallets")
        expect(page.locator("#list")).to_contain_text("which pallet size do you need", timeout=PATIENCE * 1000)
        assert page.locator("#problem").inner_text() == ""
        page.close()
