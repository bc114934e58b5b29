"""The glossary: the terms of the domain as frozen values, by subject. A method here computes only what follows from its own value.

Moments are aware datetimes in UTC unless a field says otherwise. It is a package apart from `core` because everything above `reading`
uses these terms, and most of it needs no judgement. Everything of `daemon` above it may import it; it imports
`connectors.mail`, `calendar`, `errors` and `daemon.reading`.

account     one salesperson: addresses, working hours, manager
client      one company: domains, addresses, phones, stage, charter
charter     the standards agreed with a client, each with its allowance
timeline    all that happened between one account and one client, in order
obligation  one thing owed to one client, with the words that made it and the evidence that closed it
evidence    a message, event, charter standard or decision, with its moment and the words relied on
decision    the user's word on one obligation or planned action; it beats inference
placement   the one bucket that a client's message is in (the balance)
action      what Kept will say, send, draft or book, and when; `key` makes it happen once
parcel      an action's letter or invite as it is rendered and stored in the outbox, until it is sent
mention     one obligation mentioned to the user or the manager at one stage, so that it is mentioned once
recovery    the way back to trust after infractions: a meeting, an agreed change of the charter, and what was kept since
coverage    how far each source was read; no breach is claimed past a gap
"""
