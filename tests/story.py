"""Stories: a few lines in the client's language become facts, are read by the real reader, and are assessed.

    charter   acme: reply 2h, callback 1 day, mon-fri 09:00-17:00 Europe/London     one line for each client
    client    acme: stage prospect, phone +442079460018, hours mon-fri 09:00-17:00 America/New_York
    charter   acme from 2026-04-01: reply 4h                        a later version, in force from that day
    business  acme                                           both sides wrote twice, early on the first day, and nothing is owed of it
    deliverable acme: Invoice every month on 5 by 12:00 attachment invoice*     also: every day, every week on fri; subject, recipient
    recovery  acme: infractions 3, within 3 months, grave 5 days, trust 5     or: recovery acme: off (as it is unless said)
    away      2026-03-09 2026-03-13: Vacation                       an all-day event of dana's own
    holidays  2026-04-03 2026-04-06
    start     2026-03-02                                     the day from which weekdays count; a Monday unless said
    Mon 09:00 kim@acme > Can you send the quote?             a mail to dana; more lines of it are indented
    Mon 10:00 dana > Here it is. [attach: quote.pdf]         to whom we last dealt with at the client, in the same thread
    Mon 10:30 lee > I can help.                              a colleague, to the same person
    Mon 11:00 voicemail from +44 20 7946 0018: Call me back  what the phone system sends; also: missed call, call made
    Tue 14:00-15:00 meeting with kim@acme: The new line      an event; options [cancelled] [declined] [unanswered] [booked Mon 10:00] [notes: …]
    Tue 15:00 done reply                                     the user's word on the latest of that kind: done, waive, wrong, undo,
    Tue 15:00 snooze reply until Thu 09:00                   snooze
    Tue 15:00 wrong reply in thread                          of all of its kind in that conversation
    Tue 15:00 rule reply                                     takes the rule that corrections suggest
    Mon 11:05 now

A weekday is the first one at or after the moment before; `+7d Mon 09:00` jumps ahead first; 2026-03-29 09:00 is that date.
Options of a mail: [new thread: subject] [thread: subject] [broken: subject] [attach: name] [to a, b] [cc a, b] [auto-submitted]
[list] [dmarc fail] [kept] [draft] [unsure] [sent: from dana's mailbox, whoever's address] [copy] [zone America/New_York] [arrived Mon 12:00]
[unread encrypted].
"""

from __future__ import annotations

import random
import re
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from telling.agreements import AGREED
from telling.happenings import happens
from telling.told import DANA, Told, moment_of

from connectors.mail import Message
from daemon import reading
from daemon.assess import assess
from daemon.core import absence, corrections, hours
from daemon.core.infractions import infractions
from daemon.core.people import Directory
from daemon.core.timeline import timeline
from daemon.glossary.assessments import Assessment, Coverage, Recovery
from daemon.glossary.decisions import Decision, Scope, Verb
from daemon.glossary.obligations import Obligation, State, state
from daemon.glossary.parties import Account, Office
from daemon.letters.digest import digest
from daemon.letters.digest_facts import DigestFacts
from daemon.letters.lines import LineFormatter


@dataclass(frozen=True, slots=True)
class Story:
    """What came of it, as of the story's `now`."""

    told: Told
    now: datetime
    assessments: tuple[Assessment, ...]

    @property
    def obligations(self) -> list[Obligation]:
        """Everything owed or once owed, oldest first."""
        return sorted((o for a in self.assessments for o in a.obligations), key=lambda o: (o.created, o.key))

    @property
    def open(self) -> list[Obligation]:
        """What stands: open, due soon or overdue."""
        return [o for o in self.obligations if state(o, self.now) in (State.OPEN, State.DUE_SOON, State.OVERDUE)]

    @property
    def says(self) -> list[str]:
        """The lines of the digest as its plain text has them, each with its section in front; without balance, links and ids."""
        firm = office(self.told)
        read = Coverage(DANA, "mail", self.now)
        formatter = LineFormatter(firm.accounts[0], lambda _: {}, self.now)
        facts = DigestFacts(formatter, self.assessments, (read,), (), self.told.events, Directory(firm).match)
        return list(_digest_lines(digest(facts).text))

    @property
    def states(self) -> list[str]:
        """`reply overdue`, one for each obligation."""
        return [f"{o.kind.value} {state(o, self.now).value}" for o in self.obligations]

    def of(self, kind: str) -> list[str]:
        """`Mon 9 kept`: the due day of each obligation of a kind and how it stands."""
        return [f"{o.due:%a} {o.due.day} {state(o, self.now).value}" for o in self.obligations if o.kind.value == kind and o.due]

    @property
    def balance(self) -> dict[str, int]:
        """How many of the clients' messages lie in each bucket."""
        return dict(Counter(p.bucket.value for a in self.assessments for p in a.balance))

    @property
    def rules(self) -> list[str]:
        """The rule by which each message lies where it lies."""
        return [p.rule for a in self.assessments for p in a.balance]

    @property
    def alarms(self) -> list[str]:
        """The signs that clients are slipping away."""
        return [f"{alarm.kind.value}: {alarm.says}" for a in self.assessments for alarm in a.alarms]

    @property
    def recovery(self) -> Recovery | None:
        """The recovery of the first client who has one."""
        return next((a.recovery for a in self.assessments if a.recovery), None)

    @property
    def infractions(self) -> list[str]:
        """What ended late or was missed."""
        return [f"{i.obligation.kind.value} {'missed' if i.missed else 'late'}" for i in infractions(self.obligations, self.now)]

    @property
    def only(self) -> Obligation:
        """The one obligation there is."""
        (obligation,) = self.obligations
        return obligation

    def at(self, when: str) -> Story:
        """The same story as of another moment, with nothing known that came later."""
        return judge(self.told, moment_of(replace(self.told, moment=self.told.begin), when))

    def shuffled(self, seed: int) -> Story:
        """The same facts, come in another order."""
        chance = random.Random(seed)
        messages, events = list(self.told.messages), list(self.told.events)
        chance.shuffle(messages)
        chance.shuffle(events)
        return judge(replace(self.told, messages=messages, events=events), self.now)


