"""IMAP (RFC 3501): reading a mailbox without changing it.

Imports the values, `formats` and `net`; no other wing.
"""
