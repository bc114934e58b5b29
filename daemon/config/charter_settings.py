"""The standards agreed with a client, and the dated versions of a charter, which are files of their own."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from daemon.config.values import Clock, Duration, Part, require_time, to_allowance
from daemon.config.working_hours import weekdays
from daemon.glossary.charter import Allowance, Period, Redress

ALLOWANCE_KEYS = (
    "reply",
    "call_back",
    "promise",
    "next_step",
    "review",
    "contact",
    "meeting",
    "feedback",
    "escalate",
    "touch_base",
)
"""The keys of a charter that are an allowance."""
_USUAL = Redress()


class DeliverableSettings(Part):
    """Something the client gets regularly, recognised in sent mail."""

    name: str = Field(min_length=1)
    every: Period
    on: str | int | None = Field(default=None, description="for week its weekday (fri), for month its day (5)")
    by: Clock | None = Field(default=None, description="default: the end of that working day")
    subject: str | None = Field(default=None, description="words of the subject; * matches anything")
    attachment: str | None = Field(default=None, description="the name of an attachment, for example invoice*.pdf")
    recipient: str | None = Field(default=None, description="who gets it, for example *@acme.example")

    @model_validator(mode="after")
    def _check_recognisable(self) -> Self:
        if not (self.subject or self.attachment or self.recipient):
            raise ValueError("set a subject, an attachment or a recipient, so that it can be recognised in sent mail")
        self.day()
        return self

    def day(self) -> int:
        """Return the weekday (Monday is 0) or the day of the month. Raises ValueError."""
        if self.every is Period.WEEK:
            days = weekdays(self.on) if isinstance(self.on, str) else frozenset()
            if len(days) != 1:
                raise ValueError("on: must be a day of the week, for example fri")
            return min(days)
        if self.every is Period.MONTH:
            number = int(self.on) if self.on is not None and str(self.on).isdigit() else 0
            if not 1 <= number <= 31:
                raise ValueError("on: must be a day of the month, for example 5")
            return number
        if self.on is not None:
            raise ValueError("on: leave it out; a daily deliverable is due every working day")
        return 0


class RecoverySettings(Part):
    """When a recovery meeting is due, and when trust is restored. The defaults are those of `Redress`."""

    infractions: int = Field(default=_USUAL.infractions, ge=1)
    within: Annotated[Allowance, BeforeValidator(to_allowance), AfterValidator(require_time)] = _USUAL.within
    grave: Duration = Field(default=_USUAL.grave, description="one thing this late is enough; or off")
    trust: int = Field(default=_USUAL.trust, ge=1, description="how many things done on time in a row restore trust")
    book: bool = Field(default=_USUAL.book, description="true: Kept invites the client itself, after announcing it in the digest")


class CharterSettings(Part):
    """The standards agreed with a client. What is left out is as in the house charter."""

    reply: Duration = None
    call_back: Duration = None
    promise: Duration = None
    next_step: Duration = None
    review: Duration = None
    contact: Duration = Field(default=None, description="the longest time without contact, for example 2 weeks")
    meeting: Duration = Field(default=None, description="the longest time without an operations meeting, for example 1 month")
    feedback: Duration = Field(default=None, description="how long after the first delivery to ask how it went")
    escalate: Duration = Field(
        default=None, description="report to the manager what has been overdue this long, for example 2 days"
    )
    deliverables: list[DeliverableSettings] = Field(
        default=[], description="{name: Invoice, every: month, on: 5, attachment: invoice*.pdf}; every: day | week | month"
    )
    recovery: RecoverySettings | Literal[False] | None = Field(
        default=None,
        description="{infractions: 3, within: 3 months, grave: 5 days, trust: 10}: a meeting after 3 things late or missed; false: never propose one",
    )
    touch_base: Duration = Field(
        default=None,
        description="how long without contact before the manager's weekly sheet names the client; default: 1 week if there is a manager",
    )
    away: Literal["counts", "shifts"] | None = Field(
        default=None, description="counts | shifts: whether due times move past your days off"
    )
    since: date | None = Field(default=None, description="what happened before this date counts only in the look-back")


class CharterVersion(CharterSettings):
    """A dated version of a client's charter: what was agreed, from when, and how the agreement came about."""

    client: str = Field(min_length=1)
    start: date = Field(alias="from", description="the first day on which it is in force")
    asked: dict[str, str] = Field(default={}, description="what the client asked for, in their words")
    agreed_by: str = ""
    next_review: date | None = None
    notes: str = ""
