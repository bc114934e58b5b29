"""What is owed, as a list for a terminal: one line an item, most urgent first, and which sources it does not speak of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from daemon.commands.tables import obligation_document, zone_of
from daemon.commands.terminal import console, safe
from daemon.glossary.assessments import Coverage
from daemon.glossary.obligations import Band, Kind, Obligation, State, state
from daemon.glossary.parties import Office
from daemon.letters import phrases

if TYPE_CHECKING:
    from rich.table import Table

STALE = timedelta(hours=2)  # after which it is worth saying that a source was not read since
_WHO, _GAP, _FOR = 24, 2, 10  # the most columns of a person and client, between two columns, of the account's name
_LEAST = 16  # columns of the words, however narrow the terminal is
_NEAR = ("today", "tomorrow")  # of which the time of day is worth its room
_UNLIMITED = 2000  # columns of a line that is not cut
_WHAT: Mapping[Kind, str] = {
    Kind.REPLY: "reply",
    Kind.CALLBACK: "call",
    Kind.PROMISE: "promised",
    Kind.WAITING_FOR: "they said",
}
_TITLES: Mapping[State, str] = {
    State.OVERDUE: "Overdue",
    State.DUE_SOON: "Due soon",
    State.OPEN: "Later",
    State.SNOOZED: "Hidden until later",
    State.MISSED: "Missed",
    State.KEPT_LATE: "Done late",
    State.KEPT: "Done in time",
    State.WAIVED: "Not owed",
}
_UNDATED, _WAITING, _UNSURE = "Without a date", "Waiting for clients", "Perhaps owed: kept confirm ID or kept wrong ID settles it"
_ORDER = (
    "Overdue",
    "Due soon",
    "Later",
    _UNDATED,
    _WAITING,
    _UNSURE,
    "Hidden until later",
    "Missed",
    "Done late",
    "Done in time",
)
_COLOURS = {"Overdue": "bold red", "Due soon": "yellow", "Missed": "red"}


def document(
    obligations: Sequence[Obligation], office: Office, unread: Sequence[Coverage], now: datetime, as_of: str | None
) -> dict[str, Any]:
    """Return what `kept due --json` prints; `as_of` is `now` in the first account's time zone."""
    owed = [obligation_document(o, zone_of(office, o.account), now) for o in obligations]
    return {"as_of": as_of, "obligations": owed, "unread": [_unread_document(c, office) for c in unread]}


def unread(sources: Iterable[Coverage], now: datetime) -> tuple[Coverage, ...]:
    """Return the sources of which the list cannot speak: never read by `now`, failing, or not read for hours."""
    return tuple(s for s in sources if s.seen_until is None or s.error or now - s.seen_until > STALE)


def show(
    obligations: Sequence[Obligation], office: Office, missing: Sequence[Coverage], now: datetime, *, wide: bool = False
) -> None:
    """Print what is owed in groups, one line an item; the whole words and times where it is `wide`."""
    page = console(_UNLIMITED if wide else None)
    groups = {title: tuple(of) for title, of in groupby(sorted(obligations, key=_place(now)), key=lambda o: _group(o, now))}
    layout = _Layout(obligations, office, now, page.width, wide=wide)
    for number, (title, owed) in enumerate(groups.items()):
        if number:
            page.print()
        page.print(f"{title} ({len(owed)})", style=_COLOURS.get(title, "bold"), soft_wrap=True)
        page.print(layout.table(owed))
    if not obligations:
        page.print("Nothing is owed.")
    for line in _notes(missing, office, now):
        page.print(line, style="yellow", soft_wrap=True, markup=False)
    if obligations and not wide:
        page.print(
            "\nWhy: kept explain ID   Settle: kept done ID   Later: kept snooze ID --until friday", style="dim", soft_wrap=True
        )


def _place(now: datetime) -> Any:
    """Return a key that puts obligations in the order of their groups; within one they stay in theirs."""
    return lambda o: _ORDER.index(title) if (title := _group(o, now)) in _ORDER else len(_ORDER)


def _group(o: Obligation, now: datetime) -> str:
    """Return the heading under which an obligation stands."""
    current = state(o, now)
    if current not in (State.OVERDUE, State.DUE_SOON, State.OPEN):
        return _TITLES[current]
    if o.band is Band.ASKED:
        return _UNSURE
    if o.kind is Kind.WAITING_FOR:
        return _WAITING
    return _UNDATED if o.due is None else _TITLES[current]


