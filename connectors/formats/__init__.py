"""Formats: what bytes mean. MIME, header fields, HTML, iCalendar, time zones, the names of folders.

Imports the values (`connectors.mail`, `connectors.calendar`, `connectors.errors`) and nothing else of ours; no network, no disk.
"""
