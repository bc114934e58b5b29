"""Add the turns of a team: when each account is due, and what its last turn left for the next."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """A table that starts empty: workers register the accounts that they find in their configuration."""
    op.create_table(
        "turns",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("due", sa.BigInteger, nullable=False),
        sa.Column("read", sa.BigInteger),
        sa.Column("ended", sa.BigInteger),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("state", sa.Text),
        sa.Column("since", sa.BigInteger),
        sa.Column("until", sa.BigInteger),
    )
    op.create_index("turns_by_due", "turns", ["due"])
