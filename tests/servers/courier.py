"""Courier's IMAP server on a free port of loopback; its log-ins are checked here.

Debian's `courier-imap` cannot be installed beside Dovecot (each conflicts with the other), so its packages are only unpacked into the
user's cache (tests/install_servers.sh). What is run is `imapd`, one process a connection, as Courier's own `couriertcpd` runs it
once somebody has logged in.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servers.processes import PASSWORD, ROOT, Missing, private_folder

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kept-tests" / "courier"
COURIER = "sh tests/install_servers.sh, as root on Debian"
_CAPABILITIES = "IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES SORT QUOTA IDLE"  # Debian's own
_LOGIN = re.compile(rb'(\S+) LOGIN "?([^" ]+)"? "?([^" ]+)"?\r\n', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Courier:
    """Any name may log in with `password` and then has a mailbox. Folders lie below INBOX, with "." between; none has a special use."""

    host: str
    port: int
    folder: Path
    password: str = PASSWORD

    def maildir(self, user: str) -> Path:
        """Where the mail of a user lies."""
        return self.folder / user.partition("@")[0]


@contextlib.contextmanager
def courier() -> Iterator[Courier]:
    """A private Courier, run as `nobody` where we are root. Raises processes.Missing."""
    if not (CACHE / "usr/bin/imapd").is_file():
        raise Missing(f"needs Courier: {COURIER}")
    with private_folder("courier") as folder, socket.create_server(("127.0.0.1", 0)) as listener:
        owner = pwd.getpwnam("nobody") if ROOT else pwd.getpwuid(os.getuid())
        shutil.chown(folder, owner.pw_uid, owner.pw_gid)
        for name in ("usr/bin/imapd", "usr/bin/maildirmake.courier"):  # the cache may lie where another user cannot go
            shutil.copy(CACHE / name, folder)
        libraries = folder / "lib"
        libraries.mkdir(mode=0o755)
        for library in (file for place in ("usr/lib", "usr/lib/x86_64-linux-gnu") for file in (CACHE / place).glob("*.so*")):
            shutil.copy(library, libraries)
        server = Courier("127.0.0.1", int(listener.getsockname()[1]), folder)
        children: list[subprocess.Popen[Any]] = []
        threading.Thread(target=_serve, args=(listener, server, owner, children), daemon=True).start()
        try:
            yield server
        finally:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            for child in children:
                child.kill()
                child.wait()


def _serve(listener: socket.socket, server: Courier, owner: pwd.struct_passwd, children: list[subprocess.Popen[Any]]) -> None:
    with contextlib.suppress(OSError):
        while True:
            client, _ = listener.accept()
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=_converse, args=(client, server, owner, children), daemon=True).start()


def _converse(client: socket.socket, server: Courier, owner: pwd.struct_passwd, children: list[subprocess.Popen[Any]]) -> None:
    with client, contextlib.suppress(OSError):
        client.sendall(f"* OK [CAPABILITY {_CAPABILITIES}] Courier-IMAP ready.\r\n".encode())
        lines = client.makefile("rb", 0)
        while line := lines.readline():
            tag, given = line.partition(b" ")[0], _LOGIN.fullmatch(line)
            if given and given.group(3).decode() == server.password:
                end = _imapd(server, given.group(2).decode(), owner, children)
                end.recv(1000)  # "* PREAUTH Ready."
                client.sendall(tag + b" OK LOGIN Ok.\r\n")
                threading.Thread(target=_pump, args=(end, client), daemon=True).start()
                _pump(client, end)
                return
            if b"CAPABILITY" in line.upper():
                client.sendall(f"* CAPABILITY {_CAPABILITIES}\r\n".encode())
            client.sendall(tag + (b" NO Login failed.\r\n" if given else b" OK done\r\n"))


def _imapd(server: Courier, user: str, owner: pwd.struct_passwd, children: list[subprocess.Popen[Any]]) -> socket.socket:
    """Start the server's process for one connection of that user, and return our end of it."""
    options: dict[str, Any] = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if ROOT else {}
    environment = {
        "PATH": os.environ["PATH"],
        "LD_LIBRARY_PATH": str(server.folder / "lib"),
        "AUTHENTICATED": user,
        "HOME": str(server.folder),
        "IMAP_CAPABILITY": _CAPABILITIES,
        "IMAP_KEYWORDS": "1",
        "IMAP_USELOCKS": "1",
        "IMAP_TRASHFOLDERNAME": "Trash",
        "IMAP_IDLE_TIMEOUT": "1",
    }
    maildir = server.maildir(user)
    if not maildir.exists():
        subprocess.run([server.folder / "maildirmake.courier", maildir], check=True, env=environment, **options)
    ours, its = socket.socketpair()
    with its, (server.folder / "log").open("ab") as log:
        command = [str(server.folder / "imapd"), str(maildir)]
        children.append(
            subprocess.Popen(
                command, stdin=its.fileno(), stdout=its.fileno(), stderr=log, env=environment, cwd=server.folder, **options
            )
        )
    return ours


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    for end in (source, sink):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
