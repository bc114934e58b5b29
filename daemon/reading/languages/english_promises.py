"""English rules for promises: what somebody says they will do, under which condition, and of which sort it is."""

from __future__ import annotations

from daemon.reading.languages.rules import rule_table

_DEEDS = """
send, forward, e-?mail, mail, fax, resend, ship, deliver, provide, supply, submit, circulate, distribute, pass, share, copy, cc, post, report, reply
respond, answer, advise, notify, inform, confirm, tell, update, brief, revert, write, drop you, hand, transmit, upload, return (?!to\b|from\b), text
call, ring, phone, telephone, contact, follow, touch base, get, give, reach, speak, talk, meet, visit, stop by, drop by, join (?:you|us|the), swing by
attend, come (?:by|over|and|to|down|up), be (?:there|in touch|at (?:the|your)|on the call|back (?:to|in touch)), be (?:attend|join|send|call|bring)ing
check, look (?:into|at|over|for|up|through), take (?:a look|care|it|this|that|your|you|the|up|over|on), see (?:if|what|whether|about|to it|that)
find (?:out|you|the|a|some\\w+), ask, discuss, review, read, prepare, draft, put, set, arrange, schedule, book, organi[sz]e, coordinate, make, do, add
change, fix, correct, revise, amend, edit, pull, bring, have (?:it|them|this|that|the|an?|my|someone), handle, deal, sort, investigate, research, track
work, run, start, begin, finish, complete, mark, print, order, issue, sign, approve, chase, raise, process, pay, buy, file, include, turn, leave, help
assist, support, register, remove, delete, keep (?:you|your|him|her|them|everyone|the|it|this|on), let \\w+ know, ensure, hold, cancel, move, proceed, try
introduce, show, explain, cover, wait, credit, refund, replace, install, enter, create, build, open, close, transfer, resolve, address, remind, recommend
reserve, waive, consider, honou?r, adjust, monitor, gather, collect, compile, verify, analy[sz]e, calculate, summari[sz]e, outline, attach, swap, push, ping
"""  # what people do for each other at work; not what they are, feel or think
_HEDGES = r"""
also, then, now, still, just, both, all, personally, \w+ly, have to, need to, try to, be sure to, make sure to, be able to, be (?:glad|happy|pleased) to
go ahead and, of course, only, first, at least
"""
PROMISES = rule_table(
    r"""
will do ; do ; will consider leave ; (?:^\W*|[,.!;:–-] ?|\b(?:ok|okay|sure|yes|and|so|just) )(?:i |we )?(?:will do|consider it done|leave (?:it|that|this|them) (?:all )?(?:with|to) (?:me|us))\b ; Leave it with me. ; I wonder what he will do.
will do ; do ; on ; (?:^\W*|[,.!–-] ?)(?:i'm |we're )?on it(?=[,.!–-]|$| now| already) ; I'm on it. ; The date is on it.
you will have it ; send ; you ; \byou(?:'ll| will| should| shall)(?: also| then| \w+ly)? (?:have|get|receive) (?:it|them|this|that|everything|word|(?:my|our|the|an?) [\w-]+(?: \w+)?)(?:\W*$|[.,!;]| from (?:me|us)) ; You'll have it. ; You will have it tested.
you will have it ; send ; you ; \byou(?:'ll| will| should| shall) (?:also |then |\w+ly )?(?:hear|be (?:hearing|getting|receiving)|be the first to know)\b ; You will hear from us. ; Did you hear from us?
you can expect it ; send ; you ; \byou(?:'ll| will| should| shall)(?: also| then| \w+ly)? (?:get|receive|have|see|find) (?!to\b|been\b)(?:\S+ ){1,8}?(?:today|tomorrow|by|on|within|before|this|next|in your|shortly|soon|at)\b ; You will get the plan by Monday. ; You will have to send it by Monday.
you can expect it ; send ; expect ; (?:^\W*(?:\w+[,.!:–-]+ ?)?(?:please )?|\byou (?:can|should|may|will) )expect (?:an?|the|my|our|it|them|to (?:hear|receive|get|see))\b(?!.*\?) ; You can expect it on Friday. ; We expect a lot of you.
I will tell or bring it to you ; send ; I WILL ; \b(?:i|we)(?:'ll| will| shall)(?: (?!not\b|never\b|be\b)\w+){0,2}? (?:send|forward|e-?mail|share|confirm|tell|update|write|drop|keep|let|get|give|show|have|bring|call|meet|see)\b.{0,25}\byour?\b ; I'll send you the list. ; I will miss you.
I will get back ; send ; back ; ^\W*(?:will (?:get|be|come) )?back (?:to|with) (?:you|u)\b.*\b(?:by|on|before|later|today|tomorrow|tmrw|asap|shortly|soon|this|next|in|within)\b ; Back to you by COB. ; Back to business by noon.
I will get back ; send ; I WILL ; \b(?:i|we)(?:'ll| will| shall)(?: \w+){0,2}? (?:(?:get|come|report) back|be (?:back )?in touch|be back (?:to|with)|follow[- ]?up|revert)\b ; We will be in touch. ; We will be back home.
I will ; do ; I WILL ; (?:^|[^\w'])i(?: (?:will|shall)|'ll)(?: <hedge>)* <deed>\b ; I'll check. ; I will need it.
I will ; do ; I WILL ; \bi(?:'ll| will| shall)(?: also| \w+ly)? be (?:there|at (?:the|your)|on the call|(?:attend|join|send|call|forward|provid|bring)ing)\b ; I will be sending it. ; I will be happy.
we will ; do ; I WILL ; (?:^|[^\w'])we(?: (?:will|shall)|'ll)(?: <hedge>)* <deed>\b ; We'll check. ; We will need luck.
we will ; do ; I WILL ; \bwe(?:'ll| will| shall)(?: also| \w+ly)? be (?:there|at (?:the|your)|on the call|(?:attend|join|send|call|forward|provid|bring)ing)\b ; We will be sending it. ; We will be happy.
… and will ; do ; will shall ; \b(?:i|we)(?:'ve|'m|'re)?\b[^.;?]{3,150}\b(?:and|but|so|then),? (?:will|shall)(?: <hedge>)* <deed>\b ; I have it here and will send it. ; I hope it is and will be so.
going to ; do ; going gonna planning about plan intend ; \b(?:(?:i'm|i am|we're|we are)(?: also)? (?:going to|gonna|planning to|about to)|i (?:plan|intend) to) <deed>\b ; I'm going to ask him. ; We are going to need it.
let me ; do ; let ; ^\W*(?:(?:ok|okay|sure|yes|and|but|so|well) |\w+[,.!:-]+ ){0,2}let me (?:\w+ )?(?:check|look|put (?:it|this) to|find out|ask|talk|speak|call|review|dig|confirm|try|pull|follow|discuss)\b ; Ok, let me check. ; Please let me know.
let me ; do ; let ; ^\W*(?:(?:ok|okay|sure|yes|and|but|so|well) |\w+[,.!:-]+ ){0,2}let me (?:see (?:if|what|whether|about)|get (?:back|with|the|some|you)|work on|run (?:it|this)|do (?:some|a))\b ; Let me see if it works. ; Let me see it.
will, without a subject ; do ; will ll ; (?:^|[.;!,–-] |\b(?:ok|sure|yes|thanks|but|also|so),? )\W*(?:will|'ll)(?: <hedge>)* <deed>\b(?! you\b.{0,40}\?)(?!.*\?\W*$) ; Thanks, will check. ; Will check-in work?
see you then ; meet ; see speak talk catch ; \b(?:see|speak (?:to|with)|talk to|catch) (?:you|everyone) (?:all )?(?:then|there|tonight|tomorrow|later today|on|at|next|this|in the|mon|tues|wed|thurs|fri) ; See you on Monday. ; I see you agree.
I can, by a time ; do ; can should able expect plan aim hope ; \b(?:i|we) (?:can|should|(?:should be )?able to|(?:expect|plan|aim|hope) to) (?:have|get|send|deliver|finish|call|make|meet|give|let you|ship|bring)\b(?=.*\b(?:by|on|to(?:day|morrow)|next)\b)(?!.*\?) ; I can send it by Monday. ; I can send it.
it will be sent ; send ; will ll ; (?<!you )(?<!i )(?<!we )(?:\bwill|'ll) (?:then |also |all |both )?be (?:sent|e?-?mailed|forwarded|provided|delivered|shipped)\b.*\b(?:your?|shortly|soon|tomorrow|today|by|later|next|this|on)\b ; The keys will be sent by Monday. ; The keys will be sent.
takes part ; meet ; count in accept ; ^\W*(?:\w+[,!:-]+ )?(?:count me in\b|i'm in(?! )|(?:i|we) (?:gladly |happily )?accept your\b) ; I'm in! ; I'm in Rome.
takes part ; meet ; attend attending coming make ; ^\W*(?:\w+[,!:-]+ )?i(?:'m| am|'ll| will)? (?:(?:be able|able|plan|planning) (?:to|on) )?(?:attend|attending|coming|make it)\b(?!.*\?) ; I will attend. ; I make items.
our people will ; do ; our my ; \b(?:our|my) (?:[\w-]+ ){1,3}?(?:will|should|is going to|are going to|can) (?!not\b|never\b|be (?:closed|open|out|away)\b)\w+ ; Our driver will bring it. ; Our office will be closed.
our people will ; do ; team office workshop warehouse driver drivers engineer engineers crew accounts finance legal support someone us ; \b(?:team|office|workshop|warehouse|drivers?|engineers?|crew|accounts|finance|legal|support|someone|one of us) (?:from [\w -]{3,30} )?(?:will|should|can) (?!not\b|be (?:closed|out)\b)\w+ ; Someone will call. ; The office will be closed.
we are at it ; do ; i we im ; \b(?:i'm|i am|im|we're|we are)(?: just| now| also| already)? (?!going|being|having|hoping|writing|looking for)\w{2,}ing\b(?! to\b).*\b(?:it|this|them|for you|your|to(?:day|morrow)|next|\w+sday)\b ; I'm sending it today. ; I am writing to thank you.
we are at it ; do ; sending forwarding getting putting asking calling chasing checking looking sorting fixing arranging preparing working changing adding booking ordering updating reviewing confirming ; (?:^\W*|[,.!–-] )(?:just |now )?\w{2,}ing (?!to\b|for)(?:.* )?(?:it|this|that|them|for you|your|today|tomorrow|tonight|now|(?:mon|fri|\w+s)day)\b ; Ok, checking it now. ; Working to rule.
it will be done ; do ; will ; ^\W*(?:the|your|our|all|it|they|this)\b(?: [\w-]+){0,3}? will be [a-z]+(?:ed|sent|paid|done|made)\b.*\b(?:by|on|before|as soon as|once|to(?:day|morrow)|this|next|within)\b(?!.*\?) ; The order will be placed by noon. ; It will be hot by noon.
it comes to you ; send ; will ll should ; (?:\bwill|'ll|\bshould)(?: then| all| both)? (?:be with (?:you|them)|reach you|arrive|be (?:on (?:your|the) (?:desk|way)|in (?:your|the post))|follow|ship|leave (?:here|us|the|our)|go (?:out|off))\b ; It will be with you soon. ; We will be with family.
it comes to you ; send ; ships leaves arrives reaches goes going shipping leaving arriving coming being ; \b(?:ships|leaves|arrives|goes (?:out|in)|(?:going|coming) (?:out|over|to you)|shipping|leaving|arriving|being (?:sent|shipped))\b.*\b(?:you|post|by|to(?:day|night|morrow)|tmrw|on|<day>[a-z]*)\b ; It goes out Wed. ; It goes out of stock.
it comes to you ; send ; follow ; ^\W*(?!(?:i|we|you|he|she|they|it|please|to|how)\b)(?:[\w'&/-]+ ){1,5}to follow\b(?! (?:up|the|your|our|th\w+|it)\b) ; Invoice to follow. ; To follow the rules is best.
it comes to you ; send ; way out ; \b(?:coming your way|on (?:its|their|the|his|her) way|out for delivery)\b ; It is on its way. ; That's the way.
""",
    deed=_DEEDS,
    hedge=_HEDGES,
    day="mon, tue, wed, thu, fri, sat, sun",
)

