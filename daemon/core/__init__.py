"""The core: the judgement. What a client asked, what was promised, what settles it, and how sure that is.

Pure: no I/O, no clock. Imports the glossary and `daemon.reading`; everything above may import it. `daemon.assess` brings it
together with the standards.
"""
