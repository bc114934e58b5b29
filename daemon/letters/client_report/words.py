"""The words of the client report in each language in which it is written. The English ones stand in `page`; here is what they become."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from daemon.letters import phrases
from daemon.letters.habits import wording

_UNIT = re.compile(r"(?:(\d+) )?(working hour|working day|working minute|clock hour|clock minute|month|week|day)(s?)\b")
_UNITS: Mapping[str, tuple[str, str, str]] = {
    "working hour": ("Arbeitsstunde", "Arbeitsstunden", "Arbeitsstunden"),
    "working day": ("Arbeitstag", "Arbeitstage", "Arbeitstagen"),
    "working minute": ("Arbeitsminute", "Arbeitsminuten", "Arbeitsminuten"),
    "clock hour": ("Stunde", "Stunden", "Stunden"),
    "clock minute": ("Minute", "Minuten", "Minuten"),
    "month": ("Monat", "Monate", "Monaten"),
    "week": ("Woche", "Wochen", "Wochen"),
    "day": ("Tag", "Tage", "Tagen"),
}
_EACH: Mapping[str, str] = {"every month": "jeden Monat", "every week": "jede Woche", "every day": "jeden Tag"}
_FEMININE = "e"  # how a feminine unit ends


@dataclass(frozen=True, slots=True)
class Words:
    """One language: called with an English text, it returns that text with its fields filled in."""

    code: str
    texts: Mapping[str, str]

    def __call__(self, english: str, **fields: object) -> str:
        """Return a text in this language, with its fields filled in."""
        return self.texts.get(english, english).format(**fields)

    @property
    def is_german(self) -> bool:
        """Whether it is German."""
        return self.code == "de"

    def length(self, span: str, *, within: bool = False) -> str:
        """Return a length of time, given in English ("3 working days"); `within` says that it stands after "within"."""
        return _UNIT.sub(lambda found: _unit(found, within=within), span) if self.is_german else span

    def every(self, recurrence: str) -> str:
        """Return how often something recurs, given in English ("every 3 months")."""
        return _EACH.get(recurrence) or self.length(recurrence).replace("every", "alle") if self.is_german else recurrence

    def long_date(self, at: datetime, zone: ZoneInfo) -> str:
        """Return a date in full: 27 February 2026, 27. Februar 2026."""
        local = at.astimezone(zone)
        months = wording.GERMAN.whole_months
        return f"{local.day}. {months[local.month - 1]} {local.year}" if self.is_german else phrases.long_date(at, zone)

    def moment(self, at: datetime, zone: ZoneInfo) -> str:
        """Return a date with its time of day: Fri 27 Feb 14:05, Fr. 27. Februar um 14:05 Uhr."""
        if self.is_german:
            return wording.GERMAN.moment_of(at, zone)
        return f"{phrases.date_of(at, zone)} {phrases.time_of_day(at, zone)}"

    def short_date(self, day: int, month: int) -> str:
        """Return the day of a year: 5 Jan, 5. Januar."""
        return f"{day}. {wording.GERMAN.months[month - 1]}" if self.is_german else f"{day} {phrases.MONTHS[month - 1]}"

    def share(self, value: float) -> str:
        """Return a share in per cent: 88%, 88 %."""
        return f"{value * 100:.0f} %" if self.is_german else f"{value:.0%}"

    def quoted(self, text: str) -> str:
        """Return somebody's own words in quotation marks."""
        return f"„{phrases.quoted(text)[1:-1]}“" if self.is_german else phrases.quoted(text)

    def listed(self, items: list[str]) -> str:
        """Return several as a list in a sentence."""
        return phrases.listed(items, self("and"))


def _unit(found: re.Match[str], *, within: bool) -> str:
    number, unit, plural = found.groups()
    one, many, dative = _UNITS[unit]
    if number == "1" and within:
        return f"{'einer' if one.endswith(_FEMININE) else 'einem'} {one}"
    name = (dative if within else many) if plural else one
    return f"{number} {name}" if number else name


