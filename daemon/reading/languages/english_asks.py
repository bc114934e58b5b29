"""English asks that ask without a question or an order: wishes for help, views and company, and conditions that the reader fulfils.

What such words ask is meant, so they are requests whatever the sentence's other words weigh. Beside them stand what makes an answer
expected (an invitation, an offer) and what says that nobody is asked: what somebody else is to do.
"""

from __future__ import annotations

from daemon.reading.languages.rules import rule_table

_ADVERBS = r"(?: (?:really|very much|also|still|just|so|all|both|certainly|only|greatly|most|\w+ly))*"
_GIVEN = (
    r"(?:assistance|help|support|views?|opinion|input|advice|thoughts|feedback|guidance|comments?|take|perspective|expertise|co-?operation|insights?|suggestions?|response|reply|answer|"
    r"decision|approval|permission|consent|participation|presence|signature|confirmation|contribution|sponsorship|recommendation|availability|estimate|quote|quotation|company)"
)
_YOURS = rf"\b(?:your (?:[\w-]+ ){{0,2}}?(?:and )?{_GIVEN}|(?:a|an|any) (?:quick|prompt|short|early|speedy|swift|brief|written|timely) (?:{_GIVEN}|note|word|call))\b"
_WISHING = (
    r"(?:(?<![\w'])(?:i|we)(?:'d| would)"
    + _ADVERBS
    + r" (?:be )?(?:very |so |most |more than )?(?:love|like|want|hope|delighted|honou?red|glad|grateful|happy|pleased|thrilled|keen|eager|interested|"
    r"welcome|value|appreciate|obliged|wish|need)\b|"
    r"(?<![\w'])(?:i|we)(?:'m| am|'re| are| was| were| had|'ve been| have been| do)?"
    + _ADVERBS
    + r" (?:want|wanted|need|hope|hoped|hoping|keen|eager|interested|welcome|looking|trying|seeking|anxious)\b|"
    r"^\W*(?:hoping|keen|would (?:love|like|welcome|value|appreciate))\b)"
)
_JOINS = r"(?:join|speak|attend|take part|participate|come|present|be (?:our|a|part|there|with)|on (?:the|our|site|board)|with us|as (?:a|an|our|one)|at (?:the|our)|contribute|sit on|chair|host|over|along|involved)"
_SO_THAT_WE = r".{2,120}?(?:,|\bthen\b| )(?: ?then)? ?\b(?:i|we)(?:'ll|'d| will| can| could| would| shall|'re able| are able)\b"

