"""Hostile mails, made at random from a grammar of what mail consists of: each is of one kind of lie, mostly with several faults at once."""

from __future__ import annotations

import base64
import quopri
import random
import struct
import sys
import zlib
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import NamedTuple

import probes

from connectors.formats.ics import PRODID

CLIENT, STRANGER, USER = "acme.example", "stranger.example", "dana@northwind.example"
KILO, MEGA = 1024, 1024 * 1024
_CHARSETS = (
    "utf-8",
    "utf-7",
    "utf-16",
    "iso-2022-jp",
    "gb18030",
    "x-unknown",
    "koi8-r",
    "idna",
    "punycode",
    "'; drop",
    "utf-8''en''",
)
_ENCODINGS = ("7bit", "8bit", "base64", "quoted-printable", "x-uuencode", "binary", "gzip", "base64; charset", "")
_PHRASES = (
    "Could you send me the revised quote by Friday? ",
    "I'll call you on Tuesday at 3pm, and send the papers by end of next week. ",
    "Können Sie mir bis Freitag das Angebot schicken? ",
    "Ich rufe Sie morgen um 15 Uhr an und schicke die Unterlagen bis Ende nächster Woche. ",
    "Please let me know whether in two hours or first thing tomorrow morning, 3/4/2026 at 07:00 or 8:30 pm, works. ",
    "If you sign by Monday, I will ship on 12 March, unless you can't make Tuesday; otherwise let's meet next Thursday at noon. ",
)


class Mail(NamedTuple):
    """A hostile mail: what kind of lie it is, and its bytes."""

    kind: str
    raw: bytes
    is_clients: bool  # whether it is certainly from the known client


