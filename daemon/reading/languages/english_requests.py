"""English rules for requests, questions and proposed times, and for what only looks like them."""

from __future__ import annotations

from daemon.reading.languages.rules import rule_table

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
COURTESIES = rule_table(
    r"""
an offer without a time ;  ; glad gladly happy happily delighted pleased love ; ^\W*(?:(?:thanks|and|but|so|also|of course),? )?(?:<glad>) \w+\b(?!.*(?:\?|\d|\b(?:<definite>)\b)).*\b(?:<vague>)\b ; I'd be glad to drop by some time. ; I'd be glad to drop by on Monday, any time.
a greeting's question ;  ; how what ; ^\W*(?:\w+,? )?(?:how are (?:you|things|u)\b[^?]{0,40}\?|how(?:'s| is| was| were) (?:it going|everything|life|the family|your (?:weekend|holiday|trip|vacation|day))\b[^?]{0,30}\?) ; Hi, how are you? ; How are prices set?
a greeting's question ;  ; how what hope ; ^\W*(?:\w+,? )?(?:what'?s (?:up|new)\?|how(?: ha)?(?:'ve| have|ve) (?:you|things) been\b[^?]{0,20}\?|(?:i |we )?hope (?:you|all|this|everything|things|that)\b) ; Hope you are well. ; I hope to hear from you.
a rhetorical tag ;  ; ? ; ^\W*(?:right|ok|okay|huh|really|guess what|who knows|why not|so what|what else|isn't it|remember|see|eh|no|yes|did you know|who cares|(?:any )?questions|interested|ready)\W*\?+\W*$ ; Right? ; Right size?
a rhetorical tag ;  ; can could would ; \b(?:can|could|would) you (?:believe|imagine)\b ; Can you believe it? ; Do you believe it?
an acceptance ;  ; let lets ; ^\W*(?:(?:ok(?:ay)?|yes|yep|great|sure|perfect|good|fine)\W+){0,2}let'?s (?:do (?:it|that|this)|go (?:ahead|for (?:it|that)|with (?:it|that|this))|proceed)\b[^?]{0,12}$ ; Yes, let's do it. ; Let's do it on Friday at ten.
an offer of help ;  ; questions queries problems concerns comments issues help assistance ; \b(?:let (?:me|us) know|call|contact|e-?mail|ring|ask|reach out|get in touch)\b.{0,70}\b(?:if|should|with|for)\b.{0,40}\b(?:questions?|concerns|problems?|issues|comments|help|assistance)\b ; Call me if you have questions. ; Call me about your questions.
an offer of help ;  ; if should when ; \b(?:let (?:me|us) know|call|contact|ask)\b.{0,70}\b(?:if|should|when)\b.{0,40}\b(?:anything|further|like me to|(?:need|want|require) (?:any|more|additional|me to|us to))\b ; Call us if you need any keys. ; Call us if you need the key.
an offer of help ;  ; if should ; \b(?:if|should) (?:you|there|anyone|any)\b.{0,60}\b(?:questions?|concerns?|problems?|issues|comments|anything)\b.{0,90}\b(?:let (?:me|us) know|call|contact|e-?mail|give|ask|drop)\b ; If you have questions, call me. ; If you can, answer my questions.
an offer of help ;  ; whenever when if should ; \b(?:when(?:ever)?|if|should) (?:i|we) can (?:be of|help|assist)\b|^\W*should you [^?]{0,60}\b(?:trouble|difficult(?:y|ies)|unable|problems?)\b ; Please advise whenever I can be of any assistance to you. ; Please advise when I can expect it.
an offer of help ;  ; any ; ^\W*(?:with |for )?any (?:other |further )?(?:questions|queries|problems|concerns|comments)\b[^?]*\b(?:call|contact|e-?mail|ring|let|give|ask|shout)\b ; Any questions, just shout. ; Any questions?
an offer of help ;  ; feel hesitate service disposal help anything assist ; \bfeel free\b|\b(?:not|don't|never) hesitate\b|\bat your (?:service|disposal)\b|\b(?:anything .{0,20}(?:i|we) can (?:do|help)|if (?:i|we) can (?:be of|help|assist|do any))\b ; Feel free to call. ; Do you feel better?
a closing wish ;  ; look looking have enjoy hope ; \blook(?:ing)? (?:very much )?forward\b|^\W*(?:have|enjoy) (?:a|your|the|an)\b.{0,60}$|^\W*(?:i|we) (?:do )?hope (?!you c|to hear|to receive) ; Have a nice day. ; We have a plan.
somebody else's deed ;  ; back ; ^\W*(?!you\b|please\b|kindly\b|just\b)[a-z]+(?: said (?:he|she|they))?(?:'d|'ll| would| will) (?:get|come) back to (?:me|us)\b ; He would get back to me next week. ; Would you get back to me?
a closing wish ;  ; great nice lovely wonderful amazing fantastic good ; ^\W*(?:is|was)(?:n't| not) (?:that|this|it) (?:great|nice|lovely|wonderful|amazing|fantastic|good)\W*$ ; Isn't that great? ; Isn't that good enough?
a closing wish ;  ; best good congratulations happy merry wishing ; ^\W*(?:(?:all the )?best|good luck|congratulations|happy (?:birthday|new|holidays?|easter|christmas|friday|monday)|merry|wishing)\b ; Happy Easter! ; Happy to help.
""",
    glad=_GLAD,
    definite=_DEFINITE,
    vague=_VAGUE,
)

