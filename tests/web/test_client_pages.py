"""The pages of the clients, without a browser: who stands where, what is agreed and written, and what others may not see."""

from __future__ import annotations

import html
import re
import time
from typing import Any

import pytest
from two_accounts import LEE, ROB, add_colleagues
from web_pages import DANA, Place, Visitor, visitor

from daemon.operations.client_rows import client_id

pytest_plugins = ("web_fixtures",)

ACME, CALDER = f"/clients/{client_id('Acme Ltd')}", f"/clients/{client_id('Calder & Sons')}"
DANAS_WORDS = "revised quote"


def names(page: str) -> list[str]:
    return re.findall(r'class="client" href="[^"]+">([^<]+)</a>', page)


# --- all of them ---


def test_whoever_waits_past_the_time_comes_before_all_others_and_a_lost_client_last(place: Place) -> None:
    place.config.write_text(place.config.read_text("utf-8").replace("stage: prospect", "stage: lost"), "utf-8")
    with visitor(place.config) as dana:
        dana.sign_in()
        found = names(dana.get("/clients").text)
    assert found.index("Acme Ltd") < found.index("Calder &amp; Sons") < found.index("Fenwick Cosmetics")
    assert found[-1] == "Garnet Coffee"


@pytest.mark.parametrize(
    ("asked", "only"),
    [
        ("text=acme", ["Acme Ltd"]),
        ("stage=onboarding", ["Fenwick Cosmetics"]),
        ("waiting=slipping", ["Calder &amp; Sons"]),
        ("text=acme&stage=prospect", []),
    ],
)
def test_filters_leave_those_that_fit(dana: Visitor, asked: str, only: list[str]) -> None:
    assert names(dana.get(f"/clients?{asked}").text) == only


def test_a_filter_that_nobody_fits_leads_back_to_all(dana: Visitor) -> None:
    page = dana.get("/clients?text=nobody").text
    assert "No client fits." in page
    assert 'href="/clients"' in page


def test_a_client_waits_since_what_was_promised_fell_due_not_since_it_was_promised(dana: Visitor) -> None:
    assert "waiting since Wed 25 Feb" in dana.get("/clients?text=eastgate").text


# --- one of them ---


def test_a_client_whom_the_configuration_does_not_know_has_no_page(dana: Visitor) -> None:
    assert dana.get("/clients/0000000000").status_code == 404


def test_the_page_tells_what_became_of_what_was_asked(dana: Visitor) -> None:
    page = dana.get(ACME).text
    assert "done on time" in page
    assert "settled" in page


def story(dana: Visitor) -> list[str]:
    """The client's page, and what each further “Show more” brings."""
    pages = [dana.get(ACME).text]
    while more := re.search(r'<a class="button" href="([^"]+)"[^>]*>Show more</a>', pages[-1]):
        pages.append(dana.get(html.unescape(more[1])).text)
    return pages


def test_the_story_shows_ten_of_what_happened_and_links_lead_to_all_of_it(dana: Visitor) -> None:
    pages = story(dana)
    shown = [page.count("<time datetime=") for page in pages]
    assert shown[0] == 10
    assert sum(shown) > 30
    assert "Quarterly review Acme" in pages[-1]


def test_what_they_wait_for_is_settled_without_javascript_too_and_leads_back_to_their_page(dana: Visitor) -> None:
    found = re.search(r'action="(/items/[^"]+)"', dana.get(ACME).text)
    assert found is not None
    answer = dana.post(found[1], seen=ACME, verb="done", client=ACME.rpartition("/")[2])
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(f"{ACME}?settled=")
    assert "Undo" in dana.get(answer.headers["Location"]).text


def test_a_client_that_slips_away_has_something_to_do(dana: Visitor) -> None:
    page = dana.get(f"/clients/{client_id('Calder & Sons')}").text
    assert "What to do" in page
    assert re.search(r'href="mailto:[^"]+@calder[^"]*"', page)


