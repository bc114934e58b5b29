"""Planning: what to say, send, draft or book, and when, as values that everything else only carries out.

Pure: no I/O, no clock. Imports the glossary, `core` and `analysis`.
"""
