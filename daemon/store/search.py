"""Full-text search over what the user wrote to clients: earlier answers to what is asked now, each with where it stands.

The database proposes (FTS5 with bm25, or PostgreSQL with ts_rank); what is shown is decided here, alike for both: a passage
must share enough of the question's words, weighed by how seldom the user writes them. Mail is hostile, so of a question
only bare letters and digits ever reach a query.

In SQLite the index holds words without the mail they stand in (a contentless table), and `learn` and `forget` keep it in
step in the transactions that change the messages. PostgreSQL does that by itself. A database whose SQLite was built
without FTS5 has no index: there nothing is found, and all else works.
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
ENOUGH = 0.25  # how much of the question's weight a passage must share
RARE = 50  # a word that stands in one of so many mails may carry a match alone
_ASKED = 12  # a question's weightiest words; more would only dilute it
_COUNTED = 60  # the longest words of an endless question; each costs a query
_LOOKED_AT = 100  # mails that the database proposes
_HALF = 0.5  # what an answer counts that says no more than a status

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
# What PostgreSQL is told to index, word for word as in the migration: else it would not use the index. Its parser takes
# addresses, paths and signed numbers for one word, so punctuation goes first.
_VECTOR = """to_tsvector('simple', translate(messages.text, '!"#$%&()*+,-./\\:;<=>?@[]^_`{|}~', repeat(' ', 30)))"""
_SENT_THERE = 'messages.client IS NOT NULL AND messages.text IS NOT NULL AND messages.envelope LIKE \'%"role"\\:"sent"%\''

_answers = table("answers", column("number"), column("account"), column("message_id"))
_words = table("answers_words", column("rowid"))


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """An earlier answer of the user's: the mail it stands in, and its passage. `score` is 1 where all that was asked stands there."""

    message_id: str
    client: str
    at: datetime
    subject: str
    words: str
    score: float


# --- keeping the index in step ---


def learn(db: Connection, stored: Iterable[Mapping[str, Any]]) -> None:
    """Take in the words of rows of `messages` just stored; of those alone that were sent to a client."""
    sent = [
        _named(r["account"], r["message_id"], r["text"]) for r in stored if r["client"] and r["text"] and _SENT in r["envelope"]
    ]
    if sent and _indexed(db):
        db.execute(text("INSERT OR IGNORE INTO answers (account, message_id) VALUES (:account, :message_id)"), sent)
        db.execute(text(f"INSERT INTO answers_words (rowid, text) SELECT number, :text {_THE_ONE}"), sent)


def forget(db: Connection, stored: Iterable[Any]) -> None:
    """Leave the words of rows of `messages` out again: before they change or go, for the index is told what it held."""
    gone = [_named(r.account, r.message_id, r.text) for r in stored if r.text]
    if gone and _indexed(db):
        known = f"INSERT INTO answers_words (answers_words, rowid, text) SELECT 'delete', number, :text {_THE_ONE}"
        db.execute(text(known), gone)
        db.execute(text(f"DELETE {_THE_ONE}"), gone)


def forget_for_good(db: Connection, stored: Iterable[Any]) -> None:
    """The same, and no trace of the words remains: FTS5 only marks words as gone until it writes its index anew."""
    forget(db, stored)
    if _indexed(db):
        db.execute(text("INSERT INTO answers_words (answers_words) VALUES ('optimize')"))


_THE_ONE = "FROM answers WHERE account = :account AND message_id = :message_id"


def _named(account: str, message_id: str, words: str) -> dict[str, str]:
    return {"account": account, "message_id": message_id, "text": words}


def _indexed(db: Connection) -> bool:
    """Whether this is an SQLite database with the index."""
    there = text("SELECT 1 FROM sqlite_master WHERE name = 'answers_words'")
    return db.dialect.name == "sqlite" and db.scalar(there) is not None


# --- finding ---


