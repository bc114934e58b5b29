"""The words by which people propose a time, refuse one, or speak of times that propose nothing: English and German.

A line of the tables is a name and its words, each as it stands in a sentence in lower case in which TIME stands for each time; "*" is any
rest of a word, "+" one or more small words between.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_CUES = {
    "en": """
meet: call, calls, call you, call me, phone, ring, speak, talk, chat, meet, meeting, visit, zoom, teams, demo, coffee, brew, lunch, breakfast, catch up, catch-up, touch base, get together, sit down, discuss, come, drop, pop, swing, stop by, join, see you, see us, see me, see her, see him, conference, videocon*, telephone, review, convene, reconvene, attend, hop on, jump on, connect, dial in, walk, tour, standup, stand-up, receive, welcome, host, session, appointment, reschedule, shout, get hold of, reach, try again, stopping by
suits: TIME does, TIME do, work, works, suit, suits, fit, fits, fine, good, ok, okay, great, gr8, perfect, ideal, ideally, best, better, easier, easiest, possible, convenient, feasible, doable, agreeable, prefer, preferred, preferable, preferably, spot on, too late, too early, too soon, handy, acceptable, look, sound, sounds, any use
free: free, clear, available, availability, about TIME, around, gap, gaps, slot, slots, diary, calendar, reachable, contactable, window, in the office, in town, at my desk, at your desk, have time, some time, any time, got time, minutes, mins, min, half an hour, an hour, flexible, i'm open, we're open, am open, are open on my side, fixed
offers: suggest, propose, how about, what about, how's, how is, how are, how does, how would, shall, let's, lets, let us, say, maybe, perhaps, possibly, alternatively, otherwise, failing that, either, offer, pencil*, make it, could do, can do, could make, can make, would do, i could, we could, plan on, aim for, put + in, book, fancy, thinking, hoping, wondering, earliest, would you prefer, would you rather, when are you, when is, come over, any chance, best time, do TIME, make TIME, do + TIME, make + TIME, is there any chance, if i, if we
moves: move, push, shift, reschedule, postpone, bring + forward, change, delay, swap, put + back, put + forward, put + off
asks: can, could, would, will, may, might, should, shall, like to, love to, want to, happy to, keen to, good to, great to, grateful, please, pls, let's, lets, need to, why don't, r u, are you, do you, try, talk
refuses: can't, cant, cannot, can not, can no longer, couldn't, unable, won't, wont, will not, doesn't, doesnt, does not, don't, do not, didn't, isn't, is not, not, no longer, never, no good, no-go, busy, booked, tied up, away, traveling, travelling, on holiday, on leave, annual leave, vacation, out of office, out of the office, closed, clash*, out, is out, except, apart from, anything but, any day but, difficult, tricky, bank holiday, public holiday, national holiday, is bad, are bad, too full, too busy, unavailable, regret, crazy, hectic, blew up, cancel, unfortunately, afraid, other than, not before
asks_back: why don't, couldn't we, can't we, couldn't you, can't you, isn't it, wouldn't it
reports: met, came, spoke, talked, tried, called, rang, phoned, sent, wrote, received, reached us, arrived, delivered, left, said, agreed, discussed, mentioned, saw, was, were, had, did, happened, finished, missed, asked, placed, ordered, visited, confirmed, told, promised, started, further to, following up, thanks for, thank you for, as discussed, as agreed, standing, attached, scheduled, got your, got ur, got the, got to, we got, i got
regular: every, each week, each day, always, usually, normally, daily, weekly, opening hours, opening times, office hours, opens, closes, close at, we close, we open, open from, is open, hours are, working hours, mondays, tuesdays, wednesdays, thursdays, fridays, if there, if anything, if you have any, if you need, you open
matters: deliver*, dispatch*, ship, ships, shipped, shipping, shipment*, collect*, pickup, pick-up, pick up, install*, fitting, fitters, payment, pay, invoice*, launch*, order, orders, deadline, arrive*, starts, start, ends, due, ready, eta, pallet*, lorry, truck, driver, courier, samples, quote, price, prices, valid, figures, signed, sign, submit*, register*, revert, get back to me, webinar, tender, board, meets, trade fair, the show, lands, flight, train, carrier, audit, dentist, boss, send, certificate*, documents, contract, artwork, leave, meeting w, board meeting, drawings, report, slides, list, details, copy, feedback, decision, auditors are
that_time: does that, do that, would that, will that, could that, might that, is that, does this, would this, is this, does it, would it, will it, do those, do these, would either, do they, can you make that, can you do that
yours: your time, your local time, your clock
same: same time, same hour, same slot
goes_on: or, otherwise, alternatively, if not, failing that, also, and, then, ideally, preferably
listed: times, slots, options, dates, following, availability, possibilities, alternatives, works
narrows: say, for example, for instance, ideally, preferably
agreed: as agreed, as discussed, as planned, as arranged, as confirmed
unless: if i, if we, if you, if he, if she
""",
    "de": """
