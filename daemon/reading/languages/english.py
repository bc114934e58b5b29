"""English, as written in British and American business mail."""

from __future__ import annotations

import re

from daemon.reading.languages.english_asks import AWAITED, IMPLIED, OFFERS
from daemon.reading.languages.english_moves import GIVEN_UP_TIMES, POSTPONEMENTS
from daemon.reading.languages.english_plans import NO_COMMITMENTS
from daemon.reading.languages.english_promises import CONDITIONS, PROMISE_SORTS, PROMISES
from daemon.reading.languages.english_requests import COURTESIES, INSTRUCTIONS, REQUESTS
from daemon.reading.languages.english_times import TIME_WORDS
from daemon.reading.languages.language import ClauseWords, Language
from daemon.reading.languages.rules import rule_table

ENGLISH = Language(
    code="en",
    common_words=frozenset(
        "the and you to of for is in that we will have with this be on are please can it i your not at from but if as would".split()
    ),
    time_words=TIME_WORDS,
    clause_words=ClauseWords(
        begins=re.compile(
            r"(?:(?:and|but|so|then|also) )*(?:(?:i|we|you)(?:'ll|'m|'re|'d|'ve)?|will|shall|(?:can|could|would|will) (?:you|we)|please|pls|kindly|let me|"
            r"(?:is|does|do|did|are|would|have) (?:that|this|it|you|there|they)|(?:our|my|the) [\w-]+ (?:will|is|are))\b",
            re.IGNORECASE,
        ),
        depends=re.compile(
            r"\W*(?:(?:and|but|so|then) )?(?:if|when|whenever|once|as|after|before|unless|until|since|because|while|although|though|should|assuming|provided)\b",
            re.IGNORECASE,
        ),
        unfinished=re.compile(
            r"\b(?:think|hope|believe|guess|suppose|sure|know|knows?|said|says?|told|afraid|promise|that|if|when|where|what|which|who|how|why|because|as|and|or|of course)$",
            re.IGNORECASE,
        ),
    ),
    courtesies=COURTESIES,
    requests=REQUESTS,
    instructions=INSTRUCTIONS,
    promises=PROMISES,
    implied_requests=IMPLIED,
    offers=OFFERS,
    awaited_answers=AWAITED,
    no_commitments=NO_COMMITMENTS,
    conditions=CONDITIONS,
    promise_sorts=PROMISE_SORTS,
    deliveries=rule_table(
        (
            "sends it with this",
            "",
            1,
            "attached enclosed enclosing attaching attach here below requested promised discussed agreed sent forwarded emailed mailed faxed posted shared uploaded shipped couriered way following",
            r"\b(?:attached|enclosed|enclosing|attaching|(?:please )?(?:find|see) (?:the )?(?:attached|enclosed|below)|here(?:'s| is| are| you go| they are| it is)|below (?:is|are|you)|as (?:requested|promised|discussed|agreed)|(?:i|we)(?:'ve| have)? (?:just )?(?:sent|forwarded|emailed|e-mailed|faxed|posted|shared|uploaded|shipped|couriered)|(?:has|have) (?:been|gone|just gone) (?:sent|out|off|shipped|posted|dispatched)|is on its way|are on their way)\b",
        ),
    ),
    completions=rule_table(
        (
            "says it is done",
            "",
            1,
            "called spoke spoken talked rang rung phoned met checked looked confirmed arranged booked scheduled fixed updated changed corrected ordered completed finished done did signed submitted added removed credited refunded paid reviewed left good great nice lovely further following after thanks discussed sorted place complete",
            r"\b(?:i|we)(?:'ve| have)? (?:just |already |now |also )?(?:called|spoke|spoken|talked|rang|rung|phoned|met|checked|looked|confirmed|arranged|booked|scheduled|fixed|updated|changed|corrected|ordered|completed|finished|done|did|signed|submitted|added|removed|credited|refunded|paid|reviewed|left (?:you )?a (?:message|voicemail))\b|\b(?:good|great|nice|lovely) (?:to (?:speak|talk|chat|meet)|speaking|talking|chatting|meeting|to see|seeing)|\b(?:further to|following|after|thanks for) (?:our|the|your) (?:call|chat|conversation|meeting|visit)\b|\bas (?:we )?discussed (?:on the phone|by phone|on our call|today|this morning|yesterday)|\bis (?:now )?(?:done|sorted|fixed|booked|confirmed|in place|complete)\b",
        ),
    ),
    thanks=rule_table(
        (
            "thanks",
            "",
            1,
            "thanks thank thx ty ta cheers great perfect brilliant excellent lovely super wonderful appreciated noted understood ok okay sounds will got fine good no welcome fab all that received works agreed yes yep",
            r"^\W*(?:(?:many|great|lovely|brilliant|perfect|excellent|super|ok|okay|got it|all good|that'?s|noted|much|cheers|ah|oh|fab|wonderful)[,.!–-]*\s+){0,4}(?:thanks|thank you|thx|ty|ta|cheers|great|perfect|brilliant|excellent|lovely|super|wonderful|much appreciated|appreciated?|noted|understood|ok|okay|sounds (?:good|great)|will do|got it|fine|good|no problem|you'?re welcome|no worries|fab|all good|that'?s (?:great|fine|perfect|good|all|brilliant|lovely)|received|works for me|agreed|yes|yep)\b.{0,80}$",
        ),
    ),
    withdrawals=rule_table(
        (
            "takes it back",
            "",
            1,
            "never nevermind ignore disregard no nothing longer sorted found solved worked scratch need don worry forget all problem cancel resolved settled dealt taken cleared closed",
            r"\b(?:never ?mind|(?:please )?(?:ignore|disregard) (?:my|this|that|the|me|previous)|no longer (?:need|require|necessary|needed)|(?:we|i)(?:'ve| have)? (?:now )?(?:sorted|found|solved|worked) (?:it|this|that|the)|sorted (?:it|now|this)|found it|scratch that|nothing (?:further|more|else) (?:needs? (?:to be done|doing)|is (?:needed|required|necessary)|(?:needed|required|to (?:do|be done)))\b(?!.*\?)|no (?:further|more|additional) (?:action|steps?|input|information|response|reply|answer|follow[- ]?up) (?:is |are )?(?:needed|required|necessary)|there(?:'s| is) nothing (?:more|left|further|else)(?: for (?:you|us|me))?(?: left)? to (?:do|be done)|(?:this|that|the (?:matter|question|issue|request|problem|point)) (?:is|has been|was) (?:now |already |since |all )?(?:resolved|settled|dealt with|taken care of|sorted(?: out)?|cleared up|closed)(?!.*\?)|consider (?:it|this|that|the matter|the question) (?:closed|settled|resolved)|no need (?:to (?:reply|respond|answer|get back|come back|worry|do anything|look)|for (?:a|an) (?:reply|answer))|don't worry about (?:it|this|that|my)|forget (?:it|about it|my)|no action (?:needed|required)|all sorted|problem solved|cancel (?:my|that|this) (?:request|question|order))\b",
        ),
    ),
    releases=rule_table(
        (
            "lets off",
            "",
            1,
            "no don not bother manage needed longer",
            r"\b(?:no need (?:to|for you to) (?:send|call|ring|bother|chase|prepare|come|do|follow|check)|(?:you )?(?:don't|do not) (?:need|have) to (?:send|call|ring|bother|do|follow|worry)|don't bother|we'll manage without|not needed any ?more|no longer need(?:s|ed)? (?:the|it|that|this|your|a|to))\b",
        ),
    ),
    postponements=POSTPONEMENTS,
    given_up_times=GIVEN_UP_TIMES,
    complaints=rule_table(
        (
            "tells of something missing",
            "",
            1,
            "haven hasn not never still nothing yet without missing chased",
            (
                r"\b(?:i|we|he|she|they)(?: have|'ve| had|'d| has|'s)?(?: still| yet)? ?(?:haven't|hasn't|not|never)(?: yet)? (?:received|heard|had|got|seen|been (?:sent|given|told|paid|credited|refunded))\b|"
                r"\b(?:hasn't|has not|haven't|have not|didn't|did not|never)(?: yet| even)? (?:arrived?|turned? up|come|came|been (?:delivered|fixed|done|paid|credited|refunded)|shown? up)\b|\bstill (?:no|nothing|waiting|not)\b|"
                r"\b(?:heard|received|had) nothing\b|\b(?:is|are|was|were) missing\b|\bchased (?:this|you|it)\b"
            ),
        ),
        (
            "tells of something wrong",
            "",
            1,
            "wrong broken damaged faulty leaking leaks down late short incorrect defective cracked dead working work works open load log doesn don won can cannot charged twice mistake error failed fails stopped missing overcharged ordered",
            (
                r"\b(?:is|are|was|were|it's|they're|arrived|came|got) (?:\w+ ){0,2}(?:wrong|broken|damaged|faulty|leaking|down|late again|short|incorrect|defective|cracked|dead|not working)\b(?! (?:to|by|on the|for the|there|here|under)\b)|"
                r"\b(?:doesn't|does not|don't|won't|can't|cannot|isn't|aren't|stopped|not) (?:work(?:ing)?|open(?:ing)?|load(?:ing)?|log in|start(?:ing)?|get in|accepted)\b|\bthe wrong \w+|\bcharged twice\b|\bovercharged\b|"
                r"\b(?:a mistake|an error) (?:on|in|with)\b|\bnot what (?:we|i) (?:ordered|asked for|agreed|expected)\b|\bleak(?:s|ing) (?:again|everywhere)\b|\bis leaking\b"
            ),
        ),
        (
            "tells of displeasure",
            "",
            1,
            "disappointed disappointing unacceptable unhappy happy frustrated frustrating annoyed fed promised said poor appalled",
            r"\b(?:disappointed|disappointing|unacceptable|unhappy|not (?:very |at all )?happy|frustrated|frustrating|annoyed|fed up|appalled|poor service)\b|^\W*(?:you|your \w+)(?: had| have|'d)? (?:promised|said|told (?:us|me))\b",
        ),
    ),
    acknowledgements=rule_table(
        (
            "says it came",
            "",
            1,
            "got received seen have thank thanks on looking working noted leave bear back will look let acknowledge understood apologies sorry",
            r"\b(?:(?:got|received|seen|have) (?:it|this|that|your (?:e-?mail|message|note|mail|request|question|voicemail|call))|thanks? (?:you )?for (?:your|the|this|that|getting|letting|coming|raising|flagging|sending|bringing)|i'm on it|on it|looking into (?:it|this|that)|(?:am |are |'m |'re )?working on (?:it|this|that)|noted|leave it with me|bear with (?:me|us)|will (?:get|come) back|(?:get|come) back to you|will (?:look|check|revert|respond|reply)|look into (?:it|this|that)|let me (?:check|look|see|find out|ask)|acknowledge|understood|apologies|sorry)\b",
        ),
    ),
    tags=rule_table(
        (
            "says nothing",
            "",
            1,
            "just returning tried missed got will ll touch touching phone tag sorry",
            r"\b(?:just (?:returning|trying|touching base|checking in|following up|a quick note|to say)|returning your call|tried (?:to call|calling|you|ringing)|(?:i )?(?:missed|got) your (?:call|message)|(?:will|'ll) (?:try|call|ring|get back|come back|be in touch|speak|respond|reply|catch up)(?: (?:to )?(?:you|again|back))*(?: (?:again|later|soon|shortly|asap|in due course|when i can|as soon as (?:i can|possible)))*\W*$|touch(?:ing)? base|phone tag|tag,? you'?re it|sorry i missed you)\b",
        ),
    ),
    greetings=rule_table(
        (
            "greets",
            "",
            1,
            "hi hello hey dear good morning afternoon greetings regards best cheers sincerely thanks kind many",
            r"^\W*(?:(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|morning|afternoon|greetings)(?:,? [\w.'&-]+){0,4}|(?:regards|best|cheers|sincerely|thanks|thank you|kind regards|best regards|best wishes|many thanks)(?:,? (?:again|in advance|and regards|so much|very much))?(?:,? [\w.'-]+){0,2})\W*$",
        ),
    ),
    broadcasts=rule_table(
        (
            "to many",
            "",
            1,
            "all everyone everybody team folks colleagues members friends brothers guys ladies gentlemen mentors employees customers sirs people",
            r"^\W*(?:(?:dear|hi|hello|hey|my|good (?:morning|afternoon)|to|attention|fellow|\w+)[ ,]+){0,3}(?:all|everyone|everybody|team|folks|colleagues|members|friends|brothers|guys|gentlemen|ladies|mentors|employees|customers|people)\b\W*(?:[,:!.-]|$)",
        ),
    ),
)
