"""Google calendars as the reference describes them: what emulate cannot hold (ids of one's own, etags, series, sync tokens, answers).

developers.google.com/workspace/calendar/api/v3/reference/events, …/guides/sync, …/v3/reference/freebusy/query.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

Resource = dict[str, Any]
Query = Mapping[str, list[str]]


class RefusedError(Exception):
    """A refusal, with the reply that says it."""

    def __init__(self, status: int, reason: str, message: str = "no") -> None:
        super().__init__(reason)
        self.reply = refusal(status, reason, message, {})


def refusal(status: int, reason: str, message: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
    """An error as Google words it."""
    one = {"domain": "global", "reason": reason, "message": message}
    said = {"error": {"code": status, "message": message, "errors": [one]}}
    return status, {"Content-Type": "application/json; charset=UTF-8", **headers}, json.dumps(said).encode()


@dataclass
class Diary:
    """One calendar: its events by id, when each was last changed, and how much of it `reader` may see."""

    owner: str
    zone: str = "UTC"
    role: str = "owner"
    events: dict[str, Resource] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    clock: int = 0
    oldest: int = 0  # tokens from before this are not honoured any more

    def keep(self, event: Resource) -> Resource:
        """Store an event; its etag and its time of change are the calendar's."""
        self.clock += 1
        event |= {"kind": "calendar#event", "etag": f'"{self.clock}"', "updated": "2026-01-01T00:00:00.000Z"}
        self.events[event["id"]] = event
        self.changed[event["id"]] = self.clock
        return event

    def cancel(self, event_id: str) -> None:
        self.keep({**self.events[event_id], "status": "cancelled"})

    def instances(self, event: Resource) -> Iterator[Resource]:
        """An event's occurrences with the exceptions of its series; itself where it has none."""
        if "recurrence" not in event:
            yield event
            return
        zone = ZoneInfo(event["start"].get("timeZone", self.zone))
        first = moment(event["start"], zone).astimezone(zone)
        length = moment(event["end"], zone) - first
        exceptions = {
            moment(e["originalStartTime"], zone): e for e in self.events.values() if e.get("recurringEventId") == event["id"]
        }
        for number, start in enumerate(rrulestr("\n".join(event["recurrence"]), dtstart=first, forceset=True)):
            if number > 2000 or start.year > first.year + 3:
                return
            yield exceptions.get(start) or self._instance(event, start, length, zone)

    def _instance(self, event: Resource, start: datetime, length: timedelta, zone: ZoneInfo) -> Resource:
        one = {k: v for k, v in copy.deepcopy(event).items() if k != "recurrence"}
        told, ended = start.astimezone(zone).isoformat(), (start + length).astimezone(zone).isoformat()
        days = "date" in event["start"]
        name = "date" if days else "dateTime"
        one["start"], one["end"] = {name: told[:10] if days else told}, {name: ended[:10] if days else ended}
        one |= {"originalStartTime": dict(one["start"]), "recurringEventId": event["id"]}
        one["id"] = f"{event['id']}_{start.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        return one

    def within(self, event: Resource, query: Query) -> bool:
        """Whether it overlaps timeMin and timeMax, both of them open ends."""
        zone = ZoneInfo(self.zone)
        try:
            start, end = moment(event["start"], zone), moment(event["end"], zone)
        except ValueError:  # a broken one, which a test put there
            return True
        after, before = (query.get(name, [""])[0] for name in ("timeMin", "timeMax"))
        return not (after and end <= datetime.fromisoformat(after)) and not (before and start >= datetime.fromisoformat(before))

    def shown(self, event: Resource) -> Resource:
        """What whoever reads it may see (…/guides/sharing: freeBusyReader sees no details)."""
        if self.role != "freeBusyReader":
            return event
        return {k: v for k, v in event.items() if k in {"kind", "id", "etag", "status", "start", "end", "iCalUID", "updated"}}


@dataclass
class Diaries:
    """Everybody's calendars by id; a user's own is `primary` to them. `sent` are the invitations that Google sent."""

    all: dict[str, Diary] = field(default_factory=dict)
    shared: dict[tuple[str, str], str] = field(default_factory=dict)  # (calendar, reader) -> role
    sent: list[tuple[str, str]] = field(default_factory=list)  # (event id, sendUpdates)

    def of(self, user: str, calendar: str) -> Diary:
        """A calendar as this user sees it."""
        name = user if calendar in {"primary", user} else calendar
        if name == user and name not in self.all:
            self.all[name] = Diary(user)
        role = "owner" if name == user else self.shared.get((name, user))
        if name not in self.all or role is None:
            raise RefusedError(404, "notFound", "Not Found")
        self.all[name].role = role
        return self.all[name]

    def does(
        self, user: str, method: str, named: Mapping[str, str], query: Query, body: Any, headers: Mapping[str, str]
    ) -> Resource | None:
        """What a method of the Calendar API is to do."""
        if method == "calendar.freebusy.query":
            return self._free_busy(user, body)
        diary = self.of(user, named["calendarId"])
        if method == "calendar.events.list":
            return _list(diary, query)
        if method == "calendar.events.insert":
            return self._insert(diary, body, query)
        event = diary.events.get(named["eventId"])
        if event is None:
            raise RefusedError(404, "notFound", "Not Found")
        if method == "calendar.events.get":
            return diary.shown(event)
        if "If-Match" in headers and headers["If-Match"] != event["etag"]:
            raise RefusedError(412, "conditionNotMet", "Precondition Failed")
        self.sent.append((event["id"], query.get("sendUpdates", ["none"])[0]))
        if body.get("sequence", event["sequence"]) < event["sequence"]:
            raise RefusedError(400, "invalid", "Invalid sequence value.")
        moved = any(
            moment(body[end], ZoneInfo("UTC")) != moment(event[end], ZoneInfo("UTC")) for end in ("start", "end") if end in body
        )
        return diary.keep({**event, "sequence": event["sequence"] + moved, **body})

    def _insert(self, diary: Diary, body: Resource, query: Query) -> Resource:
        given = body.get("id", f"made{diary.clock}")
        if not re.fullmatch(r"[a-v0-9]{5,1024}", given) or ("id" in body and "iCalUID" in body):
            raise RefusedError(400, "invalid", "Invalid resource id value.")
        if given in diary.events:
            raise RefusedError(409, "duplicate", "The requested identifier already exists.")
        if not {"start", "end"} <= body.keys():
            raise RefusedError(400, "required", "Missing end time.")
        self.sent.append((given, query.get("sendUpdates", ["none"])[0]))
        owner = {"email": diary.owner, "self": True}
        usual = {"id": given, "iCalUID": f"{given}@google.com", "status": "confirmed", "sequence": 0, "organizer": owner}
        return diary.keep({**usual, "created": "2026-01-01T00:00:00.000Z", **body})

    def _free_busy(self, user: str, body: Resource) -> Resource:
        query = {name: [body[name]] for name in ("timeMin", "timeMax")}
        calendars = {}
        for item in body["items"]:
            try:
                calendars[item["id"]] = {"busy": _busy(self.of(user, item["id"]), query)}
            except RefusedError:
                calendars[item["id"]] = {"errors": [{"domain": "global", "reason": "notFound"}]}
        return {"kind": "calendar#freeBusy", "timeMin": body["timeMin"], "timeMax": body["timeMax"], "calendars": calendars}


