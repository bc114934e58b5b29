"""Stories: what settles a promise or a question although no mail says so in its words: a call, an invitation, the thread's next mail."""

from __future__ import annotations

import pytest
from story import Story, tell

_ACME = (
    "charter   acme: reply 1 day, callback 1 day, next_step off, review off, feedback off, mon-fri 08:00-17:00 Europe/Berlin\n"
)


def told(*lines: str) -> Story:
    return tell(_ACME + "\n".join(lines))


def still_open(story: Story, *kinds: str) -> list[str]:
    """The words of what is open of some kinds."""
    return [o.quote or "" for o in story.open if o.kind.value in kinds]


def promised(words: str, *then: str, asked: str = "Which roof tiles do you have, and what do they cost?") -> list[str]:
    """The user's promises that are open on Friday, after words on Monday and what happened then."""
    story = told(f"Mon 09:00 kim@acme > {asked}", f"Mon 10:00 dana > {words}", *then, "2026-03-06 09:00 now")
    return still_open(story, "promise", "callback")


# --- the next mail of the thread ---


@pytest.mark.parametrize(
    ("words", "then"),
    [
        ("You'll have it by Wednesday.", "Here is our quotation, delivery included. [attach: Quotation 113.pdf]"),
        ("You will have it by Tuesday, 3 March.", "The figures are attached, travel included. [attach: Figures.pdf]"),
        ("Ich spreche mit dem Meister und komme bis Mittwoch auf Sie zu.", "Möglich wäre der 12. oder der 14. Welcher Tag passt Ihnen?"),
        ("Dazu melde ich mich bis morgen Abend.", "Acht Prozent ab 200 Stück, zwölf ab 500."),
        ("I will let you know by Tuesday.", "420 a square metre, fitting included. Shall I reserve some?"),
    ],
)  # fmt: skip
def test_what_was_promised_comes_with_the_next_mail_of_the_thread(words: str, then: str) -> None:
    assert promised(words, f"Tue 10:00 dana > {then}") == []


@pytest.mark.parametrize(
    ("words", "then"),
    [
        ("I will let you know by Tuesday.", "By the way, which colour would you like?"),
        ("I'll send the lease by Tuesday.", "The scaffolding is insured, too."),
        ("You'll get the floor plan by Wednesday.", "You'll get the floor plan on Thursday at the latest."),
    ],
)
def test_a_question_another_matter_or_the_promise_once_more_is_not_what_was_promised(words: str, then: str) -> None:
    assert len(promised(words, f"Tue 10:00 dana > {then}")) == 1


def test_of_two_promises_a_mail_keeps_the_one_that_it_names() -> None:
    words = "I'll send the lease on Tuesday, and I'll get back to you about the price on Wednesday."
    assert promised(words, "Tue 10:00 dana > The lease is attached. [attach: lease.pdf]") == [
        "and I'll get back to you about the price on Wednesday."
    ]


# --- a talk ---


@pytest.mark.parametrize(
    "then",
    [
        "Wed 15:00-15:20 meeting with kim@acme: Call about the roof tiles",
        "Wed 16:00 kim@acme > Thanks for calling, that clears it up.",
        "Wed 16:00 kim@acme > Danke für Ihren Anruf, dann machen wir es so.",
        "Wed 16:00 kim@acme > Alles klar, dann so wie vorhin am Telefon besprochen.",
    ],
)
def test_an_answer_that_was_promised_is_given_in_a_talk(then: str) -> None:
    assert promised("Let me ask our broker, I'll get back to you on Tuesday.", then) == []


@pytest.mark.parametrize(
    "then",
    [
        "Wed 15:00-15:20 meeting with kim@acme: Garden party",
        "Wed 15:00-15:20 meeting with pat@globex: Call about the roof tiles",
        "Wed 16:00 kim@acme > Thanks. Please call me before you order anything.",
    ],
)
def test_a_talk_with_others_about_another_matter_or_only_wished_for_gives_no_answer(then: str) -> None:
    assert promised("Let me ask our broker, I'll get back to you on Tuesday.", then) != []


def test_a_document_is_not_handed_over_in_a_call() -> None:
    assert promised("I'll send you the policy on Tuesday.", "Wed 15:00-15:20 meeting with kim@acme: Call about tiles") != []


def test_a_call_a_day_late_is_late() -> None:
    story = told(
        "Mon 09:00 kim@acme > Kannst du mich wegen der Torte anrufen?",
        "Mon 10:00 dana > Bin in der Backstube, ich ruf dich morgen um 10 an.",
        "Wed 11:00-11:15 meeting with kim@acme: Telefonat Torte",
        "Thu 09:00 now",
    )
    assert story.states == ["callback kept", "callback kept_late"]  # asked for and given a time in time; made a day late


_THURSDAY = "Does Thursday at 3 suit you?"

# --- an invitation, and what is brought to a meeting ---


