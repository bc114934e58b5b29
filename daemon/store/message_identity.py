"""Whether two messages of one Message-ID are copies of one mail, and the identity of those that are not.

A Message-ID should name one mail (RFC 5322, 3.6.4), but some shops, ticket programs and form mailers send every mail under the same.
Each of them counts. Copies differ, too: a list adds a footer, a server breaks lines anew or rewrites the sender. What tells them
apart is when they were written, their subject and their words, together.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, timedelta

from connectors.mail import Message
from daemon.core.threads import base_subject

_NEAR = timedelta(minutes=2)  # between the Date of two copies: a sender's own one is stamped before the server's


def is_copy(message: Message, other: Message) -> bool:
    """Return whether two messages with the same Message-ID are one mail. A draft and what was sent of it are."""
    same_sender = message.sender.email == other.sender.email
    same_subject = base_subject(message.subject) == base_subject(other.subject)
    if same_sender and same_subject and message.transmitted != other.transmitted:
        return True
    one, two = _letters(message.text), _letters(other.text)
    apart = abs(message.date - other.date)
    if same_sender and apart < timedelta(seconds=1):
        return True
    if apart <= _NEAR:
        contained = bool(one and two) and (one.startswith(two) or two.startswith(one))
        return contained or (same_subject and (same_sender or not (one and two)))
    return same_subject and bool(one) and one == two


def identity(message: Message) -> str:
    """Return the id of a message whose Message-ID another one bears already: the same whenever it is read."""
    moment = message.date.astimezone(UTC).isoformat(timespec="seconds")
    seed = f"{message.shown_id}\n{moment}\n{message.sender.email}\n{base_subject(message.subject)}"
    digest = hashlib.sha256(seed.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return f"<{digest}@reused-message-id.invalid>"


def _letters(text: str) -> str:
    """Return a text's letters and digits, so that line breaks and spaces do not count."""
    return "".join(filter(str.isalnum, text)).casefold()
