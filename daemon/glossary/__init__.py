"""The glossary: the terms of the domain as frozen values, by subject. A method here computes only what follows from its own value.

Moments are aware datetimes in UTC unless a field says otherwise. It is a package apart from `core` because everything above `reading`
uses these terms, and most of it needs no judgement. Imports the connectors' values and `daemon.reading`.

account     one salesperson: addresses, working hours, manager
client      one company: domains, addresses, phones, stage, charter
charter     the standards agreed with a client, each with its allowance
timeline    all that happened between one account and one client, in order
obligation  one thing owed to one client, with the words that made it and the evidence that closed it
decision    the user's word on one obligation or planned action; it beats inference
placement   the one bucket that a client's message is in (the balance)
action      what Kept will say, send, draft or book, and when; `key` makes it happen once
coverage    how far each source was read; no breach is claimed past a gap
"""
