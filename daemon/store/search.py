"""Search the mail with clients for what the user answered when the same was asked before, each with its source.

The database proposes mails (FTS5 with bm25, or PostgreSQL with ts_rank): questions that are alike, and answers that have the words.
Each is completed to an exchange, a client's question with the user's answer in its thread; what is shown is decided by
`analysis.exchanges`, alike for both databases. Mail is hostile, so that only letters and digits of a question ever reach a query.

In SQLite the index contains words without their mails (a contentless table), and `index` and `unindex` update it in the transactions
that change the messages. PostgreSQL updates its index itself. Where SQLite was built without FTS5 there is no index: nothing is found,
and everything else works.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, column, func, select, table, text

from connectors.mail import Message, Role
from daemon.analysis import exchanges
from daemon.analysis.content_words import Weights, terms
from daemon.analysis.exchanges import Exchange, Fit, Part
from daemon.analysis.lasting_words import lasting
from daemon.core import threads
from daemon.reading import ActKind, Reading
from daemon.store import json_columns
from daemon.store import schema as s
from daemon.store.statements import chunks

ANSWERED_WITHIN = timedelta(days=60)
_MOST_COUNTED = 40  # the longest words of a long question; each costs a query
_PROPOSED = 100  # mails taken from the database
_QUESTIONS, _REPLIES = 30, 30  # questions whose answers are looked up, and mails that may be one

# The expression that PostgreSQL indexes, exactly as in the migrations, or it would not use the index. Its parser takes addresses,
# paths and signed numbers for one word, so punctuation is removed first.
_VECTOR = """to_tsvector('simple', translate(messages.text, '!"#$%&()*+,-./\\:;<=>?@[]^_`{|}~', repeat(' ', 30)))"""
_WITH_CLIENTS = "messages.client IS NOT NULL AND messages.text IS NOT NULL"

_answers = table("answers", column("number"), column("account"), column("message_id"))
_words = table("answers_words", column("rowid"))


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """What the user answered before: the sentences that answer, of which mail, to which client, and what was asked.

    `score` is 1 if all that is asked now stands in it.
    """

    message_id: str
    client: str
    at: datetime
    subject: str
    words: str
    score: float
    asked: str = ""


@dataclass(frozen=True, slots=True)
class _Mail:
    """A row of `messages` with a client, read."""

    message: Message
    reading: Reading
    client: str
    moment: datetime

    @property
    def sent(self) -> bool:
        return self.message.role is Role.SENT


# --- making and updating the index ---


def make_index(db: Connection) -> None:
    """Make the index of an empty database; an SQLite without FTS5 goes without.

    In SQLite it knows a mail by a number, which stands in a table beside it, because SQLite may renumber the rows of `messages`.
    """
    if db.dialect.name == "postgresql":
        db.execute(text(f"CREATE INDEX answers_words ON messages USING gin (({_VECTOR})) WHERE {_WITH_CLIENTS}"))
    elif db.scalar(text("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'")):
        numbers = "number INTEGER NOT NULL, account TEXT NOT NULL, message_id TEXT NOT NULL"
        db.execute(text(f"CREATE TABLE answers ({numbers}, PRIMARY KEY (number), UNIQUE (account, message_id))"))
        tokens = "unicode61 remove_diacritics 2"
        db.execute(text(f"CREATE VIRTUAL TABLE answers_words USING fts5(text, content='', tokenize='{tokens}')"))


def index(db: Connection, stored: Iterable[Mapping[str, Any]]) -> None:
    """Index the words of rows of `messages` just stored, if they concern a client."""
    rows = [_parameters(r["account"], r["message_id"], r["text"]) for r in stored if r["client"] and r["text"]]
    if rows and _has_index(db):
        db.execute(text("INSERT OR IGNORE INTO answers (account, message_id) VALUES (:account, :message_id)"), rows)
        db.execute(text(f"INSERT INTO answers_words (rowid, text) SELECT number, :text {_ROW}"), rows)


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


def earlier_answers(
    db: Connection,
    account: str,
    asked: str,
    before: datetime,
    most: int,
    client: str | None = None,
    apart_from: Iterable[str] = (),
) -> tuple[EarlierAnswer, ...]:
    """Return at most `most` answers that the user had sent by `before` to a question like this one, best first.

    What another client than `client` was granted is left out, and so are exchanges about the messages `apart_from`.
    """
    wanted = exchanges.parts(asked)
    if not wanted or most < 1 or not (db.dialect.name == "postgresql" or _has_index(db)):
        return ()
    count = _count(db, _with_clients(db, account, before))
    counted = sorted({t for p in wanted for t in p.terms}, key=lambda term: (-len(term), term))[:_MOST_COUNTED]
    frequency = {term: _count(db, _matching(db, account, before, (term,))) for term in counted}
    known = [term for term in counted if frequency[term]]
    if not known:
        return ()
    weights = exchanges.weights_of(wanted, frequency, count)
    found = _exchanges(db, account, before, _proposed(db, account, before, known, client), frozenset(apart_from))
    fitting = [(x, f) for x in found if (f := _best(wanted, x, client, weights)) is not None]
    fitting.sort(key=lambda pair: (-pair[1].score, -pair[0].at.timestamp(), pair[0].message_id))
    return tuple(_without_repetitions(fitting, most))


def _proposed(db: Connection, account: str, before: datetime, words: Sequence[str], client: str | None) -> list[_Mail]:
    """Return the mails with any of these words, those with the client who asks first: no other client's may crowd them out."""
    ranked = _matching(db, account, before, words, ranked=True)
    own = [ranked.where(ranked.selected_columns.client == client)] if client else []
    rows = (row for query in (*own, ranked) for row in db.execute(query.limit(_PROPOSED)))
    mails = (m for row in rows if (m := _mail(row)))
    return list({m.message.message_id: m for m in mails}.values())


