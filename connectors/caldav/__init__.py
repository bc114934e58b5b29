"""CalDAV (RFC 4791): calendars on any server that supports it.

Imports `connectors.mail`, `calendar`, `errors`, `base`, `formats` and `net`, and no other provider package. Opened by name through
`connectors`; `daemon.config` and everything above it may import it.
"""
