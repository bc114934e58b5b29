"""Messages of an IMAP folder, many at a time.

One FETCH brings the header, the first part's own header and the first 16 KB of that part. Only where words may be elsewhere, or where
there may be attachments, is BODYSTRUCTURE fetched, and then the parts that have the words, again for many messages at once.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from connectors.errors import ConnectorError
from connectors.formats import body, headers, mime, mime_parts, stubs
from connectors.formats.body import Body
from connectors.formats.folder_roles import UNREAD_ROLES
from connectors.formats.mime_parts import Leaf, Part
from connectors.imap import bodystructure
from connectors.imap.folders import Folder
from connectors.imap.session import CommandRefused, Session, TooLarge
from connectors.mail import Message, Role, Unreadable
from connectors.net import web_mail

TEXT = 16 * 1024  # bytes of the first part that are fetched with the header
MORE = 256 * 1024  # bytes of a part whose text begins later than that
FEW = 50  # of those at a time, to limit memory
SHORT = 2000  # characters: an HTML part cut off before that many is fetched again
WAYS = 8  # into which messages are divided that cannot be read together
ROUNDS = 4  # of fetching further parts: the plain one, the HTML beside it, winmail.dat, a text with a file's name
PARTS = 20  # of one message that are fetched for their words
_HEADER = f"BODY.PEEK[HEADER]<0.{headers.HEADER_CAP}>"
_PART_HEADER = 16 * 1024  # bytes of a part's own header
_ITEMS = ("FLAGS", "INTERNALDATE", _HEADER, f"BODY.PEEK[1.MIME]<0.{_PART_HEADER}>", f"BODY.PEEK[1]<0.{TEXT}>")
_LATER_PARTS = (2, 3)  # of an alternative: behind the plain text, or behind that and the HTML
_KIND = re.compile(rb"(?im)^content-type:\s*([\w.+-]+/[\w.+-]+)")
_PLAIN_KINDS = frozenset({"multipart/alternative", "multipart/report"})  # without files attached by a person
_APPLE = re.compile(rb"boundary=\"?Apple-Mail", re.IGNORECASE)  # its alternatives have files in the HTML branch


class _Mail:
    """A message while it is read: what the server answered, its parts as far as they are known, and their bytes."""

    def __init__(self, answer: Mapping[bytes, Any]) -> None:
        """Take the message as its header and its first part show it."""
        self.answer = answer
        self.kind = _kind(answer)
        self.fields = headers.parse_fields(answer[b"BODY[HEADER]<0>"])
        first = answer.get(b"BODY[1]<0>") or b""
        if self.kind.startswith("multipart/"):
            part, contents = mime_parts.tree(headers.parse_fields(answer.get(b"BODY[1.MIME]<0>") or b""), first, "1")
            self.root = Part(self.kind, (part,))
        else:
            self.root, contents = mime_parts.tree(self.fields, first)
        self.described = False  # whether `root` is what the server says, rather than what the first part shows
        self.contents = dict(contents)
        self.cut = next(reversed(self.contents), None) if len(first) >= TEXT else None  # the place of a part that was cut off
        self.body = body.read(self.root, self.contents)

    @property
    def needs_structure(self) -> bool:
        """Whether words or files may be in parts that the first one does not show."""
        if not self.kind.startswith("multipart/"):
            return False
        if self.kind not in _PLAIN_KINDS or not self.body.text.strip():
            return True
        return self.kind == "multipart/alternative" and (
            stubs.may_be_stub(self.body.text) or _APPLE.search(self.answer[b"BODY[HEADER]<0>"]) is not None
        )

    def read_again(self) -> Body:
        """Read the body by what is known now; a part that was cut off before its words began is taken for missing."""
        self.body = body.read(self.root, self.contents)
        if self.cut is not None and len(self.body.text) < SHORT:
            self.contents.pop(self.cut, None)
            self.body = body.read(self.root, self.contents)
        return self.body

    def take_apart(self) -> None:
        """Find the parts in the bytes of the body. Courier takes a mail without MIME-Version (RFC 2045, 4) for one text."""
        content = self.contents["1"].body
        self.root, contents = mime_parts.tree(self.fields, content)
        self.contents = dict(contents)
        self.cut = next(reversed(self.contents), None) if len(content) >= MORE else None

    @property
    def calendar_section(self) -> str | None:
        """The section of a calendar message that was not fetched yet; a copy attached as a file says the same (RFC 6047, 2.4)."""
        places = [part.place for part in body.leaves(self.root) if _is_calendar(part)]
        return places[0] if self.described and places and self.contents.keys().isdisjoint(places) else None

    def add(self, section: str, header: bytes | None, content: bytes | None) -> None:
        """Take a part that was fetched by itself; an empty one where the server does not have it."""
        fields = headers.parse_fields(header or b"") if self.root.parts else self.fields
        self.contents[section] = Leaf(fields, content or b"")
        self.cut = None if section == self.cut else self.cut


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
        mails = {uid: _Mail(answer) for uid, answer in answers.items() if not self._is_left_out(uid, answer)}
        unreadable += self._describe_parts(mails)
        for _ in range(ROUNDS):
            if not self._fetch_missing(mails):
                break
        self._fetch_calendar_messages(mails)
        messages: list[Message] = []
        for uid, mail in mails.items():
            try:
                messages.append(self._message(mail))
            except Exception as error:  # noqa: BLE001  # whatever is wrong at this one mail must not cost the others
                unreadable.append(self._failed(uid, error, mail.answer))
        return tuple(m for m in messages if m.role not in UNREAD_ROLES), tuple(unreadable)

    def set_aside(self, uid: int, reason: str) -> Unreadable:
        """Return a message as one that could not be read, with its sender and date where the server tells them. Raises ConnectorError."""
        return self._set_aside(uid, reason, self._header_of(uid))

    def set_aside_after(self, uid: int, error: Exception) -> Unreadable:
        """Return a message at which Kept failed, as one to be read again. Raises ConnectorError."""
        return self._failed(uid, error, self._header_of(uid))

    def _header_of(self, uid: int) -> Mapping[bytes, Any]:
        """Fetch when a message came and its header; nothing where the server refuses that."""
        try:
            answer: Mapping[bytes, Any] = self.session.fetch([uid], ["INTERNALDATE", _HEADER]).get(uid, {})
        except CommandRefused:
            return {}
        return answer

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
        """Fetch all at once, or fewer and fewer where the server or the library fails on one of them.

        What the server does not send is set aside if it is there at all. Raises CommandRefused where nothing can be had for a while.
        """
        items = (*_ITEMS, "X-GM-THRID") if self.session.gmail else _ITEMS
        try:
            answers = _with_header(self.session.fetch(uids, items))
        except CommandRefused as error:
            if error.passing:
                raise
            if len(uids) == 1:
                if error.refused:
                    self.make_sure_of_the_server(uids[0], error)
                return {}, [self.set_aside(uids[0], error.message)]
            return self._fetch_fewer(uids)
        unsent = self.session.present([uid for uid in uids if uid not in answers])
        if len(uids) == 1:
            return answers, [self.set_aside(uid, "the server does not send it") for uid in unsent]
        bad: list[Unreadable] = []
        for uid in unsent:
            more, worse = self._fetch([uid])
            answers |= more
            bad += worse
        return dict(sorted(answers.items())), bad

    def _fetch_fewer(self, uids: Sequence[int]) -> tuple[dict[int, Mapping[bytes, Any]], list[Unreadable]]:
        answers: dict[int, Mapping[bytes, Any]] = {}
        bad: list[Unreadable] = []
        for part in divided(uids):
            more, worse = self._fetch(part)
            answers |= more
            bad += worse
        return answers, bad

    def make_sure_of_the_server(self, uid: int, error: ConnectorError) -> None:
        """Raise `error` where the server gives no other message either: then the fault is not this one's."""
        others = [one for one in self.session.some() if one != uid]
        try:
            if others:
                self.session.fetch(others[:1], ["INTERNALDATE", _HEADER])
            else:
                self.session.fetch([uid], ["INTERNALDATE"])
        except ConnectorError:
            raise error from None

    def _describe_parts(self, mails: dict[int, _Mail]) -> list[Unreadable]:
        """Ask for the parts of each message whose words or files may be in later ones. Take out and return those with too many."""
        described, too_large = self._structures([uid for uid, mail in mails.items() if mail.needs_structure])
        whole = [uid for uid, root in described.items() if mails[uid].kind.startswith("multipart/") and not root.parts]
        for uid, root in described.items():
            mails[uid].root, mails[uid].described = root, True
        for start in range(0, len(whole), FEW):
            self._fetch_section("1", whole[start : start + FEW], mails)
        for uid in whole:
            mails[uid].take_apart()
        return [self._set_aside(uid, "it has more parts than any mail needs", mails.pop(uid).answer) for uid in too_large]

    def _structures(self, uids: Sequence[int]) -> tuple[dict[int, Part], list[int]]:
        """Return the parts of each message, and the messages whose description is too long.

        Those whose description the server cannot give are in neither.
        """
        if not uids:
            return {}, []
        try:
            answers = self.session.fetch(uids, ["BODYSTRUCTURE"])
        except CommandRefused as error:
            if len(uids) == 1:
                return {}, [*uids] if isinstance(error, TooLarge) else []
            described: dict[int, Part] = {}
            too_large: list[int] = []
            for part in divided(uids):
                more, larger = self._structures(part)
                described |= more
                too_large += larger
            return described, too_large
        roots = {uid: bodystructure.tree(answer.get(b"BODYSTRUCTURE")) for uid, answer in answers.items()}
        return {uid: root for uid, root in roots.items() if root is not None}, []

    def _fetch_missing(self, mails: Mapping[int, _Mail]) -> bool:
        """Fetch the parts that are missing for the words; return whether there were any."""
        wanted: dict[str, list[int]] = {}
        for uid, mail in mails.items():
            for section in mail.read_again().missing[:PARTS]:
                wanted.setdefault(section, []).append(uid)
        for section, group in wanted.items():
            for start in range(0, len(group), FEW):
                self._fetch_section(section, group[start : start + FEW], mails)
        return bool(wanted)

    def _fetch_calendar_messages(self, mails: Mapping[int, _Mail]) -> None:
        """Fetch the calendar message of those that have one in a part other than the first (RFC 6047, 2.4)."""
        wanted: dict[str, list[int]] = {}
        for uid, section in self._calendar_sections(mails).items():
            wanted.setdefault(section, []).append(uid)
        for section, group in wanted.items():
            for start in range(0, len(group), FEW):
                self._fetch_section(section, group[start : start + FEW], mails)

    def _calendar_sections(self, mails: Mapping[int, _Mail]) -> dict[int, str]:
        """Return the section of each message's calendar part. An alternative has it as its second or third part, which is cheap to ask."""
        sections = {uid: section for uid, mail in mails.items() if (section := mail.calendar_section) is not None}
        plain = [uid for uid, mail in mails.items() if not mail.described and mail.kind == "multipart/alternative"]
        try:
            answers = (
                self.session.fetch(plain, tuple(f"BODY.PEEK[{number}.MIME]<0.{_PART_HEADER}>" for number in _LATER_PARTS))
                if plain
                else {}
            )
        except CommandRefused:
            answers = {}  # worth having, but not worth a message
        for uid, answer in answers.items():
            for number in _LATER_PARTS:
                if b"calendar" in (answer.get(f"BODY[{number}.MIME]<0>".encode()) or b"").lower():
                    sections.setdefault(uid, str(number))
        return sections

    def _fetch_section(self, section: str, uids: Sequence[int], mails: Mapping[int, _Mail]) -> None:
        try:
            fetched = self.session.fetch(
                uids, (f"BODY.PEEK[{section}.MIME]<0.{_PART_HEADER}>", f"BODY.PEEK[{section}]<0.{MORE}>")
            )
        except CommandRefused:
            fetched = {}  # these stay without it, but are counted and threaded
        for uid in uids:
            part = fetched.get(uid, {})
            mails[uid].add(section, part.get(f"BODY[{section}.MIME]<0>".encode()), part.get(f"BODY[{section}]<0>".encode()))

    def _message(self, mail: _Mail) -> Message:
        message = mime.assemble(
            mail.fields,
            mail.body,
            role=self.folder.role,
            folder=self.folder.name,
            received=_aware(mail.answer.get(b"INTERNALDATE")),
            authserv_id=self.authserv_id,
            transmitted=self.folder.filed,
        )
        if (found := mime.calendar_in(mail.contents.values())) is not None:
            message = dataclasses.replace(message, itip=found)
        if rb"\draft" in _flags(mail.answer):
            message = dataclasses.replace(message, transmitted=False)
        thread = mail.answer.get(b"X-GM-THRID")
        if not isinstance(thread, int):
            return message
        return dataclasses.replace(message, conversation=str(thread), web=web_mail.gmail(self.session.user, thread))

    def _failed(self, uid: int, error: Exception, answer: Mapping[bytes, Any]) -> Unreadable:
        return mime.failed(self._place(uid), error, _head(answer), _aware(answer.get(b"INTERNALDATE")))

    def _set_aside(self, uid: int, reason: str, answer: Mapping[bytes, Any]) -> Unreadable:
        return mime.set_aside(self._place(uid), reason, _head(answer), _aware(answer.get(b"INTERNALDATE")))

    def _place(self, uid: int) -> str:
        return f"{self.folder.name}/{uid}"


