"""A loopback HTTP server that answers as it is told, and a monotonic clock moved by hand."""

from __future__ import annotations

import contextlib
import http.server
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Server:
    """Answers as told, one after the other; the last one again and again."""

    url: str
    answers: list[tuple[int, dict[str, str], bytes] | str]
    asked: list[tuple[str, str, str, bytes]] = field(default_factory=list)  # method, path, authorization, body
    at_once: int = 0
    most: int = 0
    slow: float = 0.0


class Clock:
    """A monotonic clock moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@contextlib.contextmanager
def serving(*answers: tuple[int, dict[str, str], bytes] | str) -> Iterator[Server]:
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            with lock:
                server.asked.append((self.command, self.path, self.headers.get("Authorization", ""), body))
                server.at_once += 1
                server.most = max(server.most, server.at_once)
                answer = server.answers.pop(0) if len(server.answers) > 1 else server.answers[0]
            time.sleep(server.slow)
            with lock:
                server.at_once -= 1
            if isinstance(answer, str):
                self._break(answer)
                return
            status, headers, content = answer
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def _break(self, how: str) -> None:
            if how == "hang":
                time.sleep(1.0)
            elif how == "half":
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
            elif how == "reset":
                import socket
                import struct

                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()

        do_GET = do_POST = handle_any  # noqa: N815  # the library's names

        def log_message(self, *_: object) -> None:
            """Nothing."""

    lock = threading.Lock()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listener:
        server = Server(f"http://127.0.0.1:{listener.server_port}", list(answers))
        thread = threading.Thread(target=listener.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            listener.shutdown()
