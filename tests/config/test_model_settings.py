"""The user's language model in the configuration: off unless it is named, at one address, within limits."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from office import CONFIG

from daemon.accounts.advisor import make_advisor
from daemon.config.load import load_settings
from daemon.config.model_settings import ModelSettings
from daemon.errors import ConfigError

URL = "http://127.0.0.1:11434/v1"


def configured(folder: Path, model: str) -> ModelSettings | None:
    file = folder / "config.yaml"
    file.write_text(CONFIG.format(zone="Europe/London", holidays="GB-ENG") + model)
    file.chmod(0o600)
    return load_settings(file).model


def problem(folder: Path, model: str) -> str:
    with pytest.raises(ConfigError) as error:
        configured(folder, f"model: {{{model}}}\n")
    (found,) = error.value.problems
    return str(found).partition("model")[2]


def test_there_is_none_unless_it_is_named(tmp_path: Path) -> None:
    assert configured(tmp_path, "") is None
    assert make_advisor(None) is None


def test_an_address_and_a_name_are_enough(tmp_path: Path) -> None:
    model = configured(tmp_path, f"model: {{url: {URL}/, name: llama3.2}}\n")
    assert model is not None
    assert (model.url, model.name, model.use, model.budget, model.time_limit) == (
        URL,
        "llama3.2",
        ["reading", "drafts"],
        200,
        timedelta(seconds=20),
    )


def test_the_contracts_example_is_valid(tmp_path: Path) -> None:
    model = configured(tmp_path, f"model: {{url: {URL}, name: m, use: [reading, drafts], budget: 200 a day}}\n")
    assert model is not None
    assert model.budget == 200


@pytest.mark.parametrize(("written", "budget"), [("50", 50), ("50 a day", 50), ("50 per day", 50), ("50/day", 50)])
def test_a_budget_is_a_number_a_day(tmp_path: Path, written: str, budget: int) -> None:
    model = configured(tmp_path, f"model: {{url: {URL}, name: m, budget: {written}}}\n")
    assert model is not None
    assert model.budget == budget


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (f"url: {URL}", "is missing"),
        ("name: m", "is missing"),
        ("url: 127.0.0.1:11434, name: m", "must begin with https://"),
        ("url: 'ftp://127.0.0.1/v1', name: m", "must begin with https://"),
        ("url: 'http://[::1/v1', name: m", "is not an address"),
        ("url: 'http://127.0.0.1:99999/v1', name: m", "is not an address"),
        ("url: 'http://gateway.northwind.example/v1', name: m", "write https://"),
        ("url: 'http://127.0.0.1.evil.example/v1', name: m", "write https://"),
        ("url: 'https://dana:secret@gateway.northwind.example/v1', name: m", "must be an address alone"),
        ("url: 'https://gateway.northwind.example/v1?key=1', name: m", "must be an address alone"),
        (f"url: {URL}, name: m, budget: many", "200 a day"),
        (f"url: {URL}, name: m, budget: 0", "200 a day"),
        (f"url: {URL}, name: m, budget: true", "200 a day"),
        (f"url: {URL}, name: m, use: []", "at least one"),
        (f"url: {URL}, name: m, use: [sending]", "reading"),
        (f"url: {URL}, name: m, time_limit: 1 day", "at most 2m"),
        (f"url: {URL}, name: m, models: x", "unknown key"),
        (f"url: {URL}, name: m, password_env: A, password_command: b", "set only one"),
    ],
)
def test_a_mistake_is_said_in_words(tmp_path: Path, model: str, words: str) -> None:
    said = problem(tmp_path, model)
    assert words in said
    assert "secret" not in said


def test_a_key_may_not_stand_in_a_file_that_others_can_read(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    model = "model: {url: 'https://gateway.northwind.example/v1', name: m, password: abc}\n"
    file.write_text(CONFIG.format(zone="Europe/London", holidays="GB-ENG") + model)
    file.chmod(0o644)
    with pytest.raises(ConfigError, match="nobody else can read"):
        load_settings(file)


def test_a_key_is_looked_up_when_it_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    advisor = make_advisor(configured(tmp_path, f"model: {{url: {URL}, name: m, password_env: GATEWAY_KEY}}\n"))
    monkeypatch.setenv("GATEWAY_KEY", "abc")
    assert advisor is not None
    assert advisor.model.key() == "abc"
    assert "abc" not in repr(advisor)
