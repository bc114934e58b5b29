"""Full-text search over all mail with clients: what a client asked before is found by its words, as what was answered is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_WITH_CLIENTS = "client IS NOT NULL AND text IS NOT NULL"
_VECTOR = """to_tsvector('simple', translate(text, '!"#$%&()*+,-./\\:;<=>?@[]^_`{|}~', repeat(' ', 30)))"""


def upgrade() -> None:
    """Add what clients wrote to the index; an SQLite without FTS5 goes without."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("DROP INDEX IF EXISTS answers_words"))
        connection.execute(sa.text(f"CREATE INDEX answers_words ON messages USING gin (({_VECTOR})) WHERE {_WITH_CLIENTS}"))
    elif connection.scalar(sa.text("SELECT 1 FROM sqlite_master WHERE name = 'answers_words'")):
        _add(connection)


def _add(connection: sa.Connection) -> None:
    last = connection.scalar(sa.text("SELECT coalesce(max(number), 0) FROM answers"))
    added = f"INSERT OR IGNORE INTO answers (account, message_id) SELECT account, message_id FROM messages WHERE {_WITH_CLIENTS}"  # noqa: S608  # a constant
    connection.execute(sa.text(added))
    connection.execute(
        sa.text(
            "INSERT INTO answers_words (rowid, text) SELECT number, text FROM answers JOIN messages USING (account, message_id)"
            " WHERE number > :last ORDER BY number"
        ),
        {"last": last},
    )
