"""The dashboard beside a daemon or a worker, as the configuration says. What goes wrong with it stops neither.

The server and its packages are loaded where the configuration asks for it: who does without spares their memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from daemon.config.settings import Settings, WebSettings
from daemon.errors import CannotDo, ConfigError, StoreError
from daemon.logs import get_logger
from daemon.web.office import WebOffice

if TYPE_CHECKING:
    from daemon.web.server import WebServer

log = get_logger(__name__)


class Dashboard:
    """Runs as long as `web:` stands in the configuration. `problem` says in words why it does not; None if nothing is wrong."""

    def __init__(self, config: Path | None, environ: Mapping[str, str]) -> None:
        self._config, self._environ = config, environ
        self._running: tuple[WebSettings, WebServer, WebOffice] | None = None
        self.problem: str | None = None

    def apply(self, settings: Settings) -> None:
        """Start, stop or move as the configuration says now. What failed before is tried again."""
        if self._running is not None and self._running[0] != settings.web:
            self.stop()
        if settings.web is None:
            self.problem = None
        elif self._running is None:
            self._start(settings.web)

    def stop(self) -> None:
        """Stop within about a second."""
        if self._running is not None:
            _, server, office = self._running
            self._running = None
            server.stop()
            office.close()

    def _start(self, web: WebSettings) -> None:
        try:
            from daemon.web.server import WebServer  # noqa: PLC0415  # see above
        except ModuleNotFoundError as error:
            self._report(f"the dashboard needs more packages ({error.name} is missing): pip install 'kept[web]'")
            return
        try:
            office = WebOffice.open(self._config, self._environ)
        except (ConfigError, StoreError) as error:
            self._report(f"the dashboard could not be started: {error}")
            return
        try:
            server = WebServer(office, web.listen, web.trusted_hosts)
        except CannotDo as error:
            office.close()
            self._report(f"the dashboard is not there. {error}")
            return
        server.start()
        self._running, self.problem = (web, server, office), None
        log.info("the dashboard is there", address=server.links)

    def _report(self, problem: str) -> None:
        if problem != self.problem:
            log.error(problem)
        self.problem = problem
