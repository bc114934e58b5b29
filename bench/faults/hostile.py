"""5,000 hostile mails and 500 hostile calendars through real connectors: a Maildir, Dovecot, a folder of events and Radicale.

Half of the mail comes from a known client. All of it must be stored, or set aside and shown, and every mail of the client's must lie
in one bucket of the balance; none may cost more than a moment, the process must stay small, and nothing may be logged as an error.

A mail may cost a tenth of a second of the processor as it is, the lesser of two readings. A calendar is to its events what a mailbox is to its mails, so it may cost that and 3 ms for
each event in it: icalendar takes about one to parse an event, and a hundred occurrences of a series take as long. What bounds the
whole are COMPONENT_CAP of connectors/formats/ics_parts.py and CALENDAR_CAP of recurrence.py, which tell the user what they leave out.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import imaplib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from cost import unit
from servers.mail_servers import fresh_user
from servers.processes import Dav, Dovecot, dovecot, radicale

from faults.hostile_calendars import Calendars
from faults.hostile_mails import CLIENT, USER, Mails
from faults.report import Report, Scale

MAILS, CALENDARS = 5000, 500
DAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
# Radicale works out when a series ends as it takes it in, and hangs at the rules and the parameters of the other kinds.
_FOR_RADICALE = frozenset({"plain", "dates", "exceptions", "changes", "nesting", "types", "sizes", "lines"})
JUDGED_FROM = 0.1  # the share of a run that judges times: a test does not
MOST, PEAK = 0.1, 150.0  # seconds of processor time; megabytes
EACH = 0.003  # more of these seconds for each event of a calendar
_CONFIG = """
accounts:
  - name: Dana Reyes
    addresses: [{user}]
    time_zone: Europe/London
    mail:
      - {{type: maildir, path: Maildir}}
      - {{type: imap, host: {imap.host}, port: {imap.port}, tls: none, username: {login}, password_env: KEPT_IMAP}}
    calendars:
      - {{type: ics, path: calendar}}
      - {{type: caldav, url: "{dav}", username: alice, password_env: KEPT_DAV}}
clients:
  - {{name: Acme Ltd, domains: [{client}], phones: ["+44 20 7946 0018"]}}
state: state
history: 400 days
"""
_AGAIN = """
accounts:
  - name: Dana Reyes
    addresses: [{user}]
    time_zone: Europe/London
    mail: [{{type: maildir, path: Maildir}}]
    calendars: [{{type: ics, path: calendar}}]
clients:
  - {{name: Acme Ltd, domains: [{client}], phones: ["+44 20 7946 0018"]}}
state: state
history: 400 days
"""


def campaign(scale: Scale) -> Report:
    """Lay out mails and calendars and have one process read them. Raises servers.Missing."""
    report, count = Report("hostile"), scale.of(MAILS)
    mails = Mails(scale.seed, DAY)
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kept-hostile-")))
        imap, dav = stack.enter_context(dovecot()), stack.enter_context(radicale())
        login = fresh_user()
        _lay_mails(folder / "Maildir", imap, login, mails, count)
        collection = _lay_calendars(folder / "calendar", dav, Calendars(scale.seed, DAY), scale.of(CALENDARS))
        config = folder / "config.yaml"
        config.write_text(_CONFIG.format(user=USER, imap=imap, login=login, dav=collection, client=CLIENT))
        read = _read(config, {"KEPT_DAV": dav.password, "KEPT_IMAP": imap.password})
        report.failures += _lost(read, mails, count)
        report.failures += _logged(folder / "state", read["log"])
        _tell(report, read, _costly(read["costs"], mails, folder), judged=scale.share >= JUDGED_FROM)
    return report


def _lay_mails(maildir: Path, imap: Dovecot, login: str, mails: Mails, count: int) -> None:
    """Lay half of the mails, by twos, into a Maildir and half into Dovecot; what APPEND refuses lies in Dovecot's own Maildir."""
    _empty_maildir(maildir)
    with imaplib.IMAP4(imap.host, imap.port) as session:
        session.login(login, imap.password)
        for number in range(count):
            raw, at = mails.make(number).raw, DAY - timedelta(minutes=number)
            if number // 2 % 2 == 0:
                (maildir / "cur" / f"{int(at.timestamp())}.{number}.a:2,S").write_bytes(raw)
            elif (
                b"\0" in raw or session.append("INBOX", "", f'"{at:%d-%b-%Y %H:%M:%S} +0000"', raw)[0] != "OK"
            ):  # RFC 3501 forbids NUL
                file = imap.maildir(login) / "cur" / f"{int(at.timestamp())}.{number}.a:2,S"
                file.write_bytes(raw)
                shutil.chown(file, *_owner(imap.maildir(login)))


