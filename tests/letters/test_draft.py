"""Draft replies: in the right thread and language, as the user writes, with one gap a question and nothing that is not known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import invented
import pytest
from draft_stories import drafted
from invented import at, owed
from letter_checks import NASTY, same_as_golden

from connectors.calendar import Busy
from daemon.glossary import gaps
from daemon.glossary.advice import SuggestedAnswer
from daemon.glossary.charter import WorkingHours
from daemon.glossary.obligations import Ask, Obligation
from daemon.letters import Letter, draft
from daemon.letters.draft import DraftReply, Known
from daemon.letters.habits import documents

NOW = at("03-04 13:45")
ACME = invented.OFFICE.clients[0]
FREE = tuple(Busy(at(m), at(m) + timedelta(minutes=30)) for m in ("03-04 15:30", "03-05 10:00", "03-06 09:30", "03-06 14:00"))
CHARTER = "charter   acme: reply 4h, mon-fri 09:00-17:00 Europe/London\n"


def question(**more: Any) -> Obligation:
    values: dict[str, Any] = {"subject": "Re: Quote 2231", "asks": ("Can you send the revised quote?", "Any news?")} | more
    return owed("Acme Ltd", "kim.lane", "Can you send the revised quote?", "03-04 12:10", "03-04 14:10", **values)


def answer(o: Obligation, slots: Sequence[Busy] = FREE, now: datetime = NOW, known: Known = draft.NOTHING) -> DraftReply:
    return draft.draft(invented.DANA, ACME, o, slots, now, known)


def told(text: str, **names: str) -> DraftReply:
    """The one draft of a story about Acme; `names` are display names by the part of the address before @acme.example."""
    (found,) = drafted(CHARTER + text, {f"{local}@acme.example": name for local, name in names.items()}, FREE)
    return found


# what it says


def test_a_draft_reads_as_it_was_looked_at() -> None:
    found = answer(
        question(asks=("Can you send the revised quote?", "Any news?", "And which finish would you choose for the lids?"))
    )
    same_as_golden("draft", Letter(found.subject, found.text, ""))


def test_a_draft_belongs_into_the_thread_that_it_answers() -> None:
    o = question()
    found = answer(o)
    assert (found.to, found.subject, found.in_reply_to) == ("kim.lane@acme.example", "Re: Quote 2231", o.reply_to)
    assert answer(question(subject="AW: Re: RE[2]: Quote 2231")).subject == "Re: Quote 2231"


def test_a_draft_quotes_each_ask_with_one_gap_and_leaves_chasers_out() -> None:
    text = answer(question(asks=("Can you send the quote?", "Any news?", "And which finish would you choose?"))).text
    assert text.count("> ") == text.count("[your answer]") == text.count("[") == 2
    assert "Any news" not in text


def test_a_question_is_quoted_short_and_without_its_greeting() -> None:
    text = answer(question(open_asks=(Ask("Hi Dana, could you tell us " + "what it costs and " * 30 + "when it comes?"),))).text
    quote = text.split("> ")[1].split("\n")[0]
    assert quote.startswith("could you tell us")
    assert len(quote) <= draft.QUOTED + 2


def test_a_mere_yes_is_not_quoted() -> None:
    assert answer(question(open_asks=(Ask("Yes please."),))).text == "Hello Kim,\n\n[your answer]\n\nKind regards\nDana Reyes\n"
    assert "> Delivery Thursday?" in answer(question(open_asks=(Ask("Delivery Thursday?"),))).text


def test_a_draft_excuses_a_wait_in_one_clause_and_only_where_there_was_one() -> None:
    assert "sorry" not in answer(question()).text
    assert answer(question(), now=at("03-04 15:00")).text.count("I am sorry for the late reply.") == 1


def test_a_draft_offers_times_only_where_a_time_to_talk_is_asked_for() -> None:
    asked = question(open_asks=(Ask("When could we talk?", wants_time=True),))
    assert "I am free on Wed 4 Mar at 15:30, Thu 5 Mar at 10:00 or Fri 6 Mar at 09:30.\n" in answer(asked).text
    assert "[" not in answer(asked).text
    assert "free" not in answer(question()).text
    assert "[your answer]" in answer(asked, slots=()).text


def test_a_time_that_the_client_names_is_not_answered_with_other_times() -> None:
    asked = question(open_asks=(Ask("Would Thursday at 10 work?", wants_time=True, names_time=True),))
    assert "free" not in answer(asked).text
    assert "[your answer]" in answer(asked).text


def test_times_are_offered_by_date_and_on_the_clients_clock() -> None:
    berlin = replace(ACME, hours=WorkingHours("Europe/Berlin", invented.HOURS.week))
    asked = question(open_asks=(Ask("When could we talk?", wants_time=True),))
    theirs = draft.draft(invented.DANA, berlin, asked, FREE, NOW).text
    assert "I am free on Wed 4 Mar at 16:30, Thu 5 Mar at 11:00 or Fri 6 Mar at 10:30 your time." in theirs


def test_what_is_known_takes_the_place_of_the_gap() -> None:
    asked = question(open_asks=(Ask("Could you send your price list?"), Ask("And what is the lead time?")))
    words = draft.entry("Price list 2026", "", "https://northwind.example/prices.pdf")
    text = answer(asked, known=Known({"Could you send your price list?": words})).text
    assert "> Could you send your price list?\nPrice list 2026: https://northwind.example/prices.pdf\n" in text
    assert text.count("[your answer]") == 1


def test_a_document_that_was_promised_is_named_where_it_is_asked_for() -> None:
    asked = question(open_asks=(Ask("Where is the revised quote?"), Ask("And what is the lead time?")))
    text = answer(asked, known=Known({}, ("I'll send you the revised quote by Friday.",))).text
    assert "> Where is the revised quote?\nAs promised, I attach the revised quote. [attach it]\n" in text
    assert text.count("[") == 2


@pytest.mark.parametrize(
    ("asked", "promise", "document"),
    [
        ("Any news on the quote?", "I will get you a proper quote with installation tomorrow", "a proper quote"),
        ("Wann kommt das Angebot?", "Ich schicke Ihnen das überarbeitete Angebot bis Freitag.", "das überarbeitete Angebot"),
        ("Wo bleibt die Zeichnung?", "Die Zeichnung sende ich Ihnen morgen.", "die Zeichnung"),
        ("When is delivery?", "I'll send you the quote", ""),
        ("Which dates do you have?", "I'll check with Tom and send you three dates by the end of the month.", ""),
    ],
)
def test_a_promised_document_is_known_by_its_name(asked: str, promise: str, document: str) -> None:
    assert documents.asked_for(asked, [promise]) == document


def test_every_gap_that_a_draft_leaves_is_known_as_one() -> None:
    texts = [
        answer(question()).text,
        answer(question(), known=Known({}, ("I'll send you the revised quote by Friday.",))).text,
        told("Mon 09:00 vogt@acme > Guten Tag Frau Reyes,\n  können Sie uns bitte die Preise nennen?\nMon 10:30 now").text,
    ]
    assert all(gaps.unfilled(text) for text in texts)
    assert gaps.unfilled("Hi Kim,\n\nthe price [net] is 4,200.\n\nDana") is None


@pytest.mark.parametrize("text", NASTY)
def test_hostile_words_make_no_header_and_no_line_of_a_draft(text: str) -> None:
    found = answer(question(subject=text, asks=(text,), contact_name=text, open_asks=(Ask(text),)))
    assert "\n" not in found.subject
    assert "\r" not in found.text
    assert not any(line.startswith("Bcc:") for line in found.text.splitlines())
    (found.subject + found.text).encode()


# greeting by name


def test_a_draft_never_guesses_a_name() -> None:
    assert answer(replace(question(), contact="jsmith@acme.example", contact_name="")).text.startswith("Hello,\n")
    assert answer(replace(question(), contact_name="Acme Purchasing")).text.startswith("Hello,\n")


@pytest.mark.parametrize(
    ("name", "greeted"),
    [
        ("Kim Lane", "Hello Kim,"),
        ("Kim", "Hello Kim,"),
        ("Frau Lane", "Hello Frau Lane,"),
        ("K. Lane", "Hello K. Lane,"),
        ("Acme Ltd", "Hello,"),
        ("Dr. Anja Vogt", "Dear Dr Vogt,"),
    ],
)
def test_a_draft_greets_by_the_name_that_people_give_themselves(name: str, greeted: str) -> None:
    assert answer(replace(question(), contact_name=name)).text.startswith(f"{greeted}\n")


# as the user writes, told as stories


def test_german_mail_is_answered_in_german_as_the_user_greets_and_signs() -> None:
    found = told(
        """
