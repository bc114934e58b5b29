"""English phrases that name days, British and American: (pattern, name in day_phrases.RESOLVERS)."""

from __future__ import annotations

_ORD = r"(?:st|nd|rd|th)"
_YEAR = r"(?:,?\s+(?P<year>(?:19|20)\d\d))?"
_WD = r"(?:(?P<weekday>{weekday}),?\s+(?:the\s+)?)?"
# "The 3rd" alone is a day only if it does not count what follows ("the 3rd quarter").
_ALONE = (
    r"(?=\s*(?:$|[.,;:!?)\-–]|(?:at|in|for|to|if|and|or|by|before|so|but|when|with|as|is|was|will|would|works?|morning|afternoon|evening|instead|"
    r"then|from|on|around|about|via|we|i|you|please|thanks|unless|of (?:this|next|the) month)\b))"
)
# The month whose second Friday or last day is meant.
_OF_MONTH = (
    r"(?:\s+(?:of|in)\s+(?:(?P<next>(?:the\s+)?(?:next|following|coming)\s+month)|(?:the|this|the current)\s+month|(?P<month>{month})"
    + _YEAR
    + "))"
)
_NTH = r"(?:the\s+)?(?P<nth>first|second|third|fourth|fifth|last|final|very last|[1-5](?:st|nd|rd|th))"
_NEXT_WEEK = r"(?:the\s+)?(?P<next>next|following|coming)\s+week"
_THIS_WEEK = r"(?:the|this)\s+week"

