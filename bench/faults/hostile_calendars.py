"""Hostile calendars, made at random: series, exceptions, zones, nesting, wrong types, sizes."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

_RULES = (
    "FREQ=SECONDLY", "FREQ=MINUTELY;INTERVAL=0", "FREQ=DAILY;COUNT=999999999", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=WEEKLY;BYDAY=99MO",
    "FREQ=MONTHLY;BYSETPOS=-366;BYDAY=MO", "FREQ=DAILY;UNTIL=99991231T235959Z", "FREQ=HOURLY;BYHOUR=1,2,3;BYMINUTE=1,2;BYSECOND=0,1", "FREQ=",
    "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "FREQ=YEARLY;BYWEEKNO=53;BYDAY=SU", "FREQ=YEARLY;INTERVAL=2147483647", "COUNT=-1",
)  # fmt: skip


class Calendars:
    """Makes hostile calendars from a seed; number `n` of a seed is always the same."""

    def __init__(self, seed: int, day: datetime) -> None:
        self._seed, self._day = seed, day
        self._kinds: tuple[Callable[[random.Random, str], tuple[str, str]], ...] = (
            self._series, self._many_series, self._dates, self._exceptions, self._zones, self._nesting, self._types, self._sizes, self._lines, self._plain,
        )  # fmt: skip

    def make(self, number: int) -> tuple[str, str]:
        """Return the kind and the text of calendar `number`."""
        rng = random.Random(f"{self._seed}/{number}")
        write = rng.choice(self._kinds)
        kind, inner = write(rng, f"hostile-{self._seed}-{number}")
        return kind, f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y\r\n{inner}END:VCALENDAR\r\n"

    def _event(self, uid: str, more: str = "", start: str | None = None) -> str:
        at = start or f"DTSTART:{self._day:%Y%m%dT%H%M%SZ}"
        return f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260301T000000Z\r\n{at}\r\nDURATION:PT1H\r\nSUMMARY:Call\r\n{more}END:VEVENT\r\n"

    def _plain(self, rng: random.Random, uid: str) -> tuple[str, str]:
        return "plain", self._event(uid, f"ATTENDEE:mailto:kim{rng.randrange(9)}@acme.example\r\n")

    def _series(self, rng: random.Random, uid: str) -> tuple[str, str]:
        start = rng.choice((None, "DTSTART:19000101T000000Z", "DTSTART;VALUE=DATE:00010101", "DTSTART:99991231T235959Z"))
        return "series", self._event(uid, f"RRULE:{rng.choice(_RULES)}\r\n" * rng.choice((1, 1, 3)), start)

    def _many_series(self, rng: random.Random, uid: str) -> tuple[str, str]:
        count = rng.choice((20, 200, 1500))
        return f"{count} series", "".join(self._event(f"{uid}-{n}", f"RRULE:{rng.choice(_RULES[-5:])}\r\n") for n in range(count))

    def _dates(self, rng: random.Random, uid: str) -> tuple[str, str]:
        days = ",".join(f"{self._day + timedelta(hours=n):%Y%m%dT%H%M%SZ}" for n in range(rng.choice((50, 3000))))
        return "dates", self._event(uid, f"RDATE:{days}\r\n" * rng.choice((1, 4)))

    def _exceptions(self, rng: random.Random, uid: str) -> tuple[str, str]:
        count = rng.choice((30, 1500))
        days = [self._day + timedelta(days=n) for n in range(count)]
        left_out = "".join(f"EXDATE:{day:%Y%m%dT%H%M%SZ}\r\n" for day in days)
        if rng.random() < 0.5:
            return "exceptions", self._event(uid, f"RRULE:FREQ=DAILY\r\n{left_out}")
        moved = (self._event(uid, f"RECURRENCE-ID;RANGE=THISANDFUTURE:{day:%Y%m%dT%H%M%SZ}\r\n") for day in days)
        return "changes", self._event(uid, "RRULE:FREQ=DAILY\r\n") + "".join(moved)

    def _zones(self, rng: random.Random, uid: str) -> tuple[str, str]:
        rule = rng.choice(_RULES)
        part = f"BEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:{rng.choice(('+9999', '-2359', '+0100'))}\r\nRRULE:{rule}\r\nEND:STANDARD\r\n"
        zones = "".join(
            f"BEGIN:VTIMEZONE\r\nTZID:z{n}\r\n{part * rng.choice((1, 30))}END:VTIMEZONE\r\n" for n in range(rng.choice((1, 60)))
        )
        return "zones", zones + self._event(uid, "RRULE:FREQ=WEEKLY\r\n", "DTSTART;TZID=z0:20260302T090000")

    def _nesting(self, rng: random.Random, uid: str) -> tuple[str, str]:
        name = rng.choice(("VEVENT", "VALARM", "VTIMEZONE", "X-A", "VCALENDAR"))
        return "nesting", f"BEGIN:{name}\r\n" * rng.choice((20, 3000)) + self._event(uid)

    def _types(self, rng: random.Random, uid: str) -> tuple[str, str]:
        wrong = rng.choice(
            (
                "DTEND:x",
                "DTEND;VALUE=DATE:20260302",
                "DURATION:P99999999999D",
                'ATTENDEE;CN=":mailto:',
                "SEQUENCE:x",
                "STATUS:" + "x" * 9000,
                "EXDATE;TZID=No/Where:20260302T090000",
                "RRULE:" + ";" * 9000,
                "DTSTART:20260302T250000",
            )
        )
        return "types", self._event(uid, f"{wrong}\r\n")

    def _sizes(self, rng: random.Random, uid: str) -> tuple[str, str]:
        people = "".join(f"ATTENDEE;CN=Kim {n}:mailto:kim{n}@acme.example\r\n" for n in range(rng.choice((10, 3000))))
        return "sizes", self._event(uid, f"DESCRIPTION:{'I will send it by Friday. ' * rng.choice((10, 40_000))}\r\n{people}")

    def _lines(self, rng: random.Random, uid: str) -> tuple[str, str]:
        unit = rng.choice(("\r\n x", "\r\n\r\n ", "\r\r\n", "\t", "\\n", "\x0b", "\u2028", ";a=b", '"'))
        after = rng.choice((":", ";x="))
        return "lines" if after == ":" else "parameters", self._event(
            uid, f"DESCRIPTION{after}{unit * rng.choice((100, 30_000))}\r\n"
        )
