"""When somebody is busy, as an Exchange server shows it to colleagues (GetUserAvailability)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from connectors.calendar import Busy, Window, merge_spans
from connectors.errors import ConnectorError
from connectors.exchange import soap
from connectors.exchange.session import Session
from connectors.exchange.soap import Element

# The server refuses more than 42 days, unless its administrator allows more
# (https://learn.microsoft.com/exchange/client-developer/web-service-reference/timewindow).
LONGEST = timedelta(days=40)
STEP = 15  # minutes of a merged view
_TAKEN = frozenset({"Tentative", "Busy", "OOF"})
_DAY = "<t:Bias>0</t:Bias><t:Time>02:00:00</t:Time><t:DayOrder>1</t:DayOrder><t:Month>{month}</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek>"
_UTC = (
    f"<t:TimeZone><t:Bias>0</t:Bias><t:StandardTime>{_DAY.format(month=11)}</t:StandardTime>"
    f"<t:DaylightTime>{_DAY.format(month=3)}</t:DaylightTime></t:TimeZone>"
)


def busy_times(session: Session, email: str, window: Window) -> tuple[Busy, ...] | ConnectorError:
    """Return the busy times of that address in the window, merged and in order; a ConnectorError where the server shows none.

    Raises ConnectorError where the request as a whole failed.
    """
    spans: list[Busy] = []
    # Whole days, because the server refuses a window shorter than one.
    start = datetime.combine(window.start.astimezone(UTC).date(), datetime.min.time(), UTC)
    while start < window.end:
        part = Window(start, start + max(timedelta(days=1), min(LONGEST, window.end - start)))
        message = session.request(_payload(email, part))[0]
        if not message.succeeded:
            return session.refusal(message)
        part_spans = _spans(message.element.find("m:FreeBusyView", soap.NAMES), part)
        if part_spans is None:
            return ConnectorError(f"{session.host} does not show when {email} is busy", permanent=True)
        spans += part_spans
        start = part.end
    return merge_spans(spans, window)


def _payload(email: str, window: Window) -> str:
    start, end = (f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}" for moment in window)
    who = f"<t:Email><t:Address>{soap.escaped(email)}</t:Address></t:Email><t:AttendeeType>Required</t:AttendeeType>"
    span = f"<t:TimeWindow><t:StartTime>{start}</t:StartTime><t:EndTime>{end}</t:EndTime></t:TimeWindow>"
    view = f"<t:MergedFreeBusyIntervalInMinutes>{STEP}</t:MergedFreeBusyIntervalInMinutes><t:RequestedView>FreeBusyMerged</t:RequestedView>"
    return (
        f"<m:GetUserAvailabilityRequest>{_UTC}<m:MailboxDataArray><t:MailboxData>{who}</t:MailboxData></m:MailboxDataArray>"
        f"<t:FreeBusyViewOptions>{span}{view}</t:FreeBusyViewOptions></m:GetUserAvailabilityRequest>"
    )


def _spans(view: Element, window: Window) -> list[Busy] | None:
    """Return the busy spans of a view; None where it has none to show, or is malformed."""
    kinds = soap.text(view, "t:FreeBusyViewType", 100).split()
    if any("FreeBusy" in kind or "Detailed" in kind for kind in kinds):
        spans = list(_events(view))
        return None if None in spans else [s for s in spans if s is not None]
    merged = soap.text(view, "t:MergedFreeBusy", 20_000).strip()
    if "MergedOnly" in kinds and merged and set(merged) <= set("0123"):
        return list(_steps(merged, window))
    return None


def _events(view: Element) -> Iterator[Busy | None]:
    for event in soap.children(view, "t:CalendarEventArray"):
        start, end = soap.moment(event, "t:StartTime"), soap.moment(event, "t:EndTime")
        kind = soap.text(event, "t:BusyType", 20)
        if start is None or end is None or kind == "NoData":
            yield None
        elif kind in _TAKEN:
            yield Busy(start, end)


def _steps(merged: str, window: Window) -> Iterator[Busy]:
    """Yield the steps that are not free. A digit each: 0 is free, 1 tentative, 2 busy, 3 away, 4 unknown, at which `_spans` gives up.

    https://learn.microsoft.com/exchange/client-developer/web-service-reference/mergedfreebusy
    """
    step = timedelta(minutes=STEP)
    for place, digit in enumerate(merged):
        if digit != "0":
            yield Busy(window.start + place * step, window.start + (place + 1) * step)
