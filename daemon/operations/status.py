"""The status for a person: is it running, how far was each source read, what waits to go out, what failed. In the accounts' own time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from daemon.config.load import load_settings
from daemon.config.office import source_name
from daemon.config.settings import without_reviews
from daemon.letters import phrases
from daemon.operations.printable import safe
from daemon.service import health

if TYPE_CHECKING:
    from daemon.store.team.worker_rows import WorkerAtWork

_QUEUED: Mapping[str, str] = {
    "waiting": "{} waiting to go out",
    "sending": "{} being sent",
    "unknown": "{} of which it is not known whether they went out",
    "refused": "{} refused",
}


@dataclass(frozen=True, slots=True)
class Status:
    """What the daemon or the last sync wrote (service.status_values), and whether the daemon is running.

    `zones` are the accounts' time zones; `configured` are the sources that the configuration names, None where it was not asked.
    `workers` are those of a team, which write no file.
    """

    written: Mapping[str, Any]
    running: bool
    now: datetime
    late: bool = False  # whether the last turn in which everything worked is longer ago than it should be
    damaged: bool = False  # whether there is a status file of which nothing can be used
    zones: Mapping[str, ZoneInfo] = field(default_factory=dict)
    configured: frozenset[tuple[str, str]] | None = None
    workers: tuple[WorkerAtWork, ...] = ()
    away: str = ""  # why the team's database does not answer
    without_reviews: tuple[str, ...] = ()  # with which clients nobody books reviews, and why, in words

    def document(self) -> dict[str, Any]:
        """Return what --json prints."""
        written = {**self.written, "sources": self._sources()} if self.written else {}
        zone = self._home
        workers = [
            {
                "process": w.process,
                "since": phrases.iso(w.since, zone),
                "last_turn": phrases.iso(w.turned, zone),
                "accounts": w.accounts,
                "problem": w.problem,
            }
            for w in self.workers
        ]
        return {
            "running": self.running,
            "late": self.late,
            **written,
            **({"workers": workers} if workers else {}),
            "without_reviews": [*self.without_reviews],
        }

    def text(self) -> str:
        """Return the status in words."""
        if self.workers:
            return "\n".join(map(safe, (*self._team(), *self.without_reviews)))
        if not self.written:
            return "\n".join(self._nothing_written())
        lines = [
            self._state(),
            *self._accounts(),
            *self._reader(),
            *self._model(),
            self._queue(),
            *map(self._unsettled, self.written["unsettled"]),
        ]
        return "\n".join(
            safe(line) for line in (*lines, *self.without_reviews, *(f"Failed: {line}" for line in self.written["failures"]))
        )

    def _team(self) -> Iterator[str]:
        """Yield each worker of a team: its process, and when it began its last turn."""
        yield f"{phrases.count(len(self.workers), 'worker')} at work. How each person is doing: kept team status"
        for worker in self.workers:
            since = phrases.moment(worker.since, self._home, self.now)
            turned = f"last turn {phrases.moment(worker.turned, self._home, self.now)}" if worker.turned else "no turn yet"
            yield f"  {worker.process}: since {since}, {turned}, {phrases.count(worker.accounts, 'account')}"
            if worker.problem:
                yield f"    {worker.problem}"

    def _nothing_written(self) -> Iterator[str]:
        if self.damaged:
            yield "The status file in the state directory is damaged, so nothing is known of the last turn."
            yield "Nothing else depends on it: the next turn of kept run, or kept sync, writes it again."
        else:
            yield "Kept has not run here yet. Start it with: kept service install"

    def _sources(self) -> list[Mapping[str, Any]]:
        """Return the sources that are read: one that left the configuration counts no more."""
        named = self.configured
        return [s for s in self.written["sources"] if named is None or (s["account"], s["source"]) in named]

    def _accounts(self) -> Iterator[str]:
        """Yield each account with its sources below it; a source that is new in the configuration has not been read."""
        sources = self._sources()
        known = {(s["account"], s["source"]) for s in sources}
        new = [{"account": a, "source": s} for a, s in sorted(self.configured or ()) if (a, s) not in known]
        accounts = dict.fromkeys(s["account"] for s in (*sources, *new))
        for account in accounts:
            yield account_line(account, self._zone(account), self.zones.values())
            yield from (
                line
                for s in (*sources, *new)
                if s["account"] == account
                for line in source_lines(s, self._zone(account), self.now)
            )

    def _reader(self) -> Iterator[str]:
        """Yield which version of the reader reads; nothing of a status that an earlier release wrote."""
        reader = self.written.get("reader")
        if reader is not None:
            yield f"Mail is read by rules and word weights (reader {reader['version']})."

    def _model(self) -> Iterator[str]:
        """Yield how the user's own language model is doing; nothing where there is none."""
        model = self.written.get("model")
        if model is None:
            return
        asked = ", ".join(
            f"{count} of {model['budget']} requests for {address}" for address, count in model["asked_today"].items()
        )
        answers = f"Language model {model['name']} at {model['host']}: {asked} today."
        if model["silent_since"] is None:
            yield answers
            return
        why = f" ({model['error']})" if model["error"] else ""
        since = _moment(model["silent_since"], self._home, self.now)
        yield f"{answers} No answer since {since}{why}; everything else works without it."

    def _queue(self) -> str:
        """Return what waits to go out."""
        counts = [text.format(self.written["queue"][name]) for name, text in _QUEUED.items() if self.written["queue"].get(name)]
        return f"Messages and bookings: {phrases.listed(counts)}." if counts else "Nothing is waiting to go out."

    def _unsettled(self, one: Mapping[str, Any]) -> str:
        since = _moment(one["since"], self._zone(one["account"]), self.now)
        return f"Not known since {since}, {one['account']}: {one['what']}. {one['next']}"

    def _state(self) -> str:
        """Return whether it is running, and when it last worked: plainly where that is longer ago than it should be."""
        last = self._last()
        if self.running:
            since = ", which is longer ago than it should be: nothing was read or sent since" if self._worked else ""
            late = f"{last}{since}. See the failures below, and kept.log."
            return f"Kept is running (process {self.written['pid']}); {late if self.late else f'{last}.'}"
        if self.written.get("stopped", True):
            return f"Kept is not running; {last}. Start it with: kept service install"
        return f"Kept is not running: it ended without being stopped; {last}. Nothing was read or sent since. Start it with: kept service install"

    def _last(self) -> str:
        """Return when it last worked, in words."""
        if not self._worked:
            return "it has not worked yet" if self.written.get("last_failure") else "when it last worked is not known"
        return f"it last worked {_moment(self._worked, self._home, self.now)}"

    @property
    def _worked(self) -> str | None:
        """When everything last worked. A turn that failed is none; what only `kept sync` wrote tells its turn alone."""
        worked: str | None = self.written.get("last_success")
        return worked or (None if self.written.get("last_failure") else self.written["last_turn"])

    @property
    def _home(self) -> ZoneInfo:
        return next(iter(self.zones.values()), ZoneInfo("UTC"))

    def _zone(self, account: str) -> ZoneInfo:
        return self.zones.get(account) or self._home


