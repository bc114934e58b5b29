"""Google: Gmail, Google Calendar, and signing in.

Imports the values, `formats` and `net`; no other wing.
"""
