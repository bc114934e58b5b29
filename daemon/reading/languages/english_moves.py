"""English words that move something to another time, and the times that they give up."""

from __future__ import annotations

from daemon.reading.languages.rules import rule_table

POSTPONEMENTS = rule_table(r"""
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
""")

GIVEN_UP_TIMES = rule_table(r"""
denies or replaces a time ;  ; can cannot won not unable couldn don doesn ; \b(?:can't|can ?not|won't|will not|couldn't|(?:unable|not (?:be )?(?:able|going)) to|don't|doesn't)\b(?:(?![,;:.] |[-–] | (?:but|so|then) |\b(?:until|till|before|i'll|we'll) )[^?]){0,100} ; I can't make Tuesday. ; I can make Tuesday.
denies or replaces a time ;  ; not ; \bnot (?=(?:on |by |for |this |next )?(?:mon|tue|wed|thu|fri|tomorrow|today|week))(?:(?![,;:.] |[-–] | (?:but|so|then) |\b(?:i'll|we'll) )[^?]){0,100} ; On Monday, not on Friday. ; Not quite on time.
denies or replaces a time ;  ; instead rather ; \b(?:instead of|rather than) (?:(?![,;:.] |[-–] )[^?]){0,40} ; Monday instead of Friday. ; Monday instead.
""")
