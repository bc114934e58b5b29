"""The new text: what the writer typed, in the quoting styles of the common mail programs."""

from __future__ import annotations

import pytest
from reading_helpers import received

NEW = "Thank you, that works for us.\n\nKim"
OLD = "Can you send the revised quote?\n\nDana"


@pytest.mark.parametrize(
    "head",
    [
        "-----Original Message-----\nFrom: Dana Reyes\nSent: Tuesday, March 3, 2026 9:00 AM\nTo: Kim\nSubject: quote\n",
        "From: Dana Reyes <dana@northwind.example>\nSent: 03 March 2026 09:00\nTo: Kim Lee\nSubject: Re: quote\n",
        "________________________________\nFrom: Dana Reyes <dana@northwind.example>\nSent: 03 March 2026 09:00\nTo: Kim Lee\nSubject: Re: quote\n",
        "Von: Dana Reyes\nGesendet: Dienstag, 3. März 2026 09:00\nAn: Kim Lee\nBetreff: Angebot\n",
        "De : Dana Reyes\nEnvoyé : mardi 3 mars 2026 09:00\nÀ : Kim Lee\nObjet : devis\n",
        "On Tue, 3 Mar 2026 at 09:00, Dana Reyes <dana@northwind.example> wrote:\n",
        "On 3 Mar 2026, at 09:00, Dana Reyes\n<dana@northwind.example> wrote:\n",
        "Am 03.03.26 um 09:00 schrieb Dana Reyes:\n",
        "Le 3 mars 2026 à 09:00, Dana Reyes a écrit :\n",
        "Dana Reyes <dana@northwind.example> wrote on 03/03/2026 09:00:00:\n",
        "Begin forwarded message:\n\nFrom: Dana Reyes\nSubject: quote\n",
        "---------- Forwarded message ---------\nFrom: Dana Reyes\nDate: Tue, 3 Mar 2026\n",
        "\tDana Reyes\n\t03/03/2026 09:00 AM\n\t\t \n\t\t To: Kim Lee/ACME@ACME\n\t\t cc: \n\t\t Subject: quote\n",
        '"Dana Reyes" <dana@northwind.example> on 03/03/2026 09:00:00 AM\nTo: Kim Lee\ncc:\nSubject: quote\n',
        ">>> Dana Reyes 03/03/26 09:00AM >>>\n",
    ],
)
def test_the_head_of_an_older_mail_cuts_all_below_it(head: str) -> None:
    reading = received(f"{NEW}\n\n{head}\n{OLD}")
    assert reading.new_text.strip() == NEW
    assert not reading.reply_expected


