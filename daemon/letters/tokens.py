"""Tokens: the user's word, signed, in the subject of a mail that users send to themselves (RFC 6068, RFC 2104).

A token of 44 characters names the verb, the account, the obligation or action by its id, when it was issued, until when a
snooze lasts, and a mark of the letter it stood in. Whoever holds the secret can tell that nobody else made it. The store sees to
it that a token counts once (`TokenDecision.token_id`); daemon/intake/digest_replies.py checks that the mail came from the user's own address.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeAlias
from urllib.parse import quote
from zoneinfo import ZoneInfo

from daemon.core import hours
from daemon.core.evidence import perhaps_held
from daemon.glossary.actions import Action, Unsettled
from daemon.glossary.assessments import HeldBack
from daemon.glossary.charter import WorkingHours
from daemon.glossary.decisions import Verb
from daemon.glossary.obligations import Band, Obligation, short_id
from daemon.glossary.parties import Account

About: TypeAlias = Obligation | Action | HeldBack | Unsettled
"""What a line of a letter is about."""
_Choice: TypeAlias = tuple[str, Verb, datetime | None]

GOOD_FOR = timedelta(days=30)
_VERBS = (
    Verb.DONE,
    Verb.SNOOZE,
    Verb.WAIVE,
    Verb.WRONG,
    Verb.UNDO,
    Verb.VETO,
    Verb.CONFIRM,
    Verb.PERSON,
    Verb.BOOK,
    Verb.RESEND,
    Verb.RELEASE,
)  # the order is the format: only ever append
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_BODY, _MAC = 21, 12  # octets; together 33, which base64 carries in 44 characters without padding
_TOKEN = re.compile(r"\bkept\b.*\[\s*([A-Za-z0-9_-]{44})\s*\]", re.IGNORECASE | re.DOTALL)
_MINUTE = timedelta(minutes=1)


class Fault(StrEnum):
    """Why a token has no effect."""

    FORGED = "forged"
    EXPIRED = "expired"
    FOREIGN = "foreign account"


class BadToken(ValueError):  # noqa: N818  # it says what is wrong with the token, not what went wrong here
    """A token that has no effect, and why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"the token is not valid: {fault.value}")
        self.fault = fault


@dataclass(frozen=True, slots=True)
class TokenDecision:
    """What the user decided: `verb` about the obligation or action with this id. `token_id` is the same for every copy of a token."""

    target_id: str
    verb: Verb
    issued: datetime
    until: datetime | None
    token_id: str


