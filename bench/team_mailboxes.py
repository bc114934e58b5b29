"""Where the mail of the accounts of `team.py` lies: in folders of this machine, or in the mailboxes of one Dovecot with as many users."""

from __future__ import annotations

import os
import pwd
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from servers import processes

TICK = os.sysconf("SC_CLK_TCK")
_PARTS = ("new", "tmp", "cur")


class Mailboxes(Protocol):
    """The mailboxes of accounts that are numbered from 0."""

    def source(self, account: int) -> str:
        """Return the entry of the configuration by which an account's mail is read."""
        ...

    def maildir(self, account: int) -> Path:
        """Return the Maildir in which an account's mail and drafts lie."""
        ...

    def deliver(self, account: int, mail: bytes) -> None:
        """Put a mail into an account's mailbox."""
        ...

    def cpu(self) -> float:
        """Return the processor time of their server so far, in seconds."""
        ...

    def figures(self) -> str:
        """Return what else there is to tell of their server, in words; nothing where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Folders:
    """A Maildir for each account."""

    folder: Path

    def source(self, account: int) -> str:
        """Return a Maildir."""
        return f"{{type: maildir, path: {self.folder / str(account)}}}"

    def maildir(self, account: int) -> Path:
        """Return the Maildir."""
        return self.folder / str(account)

    def deliver(self, account: int, mail: bytes) -> None:
        """Put a mail into the Maildir."""
        _deliver(self.maildir(account), mail)

    def cpu(self) -> float:
        """Return nothing: whoever reads folders does it by themselves."""
        return 0.0

    def figures(self) -> str:
        """Return nothing."""
        return ""


@dataclass(frozen=True, slots=True)
class OfDovecot:
    """A user of one Dovecot for each account, who is spoken to over TLS."""

    server: processes.Dovecot

    def source(self, account: int) -> str:
        """Return the user's mailbox, by IMAP."""
        s = self.server
        return (
            f"{{type: imap, host: {s.host}, port: {s.tls_port}, tls: implicit, ca_file: {s.ca_file}, "
            f"username: rep{account}@example.test, password: {s.password}}}"
        )

    def maildir(self, account: int) -> Path:
        """Return the user's Maildir."""
        return self.server.maildir(f"rep{account}@example.test")

    def deliver(self, account: int, mail: bytes) -> None:
        """Put a mail into the user's Maildir, as a delivery agent does."""
        inbox = self.maildir(account)
        home = inbox.parent
        _deliver(inbox, mail)
        if processes.ROOT:
            owner = pwd.getpwnam("nobody")
            for path in (home, inbox, *(inbox / part for part in _PARTS), *(inbox / "new").iterdir()):
                os.chown(path, owner.pw_uid, owner.pw_gid)

    def cpu(self) -> float:
        """Return the processor time of Dovecot with all its processes, in seconds."""
        return cpu_of(self.server.pid) + sum(cpu_of(child) for child in children(self.server.pid))

    def figures(self) -> str:
        """Return how many sessions there are, and what Dovecot's processes take: a page that several share counts once."""
        names = {child: _name(child) for child in children(self.server.pid)}
        sessions = sum(name == "imap" for name in names.values())
        megabytes = sum(_proportional(child) for child in names) / 1e6
        return f"{sessions} IMAP sessions, {megabytes:.0f} MB of Dovecot"


@contextmanager
def mailboxes(kind: str, folder: Path, accounts: int, workers: int) -> Iterator[Mailboxes]:
    """Yield mailboxes of a kind, `folders` or `dovecot`, whose server runs until the end of the block.

    Each worker keeps a session for each of its accounts, and one more for each that it watches. A user has the ten connections
    that Dovecot allows by default.
    """
    if kind == "folders":
        yield Folders(folder)
        return
    sessions = accounts * (workers + 1) + 100
    limits = f"""
mail_max_userip_connections = 10
default_client_limit = {4 * sessions}
service imap {{
  process_limit = {sessions}
  vsz_limit = 256M
}}
service imap-login {{
  process_min_avail = 1
}}
"""
    with processes.dovecot(limits) as server:
        yield OfDovecot(server)


def _deliver(inbox: Path, mail: bytes) -> None:
    for part in _PARTS:
        (inbox / part).mkdir(parents=True, exist_ok=True)
    aside = inbox / "tmp" / f"{time.time_ns()}.{os.getpid()}.bench"
    aside.write_bytes(mail)
    aside.rename(inbox / "new" / aside.name)


def cpu_of(pid: int) -> float:
    """Return a process's time and that of its children that have ended, in seconds."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(n) for n in fields[11:15]) / TICK


def children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def _proportional(pid: int) -> int:
    """Return a process's share of memory in bytes, in which a page that several have counts in parts."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next(int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:"))
