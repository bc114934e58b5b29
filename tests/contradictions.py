"""What one page says and another line of the same morning denies: a check over the facts and over the words of every letter."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from connectors.calendar import Event
from daemon.analysis import lookback as looking_back
from daemon.analysis.observations import ObservationKind, observe
from daemon.analysis.service_summary import summarize
from daemon.commands.pages import owed as owed_page
from daemon.core import hours
from daemon.core.infractions import is_firm, is_overdue
from daemon.core.people import Directory
from daemon.glossary.actions import MEETINGS, Action
from daemon.glossary.assessments import AlarmKind, Assessment, Bucket, Coverage
from daemon.glossary.obligations import Band, Kind, Obligation, SourceType, State, state
from daemon.glossary.parties import Account, Client, Office
from daemon.letters import Letter, agenda, manager
from daemon.letters.client_report import page as report
from daemon.letters.digest import digest
from daemon.letters.digest_facts import DigestFacts
from daemon.letters.lines import LineFormatter
from daemon.letters.lookback import page as lookback_page
from daemon.operations.owed import most_urgent_first

PRAISE = frozenset({ObservationKind.SPECIAL, ObservationKind.HABIT})
LATE = re.compile(r"\b(?:late|overdue|was due|no word from them)\b")
BACK = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Morning:
    """Everything that the letters of one moment are written from; `texts` are the stored texts of the messages, by Message-ID."""

    office: Office
    account: Account
    assessments: Sequence[Assessment]
    events: Sequence[Event]
    texts: Mapping[str, str]
    now: datetime
    planned: Sequence[Action] = ()

    @property
    def clients(self) -> dict[str, Client]:
        return {c.name: c for c in self.office.clients}

    def digest(self) -> str:
        """The text of the digest."""
        return self.letter.text

    @property
    def letter(self) -> Letter:
        """The digest with everything that it ever says: as the first one, with room for all."""
        account, covered = self.account, Coverage(self.account.address, "mail", self.now)
        thoughts = observe(self.assessments, self.clients, account.hours, self.now)
        formatter = LineFormatter(account, lambda _: {}, self.now)
        match = Directory(self.office).match
        facts = DigestFacts(formatter, self.assessments, (covered,), self.planned, self.events, match)
        return digest(replace(facts, observations=thoughts, lines=200, is_first=True))


def contradictions(morning: Morning) -> list[str]:
    """Every contradiction of a morning, in words."""
    return [f"{check.__name__}: {found}" for check in CHECKS for found in check(morning)]


def lines(text: str) -> Iterator[tuple[str, str]]:
    """The items of a letter, each with the title that it stands under."""
    title = ""
    for paragraph in re.split(r"\n(?=- )|\n\n", text):
        first = paragraph.strip().partition("\n")[0]
        if first.isupper() or re.fullmatch(r"[A-Z ?,'’]+ \(.*\)", first):
            title = first
        elif paragraph.lstrip().startswith("- "):
            yield title, " ".join(paragraph.split())


def _late(o: Obligation, now: datetime) -> bool:
    return o.due is not None and o.due < now and (o.closed is None or o.closed > now) and o.kind is not Kind.WAITING_FOR


# --- the facts ---


def words_are_not_of_their_message(m: Morning) -> Iterator[str]:
    """Whatever is quoted stands in the message that it is said to be from, and has its moment."""
    for a in m.assessments:
        alarmed = (e for alarm in a.alarms for e in alarm.evidence)
        owed = (e for o in a.obligations for e in (o.source, *o.evidence, replace(o.source, quote=o.quote)))
        for e in (*alarmed, *owed):
            known = e.type is SourceType.MESSAGE and e.quote is not None and e.reference in m.texts
            if known and _flat(e.quote or "") not in _flat(m.texts[e.reference]):
                yield f"{a.client}: “{e.quote}” is said to be of {e.reference}"


def _flat(text: str) -> str:
    return re.sub(r"[\s>]+", " ", text).strip(" .…").casefold()


def praised_although_something_is_wrong(m: Morning) -> Iterator[str]:
    by_client = {a.client: a for a in m.assessments}
    for one in observe(m.assessments, m.clients, m.account.hours, m.now):
        if one.kind in PRAISE and one.client is not None:
            a = by_client[one.client]
            if any(_late(o, m.now) for o in a.obligations if o.band is not Band.IGNORED):
                yield f"{one.client} is praised for while something is late"
            if a.alarms or a.recovery is not None or (a.complained and a.complained > m.now - timedelta(days=30)):
                yield f"{one.client} is praised for while they slip away, complain or are won back"


def silent_although_somebody_wrote(m: Morning) -> Iterator[str]:
    for a in m.assessments:
        for alarm in a.alarms:
            if alarm.kind is AlarmKind.SILENT:
                later = [p for p in a.balance if p.at > alarm.since and p.bucket is not Bucket.HELD_BACK]
                yield from (f"{a.client}: no word since {alarm.since:%d %b}, and a mail of {p.at:%d %b}" for p in later[:1])


# --- the digest ---


def praised_and_blamed_in_one_digest(m: Morning) -> Iterator[str]:
    items = list(lines(m.digest()))
    praised = {item for _, item in items if "were on time, and nothing special" in item or "comes early" in item}
    for praise in praised:
        client = praise[2:].partition(":")[0].partition(" (")[0]
        yield from (
            f"{praise} / {item}" for _, item in items if item not in praised and item[2:].startswith(client) and LATE.search(item)
        )


def nothing_planned_although_something_is(m: Morning) -> Iterator[str]:
    planned = {p.client for p in m.planned if p.kind in MEETINGS}
    for title, item in lines(m.digest()):
        client = item[2:].partition(":")[0].partition(" (")[0]
        if title.startswith("NOTHING PLANNED") and client in planned:
            yield item


def nothing_owed_to_whom_something_is(m: Morning) -> Iterator[str]:
    for title, item in lines(m.digest()):
        if title.startswith("MEETINGS") and "to be owed to them" in item:
            client = item[2:].partition(":")[0].partition(" (")[0]
            for a in m.assessments:
                debts = [o for o in a.obligations if a.client == client and _is_open(o, m.now)]
                yield from (f"{item} / {o.kind.value} {o.quote}" for o in debts[:1])


def _is_open(o: Obligation, now: datetime) -> bool:
    unowed = (Kind.WAITING_FOR, Kind.NEXT_STEP, Kind.REVIEW)
    open_ = (State.OPEN, State.DUE_SOON, State.OVERDUE, State.SNOOZED)
    return o.band is not Band.IGNORED and o.kind not in unowed and state(o, now) in open_


# --- the look-back, the sheet, the report, the agenda ---


def look_back_denies_itself(m: Morning) -> Iterator[str]:
    facts = looking_back.look_back(m.assessments, m.clients, m.account.hours, m.now - BACK, m.now)
    page = lookback_page.lookback(m.account, facts, m.clients, ())
    text = " ".join(page.text.split())
    if "Nobody is known to be waiting" in text and (any(w.still for w in facts.waits) or facts.unseen):
        yield "nobody waits, and somebody does"
    if "shows a sign of having been done" in text:
        unsigned = [o for a in m.assessments for o in a.obligations if o.created >= m.now - BACK and _is_unkept_promise(o, m.now)]
        yield from (f"every promise has its sign, and “{o.quote}” has none" for o in unsigned[:1])
    if "is in touch less than usual" in text and any(a.alarms for a in m.assessments if a.client in m.clients):
        yield "nobody slips away, and somebody does"


def _is_unkept_promise(o: Obligation, now: datetime) -> bool:
    weak = any(e != o.source and e.strength.value == "weak" for e in o.evidence)
    ended = state(o, now) in (State.OVERDUE, State.MISSED)
    return o.kind is Kind.PROMISE and o.band is Band.TRACKED and ended and not o.waived and not weak


def sheet_denies_itself(m: Morning) -> Iterator[str]:
    start = m.now - timedelta(days=7)
    text = " ".join(
        manager.touch_base_sheet(m.account, m.assessments, m.clients, start, m.now, m.now, to_manager=True).text.split()
    )
    if "Nothing is known to be overdue." in text:
        known = [o for o in _overdue(m) if is_firm(o)]
        yield from (f"nothing is overdue, and {o.client}: {o.quote} is" for o in known[:1])


def _overdue(m: Morning) -> list[Obligation]:
    return [o for a in m.assessments for o in a.obligations if is_overdue(o, m.now)]


def pages_count_differently_what_is_overdue(m: Morning) -> Iterator[str]:
    """The digest, `kept due` and the manager's sheet with what it leaves out speak of the same things."""
    start, owned = m.now - timedelta(days=7), [a for a in m.assessments if a.client in m.clients]
    different = {
        (o.client, " ".join((o.quote or o.key).split()).casefold()) for o in _overdue(m)
    }  # the digest says the same once
    told = len(m.letter.sections.get("overdue", ()))
    if told != len(different):
        yield f"the digest lists {told} as overdue, and {len(different)} are"
    listed = [o for o in most_urgent_first(_overdue(m), m.now) if owed_page.group(o, m.now, m.now) != "Overdue"]
    yield from (f"kept due lists {o.client}: {o.quote} elsewhere" for o in listed)
    sheet = manager.touch_base_sheet(m.account, owned, m.clients, start, m.now, m.now, to_manager=False)
    counted = re.search(r"(\d+) overdue", sheet.subject)
    left_out = re.search(r"(\d+) more in your digest", sheet.text)
    of_sheet = int(counted[1] if counted else 0) + int(left_out[1] if left_out else 0)
    if of_sheet != len(_overdue(m)):
        yield f"the sheet counts {of_sheet} overdue, and {len(_overdue(m))} are"


