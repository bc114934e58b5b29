"""Measure the earlier answers and library entries that a reminder shows, on the judged questions of tests/labels/earlier_answers.yaml.

    .venv/bin/python bench/earlier_answers.py tune [--shared DIR] [--show]

Precision is the share of what is shown that fits; recall the share of what fits that is shown. Mailboxes with mail that is not part
of this project are measured where --shared names the folder with `sales/public_mails.jsonl` and `labels/mails.jsonl`.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from connectors.mail import Address, Message, Role  # noqa: E402  # found through the line above
from daemon.config.library_file import Resource  # noqa: E402
from daemon.delivery.library import matching  # noqa: E402
from daemon.reading import ActKind, ReaderInput, Reading, read  # noqa: E402
from daemon.sample import build  # noqa: E402
from daemon.store import ReadMessage, Store  # noqa: E402

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
MOST = 2
_FILES = {"sales": "sales/public_mails.jsonl", "labels": "labels/mails.jsonl"}


@dataclass
class Tally:
    """What was shown of one or more mailboxes, and how much of what fits."""

    shown: int = 0
    right: int = 0
    fitting: int = 0
    questions: int = 0

    def __iadd__(self, other: Tally) -> Self:
        self.shown, self.right = self.shown + other.shown, self.right + other.right
        self.fitting, self.questions = self.fitting + other.fitting, self.questions + other.questions
        return self

    def __str__(self) -> str:
        precision = self.right / self.shown if self.shown else 1.0
        recall = self.right / self.fitting if self.fitting else 1.0
        return f"{self.questions} questions, {self.shown} shown, {self.right} of them right, {self.fitting} fit: precision {precision:.2f}, recall {recall:.2f}"


def main() -> None:
    """Print the figures of each mailbox of a half, and of all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("half", choices=("tune", "held"))
    parser.add_argument("--shared", type=Path)
    parser.add_argument("--show", action="store_true", help="print what is shown wrongly, and what is missing")
    chosen = parser.parse_args()
    total = Tally()
    for box in boxes(chosen.half):
        tally = measure(box, collections(chosen.shared) if chosen.shared else {}, _print if chosen.show else lambda _q, _n: None)
        if tally is not None:
            print(f"{box['name']}: {tally}")
            total += tally
    print(f"all: {total}")


def _print(question: Mapping[str, Any], names: Collection[str]) -> None:
    if set(names) != set(question["fits"]):
        print(f"  {question['client']}: {question['asks']!r} shows {sorted(names)}, fits {question['fits']}")


def boxes(half: str) -> Iterator[Mapping[str, Any]]:
    """Yield the judged mailboxes of one half."""
    loaded = yaml.safe_load((ROOT / "tests/labels/earlier_answers.yaml").read_text("utf-8"))
    return (box for box in loaded if box["half"] == half)


def collections(folder: Path) -> dict[str, str]:
    """Return the texts of the mails outside of this project by their place ("sales w063")."""
    texts = {}
    for name, file in _FILES.items():
        for line in (folder / file).read_text("utf-8").splitlines():
            mail = json.loads(line)
            texts[f"{name} {mail['id']}"] = mail["text"]
    return texts


def wrongly_shown(box: Mapping[str, Any], elsewhere: Mapping[str, str]) -> tuple[str, ...] | None:
    """Return the questions beside which something is shown that only looks alike; None where the mailbox is not here."""
    wrong: list[str] = []

    def note(question: Mapping[str, Any], names: Collection[str]) -> None:
        wrong.extend(question["asks"] for name in question.get("not", ()) if name in names)

    return tuple(wrong) if measure(box, elsewhere, note) is not None else None


