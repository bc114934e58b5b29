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
    Tue 14:00-15:00 meeting with kim@acme: The new line      an event; options [cancelled] [declined] [booked Mon 10:00] [notes: …]
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
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from connectors.calendar import Attendee, Event
from connectors.mail import Address, Attachment, Message, Role
from daemon import reading
from daemon.assess import assess
from daemon.core import absence, corrections, hours
from daemon.core.infractions import infractions
from daemon.core.people import Directory
from daemon.core.timeline import timeline
from daemon.glossary.assessments import Assessment, Coverage, Recovery
from daemon.glossary.charter import Charter, Deliverable, Interval, Period, Redress, WorkingHours
from daemon.glossary.decisions import Decision, Scope, Verb
from daemon.glossary.obligations import Obligation, State, state
from daemon.glossary.parties import Account, Client, Office, Stage
from daemon.letters.digest import digest

DANA, LEE = "dana@northwind.example", "lee@northwind.example"
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_KEYS = {"callback": "call_back", "next": "next_step"}
_DELIVERABLE = re.compile(
    r"(\w+): (.+?) every (day|week|month)(?: on (\w+))?(?: by (\d\d:\d\d))?(?: subject (.+?))?(?: attachment (.+?))?(?: recipient (.+?))?"
)
_WHEN = re.compile(
    r"^(?:\+(\d+)d )?(?:(Mon|Tue|Wed|Thu|Fri|Sat|Sun)|(\d{4}-\d\d-\d\d)) (\d\d:\d\d)(?:-(\d\d:\d\d))?\s+(.*)$", re.DOTALL
)
_OPTION = re.compile(r"\s*\[([^\]]*)\]")
_NAMES = (
    "new thread", "thread", "broken", "attach", "to", "cc", "auto-submitted", "list", "dmarc fail", "kept", "draft", "unsure", "copy", "zone",
    "arrived", "sent", "unread", "cancelled", "declined", "booked", "notes", "all day",
)  # fmt: skip
_HOURS = re.compile(
    r"(mon|tue|wed|thu|fri|sat|sun)-(mon|tue|wed|thu|fri|sat|sun) ((?:\d\d:\d\d-\d\d:\d\d ?)+)([A-Z]\w+(?:/\w+)?)"
)


@dataclass(slots=True)
class Told:
    """The facts that a story tells."""

    charters: dict[str, Charter] = field(default_factory=dict)
    since: datetime | None = None
    clients: dict[str, Client] = field(default_factory=dict)
    hours: WorkingHours = field(default_factory=lambda: working("mon-fri 09:00-17:00 Europe/London"))
    begin: datetime = datetime(2026, 3, 2, tzinfo=UTC)
    moment: datetime = datetime(2026, 3, 2, tzinfo=UTC)
    messages: list[Message] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    words: list[tuple[datetime, str]] = field(default_factory=list)
    now: datetime | None = None
    last: dict[str, str] = field(default_factory=dict)  # client -> whom we last dealt with
    threads: dict[str, list[Message]] = field(default_factory=dict)
    spoken: str = ""  # the client we last dealt with


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
        letter = digest(
            firm.accounts[0], self.assessments, (read,), (), self.told.events, Directory(firm).match, lambda _: {}, self.now
        )
        return list(_digest_lines(letter.text))

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
        return judge(self.told, _moment(replace(self.told, moment=self.told.begin), when))

    def shuffled(self, seed: int) -> Story:
        """The same facts, come in another order."""
        chance = random.Random(seed)
        messages, events = list(self.told.messages), list(self.told.events)
        chance.shuffle(messages)
        chance.shuffle(events)
        return judge(replace(self.told, messages=messages, events=events), self.now)


def _digest_lines(text: str) -> Iterator[str]:
    """The items of a digest's plain text: a paragraph under the title of its section, ending with the obligation's id."""
    for title, items in re.findall(r"^([A-Z ?]+) \(\d+\)\n\n((?:[-\s] .*\n)+)", text, re.MULTILINE):
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


# reading the lines


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
    if head == "charter":
        _charter(told, rest.strip())
    elif head == "client":
        _client(told, rest.strip())
    elif head == "deliverable":
        _deliverable(told, rest.strip())
    elif head == "recovery":
        _recovery(told, rest.strip())
    elif head == "away":
        _away(told, rest.strip())
    elif head == "holidays":
        told.hours = replace(told.hours, holidays=frozenset(date.fromisoformat(d) for d in rest.split()))
    elif head == "business":
        _business(told, rest.strip())
    elif head == "start":
        told.begin = told.moment = datetime.combine(date.fromisoformat(rest.strip()), time(), ZoneInfo(told.hours.zone))
    else:
        _happens(told, line)


