"""Add what the user's language model said, and how often it was asked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Two tables that start empty: no model was asked before."""
    op.create_table(
        "advice",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("purpose", sa.Text, primary_key=True),
        sa.Column("target", sa.Text, primary_key=True),
        sa.Column("message_id", sa.Text, primary_key=True),
        sa.Column("model", sa.Text, primary_key=True),
        sa.Column("client", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("advice_by_client", "advice", ["client"])
    op.create_index("advice_by_message", "advice", ["account", "message_id"])
    op.create_table(
        "model_requests",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
    )
