"""English asks without a question or an order: wishes for help, views and company, what is lacking, and answers to an offer."""

from __future__ import annotations

from daemon.reading.languages.rules import rule_table

IMPLIED = rule_table(r"""
implies a request: help or views ; request ; your ; \b(?:would|'d|am|'m|are|'re|was|were|could|keen|eager|hoping|wanted|like|need)\b.{0,50}\byour (?:\w+ )?(?:help|assistance|support|views?|opinion|input|advice|thoughts|feedback|decision|approval)\b ; We could do with your help on the customs papers. ; Thank you for your help.
implies a request: help or views ; request ; hear know learn understand side see ; \b(?:(?:i|we|it)(?:'d| would)|would|keen|hoping|wondering) .{0,30}\b(?:hear|know|learn|understand) (?:your|what|how|whether|if|when|why|which|the)\b ; I would be keen to hear your side of it. ; It was great to hear your news.
implies a request: help or views ; request ; team director colleagues enlist gain ; \b(?:i'd|we'd|i would|we would) (?:like|love) your (?:\w+ )?\w+ to \w+|\b(?:enlist|gain) your (?:help|assistance|support)\b ; I'd like your team to have a look at the draft. ; I like your team.
implies a request: it would be good ; request ; would d help ; \b(?:it|that)(?:'d| would) (?:\w+ )?(?:help|be (?:great|good|nice|helpful|useful|wonderful|an honou?r|a help))(?: us| me)?(?: (?:to (?:have|get|know|see|hear|receive) (?!you\b)| ?if you)\b) ; It would be great to get your view on the draft. ; It would be great to see you again some day.
implies a request: it would be good ; request ; could would can ; \bif (?:you|your \w+)(?: \(.{1,40}\))? (?:could|would|can) (?:please |kindly )?(?:help|point|stop by|join|open|come|spare|send|let|tell|share|speak|attend)\b ; A chance to see it would be if you could stop by on Thursday. ; If you could see it now!
implies a request: announces a question ; request ; question thing point ; \b(?:one|quick|another|last|final|small|short) (?:more |last |quick |small )?(?:thing|question|point)\b\W{1,3}[^?]{3,160}\?\W*$ ; One thing: is it in stock? ; One question remains open.
implies a request: to join ; request ; have join invite welcome ; \b(?:i|we)(?:'d| would|'re| are|'m| am) .{0,30}\b(?:have|welcome|host|see) (?:you|your \w+|[a-z]+) (?:\w+ )?(?:join|speak|attend|come|present|as (?:a|our)|on (?:the|our|site)|at (?:the|our))\b ; We'd love to have Robin join us on the panel. ; We would love to see you again.
implies a request: to join ; request ; invite join ; \b(?:like|want|wish) to invite you to\b|\b(?:love|like) for [a-z]+ to (?:join|speak|attend|come)\b|\b(?:delighted|honou?red|happy) if (?:you|your \w+) (?:could|would|can)\b ; We would like to invite you to speak at our conference. ; Thank you for inviting us to speak.
implies a request: on your word ; request ; once soon happy ready if when ; ^\W*(?:(?:happy|ready|glad|keen) to .{2,60}? )?(?:once|as soon as|if|when) you(?:'ve| have|'d| would)? (?:let|confirm|sign|approve|choose|send|tell|decide|give|advise)(?:e?d)?\b ; Happy to proceed once you have signed off the drawings. ; Once you are here it is easy.
implies a request: hopes for it ; request ; hoping hoped hope ; \b(?:hoping|hoped|hope)(?: that)? you(?:'d| would| could| can| might|'ll| will)(?: be able to)? (?:help|assist|join|let|tell|provide|support|advise|give|find|share|consider|confirm|send)\b ; I was hoping you could help us with the translation. ; I hope you could enjoy the weekend.
implies a request: whether it is wanted ; request ; interest interested ; \b(?:if|whether) (?:this|that|it|you|they|our [\w -]{2,20}|the \w+)\b[^?]{0,40}\binterest(?:ed|ing)?\b ; If this would be of interest to you, please let me know. ; Thank you for your interest.
implies a request: lacks something ; request ; lack lacking miss missing short ; (?<![\w'])(?:i|we)(?:'m| am|'re| are)?(?: still)? (?:lack|lacking|miss|missing|short of) (?:the|your|a|an|some|any) (?!(?:train|plane|bus|flight|point|sun|days?)\b)\w+ ; We still lack your signature on the form. ; We miss you.
implies a request: writes to find out ; request ; wondering writing reaching wanted touch ; (?<!might be )(?<!may be )\bwondering (?:about|if|whether|how|when|what|where|who)\b|\b(?:writing|reaching out|in touch|wanted|calling) to (?:see|ask|find out|check|enquire|know)\b ; I was wondering about the status of our claim. ; You might be wondering what I do these days.
""")

OFFERS = rule_table(r"""
invites, offers or proposes ;  ; invite invited offer offering quotation ; (?<!for the )(?<!for your )\b(?:invite you|cordially invited|are invited|offer you|(?:our|this|my) (?:offer|proposal|quotation))\b ; You are cordially invited to our open day. ; Thank you for your offer.
invites, offers or proposes ;  ; propose proposing suggest pleasure honour ; \b(?:(?:we|i) (?:propose|suggest)|(?:pleasure|honou?r) to (?:welcome|offer|invite))\b ; We propose a joint booth at the fair. ; You proposed a joint booth.
""")

AWAITED = rule_table(r"""
awaits an answer to it ; request ; forward await awaiting ; \b(?:look(?:ing)? forward to|await(?:ing)?) (?:your|a) (?:\w+ )?(?:reply|answer|response|decision|thoughts|feedback|confirmation|acceptance)\b ; We look forward to your reply. ; We look forward to your visit.
awaits an answer to it ; request ; hearing hear ; \b(?:look(?:ing)? forward to hearing|hop(?:e|ing) to hear) ; I look forward to hearing from you. ; It was good to hear from you.
""")
