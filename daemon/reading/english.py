"""English as one value: British and American business mail."""

from __future__ import annotations

import re

from daemon.reading.due import Words
from daemon.reading.language import Language, rules

_WEEKDAYS = {
    "monday": 0, "mon": 0, "tuesday": 1, "tue": 1, "tues": 1, "wednesday": 2, "wed": 2, "weds": 2, "thursday": 3, "thu": 3, "thur": 3,
    "thurs": 3, "friday": 4, "fri": 4, "saturday": 5, "sunday": 6, "mon.": 0, "tues.": 1, "wed.": 2, "thurs.": 3, "fri.": 4,
}
_MONTHS = {
    "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9, "october": 10,
    "november": 11, "december": 12, "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10,
    "nov": 11, "dec": 12, "jan.": 1, "feb.": 2, "mar.": 3, "apr.": 4, "aug.": 8, "sept.": 9, "oct.": 10, "nov.": 11, "dec.": 12,
}
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "a couple of": 2, "couple of": 2, "couple": 2, "a couple": 2, "three": 3, "a few": 3, "few": 3,
    "several": 4, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15,
    "twenty": 20, "thirty": 30, "forty-eight": 48, "twenty-four": 24, "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5,
    "half": 0, "half a": 0, "half an": 0,
}
_ORD = r"(?:st|nd|rd|th)"
_YEAR = r"(?:,?\s+(?P<year>(?:19|20)\d\d))?"
_WD = r"(?:(?P<weekday>{weekday}),?\s+(?:the\s+)?)?"
_AMPM = r"(?P<half>a\.?m?\.?|p\.?m?\.?)(?![a-z])"
_TZ = r"(?:\s*(?P<zone>gmt|utc|bst|cet|cest|est|edt|cst|cdt|mst|mdt|pst|pdt))?"
_ABOUT = r"(?:(?:at\s+)?(?:about|around|approximately|approx\.?|roughly|circa|by|before|after|no later than|until|till|from|between)\s+|at\s+|@\s*)?"

