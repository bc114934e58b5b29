"""The dashboard: pages over what Kept knows, for one person and for a team (the `web` extra; docs/web.md).

Imports everything below the commands; only the commands import it, and hand it to the daemon and to workers as what runs beside them.
"""
