"""Render actions into parcels and deliver each of them once; find the earlier answers that a reminder quotes.

Imports `store`, `config`, the connectors and everything pure; never `intake`. `daemon.ledger`, `daemon.accounts` and
everything above may import it.
"""
