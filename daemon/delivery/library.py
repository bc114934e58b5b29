"""Which entries of the user's own library fit a question.

The same search as over earlier mail finds them (daemon.store.search): FTS5 proposes, and what is shown must have a whole
keyword in the question, or enough words in common with it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import lru_cache

from daemon.config.library_file import Resource
from daemon.store.search import body, fts_query, share, speaks_of_it, terms, weigh

_LOOKED_AT = 50  # entries that FTS5 proposes


def matching(resources: Sequence[Resource], text: str, most: int = 2) -> tuple[Resource, ...]:
    """The entries that fit the words of a question best, best first; rather none than one that has little to do with it."""
    wanted, library = terms(body(text)), _index(tuple(resources))
    if not wanted or most < 1:
        return ()
    often = {term: len(library.with_any((term,))) for term in sorted(wanted)}
    weights, count = weigh(often, len(resources)), len(resources)
    fitting = []
    for order, number in enumerate(library.with_any(sorted(wanted))[:_LOOKED_AT]):
        one = resources[number]
        whole = sum(len(k) for k in map(terms, one.keywords) if k and k <= wanted)
        shared = frozenset(weights) & terms(" ".join((one.title, *one.keywords)))
        if whole or speaks_of_it(shared, weights, count):
            fitting.append((-whole, -share(shared, weights), order, one))
    return tuple(one for *_, one in sorted(fitting, key=lambda f: f[:3])[:most])


class _Index:
    """The entries' words in an FTS5 table in memory, rows numbered as the entries are."""

    def __init__(self, resources: Sequence[Resource]) -> None:
        # Loaded in one thread and asked in another, never in two at once.
        self._db = sqlite3.connect(":memory:", check_same_thread=False)
        self._db.execute("CREATE VIRTUAL TABLE entries USING fts5(title, words, text, tokenize='unicode61 remove_diacritics 2')")
        rows = ((n, r.title, " ".join(r.keywords), r.text) for n, r in enumerate(resources))
        self._db.executemany("INSERT INTO entries (rowid, title, words, text) VALUES (?, ?, ?, ?)", rows)

    def with_any(self, words: Sequence[str]) -> list[int]:
        """The numbers of the entries with any of these words, best first: keywords weigh most, then the title."""
        found = "SELECT rowid FROM entries WHERE entries MATCH ? ORDER BY bm25(entries, 3.0, 5.0, 1.0), rowid"
        return [number for (number,) in self._db.execute(found, (fts_query(words),))]


@lru_cache(maxsize=2)
def _index(resources: tuple[Resource, ...]) -> _Index:
    return _Index(resources)
