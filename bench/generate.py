"""Generate a mailbox of realistic shape: senders, lengths, headers and parts. The same seed gives the same mails."""

from __future__ import annotations

import base64
import os
import random
import shutil
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

OWNER = "alice@example.test"
CLIENTS = 40
SENTENCES = (
    "Can you send the revised quote by Friday?",
    "We looked at the proposal with our finance team this morning.",
    "The delivery arrived on Tuesday and everything was in order.",
    "I'll call you on Thursday to go through the open points.",
    "Thanks for your patience while we sort this out.",
    "Please find the figures for the last quarter below.",
    "Our warehouse moves to the new site at the end of next month.",
    "Could we move our meeting to next week?",
    "The invoice has a wrong purchase order number on it.",
    "You'll have the report tomorrow morning.",
)


def fill(maildir: Path, number: int, now: datetime) -> int:
    """Write so many mails of the last 170 days into a Maildir++, one in five into Sent, and return the bytes written."""
    random_ = random.Random(7)
    for folder in ("", ".Sent"):
        for part in ("cur", "new", "tmp"):
            (maildir / folder / part).mkdir(parents=True)
    total = 0
    for n, (when, sent, raw) in enumerate(_mails(random_, number, now)):
        stamp = when.timestamp()
        file = maildir / (".Sent" if sent else "") / "cur" / f"{int(stamp)}.M{n}.bench:2,S"
        file.write_bytes(raw)
        os.utime(file, (stamp, stamp))
        total += len(raw)
    return total


def _mails(random_: random.Random, number: int, now: datetime) -> Iterator[tuple[datetime, bool, bytes]]:
    """Yield mails: two in five with clients, in threads; the others from colleagues, lists and automated senders."""
    last: dict[int, str] = {}
    for n in range(number):
        when = now - timedelta(days=170) * (1 - n / number) - timedelta(minutes=30)
        sent = n % 5 == 0
        client = random_.randrange(CLIENTS) if sent or random_.random() < 0.3 else None
        other = f"kim{n % 3}@client{client}.example" if client is not None else f"news{n % 90}@list{n % 25}.example"
        message_id = f"<{n}.{random_.getrandbits(48):x}@bench.example>"
        answers = last.get(client) if client is not None and random_.random() < 0.7 else None
        if client is not None:
            last[client] = message_id
        head = _head(random_, when, OWNER if sent else other, other if sent else OWNER, message_id, answers)
        if client is None:
            head += f"List-Id: <list{n % 25}.example>\r\nList-Unsubscribe: <https://list.example/u/{n}>\r\nPrecedence: bulk\r\n"
        yield when, sent, (head + _body(random_, n, _text(random_))).encode()


def _head(random_: random.Random, when: datetime, sender: str, to: str, message_id: str, answers: str | None) -> str:
    date = format_datetime(when)
    hops = "".join(
        f"Received: from out{hop}.relay.example (out{hop}.relay.example [192.0.2.{hop}])\r\n\tby mx{hop}.example.test with ESMTPS"
        f" id {random_.getrandbits(64):016x}\r\n\tfor <{to}>; {date}\r\n"
        for hop in range(4)
    )
    signature = "".join(f"\r\n\t{random_.getrandbits(256):064x}" for _ in range(5))
    thread = f"In-Reply-To: {answers}\r\nReferences: {answers}\r\n" if answers else ""
    return (
        f"Return-Path: <{sender}>\r\n{hops}Authentication-Results: mx.example.test; dkim=pass; spf=pass; dmarc=pass\r\n"
        f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=relay.example; s=s1; b={signature}\r\n"
        f"From: Kim Lee <{sender}>\r\nTo: {to}\r\nSubject: {random_.choice(SENTENCES)[:40]}\r\nDate: {date}\r\n"
        f"Message-ID: {message_id}\r\n{thread}MIME-Version: 1.0\r\nX-Mailer: Bench 1.0\r\n"
    )


def _text(random_: random.Random) -> str:
    lines = [random_.choice(SENTENCES) for _ in range(random_.randrange(4, 14))]
    quoted = [f"> {random_.choice(SENTENCES)}" for _ in range(random_.randrange(40))]
    return "\r\n".join(("Hello,", "", *lines, "", "Kim", "", *quoted, ""))


def _body(random_: random.Random, n: int, text: str) -> str:
    """Return a mail: a third are plain text, half have HTML beside the text, the others a document of 40 to 70 KB."""
    plain = f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}"
    if n % 6 < 2:
        return plain
    styled = "".join(
        f'<p class="c{i}" style="margin:0;font-family:sans-serif">{line}</p>\r\n' for i, line in enumerate(text.split("\r\n"))
    )
    page = f"Content-Type: text/html; charset=utf-8\r\n\r\n<html><head><style>{'p {margin: 0} ' * 150}</style></head><body>{styled}</body></html>\r\n"
    both = f"Content-Type: multipart/alternative; boundary=alt{n}\r\n\r\n--alt{n}\r\n{plain}\r\n--alt{n}\r\n{page}--alt{n}--\r\n"
    if n % 6 < 5:
        return both
    document = base64.encodebytes(random_.randbytes(random_.randrange(40_000, 70_000))).decode().replace("\n", "\r\n")
    pdf = f'Content-Type: application/pdf; name="quote{n}.pdf"\r\nContent-Disposition: attachment; filename="quote{n}.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n{document}'
    return f"Content-Type: multipart/mixed; boundary=mix{n}\r\n\r\n--mix{n}\r\n{both}\r\n--mix{n}\r\n{pdf}\r\n--mix{n}--\r\n"


def main(mail: Path, number: int, now: datetime, users: list[str]) -> None:
    """Fill a Maildir for the first of these users, link the others to the same files, and print the bytes of one mailbox."""
    folders = [mail / user / "Maildir" for user in users]
    print(fill(folders[0], number, now))
    for folder in folders[1:]:
        shutil.copytree(folders[0], folder, copy_function=os.link)
    owner = mail.stat()
    for place, _, files in os.walk(mail):
        for name in (".", *files):
            os.chown(os.path.join(place, name), owner.st_uid, owner.st_gid)  # noqa: PTH118  # a path object each takes longer


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), datetime.fromisoformat(sys.argv[3]), sys.argv[4:])
