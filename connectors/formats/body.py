"""The words of a message out of its parts, by one rule for every provider.

A provider describes the parts as a tree and gives the bytes that it has. The words are what a mail program shows: every inline text
of a multipart/mixed (RFC 2046, 5.1.3), one branch of a multipart/alternative (5.1.4), the root of a multipart/related (RFC 2387),
the first part of a multipart/signed (RFC 1847) or multipart/report (RFC 6522). Calendars, visiting cards, AMP pages and tables are
text/* as well and nobody's words. Parts that wrap the words (S/MIME, winmail.dat) are opened where they can be (`wrapping/`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from connectors.formats import stubs
from connectors.formats.html import Room
from connectors.formats.leaf_text import text_of
from connectors.formats.mime_parts import Leaf, Part
from connectors.formats.wrapping import parts as wrapped
from connectors.formats.wrapping import pgp
from connectors.mail import Attachment

TEXT_CAP = 64 * 1024  # characters of a message's text that are kept
ATTACHMENT_CAP = 100
WORDS_CAP, FURTHER_CAP = 256 * 1024, 64 * 1024  # bytes of a message's texts, and of each one beyond them, that are read
MANY_CAP = 1024 * 1024  # bytes of all of them; people write one text, or some short ones between files
WHOLE_CAP = 10 * 1024 * 1024  # bytes of attachments beside which a message is worth fetching whole for its words

ENCRYPTED, WINMAIL, MALFORMED, TOO_LARGE = "encrypted", "winmail", "malformed", "too large"

_WORDS = frozenset(
    {"text/plain", "text/html", "text/enriched", "text/richtext", "text/markdown", "text/x-markdown", "text/x-html"}
)
_HTML = frozenset({"text/html", "text/x-html"})
_ENCRYPTED_TYPES = frozenset({"application/pgp-encrypted", "application/x-microsoft-rpmsg-message"})
# Files in which gateways send an encrypted mail beside a notice of their own: Microsoft's, Cisco's, Proofpoint's, Zix's.
_ENCRYPTED_FILE = re.compile(
    r"message(?:_v\d)?\.rpmsg|securedoc[\w.-]{0,60}\.html?|securemessageatt\.html?|encrypted\.asc", re.IGNORECASE
)
# Names that mail servers give to the later texts of a mail; people name their files otherwise.
_MADE_NAME = re.compile(
    r"(?:att|untitled attachment |part[ ._-]?)[\d.]{1,8}(?:\.(?:txt|html?))?|(?:mail|message|body)\.(?:txt|html?)", re.IGNORECASE
)


_CLEAR_SIGNED = re.compile(r"multipart/\w+")  # Exchange shows a mail signed by S/MIME as one file of that type, smime.p7m


class Body(NamedTuple):
    """A message's text and attachments; why words of it could not be read, "" where they were; places of parts that are missing."""

    text: str
    attachments: tuple[Attachment, ...]
    unread: str = ""
    missing: tuple[str, ...] = ()


class _Choice(NamedTuple):
    """Branches of a multipart/alternative: the plain one, and the one with the richest words."""

    plain: tuple[_Shown, ...]
    rich: tuple[_Shown, ...]


_Shown = Part | _Choice


def read(root: Part, contents: Mapping[str, Leaf]) -> Body:
    """Return the body of a message whose parts are described by `root` and whose bytes, as far as they are known, are in `contents`.

    The text is provisional while `missing` is not empty: with those parts as well, call again. A part that cannot be had is given
    as an empty leaf.
    """
    return _Reader(contents).read(root)


def of_item(text: str, attachments: Sequence[Attachment]) -> Body:
    """Return the body of a message as Exchange shows it, in Microsoft 365 or at a company's own: one text, and everything else as files.

    `missing` is not empty where words are in one of those files: S/MIME, winmail.dat, the text after an attachment, which Exchange
    calls ATT00001.txt. Then the whole message has to be read (mime.read_body).
    """
    written = Part("text/plain", place="text")
    files = [
        Part(_CLEAR_SIGNED.sub("application/pkcs7-mime", one.media_type), (), one.name, "attachment", one.size, f"file {number}")
        for number, one in enumerate(attachments[:ATTACHMENT_CAP])
    ]
    root = Part("multipart/mixed", (written, *files))
    return read(root, {"text": Leaf({"content-type": "text/plain; charset=utf-8"}, text.encode("utf-8", "replace"))})


