"""Migrations, run by daemon.store.migrate; one file in `versions` for each change of the tables."""
