"""What a calendar server noted in an event about the invitations that it sent (SCHEDULE-STATUS; RFC 6638, 3.2.9)."""

from __future__ import annotations

from typing import Any

from connectors.formats import ics
from connectors.mail import canonical_email

_REACHED = ("1.1", "1.2", "2.")  # sent, delivered, answered; 1.0 is on its way
_FAILED = ("3.", "4.", "5.")  # no such guest, not allowed, could not be delivered


def unreached(text: str, uid: str) -> tuple[str, ...] | None:
    """Return the guests of an event whom the server could not invite; None where it does not say of everybody. Raises ValueError.

    Whoever has answered was reached.
    """
    guests: dict[str, bool | None] = {}
    for component in ics.parsed(text, "UTC").series.get(uid, ()):
        organizer = _email(component.get("organizer"))
        listed = component.get("attendee", [])
        for guest in listed if isinstance(listed, list) else [listed]:
            if _email(guest) != organizer:
                guests[_email(guest)] = _was_reached(getattr(guest, "params", {}))
    if None in guests.values():
        return None
    return tuple(guest for guest, reached in guests.items() if not reached)


def _was_reached(parameters: Any) -> bool | None:
    """Return whether a guest was invited; None where the server does not say, or not yet."""
    value = parameters.get("SCHEDULE-STATUS", "")
    codes = [code.strip(' "') for code in (value if isinstance(value, list) else str(value).split(","))]
    answered = str(parameters.get("PARTSTAT", "NEEDS-ACTION")).upper() != "NEEDS-ACTION"
    if answered or any(code.startswith(_REACHED) for code in codes):
        return True
    return False if any(code.startswith(_FAILED) for code in codes) else None


def _email(value: Any) -> str:
    return canonical_email(str(value or "").lower().removeprefix("mailto:").strip())
