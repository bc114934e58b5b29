"""The morning's mail: every thing once, with its evidence and its id, and nothing claimed that was not looked for."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import invented
import pytest
from digest_letter import MONDAY, busy, flat, readable, sections, write
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import at, owed
from letter_checks import NASTY, Seen, harmless, same_as_golden

from connectors.calendar import Attendee
from daemon.glossary.assessments import Coverage
from daemon.glossary.obligations import Evidence, Kind, Obligation, SourceType, Strength
from daemon.letters import phrases
from daemon.letters.tokens import find_token, verify


def test_a_busy_morning_reads_as_it_was_looked_at() -> None:
    same_as_golden("digest", busy())


def test_an_empty_morning_reads_as_it_was_looked_at() -> None:
    letter = write(invented.assessed(balance=invented.placed(33, 5, 3)))
    same_as_golden("digest_empty", letter)
    assert "Nothing is due today." in letter.text


def test_what_became_of_every_mail_is_told_when_the_week_begins() -> None:
    told = "41 in = 33 answered + 5 need no answer + 3 open (kept balance lists each)."
    placed = invented.assessed(balance=invented.placed(33, 5, 3))
    assert told not in flat(write(placed))
    assert told in flat(write(placed, everything=True))
    assert told in flat(write(placed, now=at("03-09 07:30")))


def test_it_opens_with_how_far_everything_was_read() -> None:
    first = "Wednesday 4 March. Read up to 07:29. Six clients wait"
    assert flat(busy()).startswith(first)


def test_a_source_that_could_not_be_read_is_named_with_since_when_and_why() -> None:
    dead = Coverage(invented.DANA.address, "mail imap.northwind.example", at("03-02 16:02"), "wrong password", at("03-02 16:03"))
    letter = write(invented.busy_morning(), coverage=[dead])
    warning = "! mail imap.northwind.example: not read since Mon 2 Mar 16:02 (wrong password). Anything newer is missing here."
    assert flat(letter).startswith(f"Wednesday 4 March {warning}")
    assert letter.html.index("not read since") < letter.html.index("<h1")


def test_a_source_without_news_for_hours_is_a_gap_though_it_reported_nothing() -> None:
    asleep = Coverage(invented.DANA.address, "mail imap.northwind.example", at("03-03 17:00"))
    assert "not read since yesterday 17:00" in write((), coverage=[asleep]).text.replace("\n", " ")


def test_unreadable_mails_and_warnings_are_told() -> None:
    source = replace(invented.everything_read()[0], unreadable=2, warnings=("folder Projects could not be opened",))
    text = write((), coverage=[source]).text
    assert "2 items could not be read" in text
    assert "folder Projects could not be opened" in text


def test_no_breach_is_claimed_past_a_gap() -> None:
    dead = Coverage(invented.DANA.address, "mail imap.northwind.example", at("03-02 16:02"), "wrong password")
    promise = owed("Acme Ltd", "kim", "I'll send it on Tuesday", "02-27 14:05", "03-03 12:00", Kind.PROMISE)
    letter = write(invented.assessed(promise), coverage=[dead])
    assert "OVERDUE" not in sections(letter)
    assert "due yesterday 12:00, mail not read since then" in sections(letter)["DUE TODAY"]


def test_every_obligation_stands_in_one_section_with_its_id_and_evidence() -> None:
    letter, assessments = busy(lines=40), invented.busy_morning()
    owed_ = [o for a in assessments for o in a.obligations if o.kind is not Kind.REVIEW]
    shown = [o for o in owed_ if o.id in letter.text]
    assert f"Not shown: {len(owed_) - len(shown)} less urgent (" in letter.text
    for o in shown:
        assert readable(letter).count(o.id) == 1
        (line,) = (line for line in readable(letter).splitlines() if o.id in line)
        assert phrases.day(o.source.at, ZoneInfo(invented.DANA.hours.zone), invented.NOW) in line


def test_every_line_can_be_settled_from_the_mail_itself() -> None:
    letter = busy()
    hrefs = [value for name, value in Seen(letter.html).attributes if name == "href"]
    said: dict[str, set[str]] = {}
    for href in hrefs:
        token = find_token(parse_qs(urlsplit(href).query)["subject"][0])
        decided = verify(invented.SECRET, token or "", invented.DANA.address, invented.NOW + timedelta(hours=2))
        said.setdefault(decided.target_id, set()).add(decided.verb.value)
        assert f"<{href.partition('&body=')[0]}>" in letter.text
    shown = {o.id for a in invented.busy_morning() for o in a.obligations if o.id in readable(letter)}
    assert len(shown) == 6
    assert {target for target, verbs in said.items() if verbs == {"done", "snooze", "waive"}} == shown
    assert [verbs for target, verbs in said.items() if target not in shown] == [{"veto"}]


def test_what_is_pressing_comes_first() -> None:
    first = ["OVERDUE", "DUE TODAY", "PLANNED ON YOUR BEHALF", "WAS THIS DONE?"]
    assert list(sections(busy(lines=8))) == first
    assert list(sections(busy(lines=40))) == [*first, "COMING UP", "YOU ARE WAITING FOR"]


def test_the_first_morning_of_a_week_says_what_can_wait_for_it() -> None:
    assert list(sections(busy(lines=40, now=MONDAY))) == [
        "OVERDUE",
        "PLANNED ON YOUR BEHALF",
        "WAS THIS DONE?",
        "YOU ARE WAITING FOR",
        "SLIPPING AWAY?",
        "NOTHING PLANNED",
    ]


def test_weak_evidence_asks_and_claims_nothing() -> None:
    sign = Evidence(
        SourceType.MESSAGE, "<sent@northwind.example>", at("03-03 11:20"), "the numbers we talked about", Strength.WEAK
    )
    promise = owed("Acme Ltd", "kim", "I'll send the numbers", "03-02 10:00", "03-03 12:00", Kind.PROMISE, evidence=(sign,))
    letter = write(invented.assessed(promise))
    assert list(sections(letter)) == ["WAS THIS DONE?"]
    assert "Possibly done already: “the numbers we talked about”, yesterday 11:20" in flat(letter)
    assert letter.subject == "Kept, Wed 4 Mar: Nothing is due today, 1 question for you"


def test_how_long_over_is_told_in_working_time() -> None:
    friday = owed("Acme Ltd", "kim", "Any news?", "02-27 14:05", "02-27 16:05")
    monday = replace(friday, due=at("03-03 15:30"))
    assert "Acme Ltd (Kim): 2 working days late" in write(invented.assessed(friday)).text
    assert "Acme Ltd (Kim): due yesterday" in write(invented.assessed(monday)).text
    assert "Acme Ltd (Kim): 2 working hours late" in write(invented.assessed(monday), now=at("03-03 17:30")).text


def test_times_are_the_readers_own() -> None:
    new_york = replace(invented.DANA, hours=replace(invented.HOURS, zone="America/New_York"))
    o = owed("Acme Ltd", "kim", "Any news?", "03-03 15:05", "03-04 22:30")
    now = at("03-04 12:30")
    letter = write(invented.assessed(o), account=new_york, now=now)
    assert "by 17:30" in letter.text
    assert "yesterday 10:05" in flat(letter)


@pytest.mark.parametrize(
    "change",
    [
        {"closed": at("03-03 10:00")},
        {"snoozed_until": at("03-05 00:00")},
        {"lapses": at("03-04 00:00")},
        {"due": at("03-30 12:00"), "lapses": None},
    ],
    ids=["closed", "snoozed", "missed long ago", "due in weeks"],
)
def test_what_needs_no_attention_today_is_not_there(change: dict[str, Any]) -> None:
    o = replace(owed("Acme Ltd", "kim", "Can you send the quote?", "02-27 14:05", "02-27 16:05"), **change)
    assert o.id not in write(invented.assessed(o)).text


def test_a_long_list_is_cut_and_the_rest_is_counted() -> None:
    many = [owed("Acme Ltd", "kim", f"Question {n}?", "02-27 14:05", "02-27 16:05") for n in range(20)]
    letter = write(invented.assessed(*many))
    assert letter.text.count("Question") == 7
    assert "Not shown: 13 overdue (Acme Ltd) (kept digest --all)" in letter.text
    assert "Not shown: 13 overdue (Acme Ltd) (kept digest --all)" in letter.html
    assert "20 overdue" in letter.subject


def test_nothing_is_only_counted_where_everything_is_asked_for() -> None:
    letter = write(invented.busy_morning(), everything=True)
    for o in (o for a in invented.busy_morning() for o in a.obligations):
        assert o.id in letter.text
    assert "Not shown" not in letter.text


def test_a_hundred_things_owed_still_make_a_mail_that_no_client_cuts() -> None:
    long = "Could we move the installation to the week of the 16th, and would your engineer still be Tom, or must we ask for somebody else?"
    kinds = (Kind.REPLY, Kind.PROMISE, Kind.WAITING_FOR, Kind.NEXT_STEP)
    dues = ("02-27 16:05", "03-04 16:05", "03-06 16:05")
    many = [
        owed("Granite Tools", "olu.adeyemi", f"{n} {kind.value} {due} {long}", "02-25 14:05", due, kind)
        for n in range(10)
        for kind in kinds
        for due in dues
    ]
    letter = write(invented.assessed(*many))
    assert len(letter.html.encode()) < 102 * 1024
    shown = readable(letter).count("Granite Tools (Olu Adeyemi)")
    counted = re.search(r"Not shown: (.*?) \(kept", flat(letter))
    assert shown == 7
    assert counted is not None
    assert shown + sum(map(int, re.findall(r"\d+", counted[1]))) == len(many)


def test_a_line_opens_its_mail() -> None:
    o = owed("Acme Ltd", "kim", "Can you send it?", "03-03 14:05", "03-03 16:05", subject="Quote")
    letter = write(invented.assessed(o), mail_of=lambda evidence: f"mid:{evidence.shown[1:-1]}")
    assert ("href", f"mid:{o.source.shown[1:-1]}") in Seen(letter.html).attributes


def test_meetings_say_what_each_client_there_is_still_owed() -> None:
    owed_later = owed("Birch & Co", "sam", "Which finish do you want?", "03-03 16:52", "03-06 16:52")
    today = sections(write(invented.assessed(owed_later), events=invented.events()))["MEETINGS TODAY"]
    assert "Birch & Co: Installation walk-through" in today
    assert "10:00–11:00; still owed: an answer (by Fri 6 Mar 16:52)" in today
    assert "lunch" not in today


def test_a_client_with_a_line_who_is_met_today_has_the_meeting_in_it() -> None:
    first, second = (owed("Birch & Co", "sam", f"Which {what}?", "03-03 14:05", "03-03 16:05") for what in ("finish", "colour"))
    written = sections(write(invented.assessed(first, second), events=invented.events()[:1]))
    assert written["OVERDUE"].count("Today 10:00–11:00: Installation walk-through") == 1
    assert "MEETINGS TODAY" not in written


def test_two_meetings_with_one_client_today_are_both_named() -> None:
    walk, later = invented.events()[0], replace(invented.events()[0], uid="later", start=at("03-04 15:00"), end=at("03-04 15:30"))
    question = owed("Birch & Co", "sam", "Which finish?", "03-03 14:05", "03-03 16:05")
    written = sections(write(invented.assessed(question), events=[walk, later]))["OVERDUE"]
    assert "10:00–11:00: Installation walk-through; 15:00–15:30: Installation walk-through" in written


def test_an_invitation_of_the_users_that_nobody_answered_is_called_so() -> None:
    own = replace(invented.events()[0], organizer=invented.DANA.address)
    guests = tuple(a for a in own.attendees if a.email != invented.DANA.address)
    asked, sure = (
        replace(own, attendees=tuple(a._replace(answer=answer) for a in guests)) for answer in ("needs-action", "accepted")
    )
    assert "not answered yet" in write((), events=[asked]).text
    assert "not answered yet" not in write((), events=[sure]).text


@pytest.mark.parametrize("change", [{"status": "cancelled"}, {"private": True}, {"all_day": True}, {"start": at("03-05 10:00")}])
def test_meetings_that_are_none_today_are_left_out(change: dict[str, Any]) -> None:
    event = replace(invented.events()[0], **change)
    assert "MEETINGS TODAY" not in write((), events=[event]).text


def test_a_meeting_that_the_user_declined_is_left_out() -> None:
    sam, dana = invented.events()[0].attendees[0], Attendee(invented.DANA.address, "Dana", "declined")
    assert "MEETINGS" not in write((), events=[replace(invented.events()[0], attendees=(sam, dana))]).text


def test_what_will_reach_a_client_is_announced_with_its_time_and_a_veto() -> None:
    planned = sections(busy())["PLANNED ON YOUR BEHALF"]
    assert "Birch & Co (Sam): Review, Thu 12 Mar 10:00–11:00" in planned
    assert "goes out tomorrow 09:00" in planned
    assert invented.review_invite(invented.busy_morning()).id in planned


def test_a_client_gone_quiet_is_named() -> None:
    said = sections(busy(lines=40, now=MONDAY))["SLIPPING AWAY?"]
    assert "Ironside Ltd: silent for 14 working days; they usually write every 3" in said


def test_what_is_for_dark_and_narrow_screens_wins_over_the_styles_in_the_elements() -> None:
    (style,) = re.findall(r"<style[^>]*>(.*?)</style>", busy().html, flags=re.DOTALL)
    declarations = [d.strip() for block in re.findall(r"{([^{}]+)}", style) for d in block.split(";") if d.strip()]
    assert len(declarations) > 15
    assert [d for d in declarations if not d.endswith("!important")] == []


def test_the_same_facts_in_any_order_make_the_same_bytes() -> None:
    assessments = invented.busy_morning()
    turned = tuple(replace(a, obligations=a.obligations[::-1]) for a in reversed(assessments))
    invite, events = invented.review_invite(assessments), invented.events()
    assert write(turned, planned=[invite], events=events[::-1]) == write(assessments, planned=[invite], events=events)


def hostile(words_: str) -> tuple[Obligation, ...]:
    sign = Evidence(SourceType.MESSAGE, words_, at("03-03 11:20"), words_, Strength.WEAK)
    return (
        owed("Acme Ltd", "kim", words_, "02-27 14:05", "02-27 16:05", subject=words_, summary=words_, asks=(words_, words_)),
        owed(words_, "kim", None, "03-03 14:05", "03-04 16:05", subject=words_, summary=words_, contact=words_),
        owed("Birch & Co", "sam", words_ + "1", "03-03 14:05", "03-04 16:05", Kind.PROMISE, evidence=(sign,)),
    )


@pytest.mark.parametrize("text", NASTY)
def test_hostile_words_do_nothing_but_stand_there(text: str) -> None:
    obligations = hostile(text)
    event = replace(invented.events()[0], summary=text, organizer=text)
    coverage = [Coverage(invented.DANA.address, text, at("03-03 12:00"), text, warnings=(text,))]
    harmless(write(invented.assessed(*obligations), coverage=coverage, events=[event]))


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200))
def test_any_words_are_harmless(text: str) -> None:
    harmless(write(invented.assessed(*hostile(text))))


@given(st.text(max_size=400), st.integers(10, 80))
def test_cut_words_are_short_and_on_one_line(text: str, length: int) -> None:
    short = phrases.cut(text, length)
    assert len(short) <= length + 2
    assert all(len(word) <= phrases.LONGEST_WORD for word in short.split())
    assert "\n" not in short


def test_words_are_cut_between_two_of_them() -> None:
    assert phrases.cut("Can you send the revised quote today?", 25) == "Can you send the revised …"


@pytest.mark.parametrize(
    ("contact", "name", "called"),
    [
        ("kim.lane@acme.example", "Kim Lane", "Kim Lane"),
        ("kim.lane@acme.example", "", "kim.lane@acme.example"),
        ("olu@granite.example", "", "olu@granite.example"),
        ("+442079460018", "Kim Lane", "Kim Lane, +44 20 7946 0018"),
        ("+442079460018", "", "+44 20 7946 0018"),
        (None, "", ""),
    ],
)
def test_people_are_called_by_the_name_they_give_themselves_and_never_by_their_address(
    contact: str | None, name: str, called: str
) -> None:
    assert phrases.person(contact, name) == called


# --- what is worth saying ---


def test_at_most_seven_lines_stand_in_a_digest_and_those_of_today_are_not_crowded_out() -> None:
    late = [owed("Acme Ltd", "kim", f"Question {n}?", "02-27 14:05", "02-27 16:05") for n in range(30)]
    today = [owed("Birch & Co", "sam", f"Matter {n}?", "03-03 14:05", "03-04 16:05") for n in range(5)]
    letter = write(invented.assessed(*late, *today))
    assert (readable(letter).count("Question"), readable(letter).count("Matter")) == (2, 5)
    assert letter.subject == "Kept, Wed 4 Mar: 30 overdue, 5 due today"


def test_the_number_of_lines_is_a_setting() -> None:
    late = [owed("Acme Ltd", "kim", f"Question {n}?", "02-27 14:05", "02-27 16:05") for n in range(30)]
    assert readable(write(invented.assessed(*late), lines=4)).count("Question") == 4


def test_what_will_reach_a_client_is_announced_however_full_the_mail_is() -> None:
    late = [owed("Acme Ltd", "kim", f"Question {n}?", "02-27 14:05", "02-27 16:05") for n in range(30)]
    assessments = (*invented.assessed(*late), *invented.busy_morning())
    letter = write(assessments, planned=[invented.review_invite(assessments)], lines=3)
    assert "PLANNED ON YOUR BEHALF" in sections(letter)


def test_the_same_words_of_one_client_stand_once_and_the_other_is_counted() -> None:
    asks = [owed("Acme Ltd", "kim", "Please save your changes.", f"03-0{n} 14:05", f"03-0{n + 1} 14:05") for n in (1, 2)]
    letter = write(invented.assessed(*asks))
    assert readable(letter).count("Please save your changes.") == 1
    assert asks[0].id in letter.text
    assert "Not shown: 1 less urgent (kept digest --all)" in flat(letter)


def test_the_same_words_of_two_clients_are_two_matters() -> None:
    asks = [owed(client, "kim", "Any news?", "03-02 14:05", "03-03 14:05") for client in ("Acme Ltd", "Birch & Co")]
    assert readable(write(invented.assessed(*(replace(o, key=o.key + o.client) for o in asks)))).count("Any news?") == 2


def test_a_meeting_line_quotes_nothing_that_stands_above_it() -> None:
    assert readable(busy()).count("Please confirm the label stock") == 1


def test_what_was_promised_for_a_far_day_is_noted_when_it_is_new_and_not_as_due_this_week() -> None:
    promise = owed("Acme Ltd", "kim", "I will arrange the call in April.", "03-03 10:00", "04-10 17:30", Kind.PROMISE)
    assert "NEW AND DUE LATER" in sections(write(invented.assessed(promise)))


def test_the_first_digest_of_all_says_what_is_otherwise_said_when_a_week_begins() -> None:
    assert "SLIPPING AWAY?" not in sections(write(invented.busy_morning(), lines=20))
    assert "SLIPPING AWAY?" in sections(write(invented.busy_morning(), lines=20, is_first=True))
