"""Whom a mail speaks to: the user, somebody else by name, everybody on a list, or nobody in particular.

A mail without the user among its recipients came by blind copy or by a list (RFC 5322, 3.6.3); it asks the user only where it
names them. A group of the user's own company is a letter box: what comes by it is asked of everybody there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from daemon.reading import person_signs, subjects
from daemon.reading.values import Act, ReaderInput

MAX_RECIPIENTS = 5  # a mail to more is a broadcast
_LIST_ADDRESS = re.compile(
    r"(?:^|[.@_-])(?:all|list|lists|team|everyone|everybody|staff|employees|members|undisclosed|group|groups)(?:[.@_-]|$)|@(?:yahoo|e|google)groups?\.",
    re.IGNORECASE,
)
_START = 200  # characters in which a mail says whom it addresses
_NAME = r"[^\W\d_]{2,30}"
_GREETED = (
    r"(?:(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|morning|hallo|liebe[rs]?|guten (?:tag|morgen|abend)|moin|servus|grüezi|"
    r"sehr geehrte[rs]?|bonjour|bonsoir|salut|chère?|hola|buen(?:os|as) (?:días|tardes)|estimad[oa]|querid[oa]|ciao|buongiorno|car[oa]|gentile|"
    r"hoi|beste|geachte|goedemorgen|goedemiddag|olá|bom dia|prezad[oa]|hej|hei|kære|kära|cześć|dzień dobry|witaj)\s+)?"
    r"(?:(?:mr|mrs|ms|miss|dr|prof|frau|herr|herrn|madame|monsieur|mme|señora?|sr|sra|signora?|mevrouw|meneer|fru|pan|pani)\.?\s+)?"
)
# "Jane," "Hi Jane and Lee –" "Jane:" and "Jane" on a line of its own
_ADDRESSED = re.compile(
    rf"\s*@?{_GREETED}(?P<names>{_NAME}(?:\s{_NAME})?(?:\s*(?:,|/|&|and|und|et|y|e|en|og|och)\s*{_NAME}){{0,3}})\s*(?:[,:;!–—-]|\n|$)",
    re.IGNORECASE,
)
_CALLED = re.compile(rf"(?:^|[,;:.!?\n–—-]\s{{0,3}})@?(?P<name>{_NAME})(?=\s{{0,3}}(?:[,;:!?\n–—-]|$))")
_WORDS = re.compile(r"[^\W\d_]+")
_AND = frozenset({"and", "und", "et", "en", "og", "och"})
_NO_NAMES = frozenset(
    "hi hello hey thanks thank morning afternoon evening all both team folks sir madam sirs there everyone everybody guys friends please sorry "
    "yes no ok okay well hallo guten liebe danke alle zusammen team damen herren kollegen ja nein bitte bonjour merci oui non tous hola gracias "
    "ciao grazie beste hoi dank dear good any just also quick update reminder question note fyi regards best cheers however meanwhile "
    "today tomorrow yesterday monday tuesday wednesday thursday friday saturday sunday first second finally next then further btw ps".split()
)
_TO_ANYBODY = re.compile(
    r"^\W*(?:dear|hello|hi|hey|liebe[rs]?|sehr geehrte[rs]?|hallo|chère?s?|estimad[oa]s?|gentil[ei]|beste|geachte)?\s*(?:\w+\s){0,2}"
    r"(?:customers?|clients?|members?|subscribers?|readers?|alumn(?:i|us|ae|a)|friends|investors?|shareholders?|partners|neighbou?rs|parents|homeowners?|"
    r"colleagues|classmates|supporters?|donors?|guests?|valued \w+|kund(?:en|innen|e|in)|mitglieder|leser(?:innen)?|abonnenten|geschäftspartner|freunde|aktionäre|"
    r"client[es]s?|abonnés|adhérents|membres|socios|suscriptores|clienti|soci|klanten|leden|kunder|medlemmer|medlemmar|klienci)\b\W*(?:[,:!\n]|$)",
    re.IGNORECASE,
)
# Signs of an advert, each with words in lower case of which one is in whatever its pattern finds.
_ADVERTISES = tuple(
    (tuple(words.split("|")), re.compile(pattern, re.IGNORECASE))
    for words, pattern in (
        (
            "toll|gebührenfrei|numéro vert",
            r"\btoll[- ]free\b|\bgebührenfrei\b|\bnuméro vert\b",
        ),
        (
            "offer|savings|sale|deal|angebot|aktionspreis|offre|oferta|aanbieding",
            r"\b(?:special|exclusive|limited[- ]time|introductory|holiday|spring|summer|autumn|winter) (?:offers?|savings|sale|deals?)\b|\bsonderangebot|\baktionspreis|\boffre spéciale|\boferta especial|\bofferta speciale|\baanbieding\b",
        ),
        (
            " now| today| online|jetzt |commandez|compre |ordina |bestel ",
            r"\b(?:order|buy|book|shop|register|sign up|subscribe|enrol|act|call|enquire|reserve your \w+) (?:yours )?(?:now|today|online)\b|\bjetzt (?:bestellen|kaufen|sichern|anmelden|buchen)|\bcommandez|\bcompre ahora|\bordina ora|\bbestel nu\b",
        ),
        (
            "save |%|sparen ",
            r"\bsave (?:up to |over )?[$€£]?\d+|\b\d{1,3} ?% (?:off|discount|rabatt|savings|de réduction|de descuento|di sconto|korting)|\bsparen sie\b",
        ),
        (
            "free |kostenlos|gratuit|gratis",
            r"\bfree (?:trial|shipping|delivery|gift|copy|sample|consultation|quote|report)\b|\bkostenlos\w*|\bgratuit|\bgratis\b",
        ),
        (
            "click |klick|cliquez|haga |clicca",
            r"\bclick (?:here|below|the link)\b|\bhier klicken|\bklicken sie\b|\bcliquez\b|\bhaga clic|\bclicca qui|\bklik hier",
        ),
        (
            "visit |besuchen |visitez|visite ",
            r"\bvisit (?:us at|our (?:new |online )?(?:web ?site|showroom|booth|stand|store|page|shop))|\bbesuchen sie (?:uns|unser)|\bvisitez\b|\bvisite nuestr",
        ),
        (
            "stock|supplies|quantities|vorrat|money|obligation|unverbindlich",
            r"\b(?:while|as long as) (?:stocks?|supplies|quantities) last|\bsolange (?:der )?vorrat|\bmoney[- ]back\b|\bno obligation\b|\bunverbindlich",
        ),
        (
            "unsubscribe|opt out|opt-out|remove|abmelden|désabonner|darse |afmelden",
            r"\b(?:unsubscribe|opt[- ]out|remove(?:d)? from (?:our|this|the) (?:mailing )?list)\b|\babmelden\b|\bse désabonner|\bdarse de baja|\bafmelden\b",
        ),
    )
)
_TWICE = 2  # signs of an advert that make one
_ADVERT = 16 * 1024  # characters in which they are looked for


def bypasses(message: ReaderInput, text: str) -> str:
    """Return why a received mail is not addressed to the user, "" where it is: on copy, on blind copy, to others, or to anybody."""
    if message.direction != "received" or not message.user:
        return ""
    if message.to and set(message.user) & {*message.to}:
        return "" if person_signs.greets(message, text) else _for_anybody(message, text)
    if set(message.user) & {*message.cc}:
        return "the user is only on copy"
    if person_signs.greets(message, text):
        return ""
    if not message.to and not message.cc:
        return "it names none of its recipients"
    if not any(_is_letter_box(message, address) for address in (*message.to, *message.cc)):
        return "the user is not among its recipients"
    return _for_anybody(message, text)


def _is_letter_box(message: ReaderInput, address: str) -> bool:
    """Tell whether mail to an address is for the user too: a group of the user's own company, or an alias that spells their name."""
    local, _, domain = address.rpartition("@")
    own = any(domain == mine or domain.endswith(f".{mine}") for mine in message.own_domains)
    return own or not person_signs.user_names(message).isdisjoint(word.lower() for word in _WORDS.findall(local))


