"""English rules for promises: what somebody says they will do, and what only looks like it."""

from __future__ import annotations

from daemon.reading.languages.rules import I_WILL, rule_table

_SELF = r"(?:^|[^\w'])(?:i|we)(?: (?:will|shall)|'ll| ll)"
_HEDGE = (
    r"(?: (?:also|then|now|still|definitely|certainly|gladly|happily|just|both|all|personally|probably|have to|need to|try to|try and|be sure to|"
    r"make sure to|be able to|be glad to|be happy to|be pleased to|be in a position to|go ahead and|of course|only|first|at least|most likely|\w+ly))*"
)
_TELL = r"(?:send|forward|e-?mail|mail|fax|resend|redistribute|ship|deliver|provide|supply|submit|circulate|distribute|pass|share|copy|cc|post|report|reply|respond|answer|advise|notify|inform|confirm|tell|update|brief|revert|write|drop you|return (?!to\b|from\b)|hand|transmit|upload)"
_REACH = r"(?:call|ring|phone|telephone|contact|follow|touch base|get (?:back|in touch|with)|give (?:you|him|her|them|it|this|everyone|\w+) an?|reach|speak|talk|meet|visit|stop by|drop by|join (?:you|us|the (?:call|meeting|conference))|come (?:by|over|and|to|down|up|prepared)|swing by|attend|be (?:there|in touch|at (?:the|your)|on the call|attending|joining|sending|calling|e-?mailing|forwarding|contacting|mailing|faxing|providing|circulating|bringing|back (?:to you|in touch)))"
_WORK = (
    r"(?:check|look (?:into|at|over|for|up|through)|take (?:a look|care|it|this|that|your|you|the|up|over|one|on)|see (?:if|what|whether|about|to it|that)|find (?:out|you|the|a|someone|some)|"
    r"ask|discuss|review|read|prepare|draft|put|set|arrange|schedule|book|organi[sz]e|coordinate|make|do|add|change|fix|correct|revise|amend|edit|"
    r"update|pull|bring|get|have (?:it|them|this|that|the|a|an|my|some|someone|him|her|\w+ (?:send|call|contact|get|e-?mail|forward|look|check|prepare|review|put))|handle|deal|sort|investigate|research|track|work|"
    r"run|start|begin|finish|complete|mark|print|order|issue|sign|execute|approve|chase|raise|process|pay|buy|file|include|incorporate|turn|leave|help|assist|"
    r"support|register|remove|delete|expand|develop|keep (?:you|your|an eye|him|her|them|everyone|the|it|this|that|checking|after|on)|let (?:you|him|her|them|everyone|everybody|people|all|\w+) know|give|ensure|make sure|talk|"
    r"hold|cancel|move|plan on|proceed|get|try|introduce|show|explain|cover|wait|credit|refund|replace|install|enter|create|build|open|close|"
    r"transfer|resolve|address|remind|encourage|recommend|follow|reserve|waive|consider|honou?r|adjust|monitor|gather|collect|compile|verify|analy[sz]e|calculate|summari[sz]e|outline|attach)"
)
_ACT = rf"(?:{_TELL}|{_REACH}|{_WORK})\b"
_DEEDS = (
    r"(?:sending|forwarding|e-?mailing|mailing|faxing|posting|shipping|dispatching|couriering|delivering|dropping|bringing|getting|putting|asking|calling|ringing|phoning|"
    r"chasing|checking|looking (?:into|at)|sorting|fixing|arranging|organi[sz]ing|preparing|drafting|writing|working|changing|moving|adding|booking|ordering|raising|issuing|"
    r"processing|picking|collecting|coming (?:back|over|round|by|to)|going (?:back|over|through)|speaking|talking|having|taking|making|finding|giving|setting|following|updating|"
    r"resending|reviewing|escalating|pushing|pulling|running|finali[sz]ing|finishing|completing|signing|returning|paying|confirming|sharing|uploading|printing|replacing|crediting|"
    r"refunding|reserving|holding|copying|looping|introducing|telling|letting)"
)
_OURS = (
    r"(?:(?:our|my) (?:[\w-]+ ){0,2}?[\w-]+|the (?:[\w-]+ )?(?:team|office|crew|lads?|guys|workshop|warehouse|factory|depot|driver|drivers|engineer|engineers|technicians?|fitters?|installers?|van)|"
    r"(?:someone|somebody|one of (?:us|our \w+|my \w+))(?: from (?:our|my) [\w-]+(?: [\w-]+)?)?|[a-z]+ (?:from|in|on) our [\w-]+(?: [\w-]+)?|"
    r"(?:accounts|finance|legal|dispatch|support|production|logistics|purchasing|billing|engineering|sales))"
)
_BY_TIME = (
    r"(?:\b(?:by|before|within|today|tonight|tomorrow|tmrw|monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tues?|weds?|thurs?|fri|this (?:week|morning|afternoon|evening|pm)|"
    r"next (?:week|month)|first thing|later|shortly|soon|asap|straight away|right away|now|eod|cob|noon|midday|lunch(?:time)?|end of|in (?:a|an|the|one|two|three|\d+) (?:\w+ )?(?:minutes?|mins?|moment|hours?|days?|weeks?|sec|second|bit|morning|afternoon)|at \d|\d{1,2}(?:st|nd|rd|th))\b)"
)
_YOU = r"(?:\byou\b|\byour\b)"