def earlier_answers(db: Connection, account: str, asked: str, before: datetime, most: int) -> tuple[EarlierAnswer, ...]:
    """The user's earlier answers that share most of what is asked, best first; rather none than one that has little to do with it."""
    wanted = terms(body(asked))
    if not wanted or most < 1 or not (db.dialect.name == "postgresql" or _indexed(db)):
        return ()
    count = _count(db, _sent(db, account, before))
    counted = sorted(wanted, key=lambda term: (-len(term), term))[:_COUNTED]
    often = {term: _count(db, _matching(db, account, before, (term,))) for term in counted}
    weights = weigh(often, count)
    needed = telling({term: weight for term, weight in weights.items() if often[term]}, sum(weights.values()))
    if not needed:
        return ()
    proposed = db.execute(_matching(db, account, before, needed, ranked=True).limit(_LOOKED_AT))
    found = [one for row in proposed if (one := _found(row, weights, count)) is not None]
    return tuple(_different(sorted(found, key=lambda f: (-f.score, -f.at.timestamp(), f.message_id)), most))


def _sent(db: Connection, account: str, before: datetime) -> Select[Any]:
    """What this account had sent to clients by then."""
    m = s.messages.c
    mine = select(s.messages).where(m.account == account, m.moment <= before)
    if db.dialect.name == "postgresql":
        return mine.where(text(_SENT_THERE))
    return mine.join(_answers, and_(_answers.c.account == m.account, _answers.c.message_id == m.message_id))


def _matching(db: Connection, account: str, before: datetime, words: Iterable[str], *, ranked: bool = False) -> Select[Any]:
    """Those of them with any of the words, or with a word that begins so; the index is asked first, and once."""
    if db.dialect.name == "postgresql":
        return _matching_in_postgresql(account, before, " | ".join(f"'{w}':*" for w in words), ranked=ranked)
    hits: Select[Any] = select(_words.c.rowid.label("number"), text("bm25(answers_words) AS rank"))
    # By itself SQLite may ask the index anew for every mail.
    once = hits.where(text("answers_words MATCH :query")).cte("hits").prefix_with("MATERIALIZED")
    found = _sent(db, account, before).join(once, once.c.number == _answers.c.number).params(query=fts_query(words))
    return found.order_by(text("hits.rank"), s.messages.c.moment.desc()) if ranked else found


def _matching_in_postgresql(account: str, before: datetime, query: str, *, ranked: bool) -> Select[Any]:
    """The same there; every account's mail is in the one index, so ranked is only what is left of it.

    OFFSET keeps it from putting the conditions together: until it has statistics it would go by another index then, and work
    out the words of all mail, which takes seconds.
    """
    asked = "to_tsquery('simple', :query)"
    hits = select(s.messages).where(text(_SENT_THERE), text(f"{_VECTOR} @@ {asked}")).offset(0).subquery("messages")
    found = select(hits).where(hits.c.account == account, hits.c.moment <= before).params(query=query)
    return found.order_by(text(f"ts_rank({_VECTOR}, {asked}) DESC"), hits.c.moment.desc()) if ranked else found


def fts_query(words: Iterable[str]) -> str:
    """Any of these words, for FTS5: each a quoted string of letters and digits, so that none of them is syntax."""
    return " OR ".join(f'"{w}"*' for w in words)


def _count(db: Connection, statement: Select[Any]) -> int:
    return db.scalar(statement.with_only_columns(func.count(), maintain_column_froms=True)) or 0


def _found(row: Any, weights: Weights, count: int) -> EarlierAnswer | None:
    message, read = json_columns.message(row.message_id, row.text, row.envelope), json_columns.reading(row.reading, row.text)
    if message.role is not Role.SENT or (read is not None and read.automated):
        return None
    named = _people(message, row.client)
    words, shared = passage(body(message.text), {w: v for w, v in weights.items() if w not in named})
    score = share(shared, weights)
    if not speaks_of_it(shared, weights, count):
        return None
    counts = 1.0 if read is None or read.substance else _HALF
    return EarlierAnswer(row.message_id, row.client, row.moment, message.subject, words, round(score * counts, 4))


def _people(message: Message, client: str) -> frozenset[str]:
    """The words that stand in every mail between the two: whoever shares only these speaks of nothing in common."""
    return terms(" ".join((client, message.sender.name, *(a.name for a in message.to[:5]))))


