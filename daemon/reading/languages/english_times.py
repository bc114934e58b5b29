"""English words for times, British and American."""

from __future__ import annotations

import re

from daemon.reading.languages.english_days import DAYS
from daemon.reading.languages.time_words import TimeWords

_WEEKDAYS = {
    "monday": 0,
    "mon": 0,
    "tuesday": 1,
    "tue": 1,
    "tues": 1,
    "wednesday": 2,
    "wed": 2,
    "weds": 2,
    "thursday": 3,
    "thu": 3,
    "thur": 3,
    "thurs": 3,
    "friday": 4,
    "fri": 4,
    "saturday": 5,
    "sunday": 6,
    "mon.": 0,
    "tues.": 1,
    "wed.": 2,
    "thurs.": 3,
    "fri.": 4,
}
_MONTHS = {
    "january": 1,
    "february": 2,
    "march": 3,
    "april": 4,
    "may": 5,
    "june": 6,
    "july": 7,
    "august": 8,
    "september": 9,
    "october": 10,
    "november": 11,
    "december": 12,
    "jan": 1,
    "feb": 2,
    "mar": 3,
    "apr": 4,
    "jun": 6,
    "jul": 7,
    "aug": 8,
    "sep": 9,
    "sept": 9,
    "oct": 10,
    "nov": 11,
    "dec": 12,
    "jan.": 1,
    "feb.": 2,
    "mar.": 3,
    "apr.": 4,
    "aug.": 8,
    "sept.": 9,
    "oct.": 10,
    "nov.": 11,
    "dec.": 12,
}
_NUMBERS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "a couple of": 2,
    "couple of": 2,
    "couple": 2,
    "a couple": 2,
    "three": 3,
    "a few": 3,
    "few": 3,
    "several": 4,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
    "twenty": 20,
    "twenty-four": 24,
    "twenty four": 24,
    "thirty": 30,
    "thirty-six": 36,
    "forty": 40,
    "forty-five": 45,
    "forty-eight": 48,
    "forty eight": 48,
    "fifty": 50,
    "sixty": 60,
    "seventy-two": 72,
    "seventy two": 72,
    "ninety": 90,
    "a dozen": 12,
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "half": 0,
    "half a": 0,
    "half an": 0,
}
_AMPM = r"(?P<half>a\.?m?\.?|p\.?m?\.?)(?![a-z])"
_TZ = r"(?:(?:\s+(?:sharp|prompt))?,?\s*\(?(?P<zone>{zone})\b\)?)?"
_ABOUT = r"(?:(?:at\s+)?(?:about|around|approximately|approx\.?|roughly|circa|by|before|after|no later than|until|till|from|between)\s+|at\s+|@\s*)?"

# What may stand after a number that alone is a clock time: "at 3 tomorrow", but not "at 3 percent".
_BARE = (
    r"(?!\s*(?:%|percent|st|nd|rd|th|days?|weeks?|months?|years?|hours?|hrs|minutes?|mins?|people|of|units|k\b|x\b|/|[,.:]\d|\d))(?=\s|[.,;!?)(]|$)"
    r"(?=\s*(?:$|[.,;!?)(]|tomorrow|today|tonight|this|on\b|in\b|if\b|and\b|or\b|for\b|to\b|sharp|instead\b|rather\b|please\b|then\b|latest|at the latest|your|our|my|local|(?:{zone})\b|{weekday}))"
)
_NO_PAGES = "".join(
    rf"(?<!{word} )" for word in ("pages", "page", "items", "lines", "rooms", "points", "steps", "lots", "units", "no.", "nos")
)
_HOUR = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_LEAD = r"(?:(?:from|between|at|@|around|about)\s+)?"
_FROM = r"(?P<from_hour>\d{1,2})(?:[:.]?(?P<from_minute>[0-5]\d))?\s*(?P<from_half>a\.?m?\.?|p\.?m?\.?)?"
_UNTIL = r"\s*(?:-|–|to|and|until|till)\s*"
_COUNT = (
    r"(?P<n>{number})(?:\s*(?:-|–|to|or)\s*(?P<upper>{number}))?\s*(?:(?:clear\s+|full\s+)?(?:business|working|work)\s+)?(?P<unit>{unit})(?:'s?)?"
    r"(?:\s+time)?(?!\s+(?:of|from|after|following|before|prior)\s+(?!now\b|today\b|time\b))"
)
_EVENT = r"\s+(?:(?:the|our|my|your|this|that|a)\s+)?(?:(?!\d)[\w'&-]+\s+){1,3}(?:on\s+|of\s+)?(?:the\s+)?$"

