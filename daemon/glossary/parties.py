"""Who serves whom: one salesperson (the account), one company (the client), and the office they make up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from daemon.glossary.charter import Charter, Interval, WorkingHours


class Stage(StrEnum):
    """The stages of a client."""

    PROSPECT = "prospect"
    ONBOARDING = "onboarding"
    ESTABLISHED = "established"
    AT_RISK = "at_risk"
    LOST = "lost"


class Sees(StrEnum):
    """What a person may see beside their own (core.access.may_see)."""

    OWN = "own"  # nothing
    TEAM = "team"  # the words and figures of their team: those whose manager they are, or who have the same one
    FIGURES = "figures"  # of the same people figures and duties, no words


class Away(NamedTuple):
    """Days on which somebody is away: the first and the last one."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Account:
    """One salesperson. `address` is the first of `addresses` and names the account everywhere."""

    address: str
    name: str
    addresses: frozenset[str]
    hours: WorkingHours
    manager: str | None = None
    tells_manager: bool = False  # whether Kept may send escalations and the weekly sheet to the manager
    cover: str | None = None  # the colleague who covers while the user is away
    sees: Sees | None = None  # None: what is their own, and figures where they have a duty
    region: str | None = None  # the country (ISO 3166) whose numbering plan national phone numbers follow
    away: tuple[Away, ...] = ()  # beside what the calendar says (core.absence)
    quiet: tuple[Interval, ...] = ()  # when no reminder comes, on every day in the account's zone
    reads: bool = True  # whether any mailbox or calendar is read; somebody without serves no client


@dataclass(frozen=True, slots=True)
class Client:
    """One company, known by its domains, addresses and phone numbers (E.164)."""

    name: str
    domains: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    stage: Stage = Stage.ESTABLISHED
    owner: str | None = None  # an account's address; None: any account that writes with them
    hours: WorkingHours | None = None  # the client's own, if known
    charter: Charter = field(default_factory=Charter)  # in force before any amendment
    amendments: tuple[Charter, ...] = ()  # later versions, in order of their start
    won: datetime | None = None  # when they stopped being a prospect: the end of the courtship
    known_as: str | None = None  # the name by which Kept first knew them (intake.client_identity); None: the same

    @property
    def key(self) -> str:
        """The name that stands in keys: it stays when the client is renamed."""
        return self.known_as or self.name

    def charter_at(self, moment: datetime) -> Charter:
        """Return the version of the charter in force at a moment."""
        in_force = self.charter
        for version in self.amendments:
            if version.start is not None and version.start <= moment:
                in_force = version
        return in_force

    @property
    def versions(self) -> tuple[Charter, ...]:
        """Every version, the first one first."""
        return (self.charter, *self.amendments)


@dataclass(frozen=True, slots=True)
class Office:
    """All accounts and clients of the configuration."""

    accounts: tuple[Account, ...]
    clients: tuple[Client, ...]
    colleagues: frozenset[str] = frozenset()  # domains of people on our side (the accounts' own, never public ones)