@pytest.mark.parametrize(
    "words",
    [
        "Thursday at 3 is good. I'll send a calendar invite shortly.",
        "Thursday at 3 works, I'll put it in your calendar today.",
        "Ja, Donnerstag um drei passt, die Einladung schicke ich Ihnen heute noch.",
        "Ja, das passt. Den Teams-Link schicke ich heute noch.",
    ],
)
@pytest.mark.parametrize("made", ["2026-03-02 09:50", "2026-03-02 10:20"])
def test_an_event_made_with_that_guest_is_the_invitation(words: str, made: str) -> None:
    assert promised(words, f"2026-03-12 15:00-15:30 meeting with kim@acme: Tasting [booked {made}]", asked=_THURSDAY) == []


@pytest.mark.parametrize(
    "event",
    ["meeting with pat@globex: Tasting", "meeting: Tasting with Acme"],
)
def test_an_event_without_that_guest_is_no_invitation(event: str) -> None:
    words = "Thursday at 3 is good. I'll send a calendar invite shortly."
    assert promised(words, f"2026-03-12 15:00-15:30 {event} [booked 2026-03-02 10:20]", asked=_THURSDAY) != []


def test_a_tender_is_not_answered_by_an_event() -> None:
    words = "Yes. We will answer your invitation to tender by Tuesday."
    assert promised(words, "2026-03-12 15:00-15:30 meeting with kim@acme: Walk-through [booked 2026-03-02 11:00]") != []


def test_what_is_brought_along_is_due_at_the_meeting_and_over_with_it() -> None:
    story = told(
        "Mon 09:00 kim@acme > Could you show us fabrics?",
        "Mon 10:00 dana > I'll bring three fabric samples along.",
        "Thu 10:00-11:00 meeting with kim@acme: Curtains [booked 2026-03-02 10:05]",
        "Fri 09:00 now",
    )
    assert story.at("Wed 09:00").of("promise") == ["Thu 5 open"]
    assert story.of("promise") == ["Thu 5 kept"]


def test_in_a_minute_is_within_the_hour() -> None:
    story = told(
        "Mon 09:00 kim@acme > Can you send the door code?",
        "Mon 10:00 dana > I'll send it in a minute.",
        "Mon 10:25 dana > The door code is 5512. [attach: code.pdf]",
        "Mon 12:00 now",
    )
    assert story.of("promise") == ["Mon 2 kept"]


# --- what the client says ---


@pytest.mark.parametrize("words", ["is da, passt, merci", "Arrived this morning, works like a charm.", "sind schon da 👍"])
def test_the_clients_word_that_it_came_settles_it(words: str) -> None:
    assert promised("Ja, der Mixer geht heute noch raus.", f"Tue 10:00 kim@acme > {words}") == []


@pytest.mark.parametrize(
    "words",
    [
        "ist da noch eine anleitung dabei?",
        "Ich bin da bis vier, danach bitte beim Nachbarn abgeben.",
        "Die alten sind da, aber die neuen fehlen.",
        "Rechnung ist eingegangen.",
    ],
)
def test_words_like_it_do_not(words: str) -> None:
    assert "Ja, der Mixer geht heute noch raus." in promised(
        "Ja, der Mixer geht heute noch raus.", f"Tue 10:00 kim@acme > {words}"
    )


def test_the_promise_of_another_shipment_weeks_later_is_another_one() -> None:
    story = told(
        "Mon 09:00 kim@acme > Hast du eine Ersatzpumpe? [new thread: Pumpe]",
        "Mon 10:00 dana > Ja, geht heute noch per Kurier raus.",
        "2026-03-23 09:00 kim@acme > Bitte auch den großen Filter. [new thread: Filter]",
        "2026-03-23 10:00 dana > Der Filter geht morgen per Kurier raus.",
        "2026-03-23 12:00 now",
    )
    assert story.of("promise") == ["Mon 2 missed", "Tue 24 open"]


@pytest.mark.parametrize(
    ("words", "asks"),
    [("Great. Everything is fine here.", True), ("Thanks, no rush.", False), ("I am still waiting for it.", False)],
)
def test_a_conversation_that_goes_on_without_it_is_a_sign_that_it_was_done(words: str, asks: bool) -> None:
    story = told(
        "Mon 09:00 kim@acme > When can the movers come?",
        "Mon 10:00 dana > I'll send you the schedule tomorrow.",
        "Wed 09:00 dana > Kim, the piano is insured, by the way.",
        f"Thu 09:00 kim@acme > {words}",
        "Fri 09:00 now",
    )
    (promise,) = (o for o in story.open if o.kind.value == "promise")
    assert any(e.strength.value == "weak" for e in promise.evidence) is asks


# --- what the user waits for ---


def awaited(words: str, *then: str) -> list[str]:
    story = told("Mon 08:00 dana > Guten Tag, our offer is attached. [to kim@acme] [attach: offer.pdf]", f"Mon 09:00 kim@acme > {words}", *then, "2026-03-06 09:00 now")  # fmt: skip
    return still_open(story, "waiting_for")


@pytest.mark.parametrize(
    ("words", "then"),
    [
        ("Great, PO will follow by Wednesday.", "PO attached. Shout if there's a problem. [attach: PO_8812.pdf]"),
        ("Danke, AB kommt bis Mittwoch.", "AB anbei. [attach: AB-7731.pdf]"),
        ("You'll have it by Wednesday.", "As promised. [attach: Plan.pdf]"),
    ],
)
def test_what_comes_under_its_abbreviation_is_not_waited_for_any_more(words: str, then: str) -> None:
    assert awaited(words, f"Wed 10:00 kim@acme > {then}") == []


