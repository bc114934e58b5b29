"""Messages of an IMAP folder, many at a time.

One FETCH brings the header, the first part's own header and the first 16 KB of that part. Only where the text is elsewhere, or where
there may be attachments, is BODYSTRUCTURE fetched, again for many messages at once.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from connectors.formats import headers, mime
from connectors.formats.folder_roles import UNREAD_ROLES
from connectors.imap import bodystructure
from connectors.imap.session import CommandRefused, Folder, Session
from connectors.mail import Message, Role, Unreadable

TEXT = 16 * 1024  # bytes of the first part that are fetched with the header
MORE = 256 * 1024  # bytes of a part whose text begins later than that
FEW = 50  # of those at a time, to limit memory
SHORT = 2000  # characters: an HTML part cut off before that many is fetched again
_ITEMS = ("FLAGS", "INTERNALDATE", f"BODY.PEEK[HEADER]<0.{headers.HEADER_CAP}>", "BODY.PEEK[1.MIME]", f"BODY.PEEK[1]<0.{TEXT}>")
CALENDAR = mime.CALENDAR_CAP + 1  # bytes of a calendar message that are fetched; a longer one is none
_LATER_PARTS = (2, 3)  # of an alternative: behind the plain text, or behind that and the HTML
_KIND = re.compile(rb"(?im)^content-type:\s*([\w.+-]+/[\w.+-]+)")
_PLAIN_KINDS = frozenset({"multipart/alternative", "multipart/report"})  # without files attached by a person


@dataclasses.dataclass(slots=True)
class Reader:
    """Reads messages of the folder that is open in a session. `deleted` are the UIDs left out because they are marked so."""

    session: Session
    folder: Folder
    authserv_id: str | None
    deleted: list[int] = dataclasses.field(default_factory=list)

    def read(self, uids: Sequence[int]) -> tuple[tuple[Message, ...], tuple[Unreadable, ...]]:
        """Return these messages, and those that could not be read. Raises ConnectorError."""
        answers, unreadable = self._fetch(uids)
        described = self._structures([uid for uid, answer in answers.items() if _may_have_attachments(answer)])
        messages: dict[int, Message] = {}
        without_text: list[int] = []
        for uid, answer in answers.items():
            if self._is_left_out(uid, answer):
                continue
            try:
                messages[uid] = self._message(answer, described.get(uid))
            except ValueError as error:
                unreadable.append(self._bad(uid, str(error)))
                continue
            if _has_more(answer, messages[uid].text):
                without_text.append(uid)
        if without_text:
            self._add_text(without_text, answers, described, messages)
        self._add_calendar_messages([uid for uid in answers if uid in messages], answers, described, messages)
        return tuple(m for m in messages.values() if m.role not in UNREAD_ROLES), tuple(unreadable)

    def _is_left_out(self, uid: int, answer: Mapping[bytes, Any]) -> bool:
        """Whether its flags say that it is a draft, which Gmail's All Mail includes, or deleted (RFC 3501, 2.3.2).

        What was sent stays sent when it is deleted; a draft among sent mail is read, and is in doubt.
        """
        flags = _flags(answer)
        if self.folder.role is Role.SENT or flags.isdisjoint({rb"\draft", rb"\deleted"}):
            return False
        if rb"\draft" not in flags:
            self.deleted.append(uid)
        return True

    def _fetch(self, uids: Sequence[int]) -> tuple[dict[int, Mapping[bytes, Any]], list[Unreadable]]:
        """Fetch all at once, or one by one where the server or the library fails on one of them."""
        items = (*_ITEMS, "X-GM-THRID") if self.session.gmail else _ITEMS
        try:
            return _present(self.session.fetch(uids, items)), []
        except CommandRefused:
            answers: dict[int, Mapping[bytes, Any]] = {}
            bad: list[Unreadable] = []
            for uid in uids:
                try:
                    answers |= _present(self.session.fetch([uid], items))
                except CommandRefused as error:
                    bad.append(self._bad(uid, error.message))
            return answers, bad

    def _structures(self, uids: Sequence[int]) -> dict[int, tuple[bodystructure.Part, ...]]:
        """Return the parts of each message, leaving out those whose description the server cannot give."""
        if not uids:
            return {}
        try:
            answers = self.session.fetch(uids, ["BODYSTRUCTURE"])
        except CommandRefused:
            if len(uids) == 1:
                return {}
            return {uid: leaves for one in uids for uid, leaves in self._structures([one]).items()}
        return {uid: bodystructure.parts(answer.get(b"BODYSTRUCTURE")) for uid, answer in answers.items()}

    def _add_text(
        self,
        uids: Sequence[int],
        answers: Mapping[int, Mapping[bytes, Any]],
        described: dict[int, tuple[bodystructure.Part, ...]],
        messages: dict[int, Message],
    ) -> None:
        """Fetch the part that has the text, for messages whose first part did not begin with it."""
        described |= self._structures([uid for uid in uids if uid not in described])
        wanted: dict[str, list[int]] = {}
        for uid in uids:
            section = _section(described.get(uid, ()), answers[uid])
            if section is not None:
                wanted.setdefault(section, []).append(uid)
        for section, group in wanted.items():
            for start in range(0, len(group), FEW):
                self._fetch_section(section, group[start : start + FEW], answers, described, messages)

    def _add_calendar_messages(
        self,
        uids: Sequence[int],
        answers: Mapping[int, Mapping[bytes, Any]],
        described: Mapping[int, tuple[bodystructure.Part, ...]],
        messages: dict[int, Message],
    ) -> None:
        """Fetch the calendar message of those that have one in a part other than the first (RFC 6047, 2.4)."""
        wanted: dict[str, list[int]] = {}
        for uid, section in self._calendar_sections(uids, answers, described).items():
            wanted.setdefault(section, []).append(uid)
        for section, group in wanted.items():
            for start in range(0, len(group), FEW):
                parts = self._try_fetch(
                    group[start : start + FEW], (f"BODY.PEEK[{section}.MIME]", f"BODY.PEEK[{section}]<0.{CALENDAR}>")
                )
                for uid, part in parts.items():
                    header, body = part.get(f"BODY[{section}.MIME]".encode()), part.get(f"BODY[{section}]<0>".encode())
                    found = mime.calendar_part(header or b"", body or b"")
                    if found and uid in messages:
                        messages[uid] = dataclasses.replace(messages[uid], itip=found)

    def _calendar_sections(
        self,
        uids: Sequence[int],
        answers: Mapping[int, Mapping[bytes, Any]],
        described: Mapping[int, tuple[bodystructure.Part, ...]],
    ) -> dict[int, str]:
        """Return the section of each message's calendar part. An alternative has it as its second or third part, which is cheap to ask."""
        sections = {uid: part.section for uid in uids for part in reversed(described.get(uid, ())) if _is_calendar(part)}
        plain = [uid for uid in uids if uid not in described and _kind(answers[uid]) == "multipart/alternative"]
        headers = self._try_fetch(plain, tuple(f"BODY.PEEK[{number}.MIME]" for number in _LATER_PARTS)) if plain else {}
        for uid, answer in headers.items():
            for number in _LATER_PARTS:
                if b"calendar" in (answer.get(f"BODY[{number}.MIME]".encode()) or b"").lower():
                    sections.setdefault(uid, str(number))
        return sections

    def _try_fetch(self, uids: Sequence[int], items: tuple[str, ...]) -> Mapping[int, Mapping[bytes, Any]]:
        """Fetch what is worth having but not worth a message: nothing where the server refuses."""
        try:
            return self.session.fetch(uids, items)
        except CommandRefused:
            return {}

    def _fetch_section(
        self,
        section: str,
        uids: Sequence[int],
        answers: Mapping[int, Mapping[bytes, Any]],
        described: Mapping[int, tuple[bodystructure.Part, ...]],
        messages: dict[int, Message],
    ) -> None:
        items = (f"BODY.PEEK[{section}.MIME]", f"BODY.PEEK[{section}]<0.{MORE}>")
        try:
            fetched = self.session.fetch(uids, items)
        except CommandRefused:
            return  # these stay without text, but are counted and threaded
        for uid, part in fetched.items():
            more = {
                b"BODY[1.MIME]": part.get(f"BODY[{section}.MIME]".encode()),
                b"BODY[1]<0>": part.get(f"BODY[{section}]<0>".encode()),
            }
            messages[uid] = self._message({**answers[uid], **more}, described.get(uid))

    def _message(self, answer: Mapping[bytes, Any], leaves: tuple[bodystructure.Part, ...] | None) -> Message:
        message = mime.parse_parts(
            answer[b"BODY[HEADER]<0>"],
            (answer.get(b"BODY[1.MIME]") or b"") if _kind(answer).startswith("multipart/") else None,
            answer.get(b"BODY[1]<0>") or b"",
            attachments=bodystructure.attachments(leaves) if leaves else None,
            role=self.folder.role,
            folder=self.folder.name,
            received=_aware(answer.get(b"INTERNALDATE")),
            authserv_id=self.authserv_id,
            transmitted=self.folder.filed,
        )
        if rb"\draft" in _flags(answer):
            message = dataclasses.replace(message, transmitted=False)
        thread = answer.get(b"X-GM-THRID")
        return dataclasses.replace(message, conversation=str(thread)) if isinstance(thread, int) else message

    def _bad(self, uid: int, reason: str) -> Unreadable:
        return Unreadable(f"{self.folder.name}/{uid}", reason)


