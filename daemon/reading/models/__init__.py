"""The linear models that weigh what a sentence does; they need no library.

`features` says what they see of a sentence, and the weights lie beside them. Imports nothing of Kept but the languages' folded
sentences; only `daemon.reading` imports it.
"""
