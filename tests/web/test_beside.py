"""The dashboard within the daemon, and the command that opens it: real processes, asked over real sockets."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pytest
from office import DANA, Office

KEPT = [sys.executable, "-c", "from daemon.commands.main import main; main()"]
PATIENCE = 90.0  # seconds; a machine that runs all the tests is slow
STOPS = 2.0  # seconds in which a daemon has to stop
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def served(folder: Path, port: int) -> Office:
    """An office whose configuration asks for the dashboard."""
    office = Office(folder)
    with_web(office, port)
    return office


def with_web(office: Office, port: int | None) -> None:
    kept = [line for line in office.config.read_text().splitlines() if not line.startswith("web:")]
    more = [f"web: {{listen: '127.0.0.1:{port}'}}"] if port else []
    office.config.write_text("\n".join([*kept, *more]) + "\n")


@contextmanager
def process(office: Office, *words: str) -> Iterator[subprocess.Popen[str]]:
    command = [*KEPT, *words, "--config", str(office.config)]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield running
    finally:
        if running.poll() is None:
            running.kill()
        running.communicate()


def until(holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.1)
    return False


def status_of(port: int, path: str = "/sign-in") -> int | None:
    """Return what a page answers with; None where nobody listens."""
    try:
        return int(urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5).status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


def status(office: Office) -> dict[str, Any]:
    command = [*KEPT, "status", "--json", "--config", str(office.config)]
    found: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return found


def enter(link: str) -> str:
    """Use a link that signs in. Return the page that follows."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    token = _TOKEN.search(opener.open(link, timeout=10).read().decode())
    assert token is not None
    form = f"csrf_token={token[1]}".encode()
    with opener.open(link, form, timeout=10) as answer:
        return str(answer.read().decode())


def test_kept_run_shows_the_dashboard_and_stops_sooner_than_it_started(tmp_path: Path, port: int) -> None:
    """Two seconds are promised, and on a machine with nothing else to do it starts in two."""
    began = time.monotonic()
    with process(served(tmp_path, port), "run") as daemon:
        assert until(lambda: status_of(port) == 200)
        starting = time.monotonic() - began
        waiting = http.client.HTTPConnection("127.0.0.1", port)  # a browser that keeps its connection open
        waiting.request("GET", "/sign-in")
        waiting.getresponse().read()
        began = time.monotonic()
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(PATIENCE) == 0
        assert time.monotonic() - began < max(starting, STOPS)
        assert status_of(port) is None


def test_a_port_that_is_taken_is_told_and_stops_nothing(tmp_path: Path, port: int) -> None:
    office = served(tmp_path, port)
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with process(office, "run") as daemon:
            assert until(lambda: "already listens" in " ".join(status(office).get("failures", ())))
            assert daemon.poll() is None
            assert status(office)["last_success"] is not None


def test_a_reloaded_configuration_moves_it_and_ends_it(tmp_path: Path, port: int) -> None:
    office = Office(tmp_path)
    with process(office, "run") as daemon:
        assert until(lambda: bool(status(office)["running"]))
        with_web(office, port)
        daemon.send_signal(signal.SIGHUP)
        assert until(lambda: status_of(port) == 200)
        with_web(office, None)
        daemon.send_signal(signal.SIGHUP)
        assert until(lambda: status_of(port) is None)
        assert daemon.poll() is None


def test_kept_web_prints_a_link_that_signs_in_once(tmp_path: Path, port: int) -> None:
    office = Office(tmp_path)
    with process(office, "web", "--listen", f"127.0.0.1:{port}", "--no-browser") as shown:
        assert shown.stdout is not None
        shown.stdout.readline()
        link = shown.stdout.readline().strip()
        assert DANA in enter(link)
        assert status_of(port, link.partition(str(port))[2]) == 410
        shown.send_signal(signal.SIGINT)
        assert shown.wait(PATIENCE) == 0


def test_kept_web_beside_a_daemon_that_shows_it_prints_a_link_to_that(tmp_path: Path, port: int) -> None:
    office = served(tmp_path, port)
    with process(office, "run"):
        assert until(lambda: status_of(port) == 200)
        command = [*KEPT, "web", "--no-browser", "--json", "--config", str(office.config)]
        said = json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=PATIENCE).stdout)
        assert said["running"]
        assert DANA in enter(said["links"][0]["url"])


def test_kept_web_gives_no_link_to_another_program_on_its_port(tmp_path: Path, port: int) -> None:
    office = served(tmp_path, port)
    stranger = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(tmp_path)]
    other = subprocess.Popen(stranger, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        assert until(lambda: status_of(port, "/") is not None)
        command = [*KEPT, "web", "--no-browser", "--config", str(office.config)]
        refused = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
    finally:
        other.kill()
        other.wait()
    assert refused.returncode == 1
    assert "already listens" in refused.stderr
    assert refused.stdout == ""


def test_sign_out_all_ends_every_session_and_every_link(tmp_path: Path, port: int) -> None:
    office = Office(tmp_path)
    with process(office, "web", "--listen", f"127.0.0.1:{port}", "--no-browser", "--json") as shown:
        assert shown.stdout is not None
        first = json.loads("".join(iter(shown.stdout.readline, "}\n")) + "}")["links"][0]["url"]
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        token = _TOKEN.search(opener.open(first, timeout=10).read().decode())
        assert token is not None
        opener.open(first, f"csrf_token={token[1]}".encode(), timeout=10)
        command = [*KEPT, "web", "--sign-out-all", "--json", "--config", str(office.config)]
        out = subprocess.run(command, capture_output=True, text=True, check=True, timeout=PATIENCE).stdout
        assert json.loads(out) == {"signed_out": 1}
        with opener.open(f"http://127.0.0.1:{port}/health", timeout=10) as answer:
            assert answer.url.endswith("/sign-in")


@pytest.mark.parametrize("listen", ["0.0.0.0:8420", "192.0.2.1:8420"])
def test_an_address_that_others_reach_needs_trusted_hosts(tmp_path: Path, listen: str) -> None:
    command = [*KEPT, "web", "--listen", listen, "--no-browser", "--config", str(Office(tmp_path).config)]
    refused = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert refused.returncode == 1
    assert "trusted_hosts" in refused.stderr


def test_the_demo_opens_the_sample_office_on_its_own_day(tmp_path: Path) -> None:
    command = [*KEPT, "demo", "--web", "--no-browser", "--out", str(tmp_path / "demo")]
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    shown = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ)
    try:
        assert shown.stdout is not None
        assert shown.stderr is not None
        assert "Making the sample office" in shown.stderr.readline()
        shown.stdout.readline()
        page = enter(shown.stdout.readline().strip())
        assert "Acme Ltd" in page
        shown.send_signal(signal.SIGINT)
        assert shown.wait(PATIENCE) == 0
    finally:
        shown.kill()
        shown.communicate()
