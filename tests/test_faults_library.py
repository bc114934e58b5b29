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
        (replace(CALM.outcome, raised=""), "no call of this kind was made again"),
    ],
)
def test_each_broken_promise_is_a_line(outcome: LibraryOutcome, line: str | None) -> None:
    lines = list(library_faults._broken(CALM, library_faults.Life(outcome)))
    assert [found[: len(line or "")] for found in lines] == ([line] if line else [])


def test_what_is_sent_twice_or_drafted_without_reason_is_a_line() -> None:
    life = library_faults.Life(CALM.outcome, twice=["sent 2 times: <kept-1>"], outside=Counter(drafts=1))
    assert len(list(library_faults._broken(CALM, life))) == 2


BOOKED = replace(CALM.outcome, bookings=Counter({"Acme Ltd": 1}))
ERROR = "/home/dana/calendar cannot be written: Denied"
GIVEN_UP = replace(CALM.outcome, given_up={"review:1": ("Acme Ltd", "calendar", ERROR)}, bookings=Counter())
TOLD = "It was not sent: /home/dana/calendar\ncannot be written: Denied. Kept gave it up."


@pytest.mark.parametrize(
    ("raised", "told", "line"),
    [
        ("os.replace kept-1.ics: PermissionError(Denied)", TOLD, None),
        ("HTTP request: request PUT: PermissionError(Denied)", TOLD, None),
        ("os.replace kept-1.ics: PermissionError(Denied)", "Good morning.", "nobody was told that it was given up: review:1"),
        ("os.replace kept-1.ics: PermissionError(Denied)", f"{ERROR}.", "nobody was told that it was given up: review:1"),
        ("os.replace kept-1.ics: OSError(I/O error)", TOLD, "given up after a failure that passes: review:1"),
    ],
)
def test_a_booking_that_was_given_up_is_a_line_unless_only_a_person_can_mend_it_and_was_told(
    raised: str, told: str, line: str | None
) -> None:
    control = library_faults.Life(BOOKED, outside=Counter({"events": 1}))
    life = library_faults.Life(replace(GIVEN_UP, bookings=Counter(), raised=raised), told=told, outside=Counter())
    assert next(iter(library_faults._broken(control, life)), None) == line


DIGEST = "dana@northwind.example 2026-03-03"


@pytest.mark.parametrize(
    ("told", "lines"),
    [
        ("the digest of Tue\n3 Mar: It may not have been sent.", []),
        ("the digest of Mon 2 Mar", ["no later digest told that it may not have been sent", "digests that never came"]),
    ],
)
def test_a_digest_of_unknown_fate_has_come_where_a_later_one_names_it(told: str, lines: list[str]) -> None:
    control = library_faults.Life(replace(CALM.outcome, digests=Counter({DIGEST: 1})))
    outcome = replace(CALM.outcome, digests=Counter(), replaced={DIGEST: "the digest of Tue 3 Mar"})
    found = list(library_faults._broken(control, library_faults.Life(outcome, told=told)))
    assert [line.partition(":")[0] for line in found] == lines


def _lives(monkeypatch: pytest.MonkeyPatch, made: dict[str, list[int]]) -> list[library_faults.Fault]:
    """Have each life make so many calls, a kind's numbers in order of the lives; returns the faults with which they were lived."""
    lived: list[library_faults.Fault] = []

    def life(_: object, fault: library_faults.Fault) -> library_faults.Life:
        counts = {kind: numbers[len(lived)] for kind, numbers in made.items()}
        sends = {kind: list(range(2, count + 1, 2)) for kind, count in counts.items()}
        lived.append(fault)
        came = fault.number <= counts.get(fault.kind.removesuffix(DONE), 0)
        return library_faults.Life(LibraryOutcome(counts=counts, sends=sends, raised="it" if came else ""))

    monkeypatch.setattr(library_faults, "_life", life)
    return lived


@pytest.mark.parametrize("kind", ["TLS send", f"TLS send{DONE}"])
def test_where_the_chosen_call_does_not_come_another_one_of_its_kind_fails(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    lived = _lives(monkeypatch, {"TLS send": [80, 70, 90]})
    fault, life = library_faults._life_with(library_faults.on_disk, library_faults.Fault(kind, 100, 3))
    assert isinstance(life, library_faults.Life)
    assert (life.outcome.raised, fault) == ("it", library_faults.Fault(kind, 41, 3))
    assert [fault.number for fault in lived] == [100, 41]


def test_where_the_chosen_call_of_a_send_does_not_come_another_one_of_a_send_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    _lives(monkeypatch, {"TLS send": [80, 70]})
    fault, _ = library_faults._life_with(library_faults.on_disk, library_faults.Fault("TLS send", 100, 3, of_a_send=True))
    assert fault == library_faults.Fault("TLS send", 42, 3, of_a_send=True)


def test_a_kind_of_call_that_never_comes_again_is_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    _lives(monkeypatch, {"TLS send": [0]})
    _, life = library_faults._life_with(library_faults.on_disk, library_faults.Fault("TLS send", 1, 3))
    assert isinstance(life, library_faults.Life)
    assert "no call of this kind was made again" in list(library_faults._broken(CALM, life))
