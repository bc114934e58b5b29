"""Google: Gmail, Google Calendar, and signing in.

Imports `connectors.mail`, `calendar`, `errors`, `base`, `formats` and `net`, and no other provider package. Opened by name through
`connectors`; for signing in, `daemon.intake` and `daemon.commands` import it, too.
"""
