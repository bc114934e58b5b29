"""What holds for every text: the reader never fails, says only what stands there, and quotes change nothing."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_helpers import message, received, sent

from daemon.reading import Reading, read
from daemon.reading.infer_stream import infer_stream

PIECES = st.sampled_from(
    [
        "I'll send it by Friday.",
        "Could you call me?",
        "On Tue, Kim wrote:",
        "From: Kim",
        "Sent: 3 March",
        "To: Dana",
        "Subject: quote",
        "> old",
        "-- ",
        "\n",
        "\n\n",
        "at 3pm",
        "12/31/9999",
        "in 999 weeks",
        "I am out of the office until 1 January.",
        "from 10 to 11 on Friday",
        "RSVP by the end of next month.",
        "the 31st of February",
        "?",
        "??",
        ".?",
        "\t",
        "=09",
        "\x00",
        "ß",
        "İ",
        "1:99",
        "24/7",
        "Best regards,",
        "Ich melde mich morgen.",
        "by noon on the 45th",
        "----",
        ">>>",
        "wrote:",
        "a week on",
        "half past",
        "Missed call +44",
        "(((",
        "\\",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=400), st.lists(PIECES, max_size=30).map(" ".join), st.lists(PIECES, max_size=30).map("\n".join)
)
DATES = st.datetimes(
    min_value=datetime(1, 1, 1),  # noqa: DTZ001  # the strategy adds the zone
    max_value=datetime(9999, 12, 31),  # noqa: DTZ001  # the strategy adds the zone
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=14)), timezone(-timedelta(hours=12))]),
)


@settings(max_examples=300, deadline=None)
@given(text=TEXTS, subject=TEXTS, at=DATES, direction=st.sampled_from(["sent", "received"]))
def test_no_text_makes_the_reader_fail_and_every_span_is_a_substring(
    text: str, subject: str, at: datetime, direction: str
) -> None:
    reading = read(message(text, subject=subject, date=at, direction=direction))
    for act in reading.acts:
        assert text[act.start : act.end].replace(">", " ") == act.quote.replace(
            ">", " "
        )  # marks become spaces in wholly marked mail
        assert 0 <= act.confidence <= 1
    for cut in reading.cuts:
        assert 0 <= cut.start <= cut.end <= len(text)
    assert Reading.from_json(reading.to_json()) == reading


@settings(max_examples=150, deadline=None)
@given(quoted=st.lists(PIECES.filter(lambda piece: "\n" not in piece), max_size=15))
def test_quoted_text_below_changes_nothing(quoted: list[str]) -> None:
    text = "Thanks. I'll send the drawings by Friday, could you confirm the size?"
    below = "\n\nOn Tue, 3 Mar 2026 at 09:00, Kim Lee <kim@acme.example> wrote:\n" + "\n".join(f"> {line}" for line in quoted)
    for speak in (sent, received):
        plain, with_quote = speak(text), speak(text + below)
        assert with_quote.acts == plain.acts
        assert with_quote.reply_expected == plain.reply_expected
        assert with_quote.new_text.strip() == text


HOSTILE = {
    "spaces": " " * 50_000,
    "one word": "a" * 50_000,
    "marks": "?" * 50_000,
    "quotes": ">\n" * 25_000,
    "colons": "From: " * 8_000,
    "heads": "From: a\nTo: b\n" * 3_500,
    "wrote": "On 1 wrote" * 5_000,
    "promises": "I'll " * 10_000,
    "please": "please " * 7_000,
    "digits": "1:1 " * 12_000,
    "dashes": "-" * 50_000,
    "commas": "ok, " * 12_000,
    "phones": "(1" * 25_000,
    "newlines": "\n" * 50_000,
    "one head a line": "From: a\n" * 6_000,
    "one answer a line": "On Tue wrote:\n" * 3_500,
    "orders": ", send it" * 5_500,
    "needs": "need " * 10_000,
    "denials": "don't " * 8_000,
    "between two times": "Friday " + "in the in " * 5_000 + "3pm",
    "days": "Friday " * 7_000,
    "ranges": "10 to " * 8_000,
    "asides": "3pm, as agreed, " * 3_000,
    "abbreviations": "p.m. A. Dr. No. " * 3_000,
    "events": "before the " * 4_500 + "Friday",
    "deadlines": "We need it by Friday. Could you send it? " * 1_200,
    "expectations": "expect a " * 5_500,
    "sentences": "Could you send it by Friday? I'll call you tomorrow. " * 950,
}


def seconds(text: str) -> float:
    """The quickest of four readings of it (whatever else the machine does only makes one slower), as the user's mail and as a phone system's."""
    times = []
    for _ in range(4):
        begin = time.process_time()
        sent(text)
        received(text, subject="New voicemail from +44 20 7946 0018")
        times.append(time.process_time() - begin)
    return min(times)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_time_grows_with_length_and_not_with_its_square(text: str) -> None:
    quarter, whole = seconds(text[: len(text) // 4]), seconds(text)
    assert whole < 10 * max(quarter, 0.002), f"{quarter:.4f} s for a quarter, {whole:.4f} s for the whole"


@settings(max_examples=15, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=4).map(" ".join))
def test_whatever_is_said_over_and_over_takes_time_in_proportion(piece: str) -> None:
    again = f"{piece} " * (50_000 // (len(piece) + 1))
    quarter, whole = seconds(again[: len(again) // 4]), seconds(again)
    assert whole < 10 * max(quarter, 0.004), f"{quarter:.4f} s for a quarter, {whole:.4f} s for the whole"


def test_a_line_that_is_no_message_is_named() -> None:
    good = '{"id": "1", "direction": "sent", "from": "a@b.example", "date": "2026-03-02T09:14:00+01:00", "text": "Thanks!"}'
    assert len(list(infer_stream([good, "\n", good]))) == 2
    with pytest.raises(ValueError, match="line 2"):
        list(infer_stream([good, "no object"]))
    with pytest.raises(ValueError, match=r"line 1.*from"):
        list(infer_stream(['{"id": "1", "direction": "sent", "date": "2026-03-02T09:14:00+01:00"}']))
    with pytest.raises(ValueError, match="offset"):
        list(infer_stream([good.replace("+01:00", "")]))