ENGLISH = Words("en", {})
GERMAN = Words(
    "de",
    {
        "and": "und",
        "What we agreed, and how well we kept it": "Was wir vereinbart haben und wie gut wir es eingehalten haben",
        "Nothing is agreed in writing yet.": "Schriftlich ist noch nichts vereinbart.",
        "How long you waited for an answer": "Wie lange Sie auf Antwort gewartet haben",
        "Week by week": "Woche für Woche",
        "What fell due each week: on time, late, or still open.": "Was in jeder Woche fällig war: pünktlich, verspätet oder noch offen.",
        "What went wrong": "Was nicht gut lief",
        "Nothing was late and nothing was missed.": "Nichts war verspätet, und nichts wurde versäumt.",
        "What comes next": "Wie es weitergeht",
        "How we served {client}": "Unser Service für {client}",
        "{name}. Times are in working hours and working days.": "{name}. Zeiten in Arbeitsstunden und Arbeitstagen.",
        "From {since} to {until}.": "Vom {since} bis zum {until}.",
        "{met} of {of} things that fell due were done on time ({share}).": "{met} von {of} fälligen Punkten haben wir pünktlich erledigt ({share}).",
        "Nothing has fallen due yet.": "Bisher war nichts fällig.",
        "Your emails are answered": "Ihre E-Mails beantworten wir",
        "Your calls are returned": "Ihre Anrufe erwidern wir",
        "We do what we promise, on time": "Was wir zusagen, halten wir pünktlich ein",
        "Regular deliveries arrive on time": "Regelmäßige Lieferungen kommen pünktlich",
        "We meet as agreed": "Wir treffen uns wie vereinbart",
        "We sit down together for a review": "Zum gemeinsamen Rückblick treffen wir uns",
        "We ask how it went": "Wir fragen nach, wie es lief",
        "within {span}": "innerhalb von {span}",
        "{count} late and not done yet": "{count} verspätet und noch nicht erledigt",
        "{count} more not due yet": "noch nicht fällig: {count}",
        "the first is not due yet": "das erste Mal ist noch nicht fällig",
        "nothing has been due": "bisher nichts fällig",
        "{met} of {of} on time": "{met} von {of} pünktlich",
        "We agreed on new standards on {dates}; anything earlier is judged by the standards of its time.": "Am {dates} haben wir neue Standards vereinbart; was davor lag, ist an den damaligen gemessen.",
        "One of your emails asked for an answer.": "Auf eine Ihrer E-Mails haben Sie eine Antwort erwartet.",
        "{count} of your emails asked for an answer.": "Auf {count} Ihrer E-Mails haben Sie eine Antwort erwartet.",
        " Half were answered within {span}.": " Die Hälfte war innerhalb von {span} beantwortet.",
        " One has not been answered yet.": " Eine ist noch nicht beantwortet.",
        " {count} have not been answered yet.": " {count} sind noch nicht beantwortet.",
        "Answered within": "Beantwortet innerhalb von",
        "within 1 hour": "1 Stunde",
        "within 2 hours": "2 Stunden",
        "within 4 hours": "4 Stunden",
        "within a day": "1 Tag",
        "within 2 days": "2 Tagen",
        "within a week": "1 Woche",
        "longer": "länger",
        "no answer yet": "noch ohne Antwort",
        "took longer than a week": "haben länger als eine Woche gedauert",
        "came {label}": "kamen innerhalb von {label}",
        "{title}: most answers, {value}, {when}.{still}": "{title}: Die meisten Antworten, {value}, {when}.{still}",
        "{title}: nothing yet.{still}": "{title}: noch nichts.{still}",
        " {count} without an answer yet.": " {count} noch ohne Antwort.",
        "Done on time, week by week": "Pünktlich erledigt, Woche für Woche",
        "on time": "pünktlich",
        "late or not done": "verspätet oder nicht erledigt",
        "open": "offen",
        "{met} of {of}": "{met} von {of}",
        "nothing due": "nichts fällig",
        "{title}: {met} of {total} on time over {weeks}.": "{title}: {met} von {total} pünktlich in {weeks}.",
        "An answer": "Eine Antwort",
        "A call": "Ein Anruf",
        "A promise": "Eine Zusage",
        "A delivery": "Eine Lieferung",
        "A meeting": "Ein Treffen",
        "A review": "Ein Rückblick",
        "A question about the first delivery": "Eine Nachfrage zur ersten Lieferung",
        "not done yet, {span} late": "noch nicht erledigt, {span} überfällig",
        "{span} late": "{span} zu spät",
        "not done": "nicht erledigt",
        "asked {created}, due {due}": "gefragt am {created}, fällig am {due}",
        "promised {created}, due {due}": "zugesagt am {created}, fällig am {due}",
        "promised {created}, put off until {due}": "zugesagt am {created}, verschoben auf {due}",
        "agreed {created}, due {due}": "vereinbart am {created}, fällig am {due}",
        "due {due}": "fällig am {due}",
        "put off until {due}": "verschoben auf {due}",
        "done {done}": "erledigt am {done}",
        "We have arranged a meeting about it.": "Wir haben dazu ein Gespräch vereinbart.",
        "We have met about it.": "Wir haben darüber gesprochen.",
        "We have met about it and agreed new standards, which are now in force.": "Wir haben darüber gesprochen und neue Standards vereinbart, die jetzt gelten.",
        "Our next review": "Unser nächster Rückblick",
        "How long answers took": "Wie lange Antworten gedauert haben",
        "1 day": "1 Tag",
        "1 week": "1 Woche",
        "1 h": "1 Std.",
        "4 h": "4 Std.",
        "15 min": "15 Min.",
        "agreed": "vereinbart",
        "{title}: no questions yet.": "{title}: noch keine Fragen.",
        "one hour": "einer Stunde",
        "a working day": "einem Arbeitstag",
        "a week": "einer Woche",
        "{share} within {span}": "{share} innerhalb von {span}",
        " Agreed: {span}.": " Vereinbart: {span}.",
        "{title}: of {count} questions, {shares} were answered.{agreed}": "{title}: Von {count} Fragen waren {shares} beantwortet.{agreed}",
        "Of {of} things that fell due, we did {met} on time.": "Von {of} fälligen Punkten haben wir {met} pünktlich erledigt.",
        "Nothing has fallen due so far.": "Bisher war nichts fällig.",
        " One thing went wrong; the report names it.": " Ein Punkt lief nicht gut; der Bericht nennt ihn.",
        " {count} things went wrong; the report names the latest of them.": " {count} Punkte liefen nicht gut; der Bericht nennt die letzten davon.",
        " {count} things went wrong; the report names each of them.": " {count} Punkte liefen nicht gut; der Bericht nennt jeden davon.",
        "Attached is a report on how well we have kept what we agreed since {since}.": "im Anhang finden Sie einen Bericht darüber, wie gut wir seit dem {since} eingehalten haben, was wir vereinbart haben.",
        "[What you would like to say about it.]": "[Was Sie dazu sagen möchten.]",
        "What should we do differently from now on?": "Was sollen wir künftig anders machen?",
        "Kind regards": "Mit freundlichen Grüßen",
        "How we served you since {since}": "Unser Service für Sie seit dem {since}",
        "and {count} more": "und {count} weitere",
    },
)
BY_LANGUAGE: Mapping[str, Words] = {words.code: words for words in (ENGLISH, GERMAN)}