meet: telefon*, anruf*, anzurufen, rückruf*, zurückruf*, rufe*, ruf, ruft, sprechen, treffen, treffe*, besuch*, besprech*, termin, termine, gespräch*, besprechungstermin, videocall, vorbei*, kommen, komme, kommst, kommt, zusammensetzen, austausch*, rundgang, besichtig*, begrüßen, begrüssen, sehen, kaffee, mittagessen, sitzung, meeting, hören, skypen, zusammenkommen, melden, teilnehmen, dabei
suits: zu früh, zu spät, zu kurzfristig, passt, passen, passend, passe, ginge, gingen, geht, gehen, klappt, klappen, recht, möglich, denkbar, machbar, günstig, lieb, lieber, liebsten, in ordnung, gut, besser, besten, angenehm, schon
free: frei, verfügbar, zeit, luft, lücke, erreichbar, zu erreichen, erreichen, minuten, stunde, viertelstunde, stündchen, im büro, im haus, flexibel
offers: vorschl*, schlage, schlagen, vorschlag, wie wäre*, wie wär, wie sieht*, wie steht*, was halten, was hältst, sagen wir, machen wir, nehmen wir, bieten, biete, anbieten, könnte ich, ich könnte, könnten wir, wir könnten, entweder, alternativ, notfalls, ersatzweise, stattdessen, lass uns, lassen sie uns, wann hätten, wann haben, lässt sich, ließe sich, liesse sich, können wir, sollen wir, sollten wir, wollen wir, dürfen wir
moves: verschieb*, verschoben, schieben, verleg*, vorzieh*, vorverleg*, umleg*
asks: können, könnten, kann, könnte, kannst, könntest, könnt, dürfen, dürften, darf, dürfte, würden, würde, möchte*, bitte, soll*, wollen, wollt, gern, gerne, lass*, rufen sie, ruf, kommen sie, doch
refuses: nicht, nimmer, nie, kein, keine, keinen, schlecht, schwierig, verhindert, urlaub, ferien, geschlossen, ausgebucht, ausser haus, außer haus, ausserhalb, unterwegs, belegt, feiertag, absagen, knapp, messe, schulung, außer, ausser, leider
reports: hatte, hatten, war, waren, wurde, wurden, kam, kamen, gesagt, besprochen, getroffen, gesprochen, telefoniert, vereinbart, erhalten, bekommen, geliefert, geschickt, gesendet, angerufen, versucht, zugesagt, ausgemacht, seit, bleibt, bleibt bestehen, steht, wie besprochen, wie vereinbart, danke für, dank für
regular: jeden, jede, jeder, immer, täglich, wöchentlich, öffnungszeiten, bürozeiten, geöffnet, offen, sprechzeiten, üblicherweise, normalerweise, montags, dienstags, mittwochs, donnerstags, freitags, besetzt, hotline, bei fragen, bei rückfragen
matters: liefer*, versand*, verschick*, abhol*, montage*, montier*, aufbau*, installation*, zahlung*, rechnung*, bestell*, fertig*, frist*, spedition*, lkw, ankunft, eintreffen, anlieferung*, ware, waren, warenannahme, muster, schicken, senden, zusenden, übersendung, gültig, offerte, findet, stattfindet, stattfinden, beginnt, gesellschafterversammlung, hauptversammlung, zahlen, brauchen, angebot, unterlagen, esse, flug, zug, anlage, zeichnung*, bericht*, liste, protokoll*, antwort*, rückmeldung, entscheidung, vertrag*, preis*, entwurf, dokument*, euro
that_time: passt das, passt es, ginge das, geht das, klappt das, wäre das, ist das, passt ihnen das, passt dir das, passt ihnen eine*, passt das ihnen, können sie das, kannst du das
yours: ihrer zeit, deiner zeit, eurer zeit, ihrer ortszeit
same: gleiche zeit, gleichen zeit, selbe zeit, selben zeit, gleiche uhrzeit
goes_on: oder, sonst, ansonsten, alternativ, notfalls, andernfalls, auch, und, am liebsten, am besten
listed: folgende*, termine, möglichkeiten, zeiten, vorschläge, alternativen
narrows: etwa, z.b., z. b., zum beispiel, am besten, am liebsten
asks_back: können wir nicht, könnten wir nicht, wollen wir nicht
agreed: wie besprochen, wie vereinbart, wie abgemacht, wie geplant
unless: wenn ich, wenn wir, falls ich, falls wir, ob ich, ob wir
""",
}
_SMALL = """
beside: either, any, anytime, each, both, also, only, starting, jeweils, je, entweder, den, dem, der, die, bei, noch, etwa, wieder, hour, time
before: say, how, what, but, but, aber, do, make, it, is, does, would, either, maybe, perhaps, to, auf, for, so, sagen, machen, wir, ist, wäre, ginge, passt, geht, auch, manage, prefer, zu, till
after: works, work, suits, suit, fits, fit, is, would, wld, could, be, on, at, or, and, if, that, please, instead, today, tomorrow, my, your, our, for, fine, good, best, better, ok, okay, possible, sound, sounds, look, any, too, to, till, until, do, does, doesn't, won't, wouldn't, isn't, then, with, in, from, as, but, so, than, this, onwards, later, i, we, you, by, via, and, i'm
after: und, oder, statt, heute, morgen, passen, passt, gehen, geht, klappen, klappt, möglich, recht, gut, besser, bei, ihnen, dir, hätte, hätten, haben, habe, würde, wäre, wären, ich, kann, könnte, könnten, am, schon, nicht, auch, bis, aber, vorbei, telefonieren, erst, frei, ab, zeit, kurz, sein, für, leider, wir, sie, du, mit, in, zu, noch
verbs: works, work, suits, would, wld, does, doesn't, won't, doesnt, wont, is, passt, geht, ginge, wäre, klappt
days: the, on, by, sat, sun, der, den, dem, am, zum, vom
few: hour, entweder, your time, my time, our time, around, about, each, both, e.g, for example, for instance, all, all day, whole, day, or, and, either, on, at, instead, maybe, perhaps, then, any, time, between, also, just, say, please, jeweils, ihrer zeit, gegen, gerne, gern, z, b, zum beispiel, etwa, ganze*, den ganzen tag, tag, oder, und, entweder, am, um, also, uhr, h, bitte, vielleicht, ja, yes, the, dann, hours
"""


def _listed(table: str) -> Mapping[str, str]:
    """Return the words of each name, with those of its other lines."""
    words: dict[str, str] = {}
    for line in table.strip().splitlines():
        name, _, listed = line.partition(": ")
        words[name] = f"{words[name]}, {listed}" if name in words else listed
    return words


def compiled(words: str) -> re.Pattern[str]:
    """Return a pattern that finds any of the words where it stands by itself."""
    written = (re.escape(word).replace(r"\*", r"\w*").replace(r"\ \+\ ", r"(?: \w+){0,3} ") for word in words.split(", "))
    return re.compile(rf"(?<![\w-])(?:{'|'.join(written)})(?![\w'])")


CUES: Mapping[str, Mapping[str, re.Pattern[str]]] = {
    code: {name: compiled(words) for name, words in _listed(table).items()} for code, table in _CUES.items()
}
SMALL_WORDS = {name: frozenset(words.split(", ")) for name, words in _listed(_SMALL).items()}
FEW = compiled(_listed(_SMALL)["few"])
# How long it will take: minutes or hours in digits, with the minutes that one is, or in words.
LENGTHS = (
    (re.compile(r"(?<![\d.:])(\d{1,3})[ -]?(?:min(?:ute)?s?|minuten|minütig\w*)\b"), 1),
    (re.compile(r"(?<![\d.:])(\d)[ -]?(?:hours?|hrs?|stunden?|std)\b"), 60),
)
HALF_HOUR = re.compile(r"\bhalf an hour|half[- ]hour|halbe stunde|halbes stündchen")
HOUR = re.compile(r"\b(?:an|one) hour|\beine (?!halbe)(?:gute )?stunde")
