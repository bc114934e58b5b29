"""A command on a real pseudo-terminal of 80 columns: a test reads what a person would see, and types what they would."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

COLUMNS, ROWS = 80, 50
PATIENCE = 60.0  # seconds until a question that does not come counts as missing
_COMMAND = "from daemon.commands.main import main; main()"


class Terminal:
    """A running command. `screen` is all that it has shown; `answers` counts the lines that were typed."""

    def __init__(self, child: int, terminal: int) -> None:
        self._child, self._terminal = child, terminal
        self._read = 0
        self.screen = ""
        self.answers = 0
        self._typed: list[str] = []
        self.status: int | None = None

    def expect(self, words: str) -> None:
        """Wait until these words are shown, after whatever was expected before."""
        deadline = time.monotonic() + PATIENCE
        while (at := self._flat().find(words, self._read)) < 0:
            if not self._more(deadline):
                raise AssertionError(f"“{words}” did not come, but:\n{self.screen[-3000:]}")
        self._read = at + len(words)

    def answer(self, question: str, line: str = "") -> None:
        """Wait for a question, and type a line."""
        self.expect(question)
        self.expect(": ")
        self.answers += 1
        self._typed.append(line)
        self.type(f"{line}\n")

    def type(self, keys: str) -> None:
        os.write(self._terminal, keys.encode())

    def interrupt(self) -> None:
        """Type Ctrl-C, once the command waits: the question is shown a moment before."""
        time.sleep(1)
        self.type("\x03")

    def hang_up(self) -> None:
        """Close the line, once the command waits."""
        time.sleep(1)
        self.kill(signal.SIGHUP)

    def kill(self, number: signal.Signals) -> None:
        os.kill(self._child, number)

    def end(self) -> int:
        """Wait for the end of the command, and return its exit status."""
        deadline = time.monotonic() + PATIENCE
        while self._more(deadline):
            pass
        if time.monotonic() > deadline:
            raise AssertionError(f"the command does not end, but shows:\n{self.screen[-3000:]}")
        if self.status is None:
            self.status = os.waitstatus_to_exitcode(os.waitpid(self._child, 0)[1])
        return self.status

    def too_wide(self) -> list[str]:
        """Return the lines that do not fit into the terminal, what was typed at their ends left out."""
        lines = self.screen.replace("\r", "").split("\n")
        shown = [
            next((line.removesuffix(typed) for typed in self._typed if typed and line.endswith(typed)), line) for line in lines
        ]
        return [line for line in shown if len(line) > COLUMNS]

    def close(self) -> None:
        if self.status is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._child, signal.SIGKILL)
            os.waitpid(self._child, 0)
        os.close(self._terminal)

    def _flat(self) -> str:
        """What is shown, with a blank for each break of a line, so that words are found wherever they are wrapped."""
        return re.sub(r"\s*\r?\n\s*", " ", self.screen)

    def _more(self, deadline: float) -> bool:
        if time.monotonic() > deadline:
            return False
        if not select.select([self._terminal], [], [], 0.2)[0]:
            return True
        try:
            data = os.read(self._terminal, 65536)
        except OSError:  # how Linux tells that nobody holds the other end
            return False
        self.screen += data.decode("utf-8", "replace")
        return bool(data)


@contextlib.contextmanager
def kept(*words: str, folder: Path, **environ: str) -> Iterator[Terminal]:
    """Run a command on a terminal, at home in `folder`."""
    child, terminal = pty.fork()
    if child == 0:
        try:
            os.chdir(folder)
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell's background job ignores it
            path = os.pathsep.join([str(Path(__file__).parent.parent), os.environ.get("PYTHONPATH", "")])
            own = {"HOME": str(folder), "TERM": "xterm", "COLUMNS": str(COLUMNS), "PYTHONPATH": path, "TZ": "Europe/London"}
            own |= {"XDG_RUNTIME_DIR": "", "WSL_DISTRO_NAME": ""}  # a command must not find what starts programs here
            os.execve(sys.executable, [sys.executable, "-c", _COMMAND, *words], {**os.environ, **own, **environ})  # noqa: S606
        finally:
            os._exit(127)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    running = Terminal(child, terminal)
    try:
        yield running
    finally:
        running.close()
