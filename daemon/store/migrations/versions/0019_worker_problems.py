"""Add what is wrong with a worker of a team."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """One table that starts empty."""
    op.create_table(
        "worker_problems", sa.Column("process", sa.Text, primary_key=True), sa.Column("problem", sa.Text, nullable=False)
    )
