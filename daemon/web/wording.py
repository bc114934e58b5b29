"""What the pages about clients and people call the domain's terms, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Mapping

from daemon.core import hours
from daemon.core.authors import FORGED
from daemon.core.hours import parse_allowance
from daemon.glossary.actions import ActionKind
from daemon.glossary.assessments import Bucket, HeldBack
from daemon.glossary.charter import Allowance, Unit, WorkingHours
from daemon.glossary.obligations import Kind, State
from daemon.glossary.parties import Stage
from daemon.letters import phrases
from daemon.operations.charter_versions import parse_duration
from daemon.operations.due_reasons import DueReason
from daemon.web.texts import gettext as _
from daemon.web.texts import ngettext

_DIALLED = re.compile(r"[\s(]*\+?[0-9\s()/.–-]+")  # up to an extension, which no tel: link can have
_FEWEST_DIGITS = 3  # of a number that can be called: an extension


def stage_name(stage: Stage) -> str:
    """Return the name of a client's stage."""
    return {
        Stage.PROSPECT: _("prospect"),
        Stage.ONBOARDING: _("onboarding"),
        Stage.ESTABLISHED: _("established"),
        Stage.AT_RISK: _("at risk"),
        Stage.LOST: _("lost"),
    }[stage]


def kind_name(kind: Kind) -> str:
    """Return what is owed, as a noun."""
    return {
        Kind.REPLY: _("answer"),
        Kind.CALLBACK: _("call"),
        Kind.PROMISE: _("promise"),
        Kind.DELIVERABLE: _("delivery"),
        Kind.MEETING: _("meeting"),
        Kind.NEXT_STEP: _("next step"),
        Kind.REVIEW: _("review"),
        Kind.FEEDBACK: _("question about the first delivery"),
        Kind.TOUCH_BASE: _("regular contact"),
        Kind.WAITING_FOR: _("waiting for them"),
    }[kind]


