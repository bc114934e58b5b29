"""What a careful colleague reads in the second office, and how it is compared with what Kept found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from daemon.glossary.obligations import Kind, Obligation
from daemon.sample.build import Mail, mails

SOURCES = Path(__file__).parent
ZONE = ZoneInfo("Europe/Berlin")
MORNING = datetime(2026, 3, 4, 8, 30, tzinfo=ZONE)
START = datetime(2026, 1, 5, 7, 0, tzinfo=ZONE)
READ = datetime(
    2026, 3, 13, 18, 0, tzinfo=ZONE
)  # after the last mail: what comes later than a moment is not known at that moment
SAID = frozenset({Kind.REPLY, Kind.CALLBACK, Kind.PROMISE, Kind.WAITING_FOR})  # what comes from a mail's words


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was asked or promised; `closed` is None for what never was done."""

    name: str
    mail: str
    kind: Kind
    words: str
    due: datetime | None
    closed: datetime | None
    late: bool
    doubtful: bool  # two careful readers could differ
    instead: str | None  # the mail that may stand for the same thing
    rests: bool  # so long overdue that it has left the digest

    def open_at(self, now: datetime) -> bool:
        """Whether it is still to be done at a moment."""
        return self.closed is None or now < self.closed

    def made_by(self, now: datetime) -> bool:
        """Whether the mail had been written by then."""
        return WRITTEN[self.mail].at <= now

    def is_meant_by(self, found: Obligation) -> bool:
        """Whether Kept means this with what it found: the same mail, the same side, and the same words if the mail has several."""
        if (found.kind is Kind.WAITING_FOR) != (self.kind is Kind.WAITING_FOR) or found.kind not in SAID:
            return False
        alone = sum(e.mail == self.mail and (e.kind is Kind.WAITING_FOR) == (self.kind is Kind.WAITING_FOR) for e in ENTRIES) == 1
        return name_of(found) in {self.mail, self.instead} and (alone or self.words in _folded(found.quote))


def _folded(text: str | None) -> str:
    return " ".join((text or "").split())


def name_of(found: Obligation) -> str:
    """Return the name of the mail that something comes from, as truth.yaml has it."""
    return found.source.shown.strip("<>").partition("@")[0]


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE) if text else None


def _entries(truth: dict[str, Any]) -> Iterator[Entry]:
    count: Counter[str] = Counter()
    for spec in (*truth["owed"], *({"kind": "waiting_for", **w} for w in truth["waiting"])):
        mail = spec["mail"]
        count[mail] += 1
        yield Entry(
            name=mail if count[mail] == 1 else f"{mail}.{count[mail]}",
            mail=mail,
            kind=Kind(spec["kind"]),
            words=_folded(spec["words"]),
            due=_moment(spec["due"]),
            closed=_moment(spec.get("closed")),
            late=spec.get("late", False),
            doubtful=spec.get("doubtful", False),
            instead=spec.get("instead"),
            rests=spec.get("rests", False),
        )


def _load(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((SOURCES / f"{name}.yaml").read_text(encoding="utf-8"))
    return content


_TRUTH = _load("truth")
WRITTEN: dict[str, Mail] = {m.message_id.strip("<>").partition("@")[0]: m for m in mails(SOURCES)}
ENTRIES = tuple(_entries(_TRUTH))
CLEAR = tuple(e for e in ENTRIES if not e.doubtful)
INTERNAL: frozenset[str] = frozenset(_TRUTH["internal"])
NOTHING = tuple(f"{file}-{place}" for file, places in _TRUTH["nothing"].items() for place in places)
PLANNED: tuple[str, ...] = tuple(_TRUTH["planned"])  # clients with a next step
WRONG_TODAY: dict[str, dict[str, str]] = _load("wrong_today")


def false_ones(found: Iterable[Obligation], now: datetime) -> list[str]:
    """Return the names of the mails for which Kept claims something open at `now` that is not, or never was."""
    return [name_of(o) for o in found if o.kind in SAID and not _right(o, now)]


def _right(found: Obligation, now: datetime) -> bool:
    meant = [e for e in ENTRIES if e.is_meant_by(found)]
    return any(e.open_at(now) or e.doubtful for e in meant)
