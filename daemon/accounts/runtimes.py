"""The accounts of one reading of the configuration: each is made ready to work when it is asked for, and may be put away again.

A daemon of one person keeps all of them open. A worker of a team has more accounts than it can keep sessions and assessments of, so
it keeps the `most` that worked last; what is put away is made again from the store, at the cost of a first look.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from daemon.accounts.runtime import AccountRuntime


class Runtimes(Mapping[str, AccountRuntime]):
    """Address -> account at work, in the order of the configuration. Safe for several threads, of which each works on another account.

    `make` makes one account ready. With `most`, `at_work` closes the sources of those that have not worked for longest.
    """

    def __init__(self, addresses: Sequence[str], make: Callable[[str], AccountRuntime], most: int | None = None) -> None:
        self._addresses = dict.fromkeys(addresses)
        self._make, self._most = make, most
        self._open: dict[str, AccountRuntime] = {}  # the one that worked last comes last
        self._busy: set[str] = set()
        self._changing = threading.Lock()
        self._closed = False

    def __getitem__(self, address: str) -> AccountRuntime:
        with self._changing:
            return self._opened(address)

    def __contains__(self, address: object) -> bool:
        return address in self._addresses

    def __iter__(self) -> Iterator[str]:
        return iter(self._addresses)

    def __len__(self) -> int:
        return len(self._addresses)

    @property
    def opened(self) -> tuple[AccountRuntime, ...]:
        """Those that are ready."""
        with self._changing:
            return tuple(self._open.values())

    @contextmanager
    def at_work(self, address: str) -> Iterator[AccountRuntime | None]:
        """Lend an account for one turn; None while another thread has it. Raises KeyError for one that is not configured."""
        with self._changing:
            if address in self._busy:
                free = None
            else:
                free = self._opened(address)
                self._busy.add(address)
        try:
            yield free
        finally:
            if free is not None:
                self._return(address)

    def put_away(self, address: str) -> None:
        """Forget what is held of an account: it is made anew when it is asked for next."""
        with self._changing:
            gone = self._open.pop(address, None)
        if gone is not None:
            gone.sources.close()

    def close(self) -> None:
        """End every session: those of an account that is at work once it no longer is."""
        with self._changing:
            self._closed = True
            idle = [self._open.pop(a) for a in [*self._open] if a not in self._busy]
        for runtime in idle:
            runtime.sources.close()

    def _opened(self, address: str) -> AccountRuntime:
        if address not in self._addresses:
            raise KeyError(address)
        runtime = self._open.pop(address, None) or self._make(address)
        self._open[address] = runtime
        return runtime

    def _return(self, address: str) -> None:
        with self._changing:
            self._busy.discard(address)
            most = 0 if self._closed else len(self._open) if self._most is None else self._most
            idle = [a for a in self._open if a not in self._busy] if len(self._open) > most else []
            gone = [self._open.pop(a) for a in idle[: len(self._open) - most]]
        for runtime in gone:
            runtime.sources.close()
