"""What is owed, as a list for a terminal: one line an item, most urgent first, and which sources it does not speak of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from daemon.commands.tables import first_name, obligation_document, zone_of
from daemon.commands.terminal import aligned, console, cut_to, safe
from daemon.glossary.assessments import Coverage
from daemon.glossary.obligations import Band, Kind, Obligation, State, state
from daemon.glossary.parties import Office
from daemon.letters import phrases

STALE = timedelta(hours=2)  # after which it is worth saying that a source was not read since
_NOTHING_READ = "Nothing is known yet."
_WHO = 24  # columns of a person and client
_NEAR = ("today", "tomorrow")  # of which the time of day is worth its room
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
    return tuple(s for s in sources if s.seen_until is None or _fails(s, now) or now - s.seen_until > STALE)


def _fails(source: Coverage, now: datetime) -> bool:
    return source.error is not None and (source.failed_since is None or source.failed_since <= now)


def show(
    obligations: Sequence[Obligation],
    office: Office,
    missing: Sequence[Coverage],
    now: datetime,
    *,
    wide: bool = False,
    empty: str = "Nothing is owed.",
) -> None:
    """Print what is owed in groups, one line an item; the whole words and times where it is `wide`. `empty` is said of none."""
    page = console()
    soon = _soon(obligations, now)
    ordered = sorted(obligations, key=_place(now, soon))
    lines = iter(_lines(ordered, office, now, None if wide else page.width))
    for number, (title, owed) in enumerate(groupby(ordered, key=lambda o: _group(o, now, soon))):
        of_group = [next(lines) for _ in owed]
        heading = f"{title} ({len(of_group)})"
        page.print(f"\n{heading}" if number else heading, style=_COLOURS.get(title, "bold"), soft_wrap=True)
        for line in of_group:
            page.print(line, markup=False, soft_wrap=True)
    if not obligations:
        page.print(_NOTHING_READ if missing and all(c.seen_until is None for c in missing) else empty)
    for line in _notes(missing, office, now):
        page.print(line, style="yellow", soft_wrap=True, markup=False)
    if obligations and not wide:
        page.print(
            "\nWhy: kept explain ID   Done: kept done ID   Later: kept snooze ID --until friday", style="dim", soft_wrap=True
        )


def _soon(obligations: Iterable[Obligation], now: datetime) -> datetime:
    """Return up to when what is owed is due soon: as far as anything is that is to be reminded of by now."""
    return max((o.due for o in obligations if o.due is not None and _group(o, now, now) == "Due soon"), default=now)


def _place(now: datetime, soon: datetime) -> Any:
    """Return a key that puts obligations in the order of their groups, and what is due soon by its due time; else they stay in theirs."""

    def place(o: Obligation) -> tuple[int, float]:
        title = _group(o, now, soon)
        due = o.due.timestamp() if title == "Due soon" and o.due is not None else 0.0
        return _ORDER.index(title) if title in _ORDER else len(_ORDER), due

    return place


def _group(o: Obligation, now: datetime, soon: datetime) -> str:
    """Return the heading under which an obligation stands; what is due before something that is due `soon` stands with it."""
    current = state(o, now)
    if current not in (State.OVERDUE, State.DUE_SOON, State.OPEN):
        return _TITLES[current]
    if o.band is Band.ASKED:
        return _UNSURE
    if o.kind is Kind.WAITING_FOR:
        return _WAITING
    if o.due is None:
        return _UNDATED
    return _TITLES[State.DUE_SOON if current is State.OPEN and o.due <= soon else current]


def _lines(owed: Sequence[Obligation], office: Office, now: datetime, width: int | None) -> list[str]:
    """Return a line for each: whose it is where there are several accounts, who waits, for what, until when, its id."""
    several = len({o.account for o in owed}) > 1
    rows = [[*([first_name(office, o.account)] if several else []), *_columns(o, office, now, wide=width is None)] for o in owed]
    return aligned(rows, 2 if several else 1, width)


def _columns(o: Obligation, office: Office, now: datetime, *, wide: bool) -> tuple[str, str, str, str]:
    who = safe(f"{phrases.cut(o.contact_name, 40)}, {o.client}" if o.contact_name else o.client)
    what = safe(o.summary) if wide else _what(o)
    return who if wide else cut_to(who, _WHO), what, _due(o, office, now, wide=wide), o.id


def _due(o: Obligation, office: Office, now: datetime, *, wide: bool) -> str:
    """Return when it is due; of what is hidden, when it comes back. The time of day only where it still matters."""
    zone, hidden = zone_of(office, o.account), state(o, now) is State.SNOOZED
    at = o.snoozed_until if hidden else o.due
    if at is None:
        return "no date"
    if wide:
        return f"{'until ' if hidden else ''}{phrases.date_of(at, zone)} {at.astimezone(zone):%Y %H:%M}"
    day = phrases.day(at, zone, now)
    return f"{day} {phrases.time_of_day(at, zone)}" if day in _NEAR else day


def _what(o: Obligation) -> str:
    """Return what is owed in few words, the client's or the user's own where there are any."""
    if o.kind in _WHAT:
        return f"{_WHAT[o.kind]}: {phrases.quoted(o.quote)}" if o.quote else phrases.cut(o.summary, 140)
    if o.kind is Kind.REVIEW:
        return "review of expectations"
    return phrases.cut(o.summary.replace(f" with {o.client}", ""), 140)  # the client stands beside it


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
