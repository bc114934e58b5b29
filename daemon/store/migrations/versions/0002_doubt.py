"""Add to a decision the kind of the obligation and how sure the reading was, so that Kept learns from corrections."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Earlier decisions teach nothing: what they were about is not known."""
    op.add_column("decisions", sa.Column("kind", sa.Text))
    op.add_column("decisions", sa.Column("confidence", sa.Float))
