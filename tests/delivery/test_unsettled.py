"""What nobody knows the fate of is said in the next digest and in the status, until it is settled; real turns, a real SMTP server."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from office import DANA, KIM, Office, every
from servers.mail_servers import Sink
from week import at

from connectors.errors import ConnectorError
from connectors.formats import mime
from connectors.local.ics_folder import IcsCalendar
from connectors.mail import Message, Role
from daemon.delivery.unsettled import unsettled
from daemon.glossary.actions import ActionKind, Delivery
from daemon.glossary.decisions import Verb
from daemon.operations.decisions import decide
from daemon.operations.status import Status
from daemon.service import health
from daemon.service.state_files import write_state_files

pytestmark = pytest.mark.server


@pytest.fixture
def office(tmp_path: Path, smtp_sink: Sink) -> Office:
    office = Office(tmp_path)
    send = f"send: {{type: smtp, host: 127.0.0.1, port: {smtp_sink.port}, tls: none}}"
    office.config.write_text(office.config.read_text().replace("send: {type: file, path: outbox}", send))
    return office


def taken(sink: Sink, to: str = DANA) -> list[Message]:
    return [mime.parse(raw, role=Role.INBOX, folder="INBOX") for _, people, raw in sink.taken if people == (to,)]


def digests(sink: Sink) -> list[Message]:
    return [m for m in taken(sink) if m.subject.startswith("Kept, ")]


def written_status(office: Office, now: datetime) -> dict[str, Any]:
    with office.app() as app:
        write_state_files(app, now, running=False)
    return json.loads((office.folder / "state" / "status.json").read_text())  # type: ignore[no-any-return]


def test_a_digest_that_may_not_have_arrived_is_named_in_the_next_one_and_never_sent_twice(
    office: Office, smtp_sink: Sink
) -> None:
    office.mail(at(-3, 9), KIM, DANA, "Can you send me the revised quote?")
    smtp_sink.trouble = {"DOT": "drop"}
    office.live(at(0, 8))
    smtp_sink.trouble = {}
    office.live(*every(60, at(0, 9), at(1, 7)))
    (one,) = written_status(office, at(1, 7))["unsettled"]
    assert (one["account"], one["what"], one["since"]) == (DANA, "the digest of Mon 2 Mar", at(0, 8).isoformat())
    assert "The next digest repeats what it said" in one["next"]
    office.live(at(1, 8), at(1, 9))
    first, second = digests(smtp_sink)
    assert first.message_id != second.message_id
    assert "PERHAPS NOT SENT\n" in second.text
    assert "the digest of Mon 2 Mar" in second.text
    assert "revised quote" in second.text
    assert written_status(office, at(1, 9))["unsettled"] == []
    office.live(at(2, 8))
    assert "PERHAPS NOT SENT" not in digests(smtp_sink)[-1].text


def test_a_question_that_may_not_have_been_asked_is_asked_by_the_next_digest(office: Office, smtp_sink: Sink) -> None:
    office.mail(at(-21, 9), DANA, KIM, "I will send you the new drawings.", subject="Drawings")
    smtp_sink.trouble = {"DOT": "drop"}
    office.live(at(0, 8))
    smtp_sink.trouble = {}
    office.live(at(1, 8), at(2, 8))
    asked = ["STILL OPEN?" in d.text for d in digests(smtp_sink)]
    assert asked == [asked[0], asked[0], False]


def invitation_lost(office: Office, sink: Sink) -> None:
    """The review is booked on Tuesday, and the answer to its invitation is lost."""
    office.business(datetime(2025, 12, 8, 10, tzinfo=UTC))
    office.live(*every(30, at(0, 7), at(1, 8, 30)))
    sink.trouble = {"DOT": "drop"}
    office.live(*every(30, at(1, 9), at(1, 18)))
    sink.trouble = {}
    assert len(office.booked()) == len(taken(sink, KIM)) == 1


def test_an_invitation_that_may_not_have_arrived_stays_in_every_digest_until_the_user_says(
    office: Office, smtp_sink: Sink
) -> None:
    invitation_lost(office, smtp_sink)
    office.live(at(2, 8), at(3, 8))
    for digest in digests(smtp_sink)[-2:]:
        words = " ".join(digest.text.split())
        assert f"the invitation to {KIM}" in words
        assert f"Ask {KIM} whether it arrived" in words
    (one,) = written_status(office, at(3, 9))["unsettled"]
    assert f"kept done {one['id']} if it arrived, or kept resend {one['id']}" in one["next"]
    assert one["id"] in Status(health.read_status(office.folder / "state") or {}, running=False, now=at(3, 9)).text()
    with office.app() as app:
        assert decide(app, Verb.DONE, one["id"], at(3, 9)).summary == f"the invitation to {KIM}"
    office.live(at(3, 10), at(4, 8))
    assert written_status(office, at(4, 9))["unsettled"] == []
    assert "PERHAPS NOT SENT" not in digests(smtp_sink)[-1].text
    assert len(taken(smtp_sink, KIM)) == 1


@pytest.mark.parametrize(("label", "copies"), [("It arrived", 1), ("Send it again", 2)])
def test_a_link_in_the_digest_settles_it(office: Office, smtp_sink: Sink, label: str, copies: int) -> None:
    invitation_lost(office, smtp_sink)
    office.live(at(2, 8))
    text = digests(smtp_sink)[-1].text
    link = text.partition(f"{label} <mailto:")[2].partition(">")[0]
    subject = link.partition("subject=")[2].partition("&")[0].replace("%20", " ").replace("%5B", "[").replace("%5D", "]")
    office.mail(at(2, 9), DANA, DANA, "Just send this email.", subject=subject)
    office.live(at(2, 10), at(2, 10, 30), at(3, 8))
    assert len(taken(smtp_sink, KIM)) == copies
    assert len({m.message_id for m in taken(smtp_sink, KIM)}) == 1
    assert written_status(office, at(3, 9))["unsettled"] == []


def test_send_it_again_means_once_even_if_the_word_came_from_a_clock_that_is_ahead(office: Office, smtp_sink: Sink) -> None:
    """As on a second machine; and each attempt breaks off like the first."""
    invitation_lost(office, smtp_sink)
    (one,) = written_status(office, at(1, 19))["unsettled"]
    smtp_sink.trouble = {"DOT": "drop"}
    with office.app() as app:
        decide(app, Verb.RESEND, one["id"], at(2, 10, 20))
    office.live(*every(5, at(2, 10), at(2, 11)))
    assert len(taken(smtp_sink, KIM)) == 2


def test_a_meeting_whose_guest_was_not_invited_is_named_until_its_server_can_be_asked(
    office: Office, smtp_sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.business(datetime(2025, 12, 8, 10, tzinfo=UTC))
    office.live(*every(30, at(0, 7), at(1, 7)))

    def unreachable(_calendar: IcsCalendar) -> bool:
        raise ConnectorError("the calendar cannot be asked")

    with monkeypatch.context() as patch:
        patch.setattr(IcsCalendar, "sends_invitations", property(unreachable))
        office.live(*every(30, at(1, 8), at(2, 8)))
    assert (len(office.booked()), taken(smtp_sink, KIM)) == (1, [])
    assert f"the invitation of {KIM} to the meeting" in digests(smtp_sink)[-1].text
    office.live(at(2, 9))
    assert len(taken(smtp_sink, KIM)) == 1


def test_an_invitation_that_was_refused_for_good_is_said_once(office: Office, smtp_sink: Sink) -> None:
    office.business(datetime(2025, 12, 8, 10, tzinfo=UTC))
    office.live(*every(30, at(0, 7), at(1, 8)))
    smtp_sink.trouble = {"RCPT": "550 no such user"}
    office.live(*every(30, at(1, 8, 30), at(1, 18)))
    smtp_sink.trouble = {}
    assert len(office.booked()) == 1
    office.live(at(2, 8), at(3, 8))
    told = ["no such user" in d.text and "invite them yourself" in " ".join(d.text.split()) for d in digests(smtp_sink)]
    assert told == [False, False, True, False]


def test_killed_between_the_claim_and_the_call_it_is_told_where_nobody_can_tell(office: Office, smtp_sink: Sink) -> None:
    office.mail(at(-3, 9), KIM, DANA, "Can you send me the revised quote?")
    smtp_sink.trouble = {"EHLO": "drop"}
    office.live(at(0, 8))
    with office.app() as app:
        (waiting,) = [p for p in app.store.parcels(DANA, Delivery.WAITING) if p.kind is ActionKind.DIGEST]
        app.store.claim(waiting.key, at(0, 8, 5))
    smtp_sink.trouble = {}
    office.live(at(0, 9))
    with office.app() as app:
        assert [u.kind for u in unsettled(app.store, DANA, ZoneInfo("Europe/London"), at(0, 9))] == [ActionKind.DIGEST]
    office.live(at(1, 8))
    assert "the digest of Mon 2 Mar" in digests(smtp_sink)[-1].text


def test_a_line_of_the_sent_log_that_cannot_be_read_stands_in_the_status_until_a_digest_has_named_it(office: Office) -> None:
    office.live(at(0, 8))
    with (office.folder / "state" / "sent.jsonl").open("ab") as log:
        log.write(b'{"reference": "<a@northwind.example>", "key": \\\n')
    (line,) = written_status(office, at(0, 9))["failures"]
    assert line.startswith("Line 2 of sent.jsonl, the record of what was sent, was set aside")
    office.live(at(1, 8))
    assert written_status(office, at(1, 9))["failures"] == []