_DONE_BY_US = "sending forwarding emailing mailing posting shipping dispatching getting putting asking calling ringing chasing checking looking sorting fixing arranging preparing drafting working changing moving adding booking ordering raising issuing processing picking coming speaking talking taking finding giving setting following updating resending reviewing escalating signing paying confirming sharing printing replacing bringing dropping delivering organising organizing writing collecting going having making telling letting running pushing pulling finalising finalizing finishing completing returning uploading crediting refunding reserving holding copying looping introducing faxing couriering phoning e"

PROMISES = rule_table(
    (
        "will do",
        "do",
        0.9,
        "will on consider leave covered sorted",
        r"(?:^\W*|[,.!;:–-] ?|\b(?:ok|okay|sure|yes|and|so|just) )(?:i |we |i'll |we'll )?(?:will do|consider it (?:done|sorted)|leave (?:it|that|this|them|those) (?:all )?(?:with|to) (?:me|us)|i'm on it|on it(?=[,.!;–-]|$|,? back| now| already)|(?:i|we)(?:'ve| have) got (?:it|this|that|you) (?:covered|sorted))\b",
    ),
    (
        "you will have it",
        "send",
        0.9,
        "you your",
        r"\byou(?:'ll| will| should| shall)(?: also| then| probably| definitely)? (?:(?:have|get|receive) (?:it|them|this|that|these|my|our|everything|something|word|an answer|confirmation|the \w+(?: \w+)?|an? (?:\w+ )?(?:copy|draft|answer|reply|response|quote|proposal|update|report|revised|call|e-?mail|hard copy)) ?(?:$|[.,!;]|\b(?:by|today|tomorrow|tonight|on|in (?:the|your|two|a|an)|within|before|from (?:me|us)|shortly|soon|separately|asap|first thing|this|next|at|later)\b)|(?:receive|get) (?:an?|another|the) (?:\w+ )?(?:e-?mail|letter|confirmation|notice|note|call|package)\b|hear (?:back )?from (?:me|us|our)|be (?:hearing|getting|receiving)\b.{0,60}\b(?:from (?:me|us|our)|shortly|soon|separately|by|today|tomorrow|this|next))",
    ),
    (
        "I will tell or bring it to you",
        "send",
        0.93,
        I_WILL,
        rf"{_SELF}{_HEDGE} (?:{_TELL}|keep|let|get|give|show|drop|have|bring|call|ring|phone|contact|meet|see|pick)\b.{{0,25}}{_YOU}",
    ),
    (
        "I will get back",
        "send",
        0.93,
        I_WILL,
        rf"{_SELF}{_HEDGE} (?:(?:get|come|write|go) back to|get back|be in touch|be back (?:to|in touch|with (?:you|a|an|the|my|our|more|some|it|news))|follow[- ]up|report back|revert|keep (?:you|everyone|him|her|them))\b",
    ),
    ("I will", "do", 0.86, I_WILL, rf"(?:^|[^\w'])i(?: (?:will|shall)|'ll){_HEDGE} {_ACT}"),
    ("we will", "do", 0.78, I_WILL, rf"(?:^|[^\w'])we(?: (?:will|shall)|'ll){_HEDGE} {_ACT}"),
    (
        "… and will",
        "do",
        0.74,
        "will",
        rf"^\W*(?:(?:i|we)\b[^.;]{{3,150}}|[^.;]{{0,60}}\b(?:i|we)(?: am|'m| are|'re| have|'ve)\b[^.;]{{3,150}})\b(?:and|but|so|then),? (?:will|shall) {_ACT}",
    ),
    (
        "going to",
        "do",
        0.76,
        "going gonna plan planning intend",
        rf"(?:^|[^\w'])(?:i'm|i am|we're|we are) (?:also )?(?:going to|gonna|planning to|about to) {_ACT}|(?:^|[^\w'])i (?:plan|intend) to (?:{_TELL}|{_REACH}|have|get|finish|review)\b",
    ),
    (
        "let me",
        "do",
        0.8,
        "let lemme",
        r"^\W*(?:(?:ok|okay|sure|yes|and|but|so|thanks|well)[,.!-]* |[a-z]+[,.!:-]+ ){0,2}(?:let me|lemme) (?:\w+ )?(?:check|look|see (?:if|what|whether|about)|get (?:back|with|the|some|you|a)|find out|ask|talk|speak|call|review|work on|run (?:it|this)|dig|investigate|confirm|do (?:some|a)|try|pull|follow|discuss)\b",
    ),
    (
        "will, without a subject",
        "do",
        0.82,
        "will ll",
        rf"(?:^|[.;!,-] )\W*(?:(?:ok|okay|sure|yes|thanks|and|but|also|so|great)[,.!:-]* |[a-z]+[,.!:-]+ ){{0,2}}(?:will|'ll) (?:also |definitely |certainly |try to |probably )?(?:{_TELL}|{_REACH}|check|look|see (?:you|what i|if)|find|ask|review|prepare|let (?:you|him|her|them|everyone)|set|arrange|keep (?:you|him|her|them)|do|make|bring|work on|have (?:it|the|this|them))\b(?! you\b.{{0,40}}\?)(?!.*\?\W*$)",
    ),
    (
        "see you then",
        "meet",
        0.72,
        "see speak talk catch",
        r"\b(?:see|speak (?:to|with)|talk to|catch) (?:you|y'all|everyone) (?:all )?(?:then|tonight|(?:there )?(?:on|at) (?!the (?:game|top))|tomorrow|next (?:week|mon|tues|wed|thurs|fri)|this (?:afternoon|evening|morning|week)|later today|mon|tues|wednes|thurs|fri|in the (?:morning|afternoon))",
    ),
    (
        "I can, by a time",
        "do",
        0.66,
        "can could should expect plan aim hope able",
        r"(?:^|[^\w'])(?:i|we) (?:can|should be able to|should|expect to|plan to|aim to|hope to|are able to|am able to) (?:have|get|send|deliver|finish|complete|provide|turn|call|be there|make|meet|give|let you know|ship|drop|bring)\b.{0,80}\b(?:by|before|on|tomorrow|today|tonight|within|mon|tues|wednes|thurs|fri|end of|first thing|eod|cob)\b(?!.*\?)(?!.{0,60}\bif you\b)",
    ),
    (
        "it will be sent",
        "send",
        0.6,
        "will ll",
        r"(?<!you )(?<!i )(?<!we )(?<!who )\b(?:will|'ll) (?:then |also |all |both )?be (?:sent|mailed|e-?mailed|forwarded|faxed|provided (?:to|by|at|in|on|shortly|soon|later)|distributed|circulated|delivered|shipped|couriered|with you|on your desk|in your hands|announced|forthcoming|in order)\b(?=.*\b(?:you|your|yours|shortly|soon|tomorrow|today|by|later|next|this|as (?:it|they|soon)|on (?:mon|tues|wednes|thurs|fri|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*)\b)(?!.{0,20}\bif you\b)",
    ),
    (
        "takes part",
        "meet",
        0.75,
        "attend in count accept attending make",
        r"^\W*(?:[a-z]+[,!:-]+ )?(?:yes,? )?(?:count me in|i'm in\b(?! )|i (?:will |am able to |'ll )?(?:plan to |be able to )?(?:attend|make it)\b(?!.*\?)|i(?:'m| am) (?:planning (?:to attend|on attending)|attending|coming)\b|(?:i|we) (?:gladly |happily |would be (?:happy|glad|delighted) to )?accept your)",
    ),
    (
        "our people will",
        "do",
        0.68,
        "our my team office crew lads lad guys workshop warehouse factory depot driver drivers engineer engineers technician technicians fitter fitters installer installers van someone somebody us accounts finance legal dispatch support production logistics purchasing billing engineering sales",
        rf"\b{_OURS} (?:(?:will|'ll|should|is going to|are going to|can)(?: \w+ly)? (?!not\b|never\b|be (?:closed|open|out|away|happy)\b)\w+|(?:is|are) {_DEEDS}\b|[a-z]+s (?:you|it|them)\b.{{0,40}}{_BY_TIME})",
    ),
    (
        "we are at it",
        "do",
        0.66,
        _DONE_BY_US,
        rf"(?:(?:^|[^\w'])(?:i'm|i am|we're|we are|im)(?: \w+ly| also| now| just| already)? |^\W*(?:(?:(?:[a-z]+(?: you)?,? ){{0,2}}[a-z]+|(?:sorry|apologies|running|can't|cannot)\b[^,.;]{{0,40}})[,.!:–-]+ ?)?(?:am |are )?(?:just |now )?){_DEEDS}\b(?! (?:to|in order to) (?:ask|let|inform|confirm|introduce|say|see|find))(?=.*{_BY_TIME}|.{{0,40}}(?:it|this|that|them|one|for you|your)\b)",
    ),
    (
        "it comes to you",
        "send",
        0.66,
        "with reach reaches arrive arrives arriving leave leaves leaving ship ships shipping land lands go goes going way coming post press follow follows out off",
        (
            rf"\b(?:will|'ll|should|shall)(?: then| all| both)? (?:be with (?:you|him|her|them|us all)|reach you|arrive|be on (?:your|the) (?:desk|way)|be in (?:your|the post)|land (?:in|on|with)|follow|ship|leave (?:here|us|the|our)|go (?:out|off|in the post|to press))\b|"
            rf"\b(?:ships|leaves|lands|arrives|reaches you|goes (?:out|off|in|to)|go (?:out|off|in the post)|(?:is|are|'re|'s) (?:going (?:out|off|in the|on the)|shipping|leaving|arriving|coming (?:out|over|to you|your way)|on (?:its|their|his|her) way|out for delivery|being (?:sent|shipped|posted|delivered|dispatched)))\b(?=.*(?:{_BY_TIME}|\byou\b|\bpost\b))|"
            rf"\b(?:is|are|) ?(?:coming your way|on (?:its|their|the) way to you)\b"
        ),
    ),
    (
        "you can expect it",
        "send",
        0.74,
        "expect you",
        r"^\W*(?:[a-z]+[,.!:–-]+ ?)?(?:please )?expect (?:a|an|the|my|our|it|them|something|another|to (?:hear|receive|get|see))\b(?!.*\?)|\byou (?:can|should|may|will) expect (?:a|an|the|my|our|it|them|to (?:hear|receive|get|see))\b|\byou(?:'ll| will| should| shall|ll)(?: \w+ly| also| then)? (?:get|receive|have|see|find) (?!to\b|that\b|from\b|noticed|any\b|already|seen|been|had\b)(?:\S+ ){0,8}?(?:today|tonight|tomorrow|by|on|within|before|from (?:me|us|our)|this|next|in your|shortly|soon|later|the same day|separately|at)\b(?! attached)|\byou(?:'ll| will) be the first to (?:know|hear)\b|\byou(?:'ll| will) (?:be )?hear(?:ing)?\b",
    ),
)

