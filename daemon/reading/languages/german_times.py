"""German words for times, Austrian and Swiss ones among them."""

from __future__ import annotations

from daemon.reading.languages.time_words import TimeWords, patterns, phrases_of, telling_of

_DAYS = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
_MONTHS = "januar/jänner/jaenner/jan februar/feber/feb märz/maerz/mrz april/apr mai juni/jun juli/jul august/aug september/sept/sep oktober/okt november/nov dezember/dez"
_PARTS_OF_WEEKDAYS = (
    "vormittag",
    "nachmittag",
    "mittag",
    "morgen",
    "früh",
    "abend",
)  # written in one word with the weekday, or after it
_ADJECTIVES = """
nth 1: erste
nth 2: zweite
nth 3: dritte
nth 4: vierte
nth 5: fünfte
nth -1: letzte
next: nächste, naechste, folgende, darauffolgende
coming: kommende
overnext: übernächste, uebernaechste
same: gleiche, selbe, dieselbe, derselbe
this: diese, laufende
"""
_COMPOUNDS = (
    f"weekday 0+: {', '.join(_DAYS)}",
    f"month 1+: {', '.join(_MONTHS.split())}",
    *(f"= {day} _{part}: {day}{part}, {day} {part}" for day in _DAYS for part in _PARTS_OF_WEEKDAYS),
    *(f"= {name} woche: {name}woche" for name in _MONTHS.replace("/", " ").split()),
    *(
        f"{head}: {', '.join(stem + ending for stem in stems.split(', ') for ending in ('', 'n', 'r', 'm', 's'))}"
        for head, _, stems in (line.partition(": ") for line in _ADJECTIVES.split("\n")[1:-1])
    ),
    f"= _werk tag: {', '.join(f'{kind}tag{ending}' for kind in ('werk', 'arbeits', 'geschäfts', 'büro') for ending in ('', 'e', 'en', 'es', 's'))}",
)
_TABLE = """
weekday 0+: mo, di, mi, do, fr, sonnabend
near 0+: heute/noch heute/heute noch/spätestens heute/im laufe von heute, morgen, übermorgen/uebermorgen
part morning: _morgen, _vormittag, _früh, früh, vormittag, vormittags, am morgen, morgens
part after_lunch: nach dem mittagessen, nach der mittagspause
part lunch: mittagessen, zum mittagessen, zum lunch
part noon: _mittag, mittag, mittags
part afternoon: _nachmittag, nachmittag, nachmittags
part evening: _abend, abend, abends
= heute _morgen: heute morgen, heute früh, heute vormittag
= heute _abend: heute abend
= heute _mittag: heute mittag
= heute _nachmittag: heute nachmittag
part first_thing: gleich morgens, gleich früh, als erstes, gleich in der früh, _erstes
= morgen _erstes: gleich morgen früh
part end_of_day: feierabend, dienstschluss, büroschluss, geschäftsschluss, ende des tages, tagesende, im laufe des tages, im lauf des tages
part midnight: mitternacht, 24 uhr, 24:00 uhr
feast -2: karfreitag
feast 0: ostern
feast 1: ostermontag
feast 49: pfingsten
feast 50: pfingstmontag
feast 12-24: heiligabend
feast 12-25: weihnachten
feast 12-31: silvester
feast 1-1: neujahr
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
numeral 1+: eins, zwei/beiden, drei, vier, fünf/fuenf, sechs, sieben, acht, neun, zehn, elf, zwölf/zwoelf, dreizehn, vierzehn, fünfzehn, sechzehn, siebzehn, achtzehn, neunzehn, zwanzig
numeral 1.5: anderthalb, eineinhalb
numeral 24: vierundzwanzig
numeral 30: dreißig, dreissig
numeral 48: achtundvierzig
numeral 60: sechzig
numeral 72: zweiundsiebzig
few 3: ein paar, wenigen, einigen
minute: minute, minuten, min
hour: stunde
hours: stunden, std
shift 1: später, darauf, danach
shift -1: früher, davor, zuvor
= tag: tags
time: zeit, uhrzeit
day: tag, tages
days: tage, tagen
week: woche
weeks: wochen
month_unit: monat, monats
months: monate, monaten
quarter: quartal, quartals
year: jahr, jahre, jahren, jahres
working: _werk
halves 0.5: einer halben, der nächsten halben, eine halbe
itself: h
halb -30: halb
halb -15: dreiviertel
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
matter: wegen, bezüglich, zwecks
filler: noch, bitte, erst, ihrer zeit, unserer zeit, ortszeit, deiner zeit, eurer zeit
go: so, aber, wenn, mit, ist, war, wird, wäre, wir, ich, sie, danke, schicken, senden, melden, liefern, anrufen, zurück, fertig, erledigt, haben, bei
"""
_PHRASES = phrases_of(*_COMPOUNDS, _TABLE)
_TELLING = telling_of(_PHRASES)

TIME_WORDS = TimeWords(
    phrases=_PHRASES,
    no_end=patterns(
        r"\b(?:nach|nicht vor|seit|ab)\s+(?:dem\s+)?$|\bnicht\s+$",
        r"\bnach\s+(?:der|dem|unserer|unserem|ihrer|ihrem)\s+(?:[\w-]+\s+){1,3}am\s+$",
        r"\b(?:tage?n?|wochen?|monate?n?|stunden?) (?:vor|nach)\s+(?:[\w-]+\s+){0,4}$",
    ),
    no_end_after=patterns(r"\s+(?:jedes|eines jeden)\b", r"\s+(?:nach|vor)\s+(?:ostern|weihnachten|neujahr)\b"),
    never=patterns(
        r"\bjede[nrms]?\s+(?:zweiten\s+)?(?:(?:tag|woche|monat|morgen|abend|nacht|werktag)\s+)?$",
        r"\b(?:täglich|wöchentlich|monatlich|letzte[nrms]?|vergangene[nrms]?|vorige[nrms]?)\s+$",
    ),
    past=patterns(r"\bwie\s+(?:[\w-]+\s+){0,2}$", r"\b(?:besprochen|vereinbart|telefoniert)\s+$"),
    dotted_days=True,
    telling=_TELLING,
    hints=_TELLING,
)
