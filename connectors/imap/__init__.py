"""IMAP (RFC 3501): a mailbox that is read without leaving a trace in it.

Imports the values, `formats` and `net`; no other wing.
"""
