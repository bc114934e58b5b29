"""The web server: the application on a socket of this machine (waitress), beside whatever else the process does.

It stops at once: a request that is being answered has a moment to end, idle connections are closed.
"""

from __future__ import annotations

import errno
import socket
import threading
from collections.abc import Sequence

from waitress import wasyncore
from waitress.server import create_server

from connectors.net.tls import is_loopback
from daemon.config.values import HostPort
from daemon.errors import CannotDo
from daemon.logs import get_logger
from daemon.web.application import make_application
from daemon.web.office import THREADS, WebOffice
from daemon.web.warming import Warming

log = get_logger(__name__)

PATIENCE = 0.5  # seconds that answers have to end when it stops
_LOOK = 1.0  # seconds between looks whether it is to stop, where nothing wakes it
_TIMEOUT = 30  # seconds until an idle connection is closed
_LARGEST = 512 * 1024  # bytes of a request


class InUse(CannotDo):
    """Another program listens there already."""


class WebServer:
    """The dashboard, listening from the moment it is made.

    Raises InUse if another program listens there, and CannotDo if this address cannot be had or is not safe.
    """

    def __init__(self, office: WebOffice, listen: HostPort, trusted_hosts: Sequence[str] = ()) -> None:
        if not trusted_hosts and not is_loopback(listen.host):
            raise CannotDo(
                "Other machines could reach %(host)s without encryption. Listen on 127.0.0.1; or put a server with TLS in front, "
                "and name it under web: trusted_hosts: in the configuration (docs/web.md).",
                host=listen.host,
            )
        self._socket = _listening(listen)
        port = int(self._socket.getsockname()[1])
        host = f"[{listen.host}]" if ":" in listen.host else listen.host
        self.address = f"http://{host}:{port}"
        self.links = f"https://{trusted_hosts[0]}" if trusted_hosts else self.address
        application = make_application(
            office, listening=host.lower(), trusted_hosts=trusted_hosts, cookie=f"kept-{port}", links=self.links
        )
        self._map: dict[int, object] = {}
        # Behind TLS the proxy on this machine says who calls; otherwise anybody could, so nobody is believed.
        behind = {"trusted_proxy": "127.0.0.1", "trusted_proxy_headers": {"x-forwarded-for"}} if trusted_hosts else {}
        self._server = create_server(
            application,
            map=self._map,
            sockets=[self._socket],
            threads=THREADS,
            ident="Kept",
            channel_timeout=_TIMEOUT,
            max_request_body_size=_LARGEST,
            clear_untrusted_proxy_headers=True,
            **behind,
        )
        self._warming = Warming(office)
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def run(self) -> None:
        """Answer requests until it is stopped."""
        self._warming.start()
        while not self._stopping.is_set():
            wasyncore.loop(timeout=_LOOK, use_poll=True, map=self._map, count=1)
        self._warming.stop(PATIENCE)
        self._server.task_dispatcher.shutdown(timeout=PATIENCE)
        wasyncore.close_all(self._map)

    def start(self) -> None:
        """Answer requests in a thread of its own."""
        self._thread = threading.Thread(target=self.run, name="web", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop within about a second. A second call does nothing; safe in a signal handler."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        self._server.pull_trigger()
        if self._thread is not None:
            self._thread.join(2 * PATIENCE)


def _listening(listen: HostPort) -> socket.socket:
    """Return a socket that listens. Raises InUse and CannotDo."""
    where = f"{listen.host}:{listen.port}"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            listen.host, listen.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        opened = socket.socket(family, kind, protocol)
    except OSError as error:
        raise CannotDo(f"Nothing can listen on {where}: {error.strerror or error}.") from error
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(address)
        opened.listen(128)
    except OSError as error:
        opened.close()
        if error.errno == errno.EADDRINUSE:
            raise InUse(
                f"Another program already listens on {where}. Stop it, or name another port under web: listen: in the configuration."
            ) from error
        raise CannotDo(f"Nothing can listen on {where}: {error.strerror}.") from error
    return opened
