"""English, as written in British and American business mail.

Under the name of each table in square brackets stand its rules, as `rule_tables` reads them; `Language` says what each table is for.
"""

from __future__ import annotations

import re

from daemon.reading.languages.english_times import TIME_WORDS
from daemon.reading.languages.language import ClauseWords, Language
from daemon.reading.languages.rules import rule_tables

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
_DAYS = r"(?:mon|tue|wed|thu|fri|sat|sun)\w*"
_HEDGES = r"""
also, then, now, still, just, both, all, personally, \w+ly, have to, need to, try to, be sure to, make sure to, be able to, be (?:glad|happy|pleased) to
go ahead and, of course, only, first, at least
"""
_GLAD = r"""
(?:i|we)(?:'d| would|'m| am|'re| are)?(?: always| also| only too| more than| very)* (?:be )?(?:(?:always|only too|more than|very) )?(?:glad|happy|delighted|pleased|love) to
(?:always |only too |more than |very )*(?:glad|happy|delighted|pleased) to, (?:i|we)(?:'d| would|'ll| will) (?:gladly|happily)
"""
_DEFINITE = r"""
let (?:me|us) know, tell (?:me|us), which, what, today, tomorrow, tonight, (?:mon|tues|wednes|thurs|fri|satur|sun)day, (?:this|next) (?:week|month)
(?:early|late) \w+
"""  # what an offer names that means a time, or asks for one
_VAGUE = r"""
some ?time, any ?time, (?:some|one) day, at some point, whenever, (?:the )?next time you
(?:when|if)(?: ever)? you(?:'re| are)(?: ever| next)? (?:in|near|nearby|around|passing|over)
"""
_TABLES = rule_tables(
    r"""
[courtesies]
an offer without a time ;  ; glad gladly happy happily delighted pleased love ; ^\W*(?:(?:thanks|and|but|so|also|of course),? )?(?:<glad>) \w+\b(?!.*(?:\?|\d|\b(?:<definite>)\b)).*\b(?:<vague>)\b ; I'd be glad to drop by some time. ; I'd be glad to drop by on Monday, any time.
a greeting's question ;  ; how what ; ^\W*(?:\w+,? )?(?:how are (?:you|things|u)\b[^?]{0,40}\?|how(?:'s| is| was| were) (?:it going|everything|life|the family|your (?:weekend|holiday|trip|vacation|day))\b[^?]{0,30}\?) ; Hi, how are you? ; How are prices set?
a greeting's question ;  ; how what hope ; ^\W*(?:\w+,? )?(?:what'?s (?:up|new)\?|how(?: ha)?(?:'ve| have|ve) (?:you|things) been\b[^?]{0,20}\?|(?:i |we )?hope (?:you|all|this|everything|things|that)\b) ; Hope you are well. ; I hope to hear from you.
a rhetorical tag ;  ; ? ; ^\W*(?:right|ok|okay|huh|really|guess what|who knows|why not|so what|what else|isn't it|remember|see|eh|no|yes|did you know|who cares|(?:any )?questions|interested|ready)\W*\?+\W*$ ; Right? ; Right size?
a rhetorical tag ;  ; can could would ; \b(?:can|could|would) you (?:believe|imagine)\b ; Can you believe it? ; Do you believe it?
an offer of help ;  ; questions queries problems concerns comments issues help assistance ; \b(?:let (?:me|us) know|call|contact|e-?mail|ring|ask|reach out|get in touch)\b.{0,70}\b(?:if|should|with|for)\b.{0,40}\b(?:questions?|concerns|problems?|issues|comments|help|assistance)\b ; Call me if you have questions. ; Call me about your questions.
an offer of help ;  ; if should when ; \b(?:let (?:me|us) know|call|contact|ask)\b.{0,70}\b(?:if|should|when)\b.{0,40}\b(?:anything|further|like me to|(?:need|want|require) (?:any|more|additional|me to|us to))\b ; Call us if you need any keys. ; Call us if you need the key.
an offer of help ;  ; if should ; \b(?:if|should) (?:you|there|anyone|any)\b.{0,60}\b(?:questions?|concerns?|problems?|issues|comments|anything)\b.{0,90}\b(?:let (?:me|us) know|call|contact|e-?mail|give|ask|drop)\b ; If you have questions, call me. ; If you can, answer my questions.
an offer of help ;  ; whenever when if should ; \b(?:when(?:ever)?|if|should) (?:i|we) can (?:be of|help|assist)\b|^\W*should you [^?]{0,60}\b(?:trouble|difficult(?:y|ies)|unable|problems?)\b ; Please advise whenever I can be of any assistance to you. ; Please advise when I can expect it.
an offer of help ;  ; feel hesitate service disposal help anything assist ; \bfeel free\b|\b(?:not|don't|never) hesitate\b|\bat your (?:service|disposal)\b|\b(?:anything .{0,20}(?:i|we) can (?:do|help)|if (?:i|we) can (?:be of|help|assist|do any))\b ; Feel free to call. ; Do you feel better?
a closing wish ;  ; look looking have enjoy hope ; \blook(?:ing)? (?:very much )?forward\b|^\W*(?:have|enjoy) (?:a|your|the|an)\b.{0,60}$|^\W*(?:i|we) (?:do )?hope (?!you c|to hear|to receive) ; Have a nice day. ; We have a plan.
somebody else's deed ;  ; back ; ^\W*(?!you\b|please\b|kindly\b|just\b)[a-z]+(?: said (?:he|she|they))?(?:'d|'ll| would| will) (?:get|come) back to (?:me|us)\b ; He would get back to me next week. ; Would you get back to me?
a closing wish ;  ; best good congratulations happy merry wishing ; ^\W*(?:(?:all the )?best|good luck|congratulations|happy (?:birthday|new|holidays?|easter|christmas|friday|monday)|merry|wishing)\b ; Happy Easter! ; Happy to help.
a closing wish ;  ; great nice lovely wonderful amazing fantastic good ; ^\W*(?:is|was)(?:n't| not) (?:that|this|it) (?:great|nice|lovely|wonderful|amazing|fantastic|good)\W*$ ; Isn't that great? ; Isn't that good enough?
an acceptance ;  ; let lets ; ^\W*(?:(?:ok(?:ay)?|yes|yep|great|sure|perfect|good|fine)\W+){0,2}let'?s (?:do (?:it|that|this)|go (?:ahead|for (?:it|that)|with (?:it|that|this))|proceed)\b[^?]{0,12}$ ; Yes, let's do it. ; Let's do it on Friday at ten.
an offer of help ;  ; any ; ^\W*(?:with |for )?any (?:other |further )?(?:questions|queries|problems|concerns|comments)\b[^?]*\b(?:call|contact|e-?mail|ring|let|give|ask|shout)\b ; Any questions, just shout. ; Any questions?
[requests]
wishes, lacks or wonders ; request ; hear know learn understand side see ; \b(?:(?:i|we|it)(?:'d| would)|would|keen|hoping|wondering) .{0,30}\b(?:hear|know|learn|understand) (?:your|what|how|whether|if|when|why|which|the)\b ; I would be keen to hear your side of it. ; It was great to hear your news.
wishes, lacks or wonders ; request ; would d help ; \b(?:it|that)(?:'d| would) (?:\w+ )?(?:help|be (?:great|good|nice|helpful|useful|wonderful|an honou?r|a help))(?: us| me)?(?: (?:to (?:have|get|know|see|hear|receive) (?!you\b)| ?if you)\b) ; It would be great to get your view on the draft. ; It would be great to see you again some day.
wishes, lacks or wonders ; request ; hoping hoped ; \b(?:hoping|hoped)(?: that)? you(?:'d| would| could| can| might|'ll| will)(?: be able to)? (?:help|assist|join|let|tell|provide|support|advise|give|find|share|consider|confirm|send)\b ; I was hoping you could help us with the translation. ; I hope you could enjoy the weekend.
wishes, lacks or wonders ; request ; lack lacking miss missing short ; (?<![\w'])(?:i|we)(?:'m| am|'re| are)?(?: still)? (?:lack|lacking|miss|missing|short of) (?:the|your|a|an|some|any) (?!(?:train|plane|bus|flight|point|sun|days?)\b)\w+ ; We still lack your signature on the form. ; We miss you.
wishes, lacks or wonders ; request ; wondering writing reaching wanted touch ; (?<!might be )(?<!may be )\bwondering (?:about|if|whether|how|when|what|where|who)\b|\b(?:writing|reaching out|in touch|wanted|calling) to (?:see|ask|find out|check|enquire|know)\b ; I was wondering about the status of our claim. ; You might be wondering what I do these days.
asks for a call ; call_me ; call ring phone buzz ; \b(?:please|pls|can you|could you|would you|just|either|to)\W+(?:\w+ )?(?:call|ring|phone) (?:me|us|my|back)\b|\bgive (?:me|us) a (?:call|ring|shout|buzz)\b|\breturn my call\b ; Could you call me? ; You could call him.
asks for a call ; call_me ; call ring phone speak talk ; ^\W*(?:\w+[,:] )?(?:call|ring|phone) (?:me|us)\b|\b(?:call|ring) me (?:back|when|at|on|to(?:day|morrow)|asap|later)\b|\bneeds? to (?:speak|talk) (?:to|with) you\b ; Call me tomorrow. ; They call me Jim.
proposes a time ; meeting_time ; can could shall should ; \b(?:can|could|shall|should|might) we (?:\w+ )?(?:meet|talk|speak|chat|get together|catch up|schedule|set up|arrange|do (?:lunch|a call)|have (?:a )?(?:call|lunch|coffee|meeting|chat))\b ; Shall we meet? ; Shall we order?
proposes a time ; meeting_time ; are would will does do ; \b(?:are|would|will) you (?:be )?(?:free|available|around|able to (?:meet|talk|join|attend))\b|\b(?:does|would|will|do)\b.{1,40}\b(?:work|suit|be (?:ok|okay|convenient|good))\b[^?]{0,30}\? ; Does Monday work? ; The pump will work.
proposes a time ; meeting_time ; how what ; \bhow (?:does|do|would)\b.{1,40}\bsound\b|\b(?:how|what) about\b.{0,40}(?:\b(?:mon|tue|wed|thu|fri|sat|sun|to(?:day|morrow)|noon|lunch|next|this (?:week|afternoon|morning|evening))|\d) ; How about Monday? ; How about you?
proposes a time ; meeting_time ; let lets ; \blet'?s (?:meet|talk|get together|have (?:lunch|a|coffee|dinner)|schedule|set up|plan|catch up|chat|speak|grab|discuss)\b ; Let's meet. ; Let's see.
proposes a time ; meeting_time ; when ; \bwhen (?:can|could|would|are|is|will|do|should) (?:we|you|i|it)\b.{0,60}\b(?:meet|talk|call|free|available|convenient|good|suit|visit)\b ; When are you free? ; When is it due?
proposes a time ; meeting_time ; like love want need hoping ; \b(?:(?:would|'d) (?:like|love)|want|need|hoping) to (?:meet|get together|schedule|set up|arrange|visit|come by|have (?:a )?(?:call|meeting|lunch|dinner))\b ; We would like to visit you. ; We had to meet them.
proposes a time ; meeting_time ; let tell advise ; \b(?:let me know|tell me|advise)\b.{0,25}\b(?:what time|which (?:day|date|time)s?|a (?:good|convenient) time|your availability)\b ; Tell me which day. ; Let me know your name.
proposes a time ; meeting_time ; let tell advise ; \b(?:let me know|tell me|advise)\b.{0,25}\bwhen\b(?! (?:the|our|my|th[eio]\w+|s?he|it|your?)\b(?!.{0,60}\b(?:suit|work|free|available|convenient|meet|call|talk|good))) ; Let me know when. ; Tell me when they ship.
asks to do something ; request ; if ; \bif you(?:'d| could| would| can)(?: please| also| just)? (?!need|want|have|like|see|be\b|attend|join|find|make it)\w+\b(?!.{0,60}\bfeel free) ; If you could send it. ; If you could see it.
asks to do something ; request ; can could would will won couldn ; \b(?:can|could|would|will|can't|couldn't|won't) (?:you|u|someone|anyone|somebody)(?: (?:all|please|also|just|kindly))* (?!believe|imagine|be (?:able|there)|have any|receive|need|want|hear)\w+ ; Can you check it? ; Will you be there?
asks to do something ; request ; mind able possible chance way have get see borrow ; \b(?:(?:would|do) you mind\b|(?:are you able to|is it possible to|can (?:i|we) (?:have|get|see|borrow))\b.*\?|any (?:chance|way) (?:you|of|we|that|i)\b|is there any ?way) ; Can we get a copy? ; We can get a copy.
asks to do something ; request ; like want ask asking request requesting urge ; \b(?:i|we) (?:(?:would|'d) (?:like|ask)|want) (?:for )?you to\b(?! know)|\b(?:ask|request|urge)(?:ing)? (?:that )?you (?:to|please)\b ; We ask you to sign. ; Did he ask you?
wants to be told ; request ; let keep tell advise ; \b(?:let|keep|tell|advise) (?:me|us) (?:know|have|posted|informed|updated|in the loop|what|how|when|if|whether|where|about|who|which|why|on)\b(?! that)(?<!to let us know) ; Keep me posted. ; It did tell us a lot.
wants to be told ; request ; advise get fill give rsvp r reply ; \b(?:(?:please|pls) advise|get back (?:to|with) (?:me|us)|fill me in|give me (?:your|the|some|an idea|any)|r\.?s\.?v\.?p|reply (?:to|by|back|asap|with)(?! (?:all|this)))\b ; RSVP by Monday. ; Our reply is late.
says please ; request ; please pls plz kindly ; \b(?:please|pls|plz|kindly)\b,? (?!find|note\b|be\b|see (?:att|below|the att|enc)|accept|feel|don't|do not|join\b|excuse|disregard|ignore|visit|click|refer|know)\w+ ; Please send it. ; Please find it attached.
says please ; request ; please pls don do forget ; \bplease (?:don't|do not) (?!reply|respond|hesitate|worry|print)\w|\b(?:don't|do not) forget to \w+|(?<=[\w,] )(?<!you )(?<!to )please\W*$ ; The keys, please. ; Please do not reply.
asks a question ; question ; ? ; (?:^|[^\w'])(?:who|what|when|where|why|which|how|whose|can|could|would|will|do|does|did|are|is|was|were|have|has|had|should|shall|may|am|any|don't|didn't)\b[^?]*\w[^\w?(]{0,3}(?<!right)(?<!huh)\? ; When is it due? ; Look at that?
asks a question ; question ; ? ; (?:^|[^\w'])(?:isn't|won't|can't|doesn't|haven't|whats?|wheres?|hows?|any\w+|you|your|thoughts|comments|ok|okay|correct|yes|or)\b[^?]*\w[^\w?(]{0,3}(?<!right)(?<!huh)\? ; You have it? ; Sent it?
asks in one word ; question ; ? ; ^\W*(?:(?:any|your|other|further) )?(?:thoughts?|ideas|comments|feedback|news|updates?|suggestions|objections|views?|opinions?|preferences?|joy|eta)\W*\?+\W*$ ; Thoughts? ; Ready?
asks in one word ; question ; and ; ^\W*and (?:what about )?(?:the|your|our|my) [\w-]+(?: [\w-]+){0,2}\?+\W*$ ; And the inductions? ; And the inductions are done.
wonders ; question ; wondering wonder curious ; \b(?:(?:was|am|i'm|were|are|just|been) wondering|i wonder|curious) (?:if|whether|what|how|about|why|when)\b ; I was wondering if it works. ; No wonder it fails.
announces a question ; request ; question thing point ; \b(?:one|quick|another|last|final|small|short) (?:more |last |quick |small )?(?:thing|question|point)\b\W{1,3}[^?]{3,160}\?\W*$ ; One thing: is it in stock? ; One question remains open.
asks in few words ; question ; ? ; ^\W{0,5}[a-z][\w'-]* [^?]{2,60}\w\W{0,2}(?<!right)\?+\W{0,5}$ ; Monday at ten? ; What? It works.
asks without a mark ; question ; what when where why how who which did do are is has have ; ^\W*(?:and |so |also |or |but )?(?:(?:did|do|have|are|has) (?:you|we|they|anyone)|(?:what|when|where|why|how|who|which) (?:is|are|do|does|did|will|would|can|should)|is (?:there|it|this)) \w+[^?]*$ ; Did you see it. ; Do it now.
wonders ; question ; like love interested appreciate value welcome ; \b(?:i|we)(?:'d| would) (?:be )?(?:like|love|interested|appreciate|value|welcome)(?: to| in)? (?:know|hear|hearing|understand|knowing|learn|your|any|(?:get|have) your)\b ; We'd love your view. ; We'd love a break.
wonders ; question ; need want wanted like trying try ; \b(?:need|want|wanted|like|trying|try) to (?:know|find out|ask(?: you)?|check|see|confirm|understand)\b(?:,? \w+){0,6} (?:if|whether|what|when|how|who|where|why|which)\b ; I want to know if it works. ; I want to know it.
needs something ; request ; need needs require ; \b(?:i|we)(?:'ll|'d| will| would| do| also| really| still| just| urgently)* (?:need|require) (?:your?|to (?:know|hear|have|get|see)|an?|the|some|any|this|these|it|that|another)\b ; We need the key. ; We need to go.
needs something ; request ; appreciate appreciated grateful ; (?:'d|\bwould|\bwill)(?: really| greatly| be| very| much| most)* (?:appreciated?|grateful)\b ; We would appreciate your help. ; He was grateful.
needs something ; request ; need must have ll ; (?<!ever )(?<!what )(?<!if )(?<!that )(?<!when )(?<!as )\byou(?:'ll)? (?:really |also |will )?(?:need to|must|have to)\b(?! (?:be|know|admit|feel|think|have been)\b)|\b(?:need|want) you to\b(?! know) ; You need to sign it. ; If you need to.
needs something ; request ; waiting awaiting due needed required like ; \b(?:(?:i|we)(?:'m| am|'re| are) (?:still )?(?:waiting (?:for|on)|awaiting) (?:your?|a|the)|(?:are|is) (?:due|needed|required) (?:by|on|no later|from you|before))\b ; We are waiting for your answer. ; We were waiting.
orders ; request ; send give tell fax provide bring fill return change print remove include confirm arrange book set ; ^\W*(?:\w+, |if [^,]{3,60}, |(?:and|also|then|so|just) ){0,2}(?:send|give|tell (?!you)|fax|provide|bring|fill|return|change|print|remove|include|confirm|arrange|book|set)\b(?! (?:of|is|are)\b) \w+ ; Jim, send the list. ; I send the list.
orders ; request ; add try ask contact follow work use run draft prepare find read reply complete review sign ; ^\W*(?:\w+, |if [^,]{3,60}, |(?:and|also|then|so|just) ){0,2}(?:add|try|ask (?!not)|contact|follow up|work with|use|run|draft|prepare|find|read|reply|complete|review|sign)\b(?! (?:of|is|are)\b) \w+ ; Jim, review the list. ; I review the list.
orders ; request ; forward check get see take look put pass call talk make order keep ; ^\W*(?:\w+, |if [^,]{3,60}, |(?:and|also|then|so|just) ){0,2}(?:forward|check|get|see if|take|look (?:at|into|over)|put|pass|call|talk to|make|order|keep) (?:it|this|the|me|your|him|sure|an?)\b ; Check the list. ; Check out soon.
[instructions]
for the case that ; case ; if ; ^\W*(?!if you (?:could|would|can)\b)if\b(?!.{0,60}\?) ; If it fails, restart it. ; If you can, restart it.
an answer to somebody else ; case ; rsvp respond reply ; \b(?:rsvp|respond|reply) (?:to|with) (?!me\b|us\b|this\b|my\b)\w+ ; Reply to Jim. ; Reply to me.
take part, note, use or pass on ;  ; attend join register print note mark remember pass use click visit log access install plan bring enter read follow ; \b(?:attend|join|register|print|note|mark your|remember|pass (?:it|this|the|along)|use|click|visit|log|access|install|plan (?:to|on)|bring|enter|read|follow the)\b ; Please register. ; Follow me.
take part, note, use or pass on ;  ; please pls kindly ; \b(?:(?:contact|call) (?!me|us|my|back)\w+|direct (?:any|all)|thank|mention|submit|save|discard|delete|ignore)\b ; Please contact Jim Ray. ; Please call me.
[promises]
will do ; do ; will consider leave ; (?:^\W*|[,.!;:–-] ?|\b(?:ok|okay|sure|yes|and|so|just) )(?:i |we )?(?:will do|consider it done|leave (?:it|that|this|them) (?:all )?(?:with|to) (?:me|us))\b ; Leave it with me. ; I wonder what he will do.
will do ; do ; on ; (?:^\W*|[,.!–-] ?)(?:i'm |we're )?on it(?=[,.!–-]|$| now| already) ; I'm on it. ; The date is on it.
you will have it ; send ; you ; \byou(?:'ll| will| should| shall)(?: also| then| \w+ly)? (?:have|get|receive) (?:it|them|this|that|everything|word|(?:my|our|the|an?) [\w-]+(?: \w+)?)(?:\W*$|[.,!;]| from (?:me|us)) ; You'll have it. ; You will have it tested.
you will have it ; send ; you ; \byou(?:'ll| will| should| shall) (?:also |then |\w+ly )?(?:hear|be (?:hearing|getting|receiving)|be the first to know)\b ; You will hear from us. ; Did you hear from us?
you can expect it ; send ; you ; \byou(?:'ll| will| should| shall)(?: also| then| \w+ly)? (?:get|receive|have|see|find) (?!to\b|been\b)(?:\S+ ){1,8}?(?:today|tomorrow|by|on|within|before|this|next|in your|shortly|soon|at)\b ; You will get the plan by Monday. ; You will have to send it by Monday.
I will tell or bring it to you ; send ; I WILL ; \b(?:i|we)(?:'ll| will| shall)(?: (?!not\b|never\b|be\b)\w+){0,2}? (?:send|forward|e-?mail|share|confirm|tell|update|write|drop|keep|let|get|give|show|have|bring|call|meet|see)\b.{0,25}\byour?\b ; I'll send you the list. ; I will miss you.
I will get back ; send ; I WILL ; \b(?:i|we)(?:'ll| will| shall)(?: \w+){0,2}? (?:(?:get|come|report) back|be (?:back )?in touch|be back (?:to|with)|follow[- ]?up|revert)\b ; We will be in touch. ; We will be back home.
I will ; do ; I WILL ; (?:^|[^\w'])i(?: (?:will|shall)|'ll)(?: <hedge>)* <deed>\b ; I'll check. ; I will need it.
we will ; do ; I WILL ; (?:^|[^\w'])we(?: (?:will|shall)|'ll)(?: <hedge>)* <deed>\b ; We'll check. ; We will need luck.
… and will ; do ; will shall ; \b(?:i|we)(?:'ve|'m|'re)?\b[^.;?]{3,150}\b(?:and|but|so|then),? (?:will|shall)(?: <hedge>)* <deed>\b ; I have it here and will send it. ; I hope it is and will be so.
going to ; do ; going gonna planning about plan intend ; \b(?:(?:i'm|i am|we're|we are)(?: also)? (?:going to|gonna|planning to|about to)|i (?:plan|intend) to) <deed>\b ; I'm going to ask him. ; We are going to need it.
let me ; do ; let ; ^\W*(?:(?:ok|okay|sure|yes|and|but|so|well) |\w+[,.!:-]+ ){0,2}let me (?:\w+ )?(?:check|look|put (?:it|this) to|find out|ask|talk|speak|call|review|dig|confirm|try|pull|follow|discuss)\b ; Ok, let me check. ; Please let me know.
will, without a subject ; do ; will ll ; (?:^|[.;!,–-] |\b(?:ok|sure|yes|thanks|but|also|so),? )\W*(?:will|'ll)(?: <hedge>)* <deed>\b(?! you\b.{0,40}\?)(?!.*\?\W*$) ; Thanks, will check. ; Will check-in work?
see you then ; meet ; see speak talk catch ; \b(?:see|speak (?:to|with)|talk to|catch) (?:you|everyone) (?:all )?(?:then|there|tonight|tomorrow|later today|on|at|next|this|in the|mon|tues|wed|thurs|fri) ; See you on Monday. ; I see you agree.
I can, by a time ; do ; can should able expect plan aim hope ; \b(?:i|we) (?:can|should|(?:should be )?able to|(?:expect|plan|aim|hope) to) (?:have|get|send|deliver|finish|call|make|meet|give|let you|ship|bring)\b(?=.*\b(?:by|on|to(?:day|morrow)|next)\b)(?!.*\?) ; I can send it by Monday. ; I can send it.
it will be sent ; send ; will ll ; (?<!you )(?<!i )(?<!we )(?:\bwill|'ll) (?:then |also |all |both )?be (?:sent|e?-?mailed|forwarded|provided|delivered|shipped)\b.*\b(?:your?|shortly|soon|tomorrow|today|by|later|next|this|on)\b ; The keys will be sent by Monday. ; The keys will be sent.
takes part ; meet ; count in accept ; ^\W*(?:\w+[,!:-]+ )?(?:count me in\b|i'm in(?! )|(?:i|we) (?:gladly |happily )?accept your\b) ; I'm in! ; I'm in Rome.
our people will ; do ; our my ; \b(?:our|my) (?:[\w-]+ ){1,3}?(?:will|should|is going to|are going to|can) (?!not\b|never\b|be (?:closed|open|out|away)\b)\w+ ; Our driver will bring it. ; Our office will be closed.
we are at it ; do ; i we im ; \b(?:i'm|i am|im|we're|we are)(?: just| now| also| already)? (?!going|being|having|hoping|writing|looking for)\w{2,}ing\b(?! to\b).*\b(?:it|this|them|for you|your|to(?:day|morrow)|next|\w+sday)\b ; I'm sending it today. ; I am writing to thank you.
we are at it ; do ; sending forwarding getting putting asking calling chasing checking looking sorting fixing arranging preparing working changing adding booking ordering updating reviewing confirming ; (?:^\W*|[,.!–-] )(?:just |now )?\w{2,}ing (?!to\b|for)(?:.* )?(?:it|this|that|them|for you|your|today|tomorrow|tonight|now|(?:mon|fri|\w+s)day)\b ; Ok, checking it now. ; Working to rule.
it will be done ; do ; will ; ^\W*(?:the|your|our|all|it|they|this)\b(?: [\w-]+){0,3}? will be [a-z]+(?:ed|sent|paid|done|made)\b.*\b(?:by|on|before|as soon as|once|to(?:day|morrow)|this|next|within)\b(?!.*\?) ; The order will be placed by noon. ; It will be hot by noon.
it comes to you ; send ; will ll should ; (?:\bwill|'ll|\bshould)(?: then| all| both)? (?:be with (?:you|them)|reach you|arrive|be (?:on (?:your|the) (?:desk|way)|in (?:your|the post))|follow|ship|leave (?:here|us|the|our)|go (?:out|off))\b ; It will be with you soon. ; We will be with family.
it comes to you ; send ; ships leaves arrives reaches goes going shipping leaving arriving coming being ; \b(?:ships|leaves|arrives|goes (?:out|in)|(?:go|com)ing (?:out|over|to you)|shipping|leaving|arriving|being (?:sent|shipped))\b.*\b(?:you|post|by|to(?:day|morrow)|tmrw|on|<day>)\b ; It goes out Wed. ; It goes out of stock.
it comes to you ; send ; way out ; \b(?:coming your way|on (?:its|their|the|his|her) way|out for delivery)\b ; It is on its way. ; That's the way.
[no_commitments]
somebody else's words ;  ; says say said tells told promised expects reckons confirms confirmed claims estimates thinks hopes ; ^\W*(?:(?:and|but|so|yes|ok),? |\w+, )?(?!(?:i|we)(?: |'))[\w'&. -]{2,40}? (?:says?|said|tells? (?:me|us)|told (?:me|us)|promised|expects?|reckons?|confirm(?:s|ed)|claims?|estimates?|thinks?|hopes?)\b ; Our printer says the catalogues will be with you next Monday. ; We confirmed the order and will send it today.
says where one is ;  ; road customer customers meetings travelling office returning answering ; ^(?!.*(?:\bwill\b|'ll\b|\blet me\b)).*(?:\bon the road\b|\bat (?:a|the) customers?\b|\bin meetings\b|\btravelling\b|\bout of (?:the )?office\b|\bjust (?:returning|answering) your\b) ; Just returning your call, I am on the road today. ; I will call you from the road today.
somebody else's words ;  ; according apparently hear gather understand told ; ^\W*(?:according to|apparently|i(?:'m| am) told|i (?:hear|gather|understand) (?:from|that))\b ; According to the printers the brochures will be shipped by Thursday. ; I hear you and will send it.
somebody else's deed ;  ; driver drivers courier couriers carrier forwarder airline customs hotel venue post ; ^\W*(?:(?:and|but|so|then),? )?(?:the|your|his|her|their|a) (?:[\w-]+ )?(?:drivers?|couriers?|carriers?|forwarders?|airline|post|customs|hotel|venue)\b ; The driver will call you before he arrives. ; Our driver will call you before he arrives.
somebody else's deed ;  ; bank lawyer lawyers accountant accountants insurer customer customers client clients subcontractor ; ^\W*(?:(?:and|but|so|then),? )?(?:our|my) (?:[\w-]+ )?(?:bank|lawyers?|accountants?|insurers?|customers?|clients?|subcontractors?)\b ; Our bank will send the letter next week. ; We will send the letter to our bank.
somebody else's deed ;  ; mill supplier suppliers vendor manufacturer printer printers publisher contractor contractors agent agency broker ; ^\W*(?:(?:and|but|so|then),? )?(?:the|your|his|her|their) (?:[\w-]+ )?(?:mill|suppliers?|vendor|manufacturer|printers?|publisher|contractors?|agen(?:cy|t)|broker)\b ; The customs agent will contact you directly tomorrow. ; The agenda will be sent to you tomorrow.
somebody else's deed ;  ; council court ministry committee inspector inspectors surveyor architect buyer buyers authority authorities ; ^\W*(?:(?:and|but|so|then),? )?(?:the|your|his|her|their) (?:[\w-]+ )?(?:council|court|ministry|committee|inspectors?|surveyor|architect|buyers?|authorit(?:y|ies))\b ; The council will decide in May. ; The counsel that I give is free.
somebody else's deed ;  ; bank lawyer lawyers solicitor notary accountant accountants auditor auditors insurer landlord ; ^\W*(?:(?:and|but|so|then),? )?(?:the|your|his|her|their) (?:[\w-]+ )?(?:bank|lawyers?|solicitors?|notary|accountants?|auditors?|insurers?|landlord)\b ; Your accountant will send you the forms next week. ; The accounts team will send you the forms next week.
somebody else's deed ;  ; tenant tenants customer customers client clients colleague colleagues boss assistant secretary ; ^\W*(?:(?:and|but|so|then),? )?(?:the|your|his|her|their) (?:[\w-]+ )?(?:tenants?|customers?|clients?|colleagues?|boss|assistant|secretary)\b ; Your assistant will send you the forms next week. ; My assistant will send you the forms next week.
a named person's or company's deed ;  ; will going ; ^\W*(?:(?:and|but|so|then),? )?(?:(?:mr|ms|mrs|dr)\b\.? [a-z-]+|head office) (?:will|is going to)\b ; Ms. Okafor will get back to you tomorrow. ; Ms. Okafor, I will get back to you tomorrow.
a named person's or company's deed ;  ; will ; ^\W*(?!(?:i|we|you|our|my|it|this|that|\w+ly|and|but|so|then|also|accounts|finance|support|sales)\b)[a-z]{2,}(?: and (?!i )[a-z]+)? will (?:call|send|update|contact|visit|get back)\b ; Anna and Piet will send you the minutes tomorrow. ; Accounts will send you the invoice tomorrow.
a named person's or company's deed ;  ; they he she ; ^\W*(?:(?:and|but|so|then),? )?(?:he|she|they)(?: |')(?:will|'?ll|is|are|hopes?|wants?|plans?)\b(?!.*\b(?:i|we)(?:'ll| will)\b) ; They will deliver it on Tuesday. ; Then we will deliver it on Tuesday.
what one of ours wants ;  ; wants want needs need expects expect asks ; \b(?:my|our) (?:[\w-]+ )?[\w-]+ (?:wants?|needs?|expects?|asks?) (?!you to\b) ; My boss wants an answer by tomorrow. ; My boss will send you an answer by tomorrow.
agrees to a time ;  ; works suits fine good great perfect ; (?<!if )\b(?:\w*day|tomorrow|that|\d(?:st|nd|rd|th)|at \d[\d:. apm]*)\b(?:(?!\bif\b)[^.!?]){0,12} (?:works|suits|is (?:fine|good|great|perfect))\b(?!.*\b(?:i|we)(?:'ll| will)) ; Thursday at 3 works. ; Thursday works, I'll send an invitation.
denied ;  ; can cannot able unable won not ; \b(?:i|we)(?:'m| am|'re| are)? (?:sadly |unfortunately |still |really )?(?:can't|cannot|can not|couldn't|unable|not able|won't be|will not be|won't have|won't make)\b(?! (?:wait|a problem|late)) ; I can't get you the samples by Friday. ; I can get you the samples by Friday.
denied ;  ; think believe expect doubt way suppose ; \b(?:i|we) (?:don't|do not|didn't) (?:think|believe|expect|suppose) (?:that )?(?:i|we)\b|\b(?:i|we) (?:very much |really )?doubt\b|\bno way (?:that )?(?:i|we)\b ; I don't think I'll make it on Friday. ; I think I'll make it on Friday.
waits ;  ; await awaiting wait waiting expect look looking hear ; \b(?:i|we)(?:'ll| will|'m| am|'re| are)?(?: now| still)? (?:await|wait(?:ing)? (?:for|until)|expect your|look(?:ing)? out for|hear from)(?!.*\band (?:then )?(?:send|call|get|let|give)\b) ; I'll await your call on Monday. ; I'll return your call on Monday.
is somewhere, or can be reached ;  ; around available reachable free away travelling office meetings town vacation holiday leave ; \b(?:i|we)(?:'ll| will|'m| am|'re| are) (?:be )?(?:around|available|reachable|free|away|travell?ing|in (?:the office|meetings|town)|on (?:vacation|holiday|leave))\b ; I'll be available tomorrow between 2 and 4. ; I'll be at your office tomorrow at 2.
is somewhere, or can be reached ;  ; next this until all tomorrow today ; \b(?:i|we)(?:'ll| will|'m| am|'re| are) (?:be )?in (?!touch|contact|charge|your|the)[a-z]+ (?:next|this|until|all|tomorrow|today)\b ; I will be in Denver next week. ; I will be in touch next week.
is somewhere, or can be reached ;  ; out off ; \b(?:i|we)(?:'ll| will|'m| am|'re| are) (?:be )?(?:out (?:of|until|all)|off (?:on|until|from|to))\b ; I'll be out until Thursday. ; It will be out on Thursday.
is somewhere, or can be reached ;  ; back ; \b(?:i|we)(?:'ll| will|'m| am|'re| are)(?: \w+ly)? (?:be )?back (?:on|in|at|by|from|next|home|tomorrow|monday|tuesday|wednesday|thursday|friday)\b ; I'll be back in the office on Monday. ; I'll be back to you on Monday.
is somewhere, or can be reached ;  ; arrive land fly get check ; \b(?:i|we)(?:'ll| will)(?: \w+ly)? (?:arrive|land|fly|get in|get home|check (?:in|out) (?:at|on|of))\b(?!.*\byour?\b) ; I will arrive in Leeds around 4 on Friday. ; I will arrive at your office at 4.
is somewhere, or can be reached ;  ; phone mobile cell laptop reach call ring find ; \b(?:i|we)(?:'ll| will) have (?:my|our) (?:phone|mobile|cell|laptop)|\byou (?:can|could|may) (?:\w+ )?(?:reach|call|ring|find|get|text) (?:me|us|hold)\b ; You can reach me on my cell tomorrow. ; I can reach you on your cell tomorrow.
what the reader has to do ;  ; you ; ^\W*you(?:'ll| will| shall)? (?:have to|need to|must|be required to|be asked to|be able to)\b ; You will have to sign at the gate. ; You will have it at the gate.
a manner of speaking ;  ; decide go judge honest say admit bet leave spare ; \b(?:i|we)(?:'ll| will)(?: just)? (?:let you (?:decide|go|judge)|be (?:honest|frank)|say (?:this|that)|admit|bet|leave it (?:at|there)|spare you)\b ; I'll let you decide. ; I'll let you know.
[conditions]
on a condition ;  ; once if unless until provided assuming soon subject depending ; \b(?:once|if|unless(?! otherwise)|until|provided|assuming|as soon as(?! possible)|subject to|depending on)\b ; I will if I can. ; As soon as possible.
on a condition ;  ; when whenever after should upon ; \b(?:when(?:ever)? (?:i|we|you|he|she|it|they|the|my|our)|after (?:i|we|you|he|she|they|the \w+ (?:is|are|has))|should (?:you|anything)|upon (?:receipt|approval))\b ; Payment upon receipt. ; After lunch.
do this and I will ;  ; send give get let tell call forward ; ^\W*(?:please )?(?:send|give|get|let|tell|call|e-?mail|forward)\b.{5,120}\band (?:i|we)(?:'ll| will)\b ; Send me the list and I'll check it. ; I'll send it and you will see.
[promise_sorts]
send ; send ; back know posted informed updated ; \b(?:(?:get|come|report) back|let (?!me\b|us\b)\w+ know|keep \w+ (?:posted|informed|updated|in))\b ; I'll let you know. ; Let me know.
call ; call ; call ring phone telephone dial ; \b(?:call|ring|(?<!\bmy )(?<!\bthe )(?<!\bby )(?<!\byour )(?:tele)?phone|give \w+ a (?:call|ring|buzz|bell|shout)|dial)\b(?! (?:it|this|for)\b) ; I'll phone him. ; I'll do it by phone.
meet ; meet ; see meet there attend attending join come stop drop visit swing ; \b(?:see you|meet|be there|attend|attending|join (?:you|us|the)|come (?:by|over|to|in|down|up)|(?:stop|drop|swing) by|visit)\b ; I'll come over. ; It may come late.
meet ; meet ; call meeting lunch coffee dinner ; \b(?:be (?:at|on|in) the (?:call|meeting)|have (?:lunch|coffee|dinner))\b ; I'll be at the meeting. ; I'll prepare the meeting.
send ; send ; send sending forward forwarding email mail e fax reply respond provide share update confirm circulate copy deliver submit write follow tell advise details ; \b(?:send|forward|mail|e-?mail)(?:ing)?\b|\b(?:fax|reply|respond|provide|share|update|confirm|circulate|copy|deliver|submit|write|follow[- ]?up|tell|advise|details)\b ; I'll send it. ; The sender is known.
send ; send ; get have ; \b(?:get (?:you|it|that|this|them|those|a)\b.{0,30}\b(?:to|you|over|out|back)|have (?:\w+ ){1,2}(?:(?:to|for) you|over|ready|back))\b ; I'll get it out today. ; I'll get it.
send ; send ; you keep touch give drop post ; \b(?:you(?:'ll| will| should) (?:have|get|receive|hear|be)|(?:keep|give|drop) you|be in touch|post)\b ; You'll have it. ; You have it.
[deliveries]
sends it with this ;  ; attached enclosed enclosing attaching here below requested promised discussed agreed find see ; \b(?:attached|enclosed|enclosing|attaching|here(?:'s| is| are| you go| they are| it is)|(?:find|see) below|below (?:is|are|you)|as (?:requested|promised|discussed|agreed))\b ; Here is the list. ; Come here below noon.
sends it with this ;  ; sent forwarded emailed mailed faxed posted shared uploaded shipped ; \b(?:i|we)(?:'ve| have)? (?:just )?(?:sent|forwarded|e?-?mailed|faxed|posted|shared|uploaded|shipped)\b|\b(?:has|have) been (?:sent|shipped|posted|dispatched)\b ; I have sent it. ; He sent it.
sends it with this ;  ; gone way ; \b(?:(?:has|have) (?:just )?gone (?:out|off)|is on its way|are on their way)\b ; It is on its way. ; Out of the way.
[completions]
says it is done ;  ; called spoke spoken talked rang phoned met checked looked confirmed arranged booked scheduled left ; \b(?:i|we)(?:'ve| have)? (?:just |already |now |also )?(?:called|spoke|spoken|talked|rang|phoned|met|checked|looked|confirmed|arranged|booked|scheduled|left (?:you )?a (?:message|voicemail))\b ; I spoke to him. ; He spoke to us.
says it is done ;  ; fixed updated changed corrected ordered completed finished done did signed submitted added removed credited refunded paid reviewed ; \b(?:i|we)(?:'ve| have)? (?:just |already |now |also )?(?:fixed|updated|changed|corrected|ordered|completed|finished|done|did|signed|submitted|added|removed|credited|refunded|paid|reviewed)\b ; We fixed it. ; Is it fixed?
says it is done ;  ; good great nice lovely further following after thanks ; \b(?:(?:good|great|nice|lovely) (?:to (?:speak|talk|chat|meet|see)|(?:speak|talk|chatt|meet|see)ing)|(?:further to|following|after|thanks for) (?:our|the|your) (?:call|chat|meeting|visit))\b ; Great speaking with you. ; A great speaker.
says it is done ;  ; done sorted fixed booked confirmed place complete ; \bis (?:now )?(?:done|sorted|fixed|booked|confirmed|in place|complete)\b ; The visit is booked. ; Have you booked it?
[thanks]
thanks ;  ; thanks thank thx ty ta cheers ; ^\W*(?:(?:many|great|perfect|ok|okay|lovely|brilliant|excellent|super|got it|all good|that'?s|noted|much|oh|ah)[,.!–-]*\s+){0,4}(?:thanks|thank you|thx|ty|ta|cheers)\b.{0,80}$ ; Many thanks! ; We sent it, thanks.
thanks ;  ; great perfect brilliant excellent lovely wonderful appreciated noted understood ok okay sounds agreed ; ^\W*(?:(?:ok|okay|much|oh|ah|cheers|that'?s)[,.!–-]*\s+){0,2}(?:great|perfect|brilliant|excellent|lovely|wonderful|appreciated|noted|understood|ok|okay|sounds (?:good|great)|agreed)\b.{0,80}$ ; Ok, great. ; The lock is great.
thanks ;  ; will got fine good no welcome all that received works yes yep ; ^\W*(?:(?:ok|okay|oh|ah|cheers|great)[,.!–-]*\s+){0,2}(?:will do|got it|fine|good|no (?:problem|worries)|you'?re welcome|all good|that'?s (?:all|good|fine)|received|works for me|yes|yep)\b.{0,80}$ ; Great, got it. ; We got it.
[withdrawals]
takes it back ;  ; never nevermind ignore disregard scratch forget cancel ; \b(?:never ?mind|(?:ignore|disregard) (?:my|this|that|the|me|previous)|scratch that|forget (?:it|about it|my)|cancel (?:my|that|this) (?:request|question|order))\b ; Please ignore my mail. ; They ignore us.
takes it back ;  ; sorted found solved worked problem all ; \b(?:(?:we|i)(?:'ve| have)? (?:now )?(?:sorted|found|solved|worked) (?:it|this|that|the)|sorted (?:it|now|this)|found it|all sorted|problem solved)\b ; We found it. ; He found work.
takes it back ;  ; no longer need don worry ; \b(?:no longer (?:need|require|necessary|needed)|no need (?:to (?:reply|respond|answer|(?:get|come) back|worry|do anything)|for an? (?:reply|answer))|don't worry about (?:it|this|that|my))\b ; No need to reply. ; No need for keys.
takes it back ;  ; no ; \bno (?:further |more |additional )?(?:action|steps?|input|information|response|reply|answer|follow[- ]?up) (?:is |are )?(?:needed|required|necessary)\b ; No further action is needed. ; No answer came.
takes it back ;  ; nothing ; \b(?:nothing (?:further|more|else) (?:is )?(?:needed|required|necessary)|nothing (?:\w+ )?needs (?:to be done|doing)|there(?:'s| is) nothing (?:\w+ ){0,4}to (?:do|be done))\b(?!.*\?) ; There is nothing more to do. ; Nothing is done.
takes it back ;  ; resolved settled dealt taken sorted cleared closed ; \b(?:this|that|the (?:matter|question|issue|request|problem|point)) (?:is|has been|was) (?:now |already |since |all )?(?:resolved|settled|dealt with|taken care of|sorted|cleared up|closed)\b(?!.*\?) ; That is now resolved. ; The shop is closed.
takes it back ;  ; consider ; \bconsider (?:it|this|that|the (?:matter|question)) (?:closed|settled|resolved)\b ; Consider it closed. ; Consider it.
[releases]
lets off ;  ; no don not bother manage needed longer ; \b(?:no need (?:to|for you to)|(?:don't|do not) (?:need|have) to) (?:send|call|ring|bother|chase|prepare|come|do|follow|check|worry)\b|\b(?:don't bother|we'll manage without|not needed any ?more)\b ; No need to call. ; No need to reply.
lets off ;  ; longer ; \bno longer need(?:s|ed)? (?:the|it|that|this|your|a|to)\b ; We no longer need the keys. ; No longer in need.
[postponements]
puts off ;  ; need needs take takes require requires running extra behind late ; \b(?:(?:need|take|require)s? (?:a (?:bit|little|few)|some|another|until|till|more|one more|two more) (?:more |longer |days?|time|until|\w+day)|running (?:late|behind)|an extra (?:day|week))\b ; We need a few more days. ; We need more bolts.
puts off ;  ; delayed postponed pushed moved rescheduled push pushing slip slips slipped slipping ; \b(?:(?:is|be|been|are) (?:delayed|postponed|pushed back|moved|rescheduled)|push(?:ing)? (?:it|this|that|them|back|out|(?:the|our|my) \w+)|slip(?:s|ped|ping)? (?:to|by|until))\b ; The visit is postponed. ; We moved house.
puts off ;  ; won not t cannot unable ; \b(?:won't|will not|can't|cannot|not going to|(?:unable|not able) to) (?:be able to )?(?:make|have|get|manage|finish|send|meet|do|deliver|ship|call|come)\b ; I can't make Friday. ; I can't see it.
puts off ;  ; instead rather ll will ; \b(?:(?:instead of|rather than) (?:mon|tues|wednes|thurs|fri|tomorrow|today)|(?:it|this|that|they)(?:'ll| will) (?:now )?(?:only )?be (?:mon|tues|wednes|thurs|fri|tomorrow|next)) ; It will be Monday. ; It will be good.
puts off ;  ; delay delays ; \b(?:an?|some|(?:a )?(?:slight|short|small|bit of (?:a )?)|further|another) delays? (?:with|on|to|in|at|from|of \w+ (?:day|week)s?)\b ; There is a delay with the boxes. ; We ship without delay.
puts off ;  ; postpone reschedule move shift put push ; \b(?:postpone|reschedule|move|shift|put off|put back) (?:it|this|that|them|(?:the|our|my|your) [\w' -]{2,40}?) (?:to|until|till|by|for|back)\b ; Can we move the call to Friday? ; We move boxes to the cellar.
puts off ;  ; postpone reschedule move shift push ; \b(?:have|need|want|like|got) to (?:postpone|reschedule|move|shift|push)\b ; We have to move it. ; They push it to us.
puts off ;  ; instead ; \b(?:\w+day|tomorrow|tonight|(?:next|this|end of) \w+|the \d+\w*|\d{1,2}(?:\w\w)?(?: of)? \w+|\w+ \d{1,2}(?:\w\w)?)(?: (?:at|by|before) [\w: .]{1,12})? instead\b ; Can we say Friday at 3 instead? ; We use bolts instead.
puts off ;  ; instead now not rather ; \binstead,? (?:on |by |at )?(?:mon|tue|wed|thu|fri|tomorrow|next)|\b(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri)(?:day)?|tomorrow) (?:now|not \w+day|rather than)\b ; Let us make it Monday now. ; Now on Monday.
asks for another time, or grants it ;  ; enough early ok okay fine alright right late good do acceptable ; \b(?:would|is|will|could)(?: it be)? (?:(?:mon|tue|wed|thu|fri)\w*|to(?:day|morrow)|(?:next|end of) \w+|the \d+\w*)(?: [\w ]{1,20})? (?:be )?(?:ok|okay|all ?right|fine|\w+ enough|too late|do)\b ; Would Friday be fine? ; Would you be fine?
asks for another time, or grants it ;  ; soon early good quick ; \b(?:(?:mon|tue|wed|thu|fri)\w*|to(?:day|morrow)|(?:next|end of) \w+|the \d+\w*)(?: [\w ]{1,20})?(?: is| will be| would be|'s) (?:soon|early|good|quick) enough\b ; Friday is soon enough. ; The paint is good.
asks for another time, or grants it ;  ; rush hurry urgent time ; \b(?:no (?:rush|hurry)|not urgent|take your time)\b.{0,40}\b(?:(?:mon|tue|wed|thu|fri)\w*|tomorrow|tonight|next \w+|end of \w+)\b ; No rush, Monday will do. ; No rush.
asks for another time, or grants it ;  ; doesn don does do needn ; \b(?:doesn't|does not|don't|do not|needn't) (?:need|have) to be (?:before|until|by|today|this)\b ; It doesn't have to be today. ; It has to be today.
[given_up_times]
denies or replaces a time ;  ; can cannot won not unable couldn don doesn ; \b(?:can't|can ?not|won't|will not|couldn't|(?:unable|not (?:be )?(?:able|going)) to|don't|doesn't)\b(?:(?![,;:.] |[-–] | (?:but|so|then) |\b(?:until|till|before|i'll|we'll) )[^?]){0,100} ; I can't make Tuesday. ; I can make Tuesday.
denies or replaces a time ;  ; not ; \bnot (?=(?:on |by |for |this |next )?(?:mon|tue|wed|thu|fri|tomorrow|today|week))(?:(?![,;:.] |[-–] | (?:but|so|then) |\b(?:i'll|we'll) )[^?]){0,100} ; On Monday, not on Friday. ; Not quite on time.
denies or replaces a time ;  ; instead rather ; \b(?:instead of|rather than) (?:(?![,;:.] |[-–] )[^?]){0,40} ; Monday instead of Friday. ; Monday instead.
[complaints]
tells of something missing ;  ; haven hasn not never ; \b(?:i|we|he|she|they)(?: have|'ve| had|'d| has|'s)?(?: still| yet)? ?(?:haven't|hasn't|not|never)(?: yet)? (?:received|heard|had|got|seen|been (?:sent|given|told|paid|credited|refunded))\b ; We have not received it. ; We received it.
tells of something missing ;  ; hasn has haven have didn did never ; \b(?:hasn't|has not|haven't|have not|didn't|did not|never)(?: yet| even)? (?:arrived?|(?:turned?|shown?) up|come|came|been (?:delivered|fixed|done|paid|credited|refunded))\b ; It never arrived. ; It has arrived.
tells of something missing ;  ; still nothing missing chased ; \bstill (?:no|nothing|waiting|not)\b|\b(?:heard|received|had) nothing\b|\b(?:is|are|was|were) missing\b|\bchased (?:this|you|it)\b ; Two boxes are missing. ; It still works.
tells of something wrong ;  ; wrong broken damaged faulty leaking down late short incorrect defective cracked working ; \b(?:is|are|was|were|it's|they're|arrived|came) (?:\w+ ){0,2}(?:wrong|broken|damaged|faulty|leaking|down|late again|short|incorrect|defective|cracked|not working)\b(?! (?:to|by|on|for|there|here)\b) ; One was broken. ; We were down there.
tells of something wrong ;  ; doesn does don won can cannot isn aren stopped not ; \b(?:doesn't|does not|don't|won't|can't|cannot|isn't|aren't|stopped|not) (?:work(?:ing)?|open(?:ing)?|load(?:ing)?|log in|start(?:ing)?|get in|accepted)\b ; The door won't open. ; The door won't be blue.
tells of something wrong ;  ; wrong charged overcharged mistake error not ; \bthe wrong \w+|\b(?:charged twice|overcharged|(?:a mistake|an error) (?:on|in|with)|not what (?:we|i) (?:ordered|asked for|agreed|expected))\b ; You sent the wrong box. ; Is it wrong?
tells of displeasure ;  ; disappointed disappointing unacceptable unhappy happy frustrated frustrating annoyed fed poor ; \b(?:disappointed|disappointing|unacceptable|unhappy|not (?:very |at all )?happy|frustrated|frustrating|annoyed|fed up|poor service)\b ; We are not happy. ; We are happy.
tells of displeasure ;  ; promised said told ; ^\W*(?:you|your \w+)(?: had| have|'d)? (?:promised|said|told (?:us|me))\b ; You promised it. ; As you said.
[acknowledgements]
says it came ;  ; got received seen have thank thanks ; \b(?:(?:got|received|seen|have) (?:it|this|that|your (?:e-?mail|message|note|mail|request|question|voicemail|call))|thanks? (?:you )?for (?:your|the|this|that|\w+ing))\b ; Got it. ; We have blue.
says it came ;  ; on looking look working noted leave bear let acknowledge understood apologies sorry ; \b(?:(?:i'm )?on it|look(?:ing)? into (?:it|this|that)|(?:am |are |'m |'re )?working on (?:it|this|that)|noted|leave it with me|bear with (?:me|us)|let me (?:check|look|see|find out|ask))\b ; Looking into it. ; Look at it.
says it came ;  ; will back acknowledge understood apologies sorry ; \b(?:(?:get|come) back to you|will (?:(?:get|come) back|look|check|revert|respond|reply)|acknowledge|understood|apologies|sorry)\b ; We will check. ; They come back.
[tags]
says nothing ;  ; just returning tried missed got touch touching phone tag ; \b(?:just (?:returning|trying|checking in|following up|to say)|returning your call|tried (?:to call|calling|you|ringing)|(?:missed|got) your (?:call|message)|touch(?:ing)? base|phone tag)\b ; Just returning your call. ; Just a copy.
says nothing ;  ; will ll ; (?:\bwill|'ll) (?:try|call|ring|get back|come back|be in touch|speak|respond|reply|catch up)(?: (?:to )?(?:you|again|back))*(?: (?:later|soon|shortly|asap|when i can|as soon as i can))*\W*$ ; Will call you later. ; Will call on Monday.
[greetings]
greets ;  ; hi hello hey dear good morning afternoon greetings ; ^\W*(?:hi|hello|hey|dear|(?:good )?(?:morning|afternoon|evening|day)|greetings)(?:,? [\w.'&-]+(?: [\w.'&-]+){0,3})?\W*$ ; Good morning, Jim ; Good work, Jim
greets ;  ; regards best cheers sincerely thanks thank kind many ; ^\W*(?:(?:(?:kind|best) )?regards|best(?: wishes)?|cheers|sincerely|(?:many )?thanks|thank you)(?:,? (?:again|in advance|and regards|so much|very much))?(?:,? [\w.'-]+){0,2}\W*$ ; Kind regards, Jim ; Jim sends his regards
[broadcasts]
to many ;  ; all everyone everybody team folks colleagues members friends guys gentlemen ladies employees customers people ; ^\W*(?:\w+[ ,]+){0,3}(?:all|everyone|everybody|team|folks|colleagues|members|friends|guys|gentlemen|ladies|employees|customers|people)\b\W*(?:[,:!.-]|$) ; Dear members, ; Dear member,
""",
    deed=_DEEDS,
    hedge=_HEDGES,
    day=_DAYS,
    glad=_GLAD,
    definite=_DEFINITE,
    vague=_VAGUE,
)

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
    **_TABLES,
)