def _flags(answer: Mapping[bytes, Any]) -> frozenset[bytes]:
    return frozenset(flag.lower() for flag in answer.get(b"FLAGS", ()) if isinstance(flag, bytes))


def _is_calendar(part: bodystructure.Part) -> bool:
    return mime.is_calendar(part.media_type, part.name) and 0 < part.size < CALENDAR


def _present(answers: Mapping[int, Mapping[bytes, Any]]) -> dict[int, Mapping[bytes, Any]]:
    """Return the responses without those of messages deleted meanwhile, which have no header."""
    return {uid: answer for uid, answer in sorted(answers.items()) if isinstance(answer.get(b"BODY[HEADER]<0>"), bytes)}


def _kind(answer: Mapping[bytes, Any]) -> str:
    stated = _KIND.search(answer[b"BODY[HEADER]<0>"])
    return stated.group(1).decode().lower() if stated else "text/plain"


def _may_have_attachments(answer: Mapping[bytes, Any]) -> bool:
    kind = _kind(answer)
    return kind.startswith("multipart/") and kind not in _PLAIN_KINDS


def _has_more(answer: Mapping[bytes, Any], text: str) -> bool:
    """Return whether the message's text may be in another part, or further on in the first."""
    kind, cut = _kind(answer), len(answer.get(b"BODY[1]<0>") or b"") >= TEXT
    if not text.strip():
        return kind.startswith("multipart/") or (cut and kind.startswith("text/"))
    if len(text) >= SHORT or not cut:
        return False
    stated = _KIND.search(answer.get(b"BODY[1.MIME]") or b"") if kind.startswith("multipart/") else None
    return (stated.group(1).decode().lower() if stated else kind) == "text/html"


def _section(leaves: tuple[bodystructure.Part, ...], answer: Mapping[bytes, Any]) -> str | None:
    """Return the section to fetch for the text: the first part, where it was cut off; else another text part."""
    cut = len(answer.get(b"BODY[1]<0>") or b"") >= TEXT
    if cut and any(part.section == "1" and not part.attached for part in leaves):
        return "1"
    return bodystructure.text_section(leaves, but="1")


def _aware(moment: object) -> datetime | None:
    if not isinstance(moment, datetime):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
