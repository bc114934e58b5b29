"""100 faults of an IMAP server: a real Dovecot behind a proxy that alters, cuts, delays or silences its answers.

Before each fault mail arrives; then the account is polled through the fault, and once more without it. At the end everything in
the mailbox must be stored exactly once, or set aside and named; and after every poll no cursor may have passed a mail that is neither.
"""

from __future__ import annotations

import contextlib
import json
import random
import re
import shutil
import socket
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

from contracts.mailbox_contract import mail
from imapclient import IMAPClient
from servers.mail_servers import fresh_user, mailbox_of
from servers.processes import Dovecot, dovecot

from daemon.core.people import Directory
from daemon.glossary.charter import Interval, WorkingHours
from daemon.glossary.parties import Account, Client, Office
from daemon.intake.mail_reader import MailReader
from daemon.intake.poll import poll
from daemon.intake.sources import Sources
from daemon.store import Store
from faults.report import Report, Scale

FAULTS = 100
USER, SOURCE = "dana@northwind.example", "mail imap.example"
NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
FOLDERS = ("INBOX", "Sent", "Clients", "Projects")
COMMANDS = ("LOGIN", "CAPABILITY", "LIST", "STATUS", "EXAMINE", "UID SEARCH", "UID FETCH", "CLOSE", "NOOP")
ATTEMPTS = 4  # polls without a fault after each fault
_COMMAND = re.compile(rb"(\S+) ((?:UID )?[A-Z]+)")


@dataclass(slots=True)
class _Fault:
    """What the proxy does: at which command, or after how many bytes of answers, how often, and to what it answers."""

    kind: str
    command: str = ""
    after: int = 0
    times: int = 1

    def text(self) -> str:
        return f"{self.kind} {self.command or f'after {self.after} bytes'}"