IMPLIED = rule_table(
    (
        "implies a request: help or views",
        "request",
        0.74,
        "your you quick prompt short early speedy swift brief written timely",
        rf"\bcould (?:really |certainly )?(?:do with|use) {_YOURS}|{_WISHING}(?! (?:to )?(?:thank|acknowledge)).{{0,60}}?(?:{_YOURS}|\bto (?:hear|know|learn|understand) (?:your|what|how|whether|if|when|where|why|which|from you\b|more from you\b))(?!.*\bin the past\b)",
    ),
    (
        "implies a request: it would be good",
        "request",
        0.72,
        "would d help helpful",
        (
            r"(?:\b(?:it|that)(?:'d| would) |^\W*would )(?:also |really |certainly )?(?:be )?(?:(?:very |so |really |most |a |an |of )*(?:great|good|nice|helpful|useful|wonderful|lovely|honou?r|pleasure|fantastic|"
            r"ideal|appreciated|best|important|help|excellent|perfect))(?: (?:us|me))?(?: (?:greatly|a lot|enormously))? (?:to (?:have (?!you\b)|get (?:your|some|any|a|an|more|hold)|hear (?!of\b)|know|receive|learn|see (?:the|your|some|any)|discuss|"
            r"meet|speak|talk)|if (?:you|we could|i could)|for (?:us|me) to (?:have|know|get))\b(?!.*\b(?:some ?day|one day)\b)"
        ),
    ),
    (
        "implies a request: to join",
        "request",
        0.72,
        "have join invite if welcome come attend stop guest guests",
        (
            rf"{_WISHING} (?:(?:to|at) )?(?:(?:have|see|welcome|host|get|win|gain) (?:you\b|your [\w-]+|[\w'-]+(?: [\w'-]+){{0,3}})(?: to)? {_JOINS}\b|if (?:you|your [\w-]+(?: [\w-]+)?) (?:could|would|can|were|might)|for [\w' -]{{2,40}}? to {_JOINS}\b|your [\w-]+(?: [\w-]+)? to [a-z]+\b|to invite you\b)|"
            rf"\bif you (?:\([^()]{{1,40}}\) |and [\w' -]{{2,40}}? )?(?:could|can|would|were able to) (?:join us|come (?:to|over|along|by)|attend|stop by|be our guests?)\b|"
            rf"\b(?:i|we)(?:'d| would)? (?:like|want|wish|love)? ?(?:to )?(?:cordially |warmly |formally )?invite you to (?:speak|join|attend|participate|take part|present|contribute|be|our|the|a)\b|"
            r"(?<!was a )(?<!was an )(?<!been a )(?<!been an )(?<!was our )(?<!was my )(?<!was the )\b(?:honou?r|pleasure|privilege|delight) to (?:have|welcome|host) you\b"
        ),
    ),
    (
        "implies a request: on your word",
        "request",
        0.7,
        "if once when soon upon happy ready glad",
        (
            rf"^\W*(?:happy|ready|glad|keen) to .{{2,60}}? (?:once|as soon as|when) (?:you(?:'ve| have)?|i have your|we have your) \w+|"
            rf"(?:^\W*|[,;.–-] |\b(?:and|so|but) )(?:if|once|when|as soon as) (?:you|someone|somebody)(?:'d| would| could| can|'ve| have| were to)?(?: please| just| kindly)? (?:let (?:me|us) know|tell (?:me|us)|"
            rf"confirm(?:ed)?|send|sent|give (?:me|us)|given (?:me|us)|decided?|advise|choose|chosen|approved?|sign(?:ed)?|get back|got back|returned?|agree|fill(?:ed)?|provided?|answer(?:ed)?|repl(?:y|ied)|"
            rf"settled?|pick(?:ed)?)\b{_SO_THAT_WE}|\b(?:i|we)(?:'ll| will| can) .{{2,80}}? (?:once|as soon as) (?:you(?:'ve| have)?|i have your|we have your) (?:let|confirm(?:ed)?|sent|send|approved?|signed|decided?|"
            rf"returned?|{_GIVEN})\b"
        ),
    ),
    (
        "implies a request: hopes for it",
        "request",
        0.72,
        "hoping hoped hope counting relying",
        (
            r"(?<![\w'])(?:i|we)?(?:'m| am|'re| are| was| were)? ?\b(?:hoping|hoped|hope)(?: that)? you(?:'d| would| could| can| might|'ll| will)?(?: be able to| be willing to| kindly)? (?:help|assist|join|let|tell|"
            r"provide|support|advise|give|find (?:the )?time|share|agree|consider|confirm|accept|send|look|speak|spare|reply|answer)\b|\b(?:counting|relying) on you(?:r)?\b"
        ),
    ),
    (
        "implies a request: whether it is wanted",
        "request",
        0.7,
        "interest interested interesting appeal appeals",
        (
            r"\bif (?:this|that|it|any of (?:this|it|these)|they|our [\w-]+|the [\w-]+|you)\b(?! (?:have|need) )[^?]{0,50}\b(?:interest(?:ed|ing)?|appeals?)\b[^?]{0,50}\b(?:let (?:me|us) know|drop (?:me|us)|give (?:me|us)|tell (?:me|us))\b|"
            r"\blet (?:me|us) know (?:whether|if) (?:you|this|that|it|they|our [\w-]+|the [\w-]+)\b[^?]{0,50}\b(?:interest(?:ed)?|appeals?)\b"
        ),
    ),
    (
        "implies a request: lacks something",
        "request",
        0.68,
        "lack lacking miss missing haven not short",
        (
            rf"(?<![\w'])(?:i|we)(?:'m| am|'re| are)?(?: still)? (?:lack|lacking|miss|missing|short of)(?: the| your| a| an| some| any)? (?:signed |final |latest )?(?:[\w-]+ ){{0,2}}?(?:{_GIVEN}|invoice|form|contract|order|"
            r"receipt|document|documents|paperwork|details|figures|list|copy|copies|page|pages|number|numbers|certificate|drawing|drawings|po|purchase order)\b"
        ),
    ),
    (
        "implies a request: writes to find out",
        "request",
        0.72,
        "writing reaching touch contacting calling wanted want like wish wondering revert needful",
        (
            r"(?:(?<!you might be )(?<!you may be )(?<!you are )(?<!you were )\bwondering (?:about|if|whether|how|when|what|where|who)\b|^\W*(?:kindly|please|pls) (?:revert|do the needful)\b|\b(?:writing|reaching out|in touch|contacting you|calling)(?: to you)?(?: today| again)? (?:to (?:see|ask|find out|check|explore|enquire|inquire|request|invite|know|learn|seek)|about whether|because (?:i|we) "
            r"(?:need|want|would like))|(?<![\w'])(?:i|we)(?: just| only)?(?:'d| would)? (?:wanted|want|like|wish) to (?:check|see|ask|find out|enquire|inquire|know|request|ask for)(?: with you| you)?(?: (?:if|whether|when|how|what|"
            r"where|which|for|about)\b))"
        ),
    ),
)

