"""A team for `web.py`: so many accounts, each with a year of its own clients; the year of `year_facts.py`, copied within the database."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import year
from year_facts import OWNER

CLIENTS, MESSAGES = 30, 6_000  # of each account
ACCOUNT = """  - name: Alice Hart
    addresses: [{address}]
    time_zone: Europe/London
    working_hours: {{days: mon-fri, start: "09:00", end: "17:30"}}
    holidays: GB-ENG
    mail: [{{type: maildir, path: Maildir}}]
    calendars: [{{type: ics, path: calendar}}]
    send: {{type: file, path: outbox}}
"""
COPIES = {  # table -> its columns that name people, clients or domains
    "messages": ("account", "message_id", "client", "envelope", "text", "reading"),
    "events": ("account", "uid", "body"),
    "sources": ("account",),
    "versions": ("account",),
    "touched": ("account", "client"),
    "accounts": ("account",),
}


def make(folder: Path, accounts: int) -> Path:
    """The team's configuration, with its store filled; nothing is done where it is there."""
    from daemon.app import App  # noqa: PLC0415  # web.py has put its path in place
    from daemon.intake.people_fingerprint import people_fingerprint  # noqa: PLC0415  # the same

    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "config.yaml"
    if (folder / "team").exists():
        return config
    year.make(folder, CLIENTS, MESSAGES)
    _copy(folder / "state" / "kept.db", accounts)
    people = "".join(ACCOUNT.format(address=_of(OWNER.email, n)) for n in range(1, accounts))
    before, clients = config.read_text().split("clients:\n")
    clients, rest = clients.split("\ncharter:")
    theirs = "\n".join([clients, *(_of(clients, n).replace("+44 1632 96", f"+44 1632 {n:02}") for n in range(1, accounts))])
    config.write_text(f"{before}{people}clients:\n{theirs}\ncharter:{rest}")
    with App.open(config, {}) as app:
        fingerprint = people_fingerprint(app.office)
        for address in app.runtimes:
            app.store.set_people_fingerprint(address, fingerprint)
    (folder / "team").touch()
    return config


def _of(text: str, number: int) -> str:
    """The same of another account: with other domains and other clients."""
    return text.replace(".example", f".a{number}.example").replace(" Ltd", f" Ltd {number}")


def _copy(file: Path, accounts: int) -> None:
    with closing(sqlite3.connect(file)) as db, db:
        for table, named in COPIES.items():
            columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})") if row[1] != "number"]
            for number in range(1, accounts):
                taken = ", ".join(_replaced(column, number) if column in named else f'"{column}"' for column in columns)
                names = ", ".join(f'"{column}"' for column in columns)
                db.execute(f"INSERT INTO {table} ({names}) SELECT {taken} FROM {table} WHERE account = ?", (OWNER.email,))  # noqa: S608  # names of our own tables


def _replaced(column: str, number: int) -> str:
    return f"replace(replace(\"{column}\", '.example', '.a{number}.example'), ' Ltd', ' Ltd {number}')"