def divided(uids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Yield the messages in up to WAYS parts, in order."""
    size = -(-len(uids) // WAYS)
    for start in range(0, len(uids), size):
        yield uids[start : start + size]


def _head(answer: Mapping[bytes, Any]) -> bytes:
    head = answer.get(b"BODY[HEADER]<0>")
    return head if isinstance(head, bytes) else b""


def _flags(answer: Mapping[bytes, Any]) -> frozenset[bytes]:
    return frozenset(flag.lower() for flag in answer.get(b"FLAGS", ()) if isinstance(flag, bytes))


def _is_calendar(part: Part) -> bool:
    return mime.is_calendar(part.media_type, part.name) and 0 < part.size <= mime.CALENDAR_CAP


def _with_header(answers: Mapping[int, Mapping[bytes, Any]]) -> dict[int, Mapping[bytes, Any]]:
    """Return the answers that have a header; of a message deleted meanwhile there is none."""
    return {uid: answer for uid, answer in sorted(answers.items()) if isinstance(answer.get(b"BODY[HEADER]<0>"), bytes)}


def _kind(answer: Mapping[bytes, Any]) -> str:
    stated = _KIND.search(answer[b"BODY[HEADER]<0>"])
    return stated.group(1).decode().lower() if stated else "text/plain"


def _aware(moment: object) -> datetime | None:
    if not isinstance(moment, datetime):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
