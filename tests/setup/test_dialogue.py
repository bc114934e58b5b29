"""“back” asks the question before once more, at every question, and a password may be that word."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from daemon.setup import dialogue


def typing(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def questions(asked: list[str], *names: str) -> list[Callable[[], None]]:
    """Questions with these names; whatever is answered is appended to `asked`. One whose name begins with - asks nothing."""

    def question(name: str) -> Callable[[], None]:
        return lambda: None if name.startswith("-") else asked.append(f"{name}={dialogue.text(name)}")

    return [question(name) for name in names]


def test_back_asks_the_question_before_again_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    typing(monkeypatch, "1", "2", "back", "3", "4")
    asked: list[str] = []
    dialogue.in_turn(*questions(asked, "a", "b", "c"))
    assert asked == ["a=1", "b=2", "b=3", "c=4"]


def test_back_passes_over_what_asks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    typing(monkeypatch, "1", "back", "2", "3")
    asked: list[str] = []
    dialogue.in_turn(*questions(asked, "a", "-b", "-c", "d"))
    assert asked == ["a=1", "a=2", "d=3"]


def test_back_from_the_first_question_goes_to_whoever_asked_and_leaves_no_answer_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    typing(monkeypatch, "1", "back", "back")
    before = dialogue.progress.answers
    with pytest.raises(dialogue.Back):
        dialogue.in_turn(*questions([], "a", "b"))
    assert dialogue.progress.answers == before


def test_who_comes_back_to_several_questions_begins_with_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    typing(monkeypatch, "2", "3")
    monkeypatch.setattr(dialogue.progress, "backwards", True)
    asked: list[str] = []
    dialogue.in_turn(*questions(asked, "a", "b"))
    assert asked == ["b=2"]


def test_back_instead_of_a_password_goes_back_and_says_how_such_a_password_is_typed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typing(monkeypatch, "Back")
    with pytest.raises(dialogue.Back):
        dialogue.secret("Password")
    assert 'typed in double quotes: "back"' in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("User", ("user", "")),
        ('"user"', ("", "user")),
        ("sesame", ("", "sesame")),
        ("", ("", "as before")),
    ],
)
def test_a_word_may_be_typed_instead_of_a_password(monkeypatch: pytest.MonkeyPatch, typed: str, taken: tuple[str, str]) -> None:
    typing(monkeypatch, typed)
    assert dialogue.secret_or("Password", ("user", "server"), "as before") == taken


def test_what_was_answered_is_kept_before_the_next_question_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    typing(monkeypatch, "1", "2")
    asked: list[str] = []
    kept: list[list[str]] = []
    with dialogue.keeping(lambda: kept.append(list(asked))):
        dialogue.in_turn(*questions(asked, "a", "b"))
    assert kept == [[], ["a=1"]]


@pytest.mark.parametrize(
    ("typed", "password"),
    [
        ('"back"', "back"),
        ('""back""', '"back"'),
        ("backs", "backs"),
        ('"quoted"', '"quoted"'),
        ('"zurück"', "zurück"),
    ],
)
def test_every_password_can_be_typed(monkeypatch: pytest.MonkeyPatch, typed: str, password: str) -> None:
    typing(monkeypatch, typed)
    assert dialogue.secret("Password") == password
