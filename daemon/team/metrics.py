"""What a worker tells of itself over HTTP: `/metrics` for Prometheus, and `/health` for whoever restarts what no longer works.

Off unless the configuration names an address under `metrics:`. Of several workers on one machine each takes the next free port. Figures
are sums over all accounts: no name, no address and no word of anybody's mail is among them. Nothing can be changed over it.
"""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import StartResponse, WSGIEnvironment

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, make_wsgi_app
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from daemon import __version__
from daemon.errors import StoreError
from daemon.glossary.actions import Delivery
from daemon.logs import get_logger
from daemon.store import Store

log = get_logger(__name__)

PORTS = 16  # how many ports from the configured one on are tried
DEAF_AFTER = 30.0  # seconds without a sign of the engine or the database after which a worker counts as not well
_SHOWN = (Delivery.WAITING, Delivery.SENDING, Delivery.UNKNOWN)
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)  # seconds
_PLAIN = ("Content-Type", "text/plain; charset=utf-8")


@dataclass(frozen=True, slots=True)
class Health:
    """How a worker is: `problem` is None while it is well."""

    problem: str | None


class Metrics:
    """The figures of one worker. `now` tells the time, `since_boot` counts seconds."""

    def __init__(self, store: Store, now: Callable[[], datetime], since_boot: Callable[[], float]) -> None:
        self._registry, self._since_boot = CollectorRegistry(), since_boot
        self._turns = Counter("kept_turns", "Turns of accounts that ended, by how.", ("result",), registry=self._registry)
        self._seconds = Histogram(
            "kept_turn_seconds", "How long turns took, waiting for servers included.", buckets=_BUCKETS, registry=self._registry
        )
        self._lag = Histogram(
            "kept_turn_lag_seconds", "How long after it was due a turn began.", buckets=_BUCKETS, registry=self._registry
        )
        Gauge("kept_build", "The version at work.", ("version",), registry=self._registry).labels(__version__).set(1)
        self._registry.register(_OfStore(store, now))
        self._application = make_wsgi_app(self._registry)
        self._last_sign = since_boot()
        self._problem: str | None = None
        self._beside: str | None = None

    def turn_ended(self, result: str, seconds: float, lag: float | None) -> None:
        """Count a turn that ended: done, failed or lost to another worker, after how long, and how late it had begun, if known."""
        self._turns.labels(result).inc()
        self._seconds.observe(seconds)
        if lag is not None:
            self._lag.observe(max(0.0, lag))

    def sign(self, problem: str | None = None, beside: str | None = None) -> None:
        """Note that the worker was overseen, and what is wrong, if anything is: with it, or only beside its turns."""
        self._last_sign, self._problem, self._beside = self._since_boot(), problem, beside

    def health(self) -> Health:
        """Return how the worker is."""
        silent = self._since_boot() - self._last_sign
        return Health(f"no sign of life for {silent:.0f} seconds" if silent > DEAF_AFTER else self._problem)

    def respond(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer a request (PEP 3333): the figures, or the health; anything else is not found."""
        path = environ.get("PATH_INFO", "")
        if environ.get("REQUEST_METHOD") not in ("GET", "HEAD") or path not in ("/metrics", "/health"):
            start("404 Not Found", [_PLAIN])  # a list of its own: the server adds to it
            return [b"There are /metrics and /health.\n"]
        if path == "/metrics":
            figures: Iterable[bytes] = self._application(environ, start)
            return figures
        problem = self.health().problem
        start("503 Service Unavailable" if problem else "200 OK", [_PLAIN])
        well = f"well, but {self._beside}" if self._beside else "well"
        return [f"{problem or well}\n".encode()]


class _OfStore(Collector):
    """The figures that all workers share, asked of the database when somebody asks for them; none while it is away."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store, self._now = store, now

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Return nothing: the database is not asked when the worker starts."""
        return ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield how many accounts there are and how late they are, and how many letters and bookings are on their way."""
        now = self._now()
        try:
            turns, parcels = self._store.turn_counts(now), self._store.parcel_counts(*_SHOWN)
        except StoreError:
            yield GaugeMetricFamily("kept_database_up", "Whether the database answers.", value=0)
            return
        yield GaugeMetricFamily("kept_database_up", "Whether the database answers.", value=1)
        yield GaugeMetricFamily("kept_accounts", "Accounts that take turns.", value=turns.accounts)
        yield GaugeMetricFamily("kept_accounts_due", "Accounts whose turn is due.", value=turns.overdue)
        oldest = (now - turns.oldest).total_seconds() if turns.oldest else 0.0
        yield GaugeMetricFamily("kept_oldest_due_seconds", "Since when the account that waits longest is due.", value=oldest)
        yield _by_state(parcels)


def _by_state(parcels: Mapping[Delivery, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily("kept_parcels", "Letters and bookings on their way, by state.", labels=("delivery",))
    for delivery in _SHOWN:
        family.add_metric((delivery.value,), parcels.get(delivery, 0))
    return family


@contextmanager
def served(metrics: Metrics, host: str, port: int) -> Iterator[int | None]:
    """Serve a worker's figures while the block runs. Yield the port; None where no port could be had, which is logged."""
    server = next(_servers(metrics, host, port), None)
    if server is None:
        log.error("no metrics are served: no port is free", host=host, ports=f"{port} to {port + PORTS - 1}")
        yield None
        return
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    log.info("metrics are served", host=host, port=server.server_port)
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def _servers(metrics: Metrics, host: str, port: int) -> Iterator[WSGIServer]:
    for each in range(port, min(port + PORTS, 65_536)):
        try:
            yield make_server(host, each, metrics.respond, server_class=_Server, handler_class=_Handler)
        except OSError as error:
            log.debug("a port is taken", port=each, error=error.strerror)


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    """A server that nobody who is slow holds up, and that looks up no host's name, which may take long."""

    daemon_threads = True
    block_on_close = False

    def server_bind(self) -> None:
        """Bind, and say under which name without asking anybody."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])
        self.setup_environ()


class _Handler(WSGIRequestHandler):
    """A handler that waits for nobody long, and logs nothing."""

    timeout = 5.0

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the library's name
        """Log nothing: a scraper comes every few seconds."""