Mon 09:00 dornier@acme > Guten Tag Frau Reyes,
  wir brauchen sechs Ersatzmesser. Können Sie uns bitte den Preis nennen?
  Mit freundlichen Grüßen
  Klaus Dornier
Mon 10:00 dana > Sehr geehrter Herr Dornier,
  die sechs Messer kosten zusammen 228 Euro netto.
  Mit freundlichen Grüßen
  Dana Reyes
  Northwind Packaging Ltd
Mon 14:00 dornier@acme > Guten Tag Frau Reyes,
  vielen Dank. Bis wann können Sie liefern? Und gewähren Sie uns Skonto?
Mon 16:00 now
""",
        dornier="Klaus Dornier",
    )
    assert found.text == (
        "Sehr geehrter Herr Dornier,\n\n> Bis wann können Sie liefern?\n[Ihre Antwort]\n\n> gewähren Sie uns Skonto?\n[Ihre Antwort]\n\n"
        "Mit freundlichen Grüßen\nDana Reyes\nNorthwind Packaging Ltd\n"
    )


def test_somebody_new_is_greeted_formally_in_german_without_a_guess_at_who_they_are() -> None:
    found = told(
        "Mon 09:00 dornier@acme > Guten Tag Frau Reyes,\n  könnten Sie uns bitte ein Angebot schicken?\nMon 10:30 now",
        dornier="Klaus Dornier",
    )
    assert found.text.startswith("Guten Tag Klaus Dornier,\n")
    assert found.text.endswith("Mit freundlichen Grüßen\nDana Reyes\n")


def test_who_writes_du_is_greeted_by_the_first_name() -> None:
    found = told(
        "Mon 09:00 vogt@acme > Hallo Dana,\n  kannst du mir bitte die Zeichnung schicken?\n  Anja\nMon 10:30 now",
        vogt="Anja Vogt",
    )
    assert found.text.startswith("Hallo Anja,\n")


def test_who_calls_the_user_by_the_first_name_is_called_by_theirs_and_the_closing_fits() -> None:
    formal = """
