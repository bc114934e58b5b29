"""Replies that nobody wrote as an answer: reactions, read receipts, absence notes of one's own; and persons who write like them."""

from __future__ import annotations

import pytest
from reading_helpers import received, sent


@pytest.mark.parametrize(
    "text",
    [
        "👍",
        "👍🏽",
        "❤️",
        "🙏 🙏",
        "👍!",
        ":-)",
        "+1",
        "👍\n\nDana Reyes reacted via Gmail",
        "🎉\n\nDana Reyes reacted via Gmail\n",
        "👍\n\nDana Reyes hat über Gmail reagiert",
        "👍\n\nDana Reyes a réagi via Gmail",
        "👍\n\nDana Reyes ha reaccionado mediante Gmail",
        "👍\n\nDana Reyes ha reagito tramite Gmail",
        "👍\n\nDana Reyes reagiu pelo Gmail",
        "👍\n\nDana Reyes heeft gereageerd via Gmail",
        "👍\n\nDana Reyes reagerade via Gmail",
        "👍\n\nDana Reyes zareagował(a) przez Gmail",
        "Dana Reyes reacted to your message:",
        "Dana Reyes reacted to your message:\n________________________________\nFrom: Kim Lee <kim@acme.example>\nSent: Monday, 2 March 2026 10:00\nTo: Dana Reyes\nSubject: Price list\n\nCan you send the price list?",
        "Dana Reyes hat auf Ihre Nachricht reagiert:",
        "Dana Reyes a réagi à votre message :",
        "Dana Reyes reaccionó a tu mensaje:",
        "Liked “could you send me the price list for 2026?”",
        "Loved “could you send me\nthe price list for 2026?”",
        'Laughed at "could you send me the price list?"',
        "Questioned “could you send me the price list?”",
        "Reacted 👍 to “could you send me the price list?”",
        "👍 to “could you send me the price list?”",
        "Gefällt „könntest du mir die Preisliste schicken?“",
        "J’aime « pourriez-vous m’envoyer la liste ? »",
        "Le gustó “¿puedes enviarme la lista?”",
        "👍\n\nDana",
        "👍\n\n-- \nDana Reyes",
        "Thumbs up!",
        "Daumen hoch",
    ],
)
def test_a_reaction_answers_and_promises_nothing(text: str) -> None:
    reading = sent(text, subject="Re: Price list", sender_name="Dana Reyes")
    assert (reading.substance, reading.tag, reading.acts) == (False, True, ())


@pytest.mark.parametrize("text", ["👍", "Liked “Blue, twenty pieces. Can you confirm?”", "👍\n\nKim Lee reacted via Gmail"])
def test_a_clients_reaction_waits_for_nothing(text: str) -> None:
    reading = received(text, sender_name="Kim Lee")
    assert not reading.reply_expected
    assert reading.automated is None


@pytest.mark.parametrize(
    "text",
    [
        "👍 twenty pieces, delivery on Friday.",
        "Liked the sample. The price is 40 euros apiece.",
        "Our engineer reacted to your message and will fit the pump on Friday at nine.",
        "The price is 40.\n👍\nDana",
        "“Liked” is the wrong word: the price is 40.",
        "42",
    ],
)
def test_words_beside_a_reaction_are_an_answer(text: str) -> None:
    assert not sent(text, sender_name="Dana Reyes").tag


MDN = "multipart/report; report-type=disposition-notification; boundary=x"


