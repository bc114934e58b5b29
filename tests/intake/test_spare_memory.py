"""What was read and is not held any more does not count as the daemon's memory."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from daemon.intake import spare_memory

STATUS = Path("/proc/self/status")


def resident() -> int:
    """Return the memory of this process in kilobytes."""
    found = re.search(r"VmRSS:\s+(\d+)", STATUS.read_text())
    assert found is not None
    return int(found[1])


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="it is glibc that keeps what was freed")
def test_what_lies_between_things_that_stay_is_given_back() -> None:
    pieces = [bytes(4000) for _ in range(20_000)]  # 80 MB, of which every hundredth stays
    staying = pieces[::100]
    del pieces
    before = resident()
    spare_memory.give_back()
    assert before - resident() > 40_000
    assert len(staying) == 200


def test_a_library_without_a_way_to_give_back_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spare_memory, "_trim", lambda: None)
    spare_memory.give_back()
