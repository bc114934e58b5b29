"""Suggest what may answer a question: the user's own earlier answers, and entries of their resource library.

Only answers sent by the moment in question count, and each suggestion names its source.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from daemon.config.library_file import Resource
from daemon.delivery.library import matching
from daemon.glossary.obligations import Kind, Obligation, SourceType
from daemon.letters.reminder import Suggestion
from daemon.store import Store

MOST_ANSWERS, MOST_RESOURCES = 2, 2
_QUESTIONS = frozenset({Kind.REPLY, Kind.CALLBACK})


def suggestion_finder(
    store: Store, resources: Sequence[Resource], now: datetime
) -> Callable[[Obligation], tuple[Suggestion, ...]]:
    """Return a function that finds the suggestions for an obligation as of `now`."""

    def suggestions(o: Obligation) -> tuple[Suggestion, ...]:
        asked = "\n".join(o.asks) or (
            o.quote or "" if o.kind is Kind.REPLY else ""
        )  # the words of a promised call are the user's own
        if o.kind not in _QUESTIONS or not asked:
            return ()
        from_library = tuple(Suggestion(r.title, r.text, r.link, r.source) for r in matching(resources, asked, MOST_RESOURCES))
        own = [e.reference for e in (o.source, *o.evidence) if e.type is SourceType.MESSAGE]
        answers = store.earlier_answers(o.account, asked, before=now, most=MOST_ANSWERS, client=o.client, apart_from=own)
        return (*from_library, *(Suggestion(a.subject, a.words, "", f"to {a.client}", a.at, a.asked, a.client) for a in answers))

    return suggestions
