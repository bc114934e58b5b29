"""What a line says of what happened since: who asked again, what may have settled it, and what still has to come first."""

from __future__ import annotations

import pytest
from story import Story, tell

# brought along


@pytest.mark.parametrize(
    ("agreed", "brought"),
    [
        ("Thursday 12 March 9am is fine.", "I'll bring two seat fabrics along."),
        ("Perfect, Thursday 12 March at 9:00 at your yard.", "I'll have the paint cards with me."),
        ("Der 12. März um 9 Uhr passt gut.", "Zwei Stoffmuster bringe ich mit."),
        ("Donnerstag, 12. März, 9 Uhr ist notiert.", "Das Aufmaß habe ich dann dabei."),
        ("Der 12. März um 9 Uhr passt gut.", "Die Entwürfe nehme ich mit."),
    ],
)
def test_what_is_brought_to_a_meeting_is_due_when_it_begins(agreed: str, brought: str) -> None:
    story = tell(
        f"""
        charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
        Mon 10:00 dana > {agreed} {brought} [to kim@acme]
        Mon 11:00 now
        """
    )
    assert [f"{o.due:%a %H:%M}" for o in story.obligations if o.quote == brought and o.due] == ["Thu 09:00"]


@pytest.mark.parametrize(
    "words",
    [
        "Would Thursday at 9 suit you? I'll bring the plans.",
        "Your order leaves on Thursday. I'll bring this up with our carrier.",
    ],
)
def test_what_is_not_brought_to_an_agreed_meeting_has_no_time_from_it(words: str) -> None:
    story = tell(
        f"""
        charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
        Mon 10:00 dana > {words} [to kim@acme]
        Mon 11:00 now
        """
    )
    assert [o.due for o in story.obligations if "bring" in (o.quote or "") and o.due] == []


def test_whether_something_was_brought_is_asked_once_the_meeting_is_over(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Tuesday 2pm is fine. I'll bring the seat fabrics. [to kim@acme]
    Wed 09:00 now
    """
    assert {line.split(":")[0] for line in story.says} == {"Was this done?"}


# what may have settled it


@pytest.mark.parametrize("words", ["Tuesday 2pm is fine. I'll bring the seat fabrics.", "I'll come over on Tuesday at 2pm."])
def test_a_promise_is_no_sign_that_it_was_kept(words: str) -> None:
    story = tell(
        f"""
        charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
        Mon 10:00 dana > {words} [to kim@acme]
        Wed 09:00 now
        """
    )
    assert [line for line in story.says if "Possibly done already: “" in line] == []


def test_the_words_that_move_a_promise_are_no_sign_that_it_was_kept(story: Story) -> None:
    """
    charter   acme: reply 1 day, mon-fri 09:00-17:00 Europe/London
    Mon 09:00 dana > You will have the drawings of the greenhouse by Wednesday. [to kim@acme]
    Wed 10:00 dana > The drawings of the greenhouse are with our engineer, you will have the drawings by Friday.
    +5d Mon 09:00 now
    """
    assert not any("Possibly done" in line for line in story.says)


def test_a_sign_of_keeping_is_quoted_without_its_salutation(story: Story) -> None:
    """
    charter   acme: reply 1 day, mon-fri 09:00-17:00 Europe/London
    Mon 09:00 dana > Zu den Farben der Markise melde ich mich bis Dienstag. [to kim@acme]
    Tue 10:00 dana > Guten Tag Frau Kim Berger,

      die Farben der Markise stehen im neuen Katalog auf Seite neun. [new thread: Katalog]
    Wed 12:00 now
    """
    quotes = [e.quote or "" for o in story.obligations for e in o.evidence]
    assert not any(quote.startswith("Guten Tag") for quote in quotes)


# who asked again


@pytest.mark.parametrize(
    ("promise", "chaser"),
    [
        ("I'll send the hinge list by Tuesday.", "Any news on the hinge list?"),
        ("I'll send the hinge list by Tuesday.", "We are still waiting for the hinge list."),
        ("Ich schicke Ihnen die Stückliste bis Dienstag.", "Ich warte immer noch auf die Stückliste."),
    ],
)
def test_the_line_of_a_promise_says_that_the_client_asked_again(promise: str, chaser: str) -> None:
    story = tell(
        f"""
        charter   acme: reply 3 days, mon-fri 09:00-17:00 Europe/London
        Mon 09:00 dana > {promise} [to kim@acme]
        Wed 09:00 kim@acme > {chaser}
        Wed 12:00 now
        """
    )
    assert [line for line in story.says if promise in line and f"today, they: “{chaser}”" in line]


# what still has to come first


@pytest.mark.parametrize(
    "words",
    [
        "We will deliver the ovens on 27 March. Once everything has left our yard I'll send you the serial numbers.",
        "Sobald die Messe am 27. März vorbei ist, schicke ich Ihnen die Fotos.",
    ],
)
def test_what_waits_for_a_day_ahead_is_not_asked_about_before_it(words: str) -> None:
    story = tell(
        f"""
        charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
        Mon 09:00 dana > {words} [to kim@acme]
        2026-03-17 09:00 now
        """
    )
    assert not any(line.startswith("Still open?") for line in story.says)


def test_what_waits_for_no_day_is_asked_about_once(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    business  acme
    Mon 09:00 dana > Once the permit is signed I'll send you the plan of the scaffold. [to kim@acme]
    2026-03-17 09:00 now
    """
    assert any(line.startswith("Still open?") for line in story.says)


# who called


def test_a_caller_without_a_name_is_called_by_the_client(story: Story) -> None:
    """
    charter   acme: callback 1 day, mon-fri 09:00-17:00 Europe/London
    client    acme: phone +442079460018
    Mon 10:00 missed call from +44 20 7946 0018
    Mon 11:00 now
    """
    assert story.only.summary.startswith("Call back Acme (+442079460018)")