@pytest.mark.parametrize(
    ("subject", "text", "headers"),
    [
        ("Read: Price list", "This is a receipt for the mail that you sent.", {"content-type": MDN}),
        ("Price list", "", {"content-type": MDN}),
        (
            "Read: Price list",
            "Your message\n\nTo: Dana Reyes\nSubject: Price list\nSent: Monday\n\nwas read on Monday, 2 March 2026 10:30.",
            {},
        ),
        ("Not read: Price list", "Your message\n\nTo: Dana Reyes\n\nwas deleted without being read on Monday.", {}),
        (
            "Gelesen: Preisliste",
            "Ihre Nachricht\n\nAn: Dana Reyes\nBetreff: Preisliste\n\nwurde am Montag, 2. März 2026 gelesen.",
            {},
        ),
        ("Lu : Tarif", "Votre message\n\nÀ : Dana Reyes\nObjet : Tarif\n\na été lu le lundi 2 mars 2026.", {}),
        ("Leído: Lista", "Su mensaje\n\nPara: Dana Reyes\nAsunto: Lista\n\nfue leído el lunes.", {}),
        ("Letto: Listino", "Il messaggio\n\nA: Dana Reyes\n\nè stato letto lunedì.", {}),
        ("Gelezen: Prijslijst", "Uw bericht\n\nAan: Dana Reyes\n\nis gelezen op maandag.", {}),
        (
            "Return Receipt (displayed) - Price list",
            "This is a Return Receipt for the mail that you sent to dana@northwind.example.",
            {},
        ),
        (
            "Empfangsbestätigung (angezeigt) - Preisliste",
            "Dies ist eine Empfangsbestätigung für die Nachricht an dana@northwind.example.",
            {},
        ),
    ],
)
@pytest.mark.parametrize("read", [sent, received])
def test_a_read_receipt_is_a_machines_and_no_bounce(read: object, subject: str, text: str, headers: dict[str, str]) -> None:
    reading = (sent if read is sent else received)(text, subject=subject, headers=headers)
    assert (reading.automated, reading.automated_rule) == ("notification", "a read receipt (RFC 8098)")


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Read: the new terms", "Hi Dana, have you read them? Can you sign?"),
        ("Lu: meeting", "Lu asks whether you can come on Friday. Can you?"),
        ("Return receipt for the pump", "Can you send us the return receipt for the pump?"),
        ("Delivered: wrong pump", "Hi Dana, the wrong pump came. Can you swap it?"),
    ],
)
def test_a_person_who_writes_of_reading_and_receipts_is_a_person(subject: str, text: str) -> None:
    reading = received(text, subject=subject)
    assert reading.automated is None
    assert reading.reply_expected


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (
            "Automatic reply: Price list",
            "Thank you for your message. I am out of the office until Monday 9 March. I will get back to you on Monday.",
        ),
        ("Automatische Antwort: Preisliste", "Ich bin bis 9. März nicht im Büro und melde mich danach."),
        ("Réponse automatique : Tarif", "Je suis absente jusqu’au 9 mars."),
        ("Respuesta automática: Lista", "Estoy fuera de la oficina hasta el 9 de marzo."),
        ("Risposta automatica: Listino", "Sono fuori ufficio fino al 9 marzo."),
        ("Automatisch antwoord: Prijslijst", "Ik ben afwezig tot 9 maart."),
        ("Autosvar: Prislista", "Jag är borta till 9 mars."),
        ("Odpowiedź automatyczna: Cennik", "Jestem nieobecny do 9 marca."),
        ("Out of Office: Price list", "I am away until 9 March and will call you back then."),
        ("Abwesenheitsnotiz", "Ich bin bis 9. März im Urlaub."),
        (
            "Re: Price list",
            "Thank you for your email. I am currently out of the office and will return on Monday 9 March. I will answer your message then.",
        ),
        (
            "Re: Price list",
            "Hello,\n\nI am on annual leave until 9 March with limited access to email. In urgent cases please contact Lee.\n\nDana",
        ),
        (
            "AW: Preisliste",
            "Guten Tag,\n\nvielen Dank für Ihre E-Mail. Ich bin bis zum 9. März nicht im Büro. Ihre Nachricht wird nicht weitergeleitet. In dringenden Fällen wenden Sie sich an Lee.",
        ),
        (
            "RE: Tarif",
            "Bonjour,\n\nMerci pour votre message. Je suis actuellement en congés jusqu’au 9 mars. En cas d’urgence, contactez Lee.",
        ),
        ("RE: Lista", "Gracias por su correo. Estoy de vacaciones hasta el 9 de marzo."),
        ("RE: Listino", "Grazie per la sua mail. Sono in ferie fino al 9 marzo."),
        ("Re: Price list", "I am out of the office until Monday 9 March and will answer your message when I am back.\n\nDana"),
        ("Re: Price list", "I'm out of office until 9 March. Please contact Lee Marsh in my absence."),
        ("AW: Preisliste", "Ich bin bis 9. März nicht im Büro. Bitte wenden Sie sich in meiner Abwesenheit an Lee."),
        ("RE: Tarif", "Je suis absente jusqu’au 9 mars et répondrai à votre message à mon retour."),
        ("RE: Prijslijst", "Bedankt voor uw e-mail. Ik ben met vakantie tot 9 maart."),
    ],
)
def test_an_absence_note_of_ones_own_is_a_machines(subject: str, text: str) -> None:
    reading = sent(text, subject=subject, follows=True)
    assert (reading.automated, reading.automated_rule) == ("auto_reply", "an absence note of one's own")


@pytest.mark.parametrize(
    "text",
    [
        "Hi Kim,\n\nthank you for your message. I'm out of the office until Monday, I'll send you the price list then.\n\nDana",
        "Thanks for your mail. The price is 40. I'll be in Leeds on Friday.",
        "I am out of the office on Friday, so I'll call you on Thursday.",
        "Thank you for your message. Are you in the office on Monday? I am out of the office on Friday.",
        "I'm out of the office on Friday, please contact Lee in my absence. The price list is attached.",
        "In urgent cases our service desk is there at night: 020 7946 0001. The pump ships on Friday.",
    ],
)
def test_a_person_who_tells_a_client_of_an_absence_is_a_person(text: str) -> None:
    assert sent(text, subject="Re: Price list").automated is None


@pytest.mark.parametrize(
    "words",
    [
        "Bien reçu, merci.", "Recibido, gracias.", "Ontvangen, dank je.", "Ricevuto, grazie.", "Otrzymałam, dziękuję.", "Tack, mottaget.",
        "Recebido, obrigada.", "Tak, modtaget.", "Merci beaucoup", "Erhalten, vielen Dank.", "Roger that",
    ],
)  # fmt: skip
def test_bare_thanks_in_any_language_answer_nothing(words: str) -> None:
    reading = sent(f"{words}\n\nDana", sender_name="Dana Reyes")
    assert (reading.acknowledgement, reading.tag, reading.acts) == (True, True, ())


@pytest.mark.parametrize(
    "words", ["Merci, le prix est 40 euros.", "Gracias, el jueves a las diez.", "Tack, vi tar den blå.", "Danke, ja."]
)
def test_thanks_beside_an_answer_are_an_answer(words: str) -> None:
    assert not sent(f"{words}\n\nDana", sender_name="Dana Reyes").tag


@pytest.mark.parametrize(
    "below", ["Best regards\nDana", "Sent from my iPhone", "Dana Reyes\nAccount Manager\nNorthwind Ltd\n+44 20 7946 0018"]
)
def test_a_thumb_above_a_signature_is_a_reaction(below: str) -> None:
    reading = sent(f"\N{THUMBS UP SIGN}\n\n{below}", sender_name="Dana Reyes")
    assert not reading.substance
