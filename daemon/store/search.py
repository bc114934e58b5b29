"""Search what the user wrote to clients for earlier answers to a question, each with its source.

The database proposes mails (FTS5 with bm25, or PostgreSQL with ts_rank); what is shown is decided here, alike for both: a passage
must share enough of the question's words, weighted by how rarely the user writes them. Mail is hostile, so that only letters and
digits of a question ever reach a query.

In SQLite the index contains words without their mails (a contentless table), and `index` and `unindex` update it in the transactions
that change the messages. PostgreSQL updates its index itself. Where SQLite was built without FTS5 there is no index: nothing is found,
and everything else works.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import log
from typing import Any, TypeAlias

from sqlalchemy import Connection, Select, and_, column, func, select, table, text

from connectors.mail import Message, Role
from daemon.core import topics
from daemon.store import json_columns
from daemon.store import schema as s

LONGEST = 200  # characters of a passage
ENOUGH_SHARED = 0.25  # the share of the question's weight that a passage must have
RARE = 50  # a word in at most one of so many mails is enough for a match
_MOST_TERMS = 12  # the weightiest words of a question that are used; more would dilute it
_MOST_COUNTED = 60  # the longest words of a long question; each costs a query
_PROPOSED = 100  # mails taken from the database
_STATUS_SCORE = 0.5  # the factor for an answer that contains only a status

_TOKEN = re.compile(r"[^\W_]+")
_GREETING = re.compile(
    r"\A\W*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|morning|hallo|guten (?:tag|morgen)|liebe[rs]?|sehr geehrte[rs]?)\b"
    r"[^\n,.!?:]{0,40}(?:[,.!:]|\n|\Z)",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"^\W*(?:(?:kind|best|warm|many)? ?regards|best(?: wishes)?|cheers|sincerely|yours|all the best|(?:many )?thanks|thank you|"
    r"(?:viele|beste|liebe|freundliche|mit freundlichen) grü(?:ß|ss)en?|mfg|vg)\b[^\n]{0,20}$",
    re.IGNORECASE | re.MULTILINE,
)
_SENTENCE = re.compile(r"(?<=[.!?]) ")

Key: TypeAlias = tuple[str, str]  # account and Message-ID
Weights: TypeAlias = Mapping[str, float]  # a question's words -> how much each says

_SENT = '"role":"sent"'  # in an envelope, which is compact JSON; inside a string of it the quotes would be escaped
# The expression that PostgreSQL indexes, exactly as in the migration, or it would not use the index. Its parser takes addresses,
# paths and signed numbers for one word, so punctuation is removed first.
_VECTOR = """to_tsvector('simple', translate(messages.text, '!"#$%&()*+,-./\\:;<=>?@[]^_`{|}~', repeat(' ', 30)))"""
_SENT_IN_POSTGRESQL = 'messages.client IS NOT NULL AND messages.text IS NOT NULL AND messages.envelope LIKE \'%"role"\\:"sent"%\''

_answers = table("answers", column("number"), column("account"), column("message_id"))
_words = table("answers_words", column("rowid"))


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """A passage of a mail that the user sent, with that mail. `score` is 1 if the passage contains every word of the question."""

    message_id: str
    client: str
    at: datetime
    subject: str
    words: str
    score: float


# --- updating the index ---


def index(db: Connection, stored: Iterable[Mapping[str, Any]]) -> None:
    """Index the words of rows of `messages` just stored, if they were sent to a client."""
    sent = [
        _parameters(r["account"], r["message_id"], r["text"])
        for r in stored
        if r["client"] and r["text"] and _SENT in r["envelope"]
    ]
    if sent and _has_index(db):
        db.execute(text("INSERT OR IGNORE INTO answers (account, message_id) VALUES (:account, :message_id)"), sent)
        db.execute(text(f"INSERT INTO answers_words (rowid, text) SELECT number, :text {_ROW}"), sent)


def unindex(db: Connection, stored: Iterable[Any]) -> None:
    """Remove the words of rows of `messages` from the index, before the rows change: FTS5 needs the old words for it."""
    removed = [_parameters(r.account, r.message_id, r.text) for r in stored if r.text]
    if removed and _has_index(db):
        deletion = f"INSERT INTO answers_words (answers_words, rowid, text) SELECT 'delete', number, :text {_ROW}"
        db.execute(text(deletion), removed)
        db.execute(text(f"DELETE {_ROW}"), removed)


def unindex_for_good(db: Connection, stored: Iterable[Any]) -> None:
    """Remove the words without a trace: FTS5 only marks them as deleted until it rewrites its index."""
    unindex(db, stored)
    if _has_index(db):
        db.execute(text("INSERT INTO answers_words (answers_words) VALUES ('optimize')"))


_ROW = "FROM answers WHERE account = :account AND message_id = :message_id"


def _parameters(account: str, message_id: str, words: str) -> dict[str, str]:
    return {"account": account, "message_id": message_id, "text": words}


def _has_index(db: Connection) -> bool:
    """Return whether this is an SQLite database with the index."""
    query = text("SELECT 1 FROM sqlite_master WHERE name = 'answers_words'")
    return db.dialect.name == "sqlite" and db.scalar(query) is not None


# --- finding ---


def earlier_answers(db: Connection, account: str, asked: str, before: datetime, most: int) -> tuple[EarlierAnswer, ...]:
    """Return at most `most` answers sent by `before` that share most of a question's words, best first; none that share few."""
    wanted = terms(body(asked))
    if not wanted or most < 1 or not (db.dialect.name == "postgresql" or _has_index(db)):
        return ()
    count = _count(db, _sent(db, account, before))
    counted = sorted(wanted, key=lambda term: (-len(term), term))[:_MOST_COUNTED]
    frequency = {term: _count(db, _matching(db, account, before, (term,))) for term in counted}
    weights = weigh(frequency, count)
    needed = telling({term: weight for term, weight in weights.items() if frequency[term]}, sum(weights.values()))
    if not needed:
        return ()
    proposed = db.execute(_matching(db, account, before, needed, ranked=True).limit(_PROPOSED))
    answers = [answer for row in proposed if (answer := _answer(row, weights, count)) is not None]
    return tuple(_without_repetitions(sorted(answers, key=lambda f: (-f.score, -f.at.timestamp(), f.message_id)), most))


