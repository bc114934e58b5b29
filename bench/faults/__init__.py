"""The reliability campaign: faults of every kind against the real daemon and real servers on loopback, and what came of each.

`./dev faults` runs it. Each module named in `run.CAMPAIGNS` is one campaign with a function `campaign(scale)` that returns a `Report`.
"""
