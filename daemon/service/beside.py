"""What runs beside a daemon or a worker in the same process, such as the dashboard. The command that starts both brings them together."""

from __future__ import annotations

from typing import Protocol

from daemon.config.settings import Settings


class Beside(Protocol):
    """Something beside the turns. Nothing that goes wrong with it may raise an error or stop them."""

    @property
    def problem(self) -> str | None:
        """What is wrong with it, for the user; None if nothing is."""
        ...

    def apply(self, settings: Settings) -> None:
        """Go by the configuration: called when the daemon has begun, and again and again."""
        ...

    def stop(self) -> None:
        """Stop within about a second."""
        ...


class Nothing:
    """Nothing beside them."""

    problem: str | None = None

    def apply(self, settings: Settings) -> None:
        """Do nothing."""

    def stop(self) -> None:
        """Do nothing."""
