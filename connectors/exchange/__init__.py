"""Exchange Server on premises, by Exchange Web Services: mail and calendars.

Imports the values, `formats` and `net`; no other wing.
"""
