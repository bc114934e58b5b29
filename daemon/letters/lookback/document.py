"""The figures of the look-back for `kept lookback --json`, whose keys are fixed; all times are business minutes."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from daemon.analysis.feasibility import Share
from daemon.analysis.lookback import Attention, Lookback, Wait
from daemon.glossary.charter import Allowance
from daemon.glossary.obligations import Obligation
from daemon.glossary.parties import Account
from daemon.letters import phrases


def document(account: Account, facts: Lookback) -> dict[str, Any]:
    """Return the look-back of one account, with moments in its time zone."""
    zone = ZoneInfo(account.hours.zone)
    return {
        "account": account.address,
        "from": phrases.iso(facts.since, zone),
        "to": phrases.iso(facts.until, zone),
        "history_from": phrases.iso(facts.first, zone),
        "mails": facts.mails,
        "waited_longest": [_wait(w, zone) for w in facts.waits],
        "promised_not_seen_done": [_promise(o, zone) for o in facts.unseen],
        "to_be_asked": [_promise(o, zone) for o in facts.unsure],
        "gone_quiet": [
            {"client": a.client, "kind": a.kind.value, "since": phrases.iso(a.since, zone), "says": a.says} for a in facts.quiet
        ],
        "reply": _reply(facts),
        "clients": [_client(a) for a in facts.attention],
        "prospects": {"count": facts.prospects.count, "median": facts.prospects.median},
        "established": {"count": facts.established.count, "median": facts.established.median},
    }


def _wait(w: Wait, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "id": w.obligation.id,
        "client": w.obligation.client,
        "quote": w.obligation.quote,
        "since": phrases.iso(w.obligation.created, zone),
        "minutes": round(w.minutes),
        "still_waits": w.still,
    }


def _promise(o: Obligation, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "id": o.id,
        "kind": o.kind.value,
        "client": o.client,
        "quote": o.quote,
        "said": phrases.iso(o.created, zone),
        "due": phrases.iso(o.due, zone),
    }


def _reply(facts: Lookback) -> dict[str, Any]:
    return {
        "count": facts.times.count,
        "open": facts.times.open,
        "median": facts.times.median,
        "nine_in_ten": facts.times.ninety,
        "met_95_percent": facts.target.minutes,
        "within": list(facts.target.within),
        "realistic": phrases.allowance(facts.target.target) if facts.target.target else None,
        "enough_history": facts.target.minutes is not None,
        "rungs": [_rung(allowance, share) for allowance, share in facts.rungs],
    }


def _rung(allowance: Allowance, share: Share) -> dict[str, Any]:
    return {
        "within": phrases.allowance(allowance),
        "met": share.met,
        "of": share.of,
        "interval": [round(end, 3) for end in share.interval],
    }


def _client(a: Attention) -> dict[str, Any]:
    return {
        "client": a.client,
        "stage": a.stage.value,
        "mails": {bucket.value: count for bucket, count in a.mails.items()},
        "replies": a.times.count,
        "open": a.times.open,
        "median": a.times.median,
        "nine_in_ten": a.times.ninety,
    }
