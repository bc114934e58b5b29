"""What the commands say of a language model of the user's own: what it would be sent, whether it answers, what it thinks."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from children import kept
from office import DANA, KIM, Office, only
from servers.chat_server import ChatServer, chat
from week import at

from daemon.cycle import turn
from daemon.operations.status import Status
from daemon.service.state_files import write_state_files

MAYBE = "I should be able to do the samples by Friday."
NOW = "2026-03-03T10:30:00+00:00"


def agrees(material: dict[str, Any]) -> str:
    return json.dumps({"answers": [{"id": s["id"], "answer": "yes", "words": s["sentence"]} for s in material["sentences"]]})


def office_with(folder: Path, server: ChatServer, more: str = "") -> Office:
    office = Office(folder)
    office.config.write_text(f"{office.config.read_text()}model: {{url: {server.url}, name: llama3.2, use: [reading]{more}}}\n")
    return office


def model_line(office: Office) -> tuple[int, str]:
    found = kept("check", "--config", str(office.config))
    return found.returncode, next(line for line in found.stdout.splitlines() if "language model" in line)


def test_check_says_what_would_be_sent_where_and_tries_it(tmp_path: Path) -> None:
    with chat(agrees) as server:
        status, line = model_line(office_with(tmp_path, server))
        host = server.url.removeprefix("http://").removesuffix("/v1")
        assert line.startswith(
            f"ok     language model: llama3.2 at {host} (this machine) is sent sentences that Kept is in doubt about"
        )
        assert "at most 200 requests a day for each account" in line
        assert "an invented sentence was read right" in line
        assert "draft" not in line
        assert status == 0
        assert [s["email"] for s in server.material[0]["sentences"]] == ["I will send you the revised quote on Friday."]


def test_check_says_that_a_model_is_too_small(tmp_path: Path) -> None:
    with chat("yes yes yes") as server:
        assert "it may be too small a model" in model_line(office_with(tmp_path, server))[1]


def test_check_says_that_a_model_does_not_answer(tmp_path: Path) -> None:
    with chat((404, {}, b"")) as server:
        status, line = model_line(office_with(tmp_path, server))
        assert (status, line[:6]) == (1, "FAILED")
        assert "knows no such model" in line


def test_explain_says_what_the_model_thinks_and_by_which_words(tmp_path: Path) -> None:
    with chat(agrees) as server:
        office = office_with(tmp_path, server)
        office.business(at(-20))
        office.mail(at(1, 10), DANA, KIM, MAYBE, subject="Samples")
        office.live(at(1, 10, 5), at(1, 10, 6))
        due = json.loads(kept("due", "--as-of", NOW, "--json", "--config", str(office.config)).stdout)
        (found,) = [o["id"] for o in due["obligations"] if o["quote"] == MAYBE]
        page = kept("explain", found, "--as-of", NOW, "--config", str(office.config)).stdout
        assert f"Second opinion: the language model llama3.2 agrees, by the words “{MAYBE}”." in page
        shown = json.loads(kept("explain", found, "--as-of", NOW, "--json", "--config", str(office.config)).stdout)
        assert shown["opinion"] == {"by": "llama3.2", "holds": True, "words": MAYBE}


WRITTEN: dict[str, Any] = {
    "pid": 7,
    "last_turn": "2026-03-04T07:30:12.5+00:00",
    "queue": {},
    "failures": [],
    "sources": [],
    "unsettled": [],
}
MODEL: dict[str, Any] = {
    "name": "llama3.2",
    "host": "127.0.0.1:11434",
    "budget": 200,
    "asked_today": {DANA: 12},
    "silent_since": None,
}


@pytest.mark.parametrize(
    ("model", "line"),
    [
        (MODEL, f"Language model llama3.2 at 127.0.0.1:11434: 12 of 200 requests for {DANA} today."),
        (
            {**MODEL, "silent_since": "2026-03-04T07:00:00+00:00", "error": "127.0.0.1 cannot be reached"},
            (
                f"Language model llama3.2 at 127.0.0.1:11434: 12 of 200 requests for {DANA} today. "
                "No answer since today 07:00 (127.0.0.1 cannot be reached); everything else works without it."
            ),
        ),
    ],
)
def test_the_status_says_how_the_model_is_doing(model: dict[str, Any], line: str) -> None:
    assert (
        line
        in Status({**WRITTEN, "model": {"error": None, **model}}, running=True, now=datetime(2026, 3, 4, 8, tzinfo=UTC))
        .text()
        .splitlines()
    )


def test_the_status_file_has_what_the_status_says(tmp_path: Path) -> None:
    with chat((500, {}, b"")) as server:
        office = office_with(tmp_path, server)
        office.business(at(-20))
        office.mail(at(1, 10), DANA, KIM, MAYBE, subject="Samples")
        with office.app() as app:
            app.begin(at(-20))
            turn(only(app), at(1, 10, 5))
            write_state_files(app, datetime(2026, 3, 3, 10, 6, tzinfo=UTC), running=True)
        written = json.loads((tmp_path / "state" / "status.json").read_text())["model"]
        assert (written["asked_today"], written["silent_since"]) == ({DANA: 1}, "2026-03-03T10:05:00+00:00")
        assert "internal error" in written["error"]


def test_without_a_model_nothing_is_said_of_one(tmp_path: Path) -> None:
    office = Office(tmp_path)
    assert "language model" not in kept("check", "--config", str(office.config)).stdout
    assert "anguage model" not in Status({**WRITTEN, "model": None}, running=True, now=datetime(2026, 3, 4, 8, tzinfo=UTC)).text()
