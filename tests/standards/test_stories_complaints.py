"""Stories: a client who reports that something of ours is wrong waits for an answer, although nothing is asked."""

from __future__ import annotations

import pytest
from story import tell

from daemon.glossary.obligations import Band


def _band(words: str) -> list[Band]:
    return [o.band for o in tell(f"charter   acme: reply 2h\nMon 09:00 kim@acme > {words}\nMon 10:00 now\n").obligations]


@pytest.mark.parametrize(
    "words",
    [
        "The machine you delivered is leaking again.",
        "Two pallets are missing from today's delivery.",
        "Three boxes were damaged.",
        "Die Rechnung ist falsch.",
        "Bei der Lieferung von gestern fehlen die Kalibrierscheine.",
    ],
)
def test_a_complaint_of_what_we_sent_or_did_is_owed_an_answer(words: str) -> None:
    assert _band(words) == [Band.TRACKED]


@pytest.mark.parametrize(
    "words", ["Unfortunately the label printer is down.", "Our server is down today, so I could not read your mail."]
)
def test_what_may_be_their_own_trouble_is_asked_about(words: str) -> None:
    assert _band(words) == [Band.ASKED]
