"""German words for times."""

from __future__ import annotations

import re

from daemon.reading.languages.time_words import TimeWords

_DAYS = {"montag": 0, "dienstag": 1, "mittwoch": 2, "donnerstag": 3, "freitag": 4, "samstag": 5, "sonnabend": 5, "sonntag": 6}
_WEEKDAY_PARTS = {  # written in one word with the weekday
    "vormittag": "morning",
    "nachmittag": "afternoon",
    "mittag": "noon",
    "morgen": "morning",
    "früh": "morning",
    "abend": "evening",
}
_WEEKDAYS = {
    **_DAYS,
    "mo": 0,
    "di": 1,
    "mi": 2,
    "do": 3,
    "fr": 4,
    **{f"{day}{part}": number for day, number in _DAYS.items() for part in _WEEKDAY_PARTS},
}
_MONTHS = {
    "januar": 1,
    "jänner": 1,
    "februar": 2,
    "märz": 3,
    "april": 4,
    "mai": 5,
    "juni": 6,
    "juli": 7,
    "august": 8,
    "september": 9,
    "oktober": 10,
    "november": 11,
    "dezember": 12,
    "jan.": 1,
    "feb.": 2,
    "apr.": 4,
    "aug.": 8,
    "sept.": 9,
    "okt.": 10,
    "nov.": 11,
    "dez.": 12,
}
_NUMBERS = {
    "ein": 1,
    "eine": 1,
    "einer": 1,
    "einem": 1,
    "einen": 1,
    "eins": 1,
    "zwei": 2,
    "ein paar": 3,
    "drei": 3,
    "vier": 4,
    "fünf": 5,
    "sechs": 6,
    "sieben": 7,
    "acht": 8,
    "neun": 9,
    "zehn": 10,
    "elf": 11,
    "zwölf": 12,
    "vierzehn": 14,
    "zwanzig": 20,
    "dreißig": 30,
    "wenigen": 3,
    "beiden": 2,
    "fünfzehn": 15,
    "vierundzwanzig": 24,
    "achtundvierzig": 48,
    "sechzig": 60,
    "dreissig": 30,
    "zwoelf": 12,
    "fuenf": 5,
    **{
        f"{stem}{end}": n
        for n, stem in enumerate(("erste", "zweite", "dritte", "vierte", "fünfte"), 1)
        for end in ("", "n", "r", "m", "s")
    },
}
_LAST = frozenset(f"letzte{end}" for end in ("", "n", "r", "m", "s"))
_FEASTS = {
    "karfreitag": "-2",
    "ostern": "0",
    "ostermontag": "1",
    "pfingsten": "49",
    "pfingstmontag": "50",
    "heiligabend": "12-24",
    "weihnachten": "12-25",
    "silvester": "12-31",
    "neujahr": "1-1",
}
_FEAST_WORDS = frozenset(_FEASTS)
_NEXT = r"(?:nächste[nrsm]?|kommende[nrsm]?|folgende[nrsm]?|darauffolgende[nrsm]?)"
_OF_MONTH = (
    r"\s+(?:(?:im|in|des|vom|von)\s+)?(?:(?P<next>(?:nächsten|kommenden|folgenden)\s+monats?)|(?:diese[sn]|des|im|laufenden)?\s*monats?|(?P<month>{month})"
    r"(?:\s+(?P<year>20\d\d))?)"
)
_NTH = r"(?P<nth>erste[rnms]?|zweite[rnms]?|dritte[rnms]?|vierte[rnms]?|fünfte[rnms]?|letzte[rnms]?|[1-5]\.)"
_COUNT = r"(?P<n>{number})(?:\s*(?:-|–|bis(?: zu)?|oder)\s*(?P<upper>{number}))?\s*(?P<unit>{unit})"
_ZONE = r"(?:\s*\(?(?P<zone>{zone})\b\)?)?"
_WD = r"(?:(?P<weekday>{weekday}),?\s+(?:den\s+|dem\s+)?)?"
_YEAR = r"(?:\s+(?P<year>20\d\d))?"
_ABOUT = r"(?:(?:um|bis|gegen|ab|vor|spätestens um|bis spätestens|bis um|so gegen|ca\.?|kurz vor|circa|etwa)\s+)?"
_UNTIL = r"\s*(?:uhr\s*)?(?:-|–|bis|und)\s*(?:um\s+)?"

