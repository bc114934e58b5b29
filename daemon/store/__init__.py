"""Facts, cursors, decisions, outbox and what was said, in SQLite or PostgreSQL."""
