"""Clients that the user types: by domain, address, web page or name, one or several in a line."""

from __future__ import annotations

import contextlib
import re
from collections import deque
from collections.abc import Collection, Sequence
from typing import Any

from connectors.mail import Message, canonical_domain, canonical_email
from daemon.core.people import PUBLIC_DOMAINS
from daemon.glossary.parties import Stage
from daemon.setup import dialogue, several
from daemon.setup.answers import Answers
from daemon.setup.refused import Refused
from daemon.setup.several import Entry, Run
from daemon.setup.suggestions import company_name

_OTHERWISE = "neither: I type them one by one"


def ask_more(answers: Answers, messages: Sequence[Message], listed: int) -> None:
    """Ask for further clients until there are no more, and add them; “back” takes back the latest one. Raises Back if there is none.

    The first clients, as many as are `listed`, were not typed. `messages` are past mail, in which the domain of a client who is named only by name is looked for.
    """
    own = answers.account["addresses"]
    while True:
        taken = {str(v) for client in answers.clients for key in ("domains", "addresses") for v in client.get(key) or ()}
        try:
            line = dialogue.optional("Another client, as in acme.com or kim@gmail.com", str, "")
        except dialogue.Back:
            if len(answers.clients) <= listed:
                raise
            dialogue.tell(f"{answers.clients.pop()['name']} is taken off the list again.")
            continue
        if not line:
            return
        with contextlib.suppress(dialogue.Back):  # to the question for another client
            answers.clients += _clients(line, own, taken, {str(client["name"]) for client in answers.clients}, messages)


def _clients(
    line: str, own: Collection[str], taken: set[str], names: set[str], messages: Sequence[Message]
) -> list[dict[str, Any]]:
    """Ask for whatever a line leaves open, and return its clients; what cannot be one is told, and costs none of the others."""
    waiting = deque(entry for run in several.runs(line) for entry in _entries(run))
    found: list[dict[str, Any]] = []
    while waiting:
        entry = waiting.popleft()
        try:
            identity = _identity(entry.identity or _looked_up(entry.name, own, taken, messages), own, taken)
        except Refused as error:
            dialogue.refuse(str(error))
            continue
        taken.add(identity)
        name = entry.name or _ask_name(identity, names, waiting)
        if name.casefold() in {other.casefold() for other in names}:
            dialogue.refuse(f"There is a client “{name}” already.")
            name = _ask_name(identity, names, waiting)
        names.add(name)
        key = "addresses" if "@" in identity else "domains"
        found.append({"name": name, key: [identity], "stage": Stage.ESTABLISHED.value})
        if entry.name:
            dialogue.tell(f"  {name}: {identity}.")
    return found


def _entries(run: Run) -> list[Entry]:
    """Return the clients that some words mean, after asking where they may be one or several."""
    whole, cut = several.entries(run.whole), [entry for piece in run.pieces for entry in several.entries(piece)]
    if run.several is not None:
        return cut if run.several else whole
    ways = [f"one: {run.whole}", f"several: {' / '.join(run.pieces)}", _OTHERWISE]
    dialogue.tell(f"Is “{run.whole}” one client, or several?")
    return [whole, cut, []][dialogue.choose("Number", ways)]


def _looked_up(name: str, own: Collection[str], taken: Collection[str], messages: Sequence[Message]) -> str:
    """Return the domain or address of a client who is named by name: one from past mail that is like it, or what the user says."""
    known = _known(name, own, taken, messages)
    return dialogue.ask(f"  The domain or address of {name}, as in acme.com", lambda words: _only(words, own, taken), known)


def _known(name: str, own: Collection[str], taken: Collection[str], messages: Sequence[Message]) -> str:
    """Return the domain in past mail that contains the first long word of a name; empty if there is none or more than one."""
    word = next((w for w in re.findall(r"\w+", name.lower()) if len(w) > 2), "")
    domains = {a.domain for message in messages for a in (message.sender, *message.to)} - PUBLIC_DOMAINS - set(taken)
    fitting = [d for d in sorted(domains - {a.rpartition("@")[2] for a in own}) if word and word in d.replace("-", "")]
    return fitting[0] if len(fitting) == 1 else ""


def _only(words: str, own: Collection[str], taken: Collection[str]) -> str:
    """Return the one domain or address that is typed. Raises Refused."""
    found = [entry.identity for run in several.runs(words) for entry in several.entries(run.whole)]
    if len(found) != 1:
        raise Refused("One domain or address is needed here, as in acme.com or kim@gmail.com.")
    return _identity(found[0] or words, own, taken)


def _ask_name(identity: str, names: Collection[str], waiting: deque[Entry]) -> str:
    """Ask for the name of a client; where the answer looks like another client, that may be what it is, and it waits."""
    guessed = identity.partition("@")[0].replace(".", " ").title() if "@" in identity else company_name(identity)
    while True:
        name = dialogue.ask(f"  The name of {identity}", lambda words: _new_name(words, names), guessed)
        several_here = any(run.several for run in several.runs(name))
        doubtful = several_here or (several.is_identity(name) and name.lower() != identity)
        if not doubtful or dialogue.confirm(f"  Is “{name}” the name of {identity}, and no other client?", default=False):
            return name
        waiting.extend(entry for run in several.runs(name) for entry in _entries(run))


def _new_name(words: str, names: Collection[str]) -> str:
    if words.casefold() in {name.casefold() for name in names}:
        raise Refused(f"There is a client “{words}” already; give this one another name.")
    return words


def _identity(words: str, own: Collection[str], taken: Collection[str]) -> str:
    """Return the domain of “acme.com”, “@acme.com” or “kim@acme.com”; at a public mail domain the address itself. Raises Refused."""
    local, at, domain = words.strip().lower().rpartition("@")
    if not re.fullmatch(r"[^\s@/:,;]+(\.[^\s@/:.,;]+)+", domain):
        raise Refused(f"“{words}” is neither a domain nor an address: write it as acme.com, or kim@acme.com.")
    if canonical_domain(domain) in PUBLIC_DOMAINS:
        if not local:
            raise Refused(f"Anyone can have an address at {domain}: write the whole address of the person.")
        identity = canonical_email(f"{local}{at}{domain}")
    else:
        identity = domain
    if identity in own or (identity in {address.rpartition("@")[2] for address in own}):
        raise Refused(f"{identity} is your own; its people are colleagues, not clients.")
    if identity in taken:
        raise Refused(f"{identity} is a client already.")
    return identity
