"""Decide what to say, send, draft or book, and when, as values that the rest of the daemon carries out.

Pure: no I/O, no clock. Imports the glossary, `core` and `analysis`; `letters`, `store` and everything above may import it.
"""
