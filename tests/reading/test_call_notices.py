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
        (
            "New Missed Call from (650) 555-0123",
            "Missed Call\nYou have a missed call\nFrom: (650) 555-0123\nReceived: Wednesday, March 04, 2026 at 10:01 AM\nTo: (650) 555-0199 Dana Reyes",
            "notify@ringcentral.com",
            "missed_call",
            "6505550123",
        ),
        (
            "New Voice Message from WIRELESS CALLER (650) 555-0123 on 03/04/2026 10:01 AM",
            'Voice Message\nDear Dana Reyes,\nYou have a new voice message:\nFrom: WIRELESS CALLER (650) 555-0123\nReceived: Wednesday, March 04, 2026 at 10:01 AM\nLength: 00:23\nTo: (650) 555-0199\nVoicemail Preview: "Hi Dana this is Kim please call me back"',
            "notify@ringcentral.com",
            "voicemail",
            "6505550123",
        ),
        (
            "New voicemail from Kim Lee <02079460018>",
            "You have received a new voicemail from Kim Lee 02079460018 on extension 104.\nDuration: 14 sec\nTranscription: Hi it's Kim could you ring me about the quote",
            "noreply@3cx.net",
            "voicemail",
            "02079460018",
        ),
        (
            "Missed call notification",
            "You have missed a call from 02079460018 (Kim Lee) at 04/03/2026 10:02:11",
            "pbx@northwind.example",
            "missed_call",
            "02079460018",
        ),
        (
            "Missed call from Kim Lee",
            "You have a missed call from Kim Lee at +44 20 7946 0018.",
            "no-reply@teams.mail.microsoft",
            "missed_call",
            "+442079460018",
        ),
        (
            "Voicemail from Kim Lee (00:00:21)",
            'Kim Lee left you a voicemail.\n+442079460018\n\nTranscript:\n"Hi Dana, can you call me back about the delivery?"\n\nThank you for using transcription!',
            "noreply@skype.voicemail.microsoft.com",
            "voicemail",
            "+442079460018",
        ),
        (
            "Missed call from (650) 555-0123",
            "Missed call from (650) 555-0123\nWed, Mar 4, 10:01 AM\nYOUR ACCOUNT HELP CENTER",
            "voice-noreply@google.com",
            "missed_call",
            "6505550123",
        ),
        (
            "New voicemail from (650) 555-0123 at 10:02 AM",
            "Hi Dana this is Kim calling about the order give me a call when you can thanks bye.\nplay message\nYOUR ACCOUNT HELP CENTER",
            "voice-noreply@google.com",
            "voicemail",
            "6505550123",
        ),
        (
            "You have a new voicemail from Kim Lee (+1 650-555-0123)",
            "Kim Lee left you a message 20 second(s) long on Mar 4, 2026 10:01 AM",
            "no-reply@zoom.us",
            "voicemail",
            "+16505550123",
        ),
        (
            "Missed call from +33 1 23 45 67 89 on Sales line",
            "You missed a call from +33 1 23 45 67 89",
            "notifications@aircall.io",
            "missed_call",
            "+33123456789",
        ),
        (
            "New voicemail on Sales line",
            "+33 1 23 45 67 89 left a voicemail",
            "notifications@aircall.io",
            "voicemail",
            "+33123456789",
        ),
        (
            "You missed a call from Kim Lee",
            "(650) 555-0123 called you at 10:01 AM",
            "noreply@dialpad.com",
            "missed_call",
            "6505550123",
        ),
        (
            "New voicemail from Kim Lee (650) 555-0123",
            "Voicemail transcription:\nHi Dana can we move the meeting\n\nListen",
            "noreply@dialpad.com",
            "voicemail",
            "6505550123",
        ),
        (
            '[PBX]: New message 3 in mailbox 200 from "KIM LEE" <6505550123>',
            'Dear Dana:\n\n\tJust wanted to let you know you were just left a 0:12 long message (number 3)\nin mailbox 200 from "KIM LEE" <6505550123>, on Wednesday, March 04, 2026 at 10:01:12 AM so you might\nwant to check it when you get a chance.  Thanks!\n\n\t\t\t\t--Asterisk',
            "asterisk@pbx.example",
            "voicemail",
            "6505550123",
        ),
        ("Message from 6505550123", "", "unityconnection@cucxn.northwind.example", "voicemail", "6505550123"),
        ("Message from Kim Lee (6505550123)", "", "unityconnection@cucxn.northwind.example", "voicemail", "6505550123"),
        ("Missed Call: 6505550123", "", "unityconnection@cucxn.northwind.example", "missed_call", "6505550123"),
        ("Call summary: outbound call to +1 650-555-0123", "Duration 5m", "noreply@dialpad.com", "made", "+16505550123"),
        ("Sie haben einen Anruf von 030 1234567 verpasst", "", "fritzbox@northwind.example", "missed_call", "0301234567"),
        ("Neue Sprachnachricht von +49 30 1234567", "", "telefon@pbx.example", "voicemail", "+49301234567"),
        ("Verpasster Anruf von +49 30 1234567", "", "telefon@pbx.example", "missed_call", "+49301234567"),
    ],
)
def test_a_notice_gives_kind_and_number(subject: str, text: str, sender: str, kind: str, number: str) -> None:
    reading = received(text, subject=subject, sender=sender)
    assert reading.call is not None
    assert (reading.call.kind, reading.call.number) == (kind, number)
    assert reading.automated == (kind if kind in {"missed_call", "voicemail"} else "notification")