@dataclass(slots=True)
class _Proxy:
    """Stands before Dovecot and alters what it says, as `fault` has it; `hits` counts what was done."""

    target: int
    port: int = 0
    fault: _Fault | None = None
    hits: int = 0
    sent: int = 0
    ends: list[socket.socket] = field(default_factory=list)

    def serve(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                server = socket.create_connection(("127.0.0.1", self.target))
                for end in (client, server):
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.ends += [client, server]
                asked: list[bytes] = [b"", b""]  # the tag and the command that is being answered
                threading.Thread(target=self._commands, args=(client, server, asked), daemon=True).start()
                threading.Thread(target=self._answers, args=(server, client, asked), daemon=True).start()

    def drop_all(self) -> None:
        """End every connection, as a server does that is started anew."""
        for end in self.ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self.ends.clear()

    def _commands(self, client: socket.socket, server: socket.socket, asked: list[bytes]) -> None:
        with contextlib.suppress(OSError, ValueError):
            for line in client.makefile("rb"):
                if said := _COMMAND.match(line):
                    asked[:] = said.groups()
                    if self._refused(client, *asked):
                        continue
                server.sendall(line)
        _end(client, server)

    def _refused(self, client: socket.socket, tag: bytes, command: bytes) -> bool:
        fault = self.fault
        if fault is None or fault.kind not in {"NO", "BAD", "BYE"} or command.decode() != fault.command or not self._hit():
            return False
        if fault.kind == "BYE":
            client.sendall(b"* BYE the server goes down\r\n")
            _end(client)
        else:
            client.sendall(tag + b" " + fault.kind.encode() + b" [SERVERBUG] something is wrong\r\n")
        return True

    def _answers(self, server: socket.socket, client: socket.socket, asked: list[bytes]) -> None:
        with contextlib.suppress(OSError, ValueError):
            while data := server.recv(4096):
                altered = self._altered(data, asked[1].decode())
                if altered is None:
                    break
                client.sendall(altered)
        _end(client, server)

    def _altered(self, data: bytes, command: str) -> bytes | None:
        """Return what goes on to the client; None where the connection ends."""
        fault = self.fault
        begun, self.sent = self.sent, self.sent + len(data)
        if fault is None or fault.kind in {"NO", "BAD", "BYE"}:
            return data
        if fault.kind == "slow":
            time.sleep(0.02)
            self.hits += 1
        if self.sent <= fault.after:
            return data
        place = max(0, fault.after - begun)
        if fault.kind == "cut" and self._hit():
            return None
        if fault.kind == "mute" and self._hit():
            time.sleep(1.5)
            return None
        if fault.kind == "garbage" and (line := data.find(b"\r\n", place)) >= 0 and self._hit():
            return data[: line + 2] + b"* 7 FETCH (UID 7 \x00\xff nonsense\r\n" + data[line + 2 :]
        if fault.kind == "flipped" and b"Message-ID" not in data and self._hit():  # another id is another mail
            return data[:place] + bytes([data[min(place, len(data) - 1)] ^ 0x15]) + data[place + 1 :]
        if fault.kind == "literal" and command == "UID FETCH" and b"{" in data and self._hit():
            return re.sub(rb"\{(\d+)\}", lambda m: b"{%d}" % (int(m.group(1)) + fault.after % 50 + 1), data, count=1)
        return data

    def _hit(self) -> bool:
        if self.fault is None or self.fault.times <= 0:
            return False
        self.fault.times -= 1
        self.hits += 1
        return True


def campaign(scale: Scale) -> Report:
    """Run the faults. Raises processes.Missing where there is no Dovecot."""
    report = Report("imap_faults")
    with dovecot() as server, tempfile.TemporaryDirectory() as folder, _proxy(server.port) as between:
        life = _Life(server, between, Store.open(Path(folder) / "state"), random.Random(scale.seed), report)
        for number in range(scale.of(FAULTS)):
            life.suffer(number)
        life.close()
    return report


@contextlib.contextmanager
def _proxy(target: int) -> Iterator[_Proxy]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        state = _Proxy(target, int(listener.getsockname()[1]))
        threading.Thread(target=state.serve, args=(listener,), daemon=True).start()
        try:
            yield state
        finally:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            state.drop_all()


class _Life:
    """One mailbox through all faults."""

    def __init__(self, server: Dovecot, between: _Proxy, store: Store, chance: random.Random, report: Report) -> None:
        self.server, self.between, self.store, self.chance, self.report = server, between, store, chance, report
        self.user = fresh_user()
        week = tuple((Interval(clock_time(9), clock_time(17)),) if day < 5 else () for day in range(7))
        account = Account(USER, "Dana Reyes", frozenset({USER}), WorkingHours("Europe/London", week))
        directory = Directory(Office((account,), (Client("Acme Ltd", frozenset({"acme.example"})),)))
        self.reader = MailReader(account, directory, store)
        mailbox = mailbox_of(server, self.user, port=between.port, timeout=1)
        self.sources = Sources({SOURCE: mailbox}, {})
        self.other = IMAPClient(server.host, server.port, ssl=False)
        self.other.login(self.user, server.password)
        for folder in FOLDERS[2:]:
            self.other.create_folder(folder)
        self.delivered: set[str] = set()
        self.number, self.kinds, self.failed = 0, Counter[str](), 0

    def suffer(self, number: int) -> None:
        """Let mail arrive, poll through one fault and then without it, and look whether anything is missing."""
        for _ in range(self.chance.randint(2, 12)):
            self._deliver(self.chance.choice(FOLDERS))
        done, fault = self._happen(number)
        self.between.fault, self.between.sent = fault, 0
        self._poll()
        self._no_cursor_passed_anything(done)
        self.between.fault = None
        for _ in range(ATTEMPTS):
            if not self._poll():
                break
        self._no_cursor_passed_anything(done)
        self._everything_is_stored(done)

    def close(self) -> None:
        """Write the figures, and end what is open."""
        stored = Counter(read.message.message_id for read in self.store.messages(USER, None, None))
        aside = self.store.unreadable_mail(USER)
        twice = [name for name, count in stored.items() if count > 1]
        self.report.failures += [f"stored twice: {name}" for name in twice]
        self.report.figures += [
            f"{sum(self.kinds.values())} faults: " + ", ".join(f"{kind} {count}" for kind, count in sorted(self.kinds.items())),
            f"answers altered or refused {self.between.hits} times; {self.failed} polls failed and were repeated",
            f"{len(self.delivered)} mails delivered: {len(stored)} stored once, {len(aside)} set aside and named, {len(twice)} twice",
            *(f"set aside: {place}: {reason}" for _, place, reason in aside),
        ]
        self.sources.close()
        self.other.logout()
        self.store.close()

    def _happen(self, number: int) -> tuple[str, _Fault | None]:
        """Return what happens: a fault of the connection, or something done to the mailbox itself."""
        kinds = (
            "cut",
            "mute",
            "garbage",
            "flipped",
            "literal",
            "NO",
            "BAD",
            "BYE",
            "slow",
            "restart",
            "renumbered",
            "restored",
            "gone",
        )
        kind = kinds[number % len(kinds)]
        self.kinds[kind] += 1
        deeds: dict[str, Callable[[], None]] = {
            "restart": self.between.drop_all, "renumbered": self._renumber, "restored": self._restore, "gone": self._remove_folder
        }  # fmt: skip
        if kind in deeds:
            deeds[kind]()
            return kind, None
        command = self.chance.choice(COMMANDS) if kind in {"NO", "BAD", "BYE"} else ""
        fault = _Fault(kind, command, self.chance.randint(0, 12_000), self.chance.choice((1, 1, 2, 5)))
        return fault.text(), fault

    def _deliver(self, folder: str) -> None:
        self.number += 1
        when = NOW - timedelta(hours=20) + timedelta(seconds=self.number)
        self.other.append(folder, mail(self.number, f"Could you send quote {self.number}?", when), msg_time=when)
        self.delivered.add(f"<{self.number}@acme.example>")

    def _poll(self) -> bool:
        """Poll as the daemon does. Return whether a source failed or something was left."""
        self.store.end_pauses(NOW)
        self.sources.forget()
        poll(self.sources, self.reader, lambda _: None, timedelta(days=30), NOW)
        (coverage,) = self.store.coverage(USER)
        failed = coverage.error is not None
        self.failed += failed
        return failed or any("could not be read:" in warning for warning in coverage.warnings)

    def _contents(self) -> Iterator[tuple[str, int, str]]:
        """Yield folder, UID and Message-ID of every mail on the server, past the proxy."""
        for _, _, folder in self.other.list_folders():
            self.other.select_folder(folder, readonly=True)
            uids = self.other.search()
            for uid, answer in (self.other.fetch(uids, ["ENVELOPE"]) if uids else {}).items():
                yield folder, uid, answer[b"ENVELOPE"].message_id.decode()
            self.other.close_folder()

    def _accounted_for(self, folder: str, uid: int, message_id: str, stored: set[str], aside: list[str]) -> bool:
        return message_id in stored or any(
            place.startswith((f"{folder}/{uid},", f"{folder}/{uid} ")) or place == f"{folder}/{uid}" for place in aside
        )

    def _no_cursor_passed_anything(self, done: str) -> None:
        marks = json.loads(self.store.cursor(USER, SOURCE) or "{}")
        self._missing(done, lambda folder, uid: folder in marks and uid <= marks[folder][1], "a cursor passed")

    def _everything_is_stored(self, done: str) -> None:
        self._missing(done, lambda _folder, _uid: True, "never stored")

    def _missing(self, done: str, expected: Callable[[str, int], bool], what: str) -> None:
        stored = {read.message.message_id for read in self.store.messages(USER, None, None)}
        aside = [place for _, place, _ in self.store.unreadable_mail(USER)]
        for folder, uid, message_id in list(self._contents()):
            if expected(folder, uid) and not self._accounted_for(folder, uid, message_id, stored, aside):
                self.report.failures.append(f"{done}: {what} {folder}/{uid} {message_id}")

    def _renumber(self) -> None:
        """Give a folder another UIDVALIDITY, as a server does that was moved."""
        name = self.chance.choice(FOLDERS[2:])
        self.other.select_folder(name, readonly=True)
        kept = [a[b"BODY[]"] for a in self.other.fetch(self.other.search() or [0], ["BODY.PEEK[]"]).values()]
        self.other.close_folder()
        self.other.delete_folder(name)
        time.sleep(1.1)  # a folder's UIDVALIDITY is its second of birth
        self.other.create_folder(name)
        for raw in kept:
            self.other.append(name, raw, msg_time=NOW - timedelta(hours=20))

    def _restore(self) -> None:
        """Put a folder back to what it was, with its numbers, after more has been read from it; then other mail arrives."""
        name = self.chance.choice(FOLDERS[2:])
        place = self.server.maildir(self.user) / f".{name}"
        backup = place.with_name(f"backup-{name}")
        shutil.copytree(place, backup, symlinks=True)
        for _ in range(self.chance.randint(3, 6)):
            self._deliver(name)
        self._poll()
        shutil.rmtree(place)
        owner = backup.parent.stat()
        backup.rename(place)
        for file in (place, *place.rglob("*")):
            shutil.chown(file, owner.st_uid, owner.st_gid)
        self._deliver(name)

    def _remove_folder(self) -> None:
        """Remove a folder, and make it again with one mail."""
        name = self.chance.choice(FOLDERS[2:])
        self._poll()
        self.other.delete_folder(name)
        self._poll()
        time.sleep(1.1)
        self.other.create_folder(name)
        self._deliver(name)


def _end(*connections: socket.socket) -> None:
    for connection in connections:
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
