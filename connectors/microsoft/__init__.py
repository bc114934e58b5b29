"""Microsoft 365, by Microsoft Graph: mail, calendars, and signing in.

Imports the values, `formats` and `net`; no other wing.
"""
