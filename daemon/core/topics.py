"""Topics: the words that say what a text is about, so that an answer can be matched with what was asked.

Words are compared as sets of stems; nothing depends on their order or on grammar.
"""

from __future__ import annotations

import re
from functools import lru_cache

from connectors.calendar import Event
from daemon.core import messages
from daemon.glossary.timelines import Entry, Timeline

_STOP = frozenset(
    re.findall(
        r"\w+",
        "news chase chasing follow following reminder waiting wondering quick "
        "a able about after again all also am an and any are as ask asked at attached back be because been before best but by call called can could day did do "
        "does done end for from get give go going good got great had has have he hear hello help her here hi him his hope how i if in "
        "into is it its just kind know last let like ll look make many may me meet meeting message might monday morning much my need "
        "new next no not note now of off on once one only or other our out over please phone question re regards reply right "
        "said see send sent shall she should so some soon speak sure take talk thank thanks that the their them then there these "
        "they thing this those thursday time to today tomorrow tuesday up update us ve very via want was we wednesday week weekend well were "
        "what when where which while who why will wish with work would yes yesterday you your friday saturday sunday afternoon evening "
        "aber als am auch auf aus bei bitte bis da danke dann das dass dem den der des die dies ein eine einen einer er es euch "
        "frage für ganz gern gerne gruß grüße guten haben hallo hat herr ich ihnen ihr ihre im ist ja kann können mal mehr mein melde "
        "mich mir mit morgen nach nicht noch nur oder schon sehr sein sich sie sind so tag über um und uns von vor war was wenn "
        "wie wieder wir wird woche zu zum zur anruf "
        "alle alles also anbei bekommen bekommt bereits besten damit dazu deine deinen dich diese diesen dieser dieses dir direkt doch dort "
        "eben eure freundlichen früh ganze geehrte geehrter gehen geht gerade gestern gesendet gleich grad habe hast heute hier "
        "hinaus ihm ihn ihnen ihrem ihren ihrer immer jetzt kannst komme kommen kommt konnte lieber liebe machen macht meine meinen "
        "melden muss nochmal raus schicke schicken sende senden sobald soll sollen sollte sollten sowie spätestens später trotzdem unser "
        "unsere unserem unseren vielen vorab weiter welche welcher wenig werde werden wollen wollte würde "
        "january february march april june july august september october november december januar februar märz juni juli oktober dezember",
    )
)
_COURTESIES = frozenset("am aw cc eh fw fy hi im ll no ok on or pa pm ps re ta tx vs wg xx zb".split())
_ROLES = re.compile(
    r"\b(?:info|services?|orders?|sales|support|office|accounts?|invoices?|billing|contact|admin|team|purchasing|reception)@"
)
_SHORTEST = 4  # letters that remain of a word without its ending
_ENDINGS = ("ing", "ed", "es", "en", "s", "e", "y", "i")
_COMPOUND = 5  # letters from which a word is looked for in another
_WORD = re.compile(r"[^\W\d_]{3,}|\d{3,}")
_ABBREVIATION = re.compile(
    r"(?<![^\W\d_])[A-Z]{2}(?![^\W\d_])"
)  # PO, AB, DN50: what short capitals stand for is a matter of its own


@lru_cache(maxsize=2048)  # texts of whole mails, with their words: ten KB each
def words(text: str) -> frozenset[str]:
    """Return the words that say what a text is about: stems of three letters or more, abbreviations in capitals, and numbers.

    Function words, courtesies, and the names of days and months are none.
    """
    text = text[:4000]
    short = () if text.isupper() else (w.lower() for w in _ABBREVIATION.findall(text))
    full = (stem(w) for w in _WORD.findall(text.lower()) if w not in _STOP)
    return frozenset((*full, *(w for w in short if w not in _STOP and w not in _COURTESIES)))


@lru_cache(maxsize=32768)
def stem(word: str) -> str:
    """Return a word in lower case without its endings, so that price, prices and pricing meet; numbers stay as they are."""
    if not word.isalpha():
        return word
    while ending := next((e for e in _ENDINGS if word.endswith(e) and len(word) - len(e) >= _SHORTEST), ""):
        word = word.removesuffix(ending)  # a loop: a word made to hurt has thousands of them
    return word[:-1] if len(word) > _SHORTEST and word[-1] == word[-2] else word


def shared(said: frozenset[str], meant: frozenset[str]) -> frozenset[str]:
    """Return the words of `meant` that were said, as they are or in a compound: the certificates of "calibration certificates"."""
    whole = said & meant
    long = [word for word in said if len(word) >= _COMPOUND]
    parts = (word for word in meant - whole if len(word) >= _COMPOUND)
    return whole | {word for word in parts if any(word in other or other in word for other in long)}


def common_names(timeline: Timeline) -> frozenset[str]:
    """Return the words that stand in every mail between the two; having only these in common means nothing."""
    account, client = timeline.account, timeline.client
    people = {f"{a.email} {a.name}" for e in timeline.entries for a in (e.message.sender, *e.message.to[:5])}
    both = words(" ".join((account.name, client.name, *client.domains)))
    return both.union(*(words(_ROLES.sub("", person).replace("@", " ")) for person in people))


def message_words(entry: Entry) -> frozenset[str]:
    """Return the words of a message: subject, new text and the names of what is attached."""
    return (
        words(entry.message.subject)
        | words(entry.reading.new_text)
        | words(" ".join(d.name for d in messages.documents(entry.message)))
    )


def event_words(event: Event) -> frozenset[str]:
    """Return the words of an event's title and notes."""
    return words(event.summary) | words(event.description)