def _owner(path: Path) -> tuple[int, int]:
    state = path.stat()
    return state.st_uid, state.st_gid


def _empty_maildir(maildir: Path) -> None:
    for part in ("cur", "new", "tmp"):
        (maildir / part).mkdir(parents=True)


def _lay_calendars(folder: Path, dav: Dav, calendars: Calendars, count: int) -> str:
    """Put half of the calendars on Radicale and half, and what it refuses, into a folder. Return the URL of the collection."""
    folder.mkdir()
    url = urlsplit(dav.url)
    login = base64.b64encode(f"alice:{dav.password}".encode()).decode()
    with contextlib.closing(http.client.HTTPConnection(url.hostname or "", url.port, timeout=60)) as session:

        def ask(method: str, path: str, content: str = "") -> int:
            session.request(method, path, content.encode("utf-8", "replace"), {"Authorization": f"Basic {login}"})
            answer = session.getresponse()
            answer.read()
            return answer.status

        ask("MKCALENDAR", "/alice/hostile/")
        for number in range(count):
            kind, text = calendars.make(number)
            if number % 2 or kind not in _FOR_RADICALE or ask("PUT", f"/alice/hostile/{number}.ics", text) >= 300:
                (folder / f"{number}.ics").write_bytes(text.encode("utf-8", "replace"))
    return f"{dav.url}alice/hostile/"


def _read(config: Path, passwords: dict[str, str]) -> dict[str, Any]:
    """Have a process of its own read everything; return what it found, with its log as "log"."""
    command = [sys.executable, "-P", str(Path(__file__).with_name("hostile_reader.py")), str(config), DAY.isoformat()]
    done = subprocess.run(
        command, env={**os.environ, **passwords}, capture_output=True, text=True, timeout=3000, check=False
    )  # our own
    if done.returncode:
        raise RuntimeError(f"the reading process ended with {done.returncode}: {done.stderr[-2000:]}")
    read: dict[str, Any] = json.loads(done.stdout)
    return {**read, "log": done.stderr}


def _lost(read: dict[str, Any], mails: Mails, count: int) -> Iterator[str]:
    """Yield what is neither stored nor set aside, and what of the client's mail lies in no bucket."""
    stored, aside, placed = set(read["stored"]), read["unreadable"], set(read["placed"])
    lost = [n for n in range(count) if mails.message_id(n) not in stored]
    if len(lost) != len(aside):
        kinds = Counter(mails.make(n).kind for n in lost)
        yield f"{len(lost)} mails are not stored and {len(aside)} set aside: {dict(kinds)}, such as {lost[:10]}"
    hidden = [n for n in range(1, count, 2) if n not in lost and mails.message_id(n) not in placed and mails.make(n).is_clients]
    if hidden:
        yield f"{len(hidden)} stored mails of the client lie in no bucket of the balance, such as {hidden[:10]}"
    yield from (f"{one['source']}: {one['error']}" for one in read["sources"]["sources"] if one.get("error"))


