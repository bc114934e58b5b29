"""Migrations, run by daemon.store.migrate; one file in `versions` for each change of the tables.

Only `daemon.store.migrate` runs them, and nothing imports them.
"""