def test_a_voicemails_transcript_is_kept() -> None:
    text = "You received a voicemail from +44 20 7946 0018\n\nTranscript:\nHi Dana, this is Kim, please call me back about the order.\n\nListen online"
    call = received(text, subject="New voicemail from +44 20 7946 0018", sender="noreply@phone.example").call
    assert call is not None
    assert call.transcript == "Hi Dana, this is Kim, please call me back about the order."


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Message from Kim", "Hi Dana, can you call me?"),
        ("Voicemail", "Hi Dana, I left you a voicemail earlier, did you get it? Ring me on 020 7946 0018. Kim"),
        ("Missed call?", "Did you try to call me? 02079460018"),
    ],
)
def test_a_person_who_writes_like_a_phone_system_is_still_a_person(subject: str, text: str) -> None:
    reading = received(text, subject=subject)
    assert reading.call is None
    assert reading.automated is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            'From: (650) 555-0123\nVoicemail Preview: "Hi Dana this is Kim please call me back"',
            "Hi Dana this is Kim please call me back",
        ),
        (
            "Duration: 14 sec\nTranscription: Hi it's Kim could you ring me about the quote",
            "Hi it's Kim could you ring me about the quote",
        ),
        ("Hi Dana give me a call when you can.\nplay message\nYOUR ACCOUNT", "Hi Dana give me a call when you can."),
        ("Dear Dana,\nYou have a new voice message.\nLength: 00:23", None),
    ],
)
def test_the_words_of_a_voicemail_are_found_where_each_system_puts_them(text: str, words: str | None) -> None:
    call = received(text, subject="New voicemail from +16505550123", sender="notify@phone.example").call
    assert call is not None
    assert call.transcript == words


@pytest.mark.parametrize("subject", ["Re: Missed call", "Sorry I missed your call"])
def test_a_person_writing_about_a_call_is_no_notice(subject: str) -> None:
    reading = received("I missed you earlier, could you ring me on 020 7946 0018?", subject=subject)
    assert reading.automated is None
    assert reading.reply_expected


