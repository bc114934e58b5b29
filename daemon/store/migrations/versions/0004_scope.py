"""How far a correction reaches, and what it was about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Earlier corrections are about their one item."""
    for name in ("scope", "client", "thread", "wording"):
        op.add_column("decisions", sa.Column(name, sa.Text))
