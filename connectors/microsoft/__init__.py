"""Microsoft 365, by Microsoft Graph: mail, calendars and sign-in.

Imports the values, `formats` and `net`; no other wing.
"""
