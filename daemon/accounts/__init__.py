"""One account at work, as a turn and the commands need it: its configuration and sources, the inputs of its plan, its letters.

Imports `intake`, `delivery`, `config`, `store`, `daemon.ledger`, the connectors and everything pure. `daemon.cycle` and everything
above may import it.
"""
