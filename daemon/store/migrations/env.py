"""Alembic's entry: migrates the connection that the store hands over, in the transaction that it began."""

from __future__ import annotations

from alembic import context

from daemon.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
