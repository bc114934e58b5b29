"""Hours and days written out that a proposal leaves half said: "2 or 3 pm" is "2 pm or 3 pm", "at 10 or 2" "at 10:00 or at 2:00".

The grammar of time phrases is careful with bare numbers, as most in mail are no hours. Where times are proposed more of them are.
"""

from __future__ import annotations

import re

_CLOCK = r"\d{1,2}(?:[:.][0-5]\d)?"
_ALONE = r"(?<![\d.:/£$€])"  # what stands before a number that is not part of another
_MONTHS = "jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez"  # how they begin
_HALF = r"(?:[ap]\.?m\b\.?|uhr\b|o'clock\b)"
_OR = r"\s*(?:,|/|,?\s*\b(?:or|oder|bzw\.?)\b)\s*(?:at |um |gegen |around )?"
_ORD = r"\d{1,2}(?:st|nd|rd|th)"
# What follows an hour or a day that leaves out "o'clock" or the month, and what makes a number after "at" something else.
_ENDS = (
    r"(?=\s*(?:$|[,.?!;)](?!\d)|(?:on|onwards?|or|and|that|if|please|would|instead|today|tomorrow|my|your|am|for|works?|suits?|fits?|be|is|sound|look|any|"
    r"good|best|better|ok|okay|fine|possible|und|oder|statt\w*|heute|morgen|passen|passt|gehen|geht|klappen|klappt|möglich|recht|gut|besser|bei|ihnen|dir)\b))"
)
_OTHER = (
    r"(?![\d.:/%]*\d|\s*%|\s*(?:percent|per cent|prozent|euros?|pounds?|pence|p|each|per|units?|pieces|stück|boxes|pallets|paletten|degrees|grad|mph|km|[ap]\.?m|"
    r"uhr|h|to|bis|-|–|o'clock|[a-zäöüß-]+ (?:street|road|lane|avenue))\b)"
)
_LISTED_DAYS = re.compile(rf"\bthe {_ORD}\s*(?:,|or|and)\s*(?:the )?{_ORD}\b(?!\s+(?:of|{_MONTHS}))")
_EACH_DAY = re.compile(rf"(?<!the )\b({_ORD})(?=\s*(?:$|,|[?.]|(?:or|and|any|then)\b))")
_NEW_HOUR = re.compile(rf"\b(to|auf|until|till)\s+(\d{{1,2}}){_ENDS}")
_OLD_HOUR = re.compile(rf"\b(?:from|von)\s+{_CLOCK}\s*{_HALF}?\s+(?=(?:to|auf)\b)")
_DAY = re.compile(rf"\b(the {_ORD}|(?:der|den|dem) \d{{1,2}}\.)(?=\s+[a-zäöü]){_ENDS}")
_YEAR = r"(?:,? ?20\d\d)?"
_NUMBER = r"\d{1,2}(?:st|nd|rd|th|\.)?"
_MONTH = rf"(?:{_MONTHS})[a-zä]*\.?"
_DATE = (
    rf"(?:the |den |der |dem )?(?:{_ORD}|{_NUMBER} (?:of )?{_MONTH}{_YEAR}|{_MONTH} {_NUMBER}{_YEAR}|\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?|"
    r"\d{1,2}\.|\d{1,2}\.\d{1,2}\.(?:20)?(?:\d\d)?|20\d\d-\d\d-\d\d)"
)
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend|(?:mo|di|mi|do|fr|sa|so)"
_DATED_WEEKDAY = re.compile(rf"\b(?:(?:next|this|nächste[nrm]?|diese[nrm]?|kommende[nrm]?) )?({_WEEKDAY})\.?,? ?\(({_DATE})\)")
_APPOSITION = re.compile(
    rf"^((?:am |on |der )?(?:{_WEEKDAY}), {_DATE}),(?= [a-zäöü])"
)  # "am Donnerstag, den 12.3., kann ich nicht"
_STEPS = tuple(
    (re.compile(pattern), written)
    for pattern, written in (
        (r"\bnach (?:dem mittag(?:essen)?|der mittagspause)\b", "von 13 bis 17 uhr"),
        (rf"{_ALONE}\b(\d{{1,2}})(?= on (?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b)", r"at \1:00"),
        (
            r"\b(would|could|might|does|will|is|or|ginge|passt|wäre)(?: auch)? (\d{1,2})(?=\s+(?:works?|suits?|fit|be (?:ok|okay|possible|fine|good|better|best)|ok|okay|possible|better|für|bei|auch)\b)",
            r"\1 at \2:00",
        ),
        # minutes after a dot, and spans
        (r"\b(at|around|about|say|um|gegen|or|oder|maybe)\s+(\d{1,2})\.([0-5]\d)(?![\d.]|\s*%)", r"\1 \2:\3"),
        (r"\b((?:between|from|zwischen|von)\s+\d{1,2})\.([0-5]\d)(?=\s+(?:and|to|until|und|bis)\b)", r"\1:\2"),
        (
            rf"\b((?:between|from|zwischen|von)\s+\d{{1,2}})(?=\s+(?:and|to|until|till|und|bis)\s+{_CLOCK}(?!\.?\s*{_HALF}|[\d:]|\s*h\b|\.?\s*(?:{_MONTHS})))",
            r"\1:00",
        ),
        (rf"{_ALONE}(\d{{1,2}})\.([0-5]\d)(?=\s*(?:to|until|till|bis|-|–)\s*\d)", r"\1:\2"),
        (r"(:[0-5]\d\s*(?:to|until|till|and|und|bis|-|–)\s*\d{1,2})\.([0-5]\d)(?!\d|\s*uhr)", r"\1:\2"),
        (rf"(:[0-5]\d\s*(?:to|until|till|and|und|bis|-|–)\s*\d{{1,2}})(?![\d:.]*\d|\s*{_HALF})", r"\1:00"),
        # hours between which there is a choice, such as 2 or 3 pm
        (rf"{_ALONE}({_CLOCK})({_OR})(?=(?:{_CLOCK}{_OR}){{0,4}}{_CLOCK}\s*({_HALF}))", r"\1 \3\2"),
        (rf"\b(at|um|either|entweder|say)\s+(?:at |um )?(\d{{1,2}})(?={_OR}{_CLOCK}{_ENDS})", r"\1 \2:00"),
        (rf"{_ALONE}\b(\d{{1,2}})(?=\s*(?:or|oder)\s*(?:at |um )?\d{{1,2}}[:.][0-5]\d\b)", r"\1:00"),
        (rf"(:[0-5]\d{_OR})(\d{{1,2}}){_ENDS}", r"\1\2:00"),
        (
            rf"\b((?:{_WEEKDAY}|{_MONTH})(?: (?:the )?{_ORD})?|\d\.\d{{1,2}}\.), ?(\d{{1,2}})(?={_OR}\d{{1,2}}\s*\?)",
            r"\1, \2:00",
        ),
        (rf"(, \d{{1,2}}:00{_OR})(\d{{1,2}})(?=\s*\?)", r"\1\2:00"),
        # a bare hour
        (rf"\b(at|around|um|gegen)\s+(\d{{1,2}}){_OTHER}", r"\1 \2:00"),
        (rf"{_ALONE}\b(\d{{1,2}})(?= (?:does|doesn't|works|won't|wouldn't|suits|is (?:fine|ok|good|better|possible|no good|too))\b)", r"at \1:00"),
        (rf"\b(after|from|ab|nach|make it|say|do|sagen wir|maybe|prefer|machen wir|make|manage|until|before)\s+(\d{{1,2}}){_ENDS}", r"\1 \2:00"),
        (rf"{_ALONE}(\d{{1,2}})(?=\s+(?:(?:your|my|our)(?: local)? time|(?:ihrer|deiner|unserer) zeit)\b)", r"\1:00"),
    )
)  # fmt: skip


def written_out(line: str, *, moves: bool, filler: str) -> str:
    """Return a line in lower case with each of its hours and days told in full.

    `moves` says that it is about moving a meeting: then "to 4" is an hour, and "from 3" no longer one. `filler` is a small word of the
    language that may stand after a day.
    """
    line = _APPOSITION.sub(r"\1", _DATED_WEEKDAY.sub(r"\1 \2", line))
    if moves:
        line = _NEW_HOUR.sub(r"\1 \2:00", _OLD_HOUR.sub("", line))
    if _LISTED_DAYS.search(line):
        line = _EACH_DAY.sub(r"the \1", line)
    for pattern, written in _STEPS:
        line = pattern.sub(written, line)
    return _DAY.sub(rf"\1 {filler}", line)
