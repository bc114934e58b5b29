"""An IMAP server of a few hundred lines' knowledge that lies: it answers as a test tells it to, where no real server would.

It knows what Kept's connector asks and nothing else. `Scripted.answers` replaces what it says of one message, `Scripted.instead` what it
says to a command.
"""

from __future__ import annotations

import contextlib
import re
import socketserver
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from connectors.imap.mailbox import ImapMailbox

DROP = b"\0drop"  # as an answer: the connection ends
MUTE = b"\0mute"  # as an answer: nothing, for as long as the client waits
DATE = b"02-Mar-2026 09:15:00 +0000"


@dataclass(slots=True)
class Scripted:
    """The mailbox of a server that lies, and its lies. `said` are the commands, without their tags."""

    port: int = 0
    folders: dict[bytes, dict[int, bytes]] = field(default_factory=lambda: {b"INBOX": {}})
    listed: list[bytes] | None = None  # lines of LIST, where they are not what the folders make of them
    capabilities: bytes = b"IMAP4rev1"
    validity: int = 1
    uidnext: dict[bytes, int] = field(default_factory=dict)
    dates: dict[int, bytes] = field(default_factory=dict)
    structures: dict[int, bytes] = field(default_factory=dict)
    answers: dict[int, bytes | Callable[[str], bytes]] = field(default_factory=dict)
    instead: dict[str, bytes] = field(default_factory=dict)  # by the beginning of a command
    said: list[str] = field(default_factory=list)
    connections: int = 0

    def mailbox(self, **settings: object) -> ImapMailbox:
        """Kept's connector to it."""
        given: dict[str, object] = {"port": self.port, "tls": "none", "username": "a", "password": lambda: "b", "timeout": 1}
        return ImapMailbox("127.0.0.1", **{**given, **settings})  # type: ignore[arg-type]


@contextlib.contextmanager
def scripted_imap() -> Iterator[Scripted]:
    """The server, until the end of the block."""
    state = Scripted()

    class Handler(socketserver.StreamRequestHandler):
        disable_nagle_algorithm = True

        def handle(self) -> None:
            state.connections += 1
            with contextlib.suppress(OSError):
                _Conversation(state, self.rfile, self.wfile).run()

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with Server(("127.0.0.1", 0), Handler) as server:
        state.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield state
        finally:
            server.shutdown()


class _Conversation:
    def __init__(self, state: Scripted, incoming: object, outgoing: object) -> None:
        self.state, self.incoming, self.outgoing = state, incoming, outgoing
        self.opened: dict[int, bytes] = {}

    def run(self) -> None:
        self._send(b"* OK ready\r\n")
        while line := self.incoming.readline():  # type: ignore[attr-defined]
            tag, _, command = line.rstrip(b"\r\n").partition(b" ")
            self.state.said.append(command.decode("latin-1"))
            if not self._answer(tag, command):
                return

    def _answer(self, tag: bytes, command: bytes) -> bool:
        text = command.decode("latin-1")
        planned = next((answer for start, answer in self.state.instead.items() if text.startswith(start)), None)
        said = planned if planned is not None else self._usual(text)
        if DROP in said or MUTE in said:
            self._send(said.partition(DROP)[0].partition(MUTE)[0])
            if MUTE in said:
                self.incoming.read()  # type: ignore[attr-defined]  # until the client gives up
            return False
        complete = b"" if said.endswith((b"NO\r\n", b"BAD\r\n")) else tag + b" OK done\r\n"
        self._send(said.removesuffix(b"NO\r\n").removesuffix(b"BAD\r\n") + complete)
        if not complete:
            self._send(tag + (b" NO refused\r\n" if said.endswith(b"NO\r\n") else b" BAD refused\r\n"))
        return not text.startswith("LOGOUT")

    def _send(self, data: bytes) -> None:
        self.outgoing.write(data)  # type: ignore[attr-defined]

    def _usual(self, command: str) -> bytes:
        word, _, rest = command.partition(" ")
        if word == "CAPABILITY":
            return b"* CAPABILITY " + self.state.capabilities + b"\r\n"
        if word == "LIST":
            lines = self.state.listed or [b'(\\HasNoChildren) "/" "%s"' % name for name in self.state.folders]
            return b"".join(b"* LIST " + line + b"\r\n" for line in lines)
        if word in {"STATUS", "EXAMINE"}:
            return self._folder(word, rest)
        if command.startswith("UID SEARCH") or word == "SEARCH":
            return b"* SEARCH " + b" ".join(b"%d" % uid for uid in self._found(command)) + b"\r\n"
        if "FETCH" in command:
            return self._fetched(command)
        return b""

    def _folder(self, word: str, rest: str) -> bytes:
        quoted = re.match(r'"((?:[^"\\]|\\.)*)"', rest)
        name = re.sub(r"\\(.)", r"\1", quoted.group(1) if quoted else rest).encode("latin-1")
        if name not in self.state.folders:
            return b"NO\r\n"
        mails = self.state.folders[name]
        following = self.state.uidnext.get(name, max(mails, default=0) + 1)
        if word == "STATUS":
            said = (len(mails), following, self.state.validity)
            return b'* STATUS "%s" (MESSAGES %d UIDNEXT %d UIDVALIDITY %d)\r\n' % (name.replace(b'"', b""), *said)
        self.opened = mails
        return b"* %d EXISTS\r\n* OK [UIDVALIDITY %d] x\r\n* OK [UIDNEXT %d] x\r\n" % (len(mails), self.state.validity, following)

    def _found(self, command: str) -> list[int]:
        named = re.search(r"UID ([\d,:*]+)", command)
        return [uid for uid in sorted(self.opened) if named is None or _in_set(uid, named.group(1), max(self.opened))]

    def _fetched(self, command: str) -> bytes:
        number = re.search(r"FETCH ([\d,:*]+) (.*)", command)
        assert number is not None
        by_uid = command.startswith("UID")
        uids = sorted(self.opened)
        wanted = [u for u in uids if _in_set(u if by_uid else uids.index(u) + 1, number.group(1), max(uids))]
        return b"".join(self._message(uid, number.group(2)) for uid in wanted)

    def _message(self, uid: int, items: str) -> bytes:
        lie = self.state.answers.get(uid)
        if lie is not None and "BODY" in items:
            return lie(items) if callable(lie) else lie
        head, _, body = self.opened[uid].partition(b"\r\n\r\n")
        parts = [b"UID %d" % uid]
        if "FLAGS" in items:
            parts.append(b"FLAGS ()")
        if "INTERNALDATE" in items:
            parts.append(b'INTERNALDATE "%s"' % self.state.dates.get(uid, DATE))
        if "BODYSTRUCTURE" in items:
            parts.append(b"BODYSTRUCTURE " + self.state.structures.get(uid, b'("TEXT" "PLAIN" NIL NIL NIL "7BIT" 9 1)'))
        for section in re.findall(r"BODY\.PEEK\[([^\]]*)\]", items):
            content = head + b"\r\n\r\n" if section == "HEADER" else b"" if section.endswith("MIME") else body
            parts.append(b"BODY[%s]<0> {%d}\r\n%s" % (section.encode(), len(content), content))
        return b"* %d FETCH (%s)\r\n" % (sorted(self.opened).index(uid) + 1, b" ".join(parts))


def _in_set(number: int, numbers: str, highest: int) -> bool:
    for one in numbers.split(","):
        first, _, last = one.partition(":")
        ends = sorted(highest if end == "*" else int(end) for end in (first, last or first))
        if ends[0] <= number <= ends[1]:
            return True
    return False
