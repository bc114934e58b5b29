"""Automated mail is told apart from a person's: by its headers first, without them by its words."""

from __future__ import annotations

from datetime import date

import pytest
from reading_helpers import received, sent


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({"auto-submitted": "auto-replied"}, "auto_reply"),
        ({"auto-submitted": "auto-generated"}, "notification"),
        ({"content-type": "multipart/report; report-type=delivery-status"}, "bounce"),
        ({"return-path": "<>"}, "bounce"),
        ({"list-id": "<news.acme.example>"}, "newsletter"),
        ({"precedence": "auto_reply"}, "auto_reply"),
        ({"x-autoreply": "yes"}, "auto_reply"),
        ({"content-type": "text/calendar; method=REPLY"}, "calendar"),
    ],
)
def test_headers_name_the_machine(headers: dict[str, str], kind: str) -> None:
    reading = received("Could you send the quote?", headers=headers)
    assert reading.automated == kind
    assert reading.automated_rule
    assert not reading.reply_expected


@pytest.mark.parametrize(
    ("subject", "text", "kind"),
    [
        ("Out of office: quote", "I am away.", "auto_reply"),
        ("Automatische Antwort: Angebot", "Ich bin im Urlaub.", "auto_reply"),
        ("Undelivered Mail Returned to Sender", "The following address failed.", "bounce"),
        ("Accepted: review", "Kim has accepted.", "calendar"),
        ("March offers", "Great prices!\n\nTo unsubscribe click here.", "newsletter"),
        ("Your parcel", "This is an automated message, please do not reply to this e-mail.", "notification"),
    ],
)
def test_words_name_the_machine_where_headers_do_not(subject: str, text: str, kind: str) -> None:
    assert received(text, subject=subject).automated == kind


@pytest.mark.parametrize(
    "sender", ["mailer-daemon@mx.example", "postmaster@mx.example", "post_master@mx.example", "mailer-daemon"]
)
def test_a_mail_systems_own_address_bounces(sender: str) -> None:
    assert received("No such user.", sender=sender).automated == "bounce"


def test_a_person_who_answers_about_a_bounce_is_a_person() -> None:
    reading = received("Did my mail reach you? I got this back.", subject="Re: Undelivered Mail Returned to Sender")
    assert reading.automated is None
    assert reading.reply_expected


def test_a_discussion_groups_foot_does_not_make_its_members_machines() -> None:
    text = "Can you bring the drawings on Friday?\n\nTo unsubscribe from this group, send an email to: group-unsubscribe@lists.example"
    assert received(text).automated is None


def test_the_users_own_words_are_never_a_machines() -> None:
    assert sent("I'll be out of the office next week, back on Monday.", subject="Out of office").automated is None


def test_an_absence_note_gives_the_day_of_return() -> None:
    reading = received(
        "I am out of the office and will be back on 12 March.",
        subject="Out of office: quote",
        headers={"auto-submitted": "auto-replied"},
    )
    assert reading.away_until == date(2026, 3, 12)


def test_a_client_at_info_is_a_person() -> None:
    assert received("Could you send the quote?", sender="info@acme.example").automated is None


def test_a_person_who_writes_about_a_newsletter_is_a_person() -> None:
    text = "The newsletter looked great! This message was sent by Kim for the next newsletter. Do you have her photo?"
    reading = received(text)
    assert reading.automated is None
    assert reading.reply_expected