def _best(wanted: Sequence[Part], exchange: Exchange, client: str | None, weights: Weights) -> Fit | None:
    fits = [f for part in wanted if (f := exchanges.fit(part, exchange, client, weights)) is not None]
    return max(fits, key=lambda f: f.score, default=None)


def _with_clients(db: Connection, account: str, before: datetime) -> Select[Any]:
    """Return the query for the mail with clients that this account had by then."""
    m = s.messages.c
    of_account = select(s.messages).where(m.account == account, m.moment <= before)
    if db.dialect.name == "postgresql":
        return of_account.where(text(_WITH_CLIENTS))
    return of_account.join(_answers, and_(_answers.c.account == m.account, _answers.c.message_id == m.message_id))


def _matching(db: Connection, account: str, before: datetime, words: Iterable[str], *, ranked: bool = False) -> Select[Any]:
    """Return the query for those of them with any word that begins with one of `words`; it uses the index first, and once."""
    if db.dialect.name == "postgresql":
        return _matching_in_postgresql(account, before, " | ".join(f"'{w}':*" for w in words), ranked=ranked)
    hits: Select[Any] = select(_words.c.rowid.label("number"), text("bm25(answers_words) AS rank"))
    # Without MATERIALIZED SQLite may query the index again for every mail.
    once = hits.where(text("answers_words MATCH :query")).cte("hits").prefix_with("MATERIALIZED")
    found = _with_clients(db, account, before).join(once, once.c.number == _answers.c.number).params(query=fts_query(words))
    return found.order_by(text("hits.rank"), s.messages.c.moment.desc()) if ranked else found


def _matching_in_postgresql(account: str, before: datetime, query: str, *, ranked: bool) -> Select[Any]:
    """Return the same query for PostgreSQL, whose one index contains every account's mail.

    OFFSET keeps it from merging the two conditions: without statistics it would then choose another index, and compute the words of
    all mail, which takes seconds.
    """
    asked = "to_tsquery('simple', :query)"
    hits = select(s.messages).where(text(_WITH_CLIENTS), text(f"{_VECTOR} @@ {asked}")).offset(0).subquery("messages")
    found = select(hits).where(hits.c.account == account, hits.c.moment <= before).params(query=query)
    return found.order_by(text(f"ts_rank({_VECTOR}, {asked}) DESC"), hits.c.moment.desc()) if ranked else found


def fts_query(words: Iterable[str]) -> str:
    """Return the FTS5 query for any of these words, each a quoted string of letters and digits, so that none is syntax."""
    return " OR ".join(f'"{w}"*' for w in words)


def _count(db: Connection, statement: Select[Any]) -> int:
    return db.scalar(statement.with_only_columns(func.count(), maintain_column_froms=True)) or 0