WORDS = Words(
    weekdays=_WEEKDAYS,
    months=_MONTHS,
    numbers=_NUMBERS,
    days=(
        (r"(?:later\s+)?today|this day", "today"),
        (r"tomorrow|tmrw|tmw|tomorow|tommorow|tommorrow", "tomorrow"),
        (r"(?:the\s+)?day after (?:tomorrow|next)", "day_after"),
        (r"(?P<next>next|the following)\s+(?P<weekday>{weekday})", "weekday"),
        (r"(?P<weekday>{weekday})\s+(?:of\s+)?(?P<next>next week|the following week|of the following week)", "weekday"),
        (r"(?P<weekday>{weekday})\s+(?P<after>week|after next)|a week on (?P<a_weekday>{weekday})", "weekday"),
        (r"(?P<this>this(?:\s+coming)?|later this)\s+(?P<weekday>{weekday})", "weekday"),
        (r"(?:coming\s+)?(?P<weekday>{weekday})(?:\s+(?P<this>this week))?", "weekday"),
        (_WD + r"(?P<month>{month})\s+(?:the\s+)?(?P<day>\d{1,2})" + _ORD + r"?(?:\s*(?:-|to|–)\s*(?P<to>\d{1,2})" + _ORD + "?)?" + _YEAR, "date"),
        (_WD + r"(?:the\s+)?(?P<day>\d{1,2}|first|second|third)" + _ORD + r"?\s+(?:of\s+)?(?P<month>{month})" + _YEAR, "date"),
        (r"(?:the\s+)?week (?:of|commencing|beginning)\s+(?:the\s+)?(?P<month>{month})\s+(?P<day>\d{1,2})" + _ORD + "?", "week_of"),
        (r"(?:the\s+)?week (?:of|commencing|beginning)\s+(?:the\s+)?(?P<day>\d{1,2})" + _ORD + r"?\s+(?:of\s+)?(?P<month>{month})", "week_of"),
        (r"(?P<year>20\d\d)-(?P<a>\d\d)-(?P<b>\d\d)", "iso"),
        (_WD + r"(?P<a>\d{1,2})/(?P<b>\d{1,2})(?:/(?P<year>(?:20)?\d\d))?", "numeric"),
        (r"(?P<day>\d{1,2})" + _ORD + r"?\s+(?:of\s+)?(?P<next>(?:the\s+)?next month)", "ordinal"),
        (_WD + r"the\s+(?P<day>\d{1,2})" + _ORD, "ordinal"),
        (r"(?:on|by|before|until|till)\s+(?:the\s+)?(?P<day>\d{1,2})" + _ORD + r"(?!\s+(?:floor|street|avenue|place|round|time|of))", "ordinal"),
        (r"on the (?P<day>first|second|third)", "ordinal"),
        (r"(?:the\s+)?(?P<nth>first|second|third|fourth|last)\s+(?P<weekday>{weekday})\s+(?:of|in)\s+(?P<month>{month})", "nth_weekday"),
        (r"(?:the\s+)?(?:beginning|start) of next week|early(?: part of)?(?: in)? next week|early in the (?:coming|new) week", "early_next_week"),
        (r"(?:the\s+)?middle of next week|mid(?:-|\s)next week|midweek next week", "mid_next_week"),
        (r"(?:the\s+)?(?:end|latter part|back end|back) of next week|late(?:r)? next week|next week|the following week|the coming week", "next_week"),
        (r"the week after(?: next)?|week after next", "week_after"),
        (r"(?:the\s+)?end of (?:the|this) week|eow|(?:later |sometime )?this week|(?:the\s+)?rest of (?:the|this) week|(?:the\s+)?week'?s end|the week ?end|later in the week|end of week", "this_week"),
        (r"this week-?end|over the week-?end", "this_weekend"),
        (r"(?:the\s+)?end of (?:the|this) month|eom|month[- ]end|(?:later )?this month|end of month", "this_month"),
        (r"(?:the\s+)?end of next month|(?:sometime\s+)?next month", "next_month"),
        (r"(?:the\s+)?middle of (?:the|this) month|mid[- ]month", "mid_month"),
        (r"(?:(?P<early>early(?: in)?|beginning of|(?:the\s+)?start of)|(?P<mid>mid-?|mid\s|(?:the\s+)?middle of)|(?P<late>late(?: in)?)|(?P<end>(?:the\s+)?end of))\s*(?P<month>{month})" + _YEAR, "named_month"),
        (r"(?:the\s+)?end of (?:the|this) year|eoy|year[- ]end", "year_end"),
        (r"(?:the\s+)?(?:next|coming)\s+(?P<n>{number})\s+(?:business\s+|working\s+)?days", "next_days"),
    ),
    parts=(
        (r"first thing(?: in the morning)?|early in the day", "first_thing"),
        (r"early(?: in the)? morning", "early_morning"),
        (r"(?:late |mid-?)?(?:this |in the |the )?morning|a\.?m\.?", "morning"),
        (r"(?:before |by |at |over )?lunch(?:time)?", "lunch"),
        (r"after lunch", "after_lunch"),
        (r"(?:at |by |before |around |about )?(?:noon|midday|12 noon)", "noon"),
        (r"(?:late |early |mid-?|later )?(?:this |in the |the )?afternoon|p\.?m\.?", "afternoon"),
        (r"(?:the\s+)?(?:end|close) of (?:the\s+)?(?:business\s+|working\s+)?(?:day|business|play)|eod|cob|c\.o\.b\.|eob|close of business|tonight's close", "end_of_day"),
        (r"(?:this |in the |the )?evening", "evening"),
        (r"late tonight|late at night", "late_night"),
        (r"tonight|at night|night", "night"),
        (r"(?:by |before |at )?midnight", "midnight"),
    ),
    clocks=(
        (_ABOUT + r"(?:\d{1,2}(?:[:.]\d\d)?\s*(?:am?|pm?)?\s*(?:-|–|to|and|until)\s*)(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))?\s*" + _AMPM + _TZ, "digital"),
        (_ABOUT + r"(?:\d{1,2}[:.]\d\d\s*(?:-|–|to|and|until)\s*)(?P<hour>\d{1,2})[:.](?P<minute>\d\d)" + _TZ, "digital"),
        (_ABOUT + r"(?P<hour>\d{1,2})(?:[:.]?(?P<minute>\d\d))?\s*(?:-?ish)?\s*" + _AMPM + _TZ, "digital"),
        (_ABOUT + r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?:\s*(?:hrs|hours|h))?" + _TZ, "digital"),
        (_ABOUT + r"(?P<hour>\d{1,2}) ?(?:-ish|ish|o'?\s?clock)", "digital"),
        (r"(?:at|around|@|by|before|for)\s+(?:about\s+)?(?P<hour>\d{1,2})(?!\s*(?:%|percent|st|nd|rd|th|days?|weeks?|months?|hours?|minutes?|mins?|people|of|units|x|/|,\d|\.\d|[a-z]))(?=\s*(?:$|[.,;!?)]|tomorrow|today|this|on|in|if|and|or|for|to|{weekday}))", "digital"),
        (r"(?<![\w:])(?P<hour>\d{1,2})(?=\s+(?:tomorrow|this|in the)\s+(?:morning|afternoon|evening))|(?<![\w:])(?P<hour2>\d{1,2})(?=\s+this evening)", "digital"),
        (_ABOUT + r"(?P<share>half|a quarter|quarter|\d{1,2}|ten|twenty|five)(?:\s+minutes)?\s+(?:past|(?P<to>to))\s+(?P<hour>{number})(?:\s*" + _AMPM + ")?", "spoken"),
    ),
    offsets=(
        r"(?:with)?in\s+(?:about\s+|around\s+|the next\s+|roughly\s+|approximately\s+|no more than\s+|under\s+)?(?P<n>{number})(?:\s*-\s*\d+)?\s*(?:(?:business|working)\s+)?(?P<unit>{unit})(?:'s?)?(?:\s+time)?",
        r"(?P<n>{number})\s+(?:(?:business|working)\s+)?(?P<unit>{unit})\s+(?:hence|from now|from today)",
        r"(?:with)?in\s+(?:about\s+|the next\s+)?(?P<half>half)\s+(?:an?\s+)(?P<unit>hour|day)",
        r"(?:with)?in\s+(?:the next\s+)(?P<unit>hour|day|week|month)",
        r"in (?:a |1 )?(?P<unit>fortnight)(?:'s time)?",
    ),
    units={
        "minutes": "minute", "minute": "minute", "mins": "minute", "min": "minute", "hours": "hour", "hour": "hour", "hrs": "hour", "hr": "hour",
        "days": "day", "day": "day", "weeks": "week", "week": "week", "months": "month", "month": "month", "years": "year", "year": "year",
        "fortnight": "fortnight",
    },
    lead=r"by|on|at|before|until|till|no later than|not later than|latest|around|about|from|due|for|sometime|some time|later|after|the|in|during|within",
    between=r",|at|on|in the|in|by|of|the|from|around|about|-|–|no later than|before|after|between|sometime|@",
    before=r"before",
    ampm={"morning": 0, "afternoon": 12, "evening": 12, "night": 12, "late_night": 12, "end_of_day": 12},
    month_first=True,
)

