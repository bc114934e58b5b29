"""The heads of quoted mail, program by program and language by language; and plain mail that must not be taken for one."""

from __future__ import annotations

import re

import pytest
from reading_helpers import received

NEW = "Thank you, that works for us.\n\nKim"
OLD = "Can you send the revised quote?\n\nDana"
HEADS = {
    "address after a break": "On 2 March 2026 15:21, <\ndesk+bf2b64b6e34b11e2aeda1231400178dd@northwind.example>wrote:\n",
    "long name broken": "2026-03-02 13:29 GMT+02:00 Dana Reyes of the Northwind desk <\ndana@northwind.example>:\n",
    "aol two lines": "In a message dated 3/2/2026 2:00:24 P.M. Central Daylight Time,  \ndana@northwind.example writes:\n",
    "verb broken": "Il 02/03/2026 16.39, Dana Reyes ha\nscritto:\n",
    "netease": "---------- Replied message ----------\nSender: Dana <dana@northwind.example>\nDate: March 2 2026 17:07\nSubject: RE: quote\n",
    "header block and reply line": "From: Northwind [mailto:dana@northwind.example]\nSent: Monday, March 2, 2026 8:17 PM\nTo: kim@acme.example\n---- REPLY ABOVE THIS LINE -----\n",
    "mailto within": "On Mar 2, 2026, at 9:36 PM, Dana <dana@northwind.example<mailto:dana@northwind.example>> wrote:\n",
    "no recipients": "From: Northwind<mailto:dana@northwind.example>\nSent: 02 March 2026 09:46\nSubject: ticket no. 3\n",
    "gmail said": "On Mon, Mar 2, 2026 at 11:00 AM Dana Reyes <dana@northwind.example> said:\n",
    "gmail said wrapped": "On Mon, Mar 2, 2026 at 11:00 AM Dana Reyes\n<dana@northwind.example> said:\n",
    "replied": "On 02/03/2026 11:00, Dana Reyes <dana@northwind.example> replied:\n",
    "zh gmail": "Dana Reyes <dana@northwind.example> 于2026年3月2日周一 11:00写道：\n",
    "zh apple": "在 2026年3月2日，11:00，Dana Reyes <dana@northwind.example> 写道：\n",
    "zh-tw gmail": "Dana Reyes <dana@northwind.example> 於 2026年3月2日 週一 上午11:00寫道：\n",
    "zh outlook": "发件人: Dana Reyes <dana@northwind.example>\n发送时间: 2026年3月2日 11:00\n收件人: Kim Lee\n主题: offer\n",
    "zh qq": '------------------ 原始邮件 ------------------\n发件人: "Dana" <dana@northwind.example>;\n发送时间: 2026年3月2日\n收件人: "Kim"\n主题: offer\n',
    "ja outlook": "差出人: Dana Reyes <dana@northwind.example>\n送信日時: 2026年3月2日 11:00\n宛先: Kim Lee\n件名: offer\n",
    "ja wrote": "2026年3月2日(月) 11:00 Dana Reyes <dana@northwind.example> が書きました:\n",
    "ja thunderbird": "On 2026/03/02 11:00, Dana Reyes wrote:\n",
    "ko gmail": "2026년 3월 2일 (월) 오전 11:00, Dana Reyes <dana@northwind.example>님이 작성:\n",
    "ko outlook": "보낸 사람: Dana Reyes <dana@northwind.example>\n보낸 날짜: 2026년 3월 2일 월요일 오전 11:00\n받는 사람: Kim Lee\n제목: offer\n",
    "ru outlook": "От: Dana Reyes <dana@northwind.example>\nДата: понедельник, 2 марта 2026 г. в 11:00\nКому: Kim Lee\nТема: offer\n",
    "ru tb": "02.03.2026 11:00, Dana Reyes пишет:\n",
    "ru yandex": '02.03.2026, 11:00, "Dana Reyes" <dana@northwind.example>:\n',
    "uk gmail": "пн, 2 бер. 2026 р. о 11:00 Dana Reyes <dana@northwind.example> пише:\n",
    "ro gmail": "În lun., 2 mar. 2026 la 11:00, Dana Reyes <dana@northwind.example> a scris:\n",
    "ro outlook": "De la: Dana Reyes <dana@northwind.example>\nTrimis: luni, 2 martie 2026 11:00\nCătre: Kim Lee\nSubiect: oferta\n",
    "el gmail": "Στις Δευ 2 Μαρ 2026 στις 11:00 π.μ., ο χρήστης Dana Reyes <dana@northwind.example> έγραψε:\n",
    "el outlook": "Από: Dana Reyes <dana@northwind.example>\nΣτάλθηκε: Δευτέρα, 2 Μαρτίου 2026 11:00\nΠρος: Kim Lee\nΘέμα: offer\n",
    "hr gmail": "pon, 2. ožu 2026. u 11:00 Dana Reyes <dana@northwind.example> napisao je:\n",
    "hr outlook": "Od: Dana Reyes <dana@northwind.example>\nPoslano: ponedjeljak, 2. ožujka 2026. 11:00\nPrima: Kim Lee\nPredmet: ponuda\n",
    "sk outlook": "Od: Dana Reyes <dana@northwind.example>\nOdoslané: pondelok, 2. marca 2026 11:00\nKomu: Kim Lee\nPredmet: ponuka\n",
    "sk gmail": "po 2. 3. 2026 o 11:00 Dana Reyes <dana@northwind.example> napísal(a):\n",
    "sl gmail": "V V pon., 2. mar. 2026 ob 11:00 je oseba Dana Reyes <dana@northwind.example> napisala:\n",
    "bg gmail": "На пн, 2.03.2026 г. в 11:00 Dana Reyes <dana@northwind.example> написа:\n",
    "hu gmail": "Dana Reyes <dana@northwind.example> ezt írta (időpont: 2026. márc. 2., H, 11:00):\n",
    "ca gmail": "Missatge de Dana Reyes <dana@northwind.example> del dia dl., 2 de març 2026 a les 11:00:\n",
    "he gmail": "\u202bבתאריך יום ב׳, 2 במרץ 2026 ב-11:00 מאת \u202aDana Reyes\u202c\u200f <\u202adana@northwind.example\u202c\u200f>:\u202c\n",
    "ar gmail": "في الاثنين، 2 مارس 2026 في 11:00 ص تمت كتابة ما يلي بواسطة Dana Reyes <dana@northwind.example>:\n",
    "vi gmail": "Vào Th 2, 2 thg 3, 2026 vào lúc 11:00 Dana Reyes <dana@northwind.example> đã viết:\n",
    "id gmail": "Pada tanggal Sen, 2 Mar 2026 pukul 11.00 Dana Reyes <dana@northwind.example> menulis:\n",
    "th gmail": "ในวันที่ จ. 2 มี.ค. 2026 เวลา 11:00 Dana Reyes <dana@northwind.example> เขียนว่า:\n",
    "is gmail": "Þann mán., 2. mar. 2026 kl. 11:00 skrifaði Dana Reyes <dana@northwind.example>:\n",
    "et gmail": "Kuupäev E, 2. märts 2026 kell 11:00 kirjutas Dana Reyes <dana@northwind.example>:\n",
    "lt gmail": "2026-03-02, pr, 11:00 Dana Reyes <dana@northwind.example> rašė:\n",
    "lv gmail": "pirmd., 2026. g. 2. marts, plkst. 11:00 — lietotājs Dana Reyes (<dana@northwind.example>) rakstīja:\n",
    "de notes": "Dana Reyes/NW@NW schrieb am 02.03.2026 11:00:00:\n",
    "de notes head": "Von:\tDana Reyes/NW\nAn:\tKim Lee <kim@acme.example>\nKopie:\tLee\nDatum:\t02.03.2026 11:00\nBetreff:\tAngebot\n",
    "fr notes": "De :\tDana Reyes/NW\nA :\tKim Lee <kim@acme.example>\nDate :\t02/03/2026 11:00\nObjet :\tDevis\n",
    "de gmx": 'Gesendet: Montag, 02. März 2026 um 11:00 Uhr\nVon: "Dana Reyes" <dana@northwind.example>\nAn: "Kim Lee" <kim@acme.example>\nBetreff: Angebot\n',
    "en gmx": 'Sent: Monday, March 02, 2026 at 11:00 AM\nFrom: "Dana Reyes" <dana@northwind.example>\nTo: "Kim Lee" <kim@acme.example>\nSubject: offer\n',
    "hotmail subject first": "Subject: Offer\nFrom: dana@northwind.example\nTo: kim@acme.example\nDate: Tue, 3 Mar 2026 09:00:00 +0000\n",
    "hotmail de": "Betreff: Angebot\nVon: dana@northwind.example\nAn: kim@acme.example\nDatum: Tue, 3 Mar 2026 09:00:00 +0000\n",
    "hotmail fr": "Objet : Devis\nDe : dana@northwind.example\nÀ : kim@acme.example\nDate : mar. 3 mars 2026 09:00\n",
    "hotmail date first": "Date: Tue, 3 Mar 2026 09:00:00 +0000\nSubject: Offer\nFrom: dana@northwind.example\nTo: kim@acme.example\n",
    "hotmail to first": "To: kim@acme.example\nFrom: dana@northwind.example\nSubject: Offer\nDate: Tue, 3 Mar 2026 09:00:00 +0000\n",
    "subj re": "Subject: RE: Offer\nDate: Tue, 3 Mar 2026 09:00:00 +0000\nFrom: dana@northwind.example\nTo: kim@acme.example\n",
    "tb de": "-------- Weitergeleitete Nachricht --------\nBetreff: \tAngebot\nDatum: \tTue, 3 Mar 2026 09:00:00 +0000\nVon: \tDana Reyes <dana@northwind.example>\nAn: \tkim@acme.example\n",
    "samsung": "-------- Original message --------\nFrom: Dana Reyes <dana@northwind.example>\nDate: 03/03/2026 09:00 (GMT+00:00)\nTo: kim@acme.example\nSubject: Offer\n",
    "samsung de": "-------- Ursprüngliche Nachricht --------\nVon: Dana Reyes <dana@northwind.example>\nDatum: 03.03.26 09:00 (GMT+01:00)\nAn: kim@acme.example\nBetreff: Angebot\n",
    "samsung fr": "-------- Message d'origine --------\nDe : Dana Reyes <dana@northwind.example>\nDate : 03/03/2026 09:00 (GMT+01:00)\nÀ : kim@acme.example\nObjet : Devis\n",
    "samsung es": "-------- Mensaje original --------\nDe: Dana Reyes <dana@northwind.example>\nFecha: 3/3/26 9:00 (GMT+01:00)\nPara: kim@acme.example\nAsunto: Oferta\n",
    "outlook mobile": "Get Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\nFrom: Dana Reyes <dana@northwind.example>\nSent: Tuesday, March 3, 2026 9:00:00 AM\nTo: Kim Lee <kim@acme.example>\nSubject: Re: quote\n",
    "outlook mobile de": "Outlook für iOS<https://aka.ms/o0ukef> beziehen\n________________________________\nVon: Dana Reyes <dana@northwind.example>\nGesendet: Dienstag, 3. März 2026 09:00:00\nAn: Kim Lee <kim@acme.example>\nBetreff: AW: quote\n",
    "outlook mobile fr": "Télécharger Outlook pour iOS<https://aka.ms/o0ukef>\n________________________________\nDe : Dana Reyes <dana@northwind.example>\nEnvoyé : mardi 3 mars 2026 09:00\nÀ : Kim Lee\nObjet : RE: quote\n",
    "outlook web": "\u200b\nFrom: Dana Reyes <dana@northwind.example>\nDate: Tuesday, 3 March 2026 at 09:00\nTo: Kim Lee <kim@acme.example>\nSubject: Re: quote\n",
    "es apple": "El 2 mar 2026, a las 11:00, Dana Reyes <dana@northwind.example> escribió:\n",
    "es tb": "El 02/03/2026 a las 11:00, Dana Reyes escribió:\n",
    "fr tb": "Le 02/03/2026 à 11:00, Dana Reyes a écrit :\n",
    "it tb": "Il 02/03/2026 11:00, Dana Reyes ha scritto:\n",
    "nl tb": "Op 02-03-2026 om 11:00 schreef Dana Reyes:\n",
    "pt tb": "Em 02/03/2026 11:00, Dana Reyes escreveu:\n",
    "pl tb": "W dniu 02.03.2026 o 11:00, Dana Reyes pisze:\n",
    "sv tb": "Den 2026-03-02 kl. 11:00, skrev Dana Reyes:\n",
    "no gmail": "man. 2. mars 2026 kl. 11:00 skrev Dana Reyes <dana@northwind.example>:\n",
    "addr before verb next line": "Dana Reyes <dana@northwind.example>\nschrieb am Mo., 2. März 2026, 11:00:\n",
    "de gmail mobile": "Dana Reyes <dana@northwind.example> schrieb am Mo., 2. März 2026, 11:00:\n",
    "verb before address line": "Am Mo., 2. März 2026 um 11:00 Uhr schrieb Dana Reyes\n<dana@northwind.example>:\n",
    "three lines": "On Monday, 2 March 2026 at 11:00,\nDana Reyes\n<dana@northwind.example> wrote:\n",
    "polymail": "On Tue, Mar 3, 2026 at 9:00 AM, Dana Reyes\n< dana@northwind.example > wrote:\n",
    "spark": "On 3 Mar 2026, 09:00 +0000, Dana Reyes <dana@northwind.example>, wrote:\n",
    "superhuman": "On Tue, Mar 03, 2026 at 9:00 AM, Dana Reyes < dana@northwind.example > wrote:\n",
    "zoho": "---- On Tue, 03 Mar 2026 09:00:00 +0000 Dana Reyes <dana@northwind.example> wrote ----\n",
    "zoho plus": " ---- Am Di, 03 Mär 2026 09:00:00 +0100 Dana Reyes <dana@northwind.example> schrieb ----\n",
    "proton de": "------- Ursprüngliche Nachricht -------\nDana Reyes <dana@northwind.example> schrieb am Dienstag, 3. März 2026 um 09:00:\n",
    "mutt": "On Tue, Mar 03, 2026 at 09:00:00AM +0000, Dana Reyes wrote:\n",
    "k9": "Am 3. März 2026 09:00:00 MEZ schrieb Dana Reyes <dana@northwind.example>:\n",
    "aol": "-----Original Message-----\nFrom: Dana Reyes <dana@northwind.example>\nTo: kim@acme.example\nSent: Tue, Mar 3, 2026 9:00 am\nSubject: quote\n",
    "yahoo de": "Am Dienstag, 3. März 2026 um 09:00:00 MEZ hat Dana Reyes <dana@northwind.example> Folgendes geschrieben:\n",
    "yahoo fr": "Le mardi 3 mars 2026 à 09:00:00 UTC+1, Dana Reyes <dana@northwind.example> a écrit :\n",
    "yahoo es": "El martes, 3 de marzo de 2026, 9:00:00 CET, Dana Reyes <dana@northwind.example> escribió:\n",
    "mailto": "From: Dana Reyes [mailto:dana@northwind.example]\nSent: Tuesday, March 3, 2026 9:00 AM\nTo: Lee, Kim\nSubject: Re: Offer\n",
    "freshdesk": "On Tue, 3 Mar at 9:00 AM , Dana Reyes <dana@northwind.example> wrote:\n",
    "hubspot": "On Tue, Mar 3, 2026 at 9:00 AM Dana Reyes (dana@northwind.example) wrote:\n",
    "zendesk": "##- Please type your reply above this line -##\n\nYour request (4711) has been updated.\n\nDana Reyes (Northwind)\nMar 3, 2026, 9:00 AM\n",
    "jira": "—-—-—-—\nReply above this line.\n\nDana Reyes commented:\n",
    "intercom": "## Reply above this line ##\n",
    "freshservice": "--- Please reply above this line ---\n",
}
FOOT_OF_A_PROGRAM = re.compile(r"(?m)^.*(?:Outlook (?:for|für|pour)|—-—).*$|\u200b")


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS.keys())
def test_the_head_of_a_program_in_its_language_cuts_all_below_it(head: str) -> None:
    reading = received(f"{NEW}\n\n{head}\n{OLD}", subject="Re: quote")
    assert FOOT_OF_A_PROGRAM.sub("", reading.new_text).strip() == NEW
    assert not reading.reply_expected


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS.keys())
def test_what_was_typed_below_marked_lines_stays_below_every_head(head: str) -> None:
    quoted = "\n".join(f"> {line}" for line in OLD.split("\n"))
    reading = received(f"{head}{quoted}\n\n{NEW}\n", subject="Re: quote")
    if "this line" in head.lower():  # a helpdesk's line has no marked lines below it
        return
    assert FOOT_OF_A_PROGRAM.sub("", reading.new_text).strip() == NEW


