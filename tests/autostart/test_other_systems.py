"""What launchd and the Windows Task Scheduler are told. Neither is here: what is checked is the text, by its own format's rules."""

from __future__ import annotations

import plistlib
import shlex
from pathlib import Path
from xml.etree import ElementTree as ET

from daemon.autostart import launchd, task_scheduler
from daemon.autostart.jobs import Program
from daemon.autostart.task_scheduler import Guest

PROGRAM = Program(("/home/Jörg M/kept", "run", "--config", "/home/Jörg M/a & b.yaml"), "/bin:/mnt/c/Program Files")
GUEST = Guest("Ubuntu-24.04", "jörg", "FIRMA\\Jörg")
TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


def test_launchd_starts_kept_at_log_in_and_again_after_a_failure_but_not_after_a_stop() -> None:
    agent = plistlib.loads(launchd.plist(PROGRAM))
    assert agent["ProgramArguments"] == list(PROGRAM.words)
    assert agent["RunAtLoad"] is True
    assert agent["KeepAlive"] == {"SuccessfulExit": False}


def test_launchd_gives_kept_the_programs_of_the_shell_and_files_that_only_its_owner_reads() -> None:
    agent = plistlib.loads(launchd.plist(PROGRAM))
    assert agent["EnvironmentVariables"] == {"PATH": PROGRAM.path}
    assert agent["Umask"] == 0o077


def test_launchd_is_spoken_to_in_the_session_of_the_user() -> None:
    job = launchd.job(PROGRAM, Path("/Users/dana"), 501)
    assert job.file == Path("/Users/dana/Library/LaunchAgents/local.kept.plist")
    assert [step.words for step in job.install][-1] == ("launchctl", "bootstrap", "gui/501", str(job.file))
    assert [step.words for step in job.remove] == [("launchctl", "bootout", "gui/501/local.kept")]


def task() -> ET.Element:
    return ET.fromstring(task_scheduler.task(PROGRAM, GUEST).decode("utf-16"))  # noqa: S314  # our own text


def words_of(task: ET.Element) -> list[str]:
    return shlex.split(task.findtext(f".//{TASK}Arguments") or "")


def test_windows_starts_kept_inside_of_linux_without_a_window_and_without_a_shell() -> None:
    assert task().findtext(f".//{TASK}Command") == "conhost.exe"
    assert words_of(task()) == [
        *("--headless", "wsl.exe", "--distribution", "Ubuntu-24.04", "--user", "jörg", "--exec"),
        *("env", f"PATH={PROGRAM.path}", *PROGRAM.words),
    ]


def test_windows_starts_kept_when_this_user_logs_in_and_looks_every_few_minutes_whether_it_runs() -> None:
    trigger = task().find(f".//{TASK}LogonTrigger")
    assert trigger is not None
    assert trigger.findtext(f"{TASK}UserId") == "FIRMA\\Jörg"
    assert trigger.findtext(f"{TASK}Repetition/{TASK}Interval") == "PT5M"
    assert task().findtext(f".//{TASK}MultipleInstancesPolicy") == "IgnoreNew"


def test_windows_lets_kept_run_on_a_battery_for_as_long_as_it_likes_and_with_no_more_rights_than_its_user() -> None:
    found = {name: task().findtext(f".//{TASK}{name}") for name in ("StopIfGoingOnBatteries", "ExecutionTimeLimit", "RunLevel")}
    assert found == {"StopIfGoingOnBatteries": "false", "ExecutionTimeLimit": "PT0S", "RunLevel": "LeastPrivilege"}


def test_windows_is_given_the_file_by_the_name_that_windows_has_for_it() -> None:
    job = task_scheduler.job(PROGRAM, GUEST, Path("/state/task.xml"), "\\\\wsl.localhost\\Ubuntu\\state\\task.xml")
    assert job.install[0].words[-2:] == ("\\\\wsl.localhost\\Ubuntu\\state\\task.xml", "/F")
    assert job.content.startswith(b"\xff\xfe")


# --- by what their makers publish ---

# launchd.plist(5): the keys of an agent that Kept may use, and the type of each.
AGENT_KEYS = {
    "Label": str, "ProgramArguments": list, "EnvironmentVariables": dict, "RunAtLoad": bool, "KeepAlive": dict, "ThrottleInterval": int,
    "Umask": int,
}  # fmt: skip
KEEP_ALIVE_KEYS = {"SuccessfulExit", "AfterInitialDemand", "Crashed", "PathState", "OtherJobEnabled"}

# MS-TSCH, 2.5 (task schema 1.2): what may stand in an element, and whether the order counts (xs:sequence) or not (xs:all).
CHILDREN = {
    "Task": (False, "RegistrationInfo Triggers Settings Data Principals Actions"),
    "RegistrationInfo": (False, "URI SecurityDescriptor Source Date Author Version Description Documentation"),
    "Triggers": (False, "BootTrigger RegistrationTrigger IdleTrigger TimeTrigger EventTrigger LogonTrigger CalendarTrigger"),
    "LogonTrigger": (True, "Enabled StartBoundary EndBoundary Repetition ExecutionTimeLimit UserId Delay"),
    "Repetition": (False, "Interval Duration StopAtDurationEnd"),
    "Principals": (True, "Principal"),
    "Principal": (False, "UserId LogonType GroupId DisplayName RunLevel"),
    "Settings": (
        False,
        (
            "AllowStartOnDemand RestartOnFailure MultipleInstancesPolicy DisallowStartIfOnBatteries StopIfGoingOnBatteries AllowHardTerminate "
            "StartWhenAvailable NetworkProfileName RunOnlyIfNetworkAvailable WakeToRun Enabled Hidden DeleteExpiredTaskAfter IdleSettings "
            "NetworkSettings ExecutionTimeLimit Priority RunOnlyIfIdle"
        ),
    ),
    "Actions": (False, "Exec ComHandler SendEmail ShowMessage"),
    "Exec": (False, "Command Arguments WorkingDirectory"),
}


def test_launchd_gets_only_keys_that_its_manual_knows() -> None:
    agent = plistlib.loads(launchd.plist(PROGRAM))
    assert {key: type(value) for key, value in agent.items()} == AGENT_KEYS
    assert set(agent["KeepAlive"]) <= KEEP_ALIVE_KEYS
    assert all(isinstance(word, str) for word in (*agent["ProgramArguments"], *agent["EnvironmentVariables"].values()))


def test_every_element_of_the_task_stands_where_its_schema_allows_it() -> None:
    for element in task().iter():
        name = element.tag.removeprefix(TASK)
        children = [child.tag.removeprefix(TASK) for child in element]
        in_order, allowed = CHILDREN.get(name, (False, ""))
        assert set(children) <= set(allowed.split()), name
        assert len(children) == len(set(children)), name
        assert not in_order or children == sorted(children, key=allowed.split().index), name


def test_the_action_runs_as_a_principal_of_the_task() -> None:
    actions, principal = task().find(f"{TASK}Actions"), task().find(f".//{TASK}Principal")
    assert actions is not None
    assert principal is not None
    assert actions.get("Context") == principal.get("id")
