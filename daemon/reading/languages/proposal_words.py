"""The words by which people propose a time, refuse one, or speak of times that propose nothing: English and German.

A line of `_TABLE` holds what the words tell, a pattern, an example in which it is found and one in which it is not; patterns of one name
are alternatives. They are tried on one clause in lower case in which TIME stands for each of its times; other words in capitals stand
for what `_MACROS` says.
"""

from __future__ import annotations

import re

_MACROS = {
    "MEET": r"(?:come|meet|call|ring|phone|speak|talk|chat|join|visit|pop|drop (?:by|in|over)|stop by|swing by|attend|catch|get together|sit down|touch base|"
    r"connect|zoom|jump|hop|discuss|dial|manage|spare|squeeze|fit (?:me|us) in)",
    "ARRANGE": r"(?:say|do|make it|arrange|schedule|set up|fix|book|aim|go for|pencil|put|block|reserve|plan|keep|find|try|see|"
    r"have (?:a|our|the) (?:\w+ )?(?:call|chat|meeting|word|catch|review|session|coffee|lunch))",
    "MOVE": r"(?:move|push|shift|reschedule|postpone|bring)",
    "FINE": r"(?:fine|good|ok|okay|alright|perfect|great|ideal|best|better|easier|easiest|possible|convenient|feasible|doable|free|open|preferable)",
    "TREFFEN": r"(?:treffen|sprechen|telefonieren|zusammensetzen|austauschen|sehen|anrufen|besprechen|skypen|kommen|besuchen|vorbei\w*|\w+kommen|zurückrufen)",
    "PLANEN": r"(?:verschieben|schieben|verlegen|vorziehen|sagen|festhalten|ausmachen|vereinbaren|machen|klären|regeln|durchgehen|finden|einplanen|einrichten)",
    "GUT": r"(?:möglich|okay|ok|gut|denkbar|machbar|günstig|ideal|frei|verfügbar|lieb|lieber|am liebsten|in ordnung|im büro|im haus|drin|recht|besser)",
}
_TABLE = r"""
proposes ; (?:would|does|do|will|could|might)\b.{1,80}\b(?:works?|suits?|fits?|sounds?)\b ; Would Friday at 2 work? ; Does it stand?
proposes ; (?:would|will|could|is|might)\b.{1,60}\b(?:FINE|too (?:late|early|soon|short))\b ; Would Friday be possible? ; Would it rain?
proposes ; (?:works?|suits?|fits?)\b.{0,20}\b(?:for )?(?:me|us|you|better|best|well)\b ; Friday suits me. ; Friday came.
proposes ; (?:be|is|are|'s) (?:also |quite |very |really |still )?FINE (?:for|with) (?:me|us|you)\b ; It is good for me. ; It is good.
proposes ; (?:if|whether|see if)\b.{1,60}\b(?:works?|suits?|fits?|is FINE)\b ; See if Friday suits. ; See Friday.
proposes ; TIME\W+(?:or TIME\W+)?(?:also |still |any ?time |would |should |could |will )*(?:works?|suits?|fits?|does(?=\W*$)|be FINE|FINE)\b ; TIME works. ; TIME will be fun.
proposes ; TIME\W+(?:or TIME\W+)?(?:any ?time )?is (?:also |only |slightly |much |actually )*FINE\b ; TIME is easier. ; TIME is over.
proposes ; (?:are|is|will|would|might) [\w' ]{2,25}\b(?:free|available|around|reachable|contactable|in the office|in town|at your desk)\b.*\? ; Are you free? ; Are you sure?
proposes ; if (?:you|he|she|they)(?:'re| are| is|'s)\b.{0,20}\b(?:free|available|around)\b ; See if you are free. ; You are here.
proposes ; (?:i'm|we're|am|are|be) (?:also |both |all |only |currently )?(?:free|available|around)\b ; I'm free on Friday. ; I'm late.
proposes ; (?:thinking|wondering|hoping|my preference|prefer(?:red|ably)?|best time|earliest|only (?:time|slot)|easiest)\b ; I was thinking of it. ; I was away.
proposes ; (?:pencill?ed|planned for|see you TIME\W*\?|(?:find|make) (?:a |some )?(?:time|slot)|(?:invite|host) you|join us|are you (?:fixed|placed)|any (?:good|use)\W*\?) ; Is it any good? ; Is it good?
proposes ; see you TIME\W*\? ; See you TIME? ; See you TIME.
proposes ; (?:you|your)\b.{0,20}\b(?:availability|diary|calendar)\b.{0,40}\blook(?:s|ing)?\b ; How is your diary looking? ; Your diary is here.
proposes ; (?:how|what) about|how(?:'s| is| are) (?:the )?TIME|how(?:'s| is| does)\b.{1,50}\b(?:look|sound|for you|suit)|how would\b ; How about Friday? ; How is Friday?
proposes ; (?:(?:shall|should|can|could|might|may|how if) we|let's|lets|let us)\b.{0,20}\b(?:MEET|ARRANGE|MOVE)\b ; Shall we say 11? ; Shall we order?
proposes ; (?:why don't|couldn't|can't|wouldn't) (?:we|you)\b.{0,20}\b(?:MEET|ARRANGE|MOVE)\b ; Why don't we meet? ; Why don't we know?
proposes ; (?:(?:can|could|would|will) (?:you|your [\w ]{1,25}|he|she|they|some(?:one|body)|any(?:one|body))|(?:can|could) \w+)\b.{0,30}\bMEET\b|(?:can|could|would) you be (?:here|there|on site|free|available)\b ; Can you call me? ; Raj will call.
proposes ; (?:can|could|would|will) (?:you|your \w+|he|she|they|we) (?:also |still |maybe |perhaps |possibly )?(?:do|make)(?: it)?\W+(?:on |at |for |either |the )*TIME ; Could you do TIME? ; Could you do it?
proposes ; (?:can|could|may|might|shall|should) (?:i|we)\b.{0,20}\b(?:MEET|reach|(?:book|see|put) you)\b ; Can I call you? ; Can I ask?
proposes ; if (?:i|we) (?:called|came|met|rang|visited|popped|dropped)\b ; What if I called? ; I called.
proposes ; (?:i|we)(?: can| could|'d| would|'ll| will| might)? (?:also |only |still |then |maybe |probably )*(?:do|make|manage|offer|propose|suggest|recommend|prefer)(?: you| it)?\W+(?:(?:either|any|on|at|the|between|from|a|for|next|call) ){0,3}TIME ; I could do TIME. ; I could do it.
proposes ; (?:i|we)(?: can| could|'d be able to| would be able to) (?:MEET|drive|stop)\b ; We could come. ; We will come.
proposes ; (?:like|want|love|hope|prefer|propose|suggest|happy|keen|able|good|great|nice) to\b.{0,20}\b(?:MEET|do)\b ; I'd like to meet. ; I like to read.
proposes ; (?:(?:i|we|you) have|have you got|got|(?:can|could|might) you spare|(?:we|i|would) need|spare me)\b.{0,30}\b(?:minutes?|mins?|half an hour|an hour|time|slot|gap|availability|window|moment)\b ; Do you have 30 minutes? ; Do you have it?
proposes ; (?:suggest|propose)\b.{0,10}\bwe\b.{0,20}\b(?:MEET|ARRANGE|MOVE)\b|would you mind|is there (?:a |any )?(?:slot|gap|time|chance)\b|flexible ; I suggest we meet. ; I suggest paint.
proposes ; (?:would|do|might) you (?:prefer|rather)|(?:give (?:me|us) a (?:ring|call|shout|bell)|(?:call|ring|phone) (?:me|us))\b ; Would you prefer it? ; Do you refer?
proposes ; (?:please |just |do )?(?:come|drop|pop|swing|stop) (?:by|over|in|round|along)\b ; Come over. ; Come what may.
proposes ; any chance\b.{0,40}\b(?:speak|talk|chat|meet|call|catch|discuss)\b|any (?:availability|slots?|gaps?)\b ; Any chance of a call? ; Any chance of rain?
proposes ; (?:when|what (?:time|day|date)s?)\b.{0,40}\b(?:free|available|suits?|works?|convenient|good for you|best)\b ; When are you free? ; When is it here?
proposes ; (?:say|maybe|perhaps|possibly|ideally|preferably|alternatively|otherwise|failing that)\W+(?:on |at |the )*TIME ; Say TIME. ; Say it.
proposes ; passt|passen|passend|ginge|gingen|gehen\b.{0,30}\?|geht\b.{0,50}\?|klappt|klappen|würde.{1,50}\b(?:gehen|passen)|recht\b ; Passt Freitag? ; Fast Freitag.
proposes ; (?:wäre?n?|ist|sind)\b.{1,60}\bGUT\b|wäre (?:mir|uns|ihnen|dir|euch)\b ; Wäre es möglich? ; Wäre es da?
proposes ; TIME\W+(?:oder TIME\W+)?(?:würde |wäre |ist )?(?:GUT|passt|passen|ginge|geht)\b|am (?:besten|liebsten)|bevorzugt|rückruf|etwas vor\b ; TIME möglich? ; TIME vorbei.
proposes ; (?:hätten|haben|hättest|hast|hättet|habt|finden|fänden) (?:sie|du|ihr|wir)\b.{0,60}\b(?:zeit|minuten|\w*stunde|stündchen|termin|luft|lücke|kurz|moment)\b ; Haben Sie Zeit? ; Haben Sie es?
proposes ; wann\b.{0,40}\b(?:hätten|haben|hast|hättest|könnten|können|passt|ginge|sind|wären|bist) ; Wann hätten Sie Zeit? ; Wann kommt es?
proposes ; wie (?:wäre|wär|sieht)(?: es|'s|s)?\b|wie steht'?s?\b|was (?:halten sie|hältst du|haltet ihr) von ; Wie wäre es? ; Wie geht es?
proposes ; (?:können|könnten|sollen|sollten|wollen|wollten|dürfen|dürften) wir\b.{0,90}\b(?:TREFFEN|PLANEN)\b ; Können wir uns treffen? ; Können wir es?
proposes ; (?:sagen|machen|nehmen) wir\b|(?:sollen|wollen|treffen|sprechen|telefonieren|sehen|hören|verschieben) wir\b.{0,80}\? ; Treffen wir uns? ; Dann sehen wir uns.
proposes ; (?:lassen sie|lass|lasst) uns\b|kommen sie\b.{0,60}\?|wir (?:könnten|können) uns\b ; Lass uns telefonieren. ; Lass es.
proposes ; (?:können|könnten|kannst|könntest|würden|könnt) (?:sie|du|ihr)\b.{0,70}\b(?:TREFFEN|rufen|einrichten|teilnehmen|melden|dabei\w*)\b ; Können Sie kommen? ; Können Sie lesen?
proposes ; (?:kann|könnte|darf|dürfte|soll|würde) ich\b.{0,60}\b(?:TREFFEN|erreichen|melden)\b|(?:ich|wir) (?:würden?|möchten?)\b.{0,60}\bTREFFEN\b ; Kann ich anrufen? ; Kann ich es?
proposes ; (?:lässt|ließe) sich\b|(?:verschieben|verlegen|vorziehen|einrichten)\W*\?|(?:rufen sie|ruf|ruft) (?:mich|uns)\b|(?:würden|hätten) sie lieber ; Rufen Sie mich an. ; Rufen Sie ihn an.
proposes ; (?:ich|wir) (?:kann|könnte|können|könnten|hätte|hätten)(?: ihnen| dir| euch)?\b.{0,20}TIME ; Ich könnte TIME. ; Ich könnte es.
proposes ; (?:bin|sind|wäre)\b.{0,40}\b(?:frei|verfügbar|erreichbar|zu erreichen)\b|(?:habe|hätte|haben|hätten) (?:ich|wir)?\b.{0,40}\b(?:zeit|luft)\b ; Ich bin frei. ; Ich bin da.
proposes ; (?:schlage|schlagen|schlüge|würde|würden|darf|dürfte)\b.{0,40}\bvor(?:schlagen)?\b|(?:mein|unser) (?:termin)?vorschlag ; Ich schlage das vor. ; Ich schlage zu.
moves ; MOVE\b|(?:change|delay|swap)\b|put (?:it |this |that |the \w+ )?(?:back|off|forward)\b ; Push it. ; Rush it.
moves ; (?:ver)?schieb\w*|verleg\w*|vorzieh\w*|umleg\w*|vorverleg\w* ; Verschieben wir. ; Schreiben wir.
goes_on ; (?:or|otherwise|alternatively|if not|failing that|also|and|then|oder|sonst|ansonsten|alternativ|notfalls|andernfalls|auch|und)\b ; Or Friday. ; For Friday.
listed ; (?:times|slots|options|dates|following|availability|possibilities|alternatives|folgende\w*|termine|möglichkeiten|zeiten|vorschläge|alternativen)\b ; These slots: ; This slot:
refuses ; (?:won't|will not|doesn't|does not|don't|do not|didn't|isn't|is not|not|no longer|never)\b.{0,25}\b(?:work|suit|fit|possible|free|available|around|good|convenient|ideal|make|do|able|here|in)\b ; It won't work. ; It won't rain.
refuses ; (?:can't|cannot|can not|can no longer|couldn't|unable to)\b|no good|busy|booked|tied up|away|on (?:holiday|leave)|out of (?:the )?office|closed|fully|clash\w* ; I can't. ; I can.
refuses ; (?:'m|am|are|'re|is) (?:all |both )?out\b|except|apart from|but not|anything but|difficult|tricky|rather not|not on|(?:bank|public|national) holiday|is bad|too (?:full|busy) ; We are out. ; We go out.
refuses ; (?:klappt|passt|geht|ginge|kann|können|bin|ist|haben?|schaffe\w*)\b.{0,40}\b(?:nicht|nimmer|nie|keine?|schlecht|schwierig)\b ; Das klappt nicht. ; Das klappt.
refuses ; (?:leider|eher|gar) (?:nicht|nein|schlecht)|nicht am|verhindert|im urlaub|geschlossen|ausgebucht|außer haus|ausser haus|unterwegs|belegt|nicht da\b|feiertag ; Leider nicht. ; Leider ja.
asks_back ; (?:why don't|couldn't|can't|won't|wouldn't|isn't|doesn't|don't) (?:we|you|it|that|this)\b.{0,60}\? ; Can't we meet? ; We can't.
that_time ; (?:does|do|would|will|could|might|is|can you (?:make|do|manage)) (?:that|this|it|those|these|they|either|any of (?:these|those|them))\b(?!.{0,60}\bTIME) ; Does that work? ; Does he work?
that_time ; (?:passt|ginge|geht|klappt|wäre|ist|passen|würde) (?:das|dies|es|ihnen das|dir das|ihnen|dir|euch|eine?r davon|etwas davon)\b.{0,50}\? ; Passt das? ; Passt er?
that_time ; (?:können|könnten|kannst) (?:sie|du|ihr) (?:das|es|da|dann)\b ; Können Sie das einrichten? ; Können Sie lesen?
reports ; (?<!if i )(?<!if we )(?:met|came|spoke|talked|tried|called|rang|phoned|sent|wrote|got|received|arrived|delivered|left|said|agreed|discussed|mentioned)\b ; We met. ; We meet.
reports ; saw|(?<!if i )(?<!if we )started|(?:was|were)(?! (?:thinking|wondering|hoping))|had|did|happened|finished|missed|asked|placed|ordered|(?<!if i )(?<!if we )visited|confirmed\b ; We had it. ; We have it.
reports ; (?:haben|hatten?|war(?:en)?|wurden?|kam(?:en)?|gesagt|besprochen|getroffen|gesprochen|telefoniert|vereinbart|erhalten)\b(?! (?:sie|du|ihr|wir|ich)\b) ; Wir hatten es. ; Wir treffen uns.
reports ; (?:bekommen|geliefert|geschickt|gesendet|angerufen|versucht)\b|(?:hatten|haben) wir\b.{0,60}\b(?:gesagt|besprochen|vereinbart|ausgemacht)\b ; Hatten wir gesagt. ; Haben wir Zeit.
regular ; (?:every|each|always|usually|normally|daily|weekly|opening (?:hours|times)|office hours|open(?:s|ed)?|closes?|hours are|working hours) ; We open at 9. ; We meet at 9.
regular ; (?:if|should) (?:there|anything|you (?:have|need|get|find))\b|bei (?:fragen|rückfragen)|(?:falls|wenn) sie (?:fragen|noch)\b ; If there is a question. ; If you are free.
regular ; (?:jeden|jede|jeder|immer|täglich|wöchentlich|öffnungszeiten|bürozeiten|geöffnet|sprechzeiten|üblicherweise|montags|dienstags|mittwochs|donnerstags|freitags) ; Jeden Montag. ; Am Montag.
goods ; (?:deliver(?:y|ies|ed|ing|s)?|dispatch\w*|ship(?:s|ped|ping|ment|ments)?|collect(?:ion|ed|ing)?|pick[- ]?up|install(?:ed|ing|ation)?|fitting|payment|pay)\b ; The delivery. ; The review.
goods ; (?:invoice\w*|launch\w*|order(?:s|ed|ing)?|deadline|arrive\w*|start(?:s|ed|ing)?|ends?|due|finish\w*|ready|eta|pallets?|lorry|truck|driver|courier|samples?)\b ; The courier. ; The call.
goods ; (?:liefer\w*|versand\w*|verschick\w*|abhol\w*|montage\w*|montier\w*|aufbau\w*|installation\w*|zahlung\w*|rechnung\w*|bestell\w*)\b ; Die Lieferung. ; Die Besprechung.
goods ; (?:fertig\w*|frist\w*|spedition\w*|lkw|ankunft|eintreffen|anlieferung\w*|muster)\b ; Der LKW. ; Das Treffen.
yours ; (?<!for )\byour (?:local )?time|(?:ihrer|deiner|eurer) (?:orts)?zeit ; At 3 your time. ; Thanks for your time.
"""
_MACRO = re.compile(rf"(?<![A-Z])(?:{'|'.join(_MACROS)})(?![A-Z])")
ROWS = tuple(tuple(line.split(" ; ")) for line in _TABLE.strip().splitlines())


def compiled(*written: str) -> re.Pattern[str]:
    """Return alternatives as they stand in the table as one pattern, which is found where a word begins."""
    whole = "|".join(rf"(?:(?<!\w)(?:{one}))" for one in written)
    return re.compile(_MACRO.sub(lambda match: _MACROS[match.group()], whole))


SAID = {name: compiled(*(row[1] for row in ROWS if row[0] == name)) for name in dict.fromkeys(row[0] for row in ROWS)}
# How long it will take: minutes or hours in digits, with the minutes that one is, or in words.
LENGTHS = (
    (re.compile(r"(?<![\d.:])(\d{1,3})[ -]?(?:min(?:ute)?s?|minuten|minütig\w*)\b"), 1),
    (re.compile(r"(?<![\d.:])(\d)[ -]?(?:hours?|hrs?|stunden?|std)\b"), 60),
)
HALF_HOUR = re.compile(r"\bhalf an hour|half[- ]hour|halbe stunde|halbes stündchen")
HOUR = re.compile(r"\b(?:an|one) hour|\beine (?!halbe)(?:gute )?stunde")
