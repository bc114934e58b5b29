"""How mail programs introduce a quoted or forwarded mail, in the languages of the common ones."""

from __future__ import annotations

import re

# The labels of a quoted mail's header block in the languages of the common mail programs.
_FROM = (
    "from|von|de|da|van|från|fra|od|lähettäjä|expéditeur|mittente|remitente|remetente|afzender|avsändare|afsender|avsender|nadawca|"
    "odesílatel|feladó|kimden|gönderen|от|отправитель|差出人|送信者"
)
_TO = (
    "to|an|à|para|aan|till|til|do|vastaanottaja|destinataire|destinatario|destinatário|a|pour|komu|címzett|kime|alıcı|кому|宛先|empfänger|"
    "adresat|mottagare|modtager|mottaker|ontvanger"
)
_DATE = (
    "sent|date|gesendet|datum|envoyé|envoyé le|date d'envoi|enviado|enviado el|enviado em|enviada em|enviada|fecha|inviato|data|"
    "data invio|verzonden|skickat|sendt|dato|wysłano|lähetetty|päivämäärä|päiväys|odesláno|elküldve|dátum|gönderildi|gönderilme|gönderilme tarihi|tarih|"
    "отправлено|дата|送信日時|日時|日付"
)
_SUBJECT = "subject|re|betreff|objet|sujet|asunto|oggetto|onderwerp|ämne|emne|temat|aihe|assunto|předmět|tárgy|konu|тема|件名"
_MORE_LABELS = (
    "cc|bcc|kopie|kopia|kopi|kopio|copie|copie à|bilgi|копия|reply-to|reply to|antwort an|importance|priority|attachments|sent by|"
    "organization|newsgroups"
)
LABEL = re.compile(
    rf"[\s>*_|\ufeff\u200e]*(?:(?P<from>{_FROM})|(?P<to>{_TO})|(?P<date>{_DATE})|(?P<subject>{_SUBJECT})|(?P<more>{_MORE_LABELS}))"
    r"[\s*]{0,4}[:：]",
    re.IGNORECASE,
)
_ORIGINAL = (
    "original (?:message|appointment)|ursprüngliche[rs]? (?:nachricht|mail|e-mail|message|termin)|originalnachricht|"
    "message (?:d['’]origine|original)|(?:mail|e-mail|courriel) original|mensaje original|mensagem original|messaggio originale|"
    "oorspronkelijk bericht|ursprungligt meddelande|originalmeddelande|oprindelig (?:meddelelse|besked)|opprinnelig melding|"
    "original melding|oryginalna wiadomość|wiadomość oryginalna|alkuperäinen viesti|původní zpráva|özgün ileti|orijinal (?:mesaj|ileti)|"
    "исходное сообщение|元のメッセージ|reply message|inline attachment follows|reply separator"
)
_FORWARDED = (
    "forwarded (?:message|by|from|mail)|forward header|begin forwarded|weitergeleitete (?:nachricht|mail|e-mail)|weitergeleitet von|"
    "message (?:transféré|réexpédié)|transféré par|(?:mensaje )?reenviado|(?:messaggio )?inoltrato|"
    "mensagem (?:encaminhada|reencaminhada)|doorgestuurd|vidarebefordrat|videresendt|przekazana wiadomość|"
    "treść przekazanej wiadomości|välitetty viesti|přeposlaná zpráva|iletilmiş|iletilen (?:ileti|mesaj)|"
    "(?:пересылаемое|перенаправленное|пересланное) сообщение|転送(?:された)?メッセージ|转发"
)
SEPARATOR = re.compile(
    rf"[>\s]*(?:[-_=*]{{2,}}\s*(?:{_ORIGINAL}|(?P<forward>{_FORWARDED}))|(?P<apple>begin forwarded message|anfang der weitergeleiteten|"
    r"début du message (?:transféré|réexpédié)|inicio del mensaje reenviado|inizio (?:del )?messaggio inoltrato|"
    r"início da mensagem (?:encaminhada|reencaminhada)|begin doorgestuurd bericht|vidarebefordrat (?:brev|mejl)|"
    r"(?:start på )?videresendt (?:besked|melding|meddelelse)|początek przekazywanej|välitetty viesti|přeposlaná zpráva|"
    r"начало (?:переадресованного|пересылаемого)|転送されたメッセージ)[^\n:：]{0,40}[:：]\s*$)",
    re.IGNORECASE,
)
APPLE_FORWARD_STARTS = (
    "begin",
    "anfang der w",
    "début du",
    "inicio del",
    "inizio ",
    "início da",
    "vidarebef",
    "start på",
    "videresendt",
    "początek",
    "välitetty",
    "přeposlaná",
    "начало пере",
    "転送された",
)
_WROTE = (
    "wrote|writes|schrieb|geschrieben|schreef|écrit|escribió|ha scritto|skrev|napisał\\(?a?\\)?|pisze|írta|kirjoitti|escreveu|"
    "napsal\\(?a?\\)?|yazdı|написал\\(?а?\\)?|пишет|napisana przez"
)
_MONTH_DAY = r"\d{1,4}(?:[-/.年 ]|\. ?)(?:\d|[^\W\d]{3})"
WROTE_START = re.compile(
    r"[>\s]*(?:-{2,4} )?(?:on|am|le|el|il|op|den|dnia|em|at|no dia|às|w dniu|dne|wiadomość napisana)\b\s*.{3,}|"
    r"[>\s]*[\"'<“]?[^\s,.;:!?][^.;!?]{0,60}<?\S+@\S+|"
    rf"[>\s]*{_MONTH_DAY}|[>\s]*[^\W\d]{{2,9}}\.?,? {_MONTH_DAY}|"
    r"[>\s]*(?:in article|in a message|-{2,5}[ \"]|-----\S|(?:zitat von|quoting|citando|citation de) )",
    re.IGNORECASE,
)
# A name, the verb, then a day: "Kim Lee/ACME wrote on 03/03/2026 09:00:00 AM:".
NAME_WROTE = re.compile(rf"[>\s]*[^\W\d_][^\n.;:!?]{{1,60}} (?:{_WROTE})\b[^\n;!?]{{0,12}}\d[^\n;!?]{{4,50}}:\s*$", re.IGNORECASE)
LABELS = frozenset(f"{_FROM}|{_TO}|{_DATE}".split("|"))
MAX_LABEL = max(map(len, LABELS)) + 4
WROTE_END = re.compile(
    rf"\b(?:{_WROTE})(?!\w)\)?[^\n]{{0,80}}:[ \t\r*_]*$|[^\n]@[^\s<>@]+>\)?(?:のメール)?[ \t]*[:：][ \t\r]*$|"
    r"\b(?:wrote|schrieb|a écrit) ?-{2,5}[ \t\r]*$|^[> \t]*(?:zitat von|quoting|citando|citation de) [^\n]{0,100}@[^\n]{0,80}:[ \t\r]*$",
    re.IGNORECASE | re.MULTILINE,
)
WROTE_WORDS = (
    "wrote", "writes", "schrieb", "schreef", "écrit", "escrib", "scritto", "skrev", "napisa", "kirjoitti", "escreveu", "geschreven",
    "pisze", "napsal", "yazdı", "írta", "написал", "пишет", ">:", ">：", ">のメール", "zitat von", "quoting", "citando", "citation de",
)  # fmt: skip
# A person who writes "you wrote:" speaks of an older mail and goes on; a mail program names the writer.
ABOUT_A_PERSON = re.compile(
    r"\b(?:i|you|we|he|she|they|it|who|also|er|sie|il|elle|on|vous|mi|me|usted|ella|él|lei|lui|jag|du|jeg|han|hun|hon|vi|de|ni|hij|zij|ze|"
    r"hän|ona|on) (?:wrote|writes|schrieb|schreef|a écrit|escribió|ha scritto|skrev|napisał|kirjoitti|escreveu)\b|"
    r"\b(?:ai|as|avez|avons|ont) écrit\b|\b(?:me|you|us|him|them) :\s*$|wrote (?:to|that|back|about|in (?:his|her|your|the|its))\b|\bit (?:says|reads)",
    re.IGNORECASE,
)
CLOCK = re.compile(r"\d{1,2}\s?[:.h時]\s?\d{2}|\b\d{1,2}\s?[ap]\.?m\b", re.IGNORECASE)
DAY = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}[-/.]\d{1,2}[-/.]\d{2}|年")
# Lotus Notes and old groupware write the sender and the time above "To:".
TIMESTAMP = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4},?\s+(?:at\s+)?\d{1,2}:\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?(?:\s+\(?[a-z]{2,4}\)?)?\s*$|"
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.? \d{1,2},? \d{4}\s+(?:at\s+)?\d{1,2}:\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?\s*$",
    re.IGNORECASE,
)
NOTES_DETAIL = re.compile(r"(?:sent by|please respond to|phone|tel)\b.{0,3}[:\s]", re.IGNORECASE)
ORIGINAL_ALONE = re.compile(rf"(?:{_ORIGINAL})", re.IGNORECASE)
NOTES_SEPARATOR = re.compile(r"\S---\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4} \d{1,2}:\d{2}(?::\d{2})?(?: [AP]M)?---")
CLOCK_ALONE = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]\.?m\.?)?", re.IGNORECASE)
BEGINS_WITH_DAY = re.compile(
    rf"[>\s]*(?:(?:-{{2,4}} )?(?:on|am|le|el|il|op|den|dnia|em|no dia|às|w dniu|dne)\b.*\d|{_MONTH_DAY}|[^\W\d]{{2,9}}\.?,? {_MONTH_DAY})",
    re.IGNORECASE,
)
NAME_AND_VERB = re.compile(rf"\s*[^\W\d_a-zà-ÿ][^\n.;:!?]{{1,50}} (?:{_WROTE})\s?:\s*$")
WROTE_VERB = re.compile(rf"\b(?:{_WROTE}|zitat von|quoting|citando|citation de)(?!\w)", re.IGNORECASE)
