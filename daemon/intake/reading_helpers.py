"""Processes that help to read mail while a mailbox is read for the first time, or after a long pause, one for each further core.

They are started once a reading has proved to be long, and end with it. They read a batch while the daemon fetches the next one; what
is left then, its own process reads beside them, and all of it where no process can be started. A message at which a helper died is
given to another one by itself; where that dies too, the message is read without its text.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from threading import BoundedSemaphore
from typing import Any, TypeAlias

from daemon import reading
from daemon.intake.threaded_mail import ReadMail, ThreadedMail, read_mail, threads, without_text
from daemon.logs import get_logger

log = get_logger(__name__)

Check: TypeAlias = Callable[[], None]

MOST = 2  # helpers of this process; each takes 40 MB
_LONG = 150  # messages with clients in one poll, from which on it is a long reading
_FEW = 20  # messages of a batch that are not worth handing over
_AHEAD = 12  # messages that a helper has before it, so that it never waits
_MEANWHILE = 0.7  # of a batch is handed over before the next one is fetched: about what is read by then
_END = 5.0  # seconds that a helper has to end
_SILENCE = 60.0  # seconds in which a helper says something, or counts as dead: a message may take one
_KEPT_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "LANG", "PYTHONTZPATH")  # of the daemon's, which may hold secrets
_FREE = BoundedSemaphore(MOST)  # helpers that may still be started, whoever reads


@dataclass(slots=True, eq=False)
class _Helper:
    """A helper: its process, the connection to it, and the places of the messages that it has yet to read, thread by thread."""

    process: subprocess.Popen[bytes]
    connection: Connection
    threads: deque[list[int]] = field(default_factory=deque)

    @property
    def ahead(self) -> int:
        """How many messages it has before it."""
        return sum(map(len, self.threads))


@dataclass(slots=True)
class Work:
    """What is to be read of a batch: the messages, the threads that nobody has begun, and what was read, by place."""

    mails: Sequence[ThreadedMail]
    earlier: dict[str, str]
    deadline: Callable[[], Check]
    waiting: deque[list[int]]
    read: dict[int, ReadMail] = field(default_factory=dict)

    def take(self, place: int, read: ReadMail) -> None:
        """Keep a reading, and its new text for what follows."""
        self.read[place] = read
        self.earlier[self.mails[place].message_id] = read.reading.new_text

    def read_here(self, place: int) -> None:
        """Read a message in this process."""
        self.read[place] = read_mail(self.mails[place], self.earlier, self.deadline())


@dataclass(slots=True)
class Helpers:
    """The helpers of one poll: none until it has proved to be long. There are at most `most`, and one for each further core."""

    most: int = field(default_factory=lambda: MOST)
    _helpers: list[_Helper] = field(default_factory=list)
    _starting: list[_Helper] = field(default_factory=list)
    _count: int = 0  # messages that were to be read

    def read(self, mails: Sequence[ThreadedMail], earlier: dict[str, str], deadline: Callable[[], Check]) -> list[ReadMail]:
        """Return the reading of each message; `deadline` is called for each and returns the `check` of `read_mail`, with its errors."""
        return self.finish(self.begin(mails, earlier, deadline))

    def begin(self, mails: Sequence[ThreadedMail], earlier: dict[str, str], deadline: Callable[[], Check]) -> Work:
        """Hand a batch over as far as there are helpers, and return at once; nothing else may be begun before it is finished."""
        self._welcome()
        work = Work(mails, earlier, deadline, deque([place] for place in range(len(mails))))
        if self._helpers and len(mails) >= _FEW:
            work.waiting = deque(sorted(threads(mails), key=len))
            self._exchange(work, max(_AHEAD, int(len(mails) * _MEANWHILE / len(self._helpers))))
        self._count += len(mails)
        if self._count >= _LONG and len(mails) >= _FEW:
            self._start()
        return work

    def finish(self, work: Work) -> list[ReadMail]:
        """Return the reading of each message of what was begun, with the errors of `read_mail`."""
        try:
            while work.waiting or any(helper.threads for helper in self._helpers):
                self._go_on(work)
        except BaseException:
            self.close()  # whatever the helpers say from now on is of this batch
            raise
        return [work.read[place] for place in range(len(work.mails))]

    def close(self) -> None:
        """End the helpers."""
        for helper in (*self._helpers, *self._starting):
            _end(helper)
        self._helpers.clear()
        self._starting.clear()

    def _go_on(self, work: Work) -> None:
        """Read the shortest thread here while the helpers read; where none is left, wait for them."""
        if work.waiting:
            for place in work.waiting.popleft():
                work.read_here(place)
                self._exchange(work)
        else:
            busy = [helper for helper in self._helpers if helper.threads]
            if not wait([helper.connection for helper in busy], _SILENCE):
                for helper in busy:
                    helper.process.kill()
            self._exchange(work)

    def _start(self) -> None:
        """Start as many helpers as there may be; they are ready when the next batch begins."""
        most = min(self.most, _cores() - 1, MOST)
        while len(self._helpers) + len(self._starting) < most and (helper := _started()) is not None:
            self._starting.append(helper)

    def _welcome(self) -> None:
        """Wait for the helpers that were started."""
        self._helpers += [helper for helper in self._starting if _is_ready(helper)]
        self._starting.clear()

    def _exchange(self, work: Work, ahead: int = _AHEAD) -> None:
        """Take what the helpers have read, and give them more to read, the longest threads, until so many messages are ahead."""
        for helper in tuple(self._helpers):
            try:
                while helper.threads and helper.connection.poll():
                    _hear(helper, work)
                while work.waiting and helper.ahead < ahead:
                    _give(helper, work)
            except (EOFError, OSError):
                self._helpers.remove(helper)
                _settle(helper, work)


def _give(helper: _Helper, work: Work) -> None:
    places = work.waiting.pop()
    helper.threads.append(places)
    mails = [work.mails[place] for place in places]
    parents = {parent for mail in mails for parent in mail.parents}
    helper.connection.send((mails, {parent: work.earlier[parent] for parent in parents & work.earlier.keys()}))


def _hear(helper: _Helper, work: Work) -> None:
    """Take the reading of the next message; where the helper's reader failed at it, this process's will say why."""
    read = helper.connection.recv()
    place = helper.threads[0].pop(0)
    if not helper.threads[0]:
        helper.threads.popleft()
    work.read_here(place) if read is None else work.take(place, read)


def _settle(dead: _Helper, work: Work) -> None:
    """Have a message at which a helper died read by another one alone, and put back what the helper had yet to read."""
    with contextlib.suppress(EOFError, OSError):
        while dead.threads and dead.connection.poll(_END):  # what it said before
            _hear(dead, work)
    _end(dead)
    places = dead.threads.popleft() if dead.threads else []
    if places:
        place = places.pop(0)
        mail = work.mails[place]
        log.warning("a process that helps to read mail died at a message; another one tries it", message_id=mail.message_id)
        _read_apart(place, work)
    work.waiting.extendleft(thread for thread in (places, *dead.threads) if thread)


def _read_apart(place: int, work: Work) -> None:
    """Read one message in a process of its own; without its text where that dies, too, and here where none can be started."""
    helper = _started()
    if helper is None or not _is_ready(helper):
        work.read_here(place)
        return
    lonely = Work(work.mails, work.earlier, work.deadline, deque([[place]]))
    try:
        _give(helper, lonely)
        if not helper.connection.poll(_SILENCE):
            helper.process.kill()
        _hear(helper, lonely)
    except (EOFError, OSError):
        log.warning("a message is read without its text: a process died at it twice", message_id=work.mails[place].message_id)
        lonely.take(place, without_text(work.mails[place]))
    finally:
        _end(helper)
    work.take(place, lonely.read[place])


def _started() -> _Helper | None:
    """Return a new helper; None where as many as may are at work, or none can be started."""
    if not _FREE.acquire(blocking=False):
        return None
    ours, theirs = Pipe()
    environment = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    command = [sys.executable, "-P", "-m", "daemon.intake.reading_helper", str(theirs.fileno())]
    nothing: Any = subprocess.DEVNULL
    try:
        process = subprocess.Popen(
            command,
            stdin=nothing,
            stdout=nothing,
            stderr=nothing,
            pass_fds=[theirs.fileno()],
            env={**environment, "PYTHONPATH": os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), *sys.path)))},
        )
    except (OSError, ValueError) as error:  # no memory, no process allowed, no way to hand a connection over
        log.warning("no process could be started to help to read mail", error=str(error))
        ours.close()
        _FREE.release()
        return None
    finally:
        theirs.close()
    return _Helper(process, ours)


def _is_ready(helper: _Helper) -> bool:
    """Wait until a helper says that it can begin. Where it says nothing, or is none of this version, it is ended."""
    ours = helper.connection
    with contextlib.suppress(EOFError, OSError):
        if ours.poll(_SILENCE) and ours.recv() == reading.version():
            return True
    _end(helper)
    return False


def _end(helper: _Helper) -> None:
    helper.connection.close()
    try:
        helper.process.wait(0 if helper.threads else _END)
    except subprocess.TimeoutExpired:
        helper.process.kill()
        helper.process.wait()
    _FREE.release()


def _cores() -> int:
    """Return on how many cores this process may run."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
