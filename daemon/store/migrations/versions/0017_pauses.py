"""Add the pauses of sources, which every process of a team keeps, and why an account's last turn came to no end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """A table and a column that start empty: what fails now is tried once more."""
    op.create_table(
        "pauses",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("waits", sa.Text, primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("by_server", sa.Integer, nullable=False),
        sa.Column("stuck", sa.Text),
        sa.Column("begun_again", sa.Integer, nullable=False),
    )
    op.add_column("turns", sa.Column("problem", sa.Text))
