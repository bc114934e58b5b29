"""Network and disk: HTTPS with one attempt a call, TLS, tokens and grants, JSON of unknown shape, durable files, cursors.

Imports the values and `connectors.formats`; every wing builds on it.
"""
