"""The digest: one mail each working morning, readable in half a minute on a phone.

Coverage comes first, because a source that cannot be read looks like a quiet week; then the day in a sentence (`digest_headline`), the
sections (`letters.sections`), what is only counted, and once a week the balance, which says what became of every message of the last days.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from html import escape
from types import MappingProxyType
from typing import Any

from daemon.core.authors import FORGED
from daemon.glossary.actions import Mention
from daemon.glossary.assessments import Assessment, Coverage
from daemon.glossary.faults import Faults, strict
from daemon.glossary.obligations import OPEN_STATES, Band, Obligation, State, state
from daemon.glossary.parties import Account
from daemon.letters import Item, Letter, phrases, templating, tokens
from daemon.letters.digest_facts import DigestFacts
from daemon.letters.digest_headline import counts, headline
from daemon.letters.section_lines import recently_held
from daemon.letters.sections import Contents, FilledSection, contents
from daemon.planning.worth_saying import Morning, questions

STALE = timedelta(hours=2)  # a source that was not read for so long is named, even if it reported no failure
BALANCE_DAYS = 7
_TOLD = 2  # warnings of a source that are told in full


def digest(
    facts: DigestFacts,
    *,
    warnings: Sequence[str] = (),
    mentions: Mapping[Mention, datetime] = MappingProxyType({}),
    faults: Faults | None = None,
) -> Letter:
    """Return the digest that follows from these facts, as of its formatter's moment.

    `warnings` are further lines that the user must see; `mentions` are what was said before, so that nothing is asked twice.

    A section or a line of the frame that raises an unforeseen error is left out and noted in `faults`; without
    them, and for what is planned on the user's behalf, the error is raised: nothing may happen that was not announced.
    """
    facts, shown, values = _said(facts, warnings, mentions, faults or strict())
    subject = f"Kept, {phrases.date_of(facts.formatter.now, facts.formatter.zone)}: {counts(shown, facts)}"
    return Letter(subject, templating.text("digest", **values), templating.html("digest", **values), _items(shown.sections))


@dataclass(frozen=True, slots=True)
class Live:
    """What a digest of this moment says, for a page: the day's sentence, up to when everything was read, and what is only counted."""

    headline: str
    read: str
    warnings: Sequence[str]
    sections: Sequence[FilledSection]
    counted: str
    balance: str
    notices: str


def live(
    facts: DigestFacts,
    *,
    warnings: Sequence[str] = (),
    mentions: Mapping[Mention, datetime] = MappingProxyType({}),
    faults: Faults | None = None,
) -> Live:
    """Return what `digest` writes, before it is a letter."""
    _, shown, values = _said(facts, warnings, mentions, faults or strict())
    names = ("headline", "read", "warnings", "counted", "balance", "notices")
    return Live(**{name: values[name] for name in names}, sections=shown.sections)


def _said(
    facts: DigestFacts, warnings: Sequence[str], mentions: Mapping[Mention, datetime], faults: Faults
) -> tuple[DigestFacts, Contents, dict[str, Any]]:
    """Return the facts with what is owed, the sections that follow from them, and what the template shows."""
    facts = _with_owed(facts, mentions, faults)
    shown = contents(facts, faults)
    further = (phrases.cut(line, 300) for line in dict.fromkeys((*warnings, *faults.present)))
    told = (*_source_warnings(facts), *_forged(facts), *further)
    return facts, shown, _values(facts, shown, faults) | {"warnings": told}


def _with_owed(facts: DigestFacts, mentions: Mapping[Mention, datetime], faults: Faults) -> DigestFacts:
    """Return the facts with what is owed and what is asked about, and with as few links to a line as a digest has room for."""
    formatter, links = facts.formatter, facts.formatter.links
    owed = _owed(facts.assessments, formatter.now)
    morning = Morning(formatter.account.hours, formatter.now)
    asked = faults.contain("the questions could not be chosen", lambda: questions(owed, mentions, morning), ())
    brief = replace(formatter, links=lambda about: tokens.brief(links(about)))
    return replace(facts, formatter=brief, owed=owed, questions=asked)


def _items(sections: Sequence[FilledSection]) -> Mapping[str, Sequence[Item]]:
    """Return the lines of the digest for other programs, by the name of their section."""
    items: dict[str, list[Item]] = {}
    for section in sections:
        items.setdefault(section.name, []).extend(line.item or Item(line.id, line.client) for line in section.lines)
    return items


def bare(account: Account, lines: Sequence[str], now: datetime) -> Letter:
    """Return what comes instead of a digest that cannot be written at all: that it cannot, why, and where else to look."""
    subject = f"Kept, {now:%d %b %Y}: today's digest could not be written"
    text = "\n\n".join((f"{account.name},", f"{subject[6:]}.", *lines, "`kept due` lists what is owed.", ""))
    page = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in text.split("\n\n"))
    return Letter(subject, text, f"<!doctype html><html><body>{page}</body></html>")