HEADS = {
    "es outlook": "De: Dana Reyes <dana@northwind.example>\nEnviado el: martes, 3 de marzo de 2026 9:00\nPara: Kim Lee\nAsunto: presupuesto\n",
    "it outlook": "Da: Dana Reyes <dana@northwind.example>\nInviato: martedì 3 marzo 2026 09:00\nA: Kim Lee\nOggetto: preventivo\n",
    "pt outlook": "De: Dana Reyes <dana@northwind.example>\nEnviada em: terça-feira, 3 de março de 2026 09:00\nPara: Kim Lee\nAssunto: orçamento\n",
    "nl outlook": "Van: Dana Reyes <dana@northwind.example>\nVerzonden: dinsdag 3 maart 2026 09:00\nAan: Kim Lee\nOnderwerp: offerte\n",
    "sv outlook": "Från: Dana Reyes <dana@northwind.example>\nSkickat: den 3 mars 2026 09:00\nTill: Kim Lee\nÄmne: offert\n",
    "da outlook": "Fra: Dana Reyes <dana@northwind.example>\nSendt: 3. marts 2026 09:00\nTil: Kim Lee\nEmne: tilbud\n",
    "no outlook": "Fra: Dana Reyes <dana@northwind.example>\nSendt: tirsdag 3. mars 2026 09:00\nTil: Kim Lee\nEmne: tilbud\n",
    "pl outlook": "Od: Dana Reyes <dana@northwind.example>\nWysłano: wtorek, 3 marca 2026 09:00\nDo: Kim Lee\nTemat: oferta\n",
    "fi outlook": "Lähettäjä: Dana Reyes <dana@northwind.example>\nLähetetty: tiistai 3. maaliskuuta 2026 9.00\nVastaanottaja: Kim Lee\nAihe: tarjous\n",
    "cs outlook": "Od: Dana Reyes <dana@northwind.example>\nOdesláno: úterý 3. března 2026 9:00\nKomu: Kim Lee\nPředmět: nabídka\n",
    "tr outlook": "Kimden: Dana Reyes <dana@northwind.example>\nGönderilme: 3 Mart 2026 Salı 09:00\nKime: Kim Lee\nKonu: teklif\n",
    "ru outlook": "От: Dana Reyes <dana@northwind.example>\nОтправлено: 3 марта 2026 г. 9:00\nКому: Kim Lee\nТема: предложение\n",
    "hu outlook": "Feladó: Dana Reyes <dana@northwind.example>\nElküldve: 2026. március 3., kedd 9:00\nCímzett: Kim Lee\nTárgy: ajánlat\n",
    "bold en": "*From:* Dana Reyes <dana@northwind.example>\n*Sent:* Tuesday, March 3, 2026 9:00 AM\n*To:* Kim Lee\n*Subject:* quote\n",
    "gmail es": "El mar, 3 mar 2026 a las 9:00, Dana Reyes (<dana@northwind.example>) escribió:\n",
    "gmail it": "Il giorno mar 3 mar 2026 alle ore 09:00 Dana Reyes <dana@northwind.example> ha scritto:\n",
    "gmail pt": "Em ter., 3 de mar. de 2026 às 09:00, Dana Reyes <dana@northwind.example> escreveu:\n",
    "gmail nl": "Op di 3 mrt 2026 om 09:00 schreef Dana Reyes <dana@northwind.example>:\n",
    "gmail sv": "Den tis 3 mars 2026 kl 09:00 skrev Dana Reyes <dana@northwind.example>:\n",
    "gmail da": "Den tirs. 3. mar. 2026 kl. 09.00 skrev Dana Reyes <dana@northwind.example>:\n",
    "gmail pl": "wt., 3 mar 2026 o 09:00 Dana Reyes <dana@northwind.example> napisał(a):\n",
    "gmail fi": "ti 3. maalisk. 2026 klo 9.00 Dana Reyes (dana@northwind.example) kirjoitti:\n",
    "gmail cs": "út 3. 3. 2026 v 9:00 odesílatel Dana Reyes <dana@northwind.example> napsal:\n",
    "gmail tr": "Dana Reyes <dana@northwind.example>, 3 Mar 2026 Sal, 09:00 tarihinde şunu yazdı:\n",
    "gmail ru": "вт, 3 мар. 2026 г. в 09:00, Dana Reyes <dana@northwind.example>:\n",
    "gmail ru2": "3 марта 2026 г., в 9:00, Dana Reyes <dana@northwind.example> написал(а):\n",
    "fr wrapped": "Le mar. 3 mars 2026 à 09:00, Dana Reyes <dana@northwind.example> a\nécrit :\n",
    "de t-bird": "Am 03.03.2026 um 09:00 schrieb Dana Reyes:\n",
    "fr fwd": "---------- Message transféré ---------\nDe : Dana Reyes <dana@northwind.example>\nDate: mar. 3 mars 2026\n",
    "de fwd": "---------- Weitergeleitete Nachricht ---------\nVon: Dana Reyes\nDatum: Di., 3. März 2026\n",
    "es fwd": "---------- Mensaje reenviado ----------\nDe: Dana Reyes\nFecha: mar, 3 mar 2026\n",
    "de orig": "-----Ursprüngliche Nachricht-----\nVon: Dana Reyes\nGesendet: Dienstag, 3. März 2026 09:00\nAn: Kim\nBetreff: Angebot\n",
    "apple de": "Am 03.03.2026 um 09:00 schrieb Dana Reyes <dana@northwind.example>:\n",
    "apple fwd de": "Anfang der weitergeleiteten Nachricht:\n\nVon: Dana Reyes\nBetreff: Angebot\n",
    "apple fwd fr": "Début du message réexpédié :\n\nDe: Dana Reyes\nObjet: devis\n",
    "yahoo": "On Tuesday, March 3, 2026 at 09:00:00 AM GMT, Dana Reyes <dana@northwind.example> wrote: \n",
    "outlook ios": "________________________________\nFrom: Dana Reyes <dana@northwind.example>\nSent: Tuesday, March 3, 2026 9:00:00 AM\nTo: Kim Lee <kim@acme.example>\nSubject: Re: quote\n",
    "sent+head": "Sent from my iPhone\n\nOn 3 Mar 2026, at 09:00, Dana Reyes <dana@northwind.example> wrote:\n",
    "proton": "------- Original Message -------\nOn Tuesday, March 3rd, 2026 at 9:00 AM, Dana Reyes <dana@northwind.example> wrote:\n",
    "ja": "2026年3月3日(火) 9:00 Dana Reyes <dana@northwind.example>:\n",
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS.keys())
def test_the_heads_of_many_programs_in_many_languages_cut_all_below_them(head: str) -> None:
    reading = received(f"{NEW}\n\n{head}\n{OLD}")
    assert reading.new_text.removesuffix("Sent from my iPhone\n\n").replace("Sent from my iPhone", "").strip() == NEW
    assert not reading.reply_expected


