"""The tool that rebuilds labelled mails from clones of public archives, on invented mail: whose it is, and what is left out."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import unlabelled_mail
from public_mail import addresses, rebuilt
from servers.processes import Missing, program
from unlabelled_mail import text_hash, unlabelled

ARCHIVE = "linux-mailinglist-archives/lists.invented.example"
MAIL = """From: "Kim Lee" <kim@acme.example>
To: dana@northwind.example
Cc: Berg, Jan van den <jan@acme.example>, lee@northwind.example
Date: Mon, 02 Mar 2026 09:00:00 +0000
Subject: Pallets
Message-ID: <1@acme.example>

When do the pallets come?
"""


@pytest.mark.parametrize(
    ("field", "people"),
    [
        ("", []),
        ("kim@acme.example, sam@acme.example", ["kim@acme.example", "sam@acme.example"]),
        ("Kim Lee <kim@acme.example>, Sam Roe <sam@acme.example>", ["kim@acme.example", "sam@acme.example"]),
        ('"Lee, Kim (Sales)" <kim@acme.example>, "Roe, Sam" <sam@acme.example>', ["kim@acme.example", "sam@acme.example"]),
        ("Lee, Kim <kim@acme.example>", ["kim@acme.example"]),
        ("Lee, Kim <kim@acme.example>, Roe, Sam J. <sam@acme.example>", ["kim@acme.example", "sam@acme.example"]),
        ("van den Berg, Jan <jan@acme.example>", ["jan@acme.example"]),
        ("Lee, Kim A; Roe, Sam; Tom Ash", ["kim.a.lee@people.example", "sam.roe@people.example", "tom.ash@people.example"]),
        ("lee, kim", ["kim.lee@people.example"]),
        ('"Lee, Kim" <>', ["kim.lee@people.example"]),
        ('Lee, "Kim  "', ["kim.lee@people.example"]),
        ("Lee, Kim <kim>", ["kim.lee@people.example"]),
        ("Kim Lee, Sam Roe", ["kim.lee@people.example", "sam.roe@people.example"]),
        ("kim at acme.example (Kim Lee)", ["kim.lee@people.example"]),
        ("kim at acme.example (Lee, Kim (Sales))", ["kim.sales.lee@people.example"]),
        ("k|m @end|ng |rom @cme@example (Kim Lee)", ["kim.lee@people.example"]),
    ],
)
def test_a_comma_inside_a_name_makes_no_two_people_of_one(field: str, people: list[str]) -> None:
    assert list(addresses(field)) == people


@pytest.fixture
def mirrors(tmp_path: Path) -> Path:
    """A folder with a clone of one archive, in which one mail lies."""
    try:
        git = program("git", "apt-get install git")
    except Missing as missing:
        pytest.skip(str(missing))
    clone = tmp_path / ARCHIVE.replace("/", "+")
    clone.mkdir()
    (clone / "m").write_text(MAIL)
    as_kim = ("-c", "user.name=Kim", "-c", "user.email=kim@acme.example")
    for words in (("init", "-q", "-b", "main"), ("add", "m"), (*as_kim, "commit", "-q", "-m", "Keep a mail")):
        subprocess.run([git, "-C", str(clone), *words], check=True, capture_output=True)
    return tmp_path


def label(name: str, message_id: str = "<1@acme.example>", repo: str = ARCHIVE) -> dict[str, str]:
    return {"id": name, "repo": repo, "commit": "main", "path": "m", "message_id": message_id}


def test_a_labelled_mail_is_rebuilt_as_a_row(mirrors: Path) -> None:
    assert list(rebuilt([label("a")], mirrors)) == [
        {
            "id": "a",
            "from": "kim@acme.example",
            "to": ["dana@northwind.example"],
            "cc": ["jan@acme.example", "lee@northwind.example"],
            "date": "2026-03-02T09:00:00+00:00",
            "subject": "Pallets",
            "text": "When do the pallets come?",
        }
    ]


def test_what_is_not_there_is_named_and_left_out(mirrors: Path, capsys: pytest.CaptureFixture[str]) -> None:
    labels = [label("gone", "<2@acme.example>"), label("a"), label("far", repo="twisted/pipermail")]
    assert [row["id"] for row in rebuilt(labels, mirrors)] == ["a"]
    said = capsys.readouterr().err
    assert f"gone is left out: {ARCHIVE} has no mail <2@acme.example> in m of main." in said
    assert "The mails of twisted/pipermail are left out: there is no clone of it" in said


def test_mail_without_labels_is_collected_once_and_without_what_measures(mirrors: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unlabelled_mail, "ARCHIVES", ((ARCHIVE, "main", 5), (ARCHIVE, "main", 5)))
    text = "When do the pallets come?"
    assert list(unlabelled(mirrors, frozenset())) == [{"source": ARCHIVE, "text": text}]
    assert list(unlabelled(mirrors, frozenset((text_hash(text),)))) == []
