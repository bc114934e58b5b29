"""The reader against small sets of labelled mail that lie beside the tests: every mail invented, every label given by reading it.

`german` is plain business German. `trade` is English of eighty mails of many trades, written to be hard and read by nobody while
rules were written; the models are not trained on it.

A figure is a floor, a little below what was measured: a change that makes the reader worse shows here.
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
    """Each mail with its labels."""
    rows = (json.loads(line) for line in (LABELS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines())
    return [(row["mail"], row["labels"]) for row in rows]


def read(mail: dict[str, Any], direction: str) -> dict[str, Any]:
    user = [mail["from"]] if direction == "sent" else mail["to"][:1]
    found = infer({**mail, "direction": direction, "user": user})
    return {**found, **{kind: [a for a in found[kind] if a["confidence"] >= SURE] for kind in ("promises", "requests")}}


def same(a: str, b: str) -> bool:
    a, b = " ".join(a.split()), " ".join(b.split())
    return a in b or b in a


def f1(rows: Iterable[tuple[list[str], list[str]]]) -> float:
    """Of found and wanted quotes, mail by mail."""
    hits = found = wanted = 0
    for said, gold in rows:
        found, wanted = found + len(said), wanted + len(gold)
        hits += sum(any(same(s, g) for s in said) for g in gold)
    return 2 * hits / max(1, found + wanted)


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
