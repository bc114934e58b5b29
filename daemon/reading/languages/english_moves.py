"""English words that move something to another time, and the times that they give up."""

from __future__ import annotations

from daemon.reading.languages.rules import rule_table

_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow|today|tonight|next \w+|this \w+|the \d+\w*|(?:the )?end of \w+|\d{1,2}(?:st|nd|rd|th)?(?: of)? \w+|\w+ \d{1,2}(?:st|nd|rd|th)?"
_SHORT_DAY = r"(?:mon|tues?|weds?|wednes|thurs?|fri)(?:day)?"

POSTPONEMENTS = rule_table(
    (
        "puts off",
        "",
        1,
        (
            "need needs take takes require requires running delay delays delayed postpone postponed pushed move moved moving shift shifted reschedule rescheduled push pushing slip slips slipped slipping won not t "
            "cannot instead rather ll will extra later behind unable"
        ),
        (
            r"\b(?:(?:need|take|require)s? (?:a (?:bit|little|few)|some|another|until|till|more|one more|two more) (?:more |longer |days?|time|until|\w+day)|running (?:late|behind)|"
            r"(?:is |be |been |are )(?:delayed|postponed|pushed back|moved|rescheduled)|push(?:ing)? (?:it|this|that|them|back|out|(?:the|our|my) \w+)|"
            r"slip(?:s|ped|ping)? (?:to|by|until)|(?:won't|will not|can't|cannot|not going to|unable to|not able to) (?:be able to )?(?:make|have|get|manage|finish|send|meet|do|deliver|ship|call|come)|"
            r"(?:instead of|rather than) (?:mon|tues|wednes|thurs|fri|tomorrow|today)|(?:it|this|that|they)(?:'ll| will) (?:now )?(?:only )?be (?:mon|tues|wednes|thurs|fri|tomorrow|next)|"
            r"an extra (?:day|week)|(?:a |some |slight |short |small |bit of (?:a )?|further |another )delays? (?:with|on|to|in|at|from|of \w+ (?:days?|weeks?))|"
            r"(?:postpone|reschedule|move|shift|put off|put back) (?:it|this|that|them|(?:the|our|my|your) [\w' -]{2,40}?) (?:to|until|till|by|for|back)\b|"
            r"(?:have|need|want|like|got) to (?:postpone|reschedule|move|shift|push)\b)|"
            rf"\b(?:on |at |by |for |until )?(?:{_DAY})(?: (?:at|by|before) [\w: .]{{1,12}})? instead\b|\binstead,? (?:on |by |at )?(?:{_SHORT_DAY}|tomorrow|next)\b|"
            rf"\b(?:{_SHORT_DAY}|tomorrow) (?:now|not \w+day|rather than)\b"
        ),
    ),
    (
        "asks for another time, or grants it",
        "",
        1,
        "enough early ok okay fine alright right suit work good later rush hurry time",
        (
            rf"\b(?:would|is|will|could)(?: it be)? (?:{_DAY}|{_SHORT_DAY})(?: [\w ]{{1,20}})? (?:be |still be |also be )?(?:ok|okay|all right|alright|fine|soon enough|early enough|in time|too late|good enough|acceptable|do)\b|"
            rf"\b(?:{_DAY}|{_SHORT_DAY})(?: [\w ]{{1,20}})? (?:is|will be|would be|'s) (?:soon|early|good|quick) enough\b|\b(?:no (?:rush|hurry)|not urgent|there's no rush|take your time)\b.{{0,40}}\b(?:{_DAY}|{_SHORT_DAY})\b|"
            rf"\b(?:doesn't|does not|don't|do not|needn't) (?:need|have) to be (?:before|until|by|today|this)\b"
        ),
    ),
)

GIVEN_UP_TIMES = rule_table(
    (
        "denies or replaces a time",
        "",
        1,
        "not can cannot won unable instead rather no never couldn don doesn t",
        (
            r"\b(?:can't|cannot|can not|won't|will not|couldn't|unable to|not (?:be )?(?:able|going) to|don't|doesn't|not(?= (?:on |by |for |this |next )?(?:mon|tue|wed|thu|fri|tomorrow|today|week)))\b(?! (?:until|till|before))(?:(?![,;:.] |[-–] |,? (?:but|so|then) |\b(?:until|till|before|earlier than)\b"
            r"|\b(?:i|we)(?:'ll| will) )[^?]){0,100}|\b(?:instead of|rather than) (?:(?![,;:.] |[-–] )[^?]){0,40}"
        ),
    ),
)