@pytest.mark.parametrize("subject", ["quote", "Re: quote"])
@pytest.mark.parametrize(
    "text",
    [
        "On Monday Kim said:\n\nThe price stays. Can you confirm?\n",
        "On 3 March 2026 the minister said:\n\nNo change. What do you think?\n",
        "Our engineer replied:\nThe pump is fine.\nCan you call him?\n",
        "As Lee said on 2 March:\n- price stays\n- delivery in May\nDo you agree?\n",
        "He said at 10:00 that the price stays: we agreed.\nFine?\n",
        "Please send it to Kim Lee <kim@acme.example> by 3 March 2026 at 10:00:\n- the quote\n- the drawing\n",
        "Write to Lee <lee@acme.example> before noon:\nhe knows the price.\nCan you do that?\n",
        'The customer commented:\n"too expensive"\nWhat can we do?\n',
        "Subject to approval: we order 20.\nDate: May.\nCan you confirm?\n",
        "Date: 3 March 2026, 10:00\nPlace: Leeds\nSubject: the new line\n\nCan you come?\n",
        "From: Leeds\nTo: York\nDate: 3 March 2026\nCan you quote for the transport?\n",
        "Von: Leeds\nNach: York\nWann: 3. März 2026\nKönnen Sie das anbieten?\n",
        "To: the whole team\nThanks for the great work. Can you send photos?\n",
        "Re: the pump\nCan you send a new one?\n",
        "Hi Dana,\n\nquestions:\n1. price?\n2. delivery?\n\nKim\n",
        "Here is what the leaflet says:\n\nOpen daily 9:00 to 17:00 in 2026.\n\nIs it right?\n",
        "Kim wrote on the order form:\n20 pieces blue\nIs that in stock?\n",
        "Sa facture du 2 mars 2026 a dit:\n20 pièces\nEst-ce juste?\n",
        "Data: 3 marzo\nLuogo: Milano\nPuoi venire?\n",
        "No: we do not need it.\nFor: 20 pieces.\nCan you confirm?\n",
        "Please respond to this mail by Friday.\n\nKim\n",
        "Please respond to Lee's question about the price.\nCan you do it today?\n",
        "cc: Louise\n\nCan you send the figures?\n",
        "Reply above the fold, please.\nCan you?\n",
        "Men 2026 sade han:\npriset är fast. Kan du bekräfta?\n",
        "We said 10:00 on 3 March 2026, but Lee's message said 11:00:\nwhich is right?\n",
        "Hi,\nPlease sign above this line and return the form.\n\nKim",
        "Hi,\nPlease write your answers above this line, then send it back.\n\nKim",
        "Hi,\nThe figures above this line are net; please comment.\n\nKim",
        "Hi,\nCan you type the totals above this line?\n\nKim",
    ],
)
def test_a_plain_mail_that_resembles_a_head_is_not_damaged(text: str, subject: str) -> None:
    assert received(text, subject=subject).new_text == text.strip("\n")