def _sent(db: Connection, account: str, before: datetime) -> Select[Any]:
    """Return the query for what this account had sent to clients by then."""
    m = s.messages.c
    of_account = select(s.messages).where(m.account == account, m.moment <= before)
    if db.dialect.name == "postgresql":
        return of_account.where(text(_SENT_IN_POSTGRESQL))
    return of_account.join(_answers, and_(_answers.c.account == m.account, _answers.c.message_id == m.message_id))


def _matching(db: Connection, account: str, before: datetime, words: Iterable[str], *, ranked: bool = False) -> Select[Any]:
    """Return the query for those of them with any word that begins with one of `words`; it uses the index first, and once."""
    if db.dialect.name == "postgresql":
        return _matching_in_postgresql(account, before, " | ".join(f"'{w}':*" for w in words), ranked=ranked)
    hits: Select[Any] = select(_words.c.rowid.label("number"), text("bm25(answers_words) AS rank"))
    # Without MATERIALIZED SQLite may query the index again for every mail.
    once = hits.where(text("answers_words MATCH :query")).cte("hits").prefix_with("MATERIALIZED")
    found = _sent(db, account, before).join(once, once.c.number == _answers.c.number).params(query=fts_query(words))
    return found.order_by(text("hits.rank"), s.messages.c.moment.desc()) if ranked else found


def _matching_in_postgresql(account: str, before: datetime, query: str, *, ranked: bool) -> Select[Any]:
    """Return the same query for PostgreSQL, whose one index contains every account's mail.

    OFFSET keeps it from merging the two conditions: without statistics it would then choose another index, and compute the words of
    all mail, which takes seconds.
    """
    asked = "to_tsquery('simple', :query)"
    hits = select(s.messages).where(text(_SENT_IN_POSTGRESQL), text(f"{_VECTOR} @@ {asked}")).offset(0).subquery("messages")
    found = select(hits).where(hits.c.account == account, hits.c.moment <= before).params(query=query)
    return found.order_by(text(f"ts_rank({_VECTOR}, {asked}) DESC"), hits.c.moment.desc()) if ranked else found


def fts_query(words: Iterable[str]) -> str:
    """Return the FTS5 query for any of these words, each a quoted string of letters and digits, so that none is syntax."""
    return " OR ".join(f'"{w}"*' for w in words)


def _count(db: Connection, statement: Select[Any]) -> int:
    return db.scalar(statement.with_only_columns(func.count(), maintain_column_froms=True)) or 0


def _answer(row: Any, weights: Weights, count: int) -> EarlierAnswer | None:
    message, read = json_columns.message(row.message_id, row.text, row.envelope), json_columns.reading(row.reading, row.text)
    if message.role is not Role.SENT or (read is not None and read.automated):
        return None
    names = _names(message, row.client)
    words, shared = passage(body(message.text), {w: v for w, v in weights.items() if w not in names})
    score = share(shared, weights)
    if not speaks_of_it(shared, weights, count):
        return None
    counts = 1.0 if read is None or read.substance else _STATUS_SCORE
    return EarlierAnswer(row.message_id, row.client, row.moment, message.subject, words, round(score * counts, 4))


