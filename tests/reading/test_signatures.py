"""Signatures, disclaimers and banners: what comes with every mail asks nothing, promises nothing and answers nothing."""

from __future__ import annotations

import pytest
from reading_helpers import received, requests, sent

SIGNATURES = [
    "Dana Reyes\nAccount Manager",
    "Dana Reyes\nSenior Account Manager | Northwind Ltd\nT: +44 20 7946 0001",
    "Dana Reyes\nKey Account Manager\nNorthwind Ltd, 12 Quay Street, Leeds LS1 4AP\nwww.northwind.example",
    "Dana Reyes | Account Manager",
    "Dana Reyes, Northwind",
    "Dana Reyes (she/her)\nNorthwind",
    "Reyes, Dana\nVertrieb",
    "i.A. Dana Reyes\nVertrieb Innendienst\nTel. 030 1234567",
    "DANA REYES\nHead of Sales, EMEA\nMobile: 07700 900123",
    "Dana Reyes\nResponsable commerciale\nTél. 01 23 45 67 89",
    "Dana Reyes\nVentas\nMóvil: 600 123 456",
    "Dana Reyes\nAccountmanager\nM +31 6 12345678",
    "Northwind Ltd\nTel +44 20 7946 0001\nwww.northwind.example",
    "Dana",
    "Dana Reyes\nAccount Manager\n\nDid you know that we now deliver in 24 hours? Ask me how!",
    "Dana Reyes\nAccount Manager\nHave you seen our new brochure?\nwww.northwind.example/brochure",
    "Dana Reyes\nVertrieb\n\nKennen Sie schon unseren neuen Katalog? Wir senden ihn gern zu.",
    "Dana Reyes\nVentes\n\nAvez-vous vu notre nouveau catalogue ?",
    "Dana Reyes\nVentas\n\n¿Conoce nuestro nuevo catálogo?",
    "Dana Reyes\nVerkoop\n\nHeeft u onze nieuwe folder al gezien?",
    "Kind regards\nDana Reyes\nAccount Manager\nT: +44 20 7946 0001\n\nHave you visited our new showroom? www.northwind.example",
    "Best regards,\nDana\n\nPlease consider the environment before printing this e-mail.",
]


@pytest.mark.parametrize("signature", SIGNATURES)
@pytest.mark.parametrize("gap", ["\n\n", "\n"])
def test_a_signature_without_a_closing_formula_makes_no_answer_of_a_tag(signature: str, gap: str) -> None:
    reading = sent(f"I will look into it and get back to you.{gap}{signature}", subject="Re: quote", sender_name="Dana Reyes")
    if gap == "\n" and signature.startswith("Northwind"):  # a company's name in the midst of a paragraph may be anything
        return
    assert (reading.substance, reading.tag) == (False, True)
    assert [act.quote for act in reading.acts] == ["I will look into it and get back to you."]


@pytest.mark.parametrize(
    "signature", [s.replace("Dana Reyes", "Kim Lee").replace("Dana", "Kim") for s in SIGNATURES if "Reyes," not in s]
)
def test_a_clients_signature_asks_nothing(signature: str) -> None:
    reading = received(f"The price is fine for us.\n\n{signature}", sender_name="Kim Lee")
    assert requests(reading) == ()
    assert not reading.reply_expected


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("The price is fine.\n\nKim Lee\nBuyer\n\nPS: can you send the drawing, too?", "can you send the drawing, too?"),
        ("The price is fine.\n\nKim Lee\nBuyer, Acme Ltd\n\nCan you deliver on Friday?", "Can you deliver on Friday?"),
        ("The price is fine.\n\nKim\n\nOne more thing: could you call me tomorrow?", "could you call me tomorrow?"),
        ("Thanks\nThe price is fine\n\nCan you deliver on Friday?", "Can you deliver on Friday?"),
        ("Kim Lee\nAcme Ltd\n12 Quay Street\n\nDear Dana,\n\ncould you send the drawing?", "could you send the drawing?"),
        ("Can you send it to\n\nKim Lee\nAcme Ltd, 12 Quay Street\n\nand can you tell me when?", "and can you tell me when?"),
    ],
)
def test_what_a_person_says_beside_their_name_is_read(text: str, asked: str) -> None:
    assert any(asked in act.quote for act in requests(received(text, sender_name="Kim Lee")))


@pytest.mark.parametrize(
    "text",
    [
        "Our driver\nDana Reyes\nwill call you on Friday.",
        "On Friday\n\nDana Reyes\nwill call you at nine.",
    ],
)
def test_a_name_within_a_sentence_begins_no_signature(text: str) -> None:
    assert not any(cut.why == "signature" for cut in sent(text, sender_name="Dana Reyes").cuts)


