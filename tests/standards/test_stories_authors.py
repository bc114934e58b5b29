"""Who wrote: what lists and addresses made suspect comes to light by the user's own mail and word, and goes nowhere else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from story import Story, judge, office, read, tell
from telling.told import DANA

from connectors.mail import Address, Relay
from daemon.assess import assess
from daemon.core import authors
from daemon.core.people import Directory
from daemon.core.timeline import timeline
from daemon.glossary.assessments import Bucket, HeldBack
from daemon.glossary.decisions import Decision, Scope, Verb
from daemon.glossary.obligations import Band, State, state

CIRCULAR = """
charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
Mon 09:00 desk@acme > [list] Which week suits you for the delivery?
Mon 10:00 now
"""


def held(story: Story) -> list[HeldBack]:
    """What was held back."""
    return [p.held for a in story.assessments for p in a.balance if p.held is not None]


def after(text: str, *decisions: Decision) -> Story:
    """The story with decisions of the user that it has no words for."""
    story = tell(text)
    firm = office(story.told)
    (dana,), directory = firm.accounts, Directory(firm)
    facts = [(m, read(story.told, dana, m)) for m in story.told.messages]
    found = tuple(
        assess(timeline(dana, c, facts, story.told.events, directory, story.now), decisions, story.now) for c in firm.clients
    )
    return replace(story, assessments=found)


def test_what_is_held_back_is_named_with_its_sender_subject_and_reason() -> None:
    (mail,) = held(tell(CIRCULAR))
    assert (mail.client, mail.sender.email) == ("Acme", "desk@acme.example")
    assert mail.subject == "Hello"
    assert "list" in mail.why


def test_a_person_wrote_this_opens_the_question_from_then_on() -> None:
    story = tell(CIRCULAR)
    word = authors.by_person(held(story)[0], story.now, DANA)
    assert word.scope is Scope.SENDER
    lifted = after(CIRCULAR, word)
    assert lifted.balance == {"open": 1}
    assert held(lifted) == []
    assert [state(o, lifted.now) for o in lifted.obligations if o.kind == "reply"] in ([State.OPEN], [State.DUE_SOON])


def test_the_word_holds_for_the_sender_and_the_kind_and_nobody_else() -> None:
    text = """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    Mon 09:00 desk@acme > [list] Which week suits you for the delivery?
    Mon 09:10 news@acme > [list] [new thread: News] Which colour do you like?
    Mon 09:20 desk@acme > [auto-submitted] [new thread: Away] I am away until Friday.
    Mon 10:00 now
    """
    story = tell(text)
    word = authors.by_person(
        next(h for h in held(story) if h.sender.email == "desk@acme.example" and h.subject == "Hello"), story.now, DANA
    )
    lifted = after(text, word)
    assert lifted.balance == {"open": 1, "held back": 2}


def test_what_came_long_before_the_word_stays_as_it_was() -> None:
    text = """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    Mon 09:00 desk@acme > [list] Which week suits you for the delivery?
    +30d Mon 09:00 desk@acme > [list] [new thread: May] Which week suits you in May?
    Mon 10:00 now
    """
    story = tell(text)
    lifted = after(text, authors.by_person(held(story)[-1], story.now, DANA))
    assert lifted.balance == {"held back": 1, "open": 1}


def test_undone_the_mail_is_held_back_again() -> None:
    story = tell(CIRCULAR)
    word = authors.by_person(held(story)[0], story.now - timedelta(minutes=5), DANA)
    undone = Decision(word.target, Verb.UNDO, story.now - timedelta(minutes=1), DANA)
    assert after(CIRCULAR, word, undone).balance == {"held back": 1}


def test_no_word_makes_a_forged_mail_or_a_bounce_a_persons() -> None:
    story = tell(
        """
        charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
        Mon 09:00 kim@acme > [dmarc fail] Can you pay this invoice today?
        Mon 09:05 mailer-daemon@acme > [new thread: Undelivered] It could not be delivered.
        Mon 10:00 now
        """
    )
    assert story.balance == {"held back": 2}
    assert [mail.key for mail in held(story)] == [None, None]


def test_a_list_mail_that_answers_the_users_own_is_a_persons() -> None:
    story = tell(
        """
        charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
        Mon 08:00 dana > [to desk@acme] Here is the plan for the delivery. Monday at 8 works best for the lift.
        Mon 09:00 desk@acme > [list] Which week suits you for the delivery?
        Mon 10:00 now
        """
    )
    assert story.balance == {"open": 1}


def test_an_automatic_answer_to_the_users_own_mail_stays_one() -> None:
    story = tell(
        """
        charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
        Mon 08:00 dana > [to desk@acme] Here is the plan for the delivery.
        Mon 09:00 desk@acme > [auto-submitted] I am out of the office until Friday. Could you write to Sam?
        Mon 10:00 now
        """
    )
    assert story.balance == {"held back": 1}


def test_an_absence_note_in_the_thread_without_any_header_stays_one() -> None:
    story = tell(
        """
        charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
        Mon 08:00 dana > [to desk@acme] Here is the plan for the delivery.
        Mon 09:00 desk@acme > [broken: Automatische Antwort: Hello] Ich bin bis 9. März nicht im Büro. Wen kann ich sonst fragen?
        Mon 10:00 now
        """
    )
    assert story.balance == {"held back": 1}


def test_a_question_by_somebody_elses_form_is_asked_about_and_not_claimed() -> None:
    story = tell(
        """
        charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
        Mon 09:00 kim@acme > Can you send me a quote for ten lockers?
        Mon 10:00 now
        """
    )
    assert story.only.band is Band.TRACKED
    relayed = [replace(m, relay=Relay(Address("noreply@hubspot.com"), own=False)) for m in story.told.messages]
    assert judge(replace(story.told, messages=relayed), story.now).only.band is Band.ASKED
    ours = [replace(m, relay=Relay(Address("noreply@northwind.example"))) for m in story.told.messages]
    assert judge(replace(story.told, messages=ours), story.now).only.band is Band.TRACKED


def test_a_mail_by_blind_copy_needs_no_answer_and_is_no_circular() -> None:
    story = tell(
        """
        charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
        Mon 09:00 kim@acme > [to a@x.example, b@x.example] Could you send me your view of the market?
        Mon 10:00 now
        """
    )
    assert story.balance == {Bucket.NO_ANSWER.value: 1}
    assert story.rules == ["the user is not among its recipients"]
