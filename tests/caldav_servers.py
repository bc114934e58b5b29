"""Real calendar servers on loopback for the tests, and a go-between that makes them fail on request.

Each is stopped by its own process; where it is not installed the tests that need it skip with the line that installs it.
"""

from __future__ import annotations

import contextlib
import http.client
import http.server
import importlib.util
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest

SECRET = "correct horse"


@dataclass(frozen=True)
class CaldavServer:
    """Where it listens, and who may log in."""

    url: str
    username: str = "alice"
    password: str = SECRET


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def need(module: str) -> None:
    if importlib.util.find_spec(module) is None:
        pytest.skip(f"needs {module}: .venv/bin/pip install {module}")


@contextlib.contextmanager
def radicale(folder: Path, certificate: tuple[Path, Path] | None = None) -> Iterator[CaldavServer]:
    """Radicale with one user; over TLS where a certificate and its key are given."""
    need("radicale")
    port = free_port()
    (folder / "users").write_text(f"alice:{SECRET}\n")
    tls = f"ssl = True\ncertificate = {certificate[0]}\nkey = {certificate[1]}\n" if certificate else ""
    (folder / "config").write_text(
        f"[server]\nhosts = 127.0.0.1:{port}\n{tls}[auth]\ntype = htpasswd\nhtpasswd_filename = {folder / 'users'}\n"
        f"htpasswd_encryption = plain\ndelay = 0\n[storage]\nfilesystem_folder = {folder / 'data'}\n"
    )
    with _running([sys.executable, "-m", "radicale", "-C", str(folder / "config")], port, folder / "log"):
        yield CaldavServer(f"{'https' if certificate else 'http'}://localhost:{port}/")


@contextlib.contextmanager
def xandikos(folder: Path) -> Iterator[CaldavServer]:
    """Xandikos, which asks nobody for a password."""
    need("xandikos")
    port = free_port()
    command = [str(Path(sys.executable).with_name("xandikos")), "serve", "-d", str(folder), "-l", "127.0.0.1", "-p", str(port)]
    with _running([*command, "--defaults", "--current-user-principal", "/alice/"], port, folder.with_suffix(".log")):
        yield CaldavServer(f"http://127.0.0.1:{port}/")


@contextlib.contextmanager
def _running(command: list[str], port: int, log: Path) -> Iterator[None]:
    with log.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=out) as process:
        try:
            _wait_for(port, process, log)
            yield
        finally:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
            return
        time.sleep(0.05)
    pytest.fail(f"the server did not come up: {log.read_text(errors='replace')[-800:]}")


def self_signed(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost that nobody trusts, and its key."""
    certificate, key = folder / "cert.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=localhost"]
    names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    try:
        subprocess.run([*command, *names], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("needs openssl: apt-get install openssl")
    return certificate, key


# What a go-between does with a request: None passes it on; a status with headers and body answers it; "drop" passes it on
# and hangs up before the answer; "hang" never answers.
Meddling = Callable[[str, str], "tuple[int, dict[str, str], str] | str | None"]


@dataclass
class Meddler:
    """An HTTP go-between before a real server."""

    url: str
    meddle: list[Meddling] = field(default_factory=list)
    seen: list[tuple[str, str]] = field(default_factory=list)  # method, path


@contextlib.contextmanager
def meddler(behind: CaldavServer) -> Iterator[Meddler]:
    target = urlsplit(behind.url)

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Says nothing."""

        def pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            between.seen.append((self.command, self.path))
            answer = next((said for rule in between.meddle if (said := rule(self.command, self.path)) is not None), None)
            if answer == "hang":
                time.sleep(3)
            if isinstance(answer, tuple):
                self._say(answer[0], list(answer[1].items()), answer[2].encode())
                return
            onward = http.client.HTTPConnection(target.hostname or "", target.port or 0, timeout=10)
            onward.request(self.command, self.path, body, dict(self.headers.items()))
            reply = onward.getresponse()
            content = reply.read()
            onward.close()
            if answer in {"drop", "hang"}:
                self.close_connection = True
                return
            skipped = {"connection", "transfer-encoding", "content-length", "keep-alive", "date", "server"}
            self._say(reply.status, [(k, v) for k, v in reply.getheaders() if k.lower() not in skipped], content)

        def _say(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
            self.send_response(status)
            for name, value in (*headers, ("Content-Length", str(len(content)))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

    for method in ("GET", "PUT", "DELETE", "OPTIONS", "PROPFIND", "REPORT", "POST", "MKCALENDAR"):
        setattr(Handler, f"do_{method}", Handler.pass_on)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    between = Meddler(f"http://127.0.0.1:{server.server_address[1]}/")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield between
    finally:
        server.shutdown()
        server.server_close()