def _logged(state: Path, printed: str) -> Iterator[str]:
    """Yield the errors in the log, of each its beginning and where it was raised."""
    text = printed + "".join(path.read_text(errors="replace") for path in state.glob("*.log*"))
    errors = (line for line in text.splitlines() if "Traceback" in line or '"level": "error"' in line)
    yield from (f"logged: {line[:200]} ... {line[-600:]}" for line in errors)


class Cost(NamedTuple):
    """What reading a mail or a calendar cost, in seconds of processor time, and how much it may."""

    seconds: float
    most: float
    name: str

    def __str__(self) -> str:
        return f"{self.seconds * 1000:.0f} ms of {self.most * 1000:.0f}: {self.name}"


def _costly(costs: dict[str, float], mails: Mails, folder: Path) -> list[Cost]:
    """Return the costs, the nearest to the limit first; those of the dearest mails and calendars measured once more, alone."""
    worst = sorted(costs.items(), key=lambda pair: -pair[1])[:80]
    again = folder / "again"
    _empty_maildir(again / "Maildir")
    (again / "calendar").mkdir()
    for name, _ in worst:
        number = mails.number_of(name)
        if number is not None:
            at = int((DAY - timedelta(minutes=number)).timestamp())
            (again / "Maildir" / "cur" / f"{at}.{number}.a:2,S").write_bytes(mails.make(number).raw)
        elif (calendar := _calendar_of(name)) is not None:
            text = Calendars(mails.seed, DAY).make(calendar)[1]
            (again / "calendar" / f"{calendar}.ics").write_bytes(text.encode("utf-8", "replace"))
    config = again / "config.yaml"
    config.write_text(_AGAIN.format(user=USER, client=CLIENT))
    second = _read(config, {})["costs"]
    found = [_cost(name, min(cost, second.get(name, cost)), mails) for name, cost in worst]
    return sorted(found, key=lambda cost: -cost.seconds / cost.most)


def _calendar_of(name: str) -> int | None:
    """Return the number of the calendar of which a cost is; None for any other."""
    what, _, uid = name.partition(" ")
    number = uid.split("-")[2:3] if what == "calendar" else []
    return int(number[0]) if number else None


def _cost(name: str, seconds: float, mails: Mails) -> Cost:
    number, calendar = mails.number_of(name), _calendar_of(name)
    if calendar is not None:
        kind, text = Calendars(mails.seed, DAY).make(calendar)
        return Cost(seconds, MOST + EACH * text.count("BEGIN:VEVENT"), f"calendar {calendar} ({kind})")
    return Cost(seconds, MOST, name if number is None else f"{mails.make(number).kind}, mail {number}")


def _tell(report: Report, read: dict[str, Any], costly: Sequence[Cost], *, judged: bool) -> None:
    """Add the figures, and what is above the limits. Times are only `judged` in a run that is large enough to be one."""
    reasons = Counter(re.sub(r"\d+", "N", reason)[:60] for _, _, reason in read["unreadable"])
    report.figures += [
        f"{len(read['stored'])} mails stored, {len(read['unreadable'])} set aside: {dict(reasons)}",
        f"the client's mail: {sum(read['buckets'].values())} = {read['buckets']}",
        f"{read['read']:.1f} s of processor time for reading, {read['assessed']:.1f} s for assessing; peak {read['peak_of_reading']:.0f} MB and {read['peak']:.0f} MB",
        *(f"{one['source']}: {one.get('unreadable', 0)} unreadable" for one in read["sources"]["sources"]),
        f"a unit of tests/cost.py, to compare machines by, takes {unit() * 1000:.1f} ms; the dearest:",
        *map(str, costly[:10]),
    ]
    over = [str(cost) for cost in costly if cost.seconds > cost.most]
    if judged:
        report.failures += over
    else:
        report.figures += [f"over the limit, which so small a run does not judge: {line}" for line in over]
    if read["peak"] > PEAK:
        report.failures.append(f"peak memory {read['peak']:.0f} MB")
