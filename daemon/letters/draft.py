"""The draft reply: the skeleton of an answer in the right thread. It quotes what was asked and leaves the answer to the user.

What the user must fill in or decide is in square brackets. No answer is invented, and every date it offers is theirs to change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from connectors.calendar import Busy
from daemon.core import hours
from daemon.glossary.advice import SuggestedAnswer
from daemon.glossary.obligations import Obligation
from daemon.glossary.parties import Account, Client
from daemon.letters import phrases
from daemon.reading import subjects

OFFERED = 3
FEWEST_WORDS = 5  # a shorter further question ("Any news?") is a chaser, which needs no answer of its own


_LONGEST_ID = 998 - len("In-Reply-To: ")  # octets


@dataclass(frozen=True, slots=True)
class DraftReply:
    """A draft reply: to whom, in which thread (the Message-ID it answers), and its text so far."""

    to: str
    subject: str
    text: str
    in_reply_to: str | None


def draft(
    account: Account,
    client: Client,
    obligation: Obligation,
    slots: Sequence[Busy],
    now: datetime,
    pointers: Sequence[str] = (),
    suggested: SuggestedAnswer | None = None,
) -> DraftReply:
    """Return a reply to all that is asked in the obligation's conversation: the answer, a date for it, and times for a call.

    `pointers` are entries of the user's own library that may answer, `suggested` is what their language model would answer.
    """
    o = obligation
    late = o.due is not None and o.due < now
    times = _times(account, client, slots)
    parts = [
        phrases.greeting(o.contact_name),
        *["I am sorry to have kept you waiting."] * late,
        *(f"> {phrases.cut(ask, 300)}\n[your answer]" for ask in _asks(o)),
        *suggestion_lines(suggested),
        *(f"{pointer} [keep or delete]" for pointer in pointers),
        f"[If you need longer:] You will have it by {_answer_by(account, client, now)}. [keep, change or delete]",
        *[f"If a call would be quicker, I am free on {times}. [keep or delete]"] * bool(times),
        f"Kind regards\n{phrases.cut(account.name, 80)}",
    ]
    subject = phrases.cut(subjects.without_prefixes(o.subject), 150)
    return DraftReply(o.contact or "", f"Re: {subject}".strip(), "\n\n".join(parts) + "\n", _in_reply_to(o))


def suggestion_lines(suggested: SuggestedAnswer | None) -> tuple[str, ...]:
    """Return the paragraphs of a suggested answer: marked as one, with its sources below; nothing where there is none."""
    if suggested is None or not suggested.text:
        return ()
    return (
        f"[suggestion, check it]\n{suggested.text}\n[taken from {phrases.listed(suggested.sources, 'and')}; delete this line]",
    )


def _in_reply_to(o: Obligation) -> str | None:
    """Return the Message-ID that the reply answers; none where it does not fit into a line of a header (RFC 5322, 2.1.1)."""
    return o.reply_to if o.reply_to and len(o.reply_to.encode("utf-8", "replace")) <= _LONGEST_ID else None


def _asks(o: Obligation) -> list[str]:
    """Return the questions that each need an answer of their own."""
    first, *further = phrases.different(o.asks) or [o.quote or ""]
    return [ask for ask in (first, *(ask for ask in further if len(ask.split()) >= FEWEST_WORDS)) if ask]


def _answer_by(account: Account, client: Client, now: datetime) -> str:
    """Return the end of the user's next working day, on the client's clock."""
    end = hours.day_end(account.hours, hours.nth_working_day(account.hours, hours.local_date(account.hours, now), 1))
    zone = ZoneInfo(client.hours.zone if client.hours else account.hours.zone)
    yours = " your time" if zone.key != account.hours.zone else ""
    return f"{phrases.time_of_day(end, zone)}{yours} on {phrases.date_of(end, zone)}"


def _times(account: Account, client: Client, slots: Sequence[Busy]) -> str:
    """Return free times in the client's zone where it is known to differ, by date, as nobody knows when the draft will be sent."""
    zone = ZoneInfo(client.hours.zone if client.hours else account.hours.zone)
    starts = [slot.start for slot in slots[:OFFERED]]
    times = phrases.listed([f"{phrases.date_of(at, zone)} at {phrases.time_of_day(at, zone)}" for at in starts], "or")
    return f"{times} your time" if times and zone.key != account.hours.zone else times
