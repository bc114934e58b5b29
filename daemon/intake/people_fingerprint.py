"""What decides whose mail a message is, as one hash: when it changes, all mail is read again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from daemon import reading
from daemon.glossary.parties import Office


def people_fingerprint(office: Office) -> str:
    """Return a hash of what decides which client a message concerns and how it is read. When it changes, all mail is read again.

    Another account counts only where its domain does not say already that it is on our side: nobody's mail is read again because
    somebody joined the team.
    """
    people: Iterable[str] = (
        f"{c.name}|{sorted(c.domains)}|{sorted(c.addresses)}|{sorted(c.phones)}"
        for c in sorted(office.clients, key=lambda c: c.name)
    )
    own = {address for a in office.accounts for address in a.addresses}
    elsewhere = sorted(address for address in own if address.rpartition("@")[2] not in office.colleagues)
    sides = f"{elsewhere}|{sorted(office.colleagues)}|{reading.version()}"
    return hashlib.sha256("\n".join((*people, sides)).encode()).hexdigest()[:16]
