"""What the page of today shows: the digest of this moment, with what settles each line in the place of its links."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from daemon.glossary.decisions import Verb
from daemon.glossary.obligations import Kind, Obligation
from daemon.letters import phrases
from daemon.letters.digest import Live
from daemon.letters.lines import Line
from daemon.web.viewing import Viewing

_BUCKET = 300  # seconds after which the page looks again although nobody changed anything: time alone makes things late
MOST = 120  # lines of the page, where everything is shown
_SCHEMES = frozenset({"http", "https", "mid", "message"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A line, and what a page adds to it. `title` is that of its section; `verbs` settle it, "" in all other lines."""

    line: Line
    section: str
    title: str
    verbs: tuple[str, ...]
    mail: str
    draft: str
    explained: bool
    answers: bool  # whether there is a draft reply to look at
    planned: bool

    @property
    def id(self) -> str:
        """The id of what it is about."""
        return self.line.id

    @property
    def at_hand(self) -> tuple[str, ...]:
        """What settles it in one click: yes and no of a question, else the first; all of what has nothing more to unfold."""
        verbs = tuple(verb for verb in self.verbs if verb != Verb.SNOOZE.value)
        if not self.explained:
            return verbs
        if Verb.CONFIRM.value in verbs:
            return tuple(verb for verb in verbs if verb in (Verb.CONFIRM.value, Verb.WRONG.value))
        return verbs[:1]

    @property
    def rarer(self) -> tuple[str, ...]:
        """What settles it too, but is seldom wanted."""
        return tuple(verb for verb in self.verbs if verb != Verb.SNOOZE.value and verb not in self.at_hand)


@dataclass(frozen=True, slots=True)
class Group:
    """Lines under one heading."""

    title: str
    entries: Sequence[Entry]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Today:
    """The digest as a page shows it; `rest` is what it only counts, where that is unfolded, `more` how many lines the page has no room for.

    `version` changes when anything may have changed that it follows from.
    """

    live: Live
    warnings: Sequence[str]
    groups: Sequence[Group]
    rest: Sequence[Group]
    more: int
    version: str


def today(view: Viewing, *, by_client: bool, everything: bool) -> Today:
    """Return what the page shows; with `everything`, also what the digest only counts. Raises StoreError."""
    seen = version(view)
    live = _live(view, everything=False)
    owed = {o.key: o for a in view.assessments() for o in a.obligations}
    said = _groups(live, owed)
    rest = _without(_groups(_live(view, everything=True), owed), said) if everything else []
    shown, more = _with_room([*said, *rest])
    groups, unfolded = shown[: len(said)], shown[len(said) :]
    if by_client:
        groups, unfolded = tuple(_by_client(groups)), tuple(_by_client(unfolded))
    return Today(live, _warnings(view, live), groups, unfolded, more, seen)


def of_client(view: Viewing, obligations: Sequence[Obligation]) -> Sequence[Entry]:
    """Return what one client waits for, with what settles each as on the page of today. Raises StoreError."""
    owed = {o.key: o for o in obligations}
    return tuple(_entry("owed", "", line, owed) for line in view.renderer().lines(obligations))


def _live(view: Viewing, *, everything: bool) -> Live:
    """Return what the digest of this moment says."""

    def write() -> Live:
        return view.renderer().live([a for a in view.outlook().coming if a.reaches_others], everything=everything)

    return view.worked_out(("digest", everything), write)


def _groups(live: Live, owed: Mapping[str, Obligation]) -> list[Group]:
    return [
        Group(section.title, tuple(_entry(section.name, section.title, line, owed) for line in section.lines), section.remark)
        for section in live.sections
    ]


def _without(sections: Sequence[Group], shown: Sequence[Group]) -> list[Group]:
    """Return the sections without the lines that are shown already."""
    present = {_same(entry) for group in shown for entry in group.entries}
    left = [replace(group, entries=[e for e in group.entries if _same(e) not in present]) for group in sections]
    return [group for group in left if group.entries]


def _same(entry: Entry) -> tuple[str, ...]:
    return (entry.id,) if entry.id else (entry.section, entry.line.client, entry.line.words)


def version(view: Viewing) -> str:
    """Return a short text that changes with the facts, the decisions and every few minutes; cheap to ask for. Raises StoreError."""
    store, address = view.app.store, view.account.address
    decisions = store.decisions(address, view.now)
    latest = decisions[-1].at.isoformat() if decisions else ""
    marks = (store.fact_version(address), len(decisions), latest, int(view.now.timestamp()) // _BUCKET, view.app.generation)
    return hashlib.sha256(repr(marks).encode()).hexdigest()[:16]


def _entry(section: str, title: str, line: Line, owed: Mapping[str, Obligation]) -> Entry:
    o = owed.get(line.item.key) if line.item is not None and line.item.key is not None else None
    verbs = tuple(verb for verb in line.links if verb in set(Verb))
    return Entry(
        line,
        section,
        title,
        verbs,
        safe_address(line.mail),
        safe_address(line.links.get("Draft", "")),
        explained=o is not None,
        answers=o is not None and o.kind is Kind.REPLY and o.reply_to is not None and "@" in (o.contact or ""),
        planned=Verb.VETO.value in verbs,
    )


def safe_address(url: str) -> str:
    """Return an address that opens a mail; "" for one of another kind, which no page links to."""
    return url if urlsplit(url).scheme in _SCHEMES else ""


def _with_room(sections: Sequence[Group]) -> tuple[tuple[Group, ...], int]:
    """Return as many lines as a page has room for, and how many are left."""
    room, shown = MOST, list[Group]()
    for group in sections:
        if group.entries[:room]:
            shown.append(replace(group, entries=group.entries[:room]))
            room -= len(shown[-1].entries)
    return tuple(shown), sum(len(group.entries) for group in sections) - MOST + room


def _by_client(sections: Sequence[Group]) -> Iterator[Group]:
    """Yield the same lines under their clients, in the order in which each comes first."""
    by_client: dict[str, list[Entry]] = {}
    for group in sections:
        for entry in group.entries:
            by_client.setdefault(entry.line.client, []).append(entry)
    return (Group(client, entries) for client, entries in by_client.items())


def _warnings(view: Viewing, live: Live) -> Sequence[str]:
    """Return the warnings of the digest without those about sources that stand on top of every page."""
    told = tuple(f"{phrases.cut(c.source, 80)}: not read" for c in view.unread_sources())
    return [line for line in live.warnings if not line.startswith(told)] if told else live.warnings
