"""The words with which signatures, disclaimers and the feet of mail programs begin, in the languages of Europe."""

from __future__ import annotations

import re

SEPARATOR = re.compile(r"^\*?--[ \t]*\*?[ \t]*$|^__+\s*$")
SENT_FROM = re.compile(
    r"^[ \t]*+(?:sent (?:from|via|by) (?:my|an?|the)?\s*\w|get outlook for|von meinem \w+ gesendet|von outlook für \w+ gesendet|gesendet (?:von|mit)|envoyé (?:de mon|depuis|à partir)|"
    r"enviado (?:desde|do meu|a partir)|inviato da(?:l mio)? \w|verzonden (?:vanaf|met)|verstuurd vanaf|skickat från|sendt fra|wysłane z \w|wysłano z|lähetetty \w+|sent wirelessly|"
    r"odesláno z|odoslané z|küldve|trimis de pe|iphone['’]?(?:dan|umdan) gönder|отправлено (?:с|из)|iphoneから送信|从我的|"
    r"outlook (?:für|pour|para|per|voor|til|for|dla) \w+\S{0,60} (?:beziehen|herunterladen)|(?:télécharge[rz]|obtene[rz]|obtén|descargar?|ottieni|scarica|obter|obtenha|download|hämta|hent|last ned|pobierz) (?:o |l['’]|aplikacji )?(?:\w+ )?outlook )",
    re.IGNORECASE,
)
# A disclaimer may begin with a question ("Are you not the intended recipient?"); it asks nobody.
DISCLAIMER = re.compile(
    r"^[ \t*>=_#|-]{0,20}+(?:this (?:e-?mail|message|communication|transmission)\b.{0,120}(?:confidential|intended|privileged|property|virus)|"
    r"(?:the )?information (?:contained )?in this\b.{0,80}(?:confidential|intended|e-?mail)|confidentiality (?:notice|note)|(?:legal )?disclaimer(?:\s*:|\W*$)|notice to (?:the )?recipients?\b|"
    r"important notice\s*:|registered in (?:england|scotland|wales|ireland)|(?:if|are|were) you (?:are |have |were )?(?:not|received|receive) .{0,60}(?:intended|error|mistake)|"
    r"did you (?:receive|get) this .{0,40}(?:error|mistake)|(?:please )?(?:consider|think (?:of|about)) (?:the |our )?environment|(?:please )?think (?:twice )?before (?:you )?print|"
    r"(?:do|must) you really (?:need to |have to )?print (?:this|it)|is it (?:really )?necessary to print|before (?:you print|printing) this (?:e-?mail|message|mail)|please do not print this (?:e-?mail|message|mail)|save (?:paper|trees)\b|"
    r"do you yahoo|get your (?:free|private)|get more from the web|join the world.s largest|msn photos|never lose a fax|chat with friends|send and receive hotmail|"
    r"diese (?:e-?mail|nachricht|mitteilung) (?:enthält|kann|ist|und)\b|der inhalt dieser (?:e-?mail|nachricht)|(?:wenn|falls|sollten|sind|haben) sie (?:nicht (?:der|die|zum)|diese).{0,80}(?:adressat|empfänger|irrtümlich|versehentlich)|"
    r"vertraulichkeitshinweis|(?:bitte )?denken sie an (?:die|unsere) umwelt|(?:müssen|wollen) sie diese .{0,40}(?:ausdrucken|drucken)|bitte prüfen sie.{0,40}(?:ausgedruckt|ausdruck)|"
    r"cet? (?:e-?mail|message|courriel)\b.{0,80}(?:confidentiel|destinataire|exclusi)|(?:si vous n['’]êtes pas|n['’]êtes-vous pas|êtes-vous bien|si vous avez reçu).{0,60}(?:destinataire|erreur)|"
    r"avis de confidentialité|(?:pensez|pensons) (?:à|a) (?:l['’]environnement|la planète)|(?:avez-vous|est-il).{0,30}(?:besoin|nécessaire|vraiment).{0,20}imprimer|avant d['’]imprimer|n['’]imprimez|"
    r"est[ea] (?:correo|mensaje|comunicación|e-?mail)\b.{0,100}(?:confidencial|destinatari|privilegiad)|si (?:usted )?no es (?:usted )?el destinatario|si ha recibido .{0,40}(?:error|equivoc)|¿?(?:es usted|no es usted) el destinatario|"
    r"aviso (?:legal|de confidencialidad)|(?:antes de|¿?necesita).{0,30}imprimir|piense en el medio ambiente|"
    r"(?:dit|deze) (?:e-?mail|bericht|mailbericht)\b.{0,100}(?:vertrouwelijk|bestemd|geadresseerde)|(?:indien|als|bent|heeft) u (?:niet de|dit|deze|bent).{0,60}(?:geadresseerde|ontvanger|bestemd|abusievelijk|onterecht|ten onrechte)|"
    r"bent u niet de|denk aan het milieu|(?:moet|wilt) u (?:deze|dit) .{0,40}(?:printen|afdrukken)|print deze|"
    r"(?:questa|la presente) (?:e-?mail|comunicazione)\b.{0,100}(?:riservat|confidenzial|destinatari)|se non si(?:ete|amo|a) il destinatario|prima di stampare|"
    r"esta mensagem\b.{0,100}(?:confidencia|destinat)|se (?:você )?não (?:é|for) o destinatário|antes de imprimir|"
    r"(?:denna|detta|dette|denne) (?:e-?post|mejl|meddelande|e-?mail|mail|melding)\b.{0,100}(?:konfidenti|fortrolig|avsedd|beregnet)|(?:tänk|tenk|tænk) på miljø|"
    r"(?:ta|niniejsza) wiadomość\b.{0,100}(?:poufn|przeznaczon)|jeśli nie (?:jest|są) .{0,30}adresat|zanim wydrukujesz)",
    re.IGNORECASE,
)
# What a mail system writes above a mail from outside; what stands below it is the sender's.
BANNER = re.compile(
    r"^[ \t*>=_#|\[-]{0,20}+(?:(?:caution|warning|attention|achtung|vorsicht|hinweis|atención|attenzione|let op|external|externe)\b.{0,160}"
    r"(?:outside|external (?:e-?mail|sender|source)|externe[rnms]? (?:e-?mail|mail|absender|quelle|nachricht|afzender|bron)|außerhalb|von extern|expéditeur externe|l['’]extérieur|remitente externo|"
    r"fuera de|mittente esterno|esterno|buiten|do not click|don['’]t click|keine (?:links|anhänge)|ne cliquez)|"
    r"aviso(?: de)? (?:correo|mensaje|remitente) externo|correo externo\b.{0,120}:|(?:e-?mail|mittente) estern[oa]\b.{0,60}:|(?:external|extern)(?: (?:e-?mail|message|mail|sender|absender))?[\])}]*[ \t*:=_#|-]*$|externe (?:e-?mail|mail|nachricht)[\])}]*[ \t*:=_#|-]*$|"
    r"this (?:e-?mail|message) (?:originated|came|was sent|is) (?:from )?(?:outside|an external)|diese (?:e-?mail|nachricht) (?:kommt|stammt|wurde) von (?:extern|außerhalb|außen)|"
    r"ce (?:message|courriel|mail) (?:provient|vient) de l['’]ext|est[ea] (?:correo|mensaje) (?:proviene|procede|se originó)|deze (?:e-?mail|mail) (?:is|komt) (?:van|afkomstig van) buiten|"
    r"(?:some people who received this message|you) don['’]t often get e-?mail from|sie erhalten nicht (?:oft|häufig) e-?mails? von|vous n['’]obtenez pas souvent|no suele recibir correo)",
    re.IGNORECASE,
)
VALEDICTION = re.compile(
    r"^[ \t]*+(?:(?:kind |best |warm |with kind |many |all the |with best )?(?:regards|wishes|rgds|best)|regards|best|cheers|thanks|thank you|many thanks|thanks again|"
    r"thanks!|thx|sincerely|yours (?:sincerely|faithfully|truly)|take care|br|kr|ta|mit (?:freundlichen|besten|herzlichen) grüßen|viele grüße|"
    r"beste grüße|liebe grüße|mfg|lg|vg|freundliche grüße|herzliche grüße|mit freundlichem gruß|cordialement|bien cordialement|bien à vous|salutations|meilleures salutations|"
    r"saludos(?: cordiales)?|un (?:cordial )?saludo|atentamente|met vriendelijke groet(?:en)?|mvg|groet(?:en|jes)?|cordiali saluti|distinti saluti|saluti|"
    r"atenciosamente|cumprimentos|com os melhores cumprimentos|med vänliga hälsningar|vänliga hälsningar|mvh|hälsningar|med venlig hilsen|venlig hilsen|"
    r"med vennlig hilsen|hilsen|z poważaniem|pozdrawiam|ystävällisin terveisin|s pozdravem)[ \t]*+[,.!]*+[ \t]*+(?:\w+[ \t]*+)?[,.!]*+[ \t]*+$",
    re.IGNORECASE,
)
# A line that only a signature has: a number or address with its label, a web address, a title, a company's form.
CONTACT = re.compile(
    r"(?:\+|\b00|\(0)\d[\d\s().\-/]{5,20}\d|\b0\d{2,5}[ /-][\d\s/-]{4,14}\d|\b(?:tel|phone|mobile|mob|cell|direct|fax|telefon|mobil|handy|tél|móvil|teléfono|tlf|tfn|gsm)\b[.:]?\s?[+\d(]|"
    r"\b[tmfepdw](?::\s?[+\d(\w]|\.\s?[+\d(])|\bwww\.\w|https?://|[\w.+-]+@[\w-]+\.\w|\b(?:ltd|limited|llc|inc|plc|gmbh|ag|kg|s\.?a\.?s?|s\.?r\.?l|b\.?v|ab|a/s|oy|sp\. z o\.o)\b\.?|"
    r"\b(?:manager(?:in)?|director|head of|sales|account executive|engineer|officer|assistant|executive|partner|consultant|president|ceo|cto|cfo|coo|vp|team lead|coordinator|specialist|advisor|supervisor|"
    r"buyer|purchasing|marketing|support|leiter(?:in)?|vertrieb\w*|geschäftsführ\w+|einkauf\w*|außendienst|prokurist\w*|kundenberat\w+|sachbearbeiter\w*|directeur|directrice|ventes?|responsable|commercial\w*|"
    r"chargée? d|attachée?|gerente|ventas|jef[ea] de|director[ae]|asesor\w*|direttore|direttrice|vendite|responsabile|ufficio|inkoper|inkoop|verkoop|accountmanager|adviseur|directie|chef|säljare|sælger|selger|"
    r"försäljning\w*|innkjøp\w*|salgs\w*|kierownik|handlow\w+|sprzedaż\w*|diretor\w*|vendas|comercial)\b",
    re.IGNORECASE,
)
LEGAL_FORM = re.compile(  # a company's name with its legal form
    r"(?:[\w&.-]+ ){1,5}(?:ltd|limited|llc|llp|inc|plc|gmbh|ag|se|kg|ohg|e\.? ?k|sas?|s\.a\.s?|s\.?r\.?l|b\.?v|n\.?v|ab|a/s|aps|oy|sp\. z o\.o)\b",
    re.IGNORECASE,
)
PROMOTION = re.compile(
    r"(?:\W*(?:did|do) you know\b|\W*have you (?:seen|heard|tried|visited|met|read|already)|\W*(?:looking|searching) for\b|\W*(?:interested|want to (?:know|see|learn))\b|\W*(?:follow|visit|find|meet|join|like|rate|review|see) (?:us|our)\b|"
    r"\W*(?:check out|connect with|subscribe|new:|now available|how (?:did|am|was) (?:i|we|our|my)|tell us how|were you (?:happy|satisfied)|wussten sie|kennen sie|haben sie schon|schon gesehen|folgen sie|besuchen sie|"
    r"wie zufrieden|saviez[- ]vous|avez[- ]vous (?:déjà )?(?:vu|découvert)|connaissez[- ]vous|suivez|découvrez|retrouvez|¿?(?:sab[íi]a(?:s)?|ha visto|has visto|conoce)|síg[au]|visite|wist u|kent u|heeft u .{0,60}(?:gezien|bezocht)|"
    r"volg ons|bezoek|lo sapev\w+|sapev\w+|avete (?:già )?vist|conosc\w+|seguiteci|visitate|você sabia|conhece|siga|czy wiesz|visste du|vidste du|har du sett|har du set)|[^\n]{0,200}(?:www\.\w|https?://))",
    re.IGNORECASE,
)
POSTSCRIPT = re.compile(r"\W*(?:p\.?\s?p?\.?s\b|n\.?b\b)[.: ]", re.IGNORECASE)
NAME = re.compile(r"[^\W\d_a-zà-ÿ][\w.'’-]*(?: (?:[^\W\d_a-zà-ÿ][\w.'’-]*|van|von|de|der|den|del|la|le|di|da|dos)){1,3}")
BEFORE_A_NAME = re.compile(  # a run of marks is tried once, from its beginning
    r"(?<!\W)\W*+(?:i\.\s?[av]\.|p\.?p\.?(?:a\.)?(?=\s)|(?:dr|prof|mr|mrs|ms|ihre?|your|deine?|ing|dipl\.?-ing)\b)[.\s]*",
    re.IGNORECASE,
)
