"""English rules for requests, questions and proposed times, and for what only looks like them."""

from __future__ import annotations

from daemon.reading.languages.rules import rule_table

_TIME_WORD = r"(?:mon|tues?|wednes|weds?|thurs?|fri|satur|sun|tomorrow|today|tonight|noon|lunch|next week|this (?:week|afternoon|morning|evening)|\d)"

COURTESIES = rule_table(
    (
        "a greeting's question",
        "",
        1,
        "how what hope you",
        r"^\W*(?:(?:so|hi|hello|hey|and|well|\w+),? )?(?:how are (?:you|things|ya|u)\b[^?]{0,40}\?|how(?:'s| is| was| were) (?:it going|everything|life|tricks|the family|your (?:weekend|holiday|trip|vacation|day))\b[^?]{0,30}\?|what'?s (?:up|new|going on|happening)\?|how have you been\b[^?]{0,20}\?|how(?:'ve| have) things been\b[^?]{0,20}\?|(?:i |we )?hope (?:you|all|this|everything|things|that))",
    ),
    (
        "a rhetorical tag",
        "",
        1,
        "?",
        r"^\W*(?:right|ok|okay|huh|really|get it|remember me|guess what|who knows|why not|so what|what the heck|(?:what|who|how|why) (?:in )?(?:the|on earth)? ?(?:hell|heck|earth)?|what can i say|what else(?: is new)?|isn't it|remember|see|eh|no|yes|you know|know what i mean|sound familiar|who cares|did you know|guess who|interested|ready|any questions|questions|how so)\W*\?+\W*$|\b(?:can|could|would) you (?:believe|imagine|say)\b|^\W*(?:is it just me|do i see|am i the only)",
    ),
    (
        "an offer of help",
        "",
        1,
        "if when whenever should questions queries problems comments concerns help anything feel hesitate",
        r"\b(?:let (?:me|us) know|(?:please|pls|kindly|do) (?:advise|inform|tell) (?:me |us )?(?=when|if|should|in case)|call|contact|e-?mail|ring|ask|shout|give (?:me|us|\w+) a (?:call|ring|shout|buzz)|holler|reach out|get in touch|drop (?:me|us) a (?:line|note)|see me|page me)\b.{0,70}\b(?:if|should|when(?:ever)?|in case|with|for)\b.{0,40}\b(?:questions?|concerns|problems?|issues|comments|further (?:info|assist|detail|help)\w*|(?:more|additional) (?:info|detail)\w*|anything (?:else|more|i|we|further)|(?:need|want|require) (?:anything|any|more|further|additional|me to|us to|to (?:discuss|talk)|help|assistance)|be of (?:any )?(?:help|assistance|service)|can help|like to (?:discuss|talk)|like me to|have any)\b|\b(?:if|should) (?:you|there|anyone|any)\b.{0,60}\b(?:questions?|concerns?|problems?|issues|comments|anything (?:else|i|we)|any (?:further|other|more)|(?:need|want|require) (?:anything|any|more|further|additional|me to|us to|help|to (?:discuss|talk))|further (?:info|assist|detail))\b.{0,90}\b(?:let (?:me|us) know|call|contact|e-?mail|feel free|hesitate|give (?:me|us|\w+)|don't|ask|drop|reach|ring|see me)\b|\bif (?:i|we) can (?:be of|help|assist|do anything)|^\W*should (?:you|there|anyone) [^?]{0,60}\b(?:trouble|difficult(?:y|ies)|unable|problems?)\b[^?]{0,90}\b(?:contact|call|visit|click|go to|see|write|use|try|please)\b|\banything\b.{0,30}\b(?:i|we|us) can (?:do|help)\b|^\W*(?:(?:with |for )?any|if you have(?: any)?) (?:other |further )?(?:questions|queries|problems|concerns|comments)\b[^?]*\b(?:call|contact|e-?mail|ring|let|give|ask|shout|direct)\b|\bfeel free|\b(?:do not|don't|never|not) hesitate|\bat your (?:service|disposal)\b",
    ),
    (
        "a closing wish",
        "",
        1,
        "hope look looking have see best good enjoy wish wishing congratulations happy",
        r"\blook(?:ing)? (?:very much )?forward\b|^\W*(?:have|enjoy) (?:a|your|the|an)\b.{0,60}$|^\W*(?:i|we) (?:do )?hope (?!you can|you could|to hear|to receive)|^\W*(?:(?:all the )?best|good luck|congratulations|happy (?:birthday|new|holidays?|easter|christmas|thanksgiving|friday|monday)|merry|wishing|best wishes)\b",
    ),
)

