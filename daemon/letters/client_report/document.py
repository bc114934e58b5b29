"""The figures of the client report for --json."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from daemon.analysis.service_summary import ServiceSummary, StandardResult
from daemon.glossary.obligations import Obligation
from daemon.letters import phrases


def document(summary: ServiceSummary, zone: ZoneInfo) -> dict[str, Any]:
    """Return the same figures for --json, with moments in `zone`; times are business minutes."""
    return {
        "client": summary.client,
        "from": phrases.iso(summary.since, zone),
        "to": phrases.iso(summary.until, zone),
        "standards": [_result_document(s) for s in summary.results],
        "replies": {
            "count": summary.times.count,
            "open": summary.times.open,
            "median": summary.times.median,
            "nine_in_ten": summary.times.ninety,
        },
        "weeks": [{"monday": w.monday.isoformat(), "met": w.met, "late": w.late, "open": w.open} for w in summary.weeks],
        "not_done_yet": [_due_document(o, zone) for o in summary.overdue],
        "went_wrong": [
            _due_document(i.obligation, zone) | {"at": phrases.iso(i.at, zone), "missed": i.missed} for i in summary.wrong
        ],
        "recovery": summary.recovery.stage.value if summary.recovery else None,
        "next_review": phrases.iso(summary.next_review, zone),
    }


def _result_document(s: StandardResult) -> dict[str, Any]:
    return {
        "kind": s.kind.value,
        "agreed": phrases.allowance(s.allowance) if s.allowance else None,
        "met": s.met.met,
        "of": s.met.of,
        "open": s.open,
        "overdue": s.overdue,
    }


def _due_document(o: Obligation, zone: ZoneInfo) -> dict[str, Any]:
    return {"id": o.id, "kind": o.kind.value, "due": phrases.iso(o.due, zone)}
