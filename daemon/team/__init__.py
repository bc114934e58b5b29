"""Turn many accounts as jobs of an engine (procrastinate on PostgreSQL), by as many workers on as many machines as there are.

Imports everything but the service, the setup and the commands; of the ground floor and below nothing imports it. Only `engine`
imports procrastinate, which the extra `team` brings.

What is due is computed from stored facts (the table of turns); the engine's jobs only carry it to a worker. So every job may be lost,
run twice or be started by two workers at once without harm: a turn is idempotent, and its lease stops whoever was overtaken.
"""