def of_whole_item(shown: Body, attachments: Sequence[Attachment], fetch: Callable[[], Body | None]) -> Body:
    """Return what `of_item` showed, or the body of the whole message where words are missing; `fetch` returns None where it cannot be had."""
    if not shown.missing:
        return shown
    whole = fetch() if sum(one.size for one in attachments) <= WHOLE_CAP else None
    if whole is None:
        return shown._replace(missing=(), unread=shown.unread or TOO_LARGE)
    return whole


def leaves(part: Part) -> Iterator[Part]:
    """Yield the leaf parts in order."""
    if part.parts:
        for inner in part.parts:
            yield from leaves(inner)
    elif not part.media_type.startswith("multipart/"):
        yield part


@dataclass(slots=True)
class _Plan:
    """Decides by the structure alone which parts are shown, in order."""

    texts: int = 0  # shown so far
    is_root: bool = True
    reason: str = ""

    def of(self, part: Part, *, chosen: bool = False) -> tuple[_Shown, ...]:
        """Return what is shown of a part; `chosen` says that it is a branch of an alternative or a root, so no file."""
        root, self.is_root = self.is_root, False
        kind = part.media_type
        if kind == "multipart/encrypted":
            self.reason = ENCRYPTED
            return ()
        if kind == "multipart/alternative":
            return self._alternative(part)
        if kind == "multipart/related":
            return self._related(part)
        if kind in ("multipart/signed", "multipart/report"):
            return self.of(part.parts[0], chosen=True) if part.parts else ()
        if kind == "multipart/digest":
            return ()
        if part.parts:
            return tuple(shown for inner in part.parts for shown in self.of(inner))
        return self._leaf(part, chosen=chosen or root)

    def _alternative(self, part: Part) -> tuple[_Shown, ...]:
        before, branches = self.texts, []
        for inner in part.parts:
            self.texts = before
            branches.append(self.of(inner, chosen=True))
        self.texts = before + any(branches)
        plain = next((branch for branch in branches if branch and not any(map(_is_html, _parts(branch)))), ())
        rich = next(
            (branch for branch in reversed(branches) if branch and branch is not plain and any(map(_is_html, _parts(branch)))), ()
        )
        return (_Choice(plain, rich),) if plain and rich else plain or rich or next(filter(None, branches), ())

    def _related(self, part: Part) -> tuple[_Shown, ...]:
        """Return the root: the part named by `start` (RFC 2387, 3.2), else the first; another where that one has no words."""
        start = next((inner for inner in part.parts if part.start and inner.content_id == part.start), None)
        for inner in ([start] if start else []) + [p for p in part.parts if p is not start]:
            shown = self.of(inner, chosen=True)
            if shown:
                return shown
        return ()

    def _leaf(self, part: Part, *, chosen: bool) -> tuple[_Shown, ...]:
        if wrapped.is_smime(part):
            return (part,)
        if part.media_type in _ENCRYPTED_TYPES or _ENCRYPTED_FILE.fullmatch(part.name):
            self.reason = ENCRYPTED
            return ()
        if part.media_type not in _WORDS:
            return ()
        file = part.disposition == "attachment" or (part.name and part.disposition != "inline" and self.texts > 0)
        if file and not chosen and not _MADE_NAME.fullmatch(part.name):
            return ()
        self.texts += 1
        return (part,)


