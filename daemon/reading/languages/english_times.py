"""English words for times, British and American."""

from __future__ import annotations

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
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty-eight": 48,
    "twenty-four": 24,
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "half": 0,
    "half a": 0,
    "half an": 0,
}
_ORD = r"(?:st|nd|rd|th)"
_YEAR = r"(?:,?\s+(?P<year>(?:19|20)\d\d))?"
_WD = r"(?:(?P<weekday>{weekday}),?\s+(?:the\s+)?)?"
_AMPM = r"(?P<half>a\.?m?\.?|p\.?m?\.?)(?![a-z])"
# "The 3rd" alone is a day only if it does not count what follows ("the 3rd quarter").
_ALONE = (
    r"(?=\s*(?:$|[.,;:!?)\-–]|(?:at|in|for|to|if|and|or|by|before|so|but|when|with|as|is|was|will|would|works?|morning|afternoon|evening|instead|"
    r"then|from|on|around|about|via|we|i|you|please|thanks|unless|of (?:this|next|the) month)\b))"
)
_TZ = r"(?:\s*(?P<zone>gmt|utc|bst|cet|cest|est|edt|cst|cdt|mst|mdt|pst|pdt))?"
_ABOUT = r"(?:(?:at\s+)?(?:about|around|approximately|approx\.?|roughly|circa|by|before|after|no later than|until|till|from|between)\s+|at\s+|@\s*)?"

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
    days=(
        (r"(?:later\s+)?today|this day", "today"),
        (r"tomorrow|tmrw|tmw|tomorow|tommorow|tommorrow", "tomorrow"),
        (r"(?:the\s+)?day after (?:tomorrow|next)", "day_after"),
        (r"(?P<next>next|the following)\s+(?P<weekday>{weekday})", "weekday"),
        (r"(?P<weekday>{weekday}),?\s+(?:of\s+)?(?P<next>next week|the following week|of the following week)", "weekday"),
        (
            r"(?P<weekday>{weekday})\s+(?P<after>week|after next)|(?P<weeks>a|one|two|2) weeks? (?:on|from) (?P<a_weekday>{weekday})",
            "weekday",
        ),
        (r"(?P<this>this(?:\s+coming)?|later this)\s+(?P<weekday>{weekday})", "weekday"),
        (r"(?:coming\s+)?(?P<weekday>{weekday})(?:\s+(?P<this>this week))?", "weekday"),
        (r"(?:next week|the following week),?\s+(?:on\s+)?(?P<weekday>{weekday})", "next_weekday"),
        (
            r"(?P<n>a|one|two|three|\d)?\s*(?:weeks?|(?P<fortnight>fortnight))(?:\s+from)?\s+(?:today|(?P<from_tomorrow>tomorrow))",
            "weeks_from",
        ),
        (
            r"(?:today|(?P<from_tomorrow>tomorrow))\s+(?P<n>)(?:week|(?P<fortnight>fortnight))(?!\s+(?:is|we|i|and|at))",
            "weeks_from",
        ),
        (r"(?P<weekday>{weekday}),?\s+(?:the\s+)?(?P<day>\d{1,2})" + _ORD, "ordinal"),
        (r"(?:(?P<before>before|by|in time for|ahead of)\s+)?(?P<feast>{feast})(?:\s+day)?", "feast"),
        (
            _WD
            + r"(?P<month>{month})\s+(?:the\s+)?(?P<day>\d{1,2})"
            + _ORD
            + r"?(?:\s*(?:-|to|–)\s*(?P<to>\d{1,2})(?![\d:]|\.\d|\s*[ap]\.?m)"
            + _ORD
            + "?)?"
            + _YEAR,
            "date",
        ),
        (_WD + r"(?:the\s+)?(?P<day>\d{1,2}|first|second|third)" + _ORD + r"?\s+(?:of\s+)?(?P<month>{month})" + _YEAR, "date"),
        (
            r"(?:(?:the\s+)?week (?:of|commencing|beginning|starting)|w/?c)\s+(?:the\s+)?(?P<month>{month})\s+(?P<day>\d{1,2})"
            + _ORD
            + "?",
            "week_of",
        ),
        (
            r"(?:(?:the\s+)?week (?:of|commencing|beginning|starting)|w/?c)\s+(?:the\s+)?(?P<day>\d{1,2})" + _ORD + _ALONE,
            "week_of_day",
        ),
        (
            r"(?:(?:the\s+)?week (?:of|commencing|beginning|starting)|w/?c)\s+(?:the\s+)?(?P<day>\d{1,2})"
            + _ORD
            + r"?\s+(?:of\s+)?(?P<month>{month})",
            "week_of",
        ),
        (_WD + r"(?P<day>\d{1,2})-(?P<month>{month})(?:-(?P<year>(?:20)?\d\d))?", "date"),
        (_WD + r"(?P<a>\d{1,2})\.(?P<b>\d{1,2})\.(?P<year>20\d\d)", "dotted"),
        (r"(?P<year>20\d\d)-(?P<a>\d\d)-(?P<b>\d\d)", "iso"),
        (
            _WD
            + r"(?P<a>\d{1,2})/(?P<b>\d{1,2})(?:/(?P<year>(?:20)?\d\d))?(?<!24/7)(?<!9/11)(?!\s*(?:of|hours?|an?|inch|days?|price|off|th|full|way)\b)",
            "numeric",
        ),
        (r"(?P<day>\d{1,2})" + _ORD + r"?\s+(?:of\s+)?(?P<next>(?:the\s+)?next month)", "ordinal"),
        (_WD + r"the\s+(?P<day>\d{1,2})" + _ORD + _ALONE, "ordinal"),
        (r"(?:on|by|before|until|till)\s+(?:the\s+)?(?P<day>\d{1,2})" + _ORD + _ALONE, "ordinal"),
        (r"on the (?P<day>first|second|third)" + _ALONE, "ordinal"),
        (r"(?:in|during|sometime in) (?P<month>{month})" + _YEAR, "named_month"),
        (
            r"(?:the\s+)?end of (?:the |this )?quarter|quarter[- ]end|(?:by |before |in )?(?:the\s+)?end of q(?P<quarter>[1-4])",
            "quarter_end",
        ),
        (
            r"(?:the\s+)?(?P<nth>first|second|third|fourth|last)\s+(?P<weekday>{weekday})\s+(?:of|in)\s+(?P<month>{month})",
            "nth_weekday",
        ),
        (
            r"(?:the\s+)?(?:beginning|start) of next week|early(?: part of)?(?: in)? next week|early in the (?:coming|new) week",
            "early_next_week",
        ),
        (r"(?:the\s+)?middle of next week|mid(?:-|\s)next week|midweek next week", "mid_next_week"),
        (
            r"(?:the\s+)?(?:end|latter part|back end|back) of next week|late(?:r)? next week|next week|the following week|the coming week",
            "next_week",
        ),
        (r"the week after(?: next)?|week after next", "week_after"),
        (
            r"(?:the\s+)?end of (?:the|this) week|eow|(?:later |sometime )?this week|(?:the\s+)?rest of (?:the|this) week|(?:the\s+)?week'?s end|later in the week|end of week",
            "this_week",
        ),
        (r"(?:this|over the|at the) week-?end", "this_weekend"),
        (r"(?:by|before) the week-?end", "this_week"),
        (r"(?:the\s+)?end of (?:the|this) month|eom|month[- ]end|(?:later )?this month|end of month", "this_month"),
        (r"(?:the\s+)?end of next month|(?:sometime\s+)?next month", "next_month"),
        (r"(?:the\s+)?middle of (?:the|this) month|mid[- ]month", "mid_month"),
        (
            r"(?:(?P<early>early(?: in)?|beginning of|(?:the\s+)?start of)|(?P<mid>mid-?|mid\s|(?:the\s+)?middle of)|(?P<late>late(?: in)?)|(?P<end>(?:the\s+)?end of))\s*(?P<month>{month})"
            + _YEAR,
            "named_month",
        ),
        (r"(?:the\s+)?end of (?:the|this) year|eoy|year[- ]end", "year_end"),
        (r"(?:the\s+)?(?:next|coming)\s+(?P<n>{number})\s+(?:business\s+|working\s+)?days", "next_days"),
    ),
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
        (
            _ABOUT
            + r"(?:\d{1,2}(?:[:.]\d\d)?\s*(?:am?|pm?)?\s*(?:-|–|to|and|until)\s*)(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))?\s*"
            + _AMPM
            + _TZ,
            "digital",
        ),
        (_ABOUT + r"(?:\d{1,2}[:.]\d\d\s*(?:-|–|to|and|until)\s*)(?P<hour>\d{1,2})[:.](?P<minute>\d\d)" + _TZ, "digital"),
        (
            r"between\s+\d{1,2}\s*(?:and|-|–)\s*(?P<hour>\d{1,2})(?!\s*(?:%|percent|days?|weeks?|months?|hours?|minutes?|people|units|k\b|[.:]\d|\d))",
            "digital",
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
        (_ABOUT + r"(?P<hour>\d{1,2}) ?(?:-ish|ish|o'?\s?clock)", "digital"),
        (
            r"(?:at|around|@|by|before|for)\s+(?:about\s+)?(?P<hour>\d{1,2})(?!\s*(?:%|percent|st|nd|rd|th|days?|weeks?|months?|hours?|minutes?|mins?|people|of|units|x\b|/|,\d|\.\d))(?=\s|[.,;!?)]|$)(?=\s*(?:$|[.,;!?)]|tomorrow|today|this|on|in|if|and|or|for|to|{weekday}))",
            "digital",
        ),
        (
            r"(?<![\w:])(?P<hour>\d{1,2})(?=\s+(?:tomorrow|this|in the)\s+(?:morning|afternoon|evening))|(?<![\w:])(?P<hour2>\d{1,2})(?=\s+this evening)",
            "digital",
        ),
        (
            _ABOUT
            + r"(?P<share>half|a quarter|quarter|\d{1,2}|ten|twenty|five)(?:\s+minutes)?\s+(?:past|(?P<to>to))\s+(?P<hour>{number})(?:\s*"
            + _AMPM
            + ")?",
            "spoken",
        ),
    ),
    offsets=(
        r"(?:with)?in\s+(?:about\s+|around\s+|the next\s+|roughly\s+|approximately\s+|no more than\s+|under\s+)?(?P<n>{number})(?:\s*-\s*\d+)?\s*(?:(?:business|working)\s+)?(?P<unit>{unit})(?:'s?)?(?:\s+time)?(?:(?P<or_two>\s+or\s+two)|(?P<and_half>\s+and\s+a\s+half))?",
        r"(?P<n>{number})\s+(?:(?:business|working)\s+)?(?P<unit>{unit})\s+(?:hence|from now|from today)",
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
    lead=r"by|on|at|before|until|till|no later than|not later than|latest|around|about|from|due|for|sometime|some time|later|after|the|in|during|within",
    between=r",|at|on|in the|in|by|of|the|from|around|about|-|–|no later than|before|after|between|sometime|@",
    hints=frozenset(
        """today tomorrow tmrw tmw tomorow tommorow tommorrow tonight week weeks weekend month months year quarter day days hour hours hrs minute
        minutes mins fortnight morning afternoon evening noon midday midnight lunch lunchtime thing eod cob eob eow eom eoy c p night business
        half past clock ish close play arvo by at before around about last w/c wc end start beginning one two three four five six seven eight nine ten eleven twelve first second third
        am pm a.m p.m""".split()
    )
    | frozenset(w for w in (*_WEEKDAYS, *_MONTHS) if w.isalpha())
    | _FEAST_WORDS,
    after=r"after|not before|not until|since|as of|as from|from",
    before=r"before",
    ampm={"morning": 0, "afternoon": 12, "evening": 12, "night": 12, "late_night": 12, "end_of_day": 12},
    month_first=True,
    vague=frozenset(("a few", "few", "several")),
    feasts=_FEASTS,
    feast_words=_FEAST_WORDS,
)
