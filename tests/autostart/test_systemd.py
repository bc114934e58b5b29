"""The systemd units, the user's own as it is installed and the templates for a shared host: correct, and hardened as far as promised."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from paths import ROOT

from daemon.autostart import systemd
from daemon.autostart.jobs import Program

TEMPLATES = ("kept@.service", "kept-worker@.service")
UNITS = ("kept.service", *TEMPLATES)
MOST_EXPOSED = 1.2
TRUE = shutil.which("true") or "/bin/true"

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="needs systemd-analyze: apt-get install systemd"
)


def analyze(*arguments: str, folder: Path) -> str:
    """What systemd-analyze says, wherever it says it."""
    environ = {**os.environ, "XDG_RUNTIME_DIR": str(folder), "SYSTEMD_LOG_LEVEL": "warning", "SYSTEMD_COLORS": "0"}
    done = subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, env=environ, check=False, timeout=60)
    return done.stdout + done.stderr


def texts() -> dict[str, str]:
    """All units, with a program that exists here, so that nothing else can be wrong with them."""
    templates = {name: (ROOT / "systemd" / name).read_text() for name in TEMPLATES}
    return {
        "kept.service": systemd.unit(Program((TRUE, "run"), os.defpath)),
        **{name: re.sub(r"^ExecStart=\S+", f"ExecStart={TRUE}", text, flags=re.MULTILINE) for name, text in templates.items()},
    }


@needs_systemd
@pytest.mark.parametrize("name", UNITS)
def test_a_unit_has_nothing_that_systemd_does_not_understand(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(texts()[name])
    scope = [] if "@" in name else ["--user"]
    said = analyze(*scope, "verify", str(tmp_path / name), folder=tmp_path)
    assert [line for line in said.splitlines() if name.split(".", maxsplit=1)[0].rstrip("@") in line] == []


@needs_systemd
def test_odd_paths_and_credentials_are_what_systemd_understands(tmp_path: Path) -> None:
    odd = tmp_path / "a 100% $HOME ü"
    odd.mkdir()
    shutil.copy(TRUE, odd / "kept")
    (odd / "pw").write_text("x")
    program = Program((str(odd / "kept"), "run", "--config", str(odd / '"b" \\ $HOME.yaml')), f"/bin:{odd}", {"imap": odd / "pw"})
    (tmp_path / "kept.service").write_text(systemd.unit(program))
    said = analyze("--user", "verify", str(tmp_path / "kept.service"), folder=tmp_path)
    assert [line for line in said.splitlines() if "kept.service" in line] == []


@needs_systemd
@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_for_a_shared_host_is_hardly_exposed(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(texts()[name])
    said = analyze("security", "--offline=true", str(tmp_path / name), folder=tmp_path)
    exposure = re.search(r"Overall exposure level for \S+: ([\d.]+)", said)
    assert exposure is not None, said
    assert float(exposure.group(1)) <= MOST_EXPOSED


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_watches_the_daemon_and_does_not_restart_a_wrong_configuration(name: str) -> None:
    text = texts()[name]
    assert "Type=notify" in text
    assert "WatchdogSec=" in text
    assert "RestartPreventExitStatus=2" in text


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_limits_the_memory(name: str) -> None:
    limits = dict(re.findall(r"^(MemoryHigh|MemoryMax)=(\d+)M$", texts()[name], flags=re.MULTILINE))
    assert 0 < int(limits["MemoryHigh"]) < int(limits["MemoryMax"])


def test_a_unit_says_which_program_runs_and_where_it_finds_others() -> None:
    text = systemd.unit(
        Program(("/opt/100%/kept", "run", "--config", "/home/d/a $b.yaml"), "/bin:/home/d/$x", {"imap": Path("/p")})
    )
    assert 'ExecStart="/opt/100%%/kept" "run" "--config" "/home/d/a $$b.yaml"\n' in text
    assert 'Environment="PATH=/bin:/home/d/$x"\n' in text
    assert "LoadCredential=imap:/p\n" in text
