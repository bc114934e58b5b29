"""Local: a Maildir, a folder of .ics files, and a folder that receives the mail instead of its being sent.

Imports the values, `formats` and `net`; no other wing.
"""
