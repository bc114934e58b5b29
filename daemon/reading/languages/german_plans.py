"""German clauses that speak of what will be, and commit nobody: other people's plans, waiting, whereabouts.

Each is taken out of a sentence before a promise is looked for, as in `english_plans.py`.
"""

from __future__ import annotations

from daemon.reading.languages.rules import rule_table

_TO_THE_END = r"(?:(?!,? (?:und|aber|doch|dann) (?:ich|wir|melde|schicke|sende|rufe)\b|[;:]|\.\s|, (?:dann )?(?:\w+ )?(?:ich|wir)\b|\b(?:ich|wir) (?:melde|schicke|sende|rufe|gebe|informiere)).){0,200}"
_OTHERS = (
    r"(?:fahrer(?:in)?|spedition\w*|spediteur\w*|kurier\w*|paketdienst|zoll\w*|reederei|werk|lieferant\w*|hersteller\w*|händler\w*|druckerei|verlag|agentur|makler\w*|anwalt|anwältin|notar\w*|"
    r"steuerberater\w*|bank|versicherung|vermieter\w*|mieter\w*|architekt\w*|behörde|amt|stadt|gemeinde|regierung|gericht|polizei|hotel|veranstalter\w*|restaurant|universität|hochschule|schule|"
    r"kunde|kundin|kunden|käufer\w*|verkäufer\w*|großhändler|partner\w*|anbieter|bauleiter\w*|subunternehmer\w*|prüfer\w*|gutachter\w*|post|bahn|fluggesellschaft)"
)
_SAYS = r"(?:sagt(?:e|en)?|sagen|meint(?:e|en)?|meinen|schreibt|schrieb|verspricht|versprach|versprechen|hat (?:\w+ )?(?:versprochen|gesagt|zugesagt|mitgeteilt|bestätigt)|haben (?:\w+ )?(?:versprochen|gesagt|zugesagt|mitgeteilt|bestätigt)|rechnet|geht davon aus|teilte? (?:\w+ )?mit)"

NO_COMMITMENTS = rule_table(
    (
        "somebody else's words",
        "",
        1,
        "sagt sagte sagten sagen meint meinte meinen schreibt schrieb verspricht versprach versprechen hat haben rechnet geht teilt teilte laut gemäß angeblich",
        rf"\b(?:der|die|das|ihr[e]?|sein[e]?|herr|frau|er|sie|man|unser[e]?) ?(?:[\w-]+ ){{0,2}}?(?<!ich )(?<!wir ){_SAYS}\b{_TO_THE_END}|\b(?:laut|gemäß|angeblich)\b{_TO_THE_END}",
    ),
    (
        "somebody else's deed",
        "",
        1,
        "der die das ihr ihre sein seine herr frau er unser unsere",
        rf"\b(?:(?:der|die|das|ein|eine|ihre?|seine?|diese[rs]?) (?:[\w-]+ ){{0,2}}?{_OTHERS}|unsere? (?:lieferant\w*|spedition\w*|spediteur\w*|druckerei|hersteller|bank|anwalt|anwältin|steuerberater\w*|vermieter\w*|versicherung|kunden?)|herr [\w-]+|frau [\w-]+|er)\b (?!und ich\b){_TO_THE_END}",
    ),
    (
        "waits",
        "",
        1,
        "warte warten erwarte erwarten abwarten freue freuen drücke halte",
        (
            r"\b(?:ich|wir) (?:warten?|erwarten?|freuen?|drücken?)\b(?:(?!,? (?:und|aber|dann) |, (?:ich|wir)\b).){0,150}|\b(?:warten?|erwarten?) (?:ich|wir)\b(?:(?!,? (?:und|aber|dann) ).){0,150}|"
            r"\b(?:ich werde|wir werden)\b(?:(?!,? (?:und|aber) ).){0,80}\b(?:abwarten|erwarten|warten)\b"
        ),
    ),
    (
        "is somewhere, or can be reached",
        "",
        1,
        "bin sind erreichen erreichst erreichbar",
        (
            r"\b(?:ich bin|wir sind|bin ich|sind wir)\b(?! dran| schon dran)(?:(?!,? (?:und|aber|dann) |, (?:ich|wir)\b).){0,60}\b(?:büro|urlaub|unterwegs|erreichbar|da|zurück|hier|haus|außer|verreist|abwesend|verfügbar|homeoffice|termin\w*)\b"
            r"(?:(?!,? (?:und|aber|dann) ).){0,60}|\b(?:sie erreichen|du erreichst|erreichen sie|erreichst du) (?:mich|uns)\b.{0,100}"
        ),
    ),
    (
        "a denial before what is done instead",
        "",
        1,
        "nicht leider kein keine",
        (
            r"(?:\bleider )?\b(?:(?:ich|wir) (?:kann|können|schaffen?|werden?|komme|kommen)|(?:kann|können|schaffen?|werden?) (?:ich|wir)|(?:schaffe?n?|klappt|geht)) (?:(?!,? (?:aber|sondern|doch)|[;.]).){0,80}"
            r"\b(?:nicht|kein\w*)\b(?:(?!,? (?:aber|sondern|doch|dafür|schicke|sende|melde|rufe|liefere|komme|ich|wir)\b|[;.]).){0,40}(?=,? (?:aber|sondern|doch|dafür|schicke|sende|melde|rufe|liefere|komme|ich|wir)\b)"
        ),
    ),
    (
        "a refusal",
        "",
        1,
        "lehne lehnen sage sagen ablehnen absagen",
        r"\b(?:lehnen? (?:ich|wir)|(?:ich|wir) lehnen?|sagen? (?:ich|wir)|(?:ich|wir) sagen?)\b.{0,60}\b(?:ab|nein)\b",
    ),
)
