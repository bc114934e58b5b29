"""English words for times, British and American, with the spelling of phones and haste."""

from __future__ import annotations

from daemon.reading.languages.time_words import TimeWords, patterns, phrases_of, telling_of

_DAYS_AND_MONTHS = """
weekday 0+: monday/mon/monady/mondy, tuesday/tue/tues/teusday/tuesdy, wednesday/wed/weds/wensday/wednesdy/wendesday, thursday/thu/thur/thurs/thrusday/thursdy/thirsday, friday/fri/firday/fridy, saturday/saturdy, sunday/sundy
month 1+: january/jan, february/feb/febuary, march/mar, april/apr, may, june/jun, july/jul, august/aug, september/sep/sept, october/oct, november/nov, december/dec
near 0+: today/tday, tomorrow/tmrw/tmw/tomorow/tommorow/tommorrow/tmr/tomoz/tomorro/tommorro/2moro/2morrow/2mrw, day after tomorrow/day after next
feast 12-25: christmas, xmas
feast 12-24: christmas eve
feast 12-26: boxing day
feast 1-1: new year, new year's
feast 12-31: new year's eve
feast 0: easter, easter sunday
feast -2: good friday
feast 1: easter monday
feast 50: whit monday
weekend: weekend, wkend, week end, wknd
= end+of week: eow, week's end
= end+of month: eom, month end, month's end
= end+of year: eoy, year end, year's end
= end+of quarter: quarter end, quarter's end, eoq
= overnext week: week after next
= mid week: midweek
q 1+: q1, q2, q3, q4
cw: calendar week, cw
weekof: week commencing, week beginning, week starting, wc, w/c, w/o, w/b
"""
_NUMBERS = """
one 1: a, an
numeral 1+: one, two/couple/couple of/a couple/a couple of, three, four, five, six, seven, eight, nine, ten, eleven, twelve/a dozen, thirteen, fourteen, fifteen, sixteen, seventeen, eighteen, nineteen, twenty
numeral 24+: twenty four, twenty five
numeral 30: thirty
numeral 36: thirty six
numeral 40: forty
numeral 45: forty five
numeral 48: forty eight
numeral 50: fifty
numeral 60: sixty
numeral 72: seventy two
numeral 90: ninety
few 3+: a few/few, several
nth 1+: first, second, third, fourth, fifth
nth -1: last, final, very last
minute: minutes, minute, mins, min
hour: hour, hr
hours: hours, hrs
day: day
days: days
week: week, wk
weeks: weeks, wks
fortnight: fortnight, fortnights
month_unit: month
quarter: quarter, quarters
year: years, year, yrs
half_day a: am, a.m, a.m.
half_day p: pm, p.m, p.m.
halves 0.5: half a, half an
oclock: o'clock, oclock, o clock
"""
_PARTS = """
part first_thing: first thing, first thing in the morning, early in the day
part early_morning: early morning, early in the morning, early in morning
part morning: morning, mornings
part noon: noon, midday, mid day, 12 noon, before lunch, before lunchtime, noonish, middayish
part lunch: lunch, lunchtime, lunchtimeish
part after_lunch: after lunch
part afternoon: afternoon, arvo, aft
part end_of_day: end of day, end of the day, end of business, end of the business day, end of business day, end of play, close of day, close of the day
part end_of_day: close of business, close of play, close of the business day, end of the working day, end of working day, last thing, tonight's close
part end_of_day: eod, cob, c.o.b, c.o.b., eob, cop
part evening: evening
part night: tonight, at night, night, nite, tonite, 2nite, tonigt
part late_night: late tonight, late at night
part midnight: midnight
"""
_SMALL = """
itself: h, months, half, past, ish, close, the, coming, overnext, at, on, in, within, for, from, between, to, and, or, of
our: our, my, your
this: this, current, later this
next: next, following, first available, next available
shift 1: later, thereafter, after that
shift -1: earlier, before that
same: same
= late next: later next
= same time: same slot, same times
early: early, early in, early part of, early in the, beginning of, start of, first part of, first days of
mid: mid, middle of
late: late, late in, later in, latter part of, back end of, back of, second half of
first_half: first half of
end: end of, rest of
by: by, no later than, not later than, on or before, before or on, by or before, by or on, as late as, latest by, due, w/e, week ending
before: before, ahead of, prior to, in advance of, in time for
after: after, following on
until: until, till, til
about: about, around, approximately, approx, roughly, circa
upto: under, less than, at most, max, maximum, up to, another, no more than, only, just
over: over, during
youhave: you have, you've, you have got, you've got
if: if, like, as
agreed: agreed, discussed, arranged, planned, promised, usual, possible, convenient, ok, okay
working: business, working, office
= working day: work day
= working days: work days
= working day after+next: working day after next, business day after next
after_next: after next
hence: hence, from now, from today
orso: or two, or so
andhalf: and a half
clear: clear, full
time: time, time's
latest: at the latest, latest, at the very latest
sharp: sharp, prompt, promptly, precisely, exactly, on the dot, dot
matter: regarding, concerning, re, with, wrt
filler: sometime, some time, please, again, instead, rather, then, this coming
filler: your time, our time, my time, local time, your local time, our local time, her time, his time, their time
go: so, but, when, with, is, was, will, would, work, works, via, we, i, you, thanks, unless, because, since, though, where, which, i'll, we'll
other: easter holidays, easter holiday, easter break, christmas holidays, christmas break, christmas party, christmas shutdown
other: in the new year, may be, may have, may not, may need, may want, may take, may well, may also, may we, may i, may you
"""
_PHRASES = phrases_of(_DAYS_AND_MONTHS, _NUMBERS, _PARTS, _SMALL)
_TELLING = telling_of(_PHRASES)

TIME_WORDS = TimeWords(
    phrases=_PHRASES,
    no_end=patterns(
        r"\b(?:after|not before|not until|since|as of|as from|from)\s+(?:the\s+)?$|\bnot\s+$",
        r"\bafter\s+(?:the|our|my|your|their|this|that)\s+(?!weekend|lunch|holiday|break)(?:[\w'&-]+\s+){1,6}on\s+(?:the\s+)?$",
        r"\b(?:days?|weeks?|months?|hours?) (?:before|after|prior to|ahead of|from)\s+(?:[\w'&-]+\s+){0,4}$",
    ),
    no_end_after=patterns(
        r"\s+(?:of|in)\s+(?:each|every|any)\b", r"\s+(?:after|before|following)\s+(?:easter|christmas|new year)"
    ),
    never=patterns(
        r"\b(?:every|each)\s+(?:other\s+|second\s+)?(?:(?:day|week|month|morning|evening|night|working day|business day|weekday)\s+)?$",
        r"\b(?:daily|weekly|monthly|last|past|previous|yesterday\'?s?)\s+$",
    ),
    past=patterns(
        r"\b(?:discussed|agreed|said|mentioned|spoke|talked|met|asked|wrote|called|sent|received|saw|heard|requested|had|was|were)"
        r"(?:\s+(?:about|for|me|you|us|it|on|to|earlier|in|the)){0,3}\s+$"
    ),
    month_first=True,
    am_and_pm=True,
    telling=_TELLING,
    hints=_TELLING.union("at by before around about start end".split()),
)
