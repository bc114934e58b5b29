"""The second language, on its own small labelled set of invented mails."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from paths import GOLDEN
from reading_helpers import promises, received, requests, sent

from daemon.reading import TimeContext

CASES = [json.loads(line) for line in (GOLDEN / "reading" / "german.jsonl").read_text(encoding="utf-8").splitlines()]
BERLIN: dict[str, Any] = {
    "date": datetime.fromisoformat("2026-03-04T11:14:00+01:00"),
    "time_context": TimeContext(time_zone="Europe/Berlin"),
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:40])
def test_german_mail_is_read_as_labelled(case: dict[str, Any]) -> None:
    own, other = sent(case["text"], **BERLIN), received(case["text"], **BERLIN)
    assert own.language == "de"
    assert [[p.sort, f"{p.due.due:%Y-%m-%dT%H:%M}" if p.due else None] for p in promises(own)] == case["promises"]
    assert [r.sort for r in requests(other)] == case["requests"]
    assert other.reply_expected == case["reply"]


def test_a_condition_is_known_in_german() -> None:
    (promise,) = promises(sent("Sobald die Freigabe da ist, leite ich Ihnen die Unterlagen weiter.", **BERLIN))
    assert promise.conditional
