"""Store whose turn it is in a team: when each account is due, until when it rests, and which turns are handed to workers.

Imports what the store does. `daemon.team` and the store itself import it.
"""
