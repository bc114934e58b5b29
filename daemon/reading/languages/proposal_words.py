"""The words by which people propose a time, refuse one, or speak of times that propose nothing: English and German.

A line of the tables is a name and its words, each as it stands in a sentence in lower case in which TIME stands for each time; "*" is any
rest of a word, "+" up to five words between, "#" a number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_CUES = {
    "en": """
meet: a call, a + call, call TIME, call you, call me, call us, call at, i call, we call, calls, phone, ring, speak, talk, chat, meet, a meeting, a + meeting, set up + meeting, our next meeting, meetings, meeting you, visit, zoom, teams, a demo, a + demo, coffee, brew, lunch, breakfast, catch up, catch-up, catchup, catch you, touch base, get together, sit down, discuss
meet: come over, come by, come round, come in, come along, come and, come to see, come to us, come to you, come to our, come to your, come down, come up, you come, i come, we come, could + come, can + come, drop in, drop by, pop in, pop over, pop by, pop round, swing by, stop by, stopping by, stop in
present: in the office, at my desk, at your desk, at his desk, at her desk, in town, in your area, in your neck
meet: in the office, at my desk, at your desk, join, see you, see us, see me, see her, see him, see them, squeeze + in, fit + in, slot + in, you be here, you be there, you be on site, a + conference, conference call, video*, telephone, a review, a + review, convene, reconvene, attend, hop on, jump on, connect, dial in, walk, tour, our + standup, our + stand-up, receive our, welcome you, host you, a session, a + session, an appointment, give + shout, get hold of, reach you, reach me, try again, if i called, if i rang, if i came, if i popped, if we met, if we started, if we spoke
suits: TIME does, TIME do, works, both work, all work, either work, does + TIME + work, do + TIME + work, would + TIME + work, will + TIME + work, could + TIME + work, might + TIME + work, make + TIME + work, that work, what would work, TIME work, work for me, work for us, work for you, work better, work best, suit, suits, fits, fit you, fit me, fit us, prefer, preferable, agreeable, doable, feasible, spot on, how + look, how + sound, any use
spare: free, available
good: workable, grand, lovely, brilliant, super, wonderful, too late, too early, too soon, fine, good, ok, okay, great, gr8, perfect, ideal, best, better, easier, easiest, possible, convenient, preferred, handy, acceptable
free: windows, openings, TIME open, i'm free, i am free, am free, we're free, are free, you free, u free, be free, he's free, she's free, i have TIME free, wide open, open all day, i've got TIME, i have got TIME, we've got TIME, clear TIME, clear for me, clear for us, all clear, TIME slot, i'm clear, am clear, i'm available, am available, we're available, are available, you available, we + be available, i + be available, you + be available, he's available, she's available, availability, be around, is + around, you around, i'm around, am around, u around, about TIME ?, a gap, gap TIME, gaps, a slot, a + slot, any slots, slots, your diary, your calendar, diary look*, diary for, reachable, have time, find time, find a time, any time, got time, # minutes, # minute, # mins, # min, few minutes, five minutes, ten minutes, fifteen minutes, twenty minutes, thirty minutes, half an hour, an hour, flexible, i'm open, we're open, am open, are open on my side, you fixed, good TIME, good for TIME
offers: have to be TIME, has to be TIME, first choice, our choice, my choice, lock in, let's lock, any chance of TIME, could do a, could see you, can see you, could meet you, can meet you, could be with you, can be with you, could be at yours, alternative, another option, is the one, would be the one, either of, happy with, suggest, propose, have the call, have our call, hold the call, do the call, we set + up, us set + up, something in, how about, what about, how's TIME, how is TIME, how's the TIME, how is the TIME, how are the TIME, how does TIME, how would TIME, shall we, shall i, say TIME, say on TIME, maybe TIME, maybe on TIME, maybe at TIME, maybe the TIME, perhaps TIME, perhaps on TIME, perhaps the TIME, perhaps at TIME, possibly TIME, ideally, preferably, alternatively, failing that, either TIME, either on TIME, offer you, can offer, pencil*, can we make it, could we make it, can you make it, could you make it, let's make it, shall we make it, make it TIME ?, do TIME, do on TIME, make TIME, make it on TIME, you doing TIME, you doing anything TIME, you up to TIME, i could TIME, we could TIME, i could do, we could do, i could make, i could manage, i could offer, i can do, we can do, i can make, plan on TIME, plan on next TIME, aim for, put + in for, book in, fancy, thinking TIME, thinking of TIME, thinking about TIME, thinking maybe, would you prefer, would you rather, when are you
moves: move, push, shift, reschedule, postpone, bring + forward, change the time, change the date, change it to, change our, swap, put + back, put + forward, put + off
asks: any chance, i could, we could, i can, we can, can you, could you, would you, will you, can u, could u, can we, could we, may we, might we, can i, could i, may i, might i, shall we, shall i, should we, should i, can he, can she, can they, could he, could she, could they, could your, can your, would your, would + be, like to, love to, want to, happy to, keen to, good to, great to, delighted to, pleased to, glad to, grateful, please, pls, let's, lets, let us, we need to, why don't, hoping to, hoping we, wondering, was hoping, opportunity, i shall be able, permits, if you
refuses: neither, nor, can't, cant, cannot, can not, can no longer, couldn't, unable, won't, wont, will not, wouldn't, doesn't, doesnt, does not, don't, dont, do not, didn't, isn't, is not, not, no longer, never, no good, no-go, no can do, busy, booked, tied up, away, traveling, travelling, on holiday, on leave, annual leave, vacation, out of office, out of the office, closed, clash*, out, full, taken, except, apart from, anything but, any day but, difficult, tricky, bank holiday, public holiday, national holiday, bad, too full, too busy, unavailable, regret, crazy, hectic, blew up, cancel, unfortunately, other than, no use
asks_back: why not, why don't, couldn't we, can't we, couldn't you, can't you, isn't it, wouldn't it
reports: you suggest, took, lasted, met, came, spoke, talked, tried, called, rang, phoned, sent, wrote, received, reached us, arrived, delivered, left our, left the, left a, left you, i left, has left, have left, said, agreed, discussed, mentioned, saw, was, were, had, did, happened, finished, missed, asked, placed, ordered, visited, confirmed, told, promised, started, got your, got ur, got the, got to, we got, i got, has been, have been, will be held, being held, takes place, taking place, will be in town, to be held, to be TIME, thank you to, thanks to, do you know, you know, know where, they say, he says, she says, he say, she say, good to meet, great to meet, nice to meet, lovely to meet, good to see, great to see, nice to see, good meeting, great meeting, forgot, further to, following up, thanks for, thank you for, standing, attached, enclosed, scheduled, heading to, going to, published, issued, as of
existing: in my diary, in the diary, in my calendar, the meeting TIME, the meeting on TIME, the meeting at TIME, our meeting TIME, our meeting on TIME, our meeting at TIME, the call TIME, the call on TIME, our call TIME, our call on TIME, our call at TIME, your visit TIME, your visit on TIME, our appointment TIME, our appointment on TIME, agenda for, for the meeting, to the meeting, for our meeting, to our meeting, at the meeting, for the call, for our call, prior to, before our, TIME 's + meeting, TIME 's meeting, TIME 's call, TIME 's visit, TIME 's session, meeting with, looking forward, look forward, will be meeting, is confirmed, stands, still on for
regular: as agreed, as planned, as arranged, as confirmed, every, each week, each day, each morning, each monday, each friday, always, usually, normally, daily, weekly, opening hours, opening times, office hours, opens, closes, close at, we close, we open, you open, open from, is open, hours are, working hours, mondays, tuesdays, wednesdays, thursdays, fridays, if there, if anything, if you have any, if you need
matters: availability of, night shift, shift, run, deliver*, dispatch*, ship, ships, shipped, shipping, shipment*, collect*, pickup, pick-up, pick up, install*, fitting, fitters, payment, pay, paid, invoice*, credit note, launch*, order, orders, deadline, arrive*, starts, you start, to start, start production, start work, ends, due, ready, eta, pallet*, lorry, truck, driver, courier, samples, quote, offer on, the offer, your offer, quotation, proposal, price, prices, rate, valid, figures, signed, sign, submit*, register*, revert, get back, come back, got back, webinar, tender, board, meets, trade fair, the show, lands, flight, train, carrier, numbers, dentist, boss, send, sending, certificate*, documents, drawings, report, reports, slides, list, details, copy, feedback, decision, contract, artwork, leave, meeting w, board meeting, best wishes, happy new, have a great, have a good, have a nice, have a lovely, now available, available for, load, loads, parts, boxes, goods, reply, respond, answer, email me, confirm delivery, work has, work is, data, get this, get the, get it, forward this, forward the, please forward, demo unit, pick + up, will do, i'll do, i will do, we'll do, we will do, the works, done, job
that_time: please choose, choose, please pick, pick, would you like to, will you, would you care to, can you, could you, does that, do that, would that, will that, could that, might that, is that, does this, would this, is this, does it, would it, will it, do those, do these, would either, do they, can you make that, can you do that, which one, which of, which would, which day, which time, which suits, which is, what time, what suits, what works, what would suit, any of those, any of these, any good
manages: choose, pick, can you make, can you do, do you want, would you like, do you prefer, come, join, join us, meet him, meet her, meet them, see him, see her
yours: your time, your local time, your clock
same: same time, same hour, same slot, usual time, normal time, regular time, usual slot
goes_on: or, otherwise, alternatively, if not, failing that, also, and, then, ideally, preferably
promises: i will call you, i'll call you, i shall call you, will ring you, i'll ring you, i shall ring you, shall telephone you, will telephone you, will phone you, i'll phone you, give you a ring, give you a call, give you a shout, dial you, will ring TIME, will call TIME, i'll ring TIME, i'll call TIME
listed: times, slots, options, dates, following, availability, possibilities, alternatives, works
unless: would be, be good, be great, if i, if we, if you, if he, if she, was thinking, were thinking, was wondering, was hoping
beside: i, me, us, you, him, her, it, we, your, my, our, for, still, slightly, much, really, very, though, whichever, some, than, more, most, that, this, would, be, also, only, quite, with, both, if, any, here
links: is, are, 's, be, would, wld, could, if, both, either
""",
    "de": """
