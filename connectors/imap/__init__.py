"""IMAP (RFC 3501): reading a mailbox without changing it.

Imports `connectors.mail`, `calendar`, `errors`, `base`, `formats` and `net`, and no other provider package. Opened by name through
`connectors`; `daemon.config` and everything above it may import it.
"""
