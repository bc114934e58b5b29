"""The commands as outsiders rely on them: results on standard output, one JSON document, exit statuses, clear errors.

Each runs in a process of its own, forked from this one so that nothing is imported anew. What starting costs is asked of processes
that are started from nothing, at the end.
"""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import typer
from children import kept
from office import DANA, KIM, Office

from daemon import clock
from daemon.commands import main

KEPT = [sys.executable, "-c", "from daemon.commands.main import main; main()"]
NOW = "2026-03-03T10:30:00+00:00"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = Office(tmp_path_factory.mktemp("office"))
    asked = office.mail(datetime(2026, 3, 2, 9, 14, tzinfo=UTC), KIM, DANA, "Can you send me the revised quote?", name="ask")
    office.mail(
        datetime(2026, 3, 2, 10, tzinfo=UTC), DANA, KIM, "I'm on it, you'll have it by Wednesday.", answers=asked, name="ack"
    )
    office.mail(
        datetime(2026, 3, 3, 9, tzinfo=UTC), KIM, DANA, "When will the second pallet arrive?", subject="Pallet", name="pallet"
    )
    assert kept("sync", "--config", str(office.config)).returncode == 0
    return office


def document(office: Office, *words: str) -> Any:
    found = kept(*words, "--json", "--config", str(office.config))
    assert found.returncode == 0, found.stderr
    return json.loads(found.stdout)


def test_due_prints_obligations_in_the_shape_that_outsiders_know(office: Office) -> None:
    found = document(office, "due", "--as-of", NOW, "--all")
    assert set(found) == {"as_of", "obligations", "unread"}
    by_source = {(o["kind"], o["source"]["message_id"]): o for o in found["obligations"]}
    reply, promise = by_source["reply", "<ask@acme.example>"], by_source["promise", "<ack@northwind.example>"]
    assert set(reply) == {
        "id", "kind", "account", "client", "contact", "contact_name", "summary", "quote", "source", "created", "due", "state", "closed", "confidence", "evidence",
    }  # fmt: skip
    assert (reply["state"], reply["account"], reply["client"], reply["contact"]) == ("kept", DANA, "Acme Ltd", KIM)
    assert reply["due"] == "2026-03-02T11:14:00+00:00"
    assert {"type", "message_id", "quote", "strength"} == set(reply["evidence"][0])
    assert (promise["state"], promise["due"]) == ("open", "2026-03-04T17:30:00+00:00")
    assert by_source["reply", "<pallet@acme.example>"]["state"] == "due_soon"


def test_without_all_only_what_is_open_is_shown_and_only_what_was_known_then(office: Office) -> None:
    assert {o["source"]["message_id"] for o in document(office, "due", "--as-of", NOW)["obligations"]} == {
        "<ack@northwind.example>",
        "<pallet@acme.example>",
    }
    earlier = document(office, "due", "--as-of", "2026-03-02T09:30:00+00:00", "--all")["obligations"]
    assert [(o["source"]["message_id"], o["state"]) for o in earlier] == [("<ask@acme.example>", "open")]


def test_the_configuration_may_be_named_before_or_after_the_command_or_by_the_environment(office: Office) -> None:
    asked = [
        kept("--config", str(office.config), "due", "--as-of", NOW, "--json"),
        kept("due", "--as-of", NOW, "--json", f"--config={office.config}"),
        kept("due", "--as-of", NOW, "--json", KEPT_CONFIG=str(office.config)),
    ]
    assert len({run.stdout for run in asked}) == 1
    assert json.loads(asked[0].stdout)["obligations"]


@pytest.mark.parametrize(
    "words",
    [("plan",), ("digest",), ("status",), ("review", "list"), ("check",), ("sync",), ("sync", "--full", "--account", DANA)],
    ids=" ".join,
)
def test_a_command_with_json_prints_one_document_and_nothing_else(office: Office, words: tuple[str, ...]) -> None:
    assert isinstance(document(office, *words), dict)


def test_ids_stay_the_same_when_everything_is_read_again(office: Office) -> None:
    before = document(office, "due", "--as-of", NOW, "--all")
    document(office, "sync", "--full")
    assert document(office, "due", "--as-of", NOW, "--all") == before


