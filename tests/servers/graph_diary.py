"""The calendars of the tests' Microsoft 365: events kept as Graph shows them, series expanded by the rules of iCalendar.

Every request's body and every answer is held against what Microsoft publishes; what is not published of them (the properties of the
test's own) never leaves.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from servers import graph_schema

Reply = tuple[int, dict[str, str], Any]
UTC_ONLY = 'outlook.timezone="UTC"'
_STAMP = "2026-03-01T08:00:00Z"


def instant(at: datetime) -> dict[str, str]:
    """As Graph writes it where UTC is asked for."""
    return {"dateTime": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.0000000", "timeZone": "UTC"}


def moment(said: dict[str, str]) -> datetime:
    zone = {"UTC": UTC, "GMT Standard Time": ZoneInfo("Europe/London"), "W. Europe Standard Time": ZoneInfo("Europe/Berlin")}
    return datetime.fromisoformat(said["dateTime"][:19]).replace(tzinfo=zone[said["timeZone"]]).astimezone(UTC)


@dataclass
class Diary:
    """One calendar. `series` holds the VEVENTs of those that repeat, by the id of their master."""

    owner: str
    name: str = "Calendar"
    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    series: dict[str, list[Any]] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    epoch: int = 1
    can_edit: bool = True
    version: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def keep(self, key: str, event: dict[str, Any], series: list[Any] | None = None) -> dict[str, Any]:
        """Put an event there, or another version of it."""
        number = next(self.version)
        usual = {
            "id": key, "iCalUId": key, "type": "singleInstance", "isAllDay": False, "isCancelled": False, "isOrganizer": True,
            "showAs": "busy", "sensitivity": "normal", "attendees": [], "createdDateTime": _STAMP, "subject": "",
            "organizer": {"emailAddress": {"name": self.owner, "address": self.owner}},
            "responseStatus": {"response": "organizer", "time": "0001-01-01T00:00:00Z"}, "originalStartTimeZone": "UTC",
        }  # fmt: skip
        stamped = {"changeKey": f"v{number}", "lastModifiedDateTime": _STAMP, "@odata.etag": f'W/"{number}"'}
        self.events[key] = {**usual, **event, **stamped}
        self.series.pop(key, None)
        if series:
            self.series[key] = series
        self.log.append(key)
        return self.events[key]

    def drop(self, key: str) -> None:
        """It is deleted."""
        self.events.pop(key, None)
        self.series.pop(key, None)
        self.log.append(key)

    def view(self, start: datetime, end: datetime) -> list[dict[str, Any]]:
        """The occurrences between two moments, in order."""
        found = []
        for key, event in self.events.items():
            ones = list(self._occurrences(key, event, start, end)) if key in self.series else [event]
            found += [one for one in ones if self._touches(one, start, end)]
        return sorted(found, key=lambda e: str(e.get("start")))

    def _touches(self, event: dict[str, Any], start: datetime, end: datetime) -> bool:
        try:
            return moment(event["start"]) < end and moment(event["end"]) > start
        except (ValueError, KeyError):
            return True  # what is broken is shown

    def _occurrences(self, key: str, event: dict[str, Any], start: datetime, end: datetime) -> Iterator[dict[str, Any]]:
        calendar = icalendar.Calendar()
        for component in self.series[key]:
            calendar.add_component(component)
        for one in recurring_ical_events.of(calendar, keep_recurrence_attributes=True).between(start, end):
            at, until, original = one["dtstart"].dt, one["dtend"].dt, one["recurrence-id"].dt
            yield {
                **event,
                "id": f"{key}-{original:%Y%m%dT%H%M}",
                "iCalUId": f"{key}-{original:%Y%m%d}",  # each occurrence has one of its own (event: iCalUId)
                "type": "occurrence" if at == original else "exception",
                "seriesMasterId": key,
                "originalStart": f"{original.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
                "subject": str(one.get("summary", "")),
                "start": instant(at),
                "end": instant(until),
            }


class Diaries:
    """Everybody's calendars."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Diary]] = {}
        self.hidden: set[str] = set()  # people whose free and busy nobody may see
        self.discreet: set[str] = set()  # people of whom only the slots are shown
        self.invited: list[tuple[str, str]] = []  # what went to attendees: what, subject
        self.transactions: set[str] = set()
        self.wrong: list[str] = []

    def of(self, owner: str, name: str = "") -> Diary:
        """A calendar, made if need be; without a name the main one."""
        theirs = self.kept.setdefault(owner, {})
        key = f"AAMk-calendar-{name or 'main'}="
        if key not in theirs:
            theirs[key] = Diary(owner, name or "Calendar")
        return theirs[key]

    def does(
        self, user: str, method: str, parts: list[str], query: dict[str, str], body: Any, headers: dict[str, str]
    ) -> Reply:  # as the server calls it
        """One request of that user's calendars."""
        self.of(user)
        if parts == ["calendar", "getSchedule"]:
            return self._schedule(body)
        if parts == ["calendars"]:
            return 200, {}, {"value": [self._shown(key, one) for key, one in self.kept[user].items()]}
        diary, rest = self.of(user), parts
        if parts[0] == "calendars":
            if parts[1] not in self.kept[user]:
                return _refused(404, "ErrorItemNotFound")
            diary, rest = self.kept[user][parts[1]], parts[2:]
        if rest in ([], ["calendar"]):
            key = next(k for k, v in self.kept[user].items() if v is diary)
            return 200, {}, self._shown(key, diary)
        if method == "GET" and UTC_ONLY not in headers.get("Prefer", ""):
            self.wrong.append(f"{parts}: times in a zone that was not asked for")
        return self._events(diary, method, rest, query, body, headers)

    def _events(
        self, diary: Diary, method: str, rest: list[str], query: dict[str, str], body: Any, headers: dict[str, str]
    ) -> Reply:  # as above
        match method, rest:
            case "GET", ["calendarView"]:
                return self._page(diary.view(*_window(query)), query)
            case "GET", ["calendarView", "delta"]:
                return _delta(diary, query)
            case "GET", ["events"]:
                return self._page([e for e in diary.events.values() if _fits(e, query.get("$filter", ""))], query)
            case "GET", ["events", key]:
                return (
                    (200, {}, self._chosen(diary.events[key], query))
                    if key in diary.events
                    else _refused(404, "ErrorItemNotFound")
                )
            case "POST", ["events"]:
                return self._book(diary, body)
            case "PATCH", ["events", key]:
                return self._change(diary, key, body, headers)
            case ("POST", ["events", key, "cancel"]) | ("DELETE", ["events", key]):
                return self._end(diary, key, meeting=method == "POST")
        return _refused(400, "BadRequest")

    def _book(self, diary: Diary, body: Any) -> Reply:
        self.wrong += graph_schema.wrong_object("Event", body)
        transaction = body.get("transactionId", "")
        if transaction in self.transactions:  # as it was seen: github.com/alcionai/corso/issues/2490
            return _refused(409, "ErrorDuplicateTransactionId")
        key = f"AAMk-event{next(diary.version)}="
        self.transactions.add(transaction)
        self.invited.append(("invited", body["subject"]))
        return 201, {}, _public(diary.keep(key, self._timed(body)))

    def _end(self, diary: Diary, key: str, *, meeting: bool) -> Reply:
        if key not in diary.events:
            return _refused(404, "ErrorItemNotFound")
        if meeting and not diary.events[key]["attendees"]:
            return _refused(400, "ErrorInvalidRequest")
        if meeting:
            self.invited.append(("cancelled", diary.events[key]["subject"]))
        diary.drop(key)
        return (202 if meeting else 204), {}, None

    def _change(self, diary: Diary, key: str, body: Any, headers: dict[str, str]) -> Reply:
        self.wrong += graph_schema.wrong_object("Event", body)
        held = diary.events[key]
        if headers.get("If-Match", held["@odata.etag"]) != held["@odata.etag"]:
            return _refused(412, "ErrorIrresolvableConflict")
        self.invited.append(("updated", body["subject"]))
        return 200, {}, _public(diary.keep(key, {**held, **self._timed(body)}))

    def _timed(self, body: dict[str, Any]) -> dict[str, Any]:
        """As it is shown again: in UTC."""
        return {**body, "start": instant(moment(body["start"])), "end": instant(moment(body["end"]))}

    def _schedule(self, body: Any) -> Reply:
        start, end = moment(body["startTime"]), moment(body["endTime"])
        if end - start > timedelta(days=62):
            return _refused(400, "ErrorInvalidTimeInterval")
        value = []
        for who in body["schedules"]:
            if who in self.hidden or who not in self.kept:
                said: dict[str, Any] = {
                    "scheduleId": who,
                    "error": {"responseCode": "ErrorMailRecipientNotFound", "message": "no"},
                }
            else:
                said = {"scheduleId": who, **self._seen(who, start, end, timedelta(minutes=body["availabilityViewInterval"]))}
            self.wrong += graph_schema.wrong_object("ScheduleInformation", said)
            value.append(said)
        return 200, {}, {"value": value}

    def _seen(self, who: str, start: datetime, end: datetime, step: timedelta) -> dict[str, Any]:
        """Items and slots, or of those who show no more the slots alone."""
        found = self.of(who).view(start, end)
        taken = [e for e in found if e["showAs"] in {"tentative", "busy", "oof"}]
        slots = [start + n * step for n in range(-(-(end - start) // step))]
        view = "".join("2" if any(moment(e["start"]) < s + step and moment(e["end"]) > s for e in taken) else "0" for s in slots)
        items = [{"status": e["showAs"], "start": e["start"], "end": e["end"]} for e in found]
        return {"availabilityView": view, "scheduleItems": [] if who in self.discreet else items}

    def _shown(self, key: str, diary: Diary) -> dict[str, Any]:
        said = {"id": key, "name": diary.name, "canEdit": diary.can_edit}
        self.wrong += graph_schema.wrong_object("Calendar", said)
        return said

    def _page(self, found: list[dict[str, Any]], query: dict[str, str]) -> Reply:
        skip, size = int(query.get("$skip", "0")), int(query.get("$top", "10"))
        said: dict[str, Any] = {"value": [self._chosen(e, query) for e in found[skip : skip + size]]}
        if skip + size < len(found):
            from urllib.parse import quote

            again = {k: v for k, v in query.items() if k != "$skip"} | {"$skip": str(skip + size)}
            said["@odata.nextLink"] = "?" + "&".join(f"{k}={quote(v)}" for k, v in again.items())
        return 200, {}, said

    def _chosen(self, event: dict[str, Any], query: dict[str, str]) -> dict[str, Any]:
        """What was selected; our properties only where they are expanded."""
        names = {n.strip() for n in query.get("$select", "").split(",") if n.strip()}
        expanded = re.findall(r"id eq '([^']*)'", query.get("$expand", ""))
        found = {k: v for k, v in event.items() if not names or k in names | {"id", "@odata.etag"}}
        kept = [one for one in event.get("singleValueExtendedProperties", []) if one["id"] in expanded]
        found.pop("singleValueExtendedProperties", None)
        chosen = {**found, "singleValueExtendedProperties": kept} if kept else found
        self.wrong += graph_schema.wrong_object("Event", chosen)
        return chosen


def _public(event: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in event.items() if k != "singleValueExtendedProperties"}


def _refused(status: int, code: str) -> Reply:
    return status, {}, {"error": {"code": code, "message": f"{code}."}}


def _window(query: dict[str, str]) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(query["startDateTime"]), datetime.fromisoformat(query["endDateTime"])


def _delta(diary: Diary, query: dict[str, str]) -> Reply:
    """What changed, with little more than its times (learn.microsoft.com/graph/api/event-delta)."""
    epoch, _, since = query.get("$deltatoken", f"{diary.epoch}.-1").partition(".")
    if int(epoch) != diary.epoch:
        return _refused(410, "SyncStateNotFound")
    if since == "-1":
        changed = [
            {"id": e["id"], "type": e["type"], "start": e.get("start"), "end": e.get("end")} for e in diary.view(*_window(query))
        ]
    else:
        keys = dict.fromkeys(diary.log[int(since) :])
        changed = [{"id": k} if k in diary.events else {"@removed": {"reason": "deleted"}, "id": k} for k in keys]
    return 200, {}, {"value": changed, "@odata.deltaLink": f"?$deltatoken={diary.epoch}.{len(diary.log)}"}


def _fits(event: dict[str, Any], asked: str) -> bool:
    """The filters that Kept uses."""
    found = re.fullmatch(r"iCalUId eq '(.*)'", asked)
    if found:
        return bool(event["iCalUId"] == found[1].replace("''", "'"))
    found = re.fullmatch(r"singleValueExtendedProperties/any\(ep:ep/id eq '([^']*)' and ep/value eq '(.*)'\)", asked)
    assert found, f"a filter that is not known: {asked}"
    wanted = (found[1], found[2].replace("''", "'"))
    return any((one["id"], one["value"]) == wanted for one in event.get("singleValueExtendedProperties", []))