TIME_WORDS = TimeWords(
    weekdays=_WEEKDAYS,
    months=_MONTHS,
    numbers=_NUMBERS,
    days=(
        (r"(?:(?:noch|spätestens|im laufe von)\s+)?heute(?!\s+in\s+(?:einer|zwei|drei|vierzehn|14)\b)", "today"),
        (r"heute in (?P<n>einer|zwei|drei)? ?woche[n]?|heute in (?P<fortnight>vierzehn|14) tagen", "weeks_from"),
        (r"(?:heute|(?P<from_tomorrow>morgen)) in (?P<n>)acht tagen", "weeks_from"),
        (r"(?:nächste|kommende) woche,?\s+(?:am\s+)?(?P<weekday>{weekday})", "next_weekday"),
        (r"im\s+(?P<month>{month})" + _YEAR, "named_month"),
        (r"(?:(?P<before>vor|bis)\s+)?(?P<feast>{feast})", "feast"),
        (r"(?P<from_tomorrow>morgen) in (?P<n>einer|zwei|drei)? ?woche[n]?", "weeks_from"),
        (_NTH + r"\s+(?P<weekday>{weekday})" + _OF_MONTH, "nth_of_month"),
        (_NTH + r"\s+(?:(?P<working>werk|arbeits)tag(?:es|e)?|(?P<unit>tag(?:es|e)?|woche))" + _OF_MONTH, "nth_of_month"),
        (r"(?P<nth>erste[rn]?|zweite[rn]?|dritte[rn]?|letzte[rn]?)\s+(?P<month>{month})(?P<unit>woche)", "nth_of_month"),
        (
            _NTH
            + r"\s+(?:werk|arbeits)?tag(?:es)?\s+(?:der\s+)?(?:(?P<next>(?:nächsten|kommenden)\s+woche)|(?:der|dieser)?\s*woche)",
            "nth_of_week",
        ),
        (r"(?:am\s+|zum\s+|bis zum\s+)?" + _NEXT + r"\s+(?:werk|arbeits|geschäfts|büro)tags?", "next_working_day"),
        (r"übernächste[nrsm]?\s+(?P<after_next>(?:werk|arbeits)tag)", "next_working_day"),
        (r"(?:kalenderwoche|kw)\s?(?P<n>\d{1,2})", "calendar_week"),
        (r"(?:am\s+|zum\s+)?(?:anfang|beginn) (?:des )?(?:nächsten|kommenden|folgenden) monats", "early_next_month"),
        (r"(?:anfang|beginn) (?:des|dieses) monats|(?:zum\s+)?monatsanfang|(?:zu\s+)?monatsbeginn", "early_this_month"),
        (r"mitte (?:des )?(?:nächsten|kommenden|folgenden) monats", "mid_next_month"),
        (r"(?:zur\s+)?(?:mitte (?:des|dieses) monats|monatsmitte)", "mid_month"),
        (r"(?:zur\s+)?wochenmitte|mitte (?:der|dieser) woche", "midweek"),
        (r"(?P<weekday>{weekday})\s+(?:der|in der)?\s*(?P<week_after_next>übernächste[rn]? woche)", "weekday"),
        (r"(?P<week_after_next>übernächsten?)\s+(?:woche\s+)?(?:am\s+)?(?P<weekday>{weekday})", "weekday"),
        (r"(?P<weekday>{weekday})\s+in\s+(?P<weeks>zwei|drei|2|3)\s+(?P<after>wochen)", "weekday"),
        (r"morgen(?!\s+in\s+(?:einer|zwei|drei)\s+woche)", "tomorrow"),
        (r"übermorgen", "day_after"),
        (r"(?P<next>nächste[nrsm]?|kommende[nrsm]?\s+woche)\s+(?P<weekday>{weekday})", "weekday"),
        (
            r"(?P<weekday>{weekday})\s+(?P<next>nächster woche|nächste woche|kommender woche|kommende woche|der nächsten woche)",
            "weekday",
        ),
        (r"(?P<weekday>{weekday})\s+in\s+(?P<after>einer woche|acht tagen)", "weekday"),
        (r"(?P<this>diesen|diesem|diese)\s+(?P<weekday>{weekday})", "weekday"),
        (r"(?:kommende[nr]?\s+)?(?P<weekday>{weekday})(?:\s+(?:dieser|diese)\s+woche)?", "weekday"),
        (
            _WD
            + r"(?P<day>\d{1,2})\.?(?:\s*(?:-|–|/|bis|oder|und)\s*(?:zum\s+)?(?P<to>\d{1,2})\.)?\s*(?P<month>{month})"
            + _YEAR,
            "date",
        ),
        (_WD + r"(?P<a>\d{1,2})\.(?P<b>\d{1,2})\.(?P<year>(?:20)?\d\d)?", "dotted"),
        (r"(?P<year>20\d\d)-(?P<a>\d\d)-(?P<b>\d\d)", "iso"),
        (
            r"(?:am|bis zum|bis|vor dem|zum)\s+(?P<day>\d{1,2})\.(?!\d)(?!\s*(?:{month})\b)(?!\s*(?:-|–|/|bis|und|oder)\s*\d)",
            "ordinal",
        ),
        (r"(?:am\s+)?(?:anfang|beginn) (?:der )?(?:nächste[rn]?|kommende[rn]?) woche", "early_next_week"),
        (r"(?:am\s+)?mitte (?:der )?(?:nächste[rn]?|kommende[rn]?) woche", "mid_next_week"),
        (
            r"(?:(?:am\s+)?ende (?:der )?)?(?:nächste[rn]?|kommende[rn]?|folgende[rn]?) woche|im laufe der (?:nächsten|kommenden) woche",
            "next_week",
        ),
        (r"übernächste[rn]? woche", "week_after"),
        (
            r"(?:am\s+|zum\s+|bis\s+|bis zum\s+)?(?:ende (?:der|dieser) woche|wochenende|wochenschluss)|diese[rn]? woche|im laufe (?:der|dieser) woche",
            "this_week",
        ),
        (r"(?:zum\s+|am\s+|bis\s+)?(?:monatsende|ende (?:des|dieses) monats)|diesen monat", "this_month"),
        (r"(?:ende (?:des )?)?nächste[ns]? monats?", "next_month"),
        (r"(?:(?P<early>anfang)|(?P<mid>mitte)|(?P<end>ende))\s+(?P<month>{month})" + _YEAR, "named_month"),
        (r"(?:zum\s+|bis\s+)?(?:jahresende|ende (?:des|dieses) jahres)", "year_end"),
        (r"(?:zum\s+|bis\s+)?(?:quartalsende|ende (?:des|dieses) quartals)", "quarter_end"),
        (
            r"(?:in\s+)?den\s+(?:nächsten|kommenden)\s+(?P<n>{number})?(?:\s*(?:-|–|bis|oder)\s*(?P<upper>{number}))?\s*(?P<working>werk|arbeits)?tagen",
            "next_days",
        ),
    ),
    parts=(
        (r"heute (?:morgen|früh|vormittag)", "morning"),
        (r"(?:um|bis|vor|gegen)?\s*(?:mitternacht|24(?::00)?\s*uhr)", "midnight"),
        (r"gleich (?:morgens|früh)|als erstes", "first_thing"),
        (r"früh|vormittags?|am vormittag|am morgen", "morning"),
        (r"mittags?|zu mittag|bis mittag", "noon"),
        (r"nachmittags?|am nachmittag", "afternoon"),
        (
            r"(?:bis\s+)?(?:feierabend|dienstschluss|büroschluss|geschäftsschluss|ende des tages|tagesende)|im laufe des tages",
            "end_of_day",
        ),
        (r"(?:heute\s+)?abends?|am abend", "evening"),
    ),
    clocks=(
        (
            r"(?:(?:von|zwischen|ab)\s+)?(?P<from_hour>\d{1,2})(?:[:.](?P<from_minute>[0-5]\d))?"
            + _UNTIL
            + r"(?P<hour>\d{1,2})(?:[:.](?P<minute>[0-5]\d))?\s*(?:uhr|h\b)"
            + _ZONE,
            "range",
        ),
        (r"(?:von|zwischen)\s+(?P<from_hour>\d{1,2})\s*(?:-|–|bis|und)\s*(?P<hour>\d{1,2})(?=\s*(?:$|[.,;!?)]))", "range"),
        (
            r"(?:(?:von|zwischen)\s+)?(?P<from_hour>\d{1,2}):(?P<from_minute>[0-5]\d)"
            + _UNTIL
            + r"(?P<hour>\d{1,2}):(?P<minute>[0-5]\d)",
            "range",
        ),
        (_ABOUT + r"(?P<hour>\d{1,2})[:.](?P<minute>[0-5]\d)\s*(?:uhr|h)?" + _ZONE, "digital"),
        (_ABOUT + r"(?P<hour>[01]?\d|2[0-3])\s*uhr(?:\s+(?P<minute>[0-5]\d))?" + _ZONE, "digital"),
        (_ABOUT + r"(?P<hour>\d{1,2})\s*h(?P<minute>[0-5]\d)?", "digital"),
        (_ABOUT + r"(?P<hour>eins|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf)\s*uhr", "worded"),
        (_ABOUT + r"(?P<share>halb|viertel vor|viertel nach)\s+(?P<hour>{number})", "half_before"),
        (r"(?:um|gegen)\s+(?P<hour>\d{1,2})(?=\s*(?:$|[.,;!?)]|morgen|heute|{weekday}))", "digital"),
    ),
    offsets=(
        r"(?:in|binnen|innerhalb(?: von)?|innerhalb der (?:nächsten|kommenden))\s+(?:den (?:nächsten|kommenden)\s+|etwa\s+|ca\.?\s+|rund\s+|spätestens\s+|höchstens\s+|maximal\s+|max\.?\s+)?"
        + _COUNT
        + r"(?!\s+(?:nach|ab|vor|seit)\b)",
        r"in\s+(?:etwa\s+|ca\.?\s+)?(?P<and_half>anderthalb|eineinhalb|1,5)\s+(?P<unit>stunden|tagen|wochen)",
        r"in\s+(?:einer|der nächsten)\s+(?P<half>halben)\s+(?P<unit>stunde)",
        r"(?:innerhalb|binnen)\s+(?:der|einer)\s+(?:nächsten\s+)?(?P<unit>stunde|woche)",
        r"(?:innerhalb|binnen)\s+(?:eines)\s+(?P<unit>tages|werktages|arbeitstages|werktags|arbeitstags)",
    ),
    units={
        "minute": "minute",
        "minuten": "minute",
        "min": "minute",
        "stunde": "hour",
        "stunden": "hour",
        "std": "hour",
        "std.": "hour",
        "h": "hour",
        "tag": "day",
        "tage": "day",
        "tagen": "day",
        "tages": "day",
        **{f"{kind}{word}": "day" for kind in ("werk", "arbeits") for word in ("tag", "tage", "tagen", "tages", "tags")},
        "woche": "week",
        "wochen": "week",
        "monat": "month",
        "monate": "month",
        "monaten": "month",
        "jahr": "year",
        "jahren": "year",
    },
    hints=frozenset(
        """heute morgen übermorgen woche wochen wochenende monat monats monatsende jahresende quartalsende quartals jahres tag tage tagen stunde stunden
        minuten früh vormittag vormittags mittag mittags nachmittag nachmittags abend abends feierabend dienstschluss büroschluss geschäftsschluss
        tagesende uhr halb viertel ende anfang mitte werktagen arbeitstagen werktag arbeitstag werktags arbeitstags werktages arbeitstages geschäftstag bürotag kw kalenderwoche monatsanfang
        monatsbeginn monatsmitte wochenmitte std tages mitternacht""".split()
    )
    | frozenset(f"{month}woche" for month in _MONTHS)
    | _FEAST_WORDS
    | frozenset(w for w in (*_WEEKDAYS, *_MONTHS) if w.isalpha()),
    lead=r"bis|bis zum|bis zur|bis spätestens|bis einschließlich|spätestens bis|spätestens|allerspätestens|am|um|ab|im|in|vor|vor dem|zum|gegen|noch|erst|den|dem|der",
    between=r",|am|um|bis|gegen|im|in|der|den|dem|von|vor|spätestens|noch|zum|-|–|pünktlich|ihrer zeit|unserer zeit|ortszeit|wie (?:besprochen|vereinbart|abgesprochen|immer),?|"
    r"\([^()\d]{1,30}\)",
    no_end=re.compile(
        r"\b(?:nach|nicht vor|seit|ab)\s+(?:dem\s+)?$|\bnach\s+(?:der|dem|unserer|unserem|ihrer|ihrem)\s+(?:[\w-]+\s+){1,3}am\s+$|"
        r"\b(?:tage?n?|wochen?|monate?n?|stunden?) (?:vor|nach)\s+(?:[\w-]+\s+){0,4}$"
    ),
    never=re.compile(
        r"\bjede[nrms]?\s+(?:zweiten\s+)?(?:(?:tag|woche|monat|morgen|werktag)\s+)?$|\b(?:täglich|wöchentlich|monatlich)\s+$|\b(?:letzte[nrms]?|vergangene[nrms]?|vorige[nrms]?)\s+$"
    ),
    no_end_after=re.compile(r"\s+(?:jedes|eines jeden)\b|\s+(?:nach|vor)\s+(?:ostern|weihnachten|neujahr)\b"),
    past=re.compile(r"\bwie\s+(?:[\w-]+\s+){0,2}$|\b(?:besprochen|vereinbart|telefoniert)\s+$"),
    before_day=re.compile(r"(?:noch\s+)?vor\b"),
    before_event=re.compile(
        r"\bvor\s+(?:der|dem|unserer|unserem|ihrer|ihrem)\s+[\w-]+\s+(?:am\s+)?$|\bvor\s+(?:der|dem|unserer|unserem)\s+$"
    ),
    last=_LAST,
    working=r"(?:werk|arbeits)tag",
    weekday_parts=_WEEKDAY_PARTS,
    feasts=_FEASTS,
    feast_words=_FEAST_WORDS,
    vague=frozenset(("ein paar", "wenigen")),
    ampm={"morning": 0, "afternoon": 12, "evening": 12},
)
