"""What kind of server answers on a port, by its first words: whoever mixes up two servers or two ports is told so.

Nothing is sent but a beginning of TLS where the server says nothing without, and no certificate is believed for it.
"""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
from collections.abc import Mapping

PATIENCE = 3.0  # seconds; a server that greets does so at once
NAMES: Mapping[str, str] = {
    "imap": "a server for incoming mail (IMAP)",
    "smtp": "a server for outgoing mail (SMTP)",
    "pop3": "a server for incoming mail of the old kind (POP3)",
    "ssh": "a server for administrators (SSH)",
}
# RFC 3501, 7.1.1; RFC 5321, 4.2; RFC 1939, 4; RFC 4253, 4.2.
_GREETINGS = {"imap": rb"\* (OK|PREAUTH|BYE)\b", "smtp": rb"(220|421|554)[ -]", "pop3": rb"\+OK\b", "ssh": rb"SSH-"}


def service(host: str, port: int) -> str:
    """Return which of NAMES greets there, with or without TLS from the beginning; empty if none does."""
    words = _first_words(host, port, tls=False) or _first_words(host, port, tls=True)
    return next((name for name, pattern in _GREETINGS.items() if re.match(pattern, words, re.IGNORECASE)), "")


def _first_words(host: str, port: int, *, tls: bool) -> bytes:
    with contextlib.suppress(OSError), socket.create_connection((host, port), PATIENCE) as plain:
        if not tls:
            return plain.recv(100)
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # its greeting is all that is wanted
        with context.wrap_socket(plain, server_hostname=host) as secured:
            return secured.recv(100)
    return b""
