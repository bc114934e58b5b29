"""A team of two over one store, whose mails and meetings lie in whose mailbox and calendar a test says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from telling.told import working
from week import at

from connectors.calendar import Attendee, CalendarBatch, Event
from connectors.mail import Address, Message, Role
from daemon import reading
from daemon.core import hours
from daemon.core.people import Directory
from daemon.glossary.charter import Allowance, Charter, Unit
from daemon.glossary.obligations import OPEN_STATES, Obligation, state
from daemon.glossary.parties import Account, Client, Office
from daemon.ledger import Ledger
from daemon.store import ReadMessage, Store

HOURS = working("mon-fri 09:00-17:00 Europe/London")
DANA = Account(
    "dana@northwind.example", "Dana Reyes", frozenset({"dana@northwind.example"}), HOURS, cover="lee@northwind.example"
)
LEE = Account("lee@northwind.example", "Lee Chen", frozenset({"lee@northwind.example"}), HOURS)
DANA_WRITES, LEE_WRITES = (Address(a.address, a.name) for a in (DANA, LEE))
KIM = Address("kim@acme.example", "Kim Lee")
ACME = Client(
    "Acme Ltd", frozenset({"acme.example"}), charter=Charter(standards={"reply": Allowance(120, Unit.BUSINESS_MINUTES)})
)
REVIEWED = replace(
    ACME, charter=Charter(standards={"contact": Allowance(2, Unit.WORKING_DAYS), "reply": Allowance(120, Unit.BUSINESS_MINUTES)})
)
QUESTION = "Hi Dana,\n\nCan you send me the revised quote for the belts?\n\nKim"
ASKS = ("Can you send me the drawings?", "When will the rollers arrive?", "What does the second belt cost?")
GROUP, WRITERS = Address("sales@northwind.example"), ("dana", "lee", "both")
TO_NOBODY = QUESTION.replace("Hi Dana,", "Hello,")
ANSWER = "Hi Kim,\n\nThe revised quote for the belts is 4,200 EUR, delivered in week 12.\n\nLee"


@dataclass(slots=True)
class Team:
    """Two accounts over one store; what lies in whose mailbox is told line by line."""

    store: Store
    client: Client = ACME
    accounts: tuple[Account, ...] = (DANA, LEE)

    def mail(
        self,
        name: str,
        when: datetime,
        sender: Address,
        to: tuple[Account | Address, ...],
        text: str,
        *holders: Account,
        **more: object,
    ) -> Message:
        """A mail that lies in these mailboxes."""
        people = tuple(Address(p.address, p.name) if isinstance(p, Account) else p for p in to)
        mail = Message(f"<{name}@x.example>", when, when, sender, to=people, text=text, subject="The belts", transmitted=True)
        mail = replace(mail, **more)  # type: ignore[arg-type]
        for account in holders:
            mine = replace(mail, role=Role.SENT) if sender.email in account.addresses else mail
            frame = hours.frame(account.hours)
            asked = reading.ReaderInput(
                "sent" if mine.role is Role.SENT else "received", sender.email, tuple(p.email for p in people), (), when, mail.subject, text,
                user=tuple(account.addresses), time_context=frame, own_domains=("northwind.example",),
            )  # fmt: skip
            self.store.add_mail(
                account.address, "mail", (ReadMessage(mine, reading.read(asked), self.client.name),), name, (), when
            )
        return mail

    def ledger(self, account: Account) -> Ledger:
        """The ledger of one account, as its own process has it."""
        office = Office(self.accounts, (self.client,), frozenset({"northwind.example"}))
        return Ledger(account, office.clients, Directory(office), self.store)

    def owed(self, account: Account, now: datetime) -> list[Obligation]:
        """All that an account owes or owed."""
        return [
            o for a in self.ledger(account).assessments(now) for o in a.obligations if o.kind.value not in {"feedback", "review"}
        ]

    def open(self, account: Account, now: datetime) -> list[str]:
        """The kinds of what an account owes still."""
        return [o.kind.value for o in self.owed(account, now) if state(o, now) in OPEN_STATES]

    def meets(self, account: Account, when: datetime, title: str = "The belts") -> None:
        """Put a meeting of an account with the client into its calendar."""
        people = (Attendee(KIM.email, KIM.name, "accepted"),)
        event = Event(
            f"met-{title}", when, when + timedelta(hours=1), title, attendees=people, organizer=account.address, created=at(0, 8)
        )
        self.store.add_events(account.address, "meetings", CalendarBatch((event,), title), at(0, 8))

    def away(self, account: Account, first: datetime, last: datetime) -> None:
        """Put a vacation into an account's calendar."""
        event = Event("vacation", first, last, "Vacation", all_day=True, created=at(0, 8), organizer=account.address)
        self.store.add_events(account.address, "calendar", CalendarBatch((event,), "1"), at(0, 8))


def known_to_both(team: Team) -> None:
    """Each of the two has dealt with the client before, so that each serves them."""
    for number, account in enumerate((DANA, LEE)):
        team.mail(
            f"hello-{number}",
            at(0, 9),
            Address(account.address, account.name),
            (KIM,),
            "Hi Kim,\n\nThe order went out today.",
            account,
        )
        team.mail(f"thanks-{number}", at(0, 10), KIM, (account,), "Thanks, all arrived.", account)
