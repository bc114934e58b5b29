"""The file of resources: read with every mistake shown where it stands, and searched by a client's question."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.config.library_file import Resource, load
from daemon.delivery.library import matching
from daemon.errors import ConfigError

FILE = """\
# what we send again and again
- title: Price list 2026
  words: [price list, catalogue, rates]
  link: https://northwind.example/prices.pdf

- title: Delivery times
  words: delivery time, lead time, shipping
  text: |
    Standard orders leave within nine working days.
- title: Warranty terms
  words:
    - warranty
    - guarantee
    - 4410
  link: https://northwind.example/warranty
  text: Three years on all parts.
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "resources.yaml"
    file.write_text(FILE, encoding="utf-8")
    return file


@pytest.fixture
def library(path: Path) -> tuple[Resource, ...]:
    return load(path)


def wrong(path: Path, text: str) -> list[str]:
    """What is said of such a file, without the folder."""
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(path)
    return str(caught.value).replace(f"{path.parent}/", "").splitlines()


def titles(found: tuple[Resource, ...]) -> list[str]:
    return [r.title.split()[0] for r in found]


def test_every_entry_is_read_with_the_line_it_stands_in(library: tuple[Resource, ...]) -> None:
    assert library == (
        Resource("Price list 2026", "", "https://northwind.example/prices.pdf", "resources.yaml, line 2", ("price list", "catalogue", "rates")),
        Resource("Delivery times", "Standard orders leave within nine working days.", "", "resources.yaml, line 6", ("delivery time", "lead time", "shipping")),
        Resource("Warranty terms", "Three years on all parts.", "https://northwind.example/warranty", "resources.yaml, line 10", ("warranty", "guarantee", "4410")),
    )  # fmt: skip


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "[]"])
def test_a_file_with_nothing_in_it_is_an_empty_library(path: Path, text: str) -> None:
    path.write_text(text)
    assert load(path) == ()
    assert matching((), "What is the price?") == ()


ENTRY = "- title: A\n  words: b12\n"
MISTAKES = [
    ("title: Price list\n", 'resources.yaml:1: must be a list of resources, such as "- title: Price list" with words: and link: or text: below it'),
    ("- Price list\n", 'resources.yaml:1: [0]: must be a resource, such as "- title: Price list" with words: and link: or text: below it'),
    (f"{ENTRY}", "resources.yaml:1: [0]: needs a link: or a text: to answer with"),
    (f"{ENTRY}  text: c\n- words: b\n  text: c\n", "resources.yaml:4: [1]: needs a title: what you call it"),
    ("- title: A\n  text: c\n", "resources.yaml:1: [0]: needs words: what clients ask for when this is the answer, such as [price list, catalogue]"),
    (f"{ENTRY}  url: c\n  text: c\n", "resources.yaml:3: [0].url: unknown key; a resource has title, words, text and link"),
    (f"{ENTRY}  text: [c]\n", "resources.yaml:3: [0].text: must be text"),
    (f"{ENTRY}  text:\n", "resources.yaml:3: [0].text: must be text"),
    (f"{ENTRY}  link: ../prices.pdf\n", "resources.yaml:3: [0].link: must be a link that can be clicked, such as https://northwind.example/prices.pdf"),
    (f"{ENTRY}  link: javascript:alert(1)\n", "resources.yaml:3: [0].link: must be a link that can be clicked, such as https://northwind.example/prices.pdf"),
    ("- title: A\n  words: [b, [c]]\n  text: d\n", "resources.yaml:2: [0].words: must be words, or a list of words"),
    ("- title: A\n  words: the, and\n  text: d\n", "resources.yaml:2: [0].words: has no word to search for: write what clients ask for, such as [price list, catalogue]"),
    (f"{ENTRY}  text: c\n  title: D\n", "resources.yaml:4: [0].title: duplicate key; first on line 1"),
    ("- title: A\n  words: [b\n", "resources.yaml:3: is not valid YAML: did not find expected ',' or ']'"),
    ("- &a [*a]\n", "resources.yaml: an alias (*) refers to something that contains it"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), MISTAKES)
def test_a_mistake_is_shown_where_it_stands(path: Path, text: str, said: str) -> None:
    assert said in wrong(path, text)


def test_all_mistakes_are_shown_at_once(path: Path) -> None:
    assert [line.split(" ")[0] for line in wrong(path, "- title: A\n- words: [a]\n  text: [b]\n")] == [
        "resources.yaml:1:", "resources.yaml:1:", "resources.yaml:2:", "resources.yaml:2:", "resources.yaml:3:",
    ]  # fmt: skip


def test_a_file_that_is_not_there_or_is_no_text_is_said_plainly(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x00- title")
    with pytest.raises(ConfigError, match="cannot be read: it is not UTF-8 text"):
        load(path)
    path.unlink()
    with pytest.raises(ConfigError, match=r"resources.yaml: no such file. Write one"):
        load(path)


def test_a_question_finds_what_its_keywords_name(library: tuple[Resource, ...]) -> None:
    assert titles(matching(library, "Hi Dana,\n\ncould you send me your catalogues?")) == ["Price"]
    assert titles(matching(library, "What's the lead time at the moment?")) == ["Delivery"]
    assert titles(matching(library, "Is there a guarantee on part 4410, and what is the price list?")) == ["Warranty", "Price"]
    assert titles(matching(library, "Is there a guarantee on part 4410, and what is the price list?", most=1)) == ["Warranty"]


def test_nothing_is_better_than_nonsense(library: tuple[Resource, ...]) -> None:
    for asked in (
        "Shall we meet on Thursday?",
        "Have a list of everyone who comes to the fair?",
        "",
        "Thanks!",
        "All three parts are fine.",
    ):
        assert matching(library, asked) == (), asked
    assert matching(library, "Your price list, please", most=0) == ()


def test_a_single_keyword_is_a_good_part_of_what_is_asked(library: tuple[Resource, ...]) -> None:
    assert titles(matching(library, "Which rates do you have?")) == ["Price"]
    assert matching(library, "Do the rates of return on your training of our technicians justify a second day?") == ()


def test_what_they_have_already_is_not_asked_for(library: tuple[Resource, ...]) -> None:
    for asked in ("Thanks for the price list. Did you get my form?", "The price list has a mistake.", "We have your catalogue."):
        assert matching(library, asked) == (), asked


@given(asked=st.text())
def test_no_question_can_steer_the_query(asked: str) -> None:
    one = Resource("A", "b", "", "resources.yaml, line 1", (asked, "catalogue"))
    assert matching((one,), asked) in ((), (one,))
    assert matching((one,), f"catalogue {asked[:0]} please") == (one,)


def test_what_was_loaded_in_one_thread_is_searched_in_another(library: tuple[Resource, ...]) -> None:
    found = [matching(library, "your catalogue?")]
    thread = threading.Thread(target=lambda: found.append(matching(library, "your catalogue?")))
    thread.start()
    thread.join()
    assert found[0] == found[1] != ()