Mon 09:00 dornier@acme > Guten Tag Frau Reyes,
  wir brauchen sechs Ersatzmesser. Können Sie uns bitte den Preis nennen?
Mon 09:30 dana > Guten Tag Herr Dornier,
  die sechs Messer kosten zusammen 228 Euro netto.
  Mit freundlichen Grüßen
  Dana Reyes
"""
    asked = (
        "Mon 10:00 vogt@acme > Moin Dana,\n  habt ihr was mit Zulassung für Lebensmittel? [new thread: Zulassung]\nMon 11:30 now"
    )
    found = told(formal + asked, vogt="Anja Vogt", dornier="Klaus Dornier")
    assert found.text.startswith("Hallo Anja,\n")
    assert found.text.endswith("\n\nViele Grüße\nDana\n")


def test_a_short_mail_is_in_the_language_that_its_writer_writes() -> None:
    found = told(
        """
Mon 09:00 toni@acme > servus dana, der fühler am tank 3 spinnt wieder, hast du einen ersatz da für uns?
Mon 10:00 dana > Servus Toni, ja, der geht heute per Express raus und ist morgen bei dir.
  Dana
Mon 12:00 toni@acme > was kost der dn40 mit tri clamp? [new thread: dn40]
Mon 16:00 now
"""
    )
    assert found.text == "Servus Toni,\n\n> was kost der dn40 mit tri clamp?\n[Ihre Antwort]\n\nDana\n"


def test_a_doctor_is_addressed_as_one_by_their_signature_and_by_the_users_habit() -> None:
    asked = "Mon 09:00 vogt@acme > Dear Ms Reyes,\n  could you tell us the shelf life of the label stock?\n  Dr. Anja Vogt\n"
    assert told(f"{asked}Mon 10:30 now", vogt="Anja Vogt").text.startswith("Dear Dr Vogt,\n")
    habit = f"{asked}Mon 10:00 dana > Dear Dr. Vogt,\n  it is eighteen months in the dry.\nMon 14:00 vogt@acme > And in the damp, how long is it there?\nMon 16:00 now"
    assert told(habit, vogt="Anja Vogt").text.startswith("Dear Dr. Vogt,\n")


GROUP = """
Mon 09:00 kim@acme > Hi Dana,
  which dates suit you for the audit in May? [cc raj@acme, lee]
Mon 10:00 dana > Hi both,
  the 12th or 13th of May would work, both all day. [to kim@acme, raj@acme] [cc lee]
  Best,
  Dana
Mon 14:00 raj@acme > Dana, the 12th is good. Who will come from your side? [to dana] [cc kim@acme, lee, stranger@evil.test]
Mon 16:00 now
"""


def test_a_group_is_greeted_and_copied_as_its_thread_does_and_a_stranger_gets_no_copy() -> None:
    found = told(GROUP)
    assert found.text.startswith("Hi both,\n")
    assert (found.to, [a.email for a in found.cc]) == ("raj@acme.example", ["kim@acme.example", "lee@northwind.example"])


def test_the_users_initials_and_a_bare_name_are_a_habit() -> None:
    found = told(
        """
Mon 09:00 kim@acme > Can you send the quote for the tape?
Mon 10:00 dana > Kim, the tape is 38 a box, 12 boxes on a pallet.
  DR
