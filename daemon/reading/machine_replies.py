"""Replies that leave a mailbox without anybody having written an answer: reactions, read receipts, one's own absence notes.

A tapped thumb or heart is a person's, and says no more than that the mail was seen: Gmail sends it as a mail with a part of its own
(text/vnd.google.email-reaction+json, its documentation for reactions), Outlook and phones as a line of words. A read receipt is a
machine's (RFC 8098), which Exchange writes without the report's content type. An absence note that a mailbox rule sent lies in
Sent, often without Auto-Submitted (RFC 3834, 5); a note in which the user speaks to one person by name is theirs.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import islice

from daemon.reading.values import ReaderInput

_AROUND_EMOJI = frozenset(
    ("Sk", "Mn", "Me", "Cf", "Cn", "Po")
)  # Unicode categories of skin tones, joiners, what is too new to be known
_LONGEST_REACTION = 4000  # characters; a tapback repeats the whole message
_MOST_WORDS_OF_THANKS = 8
_WORDS = re.compile(r"[^\W\d_]+")
_THANKS = frozenset(
    "merci remercie gracias agradecida agradecido dank bedankt grazie dziękuję dzięki tack takk tak obrigado obrigada kiitos díky děkuji köszönöm "
    "mulțumesc danke reçu reçue recibido recibida ontvangen ricevuto ricevuta otrzymałam otrzymałem otrzymano mottaget mottatt modtaget recebido "
    "recebida erhalten roger noted".split()
)
_AROUND_THANKS = frozenset(
    "bien beaucoup mille à vous tu te muchas muchísimas mil je u wel hartelijk heel veel mille tante bardzo så mycket tusind tusen mange muito muita "
    "vielen besten herzlichen schön sehr alles well that il la lo le den det hat ho got it".split()
)
_LONGEST_NOTE = 1500
_MOST_LINES = 12
_AFTER_REACTED = 6  # words: "to your message", "via Gmail"
_LETTER = re.compile(r"[^\W_]")
_EMOTICONS = re.compile(r"(?:[:;=]'?-?[)(DPp]|<3|\+1|\^\^|:\w{2,20}:|\s)+")
_REACTED = re.compile(
    r"\b(?:reacted (?:\S{1,12} )?(?:to|via|with)|reagierte|hat (?:\S{1,40} ){0,6}reagiert|a (?:\S{1,12} )?réagi|reaccionó|ha reaccionado|ha reagito|"
    r"reagiu|heeft (?:\S{1,40} ){0,6}gereageerd|reageerde|reagerade|har reagerat|reagerede|har reageret|reagerte|har reagert|"
    r"zareagował(?:a|\(a\))?|reagoi|reagoval(?:a|\(a\))?|отреагировал\w*|さんがリアクション|リアクションしました)(?!\w)",
    re.IGNORECASE,
)
_QUOTED = r"\s?[“„\"«‘'»].*[”“\"»’'«]\.?\s*"
_TAPBACK = re.compile(
    r"(?:liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|reacted \S{1,12} to|removed an? [\w ]{1,20} from|\S{1,12} to|"
    r"gefällt|liebt|(?:hat )?(?:gelacht über|betont|hinterfragt)|j['’]aime|a (?:aimé|adoré|ri à|souligné)|adore|"
    r"le (?:gustó|gusta|encantó|encanta)|me (?:gusta|encanta)|enfatizó|se rio de|ha messo mi piace a|ha adorato|gostou de|adorou|"
    r"vond leuk|vindt leuk|gillade|gillar|kan lide|likte|polubił\w*)" + _QUOTED,
    re.IGNORECASE | re.DOTALL,
)
_THUMB = re.compile(
    r"(?:thumbs[ -]?up|daumen hoch|pouces? (?:levé|en l['’]air)|pulgar(?:es)? arriba|pollice in su|duim omhoog|tummen upp)[.!]*",
    re.IGNORECASE,
)
_RECEIPT_SUBJECT = re.compile(
    r"\s*(?:(?:not )?read|deleted|delivered|relayed|(?:un)?gelesen|zugestellt|lue?|non lue?|remis|leído|no leído|entregado|lett[oa]|consegnato|"
    r"lid[oa]|entregue|gelezen|afgeleverd|läst|levererat|læst|leveret|lest|levert|przeczytano|dostarczono|luettu|přečteno|doručeno|olvasva|"
    r"okundu|прочтено|прочитано|доставлено|開封済み|已读|읽음)\s?[:：]|"
    r"\s*(?:return receipt|read receipt|disposition notification|lesebestätigung|empfangsbestätigung|accusé de (?:réception|lecture)|confirmation de lecture|"
    r"confirmación de lectura|acuse de recibo|conferma di lettura|ricevuta di ritorno|confirmação de leitura|leesbevestiging|ontvangstbevestiging|"
    r"läskvitto|kvittering|potwierdzenie)\b",
    re.IGNORECASE,
)
_RECEIPT_WORDS = re.compile(
    r"(?:was|were) (?:read|displayed|opened|deleted without being read)\b|has been (?:read|delivered|displayed)\b|is a (?:return|read) receipt|"
    r"receipt for the (?:e-?mail|mail|message)|wurde (?:\S{1,30} ){0,6}(?:gelesen|angezeigt|geöffnet|zugestellt|gelöscht)|gelesen am|empfangsbestätigung|lesebestätigung|"
    r"a été (?:lu|affiché|ouvert|remis)|accusé de|(?:fue|ha sido) (?:leído|mostrado|abierto|entregado)|(?:confirmación|acuse) de|è stat[oa] (?:lett|visualizzat|consegnat)|"
    r"ricevuta di|foi (?:lid|exibid|entregue)|(?:is|werd) (?:gelezen|weergegeven|op .{1,40} gelezen)|bevestiging|lästes|har lästs|blev læst|er læst|ble lest|"
    r"został[oa]? (?:przeczytan|wyświetlon|dostarczon)|final-recipient:",
    re.IGNORECASE,
)
_ABSENCE_SUBJECT = re.compile(
    r"\s*(?:(?:re|aw|sv|odp)\s*:\s*)?(?:(?:automatic|auto(?:mated)?)[- ]?(?:reply|response)|autoreply|automatische (?:antwort|rückantwort)|réponse automatique|"
    r"respuesta automática|risposta automatica|resposta automática|automatisch antwoord|auto(?:matiskt |matisk )?svar|(?:automatyczna odpowiedź|odpowiedź automatyczna)|"
    r"automaattinen vastaus|automatická odpověď|automatikus válasz|otomatik yanıt|автоматический ответ|自動応答|自动(?:答复|回复)|자동 회신|"
    r"out of (?:the )?office (?:auto-?)?(?:reply|response|notice))\s*(?:[:：]|$)",
    re.IGNORECASE,
)
# Words that a person puts into a subject as well: a note's where a mail follows that it answers.
_ABSENCE_WORD = re.compile(
    r"\s*(?:(?:re|aw|sv|odp)\s*:\s*)?(?:out of (?:the )?office|abwesenheits(?:notiz|nachricht|benachrichtigung)?|abwesend|(?:absence|absent\w*)(?: du bureau)?|"
    r"fuera de (?:la )?oficina|fuori (?:sede|ufficio)|ausente|ausência|afwezig(?:heid\w*)?|frånvaro\w*|fravær\w*|poza biurem|nieobecność|poissa)\s*(?P<subject>[:：]|$)",
    re.IGNORECASE,
)
_ABSENT = re.compile(
    r"\b(?:i am|i'm|i will be|we are|am) (?:currently |presently |now )?(?:out of (?:the )?office|away(?: from)?|on (?:\w+ )?(?:leave|vacation|holidays?)|travelling|not in the office)|"
    r"out of (?:the )?office|(?:nicht|außer) (?:im )?(?:büro|haus|hause)|abwesend|im urlaub|bin (?:\S{1,20} ){0,8}(?:nicht erreichbar|verreist)|"
    r"(?:je suis|serai) (?:\S{1,20} ){0,3}(?:absente?|en congés?|en déplacement|hors du bureau)|(?:estoy|estaré) (?:\S{1,20} ){0,3}(?:ausente|fuera de|de vacaciones)|"
    r"(?:sono|sarò) (?:\S{1,20} ){0,3}(?:assente|fuori|in ferie)|(?:estou|estarei) (?:\S{1,20} ){0,3}(?:ausente|fora|de férias)|"
    r"(?:ben|ik ben) (?:\S{1,20} ){0,5}(?:afwezig|niet (?:op kantoor|aanwezig)|met vakantie|op vakantie)|(?:är|befinner mig) (?:\S{1,20} ){0,3}(?:på semester|borta|ledig|inte på kontoret)|"
    r"(?:er|holder) (?:\S{1,20} ){0,3}(?:ferie|fraværende|ikke på kontoret)|(?:jestem|będę) (?:\S{1,20} ){0,3}(?:nieobecn\w+|poza biurem|na urlopie)",
    re.IGNORECASE,
)
# One of these, in lower case, is in whatever _ABSENT finds, and in few other mails.
_ABSENT_WORDS = (
    "office", "away", "leave", "vacation", "holiday", "travelling", "büro", "haus", "abwesend", "urlaub", "erreichbar", "verreist", "absent", "congé",
    "déplacement", "bureau", "ausente", "fuera", "vacaciones", "assente", "fuori", "ferie", "fora", "férias", "afwezig", "kantoor", "aanwezig", "vakantie",
    "semester", "borta", "ledig", "kontoret", "fraværende", "nieobecn", "biurem", "urlopie",
)  # fmt: skip
# What an absence note says to whoever wrote, and a person rarely to one: it thanks for the mail, or names who stands in.
_TO_ANYBODY = re.compile(
    r"\b(?:answer|reply to|respond to|deal with|read|return) your (?:e-?mails?|messages?|mails?|calls?)|(?:in|during) my absence|(?:in|während) meiner abwesenheit|"
    r"(?:en|pendant) mon absence|(?:à|de) votre (?:e-?mail|message|courriel)|(?:en|durante) mi ausencia|tijdens mijn afwezigheid|(?:in|durante la) mia assenza|na minha ausência|"
    r"\bthank(?:s| you) for (?:your|the) (?:e-?mail|mail|message|interest)|(?:in|for) (?:\w+ )?urgent|if (?:it is|it's|this is|your \w+ is|the matter is) urgent|limited (?:access|email)|no access to (?:my )?(?:e-?)?mail|"
    r"(?:will|shall) not be forwarded|(?:ihre|deine) (?:e-?mail|nachricht|mail)|in dringenden|nicht weitergeleitet|(?:pour|de) votre (?:e-?mail|message|courriel)|en cas d['’]urgence|"
    r"(?:por )?su (?:correo|mensaje)|(?:caso|casos) (?:de )?urgen|(?:per|della) (?:la )?(?:sua|vostra) (?:e-?mail|mail)|in caso di urgenza|(?:pela|sua) (?:mensagem|e-?mail)|"
    r"(?:voor|van) uw (?:e-?mail|mail|bericht)|(?:in|bij) dringende|för ditt (?:mejl|meddelande|mail)|(?:vid )?brådskande|for din (?:mail|e-?mail|besked|henvendelse)|haster|"
    r"za (?:wiadomość|państwa|maila)|pilnych",
    re.IGNORECASE,
)
_HANDS_OVER = re.compile(
    r"\b(?:attach|enclos|anbei|beigefügt|im anhang|ci-joint|adjunt|allegat|bijgevoegd|bifoga|vedlagt|w załączniku)", re.IGNORECASE
)
_BY_NAME = re.compile(
    r"\s*(?:hi|hello|hey|dear|hallo|liebe[r]?|lieber|guten tag|bonjour|cher|chère|hola|estimad[oa]|ciao|gentile|olá|caro|beste|hej|kære|kjære|cześć|witaj)[ \t]+"
    r"(?!sender|all|there|everyone|sir|madam|colleague|customer|absender|kunde|zusammen|expéditeur|client)[^\W\d_]+",
    re.IGNORECASE,
)


def is_reaction(message: ReaderInput, new_text: str) -> bool:
    """Tell whether a mail is nothing but a reaction: emoji, "reacted via Gmail", a phone's "Liked “…”", beside the sender's name."""
    words = new_text.strip()
    if not words or len(words) > _LONGEST_REACTION:
        return False
    if _TAPBACK.fullmatch(words):
        return True
    rows = [row for line in words.split("\n") if (row := line.strip(" \t>|*_-–—\u200b\ufeff"))]
    if len(rows) > _MOST_LINES:
        return False
    names = {name.lower() for name in _WORDS.findall(message.sender_name)}
    reacts = False
    for row in rows:
        if _is_emoji(row) or _THUMB.fullmatch(row) or _tells_of_reaction(row):
            reacts = True
        elif not names or not names.issuperset(word.lower() for word in _WORDS.findall(row)):
            return False
    return reacts


def _tells_of_reaction(row: str) -> bool:
    """Tell whether a line says that somebody reacted, and nothing after it but to what or by which program."""
    told = _REACTED.search(row)
    return told is not None and len(row[told.end() :].split()) <= _AFTER_REACTED and not row.endswith("?")


def _is_emoji(row: str) -> bool:
    """Tell whether a line has emoji or emoticons alone, with punctuation at most: no letter and no number."""
    symbols = _EMOTICONS.sub("", row)
    if _LETTER.search(symbols):  # by far the most lines
        return False
    kinds = {unicodedata.category(c) for c in symbols}
    return bool(row) and kinds <= _AROUND_EMOJI | {"So"} and ("So" in kinds or (not symbols and bool(row.strip())))


def is_bare_thanks(message: ReaderInput, words: str) -> bool:
    """Tell whether a short mail only thanks or says that something arrived, in languages that are not read otherwise."""
    spoken = [word.group().lower() for word in islice(_WORDS.finditer(words), _MOST_WORDS_OF_THANKS + 1)]
    if len(spoken) > _MOST_WORDS_OF_THANKS or _THANKS.isdisjoint(spoken):
        return False
    names = {name.lower() for name in _WORDS.findall(message.sender_name)}
    return names.union(_THANKS, _AROUND_THANKS).issuperset(spoken)


def is_receipt(message: ReaderInput) -> bool:
    """Tell whether a mail is a read receipt (RFC 8098), or one as Exchange and others write it in words."""
    if "disposition-notification" in message.headers.get("content-type", "").lower():
        return True
    return _RECEIPT_SUBJECT.match(message.subject) is not None and _RECEIPT_WORDS.search(message.text[:_LONGEST_NOTE]) is not None


def is_own_absence_note(message: ReaderInput, new_text: str) -> bool:
    """Tell whether a mail from the user's own mailbox is an absence note, by the subject that mail programs give it or its words."""
    if message.direction != "sent":
        return False
    word = _ABSENCE_WORD.match(message.subject)
    if _ABSENCE_SUBJECT.match(message.subject) or (word and (word["subject"] or message.follows)):
        return True
    note = new_text[:_LONGEST_NOTE]
    low = note.lower()
    return (
        len(new_text) < _LONGEST_NOTE
        and "?" not in note
        and _BY_NAME.match(note) is None
        and any(word in low for word in _ABSENT_WORDS)
        and _HANDS_OVER.search(note) is None
        and _ABSENT.search(note) is not None
        and _TO_ANYBODY.search(note) is not None
    )
