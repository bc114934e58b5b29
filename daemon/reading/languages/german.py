"""German, as written in business mail, formal (Sie) and familiar (du)."""

from __future__ import annotations

import re

from daemon.reading.languages.german_asks import AWAITED, IMPLIED, OFFERS
from daemon.reading.languages.german_moves import GIVEN_UP_TIMES, POSTPONEMENTS
from daemon.reading.languages.german_plans import NO_COMMITMENTS
from daemon.reading.languages.german_times import TIME_WORDS
from daemon.reading.languages.language import ClauseWords, Language
from daemon.reading.languages.rules import rule_table

_VERB = (
    r"(?:schicke|sende|maile|leite|melde|rufe|gebe|kläre|prüfe|schaue|sehe|kümmere|bespreche|frage|erstelle|mache|bringe|liefere|reiche|bestätige|organisiere|"
    r"buche|reserviere|informiere|halte|komme|nehme|lasse|stelle|überarbeite|ändere|korrigiere|antworte|bereite|faxe|übersende|erledige|hole|spreche|stimme|hake|trage|gehe|reserviere|lade|bespreche)"
)
_INFINITIVE = (
    r"(?:schicken|senden|zusenden|zuschicken|übersenden|mailen|weiterleiten|melden|zurückmelden|anrufen|zurückrufen|geben|bescheid geben|klären|abklären|prüfen|anschauen|"
    r"ansehen|kümmern|besprechen|fragen|nachfragen|erstellen|machen|bringen|liefern|nachreichen|bestätigen|organisieren|buchen|reservieren|informieren|"
    r"kommen|teilnehmen|vorbereiten|überarbeiten|ändern|korrigieren|antworten|erledigen|zukommen lassen|treffen|vorbeikommen|nachholen|übernehmen)"
)
_TIME = (
    r"\b(?:bis|heute|morgen|übermorgen|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|nächste[nrsm]?|kommende[nrsm]?|diese[nrsm]? woche|ende|anfang|mitte|"
    r"am \d+|um \d+|in (?:den nächsten|einer|zwei|drei|\d+)|gleich|sofort|umgehend|spätestens|innerhalb|binnen|nachher|später|noch)\b"
)
# Verbs that commit nobody to anything, whatever time is named beside them.
_STATES = (
    r"(?:bin|bist|ist|sind|war|waren|wäre|habe|haben|hatte|hatten|hätte|hätten|brauche|brauchen|bräuchte|bräuchten|benötige|benötigen|denke|denken|glaube|glauben|hoffe|hoffen|"
    r"finde|finden|meine|meinen|möchte|möchten|wollte|wollten|will|wollen|kann|können|könnte|könnten|würde|würden|soll|sollen|sollte|sollten|muss|müssen|müsste|darf|dürfen|"
    r"weiß|wissen|freue|freuen|danke|danken|warte|warten|erwarte|erwarten|hörte|hörten|bekomme|bekommen|erhalte|erhalten|bitte|bitten|wünsche|wünschen|schätze|schätzen|arbeite|arbeiten|"
    r"suche|suchen|sehe|wurde|wurden|werde|werden|fahre|fahren|fliege|fliegen|frage)"
)