def test_the_users_decisions_settle_snooze_and_are_taken_back(office: Office) -> None:
    (owed,) = [o for o in document(office, "due")["obligations"] if o["kind"] == "promise"] or [
        o for o in document(office, "due", "--all")["obligations"] if o["kind"] == "promise"
    ]
    document(office, "waive", owed["id"], "--why", "said on the phone")
    after = {o["id"]: o for o in document(office, "due", "--all")["obligations"]}
    assert after[owed["id"]]["state"] == "waived"
    assert after[owed["id"]]["evidence"][-1]["type"] == "decision"
    document(office, "undo", owed["id"])
    assert {o["id"]: o for o in document(office, "due", "--all")["obligations"]}[owed["id"]]["state"] == owed["state"]


def test_a_misreading_is_settled_and_shown_in_the_file_of_what_was_learned(office: Office) -> None:
    owed = next(o for o in document(office, "due", "--all")["obligations"] if o["kind"] == "promise")
    document(office, "wrong", owed["id"])
    after = {o["id"]: o for o in document(office, "due", "--all")["obligations"]}
    assert after[owed["id"]]["state"] == "waived"
    (learned,) = office.folder.rglob("learned.yaml")
    assert f"wrong {owed['id']}" in learned.read_text()
    document(office, "undo", owed["id"])
    assert f"wrong {owed['id']}" not in learned.read_text()


def test_a_confirmed_doubt_stays_owed(office: Office) -> None:
    owed = next(o for o in document(office, "due", "--as-of", NOW)["obligations"] if o["kind"] == "reply")
    document(office, "confirm", owed["id"])
    after = {o["id"]: o for o in document(office, "due", "--all")["obligations"]}
    assert after[owed["id"]]["closed"] is None
    assert after[owed["id"]]["evidence"][-1]["type"] == "decision"


def test_undo_where_nothing_was_decided_says_so(office: Office) -> None:
    owed = next(o for o in document(office, "due", "--all")["obligations"] if o["kind"] == "promise")
    for target in (owed["id"], owed["id"], "0000000000"):
        found = kept("undo", target, "--config", str(office.config))
        assert found.returncode == 1
        assert f"Nothing has been decided on {target}" in found.stderr


def test_undo_a_second_time_says_that_nothing_is_left(office: Office) -> None:
    owed = next(o for o in document(office, "due", "--all")["obligations"] if o["kind"] == "promise")
    document(office, "waive", owed["id"])
    assert kept("undo", owed["id"], "--config", str(office.config)).returncode == 0
    assert kept("undo", owed["id"], "--config", str(office.config)).returncode == 1


@pytest.mark.parametrize("words", ["tomorrow", "monday", "2099-03-05", "2099-03-05T09:00", "in two hours", "Montag"])
def test_snooze_understands_a_time_as_people_name_it(office: Office, words: str) -> None:
    owed = next(o for o in document(office, "due", "--all")["obligations"] if o["kind"] == "promise")
    found = document(office, "snooze", owed["id"], "--until", words)
    assert datetime.fromisoformat(found["until"]) > datetime.fromisoformat(found["at"])
    document(office, "undo", owed["id"])


@pytest.mark.parametrize("words", ["someday", "2020-03-05"])
def test_snooze_refuses_what_is_no_time_ahead(office: Office, words: str) -> None:
    owed = next(o for o in document(office, "due", "--all")["obligations"] if o["kind"] == "promise")
    assert kept("snooze", owed["id"], "--until", words, "--config", str(office.config)).returncode == 2


def test_snooze_refuses_the_day_that_it_is(office: Office) -> None:
    owed = next(o for o in document(office, "due", "--all")["obligations"] if o["kind"] == "promise")
    today = clock.now().astimezone(ZoneInfo(office.zone))
    refused = kept("snooze", owed["id"], "--until", f"{today.day}.{today.month}.", "--config", str(office.config))
    assert refused.returncode == 2
    assert "is not ahead" in refused.stderr


