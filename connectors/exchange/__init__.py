"""Exchange Server on premises, by Exchange Web Services: mail and calendars.

Imports `connectors.mail`, `calendar`, `errors`, `base`, `formats` and `net`, and no other provider package. Opened by name through
`connectors`; `daemon.config` and everything above it may import it.
"""