@pytest.mark.parametrize(
    "line",
    [
        "##- Bitte geben Sie Ihre Antwort über dieser Zeile ein. -##",
        "##- Veuillez saisir votre réponse au-dessus de cette ligne. -##",
        "##- Escriba su respuesta por encima de esta línea. -##",
        "##- Typ uw antwoord boven deze regel. -##",
        "##- Scrivi la tua risposta sopra questa riga -##",
        "##- Skriv dit svar over denne linje -##",
        "##- Ange ditt svar ovanför den här raden -##",
        "##- Wpisz swoją odpowiedź powyżej tego wiersza -##",
        "##- Digite sua resposta acima desta linha. -##",
        "Reply above this line.",
        "-- Please reply above this line --",
        "--- Reply ABOVE THIS LINE to add a note ---",
        "=====- Please reply above this line -=====",
        "——–— Reply above this line ———",
        "## Please write your reply above this line ##",
        "Write ABOVE THIS LINE to post a reply or view this on Basecamp",
        "To respond, reply above this line",
        "##- この行より上に返信を入力してください -##",
        "##- 请在此行上方键入您的回复 -##",
        "##- Введите ответ выше этой строки -##",
        "Bitte antworten Sie oberhalb dieser Linie",
    ],
)
def test_what_stands_below_a_helpdesks_reply_line_is_not_the_clients(line: str) -> None:
    reading = received(f"Blue, twenty pieces.\n\n{line}\n\nHi Tom,\nwhich colour should it be?\n")
    assert reading.new_text == "Blue, twenty pieces."
    assert not reading.reply_expected


def test_a_helpdesks_own_mail_speaks_below_its_reply_line() -> None:
    reading = received(
        "##- Please type your reply above this line -##\n\nHi Dana, which colour should it be?\n\nTom, Acme support\n"
    )
    assert reading.reply_expected
    assert "above this line" not in reading.new_text
