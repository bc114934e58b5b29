"""The part of the store that holds parcels: queued, claimed, settled, and what each says. `outbox_table` does the work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from daemon.glossary.actions import Announcement, Delivery, Mention, Offer, Parcel
from daemon.store import outbox_table
from daemon.store.team.turn_store import TurnStore


class OutboxStore(TurnStore):
    """The outbox of one state directory or database. Every method raises StoreError if the disk or the database fails."""

    def queue(
        self,
        parcels: Sequence[Parcel],
        now: datetime,
        mentions: Mapping[Mention, str | None] | None = None,
        announcements: Sequence[Announcement] = (),
    ) -> None:
        """Queue parcels with the first one's mentions (mention -> client) and announcements. A key is queued once."""
        if parcels:
            with self._write() as db:
                outbox_table.queue(db, parcels, mentions or {}, announcements, now)

    def parcels(self, account: str, *deliveries: Delivery, due_by: datetime | None = None) -> tuple[Parcel, ...]:
        """Return an account's parcels in these states (none given: all), oldest first; `due_by` leaves out later ones."""
        with self._read() as db:
            return outbox_table.of_account(db, account, deliveries, due_by)

    def offers(self, account: str, since: datetime) -> tuple[Offer, ...]:
        """Return the times that an account's drafts have offered to clients since a moment."""
        with self._read() as db:
            return outbox_table.offers(db, account, since)

    def digest_of(self, account: str, day: date) -> Parcel | None:
        """Return an account's latest digest of a day; None if none was queued."""
        with self._read() as db:
            return outbox_table.digest_of(db, account, day)

    def unsettled_key(self, account: str, parcel_id: str) -> str | None:
        """Return the key of the parcel of unknown fate with that short id or key; None if there is none."""
        unsure = self.parcels(account, Delivery.SENDING, Delivery.UNKNOWN)
        return next((p.key for p in unsure if parcel_id in (p.id, p.key)), None)

    def uninvited_meetings(self, account: str, *, unsaid: bool = False) -> tuple[Parcel, ...]:
        """Return the booked meetings whose guests have not been invited yet; with `unsaid` those where the server does not say."""
        with self._read() as db:
            return outbox_table.uninvited_meetings(db, account, unsaid=unsaid)

    def set_invited_by(self, key: str, *, by_mail: bool | None) -> None:
        """Store who invites the guests of a booked meeting: a mail of Kept's, or the calendar's server."""
        with self._write() as db:
            outbox_table.set_invited_by(db, key, by_mail=by_mail)

    def parcel_counts(self, *deliveries: Delivery) -> Mapping[Delivery, int]:
        """Return how many parcels of all accounts are in each of these states."""
        with self._read() as db:
            return outbox_table.counts(db, deliveries)

    def parcel_counts_by_account(self, *deliveries: Delivery) -> Mapping[str, Mapping[Delivery, int]]:
        """Return how many parcels each account has in each of these states; an account without any is left out."""
        with self._read() as db:
            return outbox_table.counts_by_account(db, deliveries)

    def failed_parcels(self, most: int) -> tuple[Parcel, ...]:
        """Return the latest parcels of all accounts that could not be sent, the newest last."""
        with self._read() as db:
            return outbox_table.failed(db, most)

    def replace_unknown_news(self, account: str, before: datetime, now: datetime) -> None:
        """Settle the letters to the user whose fate is unknown and that the digest written at `before` repeated."""
        with self._write() as db:
            outbox_table.replace_unknown_news(db, account, before, now)

    def failed_since_digest(self, account: str) -> tuple[Parcel, ...]:
        """Return what was given up since the last digest that was sent was written: refused, or stopped by the user."""
        with self._read() as db:
            return outbox_table.failed_since_digest(db, account)

    def digest_is_stuck(self, account: str) -> bool:
        """Return whether sending a digest of the account has failed."""
        with self._read() as db:
            return outbox_table.digest_is_stuck(db, account)

    def refuse_without_account(self, accounts: Sequence[str], error: str) -> None:
        """Refuse the waiting parcels of all accounts but these, which are the configured ones."""
        with self._write() as db:
            outbox_table.refuse_without_account(db, accounts, error)

    def refuse_waiting(self, account: str, error: str) -> None:
        """Refuse the waiting parcels of an account, which left."""
        with self._write(account=account) as db:
            outbox_table.refuse_waiting(db, account, error)

    def mentions_of_parcel(self, parcel: str) -> tuple[Mention, ...]:
        """Return the mentions made by the parcel with this key."""
        with self._read() as db:
            return outbox_table.mentions_of_parcel(db, parcel)

    def replace_mentions(self, parcel: Parcel, mentions: Sequence[Mention], at: datetime) -> None:
        """Replace a parcel's mentions by those that the sent log recorded."""
        with self._write() as db:
            outbox_table.replace_mentions(db, parcel, mentions, at)

    def claim(self, key: str, now: datetime) -> bool:
        """Mark a waiting parcel as being sent, before it is. Return False if it is not waiting."""
        with self._write() as db:
            return outbox_table.claim(db, key, now)

    def set_delivery(
        self,
        key: str,
        delivery: Delivery,
        now: datetime,
        *,
        receipt: str | None = None,
        error: str | None = None,
        not_before: datetime | None = None,
    ) -> None:
        """Store the outcome of an attempt. Parcels that were sent, refused or vetoed stay so.

        What has left is recorded even by a process that lost its lease meanwhile: whoever took over must not send it again.
        """
        with self._write(fenced=delivery is not Delivery.SENT) as db:
            outbox_table.set_delivery(db, key, delivery, now, receipt, error, not_before)
