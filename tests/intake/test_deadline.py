"""A message that takes too long to read: a person sees it among what could not be read, and everything else is read."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from office import DANA, KIM, Office

from daemon.glossary.assessments import Bucket
from daemon.intake import mail_reader
from daemon.intake.deadline import Deadline, TooComplicatedError
from daemon.reading import reader
from daemon.reading.languages.detection import detect
from daemon.reading.languages.language import Language

SLOW = "Can you read this slowly?"
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def busy(seconds: float) -> None:
    began = time.thread_time()
    while time.thread_time() - began < seconds:
        sum(range(1000))


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """One mail takes longer than its time, in a step of the reader between two checks."""

    def slowly(text: str, earlier: tuple[str, ...] = ()) -> Language | None:
        if SLOW in text:
            busy(0.4)
        return detect(text, earlier)

    monkeypatch.setattr(reader, "detect", slowly)
    monkeypatch.setattr(mail_reader, "Deadline", partial(Deadline, 0.3))


def turned(office: Office) -> dict[str, tuple[Bucket, str]]:
    """Have the daemon turn in a thread of its own, as it does. Return the bucket and the rule of each mail by its name."""
    placed: dict[str, tuple[Bucket, str]] = {}

    def turn() -> None:
        office.live(NOW)
        with office.app() as app:
            for assessment in app.assessments(NOW):
                placed.update({p.message_id.strip("<").partition("@")[0]: (p.bucket, p.rule) for p in assessment.balance})

    thread = threading.Thread(target=turn)
    thread.start()
    thread.join()
    return placed


@pytest.mark.usefixtures("slow")
def test_a_clients_mail_that_takes_too_long_is_unread_and_the_others_are_read(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.mail(datetime(2026, 3, 2, 9, tzinfo=UTC), KIM, DANA, SLOW, name="slow")
    office.mail(datetime(2026, 3, 2, 10, tzinfo=UTC), KIM, DANA, "Can you send me the quote?", subject="Other", name="quick")
    placed = turned(office)
    assert placed["slow"] == (Bucket.UNREAD, "could not be read: too complicated")
    assert placed["quick"][0] is Bucket.OPEN


def test_the_time_of_a_message_is_that_of_its_own_thread() -> None:
    mine = Deadline(seconds=0.1)
    other = threading.Thread(target=busy, args=(0.3,))
    other.start()
    other.join()
    mine.check()
    busy(0.15)
    with pytest.raises(TooComplicatedError):
        mine.check()