def report_denies_itself(m: Morning) -> Iterator[str]:
    for a in m.assessments:
        for since in (None, m.now - timedelta(days=30)):
            yield from _report_denies_itself(m, a, since)
        yield from _differs(m, a, m.clients[a.client])


def _report_denies_itself(m: Morning, a: Assessment, since: datetime | None) -> Iterator[str]:
    summary = summarize(m.account, m.clients[a.client], a, m.now, since)
    letter, _ = report.report(m.account, summary)
    bad = summary.met.of - summary.met.met
    if bad != len(summary.overdue) + len(summary.wrong):
        yield f"{a.client}: {bad} were not on time, and {len(summary.overdue)} + {len(summary.wrong)} are named"
    if "Nothing was late and nothing was missed." in " ".join(letter.text.split()):
        waiting = [o for o in a.obligations if _client_waits(o, m.now)]
        yield from (f"{a.client}: nothing was late, and they wait for “{o.quote}”" for o in waiting[:1])
        if bad:
            yield f"{a.client}: nothing was late, and {bad} were"


def _client_waits(o: Obligation, now: datetime) -> bool:
    owed = o.kind in (Kind.REPLY, Kind.CALLBACK, Kind.PROMISE) and o.counts and o.band is Band.TRACKED and not o.waived
    return owed and _late(o, now) and (o.lapses is None or o.lapses > now)


