"""A digest of the invented office, and its text in the parts that tests look at."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

import invented
from invented import at

from connectors.calendar import Event
from daemon.glossary.actions import Action, Mention
from daemon.glossary.assessments import Assessment, Coverage
from daemon.glossary.faults import Faults
from daemon.glossary.parties import Account
from daemon.letters import Letter, digest
from daemon.letters.digest_facts import DigestFacts
from daemon.letters.lines import LineFormatter, LinksFor, MailOf


def write(
    assessments: Sequence[Assessment],
    *,
    coverage: Sequence[Coverage] | None = None,
    planned: Sequence[Action] = (),
    events: Sequence[Event] = (),
    now: datetime = invented.NOW,
    account: Account = invented.DANA,
    links: LinksFor = invented.links,
    mail_of: MailOf = lambda _evidence: "",
    number: str = "",
    warnings: Sequence[str] = (),
    mentions: Mapping[Mention, datetime] = MappingProxyType({}),
    faults: Faults | None = None,
    **more: Any,
) -> Letter:
    read = invented.everything_read(now) if coverage is None else coverage
    formatter = LineFormatter(account, links, now, mail_of, number_of=lambda _o: number)
    facts = DigestFacts(formatter, assessments, read, planned, events, invented.whose, **more)
    return digest.digest(facts, warnings=warnings, mentions=mentions, faults=faults)


def busy(lines: int = 7, now: datetime = invented.NOW) -> Letter:
    assessments = invented.busy_morning()
    return write(assessments, planned=[invented.review_invite(assessments)], events=invented.events(), lines=lines, now=now)


MONDAY = at("03-09 07:30")  # the first morning of a week


def flat(letter: Letter) -> str:
    """The text without its line ends."""
    return " ".join(letter.text.split())


def readable(letter: Letter) -> str:
    """The text without the links that stand below it, each item on one line."""
    return re.sub(r"\n {2,}", " ", re.split(r"^\S+ [A-Z].* <mailto:", letter.text, maxsplit=1, flags=re.MULTILINE)[0])


def sections(letter: Letter) -> dict[str, str]:
    parts = re.split(r"^([A-Z][A-Z ?]+?)(?: \(\d[^)\n]*\))?$", readable(letter), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))