def _mail(row: Any) -> _Mail | None:
    """Return a person's mail; None for automatic mail, and for a row that cannot be read."""
    try:
        message = json_columns.message(row.message_id, row.text, row.envelope)
        reading = json_columns.reading(row.reading, row.text)
    except json_columns.UNREADABLE:
        return None
    return _Mail(message, reading, row.client, row.moment) if reading is not None and not reading.automated else None


def _without_repetitions(fitting: Iterable[tuple[Exchange, Fit]], most: int) -> Iterator[EarlierAnswer]:
    """Yield the first `most` answers whose words differ: the same words to many people are one answer."""
    seen: set[frozenset[str]] = set()
    for x, fit in fitting:
        words = terms(fit.words)
        if words not in seen and len(seen) < most:
            seen.add(words)
            yield EarlierAnswer(x.message_id, x.client, x.at, x.subject, fit.words, fit.score, fit.asked)


# --- completing exchanges ---


def _exchanges(
    db: Connection, account: str, before: datetime, proposed: Sequence[_Mail], apart_from: frozenset[str]
) -> Iterator[Exchange]:
    """Yield each exchange that the proposed mails are the question or the answer of, once; none in the threads of `apart_from`."""
    questions = [m for m in proposed if not m.sent and m.message.message_id not in apart_from][:_QUESTIONS]
    pairs = {
        answer.message.message_id: (question, answer)
        for question in questions
        for answer in _replies(db, account, before, question)
    }
    answers = {m.message.message_id: m for m in proposed if m.sent} | {name: answer for name, (_, answer) in pairs.items()}
    parents = _by_id(db, account, [i for a in answers.values() for i in threads.parents(a.message)])
    for name, answer in answers.items():
        referred = threads.parents(answer.message)
        asked = [parents[i] for i in referred if i in parents and not parents[i].sent and parents[i].client == answer.client]
        question = max(asked, key=lambda m: m.moment, default=pairs[name][0] if name in pairs else None)
        if question is not None and apart_from.isdisjoint((question.message.message_id, *referred)):
            yield _exchange(question, answer)


def _replies(db: Connection, account: str, before: datetime, question: _Mail) -> Iterator[_Mail]:
    """Yield what the user wrote in reply to a question: to that mail, or under its subject."""
    m = s.messages.c
    until = min(before, question.moment + ANSWERED_WITHIN)
    later = select(s.messages).where(
        m.account == account,
        m.client == question.client,
        m.moment > question.moment,
        m.moment <= until,
        m.envelope.contains('"role":"sent"', autoescape=True),
    )
    own, subject = question.message.message_id, threads.base_subject(question.message.subject)
    for row in db.execute(later.order_by(m.moment).limit(_REPLIES)):
        answer = _mail(row)
        if answer is not None and answer.sent:
            referred = threads.parents(answer.message)
            if own in referred or (not referred and subject and threads.base_subject(answer.message.subject) == subject):
                yield answer


def _by_id(db: Connection, account: str, message_ids: Iterable[str]) -> dict[str, _Mail]:
    m = s.messages.c
    rows = (
        row
        for part in chunks({json_columns.storable_text(i) for i in message_ids})
        for row in db.execute(select(s.messages).where(m.account == account, m.message_id.in_(part), m.client.is_not(None)))
    )
    return {row.message_id: mail for row in rows if (mail := _mail(row)) is not None}


def _exchange(question: _Mail, answer: _Mail) -> Exchange:
    """Return the two as an exchange; without anything asked where the client asked nothing, and without an answer where there is none."""
    requests = [a.quote for a in question.reading.of(ActKind.REQUEST)]
    sender = answer.message.sender
    lasts = lasting(answer.message.text, answer.reading, sender.name, sender.email) if answer.reading.substance else ()
    return Exchange(
        message_id=answer.message.message_id,
        client=answer.client,
        at=answer.moment,
        subject=answer.message.subject,
        asked=exchanges.asked_parts(requests or ([question.message.text] if question.reading.reply_expected else [])),
        answer=lasts,
        names=_names(answer),
    )


def _names(answer: _Mail) -> frozenset[str]:
    """Return the words of names that occur in every mail between the two, and so say nothing about its subject."""
    people = (answer.client, answer.message.sender.name, *(a.name for a in answer.message.to[:5]))
    return terms(" ".join(people))
