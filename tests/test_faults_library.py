"""The campaign of library faults finds what it looks for: a call fails once, where it was asked to, and a broken promise is a line."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from paths import ROOT

sys.path.insert(0, str(ROOT / "bench"))

from faults import library_faults  # found through the line above
from faults.library_calls import DONE, Tap
from faults.library_life import LibraryOutcome

CALM = library_faults.Life(
    LibraryOutcome(messages=frozenset({"<1@acme.example>"}), obligations={"Acme Ltd": ()}, raised="a call")
)


@pytest.mark.parametrize(("kind", "done"), [("os.write", ["1", "3"]), (f"os.write{DONE}", ["1", "2", "3"])])
def test_one_call_fails_before_it_has_done_anything_or_after_it_has_done_everything(
    tmp_path: Path, kind: str, done: list[str]
) -> None:
    tap, written = Tap(tmp_path, kind, 2), list[str]()
    failed = []
    with tap.counting():
        for word in ("1", "2", "3"):
            try:
                tap.call("os.write", [lambda: OSError(5, "Input/output error")], written.append, word)
            except OSError as error:
                failed.append((word, error.errno))
    assert (failed, written, tap.counts) == ([("2", 5)], done, Counter({"os.write": 3}))


def test_nothing_is_counted_and_nothing_fails_outside_of_the_story(tmp_path: Path) -> None:
    tap = Tap(tmp_path, "os.write", 1)
    assert tap.call("os.write", [], lambda: "written") == "written"
    assert tap.counts == Counter()


@pytest.mark.parametrize(
    ("outcome", "line"),
    [
        (replace(CALM.outcome), None),
        (replace(CALM.outcome, messages=frozenset()), "messages lost: 1"),
        (replace(CALM.outcome, escaped=["OSError: the disk"]), "a turn ended with OSError: the disk"),
        (replace(CALM.outcome, tracebacks=["a turn failed: OSError"]), "a traceback: a turn failed: OSError"),
        (replace(CALM.outcome, named={"x could not be read (OSError); kept.log has the details"}), "taken for a bug: x could"),
        (replace(CALM.outcome, doubts={"digest:1": ()}, unsettled=1), "nobody was told that its fate is not known: digest:1"),
        (replace(CALM.outcome, raised=""), "the call was never made again"),
    ],
)
def test_each_broken_promise_is_a_line(outcome: LibraryOutcome, line: str | None) -> None:
    lines = list(library_faults._broken(CALM, library_faults.Life(outcome)))
    assert [found[: len(line or "")] for found in lines] == ([line] if line else [])


def test_what_is_sent_twice_or_drafted_without_reason_is_a_line() -> None:
    life = library_faults.Life(CALM.outcome, twice=["sent 2 times: <kept-1>"], outside=Counter(drafts=1))
    assert len(list(library_faults._broken(CALM, life))) == 2
