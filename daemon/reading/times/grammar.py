"""The grammar of time phrases: which tokens in which order name a day, a part of the day, a clock time or a span from now on.

One grammar for all languages; their words are in `daemon.reading.languages`. A line of `_TABLE` holds the kind of piece, the name of
what resolves it, the pattern, and two examples: one in which it fires and one in which it does not. A pattern is a regular expression
over tokens: a word is a token of that class, `<name:class|class>` one that the resolver asks for by name, and words in capitals
stand for what `_MACROS` says.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

_MACROS = {
    "UNIT": "(minute|hour|hours|h|day|days|week|weeks|fortnight|month_unit|months|year)",
    "NUMBER": "<n:num|numeral|one|few>",
    "COUNT": "NUMBER ((dash|to|or|until|unto) <upper:num|numeral>)? clear? <working>? <unit:minute|hour|hours|h|day|days|week|weeks|fortnight|month_unit|months|year>",
    "OPEN": "(?!time? (of|from|after|next|before))",
    "WITHIN": "((in|within) (about|upto)?|over the) (the|next|coming|about|upto){0,3}",
    "WEEKOF": "(weekof|week of)",
    "REL": "this|next|coming",
    "EDGE": "early|mid|late|first_half|end",
    "YEAR": "(comma? <year:year_number>)?",
    "WEEKDAY": "(<weekday> comma? the?)?",
    "BARE": "(?=$|stop|comma(?!num|and)|open|shut|near|next|coming|overnext|part|weekday|on|in|if|and|or|for|to|sharp|latest|filler|zone|this|by|matter|about(?! num))",
    "ALONE": "(?=$|stop|comma|open|shut|dash|at|in|for|to|if|and|or|by|before|go|part|on|from|about|until|between|filler|latest|of the? (this|next)? month_unit)",
    "APART": "(?=$|stop|comma|open|shut|at|about|before|or|and|same|on|part|clock|hm|hmd|num)",
    "AT": "(at|about|by|before|after|from|until|between){0,2}",
    "LEAD": "(from|between|at|about)?",
    "RANGE": "(dash|to|and|until|unto)",
    "ZONE": "(sharp? comma? open? <zone> shut?)?",
}
_TABLE = """
day near ; <near> ; I'll do it today. ; I'll do it some day.
day weeks_from ; NUMBER? <unit:week|weeks|fortnight> from? <near> ; A week tomorrow. ; A week from then.
day weeks_from ; <near> <unit:week|fortnight>(?!go|and|at) ; Today week. ; Today weekly.
day weeks_from ; <near> in NUMBER <unit:week|weeks|day|days> ; Heute in acht Tagen. ; Heute in Ruhe.
day weekday ; the? <rel:next|overnext> <weekday>(?!(of|in) the? (this|next|month|month_unit)) ; Next Friday. ; Next of kin.
day weekday ; <weekday> comma? (of|in)? the? <rel:this|next|coming|overnext> week ; Friday of next week. ; Friday of that week.
day weekday ; the? <rel:next|coming|overnext> week comma? on? the? <weekday> ; Next week, on Friday. ; Next week, or Friday.
day weekday ; the? <weekday> <after_next> ; The Monday after next. ; The Monday after the fair.
day weekday ; (next|this)? <weekday> <unit:week|fortnight> ; Friday week. ; Friday, weak.
day weekday ; NUMBER <unit:week|weeks|fortnight> (on|from|this){0,2} <weekday> ; A week on Tuesday. ; A week, Tuesday.
day weekday ; <weekday> in NUMBER <unit:week|weeks|day|days> ; Freitag in einer Woche. ; Freitag in der Woche.
day weekday_from_now ; <weekday> comma? in? NUMBER <unit:week|weeks> hence ; Monday two weeks from now. ; Monday two weeks from Easter.
day weekday ; <rel:this> coming? <weekday> ; This Friday. ; This fry-up.
day weekday ; coming? <weekday> ; By Friday. ; By fridge.
day ordinal ; <weekday> comma? the? <day:ord> ; Mon 13th. ; Mon 13 ft.
day date ; WEEKDAY <month> the? <day:num|ord> ((dash|to|until) <to:num|ord>(?!hour|hours|h|minute|oclock))? YEAR ; March 3rd. ; March on.
day date ; WEEKDAY the? <day:num|ord|nth> ((dash|to|or|and|until|unto|over_line) the? <to:num|ord>)? of? <month> YEAR ; The 3rd of March. ; The 3rd of many.
day date ; (from|between) the? <day:num|ord> (dash|to|and|until) the? <to:num|ord> of? <month> YEAR ; From 3 to 5 March. ; From 3 to 5 marches.
day date ; (from|between)? <from_month:month> <from:num|ord> (dash|to|and|until) <month> <day:num|ord> YEAR ; July 23 - August 10. ; July 23 - Augusta 10.
day date ; (from|between)? the? <from:num|ord> of? <from_month:month> (dash|to|until) the? <day:num|ord> of? <month> YEAR ; 23 July to 3 August. ; 23 July to 3 places.
day date ; WEEKDAY <day:num> dash <month> (dash <year:num|year_number>)? ; 5-Mar-26. ; 5-a-side.
day numeric ; WEEKDAY <slash> ; By 3/4. ; By 24/7.
day numeric ; WEEKDAY <dotted> ; By 12.03.2026. ; By 12.13.
day iso ; WEEKDAY <iso> ; By 2026-03-06. ; By 2026-3.
day ordinal ; WEEKDAY the <day:ord> ALONE ; The 3rd, please. ; The 3rd quarter.
day ordinal ; (on|by|before|until|unto) the? <day:ord> ALONE ; By 3rd. ; By 3rd class.
day ordinal ; (on|by|before|until|unto)? the <day:ord> (or|and|to|dash|until) the? <to:ord> ALONE ; By the 9th or 10th. ; By the 9th or 10th man.
day ordinal ; on the <day:nth> ALONE ; On the first. ; On the first page.
day ordinal ; the? <day:ord|num> day? of? the? <rel:next> month_unit ; The 15th of next month. ; The 15th of next year.
day ordinal ; the? <day:ord> day? of (the|this){1,2} month_unit ; The 15th of the month. ; The 15th of the series.
day week_of ; the? WEEKOF the? <month> <day:num|ord> ; Week of March 9. ; Week of marches.
day week_of ; the? WEEKOF WEEKDAY the? <day:num|ord> of? <month> ; W/c 16 March. ; W/c 16 marches.
day week_of ; the? WEEKOF WEEKDAY the? <day:ord> ALONE ; W/c 14th. ; W/c 14 boxes.
day week_of ; the? WEEKOF WEEKDAY (<slash>|<dotted>) ; W/c 16/3. ; W/c 16 x 3.
day nth_of_month ; the? <nth:nth|ord> (<weekday>|<working>? <unit:day|week>) (of|in)? the? (<rel:REL>? month_unit|<month> YEAR) ; 1st Friday of next month. ; 1st Friday of Lent.
day nth_of_month ; the? <nth:nth|ord> <month> <unit:week> ; Erste Aprilwoche. ; Erste Wahlwoche.
day nth_of_week ; the? <nth:nth|ord> working? day (of|in)? the? <rel:REL>? week ; First day of next week. ; First day of the fair.
day next_working_day ; the? (next|coming) working day(?!after|next|of) ; Next working day. ; Next rainy day.
day next_working_day ; the? <skip:overnext> working day ; Übernächster Werktag. ; Übernächstes Jahr.
day next_working_day ; the? working day <skip:after_next> ; The working day after next. ; The working day after.
day calendar_week ; cw <n:num|ord> ; In CW 12. ; In CW twelve.
day quarter ; (end|in|by|over|before) the? <q> ; By the end of Q1. ; The Q1 figures.
day period ; the? <edge:EDGE> dash? (of|in)? the? <rel:REL>? <unit:week|month_unit> ; End of the week. ; End of the line.
day period ; the? <edge:end> (of|in)? the? <rel:this|next>? <unit:quarter|year> ; End of this year. ; End of this story.
day period ; (the|this)? <rel:this|next|coming|overnext> <unit:week|month_unit|quarter> ; Next week. ; Next time.
day period ; <rel:next|coming> week comma? by? <edge:mid> <unit:week> ; Next week, midweek. ; Next week, maybe.
day period ; <edge:mid> <unit:week> the? <rel:next|coming> week ; Midweek next week. ; Midway next week.
day period ; (by|before|until|unto) the? <unit:weekend>(?!of) ; By the weekend. ; A long weekend.
day period ; (this|over|at|on|in) the? <days:weekend>(?!of) ; Over the weekend. ; On the weekend of the fair.
day period ; the? (<rel:next>|coming) <days:weekend> ; Next weekend. ; Next week's end.
day named_month ; (in|over|before) <month>(?! the? (num|ord)) YEAR ; In March. ; In marching order.
day named_month ; the? <edge:EDGE> dash? (of|in)? <month> YEAR ; Mid-March. ; Mid-size.
day told ; the? <rel:next> <unit:day>(?!or|of|on) ; The following day. ; The following day of rest.
day told ; the? <unit:day|week> (<shift>|after APART) ; The day after. ; The day after Easter.
day told ; the? <unit:day> <back:before> (?=$|stop|comma|shut|at|or) ; The day before. ; The day before Easter.
day told ; NUMBER <unit:day|days|week|weeks|fortnight> (<shift>|after(?=$|stop|comma|shut|at)) ; A week later. ; A week, later.
day told ; the? <weekday> (<shift>|after(?=$|stop|comma|shut|at|or|same)) ; The Thursday after that. ; The Thursday after the fair.
day feast ; <before:by|before|until>? the? <feast> day? ; Before Christmas. ; In the new year.
part in_the ; in the <part:part|half_day> ; In the morning. ; In the mourning.
part part ; ((early|mid|late) dash?)? (this|in|the|over|at|on|by){0,3} <part> ; By COB. ; By cab.
part half_day ; (this|in|the){0,3} <half_day> ; This pm. ; This prime.
part early ; <early>(?=weekday) ; Early Thursday. ; Early bird.
part close ; by? <close>(?=near|on|weekday) ; By close on Friday. ; Close the door.
clock digital ; AT <t:clock|hm> (oclock|hours|h)? ZONE ; At 3pm. ; At 3.
clock digital ; (at|by|before|after|from|until|between) <t:hmd> ZONE ; By 9.30. ; For 9.30.
clock bare ; (?<!other)(?<!about)<t:hmd> BARE ; Tomorrow 9.30. ; Version 9.30.
clock digital ; AT <t:num|numeral|hmd> oclock <minute:num|ord>? ZONE ; Ten o'clock. ; Ten clocks.
clock digital ; AT <t:hm|hmd|num|numeral> dash? ish ZONE ; By 9.30ish. ; By 9.30.
clock digital ; AT <t:hhmm|year_number> hours ; At 1530 hrs. ; At 1530 m.
clock digital ; (at|by|before|about) <t:hhmm> BARE ; At 1400 tomorrow. ; At 1400 metres.
clock digital ; (at|by|before|until|about|from) <t:num> h ; Um 15 h. ; In 15 h.
clock digital ; (at|by|before|about) <t:num> sharp? <zone> ; At 10 ET. ; At 10 places.
clock digital ; (at|about|by|before|until) about? <t:num> BARE ; At 3 tomorrow. ; At 3 percent.
clock digital ; at <t:ord>(?=$) ; Morgen um 3. ; Morgen um 3. Uhr.
clock bare ; for about? <t:num> BARE ; Friday for 3. ; For 3 boxes.
clock digital ; (at|by|before|about|until) <t:numeral>(?=$|stop|comma|sharp|near|part|on|this|and|in the|weekday) ; At nine tomorrow. ; At nine places.
clock bare ; <t:num|clock>(?=(near|this|in the) part|(this|in the) part) ; 10 tomorrow morning. ; 10 good mornings.
clock spoken ; AT one? <share:half|quarter> minute? (<past>|<to>) <t:num|numeral|clock> ZONE ; Half past three. ; Half of three.
clock spoken ; (at|about|by|before|after|until){1,2} <share:num|numeral> minute? (<past>|<to>) <t:num|numeral|clock> ZONE ; At ten to five. ; Ten to five of them.
clock spoken ; AT <share:num|numeral> minute (<past>|<to>) <t:num|numeral|clock> ZONE ; 20 minutes to 2pm. ; 20 minutes to go.
clock spoken ; AT <share:num|numeral> <past> <t:num|numeral|clock> ZONE ; Ten past two. ; Ten to two.
clock spoken ; AT <share:quarterly> (<past:after>|<to:before>) <t:num|numeral|ord> ; Viertel vor vier. ; Viertel von vier.
clock spoken ; AT <share:half> <t:num|numeral>(?!other|UNIT) ; At half three. ; Half three boxes.
clock spoken ; AT <share:halb> <t:num|numeral|ord> ; Um halb vier. ; Um halbe vier.
clock told ; (NUMBER|<half:halves>) <unit:minute|hour|hours|h> <shift> ; An hour later. ; An hour or later.
clock told ; (at|about|by)? the? same (time|hour)(?!if) ; At the same time. ; At the same place.
clock range ; LEAD <from:num|clock|hm|hmd> oclock? RANGE at? <t:clock|hm> (oclock|hours|h)? ZONE ; 2-3pm. ; 2-3 pumps.
clock range ; LEAD <from:num|hm|hmd> oclock? RANGE at? <t:num|hmd> oclock ZONE ; 14 bis 15 Uhr. ; 14 bis 15 Stück.
clock range ; LEAD <from:num> RANGE <t:num> h ; Von 14 bis 15 h. ; Von 14 bis 15 m.
clock bare_range ; (from|between) <from:num|numeral|hm|hmd> RANGE <t:num|numeral|hmd|ord> BARE ; Between two and three. ; Between two and three metres.
clock range ; LEAD <from:hmd> RANGE <t:hmd> ZONE ; 9.30 to 10.15. ; 9.30, 10.15.
clock bare_range ; (?<!other)<from:num> (dash|to|until) <t:num> BARE ; Friday 2 to 3. ; Pages 2 to 3.
offset offset ; WITHIN COUNT (<orso>|<andhalf>)? time? OPEN ; Within 48 hours. ; Within 48 miles.
offset offset ; WITHIN <half:halves> <unit:hour|day> OPEN ; In half an hour. ; In half a mile.
offset offset ; within the? next? <unit:hour|day|week|month_unit> <orso>? OPEN ; Within the hour. ; Within the house.
offset offset ; in the next <unit:hour|day|week|month_unit> <orso>? OPEN ; In the next day or two. ; In the next room.
offset offset ; youhave (about|upto)? COUNT OPEN ; You have 48 hours. ; You have 48 boxes.
offset offset ; COUNT hence ; Two days from now. ; Two days from Monday.
offset offset ; the? (next|coming) COUNT((?<=day)|(?<=days)) ; The next three days. ; The next three boxes.
offset minutes ; in <n:num>(?=$|stop|comma) ; Be there in 20. ; In 20 boxes.
"""
_MACRO = re.compile(r"\b[A-Z]+\b")
_PIECE = re.compile(r"<(?:(?P<name>[a-z_]+):)?(?P<classes>[a-z_|]+)>|(?P<word>[a-z_]+)|(?P<group>\((?!\?))|\s+")
_GROUP = re.compile(r"\([^()]*\)(?:[?*]|\{\d+,\d+\})?")
_COMMON = frozenset("the of in on at by to and or for before after until this".split())


class Rule(NamedTuple):
    """How the tokens of a piece stand: its kind (day | part | clock | offset), what resolves it, its pattern and two examples."""

    kind: str
    name: str
    pattern: str
    fires: str
    fires_not: str


RULES = tuple(Rule(*line.partition(" ; ")[0].split(), *line.split(" ; ")[1:]) for line in _TABLE.strip().splitlines())
_CLASSES = """
about after after_next agreed and andhalf at before between by clear clock close comma coming cw dash day days dotted early end feast few
filler first_half for fortnight from go h halb half half_day halves hence hhmm hm hmd hour hours if in is ish iso late latest matter mid minute month
month_unit months near next nth num numeral oclock of on one open or ord orso other our over over_line overnext part past q quarter quarterly same sharp shift
shut slash stop the this time to until unto upto week weekday weeks weekend weekof within working year year_number youhave zone
"""
CLASSES = {name: chr(0x4E00 + number) for number, name in enumerate(_CLASSES.split())}  # a character stands for each


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern over the characters that stand for the classes of tokens."""
    return re.compile(_PIECE.sub(_translated, _expanded(pattern)))


