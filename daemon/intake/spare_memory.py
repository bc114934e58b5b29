"""Memory that a batch of mail took and nothing holds any more, given back to the system.

Where a large mail is followed by small things that stay, the C library keeps the room between them for itself: after 1,500 hostile mails
that was 35 MB, more than Kept's own objects. The unit limits the memory of the daemon, so what is not used must not count.
"""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any


def give_back() -> None:
    """Give back what is free, in about a millisecond; nothing where the C library has no way to (it is glibc that keeps it)."""
    trim = _trim()
    if trim is not None:
        trim(0)


@cache
def _trim() -> Any:
    """Return malloc_trim (https://man7.org/linux/man-pages/man3/malloc_trim.3.html), None where there is none."""
    try:
        return ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError, TypeError):  # macOS, musl, Windows
        return None
