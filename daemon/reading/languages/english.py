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

_DELIVERIES = rule_table(r"""
sends it with this ;  ; attached enclosed enclosing attaching here below requested promised discussed agreed find see ; \b(?:attached|enclosed|enclosing|attaching|here(?:'s| is| are| you go| they are| it is)|(?:find|see) below|below (?:is|are|you)|as (?:requested|promised|discussed|agreed))\b ; Here is the list. ; Come here below noon.
sends it with this ;  ; sent forwarded emailed mailed faxed posted shared uploaded shipped ; \b(?:i|we)(?:'ve| have)? (?:just )?(?:sent|forwarded|e?-?mailed|faxed|posted|shared|uploaded|shipped)\b|\b(?:has|have) been (?:sent|shipped|posted|dispatched)\b ; I have sent it. ; He sent it.
sends it with this ;  ; gone way ; \b(?:(?:has|have) (?:just )?gone (?:out|off)|is on its way|are on their way)\b ; It is on its way. ; Out of the way.
""")
_COMPLETIONS = rule_table(r"""
says it is done ;  ; called spoke spoken talked rang phoned met checked looked confirmed arranged booked scheduled left ; \b(?:i|we)(?:'ve| have)? (?:just |already |now |also )?(?:called|spoke|spoken|talked|rang|phoned|met|checked|looked|confirmed|arranged|booked|scheduled|left (?:you )?a (?:message|voicemail))\b ; I spoke to him. ; He spoke to us.
says it is done ;  ; fixed updated changed corrected ordered completed finished done did signed submitted added removed credited refunded paid reviewed ; \b(?:i|we)(?:'ve| have)? (?:just |already |now |also )?(?:fixed|updated|changed|corrected|ordered|completed|finished|done|did|signed|submitted|added|removed|credited|refunded|paid|reviewed)\b ; We fixed it. ; Is it fixed?
says it is done ;  ; good great nice lovely further following after thanks ; \b(?:(?:good|great|nice|lovely) (?:to (?:speak|talk|chat|meet|see)|(?:speak|talk|chatt|meet|see)ing)|(?:further to|following|after|thanks for) (?:our|the|your) (?:call|chat|meeting|visit))\b ; Great speaking with you. ; A great speaker.
says it is done ;  ; done sorted fixed booked confirmed place complete ; \bis (?:now )?(?:done|sorted|fixed|booked|confirmed|in place|complete)\b ; The visit is booked. ; Have you booked it?
""")
_THANKS = rule_table(r"""
thanks ;  ; thanks thank thx ty ta cheers ; ^\W*(?:(?:many|great|perfect|ok|okay|lovely|brilliant|excellent|super|got it|all good|that'?s|noted|much|oh|ah)[,.!–-]*\s+){0,4}(?:thanks|thank you|thx|ty|ta|cheers)\b.{0,80}$ ; Many thanks! ; We sent it, thanks.
thanks ;  ; great perfect brilliant excellent lovely wonderful appreciated noted understood ok okay sounds agreed ; ^\W*(?:(?:ok|okay|much|oh|ah|cheers|that'?s)[,.!–-]*\s+){0,2}(?:great|perfect|brilliant|excellent|lovely|wonderful|appreciated|noted|understood|ok|okay|sounds (?:good|great)|agreed)\b.{0,80}$ ; Ok, great. ; The lock is great.
thanks ;  ; will got fine good no welcome all that received works yes yep ; ^\W*(?:(?:ok|okay|oh|ah|cheers|great)[,.!–-]*\s+){0,2}(?:will do|got it|fine|good|no (?:problem|worries)|you'?re welcome|all good|that'?s (?:all|good|fine)|received|works for me|yes|yep)\b.{0,80}$ ; Great, got it. ; We got it.
""")
_WITHDRAWALS = rule_table(r"""
takes it back ;  ; never nevermind ignore disregard scratch forget cancel ; \b(?:never ?mind|(?:ignore|disregard) (?:my|this|that|the|me|previous)|scratch that|forget (?:it|about it|my)|cancel (?:my|that|this) (?:request|question|order))\b ; Please ignore my mail. ; They ignore us.
takes it back ;  ; sorted found solved worked problem all ; \b(?:(?:we|i)(?:'ve| have)? (?:now )?(?:sorted|found|solved|worked) (?:it|this|that|the)|sorted (?:it|now|this)|found it|all sorted|problem solved)\b ; We found it. ; He found work.
takes it back ;  ; no longer need don worry ; \b(?:no longer (?:need|require|necessary|needed)|no need (?:to (?:reply|respond|answer|(?:get|come) back|worry|do anything)|for an? (?:reply|answer))|don't worry about (?:it|this|that|my))\b ; No need to reply. ; No need for keys.
takes it back ;  ; no ; \bno (?:further |more |additional )?(?:action|steps?|input|information|response|reply|answer|follow[- ]?up) (?:is |are )?(?:needed|required|necessary)\b ; No further action is needed. ; No answer came.
takes it back ;  ; nothing ; \b(?:nothing (?:further|more|else) (?:is )?(?:needed|required|necessary)|nothing (?:\w+ )?needs (?:to be done|doing)|there(?:'s| is) nothing (?:\w+ ){0,4}to (?:do|be done))\b(?!.*\?) ; There is nothing more to do. ; Nothing is done.
takes it back ;  ; resolved settled dealt taken sorted cleared closed ; \b(?:this|that|the (?:matter|question|issue|request|problem|point)) (?:is|has been|was) (?:now |already |since |all )?(?:resolved|settled|dealt with|taken care of|sorted|cleared up|closed)\b(?!.*\?) ; That is now resolved. ; The shop is closed.
takes it back ;  ; consider ; \bconsider (?:it|this|that|the (?:matter|question)) (?:closed|settled|resolved)\b ; Consider it closed. ; Consider it.
""")
_RELEASES = rule_table(r"""
lets off ;  ; no don not bother manage needed longer ; \b(?:no need (?:to|for you to)|(?:don't|do not) (?:need|have) to) (?:send|call|ring|bother|chase|prepare|come|do|follow|check|worry)\b|\b(?:don't bother|we'll manage without|not needed any ?more)\b ; No need to call. ; No need to reply.
lets off ;  ; longer ; \bno longer need(?:s|ed)? (?:the|it|that|this|your|a|to)\b ; We no longer need the keys. ; No longer in need.
""")
_COMPLAINTS = rule_table(r"""
tells of something missing ;  ; haven hasn not never ; \b(?:i|we|he|she|they)(?: have|'ve| had|'d| has|'s)?(?: still| yet)? ?(?:haven't|hasn't|not|never)(?: yet)? (?:received|heard|had|got|seen|been (?:sent|given|told|paid|credited|refunded))\b ; We have not received it. ; We received it.
tells of something missing ;  ; hasn has haven have didn did never ; \b(?:hasn't|has not|haven't|have not|didn't|did not|never)(?: yet| even)? (?:arrived?|(?:turned?|shown?) up|come|came|been (?:delivered|fixed|done|paid|credited|refunded))\b ; It never arrived. ; It has arrived.
tells of something missing ;  ; still nothing missing chased ; \bstill (?:no|nothing|waiting|not)\b|\b(?:heard|received|had) nothing\b|\b(?:is|are|was|were) missing\b|\bchased (?:this|you|it)\b ; Two boxes are missing. ; It still works.
tells of something wrong ;  ; wrong broken damaged faulty leaking down late short incorrect defective cracked working ; \b(?:is|are|was|were|it's|they're|arrived|came) (?:\w+ ){0,2}(?:wrong|broken|damaged|faulty|leaking|down|late again|short|incorrect|defective|cracked|not working)\b(?! (?:to|by|on|for|there|here)\b) ; One was broken. ; We were down there.
tells of something wrong ;  ; doesn does don won can cannot isn aren stopped not ; \b(?:doesn't|does not|don't|won't|can't|cannot|isn't|aren't|stopped|not) (?:work(?:ing)?|open(?:ing)?|load(?:ing)?|log in|start(?:ing)?|get in|accepted)\b ; The door won't open. ; The door won't be blue.
tells of something wrong ;  ; wrong charged overcharged mistake error not ; \bthe wrong \w+|\b(?:charged twice|overcharged|(?:a mistake|an error) (?:on|in|with)|not what (?:we|i) (?:ordered|asked for|agreed|expected))\b ; You sent the wrong box. ; Is it wrong?
tells of displeasure ;  ; disappointed disappointing unacceptable unhappy happy frustrated frustrating annoyed fed poor ; \b(?:disappointed|disappointing|unacceptable|unhappy|not (?:very |at all )?happy|frustrated|frustrating|annoyed|fed up|poor service)\b ; We are not happy. ; We are happy.
tells of displeasure ;  ; promised said told ; ^\W*(?:you|your \w+)(?: had| have|'d)? (?:promised|said|told (?:us|me))\b ; You promised it. ; As you said.
""")
_ACKNOWLEDGEMENTS = rule_table(r"""
says it came ;  ; got received seen have thank thanks ; \b(?:(?:got|received|seen|have) (?:it|this|that|your (?:e-?mail|message|note|mail|request|question|voicemail|call))|thanks? (?:you )?for (?:your|the|this|that|\w+ing))\b ; Got it. ; We have blue.
says it came ;  ; on looking look working noted leave bear let acknowledge understood apologies sorry ; \b(?:(?:i'm )?on it|look(?:ing)? into (?:it|this|that)|(?:am |are |'m |'re )?working on (?:it|this|that)|noted|leave it with me|bear with (?:me|us)|let me (?:check|look|see|find out|ask))\b ; Looking into it. ; Look at it.
says it came ;  ; will back acknowledge understood apologies sorry ; \b(?:(?:get|come) back to you|will (?:(?:get|come) back|look|check|revert|respond|reply)|acknowledge|understood|apologies|sorry)\b ; We will check. ; They come back.
""")
_TAGS = rule_table(r"""
says nothing ;  ; just returning tried missed got touch touching phone tag ; \b(?:just (?:returning|trying|checking in|following up|to say)|returning your call|tried (?:to call|calling|you|ringing)|(?:missed|got) your (?:call|message)|touch(?:ing)? base|phone tag)\b ; Just returning your call. ; Just a copy.
says nothing ;  ; will ll ; (?:\bwill|'ll) (?:try|call|ring|get back|come back|be in touch|speak|respond|reply|catch up)(?: (?:to )?(?:you|again|back))*(?: (?:later|soon|shortly|asap|when i can|as soon as i can))*\W*$ ; Will call you later. ; Will call on Monday.
""")
_GREETINGS = rule_table(r"""
greets ;  ; hi hello hey dear good morning afternoon greetings ; ^\W*(?:hi|hello|hey|dear|(?:good )?(?:morning|afternoon|evening|day)|greetings)(?:,? [\w.'&-]+(?: [\w.'&-]+){0,3})?\W*$ ; Good morning, Jim ; Good work, Jim
greets ;  ; regards best cheers sincerely thanks thank kind many ; ^\W*(?:(?:(?:kind|best) )?regards|best(?: wishes)?|cheers|sincerely|(?:many )?thanks|thank you)(?:,? (?:again|in advance|and regards|so much|very much))?(?:,? [\w.'-]+){0,2}\W*$ ; Kind regards, Jim ; Jim sends his regards
""")
_BROADCASTS = rule_table(r"""
to many ;  ; all everyone everybody team folks colleagues members friends guys gentlemen ladies employees customers people ; ^\W*(?:\w+[ ,]+){0,3}(?:all|everyone|everybody|team|folks|colleagues|members|friends|guys|gentlemen|ladies|employees|customers|people)\b\W*(?:[,:!.-]|$) ; Dear members, ; Dear member,
""")

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
    deliveries=_DELIVERIES,
    completions=_COMPLETIONS,
    thanks=_THANKS,
    withdrawals=_WITHDRAWALS,
    releases=_RELEASES,
    postponements=POSTPONEMENTS,
    given_up_times=GIVEN_UP_TIMES,
    complaints=_COMPLAINTS,
    acknowledgements=_ACKNOWLEDGEMENTS,
    tags=_TAGS,
    greetings=_GREETINGS,
    broadcasts=_BROADCASTS,
)
