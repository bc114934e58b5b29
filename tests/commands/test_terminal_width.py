"""What commands print: wrapped at words on a terminal, and as it is everywhere else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import terminal

from daemon import sample
from daemon.commands.terminal import cut_to, wrapped

LONG = "ok     dana@northwind.example calendar: 46 calendar files, all readable, and one more that is not"


@pytest.mark.parametrize("width", [40, 60, 80])
def test_no_word_is_cut(width: int) -> None:
    lines = list(wrapped(LONG, width))
    assert max(map(len, lines)) <= width
    assert " ".join(lines).split() == LONG.split()


def test_the_rest_of_a_line_stands_below_its_beginning() -> None:
    assert list(wrapped("    Kim Lane wrote about the spares", 20)) == ["    Kim Lane wrote", "    about the spares"]
    assert list(wrapped("Kim Lane wrote about the spares", 20)) == ["Kim Lane wrote about", "  the spares"]


def test_a_line_with_a_heading_hangs_by_its_width() -> None:
    assert list(wrapped("ok     calendar: 46 files, all readable", 26, 7)) == [
        "ok     calendar: 46 files,",
        "       all readable",
    ]


def test_an_address_is_left_whole() -> None:
    address = f"https://mail.example/{'x' * 80}"
    assert address in list(wrapped(f"Opened: {address} in the browser", 40))[1]


def test_short_lines_stay_as_they_are() -> None:
    assert list(wrapped("one\n\n  two", 40)) == ["one", "", "  two"]


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("the revised quote", 20, "the revised quote"),
        ("the revised quote for spares", 18, "the revised quote…"),
        ("the revised quote for spares", 16, "the revised…"),
        ("Verpackungsmaschinen", 10, "Verpackun…"),
    ],
)
def test_a_column_is_cut_between_words_where_that_leaves_most_of_it(text: str, width: int, shown: str) -> None:
    assert cut_to(text, width) == shown


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample office, read once, in a folder whose name fills a line."""
    folder = tmp_path_factory.mktemp("office") / "a folder with a name that is long enough to fill a line of a terminal"
    folder.mkdir()
    sample.write_office(folder)
    with terminal.kept("sync", "--config", "config.yaml", folder=folder) as sync:
        assert sync.end() == 0
    return folder


@pytest.mark.parametrize("command", ["check", "sources", "lookback", "digest", "due", "status"])
def test_on_a_terminal_no_line_is_too_wide(command: str, folder: Path) -> None:
    with terminal.kept(command, "--config", "config.yaml", folder=folder, NO_COLOR="1", TERM="dumb") as t:
        assert t.end() == 0
        assert t.too_wide() == []


def test_in_a_pipe_a_line_stays_one(folder: Path) -> None:
    run = [
        sys.executable,
        "-c",
        "from daemon.commands.main import main; main()",
        "check",
        "--config",
        str(folder / "config.yaml"),
    ]
    shown = subprocess.run(run, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]).stdout
    assert all(line.startswith(("ok", "FAILED")) for line in shown.splitlines())