GERMAN = Language(
    code="de",
    common_words=frozenset(
        "der die das und ich sie wir ist nicht mit für auf ein eine den dem im zu von es bitte haben wird werde können uns ihnen ihr wie noch bis auch mich mir dir danke gruß grüße hallo guten melde morgen heute rufen rufe sobald schicke bin dran mach erhalten werden wird unser unsere".split()
    ),
    time_words=TIME_WORDS,
    clause_words=ClauseWords(
        begins=re.compile(
            r"(?:(?:und|aber|dann|also|daher|deshalb|danach) )*(?:ich|wir|bitte|(?:können|könnten|kannst|könntest|würden|haben|passt|ist|geht) (?:sie|du|ihr|ihnen|dir|das|es)|"
            r"(?:schicke|sende|melde|rufe|gebe|werde|kann|mache|kläre|prüfe) (?:ich|wir|mich|dir|ihnen|euch|dann)|die \w+ (?:kommt|folgt|geht))\b",
            re.IGNORECASE,
        ),
        depends=re.compile(
            r"\W*(?:(?:und|aber|dann) )?(?:wenn|sobald|falls|sofern|nachdem|bevor|bis|weil|da|während|obwohl|sollten?|als|nach)\b",
            re.IGNORECASE,
        ),
        unfinished=re.compile(
            r"\b(?:denke|hoffe|glaube|meine|sicher|weiß|sagte?|versprochen|fürchte|dass|ob|wenn|wo|was|wie|warum|weil|und|oder)$",
            re.IGNORECASE,
        ),
    ),
    courtesies=rule_table(
        (
            "a greeting's question",
            "",
            1,
            "wie hoffe geht",
            r"^\W*(?:wie geht(?:'s| es)\b|ich hoffe,? (?:es geht|sie hatten|du hattest|ihnen geht))",
        ),
        (
            "an offer of help",
            "",
            1,
            "fragen rückfragen falls wenn verfügung zögern",
            r"\b(?:bei|für) (?:weitere[nr]?\s+)?(?:rück)?fragen\b|\b(?:falls|wenn|sollten) (?:sie|du|ihr)\b.{0,40}\b(?:fragen|rückfragen)\b|\bgerne? zur verfügung\b|\bzögern sie nicht\b",
        ),
        (
            "a closing wish",
            "",
            1,
            "freue freuen schönes schönen viel alles",
            r"^\W*(?:ich freue mich|wir freuen uns)\b(?! .{0,20}\bzu (?:kommen|treffen)\b)|^\W*(?:ein )?schöne[nrs]? (?:tag|wochenende|woche|abend|feiertage)",
        ),
    ),
    requests=rule_table(
        (
            "asks for a call",
            "call_me",
            0.9,
            "rufen ruf rückruf anrufen zurückrufen melde melden",
            r"\b(?:rufen sie|ruf) (?:mich|uns|doch|bitte)\b|\bbitte um (?:einen )?rückruf\b|\b(?:können|könnten|kannst|könntest|würden|würdest) (?:sie|du)\b.{0,40}\b(?:anrufen|zurückrufen)\b|\bum (?:ihren|deinen|kurzen) rückruf\b",
        ),
        (
            "proposes a time",
            "meeting_time",
            0.87,
            "passt wann termin treffen hätten hättest zeit telefonieren sprechen vorschlagen",
            r"\bpasst (?:es|ihnen|dir|euch|das)\b.*\?|\bwann (?:passt|können|könnten|hätten|hast|sollen|haben)\b.*\?|\b(?:können|könnten|sollen|wollen) wir\b.{0,60}\b(?:treffen|telefonieren|sprechen|besprechen|zusammensetzen)\b|\b(?:hätten sie|hast du|haben sie|hättest du)\b.{0,40}\bzeit\b|\blass uns\b|\bschlage .{0,40}\bvor\b",
        ),
        (
            "asks to do something",
            "request",
            0.9,
            "können könnten kannst könntest würden würdest wären wärst wäre möglich",
            r"\b(?:können|könnten|kannst|könntest|würden|würdest|wären|wärst) (?:sie|du|ihr)\b(?! sich vorstellen)|\bwäre es möglich\b|\bist es möglich\b",
        ),
        (
            "says please",
            "request",
            0.88,
            "bitte bitten",
            r"\bbitte\b(?! (?:schön|sehr|um entschuldigung|beachten|nicht auf diese))\W+\w+|\b(?:ich|wir) bitten? (?:sie|dich|euch|um)\b|\w+ .*\bbitte[.!]?\W*$",
        ),
        (
            "wants to be told",
            "request",
            0.87,
            "geben gib lassen lass bescheid sagen sag informieren halten",
            r"\b(?:geben sie|gib|lassen sie|lass|sagen sie|sag) (?:mir|uns|mich)\b|\bhalten sie (?:mich|uns)\b",
        ),
        ("asks a question", "question", 0.84, "?", r"\w\W{0,3}\?"),
        (
            "needs something",
            "request",
            0.75,
            "brauche brauchen bräuchte bräuchten benötige benötigen hätte hätten dankbar freuen wüsste freue wollte nachfragen fragen",
            r"\b(?:über|auf) (?:eine |ihre |deine )?(?:kurze |baldige |schnelle )?(?:rückmeldung|antwort|nachricht|bestätigung)\b.{0,30}\b(?:würde|freue|freuen)\b|\bwollte (?:nur |noch )?(?:kurz )?(?:mal )?(?:nach)?fragen\b|\b(?:ich|wir) (?:brauche|brauchen|benötige|benötigen|bräuchten?)\b|\b(?:brauche|brauchen|benötigen?) (?:ich|wir)\b.{0,40}\b(?:ihre|deine|von ihnen|von dir|noch)\b|\b(?:wäre|wären) (?:ich|wir)?\b.{0,40}\bdankbar\b|\b(?:ich hätte|wir hätten|hätte) gerne?\b|\bwürde (?:ich )?(?:mich|uns) (?:über|freuen, wenn)\b|\bich wüsste gerne?\b",
        ),
    ),
    instructions=rule_table(
        (
            "take part, note or pass on",
            "",
            1,
            "bitte",
            r"\bbitte (?:\w+ )?(?:anmelden|registrieren|ausdrucken|vormerken|merken|weiterleiten an alle|mitbringen|teilnehmen)\b",
        ),
    ),
    promises=rule_table(
        (
            "will do",
            "do",
            0.9,
            "mache mach erledige kümmere wird dran versprochen",
            r"^\W*(?:(?:ok|okay|ja|alles klar|gerne|danke|klar)[,.!]* ){0,2}(?:mache? (?:ich|wir)|wird (?:erledigt|gemacht)|erledige ich|ich kümmere mich|(?:ich )?bin (?:schon )?dran|versprochen)\b",
        ),
        (
            "you will have it",
            "send",
            0.92,
            "bekommen bekommst erhalten erhältst hören haben hast kriegst",
            rf"\b(?:sie|du) (?:bekommen|bekommst|erhalten|erhältst|kriegst|hören|hörst|haben|hast)\b.{{0,60}}(?:\b(?:von mir|von uns|bis|heute|morgen|noch|am|spätestens)\b|{_TIME})(?!.*\?)|{_TIME}.{{0,30}}\b(?:haben|bekommen|erhalten|hast|bekommst|erhältst|hören|hörst) (?:sie|du)\b(?!.*\?)|\b(?:erhalten|bekommen) sie\b(?!.*\?)(?! haben)",
        ),
        (
            "I will get back",
            "send",
            0.93,
            "melde melden komme kommen gebe geben halte bescheid",
            r"\b(?:ich|wir)\b.{0,40}\b(?:melde mich|melden uns|komme .{0,20}auf (?:sie|dich) zu|gebe .{0,20}bescheid|geben .{0,20}bescheid|halte (?:sie|dich)|halten (?:sie|euch))\b|\b(?:melde ich mich|melden wir uns|gebe ich .{0,20}bescheid|geben wir .{0,20}bescheid)\b",
        ),
        (
            "I will",
            "do",
            0.88,
            "werde werden",
            rf"\b(?:ich werde|werde ich|wir werden|werden wir)\b(?! sehen).{{0,140}}\b(?:{_INFINITIVE}|[a-zäöüß]{{4,}}(?:en|ern|eln)(?=\W*$|, | und ))\b(?!.*\?)",
        ),
        (
            "I do it",
            "do",
            0.82,
            "ich wir",
            rf"(?:^|\W)(?:(?:ich|wir) (?:\w+ ){{0,2}}{_VERB}n?\b|{_VERB}n? (?:ich|wir)\b)(?!.*\?)(?=.*\b(?:ihnen|dir|euch|sie|dich|bis|morgen|heute|gleich|noch|montag|dienstag|mittwoch|donnerstag|freitag|woche|ihr|ihre[nm]?|dein\w*|an|zu|nach|mich|das|es|mit|um)\b)",
        ),
        (
            "does it, without a subject",
            "do",
            0.76,
            "schicke sende maile leite melde rufe gebe kläre prüfe liefere reiche bestätige informiere übersende bringe hake frage",
            (
                rf"(?:^\W*|[,;–-] ?|\b(?:und|aber|dann) )(?:schicke|sende|maile|leite|melde|rufe|gebe|kläre|prüfe|liefere|reiche|bestätige|informiere|übersende|bringe|hake|frage)\b"
                rf"(?! (?:mir|uns|bitte))(?!.*\?)(?=.*(?:\b(?:ihnen|dir|euch)\b|{_TIME}))"
            ),
        ),
        (
            "let me",
            "do",
            0.74,
            "lassen lass geben gib",
            r"^\W*(?:lassen sie|lass) (?:mich|uns) (?!wissen).*\b(?:prüfen|klären|besprechen|nachfragen|nachsehen|nachschauen|sprechen|schauen|sehen|überlegen)\b|\b(?:geben sie|gib|gebt) (?:mir|uns)\b.{0,25}\b(?:zeit|bis|einen moment|eine stunde|einen tag)\b",
        ),
        (
            "I have a look",
            "do",
            0.76,
            "schaue schau schauen sehe gucke",
            r"\b(?:ich |wir )(?:schaue?n?|gucke?n?|sehe) (?:mal|nach|mir|uns|es|gleich)\b(?!.*\?)",
        ),
        (
            "once that is so, we will",
            "do",
            0.74,
            "sobald wenn falls sofern nachdem",
            rf"\b(?:sobald|wenn|falls|sofern|nachdem)\b[^,]+, (?:dann )?(?!{_STATES}\b)[a-zäöüß]+ (?:ich|wir)\b(?!.*\?)",
        ),
        (
            "we do it, by a time",
            "do",
            0.7,
            "ich wir",
            rf"(?:^|\W)(?:(?:ich|wir) (?!{_STATES}\b)[a-zäöüß]+e?n?\b.*{_TIME}|{_TIME}.{{0,40}}\b(?!{_STATES}\b)[a-zäöüß]+(?:e|en|n) (?:ich|wir)\b)(?!.*\?)",
        ),
        (
            "our people will",
            "do",
            0.7,
            "unser unsere mein meine",
            rf"\b(?:unsere?|meine?) (?:[\w.-]+ ){{1,4}}?(?!{_STATES}\b)(?:wird|werden|[a-zäöüß]+t|[a-zäöüß]+en) .*(?:{_TIME}|\b(?:ihnen|sie|dir|dich|euch)\b)(?!.*\?)",
        ),
        (
            "it comes to you",
            "send",
            0.68,
            "geht gehen kommt kommen folgt folgen liegt reiche",
            rf"\b(?:geht|gehen|kommt|kommen|folgt|folgen)\b.*(?:{_TIME}|\bzu\b|\braus\b|\bin die post\b)(?!.*\?)|\b(?:reiche|reichen) (?:ich|wir)\b.*\bnach\b",
        ),
        (
            "see you then",
            "meet",
            0.72,
            "sehen bis treffen",
            r"\b(?:sehen wir uns|wir sehen uns) (?:am|um|dann|morgen|nächste)\b|^\W*bis (?:dann|dahin)\W*$|^\W*(?:dann )?(?:wir sehen uns|bis (?:morgen|montag|dienstag|mittwoch|donnerstag|freitag|dann um|nächste woche)[^\w]*$)",
        ),
    ),
    implied_requests=IMPLIED,
    offers=OFFERS,
    awaited_answers=AWAITED,
    no_commitments=NO_COMMITMENTS,
    conditions=rule_table(
        ("on a condition", "", 1, "sobald wenn falls sofern nachdem", r"\b(?:sobald|wenn|falls|sofern|nachdem|vorausgesetzt)\b"),
    ),
    promise_sorts=rule_table(
        ("send", "send", 1, "melde melden bescheid halte", r"\b(?:melde|melden|bescheid|halte|halten)\b"),
        (
            "call",
            "call",
            1,
            "rufe anrufen zurückrufen telefonisch anruf an",
            r"\b(?:rufen?\b.*\b(?:an|zurück|durch)\b|anrufen|zurückrufen|durchrufen)",
        ),
        (
            "meet",
            "meet",
            1,
            "treffen komme kommen teilnehmen vorbeikommen sehen",
            r"\b(?:treffen|komme|kommen|teilnehmen|vorbeikommen|sehen uns)\b",
        ),
        (
            "send",
            "send",
            1,
            "",
            r"\b(?:schicke|sende|maile|leite|übersende|reiche|liefere|faxe|antworte|informiere|bestätige)n?\b|\w*(?:schicken|senden|mailen|leiten|reichen|liefern|antworten|informieren|bestätigen)\b|\b(?:erhalten|bekommen|hören) sie\b|\bsie (?:erhalten|bekommen|hören)\b",
        ),
    ),
    deliveries=rule_table(
        (
            "sends it with this",
            "",
            1,
            "anbei anhang beigefügt beiliegend geschickt gesendet hier unten wie",
            r"\b(?:anbei|im anhang|beigefügt|beiliegend|hier (?:ist|sind)|wie (?:besprochen|gewünscht|versprochen|vereinbart)|(?:geschickt|gesendet|verschickt|weitergeleitet|übersandt))\b",
        ),
    ),
    completions=rule_table(
        (
            "says it is done",
            "",
            1,
            "habe haben ist sind",
            r"\b(?:habe|haben)\b.{0,60}\b(?:angerufen|gesprochen|geprüft|geklärt|erledigt|bestätigt|gebucht|geändert|storniert|bestellt|korrigiert|bezahlt|überwiesen)\b|\b(?:ist|sind) (?:erledigt|geklärt|gebucht|bestätigt|fertig)\b",
        ),
    ),
    thanks=rule_table(
        (
            "thanks",
            "",
            1,
            "danke dank super prima perfekt alles ok okay gut gerne verstanden passt",
            r"^\W*(?:vielen dank|herzlichen dank|besten dank|danke|super|prima|perfekt|alles klar|ok|okay|gut|gerne|verstanden|passt)\b.{0,80}$",
        ),
    ),
    withdrawals=rule_table(
        (
            "takes it back",
            "",
            1,
            "erledigt vergessen ignorieren mehr schon hinfällig gefunden erübrigt weiter weiteres weitere weiteren geklärt nichts",
            (
                r"\berübrigt sich\b|\bnichts (?:weiter|weiteres|mehr) (?:zu tun|nötig|erforderlich|zu unternehmen)\b|\bkeine weiteren (?:schritte|angaben|maßnahmen)\b.{0,20}\b(?:nötig|erforderlich|notwendig)\b|"
                r"\b(?:brauchen|müssen) (?:sie |wir )?nichts (?:weiter|mehr) (?:zu )?(?:tun|unternehmen|machen)\b|\b(?:hat|haben) sich (?:schon |bereits |inzwischen )?geklärt\b|\bhat sich (?:schon |bereits )?erledigt\b|\b(?:bitte )?ignorieren\b|\bvergessen sie (?:es|meine)\b|\bnicht mehr (?:nötig|notwendig)\b|\bhinfällig\b|\bhabe es gefunden\b"
            ),
        ),
    ),
    releases=rule_table(
        (
            "lets off",
            "",
            1,
            "brauchen brauchst müssen musst nötig",
            r"\b(?:brauchen sie|brauchst du|müssen sie|musst du)\b.{0,30}\b(?:nicht|nichts)\b|\bnicht mehr nötig\b",
        ),
    ),
    postponements=POSTPONEMENTS,
    given_up_times=GIVEN_UP_TIMES,
    complaints=rule_table(
        (
            "tells of something wrong",
            "",
            1,
            "noch nicht immer falsch falsche falschen defekt beschädigt kaputt fehlt fehlen funktioniert geht leider unzufrieden enttäuscht ärgerlich zweimal",
            (
                r"\b(?:noch (?:immer )?(?:nicht|nichts|keine?n?)|immer noch (?:nicht|nichts|keine?n?))\b.{0,60}\b(?:erhalten|bekommen|gehört|da|angekommen|geliefert|eingetroffen)\b|\b(?:ist|sind|war|waren|kam|kamen)\b.{0,40}\b(?:falsch|defekt|beschädigt|kaputt|unvollständig)\b|"
                r"\b(?:fehlt|fehlen)\b|\bfunktionier(?:t|en) nicht\b|\bdie falschen?\b|\b(?:unzufrieden|enttäuscht|ärgerlich)\b|\bzweimal (?:berechnet|abgebucht)\b"
            ),
        ),
    ),
    acknowledgements=rule_table(
        (
            "says it came",
            "",
            1,
            "erhalten bekommen kümmere dran notiert danke dank prüfe melde kläre",
            r"\b(?:(?:habe|haben).{0,30}(?:erhalten|bekommen)|bin dran|kümmere mich|notiert|ist angekommen|(?:danke|dank) für|melde mich|prüfe das|kläre das|schaue ich mir an)\b",
        ),
    ),
    tags=rule_table(
        (
            "says nothing",
            "",
            1,
            "melde rückruf versucht erreicht",
            r"\b(?:ich melde mich(?: (?:wieder|dann|später|bald|noch))*\W*$|habe versucht,? sie (?:anzurufen|zu erreichen)|leider nicht erreicht)",
        ),
    ),
    greetings=rule_table(
        (
            "greets",
            "",
            1,
            "hallo liebe lieber guten sehr moin servus grüße grüßen gruß",
            r"^\W*(?:hallo|liebe[rs]?|guten (?:tag|morgen|abend)|sehr geehrte[rs]?|moin|servus|hi)(?:,? [\w.'&-]+){0,5}\W*$|^\W*(?:mit )?(?:freundlichen|viele|beste|liebe|herzliche|schöne)[nr]? grü(?:ß|ss)en?\b.{0,40}$|^\W*gruß\b.{0,20}$",
        ),
    ),
    broadcasts=rule_table(
        (
            "to many",
            "",
            1,
            "alle zusammen kollegen team mitglieder kunden",
            r"^\W*(?:(?:hallo|liebe|guten tag|sehr geehrte)\W+){0,2}(?:alle|zusammen|kolleg\w*|team|mitglieder|kund\w+)\b\W*(?:[,:!.-]|$)",
        ),
    ),
)
