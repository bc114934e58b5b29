"""Turn failures of a database or a disk into the one line of a StoreError: what happened, and what to do."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from daemon.errors import StoreError

_FULL = "the disk is full. Nothing is lost and nothing was sent; free some space, and Kept resumes automatically."
_UNWRITABLE = (
    "it cannot be written. Nothing was sent; make it writable for the user that runs Kept, or name another folder under `state:`."
)
_CORRUPT = (
    "the database is damaged. Nothing was sent. Put a backup in its place, or move it aside and run `kept sync --full`: "
    "what was sent is remembered in sent.jsonl and is not sent again."
)
_BUSY = "another program is using the database. Nothing is lost; try again in a moment."
_DISK = "the disk reports an error. Nothing was sent; check the disk."
_UNREACHABLE = "the database server cannot be reached. Nothing was sent; Kept will try again."

# SQLite's result codes; a prefix covers its extended codes (https://www.sqlite.org/rescode.html).
_SQLITE = {
    "SQLITE_FULL": _FULL,
    "SQLITE_READONLY": _UNWRITABLE,
    "SQLITE_CANTOPEN": _UNWRITABLE,
    "SQLITE_PERM": _UNWRITABLE,
    "SQLITE_CORRUPT": _CORRUPT,
    "SQLITE_NOTADB": _CORRUPT,
    "SQLITE_BUSY": _BUSY,
    "SQLITE_LOCKED": _BUSY,
    "SQLITE_IOERR": _DISK,
}
# PostgreSQL's SQLSTATE codes or their prefixes (appendix A of its manual); the first match counts.
_POSTGRESQL = {
    "53100": _FULL,
    "53": "the database server has no memory or connection to spare. Nothing was sent; Kept will try again.",
    "28": "the database server refused the login. Check the user and the password under `database:`.",
    "3D000": "there is no such database on the server. Create it, or correct `database:`.",
    "42501": "the database user lacks a permission. Grant it, or correct `database:`.",
    "25006": "the database is read-only. Correct `database:`.",
    "55P03": _BUSY,
    "XX001": "the database is damaged. Nothing was sent; ask the administrator of the server.",
    "08": _UNREACHABLE,
    "57P": _UNREACHABLE,
}


@contextmanager
def clear_errors(place: str) -> Iterator[None]:
    """Raise the errors of a database or a disk as a StoreError about `place`."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise StoreError(f"{place}: {why(error)}") from error


def why(error: BaseException) -> str:
    """Return what happened and what to do. A server's password never appears in it."""
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, OSError):
        return {errno.ENOSPC: _FULL, errno.EDQUOT: _FULL, errno.EIO: _DISK}.get(cause.errno or 0, _UNWRITABLE)
    if isinstance(cause, sqlite3.Error):
        return _listed(_SQLITE, getattr(cause, "sqlite_errorname", "")) or _first_line(cause)
    if type(cause).__module__.startswith("psycopg"):
        return _listed(_POSTGRESQL, getattr(cause, "sqlstate", None) or _state_of(str(cause))) or _first_line(cause)
    return _first_line(cause)


def _state_of(answer: str) -> str:
    """Return the SQLSTATE of a refused login by its words: psycopg reports the code only once there is a connection."""
    if "does not exist" in answer:
        return "28" if "role " in answer else "3D000"
    refused = ("authentication failed", "no password supplied", "pg_hba.conf", "not permitted to log in")
    return "28" if any(words in answer for words in refused) else "08"


def _listed(table: dict[str, str], code: str) -> str | None:
    return next((line for start, line in table.items() if code.startswith(start)), None)


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
