"""The look-back, the client report and the charter commands on the sample office, as people and scripts see them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from connectors.formats import mime
from connectors.mail import Role
from daemon import clock, sample
from daemon.analysis import service_summary
from daemon.app import App
from daemon.commands import demo
from daemon.config.charter_files import version_path
from daemon.core.hours import parse_allowance
from daemon.errors import CannotDo
from daemon.operations import charter_history, charter_versions, reports
from daemon.operations.clients import find_client

AS_OF = sample.NOW.isoformat()
KEPT = [sys.executable, "-c", "from daemon.commands.main import main; main()"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("demo") / "out"
    demo.make(where)
    return where


@pytest.fixture
def kept(folder: Path) -> Iterator[App]:
    with App.open(folder / "config.yaml", {}) as app:
        app.view_as_of(sample.NOW)
        yield app


def run(folder: Path, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    command = [*KEPT, *words, "--config", str(folder / "config.yaml")]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, input=given)


class _Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.images: list[dict[str, str | None]] = []
        self.roles: list[dict[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "img":
            self.images.append(found)
        if found.get("role") == "img":
            self.roles.append(found)


# --- the report ---


def marks(kept: App, name: str) -> set[str]:
    """Everything by which a client could be recognised: names, domains, people, and all words quoted from or to them."""
    client = find_client(kept.office, name)
    found = {name, name.split(maxsplit=1)[0], *client.domains, *client.addresses, *client.phones}
    for a in kept.assessments(sample.NOW):
        if a.client == name:
            found |= {o.quote for o in a.obligations if o.quote} | {o.contact for o in a.obligations if o.contact}
            found |= {o.subject for o in a.obligations if o.subject} | {o.id for o in a.obligations}
    return {m for m in found if len(m) >= 4}


def test_nothing_of_another_client_is_in_a_report(kept: App) -> None:
    names = [c.name for c in kept.office.clients]
    theirs = {name: marks(kept, name) for name in names}
    looked = 0
    for name in names:
        page = reports.client_report(kept, find_client(kept.office, name), sample.NOW)
        whole = page.letter.subject + page.letter.text + page.letter.html + json.dumps(page.facts)
        whole += "".join(p.alt for p in page.pictures)
        others = set().union(*(theirs[other] for other in names if other != name)) - theirs[name]
        assert [m for m in others if m in whole] == [], name
        looked += len(others)
    assert looked > 300  # there was something to be found


def test_a_report_is_made_from_that_clients_assessment_and_no_other(kept: App) -> None:
    acme, birch = (find_client(kept.office, name) for name in ("Acme Ltd", "Birchwood Foods"))
    others = next(a for a in kept.assessments(sample.NOW) if a.client == birch.name)
    with pytest.raises(ValueError, match="another client's"):
        service_summary.summarize(kept.office.accounts[0], acme, others, sample.NOW)


def test_a_report_hides_nothing_that_went_wrong(kept: App) -> None:
    page = reports.client_report(kept, find_client(kept.office, "Acme Ltd"), sample.NOW)
    said = page.letter.text.partition("WHAT WENT WRONG")[2].partition("WHAT COMES NEXT")[0]
    assert (said.count("not done yet"), len(page.facts["not_done_yet"])) == (2, 2)
    assert (said.count("\n- "), len(page.facts["went_wrong"])) == (2, 0)
    standards = {s["kind"]: (s["met"], s["of"]) for s in page.facts["standards"]}
    assert sum(of - met for met, of in standards.values()) >= 2


def test_a_report_can_be_printed_and_fetches_nothing(folder: Path) -> None:
    html = (folder / "report.html").read_text(encoding="utf-8")
    assert "@media print" in html
    assert "@page" in html
    assert re.findall(r"(?:src|href)=[\"'](?!data:)([^\"']+)", html) == []


def test_every_picture_of_a_page_has_words(folder: Path) -> None:
    for name in ("report.html", "lookback.html"):
        tags = _Tags((folder / name).read_text(encoding="utf-8"))
        assert all(picture.get("alt") for picture in tags.images)
        assert all(chart.get("aria-label") for chart in tags.roles)
        assert tags.roles


def test_the_curve_of_a_report_is_a_picture_of_its_own(kept: App, tmp_path: Path) -> None:
    (picture,) = reports.client_report(kept, find_client(kept.office, "Acme Ltd"), sample.NOW).pictures
    (tmp_path / picture.name).write_bytes(picture.png)
    with Image.open(tmp_path / picture.name) as image:
        assert (image.format, image.size) == ("PNG", (2400, 1000))
    assert "70% within one hour" in picture.alt


def test_the_report_is_saved_as_a_draft_with_its_page_and_picture_once(folder: Path) -> None:
    assert (
        run(folder, "report", "Acme Ltd", "--draft", "--as-of", AS_OF).stdout.strip() == "Saved as a draft in your Drafts folder."
    )
    assert "nothing was saved twice" in run(folder, "report", "Acme Ltd", "--draft", "--as-of", AS_OF).stdout
    (draft,) = [m for m in drafts(folder) if m.subject.startswith("How we served you since")]
    assert [a.email for a in draft.to] == ["kim@acme.example"]
    assert [a.media_type for a in draft.attachments] == ["text/html", "image/png"]
    assert "[What you would like to say about it.]" in draft.text


def drafts(folder: Path) -> list[Any]:
    files = [p for part in ("cur", "new") for p in (folder / "Maildir" / ".Drafts" / part).glob("*")]
    return [mime.parse(p.read_bytes(), role=Role.DRAFTS, folder="Drafts") for p in sorted(files)]


def test_a_client_without_any_history_gets_a_clear_word(kept: App) -> None:
    nobody = replace(find_client(kept.office, "Acme Ltd"), name="Nobody Ltd")
    with pytest.raises(CannotDo, match="nothing to report"):
        reports.client_report(kept, nobody, sample.NOW)


def test_all_that_is_stored_about_a_client_can_be_printed(folder: Path) -> None:
    stored = json.loads(run(folder, "export", "Acme Ltd").stdout)
    assert stored["client"] == "Acme Ltd"
    assert all(stored[part] for part in ("messages", "events", "outbox", "said"))


# --- the look-back ---


def test_the_look_back_names_who_waited_what_was_promised_and_who_went_quiet(folder: Path) -> None:
    found = json.loads(run(folder, "lookback", "--as-of", AS_OF, "--json").stdout)["accounts"][0]
    assert found["waited_longest"][0]["client"] == "Acme Ltd"
    assert {o["client"] for o in found["promised_not_seen_done"]} >= {"Birchwood Foods", "Dornier Verpackung GmbH"}
    assert [q["client"] for q in found["gone_quiet"]] == ["Calder & Sons"]


def test_the_look_back_gives_its_uncertainty(folder: Path) -> None:
    reply = json.loads(run(folder, "lookback", "--as-of", AS_OF, "--json").stdout)["accounts"][0]["reply"]
    for rung in reply["rungs"]:
        low, high = rung["interval"]
        assert low <= rung["met"] / rung["of"] <= high
        assert high - low > 0.05


def test_the_mails_of_the_look_back_sum_up(folder: Path) -> None:
    found = json.loads(run(folder, "lookback", "--as-of", AS_OF, "--json").stdout)["accounts"][0]
    assert sum(sum(c["mails"].values()) for c in found["clients"]) == found["mails"] == 96


def test_the_look_back_says_how_far_mail_is_known(folder: Path) -> None:
    assert "Since Mon 5 Jan, 58 days ago: 96 emails" in " ".join(run(folder, "lookback", "--as-of", AS_OF).stdout.split())


def test_a_look_back_of_an_empty_mailbox_says_so(tmp_path: Path) -> None:
    (tmp_path / "Maildir").mkdir()
    for part in ("cur", "new", "tmp"):
        (tmp_path / "Maildir" / part).mkdir()
    (tmp_path / "config.yaml").write_text(
        "accounts: [{name: Dana, addresses: [dana@northwind.example], mail: [{type: maildir, path: Maildir}]}]\n"
        "clients: [{name: Acme Ltd, domains: [acme.example]}]\nstate: state\n"
    )
    assert run(tmp_path, "sync").returncode == 0
    shown = run(tmp_path, "lookback")
    assert shown.returncode == 0
    assert shown.stdout.startswith("No client wrote in this period")
    assert "There is no history yet" in run(tmp_path, "charter", "check").stdout


def test_days_must_be_some(folder: Path) -> None:
    assert "--days must be at least 1" in run(folder, "lookback", "--days", "0").stderr


# --- charters ---


def test_a_charter_is_held_against_history_with_its_uncertainty(folder: Path) -> None:
    found = json.loads(run(folder, "charter", "check", "Acme Ltd", "--as-of", AS_OF, "--json").stdout)["standards"]
    reply = next(s for s in found if s["standard"] == "reply")
    assert (reply["agreed"], reply["met"], reply["of"], reply["open"], reply["verdict"]) == (
        "2 working hours",
        8,
        10,
        2,
        "broken",
    )
    assert not reply["enough_history"]
    assert reply["target_95"] is None


def test_one_case_proves_nothing(folder: Path) -> None:
    found = json.loads(run(folder, "charter", "check", "--as-of", AS_OF, "--json").stdout)["standards"]
    assert {s["verdict"] for s in found if s["of"] < 5} == {"unknown"}


def test_a_new_charter_is_agreed_in_an_interview_written_down_and_saved_as_a_draft(folder: Path) -> None:
    start = clock.now().date() + timedelta(days=1)
    answers = [
        "within the hour",
        "4h",
        "2 weeks",
        "",
        "3 months",
        "Quick answers when a line stands",
        start.isoformat(),
        "Kim and Dana",
        "",
        "",
    ]
    done = run(folder, "charter", "new", "Larkfield Dairy", given="\n".join(answers) + "\n")
    assert done.returncode == 0, done.stderr
    file = version_path(folder / "charters", "Larkfield Dairy", start)
    assert "agreed_by: Kim and Dana" in file.read_text()
    assert "in their words: Quick answers when a line stands" in file.read_text()
    assert "What you can rely on" in " ".join(m.subject for m in drafts(folder))
    shown = run(folder, "charter", "show", "Larkfield Dairy").stdout
    assert "agreed by Kim and Dana" in shown


def test_a_version_of_the_same_day_is_not_written_over(kept: App) -> None:
    day, fenwick = sample.NOW.date(), find_client(kept.office, "Fenwick Cosmetics")
    charter_versions.save(kept, charter_versions.NewVersion(fenwick, day, {"reply": "4h"}), sample.NOW)
    with pytest.raises(CannotDo, match="Nothing was changed"):
        charter_versions.save(kept, charter_versions.NewVersion(fenwick, day, {"reply": "2h"}), sample.NOW)


def test_what_history_says_is_unrealistic_is_warned_of_with_the_number_to_negotiate_for(kept: App) -> None:
    history = charter_history.response_history(kept, find_client(kept.office, "Acme Ltd"), "reply", "1h", sample.NOW)
    assert history is not None
    assert history.feasibility.verdict.value == "broken"
    many = replace(history, feasibility=replace(history.feasibility, target=parse_allowance("1 day")))
    assert charter_versions.counter_proposal(many) == "1 day"


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("within the hour", "1h"),
        ("the day", "1 day"),
        ("Week", "5 days"),
        ("2h", "2h"),
        ("120 min", "2h"),
        ("never", "off"),
        ("vier Stunden", "4h"),
        ("4 Std.", "4h"),
        ("in 2 Stunden", "2h"),
        ("einen Tag", "1 day"),
        ("Ein halber Tag", "4h"),
        ("alle 2 Wochen", "2 weeks"),
        ("3 Monate", "3 months"),
        ("2 Arbeitsstunden", "2h"),
        ("aus", "off"),
    ],
)
def test_people_say_what_timely_means_in_their_words(said: str, written: str) -> None:
    assert charter_versions.parse_duration(said) == written


def test_what_is_no_time_is_said_so() -> None:
    with pytest.raises(CannotDo, match="is not a time"):
        charter_versions.parse_duration("soonish")
