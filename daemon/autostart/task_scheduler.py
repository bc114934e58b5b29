"""The Task Scheduler of Windows starts Kept in the Windows Subsystem for Linux when its user logs in to Windows.

Neither a log-in to Windows nor systemd inside the subsystem starts it: the subsystem itself runs only while a program of Windows
keeps it running. The file is that of the Task Scheduler's schema 1.2.
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

from daemon.autostart.jobs import Job, Program, Step

_SCHEMA = "http://schemas.microsoft.com/windows/2004/02/mit/task"
_AGAIN = "PT5M"  # one that still runs is left alone, so this starts Kept only after it ended


class Guest(NamedTuple):
    """Where Kept runs inside of Windows: the distribution, its user, and the Windows user with their domain before a backslash."""

    distribution: str
    user: str
    windows_user: str


def job(program: Program, guest: Guest, file: Path, windows_path: str) -> Job:
    """Return the job of the Task Scheduler; `windows_path` is what Windows calls `file`."""
    name = f"Kept-{guest.user}"
    schtasks = "schtasks.exe"
    return Job(
        "the Windows Task Scheduler",
        file,
        task(program, guest),
        (Step((schtasks, "/Create", "/TN", name, "/XML", windows_path, "/F")), Step((schtasks, "/Run", "/TN", name))),
        (Step((schtasks, "/End", "/TN", name), may_fail=True), Step((schtasks, "/Delete", "/TN", name, "/F"), may_fail=True)),
        (schtasks, "/Query", "/TN", name),
        "the Task Scheduler starts it again within five minutes if it ends",
    )


def task(program: Program, guest: Guest) -> bytes:
    """Return the file of the task, in the UTF-16 that schtasks expects."""
    root = ET.Element("Task", version="1.2", xmlns=_SCHEMA)
    _add(root, "RegistrationInfo", {"Description": "Kept: what every client is owed, with a reminder in time"})
    trigger = ET.SubElement(ET.SubElement(root, "Triggers"), "LogonTrigger")
    _add(trigger, "Repetition", {"Interval": _AGAIN})
    ET.SubElement(trigger, "UserId").text = guest.windows_user
    principal = ET.SubElement(ET.SubElement(root, "Principals"), "Principal", id="Author")
    _fill(principal, {"UserId": guest.windows_user, "LogonType": "InteractiveToken", "RunLevel": "LeastPrivilege"})
    _add(
        root,
        "Settings",
        {
            "MultipleInstancesPolicy": "IgnoreNew",
            "DisallowStartIfOnBatteries": "false",
            "StopIfGoingOnBatteries": "false",
            "StartWhenAvailable": "true",
            "ExecutionTimeLimit": "PT0S",  # none
        },
    )
    command = ET.SubElement(ET.SubElement(root, "Actions", Context="Author"), "Exec")
    # conhost --headless shows no window; wsl.exe --exec hands the words over without a shell.
    inside = ["env", f"PATH={program.path}", *program.words]
    words = ["--headless", "wsl.exe", "--distribution", guest.distribution, "--user", guest.user, "--exec", *inside]
    _fill(command, {"Command": "conhost.exe", "Arguments": subprocess.list2cmdline(words)})
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding="utf-16", xml_declaration=True)
    return text


def _add(parent: ET.Element, name: str, values: dict[str, str]) -> None:
    _fill(ET.SubElement(parent, name), values)


def _fill(element: ET.Element, values: dict[str, str]) -> None:
    for name, value in values.items():
        ET.SubElement(element, name).text = value
