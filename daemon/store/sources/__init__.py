"""Sources in the store: how far each was read, which of its mail could not be, and how long it is left alone after a failure.

Imports what the store does. The store itself and `daemon.intake` import it.
"""