def _expanded(pattern: str) -> str:
    while _MACRO.search(pattern):
        pattern = _MACRO.sub(lambda match: _MACROS[match.group()], pattern)
    return pattern


def _translated(match: re.Match[str]) -> str:
    if match["classes"]:
        classes = match["classes"]
        return f"(?P<{match['name'] or classes}>[{_characters(classes)}])"
    if match["word"]:
        return CLASSES[match["word"]]
    return "(?:" if match["group"] else ""


def _characters(classes: str) -> str:
    return "".join(CLASSES[name] for name in classes.split("|"))


@cache
def needed(pattern: str) -> tuple[frozenset[str], ...]:
    """Return sets of characters: without one of each, no sentence matches the pattern. They are of the tokens that are not optional."""
    flat, bare = "", _expanded(pattern)
    while flat != bare:  # what is in parentheses may be optional or an alternative
        flat, bare = bare, _GROUP.sub(" ", bare)
    tokens = [match["classes"] or match["word"] for match in _PIECE.finditer(flat) if match["classes"] or match["word"]]
    asked = [token for token in tokens if not re.search(rf"\b{re.escape(token)}>?[?{{]", flat)]
    return tuple(frozenset(_characters(token)) for token in asked if _COMMON.isdisjoint(token.split("|")))