@pytest.mark.parametrize(
    ("subject", "text", "region", "number"),
    [
        ("New voicemail from +44 7700 900 714 (0:52)", "", "GB", "+447700900714"),
        ("New voicemail from 07700 900714 (52 sec)", "", "GB", "07700900714"),
        ("Voicemail (0:34) from 020 7946 0018 ext. 12", "", "GB", "+442079460018"),
        ("Missed call from 020 7946 0018 x12", "", "GB", "+442079460018"),
        ("Missed call from 025550074", "", "BE", "+3225550074"),
        ("Ubesvaret opkald fra 33 12 34 56", "", "DK", "+4533123456"),
        ("Missed call from 45 12 34 56", "", "DK", "+4545123456"),
        ("Missed call from 551 2345", "", "IS", "+3545512345"),
        ("Appel manqué de 26 12 34 56", "", "LU", "+35226123456"),
        ("Appel manqué de 01 23 45 67 89", "", "FR", "+33123456789"),
        ("Llamada perdida de 912 34 56 78", "", "ES", "+34912345678"),
        ("Gemiste oproep van 020 123 4567", "", "NL", "+31201234567"),
        ("Chiamata persa da 06 1234 5678", "", "IT", "+390612345678"),
        ("Verpasster Anruf von 030 1234567 für 040 7654321", "", "DE", "+49301234567"),
        ("Neue Voicemail für 0211 123456 von 0171 2345678", "", "DE", "+491712345678"),
        (
            "Neue Voicemail",
            "Sie haben eine neue Voicemail erhalten.\nZielrufnummer: 0211 123456\nAnrufer: 0049 30 1234567\nDauer: 0:22 Minuten",
            "DE",
            "+49301234567",
        ),
        (
            "FRITZ!Box: Anruf in Abwesenheit",
            "Anruf von 00 49 30 1234567 am 04.03.26 um 10:01 Uhr\nfür 7654321",
            "DE",
            "+49301234567",
        ),
        ("Missed call from 9 020 7946 0018", "", "GB", "902079460018"),
        ("Missed call from 0,02079460018", "", "GB", "002079460018"),
        ("Missed call from anonymous", "Your line: 020 7946 0001", "GB", None),
        ("Missed call", "Caller: Withheld\nTo: 020 7946 0001", "GB", None),
        ("Missed call on Sales line (020 7946 0001)", "From: 020 7946 0018", "GB", "+442079460018"),
        ('New voicemail from "Kim Lee" <02079460018>', "", "GB", "+442079460018"),
        ('New voicemail from "Kim Lee" <sip:+442079460018@pbx.example>', "", "GB", "+442079460018"),
        ("Voicemail from 442079460018 at 2026-03-04 10:01", "", "GB", "442079460018"),
        ("Voicemail message from +1 (650) 555-0123 (duration 12s)", "", "US", "+16505550123"),
        ("New Voice Message from WIRELESS CALLER (650) 555-0123 on 03/04/2026 10:01 AM", "", "US", "+16505550123"),
        ("Missed call from +49 (0) 30 / 12 34 56-78", "", "", "+493012345678"),
        ("Missed call from +49-30-1234567 to +44 20 7946 0001", "", "", "+49301234567"),
        ("8x8: You have a new voicemail from KIM LEE (16505550123)", "", "US", "16505550123"),
        (
            "You have 1 new voicemail message for extension 104",
            "Caller ID: 020-7946-0018\nReceived: 04/03/2026 10:01:22\nLength: 0:00:52",
            "GB",
            "+442079460018",
        ),
    ],
)
def test_the_callers_number_is_read_however_a_switchboard_writes_it(
    subject: str, text: str, region: str, number: str | None
) -> None:
    call = received(text, subject=subject, sender="noreply@phone.example", region=region).call
    assert call is not None
    assert call.number == number


@pytest.mark.parametrize(
    "subject",
    [
        "Call from 020 7946 0018 was missed",
        "Appel en absence de 01 23 45 67 89",
        "Nouveau message vocal de 01 23 45 67 89",
        "Nuevo mensaje de voz de 912 34 56 78",
        "Nieuw voicemailbericht van 020 123 4567",
        "Nuovo messaggio vocale da 06 1234 5678",
        "Chamada perdida de 21 123 4567",
        "Nieodebrane połączenie od 22 123 45 67",
        "Missat samtal från 08 123 456 78",
        "Tapt anrop fra 22 12 34 56",
        "Entgangener Anruf von 030 1234567",
        "Nachricht auf Ihrem Anrufbeantworter von 030 1234567",
    ],
)
def test_a_notice_is_one_in_the_language_of_the_switchboard(subject: str) -> None:
    call = received("", subject=subject, sender="noreply@phone.example").call
    assert call is not None
    assert call.number is not None


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Missed call from -1", ""),
        ("verpasster Anruf von unterdrückter Nummer", "Ihre Nummer: 030 7654321"),
        ("verpasster Anruf von", "Ihre Nummer: 030 7654321"),
        ("Appel manqué d'un numéro masqué", "Votre ligne : 01 23 45 67 89"),
        ("Missed call on your line 020 7946 0001", "Caller: withheld"),
    ],
)
def test_a_caller_who_withheld_the_number_is_not_taken_for_the_line_that_was_called(subject: str, text: str) -> None:
    call = received(text, subject=subject, sender="pbx@northwind.example", region="DE").call
    assert call is not None
    assert (call.number, call.caller) == (None, None)


def test_the_callee_of_a_notice_is_not_the_caller() -> None:
    text = "Callee: 020 7946 0001\nCaller: 020 7946 0018\nDuration: 12 seconds"
    call = received(text, subject="New Voicemail Message", sender="pbx@northwind.example", region="GB").call
    assert call is not None
    assert call.number == "+442079460018"


def test_a_number_without_its_trunk_prefix_is_completed_in_the_users_country() -> None:
    call = received("", subject="Missed call from 998039805", sender="pbx@northwind.example", region="EC").call
    assert call is not None
    assert call.number == "+593998039805"
