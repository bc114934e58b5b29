"""What is owed, as a list for a terminal: one line an item, most urgent first, and which sources it does not speak of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from daemon.commands.tables import first_name, obligation_document
from daemon.commands.terminal import aligned, console, cut_to, fitted
from daemon.core.evidence import is_booked
from daemon.core.infractions import is_overdue, is_repair
from daemon.glossary.assessments import Coverage
from daemon.glossary.obligations import Band, Kind, Obligation, SourceType, State, state
from daemon.glossary.parties import Office
from daemon.letters import phrases
from daemon.operations.printable import safe
from daemon.operations.zones import zone_of

if TYPE_CHECKING:
    from rich.console import Console

STALE = timedelta(hours=2)  # after which it is worth saying that a source was not read since
_NOTHING_READ = "Nothing is known yet."
_WHO, _LEAST_WHO, _REST = 24, 12, 32  # columns of a person and client; of what stands beside them and what is owed
_NEAR = ("today", "tomorrow")  # of which the time of day is worth its room
_WHAT: Mapping[Kind, str] = {  # before somebody's words: theirs need no more, as they stand beside their name
    Kind.REPLY: "",
    Kind.CALLBACK: "call: ",
    Kind.PROMISE: "you: ",
    Kind.WAITING_FOR: "",
}
_TITLES: Mapping[State, str] = {
    State.OVERDUE: "Overdue",
    State.DUE_SOON: "Due soon",
    State.OPEN: "Coming up",
    State.SNOOZED: "Hidden until later",
    State.MISSED: "Missed",
    State.KEPT_LATE: "Done late",
    State.KEPT: "Done in time",
    State.WAIVED: "Not owed",
}
_UNDATED, _WAITING, _UNSURE = "Without a date", "Waiting for clients", "Perhaps owed: kept confirm ID or kept wrong ID settles it"
_OLDER, _PERHAPS_DONE, _UNPLANNED, _BOOKED = "From before you started", "Was this done?", "Nothing planned", "Meeting booked"
_REPAIR = "Winning back trust"
_ORDER = (
    "Overdue",
    "Due soon",
    _OLDER,
    _PERHAPS_DONE,
    "Coming up",
    _BOOKED,
    _UNDATED,
    _WAITING,
    _REPAIR,
    _UNPLANNED,
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
    times: Sequence[tuple[Obligation, str]] = (),
) -> None:
    """Print what is owed in groups, one line an item; the whole words and times where it is `wide`. `empty` is said of none.

    `times` are what the calendar says of the times that clients propose.
    """
    page = console()
    _show_groups(page, obligations, office, now, None if wide else page.width)
    if not obligations:
        page.print(_NOTHING_READ if missing and all(c.seen_until is None for c in missing) else empty)
    if times:
        page.print("\nTimes they propose", style="bold")
        for line in (line for o, told in times for line in fitted(page, safe(f"{_who(o, _WHO)}: {told} ({o.id})"))):
            page.print(line, markup=False, soft_wrap=True)
    for line in _notes(missing, office, now):
        for part in fitted(page, line):
            page.print(part, style="yellow", soft_wrap=True, markup=False)
    if obligations and not wide:
        page.print()
        for line in fitted(page, "Why: kept explain ID   Done: kept done ID   Later: kept snooze ID --until friday"):
            page.print(line, style="dim", soft_wrap=True)


def _show_groups(page: Console, obligations: Sequence[Obligation], office: Office, now: datetime, width: int | None) -> None:
    soon = _soon(obligations, office, now)
    ordered = sorted(obligations, key=_place(now, soon))
    lines = iter(_lines(ordered, office, now, width))
    for number, (title, owed) in enumerate(groupby(ordered, key=lambda o: group(o, now, soon))):
        of_group = [next(lines) for _ in owed]
        heading = f"{title} ({len(of_group)})"
        page.print(f"\n{heading}" if number else heading, style=_COLOURS.get(title, "bold"), soft_wrap=True)
        for line in of_group:
            page.print(line, markup=False, soft_wrap=True)


def _soon(obligations: Sequence[Obligation], office: Office, now: datetime) -> datetime:
    """Return up to when what is owed is due soon: today, and as far as anything is that is to be reminded of by now."""
    zones = {zone_of(office, o.account) for o in obligations}
    tonight = (datetime.combine(now.astimezone(zone) + timedelta(days=1), time(), zone) for zone in zones)
    reminded = (o.due for o in obligations if o.due is not None and group(o, now, now) == "Due soon")
    return max((*tonight, *reminded), default=now)


def _place(now: datetime, soon: datetime) -> Any:
    """Return a key that puts obligations in the order of their groups, and what is due soon by its due time; else they stay in theirs."""

    def place(o: Obligation) -> tuple[int, float]:
        title = group(o, now, soon)
        due = o.due.timestamp() if title == "Due soon" and o.due is not None else 0.0
        return _ORDER.index(title) if title in _ORDER else len(_ORDER), due

    return place


def group(o: Obligation, now: datetime, soon: datetime) -> str:
    """Return the heading under which an obligation stands; what is due before something that is due `soon` stands with it."""
    current = state(o, now)
    if current not in (State.OVERDUE, State.DUE_SOON, State.OPEN):
        return _TITLES[current]
    if o.band is Band.ASKED:
        return _UNSURE
    if o.kind is Kind.WAITING_FOR:
        return _WAITING
    if o.kind is Kind.NEXT_STEP:
        return _UNPLANNED
    if is_repair(o):
        return _REPAIR
    if current is State.OVERDUE and not is_overdue(o, now):
        return _BOOKED if is_booked(o, now) else _OLDER if not o.counts else _PERHAPS_DONE
    if o.due is None:
        return _UNDATED
    return _TITLES[State.DUE_SOON if current is State.OPEN and o.due <= soon else current]


def _lines(owed: Sequence[Obligation], office: Office, now: datetime, width: int | None) -> list[str]:
    """Return a line for each: whose it is where there are several accounts, who waits, for what, until when, its id."""
    several = len({o.account for o in owed}) > 1
    rows = [[*([first_name(office, o.account)] if several else []), *_columns(o, office, now, width)] for o in owed]
    return aligned(rows, 2 if several else 1, width)


def _columns(o: Obligation, office: Office, now: datetime, width: int | None) -> tuple[str, str, str, str]:
    if width is None:
        return _who(o, None), safe(o.summary), _due(o, office, now, wide=True), o.id
    who = _who(o, min(_WHO, max(_LEAST_WHO, (width - _REST) // 2)))
    return who, safe(_what(o)), _due(o, office, now, wide=False), o.id


def _who(o: Obligation, width: int | None) -> str:
    """Return the person and the client; where that is too wide, the first name and the client."""
    who = safe(f"{phrases.cut(o.contact_name, 40)}, {o.client}" if o.contact_name else o.client)
    if width is None or len(who) <= width or not o.contact_name:
        return who if width is None else cut_to(who, width)
    return cut_to(safe(f"{phrases.first_name(o.contact_name) or o.contact_name}, {o.client}"), width)


def _due(o: Obligation, office: Office, now: datetime, *, wide: bool) -> str:
    """Return when it is due; of what is hidden, when it comes back; of a booked meeting, when it is. The time of day only where it still matters."""
    zone, hidden = zone_of(office, o.account), state(o, now) is State.SNOOZED
    booked = min((e.at for e in o.evidence if e.type is SourceType.EVENT and e.at > now), default=None)
    at = o.snoozed_until if hidden else booked or o.due
    if at is None:
        return "no date"
    if wide:
        return f"{'until ' if hidden else ''}{phrases.date_of(at, zone)} {at.astimezone(zone):%Y %H:%M}"
    day = phrases.day(at, zone, now)
    return f"{day} {phrases.time_of_day(at, zone)}" if day in _NEAR else day


def _what(o: Obligation) -> str:
    """Return what is owed in few words, the client's or the user's own where there are any."""
    if o.kind in _WHAT:
        return (
            f"{_WHAT[o.kind]}{phrases.quoted(phrases.from_the_point(o.quote, _WHO))}" if o.quote else phrases.cut(o.summary, 140)
        )
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