def allowance_words(allowed: Allowance) -> str:
    """Return how long something may take: 2 working hours, 1 working day, 3 months."""
    number, unit = allowed
    if unit is Unit.BUSINESS_MINUTES:
        if number % 60:
            return ngettext("%(num)d working minute", "%(num)d working minutes", number)
        return ngettext("%(num)d working hour", "%(num)d working hours", number // 60)
    if unit is Unit.CLOCK_MINUTES:
        if number % 60:
            return ngettext("%(num)d minute", "%(num)d minutes", number)
        return ngettext("%(num)d hour", "%(num)d hours", number // 60)
    if unit is Unit.WORKING_DAYS:
        return ngettext("%(num)d working day", "%(num)d working days", number)
    if unit is Unit.MONTHS:
        return ngettext("%(num)d month", "%(num)d months", number)
    if number % 7:
        return ngettext("%(num)d day", "%(num)d days", number)
    return ngettext("%(num)d week", "%(num)d weeks", number // 7)


def time_as_typed(written: str) -> str:
    """Return a time of the configuration (2h, off) as a field shows it: in the reader's words where these are understood when sent back."""
    if written == "off":
        return _("off")
    words = allowance_words(parse_allowance(written))
    return words if parse_duration(words) == written else written


def state_name(how: State) -> str:
    """Return the state of something owed."""
    return {
        State.OPEN: _("open"),
        State.DUE_SOON: _("due soon"),
        State.OVERDUE: _("overdue"),
        State.KEPT: _("done on time"),
        State.KEPT_LATE: _("done late"),
        State.MISSED: _("not done"),
        State.WAIVED: _("not owed"),
        State.SNOOZED: _("put off"),
    }[how]


STATE_TONES: Mapping[State, str] = {
    State.OVERDUE: "late",
    State.MISSED: "late",
    State.KEPT_LATE: "late",
    State.DUE_SOON: "near",
    State.KEPT: "good",
}
"""The colour of a state's chip; the others have none."""


def standard_name(standard: str) -> str:
    """Return what a standard of a charter demands, before its time."""
    return {
        "reply": _("Answer emails within"),
        "call_back": _("Return calls within"),
        "promise": _("Keep promises within"),
        "meeting": _("Meet about current work every"),
        "contact": _("Be in touch at least every"),
        "next_step": _("Plan a next step within"),
        "feedback": _("Ask after the first delivery within"),
        "review": _("Review expectations every"),
        "escalate": _("Tell the manager after"),
        "touch_base": _("Name on the weekly sheet after"),
    }.get(standard, standard.replace("_", " "))


def reason_words(reason: DueReason, day: str) -> str:
    """Return why something is due when it is; `day` is the first one of the charter, in words."""
    if reason.allowance is None:
        words = phrases.quoted(reason.words, 200)
        return (
            _("Due then by your words: %(words)s", words=words)
            if reason.ours
            else _("Due then by their words: %(words)s", words=words)
        )
    standard, time = standard_name(reason.standard), allowance_words(reason.allowance)
    if day:
        return _("Agreed: %(standard)s %(time)s (charter since %(day)s).", standard=standard, time=time, day=day)
    return _("The standard with this client: %(standard)s %(time)s.", standard=standard, time=time)


def bucket_name(bucket: Bucket) -> str:
    """Return what the balance calls a bucket."""
    return {
        Bucket.ANSWERED: _("answered"),
        Bucket.OPEN: _("open"),
        Bucket.NO_ANSWER: _("no answer needed"),
        Bucket.UNREAD: _("unread"),
        Bucket.HELD_BACK: _("filtered out"),
    }[bucket]


def filtered_words(held: HeldBack) -> str:
    """Return that a mail was filtered out, and why, in words that need no knowledge of mail."""
    if held.reason == FORGED:
        return _("may be forged: nothing proves that it came from this sender")
    return {
        "auto_reply": _("filtered out: an automatic reply"),
        "bounce": _("filtered out: a notice that an email could not be delivered"),
        "calendar": _("filtered out: an answer of a calendar"),
        "missed_call": _("filtered out: a notice of the phone system"),
        "voicemail": _("filtered out: a notice of the phone system"),
        "newsletter": _("filtered out: sent to many at once"),
        "notification": _("filtered out: a program wrote it"),
    }.get(held.reason, _("filtered out: no person wrote it"))


def step_name(label: str) -> str:
    """Return a step of a distribution of response times (letters.charts) in the reader's language."""
    return {
        "within 1 hour": _("within 1 hour"),
        "within 2 hours": _("within 2 hours"),
        "within 4 hours": _("within 4 hours"),
        "within a day": _("within a day"),
        "within 2 days": _("within 2 days"),
        "within a week": _("within a week"),
        "longer": _("longer"),
        "no answer yet": _("no answer yet"),
    }.get(label, label)


def duration_words(minutes: float | None, working: WorkingHours) -> str:
    """Return so many business minutes as one says them; None where too much is still open to say."""
    if minutes is None:
        return _("not known yet")
    if minutes < 60:
        return ngettext("%(num)d minute", "%(num)d minutes", max(1, round(minutes)))
    day = hours.longest_day(working).total_seconds() / 60
    if day and minutes >= 1.5 * day:
        return ngettext("%(num)d working day", "%(num)d working days", round(minutes / day))
    return ngettext("%(num)d working hour", "%(num)d working hours", round(minutes / 60))


def phone_link(number: str) -> str:
    """Return the address by which a phone calls a number: tel: with its digits and a leading + alone; "" for what is no number."""
    found = _DIALLED.match(number.replace("(0)", ""))
    digits = re.sub(r"[^0-9+]", "", found[0]) if found else ""
    return f"tel:{digits}" if len(digits) >= _FEWEST_DIGITS else ""


def standard_question(standard: str) -> str:
    """Return the question by which a standard is agreed on."""
    return {
        "reply": _("How soon are their emails answered?"),
        "call_back": _("How soon are their calls returned?"),
        "contact": _("How often do they hear from you at least?"),
        "meeting": _("How often do you meet about current work?"),
        "review": _("How often do you review their expectations together?"),
    }[standard]


def action_name(kind: ActionKind) -> str:
    """Return what Kept does, as a noun."""
    return {
        ActionKind.REMIND: _("reminder"),
        ActionKind.DRAFT: _("draft"),
        ActionKind.REMOVE_DRAFT: _("draft removed"),
        ActionKind.DIGEST: _("digest"),
        ActionKind.REVIEW: _("review invitation"),
        ActionKind.RECOVERY: _("recovery invitation"),
        ActionKind.INVITATION: _("invitation by mail"),
        ActionKind.REPORT: _("report"),
        ActionKind.CHARTER: _("charter"),
        ActionKind.ESCALATE: _("escalation"),
        ActionKind.TOUCH_BASE: _("weekly sheet"),
        ActionKind.HAND_OVER: _("hand-over"),
        ActionKind.COVER: _("cover list"),
    }[kind]
