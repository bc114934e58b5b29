"""A new version of a charter that was written into a form: checked as the file will be, shown as the client will read it, and saved.

Nothing is written before the same checks have passed that every start makes, and never over an older version.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from daemon.accounts.runtime import AccountRuntime
from daemon.analysis import service_summary
from daemon.app import App
from daemon.config import charter_files
from daemon.config.office import make_office
from daemon.config.values import duration_text
from daemon.core import mail_addresses
from daemon.delivery import client_mail
from daemon.errors import CannotDo
from daemon.glossary.actions import ActionKind, Delivery, Parcel
from daemon.glossary.charter import Charter
from daemon.glossary.decisions import Verb
from daemon.glossary.obligations import Evidence, SourceType
from daemon.glossary.parties import Client
from daemon.letters import charter_page
from daemon.operations.charter_versions import NewVersion, parse_duration
from daemon.operations.client_rows import assessment_of
from daemon.operations.decisions import decide

STANDARDS = ("reply", "call_back", "contact", "meeting", "review")
"""The standards that a person agrees on with a client in conversation, in the order in which they are asked for."""
LONGEST_WORDS = 2000  # characters of a note


@dataclass(frozen=True, slots=True)
class Preview:
    """A version that passed its checks: the client with it, and the mail that would tell them.

    `seal` follows from all that would be written and told: it is another one as soon as anything of that is.
    """

    client: Client
    version: Charter
    subject: str
    text: str
    seal: str


def present(client: Client, now: datetime) -> Mapping[str, str]:
    """Return the times that are in force, as the configuration writes them."""
    charter = client.charter_at(now)
    return {standard: duration_text(charter.standards.get(standard)) for standard in STANDARDS}


def version_from(
    client: Client, form: Mapping[str, str], now: datetime, zone: ZoneInfo
) -> tuple[NewVersion, Mapping[str, CannotDo]]:
    """Return what was written into a form as a version, and what is wrong with it, by field, in sentences."""
    problems: dict[str, CannotDo] = {}
    values: dict[str, Any] = {}
    for standard, before in present(client, now).items():
        try:
            agreed = parse_duration(form.get(standard, "") or before)
        except CannotDo as error:
            problems[standard] = error
            continue
        if agreed != before:
            values[standard] = _written(agreed)
    start = _day(form, "from", problems) or now.astimezone(zone).date()
    newest = latest(client, zone)
    if newest is not None and start <= newest:
        problems["from"] = CannotDo(
            "There is a charter from %(day)s already, which is never changed; a new one begins later.", day=newest
        )
    asked = {standard: words for standard in STANDARDS if (words := _words(form, f"asked_{standard}"))}
    if words := _words(form, "words"):
        asked["in their words"] = words
    agreement = {
        "asked": asked,
        "agreed_by": _words(form, "agreed_by"),
        "next_review": _day(form, "next_review", problems),
        "notes": _words(form, "notes"),
    }
    values |= {key: value for key, value in agreement.items() if value}
    if not values and not problems:
        if newest is not None:
            problems["reply"] = CannotDo("Nothing is different from what is agreed already.")
        values = {
            standard: _written(held) for standard, held in present(client, now).items()
        }  # what has held so far is put into writing
    return NewVersion(client, start, values), problems


def preview(app: App, runtime: AccountRuntime, version: NewVersion, now: datetime) -> Preview:
    """Check a version as the file that it will be, and return what the client would read. Nothing is kept.

    Raises CannotDo if there is a version of that day, and ConfigError as the next start would.
    """
    with tempfile.TemporaryDirectory(prefix="kept-charter-") as name:
        folder = Path(name)
        before = charter_files.version_path(app.settings.charters, version.client.name, version.start).parent
        if before.is_dir():
            shutil.copytree(before, folder / before.name)
        charter_files.write(folder, version.client.name, version.start, version.values)
        client = _read(app, runtime, version, folder)
    zone = ZoneInfo(runtime.account.hours.zone)
    agreed = next(v for v in client.amendments if v.start is not None and v.start.astimezone(zone).date() == version.start)
    assessment = assessment_of(runtime, client, now)
    contact = service_summary.contact(assessment) if assessment else None
    subject, text = charter_page.charter_page(runtime.account, client, agreed, contact)
    return Preview(client, agreed, subject, text, _seal(version, subject, text))


def save(app: App, runtime: AccountRuntime, version: NewVersion, now: datetime) -> tuple[Path, Parcel]:
    """Write a version, and return its file and the draft of the mail that tells the client. Raises as `preview` does, and OSError.

    It counts once the configuration is read again.
    """
    shown = preview(app, runtime, version, now)
    path = charter_files.write(app.settings.charters, version.client.name, version.start, version.values)
    assessment = assessment_of(runtime, shown.client, now)
    contact = service_summary.contact(assessment) if assessment else None
    written = (shown.subject, shown.text, ())
    again = charter_files.put_aside_before(app.settings.charters, version.client.name, version.start)
    draft = client_mail.client_draft(
        runtime.account, ActionKind.CHARTER, shown.client, version.start, contact, written, now, again=again
    )
    return path, draft


def latest(client: Client, zone: ZoneInfo) -> date | None:
    """Return the first day of the latest version that was agreed on, as an account in that zone sees it; None without one."""
    starts = [v.start.astimezone(zone).date() for v in client.amendments if v.start is not None]
    return max(starts, default=None)


def may_be_taken_back(app: App, client: Client, now: datetime, zone: ZoneInfo) -> bool:
    """Whether the latest version can be taken back by a click: it stands in a file of its own, and its first day is not over."""
    start = latest(client, zone)
    return start is not None and start >= now.astimezone(zone).date() and file_of(app, client, start).is_file()


def take_back(app: App, runtime: AccountRuntime, client: Client, now: datetime) -> Path:
    """Put the latest version aside and have its draft removed, and return where its file is now. What held before holds again.

    It counts once the configuration is read again. Raises CannotDo if its first day is over, and OSError.
    """
    start, zone = latest(client, ZoneInfo(runtime.account.hours.zone)), ZoneInfo(runtime.account.hours.zone)
    if start is None or not may_be_taken_back(app, client, now, zone):
        raise CannotDo("What was agreed counts by now and is not taken back; agree on something new instead.")
    draft = draft_of(app, runtime, client, start)
    aside = charter_files.put_aside(app.settings.charters, client.name, start)
    if draft is not None and draft.delivery is Delivery.SENT and draft.body:
        app.store.queue((client_mail.draft_removal(draft, now),), now)
    elif draft is not None and draft.delivery is Delivery.WAITING:
        decide(app, Verb.VETO, draft.key, now)
    return aside


def _seal(version: NewVersion, subject: str, text: str) -> str:
    said = json.dumps([version.client.name, version.start, version.values, subject, text], sort_keys=True, default=str)
    return hashlib.sha256(said.encode()).hexdigest()


def draft_of(app: App, runtime: AccountRuntime, client: Client, start: date) -> Parcel | None:
    """Return the latest draft about a version; None where there is none. Raises StoreError."""
    drafts = (p for p in app.store.parcels(runtime.account.address) if p.kind is ActionKind.CHARTER and p.client == client.name)
    return next((p for p in reversed(tuple(drafts)) if p.period == start), None)


def draft_link(draft: Parcel | None) -> str:
    """Return what opens a draft in a mail program; "" where there is none."""
    if draft is None or draft.created is None:
        return ""
    return mail_addresses.mid_url(Evidence(SourceType.MESSAGE, draft.reference, draft.created)) or ""


def _written(duration: str) -> str | bool:
    """Return a time as a file has it."""
    return False if duration == "off" else duration


def _read(app: App, runtime: AccountRuntime, version: NewVersion, folder: Path) -> Client:
    """Return the client with the versions of a folder, read as at every start, without the rest of the office."""
    settings, name = app.settings, version.client.name
    alone = {
        "accounts": [a for a in settings.accounts if a.addresses[0] == runtime.account.address],
        "clients": [c.model_copy(update={"owner": None}) for c in settings.clients if c.name == name],
        "charters": folder,
    }
    (client,) = make_office(settings.model_copy(update=alone), None).clients
    return client


def _day(form: Mapping[str, str], field: str, problems: dict[str, CannotDo]) -> date | None:
    text = form.get(field, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        problems[field] = CannotDo("“%(text)s” is not a date; write it as 2026-03-31.", text=text[:40])
        return None


def file_of(app: App, client: Client, start: date) -> Path:
    """Return the file in which a version is written."""
    return charter_files.version_path(app.settings.charters, client.name, start)


def _words(form: Mapping[str, str], field: str) -> str:
    return form.get(field, "").strip()[:LONGEST_WORDS]
