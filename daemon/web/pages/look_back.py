"""The look-back: what the last months of mail and calendar say, before anything is switched on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for

from daemon.analysis.feasibility import SHARE
from daemon.analysis.lookback import Attention, Lookback, Wait, look_back
from daemon.glossary.assessments import Alarm, Bucket
from daemon.glossary.obligations import Obligation
from daemon.letters import phrases
from daemon.letters.charts import CHARTED
from daemon.operations.client_rows import client_id
from daemon.web.charts import Step, Tone, distribution, stacked_bar
from daemon.web.client_record import in_words, response_times
from daemon.web.texts import gettext as _
from daemon.web.viewing import Viewing, viewing
from daemon.web.wording import allowance_words, bucket_name, duration_words, kind_name

blueprint = Blueprint("look_back", __name__)

SPANS = (30, 90, 180, 365)  # days
ROWS, CLIENTS = 8, 25
_TONES: Sequence[Tone] = ("good", "late", "plain", "open", "open")  # of CHARTED


@blueprint.get("/look-back")
def show() -> str:
    """Look back over a number of days."""
    asked = request.args.get("days", "")
    days = int(asked) if asked in map(str, SPANS) else 90
    with viewing() as view:
        facts = view.worked_out(("look-back", days), lambda: _facts(view, timedelta(days=days)))
    return render_template("look_back.html", days=days, spans=SPANS, facts=facts, **_told(facts, view))


def _facts(view: Viewing, span: timedelta) -> Lookback:
    account = view.account
    clients = {c.name: c for c in view.runtime.config.office.clients if c.owner in (None, *account.addresses)}
    return look_back(view.assessments(), clients, account.hours, view.now - span, view.now)


def _told(facts: Lookback, view: Viewing) -> Mapping[str, Any]:
    """Return what the page says, in words and pictures."""
    answered = [m for m, still in zip(facts.minutes, facts.waiting, strict=True) if not still]
    waits = sorted(facts.waits, key=lambda w: not w.still)
    return {
        "waits": [_wait(w, view) for w in waits[:ROWS]],
        "more_waits": max(0, len(waits) - ROWS),
        "unseen": [_promise(o, view) for o in facts.unseen[:ROWS]],
        "more_unseen": max(0, len(facts.unseen) - ROWS),
        "quiet": [_quiet(a, view) for a in facts.quiet[:ROWS]],
        "rungs": _rungs(facts),
        "target": allowance_words(facts.target.target) if facts.target.target else "",
        "times": response_times(answered, facts.times.open, None, view.account.hours) if facts.minutes else "",
        "times_words": in_words(facts.times, view.account.hours) if facts.minutes else "",
        "attention": list(_attention(facts.attention[:CLIENTS], view)),
        "more_clients": max(0, len(facts.attention) - CLIENTS),
        "legend": list(_legend()),
        "prospects": duration_words(facts.prospects.median, view.account.hours) if facts.prospects.count else "",
        "established": duration_words(facts.established.median, view.account.hours) if facts.established.count else "",
    }


def _legend() -> Iterator[tuple[Tone, str]]:
    """Yield each tone of the bars with what it stands for: the last is that of two buckets."""
    for tone, bucket in zip(_TONES, CHARTED, strict=True):
        if bucket is Bucket.UNREAD:
            yield tone, _("unread or filtered out")
        elif bucket is not Bucket.HELD_BACK:
            yield tone, bucket_name(bucket)


def _client(name: str) -> Mapping[str, str]:
    return {"client": phrases.cut(name, 60), "href": url_for("client.show", client_id=client_id(name))}


def _wait(w: Wait, view: Viewing) -> Mapping[str, Any]:
    o = w.obligation
    return {
        **_client(o.client),
        "words": phrases.words_of(o),
        "at": view.texts.moment(o.created, view.zone, view.now),
        "time": duration_words(w.minutes, view.account.hours),
        "still": w.still,
    }


def _promise(o: Obligation, view: Viewing) -> Mapping[str, Any]:
    due = view.texts.moment(o.due, view.zone, view.now) if o.due else ""
    return {**_client(o.client), "words": phrases.words_of(o), "due": due, "kind": kind_name(o.kind)}


def _quiet(a: Alarm, view: Viewing) -> Mapping[str, Any]:
    return {**_client(a.client), "words": phrases.cut(a.says, 200), "at": view.texts.day(a.since, view.zone, view.now)}


def _rungs(facts: Lookback) -> str:
    if not facts.rungs:
        return ""
    steps = [
        Step(allowance_words(allowed), share.value, f"{share.value:.0%}", "good" if share.value >= SHARE else "plain")
        for allowed, share in facts.rungs
    ]
    return distribution(steps, _("How often each time would have been kept"))


def _attention(clients: Sequence[Attention], view: Viewing) -> Iterator[Mapping[str, Any]]:
    """Yield where the attention went: each client's emails by what became of them, on one scale."""
    most = max((a.count for a in clients), default=1)
    for a in clients:
        counts = [(tone, a.mails.get(bucket, 0), bucket_name(bucket)) for tone, bucket in zip(_TONES, CHARTED, strict=True)]
        label = ", ".join(f"{n} {name}" for _tone, n, name in counts if n)
        yield {
            **_client(a.client),
            "count": a.count,
            "bar": stacked_bar([(tone, n) for tone, n, _name in counts], label, most),
            "nine": duration_words(a.times.ninety, view.account.hours) if a.times.count else "–",
        }
