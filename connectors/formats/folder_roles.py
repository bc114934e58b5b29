"""The role of a folder whose server does not state it (RFC 6154), by the names that mail programs give."""

from __future__ import annotations

import re

from connectors.mail import Role

UNREAD_ROLES = frozenset({Role.DRAFTS, Role.JUNK, Role.TRASH})  # of folders that no poll reads
_NAMES: tuple[tuple[Role, frozenset[str]], ...] = (
    (
        Role.SENT,
        frozenset(
            {
                "sent",
                "sent items",
                "sent mail",
                "sent messages",
                "gesendet",
                "gesendete elemente",
                "gesendete objekte",
                "envoyes",
                "envoyés",
                "elements envoyes",
                "éléments envoyés",
                "enviados",
                "elementos enviados",
                "posta inviata",
                "verzonden",
                "verzonden items",
            }
        ),
    ),
    (Role.DRAFTS, frozenset({"drafts", "draft", "entwürfe", "entwurfe", "brouillons", "borradores", "bozze", "concepten"})),
    (
        Role.JUNK,
        frozenset(
            {
                "junk",
                "spam",
                "junk e-mail",
                "junk email",
                "bulk mail",
                "junk-e-mail",
                "spamverdacht",
                "courrier indésirable",
                "correo no deseado",
                "posta indesiderata",
                "ongewenste e-mail",
            }
        ),
    ),
    (
        Role.TRASH,
        frozenset(
            {
                "trash",
                "deleted items",
                "deleted messages",
                "bin",
                "papierkorb",
                "gelöschte elemente",
                "corbeille",
                "papelera",
                "cestino",
                "prullenbak",
                "verwijderde items",
            }
        ),
    ),
    (Role.ARCHIVE, frozenset({"archive", "archives", "archiv", "all mail", "archivo", "archivio", "archief"})),
)


def role_of(name: str) -> Role:
    """Return the role that the last or else the first part of a folder's path names; OTHER for any other name."""
    if name.upper() == "INBOX":
        return Role.INBOX
    parts = [part.strip().lower() for part in re.split(r"[./\\|]", name) if part.strip()]
    for part in dict.fromkeys((parts[-1], parts[0])) if parts else ():
        for role, names in _NAMES:
            if part in names:
                return role
    return Role.OTHER
