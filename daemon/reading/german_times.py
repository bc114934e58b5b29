"""How German says when."""

from __future__ import annotations

from daemon.reading.words import Words

_WEEKDAYS = {
    "montag": 0,
    "mo": 0,
    "dienstag": 1,
    "di": 1,
    "mittwoch": 2,
    "mi": 2,
    "donnerstag": 3,
    "do": 3,
    "freitag": 4,
    "fr": 4,
    "samstag": 5,
    "sonnabend": 5,
    "sonntag": 6,
    "montags": 0,
    "freitags": 4,
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
}
_WD = r"(?:(?P<weekday>{weekday}),?\s+(?:den\s+|dem\s+)?)?"
_YEAR = r"(?:\s+(?P<year>20\d\d))?"
_ABOUT = r"(?:(?:um|bis|gegen|ab|vor|spätestens um|so gegen|ca\.?)\s+)?"

WORDS = Words(
    weekdays=_WEEKDAYS,
    months=_MONTHS,
    numbers=_NUMBERS,
    days=(
        (r"(?:noch\s+)?heute", "today"),
        (r"morgen", "tomorrow"),
        (r"übermorgen", "day_after"),
        (r"(?P<next>nächste[nrsm]?|kommende[nrsm]?\s+woche)\s+(?P<weekday>{weekday})", "weekday"),
        (
            r"(?P<weekday>{weekday})\s+(?P<next>nächster woche|nächste woche|kommender woche|kommende woche|der nächsten woche)",
            "weekday",
        ),
        (r"(?P<weekday>{weekday})\s+in\s+(?P<after>einer woche|acht tagen)", "weekday"),
        (r"(?P<this>diesen|diesem|diese)\s+(?P<weekday>{weekday})", "weekday"),
        (r"(?:kommenden\s+)?(?P<weekday>{weekday})", "weekday"),
        (_WD + r"(?P<day>\d{1,2})\.\s+(?P<month>{month})" + _YEAR, "date"),
        (_WD + r"(?P<a>\d{1,2})\.(?P<b>\d{1,2})\.(?P<year>(?:20)?\d\d)?", "dotted"),
        (r"(?P<year>20\d\d)-(?P<a>\d\d)-(?P<b>\d\d)", "iso"),
        (r"(?:am|bis zum|bis|vor dem|zum)\s+(?P<day>\d{1,2})\.(?!\d)", "ordinal"),
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
        (r"(?:in\s+)?den\s+(?:nächsten|kommenden)\s+(?P<n>{number})?\s*tagen", "next_days"),
    ),
    parts=(
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
        (_ABOUT + r"(?P<hour>\d{1,2})[:.](?P<minute>[0-5]\d)\s*(?:uhr|h)?", "digital"),
        (_ABOUT + r"(?P<hour>\d{1,2})\s*uhr(?:\s+(?P<minute>[0-5]\d))?", "digital"),
        (_ABOUT + r"(?P<share>halb|viertel vor|viertel nach)\s+(?P<hour>{number})", "half_before"),
    ),
    offsets=(
        r"(?:in|binnen|innerhalb von|innerhalb der nächsten)\s+(?:den nächsten\s+|etwa\s+|ca\.?\s+)?(?P<n>{number})\s+(?:working\s+)?(?P<unit>{unit})",
        r"in\s+(?:einer|der nächsten)\s+(?P<half>halben)\s+(?P<unit>stunde)",
        r"(?:innerhalb|binnen)\s+(?:der|einer)\s+(?:nächsten\s+)?(?P<unit>stunde|woche)",
    ),
    units={
        "minute": "minute",
        "minuten": "minute",
        "min": "minute",
        "stunde": "hour",
        "stunden": "hour",
        "std": "hour",
        "tag": "day",
        "tage": "day",
        "tagen": "day",
        "werktagen": "day",
        "arbeitstagen": "day",
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
        tagesende uhr halb viertel ende anfang mitte werktagen arbeitstagen""".split()
    )
    | frozenset(w for w in (*_WEEKDAYS, *_MONTHS) if w.isalpha()),
    lead=r"bis|bis zum|bis zur|bis spätestens|spätestens|am|um|ab|im|in|vor|vor dem|zum|gegen|noch|erst|den|dem|der",
    between=r",|am|um|bis|gegen|im|in|der|den|dem|von|vor|spätestens|noch|zum|-|–",
    before=r"vor",
    ampm={"morning": 0, "afternoon": 12, "evening": 12},
)