def test_json_gives_each_moment_in_the_accounts_own_zone(tmp_path: Path) -> None:
    office = Office(tmp_path, zone="America/New_York")
    office.mail(datetime(2026, 3, 2, 15, tzinfo=UTC), KIM, DANA, "Can you send me the revised quote?", name="ask")
    assert kept("sync", "--config", str(office.config)).returncode == 0
    at = "2026-03-02T17:30:00+00:00"
    due = document(office, "due", "--as-of", at)
    (owed,) = due["obligations"]
    assert (due["as_of"], owed["created"], owed["due"]) == (
        "2026-03-02T12:30:00-05:00", "2026-03-02T10:00:00-05:00", "2026-03-02T12:00:00-05:00",
    )  # fmt: skip
    assert document(office, "explain", owed["id"], "--as-of", at)["due"].endswith("-05:00")
    replayed = document(office, "replay", "--from", "2026-03-02T11:00:00+00:00", "--to", "2026-03-03T20:00:00+00:00")
    moments = [replayed["as_of"], *(a["at"] for a in replayed["actions"])]
    moments += [document(office, "digest", "--as-of", at)["as_of"], document(office, "plan", "--as-of", at)["as_of"]]
    lookback = document(office, "lookback", "--as-of", at)
    moments += [lookback["as_of"], lookback["accounts"][0]["to"], document(office, "status")["last_turn"][-6:]]
    assert len(moments) > 6
    assert all(moment.endswith(("-05:00", "-04:00")) for moment in moments)


def test_check_names_another_address_from_which_much_was_sent(tmp_path: Path) -> None:
    office = Office(tmp_path)
    for n in range(6):
        office.mail(datetime(2026, 3, 2, 9, n, tzinfo=UTC), DANA, KIM, "Here it is.", name=f"s{n}")
    for path in sorted((tmp_path / "Maildir" / ".Sent" / "cur").iterdir()):
        path.write_bytes(path.read_bytes().replace(f"From: {DANA}".encode(), b"From: desk@northwind.example"))
    assert kept("sync", "--config", str(office.config)).returncode == 0
    found = kept("check", "--config", str(office.config))
    assert "6 of 6 sent mails are from desk@northwind.example: yours too? Then add it to addresses." in found.stdout


def test_explain_shows_the_words_and_their_message(office: Office) -> None:
    reply = next(o for o in document(office, "due", "--as-of", NOW)["obligations"] if o["kind"] == "reply")
    page = kept("explain", reply["id"], "--as-of", NOW, "--config", str(office.config)).stdout
    assert "When will the second pallet arrive?" in page
    assert "wrote “" in page, "by person and subject, without a Message-ID"
    assert "<pallet@acme.example>" not in page
    mail = next((office.folder / "Maildir" / "cur").glob("*pallet*"))
    found = json.loads(kept("explain", str(mail), "--json", "--config", str(office.config)).stdout)
    assert [a["quote"] for a in found["acts"] if a["kind"] == "request"] == ["When will the second pallet arrive?"]