meet: telefon*, anruf*, anzurufen, rückruf*, zurückruf*, rufen, rufe, rufst, ruf, ruft, sprechen, treffen, treffe, besuch*, besprech*, termin, terminvorschlag, gespräch*, videocall, vorbei, vorbeikommen, vorbeischauen, vorbeizukommen, kommen sie, sie + kommen, zu uns, zu ihnen, kommst du, komme ich, ich komme, wir kommen, zusammensetzen, austausch*, rundgang, besichtig*, begrüßen, begrüssen, sehen wir uns, uns sehen, kaffee, mittagessen, meeting, hören, skypen, zusammenkommen, melden sie sich, melde dich, teilnehmen, dabei, quatschen, plaudern, abstimmen, austauschen, videokonferenz, im büro, teams, zoom, vor ort, bei uns + sein, bei uns + zu sein
present: im büro, am platz, im haus, am schreibtisch, da
suits: passt, passen, passend, passe, ginge, gingen, TIME geht, geht auch, geht bei, klappt, klappen, liebsten, zu früh, zu spät, zu kurzfristig, TIME schon, angenehm
spare: geht, gehen, geht es, geht's, frei, verfügbar, erreichbar
good: prima, wunderbar, super, recht, möglich, okay, ok, denkbar, machbar, günstig, lieb, lieber, in ordnung, gut, besser, besten, ideal, perfekt
free: hätten + frei, hätte + frei, haben + frei, für sie da, für dich da, für euch da, ich + frei, bin + frei, wir + frei, du + frei, sie + frei, ich + verfügbar, bin + verfügbar, sie + verfügbar, wir + verfügbar, ich + erreichbar, bin + erreichbar, wir + erreichbar, sie + erreichbar, du + erreichbar, zu erreichen, sie erreichen, zeit, luft, lücke, minuten, stunde, viertelstunde, stündchen, termin frei, zeitfenster, flexibel
offers: anzubieten, einrichten, spricht etwas gegen, spricht was gegen, vorschlag, terminvorschlag, vorschlagen, vorzuschlagen, schlage, schlagen, wie wär*, wie sieht*, wie steht*, was halten, was hältst, sagen wir, machen wir TIME, nehmen wir TIME, bieten, biete, anbieten, könnte ich, ich könnte, könnten wir, wir könnten, können wir, sollen wir, sollten wir, wollen wir, lässt sich, ließe sich, liesse sich, entweder, alternativ, notfalls, ersatzweise, stattdessen, lass uns, lassen sie uns, wann hätten, wann haben, am besten
moves: verschieb*, verschoben, schieben, verleg*, vorzieh*, vorverleg*, umleg*
asks: können, könnten, kann, könnte, kannst, könntest, könnt, dürfen, dürften, darf, dürfte, würden, würde, ich möchte, wir möchten, möchte ich, möchten wir, möchten sie, möchtest du, bitte, sollen wir, sollten wir, soll ich, wollen, wollt, gern, gerne, lass, lassen sie, lasst, dürfen wir, rufen sie, ruf mich, ruf uns, ruf doch, rufst du, kommen sie, doch, falls sie, wenn sie
refuses: weder, nicht, nimmer, nie, kein, keine, keinen, schlecht, schwierig, verhindert, urlaub, ferien, geschlossen, ausgebucht, ausser haus, außer haus, ausserhalb, unterwegs, belegt, feiertag, absagen, knapp, messe, schulung, außer, ausser, leider
asks_back: warum nicht, können wir nicht, könnten wir nicht, wollen wir nicht
reports: bezugnehmend, bezug nehmend, hatte, hatten, war, waren, wurde, wurden, worden, kam, kamen, gesagt, besprochen, getroffen, gesprochen, telefoniert, vereinbart, erhalten, bekommen, geliefert, geschickt, gesendet, angerufen, versucht, zugesagt, ausgemacht, seit, bleibt, danke für, dank für, anbei, angekommen
existing: steht, unser jour fixe, unser termin am TIME, unseren termin am TIME, der termin am TIME, unser treffen am TIME, unser gespräch am TIME, treffen uns am TIME, sehen uns am TIME, freue mich auf, freuen uns auf, wir freuen uns, zum termin, für den termin, bestätigt, bestätige, bestätigen
regular: wie besprochen, wie vereinbart, wie abgemacht, wie geplant, jeden, jede, jeder, immer, täglich, wöchentlich, öffnungszeiten, bürozeiten, geöffnet, offen, sprechzeiten, üblicherweise, normalerweise, montags, dienstags, mittwochs, donnerstags, freitags, besetzt, hotline, bei fragen, bei rückfragen
matters: anzusehen, anzuschauen, zu prüfen, zu lesen, wenns geht, wenn's geht, wenn es geht, liefer*, versand*, verschick*, abhol*, montage*, montier*, aufbau*, installation*, zahlung*, rechnung*, bestell*, fertig*, frist*, spedition*, lkw, ankunft, eintreffen, anlieferung*, ware, waren, warenannahme, muster, schicken, senden, zusenden, übersendung, gültig, offerte, findet, stattfindet, stattfinden, beginnt, gesellschafterversammlung, hauptversammlung, zahlen, brauchen, angebot, unterlagen, esse, flug, zug, anlage, zeichnung*, bericht*, liste, protokoll*, antwort*, rückmeldung, entscheidung, vertrag*, preis*, entwurf, dokument*, euro, wie geht, geht um, geht es um, ging um, techniker, monteur*, überweis*, schönen, schönes, raus, hinaus, nummer, post, teile, paket*, palette*
that_time: bitte wählen, wählen sie, suchen sie sich, möchten sie, wollen sie, möchtest du, willst du, können sie, passt das, passt es, ginge das, geht das, klappt das, wäre das, ist das, passt ihnen das, passt dir das, passt ihnen eine*, passt das ihnen, können sie das, kannst du das, was passt, welcher, welche, welches, was wäre
manages: wählen, aussuchen, können sie das, kannst du das, einrichten, vorbeikommen, vorbeischauen, dabei sein, dazukommen, kommen
yours: ihrer zeit, deiner zeit, eurer zeit, ihrer ortszeit
same: übliche zeit, üblichen zeit, gleiche zeit, gleichen zeit, selbe zeit, selben zeit, gleiche uhrzeit
goes_on: oder, sonst, ansonsten, alternativ, notfalls, andernfalls, auch, und, am liebsten, am besten
promises: ich rufe sie, rufe ich sie, ich rufe dich, rufe ich dich, wir rufen sie, rufen wir sie, ich rufe TIME an, rufe ich TIME an, melde ich mich, ich melde mich, melden wir uns, wir melden uns, ruft sie
listed: folgende*, termine, möglichkeiten, zeiten, vorschläge, alternativen
unless: wenn ich, wenn wir, falls ich, falls wir, ob ich, ob wir
beside: ich, mir, uns, ihnen, dir, euch, es, für, würde, wäre, noch, auch, sehr, ganz, eher, bei, das, am, sie, mich, da, ginge, mit
links: ist, sind, wäre, wären, würde, würden, sei, sollte
""",
}
_SMALL = """
beside: either, any, anytime, each, both, also, only, starting, jeweils, je, entweder, den, dem, der, die, bei, noch, etwa, wieder, hour, time
before: say, how, what, but, aber, do, make, it, is, does, would, either, maybe, perhaps, to, auf, so, sagen, machen, wir, ist, wäre, ginge, passt, geht, auch, prefer, zu, till
after: open, works, work, suits, suit, fits, fit, is, would, wld, could, be, on, at, or, and, if, that, please, instead, today, tomorrow, my, your, our, for, fine, good, best, better, ok, okay, possible, sound, sounds, look, any, too, to, till, until, do, does, doesn't, won't, wouldn't, isn't, then, with, in, from, as, but, so, than, this, onwards, later, i, we, you, by, via, i'm
after: zur, zum, sprechen, treffen, sehen, besprechen, bin, sind, ist, erreichbar, frei, verfügbar, und, oder, statt, heute, morgen, passen, passt, gehen, geht, klappen, klappt, möglich, recht, gut, besser, bei, ihnen, dir, hätte, hätten, haben, habe, würde, wäre, wären, ich, kann, könnte, könnten, am, schon, nicht, auch, bis, aber, vorbei, telefonieren, erst, ab, zeit, kurz, sein, für, leider, wir, sie, du, mit, zu, noch
counted: deg, degc, degf, bar, psi, rpm, volt, volts, watt, watts, percent, per, cent, prozent, euro, euros, pounds, pence, dollars, p, each, units, unit, pieces, stück, boxes, pallets, paletten, degrees, grad, mph, km, mm, cm, kg, street, road, lane, avenue, hours, hour, days, weeks, minutes, mins, min
verbs: works, suits, would, wld, does, doesn't, won't, doesnt, wont, passt, geht, ginge, wäre, klappt
days: the, on, by, sat, sun, der, den, dem, am, zum, vom
few: wieder, erst, danach, again, afterwards, auch, eher, so, hour, until, till, from, after, before, to, between, bis, ab, von, vor, nach, je, noch, den, dem, der, die, in, entweder, your time, my time, our time, around, about, each, both, e.g, for example, for instance, all, all day, whole, day, or, and, either, on, at, instead, maybe, perhaps, then, any, time, also, just, say, please, jeweils, ihrer zeit, gegen, gerne, gern, z, b, zum beispiel, etwa, ganze*, den ganzen tag, tag, oder, und, am, um, uhr, h, bitte, vielleicht, ja, yes, the, dann, hours, for, für, im, zur, zum, as well, too, ebenfalls, per, option, variante
"""


_SIGNS = {" + ": r"(?:[ ,]+[\w'/]+){0,5}[ ,]+", "*": r"\w*", "#": r"\d+"}


def _listed(table: str) -> Mapping[str, str]:
    """Return the words of each name, with those of its other lines."""
    words: dict[str, str] = {}
    for line in table.strip().splitlines():
        name, _, listed = line.partition(": ")
        words[name] = f"{words[name]}, {listed}" if name in words else listed
    return words


def compiled(words: str) -> re.Pattern[str]:
    """Return a pattern that finds any of the words where it stands by itself."""
    written = "|".join(map(re.escape, words.split(", ")))
    for sign, meaning in _SIGNS.items():
        written = written.replace(re.escape(sign), meaning)
    return re.compile(rf"(?<![\w-])(?:{written})(?![\w'])")


CUE_WORDS = {code: _listed(table) for code, table in _CUES.items()}
CUES: Mapping[str, Mapping[str, re.Pattern[str]]] = {
    code: {name: compiled(words) for name, words in listed.items()} for code, listed in CUE_WORDS.items()
}
SMALL_WORDS = {name: frozenset(words.split(", ")) for name, words in _listed(_SMALL).items()}
FEW = compiled(_listed(_SMALL)["few"])
# How long it will take: minutes or hours in digits, with the minutes that one is, or in words.
_LENGTHS = (
    (re.compile(r"(?<![\d.:])(\d{1,3})[ -]?(?:min(?:ute)?s?|minuten|minütig\w*)\b"), 1),
    (re.compile(r"(?<![\d.:])(\d)[ -]?(?:hours?|hrs?|stunden?|std)\b"), 60),
)
_HALF_HOUR = re.compile(r"\bhalf an hour|half[- ]hour|halbe stunde|halbes stündchen")
_HOUR = re.compile(r"\b(?:an|one) hour|\beine (?!halbe)(?:gute )?stunde")


def minutes_named(text: str) -> int:
    """Return how long it will take, in minutes, where that is said; 0 where it is not."""
    for pattern, minutes in _LENGTHS:
        found = pattern.search(text)
        if found:
            return min(int(found[1]) * minutes, 8 * 60)
    return 30 if _HALF_HOUR.search(text) else 60 if _HOUR.search(text) else 0
