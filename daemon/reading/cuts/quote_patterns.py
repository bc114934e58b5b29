"""How mail programs introduce a quoted or forwarded mail, in the languages of the common ones."""

from __future__ import annotations

import re

# The labels of a quoted mail's header block in the languages of the common mail programs.
_FROM = (
    "from|sender|von|de|da|van|från|fra|od|lähettäjä|expéditeur|mittente|remitente|remetente|afzender|avsändare|afsender|avsender|nadawca|"
    "odesílatel|feladó|kimden|gönderen|от|отправитель|差出人|送信者|发件人|寄件者|寄件人|보낸 사람|보낸사람|de la|expeditor|από|αποστολέας|від|odosielateľ|"
    "pošiljatelj|pošiljalac|šalje|saatja|siuntėjas|nuo|sendandi|frá|מאת|من|người gửi|pengirim|dari"
)
_TO = (
    "to|receiver|an|à|para|aan|till|til|do|vastaanottaja|destinataire|destinatario|destinatário|a|pour|komu|címzett|kime|alıcı|кому|宛先|empfänger|"
    "adresat|mottagare|modtager|mottaker|ontvanger|收件人|收件者|받는 사람|받는사람|către|προς|παραλήπτης|príjemca|prima|primatelj|za|saaja|gavėjas|kam|viðtakandi|"
    "per a|אל|إلى|đến|kepada|untuk"
)
_DATE = (
    "sent|date|gesendet|datum|envoyé|envoyé le|date d'envoi|enviado|enviado el|enviado em|enviada em|enviada|fecha|inviato|data|"
    "data invio|verzonden|skickat|sendt|dato|wysłano|lähetetty|päivämäärä|päiväys|odesláno|elküldve|dátum|gönderildi|gönderilme|gönderilme tarihi|tarih|"
    "отправлено|дата|送信日時|日時|日付|发送时间|发送日期|日期|寄件日期|보낸 날짜|보낸날짜|날짜|trimis|ημερομηνία|στάλθηκε|надіслано|odoslané|poslano|poslato|"
    "saadetud|kuupäev|išsiųsta|nosūtīts|dagsetning|enviat|data d'enviament|נשלח|תאריך|التاريخ|تم الإرسال|ngày|tanggal|terkirim"
)
_SUBJECT = "subject|re|betreff|objet|sujet|asunto|oggetto|onderwerp|ämne|emne|temat|aihe|assunto|předmět|tárgy|konu|тема|件名|主题|主旨|제목|subiect|θέμα|predmet|teema|efni|assumpte|נושא|الموضوع|chủ đề|subjek|perihal"
_MORE_LABELS = (
    "cc|bcc|kopie|kopia|kopi|kopio|copie|copie à|bilgi|копия|reply-to|reply to|antwort an|importance|priority|attachments|sent by|"
    "organization|newsgroups|gesendet von|envoyé par|inviato da|enviado por|抄送|参照|참조|please respond to"
)
LABEL = re.compile(
    rf"[\s>*_|\ufeff\u200e]*+(?:(?P<from>{_FROM})|(?P<to>{_TO})|(?P<date>{_DATE})|(?P<subject>{_SUBJECT})|(?P<more>{_MORE_LABELS}))"
    r"[\s*]{0,4}[:：]",
    re.IGNORECASE,
)
_ORIGINAL = (
    "original (?:message|appointment)|ursprüngliche[rs]? (?:nachricht|mail|e-mail|message|termin)|originalnachricht|"
    "message (?:d['’]origine|original)|(?:mail|e-mail|courriel) original|mensaje original|mensagem original|messaggio originale|"
    "oorspronkelijk bericht|ursprungligt meddelande|originalmeddelande|oprindelig (?:meddelelse|besked)|opprinnelig melding|"
    "original melding|oryginalna wiadomość|wiadomość oryginalna|alkuperäinen viesti|původní zpráva|özgün ileti|orijinal (?:mesaj|ileti)|"
    "исходное сообщение|元のメッセージ|reply message|replied message|inline attachment follows|reply separator|next part|原始邮件|原始郵件|回复的原邮件|"
    "邮件原件|원본 메[시일]|mesaj(?:ul)? original|αρχικό μήνυμα|(?:початкове|оригінальне) повідомлення|оригинално съобщение|"
    "(?:izvorna|originalna) poruka|izvirno sporočilo|pôvodná správa|eredeti üzenet|algne (?:teade|kiri)|(?:pradinis|originalus) laiškas|"
    "upprunaleg\\w* \\w+|missatge original|הודעה מקורית|الرسالة الأصلية|(?:tin nhắn|thư) gốc|pesan as[la]l?i?"
)
_FORWARDED = (
    "forwarded (?:message|by|from|mail)|forward header|begin forwarded|weitergeleitete (?:nachricht|mail|e-mail)|weitergeleitet von|"
    "message (?:transféré|réexpédié)|transféré par|(?:mensaje )?reenviado|(?:messaggio )?inoltrato|"
    "mensagem (?:encaminhada|reencaminhada)|doorgestuurd|vidarebefordrat|videresendt|przekazana wiadomość|"
    "treść przekazanej wiadomości|välitetty viesti|přeposlaná zpráva|iletilmiş|iletilen (?:ileti|mesaj)|"
    "(?:пересылаемое|перенаправленное|пересланное) сообщение|転送(?:された)?メッセージ|转发|轉寄|전달된 메[시일]|mesaj (?:redirecționat|retransmis)|"
    "προωθημένο μήνυμα|перес\\w+ повідомлення|proslijeđena poruka|posredovano sporočilo|továbbított (?:levél|üzenet)|preposlaná správa|"
    "missatge reenviat|הודעה שהועברה|(?:tin nhắn|thư) (?:đã|được) chuyển tiếp|pesan (?:terusan|yang diteruskan)"
)
SEPARATOR = re.compile(
    rf"[>\s]*+(?:[-_=*]{{2,}}+\s*+(?:{_ORIGINAL}|(?P<forward>{_FORWARDED}))|(?P<apple>begin forwarded message|anfang der weitergeleiteten|"
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
    "wrote|writes|schrieb|geschrieben|schreef|écrit|escribió|scritto|skrev|napisał\\(?a?\\)?|pisze|írta|kirjoitti|escreveu|"
    "napsal\\(?a?\\)?|yazdı|(?:на)?писал\\(?а?\\)?|пишет|napisana przez|scris|έγραψε|написав(?:ла)?|пише|написа|napisao|napisala|napísal\\(?a?\\)?|"
    "je napisal\\(?a?\\)?|kirjutas|rašė|rakstīja|skrifaði|escriure|escrit|escribiu|menulis|viết|כתב(?:ה)?|كتب"
)
# What people say of each other as well: a head only where it names an address, or a day and a time.
_SAID = (
    "said|says|replied|responded|commented|sagte|sagt|antwortete|a dit|a répondu|dijo|respondió|ha detto|ha risposto|disse|respondeu|zei|"
    "antwoordde|sade|svarade|sagde|svarede|powiedział\\(?a?\\)?|odpowiedział\\(?a?\\)?|сказал\\(?а?\\)?|ответил\\(?а?\\)?"
)
# Chinese, Japanese and Korean programs write the verb last and without a space.
_WROTE_LAST = "写道|寫道|写到|(?:次のように)?書きました|さんのメール|님이 (?:작성|씀|쓴 글)|เขียนว่า"
_MONTH_DAY = r"\d{1,4}(?:[-/.年 ]|\. ?)(?:\d|[^\W\d]{3})"
WROTE_START = re.compile(
    r"[>\s]*+(?:-{2,4} )?(?:on|am|le|el|il|op|den|dnia|em|at|no dia|às|w dniu|dne|wiadomość napisana)\b\s*.{3,}|"
    r"[>\s]*+[\"'<“]?[^\s,.;:!?][^.;!?]{0,60}<?\S+@\S+|"
    rf"[>\s]*+(?:在|于|於)?\s?{_MONTH_DAY}|[>\s]*+[^\W\d]{{2,9}}\.?,? {_MONTH_DAY}|[>\s]*+\d{{4}}년|"
    r"[>\s]*+(?:in article|in a message|-{2,5}[ \"]|-----\S|(?:zitat von|quoting|citando|citation de) )",
    re.IGNORECASE,
)
# A name, the verb, then a day: "Kim Lee/ACME wrote on 03/03/2026 09:00:00 AM:".
NAME_WROTE = re.compile(
    rf"[>\s]*+[^\W\d_][^\n.;:!?]{{1,60}} (?:{_WROTE}|said)\b[^\n;!?]{{0,12}}\d[^\n;!?]{{4,50}}:\s*$", re.IGNORECASE
)
LABELS = frozenset(f"{_FROM}|{_TO}|{_DATE}".split("|"))
MAX_LABEL = max(map(len, LABELS)) + 4
_BIDI = "\u200e\u200f\u202a-\u202e"  # marks of direction, which Hebrew and Arabic programs write around names
WROTE_END = re.compile(
    rf"\b(?:{_WROTE}|{_SAID})(?!\w)\)?[^\n]{{0,80}}:[ \t\r*_]*$|(?:{_WROTE_LAST})[ \t]*[:：]?[ \t\r]*$|[^\n]@[^\s<>@]+>\)?(?:のメール)?[ \t]*[:：][ \t\r{_BIDI}]*$|^>[ \t]?[:：][ \t\r]*$|"
    r"\b(?:wrote|schrieb|a écrit) ?-{2,5}[ \t\r]*$|^[> \t]*(?:zitat von|quoting|citando|citation de|missatge de) [^\n]{0,100}@[^\n]{0,80}:[ \t\r]*$",
    re.IGNORECASE | re.MULTILINE,
)
# How every line ends that WROTE_END finds, but for one that ends in a rule, and what may stand behind that.
WROTE_ENDS = (
    ":",
    "：",
    "写道",
    "寫道",
    "写到",
    "書きました",
    "さんのメール",
    "님이 작성",
    "님이 씀",
    "님이 쓴 글",
    "เขียนว่า",
    "--",
)
AFTER_WROTE = " \t\r*_\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
# A person who writes "you wrote:" speaks of an older mail and goes on; a mail program names the writer.
ABOUT_A_PERSON = re.compile(
    r"\b(?:i|you|we|he|she|they|it|who|also|er|sie|il|elle|on|vous|mi|me|usted|ella|él|lei|lui|jag|du|jeg|han|hun|hon|vi|de|ni|hij|zij|ze|"
    r"hän|ona|on) (?:wrote|writes|said|says|replied|schrieb|sagte|"
    r"sagt|schreef|zei|a écrit|a dit|escribió|dijo|ha scritto|ha detto|skrev|sade|sagde|napisał|kirjoitti|escreveu|disse)\b|"
    r"\b(?:ai|as|avez|avons|ont) écrit\b|\b(?:me|you|us|him|them) :\s*$|wrote (?:to|that|back|about|in (?:his|her|your|the|its))\b|\bit (?:says|reads)",
    re.IGNORECASE,
)
# With an address, a day and a clock time a line is a head wherever it begins, if it has a verb of writing or is in a script in
# which nobody here reads what else it might say.
NAMED_AND_TIMED = re.compile(
    rf"(?=[^\n]{{0,250}}(?:\b(?:{_WROTE})(?!\w)|{_WROTE_LAST}|missatge de|[\u0590-\u06ff\u0e00-\u0e7f]))(?=[^\n]{{0,250}}\d{{1,2}}[:.]\d{{2}})"
    r"(?=[^\n]{0,250}\b(?:19|20)\d\d\b)[^\n]{0,250}<[^\s<>@]{1,80}@[^\s<>@]{1,80}>[^!?\n]{0,80}$",
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
    rf"[>\s]*+(?:(?:-{{2,4}} )?(?:in a message dated|on|am|le|el|il|op|den|dnia|em|no dia|às|w dniu|dne)\b.*\d|{_MONTH_DAY}|[^\W\d]{{2,9}}\.?,? {_MONTH_DAY})",
    re.IGNORECASE,
)
NAME_AND_VERB = re.compile(rf"\s*[^\W\d_a-zà-ÿ][^\n.;:!?]{{1,50}} (?:{_WROTE})\s?:\s*$")
WROTE_VERB = re.compile(rf"\b(?:{_WROTE}|zitat von|quoting|citando|citation de)(?!\w)|{_WROTE_LAST}", re.IGNORECASE)
SAID_VERB = re.compile(rf"\b(?:{_SAID})(?!\w)", re.IGNORECASE)
# The line above which the mails of a helpdesk want the answer; what stands below it is the helpdesk's.
_ABOVE_THE_LINE = (
    r"(?:above|over|higher than) this (?:line|delimiter)|(?:über|oberhalb)(?: von)? diese[rs]? (?:zeile|linie)|au[- ]dessus de cette ligne|"
    r"(?:encima|arriba) de esta l[ií]nea|sobre esta l[ií]nea|(?:acima|por cima) des[st]a linha|sopra (?:a )?questa (?:riga|linea)|boven deze (?:regel|lijn)|"
    r"ovanför (?:den här|denna) (?:rad|linje)|over denne (?:linje|linie)|(?:powyżej|nad) (?:tego wiersza|tej linii|tą linią|tym wierszem)|"
    r"tämän rivin yläpuolelle|nad (?:tento řádek|tuto čáru|tímto řádkem|tento riadok)|(?:выше|над) (?:этой|данной) (?:лини|строк)|bu satırın üst|"
    r"deasupra acestei linii|この(?:行|線)より上|(?:此|这|這)(?:一|条|條)?(?:行|线|線)(?:的)?(?:上方|以上|之上|上面)|이 (?:줄|선) 위"
)
_ANSWERING = (
    r"repl(?:y|ies)|respond|response|answer|comment|type|write|enter|antwort|schreiben|eingeben|geben sie|répon|saisi|écri|tap(?:er|ez)|respuesta|"
    r"respond|escrib|respost|escrev|digit|rispost|rispond|scriv|antwoord|reactie|typ|schrijf|svar|skriv|ange|odpowied|wpisz|napisz|vastau|"
    r"kirjoita|odpov|napište|ответ|введите|напишите|yanıt|cevap|răspuns|返信|回复|回覆|答复|답장|회신"
)
REPLY_LINE = re.compile(
    rf"^(?=[^\n]{{0,140}}$)(?=[^\n]{{0,100}}(?:{_ABOVE_THE_LINE}))(?=[^\n]{{0,100}}(?:{_ANSWERING}))[ \t>|*]{{0,9}}"
    r"(?:[#=_*~—–-]{2}|(?:please |bitte |por favor,? |to respond,? )?(?:reply|respond|write|type|enter|antwort|répon|respond|escriba|"
    r"rispond|antwoord|svar|skriv|odpowied)\w{0,9}\b(?![^\n]*[.,;] \w))[^\n]*$",
    re.IGNORECASE | re.MULTILINE,
)
REPLY_LINE_WORDS = (
    "this line", "this delimiter", " zeile", " linie", "cette ligne", "esta lín", "esta lin", "esta linha", "essa linha", "questa riga",
    "questa linea", "deze regel", "deze lijn", "ovanför", "linje", "wiersz", "linią", "rivin", "řádek", "čáru", "riadok", "лини", "строк",
    "satır", "linii", "この行", "この線", "行", "线", "線", "줄", "선 위",
)  # fmt: skip
