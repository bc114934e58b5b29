"""The compose file of a trial: two workers on one database that nothing else reaches, each with a state folder of its own."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from paths import ROOT

FOLDER = ROOT / "deploy"


@pytest.fixture(scope="module")
def trial() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))
    return read


def workers(trial: dict[str, Any]) -> list[dict[str, Any]]:
    return [service for service in trial["services"].values() if service.get("command", [None])[0] == "worker"]


def test_two_workers_wait_for_the_database(trial: dict[str, Any]) -> None:
    waits = [worker["depends_on"]["database"]["condition"] for worker in workers(trial)]
    assert waits == ["service_healthy", "service_healthy"]


def test_each_worker_keeps_a_sent_log_of_its_own(trial: dict[str, Any]) -> None:
    states = {
        volume.partition(":")[0] for worker in workers(trial) for volume in worker["volumes"] if volume.endswith("/var/lib/kept")
    }
    assert len(states) == 2
    assert states <= trial["volumes"].keys()


def test_nobody_outside_reaches_the_database(trial: dict[str, Any]) -> None:
    assert trial["services"]["database"]["networks"] == ["inside"]
    assert trial["networks"]["inside"] == {"internal": True}
    assert not any("ports" in service for service in trial["services"].values())


def test_no_password_stands_in_the_file(trial: dict[str, Any]) -> None:
    values = [v for s in trial["services"].values() for k, v in s["environment"].items() if "PASSWORD" in k]
    assert len(values) == 3
    assert all(value.startswith("${KEPT_DATABASE_PASSWORD:?") for value in values)


def test_the_image_holds_what_the_package_is_built_from() -> None:
    wanted = set(re.findall(r"^!(\S+)$", (FOLDER / "Dockerfile.dockerignore").read_text(encoding="utf-8"), re.MULTILINE))
    assert wanted >= {"connectors", "daemon", "pyproject.toml", "README.md", "LICENSE"}
    assert all((ROOT / name).exists() for name in wanted)
