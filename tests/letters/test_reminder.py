"""Reminders, drafts and agendas: they carry what helps, and nothing that is not known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import invented
import pytest
from invented import at, owed
from letter_checks import NASTY, harmless, same_as_golden

from connectors.calendar import Busy
from daemon.core import hours
from daemon.glossary import gaps
from daemon.glossary.assessments import Assessment
from daemon.glossary.charter import Charter
from daemon.glossary.obligations import Evidence, Kind, Obligation, SourceType, Strength
from daemon.letters import Letter, agenda, reminder
from daemon.letters.lines import LineFormatter
from daemon.letters.reminder import Suggestion

NOW = at("03-04 13:45")
ACME, BIRCH = invented.OFFICE.clients[:2]


def free(*moments: str) -> tuple[Busy, ...]:
    return tuple(Busy(at(moment), at(moment) + timedelta(minutes=30)) for moment in moments)


TO_FILL_IN = f"Hello Kim,\n\n> Can you send the revised quote?\n{gaps.ENGLISH}\n"
NUMBER = "+44 20 7946 0018"
FREE = free("03-04 15:30", "03-05 10:00", "03-06 09:30", "03-06 14:00")


def question(**more: Any) -> Obligation:
    values: dict[str, Any] = {"subject": "Re: Quote 2231", "asks": ("Can you send the revised quote?", "Any news?")} | more
    return owed("Acme Ltd", "kim.lane", "Can you send the revised quote?", "03-04 12:10", "03-04 14:10", **values)


def price() -> Obligation:
    return question(quote="Is the price still the same?", asks=("Is the price still the same?",))


def installation() -> Obligation:
    return owed("Birch & Co", "sam", "Could we move the installation?", "03-03 16:52", "03-04 16:52", subject="Installation date")


def write(
    obligations: Sequence[Obligation],
    stages: Sequence[str] | None = None,
    slots: Mapping[str, Sequence[Busy]] | None = None,
    drafts: Mapping[str, str] | None = None,
    now: datetime = NOW,
    hints: Callable[[Obligation], Sequence[Suggestion]] = lambda _o: (),
    number: str = "",
) -> Letter:
    default = ["overdue" if o.due and o.due < now else "due_soon" for o in obligations]
    formatter = LineFormatter(invented.DANA, invented.links, now, number_of=lambda _o: number)
    return reminder.reminder(
        formatter, obligations, stages or default, lambda o: (slots or {}).get(o.client, ()), drafts or {}, hints
    )


def test_of_a_promise_of_theirs_it_is_said_that_they_are_late() -> None:
    formatter, ours = LineFormatter(invented.DANA, invented.links, NOW), replace(question(), due=at("03-02 13:45"))
    said = formatter.status(ours)
    assert said.endswith("late")
    assert formatter.status(replace(ours, kind=Kind.WAITING_FOR)) == f"they are {said}"


def flat(letter: Letter) -> str:
    return " ".join(letter.text.split())


def test_a_reminder_reads_as_it_was_looked_at() -> None:
    late = owed(
        "Delta Marine",
        "piet.verhoeven",
        "you'll have the drawings by noon",
        "03-02 10:12",
        "03-04 12:00",
        Kind.PROMISE,
        subject="Drawings",
    )
    slots = {"Acme Ltd": FREE, "Birch & Co": FREE, "Delta Marine": FREE[1:]}
    things = [question(), installation(), late]
    same_as_golden("reminder", write(things, slots=slots, drafts={things[0].key: TO_FILL_IN}))


def test_one_thing_stands_in_the_subject() -> None:
    assert write([question()]).subject == "Acme Ltd: an answer is due today 14:10: “Can you send the revised quote?”"
    late = write([question()], now=at("03-04 15:00"))
    assert late.subject == "Acme Ltd: an answer was due today 14:10: “Can you send the revised quote?”"


def test_several_things_are_counted_by_stage() -> None:
    letter = write([question(), installation()], now=at("03-04 15:55"))
    assert letter.subject == "1 overdue, 1 due soon: Acme Ltd and Birch & Co"


def test_it_says_how_much_working_time_is_left_or_over() -> None:
    assert flat(write([question()])).startswith("Answer Kim Lane (Acme Ltd) by 14:10. 25 min left; they asked today 12:10.")
    late = flat(write([question()], now=at("03-04 15:00")))
    assert late.startswith("Answer Kim Lane (Acme Ltd): it was due today 14:10. 50 min late; they asked today 12:10.")


def test_who_asked_again_is_the_reason_why_it_comes_now() -> None:
    again = Evidence(SourceType.MESSAGE, "<again@acme.example>", at("03-04 13:30"), "Any news?")
    assert write([question(evidence=(again,))]).text.splitlines()[1] == "25 min left; they asked again today 13:30."


def test_a_call_that_is_owed_comes_with_the_number_to_call() -> None:
    call = owed("Birch & Co", "sam", "Can you ring me?", "03-03 16:52", "03-04 16:52", Kind.CALLBACK, asks=("Can you ring me?",))
    text = write([call], number="+44 20 7946 0018").text
    assert text.startswith("Call Sam (Birch & Co) on +44 20 7946 0018 by 16:52.\n")


def a_missed_call(words: str) -> str:
    call = owed(
        "Elm Street Bakery", "info", words, "03-03 17:05", "03-04 17:05", Kind.CALLBACK, subject="Voicemail", asks=(words,)
    )
    return write([replace(call, contact="+442079460018", contact_name="")]).text.partition("To settle")[0]


def test_the_notice_of_a_missed_call_does_not_repeat_the_number_that_is_to_be_called() -> None:
    assert "Missed call" not in a_missed_call("Missed call from 020 7946 0018")
    assert "+44 20 7946 0018" in a_missed_call("Missed call from 020 7946 0018"), "the task names it"
    assert "The line has stopped, please ring 020 7946 0018" in a_missed_call("The line has stopped, please ring 020 7946 0018")
    assert "Missed call from 020 7946 0455" in a_missed_call("Missed call from 020 7946 0455")


def test_what_was_promised_is_done_and_not_answered() -> None:
    promise = owed("Delta Marine", "piet", "you'll have the drawings by noon", "03-02 10:12", "03-04 17:00", Kind.PROMISE)
    text = flat(write([promise], slots={"Delta Marine": FREE}))
    assert text.startswith("Do what you promised Piet (Delta Marine) by 17:00. 3 working hours left; you promised it Mon 2 Mar.")
    assert "You have time for it today 15:30–16:00." in text


def test_what_may_have_settled_it_is_not_told_as_news() -> None:
    meeting = Evidence(SourceType.EVENT, "uid", at("03-04 11:00"), "Artwork", Strength.WEAK)
    assert "Possibly done already: “Artwork”, today 11:00" in flat(write([replace(installation(), evidence=(meeting,))]))


def test_it_tells_what_came_since_in_two_lines() -> None:
    sign = Evidence(SourceType.MESSAGE, "<later@northwind.example>", at("03-04 13:00"), "I'm on it")
    text = flat(write([question(evidence=(sign,))]))
    assert "also asked: “Any news?”" in text
    assert "today 13:00: “I'm on it”" in text


def test_it_offers_three_times_the_user_is_free() -> None:
    thing = replace(price(), due=at("03-06 17:30"))
    text = flat(write([thing], slots={"Acme Ltd": FREE}, number=NUMBER))
    called = f"If a call is quicker (Kim Lane, {NUMBER}), you are free"
    assert f"{called} today 15:30–16:00, tomorrow 10:00–10:30 or Fri 6 Mar 09:30–10:00." in text


def test_a_call_is_no_quicker_without_a_number_or_where_a_document_is_asked_for() -> None:
    slots = {"Acme Ltd": FREE}
    late = at("03-06 17:30")
    assert "call" not in write([replace(price(), due=late)], slots=slots).text
    assert "a call" not in write([replace(question(), due=late)], slots=slots, number=NUMBER).text
    for words in ("Have you got photos of the line?", "Könnten Sie mir das Datenblatt schicken?", "Where is the invoice?"):
        thing = replace(price(), due=late, quote=words, asks=(words,))
        assert "a call" not in write([thing], slots=slots, number=NUMBER).text, words


def test_a_time_that_ends_when_an_answer_is_due_is_no_help() -> None:
    slots = {"Acme Ltd": FREE}
    assert "you are free" not in write([replace(price(), due=FREE[0].end)], slots=slots, number=NUMBER).text
    call = replace(price(), due=FREE[0].end, kind=Kind.CALLBACK)
    assert "You are free to call today 15:30–16:00." in flat(write([call], slots=slots, number=NUMBER))


def test_of_what_is_not_late_yet_no_later_time_is_offered() -> None:
    slots, late = {"Acme Ltd": FREE}, replace(price(), due=at("03-04 09:30"))
    assert "you are free" not in flat(write([price()], slots=slots, number=NUMBER))
    assert "you are free today 15:30" in flat(write([late], slots=slots, number=NUMBER))


def test_without_a_readable_calendar_no_time_is_offered() -> None:
    assert "free" not in write([question()]).text


def test_the_same_times_are_said_once() -> None:
    calls = [replace(o, kind=Kind.CALLBACK) for o in (price(), installation())]
    letter = write(calls, slots={"Acme Ltd": FREE, "Birch & Co": FREE})
    assert letter.text.count("You are free") == letter.html.count("You are free") == 1


def drafted(text: str) -> str:
    return flat(write([question()], drafts={question().key: text}))


def test_a_draft_is_only_spoken_of_where_there_is_one() -> None:
    assert "draft" not in write([question()]).text


def test_a_draft_that_lacks_the_answer_is_one_to_fill_in() -> None:
    assert "A draft to fill in is in your Drafts folder, in the same thread." in drafted(TO_FILL_IN)
    assert "A draft to fill in" in drafted(f"Hello Kim,\n\nThursday at 10:00 works for me.\n\n> And the price?\n{gaps.GERMAN}\n")
    assert "draft reply is ready" not in drafted(TO_FILL_IN)


def test_a_draft_is_ready_where_its_answers_are_filled_in() -> None:
    ready = "A draft reply is ready in your Drafts folder, in the same thread"
    assert f"{ready}." in drafted("Hello Kim,\n\n> Would Thursday at 10 work?\nThursday 5 March at 10:00 works for me.\n")
    assert f"{ready}." in drafted("Hello Kim,\n\n> You sent “[your answer]”?\nSorry, nine days.\n"), "the gap is in their words"
    assert f"{ready}: attach the file to it." in drafted(f"As promised, I attach the quote. {gaps.ATTACH_ENGLISH}\n")


@pytest.mark.parametrize("text", NASTY)
def test_hostile_words_do_nothing_in_a_reminder(text: str) -> None:
    sign = Evidence(SourceType.MESSAGE, text, at("03-04 13:00"), text)
    things = [
        question(quote=text, asks=(text, text), subject=text, evidence=(sign,)),
        replace(installation(), client=text, contact=text),
    ]
    harmless(write(things))
    harmless(write(things[:1]))


# suggestions


def test_a_reminder_brings_what_was_answered_before_with_where_it_stands() -> None:
    earlier = Suggestion("Delivery times", "Nine working days from Leeds.", "", "to Birch & Co", at("02-03 10:00"))
    pointer = Suggestion("Price list", "", "https://northwind.example/prices.pdf", "resources.yaml, line 12")
    said = flat(write([question()], hints=lambda _o: (pointer, earlier)))
    assert "Price list: https://northwind.example/prices.pdf (resources.yaml, line 12)" in said
    assert "An earlier answer of yours (to Birch & Co, Tue 3 Feb, “Delivery times”): “Nine working days from Leeds.”" in said


def test_a_reminder_points_out_a_tag_with_what_would_make_it_useful() -> None:
    tag = Evidence(SourceType.MESSAGE, "<tag@northwind.example>", at("03-03 10:00"), "I will get back to you")
    said = flat(write([replace(question(), empty=tag)], slots={"Acme Ltd": FREE}))
    assert "“I will get back to you”, gave no date. Give one, such as today 15:30" in said


def test_a_reminder_points_out_a_reply_that_left_with_a_gap_and_says_it_once() -> None:
    gap = Evidence(SourceType.MESSAGE, "<gap@northwind.example>", at("03-04 13:30"), "[your answer]")
    o = replace(question(), empty=gap)
    letter = write([o], stages=["gap"])
    assert letter.subject.startswith("Acme Ltd: your reply was sent with “[your answer]” in it: ")
    assert "Your reply (today 13:30) was sent with “[your answer]” in it: the answer is still missing." in flat(letter)
    both = write([o, o], stages=["overdue", "gap"])
    assert flat(both).count("the answer is still missing") == 1
    assert write([o, installation()], stages=["gap", "overdue"]).subject.startswith("1 overdue, 1 sent with a gap:")


def test_a_reminder_lists_each_open_ask_in_their_words() -> None:
    asks = ("Can you send it?", "And the drawings?", "Which size?", "Any news?")
    said = flat(write([replace(question(), quote=asks[0], asks=asks)]))
    assert all(f"“{ask}”" in said for ask in asks)


# agendas


def delivered() -> Assessment:
    kept = [
        owed("Birch & Co", "sam", f"Question {n}?", "02-10 10:00", "02-10 12:00", closed=at("02-10 11:00")) for n in range(14)
    ]
    late = owed("Birch & Co", "sam", "And the lids?", "02-11 10:00", "02-11 12:00", closed=at("02-11 15:00"))
    missed = owed("Birch & Co", "sam", "I'll call you", "02-09 10:00", "02-09 12:00", Kind.CALLBACK)
    waived = replace(owed("Birch & Co", "sam", "Thanks?", "02-12 10:00", "02-12 12:00", closed=at("02-12 11:00")), waived=True)
    before = owed("Birch & Co", "sam", "Long ago?", "01-12 10:00", "01-12 12:00", closed=at("01-12 11:00"), counts=False)
    return Assessment(invented.DANA.address, "Birch & Co", NOW, (*kept, late, missed, waived, before, installation()), ())


def an_agenda(
    assessment: Assessment, charter: Charter = invented.CHARTER, *, figures: bool = True, length: timedelta = timedelta(hours=1)
) -> Letter:
    return agenda.review_agenda(invented.DANA, BIRCH, assessment, charter, length, NOW, figures=figures)


def test_an_agenda_reads_as_it_was_looked_at() -> None:
    same_as_golden("agenda", an_agenda(delivered(), replace(invented.CHARTER, since=at("02-01 00:00"))))


def test_an_agenda_of_topics_leaves_it_to_the_user_to_say_what_was_late() -> None:
    text = an_agenda(delivered(), figures=False).text
    assert "How it has been for you" in text
    assert "Your emails are answered within 2 working hours" in text
    for word in ("late", "not done", "still open", "on time", "14"):
        assert word not in text


@pytest.mark.parametrize(
    ("minutes", "words"), [(30, "Half an hour to"), (45, "45 minutes to"), (60, "An hour to"), (90, "An hour and a half to")]
)
def test_an_agenda_is_as_long_as_its_meeting(minutes: int, words: str) -> None:
    assert an_agenda(delivered(), length=timedelta(minutes=minutes)).text.startswith(words)


def test_an_agenda_counts_what_was_delivered_with_nothing_hidden() -> None:
    text = an_agenda(delivered()).text
    assert "Emails answered: 14 on time, 1 late, 1 still open" in text
    assert "Calls returned: 1 not done" in text
    assert "Your emails are answered within 2 working hours" in text


def test_an_agenda_counts_from_the_last_review() -> None:
    held = owed("Birch & Co", "sam", None, "01-20 10:00", "02-10 18:00", Kind.REVIEW, closed=at("02-10 17:00"))
    text = an_agenda(replace(delivered(), obligations=(*delivered().obligations, held))).text
    assert "since 10 February" in text
    assert "Emails answered: 1 late, 1 still open" in text


def test_an_agenda_quotes_nobody_and_speaks_no_office_words() -> None:
    letter = an_agenda(delivered())
    for word in ("Question", "installation", "“", "infraction", "overdue", "missed", "waived", "Kept", "kept"):
        assert word not in letter.text.replace("Promises kept", "")
    assert "mailto:" not in letter.html


def test_an_agenda_without_history_or_charter_still_makes_sense() -> None:
    text = an_agenda(Assessment(invented.DANA.address, "Birch & Co", NOW, (), ()), Charter()).text
    assert "Nothing in writing yet" in text
    assert "Let us go through it together" in text


def test_the_same_agenda_is_the_same_bytes() -> None:
    turned = replace(delivered(), obligations=delivered().obligations[::-1])
    assert an_agenda(turned) == an_agenda(delivered())


@pytest.mark.parametrize(
    ("allowance", "standard"),
    [
        ("90m", "within 90 working minutes"),
        ("1 day", "within 1 working day"),
        ("2 clock hours", "within 2 clock hours"),
        ("2 clock days", "within 48 clock hours"),
    ],
)
def test_standards_are_said_in_words(allowance: str, standard: str) -> None:
    charter = Charter({"reply": hours.parse_allowance(allowance)})
    assert standard in an_agenda(delivered(), charter).text
