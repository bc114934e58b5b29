"""The user's own language model, as all accounts of a configuration share it: its budget, its time, and its silences.

It is only ever asked after everything else of a turn is done, for as long as its time limit at most, and after a failure it is left
alone for a while. So nothing waits for it, and while it is down everything works as without it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from connectors.chat import ChatModel
from connectors.errors import ConnectorError
from daemon.advice import answers, opinions
from daemon.advice.material import Question
from daemon.config.model_settings import ModelSettings
from daemon.config.secrets import SECRET_KEYS, resolver
from daemon.logs import get_logger
from daemon.store import Store

log = get_logger(__name__)

FIRST_REST, LONGEST_REST = 120.0, 3600.0  # seconds without a question after a failure; each further one doubles them
QUICK = 2.0  # seconds of one account's questions that hold up nobody
BREATHER = 2.0  # times as long as one account asked, nobody does
TOLD_AFTER = timedelta(hours=1)  # of silence, before which it is not worth a line in the digest
_SILENT_SINCE = "language model silent since"  # the name of a value of the store


@dataclass(slots=True)
class Advisor:
    """The language model of a configuration. `uses` are reading and drafts, `budget` the requests a day for each account."""

    model: ChatModel
    uses: frozenset[str]
    budget: int
    monotonic: Callable[[], float] = time.monotonic
    trouble: str = ""  # what the last request failed by
    _rest: float = 0.0
    _rests_until: float = field(default=-1.0)

    @property
    def opinions_by(self) -> str | None:
        """The name under which its second opinions are stored; None where it is not asked for any."""
        return f"{self.model.name}, question {opinions.PROMPT}" if "reading" in self.uses else None

    @property
    def answers_by(self) -> str | None:
        """The name under which its suggested answers are stored; None where it is not asked for any."""
        return f"{self.model.name}, question {answers.PROMPT}" if "drafts" in self.uses else None

    @property
    def name(self) -> str:
        """The model's name."""
        return self.model.name

    @property
    def where(self) -> str:
        """Where what it is asked goes, in words."""
        return f"{self.model.host} ({'this machine' if self.model.is_on_this_machine else 'another machine'})"

    def rests(self) -> bool:
        """Return whether it is left alone for now."""
        return self.monotonic() < self._rests_until or self.model.back_off.remaining() > 0

    def rest(self, seconds: float) -> None:
        """Leave it alone for so many seconds; a shorter rest never shortens a longer one."""
        self._rests_until = max(self._rests_until, self.monotonic() + seconds)

    def sitting(self, store: Store, account: str, now: datetime, day: datetime) -> Sitting:
        """Return the questions of one turn of an account; `day` is `now` in the account's time zone, whose date the budget goes by."""
        return Sitting(self, store, account, now, day, self.monotonic() + self.model.time_limit)

    def failed(self, store: Store, error: ConnectorError, now: datetime) -> None:
        """Note that it did not answer, and leave it alone for a while."""
        self._rest = min(2 * self._rest or FIRST_REST, LONGEST_REST)
        self.rest(self._rest)
        if not self.trouble:
            log.warning("the language model did not answer; everything works without it", error=error.message)
        self.trouble = error.message
        if silent_since(store) is None:
            store.set_meta(_SILENT_SINCE, now.isoformat())

    def answered(self, store: Store) -> None:
        """Note that it answers."""
        self._rest, self.trouble = 0.0, ""
        if silent_since(store) is not None:
            store.set_meta(_SILENT_SINCE, "")


@dataclass(slots=True)
class Sitting:
    """The questions of one turn of one account. `more` says that time alone kept it from asking on."""

    advisor: Advisor
    store: Store
    account: str
    now: datetime
    day: datetime
    ends: float
    more: bool = False
    has_asked: bool = False

    def end(self) -> None:
        """Let the other accounts have their turns before anybody asks again, however slow the model is."""
        spent = self.advisor.monotonic() - (self.ends - self.advisor.model.time_limit)
        if spent > QUICK:
            self.advisor.rest(BREATHER * spent)

    def ask(self, question: Question) -> str | None:
        """Return what the model says; None where it is not asked any more in this turn. Raises StoreError."""
        advisor = self.advisor
        left = self.ends - advisor.monotonic()
        if advisor.rests():
            return None
        if left < advisor.model.time_limit / 2:
            self.more = True
            return None
        if not self.store.count_model_request(self.account, self.day.date(), advisor.budget):
            return None
        has_less_time, self.has_asked = self.has_asked, True
        try:
            content = advisor.model.ask(*question, time_limit=left)
        except ConnectorError as error:
            if has_less_time and not error.permanent:
                self.more = True  # perhaps it was the time: the next turn shows
            else:
                advisor.failed(self.store, error, self.now)
            return None
        advisor.answered(self.store)
        return content


def make_advisor(settings: ModelSettings | None) -> Advisor | None:
    """Return the language model of a configuration; None where there is none. Its key is looked up when it is asked."""
    if settings is None:
        return None
    secret = settings.model_dump(include=set(SECRET_KEYS), exclude_none=True)
    model = ChatModel(
        settings.url,
        settings.name,
        resolver(secret) if secret else lambda: "",
        settings.time_limit.total_seconds(),
        str(settings.ca_file) if settings.ca_file else None,
    )
    return Advisor(model, frozenset(settings.use), settings.budget)


def silent_since(store: Store) -> datetime | None:
    """Return since when the language model has not answered; None while it does. Raises StoreError."""
    since = store.meta(_SILENT_SINCE)
    return datetime.fromisoformat(since) if since else None
