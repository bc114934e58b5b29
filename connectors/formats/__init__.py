"""Formats: MIME, header fields, HTML, iCalendar, time zones and folder names, parsed and written.

Imports the values (`connectors.mail`, `connectors.calendar`, `connectors.errors`) and nothing else of ours; no network, no disk.
"""
