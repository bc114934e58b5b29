"""The greeting: how the user greets a person or a group, as their sent mail shows; else a sensible one by name.

A greeting is only taken from mail to the same person, or to the same group. One that belongs to a time of day ("Good morning") is
replaced by its neighbour that always fits. Who never greets somebody is not made to.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from daemon.letters import phrases

_LATEST = 6  # mails that show a habit
_FEWEST = 3  # mails without a greeting that show that there is none
_LONGEST = 80  # characters
_TITLE = r"(?i:dr|prof|mr|mrs|ms|miss|dipl|ing)\b\.?(?:[ -]?(?i:ing|dr|med|rer|nat|phil|h\.c)\b\.?)*"
_OPENER = (
    r"(?i:hi there|hello there|hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|morning|afternoon|evening|greetings|"
    r"sehr geehrte[rs]?|liebe[rs]?|hallo|guten (?:tag|morgen|abend)|moin(?: moin)?|servus|grüß (?:gott|dich|euch)|grüezi|werte[rs]?)"
)
_NAME = r"[^\W\d_a-zà-ÿ][\w'’]*(?:-[\w'’]+)*(?:(?<=\b[^\W\d_])\.)?"
_WORD = (
    rf"(?:{_TITLE}|{_NAME}|(?i:all|both|team|everyone|everybody|folks|there|colleagues|zusammen|beide|alle|kolleg\w+)\b|"
    r"(?:and|und|&|an|ihr|von|van|de|der|den|del|di|la|le|zu)(?=[ ]))"
)
_SALUTATION = re.compile(
    rf"(?P<opener>{_OPENER})(?P<name>[ ]+[^\W\d_]{{2,}}(?=[,!])|(?:[ ]+{_WORD}){{0,6}})[ ]*(?P<mark>,|!|:|;|\.(?=\s|$)|[–-]{{1,2}}(?=\s)|$|\n)",
)
_NAME_ALONE = re.compile(r"(?P<name>[^\W\d_a-zà-ÿ][\w'’]*(?:[ -][^\W\d_a-zà-ÿ][\w'’]*){0,2})[ ]*(?:,|:|[–-]{1,2}(?=\s)|$|\n)")
_GROUP = re.compile(
    r"\b(?:all|both|team|everyone|everybody|folks|colleagues|zusammen|beide|alle|ihr|damen und herren|kolleg\w+|ladies|gentlemen)\b|"
    r"\w (?:and|und|&) \w",
    re.IGNORECASE,
)
_ANY_GROUP = re.compile(r"\b(?:all|team|everyone|everybody|folks|zusammen|alle)\b", re.IGNORECASE)
_ALWAYS = {"good morning": "Hello", "good afternoon": "Hello", "good evening": "Hello", "good day": "Hello", "morning": "Hi"} | {
    "afternoon": "Hi", "evening": "Hi", "guten morgen": "Guten Tag", "guten abend": "Guten Tag"
}  # fmt: skip
_GENERAL = {"hi", "hello", "dear", "hallo"}
_FORMAL = ("dear", "sehr geehrte", "guten tag", "werte")
_FAMILIAR = re.compile(r"\b(?:[Dd]u|[Dd]ir|[Dd]ich|[Dd]ein\w{0,2}|[Ee]uch|[Ee]uer|[Ee]ure\w?)\b|\b\w{2,}t ihr\b")
_POLITE = re.compile(r"(?<![.!?:\n] )(?<!^)\b(?:Sie|Ihnen|Ihr(?:e[nmrs]?)?)\b|\b(?:können|könnten|haben|würden|sind) Sie\b")


@dataclass(frozen=True, slots=True)
class Greeting:
    """A greeting as it stands at the top of a mail: how it opens, whom it names, and all of it on one line."""

    opener: str  # in lower case; "" where it is only a name
    name: str
    text: str

    @property
    def is_to_group(self) -> bool:
        """Whether it speaks to several people."""
        return _GROUP.search(self.name or self.text) is not None


@dataclass(frozen=True, slots=True)
class Greeted:
    """One mail that the user sent: its text, the addresses it went to, and whether it was in the thread of the draft."""

    text: str
    to: frozenset[str]
    same_thread: bool = False


def read(text: str) -> Greeting | None:
    """Return the greeting with which a text begins; None where it begins with something else."""
    start = text.lstrip()[:300]
    greetings: list[re.Match[str]] = []
    at = 0
    while found := _SALUTATION.match(start, at):
        greetings.append(found)
        at = found.end()
        while at < len(start) and start[at] == " ":
            at += 1
        if found["mark"] != ",":
            break
    if not greetings:
        alone = _NAME_ALONE.match(start)
        return Greeting("", alone["name"], f"{alone['name']},") if alone else None
    words = [_always(found) for found in greetings]
    mark = greetings[-1]["mark"].strip()
    text = ", ".join(words) + ("!" if mark == "!" else "" if not mark and "\n" in start[:_LONGEST] else ",")
    if len(text) > _LONGEST:
        return None
    name = " and ".join(found["name"].strip() for found in greetings if found["name"].strip())
    return Greeting(greetings[0]["opener"].lower(), name, phrases.clean(text))


def _always(found: re.Match[str]) -> str:
    """Return a greeting without its mark, and for any time of the day."""
    opener = _ALWAYS.get(found["opener"].lower(), found["opener"])
    return f"{opener} {found['name'].strip()}".strip()


def habit(sent: Sequence[Greeted], contact: str, name: str, group: frozenset[str]) -> str | None:
    """Return how the user greets whom the draft goes to, "" where they do not greet them; None where their mail does not tell.

    `sent` are their mails to that person, latest first; `group` are the addresses at the client that the draft goes to.
    """
    if len(group) > 1:
        found = _to_group(sent, group)
        if found is not None:
            return found
    alone = [mail for mail in sent if mail.to == {contact}] or [mail for mail in sent if contact in mail.to]
    greetings = [read(mail.text) for mail in alone[:_LATEST]]
    known = _names(name)
    usable = [g.text for g in greetings if g is not None and not g.is_to_group and _is_for(g, known, greetings)]
    greets = usable or any(g is not None and g.opener for g in greetings)
    if usable:
        counted = Counter(usable)
        return max(dict.fromkeys(usable), key=lambda text: counted[text])  # of equals the latest
    return "" if len(greetings) >= _FEWEST and not greets else None


def _to_group(sent: Iterable[Greeted], group: frozenset[str]) -> str | None:
    """Return the latest greeting to just these people, or one in the thread that fits any number."""
    for mail in sent:
        greeting = read(mail.text)
        if greeting is None or not (greeting.is_to_group or not greeting.name):
            continue
        if mail.to == group or (mail.same_thread and _ANY_GROUP.search(greeting.text)):
            return greeting.text
    return None


def _names(name: str) -> frozenset[str]:
    return frozenset(word.lower() for word in re.findall(r"[^\W\d_]{2,}", name))


def _is_for(greeting: Greeting, known: frozenset[str], others: Sequence[Greeting | None]) -> bool:
    """Whether a greeting names the person, by their name or by one that the user calls them again and again; or names nobody."""
    named = _names(re.sub(_TITLE, " ", greeting.name)) - {"herr", "frau", "there"}
    if not named:
        return True
    if not greeting.opener:
        return named <= known
    again = sum(other is not None and other.name == greeting.name for other in others) > 1
    return bool(named & known) or again


def default(language: str, name: str, texts: Sequence[str], own: Iterable[str] = (), user: str = "") -> str:
    """Return a greeting for somebody whom the user has not written to.

    `texts` are mails of that person, latest first, which may show a title and how close the two are; `own` are mails of the user's in
    the language, latest first, which show how they open. `user` is the user's name.
    """
    first, titled = phrases.first_name(name), _title(name, texts)
    if language == "de":
        if first and (is_familiar(texts) or _by_first_name(texts, user)):
            return f"Hallo {first},"
        return f"Guten Tag {titled or phrases.cut(name, 60)}," if first else "Guten Tag,"
    if titled:
        return f"Dear {titled.replace('.', '')},"
    return f"{_opener(texts, own)} {first}," if first else "Hello,"


def _opener(texts: Iterable[str], own: Iterable[str]) -> str:
    """Return how to open in English: as the user mostly does, but no closer and no stiffer than the other one writes."""
    openers = Counter(g.opener for text in own if (g := read(text)) is not None and g.opener in _GENERAL and g.name)
    usual = openers.most_common(1)[0][0].capitalize() if openers else "Hello"
    theirs = next((g.opener for text in texts if (g := read(text)) is not None), "")
    if theirs == "dear":
        return "Dear"
    return "Hi" if usual == "Dear" and theirs in ("hi", "hey", "hi there", "morning") else usual


def _by_first_name(texts: Iterable[str], user: str) -> bool:
    """Whether somebody calls the user by the first name."""
    first = next(iter(user.split()), "").casefold()
    greeted = (g.name.casefold().split() for text in texts if (g := read(text)) is not None)
    return first != "" and any(first in words and not {"frau", "herr"} & set(words) for words in greeted)


def is_formal(greeting: str) -> bool:
    """Whether a greeting keeps a distance, or names nobody."""
    return greeting.lower().startswith(_FORMAL) or greeting == "Hello,"


def is_familiar(texts: Iterable[str]) -> bool:
    """Whether somebody writes to the user with `du`."""
    joined = "\n".join(texts)
    return _FAMILIAR.search(joined) is not None and _POLITE.search(joined) is None


def _title(name: str, texts: Iterable[str]) -> str:
    """Return a person's title with their last name, as they sign or are shown with it; "" without one."""
    words = phrases.clean(name).split()
    last = words[-1] if words else ""
    if len(last) < 2:
        return ""
    signed = re.compile(rf"^[ \t]*(?P<title>(?:Prof\.?|Dr\.?)(?: ?(?:Dr\.|med\.|rer\.|nat\.|-Ing\.))*)[ \t]+(?:[^\W\d_][\w.'’-]*[ \t]+){{0,3}}{re.escape(last)}\b", re.MULTILINE)  # fmt: skip
    found = next((m for text in (name, *texts) if (m := signed.search(text))), None)
    if found is None:
        return ""
    title = "Prof." if found["title"].startswith("Prof") else "Dr."
    return f"{title} {last}"
