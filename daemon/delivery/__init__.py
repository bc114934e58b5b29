"""Delivery: actions out. Rendered into parcels, claimed, sent once, recorded twice; and the earlier answers that go along.

Imports `store`, `config`, the connectors and everything pure; never `intake`.
"""
