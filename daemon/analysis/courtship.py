"""Courtship: how promptly people were answered before they became a client, compared with how they are served today.

The courtship runs from the first contact to the day they were won. What was promised and how fast answers came then is what the
client now expects, so it is handed over when they are taken on, and every month is compared with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from daemon.analysis.figures import Times, times
from daemon.glossary.charter import WorkingHours
from daemon.glossary.obligations import OPEN_STATES, Band, Kind, Obligation, state
from daemon.glossary.parties import Client, Stage

MONTH = timedelta(days=30)
FEWEST = 5  # answers on either side below which nothing is compared
WORSE = 1.5  # so many times slower than in the courtship is worth a word
NEAR = 60.0  # business minutes below which a difference is none that a client feels


@dataclass(frozen=True, slots=True)
class Courtship:
    """The courtship of one client: its start and end, the response times they got used to, all promises, and those still open."""

    client: str
    begin: datetime
    end: datetime
    times: Times
    promised: tuple[Obligation, ...]
    open: tuple[Obligation, ...]


@dataclass(frozen=True, slots=True)
class Drift:
    """The last month compared with the courtship."""

    client: str
    then: Times
    today: Times

    @property
    def slower(self) -> bool:
        """Whether they wait noticeably longer than they got used to."""
        then, today = self.then.median, self.today.median
        if then is None or self.then.count < FEWEST or self.today.count < FEWEST:
            return False
        return today is None or (today >= WORSE * then and today - then >= NEAR)


def courtship(client: Client, obligations: Iterable[Obligation], working: WorkingHours, now: datetime) -> Courtship | None:
    """Return the courtship, so far for a prospect; None where its end is not known, or nothing was asked or promised in it."""
    end = now if client.stage is Stage.PROSPECT else client.won
    owed = [o for o in obligations if end is not None and o.created < min(end, now) and not o.waived and o.band is Band.TRACKED]
    if end is None or not owed:
        return None
    promised = tuple(o for o in owed if o.kind is Kind.PROMISE or (o.kind is Kind.CALLBACK and not o.asks))
    still = tuple(o for o in promised if state(o, now) in OPEN_STATES)
    return Courtship(client.name, min(o.created for o in owed), min(end, now), times(owed, working, now), promised, still)


def drift(client: Client, obligations: Iterable[Obligation], working: WorkingHours, now: datetime) -> Drift | None:
    """Return the last month compared with the courtship, once a month has passed since."""
    if client.won is None or now < client.won + MONTH:
        return None
    owed = tuple(obligations)
    return Drift(
        client.name,
        times(owed, working, now, until=client.won),
        times(owed, working, now, since=now - MONTH),
    )
