"""`kept service`: have the computer start Kept when its user logs in, by whatever starts programs there."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from daemon import clock
from daemon.autostart import jobs, systems
from daemon.commands.terminal import AsJson, config_path, print_json, say, tell
from daemon.config.load import load_settings
from daemon.config.locations import STATE
from daemon.errors import CannotDo, ConfigError
from daemon.service import health

if TYPE_CHECKING:
    from daemon.autostart.jobs import Job
    from daemon.config.settings import Settings

PATIENCE = 30.0  # seconds in which a Kept that was started or stopped is there or gone
service = typer.Typer(help="Have Kept start when you log in.", no_args_is_help=True)


@service.command("install")
def install(
    context: typer.Context,
    show: Annotated[bool, typer.Option("--print", help="Print the file that would be installed, and change nothing.")] = False,
) -> None:
    """Start Kept now, and whenever you log in. Install it again after moving Kept, or to restart it."""
    config = config_path(context)
    settings = load_settings(config)
    job = job_here(config, settings)
    if show:
        typer.echo(job.content.decode("utf-16" if job.content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"))
        return
    begin(job, settings.state)
    say(f"{success(job)} ({job.file}) Stop it: kept service remove")


@service.command("remove")
def remove(context: typer.Context) -> None:
    """Stop Kept, and no longer start it when you log in. Its configuration and what it has read stay."""
    job, state = _installed(config_path(context))
    if not _end(job, state):
        raise CannotDo("Nothing was installed, so nothing was removed.")
    say("Kept no longer starts when you log in. To start it again: kept service install")


@service.command("status", short_help="Tell whether Kept starts when you log in.")
def status(context: typer.Context, as_json: AsJson = False) -> None:
    """Tell whether Kept starts when you log in, and whether it is running."""
    job, state = _installed(config_path(context))
    installed, running = jobs.is_installed(job), _pid(state) is not None
    if as_json:
        print_json({"installed": installed, "running": running, "system": job.system, "file": str(job.file)})
        return
    starts = f"Kept starts when you log in ({job.file})."
    say(starts if installed else "Kept does not start by itself. To change that: kept service install")
    say("It is running; kept status says how far it has read." if running else "It is not running.")


def success(job: Job) -> str:
    """Return the sentence about a Kept that was just installed."""
    return f"Kept is running, and starts whenever you log in; {job.restarts}."


def begin(job: Job, state: Path) -> None:
    """Install the job in place of an earlier one, and wait until Kept runs with that state directory. Raises CannotDo."""
    if not _end(job, state) and (pid := _pid(state)) is not None:
        raise CannotDo(f"Kept is running already (process {pid}). Stop it where it was started, with Ctrl-C; then again.")
    jobs.install(job)
    if not _comes(state, running=True):
        raise CannotDo(
            f"Installed in {job.file}, but Kept did not start. Try kept run, which says why; then kept service install."
        )


def _end(job: Job, state: Path) -> bool:
    """Remove the job and wait until Kept has ended; return whether there was one. Raises CannotDo."""
    if not jobs.remove(job):
        return False
    if not _comes(state, running=False, patience=1):
        health.stop(state)  # the Windows Task Scheduler ends its own program, not the one inside of Linux
        if not _comes(state, running=False):
            raise CannotDo(f"Kept no longer starts by itself, but still runs (process {_pid(state)}).")
    return True


def _comes(state: Path, *, running: bool, patience: float = PATIENCE) -> bool:
    """Wait until Kept runs, or no longer runs; return whether it came to that."""
    deadline = clock.since_boot() + patience
    while (_pid(state) is not None) is not running:
        if clock.since_boot() >= deadline:
            return False
        time.sleep(0.2)
    return True


def _pid(state: Path) -> int | None:
    """Return the process number of the daemon that runs with this state directory."""
    pid = (health.read_status(state) or {}).get("pid")
    return pid if isinstance(pid, int) and health.is_running(pid) else None


def _installed(config: Path) -> tuple[Job, Path]:
    """Return what may have been installed, and the state directory, also where the configuration is no longer valid. Raises CannotDo."""
    try:
        state = load_settings(config).state
    except ConfigError:
        if not (file := Path(STATE).expanduser()).is_dir():
            raise
        state = file
    return systems.job_here(systems.program(config, os.environ, {}), os.environ, state), state


def job_here(config: Path, settings: Settings) -> Job:
    """Return what starts Kept on this computer. Raises CannotDo where a password would not be there."""
    values = settings.model_dump()
    credentials = {name: config.parent.absolute() / f"{name}.password" for name in sorted(_named(values, "password_credential"))}
    job = systems.job_here(systems.program(config, os.environ, credentials), os.environ, settings.state)
    if credentials and job.system != "systemd":
        raise CannotDo(
            "The configuration names a systemd credential, and there is no systemd here. Choose another place: kept init"
        )
    for name, file in credentials.items():
        if not file.is_file() or file.stat().st_mode & 0o077:
            raise CannotDo(
                f"Write the password “{name}” into {file}, a file that only you can read; then again: kept service install"
            )
    for variable in sorted(_named(values, "password_env")):
        tell(f"A Kept that starts by itself does not know this terminal's variable {variable}: name the password in another way.")
    return job


def _named(value: Any, key: str) -> set[str]:
    """Return every value that stands under that key, at whatever depth."""
    if isinstance(value, Mapping):
        own = {str(value[key])} if value.get(key) else set[str]()
        return own.union(*(_named(part, key) for part in value.values()))
    return set[str]().union(*(_named(part, key) for part in value)) if isinstance(value, (list, tuple)) else set()