def _values(facts: DigestFacts, shown: Contents, faults: Faults) -> dict[str, object]:
    """Return what the template shows, but for the warnings."""
    local = facts.formatter.now.astimezone(facts.formatter.zone)
    lines = [line for section in shown.sections for line in section.lines]
    read = not any(_is_gap(c, facts.formatter.now) for c in facts.coverage if not c.is_calendar) and bool(facts.coverage)
    return {
        "day": f"{local:%A} {local.day} {local:%B}",
        "headline": headline(shown, facts, read=read),
        "read": _read(facts),
        "sections": shown.sections,
        "counted": phrases.listed(shown.counted),
        "balance": faults.contain("the balance could not be counted", lambda: _balance(facts), ""),
        "notices": _notices(facts),
        "explains": facts.morning.begins_week and any(line.links for line in lines),
        "short_links": [(line, tokens.plain({**line.links, "Mail": line.mail})) for line in lines if line.links],
        "preview": " · ".join(f"{line.client}: {line.words}" for line in lines)[:180],
    }


def _owed(assessments: Sequence[Assessment], now: datetime) -> tuple[Obligation, ...]:
    """Return what is open and not snoozed, most pressing first."""
    owed = [
        o
        for a in assessments
        for o in a.obligations
        if o.band is not Band.IGNORED and state(o, now) in OPEN_STATES - {State.SNOOZED}
    ]
    return tuple(sorted(owed, key=lambda o: (o.due is None, o.due or o.created, o.key)))


def _read(facts: DigestFacts) -> str:
    """Return up to when everything was read; where something could not be read, up to when what was, and its names."""
    readable = [
        (c.seen_until, c.source) for c in facts.coverage if c.seen_until is not None and not _is_gap(c, facts.formatter.now)
    ]
    if not readable:
        return ""
    until = min(seen for seen, _ in readable)
    named = [phrases.source(source) for _, source in readable] if len(readable) < len(facts.coverage) else []
    return f"Read up to {facts.formatter.moment(until).removeprefix('today ')}{': ' if named else ''}{phrases.listed(named)}."


def _source_warnings(facts: DigestFacts) -> Iterator[str]:
    """Yield what could not be read, and since when."""
    if not facts.coverage:
        yield "No mailbox or calendar has been read yet."
    for c in facts.coverage:
        name = phrases.cut(c.source, 80)
        if _is_gap(c, facts.formatter.now):
            since = f"not read since {facts.formatter.moment(c.seen_until)}" if c.seen_until else "not read yet"
            reason = f" ({phrases.cut(c.error, 160).rstrip('.')})" if c.error else ""
            yield f"{name}: {since}{reason}. Anything newer is missing here."
        if c.unreadable:
            yield f"{name}: {phrases.count(c.unreadable, 'item')} could not be read."
        yield from (f"{name}: {phrases.cut(text, 160)}" for text in c.warnings[:_TOLD])
        if len(c.warnings) > _TOLD:
            yield f"{name}: {phrases.count(len(c.warnings) - _TOLD, 'further warning')} of this kind; kept status lists them all."


def _notices(facts: DigestFacts) -> str:
    """Return what happened once while mail was read, such as a date that cannot be right: itself, or how often and what lists it."""
    told = [(c.source, text) for c in facts.coverage for text in dict.fromkeys(text for _, text in c.notices)]
    if len(told) > 1:
        return f"{phrases.count(len(told), 'notice')} from reading your mail, such as dates that cannot be right: kept status lists them."
    return "".join(f"{phrases.cut(source, 80)}: {phrases.cut(text, 160)}." for source, text in told)


def _forged(facts: DigestFacts) -> Iterator[str]:
    """Yield the mail since the last working day whose sender may be forged: what it asks for is not to be done."""
    for placement, held in recently_held(facts):
        if held.reason == FORGED:
            words = phrases.quoted(held.subject or "no subject", 60)
            yield (
                f"An email in the name of {phrases.cut(held.sender.name or held.sender.email, 60)} may be forged ({words}, "
                f"{facts.formatter.recently(placement.at)}): call them before you do what it asks."
            )


def _is_gap(c: Coverage, now: datetime) -> bool:
    return c.error is not None or c.seen_until is None or now - c.seen_until > STALE


def _balance(facts: DigestFacts) -> str:
    """Return what became of each message of the last days; the sum always holds. Told when the week begins, and when nobody wrote."""
    since = facts.midnight(-BALANCE_DAYS)
    counted = Counter(p.bucket for a in facts.assessments for p in a.balance if since <= p.at <= facts.formatter.now)
    if not counted:
        return f"No client wrote in the last {BALANCE_DAYS} days."
    if not (facts.morning.begins_week or facts.everything):
        return ""
    parts = " + ".join(phrases.in_bucket(bucket, counted[bucket]) for bucket in phrases.BUCKETS if counted[bucket])
    return f"Last {BALANCE_DAYS} days: {counted.total()} in = {parts} (kept balance lists each)."