DAYS = (
    (r"(?:later\s+)?today|this day", "today"),
    (r"tomorrow|tmrw|tmw|tomorow|tommorow|tommorrow", "tomorrow"),
    (r"(?:the\s+)?day after (?:tomorrow|next)", "day_after"),
    (r"(?P<next>next|the following)\s+(?P<weekday>{weekday})(?!\s+(?:of|in)\s+(?:the|this|next|{month}))", "weekday"),
    (r"(?P<weekday>{weekday}),?\s+(?:of\s+)?(?P<next>next week|the following week|of the following week)", "weekday"),
    (
        r"(?P<weekday>{weekday})\s+(?P<after>week|after next|(?P<fortnight>fortnight))",
        "weekday",
    ),
    (
        r"(?P<weeks>a|one|two|three|four|\d) weeks? (?:on|from|this|from this) (?P<a_weekday>{weekday})",
        "weekday",
    ),
    (r"(?:the\s+)?(?P<week_after_next>week after next),?\s+(?:on\s+)?(?P<weekday>{weekday})", "weekday"),
    (r"(?P<weekday>{weekday}),?\s+(?:(?:of|in)\s+)?(?:the\s+)?(?P<week_after_next>week after next)", "weekday"),
    (r"(?P<this>this(?:\s+coming)?|later this)\s+(?P<weekday>{weekday})", "weekday"),
    (r"(?:coming\s+)?(?P<weekday>{weekday})(?:\s+(?P<this>this week))?", "weekday"),
    (r"(?:next week|the following week),?\s+(?:on\s+)?(?P<weekday>{weekday})", "next_weekday"),
    (
        r"(?P<n>a|one|two|three|\d)?\s*(?:weeks?|(?P<fortnight>fortnight))(?:\s+from)?\s+(?:today|(?P<from_tomorrow>tomorrow))",
        "weeks_from",
    ),
    (
        r"(?:today|(?P<from_tomorrow>tomorrow))\s+(?P<n>)(?:week|(?P<fortnight>fortnight))(?!\s+(?:is|we|i|and|at))",
        "weeks_from",
    ),
    (r"(?P<weekday>{weekday}),?\s+(?:the\s+)?(?P<day>\d{1,2})" + _ORD, "ordinal"),
    (r"(?<!in the )(?:(?P<before>before|by|in time for|ahead of)\s+)?(?P<feast>{feast})(?:\s+day)?", "feast"),
    (
        _WD
        + r"(?P<month>{month})\s+(?:the\s+)?(?P<day>\d{1,2})"
        + _ORD
        + r"?(?:\s*(?:-|to|–)\s*(?P<to>\d{1,2})(?![\d:]|\.\d|\s*[ap]\.?m)"
        + _ORD
        + "?)?"
        + _YEAR,
        "date",
    ),
    (
        _WD
        + r"(?:the\s+)?(?P<day>\d{1,2}|first|second|third)"
        + _ORD
        + r"?(?:\s*(?:-|to|–|or)\s*(?:the\s+)?(?P<to>\d{1,2})"
        + _ORD
        + r"?)?\s+(?:of\s+)?(?P<month>{month})"
        + _YEAR,
        "date",
    ),
    (
        r"(?:(?:the\s+)?week (?:of|commencing|beginning|starting)|w/?c)\s+(?:the\s+)?(?P<month>{month})\s+(?P<day>\d{1,2})"
        + _ORD
        + "?",
        "week_of",
    ),
    (
        r"(?:(?:the\s+)?week (?:of|commencing|beginning|starting)|w/?c)\s+(?:the\s+)?(?P<day>\d{1,2})" + _ORD + _ALONE,
        "week_of_day",
    ),
    (
        r"(?:(?:the\s+)?week (?:of|commencing|beginning|starting)|w/?c)\s+(?:the\s+)?(?P<day>\d{1,2})"
        + _ORD
        + r"?\s+(?:of\s+)?(?P<month>{month})",
        "week_of",
    ),
    (_WD + r"(?P<day>\d{1,2})-(?P<month>{month})(?:-(?P<year>(?:20)?\d\d))?", "date"),
    (_WD + r"(?P<a>\d{1,2})\.(?P<b>\d{1,2})\.(?P<year>20\d\d)", "dotted"),
    (r"(?P<year>20\d\d)-(?P<a>\d\d)-(?P<b>\d\d)", "iso"),
    (
        _WD
        + r"(?P<a>\d{1,2})/(?P<b>\d{1,2})(?:/(?P<year>(?:20)?\d\d))?(?<!24/7)(?<!9/11)(?!\s*(?:of|hours?|an?|inch|days?|price|off|th|full|way)\b)",
        "numeric",
    ),
    (r"(?P<day>\d{1,2})" + _ORD + r"?\s+(?:of\s+)?(?P<next>(?:the\s+)?next month)", "ordinal"),
    (_WD + r"the\s+(?P<day>\d{1,2})" + _ORD + _ALONE, "ordinal"),
    (r"(?:on|by|before|until|till)\s+(?:the\s+)?(?P<day>\d{1,2})" + _ORD + _ALONE, "ordinal"),
    (r"on the (?P<day>first|second|third)" + _ALONE, "ordinal"),
    (r"(?:in|during|sometime in) (?P<month>{month})" + _YEAR, "named_month"),
    (
        r"(?:the\s+)?end of (?:the |this )?quarter|quarter[- ]end|(?:(?:by |before |in )?(?:the\s+)?end of |(?:in|during|by) )q(?P<quarter>[1-4])",
        "quarter_end",
    ),
    (_NTH + r"\s+(?P<weekday>{weekday})" + _OF_MONTH, "nth_of_month"),
    (_NTH + r"\s+(?:(?P<working>working|business|work)\s+day|(?P<unit>day|week))" + _OF_MONTH, "nth_of_month"),
    (_NTH + r"\s+(?:working\s+|business\s+)?day\s+of\s+(?:" + _NEXT_WEEK + "|" + _THIS_WEEK + ")", "nth_of_week"),
    (
        r"(?:the\s+)?(?:next|following|first available)\s+(?:available\s+)?(?:working|business|work|office)\s+day(?!\s+(?:after|following|of)\b)",
        "next_working_day",
    ),
    (r"(?:the\s+)?(?:working|business)\s+day after (?P<after_next>next)", "next_working_day"),
    (
        r"(?:the\s+)?(?:beginning|start|first (?:part|days)) of next month|early(?: in)?(?: the)? next month",
        "early_next_month",
    ),
    (r"(?:the\s+)?(?:beginning|start|first (?:part|days)) of (?:the|this) month|early this month", "early_this_month"),
    (r"(?:the\s+)?first half of next month", "half_next_month"),
    (r"(?:the\s+)?first half of (?:the|this) month", "half_this_month"),
    (r"(?:the\s+)?middle of next month|mid(?:-|\s)next month", "mid_next_month"),
    (r"(?:the\s+)?second half of next week", "next_week"),
    (r"(?:the\s+)?first half of next week|next week,? (?:by )?mid-?week", "mid_next_week"),
    (r"mid-?week", "midweek"),
    (r"(?:calendar\s+week|cw)\s?(?:no\.?\s*)?(?P<n>\d{1,2})", "calendar_week"),
    (
        r"(?:the\s+)?(?:beginning|start) of next week|early(?: part of)?(?: in)? next week|early in the (?:coming|new) week",
        "early_next_week",
    ),
    (r"(?:the\s+)?middle of next week|mid(?:-|\s)next week|midweek next week", "mid_next_week"),
    (
        r"(?:the\s+)?(?:end|latter part|back end|back) of next week|late(?:r)? next week|next week|the following week|the coming week",
        "next_week",
    ),
    (r"the week after(?: next)?|week after next", "week_after"),
    (
        r"(?:the\s+)?end of (?:the|this) week|eow|(?:later |sometime )?this week|(?:the\s+)?rest of (?:the|this) week|(?:the\s+)?week'?s end|later in the week|end of week",
        "this_week",
    ),
    (r"(?:this|over the|at the) week-?end", "this_weekend"),
    (r"(?:by|before) the week-?end", "this_week"),
    (r"(?:the\s+)?end of (?:the|this) month|eom|month(?:[- ]|'?s )end|(?:later )?this month|end of month", "this_month"),
    (r"(?:the\s+)?end of next month|(?:sometime\s+)?next month", "next_month"),
    (r"(?:the\s+)?middle of (?:the|this) month|mid[- ]month", "mid_month"),
    (
        r"(?:(?P<early>early(?: in)?|beginning of|(?:the\s+)?start of)|(?P<mid>mid-?|mid\s|(?:the\s+)?middle of)|(?P<late>late(?: in)?)|(?P<end>(?:the\s+)?end of))\s*(?P<month>{month})"
        + _YEAR,
        "named_month",
    ),
    (r"(?:the\s+)?end of (?:the|this) year|eoy|year(?:[- ]|'?s )end", "year_end"),
    (
        r"(?:the\s+)?(?:next|coming)\s+(?P<n>{number})(?:\s*(?:-|–|to|or)\s*(?P<upper>{number}))?\s+(?P<working>business\s+|working\s+)?days",
        "next_days",
    ),
)
