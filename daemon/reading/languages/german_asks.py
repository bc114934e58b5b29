"""German asks that ask without a question or an order, and what makes an answer expected, as in `english_asks.py`."""

from __future__ import annotations

from daemon.reading.languages.rules import rule_table

_YOU = r"(?:sie|dich|euch|ihnen|dir)"
_YOUR = r"(?:ihre[nrms]?|deine[nrms]?|eure[nrms]?)"
_GIVEN = (
    r"(?:unterstützung|hilfe|mithilfe|meinung|einschätzung|ansicht|sicht|rat|rückmeldung|antwort|entscheidung|freigabe|zustimmung|genehmigung|teilnahme|mitwirkung|unterschrift|bestätigung|"
    r"beitrag|stellungnahme|angebot|vorschlag|vorschläge|zusage|kommentare|feedback|anmerkungen)"
)

IMPLIED = rule_table(
    (
        "implies a request: help or views",
        "request",
        0.8,
        "ihre ihren ihrer ihrem deine deinen deiner deinem eure euren eurer",
        (
            rf"\b(?:würde|würden|möchte|möchten|wollte|wollten|hätte|hätten|wäre|wären|bräuchte|bräuchten|bitten?|suchen?|hoffe|hoffen|gerne?)\b.{{0,80}}\b{_YOUR} (?:[\wäöüß-]+ ){{0,2}}?{_GIVEN}\b|"
            rf"^\W*über {_YOUR} (?:[\wäöüß-]+ ){{0,2}}?{_GIVEN}\b.{{0,40}}\b(?:würde|würden|freue|freuen)\b"
        ),
    ),
    (
        "implies a request: it would be good",
        "request",
        0.78,
        "wäre würde helfen",
        (
            r"\b(?:es|das) wäre (?:sehr |wirklich |wirklich sehr |ganz )?(?:schön|gut|toll|hilfreich|nett|super|wichtig|wunderbar|großartig|prima|ideal|eine große hilfe|eine (?:ehre|freude))\b.{0,10}(?:, wenn|, falls|zu|\bdie|\bdas|\bden)\b|"
            r"\bwäre (?:sehr )?(?:schön|gut|toll|hilfreich|nett|super|wichtig)\b.{0,5}, (?:wenn|falls) (?:sie|du|ihr|wir)\b|\bes würde (?:mir|uns) (?:sehr )?helfen\b"
        ),
    ),
    (
        "implies a request: to join",
        "request",
        0.78,
        "sie dich euch einladen gewinnen begrüßen dabei",
        (
            rf"\b(?:würden?|möchten?|wollen) (?:ich |wir )?(?:mich |uns )?(?:sehr )?(?:gerne?|freuen)?,? ?(?:ich |wir )?{_YOU}\b.{{0,80}}\b(?:einladen|gewinnen|begrüßen|dabei ?haben)\b|\b(?:würden|würde) (?:uns|mich) (?:sehr )?freuen,? (?:wenn )?{_YOU}\b|"
            rf"\bhätten? (?:ich |wir )?{_YOU}\b.{{0,60}}\b(?:dabei|als|bei uns)\b|\b(?:wir|ich) (?:hätten?|laden?) {_YOU}\b.{{0,60}}\b(?:dabei|als|bei uns|ein)\b"
        ),
    ),
    (
        "implies a request: on your word",
        "request",
        0.78,
        "sobald wenn sowie",
        r"^\W*(?:sobald|wenn|sowie) (?:sie|du|ihr) (?:mir|uns)?\b.{2,80}\b(?:nennen|nennst|sagen|sagst|bestätigen|bestätigst|bescheid geben|geben|gibst|schicken|schickst|senden|zusagen|freigeben|mitteilen|entschieden haben),? (?:dann )?[a-zäöüß]+ (?:ich|wir)\b",
    ),
    (
        "implies a request: lacks something",
        "request",
        0.77,
        "fehlt fehlen",
        rf"\b(?:mir|uns) (?:fehlt|fehlen) (?:leider )?(?:noch )?(?:die |der |das |ein |eine |{_YOUR} )|\bes (?:fehlt|fehlen) (?:mir |uns )?noch {_YOUR}",
    ),
    (
        "implies a request: writes to find out",
        "request",
        0.78,
        "wollte wollten möchte möchten würde würden melde schreibe",
        (
            r"\b(?:wollten?|möchten?|würden?) (?:ich |wir )?(?:nur |gerne? |noch |kurz |mal |sie )*(?:gerne? )?(?:wissen|fragen|nachfragen|erfahren|hören|anfragen|klären),? (?:ob|wann|wie|was|wer|wo|welche\w*)\b|\b(?:sie|dich|euch) (?:um|bitten)\b.{0,60}\bbitten\b|"
            r"\bmelde mich,? (?:weil|um|da)\b.{0,80}\b(?:fragen|brauche|benötige|wissen|bitten)\b"
        ),
    ),
)

OFFERS = rule_table(
    (
        "invites, offers or proposes",
        "",
        1,
        "einladen laden lade einladung eingeladen anbieten biete bieten angebot vorschlagen schlage schlagen vorschlag begrüßen gewinnen dürfen",
        (
            r"(?<!für ihr )(?<!für die )(?<!für ihre )(?<!für das )\b(?:einladen|anbieten|vorschlagen|lade[n]? (?:ich|wir|sie|dich|euch)|(?:ich|wir) lade[n]?|biete[n]? (?:ich|wir|ihnen|dir|euch)|(?:ich|wir) biete[n]?|schlage[n]? (?:ich|wir)|"
            r"(?:ich|wir) schlage[n]?|(?:herzlich |hiermit )?eingeladen|(?:mein|unser|folgendes|nachfolgendes) (?:angebot|vorschlag)|unsere einladung|als \w+ (?:gewinnen|begrüßen))\b"
        ),
    ),
)

AWAITED = rule_table(
    (
        "awaits an answer to it",
        "request",
        0.78,
        "freue freuen erwarte erwarten hoffe hoffen",
        (
            rf"\b(?:freuen? (?:ich |wir )?(?:mich|uns)|(?:ich|wir) freuen? (?:mich|uns))\b.{{0,20}}\b(?:auf|über) (?:{_YOUR}|eine|von (?:ihnen|dir) zu) ?(?:[\wäöüß-]+ ){{0,2}}?(?:{_GIVEN}|nachricht|hören)\b|"
            rf"\b(?:erwarten?|hoffen?) (?:ich |wir )?(?:auf )?{_YOUR} (?:[\wäöüß-]+ ){{0,2}}?(?:{_GIVEN}|nachricht)\b"
        ),
    ),
)
