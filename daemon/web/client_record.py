"""How one client was served so far, as their page shows it: response times, every email of theirs, promises, the way back to trust."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from markupsafe import Markup

from daemon.analysis import feasibility, figures, service_summary
from daemon.analysis.figures import Times
from daemon.core import hours
from daemon.core.infractions import is_overdue
from daemon.glossary.assessments import Assessment, Bucket
from daemon.glossary.charter import Allowance, WorkingHours
from daemon.glossary.obligations import Kind
from daemon.glossary.parties import Client
from daemon.letters import charts as letter_charts
from daemon.letters import recovery
from daemon.operations.client_rows import client_id
from daemon.web.charts import Step, Tone, distribution, stacked_bar
from daemon.web.texts import gettext as _
from daemon.web.texts import ngettext
from daemon.web.viewing import Viewing
from daemon.web.wording import bucket_name, duration_words, step_name

BALANCE = timedelta(days=90)
YEAR = timedelta(days=366)
_TONES: Mapping[Bucket, Tone] = {
    Bucket.ANSWERED: "good",
    Bucket.OPEN: "late",
    Bucket.NO_ANSWER: "plain",
    Bucket.UNREAD: "open",
    Bucket.HELD_BACK: "open",
}


def record(view: Viewing, client: Client, assessment: Assessment | None) -> Mapping[str, Any]:
    """Return how it was: response times of the last year, the balance, promises, the recovery."""
    obligations, working = (assessment.obligations if assessment else ()), view.account.hours
    recent = [o for o in obligations if o.created >= view.now - YEAR]
    answers = feasibility.samples(recent, Kind.REPLY, working, view.now)
    done, agreed = [s.minutes for s in answers if s.done], client.charter_at(view.now).standards.get("reply")
    return {
        "times": response_times(done, len(answers) - len(done), agreed, working) if answers else "",
        "times_words": in_words(figures.of_samples(answers), working) if answers else "",
        "balance": _balance(assessment, client, view.now),
        "promised": _promised(view, client, assessment),
        "habit": figures.deliveries(obligations, working, view.now).habit,
        "recovery": _recovery(assessment, view.now),
    }


def _promised(view: Viewing, client: Client, assessment: Assessment | None) -> str:
    """Return how promises and deliveries were kept, with the figures of the report, of the time that the report tells of."""
    none = _("No promise and no delivery has ended yet.")
    if assessment is None:
        return none
    told = service_summary.summarize(view.account, client, assessment, view.now)
    results = [r for r in told.results if r.kind in (Kind.PROMISE, Kind.DELIVERABLE)]
    met, ended, late = (
        (sum(n) for n in zip(*((r.met.met, r.met.of, r.overdue) for r in results), strict=True)) if results else (0, 0, 0)
    )
    if not ended:
        return none
    day = view.texts.long_date(told.since, view.zone)
    kept = _("Promises and deliveries since %(day)s: %(met)d of %(all)d on time.", day=day, met=met, all=ended)
    overdue = ngettext("%(num)d is not done yet.", "%(num)d are not done yet.", late) if late else ""
    return f"{kept} {overdue}".strip()


def response_times(minutes: Sequence[float], waiting: int, agreed: Allowance | None, working: WorkingHours) -> Markup:
    """Draw how many answers took how many business minutes, and how many still wait; beyond the time that is agreed a bar is late."""
    target = feasibility.in_minutes(agreed, working) if agreed else None
    day = hours.longest_day(working).total_seconds() / 60
    drawn = letter_charts.distribution("", minutes, target, day, waiting=waiting)
    steps = [Step(step_name(bar.label), bar.share, bar.value, bar.tone) for bar in drawn.bars]
    return distribution(steps, _("Answers, by the working hours they took"))


def in_words(times: Times, working: WorkingHours) -> str:
    """Return the median and the ninth decile in a sentence."""
    half, nine = (duration_words(minutes, working) for minutes in (times.median, times.ninety))
    return _("Half took at most: %(half)s. Nine in ten took at most: %(nine)s.", half=half, nine=nine)


def _balance(assessment: Assessment | None, client: Client, now: datetime) -> Mapping[str, Any]:
    """Return where every email of the last months lies, with the page of those that were filtered out."""
    counts = Counter(p.bucket for p in (assessment.balance if assessment else ()) if now - BALANCE <= p.at <= now)
    filtered = url_for("client.story", client_id=client_id(client.name), of="filtered")
    parts = [
        (_TONES[bucket], counts[bucket], bucket_name(bucket), filtered if bucket is Bucket.HELD_BACK else "")
        for bucket in _TONES
        if counts[bucket]
    ]
    label = ", ".join(f"{number} {name}" for _tone, number, name, _href in parts)
    return {"total": counts.total(), "parts": parts, "bar": stacked_bar([(tone, n) for tone, n, *_ in parts], label)}


def _recovery(assessment: Assessment | None, now: datetime) -> Mapping[str, str] | None:
    """Return the way back to trust in the words of the letters."""
    r = assessment.recovery if assessment else None
    if assessment is None or r is None:
        return None
    overdue = sum(is_overdue(o, now) for o in assessment.obligations)
    return {
        "stage": recovery.STAGE_PHRASES[r.stage],
        "causes": recovery.causes(r, now),
        "objective": recovery.OBJECTIVES[r.stage],
        "progress": recovery.trust_progress(r, overdue),
    }
