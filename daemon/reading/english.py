"""English as one value: what people do with sentences in British and American business mail."""

from __future__ import annotations

from daemon.reading.english_requests import COURTESIES, INSTRUCTIONS, NO_REQUEST, REQUESTS
from daemon.reading.english_times import WORDS
from daemon.reading.language import Language, rules

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
_YOU = r"(?:\byou\b|\byour\b)"
_WILLS = "i we ll"

ENGLISH = Language(
    code="en",
    weighed=True,
    common=frozenset(
        "the and you to of for is in that we will have with this be on are please can it i your not at from but if as would".split()
    ),
    words=WORDS,
    courtesies=COURTESIES,
    no_request=NO_REQUEST,
    requests=REQUESTS,
    instructions=INSTRUCTIONS,
    no_promise=rules(
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
    ),
    promises=rules(
        (
            "will do",
            "do",
            0.9,
            "will on it consider leave",
            r"^\W*(?:(?:ok|okay|sure|yes|yep|great|thanks|thank you|no problem|got it|absolutely|of course|certainly|fine|perfect)[,.!]* |[a-z]+[,.!:-]+ ){0,2}(?:i |we )?(?:will do|consider it done|leave (?:it|that|this) with (?:me|us)|i'm on it|on it)\b",
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
            _WILLS,
            rf"{_SELF}{_HEDGE} (?:{_TELL}|keep|let|get|give|show|drop|have|bring|call|ring|phone|contact|meet|see|pick)\b.{{0,25}}{_YOU}",
        ),
        (
            "I will get back",
            "send",
            0.93,
            _WILLS,
            rf"{_SELF}{_HEDGE} (?:(?:get|come|write|go) back to|get back|be in touch|be back (?:to|in touch)|follow[- ]up|report back|revert|keep (?:you|everyone|him|her|them))\b",
        ),
        ("I will", "do", 0.86, "i", rf"(?:^|[^\w'])i(?: (?:will|shall)|'ll){_HEDGE} {_ACT}"),
        (
            "I then will",
            "do",
            0.82,
            "i we",
            rf"(?:^|[^\w'])(?:i|we) (?:then|also|certainly|definitely|both|all|probably|hopefully|\w+ly) (?:will|shall){_HEDGE} {_ACT}",
        ),
        (
            "I will, of anything",
            "do",
            0.66,
            "i",
            rf"(?:^|[^\w'])i(?: (?:will|shall)|'ll){_HEDGE} (?!need|have|teach|take|also)\w+ (?:\w+ )?(?:the|a|an|your|our|this|these|those|it|them|him|her|all|some|both)\b",
        ),
        (
            "I will, by a time",
            "do",
            0.7,
            _WILLS,
            rf"{_SELF}{_HEDGE} (?!be\b|have\b|need|see\b|know\b|like|love|want|meet up|miss)\w+ .{{0,60}}\b(?:by|before|within|no later than) (?:the )?(?:end|close|cob|eod|noon|lunch|tomorrow|today|tonight|mon|tue|wed|thu|fri|next|this|\d|a week|an hour|one|two|three)",
        ),
        ("we will", "do", 0.78, "we", rf"(?:^|[^\w'])we(?: (?:will|shall)|'ll){_HEDGE} {_ACT}"),
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
    ),
    conditions=rules(
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
    ),
    promise_sorts=rules(
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
            r"\b(?:call|ring|phone|telephone|buzz|give (?:you|him|her|them|\w+) a (?:call|ring|buzz|bell|shout)|dial)\b(?! (?:it|this|for))",
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
    ),
    deliveries=rules(
        (
            "sends it with this",
            "",
            1,
            "attached enclosed enclosing attaching attach here below requested promised discussed agreed sent forwarded emailed mailed faxed posted shared uploaded shipped couriered way following",
            r"\b(?:attached|enclosed|enclosing|attaching|(?:please )?(?:find|see) (?:the )?(?:attached|enclosed|below)|here(?:'s| is| are| you go| they are| it is)|below (?:is|are|you)|as (?:requested|promised|discussed|agreed)|(?:i|we)(?:'ve| have)? (?:just )?(?:sent|forwarded|emailed|e-mailed|faxed|posted|shared|uploaded|shipped|couriered)|(?:has|have) (?:been|gone|just gone) (?:sent|out|off|shipped|posted|dispatched)|is on its way|are on their way)\b",
        ),
    ),
    done=rules(
        (
            "says it is done",
            "",
            1,
            "i we good great nice lovely further following after thanks discussed is",
            r"\b(?:i|we)(?:'ve| have)? (?:just |already |now |also )?(?:called|spoke|spoken|talked|rang|rung|phoned|met|checked|looked|confirmed|arranged|booked|scheduled|fixed|updated|changed|corrected|ordered|completed|finished|done|did|signed|submitted|added|removed|credited|refunded|paid|reviewed|left (?:you )?a (?:message|voicemail))\b|\b(?:good|great|nice|lovely) (?:to (?:speak|talk|chat|meet)|speaking|talking|chatting|meeting|to see|seeing)|\b(?:further to|following|after|thanks for) (?:our|the|your) (?:call|chat|conversation|meeting|visit)\b|\bas (?:we )?discussed (?:on the phone|by phone|on our call|today|this morning|yesterday)|\bis (?:now )?(?:done|sorted|fixed|booked|confirmed|in place|complete)\b",
        ),
    ),
    thanks=rules(
        (
            "thanks",
            "",
            1,
            "thanks thank thx ty ta cheers great perfect brilliant excellent lovely super wonderful appreciated noted understood ok okay sounds will got fine good no welcome fab all that received works agreed yes yep",
            r"^\W*(?:(?:many|great|lovely|brilliant|perfect|excellent|super|ok|okay|got it|all good|that'?s|noted|much|cheers|ah|oh|fab|wonderful)[,.!–-]*\s+){0,4}(?:thanks|thank you|thx|ty|ta|cheers|great|perfect|brilliant|excellent|lovely|super|wonderful|much appreciated|appreciated?|noted|understood|ok|okay|sounds (?:good|great)|will do|got it|fine|good|no problem|you'?re welcome|no worries|fab|all good|that'?s (?:great|fine|perfect|good|all|brilliant|lovely)|received|works for me|agreed|yes|yep)\b.{0,80}$",
        ),
    ),
    withdrawals=rules(
        (
            "takes it back",
            "",
            1,
            "never nevermind ignore disregard no longer sorted found solved worked scratch need don worry forget all problem cancel",
            r"\b(?:never ?mind|(?:please )?(?:ignore|disregard) (?:my|this|that|the|me|previous)|no longer (?:need|require|necessary|needed)|(?:we|i)(?:'ve| have)? (?:now )?(?:sorted|found|solved|worked) (?:it|this|that|the)|sorted (?:it|now|this)|found it|scratch that|no need (?:to (?:reply|respond|answer|get back|come back|worry|do anything|look)|for (?:a|an) (?:reply|answer))|don't worry about (?:it|this|that|my)|forget (?:it|about it|my)|no action (?:needed|required)|all sorted|problem solved|cancel (?:my|that|this) (?:request|question|order))\b",
        ),
    ),
    releases=rules(
        (
            "lets off",
            "",
            1,
            "no don not bother manage needed longer",
            r"\b(?:no need (?:to|for you to) (?:send|call|ring|bother|chase|prepare|come|do|follow|check)|(?:you )?(?:don't|do not) (?:need|have) to (?:send|call|ring|bother|do|follow|worry)|don't bother|we'll manage without|not needed any ?more|no longer need(?:s|ed)? (?:the|it|that|this|your|a|to))\b",
        ),
    ),
    postponements=rules(
        (
            "puts off",
            "",
            1,
            "need needs take takes require requires running delayed postponed pushed moved rescheduled push pushing slip slipped slipping won not t cannot instead rather ll will extra",
            r"\b(?:(?:need|take|require)s? (?:a (?:bit|little|few)|some|another|until|till|more|one more|two more) (?:more |longer |days?|time|until|\w+day)|running (?:late|behind)|(?:is |be |been |are )(?:delayed|postponed|pushed back|moved|rescheduled)|push(?:ing)? (?:it|this|that|back|out)|slip(?:ped|ping)? (?:to|by|until)|(?:won't|will not|can't|cannot|not going to) (?:be able to )?(?:make|have|get|manage|finish|send|meet)|(?:instead of|rather than) (?:mon|tues|wednes|thurs|fri|tomorrow|today)|(?:it|this|that)(?:'ll| will) (?:now )?be (?:mon|tues|wednes|thurs|fri|tomorrow|next)|an extra (?:day|week))",
        ),
    ),
    acknowledgements=rules(
        (
            "says it came",
            "",
            1,
            "got received seen have thank thanks on looking working noted leave bear back will look let acknowledge understood apologies sorry",
            r"\b(?:(?:got|received|seen|have) (?:it|this|that|your (?:e-?mail|message|note|mail|request|question|voicemail|call))|thanks? (?:you )?for (?:your|the|this|that|getting|letting|coming|raising|flagging|sending|bringing)|i'm on it|on it|looking into (?:it|this|that)|(?:am |are |'m |'re )?working on (?:it|this|that)|noted|leave it with me|bear with (?:me|us)|will (?:get|come) back|(?:get|come) back to you|will (?:look|check|revert|respond|reply)|look into (?:it|this|that)|let me (?:check|look|see|find out|ask)|acknowledge|understood|apologies|sorry)\b",
        ),
    ),
    tags=rules(
        (
            "says nothing",
            "",
            1,
            "just returning tried missed got will ll touch touching phone tag sorry",
            r"\b(?:just (?:returning|trying|touching base|checking in|following up|a quick note|to say)|returning your call|tried (?:to call|calling|you|ringing)|(?:i )?(?:missed|got) your (?:call|message)|(?:will|'ll) (?:try|call|ring|get back|come back|be in touch|speak|respond|reply|catch up)(?: (?:to )?(?:you|again|back))*(?: (?:again|later|soon|shortly|asap|in due course|when i can|as soon as (?:i can|possible)))*\W*$|touch(?:ing)? base|phone tag|tag,? you'?re it|sorry i missed you)\b",
        ),
    ),
    greetings=rules(
        (
            "greets",
            "",
            1,
            "hi hello hey dear good morning afternoon greetings regards best cheers sincerely thanks kind many",
            r"^\W*(?:(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|morning|afternoon|greetings)(?:,? [\w.'&-]+){0,4}|(?:regards|best|cheers|sincerely|thanks|thank you|kind regards|best regards|best wishes|many thanks)(?:,? (?:again|in advance|and regards|so much|very much))?(?:,? [\w.'-]+){0,2})\W*$",
        ),
    ),
    everybody=rules(
        (
            "to many",
            "",
            1,
            "all everyone everybody team folks colleagues members friends brothers guys ladies gentlemen mentors employees customers sirs people",
            r"^\W*(?:(?:dear|hi|hello|hey|my|good (?:morning|afternoon)|to|attention|fellow|\w+)[ ,]+){0,3}(?:all|everyone|everybody|team|folks|colleagues|members|friends|brothers|guys|gentlemen|ladies|mentors|employees|customers|people)\b\W*(?:[,:!.-]|$)",
        ),
    ),
)
