"""The standards agreed with a client, as the file says them; and the dated versions in files of their own."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from daemon.config.values import Clock, Duration, Part, require_time, to_allowance
from daemon.config.working_hours import weekdays
from daemon.glossary.charter import Allowance, Period, Unit

STANDARDS = (
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
)  # with an allowance


class DeliverableSettings(Part):
    """Something that comes regularly, recognised in sent mail."""

    name: str = Field(min_length=1)
    every: Period
    on: str | int | None = Field(default=None, description="of a week its day (fri), of a month its day (5)")
    by: Clock | None = Field(default=None, description="default: the end of that working day")
    subject: str | None = Field(default=None, description="words of the subject; * stands for anything")
    attachment: str | None = Field(default=None, description="an attachment's name, for example invoice*.pdf")
    recipient: str | None = Field(default=None, description="to whom it goes, for example *@acme.example")

    @model_validator(mode="after")
    def _can_be_told(self) -> Self:
        if not (self.subject or self.attachment or self.recipient):
            raise ValueError("say how it is recognised in sent mail: by its subject, an attachment or a recipient")
        self.day()
        return self

    def day(self) -> int:
        """The weekday (Monday is 0) or the day of the month. Raises ValueError."""
        if self.every is Period.WEEK:
            found = weekdays(self.on) if isinstance(self.on, str) else frozenset()
            if len(found) != 1:
                raise ValueError("on: name the day of the week, for example fri")
            return min(found)
        if self.every is Period.MONTH:
            number = int(self.on) if self.on is not None and str(self.on).isdigit() else 0
            if not 1 <= number <= 31:
                raise ValueError("on: name the day of the month, for example 5")
            return number
        if self.on is not None:
            raise ValueError("on: a daily deliverable has none; it comes every working day")
        return 0


class RecoverySettings(Part):
    """When a recovery meeting is due, and when trust is back."""

    infractions: int = Field(default=3, ge=1)
    within: Annotated[Allowance, BeforeValidator(to_allowance), AfterValidator(require_time)] = Allowance(3, Unit.MONTHS)
    grave: Duration = Field(default=Allowance(5, Unit.WORKING_DAYS), description="one thing as late as that is enough; or off")
    trust: int = Field(default=10, ge=1, description="standards met in a row until trust is back")
    book: bool = Field(default=False, description="true: the client is invited by itself, announced in the digest first")


class CharterSettings(Part):
    """The standards agreed with a client; what is left out is as in the house charter."""

    reply: Duration = None
    call_back: Duration = None
    promise: Duration = None
    next_step: Duration = None
    review: Duration = None
    contact: Duration = Field(default=None, description="somebody is in touch with them at least so often: 2 weeks")
    meeting: Duration = Field(default=None, description="an operations meeting at least so often: 1 months")
    feedback: Duration = Field(default=None, description="they are asked how it went, so long after the first delivery")
    escalate: Duration = Field(default=None, description="what is overdue so long is told to the manager: 2 days")
    deliverables: list[DeliverableSettings] = Field(
        default=[], description="{name: Invoice, every: month, on: 5, attachment: invoice*.pdf}; every: day | week | month"
    )
    recovery: RecoverySettings | Literal[False] | None = Field(
        default=None, description="{infractions: 3, within: 3 months, grave: 5 days, trust: 10}; false: never proposed"
    )
    touch_base: Duration = Field(
        default=None, description="the weekly sheet for the manager: 1 week; the default where there is a manager"
    )
    away: Literal["counts", "shifts"] | None = Field(default=None, description="whether your days off shift what is due")
    since: date | None = Field(default=None, description="what happened before counts for the look-back only")


class CharterVersion(CharterSettings):
    """A dated version of a client's charter, in a file of its own: what was agreed, from when on, and how it came about."""

    client: str = Field(min_length=1)
    start: date = Field(alias="from", description="in force from this day on")
    asked: dict[str, str] = Field(default={}, description="what the client asked for, in their words")
    agreed_by: str = ""
    next_review: date | None = None
    notes: str = ""