def _for_anybody(message: ReaderInput, text: str) -> str:
    """Return why a mail addresses nobody in particular, "" where it may speak to the user: a circular, an advert."""
    if subjects.is_reply(message.subject):
        return ""
    if _TO_ANYBODY.match(text[:_START]):
        return "it greets customers, members or the like"
    if person_signs.signed(message, text):  # most mail, and quick to tell
        return ""
    advert = text[:_ADVERT]
    low = advert.lower()
    signs = sum(any(word in low for word in words) and sign.search(advert) is not None for words, sign in _ADVERTISES)
    return "it advertises" if signs >= _TWICE else ""


def is_broadcast(message: ReaderInput) -> bool:
    """Tell whether the mail goes to many recipients, to a list of another company, or to its own sender and others on blind copy."""
    if len(message.to) + len(message.cc) > MAX_RECIPIENTS:
        return True
    own = tuple(f"{mark}{domain}" for domain in message.own_domains for mark in "@.")
    if any(_LIST_ADDRESS.search(a) and not (own and a.endswith(own)) for a in message.to[:3]):
        return True
    return message.direction == "received" and message.to == (message.sender,)


def came_by_letter_box(message: ReaderInput) -> bool:
    """Tell whether it came by a group of the user's own company, whose "all" and "team" are its readers."""
    readers = (*message.to, *message.cc)
    return set(message.user).isdisjoint(readers) and any(_is_letter_box(message, address) for address in readers)


