"""Add an index that finds the accounts which serve the same client."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Make the index; nothing stored changes."""
    op.create_index("touched_by_client", "touched", ["client"])
