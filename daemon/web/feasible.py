"""Which time one can promise: how often each time that people agree on would have been kept with a client."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from daemon.analysis.feasibility import ENOUGH, LADDER, SHARE, Feasibility, Share, Verdict, responses, samples, within
from daemon.glossary.charter import Allowance, WorkingHours
from daemon.glossary.obligations import Kind, Obligation
from daemon.operations.charter_history import RESPONSES
from daemon.web.charts import Column, columns
from daemon.web.texts import gettext as _
from daemon.web.texts import ngettext
from daemon.web.wording import allowance_words


@dataclass(frozen=True, slots=True)
class Feasible:
    """The answer to “what if we promised this time?”: the time chosen on the ladder, and what it would have meant."""

    standard: str
    rung: int
    last: int
    time: str
    words: str
    advice: str
    chart: Markup
    ends: tuple[str, str]


def feasible(
    obligations: Sequence[Obligation],
    standard: str,
    rung: int | None,
    agreed: Allowance | None,
    working: WorkingHours,
    now: datetime,
) -> Feasible:
    """Return how often a time would have been kept; without a `rung` the one that is agreed, or the nearest shorter one."""
    known = standard if standard in RESPONSES else "reply"
    answers = samples(obligations, RESPONSES[known], working, now)
    chosen = _agreed_rung(agreed) if rung is None else min(max(rung, 0), len(LADDER) - 1)
    history = responses(obligations, RESPONSES[known], LADDER[chosen], working, now)
    shares = [within(answers, allowance, working, now) for allowance in LADDER]
    return Feasible(
        standard=known,
        rung=chosen,
        last=len(LADDER) - 1,
        time=allowance_words(LADDER[chosen]),
        words=_words(history, len(answers)),
        advice=_advice(history.target, len(answers)),
        chart=_chart(shares, chosen),
        ends=(allowance_words(LADDER[0]), allowance_words(LADDER[-1])),
    )


def _agreed_rung(agreed: Allowance | None) -> int:
    """Return the place of an allowance on the ladder; the one of a working day where nothing is agreed, or nothing like it."""
    day = next(n for n, allowance in enumerate(LADDER) if allowance.unit is not LADDER[0].unit)
    if agreed is None:
        return day
    same = [n for n, allowance in enumerate(LADDER) if allowance.unit is agreed.unit and allowance.count <= agreed.count]
    return max(same, default=day)


def _words(known: Feasibility, cases: int) -> str:
    """Return how often a time was kept and what follows from it, in the same words wherever it is asked."""
    share = known.share
    if not share.of:
        return _("There is no history yet by which to judge it.")
    kept = ngettext(
        "So far kept in %(met)d of %(num)d case (%(percent)d %%).",
        "So far kept in %(met)d of %(num)d cases (%(percent)d %%).",
        share.of,
        met=share.met,
        percent=round(share.value * 100),
    )
    return " ".join(part for part in (kept, _undecided(share, cases), _verdict(known.verdict)) if part)


def _verdict(verdict: Verdict) -> str:
    """Return what history says of a time, by the rule of the commands (analysis.feasibility)."""
    return {
        Verdict.KEPT: _("You can keep it."),
        Verdict.CLOSE: _("It is close: you may not keep it 19 times in 20."),
        Verdict.BROKEN: _("Your history says that you cannot keep it."),
        Verdict.UNKNOWN: _("There is too little history to say."),
    }[verdict]


def _undecided(share: Share, cases: int) -> str:
    """Return how many more cases there are, for which the time has not passed yet."""
    more = cases - share.of
    return ngettext("%(num)d more still has time.", "%(num)d more still have time.", more) if more else ""


def _advice(target: Allowance | None, cases: int) -> str:
    """Return the shortest time that was kept nineteen times in twenty; with too little history none is named."""
    if cases < ENOUGH:
        return _(
            "Which time you could promise cannot be said yet: that takes %(enough)d cases, so far there are %(n)d.",
            n=cases,
            enough=ENOUGH,
        )
    if target is None:
        return _("No time of these would have been kept 19 times in 20.")
    return _("The shortest time that you would have kept 19 times in 20 is %(time)s.", time=allowance_words(target))


def _chart(shares: Sequence[Share], chosen: int) -> Markup:
    rows = [
        Column((("near" if n == chosen else "good" if share.value >= SHARE else "plain", share.value),), _column(n, share))
        for n, share in enumerate(shares)
    ]
    return columns(rows, _("How often each time would have been kept; the line is 19 times in 20."), line=SHARE, whole=1.0)


def _column(rung: int, share: Share) -> str:
    return f"{allowance_words(LADDER[rung])}: {share.value:.0%}" if share.of else allowance_words(LADDER[rung])


def doubt(obligations: Sequence[Obligation], kind: Kind, allowed: Allowance, working: WorkingHours, now: datetime) -> str:
    """Return the outlook of a time that history does not bear out, "" for another."""
    verdict = responses(obligations, kind, allowed, working, now).verdict
    return outlook(obligations, kind, allowed, working, now) if verdict in (Verdict.CLOSE, Verdict.BROKEN) else ""


def outlook(obligations: Sequence[Obligation], kind: Kind, allowed: Allowance, working: WorkingHours, now: datetime) -> str:
    """Return in sentences whether a time to respond can be kept, by history, and where not, which one to negotiate for."""
    known = responses(obligations, kind, allowed, working, now)
    cases = len(samples(obligations, kind, working, now))
    says = _words(known, cases)
    return says if not known.share.of or known.verdict is Verdict.KEPT else f"{says} {_advice(known.target, cases)}"
