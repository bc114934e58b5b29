"""The ids of Kept's own mails and events, and the links by which a letter's line opens a mail or the draft reply to it.

Ids derive from the key of an action, so that the same action rendered twice is one mail or one event.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote

from daemon.core import mail_addresses
from daemon.glossary.obligations import Evidence, Obligation, SourceType
from daemon.letters import Letter
from daemon.letters.lines import MailOf
from daemon.letters.tokens import About


def message_id(key: str, account: str) -> str:
    """Return the Message-ID of the mail with this key."""
    return f"<kept-{_hash(key)}@{account.rpartition('@')[2]}>"


def uid(key: str) -> str:
    """Return the UID of the event with this key."""
    return f"kept-{_hash(key)}"


def opener(kind: str) -> MailOf:
    """Return a function that gives the address which opens a mail: its page on the web, else a link of this kind.

    That is message (Apple Mail), mid (Thunderbird) or none, as `digest.mail_links` says.
    """
    make = {"message": mail_addresses.message_url, "mid": mail_addresses.mid_url}.get(kind)

    def mail_of(evidence: Evidence) -> str:
        return evidence.web or (make(evidence) if make else None) or ""

    return mail_of


def draft_link(about: About, drafts: Mapping[str, str], mail_of: MailOf) -> Mapping[str, str]:
    """Return the link to the draft reply: its conversation on the web, else the draft by its own Message-ID.

    `drafts` are the Message-IDs of the drafts that were saved, by the obligation's key.
    """
    if not isinstance(about, Obligation) or about.key not in drafts:
        return {}
    address = mail_of(replace(about.source, type=SourceType.MESSAGE, reference=drafts[about.key], header_id=None))
    return {"Draft": address} if address else {}


def reading_link(letter: Letter, account: str) -> Mapping[str, str]:
    """Return the link that shows an invitation as the client will read it: a mail to the user with its text (RFC 6068), not to be sent."""
    text = quote(letter.text.rstrip().replace("\n", "\r\n"), safe="", errors="replace")
    subject = quote(letter.subject, safe="", errors="replace")
    return {"Read it": f"mailto:{quote(account, safe='@')}?subject={subject}&body={text}"}


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:24]
