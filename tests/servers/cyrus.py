"""A private Cyrus (IMAP, CalDAV with scheduling) on free ports of loopback; its log-ins are checked here.

Debian's `cyrus-imapd` cannot be installed beside Dovecot or Courier (each of them conflicts with the others), so its packages are
only unpacked into the user's cache (tests/install_servers.sh) and run from a copy in the server's private folder.
"""

from __future__ import annotations

import contextlib
import imaplib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servers.ports import free_port
from servers.processes import PASSWORD, ROOT, Dav, Missing, certificate, listens, private_folder, running

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kept-tests" / "cyrus"
CYRUS = "sh tests/install_servers.sh, as root on Debian"
_PROGRAMS = ("master", "imapd", "httpd", "ctl_cyrusdb")


@dataclass(frozen=True, slots=True)
class Cyrus:
    """Any name @example.test may log in with `password` and then has a mailbox and a calendar: every test takes a user of its own.

    Mailboxes lie below INBOX, with "/" between; Drafts, Sent, Trash and Junk are there, and LIST tells what they are for.
    """

    host: str
    port: int  # IMAP, plain or STARTTLS
    tls_port: int
    dav_port: int
    ca_file: Path
    folder: Path
    pid: int
    password: str = PASSWORD

    def dav(self, user: str) -> Dav:
        """That user's calendars, by the bare address of the server. A mailbox comes first: only IMAP makes the account."""
        with imaplib.IMAP4(self.host, self.port) as session:
            session.login(user, self.password)
        return Dav(f"http://{self.host}:{self.dav_port}/", users=(user,))


@contextlib.contextmanager
def cyrus(*, mails_guests: bool = False) -> Iterator[Cyrus]:
    """A private Cyrus, run as `nobody` where we are root. Raises processes.Missing.

    It announces scheduling and notes in an event that it could not invite a guest, unless `mails_guests`: then it says that it did.
    """
    if not all((CACHE / "usr/lib/cyrus/bin" / name).is_file() for name in _PROGRAMS):
        raise Missing(f"needs Cyrus: {CYRUS}")
    owner = pwd.getpwnam("nobody") if ROOT else pwd.getpwuid(os.getuid())
    options: dict[str, Any] = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if ROOT else {}
    options["start_new_session"] = True  # at its end Cyrus ends its whole process group, and that must not be another server's
    with private_folder("cyrus") as folder, _log_ins(folder / "mux"):
        programs = folder / "bin"
        programs.mkdir(mode=0o755)
        for name in _PROGRAMS:
            shutil.copy(CACHE / "usr/lib/cyrus/bin" / name, programs)
        libraries = shutil.copytree(next((CACHE / "usr/lib").glob("*-linux-gnu")), folder / "lib", symlinks=True)
        for file in certificate(folder):
            shutil.chown(file, owner.pw_uid, owner.pw_gid)
        shutil.chown(folder, owner.pw_uid, owner.pw_gid)
        environment = {**os.environ, "LD_LIBRARY_PATH": str(libraries)}
        _check(programs / "httpd", environment)
        port, tls_port, dav_port = free_port(), free_port(), free_port()
        (folder / "imapd.conf").write_text(_imapd_conf(folder, owner.pw_name, mails_guests=mails_guests))
        (folder / "cyrus.conf").write_text(_cyrus_conf(folder, port, tls_port, dav_port))
        command = [str(programs / "master"), "-C", f"{folder}/imapd.conf", "-M", f"{folder}/cyrus.conf", "-p", f"{folder}/pid"]
        with running(command, listens(port, b"* OK"), folder, env=environment, **options) as pid, _reaped(pid):
            yield Cyrus("127.0.0.1", port, tls_port, dav_port, folder / "cert.pem", folder, pid)


@contextlib.contextmanager
def _reaped(master: int) -> Iterator[None]:
    """Remind Cyrus of its children: on a busy machine it misses that one has ended, and then waits for it for ever."""
    over = threading.Event()

    def remind() -> None:
        while not over.wait(1):
            if _has_ended_child(master):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(master, signal.SIGCHLD)

    reminder = threading.Thread(target=remind, daemon=True)
    reminder.start()
    try:
        yield
    finally:
        over.set()
        reminder.join()


def _has_ended_child(process: int) -> bool:
    """Whether a child of that process ended a moment ago and still waits to be noticed (state Z in proc(5))."""
    with contextlib.suppress(OSError):
        for child in Path(f"/proc/{process}/task/{process}/children").read_text().split():
            with contextlib.suppress(OSError):
                if Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                    return True
    return False


def _check(program: Path, environment: dict[str, str]) -> None:
    """Raise Missing where a library is not there."""
    needed = subprocess.run(["ldd", str(program)], capture_output=True, text=True, check=False, env=environment).stdout
    if absent := [line.split()[0] for line in needed.splitlines() if "not found" in line]:
        raise Missing(f"needs {', '.join(absent)} for Cyrus: {CYRUS}")


def _imapd_conf(folder: Path, owner: str, *, mails_guests: bool) -> str:
    return f"""
configdirectory: {folder}/conf
partition-default: {folder}/spool
defaultpartition: default
proc_path: {folder}/proc
mboxname_lockpath: {folder}/lock
cyrus_user: {owner}
servername: localhost
virtdomains: userid
defaultdomain: example.test
unixhierarchysep: yes
altnamespace: no
admins: admin
allowplaintext: yes
sasl_mech_list: PLAIN
sasl_pwcheck_method: saslauthd
sasl_saslauthd_path: {folder}/mux
tls_server_cert: {folder}/cert.pem
tls_server_key: {folder}/key.pem
autocreate_quota: 0
autocreate_users: anyone
autocreate_inbox_folders: Sent | Drafts | Trash | Junk
xlist-sent: Sent
xlist-drafts: Drafts
xlist-trash: Trash
xlist-junk: Junk
maxlogins_per_host: 0
httpmodules: caldav
calendar_user_address_set: example.test
caldav_allowscheduling: on
{"imipnotifier: log" if mails_guests else ""}
"""


def _cyrus_conf(folder: Path, port: int, tls_port: int, dav_port: int) -> str:
    def service(name: str, program: str, number: int, *more: str) -> str:
        command = " ".join((f"{folder}/bin/{program} -C {folder}/imapd.conf", *more))
        return f'  {name} cmd="{command}" listen="127.0.0.1:{number}" prefork=0\n'

    services = service("imap", "imapd", port) + service("imaps", "imapd", tls_port, "-s") + service("http", "httpd", dav_port)
    return f'START {{\n  recover cmd="{folder}/bin/ctl_cyrusdb -C {folder}/imapd.conf -r"\n}}\nSERVICES {{\n{services}}}\nEVENTS {{\n}}\n'


@contextlib.contextmanager
def _log_ins(address: Path) -> Iterator[None]:
    """Answer as saslauthd does: four strings with their lengths before them come, OK or NO goes back in the same way."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(address))
        address.chmod(0o777)
        listener.listen()

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    client, _ = listener.accept()
                    with client, contextlib.suppress(OSError):
                        _, password, *_ = [_counted(client) for _ in range(4)]
                        client.sendall(b"\0\2OK" if password == PASSWORD.encode() else b"\0\2NO")

        threading.Thread(target=serve, daemon=True).start()
        try:
            yield
        finally:
            listener.shutdown(socket.SHUT_RDWR)


def _counted(client: socket.socket) -> bytes:
    length = int.from_bytes(client.recv(2, socket.MSG_WAITALL), "big")
    return client.recv(length, socket.MSG_WAITALL) if length else b""