def test_the_digest_goes_out_once_a_day(office: Office) -> None:
    page = office.folder / "digest.html"
    assert kept("digest", "--as-of", NOW, "--html", str(page), "--config", str(office.config)).returncode == 0
    assert stat.S_IMODE(page.stat().st_mode) == 0o600, "it holds clients' words and signed links"
    assert "second pallet" in page.read_text()
    assert "second pallet" in kept("digest", "--as-of", NOW, "--print", "--config", str(office.config)).stdout


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("due", "--as-of", "2026-03-03T10:30:00"), 2, "no offset from UTC"),
        (("due", "--as-of", "yesterday"), 2, "is not a time"),
        (("due", "--client", "Nobody"), 1, "is not a client"),
        (("done", "zzzzzzzzzz"), 1, "Nothing here has the ID"),
        (("veto", "zzzzzzzzzz"), 1, "kept plan"),
        (("sync", "--account", "eve@else.example"), 1, "There is no account"),
        (("nonsense",), 2, "No such command"),
        (("snooze", "x"), 2, "--until"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_done_is_said_in_words_with_the_right_status(
    office: Office, words: tuple[str, ...], status: int, said: str
) -> None:
    found = kept(*words, "--config", str(office.config))
    assert found.returncode == status
    assert said in found.stderr
    assert "Traceback" not in found.stderr
    assert found.stdout == ""


def test_infer_answers_each_line_in_order_and_names_a_line_that_is_none() -> None:
    message = {
        "id": "1", "direction": "received", "from": KIM, "to": [DANA], "cc": [], "date": "2026-03-02T09:14:00+01:00",
        "subject": "Re: quote", "text": "Can you send the revised quote?", "user": [DANA], "time_zone": "Europe/London",
    }  # fmt: skip
    lines = [json.dumps({**message, "id": str(n)}) for n in range(3)]
    found = [json.loads(line) for line in kept("infer", given="\n".join(lines)).stdout.splitlines()]
    assert [f["id"] for f in found] == ["0", "1", "2"]
    assert found[0]["reply_expected"] is True
    assert found[0]["requests"][0]["quote"] == "Can you send the revised quote?"
    broken = kept("infer", given=f"{lines[0]}\n{{}}\n")
    assert broken.returncode == 1
    assert "line 2" in broken.stderr
    assert "Traceback" not in broken.stderr


def test_every_command_of_the_help_page_exists_and_its_line_fits() -> None:
    words = list(main.COMMANDS)
    for application in (main.build(words), main.build([])):
        command = typer.main.get_command(application)
        page = command.get_help(typer.Context(command, info_name="kept")).partition(f"{next(iter(main.PANELS))}:")[2]
        assert "..." not in page
        listed = [line.split()[0] for line in page.splitlines() if line.startswith("  ")]
        assert sorted(listed) == sorted(words)
        assert all(len(line) < 80 for line in page.splitlines())


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("kept due --w", "--wide"), ("kept sources f", "forget"), ("kept review b", "book"), ("kept sno", "snooze")],
)
def test_a_shell_completes_commands_and_their_options(typed: str, offered: str) -> None:
    asked = {"_KEPT_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(len(typed.split()) - 1)}
    found = subprocess.run(KEPT, env={**os.environ, **asked}, capture_output=True, text=True, timeout=60, check=False)
    assert found.stdout.split() == [offered]


def test_help_and_status_import_no_connector_and_no_database(office: Office) -> None:
    named = """
    mail: [{type: gmail}, {type: graph}, {type: ews, host: mail.northwind.example, username: dana, password_env: PASSWORD}]
    send: {type: gmail}"""
    text = office.config.read_text().replace("\n    mail: [{type: maildir, path: Maildir}]", named)
    text = text.replace("\n    send: {type: file, path: outbox}", "")
    apps = "oauth: {google: {client_id: a, client_secret: {password_env: X}}, microsoft: {client_id: b}}\n"
    config = office.folder / "providers.yaml"
    config.write_text(text + apps)
    for words in (["--help"], ["status"]):
        found = subprocess.run(
            [sys.executable, "-X", "importtime", *KEPT[1:], *words, "--config", str(config)],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        imported = {line.rpartition("|")[2].strip() for line in found.stderr.splitlines() if line.startswith("import time:")}
        assert found.returncode == 0, found.stderr
        heavy = {"sqlalchemy", "imapclient", "caldav", "icalendar", "alembic"}
        heavy |= {"google.auth", "google_auth_oauthlib", "msal", "exchangelib", "requests", "lxml", "keyring", "tzlocal"}
        assert not imported & heavy
        assert not {name for name in imported if name.startswith(("google", "msal", "exchangelib"))}


def test_a_corrupt_database_and_an_unwritable_state_are_one_clear_line(tmp_path: Path) -> None:
    office = Office(tmp_path)
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "kept.db").write_bytes(b"this is no database at all" * 400)
    found = kept("sync", "--config", str(office.config))
    assert found.returncode == 1
    assert len(found.stderr.strip().splitlines()) == 1
    assert "kept.db" in found.stderr


def test_replay_tells_what_would_have_been_done_and_does_nothing(office: Office) -> None:
    def outside() -> list[str]:
        return sorted(str(p) for folder in ("outbox", "calendar", "Maildir") for p in (office.folder / folder).rglob("*"))

    before = outside()
    found = document(office, "replay", "--from", "2026-03-03T06:00:00+00:00", "--to", "2026-03-03T12:00:00+00:00")
    kinds = [a["kind"] for a in found["actions"]]
    assert kinds.count("digest") == 1
    assert [a["at"] for a in found["actions"]] == sorted(a["at"] for a in found["actions"])
    assert "remind" in kinds
    assert outside() == before


def test_a_charter_is_shown_with_what_the_house_adds(office: Office) -> None:
    found = document(office, "charter", "show", "acme")
    assert found["client"] == "Acme Ltd"
    assert found["standards"]["reply"].startswith("2")
    assert found["standards"]["review"]


def test_auth_says_that_there_is_nothing_to_sign_in_to(office: Office) -> None:
    found = kept("auth", "dana@northwind.example", "--config", str(office.config))
    assert (found.returncode, found.stdout) == (1, "")
    assert "nothing to sign in to" in found.stderr
