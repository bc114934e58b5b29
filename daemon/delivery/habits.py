"""Gather from the store what shows how a draft is to be written: the mail with its client, and what the user sent of late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from daemon.core.people import Directory
from daemon.core.timeline import Fact
from daemon.glossary.faults import Faults
from daemon.glossary.obligations import Obligation
from daemon.glossary.parties import Account
from daemon.letters.habits import style
from daemon.letters.habits.style import Style
from daemon.store import Store
from daemon.store.mail import ReadMessage

SENT_OF_LATE = 60  # mails


def style_finder(
    store: Store, account: Account, directory: Directory, faults: Faults, now: datetime
) -> Callable[[Obligation], Style]:
    """Return a function that tells how the draft that answers an obligation is written, as of `now`.

    Where that raises an unforeseen error it is written without the user's habits. The function raises StoreError.
    """

    def found(o: Obligation) -> Style:
        with_client = [fact for read in store.messages(account.address, o.client, now, faults) if (fact := _fact(read))]
        sent = [
            fact for read in store.recently_sent(account.address, now, SENT_OF_LATE, faults) if (fact := _fact(read)) is not None
        ]
        return style.learnt(account, o, with_client, sent, directory)

    def style_of(o: Obligation) -> Style:
        what = f"{o.client}: how you write to them could not be learnt from your mail"
        return faults.contain(what, lambda: found(o), None) or style.plain(account, o)

    return style_of


def _fact(read: ReadMessage) -> Fact | None:
    return (read.message, read.reading) if read.reading is not None else None