@dataclass(frozen=True, slots=True)
class _Line:
    """One obligation in words: whose it is where there are several accounts, who waits, for what, until when, its id."""

    account: str
    who: str
    what: str
    due: str
    id: str


class _Layout:
    """The widths of the columns, alike in all groups."""

    def __init__(self, owed: Sequence[Obligation], office: Office, now: datetime, width: int, *, wide: bool) -> None:
        from rich.cells import cell_len  # noqa: PLC0415  # JSON needs none of it

        self._office, self._now, self._wide = office, now, wide
        self._several = len({o.account for o in owed}) > 1
        lines = [self._line(o) for o in owed]
        longest = {name: max((cell_len(getattr(line, name)) for line in lines), default=0) for name in _Line.__slots__}
        self._widths = {
            "account": min(longest["account"], _FOR) if self._several else 0,
            "who": longest["who"] if wide else min(longest["who"], _WHO),
            "due": longest["due"],
            "id": longest["id"],
        }
        taken = sum(w + _GAP for w in self._widths.values() if w)
        self._widths["what"] = longest["what"] if wide else max(_LEAST, width - taken)

    def table(self, owed: Iterable[Obligation]) -> Table:
        """Return the lines of one group."""
        from rich.table import Table  # noqa: PLC0415  # as above

        table = Table(box=None, show_header=False, pad_edge=False, padding=(0, _GAP, 0, 0))
        names = [name for name in ("account", "who", "what", "due", "id") if self._widths[name]]
        for name in names:
            table.add_column(name, width=self._widths[name], no_wrap=True, overflow="ellipsis")
        for o in owed:
            line = self._line(o)
            table.add_row(*(_plain(getattr(line, name)) for name in names))
        return table

    def _line(self, o: Obligation) -> _Line:
        account = next((a.name for a in self._office.accounts if a.address == o.account), "") or o.account
        who = f"{phrases.cut(o.contact_name, 40)}, {o.client}" if o.contact_name else o.client
        what = safe(o.summary) if self._wide else _what(o)
        name = account if self._wide else account.split()[0]
        return _Line(safe(name), safe(who), what, self._due(o), o.id)

    def _due(self, o: Obligation) -> str:
        """Return when it is due; of what is hidden, when it comes back. The time of day only where it still matters."""
        zone, current = zone_of(self._office, o.account), state(o, self._now)
        hidden = current is State.SNOOZED
        at = o.snoozed_until if hidden else o.due
        if at is None:
            return "no date"
        if self._wide:
            local = at.astimezone(zone)
            return f"{'until ' if hidden else ''}{phrases.date_of(at, zone)} {local.year} {local:%H:%M}"
        day = phrases.day(at, zone, self._now)
        return f"{day} {phrases.time_of_day(at, zone)}" if day in _NEAR else day


def _what(o: Obligation) -> str:
    """Return what is owed in few words, the client's or the user's own where there are any."""
    if o.kind in _WHAT:
        return f"{_WHAT[o.kind]}: {phrases.quoted(o.quote)}" if o.quote else phrases.cut(o.summary, 140)
    return "review of expectations" if o.kind is Kind.REVIEW else phrases.cut(o.summary, 140)


def _plain(text: str) -> Any:
    """Return words of other people as they are: brackets in them are no markup."""
    from rich.text import Text  # noqa: PLC0415  # JSON needs none of it

    return Text(text)


def _notes(missing: Sequence[Coverage], office: Office, now: datetime) -> list[str]:
    """Return a line for each source that the list cannot speak of; one for all that nobody has read for the same time."""
    lines = [""] if missing else []
    for (seen_until, error), sources in groupby(missing, key=lambda c: (c.seen_until, c.error)):
        listed = list(sources)
        zone, have = zone_of(office, listed[0].account), "has" if len(listed) == 1 else "have"
        read = f"not been read since {phrases.moment(seen_until, zone, now)}" if seen_until else "never been read"
        why = f": {error}" if error else ". Read with: kept sync"
        lines.append(safe(f"Not complete: {phrases.listed([c.source for c in listed])} {have} {read}{why}"))
    return lines


def _unread_document(c: Coverage, office: Office) -> dict[str, Any]:
    return {
        "account": c.account,
        "source": c.source,
        "seen_until": phrases.iso(c.seen_until, zone_of(office, c.account)),
        "error": c.error,
    }