@pytest.mark.parametrize(
    "text",
    [
        "We met at 09:00 with Kim <kim@acme.example>: the price stays.\nLee agreed.\n",
        "Od nas nic wiecej.\nDo zobaczenia: jutro.\n",
        "Konu: fiyat.\nBu kadar.\n",
        "Tema: das passt.\nDatum: offen.\n",
        "On 3 March we start, she wrote: all is well.\nGood.\n",
    ],
)
def test_a_line_that_only_looks_like_a_head_damages_nothing(text: str) -> None:
    assert received(text).new_text == text.strip("\n")


def test_answers_between_quoted_lines_stay() -> None:
    reading = received("> What size?\nForty units.\n> By when?\nBy May, please confirm.\n")
    assert reading.new_text == "Forty units.\nBy May, please confirm."


def test_lines_that_an_earlier_mail_said_are_quotes_whatever_they_look_like() -> None:
    question = "Could you please send us the revised quote by Friday?"
    reading = received(f"We take it.\n\n{question}\n", earlier=(f"Hello Kim,\n{question}\nDana",))
    assert question not in reading.new_text
    assert not reading.reply_expected


@pytest.mark.parametrize(
    "text",
    [
        "To: everyone who asked: the price stays.\n\nKim",
        "From Monday on we deliver: please note.\nDate: open.\n",
        "She wrote: the price stays.\nWe agreed.\n",
        "Two points -- first the price, second the date.\n--- no more ---\nKim",
        "On Tuesday we met; on Friday I wrote to Lee: he agreed.\nThe rest follows.\n",
    ],
)
def test_a_plain_mail_is_not_damaged(text: str) -> None:
    assert received(text).new_text == text.strip("\n")


def test_a_comment_above_a_forward_stays() -> None:
    text = "Can you look at this?\n\n---------- Forwarded message ---------\nFrom: Lee <lee@acme.example>\nSubject: order\n\nPlease pay.\n"
    reading = received(text)
    assert reading.new_text.strip() == "Can you look at this?"
    assert [a.quote for a in reading.acts] == ["Can you look at this?"]


@pytest.mark.parametrize(
    "foot", ["-- \nKim Lee\nAcme Ltd\nCall me on +44 20 7946 0018?", "Sent from my phone", "Best regards,\nKim Lee\nAcme Ltd"]
)
def test_signatures_stay_in_the_text_but_say_nothing(foot: str) -> None:
    reading = received(f"The price is fine.\n\n{foot}")
    assert foot in reading.new_text
    assert not reading.reply_expected
    assert any(cut.why == "signature" for cut in reading.cuts)


def test_a_disclaimer_promises_nothing() -> None:
    text = (
        "The price is fine.\n\nThis e-mail is confidential and intended for the addressee. We will prosecute. Please delete it.\n"
    )
    assert received(text).acts == ()


