"""German, as written in business mail, formal (Sie) and familiar (du).

The tables are as in `english.py`. The models weigh the words; a rule tells them how a German sentence is built ("schicke ich" is "ich
schicke"), and of which sort an act is. What gives up a time reaches from the verb past "nicht", but not into what is said instead.
"""

from __future__ import annotations

import re

from daemon.reading.languages.german_times import TIME_WORDS
from daemon.reading.languages.language import ClauseWords, Language
from daemon.reading.languages.rules import rule_tables

_TABLES = rule_tables(r"""
[courtesies]
an offer without a time ;  ; gern gerne ; ^\W*gerne? \w+ (?:ich|wir)\b(?!.*\b(?:am|bis|heute|morgen|diese|nächste)\b).*\b(?:auch|ein)?mal\b|^\W*gerne? \w+ (?:ich|wir)\b.*\b(?:jederzeit|auf wunsch|bei (?:bedarf|interesse))\b ; Gern zeige ich Ihnen die Anlage einmal. ; Gern zeige ich Ihnen die Anlage am Montag.
a greeting's question ;  ; wie hoffe ; ^\W*(?:wie geht(?:'s| es)|ich hoffe,? (?:es geht|sie hatten|du hattest))\b ; Wie geht es Ihnen? ; Wie geht die Pumpe an?
an offer of help ;  ; fragen rückfragen ; \b(?:bei|für|falls|wenn|sollten)\b.{0,40}\bfragen\b|\brückfragen\b ; Bei weiteren Fragen gern. ; Wir haben noch Fragen.
an offer of help ;  ; verfügung zögern ; \bgerne? zur verfügung\b|\bzögern sie nicht\b ; Ich stehe Ihnen gern zur Verfügung. ; Der Raum steht zur Verfügung.
a closing wish ;  ; freue freuen ; ^\W*(?:ich freue mich|wir freuen uns)\b(?!.* wenn\b) ; Ich freue mich auf das Treffen. ; Wir freuen uns, wenn Sie kommen.
a closing wish ;  ; schöne schönen schöner schönes ; ^\W*(?:ein )?schöne[nrs]? (?:tag|wochenende|woche|abend|feiertage)\b ; Schönes Wochenende! ; Schöne Muster haben Sie.
[requests]
asks for a call ; call_me ; rufen ruf ruft ; \b(?:rufen sie|ruft?) (?:mich|uns|doch|bitte)\b ; Bitte rufen Sie mich an. ; Rufen Sie ihn an.
asks for a call ; call_me ; anrufen zurückrufen ; \b(?:können|könnten|kannst|könntest|würden|würdest) (?:sie|du)\b.*\b(?:an|zurück)rufen\b ; Können Sie mich anrufen? ; Ich wollte Sie anrufen.
asks for a call ; call_me ; rückruf ; \bum (?:\w+ )?rückruf\b ; Wir bitten um Rückruf. ; Danke für den Rückruf.
proposes a time ; meeting_time ; passt ; \bpasst (?:es|ihnen|dir|euch|das)\b.*\? ; Passt Ihnen Montag? ; Das passt Ihnen sicher.
proposes a time ; meeting_time ; wann ; \bwann (?:passt|können|könnten|hätten|haben|hast|sollen)\b.*\? ; Wann können Sie? ; Bis wann liefern Sie?
proposes a time ; meeting_time ; können könnten sollen wollen ; \b(?:können|könnten|sollen|wollen) wir\b.*\b(?:treffen|telefonieren|sprechen)\b ; Sollen wir telefonieren? ; Können wir das Blech nehmen?
proposes a time ; meeting_time ; zeit ; \b(?:hätten|haben|hast|hättest) (?:sie|du)\b.*\bzeit\b ; Hätten Sie am Montag Zeit? ; Wir haben noch Zeit.
proposes a time ; meeting_time ; lass schlage ; \blass uns\b|\bschlage .*\bvor\b ; Ich schlage Montag vor. ; Lass den Motor laufen.
asks to do something ; request ; können könnten kannst könntest könnt könntet ; \b(?:könn(?:t|en|ten|test|tet)|kannst) (?:sie|du|ihr)\b(?! sich vorstellen) ; Könnten Sie das prüfen? ; Sie können das prüfen.
asks to do something ; request ; würden würdest würdet wären wärst ; \b(?:würde(?:n|st|t)|wären|wärst) (?:sie|du|ihr)\b ; Würden Sie das prüfen? ; Das würden wir prüfen.
asks to do something ; request ; möglich ; \b(?:wäre|ist) es möglich\b ; Wäre es möglich, früher zu liefern? ; Das ist nicht möglich.
says please ; request ; bitte ; \bbitte (?!schön|sehr|um entschuldigung|beachten|nicht auf)\w+|\w+ bitte\W*$ ; Bitte schicken Sie es. ; Bitte sehr!
an order ; request ; schick schicke schickt schicken send sende senden mail maile gib gebt geben sag sage sagt sagen nenn nenne nennt nennen leg bring zeig ; ^\W*(?:(?:und|dann|also|ach|bitte|\w+,) ){0,3}(?:(?:schick|send|mail|sag|nenn|leg|bring|zeig)(?:e|t|en sie)?|gib|gebt|geben sie) (?:mir|uns)\b ; Schick mir noch das Datenblatt. ; Ich schicke mir das selbst.
says please ; request ; bitte bitten ; \b(?:ich bitte|bitte ich|wir bitten|bitten wir) (?:sie|dich|euch|um)\b ; Wir bitten um Antwort. ; Wir baten um Antwort.
asks a question ; question ; ? ; \w\W{0,3}\? ; Ist die Ware da? ; Die Ware ist da.
needs something ; request ; rückmeldung antwort nachricht bestätigung ; \b(?:über|auf)\b.*\b(?:rückmeldung|antwort|nachricht|bestätigung)\b.*\b(?:würde|freue) ; Über eine Antwort würde ich mich freuen. ; Ich freue mich über die Antwort.
needs something ; request ; brauche brauchen bräuchte bräuchten benötige benötigen ; \b(?:ich|wir) (?:br[aä]uch|benötig) ; Wir brauchen Ihre Freigabe. ; Sie brauchen eine Freigabe.
needs something ; request ; brauche brauchen benötige benötigen ; \b(?:brauche|benötige)n? (?:ich|wir)\b.*\b(?:ihre|deine|von|noch)\b ; Dafür brauche ich noch das Maß. ; Brauche ich Gummistiefel?
needs something ; request ; dankbar ; \bwären? (?:ich|wir)?.*\bdankbar\b ; Für einen Rat wären wir dankbar. ; Wir sind dankbar.
needs something ; request ; hätte hätten wüsste ; \bhätten? (?:ich |wir )?gern|\b(?:ich|wir) (?:hätte|wüsste)n? gern ; Ich hätte gern zwei Muster. ; Das hätte gereicht.
needs something ; request ; würde würden ; \b(?:würden? (?:ich |wir )?(?:mich|uns)|uns|mich) (?:über|freuen, wenn)\b ; Wir würden uns freuen, wenn Sie kommen. ; Das würde mich ärgern.
needs something ; request ; wollte wollten ; \bwollten? (?:\w+ ){0,3}(?:nach)?fragen\b ; Ich wollte kurz nachfragen, ob es klappt. ; Ich wollte das Muster.
[instructions]
take part, note or pass on ;  ; bitte ; \bbitte (?:\w+ )?(?:anmelden|registrieren|ausdrucken|vormerken|merken|mitbringen|teilnehmen)\b ; Bitte online anmelden. ; Bitte bald melden.
[promises]
will do ; do ; dran erledigt gemacht ; ^\W*(?:(?:ich )?bin|(?:wir )?sind) (?:schon )?dran\b|^\W*(?:das )?wird (?:\w+ )?(?:erledigt|gemacht)\W*$ ; Wird erledigt. ; Das wurde erledigt.
you will have it ; send ; bekommen bekommst erhalten erhältst kriegen kriegst hören ; \b(?:sie|du|ihr) (?:bekomm|erh[aä]lt|krieg|hör(?:en|st)).*(?<!\?)$ ; Sie erhalten das Muster. ; Bekommen Sie das Muster?
you will have it ; send ; bekommen bekommst erhalten erhältst kriegen kriegst hören haben hast ; \b(?:bis|am|heute|morgen|danach|dann|noch)\b.*\b(?:bekomm|erh[aä]lt|krieg|hör|ha[bs])\w+ (?:sie|du)\b(?!.*\?) ; Morgen haben Sie das Muster. ; Haben Sie das Muster bis morgen?
I will get back ; send ; melde melden ; \bmelde (?:ich )?mich\b|\bmelden (?:wir )?uns\b ; Ich melde mich. ; Bitte melden Sie sich.
I will get back ; send ; bescheid ; \b(?:gebe|geben wir|wir geben)\b.*\bbescheid\b ; Ich gebe Ihnen Bescheid. ; Geben Sie uns Bescheid.
I will get back ; send ; halte halten komme ; \b(?:halte|wir halten|halten wir) (?:ich )?(?:sie|dich|euch)\b|\bkomme\b.*\bauf (?:sie|dich) zu\b ; Ich halte Sie auf dem Laufenden. ; Halten Sie uns auf dem Laufenden.
I do it ; do ; schicke schicken sende senden maile mailen leite leiten gebe geben liefere liefern reiche reichen bringe bringen antworte antworten informiere bestätige übersende hole stelle stellen schreibe schreiben ; \b(?:(?:ich|wir) (?!k[aö]nn|hab|w[eoüä]|soll|m[uüö]|d[aü]rf|gern)\w+(?:en?|[lr]n)|(?!k[aö]nn|hab|w[eoüä]|soll|m[uüö]|d[aü]rf|gern)\w+(?:en?|[lr]n) (?:ich|wir))\b(?!.*\?) ; Morgen schicke ich das Muster. ; Schicke ich das heute?
I do it ; do ; kläre klären prüfe prüfen rufe rufen kümmere kümmern frage erstelle erstellen mache machen überarbeite korrigiere ändere buche buchen komme kommen nehme nehmen schaue schauen spreche sprechen erledige erledigen trage bereite ; \b(?:(?:ich|wir) (?!k[aö]nn|hab|w[eoüä]|soll|m[uüö]|d[aü]rf|gern)\w+(?:en?|[lr]n)|(?!k[aö]nn|hab|w[eoüä]|soll|m[uüö]|d[aü]rf|gern)\w+(?:en?|[lr]n) (?:ich|wir))\b(?!.*\?) ; Wir prüfen das bis Freitag. ; Prüfen Sie das bis Freitag.
I do it ; do ; ruf schick meld mach klär prüf geb komm bring schau frag nehm ; \b(?:ich (?:ruf|schick|meld|mach|klär|prüf|geb|komm|bring|schau|frag|nehm)|(?:ruf|schick|meld|mach|klär|prüf|geb|komm|bring|schau|frag|nehm) ich)\b(?!.*\?) ; Ich schick dir das Muster. ; Schick mir das Muster.
brings it along ; do ; dabei gepäck ; \b(?:(?:ich|wir) haben?|haben? (?:ich|wir))\b(?!.*\b(?:immer|stets|schon|nicht|kein\w*|freude|spaß|bedenken|gefühl)\b).*\b(?:dabei|im gepäck)\W*$ ; Die Muster habe ich dann dabei. ; Den Ausweis habe ich immer dabei.
let me ; do ; lassen lass ; ^\W*(?:lassen sie|lass) (?:mich|uns) (?!wissen).*\b(?:prüfen|klären|nachfragen|nachsehen|überlegen)\b ; Lassen Sie mich das prüfen. ; Lassen Sie mich wissen, wer.
let me ; do ; geben gib gebt ; \b(?:geben sie|gib|gebt) (?:mir|uns)\b.{0,25}\b(?:zeit|bis|moment|stunde|tag)\b ; Geben Sie mir bis Montag Zeit. ; Geben Sie mir Bescheid.
once that is so, we will ; do ; sobald wenn falls sofern nachdem ; \b(?:sobald|wenn|falls|sofern|nachdem)\b[^,]+, (?:dann )?(?!hab|sind|w[aäüe]|k[aö]nn|müss|soll|brauch|denk|glaub|hoff|freu)\w+ (?:ich|wir)\b(?!.*\?) ; Sobald es da ist, buchen wir. ; Wenn es da ist, buchen Sie.
it comes to you ; send ; geht gehen kommt kommen folgt folgen ; \b(?:geht|gehen|kommt|kommen|folgt|folgen)\b.*\b(?:zu|raus|post|bis|heute|morgen|\w+tag|woche|noch|gleich)\b(?!.*\?) ; Das Muster geht heute raus. ; Geht das Muster heute raus?
see you then ; meet ; sehen ; \b(?:sehen wir uns|wir sehen uns) (?:am|um|dann|morgen|nächste)\b ; Dann sehen wir uns am Montag. ; Wir sehen uns gezwungen.
see you then ; meet ; bis ; ^\W*bis (?:dann|dahin|morgen|\w+tag|nächste woche)\W*$ ; Bis Montag! ; Bis Montag fertig.
[no_commitments]
somebody else's words ;  ; sagt sagte sagten meint meinte schreibt schrieb verspricht versprach hat haben laut gemäß angeblich ; ^\W*(?:laut|gemäß|angeblich)\b|^\W*(?!ich |wir )[\w. -]{2,40}? (?:sagte?n?|meinte?|schreibt|schrieb|verspricht|versprach|ha(?:t|ben) (?:\w+ ){0,3}(?:gesagt|zugesagt|versprochen|mitgeteilt))\b ; Laut Hersteller kommt die Ware am Freitag. ; Wir haben die Lieferung zugesagt.
somebody else's deed ;  ; fahrer spedition spediteur kurier paketdienst zoll reederei lieferant lieferanten hersteller post hotel ; ^\W*(?:(?:und|aber|dann) )?(?:der|die|das|ihre?|seine?|unsere?) (?:[\w-]+ )?(?:spedition|spediteur|kurier|paketdienst|zoll|reederei|lieferant(?:en|in)?|hersteller|post|hotel|veranstalter)\b ; Die Spedition meldet sich morgen bei Ihnen. ; Die Rechnung schicke ich morgen.
somebody else's deed ;  ; fahrer kunde kundin kunden bank anwalt anwältin notar steuerberater steuerberaterin vermieter versicherung behörde amt architekt kollege kollegin ; ^\W*(?:(?:und|aber|dann) )?(?:der|die|ihre?|seine?) (?:[\w-]+ )?(?:fahrer|kund(?:e|in|en)|bank|anw[aä]lt(?:in)?|notar|steuerberater(?:in)?|vermieter|versicherung|behörde|architekt|kolleg(?:e|in))\b ; Der Fahrer wird Sie morgen anrufen. ; Unser Fahrer wird Sie morgen anrufen.
a named person's or company's deed ;  ; herr frau er sie dr ; ^\W*(?:(?:und|aber|dann) )?(?:(?:herr|frau|dr\.?) [\w-]+|er|man) (?:\w+t|wird|hat|will|kann)\b ; Frau Klein ruft Sie morgen zurück. ; Frau Klein, ich rufe Sie morgen zurück.
denied ;  ; nicht kein keine keinen ; \b(?:ich|wir)\b(?!.*\b(?:aber|sondern|sobald|bevor|vergess\w*|warum|sicher)\b).*\b(?:nicht|kein(?:e[nrms]?)?)\b(?: mehr)?(?: (?:\w+en|dabei sein|möglich))?\W*$ ; Ich komme am Freitag leider nicht. ; Ich komme am Freitag.
waits ;  ; warte warten erwarte erwarten abwarten ; \b(?:ich|wir) (?:warten?|erwarten?)\b|\b(?:warten?|erwarten?) (?:ich|wir)\b|\b(?:abwarten|erwarten)\W*$ ; Wir warten auf Ihren Anruf am Montag. ; Wir starten am Montag.
is somewhere, or can be reached ;  ; erreichbar büro urlaub unterwegs abwesend zurück haus ; \b(?:ich|wir) (?:bin|sind|werde|werden)\b.*\b(?:erreichbar|im (?:büro|urlaub|haus)|unterwegs|abwesend|(?:wieder|erst) (?:da|zurück))\b ; Ich bin am Montag wieder im Büro. ; Ich bin am Montag bei Ihnen.
does it with this very mail ;  ; anbei hiermit beigefügt anhang ; ^\W*(?:anbei|beigefügt|im anhang)\b|\b(?:ich|wir)\b.*\bhiermit\b|^\W*hiermit\b ; Ich sende Ihnen hiermit den Vertrag. ; Morgen sende ich Ihnen den Vertrag.
what should be ;  ; sollte sollten müsste müssten ; \b(?:ich|wir|man) (?:sollte|müsste)n?\b|\b(?:sollte|müsste)n? (?:ich|wir|man)\b ; Ich denke, wir sollten noch warten. ; Wir warten bis Montag und melden uns dann.
[conditions]
on a condition ;  ; sobald wenn falls sofern nachdem vorausgesetzt ; \b(?:sobald|wenn|falls|sofern|nachdem|vorausgesetzt)\b ; Sobald es da ist, rufe ich an. ; Ich rufe an, weil es da ist.
[promise_sorts]
send ; send ; melde melden bescheid halte halten ; \b(?:melden?|bescheid|halten?)\b ; Ich melde mich. ; Ich meldete mich.
call ; call ; ruf rufe rufen anrufen zurückrufen durchrufen ; \brufe?n?\b.*\b(?:an|zurück|durch)\b|\b(?:an|zurück|durch)rufen\b ; Ich rufe Sie morgen an. ; Der Anruf kam gestern.
meet ; meet ; treffen komme kommen teilnehmen vorbeikommen sehen ; \b(?:treffen|kommen?|teilnehmen|vorbeikommen|sehen uns)\b ; Ich komme am Montag. ; Das Muster kommt am Montag.
send ; send ; schicke schicken sende senden maile mailen leite leiten liefere liefern reiche reichen ; \b(?:schick|send|mail|leit|liefer|reich)en?\b ; Ich schicke das Muster. ; Schicker Schuh.
send ; send ; antworte antworten informiere informieren bestätige bestätigen ; \b(?:antworte|informiere|bestätige)n?\b ; Ich antworte morgen. ; Die Antwort kommt morgen.
send ; send ;  ; \w(?:schick|send|mail|leit|reich|liefer)en?\b ; Ich will es Ihnen zusenden. ; Die Sendung ist da.
send ; send ; erhalten bekommen hören ; \b(?:erhalten|bekommen|hören) sie\b|\bsie (?:erhalten|bekommen|hören)\b ; Sie erhalten das Muster. ; Wir erhalten das Muster.
[deliveries]
sends it with this ;  ; anbei anhang beigefügt beiliegend ; \b(?:anbei|im anhang|beigefügt|beiliegend)\b ; Anbei das Angebot. ; Der Anhang fehlt.
sends it with this ;  ; hier wie ; \bhier (?:ist|sind)\b|\bwie (?:besprochen|gewünscht|versprochen|vereinbart)\b ; Hier ist das Angebot. ; Wie ist das Angebot?
sends it with this ;  ; geschickt gesendet verschickt weitergeleitet übersandt ; \b(?:geschickt|gesendet|verschickt|weitergeleitet|übersandt)\b ; Ich habe es Ihnen geschickt. ; Wir schicken es.
[completions]
says it is done ;  ; habe haben ; \bhaben?\b.*\b(?:angerufen|gesprochen|geprüft|geklärt|erledigt|bestätigt|gebucht|geändert|storniert|bestellt|korrigiert|bezahlt|überwiesen)\b ; Ich habe es geklärt. ; Ich habe es eilig.
says it is done ;  ; ist sind ; \b(?:ist|sind) (?:erledigt|geklärt|gebucht|bestätigt|fertig)\b ; Das ist erledigt. ; Ist das erledigt?
[thanks]
thanks ;  ; danke dank ; ^\W*(?:(?:vielen|herzlichen|besten) dank|danke)\b.{0,80}$ ; Vielen Dank! ; Dank Ihrer Hilfe läuft es.
thanks ;  ; super prima perfekt alles ok okay gut gerne verstanden passt ; ^\W*(?:super|prima|perfekt|alles klar|ok|okay|gut|gerne|verstanden|passt)\b.{0,80}$ ; Alles klar. ; Alles ist kaputt.
[withdrawals]
takes it back ;  ; erübrigt hinfällig ignorieren vergessen ; \berübrigt sich\b|\bhinfällig\b|\bignorieren\b|\bvergessen sie (?:es|meine)\b ; Meine Frage erübrigt sich. ; Wir haben das vergessen.
takes it back ;  ; geklärt erledigt ; \b(?:hat|haben) sich (?:\w+ )?(?:geklärt|erledigt)\b ; Das hat sich schon erledigt. ; Ich habe das erledigt.
takes it back ;  ; nötig notwendig erforderlich ; \b(?:nichts|nicht mehr|keine weiteren)\b.{0,40}\b(?:nötig|notwendig|erforderlich)\b ; Das ist nicht mehr nötig. ; Das ist dringend nötig.
takes it back ;  ; nichts ; \bnichts (?:weiter |weiteres |mehr )?(?:zu )?(?:tun|unternehmen|machen)\b ; Sie müssen nichts weiter tun. ; Das tut nichts.
takes it back ;  ; gefunden ; \bhabe es gefunden\b ; Ich habe es gefunden. ; Haben Sie es gefunden?
[releases]
lets off ;  ; brauchen brauchst müssen musst ; \b(?:brauchen|müssen) sie\b.{0,30}\bnichts?\b|\b(?:brauchst|musst) du\b.{0,30}\bnichts?\b ; Das müssen Sie nicht mehr schicken. ; Das müssen Sie schicken.
lets off ;  ; nötig ; \bnicht mehr nötig\b ; Der Anruf ist nicht mehr nötig. ; Ist der Anruf nötig?
[postponements]
puts off ;  ; erst ; \berst (?:am|im|zum|in der|nächste|morgen|übermorgen|ende|\w+tag)\b ; Die Ware kommt erst am Montag. ; Das erste Muster kommt am Montag.
puts off ;  ; verschieben verschiebe verschiebt verschoben verzögert verzögern verzögerung verlegen verlegt ; \bver(?:schieb|schob|zöger|leg) ; Das verzögert sich leider. ; Das Gerät hat Verschleiß.
puts off ;  ; dauert ; \bdauert (?:noch|länger|etwas|leider)\b ; Das dauert noch etwas. ; Wie lange dauert das?
puts off ;  ; brauche brauchen benötige benötigen ; \b(?:brauche|benötige)n? (?:ich |wir )?noch (?:bis|etwas|ein)\b ; Wir brauchen noch bis Montag. ; Wir brauchen noch Ihr Wort.
puts off ;  ; schaffe schaffen klappt ; \b(?:schaffen?|klappt)\b.{0,40}\b(?:erst|nicht)\b ; Das klappt heute nicht. ; Das klappt heute.
puts off ;  ; statt anstatt stattdessen ; \b(?:an)?statt (?:(?:am|bis) )?(?:\w+tag|morgen|heute|ende|nächste\w* \w+|\d+\.)|\bstattdessen\b ; Statt am Freitag komme ich am Montag. ; Die Feier findet statt.
puts off ;  ; lieber ; \blieber (?:erst )?(?:am )?(?:\w+tag|morgen|nächste)|\b(?:\w+tag|morgen) lieber\b ; Lieber erst am Dienstag. ; Lieber Herr Tagore.
asks for another time, or grants it ;  ; reicht genügt ; \b(?:\w+tag|morgen|woche)\b.{0,30}\b(?:reicht|genügt)\b|\b(?:reicht|genügt)\b.{0,20}\b(?:\w+tag|morgen|woche)\b ; Freitag reicht auch. ; Das Blech reicht.
asks for another time, or grants it ;  ; ginge wäre recht ordnung spät ; \b(?:ginge|wäre|ist)\b.{0,20}\b(?:\w+tag|morgen|woche)\b.{0,20}\b(?:auch|recht|in ordnung|zu spät|ok)\b ; Ist Montag zu spät? ; Ist Montag frei?
[given_up_times]
denies or replaces a time ;  ; nicht ; \b(?:schaff|kann|könn|klappt|geht|werd|wird|komm)\w*\b(?:(?!,|[;:.] | [-–] | aber | sondern |\berst\b|\bvor\b).){0,80}\bnicht\b(?! (?:be)?vor)(?:(?![,;:.] | [-–] | aber | sondern ).){0,30} ; Freitag kann ich Montag nicht zusagen. ; Ich kann es vor Montag nicht.
denies or replaces a time ;  ; statt anstatt ; \b(?:an)?statt (?:(?:am|bis) )?(?:\w+tag|morgen|heute|ende|nächste\w* \w+|\d+\.) ; Statt am Freitag komme ich am Montag. ; Die Feier findet statt.
[complaints]
tells of something wrong ;  ; noch ; \bnoch (?:immer )?(?:nicht|nichts|kein)\w*\b.*\b(?:erhalten|bekommen|gehört|da|angekommen|geliefert|eingetroffen)\b ; Wir haben noch nichts erhalten. ; Wir haben es noch nicht eilig.
tells of something wrong ;  ; falsch defekt beschädigt kaputt unvollständig ; \b(?:ist|sind|war|waren|kam|kamen)\b.*\b(?:falsch|defekt|beschädigt|kaputt|unvollständig)\b ; Das Glas ist kaputt. ; Was geht leicht kaputt?
tells of something wrong ;  ; fehlt fehlen falsche falschen ; \bfehl(?:t|en)\b|\bdie falschen?\b ; Zwei Schrauben fehlen. ; Das war ein Fehler.
tells of something wrong ;  ; funktioniert funktionieren ; \bfunktionier(?:t|en) nicht\b ; Die Pumpe funktioniert nicht. ; Die Pumpe funktioniert.
tells of something wrong ;  ; unzufrieden enttäuscht ärgerlich ; \b(?:unzufrieden|enttäuscht|ärgerlich)\b ; Wir sind enttäuscht. ; Wir sind zufrieden.
tells of something wrong ;  ; zweimal ; \bzweimal (?:berechnet|abgebucht)\b ; Das wurde zweimal berechnet. ; Ich war zweimal dort.
[acknowledgements]
says it came ;  ; erhalten bekommen ; \bhaben?\b.{0,30}\b(?:erhalten|bekommen)\b ; Ich habe Ihre Mail erhalten. ; Sie erhalten es morgen.
says it came ;  ; dran notiert angekommen kümmere ; \b(?:bin dran|notiert|ist angekommen|kümmere mich)\b ; Ist notiert. ; Daran lag es.
says it came ;  ; danke dank melde ; \b(?:danke|dank) für\b|\bmelde mich\b ; Danke für die Mail. ; Dank Ihrer Hilfe läuft es.
says it came ;  ; prüfe kläre schaue ; \b(?:prüfe|kläre) das\b|\bschaue ich mir an\b ; Ich prüfe das. ; Ich prüfe die Pumpe.
[tags]
says nothing ;  ; melde ; \bich melde mich(?: (?:wieder|dann|später|bald|noch))*\W*$ ; Ich melde mich wieder. ; Ich melde mich am Montag.
says nothing ;  ; versucht erreicht ; \bversucht,? sie (?:anzurufen|zu erreichen)|\bleider nicht erreicht\b ; Ich habe Sie leider nicht erreicht. ; Das Ziel ist erreicht.
[greetings]
greets ;  ; hallo liebe lieber guten sehr moin servus hi ; ^\W*(?:hallo|liebe[rs]?|guten (?:tag|morgen|abend)|sehr geehrte[rs]?|moin|servus|hi)(?:,? [\w.'&-]+){0,5}\W*$ ; Guten Tag Frau Berg, ; Guten Stahl liefern wir gern.
greets ;  ; grüße grüßen grüsse grüssen gruß ; ^\W*(?:(?:mit )?(?:freundlich|viele|beste|liebe|herzlich|schöne)\w* grü(?:ß|ss)en?|gruß)\b.{0,40}$ ; Mit freundlichen Grüßen ; Ihre Grüße richte ich aus.
[broadcasts]
to many ;  ; alle zusammen kollegen kolleginnen team mitglieder kunden kundinnen ; ^\W*(?:(?:hallo|liebe|guten tag|sehr geehrte)\W+)?(?:alle|zusammen|kolleg\w*|team|mitglieder|kund\w+)\b\W*(?:[,:!.-]|$) ; Liebe Kollegen, ; Alle Teile sind da.
""")

GERMAN = Language(
    code="de",
    common_words=frozenset(
        "der die das und ich sie wir ist nicht mit für auf ein eine den dem im zu von es bitte haben wird werde können uns ihnen ihr wie noch "
        "bis auch mich mir dir danke gruß grüße hallo guten melde morgen heute rufen rufe sobald schicke bin dran mach erhalten werden unser "
        "unsere".split()
    ),
    time_words=TIME_WORDS,
    clause_words=ClauseWords(
        begins=re.compile(
            r"(?:(?:und|aber|dann|also|daher|deshalb|danach) )*(?:ich|wir|bitte|(?:können|könnten|kannst|könntest|würden|haben|passt|ist|geht) "
            r"(?:sie|du|ihr|ihnen|dir|das|es)|"
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
    **_TABLES,
)
