"""The digest: one mail each working morning, readable in half a minute on a phone.

Coverage comes first, since a dead source looks like a quiet week; then the sections (`letters.sections`); at the end the
balance, which says where each message of the last days lies.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from connectors.calendar import Event
from daemon.analysis.observations import Observation
from daemon.core.corrections import Proposal
from daemon.glossary.actions import Action
from daemon.glossary.assessments import Assessment, Bucket, Coverage
from daemon.glossary.obligations import OPEN_STATES, Band, Obligation, State, state
from daemon.glossary.parties import Account
from daemon.letters import Letter, phrases, templating
from daemon.letters.lines import LineFormatter, LinksFor
from daemon.letters.sections import MAYBE_DONE, OVERDUE, TODAY, UNSURE, ClientOf, DigestFacts, FilledSection, filled_sections

STALE = timedelta(hours=2)  # without news for so long a source is named, even if it reported no failure
BALANCE_DAYS = 7
BUCKETS = (Bucket.ANSWERED, Bucket.NO_ANSWER, Bucket.OPEN, Bucket.HELD_BACK)  # as one reads the sum


def digest(
    account: Account,
    assessments: Sequence[Assessment],
    coverage: Sequence[Coverage],
    planned: Sequence[Action],
    events: Sequence[Event],
    client_of: ClientOf,
    links: LinksFor,
    now: datetime,
    thoughts: Sequence[Observation] = (),
    proposals: Sequence[tuple[Proposal, str]] = (),
    beside: Sequence[str] = (),
) -> Letter:
    """The digest of one account as of `now`; `thoughts` come with the first one of a week, `proposals` are rules to be taken.

    `planned` are the actions that will reach others than the user, `events` the account's around today, `client_of` tells an address's client,
    `links` gives the mailto links of an obligation or action.
    """
    formatter = LineFormatter(account, links, now)
    facts = DigestFacts(
        formatter,
        tuple(assessments),
        tuple(coverage),
        tuple(planned),
        tuple(events),
        client_of,
        _owed(assessments, now),
        tuple(thoughts),
        tuple(proposals),
    )
    sections = tuple(filled_sections(facts))
    local, headline = now.astimezone(formatter.zone), _headline(sections)
    values = {
        "day": f"{local:%A} {local.day} {local:%B}",
        "headline": headline,
        "read": _read(facts),
        "gaps": (*_gaps(facts), *(phrases.cut(line, 300) for line in beside)),
        "sections": sections,
        "balance": _balance(facts),
        "settle": any(line.links for section in sections for line in section.lines),
        "owner": phrases.cut(account.name or account.address, 60),
        "preview": " · ".join(f"{line.client}: {line.words}" for section in sections for line in section.lines)[:180],
    }
    subject = f"Kept, {phrases.date_of(now, formatter.zone)}: {headline.rstrip('.')}"
    return Letter(subject, templating.text("digest", **values), templating.html("digest", **values))


def _owed(assessments: Sequence[Assessment], now: datetime) -> tuple[Obligation, ...]:
    standing = [
        o
        for a in assessments
        for o in a.obligations
        if o.band is not Band.IGNORED and state(o, now) in OPEN_STATES - {State.SNOOZED}
    ]
    return tuple(sorted(standing, key=lambda o: (o.due is None, o.due or o.created, o.key)))


def _headline(sections: Sequence[FilledSection]) -> str:
    totals = {section.title: section.total for section in sections}
    late, today = totals.get(OVERDUE, 0), totals.get(TODAY, 0)
    asks = totals.get(MAYBE_DONE, 0) + totals.get(UNSURE, 0)
    parts = [f"{late} overdue"] * bool(late) + [f"{today} due today"] * bool(today)
    parts = parts or ["Nothing is owed today"]
    return ", ".join([*parts, *[f"{phrases.count(asks, 'question')} to you"] * bool(asks)]) + "."


def _read(facts: DigestFacts) -> str:
    """How far everything was read that could be read."""
    good = [(c.seen_until, c.source) for c in facts.coverage if c.seen_until is not None and not _is_gap(c, facts.formatter.now)]
    if not good:
        return ""
    until = min(seen for seen, _ in good)
    return f"Read up to {facts.formatter.moment(until)}: {phrases.listed([phrases.cut(source, 80) for _, source in good])}."


def _gaps(facts: DigestFacts) -> Iterator[str]:
    """What could not be read, and since when."""
    if not facts.coverage:
        yield "No mailbox or calendar has been read yet."
    for c in facts.coverage:
        name = phrases.cut(c.source, 80)
        if _is_gap(c, facts.formatter.now):
            since = f"not read since {facts.formatter.moment(c.seen_until)}" if c.seen_until else "never read yet"
            reason = f" ({phrases.cut(c.error, 160).rstrip('.')})" if c.error else ""
            yield f"{name}: {since}{reason}. What came since is missing here."
        if c.unreadable:
            yield f"{name}: {phrases.count(c.unreadable, 'item')} could not be read."
        yield from (f"{name}: {phrases.cut(warning, 160)}" for warning in c.warnings)


def _is_gap(c: Coverage, now: datetime) -> bool:
    return c.error is not None or c.seen_until is None or now - c.seen_until > STALE


def _balance(facts: DigestFacts) -> str:
    """Where each message of the last days lies; the sum always holds."""
    since = facts.midnight(-BALANCE_DAYS)
    found = Counter(p.bucket for a in facts.assessments for p in a.balance if since <= p.at <= facts.formatter.now)
    if not found:
        return f"No client wrote in the last {BALANCE_DAYS} days."
    parts = " + ".join(f"{found[bucket]} {bucket.value}" for bucket in BUCKETS if found[bucket])
    said = f"Last {BALANCE_DAYS} days: {found.total()} in = {parts.replace('needs', 'need')}."
    return f"{said} Held back is what is automatic or perhaps forged." if found[Bucket.HELD_BACK] else said
