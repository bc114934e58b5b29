"""The models that weigh what a sentence does: linear ones for every language, and an encoder for English where it is installed.

`linear_models` and `features` need no library, `encoder` the extra `reader`; the weights lie beside them, and ENCODER.md says what
the encoder's are made of. Imports nothing of Kept but the languages' folded sentences; only `daemon.reading` imports it.
"""