OFFERS = rule_table(
    (
        "invites, offers or proposes",
        "",
        1,
        "invite invited invitation inviting offer offering offered propose proposing proposal suggest suggesting welcome honour honor pleasure love like opportunity quote quotation tender",
        (
            r"(?<!thanks for the )(?<!thank you for the )(?<!thanks for your )(?<!thank you for your )(?<!accept your )(?<!about your )\b(?:(?:i|we)(?:'d| would| can| could|'m| am|'re| are)?(?: like| love| pleased| happy| glad| delighted| able| want| wish)?"
            r"(?: to)? (?:cordially |warmly |formally |hereby )?(?:invite|offer|propose|suggest|put forward|welcome)(?:ing)? (?!(?:that )?(?:i|we)\b)\w+|(?:are|is) (?:cordially |warmly |hereby )?invited\b|(?:pleasure|honou?r|privilege|"
            r"delight) to (?:invite|offer|welcome|have)|(?:my|our|this|the following|following) (?:offer|proposal|invitation|quotation|quote|tender)\b|(?:extend|send you) (?:an|our|this|a) (?:invitation|offer|proposal|quote|quotation))"
        ),
    ),
)

AWAITED = rule_table(
    (
        "awaits an answer to it",
        "request",
        0.72,
        "forward await awaiting hoping hope",
        (
            r"\b(?:look(?:ing)?|i look|we look)(?: very much| so much| really| greatly)? forward to (?:hearing|(?:a |an |your )(?:[\w-]+ ){0,2}?(?:reply|answer|response|decision|thoughts|feedback|confirmation|acceptance|comments|news|"
            r"reaction|views?|word)|receiving (?:a |an |your ))|\bawait(?:ing)? (?:your|a) (?:[\w-]+ ){0,2}?(?:reply|answer|response|decision|thoughts|feedback|confirmation|news|word)\b|\bhop(?:e|ing) to hear from you\b"
        ),
    ),
)

OTHERS_DUTIES = (
    "somebody else's deed",
    "",
    1,
    "back know posted informed updated me us",
    (
        r"^(?!.*(?:\byou\b|\?))(?!\W*(?:please|kindly|pls|ask|have|tell|get|let)\b)(?:.*[\s,])?(?:(?!(?:i|we|please|and|to)\b)[\w.'-]+(?:'ll|'d| will| would| should| shall| could| can| might| may| has to| have to| is going to| was going to|"
        r" is to| was to| wants? to| wanted to| plans? to| hopes? to| intends? to| needs? to| promised(?: me| us)? to| agreed to| offered to| (?:said|says|promised)(?: that)? (?:he|she|they)(?:'d| would|'ll| will))|^\W*(?:he|she|they|it))(?: \w+ly| also| then| only)? "
        r"(?:get|got|gets|come|came|comes) back (?:to|with) (?:me|us)|^(?!.*(?:\byou\b|\?))(?!\W*(?:please|kindly|pls|ask|have|tell|get|let)\b)(?:.*[\s,])?(?!(?:i|we|please|and|to)\b)[\w.'-]+(?:'ll|'d| will| would| should| shall| could| can| might| may|"
        r" is going to| was going to| promised(?: me| us)? to| agreed to| offered to)(?: \w+ly| also| then)? (?:let (?:me|us) know|keep (?:me|us) (?:posted|informed|updated|in the loop)|tell (?:me|us)|advise (?:me|us)|inform (?:me|us)|"
        r"give (?:me|us)|call (?:me|us)|ring (?:me|us)|send (?:me|us))\b"
    ),
)
