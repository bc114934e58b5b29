"""German words for times, Austrian and Swiss ones among them."""

from __future__ import annotations

import re

from daemon.reading.languages.time_words import TimeWords, hints_of, phrases_of

_DAYS = {"montag": 0, "dienstag": 1, "mittwoch": 2, "donnerstag": 3, "freitag": 4, "samstag": 5, "sonnabend": 5, "sonntag": 6}
_MONTHS = (
    ("januar", "jänner", "jaenner", "jan"),
    ("februar", "feber", "feb"),
    ("märz", "maerz", "mrz"),
    ("april", "apr"),
    ("mai",),
    ("juni", "jun"),
    ("juli", "jul"),
    ("august", "aug"),
    ("september", "sept", "sep"),
    ("oktober", "okt"),
    ("november", "nov"),
    ("dezember", "dez"),
)
_PARTS_OF_WEEKDAYS = (
    "vormittag",
    "nachmittag",
    "mittag",
    "morgen",
    "früh",
    "abend",
)  # written in one word with the weekday, or after it
_ENDINGS = ("", "n", "r", "m", "s")
_COMPOUNDS = "\n".join(
    (
        *(f"weekday {number}: {day}" for day, number in _DAYS.items()),
        *(f"= {day} _{part}: {day}{part}, {day} {part}" for day in _DAYS for part in _PARTS_OF_WEEKDAYS),
        *(f"month {number}: {', '.join(names)}" for number, names in enumerate(_MONTHS, 1)),
        *(f"= {name} woche: {name}woche" for names in _MONTHS for name in names),
        *(
            f"nth {number}: {', '.join(stem + ending for ending in _ENDINGS)}"
            for number, stem in ((1, "erste"), (2, "zweite"), (3, "dritte"), (4, "vierte"), (5, "fünfte"), (-1, "letzte"))
        ),
        *(
            f"{kind}: {', '.join(stem + ending for ending in _ENDINGS)}"
            for kind, stem in (
                ("next", "nächste"), ("next", "naechste"), ("next", "folgende"), ("next", "darauffolgende"), ("coming", "kommende"),
                ("overnext", "übernächste"), ("overnext", "uebernaechste"), ("this", "diese"), ("this", "laufende"),
            )
        ),
        *(
            f"= _werk tag: {', '.join(kind + tag for tag in ('tag', 'tage', 'tagen', 'tages', 'tags'))}"
            for kind in ("werk", "arbeits", "geschäfts", "büro")
        ),
    )
)  # fmt: skip
_TABLE = """
weekday 0: mo
weekday 1: di
weekday 2: mi
weekday 3: do
weekday 4: fr
near 0: heute, noch heute, heute noch, spätestens heute, im laufe von heute
near 1: morgen
near 2: übermorgen, uebermorgen
part morning: _morgen, _vormittag, _früh
part afternoon: _nachmittag
part noon: _mittag
part evening: _abend
= heute _morgen: heute morgen, heute früh, heute vormittag
= heute _abend: heute abend
= heute _mittag: heute mittag
= heute _nachmittag: heute nachmittag
part first_thing: gleich morgens, gleich früh, als erstes, gleich in der früh, _erstes
= morgen _erstes: gleich morgen früh
part morning: früh, vormittag, vormittags, am morgen, morgens
part noon: mittag, mittags
part afternoon: nachmittag, nachmittags
part evening: abend, abends
part end_of_day: feierabend, dienstschluss, büroschluss, geschäftsschluss, ende des tages, tagesende, im laufe des tages, im lauf des tages
part midnight: mitternacht, 24 uhr, 24:00 uhr
feast: karfreitag, ostern, ostermontag, pfingsten, pfingstmontag, heiligabend, weihnachten, silvester, neujahr
weekend: wochenende
early: anfang, beginn
mid: mitte
end: ende, im laufe, im lauf
late: schluss
= ende woche: wochenschluss
= mitte woche: wochenmitte
= ende monat: monatsende
= anfang monat: monatsanfang, monatsbeginn
= mitte monat: monatsmitte
= ende jahr: jahresende
= ende quartal: quartalsende
cw: kw, kalenderwoche
weekof: woche ab, woche ab dem
one 1: ein, eine, einer, einem, einen, eines
numeral 1: eins
numeral 1.5: anderthalb, eineinhalb
numeral 2: zwei, beiden
numeral 3: drei
numeral 4: vier
numeral 5: fünf, fuenf
numeral 6: sechs
numeral 7: sieben
numeral 8: acht
numeral 9: neun
numeral 10: zehn
numeral 11: elf
numeral 12: zwölf, zwoelf
numeral 14: vierzehn
numeral 15: fünfzehn
numeral 20: zwanzig
numeral 24: vierundzwanzig
numeral 30: dreißig, dreissig
numeral 48: achtundvierzig
numeral 60: sechzig
numeral 72: zweiundsiebzig
few 3: ein paar, wenigen, einigen
minute minute: minute, minuten, min
hour hour: stunde, stunden, std
h hour: h
day day: tag, tage, tagen, tages
week week: woche
weeks week: wochen
month_unit month: monat, monats
months month: monate, monaten
quarter quarter: quartal, quartals
year year: jahr, jahre, jahren, jahres
working: _werk
halves 0.5: einer halben, der nächsten halben
halb: halb
quarterly: viertel
oclock: uhr
the: der, die, das, den, dem, des
by: spätestens, allerspätestens, bis spätestens, spätestens bis, am oder vor, bis einschließlich, spätestens um, bis spätestens um
until: bis
before: vor, noch vor, kurz vor
after: nach
at: um
about: gegen, ca, circa, etwa, rund, so gegen, ungefähr
upto: höchstens, maximal, max
on: am
unto: zum, zur, bis zum, bis zu, bis zur
in: in, im
over: übers, über das, über
within: binnen, innerhalb, innerhalb von
from: ab, von
between: zwischen
and: und
or: oder
of: vom
if: wie
agreed: besprochen, vereinbart, abgesprochen, immer
latest: spätestens
sharp: pünktlich
our: unserer, unserem, ihrer, ihrem
filler: noch, bitte, erst, ihrer zeit, unserer zeit, ortszeit, deiner zeit, eurer zeit
go: so, aber, wenn, mit, ist, war, wird, wäre, wir, ich, sie, danke, schicken, senden, melden, liefern, anrufen, zurück, fertig, erledigt, haben, bei
"""
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
_PHRASES = phrases_of(_COMPOUNDS, _TABLE)