def _business(told: Told, name: str) -> None:
    """Both sides wrote twice, on the first day before eight, and nobody asked or promised anything."""
    kim, zone = f"kim@{name}.example", ZoneInfo(told.hours.zone)
    for n, (sender, to, text) in enumerate(
        (
            (kim, DANA, "Line two has been running without a stop since the new rollers came."),
            (DANA, kim, "The spare rollers left our works yesterday by lorry."),
            (kim, DANA, "All six rollers arrived in good order and are in the store."),
            (DANA, kim, "The invoice for the six rollers is in the post."),
        )
    ):
        at = datetime.combine(told.begin.date(), time(7, 10 * n), zone)
        role, subject = Role.SENT if sender == DANA else Role.INBOX, f"Rollers {n}"
        message = Message(f"<business{n}.{name}>", at, at, Address(sender), subject, (Address(to),), text=text, role=role)
        told.messages.append(message)


def working(text: str) -> WorkingHours:
    """mon-fri 09:00-12:00 13:00-17:00 Europe/London."""
    found = _HOURS.search(text)
    assert found, f"no working hours in “{text}”"
    first, last = _DAYS.index(found[1]), _DAYS.index(found[2])
    day = tuple(Interval(*(time.fromisoformat(t) for t in span.split("-"))) for span in found[3].split())
    return WorkingHours(found[4], tuple(day if first <= n <= last else () for n in range(7)))


def _charter(told: Told, text: str) -> None:
    name, _, rest = text.partition(":")
    name, _, start = name.partition(" from ")
    told.clients.setdefault(name, Client(name.capitalize(), frozenset({f"{name}.example"})))
    before = _latest(told, name) if start else Charter({"next_step": None, "review": None, "feedback": None}, redress=None)
    found = dict(before.standards)
    shifts = before.away_shifts
    for part in (p.strip() for p in rest.split(",") if p.strip()):
        if _HOURS.search(part):
            told.hours = replace(working(part), holidays=told.hours.holidays)
            continue
        key, _, value = part.partition(" ")
        if key == "since":
            told.since = _moment(told, value)
        elif key == "away":
            shifts = value == "shifts"
        else:
            value = value.removeprefix("step ")
            found[_KEYS.get(key, key)] = None if value == "off" else hours.parse_allowance(value)
    charter = replace(before, standards=found, away_shifts=shifts)
    if start:
        begin = datetime.combine(date.fromisoformat(start), time(), ZoneInfo(told.hours.zone))
        client = told.clients[name]
        told.clients[name] = replace(client, amendments=(*client.amendments, replace(charter, start=begin)))
    else:
        told.charters[name] = charter


def _latest(told: Told, name: str) -> Charter:
    """The version of a charter that was told last."""
    return told.clients[name].amendments[-1] if told.clients[name].amendments else told.charters[name]


def _amend(told: Told, name: str, charter: Charter) -> None:
    """Put another charter in the place of the one told last."""
    client = told.clients[name]
    if client.amendments:
        told.clients[name] = replace(client, amendments=(*client.amendments[:-1], charter))
    else:
        told.charters[name] = charter


def _deliverable(told: Told, text: str) -> None:
    found = _DELIVERABLE.fullmatch(text)
    assert found, f"no deliverable in “{text}”"
    name, title, every, on, by, subject, attachment, recipient = found.groups()
    day = _DAYS.index(on) if on in _DAYS else int(on or 0)
    clock = time.fromisoformat(by) if by else None
    before = _latest(told, name)
    thing = Deliverable(title, Period(every), day, clock, subject, attachment, recipient)
    _amend(told, name, replace(before, deliverables=(*before.deliverables, thing)))


def _recovery(told: Told, text: str) -> None:
    name, _, rest = text.partition(":")
    if rest.strip() == "off":
        _amend(told, name, replace(_latest(told, name), redress=None))
        return
    said = {key: value for key, _, value in (part.strip().partition(" ") for part in rest.split(",") if part.strip())}
    usual = Redress()
    grave = said.get("grave")
    redress = Redress(
        int(said.get("infractions", usual.infractions)),
        hours.parse_allowance(said["within"]) if "within" in said else usual.within,
        usual.grave if grave is None else None if grave == "off" else hours.parse_allowance(grave),
        int(said.get("trust", usual.trust)),
    )
    _amend(told, name, replace(_latest(told, name), redress=redress))


