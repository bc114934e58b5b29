# noqa: INP001  # beside a script
"""What is asked of both programs: each command of the contract that prints JSON, as of a moment or about what is stored."""

from __future__ import annotations

import email
import email.policy
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from contract_programs import Answer, Command, Comparison

ROOT = Path(__file__).resolve().parent.parent
USER, HOME_ZONE = "dana@northwind.example", ZoneInfo("Europe/London")  # whose office the sample is
FORTNIGHT, FORTNIGHTS = timedelta(days=14), 4
BATCH = 100  # messages for one call of `kept infer`
VERBS = (
    ("done",),
    ("snooze",),
    ("waive", "--why", "not owed"),
    ("wrong", "--why", "wrong client"),
    ("confirm",),
    ("waive", "--thread"),
    ("wrong", "--thread", "--why", "no promise"),
)
ROUNDS = 2  # obligations that each of them is said of


def everything(moment: datetime) -> Command:
    """All obligations as of a moment, closed ones too."""
    return Command("due --all", ("due", "--all", *_seen(moment)))


def as_of(moment: datetime, clients: Sequence[str], more: Sequence[str]) -> list[Command]:
    """Each command that speaks as of a moment, for everybody and for each client."""
    seen = _seen(moment)
    whole = ("due", "digest", "plan", "review list", "charter check", "lookback", *(word for word in more if word == "balance"))
    commands = [Command(kind, (*kind.split(), *seen)) for kind in whole]
    for client in clients:
        commands.append(Command("due --client", ("due", "--client", client, *seen)))
        commands += [Command(kind, (*kind.split(), client, *seen)) for kind in ("charter show", "charter check", "report")]
    return commands


def explained(obligations: Sequence[Mapping[str, Any]], moment: datetime) -> list[Command]:
    """Why, for each of these obligations."""
    return [Command("explain", ("explain", o["id"], *_seen(moment))) for o in obligations]


def replays(last: datetime) -> list[Command]:
    """The last fortnights, lived through one by one."""
    starts = [last - n * FORTNIGHT for n in range(1, FORTNIGHTS + 1)]
    return [Command("replay", ("replay", "--from", s.isoformat(), "--to", (s + FORTNIGHT).isoformat(), "--json")) for s in starts]


def standing(clients: Sequence[str], more: Sequence[str]) -> list[Command]:
    """Each command that speaks of what is stored, whatever the time."""
    kinds = ("status", "corrections", "check", *(word for word in more if word == "sources"))
    return [*(Command(k, (k, "--json")) for k in kinds), *(Command("export", ("export", client)) for client in clients)]


def decisions(obligations: Sequence[Mapping[str, Any]], later: datetime) -> list[Command]:
    """Each verb said of a few obligations spread over all, every second one taken back; after each word, how the obligation stands."""
    step = max(1, len(obligations) // (len(VERBS) * ROUNDS))
    commands: list[Command] = []
    for number, obligation in enumerate(obligations[::step]):
        verb, *options = VERBS[number % len(VERBS)]
        target = obligation["id"]
        until = ("--until", later.isoformat()) if verb == "snooze" else ()
        commands.append(Command(verb, (verb, target, *until, *options, "--json")))
        commands += explained([obligation], later)
        if number % 2:
            commands += [Command("undo", ("undo", target, "--json")), *explained([obligation], later)]
    return commands


def vetoes(planned: Answer) -> list[Command]:
    """Everything that is planned is stopped; what is not planned cannot be."""
    targets = [action["id"] for action in planned.document["actions"]]
    return [Command("veto", ("veto", target, "--json")) for target in (*targets, "nothing")]


def readings(both: Comparison, shared: Path) -> list[Command]:
    """`kept infer` over all messages, and `kept explain FILE` over one message of each shape."""
    folder = both.work / "before" / "new"
    files = sorted(p for p in (folder / "Maildir").rglob("*") if p.parent.name in {"cur", "new"})
    messages = [json.dumps(message, ensure_ascii=False) for message in (*map(_read, files), *_written(shared))]
    batches = ["\n".join(messages[start : start + BATCH]) for start in range(0, len(messages), BATCH)]
    shapes = {_shape(path): path for path in reversed(files)}
    places = [str(both.home / path.relative_to(folder)) for path in shapes.values()]
    return [
        *(Command("infer", ("infer",), batch) for batch in batches),
        *(Command("explain FILE", ("explain", place, "--json")) for place in places),
    ]


def _read(path: Path) -> dict[str, Any]:
    """A file of the sample's Maildir as the object that `kept infer` reads."""
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = mail.get_body(("plain", "html"))
    headers = {name.lower(): str(value) for name, value in mail.items()}
    return {
        "id": path.name,
        "direction": "sent" if USER in headers["from"] else "received",
        "from": mail["from"].addresses[0].addr_spec,
        "to": [address.addr_spec for address in mail["to"].addresses],
        "cc": [address.addr_spec for address in mail["cc"].addresses] if mail["cc"] else [],
        "date": mail["date"].datetime.isoformat(),
        "subject": headers.get("subject", ""),
        "text": body.get_content() if body else "",
        "headers": headers,
        "user": [USER],
        "time_zone": HOME_ZONE.key,
    }


def _written(shared: Path) -> Iterator[dict[str, Any]]:
    """The training mail and the shared mail, completed where a row is only a text."""
    usual = {
        "from": "kim@acme.example",
        "to": [USER],
        "cc": [],
        "date": "2026-03-02T09:14:00+00:00",
        "subject": "",
        "user": [USER],
    }
    usual |= {"direction": "received", "time_zone": HOME_ZONE.key}
    for path in (ROOT / "tools/training/mails.jsonl", shared / "labels/mails.jsonl", shared / "quoted_mail.jsonl"):
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n") if path.is_file() else ()):
            if line.strip():
                row = json.loads(line)
                yield {**usual, "id": f"{path.stem} {number}", **row.get("mail", row)}


def _shape(path: Path) -> str:
    """Which headers a mail has and how it is built, as one word to compare."""
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    return f"{sorted(mail.keys())} {[part.get_content_type() for part in mail.walk()]}"


def _seen(moment: datetime) -> tuple[str, ...]:
    return ("--as-of", moment.isoformat(), "--json")


def obligations_of(answer: Answer) -> list[dict[str, Any]]:
    """The obligations that `due --all` listed; where it was refused, there is nothing to compare."""
    if answer.status:
        sys.exit(f"due --all: {answer.document}")
    found: list[dict[str, Any]] = answer.document["obligations"]
    return found