CONDITIONS = rule_table(r"""
on a condition ;  ; once if unless until provided assuming soon subject depending ; \b(?:once|if|unless(?! otherwise)|until|provided|assuming|as soon as(?! possible)|subject to|depending on)\b ; I will if I can. ; As soon as possible.
on a condition ;  ; when whenever after should upon ; \b(?:when(?:ever)? (?:i|we|you|he|she|it|they|the|my|our)|after (?:i|we|you|he|she|they|the \w+ (?:is|are|has))|should (?:you|anything)|upon (?:receipt|approval))\b ; Payment upon receipt. ; After lunch.
do this and I will ;  ; send give get let tell call forward ; ^\W*(?:please )?(?:send|give|get|let|tell|call|e-?mail|forward)\b.{5,120}\band (?:i|we)(?:'ll| will)\b ; Send me the list and I'll check it. ; I'll send it and you will see.
""")

PROMISE_SORTS = rule_table(r"""
send ; send ; back know posted informed updated ; \b(?:(?:get|come|report) back|let (?!me\b|us\b)\w+ know|keep \w+ (?:posted|informed|updated|in))\b ; I'll let you know. ; Let me know.
call ; call ; call ring phone telephone dial ; \b(?:call|ring|(?<!\bmy )(?<!\bthe )(?<!\bby )(?<!\byour )(?:tele)?phone|give \w+ a (?:call|ring|buzz|bell|shout)|dial)\b(?! (?:it|this|for)\b) ; I'll phone him. ; I'll do it by phone.
meet ; meet ; see meet there attend attending join come stop drop visit swing ; \b(?:see you|meet|be there|attend|attending|join (?:you|us|the)|come (?:by|over|to|in|down|up)|(?:stop|drop|swing) by|visit)\b ; I'll come over. ; It may come late.
meet ; meet ; call meeting lunch coffee dinner ; \b(?:be (?:at|on|in) the (?:call|meeting)|have (?:lunch|coffee|dinner))\b ; I'll be at the meeting. ; I'll prepare the meeting.
send ; send ; send sending forward forwarding email mail e fax reply respond provide share update confirm circulate copy deliver submit write follow tell advise details ; \b(?:send|forward|mail|e-?mail)(?:ing)?\b|\b(?:fax|reply|respond|provide|share|update|confirm|circulate|copy|deliver|submit|write|follow[- ]?up|tell|advise|details)\b ; I'll send it. ; The sender is known.
send ; send ; get have ; \b(?:get (?:you|it|that|this|them|those|a)\b.{0,30}\b(?:to|you|over|out|back)|have (?:\w+ ){1,2}(?:(?:to|for) you|over|ready|back))\b ; I'll get it out today. ; I'll get it.
send ; send ; you keep touch give drop post ; \b(?:you(?:'ll| will| should) (?:have|get|receive|hear|be)|(?:keep|give|drop) you|be in touch|post)\b ; You'll have it. ; You have it.
""")
