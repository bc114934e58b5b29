"""Where a message lies in its provider's mail on the web, as an address that opens it in a browser."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

_LONGEST = 2000  # characters; Outlook's addresses have some 250


def gmail(user: str, number: str | int) -> str:
    """Return the address of a message or conversation at Gmail, by its id (hexadecimal; an int for IMAP's X-GM-THRID).

    `authuser` chooses among several people signed in at one browser.
    """
    place = f"{number:x}" if isinstance(number, int) else quote(number, safe="")
    return f"https://mail.google.com/mail/?authuser={quote(user)}#all/{place}"


def stated(address: str) -> str:
    """Return an address that a server states (Graph: webLink) if it is one of the web that can be opened, else nothing."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    opens = parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
    plain = address.isascii() and address.isprintable() and not set(address) & set(" <>\"'\\`")
    return address if opens and plain and len(address) <= _LONGEST else ""