REQUESTS = rule_table(
    (
        "asks for a call",
        "call_me",
        0.9,
        "call ring phone speak talk buzz",
        r"\b(?:please|pls|can you|could you|would you|will you|just|either|to)\W+(?:\w+ )?(?:call|ring|phone|buzz|telephone) (?:me|us|my|back)\b|\bgive (?:me|us) a (?:call|ring|shout|buzz|bell)\b|^\W*(?:\w+[,:] )?(?:please )?(?:call|ring|phone) (?:me|us)\b|\b(?:call|ring) me (?:back|when|at|on|tomorrow|today|asap|later|as soon)\b|\breturn my call\b|\bneeds? to (?:speak|talk) (?:to|with) you\b",
    ),
    (
        "proposes a time",
        "meeting_time",
        0.85,
        "can could shall should may might are does do how what let let's lets when would works welcome important like want need hoping free available",
        rf"\b(?:can|could|shall|should|might) we (?:\w+ )?(?:meet|talk|speak|chat|get together|catch up|schedule|set up|arrange|do (?:lunch|a call|coffee)|have (?:a )?(?:call|lunch|coffee|meeting|chat))\b|\b(?:are|would|will) you (?:be )?(?:free|available|around|able to (?:meet|talk|join|attend|come))\b|\b(?:does|would|will|do)\b.{{1,40}}\b(?:work|suit|be (?:ok|okay|convenient|good|possible))\b[^?]{{0,30}}\?|\bhow (?:does|do|would)\b.{{1,40}}\bsound\b|\b(?:how|what) about\b.{{0,40}}\b{_TIME_WORD}|\blet'?s (?:meet|talk|get together|have (?:lunch|a|coffee|dinner)|schedule|set up|plan (?:on|to)|catch up|chat|shoot for|speak|grab|do lunch|aim for|discuss)\b|\bwhen (?:can|could|would|are|is|will|do|should) (?:we|you|i|it|be)\b.{{0,60}}\b(?:meet|talk|call|free|available|convenient|good|suit|get together|visit)|\b(?:would|'d) (?:like|love) to (?:meet|get together|schedule|set up|arrange|visit|come by|have (?:a )?(?:call|meeting|lunch|dinner))\b(?!.{{0,30}}\b(?:you all|someday)\b)|\b(?:let me know|tell me|advise)\b.{{0,25}}\b(?:when|what time|which (?:day|date|time)s?|a (?:good|convenient) time|(?:your|of your) availability|convenient time)|\bwelcome (?:the|an|any) opportunity to (?:meet|speak|talk|discuss|visit)|\b(?:like|want|need|important) to meet with (?:each of )?you\b|\bhoping\b.{{0,40}}\b(?:we|i|you) (?:could|can|might)(?: be able to)? (?:meet|chat|talk|come by|get together|visit|stop by|catch up)",
    ),
    (
        "asks to do something",
        "request",
        0.9,
        "can could would will won couldn mind able possible chance way if ask asking request requesting urge urging like want d",
        r"\bif you (?:could|would|can)(?: please| also| just)? (?!need|want|have|like|see|be\b|attend|join|find|make it)\w+\b(?!.{0,60}\bfeel free)|\b(?:can|could|would|will|can't|couldn't|won't) (?:you|u|someone|anyone|anybody|somebody|one of you|ya)(?: (?:guys|all|please|also|just|possibly|perhaps|kindly|both|or \w+))* (?!believe|imagine|be (?:able|there|attending)|have (?:any|questions)|find (?:attached|enclosed)|see\b(?!.{0,40}\?)|get\b(?!.{0,80}\?)|receive|need|want|notice|recall|like\b(?!.{0,80}\?)|hear|remember|love|enjoy)\w+|\b(?:would|do) you mind\b|\bare you able to\b.*\?|\bis it possible (?:to|for|that)\b|\bany (?:chance|way) (?:you|of|we|that|i)\b|\bcan (?:i|we) (?:have|get|see|please|ask|borrow)\b.*\?|\bis there any ?way (?:you|we|i|to)\b|\b(?:i|we) (?:would|'d) (?:like|ask|want) (?:you|for you) to\b(?! know)|\b(?:ask|request|urge)(?:ing)? (?:that )?you (?:to|please)?\b",
    ),
    (
        "wants to be told",
        "request",
        0.87,
        "let keep get advise tell fill give rsvp r reply know",
        r"\blet (?:me|us|(?!you\b|him\b|her\b|them\b)\w+) (?:know|have)\b(?! that)(?<!to let us know)|\bkeep (?:me|us) (?:posted|informed|updated|up to date|in the loop|apprised|advised)\b|\bget back (?:to|with) (?:me|us)\b|\badvise (?:me|us|if|on|whether|as to|when|what|how)\b|\b(?:please|pls) (?:\w+ )?advise\b|\btell (?:me|us) (?:what|how|when|if|whether|where|about|who|which|why)\b|\bfill me in\b|\bgive me (?:your|the|some|an idea|any)\b|\br\.?s\.?v\.?p\b|\breply (?:now|to|by|back|asap|with)\b(?! (?:all|this))",
    ),
    (
        "says please",
        "request",
        0.88,
        "please pls plz kindly forget",
        r"\b(?:please|pls|plz|kindly)\b,? (?!find|note\b|be (?:advised|aware|informed|reminded|sure to visit)|see (?:attached|below|the attached|enclosed)|accept|feel|don't|do not|join\b|respond to \S*[@:-]|excuse|forgive|disregard|ignore|send?t? (?:her|him|them|\w+) my (?:love|best|regards)|visit|click|refer to|pardon|pass (?:along )?my|give my|understand|know that|believe|stop\b|be careful|enjoy|consider the)\w+|\bplease (?:don't|do not) (?!reply|respond|hesitate|forget|worry|print)\w+|\b(?:don't|do not) forget to (?:send|bring|call|let|give|sign|return|fax|confirm|include|e-?mail)|(?<=\w\W)(?<!you )(?<!to )please[.!]?\W*$",
    ),
    (
        "asks a question",
        "question",
        0.85,
        "?",
        r"(?:^|[^\w'])(?:who|what|when|where|why|which|how|whose|whom|can|could|would|will|do|does|did|are|is|was|were|have|has|had|should|shall|may|am|any|isn't|don't|didn't|won't|can't|doesn't|haven't|hasn't|aren't|wasn't|wouldn't|shouldn't|any|has|whats?|wheres?|hows?|anyone|anybody|anything|you|your|thoughts|comments|ok|okay|correct|yes|or)\b[^?]*\w[^\w?(]{0,3}(?<!right)(?<!huh)\?",
    ),
    ("asks in few words", "question", 0.6, "?", r"^\W{0,5}[a-z][\w'-]* [^?]{2,60}\w\W{0,2}(?<!right)\?+\W{0,5}$"),
    (
        "asks without a mark",
        "question",
        0.7,
        "what when where why how who which did do are is does has have",
        r"^\W*(?:and |so |also |or |but )?(?:(?:did|do|have|are|were|has) (?:you|we|they|anyone|he|she)|(?:what|when|where|why|how|who|which) (?:is|are|do|does|did|was|were|will|would|can|could|should|about)|is (?:there|it|this|that)) \w+[^?]*\.?$",
    ),
    (
        "wonders",
        "question",
        0.8,
        "wondering wonder curious thoughts ideas comments feedback input suggestions insights opinion know understand hear wanted",
        r"\b(?:was|am|i'm|were|are|just|been) wondering\b|\bi wonder (?:if|whether|what|how|could|can)\b|\bcurious (?:if|whether|to know|as to|what|how|about)\b|\bnot sure (?:if|whether) you\b|\b(?:i|we)(?:'d| would) (?:be )?(?:like|love|interested|curious|appreciate)(?: to)? (?:know|hear|understand|hearing|knowing|learn)\b|\b(?:i|we)(?:'d| would) (?:like|love|appreciate|value|welcome) (?:your|any|to (?:get|have) your)\b|\b(?:any|your) (?:thoughts|ideas|comments|feedback|input|suggestions|insights|opinion|advice)\b.{0,40}(?:\?|welcome|appreciated|helpful)|^\W*(?:any|your) (?:thoughts|ideas|comments|input|feedback|suggestions)\W*$|\b(?:need|want|wanted|like|trying|try) to (?:know|find out|ask(?: you)?|check|see|confirm|understand|determine)\b(?:,? \w+){0,6} (?:if|whether|what|when|how|who|where|why|which)\b",
    ),
    (
        "needs something",
        "request",
        0.75,
        "need needs require want would like appreciate appreciated grateful must waiting awaiting due looking",
        r"\b(?:i|we)(?:'ll|'d| will| would| do| also| really| still| just| may| urgently)* (?:need|require) (?:you(?:r)?\b|to (?:know|hear|have|get|see|receive|obtain) |(?:a|an|the|some|any|copies|copy|this|these|those|it|that|another|his|her|their|from) )|\bneed copies\b|(?:\b(?:i|we)(?:'d| would| will)(?: really| greatly| also| very much)*|\bwould(?: be)?(?: really| greatly| much)*|\bgreatly|\bis (?:much|greatly)) (?:be )?(?:very )?(?:appreciate|appreciated|grateful|obliged)\b.{0,60}\b(?:if|you|it|your|any|a|help|this|could|would)\b|(?<!ever )(?<!what )(?<!if )(?<!that )(?<!where )(?<!when )(?<!as )\byou (?:kinda |really |also |will )?(?:need to|must|have to)\b(?! (?:be|have been|know|admit|feel|think|all be))|\byou'll need to\b|\b(?:i|we)(?:'m| am|'re| are) (?:still )?(?:waiting (?:for|on|to hear)|awaiting) (?:your|you|a|the|from|to)\b|\bi (?:need|want) (?:you|u) to\b(?! know)|\b(?:are|is) (?:due|needed|required) (?:by|on|no later|from you|before)\b|\b(?:i|we)(?:'d| would) like (?:a|an|the|some|copies|to (?:get|have|see|receive)) .{0,60}\b(?:from you|asap|by|please|if (?:possible|you)|of your|copy)\b",
    ),
    (
        "orders",
        "request",
        0.7,
        "send forward check get give tell fax email confirm provide ask bring fill sign return add change print see take look try put pass remove include call contact talk follow work arrange schedule book plan make set use run order draft prepare revise correct keep let circulate rsvp e mail find read reply respond complete verify submit review access note hit",
        r"^\W*(?:(?:[a-z]+|by the way|in the meantime|if (?:so|not|you|there|it|they|he|she|we|i|this|that|possible)\b[^,.]{0,60}|when .{3,50}|once .{3,50}),\s*|(?:and|also|then|so|ok|okay|now|just|next) ){0,2}(?:send|forward (?:it|this|the|me|to|your|them|any)|check (?!out\b|it out)|get (?:me|with|in touch|your|the|a|him|her|them|back)|give (?:me|us|him|her|them|[a-z]+ (?:a|your|the))|tell (?!you)\w+|fax (?:me|it|to|your|the|this|them|a)|e-?mail (?:me|it|him|her|your|the|this|them|us)|confirm (?:that|the|your|with|if|this|whether|by)|provide|ask (?!not)|bring|fill|sign (?:and|the|it|both|this|up)|return|add|change|print|see (?:if|whether|what|how)|take (?:a look|care|this)|look (?:at (?!the bright)|into|over|for)|try (?:to|it|this|again)|put (?:the|it|this|me|your)|pass (?:it|this|the|on|along)|remove|include|call (?!me|in\b|us)\w+|contact|talk to (?!you)|follow up|work with|arrange|schedule|book|plan (?:on|to)|make (?:sure|the|it|a|an|any|these|this)|set (?:up|it)|use|run|order (?:the|a|it|me)|draft|prepare|revise|correct|keep (?:me|us|in mind|it|the|this|your|track)|let (?:him|her|them|\w+ know)|circulate|find (?:out|me|a|the)|read|reply|respond|complete|verify|submit|review|access (?:the|your|it|this)|hit)\b(?! (?:of|is|are|was|forward to|for the|in the) )(?!:)[ ,']+\w+",
    ),
)

