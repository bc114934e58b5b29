"""Formats: MIME, header fields, HTML, iCalendar, time zones and folder names, parsed and written.

Uses no network and no disk. Imports `connectors.mail`, `calendar` and `errors`; `net`, the provider packages, `daemon.config`
and everything above may import it.
"""
