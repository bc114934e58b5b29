"""Real servers for tests and benchmarks, each on a free port of loopback, in a private folder, ended by its own process id.

Each is a context manager that yields what a client needs to know. One that is not installed raises `Missing` with the line
that installs it; the fixtures in conftest.py turn that into a visible skip.
"""

from __future__ import annotations

import contextlib
import grp
import http.server
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servers.ports import free_port

PASSWORD = "secret"
OAUTH_TOKEN = "token-of-a-test"
PATIENCE = 20.0  # seconds until a server that does not answer counts as broken
ROOT = os.geteuid() == 0


class Missing(Exception):  # noqa: N818  # it is no error: the test is skipped with its text
    """A server that is not installed, and how to install it."""


@dataclass(frozen=True, slots=True)
class Dovecot:
    """An IMAP server. Any name @example.test may log in with `password`: every test takes a user of its own.

    `oauth_token` is accepted by XOAUTH2 for any user. A user `full@example.test` has room for 20 KB.
    """

    host: str
    port: int  # STARTTLS, or plain
    tls_port: int
    ca_file: Path
    folder: Path
    pid: int
    password: str = PASSWORD
    oauth_token: str = OAUTH_TOKEN

    def maildir(self, user: str) -> Path:
        """Where the mail of a user lies (Maildir++, beside Dovecot's index)."""
        return self.folder / "mail" / user.partition("@")[0] / "Maildir"


@dataclass(frozen=True, slots=True)
class Dav:
    """A CalDAV server with the users alice and bob, whose password is `password`."""

    url: str
    users: tuple[str, ...] = ("alice", "bob")
    password: str = PASSWORD


@dataclass(frozen=True, slots=True)
class Postgres:
    """A PostgreSQL server; `database` makes an empty database and gives its SQLAlchemy URL."""

    host: str
    port: int
    user: str = "postgres"
    data: Path = Path()  # its files

    def database(self, name: str) -> str:
        """An empty database of that name, and its URL."""
        import psycopg
        from psycopg import sql

        with psycopg.connect(host=self.host, port=self.port, user=self.user, dbname="postgres", autocommit=True) as db:
            db.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
            db.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        return f"postgresql+psycopg://{self.user}@{self.host}:{self.port}/{name}"