class Mails:
    """Makes hostile mails from a seed; number `n` of a seed is always the same."""

    def __init__(self, seed: int, day: datetime) -> None:
        held = probes.patterns("daemon.reading", "connectors.formats", "daemon.intake", "daemon.core")
        rng = random.Random(seed)
        self.seed, self._day = seed, day
        self._units = [text for pattern in held.values() for text in probes.texts(pattern, rng, 1)] + list(probes.GENERAL)
        self._kinds: tuple[tuple[str, Callable[[random.Random], tuple[str, bytes]], int], ...] = (
            ("repeated words", self._repeated, 24),
            ("many sentences", self._sentences, 8),
            ("random characters", self._characters, 8),
            ("html", self._html, 14),
            ("multipart", self._multipart, 12),
            ("nested", self._nested, 4),
            ("encoding", self._encoding, 8),
            ("charset", self._charset, 8),
            ("header", self._header, 12),
            ("addresses", self._addresses, 5),
            ("ids", self._ids, 3),
            ("dates", self._dates, 4),
            ("subject", self._subject, 8),
            ("calendar", self._calendar, 4),
            ("tnef", self._tnef, 4),
            ("rtf", self._rtf, 3),
            ("s/mime", self._smime, 4),
            ("pgp", self._pgp, 2),
            ("quotes", self._quotes, 8),
            ("missed call", self._missed_call, 4),
            ("bytes", self._bytes, 4),
        )

    def make(self, number: int) -> Mail:
        """Return mail `number`: half of them from a known client, the first few enormous."""
        rng = random.Random(f"{self.seed}/{number}")
        if number % 500 == 7:
            kind, (fields, body) = "enormous", self._enormous(rng)
        else:
            kind, write, _ = rng.choices(self._kinds, [weight for *_, weight in self._kinds])[0]
            fields, body = write(rng)
        own = any(name in fields for name in ("From:", "Sender:", "Reply-To:"))
        return Mail(kind, self._head(number, rng, fields) + b"\r\n\r\n" + body, bool(number % 2) and not own)

    def message_id(self, number: int) -> str:
        """Return the Message-ID of mail `number`."""
        return f"<hostile.{self.seed}.{number}@{CLIENT if number % 2 else STRANGER}>"

    def number_of(self, message_id: str) -> int | None:
        """Return the number of the mail with a Message-ID; None for anything else."""
        parts = message_id.strip("<>").partition("@")[0].split(".")
        return int(parts[2]) if len(parts) == 3 and parts[0] == "hostile" else None

    def _head(self, number: int, rng: random.Random, fields: str) -> bytes:
        domain = CLIENT if number % 2 else STRANGER
        at = self._day - timedelta(minutes=number)
        own = {line.partition(":")[0].lower() for line in fields.split("\r\n") if ":" in line[:40]}
        usual = {
            "Received": f"from a by b; {format_datetime(at)}",
            "From": f"Kim Lee <kim{number}@{domain}>",
            "To": USER if rng.random() < 0.8 else "",
            "Date": format_datetime(at),
            "Message-ID": self.message_id(number),
            "Subject": f"Quote {number}",
            "MIME-Version": "1.0",
        }
        lines = [f"{name}: {value}" for name, value in usual.items() if name.lower() not in own and value]
        return "\r\n".join([*lines, *filter(None, [fields])]).encode("utf-8", "surrogateescape")

    def _run(self, rng: random.Random, most: int = 80 * KILO) -> str:
        """Return something repeated: a phrase, a piece of a pattern, with something before, between and after."""
        length = int(most ** rng.uniform(0.5, 1.0))
        unit = rng.choice(self._units) + rng.choice(("", "", "\n", " ", "\n\n", ". ", "\r\n> ", "\t"))
        if rng.random() < 0.3:
            unit += rng.choice(self._units) * rng.randrange(1, 20)
        before, after = rng.choice(self._units), rng.choice(("", rng.choice(self._units)))
        return f"{before}{(unit * (length // len(unit) + 1))[:length]}{after}".replace("\0", "")

    def _repeated(self, rng: random.Random) -> tuple[str, bytes]:
        return "", self._run(rng).encode("utf-8", "replace")

    def _sentences(self, rng: random.Random) -> tuple[str, bytes]:
        words = "".join(rng.choice(_PHRASES) + rng.choice(("", "\n", "\n\n")) for _ in range(rng.choice((10, 100, 2000))))
        return "", words.encode()

    def _characters(self, rng: random.Random) -> tuple[str, bytes]:
        ranges = rng.choices(
            ((0x20, 0x7E), (0xA0, 0x2FF), (0x300, 0x36F), (0x590, 0x6FF), (0x2000, 0x206F), (0x1F300, 0x1FAFF)), k=2
        )
        return "", "".join(chr(rng.randint(*rng.choice(ranges))) for _ in range(rng.choice((500, 20_000)))).encode(
            "utf-8", "replace"
        )

    def _html(self, rng: random.Random) -> tuple[str, bytes]:
        count = int(60_000 ** rng.uniform(0.3, 1.0))
        open_, close = rng.choice(
            (
                ("<div>", "</div>"), ("<table><tr><td>", ""), ("<blockquote>", "</blockquote>"), ("<b>", ""), ("<p>", "<p>"), ("<!--", ""),
                ("<style>", ""), ("&nbsp;", "&#x2028;"), ("<a href='", "'>x</a>"), ("<ul><li>", ""), ("<td colspan=9999999>x", "</td>"),
                ("<pre>\n", "</pre>"), ("<br>", "\n"), ("<!DOCTYPE a [<!ENTITY b 'c'>]>", "&b;"), ("<![CDATA[", "]]"), ("<font\0>", ""),
                ("<table><tr><td>a</td><td>b</td></tr></table>", ""), ("<span style='padding-left:9999em'>x</span>", ""),
            )
        )  # fmt: skip
        page = f"<html><body>{open_ * count}{rng.choice(_PHRASES)}{close * count}</body></html>"[: rng.choice((MEGA, 300 * KILO))]
        return "Content-Type: text/html; charset=utf-8", page.encode()

    def _multipart(self, rng: random.Random) -> tuple[str, bytes]:
        boundary = rng.choice(("b", "-", "=_1", "b b", "x" * 200, "", 'b\\"c', "é"))
        kind = rng.choice(("mixed", "alternative", "related", "signed", "report", "digest", "encrypted", "x"))
        count = rng.choice((2, 40, 500, 1500))
        inner = rng.choice(
            ("text/plain", "text/html", "text/calendar", "message/rfc822", "application/octet-stream; name=a.ics", "image/png")
        )
        text = rng.choice(("x", rng.choice(_PHRASES), "<p>x" * 100, self._run(rng, 4 * KILO)))
        said = rng.choice((boundary, boundary, "another", boundary[:-1]))
        body = "".join(f"--{boundary}\r\nContent-Type: {inner}\r\n\r\n{text}\r\n" for _ in range(count))[: 3 * MEGA]
        end = rng.choice((f"--{boundary}--\r\n", "", f"--{boundary}"))
        return f'Content-Type: multipart/{kind}; boundary="{said}"', (body + end).encode("utf-8", "replace")

    def _nested(self, rng: random.Random) -> tuple[str, bytes]:
        depth = rng.choice((5, 60, 700, 3000))
        if rng.random() < 0.5:
            inner = "".join(f'--b{n}\r\nContent-Type: multipart/mixed; boundary="b{n + 1}"\r\n\r\n' for n in range(depth))
            return 'Content-Type: multipart/mixed; boundary="b0"', f"{inner}--b{depth}\r\n\r\nCan you call me?\r\n".encode()
        return (
            "Content-Type: message/rfc822",
            b"Content-Type: message/rfc822\r\n\r\n" * depth + b"Subject: x\r\n\r\nCan you call me?\r\n",
        )

    def _encoding(self, rng: random.Random) -> tuple[str, bytes]:
        text = self._run(rng).encode("utf-8", "replace")
        body = rng.choice(
            (base64.b64encode(text), quopri.encodestring(text), text, b"=" * 50_000, b"=\r\n" * 30_000, b"A" * 99_999)
        )
        return f"Content-Transfer-Encoding: {rng.choice(_ENCODINGS)}", rng.choice((body, body[: len(body) // 2 + 1]))

    def _charset(self, rng: random.Random) -> tuple[str, bytes]:
        kind = rng.choice(("plain", "html", "enriched", "x-amp-html"))
        content = rng.choice(
            (rng.randbytes(30_000).replace(b"\0", b"\1"), b"\x1b$B" * 9000, b"\xff\xfe" * 9000, b"+AGEA-" * 9000, b"~{" * 9000)
        )
        return f"Content-Type: text/{kind}; charset={rng.choice(_CHARSETS)}", content

    def _header(self, rng: random.Random) -> tuple[str, bytes]:
        name = rng.choice(
            (
                "Content-Type", "Content-Disposition", "References", "In-Reply-To", "List-Id", "Authentication-Results", "X-Mozilla-Status",
                "Received", "Content-Transfer-Encoding", "Reply-To", "Sender", "Return-Path", "Auto-Submitted", "X-Long", "List-Unsubscribe",
            )
        )  # fmt: skip
        unit = rng.choice(
            (
                *self._units[-40:],
                "(",
                '"',
                "\\",
                "=?utf-8?b?",
                "=?utf-8?q?=",
                "<",
                "a;",
                ";x*0=",
                ";x*1*=%",
                "\r\n ",
                "\r\n\t",
                "[",
                "(a)",
            )
        )
        return f"{name}: {_folded(unit, rng.choice((2000, 70_000, 70_000)))}", rng.choice(_PHRASES).encode()

    def _addresses(self, rng: random.Random) -> tuple[str, bytes]:
        unit = rng.choice(
            (
                "a@b.example, ",
                "<a@b.example>",
                '"',
                "(",
                "g:",
                ";",
                ",",
                "@",
                "=?utf-8?q?a=40b?= ",
                '"\\',
                "a@b@",
                "Kim <",
                "<<>>",
                "a" * 300 + "@b, ",
            )
        )
        name = rng.choice(("To", "Cc", "Reply-To", "Sender"))
        return f"{name}: {_folded(unit, rng.choice((3000, 66_000)))}", rng.choice(_PHRASES).encode()

    def _ids(self, rng: random.Random) -> tuple[str, bytes]:
        unit = rng.choice(("<a@b> ", "<", ">", "a@b ", "<a b@c> ", "=?utf-8?q?<a@b>?= ", "<" + "x" * 7000 + "@b> "))
        return f"{rng.choice(('References', 'In-Reply-To'))}: {_folded(unit, 66_000)}", rng.choice(_PHRASES).encode()

    def _dates(self, rng: random.Random) -> tuple[str, bytes]:
        value = rng.choice(
            (
                "Mon, 99 Foo 0000 99:99:99 +9999",
                "1" * 5000,
                "Thu, 1 Jan 1970 00:00:00 +0000",
                "Thu, 31 Dec 9999 23:59:59 -2359",
                "Mon, 2 Mar 2099 09:00:00 +0000",
                "(" * 9000,
                "2 Mar 26 9:00 EST EST",
                "",
            )
        )
        return f"Date: {value}", rng.choice(_PHRASES).encode()

    def _subject(self, rng: random.Random) -> tuple[str, bytes]:
        text = self._run(rng, rng.choice((500, 60_000))).replace("\r", " ").replace("\n", " ").encode("utf-8", "replace")
        word = f"=?utf-8?b?{base64.b64encode(text[:3000]).decode()}?="
        subject = rng.choice(
            (
                word,
                " ".join([word] * 12),
                "Re: " * 9000,
                "Missed call " + " " * 60_000,
                "=?utf-8?q?=?=" * 4000,
                "RE[2]: " * 5000,
                "\u202e" * 9000,
            )
        )
        return f"Subject: {subject}", rng.choice(_PHRASES).encode()

    def _calendar(self, rng: random.Random) -> tuple[str, bytes]:
        rule = rng.choice(
            ("FREQ=SECONDLY", "FREQ=DAILY;COUNT=999999999", "FREQ=YEARLY;BYMONTHDAY=31;BYMONTH=2", "FREQ=DAILY;INTERVAL=0")
        )
        event = (
            f"BEGIN:VEVENT\r\nUID:x{{}}\r\nDTSTAMP:20260302T090000Z\r\nDTSTART:20260302T090000Z\r\nRRULE:{rule}\r\nEND:VEVENT\r\n"
        )
        events = "".join(event.format(n) for n in range(rng.choice((1, 30, 800))))
        if rng.random() < 0.4:
            unit = rng.choice((*self._units, "\r\r\n", "\n\r", "\r\n\r\n ", ";", ";a=b", "\u2028"))
            said = rng.choice(("DESCRIPTION:", "DESCRIPTION;x=", "RRULE:FREQ=DAILY", "EXDATE:", "")) + _folded(unit, 60_000) + "x"
            events = events.replace("END:VEVENT", f"{said}\r\nEND:VEVENT", 1)
        object_ = f"BEGIN:VCALENDAR\r\nPRODID:{PRODID}\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\n{events}END:VCALENDAR\r\n"
        return "Content-Type: text/calendar; method=REQUEST; charset=utf-8", object_.encode("utf-8", "replace")

    def _tnef(self, rng: random.Random) -> tuple[str, bytes]:
        packed = b"LZFu".rjust(12, b"\0").ljust(16, b"\0") + rng.choice((b"\xff\0\x0f" * 200_000, rng.randbytes(200_000)))
        body = rng.choice(
            (rng.randbytes(5000), struct.pack("<IHHI", 0xFFFFFFFF, 0x102, 0x1009, 1) + struct.pack("<I", len(packed)) + packed)
        )
        attribute = struct.pack("<BIi", 1, 0x00069003, rng.choice((len(body), 2**31 - 1, 0))) + body + b"\0\0"
        raw = struct.pack("<IH", 0x223E9F78, 1) + attribute * rng.choice((1, 20))
        return "Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64", _lines(raw)

    def _rtf(self, rng: random.Random) -> tuple[str, bytes]:
        words = rng.choice(
            (b"{" * 250_000, rb"\u-1?" * 50_000, rb"\'e4" * 60_000, rb"\par" * 60_000, rb"\ansicpg65001 a" * 20_000)
        )
        packed = struct.pack("<II", len(words), len(words)) + b"MELA" + b"\0\0\0\0" + words
        value = struct.pack("<IHHI", 1, 0x102, 0x1009, 1) + struct.pack("<I", len(packed)) + packed
        raw = struct.pack("<IH", 0x223E9F78, 1) + struct.pack("<BIi", 1, 0x00069003, len(value)) + value + b"\0\0"
        return "Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64", _lines(raw)

    def _smime(self, rng: random.Random) -> tuple[str, bytes]:
        oid = bytes.fromhex("060b2a864886f70d0109100109") if rng.random() < 0.5 else bytes.fromhex("06092a864886f70d010702")
        octets = zlib.compress(b"Content-Type: text/html\r\n\r\n" + b"<div>" * 2_000_000)
        content = (
            b"\x30\x80" + bytes.fromhex("06092a864886f70d010701") + b"\xa0\x80\x04\x83" + len(octets).to_bytes(3, "big") + octets
        )
        inner = b"\x30\x80\x02\x01\x00" + b"\x30\x03\x06\x01\x00" + content
        raw = rng.choice(
            (
                b"\x30\x80" + oid + b"\xa0\x80" + inner,
                b"\x30\x80" * 50_000,
                b"\x24\x80" * 50_000,
                rng.randbytes(9000),
                b"\x30\x84\xff\xff\xff\xff",
            )
        )
        return "Content-Type: application/pkcs7-mime; name=smime.p7m\r\nContent-Transfer-Encoding: base64", _lines(raw)

    def _pgp(self, rng: random.Random) -> tuple[str, bytes]:
        unit = rng.choice(
            (
                "-----BEGIN PGP MESSAGE-----\n",
                "-----BEGIN PGP SIGNED MESSAGE-----\n",
                "Hash: a\n",
                "> > > -----END PGP A-----\n",
                "- - -",
            )
        )
        return "", ("-----BEGIN PGP SIGNED MESSAGE-----\n" + unit * 4000).encode()

    def _quotes(self, rng: random.Random) -> tuple[str, bytes]:
        depth = rng.choice((3, 40, 4000))
        lines = (
            "On Mon, 2 Mar 2026 at 09:14, Kim <kim@acme.example> wrote:\n",
            "From: Kim\nSent: Monday\nTo: Dana\nSubject: x\n\n",
            "> a\n",
            "",
            "Am 2.3.2026 schrieb Kim:\n",
        )
        return "", "".join(">" * rng.randrange(depth) + rng.choice(lines) for _ in range(rng.choice((50, 3000)))).encode()[:MEGA]

    def _missed_call(self, rng: random.Random) -> tuple[str, bytes]:
        unit = rng.choice(
            ("\n", "+44 20 7946 0018 ", "1 ", "(0)", "Voicemail: ", "transcript: ", "from A", "7946 0018\n", "#1", "12:34 ")
        )
        return "Subject: Missed call from +44 20 7946 0018\r\nFrom: Voice <no-reply@pbx.example>", (unit * 20_000)[
            :70_000
        ].encode()

    def _bytes(self, rng: random.Random) -> tuple[str, bytes]:
        return rng.choice(("", "Content-Type: text/plain\0; charset=\0", "X: \udcff\udcfe")), rng.choice(
            (b"\0" * 50_000, rng.randbytes(60_000), b"\r" * 60_000, b"")
        )

    def _enormous(self, rng: random.Random) -> tuple[str, bytes]:
        part = "--b\r\nContent-Type: text/html\r\n\r\n" + "<div>" * 9000 + "\r\n"
        return rng.choice(
            (
                ("X-Long: " + "x" * (20 * MEGA), b"Can you call me?"),
                ('Content-Type: multipart/mixed; boundary="b"', ("--b\r\nContent-Type: text/plain\r\n\r\nx\r\n" * 3500).ljust(1_800_000).encode()),
                ('Content-Type: multipart/mixed; boundary="b"', (part * 400)[: 20 * MEGA].encode()),
                ("Content-Type: text/html", b"<table><tr><td>" * MEGA),
                ("", b"Can you send me the quote by Friday? " * (MEGA // 2)),
                ('Content-Type: multipart/mixed; boundary="b"', b"--b\r\nX: " + b"y" * (20 * MEGA) + b"\r\n\r\nCan you call me?\r\n"),
            )
        )  # fmt: skip


def _folded(unit: str, length: int) -> str:
    return (unit * (length // len(unit) + 1))[:length].replace("\r\n\r\n", "\r\n ").replace("\n\n", "\n ").replace("\0", "")


def _lines(raw: bytes) -> bytes:
    return base64.encodebytes(raw)


if __name__ == "__main__":  # seed, number: that mail, to look at
    out = Mails(int(sys.argv[1]), datetime.fromisoformat(sys.argv[3])).make(int(sys.argv[2]))
    Path("hostile.eml").write_bytes(out.raw)