def account_line(account: str, zone: ZoneInfo, zones: Iterable[ZoneInfo]) -> str:
    """Return the heading of an account's sources, with its time zone where the accounts' are not all the same."""
    return f"{account} (times in {zone.key})" if len({z.key for z in zones}) > 1 else account


def source_lines(source: Mapping[str, Any], zone: ZoneInfo, now: datetime, more: str = "") -> Iterator[str]:
    """Yield a source's line, with what was said of it below."""
    seen, failed, error = source.get("seen_until"), source.get("failed_since"), source.get("error")
    read_to = f"read up to {_moment(seen, zone, now)}" if seen else "not read yet"
    since = f" since {_moment(failed, zone, now)}" if failed else ""
    yield f"  {source['source']}: {read_to}{f'; failing{since}: {error}' if error else ''}{more}"
    yield from (f"    {warning}" for warning in source.get("warnings", ()))


def _moment(written: str, zone: ZoneInfo, now: datetime) -> str:
    """Return a moment of the status file as people write it, in that zone: today 11:00, Mon 2 Mar 11:00."""
    return phrases.moment(datetime.fromisoformat(written), zone, now)


def read(config: Path, now: datetime) -> Status:
    """Return the status of the state directory that the configuration names. Raises ConfigError."""
    settings = load_settings(config)
    found = health.read_status(settings.state)
    zones = {account.addresses[0]: ZoneInfo(account.time_zone) for account in settings.accounts}
    named = frozenset((a.addresses[0], source_name(s)) for a in settings.accounts for s in (*a.mail, *a.calendars))
    written, (workers, away) = found or {}, _workers(settings.database)
    return Status(
        written,
        bool(workers) or health.is_running(written.get("pid")),
        now,
        late=health.is_late(written, now),
        damaged=found is None and (settings.state / health.FILE).exists(),
        zones=zones,
        configured=named,
        workers=workers,
        away=away,
        without_reviews=tuple(without_reviews(settings)),
    )


def _workers(database: str | None) -> tuple[tuple[WorkerAtWork, ...], str]:
    """Return the workers at work on a database, and why it does not answer if it does not: the rest of the status does without."""
    if database is None:
        return (), ""
    from daemon.store import Store, StoreError  # noqa: PLC0415  # which one person's status does without

    try:
        store = Store.open(database, read_only=True)
    except StoreError as error:
        return (), error.message
    try:
        return store.workers(), ""
    finally:
        store.close()
