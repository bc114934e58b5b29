"""Which companies and people are clients: a list from past mail to choose from, then any that it lacks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

from connectors.errors import ConnectorError
from connectors.mail import Message, canonical_domain, canonical_email
from daemon.core.people import PUBLIC_DOMAINS, other_senders
from daemon.glossary.parties import Stage
from daemon.setup import dialogue, typed
from daemon.setup.answers import Answers
from daemon.setup.mail_questions import sentence
from daemon.setup.past_mail import PastMail
from daemon.setup.refused import Refused
from daemon.setup.suggestions import Suggestion, company_name, suggest

_STEP = 5.0  # seconds between two signs of life
_RENAMED = re.compile(r"(\d+)\s*=\s*(\S.*?)[,;]?")


def past_messages(past: PastMail | None) -> list[Message]:
    """Wait for past mail, with a sign of life; empty if there is none or it cannot be read, and the user is told."""
    if past is None:
        return []
    while not past.is_ready():
        past.wait(_STEP)
        if not past.is_ready():
            dialogue.tell(f"Reading your mail of the last three months: {past.count()} emails so far ...")
    try:
        return past.messages()
    except ConnectorError as error:
        dialogue.tell(f"The mailbox could not be read: {sentence(error)} Add your clients below, or later with kept init.")
        return []


def ask_clients(answers: Answers, messages: list[Message]) -> None:
    """Ask for further addresses of the user's own, then for the clients; adds to `addresses` and to the clients."""
    own = answers.account["addresses"]
    for other in other_senders(messages, own):
        if dialogue.confirm(f"{other.count} of {other.total} sent mails are from {other.address}. Yours too?"):
            own.append(other.address)
    others = [str(client["name"]) for client in answers.clients]
    suggestions = suggest(messages, set(own), answers.clients)
    if messages and not suggestions:
        found = f"Among {len(messages):,} emails Kept found nobody{' else' if others else ''} with whom you write to and fro"
        dialogue.tell(f"{found}: name your clients below, or later with kept init.")
    answers.clients += _choose(suggestions, others)
    _ask_more(answers, own)


def _choose(suggestions: Sequence[Suggestion], others: Collection[str]) -> list[dict[str, Any]]:
    """Show who may be a client; return those that are, with their names and stages as the user wants them; `others` are the names of further clients."""
    if not suggestions:
        return []
    dialogue.tell(
        "You and these companies and people write to each other (the numbers are emails). Which of them are your clients?"
    )
    dialogue.show([_line(s) for s in suggestions])
    names = [f"{s.name} {s.address or s.domain}" for s in suggestions]
    places = dialogue.ask("Clients, as in 1-3, 5, or all but 4", lambda words: typed.numbers(words, names), _likely(suggestions))
    clients = [suggestions[n].client() for n in places]
    if not clients:
        return []
    dialogue.tell("Your clients:")
    dialogue.show([client["name"] for client in clients])
    _ask_names(clients, others)
    _ask_stages(clients)
    return clients


def _likely(suggestions: Sequence[Suggestion]) -> str:
    """Return the choice that Enter makes: the companies. Of people at public mail domains only the user knows who is a friend."""
    companies = sum(1 for s in suggestions if not s.address)
    if companies == len(suggestions):
        return "all"
    dialogue.tell("Those with a whole address are people at public mail domains; only you know which of them are clients.")
    return f"1-{companies}" if companies else "none"


def _line(suggestion: Suggestion) -> str:
    who = suggestion.address or suggestion.domain
    new = "  prospect?" if suggestion.stage is Stage.PROSPECT else ""
    return f"{suggestion.name[:20]:<20} {who[:30]:<30} {suggestion.mails:>4}{new}"


def _ask_stages(clients: list[dict[str, Any]]) -> None:
    names = [client["name"] for client in clients]
    new = [n for n, client in enumerate(clients) if client["stage"] == Stage.PROSPECT.value]
    dialogue.tell("Prospects are those who have not ordered yet; Kept compares how soon they and the others are answered.")
    default = ", ".join(str(n + 1) for n in new) or "none"
    prospects = dialogue.ask("Which of them are prospects", lambda words: typed.numbers(words, names), default)
    for n, client in enumerate(clients):
        client["stage"] = (Stage.PROSPECT if n in prospects else Stage.ESTABLISHED).value


def _ask_names(clients: list[dict[str, Any]], others: Collection[str]) -> None:
    """Ask for better names, all in one line; `others` are those of further clients."""
    names = [client["name"] for client in clients]
    renamed = dialogue.optional(
        "Better names, as in 2=Acme Ltd, 3=Birch GmbH", lambda words: _renamed(words, names, others), names
    )
    for client, name in zip(clients, renamed, strict=True):
        client["name"] = name


def _renamed(words: str, names: Sequence[str], others: Collection[str]) -> list[str]:
    """Return the names after “2=Acme, Inc., 3=Birch GmbH”. Raises Refused."""
    pairs = [_RENAMED.fullmatch(part.strip()) for part in re.split(r"[,;]\s*(?=\d+\s*=)", words)]
    renamed = list(names)
    for pair in pairs:
        if pair is None:
            raise Refused(f"“{words}” is no number with a name: type 2=Acme Ltd, or several with commas between.")
        if not 1 <= int(pair[1]) <= len(names):
            raise Refused(f"{pair[1]} is not in the list, which goes from 1 to {len(names)}.")
        renamed[int(pair[1]) - 1] = pair[2].strip()
    counted = Counter(name.casefold() for name in (*renamed, *others))
    twice = next((name for name in renamed if counted[name.casefold()] > 1), None)
    if twice is not None:
        raise Refused(f"Two clients would be called “{twice}”: give each a name of its own.")
    return renamed


def _ask_more(answers: Answers, own: Collection[str]) -> None:
    """Ask for clients that the list lacked, until there are no more."""
    taken = {str(v) for client in answers.clients for key in ("domains", "addresses") for v in client.get(key) or ()}
    names = {str(client["name"]).lower() for client in answers.clients}
    while True:
        identity = dialogue.optional("Another client, as in acme.com or kim@gmail.com", lambda w: _identity(w, own, taken), "")
        if not identity:
            return
        taken.add(identity)
        guessed = identity.partition("@")[0].replace(".", " ").title() if "@" in identity else company_name(identity)
        name = dialogue.ask("  Their name", lambda words: _new_name(words, names), guessed)
        names.add(name.lower())
        key = "addresses" if "@" in identity else "domains"
        answers.clients.append({"name": name, key: [identity], "stage": Stage.ESTABLISHED.value})


def _new_name(words: str, names: Collection[str]) -> str:
    if words.lower() in names:
        raise Refused(f"There is a client “{words}” already; give this one another name.")
    return words


def _identity(words: str, own: Collection[str], taken: Collection[str]) -> str:
    """Return the domain of “acme.com”, “@acme.com” or “kim@acme.com”; at a public mail domain the address itself. Raises Refused."""
    local, at, domain = words.strip().lower().rpartition("@")
    if not re.fullmatch(r"[^\s@/:]+(\.[^\s@/:.]+)+", domain):
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
