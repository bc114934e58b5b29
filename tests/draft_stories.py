"""Drafts out of stories: the story's facts are read and assessed, and the draft of each open reply is written from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from story import Story, judge, office, read, tell

from connectors.calendar import Busy
from connectors.formats.display_names import display_name
from connectors.mail import Address, Message, Role
from daemon.core.people import Directory
from daemon.glossary.obligations import Kind
from daemon.letters import draft
from daemon.letters.draft import DraftReply
from daemon.letters.habits import style


def drafted(text: str, names: Mapping[str, str] | None = None, slots: Sequence[Busy] = ()) -> list[DraftReply]:
    """The drafts of a story, oldest question first. `names` are display names by address."""
    story = _named(tell(text), names or {})
    (dana,), directory = office(story.told).accounts, Directory(office(story.told))
    clients = {c.name: c for c in office(story.told).clients}
    facts = [
        (m, read(story.told, dana, m), directory.client_of(dana.address, m)) for m in story.told.messages if m.date <= story.now
    ]
    found = []
    for o in (o for o in story.open if o.kind is Kind.REPLY):
        with_client = [(m, r) for m, r, client in facts if client == o.client]
        sent = [(m, r) for m, r, client in facts if client and m.role is Role.SENT]
        written = style.learnt(dana, o, with_client, sent, directory)
        found.append(draft.draft(dana, clients[o.client], o, slots, story.now, style=written))
    return found


def _named(story: Story, names: Mapping[str, str]) -> Story:
    messages = [_renamed(m, names) for m in story.told.messages]
    return judge(replace(story.told, messages=messages), story.now)


def _renamed(message: Message, names: Mapping[str, str]) -> Message:
    def called(a: Address) -> Address:
        shown = Address(a.email, names.get(a.email, a.name))
        return Address(a.email, display_name(shown))

    return replace(message, sender=called(message.sender), to=tuple(map(called, message.to)), cc=tuple(map(called, message.cc)))