CONDITIONS = rule_table(
    (
        "on a condition",
        "",
        1,
        "once if unless until till provided assuming soon subject when whenever after should depending upon",
        r"\b(?:once|if|unless (?!otherwise)|until|provided|assuming|as soon as (?!possible)|subject to|when(?:ever)? (?:i|we|you|he|she|it|they|the|my|our)|after (?:i|we|you|he|she|they|the \w+ (?:is|are|has))|should (?:you|anything|that)|depending on|upon (?:receipt|approval|your))\b",
    ),
    (
        "do this and I will",
        "",
        1,
        "send give get let tell call and",
        r"^\W*(?:please )?(?:send|give|get|let|tell|call|e-?mail|fax|forward)\b.{5,120}\band (?:i|we)(?:'ll| will)\b",
    ),
)

PROMISE_SORTS = rule_table(
    (
        "send",
        "send",
        1,
        "back know posted informed updated advised",
        r"\b(?:get back|let (?:you|them|him|her|everyone|\w+) know|keep (?:you|them|him|her|everyone) (?:posted|informed|updated|up|advised|in)|report back|come back to)\b",
    ),
    (
        "call",
        "call",
        1,
        "call ring phone telephone buzz dial",
        r"\b(?:call|ring|(?<!\bmy )(?<!\bthe )(?<!\bby )(?<!\byour )(?:tele)?phone|buzz|give (?:you|him|her|them|\w+) a (?:call|ring|buzz|bell|shout)|dial)\b(?! (?:it|this|for))",
    ),
    (
        "meet",
        "meet",
        1,
        "see meet there attend attending join come stop drop visit swing lunch coffee dinner meeting",
        r"\b(?:see you|meet|be there|attend|attending|join (?:you|us|the)|come (?:by|over|to|in|and see|down|up)|stop by|drop by|visit|swing by|be (?:at|on|in) the (?:call|meeting)|have (?:lunch|coffee|dinner)|confirming a meeting|find you)\b",
    ),
    (
        "send",
        "send",
        1,
        "send sending forward forwarding e email mail mailing emailing fax reply respond provide share update confirm get have you keep touch circulate copy deliver submit write post give drop follow followup tell advise details information",
        r"\b(?:send|sending|forward|forwarding|e-?mail|e-?mailing|mail|fax|reply|respond|provide|share|update|confirm|get (?:you|it|that|this|them|those|these|a)\b.{0,30}\b(?:to|you|over|out|back)|have (?:it|them|the|this|that|a|an answer|something) (?:to|for|over|ready|back)|you(?:'ll| will| should) (?:have|get|receive|hear|be)|keep you|be in touch|circulate|copy|deliver|submit|write|post|give you|drop you|follow[- ]up|tell|advise|details|information)\b",
    ),
)
