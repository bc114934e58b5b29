"""systemd starts Kept when its user logs in: a unit of the user's own (systemd.service(5), systemd.exec(5))."""

from __future__ import annotations

from pathlib import Path

from daemon.autostart.jobs import Job, Program, Step

NAME = "kept.service"
_UNIT = """\
# Written by `kept service install`, which replaces it; your own changes belong into a drop-in: systemctl --user edit kept
[Unit]
Description=Kept: what every client is owed, with a reminder in time
After=network-online.target
StartLimitIntervalSec=10min
StartLimitBurst=5

[Service]
Type=notify
ExecStart={command}
ExecReload=kill -HUP $MAINPID
Environment={path}
Restart=on-failure
RestartSec=10s
# Restarting does not repair an invalid configuration.
RestartPreventExitStatus=2
# Kept stops feeding the watchdog once a turn has made no step for ten minutes; a long first reading makes a step at every batch.
WatchdogSec=5min
TimeoutStopSec=10s
# A daemon with nothing to do takes about 100 MB, and a mailbox of 20,000 mails is read within 200 MB. What needs more is a fault:
# it is slowed down, then started again, before it takes the memory of others.
MemoryHigh=400M
MemoryMax=800M
UMask=0077
{credentials}NoNewPrivileges=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
SystemCallArchitectures=native
SystemCallFilter=@system-service

[Install]
WantedBy=default.target
"""


def job(program: Program, config_home: Path) -> Job:
    """Return the job of a systemd user manager; `config_home` is $XDG_CONFIG_HOME, usually ~/.config."""
    systemctl = ("systemctl", "--user")
    return Job(
        "systemd",
        config_home / "systemd" / "user" / NAME,
        unit(program).encode(),
        (Step((*systemctl, "daemon-reload")), Step((*systemctl, "enable", "--now", NAME))),
        (Step((*systemctl, "disable", "--now", NAME), may_fail=True), Step((*systemctl, "daemon-reload"), may_fail=True)),
        (*systemctl, "is-enabled", NAME),
        "systemd starts it again within seconds if it fails",
    )


def unit(program: Program) -> str:
    """Return the text of the unit."""
    return _UNIT.format(
        command=" ".join([_quoted(program.words[0], dollar="$"), *(_quoted(word, dollar="$$") for word in program.words[1:])]),
        path=_quoted(f"PATH={program.path}", dollar="$"),
        credentials="".join(f"LoadCredential={name}:{_specifier(str(file))}\n" for name, file in program.credentials.items()),
    )


def _quoted(word: str, dollar: str) -> str:
    """Return a word as a unit has it. Only the arguments of a command expand variables (systemd.service(5), “Command lines”)."""
    escaped = _specifier(word).replace("\\", "\\\\").replace('"', '\\"').replace("$", dollar)
    return f'"{escaped}"'


def _specifier(text: str) -> str:
    return text.replace("%", "%%")
