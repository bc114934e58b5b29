"""Hints: what the user has already that answers a question: their own earlier answers, and entries of their resources file.

Only what had been sent by that moment is found, and each hint says where it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from daemon.config.library_file import Resource
from daemon.delivery.library import matching
from daemon.glossary.obligations import Kind, Obligation
from daemon.letters.reminder import Suggestion
from daemon.store import Store

EARLIER, POINTERS = 2, 2
_ASKED = frozenset({Kind.REPLY, Kind.CALLBACK})


def suggestion_finder(
    store: Store, resources: Sequence[Resource], now: datetime
) -> Callable[[Obligation], tuple[Suggestion, ...]]:
    """What finds the suggestions for an obligation as of `now`."""

    def suggestions(o: Obligation) -> tuple[Suggestion, ...]:
        asked = " ".join(o.asks) or (o.quote or "")
        if o.kind not in _ASKED or not asked:
            return ()
        pointers = tuple(Suggestion(r.title, r.text, r.link, r.source) for r in matching(resources, asked, POINTERS))
        found = store.earlier_answers(o.account, asked, before=now, most=EARLIER)
        return (*pointers, *(Suggestion(f.subject, f.words, "", f"to {f.client}", f.at) for f in found))

    return suggestions