def _away(told: Told, text: str) -> None:
    days, _, title = text.partition(":")
    first, last = (date.fromisoformat(d) for d in days.split())
    zone = ZoneInfo(told.hours.zone)
    start, end = (datetime.combine(d, time(), zone) for d in (first, last + timedelta(days=1)))
    told.events.append(
        Event(f"away{len(told.events)}@northwind.example", start, end, title.strip(), all_day=True, organizer=DANA)
    )


def _client(told: Told, text: str) -> None:
    name, _, rest = text.partition(":")
    client = told.clients[name]
    for part in (p.strip() for p in rest.split(",")):
        key, _, value = part.partition(" ")
        if key == "stage":
            client = replace(client, stage=Stage(value))
        elif key == "phone":
            client = replace(client, phones=client.phones | {value})
        elif key == "address":
            client = replace(client, addresses=client.addresses | {value})
        elif key == "hours":
            client = replace(client, hours=working(value))
        elif key == "won":
            client = replace(client, won=datetime.combine(date.fromisoformat(value), time(), ZoneInfo(told.hours.zone)))
    told.clients[name] = client


def _moment(told: Told, text: str) -> datetime:
    found = _WHEN.match(text + " .")
    assert found, f"no moment in “{text}”"
    return _when(told, found[1], found[2], found[3], found[4])


def _when(told: Told, jump: str | None, weekday: str | None, day: str | None, clock: str) -> datetime:
    zone = ZoneInfo(told.hours.zone)
    local = told.moment.astimezone(zone)
    if day:
        return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), zone)
    if jump:
        local = datetime.combine(local.date() + timedelta(days=int(jump)), time(), zone)
    days = (_DAYS.index((weekday or "mon").lower()) - local.weekday()) % 7
    found = datetime.combine(local.date() + timedelta(days=days), time.fromisoformat(clock), zone)
    return found if found >= local else datetime.combine(local.date() + timedelta(days=days + 7), time.fromisoformat(clock), zone)


def _happens(told: Told, line: str) -> None:
    found = _WHEN.match(line)
    assert found, f"what is “{line}”?"
    at, end, what = _when(told, *found.group(1, 2, 3, 4)), found[5], found[6].strip()
    if end:
        _meeting(told, at, end, what)
        return
    if what == "now":
        told.now = at
    elif re.match(r"(?:done|waive|wrong|snooze|undo|rule)\b", what):
        told.words.append((at, what))
    elif re.match(r"(?:voicemail|missed call|call made)\b", what):
        _phone(told, at, what)
    else:
        _mail(told, at, what)
    told.moment = at


def _options(text: str) -> tuple[str, dict[str, str]]:
    found = {}
    for option in _OPTION.findall(text):
        name = next((n for n in _NAMES if option == n or option.startswith((f"{n}:", f"{n} "))), None)
        assert name, f"nobody knows the option “{option}”"
        found[name] = option.removeprefix(name).removeprefix(":").strip()
    return _OPTION.sub("", text).strip(), found


def _value(options: dict[str, str], name: str) -> str:
    return options.get(name, "")


def _address(name: str) -> str:
    if "@" not in name:
        return {"dana": DANA, "alias": "d.reyes@northwind.example"}.get(name, f"{name}@northwind.example")
    return name if "." in name.partition("@")[2] else f"{name}.example"


def _display_name(address: str) -> str:
    """Kim for kim@acme.example: the name with which people write; a role has none."""
    local = address.partition("@")[0]
    return (
        local.capitalize() if local.isalpha() and local not in {"desk", "info", "news", "newsletter", "sales", "support"} else ""
    )


def _mail(told: Told, at: datetime, what: str) -> None:
    who, _, said = what.partition(" > ")
    text, options = _options(said)
    sender = _address(who.strip())
    ours = sender.endswith("@northwind.example") or "sent" in options
    client = told.spoken if ours else _client_name(told, sender)
    to, cc = (
        [Address(a, _display_name(a)) for n in _value(options, key).split(",") if n.strip() for a in [_address(n.strip())]]
        for key in ("to", "cc")
    )
    if not to:
        to = [Address(told.last[client] if ours else DANA)]
    client = next((c for a in (*to, *cc) if (c := _client_name(told, a.email))), client) if ours else client
    told.spoken = client
    told.last[client] = next((a.email for a in to if _client_name(told, a.email)), told.last.get(client, "")) if ours else sender
    told.messages.append(_message(told, at, Address(sender, _display_name(sender)), to, cc, client, text, options))
    if "copy" in options:
        told.messages.append(replace(told.messages[-1], folder="Archive", role=Role.ARCHIVE))


