"""The dashboard on a year of one busy account: `.venv/bin/python bench/web.py [FOLDER] [--clients 300] [--people 50] [--accounts 50]`.

Each page of the year of `year.py` (25,000 messages): the processor time that it takes at the server in a minute in which nothing was
looked at yet, and the next time in the same minute, and its bytes on the wire; the same with 300 clients. Then so many people, once all of one
account and once of so many accounts of their own (`web_team.py`), ask a real server in a process of its own for pages: each as soon as
the last one came, then with a pause for reading between two, then with somebody who commits to the database every second besides.
The years are made in FOLDER where they are not there.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "tests")]

import requests  # noqa: E402  # the paths come first
import web_team  # noqa: E402  # the same
import year  # noqa: E402  # the same
from flask.testing import FlaskClient  # noqa: E402  # the same
from team_mailboxes import cpu_of  # noqa: E402  # the same
from year_facts import CLIENTS, END  # noqa: E402  # the same

from daemon.config.values import HostPort  # noqa: E402  # the same
from daemon.store import Store  # noqa: E402  # the same
from daemon.web import sessions  # noqa: E402  # the same
from daemon.web.application import make_application  # noqa: E402  # the same
from daemon.web.office import WebOffice  # noqa: E402  # the same
from daemon.web.server import WebServer  # noqa: E402  # the same

PAGES = (
    "/",
    "/?all=1",
    "/plan",
    "/look-back?days=90",
    "/look-back?days=365",
    "/replay",
    "/corrections",
    "/health",
    "/settings",
    "/clients",
    "/clients?rows=all",
)
OF_CLIENT = ("", "/charter", "/report", "/story", "/feasibility?rung=3")
REPEATED, SECONDS, PATIENCE = 5, 30.0, 600.0
READING = 5.0  # seconds between two pages of somebody who reads them
WAYS = (("without a pause", 0.0, False), ("reading", READING, False), ("reading, beside commits", READING, True))


def signed_in(office: WebOffice) -> FlaskClient:
    """Return a client of Flask's that is signed in to the first account."""
    app = make_application(office)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    assert client.post(_link(office, next(iter(office.app.runtimes)))).status_code == 303
    return client


def _link(office: WebOffice, account: str) -> str:
    return f"/sign-in/{sessions.make_sign_in(office.app.store, account, office.now())}"


def paths(clients: str) -> Iterator[str]:
    """Yield the path of every page: of the clients on their page, the one with most mail."""
    yield from PAGES
    busiest = re.search(r'href="(/clients/\w+)">Client0', clients)
    assert busiest is not None
    yield from (f"{busiest[1]}{part}" for part in OF_CLIENT)


def pages(config: Path) -> None:
    """Print what each page costs."""
    clock = [END]
    with WebOffice.open(config, {}, now=lambda: clock[0]) as office:
        client = signed_in(office)
        began = time.perf_counter()
        all_clients = client.get("/clients?rows=all").text
        print(f"{'the first page after the start':40} {time.perf_counter() - began:8.2f} s")
        for path in paths(all_clients):
            anew, again, size = list[float](), list[float](), 0
            for _ in range(REPEATED):
                clock[0] += timedelta(minutes=1)
                for busy in (anew, again):
                    processor = time.process_time()
                    answer = client.get(path)
                    busy.append(time.process_time() - processor)
                    size = len(answer.data)
                    assert answer.status_code == 200, (path, answer.status_code)
            print(f"{path:40} {min(anew) * 1000:6.0f} ms anew {min(again) * 1000:6.0f} ms again {size / 1024:6.0f} KB")


def serve(config: Path) -> None:
    """Serve an office, print where, and a link for each account; stop at the end of the input. A process of its own."""
    began = time.monotonic()
    with WebOffice.open(config, {}, now=lambda: END + timedelta(seconds=time.monotonic() - began)) as office:
        for account in office.app.runtimes:
            office.warm(account, lambda: False)
        server = WebServer(office, HostPort("127.0.0.1", 0))
        server.start()
        print(server.address, *(_link(office, account) for account in office.app.runtimes), flush=True)
        sys.stdin.read()
        server.stop()
        print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB", flush=True)


