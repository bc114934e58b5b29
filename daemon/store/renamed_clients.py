"""Put what is stored of clients under their new names. The keys of obligations, decisions and parcels stay as they are."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, case, delete, select, update

from daemon.store import schema as s
from daemon.store.statements import chunks, mark_changed, raise_version

_TABLES = (s.messages, s.decisions, s.parcels, s.mentions, s.announcements, s.advice)


def rename(db: Connection, names: Mapping[str, str]) -> None:
    """Rename clients, old name -> new name, at once: two may change names. Their assessments are made anew."""
    for part in chunks(names):
        for table in _TABLES:
            client = table.c.client
            new = case({old: names[old] for old in part}, value=client)
            db.execute(update(table).where(client.in_(part)).values(client=new))
    _rename_contacts(db, names)


def _rename_contacts(db: Connection, names: Mapping[str, str]) -> None:
    """Note under the new names whom each account serves, and forget what was owed under either."""
    t, served = s.touched.c, dict[str, set[str]]()
    for part in chunks(names):
        for row in db.execute(select(t.account, t.client).where(t.client.in_(part))):
            served.setdefault(row.account, set()).add(names[row.client])
        db.execute(delete(s.touched).where(t.client.in_(part)))
    for part in chunks({*names, *names.values()}):
        db.execute(delete(s.open_obligations).where(s.open_obligations.c.client.in_(part)))
    for account, clients in sorted(served.items()):
        mark_changed(db, account, clients)
        raise_version(db, account, "decisions")
