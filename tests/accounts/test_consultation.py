"""A language model of the user's own in a whole office: what it is asked, what comes of it, and that nothing waits for it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from office import DANA, KIM, Office, only
from servers.chat_server import ChatServer, chat
from week import at

from daemon.app import App
from daemon.cycle import turn
from daemon.glossary.obligations import Band, Obligation

MAYBE = "I should be able to do the samples by Friday."  # would be asked about
BARELY = "I should be able to send the quote on Friday."  # is only just tracked
WONDERS = "I wonder whether you ship to Rotterdam."  # a client's question, which would be asked about
SHIPPING = "How long is the delivery time to Rotterdam?"
TOLD = "Orders to Rotterdam leave our plant within nine working days."
LIBRARY = """
- title: Order form
  words: [order form]
  text: The order form has 2 pages.
"""


@contextmanager
def advised(folder: Path, server: ChatServer, more: str = "", use: str = "[reading, drafts]") -> Iterator[tuple[Office, App]]:
    """An office whose user has that language model."""
    office = Office(folder)
    office.business(at(-20))
    text = office.config.read_text()
    if "model:" not in text:
        (folder / "resources.yaml").write_text(LIBRARY)
        office.config.write_text(f"{text}resources: resources.yaml\nmodel: {{url: {server.url}, name: m, use: {use}{more}}}\n")
    with office.app() as app:
        app.begin(at(-20, 8))
        yield office, app


def yes(material: dict[str, Any]) -> str:
    """Agrees with everything, by the sentence's own words."""
    return verdict("yes")(material)


def verdict(answer: str) -> Callable[[dict[str, Any]], str]:
    def say(material: dict[str, Any]) -> str:
        sentences = material.get("sentences", ())
        return json.dumps({"answers": [{"id": s["id"], "answer": answer, "words": s["sentence"]} for s in sentences]})

    return say


def from_thread(material: dict[str, Any]) -> str:
    """Answers out of the user's earlier mail in the same conversation."""
    number = next(source["id"] for source in material["sources"] if TOLD in source["words"])
    source = {"id": number, "words": "within nine working days"}
    return json.dumps({"text": "It would leave within nine working days.", "sources": [source]})


def asked_again(office: Office) -> None:
    """Kim asks what Dana has told before in the same conversation."""
    told = office.mail(at(0, 9), DANA, KIM, TOLD, subject="Rotterdam", name="told")
    office.mail(at(1, 9), KIM, DANA, SHIPPING, subject="Re: Rotterdam", answers=told, name="again")


def asked_before(office: Office, client: str) -> None:
    """A client asked the same once, and was told, in a conversation of its own."""
    office.business(at(-20, 10), client, name="earlier")
    asked = office.mail(at(-1, 9), client, DANA, SHIPPING, subject="Rotterdam", name="asked")
    office.mail(at(-1, 10), DANA, client, TOLD, subject="Re: Rotterdam", answers=asked, name="told")


def live(app: App, *moments: datetime) -> None:
    for moment in moments:
        turn(only(app), moment)


def of(app: App, words: str, now: datetime) -> Obligation:
    return next(o for a in app.assessments(now) for o in a.obligations if o.quote == words)


def test_a_second_opinion_that_agrees_tracks_what_would_be_asked_about(tmp_path: Path) -> None:
    with chat(yes) as server, advised(tmp_path, server) as (office, app):
        office.mail(at(1, 10), DANA, KIM, MAYBE, subject="Samples")
        live(app, at(1, 10, 5))
        before = of(app, MAYBE, at(1, 10, 5))
        live(app, at(1, 10, 6))
        after = of(app, MAYBE, at(1, 10, 6))
        assert (before.key, after.key) == (after.key, before.key)
        assert after.band is Band.TRACKED
        assert server.deviations == []
        assert [s["sentence"] for m in server.material for s in m.get("sentences", ())] == [MAYBE]