REQUESTS = rule_table(r"""
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
asks to do something ; request ; if ; \bif you (?:could|would|can)(?: please| also| just)? (?!need|want|have|like|see|be\b|attend|join|find|make it)\w+\b(?!.{0,60}\bfeel free) ; If you could send it. ; If you could see it.
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
asks in few words ; question ; ? ; ^\W{0,5}[a-z][\w'-]* [^?]{2,60}\w\W{0,2}(?<!right)\?+\W{0,5}$ ; Monday at ten? ; What? It works.
asks without a mark ; question ; what when where why how who which did do are is has have ; ^\W*(?:and |so |also |or |but )?(?:(?:did|do|have|are|has) (?:you|we|they|anyone)|(?:what|when|where|why|how|who|which) (?:is|are|do|does|did|will|would|can|should)|is (?:there|it|this)) \w+[^?]*$ ; Did you see it. ; Do it now.
wonders ; question ; wondering wonder curious ; \b(?:(?:was|am|i'm|were|are|just|been) wondering|i wonder|curious) (?:if|whether|what|how|about|why|when)\b ; I was wondering if it works. ; No wonder it fails.
wonders ; question ; like love interested appreciate value welcome ; \b(?:i|we)(?:'d| would) (?:be )?(?:like|love|interested|appreciate|value|welcome)(?: to| in)? (?:know|hear|hearing|understand|knowing|learn|your|any|(?:get|have) your)\b ; We'd love your view. ; We'd love a break.
wonders ; question ; thoughts ideas comments feedback input suggestions opinion advice ; \b(?:any|your) (?:thoughts|ideas|comments|feedback|input|suggestions|opinion|advice)\b(?:.{0,40}(?:\?|welcome|appreciated|helpful)|\W*$) ; Any thoughts? ; Your comments were used.
wonders ; question ; need want wanted like trying try ; \b(?:need|want|wanted|like|trying|try) to (?:know|find out|ask(?: you)?|check|see|confirm|understand)\b(?:,? \w+){0,6} (?:if|whether|what|when|how|who|where|why|which)\b ; I want to know if it works. ; I want to know it.
needs something ; request ; need needs require ; \b(?:i|we)(?:'ll|'d| will| would| do| also| really| still| just| urgently)* (?:need|require) (?:your?|to (?:know|hear|have|get|see)|an?|the|some|any|this|these|it|that|another)\b ; We need the key. ; We need to go.
needs something ; request ; appreciate appreciated grateful ; (?:'d|\bwould|\bwill)(?: really| greatly| be| very| much| most)* (?:appreciated?|grateful)\b ; We would appreciate your help. ; He was grateful.
needs something ; request ; need must have ll ; (?<!ever )(?<!what )(?<!if )(?<!that )(?<!when )(?<!as )\byou(?:'ll)? (?:really |also |will )?(?:need to|must|have to)\b(?! (?:be|know|admit|feel|think|have been)\b)|\b(?:need|want) you to\b(?! know) ; You need to sign it. ; If you need to.
needs something ; request ; waiting awaiting due needed required like ; \b(?:(?:i|we)(?:'m| am|'re| are) (?:still )?(?:waiting (?:for|on)|awaiting) (?:your?|a|the)|(?:are|is) (?:due|needed|required) (?:by|on|no later|from you|before))\b ; We are waiting for your answer. ; We were waiting.
orders ; request ; send give tell fax provide bring fill return change print remove include confirm arrange book set ; ^\W*(?:\w+, |if [^,]{3,60}, |(?:and|also|then|so|just) ){0,2}(?:send|give|tell (?!you)|fax|provide|bring|fill|return|change|print|remove|include|confirm|arrange|book|set)\b(?! (?:of|is|are)\b) \w+ ; Jim, send the list. ; I send the list.
orders ; request ; add try ask contact follow work use run draft prepare find read reply complete review sign ; ^\W*(?:\w+, |if [^,]{3,60}, |(?:and|also|then|so|just) ){0,2}(?:add|try|ask (?!not)|contact|follow up|work with|use|run|draft|prepare|find|read|reply|complete|review|sign)\b(?! (?:of|is|are)\b) \w+ ; Jim, review the list. ; I review the list.
orders ; request ; forward check get see take look put pass call talk make order keep ; ^\W*(?:\w+, |if [^,]{3,60}, |(?:and|also|then|so|just) ){0,2}(?:forward|check|get|see if|take|look (?:at|into|over)|put|pass|call|talk to|make|order|keep) (?:it|this|the|me|your|him|sure|an?)\b ; Check the list. ; Check out soon.
""")

