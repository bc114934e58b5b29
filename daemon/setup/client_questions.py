"""Which companies and people are clients: a list from past mail to choose from, then any that it lacks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import Any

from connectors.errors import ConnectorError
from connectors.mail import Message
from daemon.core.people import other_senders
from daemon.glossary.parties import Stage
from daemon.setup import dialogue, more_clients, typed
from daemon.setup.answers import Answers
from daemon.setup.past_mail import PastMail
from daemon.setup.refused import Refused
from daemon.setup.sentences import sentence
from daemon.setup.suggestions import Suggestion, suggest

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


class ClientQuestions:
    """The questions about clients: further addresses of the user's own, then the clients. They add to `addresses` and to the clients.

    Each may be asked again, and then takes back what its answer before had changed. `read` gives past mail, and is asked for it once.
    """

    def __init__(self, answers: Answers, read: Callable[[], list[Message]]) -> None:
        self._answers = answers
        self._messages = cache(read)
        self._own, self._before = tuple(answers.account["addresses"]), tuple(answers.clients)
        self._chosen: list[dict[str, Any]] = []
        self._typed: list[dict[str, Any]] = []

    def ask(self) -> None:
        """Ask all of them. Raises Back from the first."""
        dialogue.in_turn(self.own, self.choose, self.names, self.stages, self.more)

    def own(self) -> None:
        """Ask for each further address that many sent mails are from."""
        self._answers.account["addresses"] = list(self._own)
        for other in other_senders(self._messages(), self._own):
            if dialogue.confirm(f"{other.count} of {other.total} sent mails are from {other.address}. Yours too?"):
                self._answers.account["addresses"].append(other.address)

    def choose(self) -> None:
        """Show who may be a client, and ask which of them are."""
        messages, own = self._messages(), set(self._answers.account["addresses"])
        suggestions = suggest(messages, own, self._before)
        self._chosen = []
        if suggestions:
            self._chosen = _choose(suggestions)
        elif messages:
            found = f"Among {len(messages):,} emails Kept found nobody{' else' if self._before else ''} with whom you write to and fro"
            dialogue.tell(f"{found}: name your clients below, or later with kept init.")

    def names(self) -> None:
        """Ask for better names."""
        if self._chosen:
            dialogue.tell("Your clients:")
            dialogue.show([client["name"] for client in self._chosen])
            _ask_names(self._chosen, [str(client["name"]) for client in self._before])

    def stages(self) -> None:
        """Ask which of them are prospects."""
        if self._chosen:
            _ask_stages(self._chosen)

    def more(self) -> None:
        """Ask for clients that the list lacked."""
        listed = [*self._before, *self._chosen]
        self._answers.clients = [*listed, *self._typed]
        try:
            more_clients.ask_more(self._answers, self._messages(), len(listed))
        finally:
            self._typed = self._answers.clients[len(listed) :]


def _choose(suggestions: Sequence[Suggestion]) -> list[dict[str, Any]]:
    """Show who may be a client; return those that are."""
    dialogue.tell(
        "You and these companies and people write to each other (the numbers are emails). Which of them are your clients?"
    )
    dialogue.show([_line(s) for s in suggestions])
    names = [f"{s.name} {s.address or s.domain}" for s in suggestions]
    places = dialogue.ask("Clients, as in 1-3, 5, or all but 4", lambda words: typed.numbers(words, names), _likely(suggestions))
    return [suggestions[n].client() for n in places]


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
    better = dialogue.optional("Better names, as in 2=Acme Ltd, 3=Birch GmbH", lambda words: renamed(words, names, others), names)
    for client, name in zip(clients, better, strict=True):
        client["name"] = name


def renamed(words: str, names: Sequence[str], others: Collection[str]) -> list[str]:
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
