"""The decision: the user's word on one obligation or planned action, which takes precedence over inference."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from daemon.glossary.obligations import Kind, short_id


class Verb(StrEnum):
    """What a user can decide about an obligation or a planned action."""

    DONE = "done"
    SNOOZE = "snooze"
    WAIVE = "waive"  # it was never owed
    WRONG = "wrong"  # Kept misread it; settles like waive and counts as a correction of the reading
    CONFIRM = "confirm"  # Kept read it right where it was not sure
    UNDO = "undo"  # takes back the latest decision in force on the same target
    VETO = "veto"  # of a planned action
    RELEASE = "release"  # of an action that a digest has announced: it need not wait for the end of its notice
    RESEND = "resend"  # of a parcel whose fate is not known
    PERSON = "person"  # a person wrote what was taken for automated mail
    BOOK = "book"  # a review with a client, before it would be due
    UNVERIFIED = "unverified"  # nothing: a link was opened whose signature could not be checked any more; `why` is its verb


class Scope(StrEnum):
    """How far a correction reaches (core.corrections)."""

    ITEM = "item"
    THREAD = "thread"  # the same kind in the same conversation
    WORDING = "wording"  # the same kind in the same words with the same client
    SENDER = "sender"  # the same kind of automated mail by the same sender


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision of the user. `target` is the key of an obligation or an action; `until` is the end of a snooze.

    `kind` and `confidence` are the obligation's when it was said: what a correction of the reading teaches (core.confidence_bands). `client`,
    `thread` and `wording` say what a correction was about, `scope` how far it reaches (core.corrections). While no assessment
    contains the target, only its short id may be known: then that is the `target`, and `resolved` is False.
    """

    target: str
    verb: Verb
    at: datetime
    by: str
    until: datetime | None = None
    why: str | None = None
    kind: Kind | None = None
    confidence: float | None = None
    scope: Scope = Scope.ITEM
    client: str | None = None
    thread: str | None = None
    wording: str | None = None
    resolved: bool = True

    @property
    def target_id(self) -> str:
        """The short id of the target, as people type it."""
        return short_id(self.target) if self.resolved else self.target
