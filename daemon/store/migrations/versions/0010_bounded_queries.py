"""Add what keeps a turn's queries bounded: indexes, and a version of each account's decisions, so that they are read only when new."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_INDEXES = {
    "messages_by_moment": ("messages", ["account", "moment"]),
    "decisions_by_target": ("decisions", ["account", "target"]),
    "parcels_by_period": ("parcels", ["account", "period"]),
    "parcels_by_creation": ("parcels", ["account", "kind", "created"]),
    "parcels_by_inviter": ("parcels", ["account", "kind", "delivery", "invited_by"]),
    "parcels_of_all": ("parcels", ["delivery", "created"]),
    "announcements_by_moment": ("announcements", ["account", "at"]),
}


def upgrade() -> None:
    """The versions begin at zero: they are only compared with themselves."""
    op.add_column("versions", sa.Column("decisions", sa.Integer, nullable=False, server_default="0"))
    for name, (table, columns) in _INDEXES.items():
        op.create_index(name, table, columns)
