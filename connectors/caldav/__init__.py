"""CalDAV (RFC 4791): calendars on any server that supports it.

Imports the values, `formats` and `net`; no other wing.
"""
