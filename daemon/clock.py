"""The only module that reads the clock; everywhere else `now` is an argument.

Two clocks: the wall clock, which people and servers share and which anybody can set, and the machine's own count of seconds, which
only ever grows. Where the two disagree, the wall clock was moved (`daemon.service.clock_guard`).
"""

from __future__ import annotations

import time
from datetime import UTC, datetime

# The one that counts a suspend too: on Linux CLOCK_BOOTTIME, on macOS CLOCK_MONOTONIC (clock_gettime(2), clock_gettime(3)).
_SINCE_BOOT = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)  # noqa: TID251  # the only place


def since_boot() -> float:
    """Return the seconds since the machine started, those of a suspend included; no change of the wall clock moves them."""
    return time.clock_gettime(_SINCE_BOOT)
