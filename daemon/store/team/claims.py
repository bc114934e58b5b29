"""Claims: names that one process of a team has taken for itself, as long as its session lasts (advisory locks of PostgreSQL).

They save work and protect nothing: where a session is lost, two may do for a while what one would do.
"""

from __future__ import annotations

import zlib
from contextlib import suppress

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from daemon.store.engine import ACCOUNTS

_CLAIMS = ACCOUNTS + 2  # the first number of their locks
_CLAIM = text("SELECT pg_try_advisory_lock(:claims, :name)")


class Claims:
    """The claims of one process, in one session."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._session: Connection | None = None

    def claim(self, name: str) -> bool:
        """Take a name. Return False if another process has it. Raises SQLAlchemyError."""
        if self._session is None:
            self._session = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        numbers = {"claims": _CLAIMS, "name": zlib.crc32(name.encode()) & 0x7FFFFFFF}
        return bool(self._session.scalar(_CLAIM, numbers))

    def are_held(self) -> bool:
        """Return whether what was claimed is claimed still; without anything claimed it is."""
        if self._session is None:
            return True
        try:
            self._session.execute(text("SELECT 1"))
        except SQLAlchemyError:
            self._drop()
            return False
        return True

    def release(self) -> None:
        """Let everything go."""
        self._drop()

    def _drop(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            with suppress(SQLAlchemyError):
                session.invalidate()
                session.close()