def test_without_a_model_it_would_be_asked_about(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.business(at(-20))
    office.mail(at(1, 10), DANA, KIM, MAYBE, subject="Samples")
    with office.app() as app:
        app.begin(at(-20, 8))
        live(app, at(1, 10, 5), at(1, 10, 6))
        assert of(app, MAYBE, at(1, 10, 6)).band is Band.ASKED


def test_a_second_opinion_that_does_not_agree_asks_about_what_is_only_just_tracked(tmp_path: Path) -> None:
    with chat(verdict("no")) as server, advised(tmp_path, server) as (office, app):
        office.mail(at(1, 10), DANA, KIM, BARELY, subject="Samples")
        live(app, at(1, 10, 5), at(1, 10, 6))
        assert of(app, BARELY, at(1, 10, 6)).band is Band.ASKED


def test_no_second_opinion_hides_a_clients_question(tmp_path: Path) -> None:
    with chat(verdict("no")) as server, advised(tmp_path, server) as (office, app):
        office.mail(at(1, 10), KIM, DANA, WONDERS, subject="Rotterdam")
        live(app, at(1, 10, 5))
        before = of(app, WONDERS, at(1, 10, 5))
        live(app, at(1, 10, 6))
        assert of(app, WONDERS, at(1, 10, 6)) == before


def test_each_thing_is_asked_once_whatever_was_answered(tmp_path: Path) -> None:
    with chat("I cannot help with that.") as server, advised(tmp_path, server) as (office, app):
        office.mail(at(1, 10), DANA, KIM, MAYBE, subject="Samples")
        live(app, at(1, 10, 5), at(1, 10, 6), at(1, 11), at(2, 11))
        assert len(server.asked) == 1
        assert of(app, MAYBE, at(2, 11)).band is Band.ASKED


def test_what_is_stored_is_known_after_a_restart(tmp_path: Path) -> None:
    with chat(yes) as server:
        with advised(tmp_path, server) as (office, app):
            office.mail(at(1, 10), DANA, KIM, MAYBE, subject="Samples")
            live(app, at(1, 10, 5), at(1, 10, 6))
        with office.app() as app:
            live(app, at(1, 11))
            assert of(app, MAYBE, at(1, 11)).band is Band.TRACKED
            assert len(server.asked) == 1


def test_opinions_of_a_model_that_left_the_configuration_count_no_more(tmp_path: Path) -> None:
    with chat(yes) as server, advised(tmp_path, server) as (office, app):
        office.mail(at(1, 10), DANA, KIM, MAYBE, subject="Samples")
        live(app, at(1, 10, 5), at(1, 10, 6))
        office.config.write_text(office.config.read_text().replace("model:", "# model:"))
        app.reload(None)
        live(app, at(1, 11))
        assert of(app, MAYBE, at(1, 11)).band is Band.ASKED


def test_as_of_a_moment_before_it_was_given_an_opinion_is_not_known(tmp_path: Path) -> None:
    with chat(yes) as server, advised(tmp_path, server) as (office, app):
        office.mail(at(1, 10), DANA, KIM, MAYBE, subject="Samples")
        live(app, at(1, 10, 5), at(1, 10, 6))
        app.view_as_of(at(1, 10, 4))
        assert of(app, MAYBE, at(1, 10, 4)).band is Band.ASKED


def test_only_mail_with_clients_leaves_and_nothing_that_it_quotes(tmp_path: Path) -> None:
    with chat(yes) as server, advised(tmp_path, server) as (office, app):
        office.mail(at(1, 9), DANA, "friend@home.example", MAYBE, subject="Private")
        quoted = f"{MAYBE}\n\nOn Mon, 2 Mar 2026 at 09:00, Kim <{KIM}> wrote:\n> our secret margin is 40 percent\n"
        office.mail(at(1, 10), DANA, KIM, quoted, subject="Samples")
        live(app, at(1, 10, 5), at(1, 10, 6))
        sent = json.dumps(server.asked)
        assert MAYBE in sent
        assert [word for word in ("secret margin", "friend@home", "Private") if word in sent] == []


def test_a_days_budget_is_not_exceeded(tmp_path: Path) -> None:
    with chat("nonsense") as server, advised(tmp_path, server, ", budget: 2 a day") as (office, app):
        woods = ("oak", "ash", "elm", "pine", "birch", "cedar", "walnut", "maple", "beech", "larch", "teak", "cherry")
        for n, wood in enumerate(woods):
            office.mail(at(1, 9, n), DANA, KIM, MAYBE.replace("samples", f"{wood} samples"), subject=f"Samples of {wood}")
        live(app, at(1, 10), at(1, 11), at(1, 12))
        assert len(server.asked) == 2
        live(app, at(2, 10))
        assert len(server.asked) == 3


@pytest.mark.parametrize("misbehaves", ["hang", "drip head", "drip body", "endless"])
def test_a_model_that_hangs_delays_no_letter(tmp_path: Path, misbehaves: str) -> None:
    with chat(misbehaves=misbehaves) as server, advised(tmp_path, server, ", time_limit: 1s") as (office, app):
        office.mail(at(1, 9), DANA, KIM, MAYBE, subject="Samples")
        office.mail(at(1, 9), KIM, DANA, SHIPPING, subject="Rotterdam")
        begun = time.monotonic()
        live(app, at(1, 10, 30))
        assert [m.subject for m in office.sent() if "due" in m.subject] != []
        live(app, at(1, 10, 31), at(1, 10, 32))
        assert time.monotonic() - begun < 10
        assert of(app, MAYBE, at(1, 10, 32)).band is Band.ASKED


def test_a_model_that_fails_is_left_alone_for_a_while(tmp_path: Path) -> None:
    with chat((500, {}, b"")) as server, advised(tmp_path, server) as (office, app):
        office.mail(at(1, 9), DANA, KIM, MAYBE, subject="Samples")
        live(app, at(1, 10), at(1, 10, 1), at(1, 10, 2))
        assert len(server.asked) == 1


def digests(office: Office) -> list[str]:
    return [m.text for m in office.sent() if "language model" in m.text]


def test_a_digest_says_once_that_the_model_does_not_answer(tmp_path: Path) -> None:
    with chat((500, {}, b"")) as server, advised(tmp_path, server) as (office, app):
        office.mail(at(1, 9), DANA, KIM, MAYBE, subject="Samples")
        live(app, at(1, 10), at(1, 10, 1), at(2, 8), at(3, 8), at(4, 8))
        (said,) = digests(office)
        assert "has not answered since 3 Mar 10:00; everything else works without it" in " ".join(said.split())


def test_once_the_model_answers_again_nothing_is_said_of_it(tmp_path: Path) -> None:
    with chat((500, {}, b"")) as server, advised(tmp_path, server) as (office, app):
        office.mail(at(1, 9), DANA, KIM, MAYBE, subject="Samples")
        live(app, at(1, 10))
        server.says = yes
        app.reload(None)
        live(app, at(1, 11), at(2, 8))
        assert digests(office) == []


def test_a_draft_has_the_suggested_answer_marked_with_its_source(tmp_path: Path) -> None:
    with chat(from_thread) as server, advised(tmp_path, server, use="[drafts]") as (office, app):
        asked_again(office)
        live(app, at(1, 9, 1), at(1, 10, 30))
        (draft,) = office.drafts()
        suggested = "[suggestion, check it]\nIt would leave within nine working days.\n[sources: your email of 2 March 2026]"
        assert suggested in draft.text
        (asked,) = server.material
        assert asked["questions"] == [SHIPPING]
        assert server.deviations == []


def test_an_earlier_answer_to_the_same_client_goes_to_the_model(tmp_path: Path) -> None:
    with chat("{}") as server, advised(tmp_path, server, use="[drafts]") as (office, app):
        asked_before(office, KIM)
        office.mail(at(1, 9), KIM, DANA, SHIPPING, subject="Delivery", name="again")
        live(app, at(1, 9, 1))
        assert [m["questions"] for m in server.material if TOLD in json.dumps(m)] == [[SHIPPING]]


def test_nothing_that_was_written_to_another_client_goes_to_the_model(tmp_path: Path) -> None:
    with chat("{}") as server, advised(tmp_path, server, use="[drafts]") as (office, app):
        asked_before(office, "bo@birch.example")
        office.mail(at(1, 8, 30), DANA, KIM, "I look forward to working with you on this.", subject="Delivery", name="ours")
        office.mail(at(1, 9), KIM, DANA, SHIPPING, subject="Re: Delivery", answers="<ours@northwind.example>", name="again")
        live(app, at(1, 9, 1))
        assert [m["questions"] for m in server.material] == [[SHIPPING]]
        assert TOLD not in json.dumps(server.asked)


def test_what_a_client_wrote_is_theirs_though_it_lies_in_sent(tmp_path: Path) -> None:
    with chat("{}") as server, advised(tmp_path, server, use="[drafts]") as (office, app):
        told = office.mail(at(0, 9), KIM, DANA, TOLD, subject="Rotterdam", name="told")
        (file,) = (tmp_path / "Maildir" / "cur").glob("*.told:2,S")
        file.rename(tmp_path / "Maildir" / ".Sent" / "cur" / file.name)
        office.mail(at(1, 8, 30), DANA, KIM, "Good to know, thank you.", subject="Re: Rotterdam", answers=told, name="ours")
        office.mail(at(1, 9), KIM, DANA, SHIPPING, subject="Re: Rotterdam", answers=told, name="again")
        live(app, at(1, 9, 1))
        (material,) = server.material
        assert [s["what"] for s in material["sources"] if s["words"] == TOLD] == ["their email of 2 March 2026"]


def test_a_draft_without_an_answer_in_time_is_as_without_a_model(tmp_path: Path) -> None:
    with chat(misbehaves="hang") as server, advised(tmp_path, server, ", time_limit: 1s", use="[drafts]") as (office, app):
        asked_again(office)
        live(app, at(1, 9, 1), at(1, 10, 30))
        (draft,) = office.drafts()
        assert "suggestion" not in draft.text


@pytest.mark.parametrize(
    "said",
    [
        "Sure! It leaves tomorrow.",
        '{"text": "It leaves within 3 days.", "sources": [{"id": "T1", "words": "within nine working days"}]}',
        '{"text": "It leaves soon.", "sources": [{"id": "T1", "words": "within two days"}]}',
        '{"text": "Pay at https://evil.example", "sources": [{"id": "T1", "words": "within nine working days"}]}',
    ],
    ids=["no json", "an invented figure", "an invented source", "an invented link"],
)
def test_a_suggestion_that_is_not_from_its_sources_stands_in_no_draft(tmp_path: Path, said: str) -> None:
    with chat(said) as server, advised(tmp_path, server, use="[drafts]") as (office, app):
        asked_again(office)
        live(app, at(1, 9, 1), at(1, 10, 30))
        (draft,) = office.drafts()
        assert "suggestion" not in draft.text
        assert "evil" not in draft.text


def test_a_question_that_nothing_answers_is_not_sent_anywhere(tmp_path: Path) -> None:
    with chat(from_thread) as server, advised(tmp_path, server, use="[drafts]") as (office, app):
        office.mail(at(1, 9), KIM, DANA, "Who won the match yesterday?", subject="Football")
        live(app, at(1, 9, 1))
        assert server.asked == []
