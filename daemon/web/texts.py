"""The texts of the pages in the languages of their readers, and moments in their words.

The English text is its own key. Translations are in locale/*.po and are read at the start; nothing is compiled beforehand. What letters
say (a line of the digest, the reason of a reminder) stays in English, as the letters are.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.core import negotiate_locale
from babel.dates import format_date, format_skeleton, get_day_names
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from flask import g, has_request_context, request

from daemon.errors import CannotDo
from daemon.letters import phrases

LANGUAGES = ("en", "de")
FOLDER = Path(__file__).with_name("locale")
_NEAR: Mapping[str, Mapping[int, str]] = {"de": {-1: "gestern", 0: "heute", 1: "morgen"}}


class Texts:
    """The texts in one language."""

    def __init__(self, language: str, translations: NullTranslations) -> None:
        self.language = language
        self._translations = translations

    def gettext(self, message: str) -> str:
        """Return a text in this language."""
        return str(self._translations.ugettext(message))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """Return the form of a text that goes with a number."""
        return str(self._translations.ungettext(singular, plural, number))

    def day(self, at: datetime, zone: ZoneInfo, now: datetime) -> str:
        """Return the date as one says it: today, tomorrow, Fri 27 Feb; with the year where it is not this year's."""
        if self.language == "en":
            return phrases.day(at, zone, now)
        local, today = at.astimezone(zone).date(), now.astimezone(zone).date()
        near = _NEAR[self.language].get((local - today).days)
        if near:
            return near
        skeleton = "MMMEd" if local.year == today.year else "yMMMEd"
        return format_skeleton(skeleton, datetime(local.year, local.month, local.day), locale=self.language)  # noqa: DTZ001  # a date alone

    def moment(self, at: datetime, zone: ZoneInfo, now: datetime) -> str:
        """Return the date and the time of day: Fri 27 Feb 14:05."""
        return f"{self.day(at, zone, now)} {phrases.time_of_day(at, zone)}"

    def date(self, day: date) -> str:
        """Return a date with its year: 6 Jul 2026."""
        return format_date(day, "d MMM y" if self.language == "en" else "medium", locale=self.language)

    def weekdays(self) -> tuple[str, ...]:
        """Return the short names of the weekdays, Monday first."""
        names = get_day_names("abbreviated", locale=self.language)
        return tuple(names[n].rstrip(".") for n in range(7))

    def decimal(self, number: float) -> str:
        """Return a number with one decimal place: 5.0, in German 5,0."""
        return format_decimal(number, "#,##0.0", locale=self.language)

    def long_date(self, at: datetime, zone: ZoneInfo) -> str:
        """Return the date in full, with its weekday: Friday, 27 February 2026."""
        english_order = "EEEE, d MMMM y"
        return format_date(at.astimezone(zone).date(), english_order if self.language == "en" else "full", locale=self.language)


@cache
def texts_in(language: str) -> Texts:
    """Return the texts of one of the LANGUAGES."""
    file = FOLDER / f"{language}.po"
    if not file.exists():
        return Texts(language, NullTranslations())
    compiled = BytesIO()
    with file.open("rb") as stream:
        write_mo(compiled, read_po(stream, locale=language))
    compiled.seek(0)
    return Texts(language, Translations(compiled))


def present() -> Texts:
    """Return the texts in the language that the browser asks for, English if it asks for none that there is."""
    if not has_request_context():
        return texts_in(LANGUAGES[0])
    if "texts" not in g:
        # not werkzeug's best_match, which passes over en-GB for a German that is wanted less
        asked = list(request.accept_languages.values())
        g.texts = texts_in(negotiate_locale(asked, LANGUAGES, sep="-") or LANGUAGES[0])
    found: Texts = g.texts
    return found


def gettext(message: str, **values: object) -> str:
    """Return a text in the language of the request, with values in the place of its %(names)s."""
    text = present().gettext(message)
    return text % values if values else text


def explained(error: CannotDo) -> str:
    """Return why something cannot be done, in the language of the request."""
    return gettext(error.message, **error.values)


def ngettext(singular: str, plural: str, number: int, **values: object) -> str:
    """Return the form of a text that goes with a number, which stands for %(num)s in it."""
    return present().ngettext(singular, plural, number) % {"num": number, **values}