_FEASTS = {
    "christmas": "12-25",
    "xmas": "12-25",
    "christmas eve": "12-24",
    "boxing day": "12-26",
    "new year": "1-1",
    "new year's": "1-1",
    "new year's eve": "12-31",
    "easter": "0",
    "easter sunday": "0",
    "good friday": "-2",
    "easter monday": "1",
    "whit monday": "50",
}
_FEAST_WORDS = frozenset(("christmas", "xmas", "boxing", "year", "easter", "good", "whit"))

TIME_WORDS = TimeWords(
    weekdays=_WEEKDAYS,
    months=_MONTHS,
    numbers=_NUMBERS,
    days=DAYS,
    parts=(
        (r"first thing(?: in the morning)?|early in the day", "first_thing"),
        (r"early(?: in the)? morning", "early_morning"),
        (r"(?:late |mid[- ]?)?(?:this |the )?morning|a\.?m\.?", "morning"),
        (r"early(?: on)?(?=\s+(?:{weekday})\b)", "morning"),
        (r"in the (?:a\.?m\.?|morning)", "coming_morning"),
        (r"before lunch(?:time)?", "noon"),
        (r"(?:by |at |over )?lunch(?:time)?", "lunch"),
        (r"after lunch", "after_lunch"),
        (r"(?:at |by |before |around |about )?(?:noon|midday|12 noon)", "noon"),
        (r"(?:late |early |mid[- ]?|later )?(?:this |in the |the )?(?:afternoon|arvo)|(?:this |in the )?p\.?m\.?", "afternoon"),
        (
            r"(?:the\s+)?(?:end|close) of (?:the\s+)?(?:business\s+|working\s+)?(?:day|business|play)|(?:by )?close(?=\s+(?:today|tomorrow|on\b|{weekday}))|last thing|eod|cob|c\.o\.b\.|eob|close of business|tonight's close",
            "end_of_day",
        ),
        (r"(?:this |in the |the )?evening", "evening"),
        (r"late tonight|late at night", "late_night"),
        (r"tonight|at night|night", "night"),
        (r"(?:by |before |at )?midnight", "midnight"),
    ),
    clocks=(
        (_LEAD + _FROM + _UNTIL + r"(?P<hour>\d{1,2})(?:[:.]?(?P<minute>[0-5]\d))?\s*" + _AMPM + _TZ, "range"),
        (_LEAD + _FROM + _UNTIL + r"(?P<hour>\d{1,2}):(?P<minute>[0-5]\d)(?:\s*(?:hrs|hours|h))?" + _TZ, "range"),
        (
            _LEAD
            + r"(?P<from_hour>\d{1,2})[:.](?P<from_minute>[0-5]\d)"
            + _UNTIL
            + r"(?P<hour>\d{1,2})[:.](?P<minute>[0-5]\d)"
            + _TZ,
            "range",
        ),
        (_LEAD + _FROM + _UNTIL + r"(?P<hour>\d{1,2})(?=\s*o'?clock)(?:\s*o'?clock)", "range"),
        (
            r"(?:from|between)\s+(?P<from_hour>\d{1,2})[:.](?P<from_minute>[0-5]\d)" + _UNTIL + r"(?P<hour>\d{1,2})" + _BARE,
            "range",
        ),
        (
            r"(?:from|between)\s+(?P<from_hour>\d{1,2}|"
            + _HOUR
            + r")\s*(?:and|to|-|–|until|till)\s*(?P<hour>\d{1,2}|"
            + _HOUR
            + ")"
            + _BARE,
            "worded_range",
        ),
        (
            _NO_PAGES
            + r"(?!5 to (?:[1-4]|[7-9]|1[0-2])\b)(?P<from_hour>1[0-2]|[1-9])\s*(?:to|-|–)\s*(?P<hour>1[0-9]|2[0-3]|[1-9])"
            + _BARE,
            "range",
        ),
        (
            r"(?:at|by|before|around)\s+(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?:\s*(?:hrs|hours|h))?(?=\s*(?:$|[.,;!?)]|tomorrow|today|on|{weekday}))",
            "digital",
        ),
        (
            r"(?:at|by|before|around|about)\s+(?P<hour>one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?=\s*(?:$|[.,;!?)]|sharp|tomorrow|today|tonight|on\b|this|and\b|in the|{weekday}))",
            "worded",
        ),
        (_ABOUT + r"(?P<hour>\d{1,2})(?:[:.]?(?P<minute>\d\d))?\s*(?:-?ish)?\s*" + _AMPM + _TZ, "digital"),
        (r"(?:at|by|before|from|until|till|around)\s+(?P<hour>\d{1,2})\.(?P<minute>[0-5]\d)" + _TZ, "digital"),
        (_ABOUT + r"(?P<share>half)\s+(?P<hour>one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)", "spoken"),
        (_ABOUT + r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?:\s*(?:hrs|hours|h))?" + _TZ, "digital"),
        (_ABOUT + r"(?P<hour>\d{1,2})(?:[:.](?P<minute>[0-5]\d))? ?(?:-ish|ish|o'?\s?clock)", "digital"),
        (_ABOUT + r"(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)\s*(?:hrs|hours|h)", "digital"),
        (r"(?:at|by|before|until|around)\s+(?P<hour>1\d|2[0-3]|\d(?=h[0-5]))h(?P<minute>[0-5]\d)?", "digital"),
        (r"(?:at|by|before|around|@)\s*(?P<hour>\d{1,2})\s+(?P<zone>{zone})", "digital"),
        (
            r"(?:at|around|@|by|before|for)\s+(?:about\s+)?(?P<hour>\d{1,2})" + _BARE,
            "digital",
        ),
        (
            r"(?<![\w:])(?P<hour>\d{1,2})(?=\s+(?:tomorrow|this|in the)\s+(?:morning|afternoon|evening))|(?<![\w:])(?P<hour2>\d{1,2})(?=\s+this evening)",
            "digital",
        ),
        (
            _NO_PAGES
            + _ABOUT
            + r"(?P<share>half|a quarter|quarter|\d{1,2}|ten|twenty|five)(?:\s+minutes)?\s+(?:past|(?P<to>to))\s+(?P<hour>{number})(?:\s*"
            + _AMPM
            + ")?",
            "spoken",
        ),
    ),
    offsets=(
        r"(?:with)?in\s+(?:about\s+|around\s+|the (?:next|coming|following)\s+|roughly\s+|approximately\s+|no more than\s+|under\s+|less than\s+|at most\s+|max\.?\s+|maximum\s+|up to\s+|another\s+)?"
        + _COUNT
        + r"(?:(?P<or_two>\s+or\s+two)|(?P<and_half>\s+and\s+a\s+half))?",
        r"you(?:'ve| have)(?:\s+got)?\s+(?:about\s+|only\s+|just\s+)?" + _COUNT,
        r"(?:over|during)\s+the\s+(?:next|coming)\s+" + _COUNT,
        _COUNT + r"\s+(?:hence|from now|from today)",
        r"(?:with)?in\s+(?:about\s+|the next\s+)?(?P<half>half)\s+(?:an?\s+)(?P<unit>hour|day)",
        r"(?:within the|(?:with)?in\s+the next)\s+(?P<unit>hour|day|week|month)(?P<or_two>\s+or\s+(?:two|so))?",
        r"in (?:a |1 )?(?P<unit>fortnight)(?:'s time)?",
    ),
    units={
        "minutes": "minute",
        "minute": "minute",
        "mins": "minute",
        "min": "minute",
        "hours": "hour",
        "hour": "hour",
        "hrs": "hour",
        "hr": "hour",
        "h": "hour",
        "days": "day",
        "day": "day",
        "weeks": "week",
        "week": "week",
        "months": "month",
        "month": "month",
        "years": "year",
        "year": "year",
        "fortnight": "fortnight",
    },
    lead=r"by|on|at|before|until|till|no later than|not later than|latest|around|about|from|due|for|sometime|some time|later|after|the|in|during|within|"
    r"ahead of|prior to|in advance of|in time for",
    between=r",|at the latest|at|on|in the|in|by|of|the|from|around|about|-|–|no later than|before|after|between|sometime|@|latest|sharp|on the dot|"
    r"promptly|prompt|precisely|exactly|or so|please|again|instead|(?:your|our|my|local|his|her|their|the same) (?:local )?time(?: zone)?|"
    r"(?:as|if|like) [a-z' ]{2,30},|(?:as|if) (?:agreed|discussed|arranged|planned|promised|usual|possible|convenient|ok|okay)|"
    r"\([^()\d]{1,30}\)|this coming",
    hints=frozenset(
        """today tomorrow tmrw tmw tomorow tommorow tommorrow tonight week weeks weekend month months year quarter day days hour hours hrs minute
        minutes mins fortnight morning afternoon evening noon midday midnight lunch lunchtime thing eod cob eob eow eom eoy c p night business
        half past clock ish close play arvo by at before around about last w/c wc end start beginning one two three four five six seven eight nine ten eleven twelve first second third
        am pm a.m p.m midweek cw""".split()
    )
    | frozenset(w for w in (*_WEEKDAYS, *_MONTHS) if w.isalpha())
    | _FEAST_WORDS,
    no_end=re.compile(
        r"\b(?:after|not before|not until|since|as of|as from|from)\s+(?:the\s+)?$|"
        r"\bafter\s+(?:the|our|my|your|their|this|that)\s+(?!weekend|lunch|holiday|break)(?:[\w'&-]+\s+){1,6}on\s+(?:the\s+)?$|"
        r"\b(?:days?|weeks?|months?|hours?) (?:before|after|prior to|ahead of|from)\s+(?:[\w'&-]+\s+){0,4}$"
    ),
    never=re.compile(
        r"\b(?:every|each)\s+(?:other\s+|second\s+)?(?:(?:day|week|month|morning|working day|business day|weekday)\s+)?$|\b(?:daily|weekly|monthly)\s+$|\b(?:last|past|previous|yesterday\'?s?)\s+$"
    ),
    no_end_after=re.compile(r"\s+(?:of|in)\s+(?:each|every|any)\b|\s+(?:after|before|following)\s+(?:easter|christmas|new year)"),
    past=re.compile(
        r"\b(?:discussed|agreed|said|mentioned|spoke|talked|met|asked|wrote|called|sent|received|saw|heard|requested|had|was|were)"
        r"(?:\s+(?:about|for|me|you|us|it|on|to|earlier|in|the)){0,3}\s+$"
    ),
    before_day=re.compile(r"(?:(?:by|on|at|the)\s+)?(?:before|ahead of|prior to|in advance of|in time for)\b"),
    before_event=re.compile(r"\b(?:before|ahead of|prior to|in advance of|in time for)" + _EVENT),
    last=frozenset(("last", "final", "very last")),
    working=r"\b(?:business|working|work)\b",
    ampm={"morning": 0, "afternoon": 12, "evening": 12, "night": 12, "late_night": 12, "end_of_day": 12},
    month_first=True,
    vague=frozenset(("a few", "few", "several")),
    feasts=_FEASTS,
    feast_words=_FEAST_WORDS,
)
