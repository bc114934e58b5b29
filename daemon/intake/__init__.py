"""Intake: facts in. One poll of one source, read on the way in; the user's word from the digest; the log-ins.

Imports `store`, `config`, the connectors and everything pure; never `delivery`.
"""
