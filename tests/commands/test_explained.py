"""The page of `kept explain ID`: persons, subjects and words, no identifiers."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

from connectors.mail import Address, Message, Role
from daemon.glossary.charter import WorkingHours
from daemon.glossary.obligations import Band, Evidence, Kind, Obligation, SourceType, Strength
from daemon.glossary.parties import Account, Office
from daemon.operations.explanations import Explanation

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
DANA, LEE, KIM = "dana@northwind.example", "lee@northwind.example", "kim@acme.example"
OFFICE = Office(
    (
        Account(DANA, "Dana Reyes", frozenset({DANA, "d.reyes@northwind.example"}), WorkingHours("America/New_York", ())),
        Account(LEE, "Lee Park", frozenset({LEE}), WorkingHours("Europe/London", ())),
    ),
    (),
)
ASKED = NOW - timedelta(days=2)
REPLY = Obligation(
    key="reply:1",
    kind=Kind.REPLY,
    account=DANA,
    client="Acme Ltd",
    contact=KIM,
    contact_name="Kim Lane",
    summary="Reply to Kim Lane: “Can you send the quote?”",
    quote="Can you send the quote?",
    source=Evidence(SourceType.MESSAGE, "<1@acme.example>", ASKED, "Can you send the quote?"),
    created=ASKED,
    due=NOW - timedelta(days=1),
    confidence=0.97,
)


def mail(message_id: str, sender: str, subject: str, name: str = "") -> Message:
    return Message(message_id, ASKED, ASKED, Address(sender, name), subject, role=Role.INBOX)


def page(o: Obligation, *messages: Message) -> str:
    return Explanation(o, {m.message_id: m for m in messages}, OFFICE, NOW).text()


def test_a_mail_is_named_by_its_writer_and_subject_in_the_accounts_own_time() -> None:
    text = page(REPLY, mail("<1@acme.example>", KIM, "Spares kit"))
    assert "  Mon 2 Mar 04:00  Kim Lane wrote “Spares kit”\n      “Can you send the quote?”" in text
    assert "<1@acme.example>" not in text
    assert "Acme Ltd: an answer, overdue, due yesterday 04:00, since Mon 2 Mar 04:00" in text
    assert text.endswith(f"See the mail: kept open {REPLY.id}")


def test_the_users_own_mail_is_theirs_from_any_of_their_addresses_and_a_colleague_has_a_name() -> None:
    mine = Evidence(SourceType.MESSAGE, "<2@northwind.example>", NOW, "Will do", Strength.WEAK)
    theirs = Evidence(SourceType.MESSAGE, "<3@northwind.example>", NOW, "Here it is")
    text = page(
        dataclasses.replace(REPLY, evidence=(mine, theirs)),
        mail("<1@acme.example>", KIM, "Spares kit"),
        mail("<2@northwind.example>", "d.reyes@northwind.example", "Re: Spares kit", "Dana"),
        mail("<3@northwind.example>", LEE, "Re: Spares kit"),
    )
    assert "you wrote “Re: Spares kit” (perhaps about this, not certain)" in text
    assert "Lee Park wrote “Re: Spares kit”" in text


def test_meetings_agreements_and_decisions_are_said_in_words() -> None:
    evidence = (
        Evidence(SourceType.EVENT, "uid-7", NOW, "Walk line 2"),
        Evidence(SourceType.CHARTER, "next_step", NOW),
        Evidence(SourceType.DECISION, DANA, NOW, "Told her on the phone"),
    )
    text = page(dataclasses.replace(REPLY, evidence=evidence), mail("<1@acme.example>", KIM, "Spares kit"))
    assert "in the calendar: “Walk line 2”" in text
    assert "from the charter: next step" in text
    assert "decided by you\n      “Told her on the phone”" in text
    assert "uid-7" not in text


def test_mail_that_is_gone_and_mail_without_a_subject_are_said_so() -> None:
    assert "an email that is not stored any more" in page(REPLY)
    assert "Kim Lane wrote an email without a subject" in page(REPLY, mail("<1@acme.example>", KIM, " "))


def test_where_kept_is_not_sure_it_asks() -> None:
    text = page(dataclasses.replace(REPLY, band=Band.ASKED, confidence=0.6))
    assert f"Kept is not sure (60%): kept confirm {REPLY.id} if it is owed, kept wrong {REPLY.id} if not." in text


def test_what_is_hidden_says_when_it_comes_back() -> None:
    assert "hidden for now, due yesterday 04:00, since Mon 2 Mar 04:00, back tomorrow 04:00" in page(
        dataclasses.replace(REPLY, snoozed_until=NOW + timedelta(days=1))
    )


def test_no_control_character_of_a_mail_reaches_the_terminal() -> None:
    text = page(REPLY, mail("<1@acme.example>", KIM, "Now\x1b[2J", "Eve\x1b]0;x\x07"))
    assert all(c.isprintable() or c == "\n" for c in text)


def test_the_users_own_reply_that_told_nothing_is_listed_with_what_it_lacks() -> None:
    tag = Evidence(SourceType.MESSAGE, "<2@northwind.example>", NOW - timedelta(hours=3), "Will get back to you.")
    text = page(
        dataclasses.replace(REPLY, empty=tag),
        mail("<1@acme.example>", KIM, "Spares kit"),
        mail("<2@northwind.example>", DANA, "Re: Spares kit"),
    )
    assert "you wrote “Re: Spares kit” (no answer and no date, so that it is still owed)\n      “Will get back to you.”" in text
