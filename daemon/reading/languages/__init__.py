"""The languages that are read: for each its words for times and its tables of rules, and how the language of a text is recognised.

A further language begins with a module here and an entry of `LANGUAGES` in `detection`. German and English patterns for narrower
questions stand beside the code that asks them: in daemon/reading automated_mail, call_notices, machine_replies, forwards, cuts,
act_due_times, deadlines, sentences (with the abbreviations here); in daemon/core messages, requests, promises, topics, recovery; and in
analysis/slipping_away, standards/feedback, standards/review and store/search.
`daemon.reading` imports this package, which imports nothing else of Kept.
"""