def test_the_report_has_a_way_back_around_it(dana: Visitor) -> None:
    answer = dana.get(f"{ACME}/report/framed")
    assert f'<a href="{ACME}">' in answer.text
    assert f'<iframe class="letter" sandbox src="{ACME}/report"' in answer.text
    assert "frame-src 'self'" in answer.headers["Content-Security-Policy"]


def test_the_slider_works_as_a_form(dana: Visitor) -> None:
    page = dana.get(f"{ACME}?standard=reply&rung=3").text
    assert "<strong>4 working hours</strong>: So far kept" in page
    assert 'value="3"' in page


@pytest.mark.parametrize("rung", ["-1", "99", "x", "1e9", "٣"])
def test_the_slider_takes_no_nonsense(dana: Visitor, rung: str) -> None:
    assert dana.get(f"{ACME}/feasibility", HX_Request="true").status_code == 200
    assert dana.get(f"{ACME}/feasibility?rung={rung}").status_code == 200


def test_a_longer_time_was_never_kept_less_often(dana: Visitor) -> None:
    kept = [dana.get(f"{ACME}/feasibility?rung={n}").text for n in range(10)]
    shares = [int(found[1]) for page in kept if (found := re.search(r"\((\d+) %\)", page))]
    assert shares == sorted(shares)
    assert len(shares) == 10


def test_the_report_stands_in_a_sandbox_and_names_no_other_client(dana: Visitor) -> None:
    answer = dana.get(f"{ACME}/report")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "How we served Acme Ltd" in answer.text
    assert "Calder" not in answer.text


def test_what_happened_before_a_moment_is_a_page_of_its_own(dana: Visitor) -> None:
    page = dana.get(f"{ACME}/story?before=2026-01-10T00:00:00%2B00:00").text
    assert "Case sealer for line 2" in page
    assert "Visit on the 12th" not in page


def test_a_mail_that_may_be_forged_is_marked_as_such_and_counted_as_nobodys(dana: Visitor) -> None:
    page = dana.get(ACME).text
    (forged,) = re.findall(r'<div class="filtered">(.*?)</div>', page, re.DOTALL)
    assert "Urgent change of bank details" in forged
    assert '<p class="warn">may be forged' in forged
    assert "Email in their name" in forged


def test_the_balance_leads_to_what_was_filtered_out(dana: Visitor) -> None:
    (link,) = re.findall(r'<a href="([^"]+)">1 filtered out</a>', dana.get(ACME).text)
    page = dana.get(link).text
    assert "Urgent change of bank details" in page
    assert "Revised quote" not in page


def test_the_look_back_names_what_was_filtered_out(dana: Visitor) -> None:
    assert "unread or filtered out" in dana.get("/look-back").text


def test_a_clients_figures_of_promises_are_those_of_the_report(dana: Visitor) -> None:
    assert re.search(r"Promises and deliveries since [^:]+: 2 of 2 on time", dana.get(ACME).text)
    assert re.search(r"2 of 2", dana.get(f"{ACME}/report").text)


def test_what_is_not_certain_is_not_told_as_missed(dana: Visitor) -> None:
    told = "".join(story(dana))
    assert "not certain, so not counted" in told
    assert "not done</span>" not in told


def test_cases_that_still_have_time_are_named(dana: Visitor) -> None:
    assert "kept in 8 of 9 cases (89 %). 1 more still has time." in dana.get(f"{ACME}?standard=reply&rung=3").text


def test_the_page_of_a_client_and_its_form_say_the_same_of_a_time(dana: Visitor) -> None:
    (said,) = re.findall(r"<strong>2 working hours</strong>: ([^<]+)</p>", dana.get(f"{ACME}?standard=reply&rung=2").text)
    assert "cases" in said
    assert f">{said}" in dana.get(f"{ACME}/charter").text


def test_a_client_that_slips_away_has_the_reason_in_its_row(dana: Visitor) -> None:
    assert re.search(r"no word from them for \d+ working days; usually one", dana.get("/clients?text=calder").text)


