"""The systemd units: correct, and hardened as far as promised."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from paths import ROOT

UNITS = ROOT / "systemd"
UNIT_NAMES = ("kept.service", "kept@.service", "kept-worker@.service")
MOST_EXPOSED = 1.2

pytestmark = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze: apt-get install systemd")


def analyze(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "XDG_RUNTIME_DIR": str(folder), "SYSTEMD_LOG_LEVEL": "warning", "SYSTEMD_COLORS": "0"}
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, env=environ, check=False, timeout=60)


def unit(name: str, folder: Path) -> Path:
    """The unit with a program that exists here, so that nothing else can be wrong with it."""
    text = (UNITS / name).read_text()
    text = re.sub(r"^ExecStart=\S+", f"ExecStart={shutil.which('true')}", text, flags=re.MULTILINE)
    (folder / name).write_text(text)
    return folder / name


@pytest.mark.parametrize("name", UNIT_NAMES)
def test_a_unit_has_nothing_that_systemd_does_not_understand(tmp_path: Path, name: str) -> None:
    scope = [] if "@" in name else ["--user"]
    found = analyze(*scope, "verify", str(unit(name, tmp_path)), folder=tmp_path)
    complaints = [
        line for line in (found.stdout + found.stderr).splitlines() if name.split(".", maxsplit=1)[0].rstrip("@") in line
    ]
    assert complaints == []


@pytest.mark.parametrize("name", UNIT_NAMES[1:])
def test_a_template_for_a_shared_host_is_hardly_exposed(tmp_path: Path, name: str) -> None:
    found = analyze("security", "--offline=true", str(unit(name, tmp_path)), folder=tmp_path)
    exposure = re.search(r"Overall exposure level for \S+: ([\d.]+)", found.stdout)
    assert exposure is not None, found.stdout + found.stderr
    assert float(exposure.group(1)) <= MOST_EXPOSED


@pytest.mark.parametrize("name", UNIT_NAMES)
def test_a_unit_watches_the_daemon_and_does_not_restart_a_wrong_configuration(name: str) -> None:
    text = (UNITS / name).read_text()
    assert "Type=notify" in text
    assert "WatchdogSec=" in text
    assert "RestartPreventExitStatus=2" in text


@pytest.mark.parametrize("name", UNIT_NAMES)
def test_a_unit_limits_the_memory(name: str) -> None:
    limits = dict(re.findall(r"^(MemoryHigh|MemoryMax)=(\d+)M$", (UNITS / name).read_text(), flags=re.MULTILINE))
    assert 0 < int(limits["MemoryHigh"]) < int(limits["MemoryMax"])
