"""German clauses that speak of what will be and commit nobody: others' plans and words, denials, waiting, whereabouts."""

from __future__ import annotations

from daemon.reading.languages.rules import rule_table

NO_COMMITMENTS = rule_table(r"""
somebody else's words ;  ; sagt sagte sagten meint meinte schreibt schrieb verspricht versprach hat haben laut gemäß angeblich ; ^\W*(?:laut|gemäß|angeblich)\b|^\W*(?!ich |wir )[\w. -]{2,40}? (?:sagte?n?|meinte?|schreibt|schrieb|verspricht|versprach|ha(?:t|ben) (?:\w+ ){0,3}(?:gesagt|zugesagt|versprochen|mitgeteilt))\b ; Laut Hersteller kommt die Ware am Freitag. ; Wir haben die Lieferung zugesagt.
somebody else's deed ;  ; fahrer spedition spediteur kurier paketdienst zoll reederei lieferant lieferanten hersteller post hotel ; ^\W*(?:(?:und|aber|dann) )?(?:der|die|das|ihre?|seine?|unsere?) (?:[\w-]+ )?(?:spedition|spediteur|kurier|paketdienst|zoll|reederei|lieferant(?:en|in)?|hersteller|post|hotel|veranstalter)\b ; Die Spedition meldet sich morgen bei Ihnen. ; Die Rechnung schicke ich morgen.
somebody else's deed ;  ; fahrer kunde kundin kunden bank anwalt anwältin notar steuerberater steuerberaterin vermieter versicherung behörde amt architekt kollege kollegin ; ^\W*(?:(?:und|aber|dann) )?(?:der|die|ihre?|seine?) (?:[\w-]+ )?(?:fahrer|kund(?:e|in|en)|bank|anw[aä]lt(?:in)?|notar|steuerberater(?:in)?|vermieter|versicherung|behörde|architekt|kolleg(?:e|in))\b ; Der Fahrer wird Sie morgen anrufen. ; Unser Fahrer wird Sie morgen anrufen.
a named person's or company's deed ;  ; herr frau er sie dr ; ^\W*(?:(?:und|aber|dann) )?(?:(?:herr|frau|dr\.?) [\w-]+|er|man) (?:\w+t|wird|hat|will|kann)\b ; Frau Klein ruft Sie morgen zurück. ; Frau Klein, ich rufe Sie morgen zurück.
denied ;  ; nicht kein keine keinen ; \b(?:ich|wir)\b(?!.*\b(?:aber|sondern|sobald|bevor|vergess\w*|warum|sicher)\b).*\b(?:nicht|kein(?:e[nrms]?)?)\b(?: mehr)?(?: (?:\w+en|dabei sein|möglich))?\W*$ ; Ich komme am Freitag leider nicht. ; Ich komme am Freitag.
waits ;  ; warte warten erwarte erwarten abwarten ; \b(?:ich|wir) (?:warten?|erwarten?)\b|\b(?:warten?|erwarten?) (?:ich|wir)\b|\b(?:abwarten|erwarten)\W*$ ; Wir warten auf Ihren Anruf am Montag. ; Wir starten am Montag.
is somewhere, or can be reached ;  ; erreichbar büro urlaub unterwegs abwesend zurück haus ; \b(?:ich|wir) (?:bin|sind|werde|werden)\b.*\b(?:erreichbar|im (?:büro|urlaub|haus)|unterwegs|abwesend|(?:wieder|erst) (?:da|zurück))\b ; Ich bin am Montag wieder im Büro. ; Ich bin am Montag bei Ihnen.
does it with this very mail ;  ; anbei hiermit beigefügt anhang ; ^\W*(?:anbei|beigefügt|im anhang)\b|\b(?:ich|wir)\b.*\bhiermit\b|^\W*hiermit\b ; Ich sende Ihnen hiermit den Vertrag. ; Morgen sende ich Ihnen den Vertrag.
what should be ;  ; sollte sollten müsste müssten ; \b(?:ich|wir|man) (?:sollte|müsste)n?\b|\b(?:sollte|müsste)n? (?:ich|wir|man)\b ; Ich denke, wir sollten noch warten. ; Wir warten bis Montag und melden uns dann.
""")
