"""The labelled mail in tools/training: labels quote what stands there, and every address is invented."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from paths import ROOT

TRAINING = ROOT / "tools" / "training"
MAILS = ("mails.jsonl", "hands.jsonl", "hands_2.jsonl", "german.jsonl")


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (TRAINING / name).read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("name", MAILS)
def test_every_label_quotes_its_mail(name: str) -> None:
    wrong = [
        (row["mail"]["id"], act["quote"])
        for row in rows(name)
        for act in (*row["labels"]["promises"], *row["labels"]["requests"])
        if act["quote"].replace("\r\n", "\n") not in row["mail"]["text"].replace("\r\n", "\n")
    ]
    assert wrong == []


@pytest.mark.parametrize("name", MAILS)
def test_no_mail_is_there_twice(name: str) -> None:
    names = [row["mail"]["id"] for row in rows(name)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", MAILS)
def test_every_address_is_invented(name: str) -> None:
    addresses = re.findall(r"[\w.+-]+@([\w-]+\.[\w.-]+\w)", (TRAINING / name).read_text(encoding="utf-8"))
    assert [domain for domain in addresses if not domain.endswith(".example")] == []


@pytest.mark.parametrize("name", ["sentences.txt", *sorted(path.name for path in TRAINING.glob("pairs_*.txt"))])
def test_every_sentence_has_a_mark(name: str) -> None:
    lines = (TRAINING / name).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line and not line.startswith("#") and not re.match(r"[PRBCO]\t\S", line)] == []


def test_the_places_of_public_mail_hold_no_words_of_it() -> None:
    for row in rows("lists.jsonl"):
        assert not any("quote" in act or "text" in act for act in (*row["promises"], *row["requests"]))
    for line in (TRAINING / "unsure.txt").read_text(encoding="utf-8").splitlines():
        assert line.startswith("#") or re.fullmatch(r"[0-9a-f]{16}\t\d+\t\d+\t[PRBO]", line)
    assert all(
        re.fullmatch(r"[0-9a-f]{16}", row["mail"]) and all(isinstance(n, int) for place in row["said"] for n in place)
        for row in rows("judged.jsonl")
    )
