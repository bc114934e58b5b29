"""The glossary: every word of the domain as a frozen value, by subject. Nothing here computes more than follows from one value alone.

Moments are aware datetimes in UTC unless a field says otherwise. A package of its own, apart from `core`, because everything above
`reading` speaks these words and most of it needs no judgement. Imports the connectors' values and `daemon.reading`.

account     one salesperson: addresses, working hours, manager
client      one company: domains, addresses, phones, stage, charter
charter     the standards agreed with a client, each with its allowance
timeline    all that happened between one account and one client, in order
obligation  one thing owed to one client, with the words that made it and the evidence that closed it
decision    the user's word on one obligation or planned action; it beats inference
placement   the one bucket a client's message lies in (the balance)
action      what Kept will say, send, draft or book, and when; `key` makes it happen once
coverage    how far each source was read; no breach is claimed past a gap
"""
