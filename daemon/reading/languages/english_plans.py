"""English clauses that speak of what will be, and commit nobody: other people's plans, waiting, whereabouts, duties of the reader.

Each is taken out of a sentence before a promise is looked for, so that what the writer commits to beside it still counts:
"The mill ships on Friday and we will send you the tracking number."
"""

from __future__ import annotations

from daemon.reading.languages.rules import rule_table

_WILL = r"(?:will|'ll|would|'d|shall|should|can|may|might|is going to|are going to|is|are|has|have|wants? to|plans? to|needs? to|hopes? to|intends? to)"
_TO_THE_END = r"(?:(?!,? (?:and|but|so|then|or) (?:i|we|i'll|we'll|our|will|then)\b|[;:]|\.\s|[-–] ?(?:i|we)\b|, (?:i|we)(?:'ll| will)\b).){0,200}"
_OTHERS = (
    r"(?:drivers?|couriers?|carriers?|hauliers?|haulage \w+|forwarders?|freight \w+|shipping \w+|shippers?|airlines?|railway|post(?:al service| office|man)?|customs(?: office| officer| agent| broker)?|mills?|suppliers?|"
    r"vendors?|manufacturers?|makers?|subcontractors?|contractors?|printers|publishers?|agenc(?:y|ies)|agents?|brokers?|lawyers?|solicitors?|attorneys?|counsel|notary|accountants?|"
    r"auditors?|bank(?:ers?)?|insurers?|insurance(?: company| broker)?|landlord|tenants?|architects?|surveyors?|authorit(?:y|ies)|council|city|government|ministry|embassy|court|police|hotel|venue|"
    r"restaurant|organi[sz]ers?|caterers?|universit(?:y|ies)|school|hospital|doctors?|buyers?|sellers?|distributors?|dealers?|wholesalers?|resellers?|competitors?|client|"
    r"customers?|provider|operator|utility|committee|jury|candidate|applicants?|consultants?|inspectors?|registrar|regulator|union|partners?|lender|borrower|donors?|editor)"
)
_SOMEBODY = (
    rf"(?:(?:(?:the|a|an|their|his|her|its|your|this|that|these|those|both|\w+'s) (?:[\w-]+ ){{0,2}}?{_OTHERS}|(?:our|my) (?:[\w-]+ )?(?:suppliers?|carriers?|couriers?|hauliers?|forwarders?|lawyers?|"
    r"solicitors?|bank(?:ers?)?|accountants?|auditors?|customers?|competitors?|landlord|insurers?|vendors?|subcontractors?|printers?)|"
    r"(?:your|his|her|their|\w+'s) (?:[\w-]+ ){0,2}?(?:colleagues?|team|boss|managers?|assistant|secretary|office|people|staff|department|company|firm|wife|husband|brother|sister|father|mother|son|daughter))"
    r"(?: (?:at|from|in|of) (?:the |our |your )?(?!you\b)[\w-]+)?)"
)
_SAYS = (
    r"(?:says?|said|tells? (?:me|us|you)|told (?:me|us|you)|thinks?|thought|expects?|expected|promise[sd]?|claims?|claimed|confirm(?:s|ed)?|reckons?|inform(?:s|ed) (?:me|us)|"
    r"advise[sd]?(?: (?:me|us))?|wr(?:ites?|ote)|assure[sd]? (?:me|us)|mention(?:s|ed)|estimate[sd]?|announce[sd]?|indicate[sd]?|agree[sd]?|hope[sd]?|let (?:me|us) know|is saying|are saying)"
)
_OURSELVES = (
    r"(?:i|we|you|our|my|i'll|we'll|i've|we've|i'd|we'd|i'm|we're|get|keep|let|make|be|will|shall|would|can|please|to|accounts|finance|legal|dispatch|support|production|logistics|"
    r"purchasing|billing|engineering|sales|team|office|crew|lads|guys|workshop)"
)
_WAIT = (
    r"(?:await(?:ing)?|wait(?:ing)? (?:for|on|until|till|to (?:hear|see|get|receive))|expect(?:ing)? (?:your|his|her|their|the|a|an|to (?:hear|receive|get|see))|look(?:ing)? (?:out|forward)|"
    r"keep(?:ing)? (?:my|our) (?:fingers|eyes)|keep(?:ing)? an eye out|stand(?:ing)? by|count(?:ing)? on|watch(?:ing)? (?:out )?for|listen(?:ing)? (?:out )?for)"
)
_THE_CLAUSE = r"(?:(?!,? (?:and|but|so|then|or|before) |,? (?:i|we)(?:'ll| will| can| shall)\b|[;:]|\.\s).){0,120}"
_AND_DOES = r"(?!.{0,80}\b(?:and|then) (?:then |will )?(?:send|forward|call|ring|get back|let|give|come back|report|update|share|confirm|pass|deliver)\b)"
_ADVERBS = r"(?: (?:also|then|now|still|just|all|both|be|probably|certainly|gladly|\w+ly))*"