INSTRUCTIONS = rule_table(
    ("for the case that", "case", 1, "if", r"^\W*(?!if you (?:could|would|can)\b)if\b(?!.{0,60}\?)"),
    (
        "to check what stands there",
        "case",
        1,
        "review check verify",
        r"\b(?:please|pls|kindly) (?:review|check|verify) your (?:\w+ )?(?:registration|booking|reservation|order|account|profile|contact|personal|subscription|details|summary|information)\b",
    ),
    (
        "an answer to somebody else",
        "case",
        1,
        "rsvp respond contact reply",
        r"\b(?:rsvp|respond|reply) (?:to|with) (?!me\b|us\b|this\b|my\b)\w+",
    ),
    (
        "take part, note, use or pass on",
        "",
        1,
        "please attend join register print note mark remember pass forward use click visit log access complete install make plan bring mention return sign submit enter read follow order rsvp keep send",
        r"\b(?:please|pls|kindly)?\s*(?:attend|join|register|print|note|mark your|remember|pass (?:it|this|the word|along)|forward (?:this|the|to (?:any|all|every|your))|use|click|visit|log|access|complete (?:and|or|the|this|your)|install|plan (?:to|on)|bring|mention|return the|sign (?:up|in)|enter|read|follow the|display|take (?:a moment|note|time)|make (?:an effort|every effort|plans|a note|arrangements|sure)|keep (?:in mind|this|it|a|your)|be (?:sure|prepared|ready|advised|there|on time)|rsvp to|contact (?!me|us)\w+|call (?!me|us|my|back)\w+ \w+|direct (?:any|all)|thank|convey|give my|save|discard|delete|ignore)\b",
    ),
    ("a duty", "", 1, "must due required", r"\byou must\b|\b(?:are|is) (?:due|required)\b"),
)