def at_once(config: Path, people: int) -> None:
    """Print how long so many people, each in a browser of their own, wait for their pages."""
    command = [sys.executable, __file__, "--serve", str(config)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        address, *links = server.stdout.readline().split()
        cookies = [_sign_in(address, link) for link in links]
        for how, reading, commits in WAYS:
            with _committing(config if commits else None):
                told = _visits(address, cookies, people, reading, server.pid)
            print(f"{len(links)} accounts, {people} people, {how}: {told}", flush=True)
        server.stdin.close()
        print(server.stdout.read().strip())


@contextmanager
def _committing(config: Path | None) -> Iterator[None]:
    """Commit something to an office every second, as a daemon at work does; to none, do nothing."""
    stopping = threading.Event()

    def commit(state: Path) -> None:
        with closing(Store.open(state)) as store:
            while not stopping.wait(1.0):
                store.set_meta("bench", str(time.monotonic()))

    writers = [threading.Thread(target=commit, args=(config.parent / "state",))] if config else []
    for writer in writers:
        writer.start()
    try:
        yield
    finally:
        stopping.set()
        for writer in writers:
            writer.join()


def _visits(address: str, cookies: list[dict[str, str]], people: int, reading: float, server: int) -> str:
    """Return what so many people waited, who look for SECONDS at their pages in turn, and what that cost the server."""
    waits, before = list[float](), cpu_of(server)
    threads = [
        threading.Thread(target=_visit, args=(address, cookies[n % len(cookies)], n, reading, waits)) for n in range(people)
    ]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    passed = time.perf_counter() - began
    cost = (cpu_of(server) - before) / len(waits) * 1000
    waits.sort()
    middle, late = waits[len(waits) // 2], waits[len(waits) * 95 // 100]
    asked = f"{len(waits) / passed:.1f} pages a second, median {middle:.2f} s, 95 in 100 within {late:.2f} s"
    return f"{asked}, {cost:.0f} ms of the server's processor a page"


def _sign_in(address: str, link: str) -> dict[str, str]:
    """Return the cookies of somebody who signed in; all come with the same, as more would be too many for one address."""
    with requests.Session() as browser:
        browser.trust_env = False
        token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(address + link, timeout=PATIENCE).text)
        assert token is not None
        sent = {"csrf_token": token[1]}
        browser.post(address + link, data=sent, headers={"Origin": address}, timeout=PATIENCE, allow_redirects=False)
        return dict(browser.cookies)


def _visit(address: str, cookies: dict[str, str], place: int, reading: float, waits: list[float]) -> None:
    """Ask for one page after the other for a while."""
    with requests.Session() as browser:
        browser.trust_env = False
        browser.cookies.update(cookies)
        there = [p for p in paths(browser.get(f"{address}/clients?rows=all", timeout=PATIENCE).text) if "/report" not in p]
        time.sleep(reading * random.random())
        until = time.perf_counter() + SECONDS
        while time.perf_counter() < until:
            began = time.perf_counter()
            answer = browser.get(address + there[place % len(there)], timeout=PATIENCE)
            assert answer.status_code == 200, answer.status_code
            waits.append(time.perf_counter() - began)
            place += 1
            time.sleep(reading)


def main() -> None:
    """Make the years where they are not there, and print what the pages cost."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--clients", type=int, default=300)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--accounts", type=int, default=50)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.serve:
        serve(chosen.serve)
        return
    folder = chosen.folder or Path(tempfile.mkdtemp(prefix="kept-web-"))
    for clients in (CLIENTS, chosen.clients):
        place = folder / str(clients)
        place.mkdir(parents=True, exist_ok=True)
        config = year.make(place, clients)
        print(f"{clients} clients")
        pages(config)
    at_once(folder / str(CLIENTS) / "config.yaml", chosen.people)
    at_once(web_team.make(folder / f"team{chosen.accounts}", chosen.accounts), chosen.people)


if __name__ == "__main__":
    main()