def test_another_document_leaves_the_wait_open() -> None:
    then = "Wed 10:00 kim@acme > Photos of the hall attached, so you see the space. [attach: hall.pdf]"
    assert awaited("Great, PO will follow by Wednesday.", then) == ["Great, PO will follow by Wednesday."]


def test_a_document_that_comes_is_waited_for_and_a_season_is_not() -> None:
    assert awaited("Passt. Die Unterschrift folgt bis Montag.") == ["Die Unterschrift folgt bis Montag."]
    assert awaited("Danke. Der Winter kommt nächste Woche!") == []


# --- a question ---


def unanswered(*lines: str) -> list[str]:
    return still_open(told(*lines, "2026-03-04 09:00 now"), "reply")


_SAM = "Mon 08:30 sam@acme > Is the paint washable? [new thread: Paint]"


@pytest.mark.parametrize(
    "words",
    [
        "Hi Kim, the ladder is in the shed. Sam, yes, the paint is washable. [to kim@acme] [cc sam@acme]",
        "Hi Kim, the ladder is in the shed. And @Sam: no, that paint is not. [to kim@acme] [cc sam@acme]",
    ],
)
def test_somebody_on_copy_is_answered_by_name(words: str) -> None:
    assert unanswered(_SAM, f"Mon 10:00 dana > {words} [new thread: Ladder]") == []


@pytest.mark.parametrize(
    "words",
    [
        "Hi Kim, the ladder is in the shed. [to kim@acme] [cc sam@acme]",
        "Hi Kim, the ladder is in the shed. Sam, thank you for the biscuits. [to kim@acme] [cc sam@acme]",
        "Hi Kim, the ladder is in the shed. Please tell Sam I said hello. [to kim@acme] [cc sam@acme]",
        "Hi Kim, the ladder is in the shed. Sam, yes, the paint is washable. [to kim@acme]",
    ],
)
def test_being_on_copy_being_named_or_not_reading_it_is_no_answer(words: str) -> None:
    assert unanswered(_SAM, f"Mon 10:00 dana > {words} [new thread: Ladder]") == ["Is the paint washable?"]


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("Please book two rooms with a sea view.", "Two rooms with sea view are booked."),
        ("Bitte reservieren Sie einen Tisch für acht Personen.", "Gern, der Tisch für acht Personen ist reserviert."),
        ("Please bring samples of the oak floor.", "Perfect, I'll have the oak samples with me."),
        ("Bitte zwei Gärtner für Dienstag einplanen.", "Ist notiert, zwei Gärtner sind eingeplant."),
        ("Bitte reichen Sie die Unterlagen ein. Einreichungsfrist ist der 20. März.", "Danke. Die Unterlagen gehen Ihnen fristgerecht zu."),
        ("Please submit your tender. The closing date is 20 March, noon.", "Thank you. You will receive our tender before the closing date."),
    ],
)  # fmt: skip
def test_what_is_arranged_or_comes_in_the_clients_time_is_answered(asked: str, answered: str) -> None:
    assert unanswered(f"Mon 09:00 kim@acme > {asked}", f"Mon 10:00 dana > {answered}") == []


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("Bitte reservieren Sie einen Tisch für acht Personen.", "Vielen Dank, Ihre Anfrage ist notiert."),
        ("Please add the second driver to the policy.", "Noted, thanks."),
        ("Bitte schicken Sie die Unterlagen.", "Vielen Dank. Das geht Ihnen rechtzeitig zu."),
    ],
)
def test_what_is_only_noted_or_has_no_time_is_not(asked: str, answered: str) -> None:
    assert unanswered(f"Mon 09:00 kim@acme > {asked}", f"Mon 10:00 dana > {answered}") == [asked]


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("Price list attached, drawings to follow.", "overdue"),
        ("Anbei die Preisliste, die drawings folgen.", "overdue"),
        ("Price list and drawings attached. Samples to follow.", "kept"),
    ],
)
def test_of_two_documents_the_one_that_is_to_follow_is_still_owed(words: str, state: str) -> None:
    lines = (
        "Mon 09:00 dana > I'll send you the price list and the drawings by Wednesday. [to kim@acme]",
        f"Tue 10:00 dana > {words} [attach: documents.pdf]",
    )
    assert tell("\n".join(("charter   acme: reply 4h", *lines, "Thu 10:00 now"))).of("promise") == [f"Wed 4 {state}"]


@pytest.mark.parametrize("words", ["Done!", "Hi Kim, done.", "Ist erledigt.", "All sorted, Kim."])
def test_done_is_an_answer_to_who_asked_for_a_deed(words: str) -> None:
    lines = f"Mon 09:00 kim@acme > Could you update the delivery address?\nMon 10:00 dana > {words}\nMon 15:00 now"
    assert tell(f"charter   acme: reply 4h\n{lines}\n").states == ["reply kept"]
