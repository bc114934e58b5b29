"""A client is booked, and a manager is written to, only if that account's own digest, which announced it, was delivered in time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from office import KIM, Office, every
from servers.mail_servers import Sink, smtp_sink
from servers.processes import Missing
from week import at

from connectors.formats import mime
from connectors.mail import Message, Role
from daemon.glossary.decisions import Verb
from daemon.operations.decisions import decide
from daemon.operations.plans import coming

pytestmark = pytest.mark.server
DANA, LEE, JO, BOSS = "dana@northwind.example", "lee@northwind.example", "jo@birch.example", "boss@northwind.example"
ACCOUNT = """
  - name: {name}
    addresses: [{address}]
    time_zone: Europe/London
    working_hours: {{days: mon-fri, start: "09:00", end: "17:30"}}
    holidays: GB-ENG
    manager: boss@northwind.example
    tell_manager: true
    mail: [{{type: maildir, path: {folder}/Maildir}}]
    calendars: [{{type: ics, path: {folder}/calendar}}]
    send: {{type: smtp, host: 127.0.0.1, port: {port}, tls: none}}"""
CLIENTS = """
clients:
  - {name: Acme Ltd, domains: [acme.example], owner: dana@northwind.example, charter: {reply: 2h, review: 3 months, escalate: 1 day}}
  - {name: Birch GmbH, domains: [birch.example], owner: lee@northwind.example, charter: {reply: 2h, review: 3 months, escalate: 1 day}}
state: state
history: 400 days
"""


class Two:
    """Dana with Acme, and Lee with Birch: one state, one zone, an SMTP server each. `dana` and `lee` are their mailboxes."""

    def __init__(self, folder: Path, sinks: tuple[Sink, Sink]) -> None:
        self.dana, self.lee = Office(folder / "dana"), Office(folder / "lee")
        self.sinks = sinks
        rows = zip(("Dana Reyes", "Lee Moore"), (DANA, LEE), ("dana", "lee"), sinks, strict=True)
        accounts = "".join(ACCOUNT.format(name=n, address=a, folder=folder / f, port=s.port) for n, a, f, s in rows)
        (folder / "config.yaml").write_text(f"accounts:{accounts}{CLIENTS}")
        self.both = Office(folder)

    def reviews_are_due(self) -> None:
        day = datetime(2025, 12, 8, 10, tzinfo=UTC)
        self.dana.business(day)
        for n, (sender, to) in enumerate([(JO, LEE), (LEE, JO), (JO, LEE), (LEE, JO), (JO, LEE)]):
            folder = "" if to == LEE else ".Sent"
            self.lee.mail(day + timedelta(hours=n), sender, to, "The second line costs 400 a month.", name=f"b{n}")
            if folder:
                file = next((self.lee.folder / "Maildir" / "cur").glob(f"*.b{n}:*"))
                file.rename(self.lee.folder / "Maildir" / ".Sent" / "cur" / file.name)

    def letters(self, number: int, to: str) -> list[Message]:
        taken = self.sinks[number].taken
        return [mime.parse(raw, role=Role.INBOX, folder="INBOX") for _, people, raw in taken if people == (to,)]


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    with ExitStack() as stack:
        try:
            sinks = stack.enter_context(smtp_sink()), stack.enter_context(smtp_sink())
        except Missing as missing:
            pytest.skip(str(missing))
        yield Two(tmp_path, sinks)


def test_a_client_is_booked_only_if_its_own_accounts_digest_was_delivered(two: Two) -> None:
    two.reviews_are_due()
    two.sinks[1].trouble = {"MAIL": "451 out of order"}
    two.both.live(*every(60, at(0, 7), at(1, 17)))
    assert (len(two.dana.booked()), len(two.lee.booked())) == (1, 0)
    assert (len(two.letters(0, KIM)), len(two.letters(1, JO))) == (1, 0)
    two.sinks[1].trouble = {}
    two.both.live(*every(60, at(2, 7), at(2, 17)))
    assert two.lee.booked() == [], "it was announced this morning"
    two.both.live(*every(60, at(3, 7), at(3, 17)))
    assert (len(two.lee.booked()), len(two.letters(1, JO))) == (1, 1)


def test_the_notice_counts_from_the_moment_at_which_the_digest_was_delivered(two: Two) -> None:
    two.reviews_are_due()
    two.sinks[1].trouble = {"MAIL": "451 out of order"}
    two.both.live(*every(60, at(0, 7), at(0, 14)))
    two.sinks[1].trouble = {}
    two.both.live(*every(60, at(0, 15), at(1, 14)))
    assert len(two.dana.booked()) == 1
    assert two.lee.booked() == [], "its digest came at three"
    two.both.live(at(1, 15), at(1, 16))
    assert len(two.lee.booked()) == 1


def test_a_digest_of_unknown_fate_announces_nothing(two: Two) -> None:
    two.reviews_are_due()
    two.sinks[1].trouble = {"DOT": "drop"}
    two.both.live(at(0, 8))
    two.sinks[1].trouble = {}
    two.both.live(*every(60, at(0, 9), at(1, 17)))
    assert (len(two.dana.booked()), len(two.lee.booked())) == (1, 0)
    two.both.live(*every(60, at(2, 7), at(2, 17)))
    assert len(two.lee.booked()) == 1, "the next digest announced it"


def test_what_was_vetoed_after_a_failed_digest_is_not_booked_once_digests_arrive(two: Two) -> None:
    two.reviews_are_due()
    two.sinks[1].trouble = {"MAIL": "451 out of order"}
    two.both.live(*every(60, at(0, 7), at(0, 12)))
    with two.both.app() as app:
        (planned,) = [a for a in coming(app, at(0, 12)) if a.client == "Birch GmbH" and a.reaches_client]
        decide(app, Verb.VETO, planned.id, at(0, 12))
    two.sinks[1].trouble = {}
    two.both.live(*every(60, at(0, 13), at(3, 17)))
    assert (len(two.dana.booked()), len(two.lee.booked()), len(two.letters(1, JO))) == (1, 0, 0)


def test_a_manager_hears_only_what_that_accounts_own_digest_announced(two: Two) -> None:
    for office, sender, to in ((two.dana, KIM, DANA), (two.lee, JO, LEE)):
        office.mail(at(-3, 9, 30), sender, to, "Can you send me the revised quote? We need it today.", name="ask")
    two.both.live(at(-3, 9))
    two.sinks[1].trouble = {"MAIL": "451 out of order"}
    two.both.live(*every(60, at(-3, 10), at(3, 17)))
    assert (len(two.letters(0, BOSS)) > 0, two.letters(1, BOSS)) == (True, [])