def sign(secret: bytes, account: str, target: str, verb: Verb, issued: datetime, until: datetime | None, nonce: str) -> str:
    """Return a token by which `account` decides `verb` about the obligation or action with the key `target`.

    `nonce` is the key of the letter that offers it, so that each letter's offers count anew. `until` is kept to the minute, rounded up.
    """
    body = b"".join(
        (
            (_number(short_id(target)) | _VERBS.index(verb) << 50).to_bytes(7, "big"),
            _mark(account, 4),
            int(issued.timestamp()).to_bytes(4, "big"),
            (0 if until is None else max(1, -(-(until - issued) // _MINUTE))).to_bytes(3, "big"),
            _mark(nonce, 3),
        )
    )
    return base64.urlsafe_b64encode(body + _seal(secret, body)).decode("ascii")


def verify(secret: bytes, token: str, account: str, now: datetime) -> TokenDecision:
    """Return what the token decides. Raise BadToken where it is forged, older than 30 days, or another account's.

    A snooze that comes when its end has already passed lasts as long from `now` as it would have from the moment the token was made.
    """
    raw = _octets(token)
    if not hmac.compare_digest(raw[_BODY:], _seal(secret, raw[:_BODY])):
        raise BadToken(Fault.FORGED)
    return _decision(raw, account, now)


def unverified(token: str, account: str, now: datetime) -> TokenDecision:
    """Return what a token says without any proof that Kept made it. Raise BadToken where it cannot be this account's or is too old."""
    return _decision(_octets(token), account, now)


def _octets(token: str) -> bytes:
    try:
        raw = base64.urlsafe_b64decode(token.encode("ascii"))
    except (binascii.Error, ValueError):
        raise BadToken(Fault.FORGED) from None
    if len(raw) != _BODY + _MAC:
        raise BadToken(Fault.FORGED)
    return raw


def _decision(raw: bytes, account: str, now: datetime) -> TokenDecision:
    body = raw[:_BODY]
    if body[7:11] != _mark(account, 4):
        raise BadToken(Fault.FOREIGN)
    issued = datetime.fromtimestamp(int.from_bytes(body[11:15], "big"), UTC)
    if now - issued > GOOD_FOR:
        raise BadToken(Fault.EXPIRED)
    head = int.from_bytes(body[:7], "big")
    if head >> 50 >= len(_VERBS):
        raise BadToken(Fault.FORGED)
    length = int.from_bytes(body[15:18], "big") * _MINUTE
    until = issued + length if issued + length > now else now + length
    return TokenDecision(_id(head), _VERBS[head >> 50], issued, until if length else None, raw[_BODY:].hex())


def find_token(subject: str) -> str | None:
    """Return the token in a subject line, whatever a mail client put before it."""
    match = _TOKEN.search(subject)
    return match.group(1) if match else None


def mailto(address: str, token: str, about: About, verb: Verb, label: str) -> str:
    """Return a link that writes a mail to the user's own address; sending it, now or once online again, is all there is to do."""
    subject = quote(f"Kept {verb.value} {about.id} [{token}]", safe="")
    body = quote(f"Just send this email. {label}{f': {about.client}' if about.client else ''}.", safe="", errors="replace")
    return f"mailto:{quote(address, safe='@')}?subject={subject}&body={body}"


def menu(secret: bytes, account: Account, about: About, issued: datetime, nonce: str) -> Mapping[str, str]:
    """Return what can be decided about one line of a letter: label -> mailto link."""
    return {
        label: mailto(
            account.address, sign(secret, account.address, about.key or "", verb, issued, until, nonce), about, verb, label
        )
        for label, verb, until in _choices(account.hours, about, issued)
    }


def verbs(account: Account, about: About, now: datetime) -> tuple[Verb, ...]:
    """Return what can be decided about one line, in the order in which the menu offers it."""
    return tuple(dict.fromkeys(verb for _, verb, _ in _choices(account.hours, about, now)))


def _choices(working: WorkingHours, about: About, issued: datetime) -> tuple[_Choice, ...]:
    """Return what can be decided about one line: what it is called, and until when a snooze lasts."""
    if isinstance(about, Action):
        return (("Stop it", Verb.VETO, None),)
    if isinstance(about, Unsettled):
        return _settling(about)
    if isinstance(about, HeldBack):
        return (("A person wrote this", Verb.PERSON, None),) if about.key else ()
    if perhaps_held(about, issued) is not None:
        _, hide, until = _snoozes(working, issued)[0]
        return (("Yes", Verb.DONE, None), ("No", hide, until))  # it stays owed
    if about.band is Band.ASKED:
        return (("Yes", Verb.CONFIRM, None), ("No", Verb.WRONG, None), ("Already done", Verb.DONE, None))
    return (
        ("Mark as done", Verb.DONE, None),
        *_snoozes(working, issued),
        ("Not owed", Verb.WAIVE, None),
        ("Misread", Verb.WRONG, None),
    )


def brief(links: Mapping[str, str]) -> Mapping[str, str]:
    """Return a line's links as a digest has room for them; the reminder has all, and commands can do more."""
    return {_BRIEF.get(label, label): url for label, url in links.items() if label not in _FOR_REMINDERS}


_BRIEF = {"Mark as done": "Done", "Hide for a day": "Later"}
_FOR_REMINDERS = ("Hide until Monday", "Misread")


def plain(links: Mapping[str, str]) -> Mapping[str, str]:
    """Return the links of a line as plain text has room for them: without the words of the mail that they open."""
    omitted = ("Misread", "Read it")
    shown = {label: url for label, url in links.items() if label not in omitted and url.startswith(("mailto:", "https:"))}
    return {label: url.partition("&body=")[0] for label, url in shown.items()}


def _settling(about: Unsettled) -> tuple[_Choice, ...]:
    arrived = (("It arrived", Verb.DONE, None),) if about.settled_by_user else ()
    return (*arrived, ("Send it again", Verb.RESEND, None)) if about.may_resend else arrived


def _snoozes(working: WorkingHours, now: datetime) -> tuple[_Choice, ...]:
    """Return a snooze until the next working day, and one until next week's first. They end at midnight, before that morning's digest."""
    today = hours.local_date(working, now)
    monday = today + timedelta(days=7 - today.weekday())
    until_monday = _midnight(
        working, monday if hours.is_working_day(working, monday) else hours.nth_working_day(working, monday, 1)
    )
    a_day = _midnight(working, hours.nth_working_day(working, today, 1))
    return (("Hide for a day", Verb.SNOOZE, a_day), ("Hide until Monday", Verb.SNOOZE, until_monday))


def _midnight(working: WorkingHours, day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(working.zone)).astimezone(UTC)


def _seal(secret: bytes, body: bytes) -> bytes:
    return hmac.new(secret, b"kept token 1:" + body, hashlib.sha256).digest()[:_MAC]


def _mark(text: str, octets: int) -> bytes:
    return hashlib.sha256(text.encode()).digest()[:octets]


def _number(short: str) -> int:
    return sum(_ALPHABET.index(letter) << (5 * place) for place, letter in enumerate(short))


def _id(head: int) -> str:
    return "".join(_ALPHABET[(head >> (5 * place)) & 31] for place in range(10))