Mon 14:00 kim@acme > And how long does the tape keep?
Mon 16:00 now
"""
    )
    assert found.text.startswith("Kim,\n")
    assert found.text.endswith("\n\nDR\n")


def test_who_never_greets_is_not_made_to() -> None:
    answers = "".join(
        f"Mon {9 + n}:00 kim@acme > What does pallet number {n} weigh?\nMon {9 + n}:30 dana > It is {n}00 kilos, wrapped.\n  Dana\n"
        for n in (1, 2, 3)
    )
    found = told(f"{answers}Mon 14:00 kim@acme > Could you reserve four pallets until April?\nMon 16:00 now")
    assert found.text == "> Could you reserve four pallets until April?\n[your answer]\n\nDana\n"


def test_mail_whose_words_are_no_longer_stored_shows_no_habit() -> None:
    answers = "".join(
        f"Mon {9 + n}:00 kim@acme > What does pallet number {n} weigh?\nMon {9 + n}:30 dana > \n" for n in (1, 2, 3)
    )
    found = drafted(f"{CHARTER}{answers}Mon 14:00 kim@acme > Could you reserve four pallets until April?\nMon 16:00 now")
    assert found[-1].text.startswith("Hello Kim,\n")


def test_the_language_is_the_one_in_which_the_user_answers_this_persons_german() -> None:
    found = told(
        """
Mon 09:00 dornier@acme > Guten Tag Frau Reyes,
  haben Sie die Ersatzmesser auf Lager? Wir brauchen sechs Stück davon.
Mon 10:00 dana > Dear Klaus,
  yes, all six are in stock and leave by courier today.
  Best regards
  Dana
Mon 14:00 dornier@acme > Guten Tag Frau Reyes,
  können Sie uns bitte den Liefertermin für die zwei CS300 bestätigen? [new thread: Liefertermin]
Mon 16:00 now
""",
        dornier="Klaus Dornier",
    )
    assert found.text.startswith("Dear Klaus,\n")
    assert found.text.endswith("[your answer]\n\nBest regards\nDana\n")


def test_a_signature_comes_along_and_a_disclaimer_does_not() -> None:
    found = told(
        """
Mon 09:00 kim@acme > Can you send the quote for the tape?
Mon 10:00 dana > Hi Kim,
  38 a box, 12 boxes on a pallet.
  Best,
  Dana
  --
  Dana Reyes
  Northwind Packaging Ltd | www.northwind.example
  This email is confidential and intended only for the addressee.
  This email is confidential and intended only for the addressee.
Mon 14:00 kim@acme > Which lead time does the tape have?
Mon 16:00 now
"""
    )
    assert found.text.endswith("Best,\nDana\n--\nDana Reyes\nNorthwind Packaging Ltd | www.northwind.example\n")


def test_a_desk_is_greeted_without_a_name() -> None:
    found = told("Mon 09:00 info@acme > Hello,\n  could you re-issue invoice 4471 with the new address?\nMon 10:30 now")
    assert found.text.startswith("Hello,\n")


def test_somebody_new_is_greeted_as_the_user_greets_others() -> None:
    found = told(
        """
Mon 09:00 kim@acme > Any chance of a sample of the tape? [new thread: Tape]
Mon 09:40 dana > Hi Kim, two rolls are on their way to you today.
  Cheers
  Dana
Mon 10:00 meier@acme > Good morning Dana,
  1. What is the lead time of the CS300? 2. Is training included? 3. Please send the datasheet. [new thread: CS300]
Mon 11:30 now
""",
        meier="Meier, Thomas",
    )
    assert found.text.startswith("Hi Thomas,\n")
    assert found.text.count("[your answer]") == 3
    assert found.text.endswith("\n\nCheers\nDana\n")


# what the user's own language model suggests

SUGGESTED = SuggestedAnswer(
    "reply:1", "<a@acme.example>", "Acme Ltd", "It is 42 euros a piece.", ("Price list [2026]", "your email of 2 March 2026")
)


def test_a_suggested_answer_is_marked_and_names_its_sources() -> None:
    text = answer(question(), known=Known({}, suggested=SUGGESTED)).text
    assert f"{gaps.SUGGESTION}\nIt is 42 euros a piece.\n[sources: Price list (2026); your email of 2 March 2026]\n" in text
    assert gaps.ENGLISH in text, "the user fills the gap, with it or without"


def test_a_question_that_the_library_answers_needs_no_suggestion() -> None:
    o = question(asks=("Can you send the revised quote?",))
    text = answer(o, known=Known({"Can you send the revised quote?": "Here it is."}, suggested=SUGGESTED)).text
    assert "42 euros" not in text


def test_a_suggestion_without_words_is_none() -> None:
    assert answer(question(), known=Known({}, suggested=replace(SUGGESTED, text=""))) == answer(question())


@pytest.mark.parametrize("left", [gaps.SUGGESTION, gaps.sources(["Price list"]), gaps.sources(["a] [b"])])
def test_a_mail_that_left_with_the_marks_of_a_suggestion_has_a_gap(left: str) -> None:
    assert gaps.unfilled(f"Hi Kim,\n\nit is 42 euros.\n{left}\n\nDana") == left