def _message(
    told: Told,
    at: datetime,
    sender: Address,
    to: list[Address],
    cc: list[Address],
    client: str,
    text: str,
    options: dict[str, str],
) -> Message:
    key = _thread_key(told, client, options)
    broken = _value(options, "broken")
    before = [] if "new thread" in options or broken else told.threads.pop(key, [])
    subject = key.partition("/")[2]
    ours = sender.email == DANA or "sent" in options
    message = Message(
        message_id=_fresh_id(told, f"{at:%Y%m%d%H%M}.{client}.{sender.email}"),
        date=at.astimezone(ZoneInfo(_value(options, "zone"))) if "zone" in options else at,
        received=(_moment(told, _value(options, "arrived")) if "arrived" in options else at).astimezone(UTC),
        sender=sender,
        subject=broken or (f"Re: {subject}" if before else subject),
        to=tuple(to),
        cc=tuple(cc),
        in_reply_to=(before[-1].message_id,) if before else (),
        references=tuple(m.message_id for m in before),
        text=text,
        headers=dict(header for option, header in _HEADERS.items() if option in options),
        attachments=tuple(
            Attachment(n.strip(), "application/pdf", 90_000) for n in _value(options, "attach").split(",") if n.strip()
        ),
        role=Role.DRAFTS if "draft" in options else Role.OTHER if "unsure" in options else Role.SENT if ours else Role.INBOX,
        authentic="dmarc fail" not in options,
        unread=_value(options, "unread"),
        transmitted="unsure" not in options,
    )
    told.threads[key] = [*before, message]
    return message


_HEADERS = {"auto-submitted": ("auto-submitted", "auto-replied"), "list": ("list-id", "<news>"), "kept": ("x-kept-id", "1")}


def _thread_key(told: Told, client: str, options: dict[str, str]) -> str:
    """The conversation that a mail belongs to: the one it names, else the client's latest, else their first."""
    name = _value(options, "new thread") or _value(options, "thread")
    if name:
        return f"{client}/{name}"
    return next((key for key in reversed(told.threads) if key.startswith(f"{client}/")), f"{client}/Hello")


def _fresh_id(told: Told, name: str) -> str:
    """An id that depends on nothing but the mail itself and its equals."""
    return f"<{sum(m.message_id.endswith(f'.{name}>') for m in told.messages)}.{name}>"


def _client_name(told: Told, address: str) -> str:
    return next((n for n, c in told.clients.items() if address.partition("@")[2] in c.domains or address in c.addresses), "")


def _phone(told: Told, at: datetime, what: str) -> None:
    head, _, transcript = what.partition(": ")
    kind, _, number = head.partition(" from ") if " from " in head else head.partition(" to ")
    subject = {"voicemail": f"New voicemail from {number}", "missed call": f"Missed call from {number}"}.get(
        kind, f"Call to {number} completed"
    )
    text = f"Transcript:\n{transcript}\n" if transcript else f"{kind} {number}"
    told.messages.append(
        Message(
            _fresh_id(told, f"{at:%Y%m%d%H%M}@pbx.example"),
            at,
            at.astimezone(UTC),
            Address("no-reply@pbx.example"),
            subject,
            (Address(DANA),),
            text=text,
        )
    )


def _meeting(told: Told, at: datetime, end: str, what: str) -> None:
    what, options = _options(what)
    found = re.match(r"meeting(?: with ([^:]*))?: (.*)", what, re.DOTALL)
    assert found, f"what is “{what}”?"
    guests = [_address(n.strip()) for n in (found[1] or "").split(",") if n.strip()]
    answer = "declined" if "declined" in options else "accepted"
    name = f"{at:%Y%m%d%H%M}.{found[1]}.{found[2]}"
    name += f".{sum(name in e.uid for e in told.events)}"
    told.events.append(
        Event(
            f"kept-{name}" if "kept" in options else f"{name}@calendar.example",
            at,
            datetime.combine(at.date(), time.fromisoformat(end), at.tzinfo),
            found[2],
            description=_value(options, "notes"),
            organizer=DANA,
            attendees=tuple(Attendee(g, answer=answer) for g in guests),
            status="cancelled" if "cancelled" in options else "confirmed",
            created=_moment(told, _value(options, "booked")) if "booked" in options else None,
            all_day="all day" in options,
        )
    )


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
    decision = Decision(targets[-1].key, Verb(verb), moment, DANA, _moment(replace(told, moment=at), until) if until else None)
    scope = Scope.THREAD if words.endswith(" in thread") else Scope.ITEM
    return corrections.about(decision, targets[-1], scope)
