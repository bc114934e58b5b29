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

NOT_PROMISES = rule_table(
    (
        "denied",
        "",
        1,
        "not never t cannot unable no",
        r"\b(?:i|we)(?:'ll| will| shall)? (?:not|never|hardly|no longer|rarely|neither)\b|\b(?:i|we)(?:'m| am|'re| are)? (?:\w+ )?(?:won't|will not|shall not|can't|cannot|unable|not able)\b(?!.{0,60}\b(?:but|so) (?:i|we)(?:'ll| will)\b)",
    ),
    (
        "a manner of speaking",
        "",
        1,
        "i we",
        r"\b(?:i|we)(?:'ll| will)(?: (?:have to|also|just))? (?:say|admit|assume|guess|bet|tell you (?:that|this|one|though)|be (?:honest|frank)|let you (?:decide|go|get|judge|be)|leave it (?:at|up)|see (?:what|how) (?:happens|it|things)|take (?:that|this|it) as|keep (?:this|it) (?:short|brief)|make (?:this|it) (?:short|brief|quick)|get (?:to the point|it over)|talk about it when|pray|keep (?:you|him|her|them) in (?:my|our)|try (?:this|it|that) again|miss|cross that|prove|spare you|resist|start (?:by|with)|begin (?:by|with)|attach|describe|paste|help you die)\b|\bi will be praying\b|\b(?:maybe|perhaps) (?:i|we)\b|\b(?:whether|if|that) (?:i am|i'm|we are|we're) going to\b|\b(?:i|we)(?:'ll| will) need to (?!check|look|ask|speak|talk|confirm|find|get back|run|review)|\bwe(?:'ll| will) (?:build|continue|begin|turn|become|grow)\b",
    ),
    (
        "said within another thought",
        "",
        1,
        "hopefully thinks believes expects says told suppose assume assumes understand doubtful agreed likely happy sorry case chance likelihood concern concerned so ordinarily normally everything thing things item items everyone people one ones who than as whatever wherever amount issue issues price time times number required require hoping that which what when where how whether until because why if hope think thought said wish believe sure afraid doubt know guess expect wonder unless until who",
        r"\b(?:which|what|where|how|why|whether|because|who|than|until|when|if|as|whatever|wherever|everything|things?|items?|everyone|people|price|time|times|number|number of \w+|amount|one|ones|issues?)(?: that)? (?:i|we)(?:'ll| will| shall)\b|\b(?:hope|hoping|hopefully|thinks?|thought|wish|believes?|afraid|doubt|guess|wonder|expects?|said|says|told|suppose|assumes?|understand|doubtful|agreed|required?|likely|happy|sorry|case|chance|likelihood|concern(?:ed)?)(?: (?:that|me|him|us|them|you))*,? (?:i|we)(?:'ll| will| shall)\b(?!.{0,30}\b(?:get back|send|call you|let you))|\b(?:that|those|these) (?:i|we)(?:'ll| will) (?:require|need|use|be)\b|\bso (?:that )?(?:i|we)(?:'ll| will) (?:have|know|be able)\b|^\W*(?:ordinarily|normally)\b",
    ),
    (
        "a state, not a deed",
        "",
        1,
        "i we",
        rf"{_SELF}{_HEDGE} (?:be (?!there|in touch|at (?:the|your)|on the call|attending|joining|sending|calling|e-?mail|forwarding|contacting|mailing|faxing|providing|circulating|bringing|back (?:to you|in touch|with)|glad|happy|pleased|able|sure|meeting with you|in contact|happy|over|making|getting|putting|working|preparing|reviewing|scheduling|setting|arranging|following|reporting|updating|issuing|submitting|posting|delivering|giving|looking)|have (?:a|no|more|been|some|to|fun|the (?:chance|opportunity|pleasure))\b(?! (?:draft|copy|copies|answer|response|list|look|call|extras?|report|proposal|meeting|it|extra|version|quote|\w+ (?:for|to|ready|by)))|need (?!to)|want|know|like|love|hate|think|believe|hope|win|lose|regret|understand|always|ever|remember|become|remain|continue to (?:be|have)|go (?:to|with|through|down|from|into)|stay|live|end up|both be|agree|get (?:the chance|to|used|paid|more|some|a chance|better|out|rich)|play|enjoy|ride|miss|start (?:from|off)|take off|build|begin|start|return|create|leave it to|find (?:that|it)|run into|make (?:it|money|history)|see (?:a|more|the|some|an|this)|feel|forget|die|spend|save|benefit|learn|join(?: the| a)? [a-z]+ as|leave (?:on|for|at|the office|early|tomorrow|houston)|travel|fly|drive|move (?:to|into))\b",
    ),
    (
        "asked, not said",
        "",
        1,
        "shall should could would can may might ?",
        r"\b(?:shall|should|could|would|can|may|might) (?:i|we)\b[^.]*\?|\?\W*$",
    ),
    (
        "policy",
        "",
        1,
        "shall policy agreement hereby",
        r"\b(?:hereby|herein|thereof|pursuant|policy holders|terms and conditions)\b",
    ),
)

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
    (
        "I then will",
        "do",
        0.82,
        "then also certainly definitely both all probably hopefully gladly surely shortly",
        rf"(?:^|[^\w'])(?:i|we) (?:then|also|certainly|definitely|both|all|probably|hopefully|\w+ly) (?:will|shall){_HEDGE} {_ACT}",
    ),
    (
        "I will, of anything",
        "do",
        0.66,
        I_WILL,
        rf"(?:^|[^\w'])i(?: (?:will|shall)|'ll){_HEDGE} (?!need|have|teach|take|also)\w+ (?:\w+ )?(?:the|a|an|your|our|this|these|those|it|them|him|her|all|some|both)\b",
    ),
    (
        "I will, by a time",
        "do",
        0.7,
        I_WILL,
        rf"{_SELF}{_HEDGE} (?!be\b|have\b|need|see\b|know\b|like|love|want|meet up|miss)\w+ .{{0,60}}\b(?:by|before|within|no later than) (?:the )?(?:end|close|cob|eod|noon|lunch|tomorrow|today|tonight|mon|tue|wed|thu|fri|next|this|\d|a week|an hour|one|two|three)",
    ),
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
        "happy to do it",
        "do",
        0.66,
        "happy glad pleased delighted love",
        r"^\W*(?:[a-z]+[,!:-]+ )?(?:yes,? )?(?:i|we)(?:'d| would|'ll| will) be (?:very |more than |most )?(?:happy|glad|pleased|delighted|honou?red) to (?:do (?:it|that|this|so)|attend|meet|participate|speak|come|join|serve|host)\b(?!.{0,60}\bif you\b)",
    ),
    (
        "I promise",
        "do",
        0.85,
        "promise working way confirm confirming",
        r"\bi promise\b(?! (?:you )?(?:that )?(?:it|he|she|they|you)\b)|\bi(?:'m| am) (?:on my way|working on (?:it|this|that|the|your|getting))\b|\bwe(?:'re| are) confirming\b.{0,60}\b(?:meeting|appointment|call)",
    ),
    (
        "more to come",
        "send",
        0.62,
        "details more information follow coming",
        r"^\W*(?:more|further|the|additional)? ?(?:details?|information|info|directions?|specifics|update|agenda|documents?|report)\b.{0,30}\b(?:coming|to follow|to come|will follow|will be (?:sent|forwarded|provided|circulated|e-?mailed|mailed))\b|\bmore (?:to follow|to come|details to)\b|\bthe next (?:e-?mail|message|update|mail) will\b",
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
        "to follow",
        "send",
        0.7,
        "follow coming come more back news shortly sec minute update numbers draft version",
        rf"\bto (?:follow|come)\b(?! (?:up|on|by|to|in|over|and|back|down|with|through|the|your|our)\b)|^\W*(?:[a-z]+[,.!:–-]+ ?)?(?:more|news|update|numbers|answer|details)\b.{{0,25}}{_BY_TIME}|(?:^\W*|[,.;–-] ?|\band )(?:back|over) (?:to|with) you\b.{{0,25}}{_BY_TIME}|\b(?:version|draft|copy|file|update|one|invite|invoice|quote|numbers|details) (?:coming|in a (?:sec|second|minute|moment|bit))\b",
    ),
    (
        "you can expect it",
        "send",
        0.74,
        "expect you",
        r"^\W*(?:[a-z]+[,.!:–-]+ ?)?(?:please )?expect (?:a|an|the|my|our|it|them|something|another|to (?:hear|receive|get|see))\b(?!.*\?)|\byou (?:can|should|may|will) expect (?:a|an|the|my|our|it|them|to (?:hear|receive|get|see))\b|\byou(?:'ll| will| should| shall|ll)(?: \w+ly| also| then)? (?:get|receive|have|see|find) (?!to\b|that\b|from\b|noticed|any\b|already|seen|been|had\b)(?:\S+ ){0,8}?(?:today|tonight|tomorrow|by|on|within|before|from (?:me|us|our)|this|next|in your|shortly|soon|later|the same day|separately|at)\b(?! attached)|\byou(?:'ll| will) be the first to (?:know|hear)\b|\byou(?:'ll| will) (?:be )?hear(?:ing)?\b",
    ),
    (
        "give me time",
        "send",
        0.7,
        "give allow bear until till",
        rf"\b(?:give|allow) (?:me|us) (?:until|till|to|a (?:day|minute|moment|bit|few|couple|week|sec|second|little)|an hour|some time|time|another|one|two|three|\d+|the (?:day|morning|afternoon|week(?:end)?))\b(?! know)(?!.*\?)|\bbear with (?:me|us)\b(?=.*{_BY_TIME}|.*\b(?:i|we)\b)",
    ),
    (
        "should have it",
        "send",
        0.64,
        "should hope hoping aim aiming expect expecting",
        rf"(?:^\W*(?:[a-z]+[,.!:–-]+ ?)?|[,.;–-] |\b(?:and|but|i|we) )(?:should (?:have|be able to|get|be (?:in a position|back|with))|(?:hope|hoping|aim|aiming|expect|expecting|looking) to (?:have|get|send|finish|complete|deliver|be (?:with|there|back)))\b(?=.*{_BY_TIME})(?!.*\?)(?! (?:received|arrived|been))",
    ),
    (
        "gives their word",
        "do",
        0.74,
        "rest word guarantee undertake commit owe promise sees see",
        r"\brest assured\b|\byou have (?:my|our) word\b|\b(?:i|we) (?:guarantee|undertake|commit|promise)\b|\b(?:i|we) (?:still )?owe you\b|\bi(?:'ll| will) see to it\b",
    ),
    (
        "a date we set",
        "do",
        0.6,
        "start begin install deliver finish ship present meet call send fit print collect confirm confirmed confirming booked",
        rf"(?:^|[^\w'])we (?:start|begin|install|deliver|finish|ship|present|fit|print|collect|launch|go live)\b(?=.*{_BY_TIME})(?!.*\?)|^\W*(?:just )?confirm(?:ing|ed)?\b.{{0,20}}\b(?:we|i|our|the) .*{_BY_TIME}|\bwe(?:'re| are) booked in\b",
    ),
    (
        "speak soon, at a time",
        "call",
        0.68,
        "speak talk",
        r"^\W*(?:[a-z]+[,.!:–-]+ ?){0,2}(?:speak|talk)(?: (?:to|with) you)? (?:then|on|at|tomorrow|today|later|mon|tues|wednes|thurs|fri)",
    ),
    (
        "going to, of anything",
        "do",
        0.56,
        "going gonna plan planning intend aiming aim",
        r"(?:^\W*|[^\w'])(?:(?:i'm|im|i am|we're|we are|am) (?:also )?(?:going to|gonna|planning to|aiming to)|gonna|(?:i|we) (?:plan|intend|aim) to) (?!be (?:late|away|out|in)\b|need\b|lose\b|miss\b|die\b|regret\b)[a-z]+",
    ),
    (
        "let me, of anything",
        "do",
        0.6,
        "let lemme",
        r"(?:^\W*|[,.;–-] ?|\b(?:ok|so|and|but) )(?:let me|lemme) (?!know\b|have\b|be\b|say\b|tell\b|thank\b|introduce\b|explain\b|start\b|begin\b|just say\b|assure\b|remind\b|clarify\b|give you (?:an|a) (?:idea|example|bit))[a-z]+",
    ),
    (
        "we do it, by a time",
        "do",
        0.6,
        "i we",
        rf"(?:^|[^\w'])(?:i|we) (?:send|inform|take|bring|come|meet|call|ring|write|give|pass|drop|get|speak|let|make|do|put|go|check|ask|order|book|pay|post|remake|reprint|replace|rerun|pick|keep|hold|confirm)\b(?=.*(?:{_BY_TIME}|\byou\b))(?!.*\?)",
    ),
    (
        "somebody will",
        "do",
        0.4,
        "will ll shall going",
        rf"\b(?:he|she|they|it|there|[a-z]{{3,}})(?: (?:will|shall)|'ll|(?:'s|'re| is| are) going to) (?!not\b|never\b|need\b)[a-z]+\b(?=.*(?:{_BY_TIME}|\byou\b|\byour\b))(?!.*\?)",
    ),
    (
        "we will, of anything",
        "do",
        0.58,
        I_WILL,
        rf"(?:^|[^\w'])(?:i|we|ill)(?: (?:will|shall)|'ll|(?<=ill)){_HEDGE} (?!be\b|have\b|need|see\b|know\b|like\b|love\b|want\b|miss\b|take\b|also\b|not\b|never\b)[a-z]+\b",
    ),
    (
        "will, said shortly",
        "do",
        0.66,
        "will shall",
        r"(?:^\W*|[,.;!–-] ?|\band |\bbut )(?:will|shall) (?:(?:also|now|definitely|try to|then|just) )*(?!be\b|have\b|not\b|you\b|he\b|she\b|it\b|they\b|there\b|the\b|this\b|that\b|i\b|we\b|your\b|never\b|need\b)[a-z]+\b(?!.*\?)",
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
