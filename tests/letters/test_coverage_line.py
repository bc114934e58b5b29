"""The line that says up to when what was read: as of the moment that is asked about, in names that a person uses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from daemon.glossary.assessments import Coverage
from daemon.letters import phrases

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("mail /home/dana/Maildir", "mail"),
        ("calendar ~/calendar", "calendar"),
        ("calendar C:\\Users\\dana\\visits", "calendar visits"),
        ("mail /srv/mail/archive-2025/", "mail archive-2025"),
        ("mail imap.bakery.example (dana@bakery.example)", "mail imap.bakery.example (dana@bakery.example)"),
        ("calendar https://dav.bakery.example/dana/home/ (visits)", "calendar dav.bakery.example (visits)"),
        ("mail Microsoft 365", "mail Microsoft 365"),
    ],
)
def test_a_source_is_named_without_its_path(name: str, short: str) -> None:
    assert phrases.source(name) == short


def test_what_was_read_after_the_moment_was_not_read_then() -> None:
    assert Coverage("dana", "mail", NOON + HOUR).as_of(NOON).seen_until == NOON


def test_what_was_read_before_the_moment_stays_so() -> None:
    assert Coverage("dana", "mail", NOON - HOUR).as_of(NOON).seen_until == NOON - HOUR


def test_a_failure_after_the_moment_is_not_known_then() -> None:
    failing = Coverage("dana", "mail", NOON - HOUR, error="no answer", failed_since=NOON + HOUR)
    assert failing.as_of(NOON).error is None


def test_a_failure_before_the_moment_is_known_then() -> None:
    failing = Coverage("dana", "mail", NOON - HOUR, error="no answer", failed_since=NOON - HOUR)
    assert failing.as_of(NOON).error == "no answer"


def test_a_notice_after_the_moment_is_not_known_then() -> None:
    notices = ((NOON - HOUR, "one message was damaged"), (NOON + HOUR, "a folder was renamed"))
    assert Coverage("dana", "mail", NOON, notices=notices).as_of(NOON).notices == notices[:1]
