"""The reader against two small sets of labelled mail in tests/labels: every mail is invented, every label was given by hand.

`german` is plain business German. `trade` is eighty English mails of many trades, written to be hard; nobody looked at them while
writing rules, and the models are not trained on them.

Each figure is a floor a little below the measured one, so a change that makes the reader worse fails here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest
from paths import LABELS

from daemon.reading.infer_stream import infer

SURE = 0.5


def labelled(name: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return each mail with its labels."""
    rows = (json.loads(line) for line in (LABELS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines())
    return [(row["mail"], row["labels"]) for row in rows]


def read(mail: dict[str, Any], direction: str) -> dict[str, Any]:
    """Return the findings of a mail, only with acts of some certainty."""
    user = [mail["from"]] if direction == "sent" else mail["to"][:1]
    findings = infer({**mail, "direction": direction, "user": user})
    return {**findings, **{kind: [a for a in findings[kind] if a["confidence"] >= SURE] for kind in ("promises", "requests")}}


def same(a: str, b: str) -> bool:
    a, b = " ".join(a.split()), " ".join(b.split())
    return a in b or b in a


def f1(rows: Iterable[tuple[list[str], list[str]]]) -> float:
    """Return F1 of the quotes read and the quotes labelled, mail by mail."""
    hits = total = 0
    for read_quotes, gold in rows:
        total += len(read_quotes) + len(gold)
        hits += sum(any(same(quote, label) for quote in read_quotes) for label in gold)
    return 2 * hits / max(1, total)


def quotes(items: Iterable[dict[str, Any]]) -> list[str]:
    return [item["quote"] for item in items]


@pytest.mark.parametrize(("name", "floor"), [("german", 0.9), ("trade", 0.48)])
def test_promises_are_found(name: str, floor: float) -> None:
    rows = [(quotes(read(mail, "sent")["promises"]), quotes(gold["promises"])) for mail, gold in labelled(name)]
    assert f1(rows) >= floor


@pytest.mark.parametrize(("name", "floor"), [("german", 0.9), ("trade", 0.66)])
def test_requests_are_found(name: str, floor: float) -> None:
    rows = [(quotes(read(mail, "received")["requests"]), quotes(gold["requests"])) for mail, gold in labelled(name)]
    assert f1(rows) >= floor


@pytest.mark.parametrize(("name", "floor"), [("german", 0.95), ("trade", 0.82)])
def test_it_is_told_who_waits_for_an_answer(name: str, floor: float) -> None:
    right = [read(mail, "received")["reply_expected"] == gold["reply_expected"] for mail, gold in labelled(name)]
    assert sum(right) >= floor * len(right)


@pytest.mark.parametrize(("name", "most"), [("german", 0), ("trade", 6)])
def test_a_due_time_is_right_or_absent(name: str, most: int) -> None:
    wrong = []
    for mail, gold in labelled(name):
        for want in gold["promises"]:
            got = [p for p in read(mail, "sent")["promises"] if same(p["quote"], want["quote"]) and p["due"]]
            wrong += [(want["quote"], got[0]["due"]) for g in got[:1] if not want["due"] or g["due"][:10] != want["due"][:10]]
    assert len(wrong) <= most, wrong