def calls_user(message: ReaderInput, words: str) -> bool:
    """Tell whether words call the user by name: "Dana, can you", "can you, Dana?", but not "can you ask Dana"."""
    called = (match["name"].lower() for match in _CALLED.finditer(words[:2000]))
    return not person_signs.user_names(message).isdisjoint(called)


def addresses_somebody_else(message: ReaderInput, text: str) -> bool:
    """Tell whether a mail to several begins with names of which none is the user's: "Lee, could you …", "Jane" on its own line."""
    if message.direction != "received" or len(message.to) + len(message.cc) < 2:
        return False
    if not message.addressee_names and not message.user:
        return False
    greeting = _ADDRESSED.match(text[:_START])
    return greeting is not None and _are_others(message, greeting["names"], alone=greeting.group().endswith("\n"))


def asked_of_others(message: ReaderInput, act: Act) -> bool:
    """Tell whether a request begins with the name of another recipient: "Jane, can you send the drawings?"."""
    if message.direction != "received" or len(message.to) + len(message.cc) < 2:
        return False
    match = _ADDRESSED.match(act.quote[:_START])
    return match is not None and _are_others(message, match["names"], alone=True)


def _are_others(message: ReaderInput, words: str, *, alone: bool) -> bool:
    """Tell whether words are names of others, not of the user. Where they stand `alone`, only those of other recipients count."""
    names = [word for word in _WORDS.findall(words) if word.lower() not in _AND]
    others = _other_names(message)
    if not names or any(_is_no_name(word, others) for word in names):
        return False
    said = {word.lower() for word in names}
    if any(_is_short_for(name, mine) for name in said for mine in person_signs.user_names(message)):
        return False
    return not said.isdisjoint(others) or (not alone and bool(message.addressee_names))


def _is_no_name(word: str, others: frozenset[str]) -> bool:
    """Tell whether a word can be nobody's name here: names have a capital, unless they are another recipient's."""
    return word.lower() in _NO_NAMES or (not word[0].isupper() and word.lower() not in others)


def _is_short_for(name: str, mine: str) -> bool:
    """Tell whether one name is the other or its short form: Dan for Dana, Jeff for Jeffrey."""
    return name == mine or (min(len(name), len(mine)) >= 3 and (mine.startswith(name) or name.startswith(mine)))


def _other_names(message: ReaderInput) -> frozenset[str]:
    """Return the names of the other recipients, in lower case: their display names and the parts of their addresses."""
    others = [a.partition("@")[0] for a in (*message.to, *message.cc) if a not in message.user]
    texts: Sequence[str] = (*others, *message.recipient_names)
    return frozenset(w.lower() for text in texts for w in _WORDS.findall(text[:200]) if len(w) > 1)