def _digest_lines(text: str) -> Iterator[str]:
    """The items of a digest's plain text: a paragraph under the title of its section, ending with the obligation's id."""
    for title, items in re.findall(r"^([A-Z][A-Z ?]+?)(?: \(\d[^)\n]*\))?\n\n((?:[-\s] .*\n)+)", text, re.MULTILINE):
        for item in re.split(r"^- ", items, flags=re.MULTILINE)[1:]:
            yield f"{title.capitalize()}: {re.sub(r'; [0-9a-z]{10}$', '', ' '.join(item.split()))}"


def tell(text: str | None) -> Story:
    """Read a story and assess it."""
    told = Told()
    for line in _lines(textwrap.dedent(text or "").strip("\n")):
        _take(told, line)
    if told.now is None:
        raise ValueError("the story does not say when now is")
    return judge(told, told.now)


def judge(told: Told, now: datetime) -> Story:
    """Assess the facts of a story as of a moment."""
    return Story(told, now, _assessed(told, now, _said(told, now)))


def said(story: Story) -> list[Decision]:
    """The user's decisions of a story, in order."""
    return _said(story.told, story.now)


def _said(told: Told, now: datetime) -> list[Decision]:
    decisions: list[Decision] = []
    for moment, words in sorted(w for w in told.words if w[0] <= now):
        before = Story(told, moment, _assessed(told, moment, decisions))
        decisions.append(_decision(told, before, moment, words, decisions))
    return decisions


def office(told: Told) -> Office:
    """Who we are and whom we serve."""
    dana = Account(DANA, "Dana Reyes", frozenset({DANA, "d.reyes@northwind.example"}), told.hours)
    clients = (
        replace(
            c,
            charter=replace(told.charters[name], since=told.since),
            amendments=tuple(replace(v, since=told.since) for v in c.amendments),
        )
        for name, c in told.clients.items()
    )
    return Office((dana,), tuple(clients), frozenset({"northwind.example"}))


def _assessed(told: Told, now: datetime, decisions: Sequence[Decision]) -> tuple[Assessment, ...]:
    firm = office(told)
    directory, (dana,) = Directory(firm), firm.accounts
    facts = [(m, read(told, dana, m)) for m in told.messages]
    found = []
    for client in firm.clients:
        mine = [(m, r) for m, r in facts if directory.client_of(DANA, m, r.call) == client.name]
        off = absence.days_off(dana, told.events)
        found.append(assess(timeline(dana, client, mine, told.events, directory, now, off), tuple(decisions), now))
    return tuple(found)


def read(told: Told, account: Account, message: Message) -> reading.Reading:
    """What the real reader reads in a message."""
    directory = Directory(office(told))
    utterance = reading.ReaderInput(
        direction="sent" if directory.is_users(account, message) else "received",
        sender=message.sender.email,
        to=tuple(a.email for a in message.to),
        cc=tuple(a.email for a in message.cc),
        date=message.date,
        subject=message.subject,
        text=message.text,
        headers=message.headers,
        user=tuple(sorted(account.addresses)),
        time_context=hours.frame(told.hours),
        addressee_names=(account.name,),
        unread=bool(message.unread),
        own_domains=("northwind.example",),
        region=account.region or "",
        sender_name=message.sender.name,
        follows=bool(message.in_reply_to or message.references),
    )
    return reading.read(utterance)


def _lines(text: str) -> Iterator[str]:
    """Lines with their continuations."""
    found: list[str] = []
    for line in text.splitlines():
        if line.startswith(" ") and found:
            found[-1] += "\n" + line.strip()
        elif line.strip():
            found.append(line.rstrip())
    return iter(found)


def _take(told: Told, line: str) -> None:
    head, _, rest = line.partition(" ")
    if head in AGREED:
        AGREED[head](told, rest.strip())
    else:
        happens(told, line)


def _decision(told: Told, before: Story, at: datetime, words: str, said: Sequence[Decision]) -> Decision:
    """`done reply`: the user's word on the latest obligation of that kind; `rule reply` takes the rule that is proposed."""
    verb, _, rest = words.partition(" ")
    kind, _, until = rest.partition(" until ")
    kind = kind.strip().removesuffix(" in thread")
    moment = at.astimezone(UTC)
    if verb == "rule":
        (proposal,) = [p for p in corrections.proposals(said, moment) if p.kind.value == kind]
        return corrections.take(proposal, moment, DANA, "")
    if verb == "undo":
        latest = next(d for d in reversed(said) if d.kind is not None and d.kind.value == kind)
        return Decision(latest.target, Verb.UNDO, moment, DANA)
    targets = [o for o in before.obligations if o.kind.value == kind and not o.waived]
    assert targets, f"there is no {kind} to say “{words}” of"
    decision = Decision(targets[-1].key, Verb(verb), moment, DANA, moment_of(replace(told, moment=at), until) if until else None)
    scope = Scope.THREAD if words.endswith(" in thread") else Scope.ITEM
    return corrections.about(decision, targets[-1], scope)
