"""Net: how to get there. HTTPS with one attempt a call, TLS, tokens and grants, JSON and files that may lie, cursors.

Imports the values and `connectors.formats`; every wing builds on it.
"""
