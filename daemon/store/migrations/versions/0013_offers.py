"""Add to a draft the times that it offers, which are held for its client for a while."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Null for every draft before: what it offered stands in its words alone."""
    op.add_column("parcels", sa.Column("offers", sa.Text))