@contextlib.contextmanager
def private_folder(name: str) -> Iterator[Path]:
    """A folder that goes away again. Others may pass through it: as root, servers run as another user."""
    folder = Path(tempfile.mkdtemp(prefix=f"kept-{name}-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def program(name: str, install: str, *, beside: str = "") -> str:
    """The path of a program. Raises Missing."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/lib/dovecot:{beside}")
    if found is None:
        raise Missing(f"needs {name}: {install}")
    return found


def certificate(folder: Path, name: str = "localhost") -> tuple[Path, Path]:
    """A self-signed certificate for `name` and loopback, and its key."""
    cert, key = folder / "cert.pem", folder / "key.pem"
    openssl = program("openssl", "apt-get install openssl")
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30",
         "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name},IP:127.0.0.1",
         "-keyout", str(key), "-out", str(cert)],
        check=True, capture_output=True,
    )  # fmt: skip
    return cert, key


@contextlib.contextmanager
def running(command: list[str], ready: Callable[[], bool], folder: Path, **options: Any) -> Iterator[int]:
    """A process, from when it answers until the end of the block. Raises RuntimeError with its log if it does not."""
    log = folder / "process.log"
    with log.open("wb") as stream:
        process = subprocess.Popen(command, stdout=stream, stderr=subprocess.STDOUT, **options)
    try:
        deadline = time.monotonic() + PATIENCE
        while not ready():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{command[0]} did not start: {log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.02)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def listens(port: int, greeting: bytes = b"") -> Callable[[], bool]:
    """Whether something answers on that port of loopback, with these first bytes."""

    def ready() -> bool:
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as connection:
                return not greeting or connection.recv(len(greeting)) == greeting
        except OSError:
            return False

    return ready


# --- mail --------------------------------------------------------------------------------------------------------------------

DOVECOT = "apt-get install dovecot-imapd"


@contextlib.contextmanager
def dovecot(more: str = "") -> Iterator[Dovecot]:
    """A private Dovecot, started as root or as an ordinary user; what `more` settings say goes before its own."""
    binary = program("dovecot", DOVECOT)
    with private_folder("dovecot") as folder, _introspection(OAUTH_TOKEN) as introspection:
        (folder / "mail").mkdir()
        owner = pwd.getpwnam("nobody") if ROOT else pwd.getpwuid(os.getuid())
        if ROOT:  # Dovecot refuses to handle mail as root
            os.chown(folder / "mail", owner.pw_uid, owner.pw_gid)
        cert, _ = certificate(folder)
        port, tls_port = free_port(), free_port()
        config = folder / "dovecot.conf"
        config.write_text(_dovecot_conf(folder, owner, port, tls_port) + more)
        (folder / "oauth2.conf").write_text(
            f"introspection_mode = post\nintrospection_url = {introspection}\n"
            "username_attribute = username\nactive_attribute = active\nactive_value = true\n"
        )
        (folder / "users").write_text(
            f"full@example.test::{owner.pw_uid}:{owner.pw_gid}::{folder}/mail/full::userdb_quota_rule=*:bytes=20000\n"
        )
        with running([binary, "-F", "-c", str(config)], listens(port, b"* OK"), folder) as pid:
            yield Dovecot("127.0.0.1", port, tls_port, cert, folder, pid)


def _dovecot_conf(folder: Path, owner: pwd.struct_passwd, port: int, tls_port: int) -> str:
    group = grp.getgrgid(owner.pw_gid).gr_name
    internal, internal_group, login = ("dovecot", "dovecot", "dovenull") if ROOT else (owner.pw_name, group, owner.pw_name)
    special = "".join(
        f"  mailbox {name} {{\n    auto = create\n    special_use = \\{name}\n  }}\n"
        for name in ("Drafts", "Sent", "Trash", "Junk", "Archive")
    )
    return f"""
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
first_valid_uid = 1
first_valid_gid = 1
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
auth_failure_delay = 0 secs
auth_username_format = %Lu
mail_location = maildir:~/Maildir
mail_max_userip_connections = 100
mail_plugins = quota
imap_idle_notify_interval = 2 mins
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {folder}/oauth2.conf
}}
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid={owner.pw_uid} gid={owner.pw_gid} home={folder}/mail/%n allow_all_users=yes
}}
plugin {{
  quota = maildir:User quota
  quota_rule = *:storage=4G
}}
protocol imap {{
  mail_plugins = $mail_plugins imap_quota
}}
namespace inbox {{
  inbox = yes
  separator = /
{special}}}
service imap-login {{
  chroot =
  service_count = 0
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""


@contextlib.contextmanager
def _introspection(token: str) -> Iterator[str]:
    """The identity provider that Dovecot asks about a token (RFC 7662). It vouches for whoever logs in with `token`."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
            given = urllib.parse.parse_qs(body).get("token", [""])[0]
            answer = json.dumps({"active": given == token, "username": "oauth@example.test"}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
            """Nothing: a token must not be printed."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/introspect"
        finally:
            server.shutdown()


# --- calendars ---------------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def radicale() -> Iterator[Dav]:
    """A private Radicale."""
    needs("radicale")
    with private_folder("radicale") as folder:
        port = free_port()
        (folder / "users").write_text("".join(f"{user}:{PASSWORD}\n" for user in ("alice", "bob")))
        (folder / "config").write_text(
            f"[server]\nhosts = 127.0.0.1:{port}\n"
            f"[auth]\ntype = htpasswd\nhtpasswd_filename = {folder}/users\nhtpasswd_encryption = plain\ndelay = 0\n"
            f"[storage]\nfilesystem_folder = {folder}/collections\n[logging]\nlevel = warning\n"
        )
        with running([sys.executable, "-m", "radicale", "-C", str(folder / "config")], listens(port), folder):
            yield Dav(f"http://127.0.0.1:{port}/")


@contextlib.contextmanager
def xandikos() -> Iterator[Dav]:
    """A private Xandikos: one user, alice, and no password asked."""
    needs("xandikos")
    with private_folder("xandikos") as folder:
        port = free_port()
        command = [sys.executable, "-m", "xandikos", "serve", "-d", str(folder / "data"), "-l", "127.0.0.1", "-p", str(port)]
        command += ["--defaults", "--current-user-principal", "/alice/"]
        with running(command, listens(port), folder):
            yield Dav(f"http://127.0.0.1:{port}/", users=("alice",))


def needs(name: str) -> None:
    """Raises Missing where that Python module is not there."""
    import importlib.util

    if importlib.util.find_spec(name) is None:
        raise Missing(f"needs {name}: pip install {name}")


# --- databases ---------------------------------------------------------------------------------------------------------------

POSTGRES = "apt-get install postgresql"


@contextlib.contextmanager
def postgres(*, syncs: bool = False) -> Iterator[Postgres]:
    """A private PostgreSQL that trusts loopback; run as the user postgres where we are root, which it refuses to be.

    Unless it `syncs`, what was committed outlives its own end and not the machine's.
    """
    folders = ":".join(str(p) for p in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True))
    initdb, server = (program(name, POSTGRES, beside=folders) for name in ("initdb", "postgres"))
    options: dict[str, Any] = {"user": "postgres", "group": "postgres"} if ROOT else {}
    with private_folder("postgres") as folder:
        if ROOT:
            owner = pwd.getpwnam("postgres")
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        data, port = folder / "data", free_port()
        make = [initdb, "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run(make, check=True, capture_output=True, cwd=folder, **options)
        command = [server, "-D", str(data), "-p", str(port), "-k", str(folder), "-c", "listen_addresses=127.0.0.1"]
        command += [] if syncs else ["-c", "fsync=off"]
        with running(command, _answers(port), folder, cwd=folder, **options):
            yield Postgres("127.0.0.1", port, data=data)


def _answers(port: int) -> Callable[[], bool]:
    """Whether the database takes connections; it listens before it does."""
    import psycopg

    def ready() -> bool:
        try:
            psycopg.connect(host="127.0.0.1", port=port, user="postgres", dbname="postgres", connect_timeout=1).close()
        except psycopg.OperationalError:
            return False
        return True

    return ready