DISCLAIMERS = [
    "Disclaimer\n\nPlease note that nobody accepts any responsibility for viruses. Could you scan this mail?",
    "NOTICE TO RECIPIENTS: Information contained in here is private. Did you get it by mistake?",
    "If you are not the intended recipient, please notify the sender. Would you also delete it?",
    "Are you not the intended recipient? Please let us know and delete this message.",
    "Did you receive this message in error? Please tell us.",
    "Please consider the environment: do you really need to print this email?",
    "Do you really need to print this e-mail? Please think of the trees.",
    "This e-mail is confidential. Have you received it by mistake? Please call us.",
    "Sind Sie nicht der richtige Adressat? Bitte informieren Sie uns und löschen Sie die Nachricht.",
    "Haben Sie diese E-Mail irrtümlich erhalten? Bitte geben Sie uns Bescheid.",
    "Müssen Sie diese E-Mail wirklich ausdrucken? Bitte denken Sie an die Umwelt.",
    "Der Inhalt dieser E-Mail ist vertraulich. Sind Sie nicht der Empfänger? Bitte rufen Sie uns an.",
    "Si vous n’êtes pas le destinataire, merci de nous prévenir. Pouvez-vous le détruire ?",
    "Avez-vous vraiment besoin d’imprimer ce message ?",
    "Pensez à l’environnement : est-il nécessaire d’imprimer ce courriel ?",
    "Este mensaje es confidencial. ¿No es usted el destinatario? Por favor, avísenos.",
    "Si no es usted el destinatario, ¿puede avisarnos?",
    "Antes de imprimir este correo, ¿es realmente necesario?",
    "Deze e-mail is vertrouwelijk. Bent u niet de geadresseerde? Laat het ons weten.",
    "Bent u niet de geadresseerde? Wilt u ons dan waarschuwen?",
    "Moet u deze e-mail echt printen? Denk aan het milieu.",
    "Questa e-mail è riservata. Non è il destinatario? Ci avvisi, per favore.",
    "Detta meddelande är konfidentiellt. Är du inte rätt mottagare? Kan du meddela oss?",
]


@pytest.mark.parametrize("disclaimer", DISCLAIMERS)
@pytest.mark.parametrize("signed", ["", "Kim Lee\nBuyer, Acme Ltd\n\n"])
def test_a_question_in_a_disclaimer_asks_nothing(disclaimer: str, signed: str) -> None:
    reading = received(f"Hi Dana,\n\nthe price is fine for us, we take it.\n\n{signed}{disclaimer}", sender_name="Kim Lee")
    assert reading.acts == () or requests(reading) == ()
    assert not reading.reply_expected


@pytest.mark.parametrize(
    "banner",
    [
        "CAUTION: This email originated from outside the organisation. Do not click links unless you know the sender. Are you sure?",
        "[EXTERNAL]",
        "[EXTERNAL] This message originated from outside your organization. Do not click links unless you recognize the sender.",
        "AVISO DE CORREO EXTERNO: no haga clic en enlaces. ¿Conoce al remitente?",
        "EXTERNAL EMAIL:",
        "Achtung: Diese E-Mail kommt von außerhalb. Öffnen Sie keine Anhänge.",
        "You don't often get email from kim@acme.example. Learn why this is important",
        "This message is confidential and intended for the addressee alone. Did you get it by mistake?",
    ],
)
def test_a_banner_above_a_mail_says_nothing_and_the_mail_does(banner: str) -> None:
    reading = received(f"{banner}\n\nHi Dana,\n\ncan you send the drawing?\n\nKim")
    assert [act.quote for act in requests(reading)] == ["can you send the drawing?"]


@pytest.mark.parametrize(
    "text",
    [
        "Warning: the pump is leaking.\n\nCan you come today?",
        "Attention Dana: the price is wrong.\n\nCan you correct it?",
        "External walls need two coats.\n\nCan you quote for that?",
        "Did you know the pump is leaking?\n\nCan you come today?",
        "Before printing this catalogue we need your logo.\n\nCan you send it?",
    ],
)
def test_a_plain_sentence_at_the_top_is_no_banner(text: str) -> None:
    reading = received(text)
    assert not any(cut.why == "disclaimer" for cut in reading.cuts)
    assert reading.reply_expected


@pytest.mark.parametrize(
    "foot",
    [
        "Outlook für iOS<https://aka.ms/o0ukef> beziehen",
        "Von Outlook für Android gesendet",
        "Télécharger Outlook pour iOS",
        "Envoyé à partir d’Outlook pour Android",
        "Obtener Outlook para iOS",
        "Ottieni Outlook per Android",
        "Download Outlook voor iOS",
        "Hämta Outlook för iOS",
        "Hent Outlook til Android",
        "Pobierz aplikację Outlook dla systemu iOS",
        "Gesendet mit der mobilen Mail App",
        "Verstuurd vanaf mijn iPad",
        "Sendt fra min Galaxy",
    ],
)
def test_the_foot_of_a_mail_program_says_nothing(foot: str) -> None:
    reading = sent(f"I will look into it and get back to you.\n\n{foot}", sender_name="Dana Reyes")
    assert reading.tag


@pytest.mark.parametrize(
    ("below", "asked"),
    [
        ("Kim Lee\nBuyer\n\nAcme Tools Ltd, registered in Wales. Have you tried our spares shop? It is open now.", False),
        (
            "i. V. Kim Lee\nEinkauf\n\nAcme Tools Werk Nord\nSuchen Sie Ersatzteile? Unser Lager ist von 7 bis 15 Uhr besetzt.",
            False,
        ),
        (
            "Kim Lee\nWareneingang\n\nDiese E-Mail kann vertrauliche Angaben enthalten. Sind Sie nicht der richtige Empfänger?",
            False,
        ),
        ("Kim\n\nAcme Tools needs the drawings by Friday. Could you send them?", True),
        ("Kim\n\nTools are missing. Could you send them?", True),
    ],
)
def test_what_a_company_says_below_its_name_is_its_signature(below: str, asked: bool) -> None:
    reading = received(f"Hello Dana,\n\nthe pump has arrived.\n\nKind regards\n{below}", sender="kim@acme-tools.example")
    assert bool(requests(reading)) is asked
