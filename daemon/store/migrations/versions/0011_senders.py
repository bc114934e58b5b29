"""Add to what could not be read who sent it and when it came, so that a client's mail stays in the balance."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Null for everything set aside before: nobody noted it."""
    op.add_column("quarantine", sa.Column("sender", sa.Text))
    op.add_column("quarantine", sa.Column("arrived", sa.BigInteger))
