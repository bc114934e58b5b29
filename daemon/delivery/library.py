"""Find the entries of the user's resource library that fit a question.

The search works as over earlier mail (`daemon.store.search`): FTS5 proposes entries, and those are kept that have a whole keyword
in the question, or enough words in common with it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import lru_cache

from daemon.config.library_file import Resource
from daemon.store.search import body, fts_query, share, speaks_of_it, terms, weigh

_PROPOSED = 50  # the most entries taken from FTS5


def matching(resources: Sequence[Resource], text: str, most: int = 2) -> tuple[Resource, ...]:
    """Return at most `most` entries that fit a question, best first. Entries with little in common with it are left out."""
    wanted, library = terms(body(text)), _index(tuple(resources))
    if not wanted or most < 1:
        return ()
    frequency = {term: len(library.with_any((term,))) for term in sorted(wanted)}
    weights, count = weigh(frequency, len(resources)), len(resources)
    fitting = []
    for order, number in enumerate(library.with_any(sorted(wanted))[:_PROPOSED]):
        resource = resources[number]
        in_keywords = sum(len(k) for k in map(terms, resource.keywords) if k and k <= wanted)
        shared = frozenset(weights) & terms(" ".join((resource.title, *resource.keywords)))
        if in_keywords or speaks_of_it(shared, weights, count):
            fitting.append((-in_keywords, -share(shared, weights), order, resource))
    return tuple(resource for *_, resource in sorted(fitting, key=lambda row: row[:3])[:most])


class _Index:
    """An FTS5 table in memory with the words of the entries, rows numbered as the entries are."""

    def __init__(self, resources: Sequence[Resource]) -> None:
        # Loaded in one thread and queried in another, never in two at once.
        self._db = sqlite3.connect(":memory:", check_same_thread=False)
        self._db.execute("CREATE VIRTUAL TABLE entries USING fts5(title, words, text, tokenize='unicode61 remove_diacritics 2')")
        rows = ((n, r.title, " ".join(r.keywords), r.text) for n, r in enumerate(resources))
        self._db.executemany("INSERT INTO entries (rowid, title, words, text) VALUES (?, ?, ?, ?)", rows)

    def with_any(self, words: Sequence[str]) -> list[int]:
        """Return the numbers of the entries with any of these words, best first: keywords weigh most, then the title."""
        query = "SELECT rowid FROM entries WHERE entries MATCH ? ORDER BY bm25(entries, 3.0, 5.0, 1.0), rowid"
        return [number for (number,) in self._db.execute(query, (fts_query(words),))]


@lru_cache(maxsize=2)
def _index(resources: tuple[Resource, ...]) -> _Index:
    return _Index(resources)