@pytest.mark.parametrize(
    "foot",
    [
        "Inviato da iPhone",
        "Verzonden vanaf mijn iPhone",
        "Skickat från min iPhone",
        "Wysłane z iPhone'a",
        "Enviado do meu iPhone",
        "Sendt fra min iPhone",
        "Sent from Outlook for Android",
        "Cet e-mail et toutes les pièces jointes sont confidentiels.",
        "Diese Nachricht ist vertraulich.",
    ],
)
def test_the_foot_of_a_phone_or_a_lawyer_in_another_language_says_nothing(foot: str) -> None:
    assert [cut.why for cut in received(f"The price is fine.\n\n{foot}").cuts] in (["signature"], ["disclaimer"])


OURS = "Hi Kim,\n\nwhich colour should it be? Can you tell me how many you need?\n\nDana"


@pytest.mark.parametrize(
    "quoted",
    [
        OURS,
        "Hi Kim,\n\nwhich colour\nshould it be? Can you tell me\nhow many you need?\n\nDana",
        "Hi Kim, which colour should it be? Can you tell me how many you need? Dana",
        "| Hi Kim,\n|\n| which colour should it be? Can you tell me how many you need?",
        "\tHi Kim,\n\n\twhich colour should it be?  Can you tell me how many you need?\n\n\tDana",
        "“Hi Kim, which colour should it be? Can you tell me how many you need?”",
    ],
)
def test_our_own_words_quoted_back_are_not_the_clients_however_they_are_wrapped(quoted: str) -> None:
    reading = received(f"Blue, twenty pieces.\n\n{quoted}\n", subject="Re: colour", earlier=(OURS,))
    assert reading.new_text.strip(" |\n") == "Blue, twenty pieces."
    assert not reading.reply_expected


def test_words_flattened_to_one_line_are_told_from_our_own() -> None:
    text = "Blue, please. Hi Kim, which colour should it be? Can you tell me how many you need? Dana"
    assert received(text, earlier=(OURS,)).new_text.strip() == "Blue, please."


def test_what_is_typed_below_our_own_mail_is_new_even_without_marks() -> None:
    text = f"On Mon, 2 Mar 2026 Dana Reyes <dana@northwind.example> wrote:\n\n{OURS}\n\nBlue. Can you deliver on Friday?\n\nKim"
    reading = received(text, subject="Re: colour", earlier=(OURS,))
    assert reading.new_text == "Blue. Can you deliver on Friday?\n\nKim"
    assert reading.reply_expected


def test_an_older_mail_below_the_one_that_is_quoted_stays_cut() -> None:
    text = (
        f"Blue.\n\nOn Mon, 2 Mar 2026 Dana Reyes <dana@northwind.example> wrote:\n\n{OURS}\n\n"
        "On Sun, 1 Mar 2026 Kim Lee <kim@acme.example> wrote:\n\nCan you make us an offer?\n"
    )
    assert received(text, subject="Re: colour", earlier=(OURS,)).new_text == "Blue."


def test_a_mail_sent_once_more_in_the_same_words_is_meant() -> None:
    words = "Hi Dana,\n\ncould you please send us the revised quote by Friday?\n\nKim"
    assert received(words, earlier=(words,)).reply_expected


def test_phrases_that_everybody_writes_again_are_no_quote() -> None:
    earlier = "Hi Dana,\n\ncould you please send us the price list for 2026?\n\nBest regards\nKim"
    text = "Hi Dana,\n\ncould you please send us the drawing of the pump?\n\nBest regards\nKim"
    assert received(text, earlier=(earlier,)).new_text == text


def test_a_mail_marked_throughout_that_follows_none_is_its_writers_words() -> None:
    text = "> Hi Dana,\n>\n> could you please send us\n> the revised quote by Friday?\n>\n> Kim\n"
    reading = received(text)
    assert reading.new_text == "Hi Dana,\n\ncould you please send us\nthe revised quote by Friday?\n\nKim"
    assert reading.reply_expected


@pytest.mark.parametrize("files", ["- Price list (2).pdf", " - plan.dwg\n - parts.xls\n", "<<offer.doc>>"])
def test_the_names_of_files_below_a_mail_marked_throughout_are_no_words_of_its_own(files: str) -> None:
    reading = received(f"> Hi Dana,\n>\n> could you please send us the revised quote?\n>\n> Kim\n\n{files}")
    assert reading.reply_expected
    assert not received(f"> could you please send us the quote?\n\nIt is done.\n{files}").reply_expected


