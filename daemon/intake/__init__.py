"""Take in facts: poll an account's sources, read what arrives, take the user's replies to the digest; and the logins for it.

Imports `store`, `config`, the connectors and everything pure; never `delivery`. `daemon.ledger`, `daemon.accounts` and
everything above may import it.
"""
