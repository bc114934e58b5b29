"""The part of the store that holds who may enter the dashboard. `rows` does the work."""

from __future__ import annotations

from datetime import datetime

from daemon.store.sources.source_store import SourceStore
from daemon.store.web import rows
from daemon.store.web.rows import Session, SignIn


class WebStore(SourceStore):
    """The sign-ins and sessions of the dashboard in one database. Every method raises StoreError if the database fails.

    Secrets are never given to it, only their hashes (`hashed`).
    """

    def add_sign_in(self, one: SignIn) -> None:
        """Store a link that signs in once."""
        with self._write() as db:
            rows.add_sign_in(db, one)

    def sign_ins_mailed(self, account: str, since: datetime) -> int:
        """Return how many links were mailed to an account since a moment."""
        with self._read() as db:
            return rows.mailed_since(db, account, since)

    def is_good_sign_in(self, hashed: str, now: datetime) -> bool:
        """Return whether a link would sign in now. It stays as it is."""
        with self._read() as db:
            return rows.is_good(db, hashed, now)

    def use_sign_in(self, hashed: str, now: datetime) -> str | None:
        """Use a link up, and return its account; None for one that is unknown, used or too old."""
        with self._write() as db:
            return rows.use_sign_in(db, hashed, now)

    def add_web_session(self, hashed: str, account: str, now: datetime, began_before: datetime) -> None:
        """Store a browser that signed in, and forget those that signed in before a moment."""
        with self._write() as db:
            rows.add_session(db, hashed, account, now, began_before)

    def web_session(self, hashed: str) -> Session | None:
        """Return a browser that is signed in; None if it is not."""
        with self._read() as db:
            return rows.session(db, hashed)

    def note_web_session_seen(self, hashed: str, now: datetime) -> None:
        """Note that a browser was seen."""
        with self._write() as db:
            rows.note_seen(db, hashed, now)

    def signed_in(self, since: datetime, most: int) -> tuple[str, ...]:
        """Return the accounts of which a browser was seen since a moment, at most so many, whichever was seen last first."""
        with self._read() as db:
            return rows.signed_in(db, since, most)

    def end_web_session(self, hashed: str) -> None:
        """Sign a browser out."""
        with self._write() as db:
            rows.end_session(db, hashed)

    def sign_out_all(self) -> int:
        """Sign every browser out, and let no link sign in any more. Return how many browsers it was."""
        with self._write() as db:
            return rows.sign_out_all(db)