@dataclass(slots=True)
class _Reader:
    """Puts the text together from the parts that are shown."""

    contents: Mapping[str, Leaf]
    depth: int = 0
    missing: list[str] = field(default_factory=list)
    reason: str = ""
    inner: list[Attachment] = field(default_factory=list)  # of what was opened
    opened: set[str] = field(default_factory=set)  # places of wrapping parts
    size: int = 0  # bytes of the texts that were read
    room: Room = field(default_factory=Room)  # for the pages among them

    def read(self, root: Part) -> Body:
        plan = _Plan()
        shown = plan.of(root)
        self.reason = plan.reason
        if plan.reason:  # what stands beside an encrypted part is a notice of the program that encrypted it
            shown = ()
        text = self._joined(shown)
        if not (text.strip() or self.missing or self.reason):
            text = self._otherwise(root, shown) or text
        text, encrypted = pgp.without_armor(text)
        self.reason = ENCRYPTED if encrypted else self.reason
        return Body(text[:TEXT_CAP], self._attachments(root, shown), self.reason, tuple(dict.fromkeys(self.missing)))

    def _joined(self, shown: Iterable[_Shown]) -> str:
        pieces: list[str] = []
        for one in shown:
            if sum(map(len, pieces)) < TEXT_CAP and (text := self._text(one)).strip():
                pieces.append(text)
        return (
            "\n".join(piece if piece.endswith("\n") else f"{piece}\n" for piece in pieces) if len(pieces) > 1 else "".join(pieces)
        )

    def _text(self, shown: _Shown) -> str:
        if isinstance(shown, _Choice):
            return self._better(shown)
        leaf = self._content(shown)
        if leaf is None:
            return ""
        if wrapped.is_smime(shown):
            return self._unwrapped(shown, leaf)
        too_much = self._is_too_much(len(leaf.body))
        text = "" if too_much else text_of(leaf, shown.media_type, self.room)
        if too_much or self.room.exceeded:
            self.reason = self.reason or TOO_LARGE
        return text

    def _is_too_much(self, size: int) -> bool:
        """Tell whether a text of that size is one too many, after those that were read; count it where it is not."""
        if self.size and (self.size + size > MANY_CAP or (self.size + size > WORDS_CAP and size > FURTHER_CAP)):
            return True
        self.size += size
        return False

    def _better(self, choice: _Choice) -> str:
        before = len(self.missing)
        plain = self._joined(choice.plain)
        if len(self.missing) > before or not stubs.may_be_stub(plain):
            return plain
        rich = self._joined(choice.rich)
        return rich if stubs.is_stub(plain, rich) else plain

    def _content(self, part: Part) -> Leaf | None:
        leaf = self.contents.get(part.place)
        if leaf is None:
            self.missing.append(part.place)
        return leaf

    def _otherwise(self, root: Part, shown: tuple[_Shown, ...]) -> str:
        """Return the words of a message that shows none: out of winmail.dat, or of a text that has a file's name."""
        parts = list(leaves(root))
        packed = next((part for part in parts if wrapped.is_tnef(part)), None)
        if packed is not None:
            leaf = self._content(packed)
            return self._unwrapped(packed, leaf) if leaf is not None else ""
        if not self.reason and not root.parts and root.media_type.startswith("multipart/"):
            self.reason = MALFORMED
        seen = {id(part) for part in _parts(shown)}
        named = [p for p in parts if p.media_type in _WORDS and id(p) not in seen and p.disposition != "attachment"]
        return self._joined(named)

    def _unwrapped(self, part: Part, leaf: Leaf) -> str:
        """Return the words inside of S/MIME or winmail.dat, and note what else is in it and why it could not be read."""
        self.opened.add(part.place)
        content = wrapped.open_part(part, leaf)
        if content.entity is not None and self.depth < wrapped.NESTING_CAP:
            tree, contents = content.entity
            inner = _Reader(contents, self.depth + 1, room=self.room).read(tree)
            self.inner += inner.attachments
            self.reason = self.reason or inner.unread
            return inner.text
        self.inner += content.attachments
        self.reason = self.reason or content.unread
        return content.text

    def _attachments(self, root: Part, shown: tuple[_Shown, ...]) -> tuple[Attachment, ...]:
        """Return the files: neither the words, nor what wraps them, nor the other branches of an alternative."""
        words = {id(part): number for number, part in enumerate(_parts(shown))}
        files = [
            Attachment(part.name, part.media_type, part.size)
            for part, is_branch in _leaves_in_context(root)
            if not self._is_wrapper(part)
            and (
                part.name and part.disposition == "inline" and words[id(part)] > 0
                if id(part) in words
                else _is_file(part, is_branch=is_branch)
            )
        ]
        return (*files, *self.inner)[:ATTACHMENT_CAP]

    def _is_wrapper(self, part: Part) -> bool:
        return (
            part.place in self.opened
            or wrapped.is_smime(part)
            or part.media_type in _ENCRYPTED_TYPES
            or bool(_ENCRYPTED_FILE.fullmatch(part.name))
        )


def _parts(shown: Iterable[_Shown]) -> Iterator[Part]:
    for one in shown:
        if isinstance(one, _Choice):
            yield from _parts((*one.plain, *one.rich))
        else:
            yield one


def _is_html(part: Part) -> bool:
    return part.media_type in _HTML


def _is_file(part: Part, *, is_branch: bool) -> bool:
    """Whether a leaf that is not shown is a file: it has a name, is attached, or is no text and no branch of an alternative."""
    text = part.media_type.startswith("text/")
    return bool(part.name) or part.disposition == "attachment" or not (text or is_branch)


def _leaves_in_context(part: Part, *, is_branch: bool = False) -> Iterator[tuple[Part, bool]]:
    """Yield each leaf, and whether it is itself a branch of an alternative, or a part of a report, which is no file either."""
    if part.parts:
        for inner in part.parts:
            yield from _leaves_in_context(inner, is_branch=part.media_type in ("multipart/alternative", "multipart/report"))
    elif not part.media_type.startswith("multipart/"):
        yield part, is_branch