def measure(
    box: Mapping[str, Any],
    elsewhere: Mapping[str, str],
    note: Callable[[Mapping[str, Any], Collection[str]], None] = lambda _question, _names: None,
) -> Tally | None:
    """Return the tally of one mailbox, and `note` what is shown beside each question; None where it needs mail that is not here."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "state")
        try:
            user = _fill(store, box, elsewhere)
        except KeyError:
            return None
        for question in box["questions"]:
            text = _text(question["asks"], elsewhere)
            fits, names = set(question["fits"]), _shown(store, user, box, question["client"], text)
            tally += Tally(len(names), len(fits.intersection(names)), len(fits), 1)
            note(question, names)
        store.close()
    return tally


def _shown(store: Store, user: str, box: Mapping[str, Any], client: str, text: str) -> Mapping[str, str]:
    """Return what would be shown, by name, with its words."""
    reading = _read(text, "client@client.example", user, LATER)
    asked = " ".join(a.quote for a in reading.of(ActKind.REQUEST)) or text
    entries = tuple(Resource(e["title"], "x", "", e["id"], tuple(e["words"])) for e in box.get("library", ()))
    answers = store.earlier_answers(user, asked, before=LATER, most=MOST, client=client)
    found = {r.source: r.title for r in matching(entries, asked, MOST)}
    return found | {a.message_id.strip("<>").split("@")[0]: a.words for a in answers}


def _fill(store: Store, box: Mapping[str, Any], elsewhere: Mapping[str, str]) -> str:
    """Store a mailbox; return its user's address. Raises KeyError where a mail is not here."""
    if box.get("sample"):
        return _fill_with_sample(store)
    name, address = box["user"]
    mails = []
    for number, thread in enumerate(box["threads"]):
        at = START + timedelta(days=number)
        contact = Address("client@" + "".join(c for c in thread["client"].lower() if c.isalnum()) + ".example", "Chris Baker")
        asked, answer = thread["asks"], _text(thread["answer"], elsewhere)
        if answer is thread["answer"]:
            answer = f"Hi Chris,\n\n{answer}\n\n{box.get('signature', name)}"
        mails.append(
            (
                Message(
                    f"<{thread['id']}-asked@x>", at, at, contact, thread["subject"], to=(Address(address, name),), text=asked
                ),
                thread["client"],
            )
        )
        sent = Message(
            f"<{thread['id']}@x>", at + timedelta(hours=3), at + timedelta(hours=3), Address(address, name), f"Re: {thread['subject']}",
            to=(contact,), text=answer, role=Role.SENT, in_reply_to=(f"<{thread['id']}-asked@x>",),
        )  # fmt: skip
        mails.append((sent, thread["client"]))
    store.add_mail(address, "mail", [_read_message(m, address, client) for m, client in mails], "1", (), START)
    return str(address)


def _read_message(mail: Message, user: str, client: str) -> ReadMessage:
    reading = _read(mail.text, mail.sender.email, user, mail.date, mail.to[0].email, mail.sender.name)
    return ReadMessage(dataclasses.replace(mail, text=reading.new_text), reading, client)


def _read(text: str, sender: str, user: str, at: datetime, to: str = "", name: str = "") -> Reading:
    direction = "sent" if sender == user else "received"
    return read(
        ReaderInput(
            direction, sender, (to or user,), (), at, "", text, user=(user,), sender_name=name, follows=direction == "sent"
        )
    )


def _fill_with_sample(store: Store) -> str:
    """Store the sample office's mail, each with the client whose file it stands in or whose people wrote it."""
    clients = yaml.safe_load((ROOT / "daemon/sample/config.yaml").read_text("utf-8"))["clients"]
    by_domain = {d: c["name"] for c in clients for d in (*c.get("domains", ()), *c.get("addresses", ()))}
    user, batch = "dana@northwind.example", []
    for mail in build.mails():
        sender, to = (_address(a) for a in (mail.sender, mail.to[0]))
        client = next((by_domain[k] for a in (sender, to) for k in (a.email, a.email.split("@")[1]) if k in by_domain), None)
        if client is None:
            continue
        role = Role.SENT if sender.email == user else Role.INBOX
        message = Message(
            mail.message_id,
            mail.at,
            mail.at,
            sender,
            mail.subject,
            to=(to,),
            text=mail.text,
            role=role,
            references=mail.references,
        )
        batch.append(_read_message(message, user, client))
    store.add_mail(user, "mail", batch, "1", (), START)
    return user


def _address(written: str) -> Address:
    name, _, rest = written.partition(" <")
    return Address(rest.rstrip(">"), name) if rest else Address(written)


def _text(written: str, elsewhere: Mapping[str, str]) -> str:
    collection, _, place = written.partition(" ")
    return elsewhere[written] if collection in _FILES and place and " " not in place else written


if __name__ == "__main__":
    main()