def test_a_call_after_the_last_contact_is_named(dana: Visitor) -> None:
    page = dana.get(f"/clients/{client_id('Birchwood Foods')}").text
    assert "last contact Wed 25 Feb" in page
    assert "they called yesterday" in page
    assert "they called yesterday" in dana.get("/clients?text=birch").text


# --- replay ---


def finished(dana: Visitor) -> str:
    """The page of a trial once it has ended."""
    for _ in range(600):
        page = dana.get("/replay/progress").text
        if "It runs" not in page:
            return page
        time.sleep(0.1)
    raise AssertionError("the trial does not end")


TRIAL: dict[str, Any] = {"from": "2026-02-16", "to": "2026-02-28", "digest_at": "08:00", "interruptions": "2", "reply": ""}


def test_a_replay_counts_what_kept_would_have_said_and_sends_nothing(dana: Visitor, place: Place) -> None:
    before = sorted((place.folder / "outbox").glob("*"))
    dana.post("/replay", seen="/replay", **TRIAL)
    page = finished(dana)
    assert re.search(r'<th scope="row">digest</th><td class="number">\d+</td>', page)
    assert sorted((place.folder / "outbox").glob("*")) == before


@pytest.mark.parametrize(
    ("field", "written", "says"),
    [
        ("from", "2026-03-01", "must end after it begins"),
        ("from", "2024-01-01", "at most half a year"),
        ("digest_at", "25:00", "not a time of day"),
        ("interruptions", "-1", "a number from 0 to"),
        ("reply", "soon", "is not a time"),
    ],
)
def test_a_replay_that_cannot_be_says_why(dana: Visitor, field: str, written: str, says: str) -> None:
    answer = dana.post("/replay", seen="/replay", **{**TRIAL, field: written})
    assert (answer.status_code, says in answer.text) == (422, True)


# --- the team ---


def test_whoever_may_see_nobody_has_no_team(dana: Visitor) -> None:
    assert 'href="/team"' not in dana.get("/clients").text
    assert dana.get("/team").status_code == 404
    assert dana.get("/team/figures").status_code == 404


def test_a_manager_sees_figures_and_duties_but_no_words(place: Place) -> None:
    add_colleagues(place.config)
    with visitor(place.config) as lee:
        lee.sign_in(LEE)
        assert 'href="/team"' in lee.get("/clients").text
        page = lee.get("/team/figures").text
    assert "Dana Reyes" in page
    assert "Acme Ltd" in page
    assert "Figures and duties only" in page
    assert DANAS_WORDS not in page
    assert "Rob Hill" not in page


def test_a_manager_who_sees_the_words_of_the_team_sees_them(place: Place) -> None:
    add_colleagues(place.config, sees="team")
    with visitor(place.config) as lee:
        lee.sign_in(LEE)
        assert DANAS_WORDS in lee.get("/team?all=yes").text


def test_a_manager_who_sees_their_own_alone_has_no_team(place: Place) -> None:
    add_colleagues(place.config, sees="own")
    with visitor(place.config) as lee:
        lee.sign_in(LEE)
        assert lee.get("/team").status_code == 404


@pytest.mark.parametrize("path", ["", "/charter", "/report", "/story", "/feasibility", "/charter/agreed"])
def test_a_colleagues_client_has_no_page(place: Place, path: str) -> None:
    add_colleagues(place.config)
    with visitor(place.config) as rob:
        rob.sign_in(ROB)
        answer = rob.get(f"{ACME}{path}")
        assert (answer.status_code, DANAS_WORDS in answer.text) == (404, False)
        assert names(rob.get("/clients").text) == []
        assert DANAS_WORDS not in rob.get("/look-back?days=365").text


def test_the_signed_in_account_is_whose_pages_are_shown(place: Place) -> None:
    add_colleagues(place.config)
    with visitor(place.config) as dana:
        dana.sign_in(DANA)
        assert DANAS_WORDS in dana.get(ACME).text
