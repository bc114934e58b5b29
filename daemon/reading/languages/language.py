"""Everything the reader knows about one language, as one value: its words for times and its tables of rules."""

from __future__ import annotations

import re
from dataclasses import dataclass

from daemon.reading.languages.rules import RuleTable
from daemon.reading.languages.time_words import TimeWords


@dataclass(frozen=True, slots=True)
class ClauseWords:
    """How a language's clauses are told apart: how one `begins`, what `depends` on another, and ends that leave one `unfinished`."""

    begins: re.Pattern[str]
    depends: re.Pattern[str]
    unfinished: re.Pattern[str]


@dataclass(frozen=True, slots=True, eq=False)  # compared and hashed by identity: there is one value for each language
class Language:
    """Everything the reader knows about one language."""

    code: str  # ISO 639-1
    common_words: frozenset[str]  # by which the language is recognised
    time_words: TimeWords
    clause_words: ClauseWords
    courtesies: RuleTable  # neither ask nor promise anything, whatever they look like
    requests: RuleTable
    instructions: RuleTable  # requests for something to be done rather than answered: "please register", "pass it on"
    promises: RuleTable
    no_commitments: RuleTable  # "the carrier will call", "I'll wait for it": commits nobody, whatever else the clause says
    conditions: RuleTable
    promise_sorts: RuleTable  # what is promised: a call, something sent, a meeting
    deliveries: RuleTable
    completions: RuleTable  # "I called him this morning"
    thanks: RuleTable
    withdrawals: RuleTable
    releases: RuleTable
    postponements: RuleTable
    given_up_times: RuleTable  # "I can't make Tuesday", "instead of Friday": the times in them are no due times
    complaints: RuleTable  # something is wrong: an answer is wanted although nothing is asked
    acknowledgements: RuleTable  # "got it", "on it": a status, not an answer
    tags: RuleTable  # "just returning your call": neither an answer nor a status
    greetings: RuleTable
    broadcasts: RuleTable  # the opening of a mail to many: "Dear members"
