"""Write what the user's clicks taught to a file that they can read: `learned.yaml` in the state directory.

The file is never read: the decisions in the store count, so `kept undo ID` takes a lesson back, and a deleted file is written again.
It contains nothing of a mail's text.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from connectors.net import files
from daemon.core import confidence_bands
from daemon.glossary.decisions import Decision
from daemon.glossary.parties import Account

NAME = "learned.yaml"
_HEAD = """\
# What your clicks taught Kept. This file is for you to look at; Kept never reads it. What Kept read with more confidence
# than `tracked` counts, and it reminds you. From `asked` on, the digest asks you; below that, it is left out, except what
# a client asks: that is never left out.
# Each line under `because` is one click of yours, with the confidence at which Kept had read it; take one back with:
# kept undo ID
"""


def document(accounts: Sequence[Account], decisions: Sequence[Decision], now: datetime) -> dict[str, Any]:
    """Return, by account and kind, the lower ends of the confidence bands and the clicks that moved them."""
    bands: dict[str, Any] = {}
    for account in accounts:
        learned = confidence_bands.lessons(decisions, account.address, now)
        bounds = confidence_bands.bounds(learned)
        bands[account.address] = {
            kind.value: {
                "tracked": bounds[kind].tracked,
                "asked": bounds[kind].asked,
                "because": [_click(lesson) for lesson in learned if lesson.kind is kind],
            }
            for kind in confidence_bands.KINDS
        }
    return bands


def write(folder: Path, accounts: Sequence[Account], decisions: Sequence[Decision], now: datetime) -> None:
    """Write the file if its contents changed, readable by its owner alone. Raises OSError."""
    text = _HEAD + yaml.safe_dump(document(accounts, decisions, now), sort_keys=False, allow_unicode=True)
    path = folder / NAME
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        files.write_atomically(path, text.encode())


def _click(lesson: confidence_bands.Lesson) -> str:
    decision = lesson.decision
    return f"{decision.at:%Y-%m-%d %H:%M} {decision.verb.value} {decision.target_id} ({decision.confidence:.2f})"
