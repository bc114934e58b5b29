"""Network and disk: HTTPS with one attempt a call, TLS, tokens and grants, JSON of unknown shape, durable files, cursors.

Imports `connectors.mail`, `calendar`, `errors` and `formats`. The provider packages,
`daemon.config` and everything above may import it.
"""
