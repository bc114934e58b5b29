"""Beside the servers of servers.py: Radicale over TLS, and a go-between that makes a calendar server fail on request."""

from __future__ import annotations

import contextlib
import http.client
import http.server
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from servers.ports import free_port
from servers.processes import PASSWORD, Dav, certificate, listens, private_folder, running


@contextlib.contextmanager
def radicale_over_tls() -> Iterator[tuple[Dav, Path]]:
    """Radicale with a certificate that nobody vouches for, and that certificate. Raises servers.Missing."""
    with private_folder("radicale-tls") as folder:
        cert, key = certificate(folder)
        port = free_port()
        (folder / "users").write_text(f"alice:{PASSWORD}\n")
        (folder / "config").write_text(
            f"[server]\nhosts = 127.0.0.1:{port}\nssl = True\ncertificate = {cert}\nkey = {key}\n"
            f"[auth]\ntype = htpasswd\nhtpasswd_filename = {folder}/users\nhtpasswd_encryption = plain\ndelay = 0\n"
            f"[storage]\nfilesystem_folder = {folder}/collections\n"
        )
        with running([sys.executable, "-m", "radicale", "-C", str(folder / "config")], listens(port), folder):
            yield Dav(f"https://localhost:{port}/", users=("alice",)), cert


# What a go-between does with a request: None passes it on; a status with headers and body answers it; "drop" passes it on
# and hangs up before the answer; "hang" never answers.
Meddling = Callable[[str, str], "tuple[int, dict[str, str], str] | str | None"]


@dataclass
class Meddler:
    """An HTTP go-between before a real server."""

    url: str
    meddle: list[Meddling] = field(default_factory=list)
    seen: list[tuple[str, str]] = field(default_factory=list)  # method, path
    answered: list[int] = field(default_factory=list)  # the bytes of each answer that was passed on


@contextlib.contextmanager
def meddler(behind: Dav) -> Iterator[Meddler]:
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
            between.answered.append(len(content))
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
            with contextlib.suppress(ConnectionError):  # whoever asked has given up
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
