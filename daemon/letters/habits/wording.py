"""The few sentences that a draft says by itself, and the names of days and months, in each language in which drafts are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from daemon.glossary import gaps
from daemon.letters import phrases

_GERMAN_MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one language, which `code` names (ISO 639-1). `moment` has the fields `day`, `number`, `month` and `time`; `free` and `attached` one unnamed field."""

    code: str
    gap: str
    late: str
    free: str
    moment: str
    days: tuple[str, ...]
    months: tuple[str, ...]  # as `moment` has them
    whole_days: tuple[str, ...]
    whole_months: tuple[str, ...]
    either: str
    their_time: str  # after times that are given on the client's clock
    attached: str
    nameless: str  # the greeting where no name is known
    closing: str
    close: str  # the closing to somebody on first-name terms

    def moment_of(self, at: datetime, zone: ZoneInfo) -> str:
        """Return the date and the time of day, whatever today is: nobody knows when the draft will be sent."""
        local = at.astimezone(zone)
        day, month = self.days[local.weekday()], self.months[local.month - 1]
        return self.moment.format(day=day, number=local.day, month=month, time=f"{local:%H:%M}")


ENGLISH = Wording(
    code="en",
    gap=gaps.ENGLISH,
    late="I am sorry for the late reply.",
    free="I am free on {}.",
    moment="{day} {number} {month} at {time}",
    days=phrases.DAYS,
    months=phrases.MONTHS,
    whole_days=phrases.WEEKDAYS,
    whole_months=(
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    either="or",
    their_time=" your time",
    attached=f"As promised, I attach {{}}. {gaps.ATTACH_ENGLISH}",
    nameless="Hello,",
    closing="Kind regards",
    close="Best regards",
)
GERMAN = Wording(
    code="de",
    gap=gaps.GERMAN,
    late="Entschuldigung für die späte Antwort.",
    free="Es passt mir am {}.",
    moment="{day} {number}. {month} um {time} Uhr",
    days=("Mo.", "Di.", "Mi.", "Do.", "Fr.", "Sa.", "So."),
    months=_GERMAN_MONTHS,
    whole_days=("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    whole_months=_GERMAN_MONTHS,
    either="oder",
    their_time=" (Ortszeit bei Ihnen)",
    attached=f"Wie versprochen im Anhang: {{}}. {gaps.ATTACH_GERMAN}",
    nameless="Guten Tag,",
    closing="Mit freundlichen Grüßen",
    close="Viele Grüße",
)
BY_LANGUAGE: Mapping[str, Wording] = {words.code: words for words in (ENGLISH, GERMAN)}
