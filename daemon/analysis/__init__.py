"""Analysis: what the figures of a client say over time. Feasibility, response times, rhythm, courtship, the
look-back; and which earlier exchange answers a new question.

Pure: no I/O, no clock. Apart from `core`, which judges single obligations. Imports the glossary and `core`; `planning`,
`letters`, `daemon.assess` and everything above may import it.
"""
