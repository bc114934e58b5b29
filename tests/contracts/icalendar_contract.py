"""What a calendar promises beyond every calendar's contract where it keeps iCalendar text as other programs wrote it."""

from __future__ import annotations

from connectors.base import Calendar
from contracts.calendar_contract import CalendarContract, Picture, utc, vevent


class IcalendarContract(CalendarContract):
    """What holds beyond that where the calendar keeps iCalendar text as other programs wrote it: Kept reads it itself."""

    def test_this_and_all_later_occurrences_are_moved(self, calendar: Calendar, picture: Picture) -> None:
        self.store(
            "standup",
            vevent("standup", utc(9, 9), "RRULE:FREQ=DAILY;COUNT=4", hours=0.5),
            vevent("standup", utc(11, 15), "RECURRENCE-ID;RANGE=THISANDFUTURE:20260311T090000Z", hours=0.5),
        )
        picture.read(calendar)
        assert picture.starts() == {"standup": [utc(9, 9), utc(10, 9), utc(11, 15), utc(12, 15)]}
        assert len({e.occurrence for e in picture.events["standup"]}) == 4

    def test_an_exception_may_be_named_by_its_day(self, calendar: Calendar, picture: Picture) -> None:
        self.store(
            "standup",
            vevent("standup", utc(9, 9), "RRULE:FREQ=DAILY;COUNT=3", "EXDATE;VALUE=DATE:20260311", hours=0.5),
            vevent("standup", utc(10, 15), "RECURRENCE-ID;VALUE=DATE:20260310", hours=0.5),
        )
        picture.read(calendar)
        assert picture.starts() == {"standup": [utc(9, 9), utc(10, 15)]}

    def test_a_zone_in_the_file_means_what_its_rules_say(self, calendar: Calendar, picture: Picture) -> None:
        rules = ("DTSTART:19700101T000000", "TZOFFSETFROM:+0300", "TZOFFSETTO:+0300")
        zone = "\r\n".join(("BEGIN:VTIMEZONE", "TZID:GMT", "BEGIN:STANDARD", *rules, "END:STANDARD", "END:VTIMEZONE"))
        event = vevent("one", utc(10, 9)).replace("DTSTART:20260310T090000Z", "DTSTART;TZID=GMT:20260310T120000")
        self.store("one", zone, event)
        picture.read(calendar)
        assert picture.starts() == {"one": [utc(10, 9)]}
