"""The dashboard on a year of one busy account: `.venv/bin/python bench/web.py [FOLDER] [--clients 300] [--people 50]`.

Each page of the year of `year.py` (25,000 messages): the processor time that it takes at the server once it has been seen, the wall time,
and its bytes on the wire; the same with 300 clients. Then so many people at once ask a real server for pages, one after the other,
each for as long as the others do. The year is made in FOLDER where it is not there.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import requests  # noqa: E402  # the paths come first
import year  # noqa: E402  # the same
from flask.testing import FlaskClient  # noqa: E402  # the same
from year_facts import CLIENTS, END  # noqa: E402  # the same

from daemon.config.values import HostPort  # noqa: E402  # the same
from daemon.web import sessions  # noqa: E402  # the same
from daemon.web.application import make_application  # noqa: E402  # the same
from daemon.web.office import WebOffice  # noqa: E402  # the same
from daemon.web.server import WebServer  # noqa: E402  # the same

PAGES = ("/", "/plan", "/look-back?days=90", "/look-back?days=365", "/replay", "/corrections", "/health", "/settings", "/clients")
OF_CLIENT = ("", "/charter", "/report", "/story", "/feasibility?rung=3")
REPEATED, SECONDS, PATIENCE = 5, 20.0, 600.0


def signed_in(office: WebOffice) -> FlaskClient:
    """Return a client of Flask's that is signed in to the only account."""
    app = make_application(office)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    assert client.post(_link(office)).status_code == 303
    return client


def _link(office: WebOffice) -> str:
    (account,) = office.app.runtimes
    return f"/sign-in/{sessions.make_sign_in(office.app.store, account, office.now())}"


def paths(client: FlaskClient) -> Iterator[str]:
    """Yield the path of every page: of the clients, the one with most mail."""
    yield from PAGES
    busiest = re.search(r'href="(/clients/\w+)">Client0 Ltd', client.get("/clients").text)
    assert busiest is not None
    yield from (f"{busiest[1]}{part}" for part in OF_CLIENT)


def pages(config: Path) -> None:
    """Print what each page costs."""
    with WebOffice.open(config, {}, now=lambda: END) as office:
        client = signed_in(office)
        began = time.perf_counter()
        client.get("/clients")
        print(f"{'the first page after the start':40} {time.perf_counter() - began:8.2f} s")
        for path in paths(client):
            walls, busy, size = [], [], 0
            for _ in range(REPEATED):
                wall, processor = time.perf_counter(), time.process_time()
                answer = client.get(path)
                walls.append(time.perf_counter() - wall)
                busy.append(time.process_time() - processor)
                size = len(answer.data)
                assert answer.status_code == 200, (path, answer.status_code)
            print(
                f"{path:40} {min(busy) * 1000:6.0f} ms busy {statistics.median(walls) * 1000:6.0f} ms wall {size / 1024:6.0f} KB"
            )


def at_once(config: Path, people: int) -> None:
    """Print how long so many people, each in a browser of their own, wait for their pages."""
    with WebOffice.open(config, {}, now=lambda: END) as office:
        client = signed_in(office)
        there = [path for path in paths(client) if "look-back" not in path and "/report" not in path]
        for path in there:
            client.get(path)
        server = WebServer(office, HostPort("127.0.0.1", 0))
        server.start()
        waits: list[float] = []
        cookies = _sign_in(server.address, _link(office))
        threads = [threading.Thread(target=_visit, args=(server.address, cookies, there, n, waits)) for n in range(people)]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        passed = time.perf_counter() - began
        server.stop()
    waits.sort()
    middle, late = waits[len(waits) // 2], waits[len(waits) * 95 // 100]
    print(
        f"{people} people at once: {len(waits) / passed:.0f} pages a second, median {middle:.2f} s, 95 in 100 within {late:.2f} s"
    )


def _sign_in(address: str, link: str) -> dict[str, str]:
    """Return the cookies of somebody who signed in; all come with the same, as more would be too many for one address."""
    with requests.Session() as browser:
        browser.trust_env = False
        token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(address + link, timeout=PATIENCE).text)
        assert token is not None
        sent = {"csrf_token": token[1]}
        browser.post(address + link, data=sent, headers={"Origin": address}, timeout=PATIENCE, allow_redirects=False)
        return dict(browser.cookies)


def _visit(address: str, cookies: dict[str, str], there: list[str], place: int, waits: list[float]) -> None:
    """Ask for one page after the other for a while."""
    with requests.Session() as browser:
        browser.trust_env = False
        browser.cookies.update(cookies)
        until = time.perf_counter() + SECONDS
        while time.perf_counter() < until:
            began = time.perf_counter()
            answer = browser.get(address + there[place % len(there)], timeout=PATIENCE)
            assert answer.status_code == 200, answer.status_code
            waits.append(time.perf_counter() - began)
            place += 1


def main() -> None:
    """Make the years where they are not there, and print what the pages cost."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--clients", type=int, default=300)
    parser.add_argument("--people", type=int, default=50)
    chosen = parser.parse_args()
    folder = chosen.folder or Path(tempfile.mkdtemp(prefix="kept-web-"))
    for clients in (CLIENTS, chosen.clients):
        place = folder / str(clients)
        place.mkdir(parents=True, exist_ok=True)
        config = year.make(place, clients)
        print(f"{clients} clients")
        pages(config)
    at_once(folder / str(CLIENTS) / "config.yaml", chosen.people)


if __name__ == "__main__":
    main()