TIME_WORDS = TimeWords(
    phrases=_PHRASES,
    no_end=(
        re.compile(r"\b(?:nach|nicht vor|seit|ab)\s+(?:dem\s+)?$"),
        re.compile(r"\bnach\s+(?:der|dem|unserer|unserem|ihrer|ihrem)\s+(?:[\w-]+\s+){1,3}am\s+$"),
        re.compile(r"\b(?:tage?n?|wochen?|monate?n?|stunden?) (?:vor|nach)\s+(?:[\w-]+\s+){0,4}$"),
    ),
    no_end_after=(
        re.compile(r"\s+(?:jedes|eines jeden)\b"),
        re.compile(r"\s+(?:nach|vor)\s+(?:ostern|weihnachten|neujahr)\b"),
    ),
    never=(
        re.compile(r"\bjede[nrms]?\s+(?:zweiten\s+)?(?:(?:tag|woche|monat|morgen|abend|nacht|werktag)\s+)?$"),
        re.compile(r"\b(?:täglich|wöchentlich|monatlich|letzte[nrms]?|vergangene[nrms]?|vorige[nrms]?)\s+$"),
    ),
    past=(re.compile(r"\bwie\s+(?:[\w-]+\s+){0,2}$"), re.compile(r"\b(?:besprochen|vereinbart|telefoniert)\s+$")),
    dotted_days=True,
    feasts=_FEASTS,
    hints=hints_of(_PHRASES, ""),
)
