"""CalDAV (RFC 4791): calendars on any server that speaks it.

Imports the values, `formats` and `net`; no other wing.
"""