NO_COMMITMENTS = rule_table(
    (
        "somebody else's words",
        "",
        1,
        (
            "say says said tell tells told think thinks thought expect expects expected promise promises promised claim claims claimed confirm confirms confirmed reckon reckons inform informs informed "
            "advise advises advised write writes wrote assure assures assured mention mentions mentioned estimate estimates estimated announce announces announced indicate indicates indicated agree agrees "
            "agreed hope hopes hoped know saying according apparently hear heard gather understand"
        ),
        (
            rf"(?:^\W*|[,.;:–-] |\b(?:and|but|so|that|as|because|since|although|though|while) )(?:{_SOMEBODY} |(?:(?!{_OURSELVES}\b)[\w'&-]+ ){{1,4}}?)(?:have |has |had |just |already |now )*"
            rf"{_SAYS}(?: (?:that|it|he|she|they|we|you|this|the|all|there|both|everything)\b)?{_TO_THE_END}|"
            rf"\b(?:according to|(?<!once )(?<!when )(?<!if )(?<!soon as )(?<!until )(?<!after )(?<!unless )i (?:hear|heard|gather|understand) (?:from|that)) {_TO_THE_END}"
        ),
    ),
    (
        "somebody else's deed",
        "",
        1,
        "will ll would d shall should can may might going is are has have want wants plan plans need needs hope hopes intend intends",
        rf"(?<![\w'])(?<!have )(?<!ask )(?<!get )(?<!tell )(?<!let ){_SOMEBODY}(?: {_WILL}|'ll|'d)\b{_TO_THE_END}",
    ),
    (
        "what one of ours wants",
        "",
        1,
        "wants want needs need expects expect asks",
        rf"\b(?:my|our) (?:[\w-]+ )?[\w-]+ (?:wants?|needs?|expects?|asks?) {_TO_THE_END}",
    ),
    (
        "a named person's or company's deed",
        "",
        1,
        "will ll going",
        (
            rf"^\W*(?:(?:and|but|so|then|also|ok|okay|yes|hi|hello)[,.]? )?(?!(?:{_OURSELVES}|someone|somebody|everyone|everything|it|this|that|they|these|those|\w+ly|also|then|and|but|so|here|there|hope|"
            rf"which|who|what|when|if)\b)[a-z][\w&.'-]+(?:(?: and)? (?!{_OURSELVES}\b|and\b|but\b|so\b|then\b)[a-z&][\w&.-]*)?(?: will| is going to|'ll)(?: then| also| now| just| probably| most likely)* "
            rf"(?:call|ring|phone|contact|update|e-?mail|text|inform|notify|let you know|get back|come back to|send|forward|visit|meet|pick|collect|bring|advise|tell|write|reach out|"
            rf"follow up|be in touch|confirm|arrange|transfer|pay|join|handle|take care|look into|check|respond|reply)\b{_TO_THE_END}"
        ),
    ),
    (
        "doubted",
        "",
        1,
        "think believe expect doubt way suppose",
        (
            rf"\b(?:i|we) (?:don't|do not|didn't) (?:think|believe|expect|suppose) (?:that )?(?:i|we)(?:'ll| will| can|'d| would)\b{_THE_CLAUSE}|\b(?:i|we) (?:very much |really )?doubt\b.{{0,120}}|"
            rf"\bdoubt (?:that |if |whether )?(?:i|we)\b.{{0,120}}|\bno way (?:that )?(?:i|we)\b.{{0,120}}"
        ),
    ),
    (
        "waits",
        "",
        1,
        "hear await awaiting wait waiting expect expecting look looking keep keeping stand standing count counting watch watching listen listening",
        (
            rf"(?:(?<![\w'])(?:i|we)(?:'ll| will| shall|'m| am|'re| are|'d| would)?|^\W*(?:will|am|are)?){_ADVERBS} ?{_WAIT}\b{_AND_DOES}{_THE_CLAUSE}|"
            rf"(?<![\w'])(?:i|we)(?:'ll| will) hear\b{_THE_CLAUSE}"
        ),
    ),
    (
        "is somewhere, or can be reached",
        "",
        1,
        "around available reachable free here in out away back off back at on home phone cell mobile desk my travelling traveling landing arriving flying driving staying arrive land fly get check",
        (
            rf"(?<![\w'])(?:i|we|he|she)(?:'ll| will| shall|'m| am|'re| are|'s| is)(?! (?:\w+ )?back (?:to you|in touch|with|on (?:it|this)|at (?:it|you)))"
            rf"{_ADVERBS} (?:be )?(?:around|available|reachable|free|here|about|in (?:and out|all|the office|meetings?|transit|town|today|tomorrow)|out (?:of|until|all|today|tomorrow|from|next|on)|"
            r"away|back (?:on|in|at|by|from|until|tomorrow|next|this|around)(?! (?:with|to you))|off (?:on|until|from|today|tomorrow|work)|at (?:my desk|home|the office|lunch)|"
            rf"on (?:my|the) (?:cell|mobile|phone|road|way home|plane|train)|on (?:vacation|holiday|leave|annual leave)|travel\w*|landing|flying|driving|staying (?:at|in|with|until|till|over|for)|unreachable)\b{_THE_CLAUSE}|"
            rf"(?<![\w'])(?:i|we|he|she)(?:'ll| will| shall|'m going to)(?: probably| likely| then)? (?:arrive|land|fly|get (?:in|into|home)|check (?:in (?:at|on|around|by)|out (?:of|at|on|around|by))) (?!.{{0,40}}\b(?:you|your)\b){_THE_CLAUSE}|"
            rf"(?<![\w'])(?:i|we)(?:'ll| will) have (?:my|our) (?:phone|mobile|cell|laptop|blackberry)\b{_THE_CLAUSE}|"
            rf"\byou (?:can|could|may) (?:always |also |still )?(?:reach|call|ring|contact|find|get|e-?mail|text|phone) (?:me|us|hold of)\b{_THE_CLAUSE}"
        ),
    ),
    (
        "does it with this very mail",
        "",
        1,
        "returning replying responding answering following getting touching writing",
        r"\b(?:returning|replying to|responding to|answering|following up on|getting back to you (?:on|about)|writing about) (?:your|the) (?:\w+ )?(?:calls?|e-?mails?|mails?|messages?|voicemails?|notes?|letters?|enquir(?:y|ies)|questions?)\b",
    ),
    (
        "what the reader has to do",
        "",
        1,
        "you",
        rf"\byou(?:'ll| will| shall)? (?:have to|need to|must|be required to|be asked to|be able to|want to)\b{_TO_THE_END}",
    ),
)