def _names(message: Message, client: str) -> frozenset[str]:
    """Return the words of names that occur in every mail between the two, and so say nothing about its subject."""
    return terms(" ".join((client, message.sender.name, *(a.name for a in message.to[:5]))))


def _without_repetitions(answers: Iterable[EarlierAnswer], most: int) -> Iterator[EarlierAnswer]:
    """Yield the first `most` answers whose passages differ: the same words to many people are one answer."""
    seen: set[frozenset[str]] = set()
    for answer in answers:
        words = terms(answer.words)
        if words not in seen and len(seen) < most:
            seen.add(words)
            yield answer


# --- words and passages ---


def terms(words: str) -> frozenset[str]:
    """Return the words that tell the subject, without their endings; numbers and codes such as AB1234 whole. Only letters and digits."""
    return frozenset(topics.stem(t) for t in _TOKEN.findall(unicodedata.normalize("NFC", words).lower()) if _matters(t))


def body(words: str) -> str:
    """Return a mail's text without its salutation, its closing and what follows that."""
    without_greeting = _GREETING.sub("", words, count=1)
    closing = next((c for c in _CLOSING.finditer(without_greeting) if without_greeting[: c.start()].strip()), None)
    return without_greeting[: closing.start()] if closing else without_greeting


def weigh(frequency: Mapping[str, int], count: int) -> Weights:
    """Return the weight of each word of a question, by how many of `count` texts contain it; only the weightiest words."""
    weights = {word: log(1 + (count + 0.5) / (min(max(n, 1), count) + 0.5)) for word, n in frequency.items()}
    return dict(sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:_MOST_TERMS])


def telling(weights: Weights, total: float) -> list[str]:
    """Return words of which every text with enough of `total` contains at least one; the commonest words are left out."""
    needed, left_out = sorted(weights, key=lambda word: (-weights[word], word)), 0.0
    while needed and left_out + weights[needed[-1]] < ENOUGH_SHARED * total:
        left_out += weights[needed.pop()]
    return needed


def share(shared: Iterable[str], weights: Weights) -> float:
    """Return the share of the question's weight that these words carry, from 0 to 1."""
    return sum(weights[w] for w in shared) / sum(weights.values())


def speaks_of_it(shared: frozenset[str], weights: Weights, count: int) -> bool:
    """Return whether a text with these words in common is about the question: two words, or one rare word."""
    if not shared or share(shared, weights) < ENOUGH_SHARED:
        return False
    rare = log(1 + (count + 0.5) / (count / RARE + 0.5)) if count >= RARE else float("inf")
    return len(shared) > 1 or weights[next(iter(shared))] >= rare


def passage(words: str, weights: Weights) -> tuple[str, frozenset[str]]:
    """Return the passage of at most LONGEST characters with most of the weight, on one line, and the words that it shares."""
    line = " ".join(unicodedata.normalize("NFC", words).split())
    hits = [(t.start(), t.end(), term) for t in _TOKEN.finditer(line) if (term := topics.stem(t[0].lower())) in weights]
    if not hits:
        return _cut(line, 0, 0), frozenset()
    # A passage has at most LONGEST hits; without the limit a mail that repeats a word a thousand times would take long.
    stretches = [[h for h in hits[n : n + LONGEST] if h[1] - first[0] <= LONGEST - 2] for n, first in enumerate(hits)]
    best = max(stretches, key=lambda stretch: sum(weights[t] for t in {hit[2] for hit in stretch}), default=[])
    if not best:
        return _cut(line, 0, 0), frozenset()
    return _cut(line, best[0][0], best[-1][1]), frozenset(hit[2] for hit in best)


def _cut(line: str, start: int, end: int) -> str:
    """Return at most LONGEST characters around a passage: from the start of its sentence if that fits, with “…” at cuts."""
    starts = [0, *(m.end() for m in _SENTENCE.finditer(line))]
    begin = max(n for n in starts if n <= start)
    if end - begin > LONGEST - 2:
        begin = start
    room = LONGEST - (begin > 0)
    stop = len(line) if len(line) - begin <= room else max(end, line.rfind(" ", begin, begin + room - 1))
    return ("…" if begin else "") + line[begin:stop].rstrip() + ("…" if stop < len(line) else "")


def _matters(token: str) -> bool:
    return len(token) >= 3 and (not token.isalpha() or bool(topics.words(token)))
