"""One account at work: its configuration, its open sources, what is stored of it, and how long it may rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from daemon.accounts.advisor import Advisor
from daemon.config.library_file import Resource
from daemon.core.people import Directory
from daemon.delivery.outbox import ON_ITS_WAY, ON_ITS_WAY_IN_TEAM, Outbox
from daemon.delivery.senders import ConnectorSender
from daemon.delivery.sent_log import SentLog
from daemon.glossary.assessments import Assessment, Coverage
from daemon.glossary.faults import Faults
from daemon.glossary.parties import Account, Office
from daemon.intake.sources import Sources
from daemon.ledger import Ledger
from daemon.planning.plan_inputs import Policy
from daemon.store import Store

LONGEST_REST = timedelta(minutes=5)  # of an account of the only daemon, whose look at everything costs it next to nothing
LONGEST_REST_IN_TEAM = timedelta(minutes=30)  # where it begins with reading everything that is stored


@dataclass(frozen=True, slots=True)
class CommonConfig:
    """What all accounts of a configuration share. It stays the same until the configuration is read again.

    `history` is how far back mail is read, `secret` signs the links of letters; since `secret_since` it replaces an earlier key
    (None: it is the first). `senders` are the addresses of all accounts. `people` is a hash of what decides whose mail a message is
    and how it is read (`intake.people_fingerprint`), `basis` one of all that a turn follows from besides facts and decisions.
    With `in_team` other workers may have the next turn of any account.
    """

    office: Office
    directory: Directory
    policy: Policy
    secret: bytes
    history: timedelta
    senders: frozenset[str]
    people: str
    basis: str
    library: tuple[Resource, ...] = ()
    secret_since: datetime | None = None
    in_team: bool = False


@dataclass(frozen=True, slots=True)
class AccountConfig:
    """The configuration of one account. It stays the same until the configuration is read again.

    All but `account` is the same for every account, and made once: nothing in a turn grows with their number.
    """

    account: Account
    common: CommonConfig

    @property
    def office(self) -> Office:
        """All accounts and clients."""
        return self.common.office

    @property
    def directory(self) -> Directory:
        """The directory of the people in the configuration."""
        return self.common.directory

    @property
    def policy(self) -> Policy:
        """The user's preferences for what is planned."""
        return self.common.policy

    @property
    def secret(self) -> bytes:
        """The key that signs the links of letters."""
        return self.common.secret


@dataclass(slots=True)
class Rest:
    """The rest of an account for which a whole turn had nothing to do: until a moment, while its state in the store stays the same.

    `people` says that the people in the configuration are those with whom its mail was read. It lasts no longer than `longest`: not
    everything that may come up is known ahead.
    """

    state: tuple[int | None, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None
    assessments: tuple[Assessment, ...] = ()
    people: bool = False
    number: int = 0  # of the lease of the account's last turn here, in a team
    longest: timedelta = LONGEST_REST

    def lasts(self, state: tuple[int | None, ...], now: datetime) -> bool:
        """Return whether the account rests still."""
        return self.state == state and self.since is not None and self.until is not None and self.since <= now < self.until


@dataclass(frozen=True, slots=True)
class AccountRuntime:
    """One account at work: its configuration, open sources, stored facts and outbox. `daemon.app` makes it.

    `stopping` returns whether the daemon has been asked to stop, `progress` is called at each step of a turn. `advisor` is the user's
    language model, if they have one.
    """

    config: AccountConfig
    sources: Sources
    store: Store
    sent_log: SentLog
    ledger: Ledger
    advisor: Advisor | None = None
    rest: Rest = field(default_factory=Rest)
    stopping: Callable[[], bool] = field(default=lambda: False)
    progress: Callable[[], None] = field(default=lambda: None)

    @property
    def faults(self) -> Faults:
        """What was left out of the last turns because of an unforeseen error."""
        return self.ledger.faults

    @property
    def account(self) -> Account:
        """The account."""
        return self.config.account

    def coverage(self) -> tuple[Coverage, ...]:
        """Return how far each source was read that the configuration names; one that was never polled has not been read.

        What is stored of a source that left the configuration counts no more. Raises StoreError.
        """
        address, s = self.account.address, self.sources
        named = [*((source, False) for source in s.mailboxes), *((source, True) for source in s.calendars)]
        stored = dict(s.coverage)
        if any(source not in stored for source, _ in named):
            stored = {c.source: c for c in self.store.coverage(address)} | stored
        return tuple(
            stored.get(source) or Coverage(address, source, None, is_calendar=is_calendar)
            for source, is_calendar in sorted(named)
        )

    def stuck(self) -> Mapping[str, str]:
        """Return source -> its failure in words, of those that the configuration names and only a person can mend. Raises StoreError."""
        s = self.sources
        found = s.pauses.stuck(self.store, self.account.address)
        return {source: message for source, message in found.items() if source in s.mailboxes or source in s.calendars}

    @property
    def outbox(self) -> Outbox:
        """The account's outbox, which sends through its own connectors."""
        address, s = self.account.address, self.sources
        on_its_way = ON_ITS_WAY_IN_TEAM if self.config.common.in_team else ON_ITS_WAY
        sender = ConnectorSender(address, s.mailboxes, s.calendars, s.transport)
        return Outbox(address, self.store, self.sent_log, sender, self.faults, on_its_way)