INSTRUCTIONS = rule_table(r"""
for the case that ; case ; if ; ^\W*(?!if you (?:could|would|can)\b)if\b(?!.{0,60}\?) ; If it fails, restart it. ; If you can, restart it.
to check what stands there ; case ; review check verify ; \b(?:please|pls|kindly) (?:review|check|verify) your (?:\w+ )?(?:registration|booking|reservation|order|account|profile|subscription|details|summary|information)\b ; Please check your order. ; Please check our order.
an answer to somebody else ; case ; rsvp respond reply ; \b(?:rsvp|respond|reply) (?:to|with) (?!me\b|us\b|this\b|my\b)\w+ ; Reply to Jim. ; Reply to me.
take part, note, use or pass on ;  ; attend join register print note mark remember pass use click visit log access install plan bring enter read follow ; \b(?:attend|join|register|print|note|mark your|remember|pass (?:it|this|the|along)|use|click|visit|log|access|install|plan (?:to|on)|bring|enter|read|follow the)\b ; Please register. ; Follow me.
take part, note, use or pass on ;  ; please forward complete return sign make keep ; \b(?:forward (?:this|the|to (?:any|all))|complete (?:and|or|the|this)|return the|sign (?:up|in)|take (?:note|time)|make (?:plans|sure)|keep (?:in mind|it|a|your)|be (?:sure|prepared|ready|there))\b ; Please be ready. ; Sign it.
take part, note, use or pass on ;  ; please pls kindly ; \b(?:(?:contact|call) (?!me|us|my|back)\w+|direct (?:any|all)|thank|mention|submit|save|discard|delete|ignore)\b ; Please contact Jim Ray. ; Please call me.
a duty ;  ; must due required ; \byou must\b|\b(?:are|is) (?:due|required)\b ; You must sign it. ; We must go.
""")
