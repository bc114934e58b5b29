"""Notices of phone systems: kind, number, transcript."""

from __future__ import annotations

import pytest
from reading_helpers import received


@pytest.mark.parametrize(
    ("subject", "text", "sender", "kind", "number"),
    [
        ("Missed call from +44 20 7946 0018", "You missed a call.", "noreply@phone.example", "missed_call", "+442079460018"),
        (
            "You have a missed call",
            "Caller: (020) 7946-0018\nDate: 04/03/2026 10:01",
            "notify@pbx.example",
            "missed_call",
            "02079460018",
        ),
        (
            "New voicemail from Kim Lee",
            "From: Kim Lee\nNumber: +44 20 7946 0018\nLength: 0:23",
            "voicemail@pbx.example",
            "voicemail",
            "+442079460018",
        ),
        (
            "[PBX]: New message 3 in mailbox 200",
            "You have a new voicemail from 02079460018.",
            "asterisk@pbx.example",
            "voicemail",
            "02079460018",
        ),
        ("Verpasster Anruf von +49 30 1234567", "", "telefon@pbx.example", "missed_call", "+49301234567"),
    ],
)
def test_a_notice_gives_kind_and_number(subject: str, text: str, sender: str, kind: str, number: str) -> None:
    reading = received(text, subject=subject, sender=sender)
    assert reading.call is not None
    assert (reading.call.kind, reading.call.number) == (kind, number)
    assert reading.automated == kind


def test_a_voicemails_transcript_is_kept() -> None:
    text = "You received a voicemail from +44 20 7946 0018\n\nTranscript:\nHi Dana, this is Kim, please call me back about the order.\n\nListen online"
    call = received(text, subject="New voicemail from +44 20 7946 0018", sender="noreply@phone.example").call
    assert call is not None
    assert call.transcript == "Hi Dana, this is Kim, please call me back about the order."


@pytest.mark.parametrize("subject", ["Re: Missed call", "Sorry I missed your call"])
def test_a_person_writing_about_a_call_is_no_notice(subject: str) -> None:
    reading = received("I missed you earlier, could you ring me on 020 7946 0018?", subject=subject)
    assert reading.automated is None
    assert reading.reply_expected
