"""When a parcel was claimed, and when its outcome became final: what an outcome that nobody knows is measured by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from daemon.store.schema import Moment

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """A parcel of before was claimed, as far as anybody knows, when it was queued; when it became final is not known."""
    op.add_column("parcels", sa.Column("claimed", Moment))
    op.add_column("parcels", sa.Column("settled", Moment))
    op.execute("UPDATE parcels SET claimed = created WHERE delivery IN ('sending', 'unknown')")
