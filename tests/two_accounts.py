"""Offices of more than one account: Dana and Lee, who may not see each other, and Dana among colleagues, one of them her manager."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import yaml

from daemon import sample
from daemon.app import App
from daemon.cycle import turn

LEE, ROB = "lee@northwind.example", "rob@northwind.example"
THEIR_CLIENT = "Zenith Optics"
WORDS = "xylophone"  # in everything that is Lee's, and nowhere else


def add_lee(config: Path) -> str:
    """Add Lee's account to an office, with a mail that asks something, and live a turn of it. Return the id of what he owes."""
    folder = config.parent
    for part in ("cur", "new", "tmp"):
        for name in ("", ".Sent"):
            (folder / "lee" / name / part).mkdir(parents=True)
    asked = EmailMessage()
    asked["From"], asked["To"] = "Robin Vale <robin@zenith.example>", f"Lee Park <{LEE}>"
    asked["Subject"], asked["Message-ID"] = f"The {WORDS} order", "<ask@zenith.example>"
    asked["Date"] = format_datetime(sample.NOW - timedelta(days=1))
    asked.set_content(f"Hello Lee,\n\ncan you send us the price of the {WORDS} by tomorrow?\n\nRobin\n")
    (folder / "lee" / "new" / "1.sample").write_bytes(asked.as_bytes())
    account = (
        f"  - {{name: Lee Park, addresses: [{LEE}], time_zone: Europe/London, sees: own, mail: [{{type: maildir, path: lee}}], "
        "send: {type: file, path: outbox-lee}}\n"
    )
    client = f"clients:\n  - {{name: {THEIR_CLIENT}, domains: [zenith.example], owner: {LEE}}}\n"
    text = config.read_text().replace("manager: lee@northwind.example", "sees: own", 1)
    config.write_text(text.replace("clients:\n", f"{account}{client}", 1))
    with App.open(config, {}) as app:
        runtime = app.runtimes[LEE]
        turn(runtime, sample.NOW)
        (owed,) = runtime.ledger.open_obligations(sample.NOW)
    return owed.id


def add_colleagues(config: Path, sees: str | None = None) -> None:
    """Give accounts to Dana's manager, Lee, and to a colleague with another manager. `sees` is Lee's, by default as a manager's is."""
    office = yaml.safe_load(config.read_text("utf-8"))
    for name, address, manager in (("Lee Moss", LEE, None), ("Rob Hill", ROB, "nobody@northwind.example")):
        folder = config.parent / name.split()[0]
        for part in ("cur", "new", "tmp"):
            (folder / part).mkdir(parents=True)
        account: dict[str, Any] = {"name": name, "addresses": [address], "time_zone": "Europe/London"}
        account |= {"manager": manager, "sees": sees, "mail": [{"type": "maildir", "path": str(folder)}]}
        office["accounts"].append({key: value for key, value in account.items() if value is not None})
    config.write_text(yaml.safe_dump(office), "utf-8")
