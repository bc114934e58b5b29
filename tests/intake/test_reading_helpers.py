"""Processes help to read mail while a mailbox is read for the first time, and no message is worse off for it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from office import DANA, KIM, Office, only
from reading_helpers import message
from week import at

from daemon.cycle import turn
from daemon.intake import reading_helpers
from daemon.intake.deadline import Deadline
from daemon.intake.reading_helpers import Helpers
from daemon.intake.threaded_mail import ReadMail, ThreadedMail, read_mail, threads

QUESTION = "Can you send the revised quote for the pumps by Friday, with the delivery dates of all four?"
ASKED = f"Hi Dana,\n\n{QUESTION}\n\nKim"
ANSWERED = (
    f"Hi Kim,\n\nI'll call you on Thursday.\n\nDana\n\n{QUESTION}"  # what it repeats is a quote only to who knows the question
)
DEADLY = "Deadly mail"
PATIENCE = 30  # seconds in which a helper reads its first message


def mails(number: int = 60, text: str = ASKED) -> list[ThreadedMail]:
    """Threads of a question and its answer."""
    asked = [ThreadedMail(f"<{n}>", (), message(text)) for n in range(number)]
    return asked + [ThreadedMail(f"<a{n}>", (f"<{n}>",), message(ANSWERED)) for n in range(number)]


def alone(several: list[ThreadedMail]) -> list[ReadMail]:
    earlier: dict[str, str] = {}
    return [read_mail(mail, earlier, Deadline().check) for mail in several]


def read(helpers: Helpers, several: list[ThreadedMail]) -> list[ReadMail]:
    return helpers.read(several, {}, lambda: Deadline().check)


def started(helpers: Helpers) -> list[reading_helpers._Helper]:
    return [*helpers._helpers, *helpers._starting]


@pytest.fixture(autouse=True)
def cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests run alike on a machine with one core."""
    monkeypatch.setattr(reading_helpers, "_cores", lambda: 2)


@pytest.fixture
def helpers() -> Iterator[Helpers]:
    """The helpers of a reading that has proved to be long."""
    found = Helpers()
    read(found, mails(100))
    yield found
    found.close()


@pytest.fixture
def deadly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A helper dies at each mail that has the words, as one would whose memory runs out."""
    (tmp_path / "sitecustomize.py").write_text(
        "import os\nfrom daemon import reading\nreal = reading.read\n"
        f"def read(message, *rest):\n    return os.kill(os.getpid(), 9) if {DEADLY!r} in message.text else real(message, *rest)\n"
        "reading.read = read\n"
    )
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])


def test_what_helpers_read_is_what_one_process_reads(helpers: Helpers) -> None:
    several = mails()
    assert read(helpers, several) == alone(several)
    assert len(helpers._helpers) == 1


def test_helpers_read_while_the_next_batch_is_fetched(helpers: Helpers) -> None:
    read(helpers, mails(10))
    begun = helpers.begin(mails(), {}, lambda: Deadline().check)
    assert helpers._helpers[0].connection.poll(PATIENCE)
    assert helpers.finish(begun) == alone(mails())


def test_an_answer_is_read_by_who_knows_the_question(helpers: Helpers) -> None:
    assert QUESTION not in read(helpers, mails())[-1].reading.new_text


def test_messages_that_follow_each_other_are_one_thread() -> None:
    several = [
        ThreadedMail(name, parents, message("")) for name, parents in (("a", ()), ("b", ()), ("c", ("a", "b")), ("d", ("x",)))
    ]
    assert sorted(threads(several)) == [[0, 1, 2], [3]]


def test_a_short_reading_starts_no_process() -> None:
    helpers = Helpers()
    read(helpers, mails(60))
    assert started(helpers) == []


def test_a_batch_of_few_is_read_here() -> None:
    helpers = Helpers()
    for number in (60, 9, 9):
        read(helpers, mails(number))
    assert started(helpers) == []


def test_a_helper_that_is_killed_costs_nothing(helpers: Helpers) -> None:
    several = mails()
    expected = alone(several)
    read(helpers, several)
    os.kill(helpers._helpers[0].process.pid, signal.SIGKILL)
    assert read(helpers, several) == expected


@pytest.mark.usefixtures("deadly")
def test_a_message_at_which_helpers_die_is_read_without_its_text_and_all_others_as_ever(helpers: Helpers) -> None:
    several = mails()
    longest = [
        ThreadedMail("<z>", (), message(f"{DEADLY}. {ASKED}")),
        *(ThreadedMail(f"<z{n}>", ("<z>",), message(ANSWERED)) for n in range(9)),
    ]
    found = read(helpers, [*several, *longest])  # a helper begins with the longest thread
    assert found[len(several)].too_complicated
    assert found[len(several)].reading.new_text == ""
    assert found[: len(several)] == alone(several)
    assert [read.too_complicated for read in found[len(several) + 1 :]] == [False] * 9


def test_where_no_process_can_be_started_all_is_read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    helpers = Helpers()
    several = mails(100)
    assert [read(helpers, several) for _ in range(2)] == [alone(several)] * 2


def test_a_process_that_is_none_of_kept_s_is_no_helper(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/true")
    helpers = Helpers()
    several = mails(100)
    assert [read(helpers, several) for _ in range(2)] == [alone(several)] * 2


def test_on_one_core_there_are_no_helpers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_helpers, "_cores", lambda: 1)
    helpers = Helpers()
    for _ in range(2):
        read(helpers, mails(100))
    assert started(helpers) == []


def test_a_helper_leaves_it_to_the_daemon_to_end_it(helpers: Helpers) -> None:
    read(helpers, mails())
    process = helpers._helpers[0].process
    process.send_signal(signal.SIGTERM)
    time.sleep(0.2)
    assert process.poll() is None
    helpers.close()
    assert process.returncode == 0


def test_a_helper_brings_neither_the_store_nor_a_connector() -> None:
    asked = "import sys, daemon.intake.reading_helper\nprint(*(m for m in ('sqlalchemy', 'pydantic', 'connectors') if m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True).stdout == "\n"


def test_a_first_reading_ends_the_processes_that_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    processes: list[reading_helpers._Helper] = []

    def start() -> reading_helpers._Helper | None:
        helper = real()
        processes.extend([helper] if helper else [])
        return helper

    real = reading_helpers._started
    monkeypatch.setattr(reading_helpers, "_started", start)
    office = Office(tmp_path)
    for _ in range(600):
        office.mail(at(0, 8), KIM, DANA, ASKED)
    with office.app() as app:
        app.begin(at(-1, 0))
        turn(only(app), at(0, 9))
        assert len(app.store.message_ids(DANA)) == 600
    assert [helper.process.returncode for helper in processes] == [0]
