"""Add to what could not be read from when to read its mailbox again, where another attempt may succeed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Null for everything set aside before: it is read again with the next version of the reader, as it always was."""
    op.add_column("quarantine", sa.Column("retry_since", sa.BigInteger))
