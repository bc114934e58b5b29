"""`kept service`: what it tells the system that starts programs, played by small programs of the same names, and what it tells the user."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import terminal
from children import kept
from office import Office

from daemon.service import health

KEPT = Path(sys.executable).with_name("kept")
SYSTEMCTL = """#!/bin/sh
printf '%s\\n' "$*" >>"$HOME/calls"
unit="$HOME/.config/systemd/user/kept.service"
case "$*" in
    *"enable --now"*) eval "setsid $(sed -n 's/^ExecStart=//p' "$unit") >/dev/null 2>&1 &" ;;
    *"disable --now"*) kill "$(cat "$HOME/state/lock")" ;;
    *is-enabled*) [ -e "$unit" ] ;;
esac
"""
SCHTASKS = """#!/bin/sh
printf '%s\\n' "$*" >>"$HOME/calls"
case "$*" in
    /Create*) touch "$HOME/task" ;;
    /Run*) setsid KEPT run --config "$HOME/config.yaml" >/dev/null 2>&1 & ;;
    /Delete*) rm "$HOME/task" ;;
    /Query*) [ -e "$HOME/task" ] ;;
esac
"""


def program(folder: Path, name: str, text: str) -> None:
    (folder / "bin").mkdir(exist_ok=True)
    (folder / "bin" / name).write_text(text)
    (folder / "bin" / name).chmod(0o755)


def service(folder: Path, *words: str, **environ: str) -> tuple[int, str]:
    """The exit status of a command, and all that it said."""
    own = {
        "HOME": str(folder),
        "XDG_RUNTIME_DIR": str(folder / "run"),
        "XDG_CONFIG_HOME": "",
        "WSL_DISTRO_NAME": "",
        "PATH": f"{folder}/bin:{os.environ['PATH']}",
    }
    done = kept("--config", str(folder / "config.yaml"), "service", *words, given="", folder=folder, **{**own, **environ})
    return done.returncode, done.stdout + done.stderr


def pid(folder: Path) -> int | None:
    found = (health.read_status(folder / "state") or {}).get("pid")
    return found if isinstance(found, int) and health.is_running(found) else None


def gone(folder: Path) -> bool:
    """Whether the daemon ends within a few seconds."""
    deadline = time.monotonic() + 10
    while pid(folder) is not None and time.monotonic() < deadline:
        time.sleep(0.1)
    return pid(folder) is None


def calls(folder: Path) -> list[str]:
    return (folder / "calls").read_text().splitlines()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    Office(tmp_path)
    program(tmp_path, "systemctl", SYSTEMCTL)
    (tmp_path / "run" / "systemd").mkdir(parents=True)
    yield tmp_path
    if running := pid(tmp_path):
        os.kill(running, signal.SIGKILL)


def test_kept_is_installed_runs_is_started_anew_and_removed(home: Path) -> None:
    status, said = service(home, "install")
    assert (status, "Kept is running, and starts whenever you log in" in said) == (0, True), said
    first = pid(home)
    assert service(home, "status")[1].startswith("Kept starts when you log in")
    assert service(home, "install")[0] == 0
    assert pid(home) not in {None, first}
    status, said = service(home, "remove")
    assert (status, "no longer starts" in said, pid(home)) == (0, True, None)
    assert not (home / ".config" / "systemd" / "user" / "kept.service").exists()


def test_kept_is_removed_though_its_configuration_is_no_longer_valid(home: Path) -> None:
    assert service(home, "install")[0] == 0
    (home / ".local" / "share" / "kept").mkdir(parents=True)
    (home / "config.yaml").write_text("accounts: none of them\n")
    status, said = service(home, "remove")
    assert (status, "no longer starts" in said) == (0, True), said
    assert gone(home)


def test_inside_of_windows_the_task_scheduler_is_asked_and_the_program_inside_of_linux_is_stopped(home: Path) -> None:
    program(home, "schtasks.exe", SCHTASKS.replace("KEPT", str(KEPT)))
    program(home, "whoami.exe", "#!/bin/sh\nprintf 'firma\\\\dana\\r\\n'\n")
    program(home, "wslpath", "#!/bin/sh\nprintf '%s\\n' '\\\\wsl.localhost\\Ubuntu\\state'\n")
    windows = {"WSL_DISTRO_NAME": "Ubuntu", "USER": "dana"}
    status, said = service(home, "install", **windows)
    assert status == 0, said
    assert calls(home)[-2:] == [r"/Create /TN Kept-dana /XML \\wsl.localhost\Ubuntu\state\task.xml /F", "/Run /TN Kept-dana"]
    assert pid(home) is not None
    assert service(home, "remove", **windows)[0] == 0
    assert calls(home)[-2:] == ["/End /TN Kept-dana", "/Delete /TN Kept-dana /F"]
    assert pid(home) is None


def test_a_kept_that_runs_in_a_terminal_is_not_started_a_second_time(home: Path) -> None:
    child = os.posix_spawn(
        KEPT,
        ["kept", "run", "--config", str(home / "config.yaml")],
        os.environ,
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0), (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)],
    )
    while pid(home) is None:
        time.sleep(0.1)
    status, said = service(home, "install")
    os.kill(child, signal.SIGTERM)
    os.waitpid(child, 0)
    assert (status, "Kept is running already" in said) == (1, True), said


def test_the_file_is_printed_without_installing_it(home: Path) -> None:
    status, said = service(home, "install", "--print")
    assert (status, "[Service]" in said, (home / "calls").exists()) == (0, True, False)


def test_what_the_system_answers_to_a_failure_is_said_in_a_line(home: Path) -> None:
    program(home, "systemctl", "#!/bin/sh\necho 'Failed to connect to bus: No medium found' >&2\nexit 1\n")
    status, said = service(home, "install")
    assert (status, said.count("\n")) == (1, 1)
    assert "systemd did not do it" in said
    assert "Failed to connect to bus: No medium found" in said


def test_where_nothing_starts_programs_the_user_learns_what_to_start(home: Path) -> None:
    status, said = service(home, "install", PATH=str(home))
    assert (status, "Have it start: kept run" in said) == (1, True), said


def test_a_user_for_whom_systemd_starts_nothing_is_told_why(home: Path) -> None:
    status, said = service(home, "install", XDG_RUNTIME_DIR="")
    assert (status, "log in as yourself rather than by su or sudo" in said) == (1, True), said


def test_a_credential_is_asked_for_by_the_file_that_it_is_to_be_in(home: Path) -> None:
    config = home / "config.yaml"
    imap = "{type: imap, host: 127.0.0.1, username: dana, password_credential: imap}"
    config.write_text(config.read_text().replace("{type: maildir, path: Maildir}", imap))
    status, said = service(home, "install")
    assert (status, f"Write the password “imap” into {home}/imap.password" in said) == (1, True), said
    (home / "imap.password").write_text("x")
    (home / "imap.password").chmod(0o644)
    assert service(home, "install", "--print")[0] == 1
    (home / "imap.password").chmod(0o600)
    assert f"LoadCredential=imap:{home}/imap.password" in service(home, "install", "--print")[1]


def test_nothing_to_remove_is_said_and_so_is_what_the_status_is_before_and_after(home: Path) -> None:
    assert service(home, "remove") == (1, "Nothing was installed, so nothing was removed.\n")
    status, said = service(home, "status", "--json")
    assert (status, json.loads(said)["installed"], json.loads(said)["running"]) == (0, False, False)


def answers(t: terminal.Terminal) -> None:
    """From the address to the look-back, which is left out."""
    t.answer("Your email address", "dana@northwind.example")
    t.answer("Your name")
    t.answer("Where is your mail", "~/Maildir")
    for question in (
        "Your calendar server",
        "The server for outgoing mail",
        "Your time zone",
        "Public holidays",
        "Your working hours",
    ):
        t.answer(question)
    for question in ("The digest", "Your manager", "Is that right", "Another client"):
        t.answer(question)
    t.answer("look back", "n")


def test_the_first_questions_end_with_the_offer_to_start_kept(home: Path) -> None:
    places = {"PATH": f"{home}/bin:{os.environ['PATH']}", "XDG_RUNTIME_DIR": f"{home}/run", "KEPT_CONFIG": f"{home}/new.yaml"}
    program(home, "systemctl", "#!/bin/sh\necho 'Failed to connect to bus' >&2\nexit 1\n")
    with terminal.kept("init", folder=home, **places) as t:
        answers(t)
        t.answer("start it whenever you log in?")
        t.expect("systemd did not do it")
        t.expect("kept due lists what is owed. The digest is written to a file each working morning at 07:30")
        assert t.end() == 0
