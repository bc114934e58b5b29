"""Quote an earlier mail below an answer as mail programs do: Outlook and the others, in English and in German."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

_MONTHS = ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember")
_DAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")


class Quoted(Protocol):
    """The mail that is quoted."""

    @property
    def at(self) -> datetime: ...  # noqa: D102  # the fields of a mail
    @property
    def sender(self) -> str: ...  # noqa: D102
    @property
    def to(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def subject(self) -> str: ...  # noqa: D102
    @property
    def text(self) -> str: ...  # noqa: D102


def with_quote(text: str, style: str, parent: Quoted | None) -> str:
    """Return a text with the mail that it answers quoted below it, or above it for `bottom`, in the way that `style` names.

    The styles: outlook, top (Gmail), outlook-de, gmail-de, apple-de, bottom-de (the answer below the quote), none, inline (the
    text holds its quotes itself).
    """
    if parent is None or style in {"none", "inline"}:
        return text
    if style.startswith("outlook"):
        return f"{text}\n\n{_outlook_head(style, parent)}\n\n{parent.text}"
    quoted = "\n".join(f"> {line}".rstrip() for line in parent.text.splitlines())
    return (
        f"{_head(style, parent)}\n{quoted}\n\n{text}"
        if style.startswith("bottom")
        else f"{text}\n\n{_head(style, parent)}\n{quoted}"
    )


def _outlook_head(style: str, parent: Quoted) -> str:
    to = ", ".join(parent.to)
    if style == "outlook":
        return f"From: {parent.sender}\nSent: {parent.at:%d %B %Y %H:%M}\nTo: {to}\nSubject: {parent.subject}"
    sent = f"{_DAYS[parent.at.weekday()]}, {parent.at.day}. {_MONTHS[parent.at.month - 1]} {parent.at:%Y %H:%M}"
    return f"Von: {parent.sender}\nGesendet: {sent}\nAn: {to}\nBetreff: {parent.subject}"


def _head(style: str, parent: Quoted) -> str:
    at, name = parent.at, parent.sender
    day = _DAYS[at.weekday()][:2]
    match style:
        case "gmail-de":
            return f"Am {day}., {at.day}. {_MONTHS[at.month - 1]} {at:%Y} um {at:%H:%M} Uhr schrieb {name}:"
        case "apple-de":
            return f"Am {at:%d.%m.%Y} um {at:%H:%M} schrieb {name}:"
        case "bottom-de":
            return f"Am {at:%d.%m.%y} um {at:%H:%M} schrieb {name}:"
        case _:
            return f"On {at:%a, %d %b %Y at %H:%M}, {name} wrote:"
