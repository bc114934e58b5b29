"""Full-text search over what was sent to clients, filled from what is stored."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_SENT = 'client IS NOT NULL AND text IS NOT NULL AND envelope LIKE \'%"role"\\:"sent"%\''
_VECTOR = """to_tsvector('simple', translate(text, '!"#$%&()*+,-./\\:;<=>?@[]^_`{|}~', repeat(' ', 30)))"""


def upgrade() -> None:
    """On SQLite tables of their own, on PostgreSQL an index; an SQLite without FTS5 goes without."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text(f"CREATE INDEX answers_words ON messages USING gin (({_VECTOR})) WHERE {_SENT}"))
    elif connection.scalar(sa.text("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'")):
        _index(connection)


def _index(connection: sa.Connection) -> None:
    """The index knows a mail by a number, which stands in a table beside it: SQLite may renumber the rows of `messages`."""
    op.create_table(
        "answers",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("message_id", sa.Text, nullable=False),
        sa.UniqueConstraint("account", "message_id"),
    )
    tokens = "unicode61 remove_diacritics 2"
    connection.execute(sa.text(f"CREATE VIRTUAL TABLE answers_words USING fts5(text, content='', tokenize='{tokens}')"))
    connection.execute(
        sa.text(f"INSERT INTO answers (account, message_id) SELECT account, message_id FROM messages WHERE {_SENT}")  # noqa: S608  # a constant
    )
    connection.execute(
        sa.text(
            "INSERT INTO answers_words (rowid, text) SELECT number, text FROM answers JOIN messages USING (account, message_id)"
            " ORDER BY number"
        )
    )
