"""What a turn asks of the store is bounded by what is open, however much was sent, said and decided before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from cost import measured
from office import DANA, KIM, Office, only
from sqlalchemy import event, insert
from week import at

from daemon.app import App
from daemon.cycle import turn
from daemon.service.state_files import write_state_files
from daemon.store import Store
from daemon.store import schema as s

GROWING = ("parcels", "mentions", "messages", "decisions", "announcements", "quarantine")


def used(folder: Path) -> Office:
    office = Office(folder)
    office.business(at(-90, 10))
    office.mail(at(0, 6), KIM, DANA, "Can you send me the revised quote?", name="ask")
    return office


@contextmanager
def statements(store: Store) -> Iterator[list[tuple[str, Any]]]:
    """The statements that are run meanwhile, with their parameters."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        seen.append((statement, parameters[0] if many else parameters))

    event.listen(store._engine, "before_cursor_execute", note)
    yield seen
    event.remove(store._engine, "before_cursor_execute", note)


def plans(store: Store, seen: list[tuple[str, Any]]) -> Iterator[tuple[str, str]]:
    """Each line of the query plan of each statement, with the statement."""
    with store._read() as db:
        for statement, parameters in dict(seen).items():
            if statement.split()[0] in ("SELECT", "UPDATE", "DELETE", "WITH"):
                for row in db.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", tuple(parameters)):
                    yield row[3], statement


def test_no_statement_of_a_day_of_turns_scans_a_table_that_grows(tmp_path: Path) -> None:
    office = used(tmp_path)
    with office.app() as app:
        app.begin(at(-90, 0))
        with statements(app.store) as seen:
            for hour in (8, 11, 12):
                turn(only(app), at(0, hour))
                write_state_files(app, at(0, hour), running=True)
            office.mail(at(0, 13), DANA, KIM, "Here it is.", name="answer", answers="<ask@acme.example>")
            turn(only(app), at(0, 14))
        assert len({sql for sql, _ in seen}) > 30
        scans = sorted({f"{line}: {sql}" for line, sql in plans(app.store, seen) if line.startswith("SCAN") and _grows(line)})
        assert scans == []


def _grows(line: str) -> bool:
    return line.split()[1] in GROWING


def history(store: Store, count: int) -> None:
    """As much as years of use leave: sent parcels that each said something, announced something, and were answered by a click."""
    kinds = ("digest", "remind", "draft", "review", "escalate", "report")
    with store._write() as db:
        parcels, mentions, announcements, decisions = [], [], [], []
        for n in range(count):
            when = at(-200) - timedelta(minutes=10 * n)
            row = {"key": f"k{n}", "kind": kinds[n % 6], "account": DANA, "client": "Acme Ltd", "obligation": f"o{n}", "stage": "due",
                   "period": when.date(), "addressee": None, "booking": None, "invited_by": "server", "channel": "mail", "reference": f"<k{n}@x>",
                   "body": "", "not_before": when, "delivery": "sent", "attempts": 1, "error": None, "receipt": "x", "created": when, "sent": when}  # fmt: skip
            parcels.append(row)
            mentions.append({"parcel": f"k{n}", "obligation": f"o{n}", "stage": "due", "account": DANA, "client": "Acme Ltd", "asks": 1, "snoozed_until": None, "at": when})  # fmt: skip
            announcements.append({"digest": f"k{n}", "action": f"a{n}", "action_id": f"i{n}", "account": DANA, "kind": "review", "client": "Acme Ltd", "period": when.date(), "start": when, "at": when})  # fmt: skip
            decisions.append({"account": DANA, "target": f"o{n}", "target_id": f"t{n}", "verb": "done", "at": when, "by": DANA, "until": None, "why": None, "token": None, "kind": None, "confidence": None, "scope": "item", "client": None, "thread": None, "wording": None})  # fmt: skip
        for table, rows in (
            (s.parcels, parcels),
            (s.mentions, mentions),
            (s.announcements, announcements),
            (s.decisions, decisions),
        ):
            if rows:
                db.execute(insert(table), rows)


def quiet_turn(folder: Path, count: int) -> float:
    """What a turn without news costs with so much history, in units; the cheapest of six."""
    folder.mkdir()
    office = used(folder)
    Store.open(folder / "state").close()
    with App.open(office.config, {}) as app:
        history(app.store, count)
        app.begin(at(-90, 0))
        for minute in range(3):
            turn(only(app), at(0, 8, minute))
        return measured(lambda: turn(only(app), at(0, 8, 5)), 0).units


def test_a_turn_without_news_costs_the_same_after_ten_thousand_sends(tmp_path: Path) -> None:
    few, many = (quiet_turn(tmp_path / str(n), n) for n in (0, 10_000))
    assert many < few * 1.5 + 0.3
