"""The replay: how often Kept would have spoken in a past period, tried on the user's own mail before anything is switched on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from flask import Blueprint, current_app, render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as AnyResponse

from daemon.core.hours import parse_allowance
from daemon.errors import CannotDo, ConfigError
from daemon.glossary.actions import Action, ActionKind
from daemon.glossary.charter import Allowance
from daemon.letters import phrases
from daemon.operations import trial as operation
from daemon.operations.charter_versions import parse_duration
from daemon.operations.trial import TrialResult, TrialSettings
from daemon.web.charts import Column, columns
from daemon.web.texts import explained, ngettext
from daemon.web.texts import gettext as _
from daemon.web.trials import Trial, Trials
from daemon.web.viewing import Viewing, viewing, web_office
from daemon.web.wording import action_name

blueprint = Blueprint("replay", __name__)

TRIALS = "kept.trials"  # the extension of the Flask application
ROWS, MOST_ROWS = 40, 400  # actions that are listed at once, and with those that unfold
_ONLY_COUNTED = (ActionKind.DIGEST, ActionKind.REMOVE_DRAFT)  # one each morning, and what nobody notices
USUAL = timedelta(weeks=6)
MOST_INTERRUPTIONS = 50


@blueprint.get("/replay")
def show() -> str:
    """Show the settings to try, and what came of the last trial."""
    with viewing() as view:
        return render_template("replay.html", form=_present(view), problem="", **_outcome(view))


@blueprint.post("/replay")
def begin() -> str | tuple[str, int] | AnyResponse:
    """Begin a trial in the background; while one runs, that one goes on."""
    with viewing() as view:
        try:
            settings = _settings(request.form, view)
        except CannotDo as error:
            form = {**_present(view), **{name: request.form.get(name, "") for name in _FIELDS}}
            return render_template("replay.html", form=form, problem=explained(error), **_outcome(view)), 422
        run = partial(operation.run, view.app.path, view.account.address)
        trials().begin(view.account.address, settings, run)
    return redirect(url_for("replay.show"), 303)


@blueprint.post("/replay/stop")
def stop() -> AnyResponse:
    """Stop the trial, or clear what came of it."""
    with viewing() as view:
        trials().stop(view.account.address)
    return redirect(url_for("replay.show"), 303)


@blueprint.get("/replay/progress")
def progress() -> str:
    """Show how far the trial is, or what came of it."""
    with viewing() as view:
        return render_template("replay_outcome.html", **_outcome(view))


def trials() -> Trials:
    """Return the trials of the present application."""
    found: Trials = current_app.extensions.setdefault(TRIALS, Trials(web_office().background))
    return found


# --- the form ---

_FIELDS = ("from", "to", "digest_at", "interruptions", "reply")


def _present(view: Viewing) -> dict[str, str]:
    """Return the fields as they are filled in at first: the last weeks, with the settings in force."""
    policy, today = view.runtime.config.policy, view.now.astimezone(view.zone).date()
    return {
        "from": (today - USUAL).isoformat(),
        "to": today.isoformat(),
        "digest_at": f"{policy.digest_at:%H:%M}",
        "interruptions": str(policy.interruptions),
        "reply": "",
    }


def _settings(form: Mapping[str, str], view: Viewing) -> TrialSettings:
    """Return what was asked for. Raises CannotDo, in a sentence."""
    start, end = (_midnight(form.get(name, ""), view) for name in ("from", "to"))
    settings = TrialSettings(start, min(end, view.now), _clock(form), _interruptions(form), _reply(form))
    if settings.end <= settings.start:
        raise CannotDo(_("The period must end after it begins, and begin in the past."))
    if settings.end - settings.start > operation.LONGEST:
        raise CannotDo(_("The period is too long; choose at most half a year."))
    return settings


def _midnight(text: str, view: Viewing) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(text.strip()), time(), view.zone)
    except ValueError:
        raise CannotDo(_("“%(text)s” is not a date; write it as 2026-03-31.", text=phrases.cut(text, 40))) from None


def _clock(form: Mapping[str, str]) -> time:
    text = form.get("digest_at", "")
    try:
        return time.fromisoformat(text.strip())
    except ValueError:
        raise CannotDo(_("“%(text)s” is not a time of day; write it as 07:30.", text=phrases.cut(text, 40))) from None


def _interruptions(form: Mapping[str, str]) -> int:
    text = form.get("interruptions", "").strip()
    if not (text.isdecimal() and len(text) < 4 and int(text) <= MOST_INTERRUPTIONS):
        raise CannotDo(_("The most reminders in a day must be a number from 0 to %(most)d.", most=MOST_INTERRUPTIONS))
    return int(text)


def _reply(form: Mapping[str, str]) -> Allowance | None:
    text = form.get("reply", "").strip()
    if not text:
        return None
    duration = parse_duration(text[:40])
    return None if duration == "off" else parse_allowance(duration)


# --- what came of it ---


def _outcome(view: Viewing) -> Mapping[str, Any]:
    trial = trials().of(view.account.address)
    told = _told(trial.result, view) if trial is not None and trial.result is not None else None
    return {
        "trial": trial,
        "percent": round(trial.share * 100) if trial else 0,
        "told": told,
        "failure": _failure(trial.problem) if trial is not None else "",
        "period": _period(trial, view),
    }


def _failure(problem: CannotDo | ConfigError | None) -> str:
    return explained(problem) if isinstance(problem, CannotDo) else str(problem or "")


def _period(trial: Trial | None, view: Viewing) -> str:
    if trial is None:
        return ""
    start, end = (view.texts.long_date(at, view.zone) for at in (trial.settings.start, trial.settings.end))
    return f"{start} – {end}"


def _told(result: TrialResult, view: Viewing) -> Mapping[str, Any]:
    """Return what would have been said, in figures, a picture and a list."""
    listed = [_action(a, view) for a in result.actions if a.kind not in _ONLY_COUNTED]
    return {
        "sum": _sum(result, len(listed)),
        "kinds": [(action_name(kind), number, view.texts.decimal(number / result.weeks)) for kind, number in _ordered(result)],
        "chart": _chart(result, view),
        "busiest": max(result.days.values(), default=0),
        "quiet_days": sum(1 for day in _working_days(result, view) if not result.days.get(day)),
        "actions": listed[:ROWS],
        "folded": listed[ROWS:MOST_ROWS],
        "more": max(0, len(listed) - MOST_ROWS),
        "settings": result.settings,
    }


def _sum(result: TrialResult, beside_digests: int) -> str:
    """Return in a sentence how often Kept would have spoken in all, with the digests and without."""
    every = beside_digests + result.kinds.get(ActionKind.DIGEST, 0)
    days = round((result.settings.end - result.settings.start) / timedelta(days=1))
    if days % 7:
        span = ngettext("in %(num)d day", "in %(num)d days", days)
    else:
        span = ngettext("in %(num)d week", "in %(num)d weeks", days // 7)
    times = ngettext("%(num)d time", "%(num)d times", every)
    weekly = round(every / result.weeks)
    return _(
        "%(times)s %(span)s, about %(weekly)d a week; %(rest)d without the digests.",
        times=times,
        span=span,
        weekly=weekly,
        rest=beside_digests,
    )


def _ordered(result: TrialResult) -> list[tuple[ActionKind, int]]:
    return sorted(result.kinds.items(), key=lambda pair: (-pair[1], pair[0]))


def _working_days(result: TrialResult, view: Viewing) -> list[date]:
    first, last = (at.astimezone(view.zone).date() for at in (result.settings.start, result.settings.end))
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in every if view.account.hours.week[day.weekday()] and day not in view.account.hours.holidays]


def _chart(result: TrialResult, view: Viewing) -> str:
    """Draw the reminders of each working day."""
    rows = []
    for day in _working_days(result, view):
        number = result.days.get(day, 0)
        at = datetime.combine(day, time(12), view.zone)
        rows.append(Column((("plain", number),), f"{view.texts.day(at, view.zone, view.now)}: {number}"))
    return columns(rows, _("Reminders on each working day, at most %(most)d", most=max(result.days.values(), default=0)))


def _action(action: Action, view: Viewing) -> Mapping[str, str]:
    return {
        "at": view.texts.moment(action.at, view.zone, view.now),
        "kind": action_name(action.kind),
        "client": phrases.cut(action.client, 60) if action.client else "",
        "summary": phrases.cut(action.summary, 140),
    }