def _different(found: Iterable[EarlierAnswer], most: int) -> Iterator[EarlierAnswer]:
    """The first of them, each passage once: what was said alike to many is one answer."""
    seen: set[frozenset[str]] = set()
    for one in found:
        said = terms(one.words)
        if said not in seen and len(seen) < most:
            seen.add(said)
            yield one


# --- words and passages ---


def terms(words: str) -> frozenset[str]:
    """The words that carry the matter: without their endings, numbers and codes such as AB1234 whole. All bare letters and digits."""
    return frozenset(topics.stem(t) for t in _TOKEN.findall(unicodedata.normalize("NFC", words).lower()) if _matters(t))


def body(words: str) -> str:
    """A mail's text without its salutation and what follows its closing."""
    rest = _GREETING.sub("", words, count=1)
    closing = next((c for c in _CLOSING.finditer(rest) if rest[: c.start()].strip()), None)
    return rest[: closing.start()] if closing else rest


def weigh(often: Mapping[str, int], count: int) -> Weights:
    """How much each word of a question says, by how many of `count` texts it stands in; of many words only the weightiest."""
    weights = {word: log(1 + (count + 0.5) / (min(max(n, 1), count) + 0.5)) for word, n in often.items()}
    return dict(sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:_ASKED])


def telling(weights: Weights, total: float) -> list[str]:
    """Those words without which no text carries enough of `total`: the commonest, which would propose most mail, are left out."""
    needed, left_out = sorted(weights, key=lambda word: (-weights[word], word)), 0.0
    while needed and left_out + weights[needed[-1]] < ENOUGH * total:
        left_out += weights[needed.pop()]
    return needed


def share(shared: Iterable[str], weights: Weights) -> float:
    """How much of the question's weight these words carry, from 0 to 1."""
    return sum(weights[w] for w in shared) / sum(weights.values())


def speaks_of_it(shared: frozenset[str], weights: Weights, count: int) -> bool:
    """Whether a text with these words in common is about the question: two words, or one that is hardly ever written."""
    if not shared or share(shared, weights) < ENOUGH:
        return False
    rare = log(1 + (count + 0.5) / (count / RARE + 0.5)) if count >= RARE else float("inf")
    return len(shared) > 1 or weights[next(iter(shared))] >= rare


def passage(words: str, weights: Weights) -> tuple[str, frozenset[str]]:
    """The stretch of at most LONGEST characters that carries most of the weight, on one line, and which words it shares."""
    line = " ".join(unicodedata.normalize("NFC", words).split())
    hits = [(t.start(), t.end(), term) for t in _TOKEN.finditer(line) if (term := topics.stem(t[0].lower())) in weights]
    if not hits:
        return _cut(line, 0, 0), frozenset()
    # No more hits than characters fit: to look further would take long where a mail repeats a word a thousand times.
    stretches = [[h for h in hits[n : n + LONGEST] if h[1] - first[0] <= LONGEST - 2] for n, first in enumerate(hits)]
    best = max(stretches, key=lambda stretch: sum(weights[t] for t in {hit[2] for hit in stretch}), default=[])
    if not best:
        return _cut(line, 0, 0), frozenset()
    return _cut(line, best[0][0], best[-1][1]), frozenset(hit[2] for hit in best)


def _cut(line: str, start: int, end: int) -> str:
    """At most LONGEST characters around a stretch: from the start of its sentence where that fits, whole words, cuts shown."""
    starts = [0, *(m.end() for m in _SENTENCE.finditer(line))]
    begin = max(n for n in starts if n <= start)
    if end - begin > LONGEST - 2:
        begin = start
    room = LONGEST - (begin > 0)
    stop = len(line) if len(line) - begin <= room else max(end, line.rfind(" ", begin, begin + room - 1))
    return ("…" if begin else "") + line[begin:stop].rstrip() + ("…" if stop < len(line) else "")


def _matters(token: str) -> bool:
    return len(token) >= 3 and (not token.isalpha() or bool(topics.words(token)))
