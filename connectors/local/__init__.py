"""Local: a Maildir, a folder of .ics files, and a folder for what is sent.

Imports the values, `formats` and `net`; no other wing.
"""
