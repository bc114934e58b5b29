"""What the page of today takes as a decision, and what it refuses, without a browser."""

from __future__ import annotations

import re

import pytest
from web_pages import DANA, Visitor

from daemon.accounts.runtime import AccountRuntime
from daemon.glossary.decisions import Verb
from daemon.glossary.obligations import Band, Obligation, State, state
from daemon.operations.digests import digests
from daemon.web.wording import phone_link

pytest_plugins = ("web_fixtures",)

HTMX = {"HX-Request": "true"}


def runtime(visitor: Visitor) -> AccountRuntime:
    return visitor.office.app.runtimes[DANA]


def owed(visitor: Visitor, band: Band = Band.TRACKED) -> Obligation:
    """Return something that is open."""
    now = visitor.clock.now
    open_ = (o for a in runtime(visitor).ledger.assessments(now) for o in a.obligations if state(o, now) is State.OVERDUE)
    return next(o for o in open_ if o.band is band)


def verbs(visitor: Visitor) -> list[Verb]:
    return [d.verb for d in visitor.office.app.store.decisions(DANA)]


def found(visitor: Visitor, target: str) -> Obligation:
    obligation = runtime(visitor).ledger.find(target, visitor.clock.now)
    assert obligation is not None
    return obligation


def test_it_says_what_the_digest_says_in_its_order(dana: Visitor) -> None:
    (letter,) = digests(dana.office.app, dana.clock.now).values()
    told = [item.id for items in letter.sections.values() for item in items if item.id]
    page = dana.get("/").text
    shown = re.findall(r'data-item="([0-9a-z]+)"', page)
    assert set(shown) == set(told)
    dued = [item.id for item in letter.sections["due_today"]] + [item.id for item in letter.sections["overdue"]]
    assert [i for i in shown if i in dued] == dued


@pytest.mark.parametrize(
    ("verb", "becomes"), [("done", State.KEPT_LATE), ("waive", State.WAIVED), ("wrong", State.WAIVED)], ids=str
)
def test_a_decision_is_stored_once_and_undone(dana: Visitor, verb: str, becomes: State) -> None:
    o = owed(dana)
    answer = dana.post(f"/items/{o.id}", seen="/", headers=HTMX, verb=verb)
    assert answer.status_code == 200
    assert state(found(dana, o.id), dana.clock.now) is becomes
    dana.post(f"/items/{o.id}", seen="/", headers=HTMX, verb="undo")
    assert state(found(dana, o.id), dana.clock.now) is State.OVERDUE
    assert verbs(dana)[-2:] == [Verb(verb), Verb.UNDO]


def test_a_decision_without_javascript_leads_back_to_the_page(dana: Visitor) -> None:
    o = owed(dana)
    answer = dana.post(f"/items/{o.id}", seen="/", verb="done", by="client")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/?by=client&settled={o.id}"
    assert "Done: " in dana.get(answer.headers["Location"]).text


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"verb": "veto"}, 400),
        ({"verb": "book"}, 400),
        ({"verb": "release"}, 400),
        ({"verb": ""}, 400),
        ({"verb": "snooze"}, 400),
        ({"verb": "snooze", "until": "yesterday"}, 400),
        ({"verb": "snooze", "until": "soonish"}, 400),
        ({"verb": "snooze", "date": "2026-02-31"}, 400),
        ({"verb": "snooze", "date": "2020-01-01"}, 400),
    ],
    ids=str,
)
def test_what_is_no_decision_about_a_line_is_refused_and_nothing_is_stored(
    dana: Visitor, form: dict[str, str], status: int
) -> None:
    before = verbs(dana)
    answer = dana.client.post(f"/items/{owed(dana).id}", data={"csrf_token": dana.token("/"), **form})
    assert answer.status_code == status
    assert verbs(dana) == before


@pytest.mark.parametrize("path", ["/items/0000000000", "/items/%3Cscript%3E", "/items/0000000000/draft", "/plan/0000000000"])
def test_what_is_not_there_is_said_in_words(dana: Visitor, path: str) -> None:
    answer = dana.get(path)
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text


def test_a_decision_about_what_is_not_there_is_refused(dana: Visitor) -> None:
    assert dana.post("/items/0000000000", seen="/", verb="done").status_code == 404


def test_the_page_looks_for_news_without_being_sent_any_words(dana: Visitor) -> None:
    seen = re.search(r"/today/news\?seen=([0-9a-f]+)", dana.get("/").text)
    assert seen is not None
    same = dana.get(f"/today/news?seen={seen[1]}")
    assert (same.status_code, same.text, "HX-Trigger" in same.headers) == (204, "", False)
    dana.post(f"/items/{owed(dana).id}", seen="/", verb="done")
    assert dana.get(f"/today/news?seen={seen[1]}").headers["HX-Trigger"] == "kept-changed"


def test_why_it_is_here_says_first_by_which_rule_it_is_due(dana: Visitor) -> None:
    page = dana.get(f"/items/{owed(dana).id}", HX_Request="true").text
    assert re.search(r"^\s*<p><strong>(Agreed|The standard with this client|Due then by)", page)


@pytest.mark.parametrize(
    ("number", "link"),
    [
        ("+44 20 7946 0018", "tel:+442079460018"),
        ("(020) 7946-0018", "tel:02079460018"),
        ("+44 (0)20 7946 0018", "tel:+442079460018"),
        ("12", ""),
        ("javascript:alert(1)", ""),
        ("+1 555 0100 ext. 7", "tel:+15550100"),
    ],
)
def test_a_phone_is_told_digits_alone(number: str, link: str) -> None:
    assert phone_link(number) == link


def test_time_alone_makes_the_page_look_again(dana: Visitor) -> None:
    seen = re.search(r"/today/news\?seen=([0-9a-f]+)", dana.get("/").text)
    assert seen is not None
    dana.clock.forward(minutes=6)
    assert "HX-Trigger" in dana.get(f"/today/news?seen={seen[1]}").headers


def test_in_german_the_page_speaks_german_and_the_lines_stay_as_the_letters_say_them(dana: Visitor) -> None:
    page = dana.get("/", Accept_Language="de").text
    assert "<h1>Heute</h1>" in page
    assert "Erledigt" in page
    (letter,) = digests(dana.office.app, dana.clock.now).values()
    (lead,) = re.findall(r'class="lead">([^<]*)<', page)
    assert lead in letter.text.replace("\n", " ")