_I = r"(?:\b(?:i|we)(?:\s+(?:will|shall)|\s?['’]?ll|\s?['’]ll)(?:\s+(?:also|then|definitely|certainly|gladly|happily|try (?:to|and)|be sure to|make sure to|just|both|all|personally|have to|need to|probably|hopefully))*)"  # noqa: E501
_GOING = r"\b(?:i\s?['’]?m|i am|we\s?['’]?re|we are)\s+(?:also\s+)?(?:going to|gonna|planning to|about to)"
_ACTION = (
    r"(?:send|forward|get|call|ring|phone|give|e-?mail|mail|fax|check|look|see|find|ask|talk|speak|discuss|review|prepare|draft|write|work|make|do|"
    r"let|update|follow|contact|confirm|provide|set|arrange|schedule|book|put|add|change|fix|revise|pull|bring|drop|pass|circulate|copy|have|try|"
    r"take|handle|deal|sort|investigate|come|meet|join|attend|stop|visit|return|respond|reply|advise|keep|run|start|finish|complete|submit|mark|"
    r"read|print|order|issue|sign|deliver|ship|post|share|chase|raise|process|need to|be (?:there|in touch|sending|calling|back|available|happy|glad|able|at|attending|joining)|"
    r"touch base|stay|track|go|pay|buy|file|include|incorporate|turn|hand|leave|help|be)"
)
ENGLISH = Language(
    code="en",
    common=frozenset("the and you to of for is in that we will have with this be on are please can it i your not at from but if as would".split()),
    words=WORDS,
    courtesies=re.compile(
        r"^\W*(?:how are (?:you|things)\b[^?]{0,30}\?|how(?:'s| is) (?:it going|everything|life|tricks)\b[^?]{0,20}\?|hope (?:you|all|this)|what'?s up\?|how (?:was|were) (?:your|the) (?:weekend|holiday|trip|vacation)\b[^?]{0,30}\?|"
        r"you (?:okay|ok|alright|all right)\?|remember me\?|guess what\?|right\?|ok\?|okay\?|huh\?|really\?|get it\?)\W*$|"
        r"(?:let (?:me|us) know|call|contact|e-?mail|ring|ask|shout|give (?:me|us) a (?:call|ring|shout)|holler|reach out|get in touch|drop (?:me|us) a line)\b.{0,60}\b(?:if (?:you|there)|should you|whenever you|in case you|with any)\b.{0,40}\b(?:any|have|questions?|need|further|other|anything|problems?|concerns?|like to (?:discuss|talk)|want to (?:discuss|talk)|require|wish|comments)\b|"
        r"\b(?:if you|should you|if there)\b.{0,60}\b(?:questions?|concerns?|problems?|anything else|any (?:further|other|more)|issues|need (?:anything|any|more|further|additional))\b.{0,80}\b(?:let (?:me|us) know|call|contact|e-?mail|feel free|hesitate|give (?:me|us)|do not|don't|ask|drop|reach|ring)\b|"
        r"feel free|(?:do not|don'?t|not) hesitate|look(?:ing)? forward to|at your (?:earliest )?convenience to (?:call|contact)|have a (?:good|great|nice|lovely)",
        re.IGNORECASE,
    ),
    no_request=re.compile(
        r"^\W*(?:please (?:find|note|be (?:advised|aware|informed|reminded)|see (?:the )?(?:attached|below|enclosed)|accept (?:my|our)|excuse|forgive|ignore|disregard|do not (?:reply|respond)|don'?t reply|join (?:me|us) in|remember that|keep in mind|consider the environment)|"
        r"see (?:the )?(?:attached|below|enclosed|you)|attached|fyi|for your information)\b|\bplease (?:do not|don'?t) (?:reply|respond) to this|\bask not\b|\bthank you for\b.{0,60}\?$|^\W*(?:who knows|why not|so what|what the heck|what can i say)\?*$",
        re.IGNORECASE,
    ),
    requests=rules(
        ("asks for a call", "call_me", 0.9, r"\b(?:please|pls|can you|could you|would you|will you|just|either)\s+(?:\w+ )?(?:call|ring|phone|buzz|telephone) (?:me|us|my|back)\b|\bgive (?:me|us) a (?:call|ring|shout|buzz|bell)\b|^\W*(?:\w+[,:] )?(?:please )?(?:call|ring|phone) (?:me|us)\b|\b(?:call|ring) me (?:back|when|at|on|tomorrow|today|asap|later|as soon)\b|\breturn my call\b|\bneed(?:s)? to (?:speak|talk) (?:to|with) you\b"),
        ("proposes a time", "meeting_time", 0.88, r"\b(?:can|could|shall|should|may|might) (?:we|you|i) (?:\w+ )?(?:meet|talk|speak|get together|catch up|schedule|set up|arrange|do (?:lunch|a call|coffee)|have (?:a )?(?:call|lunch|coffee|meeting|chat)|discuss|come (?:by|over|in)|see you)\b|\b(?:are|would|will) you (?:be )?(?:free|available|around|able to (?:meet|talk|join|attend|come))\b|\b(?:does|would|will|how does|do) .{1,40}\b(?:work|suit|be (?:ok|okay|convenient|good|possible)|sound)\b.{0,30}\?|\b(?:how|what) about .{0,40}\b(?:mon|tues?|wednes|thurs?|fri|satur|sun|tomorrow|today|week|lunch|\d)\w*|\blet'?s (?:meet|talk|get together|have|do|schedule|set up|plan (?:on|to)|catch up|discuss|aim|try|speak|chat|shoot|say|grab)\b|\bwhen (?:can|could|would|are|is|will|do|should) (?:we|you|i|it|be)\b.{0,60}(?:meet|talk|call|free|available|convenient|good|suit|get together|visit)|\bwould (?:like|love) to (?:meet|get together|schedule|set up|arrange|have (?:a )?(?:call|meeting|lunch))\b|\b(?:let me know|tell me) (?:when|what time|which (?:day|date|time)s?|a (?:good|convenient) time|(?:of )?(?:your|a) (?:availability|convenient time))"),
        ("asks to do something", "request", 0.92, r"\b(?:can|could|would|will|can'?t|couldn'?t|won'?t) (?:you|u|someone|anyone|somebody|one of you|ya)\b(?! believe| imagine)|\b(?:would|do) you mind\b|\bare you able to\b|\bis it possible (?:to|for)\b|\bany (?:chance|way) (?:you|of|we|that)\b|\bcan (?:i|we) (?:have|get|see|please|ask|borrow)\b|\bmay (?:i|we) (?:have|get|ask)\b"),
        ("says please", "request", 0.88, r"\b(?:please|pls|plz|kindly)\b(?! (?:find|note|be advised|see attached|see below|accept))(?:,? \w+){1,}|^.{3,}\bplease[.!]?\W*$"),
        ("wants to be told", "request", 0.85, r"\b(?:let (?:me|us) (?:know|have|see)|keep (?:me|us) (?:posted|informed|updated|in the loop)|get back to (?:me|us)|advise (?:me|us|if|on|whether|as to|when|what)|tell (?:me|us)\b|fill me in|i'?d be (?:interested|curious) to|send (?:me|us|it|them|over|back|your|the|a|any)\b(?= .*\?)|give me (?:your|a|the|some|an)|r\.?s\.?v\.?p)\b"),
        ("asks a question", "question", 0.82, r"\?[\s\"'”’)\]]*$|\?\s*[-–—(]|\?{2,}"),
        ("wonders", "question", 0.8, r"\b(?:i (?:was|am|'m)|we (?:were|are)|just|was) wondering\b|\bi wonder (?:if|whether|what|how)\b|\bcurious (?:if|whether|to know|as to)\b|\bnot sure (?:if|whether) you\b|\b(?:do|did) you (?:know|have|think|get|receive|want|need|see)\b(?!.{0,3}$)|\bi(?:'d| would) (?:like|love) to (?:know|hear|understand|get|have|see)\b|\bwhat (?:do|did) you think\b|\b(?:any|your) (?:thoughts|ideas|comments|feedback|input|suggestions|news|update|luck)\b(?=.{0,30}(?:\?|welcome|appreciated|$))"),
        ("needs something", "request", 0.75, r"\b(?:i|we)(?:'ll|'d| will| would| do| also| really| still| just| may| might| urgently)* (?:need|require|want|would like|'d like|appreciate) (?:you(?:r)?\b|to (?:know|hear|have|get|see|receive|get) |(?:a|an|the|some|any|more|copies|copy|this|these|those|it|all|at least|that|another|new|one|his|her|their|from)\b)|\b(?:would|'d|i|we|will|greatly|really|much) (?:be )?(?:appreciate|appreciated|grateful|obliged)\b|\byou (?:need to|should|must|have to|may want to|might want to|ought to|will need to|kinda need to|'ll need to)\b|\b(?:is|are|am|we're|i'm) (?:still )?(?:waiting (?:for|on|to hear)|awaiting|chasing|in need of|looking for|in search of|hoping (?:you|to (?:get|hear|receive|have)))\b|\bi (?:need|want) (?:you|u) to\b|\bmake sure (?:that |you |to |we |it |the )|\bbe sure to\b|\bhelp (?:me|us)\b|\b(?:need|want)s? (?:your|to be (?:signed|approved|returned|sent|done))\b"),
        ("orders", "request", 0.72, r"^\W*(?:(?:\w+|and|also|then|so|ok|okay|so|now|just|next|if .{3,50}),? )?(?:send|forward|check|review|get|give|tell|fax|e-?mail|confirm|provide|ask|bring|fill|sign|return|add|change|update|print|help|find|see (?:if|whether|what|how)|take (?:a look|care)|look (?:at|into|over)|try|put|pass|remove|delete|include|call|contact|talk to|follow up|work with|get with|coordinate|arrange|schedule|book|plan (?:on|to)|complete|submit|reply|respond|read|make|set (?:up|it)|use|run|order|draft|prepare|verify|revise|circulate|copy|correct|explain|keep|bear with|consider|let's|think about|be (?:there|ready|prepared|here))\b(?! (?:you|of|to you|for|is|are|was|in touch|forward to))"),
    ),
    no_promise=re.compile(
        r"\b(?:i|we)(?:'ll| will| shall)? (?:not|never|n't|hardly|no longer|rarely)\b|\b(?:won't|will not|shall not|can't|cannot|not be able|unable)\b|\bwill (?:not|never)\b|"
        r"\b(?:i|we)(?:'ll| will) (?:say|admit|assume|guess|bet|tell you (?:that|what|this|one)|be (?:honest|frank|in|out|away|on (?:vacation|holiday|leave)|off|late|unable|leaving|traveling|travelling|gone|moving|using|having|going|a |very|so|surprised|thinking|old|sad|down|up|staying|missing|hungry|busy)|miss|never|have (?:a|no|more|been|some|to have|fun)|love|hate|see (?:if|how|what)? ?(?:it|things) (?:go|goes|works)|let you (?:decide|go|get)|die|need you|want|need(?! to (?:check|look|ask|speak|talk|get))|like|know|think|believe|hope|find (?:out )?(?:that|it (?:hard|difficult|easy))|take (?:that|this) as|lose|win|remember|regret|understand|always|ever|only|still be|both be|agree|leave it (?:at|up))\b|"
        r"\b(?:as|what|that|which|when|where|how|whether|before|after|until|because) (?:i|we)(?:'ll| will)\b(?!.{0,25}(?:get back|send|call|let you|forward|have it|review|do))|\bi thought (?:i|we)\b|\bhope (?:that )?(?:i|we)(?:'ll| will)\b|\bif (?:i|we)(?:'ll| will)\b|\b(?:attached|below|herein|above)\b.{0,20}\b(?:i|we) will\b|\b(?:i|we) will (?:attach|describe|explain below|outline below|start by)\b|"
        r"\bshall (?:i|we)\b|\b(?:should|could|would|can|may|might) (?:i|we)\b",
        re.IGNORECASE,
    ),
    offers=re.compile(r"\bif (?:you(?:'d)? (?:like|want|wish|prefer|need (?:me|us))|that (?:helps|would help)|it helps|desired|necessary|needed)\b|\blet me know if you(?:'d)? (?:want|like|need)\b|\bunless you(?:'d)? (?:want|prefer|object)\b", re.IGNORECASE),
    conditions=re.compile(r"\b(?:once|if|unless|until|provided|assuming|as soon as|subject to|when(?:ever)? (?:i|we|you|he|she|it|they|the|my|our)|after (?:i|we|you|he|she|they|the)|should (?:you|anything|that)|depending on)\b", re.IGNORECASE),
    promises=rules(
        ("will do", "do", 0.93, r"^\W*(?:(?:ok|okay|sure|yes|yep|great|thanks|thank you|no problem|got it|absolutely|of course|certainly|fine|perfect)[,.!]* )*(?:i |we )?(?:will do|consider it done|leave (?:it|that|this) with me|i'?m on it|on it)\b"),
        ("you will have it", "send", 0.92, r"\byou(?:'ll| will| should| shall) (?:have|get|receive|hear|be (?:hearing|getting|receiving)) (?:it|them|this|that|the|a|an|my|our|from (?:me|us)|back|all|everything|your|something|word|confirmation)\b"),
        ("I will", "do", 0.9, _I + r"\s+(?:\w+ly )?" + _ACTION + r"\b"),
        ("going to", "do", 0.78, _GOING + r"\s+" + _ACTION + r"\b"),
        ("let me", "do", 0.82, r"\b(?:let me|lemme) (?:\w+ )?(?:check|look|see|get|find|ask|talk|speak|call|review|think|work|run|take|dig|investigate|confirm|make|do|try|pull|follow|discuss|have)\b"),
        ("will do, without a subject", "do", 0.85, r"^\W*(?:(?:ok|okay|sure|yes|thanks|and|but|also|so|great|hi|hello|hey|\w+)[,.!:-]* )?(?:will|shall|'ll) (?:also |definitely |certainly |try to |be )?(?:send|forward|get|call|ring|give|check|look|see (?:you|what|if)|find|ask|talk|speak|review|prepare|let you|update|follow|contact|confirm|provide|set|arrange|keep|advise|do|have|be (?:there|in touch|back)|try|work|make|bring|meet|report|revert)\b"),
        ("see you then", "meet", 0.8, r"\b(?:see|speak (?:to|with)|talk to|catch) you (?:then|there|on|at|tomorrow|next|this|later (?:today|this)|mon|tues|wednes|thurs|fri|in the)\b"),
        ("I can, by a time", "do", 0.72, r"\b(?:i|we) (?:can|could|should be able to|should|expect to|plan to|intend to|aim to|hope to|promise to|am able to) (?:have|get|send|deliver|finish|complete|provide|turn|call|do|be there|make|meet|give|let you know|ship|drop|bring)\b.{0,80}\b(?:by|before|on|tomorrow|today|tonight|this|next|in|within|at|mon|tues|wednes|thurs|fri|end of|first thing|eod|cob)\b"),
        ("I promise", "do", 0.88, r"\bi promise\b(?! (?:you )?(?:that )?(?:it|he|she|they|you)\b)|\bmy (?:plan|intention) is to\b|\bi(?:'m| am) (?:working on|sending|getting|putting|preparing|drafting|calling|forwarding|arranging|looking into|checking|on my way)\b(?=.{0,80}\b(?:will|you|by|today|tomorrow|shortly|now|and)\b)"),
    ),
    promise_sorts=rules(
        ("call", "call", 1, r"\b(?:call|ring|phone|telephone|buzz|give (?:you|him|her|them|\w+) a (?:call|ring|buzz|bell|shout)|dial)\b(?! (?:it|this|for))"),
        ("meet", "meet", 1, r"\b(?:see you|meet|be there|attend|join (?:you|us|the)|come (?:by|over|to|in|and see|down|up)|stop by|drop by|visit|swing by|be (?:at|on|in) the (?:call|meeting)|have (?:lunch|coffee|dinner))\b"),
        ("send", "send", 1, r"\b(?:send|forward|get back|let (?:you|them|him|her|everyone) know|e-?mail|mail|fax|reply|respond|provide|share|pass|update you|advise|confirm|get (?:you|it|that|this|them|the|those|these|a)|have (?:it|them|the|this|that|a|an answer|something) (?:to|for|over|ready|back)|you(?:'ll| will| should)|keep you|be in touch|circulate|copy|deliver|submit|write|post|give you (?:the|a|an|my|some)|drop you|report back|revert|follow up with (?:you|an?)|follow[- ]up|be sending|mark(?:ed)?[- ]up|send|tell|give)\b"),
    ),
    deliveries=re.compile(
        r"\b(?:attached|enclosed|enclosing|attaching|i(?:'ve| have) attached|(?:please )?(?:find|see) (?:the )?(?:attached|enclosed|below)|here(?:'s| is| are| you go| they are| it is)|below (?:is|are|you)|as (?:requested|promised|discussed|agreed)|"
        r"i(?:'ve| have)? (?:just )?(?:sent|forwarded|emailed|e-mailed|faxed|posted|shared|uploaded|shipped|couriered)|(?:has|have) (?:been|gone|just gone) (?:sent|out|off|shipped|posted|dispatched)|is on its way|are on their way)\b",
        re.IGNORECASE,
    ),
    done=re.compile(
        r"\b(?:i|we)(?:'ve| have)? (?:just |already |now |also )?(?:called|spoke|spoken|talked|rang|rung|phoned|met|checked|looked|confirmed|arranged|booked|scheduled|fixed|updated|changed|corrected|ordered|completed|finished|done|did|signed|submitted|added|removed|credited|refunded|paid|reviewed|left (?:you )?a (?:message|voicemail))\b|"
        r"\b(?:good|great|nice|lovely) (?:to (?:speak|talk|chat|meet)|speaking|talking|chatting|meeting|to see|seeing)|\b(?:further to|following|after|thanks for) (?:our|the|your) (?:call|chat|conversation|meeting|visit)\b|\bas (?:we )?discussed (?:on the phone|by phone|on our call|today|this morning|yesterday)|\bis (?:now )?(?:done|sorted|fixed|booked|confirmed|in place|complete)\b",
        re.IGNORECASE,
    ),
    thanks=re.compile(
        r"^\W*(?:(?:many|great|lovely|brilliant|perfect|excellent|super|ok|okay|got it|all good|that'?s|noted|much|cheers|ah|oh|fab|wonderful)[,.!–-]*\s+){0,4}(?:thanks|thank you|thx|ty|ta|cheers|great|perfect|brilliant|excellent|lovely|super|wonderful|much appreciated|appreciated?|noted|understood|ok|okay|sounds (?:good|great)|will do|got it|fine|good|no problem|you'?re welcome|no worries|fab|all good|that'?s (?:great|fine|perfect|good|all|brilliant|lovely)|received|works for me|agreed|yes|yep)\b.{0,80}$",
        re.IGNORECASE,
    ),
    withdrawals=re.compile(
        r"\b(?:never ?mind|(?:please )?(?:ignore|disregard) (?:my|this|that|the|me|previous)|no longer (?:need|require|necessary|needed)|(?:we|i)(?:'ve| have)? (?:now )?(?:sorted|found|solved|worked) (?:it|this|that|the)|sorted (?:it|now|this)|found it|scratch that|no need (?:to (?:reply|respond|answer|get back|come back|worry|do anything|look)|for (?:a|an) (?:reply|answer))|don'?t worry about (?:it|this|that|my)|forget (?:it|about it|my)|no action (?:needed|required)|all sorted|problem solved|cancel (?:my|that|this) (?:request|question|order))\b",
        re.IGNORECASE,
    ),
    releases=re.compile(r"\b(?:no need (?:to|for you to) (?:send|call|ring|bother|chase|prepare|come|do|follow|check)|(?:you )?(?:don'?t|do not) (?:need|have) to (?:send|call|ring|bother|do|follow|worry)|don'?t bother|we'?ll manage without|not needed any ?more|no longer need(?:s|ed)? (?:the|it|that|this|your|a|to))\b", re.IGNORECASE),
    postponements=re.compile(r"\b(?:(?:need|take|require)s? (?:a (?:bit|little|few)|some|another|until|till|more|one more|two more)|running (?:late|behind)|(?:is |be |been |are )?(?:delayed|postponed|pushed back|moved|rescheduled)|push(?:ing)? (?:it|this|that|back|out|the)|slip(?:ped|ping)? (?:to|by|until)|(?:won'?t|will not|can'?t|cannot|not going to) (?:be able to )?(?:make|have|get|manage|finish|send|meet)|instead of|rather than (?:mon|tues|wednes|thurs|fri|tomorrow|today)|(?:it|this|that)(?:'ll| will) (?:now )?be (?:mon|tues|wednes|thurs|fri|tomorrow|next)|an extra (?:day|week))\b", re.IGNORECASE),
    acknowledgements=re.compile(
        r"\b(?:(?:got|received|seen|have) (?:it|this|that|your (?:e-?mail|message|note|mail|request|question|voicemail|call))|thanks? (?:you )?for (?:your|the|this|that|getting|letting|coming|raising|flagging|sending|bringing)|i'?m on it|on it|looking into (?:it|this|that)|(?:am |are |'m |'re )?working on (?:it|this|that)|noted|leave it with me|bear with (?:me|us)|will (?:get|come) back|(?:get|come) back to you|will (?:look|check|revert|respond|reply)|look into (?:it|this|that)|let me (?:check|look|see|find out|ask)|acknowledge|understood|apologies|sorry)\b",
        re.IGNORECASE,
    ),
    tags=re.compile(
        r"\b(?:just (?:returning|trying|touching base|checking in|following up|a quick note|to say)|returning your call|tried (?:to call|calling|you|ringing)|(?:i )?(?:missed|got) your (?:call|message)|(?:will|'ll) (?:try|call|ring|get back|come back|be in touch|speak|respond|reply|catch up)(?: (?:to )?(?:you|again|back))*(?: (?:again|later|soon|shortly|asap|in due course|when i can|as soon as (?:i can|possible)))*\W*$|touch(?:ing)? base|phone tag|tag,? you'?re it|sorry i missed you)\b",
        re.IGNORECASE,
    ),
    greetings=re.compile(r"^\W*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|morning|afternoon|greetings)\b.{0,40}$|^\W*\w+(?: \w+)?[,:–-]+\W*$|^\W*(?:regards|best|cheers|sincerely|thanks|kind regards|best regards|best wishes|many thanks)\b.{0,40}$|^\W*[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,3}\W*$"),
)
