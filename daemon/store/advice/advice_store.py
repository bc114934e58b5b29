"""The part of the store that holds advice: what the user's language model said, and how often it was asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from daemon.glossary.advice import Opinion, SuggestedAnswer
from daemon.store.advice import rows
from daemon.store.decisions import DecisionStore


class AdviceStore(DecisionStore):
    """The advice in one state directory or database. Every method raises StoreError if the disk or the database fails.

    `model` names a model together with the version of the question that it was asked.
    """

    def add_opinions(self, account: str, model: str, opinions: Sequence[Opinion], now: datetime) -> None:
        """Store second opinions; the assessments of their clients are computed again."""
        with self._write() as db:
            rows.add_opinions(db, account, model, opinions, now)

    def opinions(
        self, account: str, model: str, client: str | None = None, until: datetime | None = None
    ) -> Mapping[str, bool | None]:
        """Return what a model thinks, as known at `until`, by the obligation's key; None where its answer did not count."""
        with self._read() as db:
            return rows.opinions(db, account, model, client, until)

    def opinion(self, account: str, model: str, target: str) -> Opinion | None:
        """Return what a model thinks of one obligation; None where it has not been asked."""
        with self._read() as db:
            return rows.opinion(db, account, model, target)

    def add_suggestion(self, account: str, model: str, answer: SuggestedAnswer, now: datetime) -> None:
        """Store a suggested answer."""
        with self._write() as db:
            rows.add_suggestion(db, account, model, answer, now)

    def suggestion(self, account: str, model: str, target: str, message_id: str) -> SuggestedAnswer | None:
        """Return what a model suggested to answer a message with; None where it has not been asked."""
        with self._read() as db:
            return rows.suggestion(db, account, model, target, message_id)

    def count_model_request(self, account: str, day: date, most: int) -> bool:
        """Count a request before it is made; return False, and count nothing, where there were `most` on that day already."""
        with self._write() as db:
            return rows.count_request(db, account, day, most)

    def model_requests(self, account: str, day: date) -> int:
        """Return how many requests were made for an account on a day."""
        with self._read() as db:
            return rows.requests(db, account, day)