def moment(said: Mapping[str, str], zone: ZoneInfo) -> datetime:
    """A time or a date as an event tells it."""
    if "date" in said:
        return datetime.combine(date.fromisoformat(said["date"]), datetime.min.time(), zone)
    told = datetime.fromisoformat(said["dateTime"])
    return told if told.tzinfo else told.replace(tzinfo=ZoneInfo(said["timeZone"]) if "timeZone" in said else zone)


def _busy(diary: Diary, query: Query) -> list[Resource]:
    zone = ZoneInfo(diary.zone)
    busy = [
        {name: moment(e[name], zone).astimezone(UTC).isoformat().replace("+00:00", "Z") for name in ("start", "end")}
        for e in _occurrences(diary, query, deleted=False)
        if e.get("transparency") != "transparent" and not _declined(e)
    ]
    return sorted(busy, key=lambda span: span["start"])


def _declined(event: Resource) -> bool:
    return any(a.get("self") and a.get("responseStatus") == "declined" for a in event.get("attendees", []))


def _occurrences(diary: Diary, query: Query, *, deleted: bool) -> list[Resource]:
    masters = [e for e in diary.events.values() if "recurringEventId" not in e]
    found = [one for e in masters if deleted or e["status"] != "cancelled" for one in diary.instances(e)]
    found += [e for e in diary.events.values() if e.get("recurringEventId") and e["recurringEventId"] not in diary.events]
    return [one for one in found if (deleted or one["status"] != "cancelled") and diary.within(one, query)]


def _list(diary: Diary, query: Query) -> Resource:
    since, window = _sync_point(diary, query)
    deleted = since is not None or query.get("showDeleted", ["false"])[0] == "true"
    if query.get("singleEvents", ["false"])[0] == "true":
        events = _occurrences(diary, window, deleted=deleted)
    else:
        events = [e for e in diary.events.values() if deleted or e["status"] != "cancelled"]
    if "iCalUID" in query:
        events = [e for e in events if e.get("iCalUID") == query["iCalUID"][0]]
    if since is not None:
        events = [_change(e) for e in events if _latest(diary, e) > since]
    return _page(diary, query, window, [diary.shown(e) for e in events])


def _sync_point(diary: Diary, query: Query) -> tuple[int | None, Query]:
    """The clock at which a sync token was given, with its window; None and the query without a token."""
    token = query.get("syncToken", [""])[0]
    if not token:
        return None, query
    if {"timeMin", "timeMax", "iCalUID", "q", "orderBy", "updatedMin", "privateExtendedProperty"} & query.keys():
        raise RefusedError(400, "invalid", "syncToken cannot be used with these")
    number, *ends = token.split("|")
    if not number.isdecimal() or int(number) < diary.oldest:
        raise RefusedError(410, "fullSyncRequired", "Sync token is no longer valid, a full sync is required.")
    return int(number), {k: [v] for k, v in zip(("timeMin", "timeMax"), ends, strict=True) if v}


def _change(event: Resource) -> Resource:
    """An event as a sync names it: of a cancelled one only the id."""
    cancelled = event["status"] == "cancelled"
    return {"kind": "calendar#event", "id": event["id"], "status": "cancelled"} if cancelled else event


def _latest(diary: Diary, event: Resource) -> int:
    return max(diary.changed.get(event["id"], 0), diary.changed.get(event.get("recurringEventId", ""), 0))


def _page(diary: Diary, query: Query, window: Query, found: list[Resource]) -> Resource:
    start, size = int(query.get("pageToken", ["0"])[0]), min(int(query.get("maxResults", ["250"])[0]), 2500)
    page: Resource = {"kind": "calendar#events", "summary": diary.owner, "timeZone": diary.zone, "accessRole": diary.role}
    page["items"] = found[start : start + size]
    if start + size < len(found):
        return {**page, "nextPageToken": str(start + size)}
    ends = "|".join(window.get(name, [""])[0] for name in ("timeMin", "timeMax"))
    return {**page, "nextSyncToken": f"{diary.clock}|{ends}"}