@pytest.mark.parametrize("change", [{"subject": "Re: quote"}, {"subject": "WG: quote"}, {"follows": True}])
def test_a_mail_marked_throughout_that_follows_another_is_a_quote(change: dict[str, object]) -> None:
    assert received("> could you please send us the quote?\n", **change).new_text == ""


@pytest.mark.parametrize(
    "header",
    [
        "Please respond to kim@acme.example\n\nTo: Dana Reyes/NW@NW\ncc:\n\nSubject: quote\n",
        "Please respond to Kim Lee\nTo: Dana Reyes\ncc: Lee\n",
        "To:\tDana Reyes/NW@NW\ncc:\nbcc:\nSubject:\tquote\n",
        "An: Dana Reyes\nKopie:\nBetreff: Angebot\n",
        "From: Kim Lee <kim@acme.example>\nTo: Dana\nSubject: quote\n",
        "cc: Louise, Lee\nTo: Dana\n",
    ],
)
def test_the_header_that_an_old_system_writes_above_the_text_is_no_word_of_the_sender(header: str) -> None:
    words = "Could you send the revised quote by Friday?\n\nKim"
    reading = received(f"{header}\n{words}")
    assert reading.new_text == words
    assert reading.reply_expected


@pytest.mark.parametrize("to", ["Kim", "Kim Lee <kim@acme.example>"])
def test_the_header_of_somebody_elses_mail_at_the_top_is_a_forward(to: str) -> None:
    assert received(f"From: Lee <lee@acme.example>\nTo: {to}\nSubject: quote\n\nCould you send the quote?").new_text == ""


def test_a_mail_of_ones_own_forwarded_without_a_word_is_said_again() -> None:
    head = "---------- Forwarded message ---------\nFrom: Kim Lee <kim@acme.example>\nDate: Mon, 2 Mar 2026\nSubject: quote\nTo: <dana@northwind.example>\n\n"
    reading = received(f"{head}Can you send the revised quote?\n", subject="Fwd: quote")
    assert reading.new_text == "Can you send the revised quote?"
    assert reading.reply_expected


def test_a_list_of_contacts_that_is_announced_is_no_signature() -> None:
    from_us = "Hi Kim,\n\nWalter White\n+36 30 333 4151\nwalter@courier.example"
    assert not any(cut.why == "signature" for cut in received(from_us, sender_name="Dana Reyes").cuts)


@pytest.mark.parametrize("separator", ["--", "-- ", "*--*", "*-- *"])
def test_a_separator_begins_a_signature_bold_or_not(separator: str) -> None:
    reading = received(f"The price is fine.\n\n{separator}\nKim Lee\nCan we help you?")
    assert not reading.reply_expected


def test_a_line_of_the_reply_that_begins_like_a_head_stays() -> None:
    words = "On your remote host you can run:\n\n     telnet 127.0.0.1 52698\n\nThis should connect."
    assert received(f"{words}\n\nOn 9 Jan 2026, at 2:47, Dana wrote:\n\n> It does not answer.\n").new_text == words


@pytest.mark.parametrize(
    "quoted",
    [
        "> On 6 Oct 2025, at 10:47, Dana <dana@northwind.example> \nwrote:\n> \n> Can you confirm?\n",
        "> Reply to this email directly or view it on the web \n<https://northwind.example/reply/bf9d5ce00f52f9096acf\nf87a60f3ed6134338f03e#4711>.\n> \n",
        "ons. 26. aug. 2026 kl. 14:05 skrev Northwind Support <desk@northwind.example\n>:\n\n> Kan du bekrefte?\n",
        '----------- Original Message -----------\nFrom: "D."\nDate: Monday, July 24th 2023 at 3:59 pm\nSubject: Sync\nTo: "K." ,\nCc: "L."\n\n> Hey,\n> \n > Do any of these work? \n > \n> D.\n',
    ],
)
def test_what_wrapping_broke_off_a_quote_belongs_to_it(quoted: str) -> None:
    assert received(f"{NEW}\n\n{quoted}", subject="Re: quote").new_text.strip() == NEW


def test_a_link_typed_between_quoted_lines_stays() -> None:
    text = "> Where is the drawing?\n<https://acme.example/drawing>\n> By when do you need it?\nBy May.\n"
    assert received(text, subject="Re: quote").new_text == "<https://acme.example/drawing>\nBy May."