def _differs(m: Morning, a: Assessment, client: Client) -> Iterator[str]:
    """The agenda and the report of one period count alike."""
    charter = client.charter_at(m.now)
    told = " ".join(agenda.review_agenda(m.account, client, a, charter, timedelta(hours=1), m.now, figures=True).text.split())
    kept = re.search(r"Emails answered: (\d+) on time", told)
    since = agenda._since(a, charter, m.now)
    if kept and since is not None and since > m.now - timedelta(days=360):
        counted = summarize(m.account, client, a, m.now, since)
        mine = sum(r.met.met for r in counted.results if r.kind is Kind.REPLY)
        if mine != int(kept[1]):
            yield f"{a.client}: the agenda counts {kept[1]} answers on time, the report {mine}"


CHECKS: tuple[Callable[[Morning], Iterator[str]], ...] = (
    words_are_not_of_their_message,
    praised_although_something_is_wrong,
    silent_although_somebody_wrote,
    praised_and_blamed_in_one_digest,
    nothing_planned_although_something_is,
    nothing_owed_to_whom_something_is,
    look_back_denies_itself,
    sheet_denies_itself,
    pages_count_differently_what_is_overdue,
    report_denies_itself,
)


def mornings(start: datetime, until: datetime, account: Account) -> Iterator[datetime]:
    """Half past seven of every working day."""
    day = start
    while day < until:
        if hours.is_working_day(account.hours, day.date()):
            yield day
        day += timedelta(days=1)
