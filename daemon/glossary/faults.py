"""Faults: what raised an unforeseen error and was left out, so that one fault costs one thing and is named in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

A = TypeVar("A")
T = TypeVar("T")


def strict() -> Faults:
    """Return faults that contain nothing: every exception passes. For what is computed outside a turn."""
    return Faults(passing=(Exception,))


def _ignore(_line: str, _error: Exception) -> None:
    """Log nothing: pure code that is asked outside a turn."""


@dataclass(slots=True)
class Faults:
    """What was left out, a line each, from one turn to the next.

    A line names the type of an exception alone, because its text may hold words of a mail. `passing` are exceptions that are no fault of
    one thing, such as an error of the store. `log` is told once of each new line, with the exception. A line of the turn before
    stands until the same thing has been done without a fault.
    """

    passing: tuple[type[Exception], ...] = ()
    log: Callable[[str, Exception], None] = _ignore
    _present: dict[str, str] = field(default_factory=dict)
    _before: dict[str, str] = field(default_factory=dict)

    def begin(self) -> None:
        """Begin another turn."""
        self._before, self._present = self._present, {}

    @property
    def lines(self) -> tuple[str, ...]:
        """What was left out in this turn, and in the one before if it has not been done since."""
        return tuple(dict.fromkeys((*self._present.values(), *self._before.values())))

    @property
    def present(self) -> tuple[str, ...]:
        """What was left out in this turn."""
        return tuple(dict.fromkeys(self._present.values()))

    def note(self, what: str, error: Exception) -> None:
        """Note that `what` was left out because of an error."""
        line = f"{what} ({type(error).__name__}); kept.log has the details"
        if line != self._before.get(what) and what not in self._present:
            self.log(what, error)
        self._present[what] = line

    def contain(self, what: str, compute: Callable[[], T], otherwise: T) -> T:
        """Return what `compute` returns; where it raises, note `what` and return `otherwise`."""
        try:
            result = compute()
        except self.passing:
            raise
        except Exception as error:  # noqa: BLE001  # whatever it is, everything else goes on
            self.note(what, error)
            return otherwise
        self._before.pop(what, None)
        return result

    def each(self, items: Iterable[A], compute: Callable[[A], T], what: Callable[[A], str]) -> list[T]:
        """Return what `compute` returns for each item, without those at which it raises."""
        results: list[T] = []
        for item in items:
            self.contain(what(item), lambda item=item: results.append(compute(item)), None)  # type: ignore[misc]  # bound now
        return results

    def without_culprits(
        self, items: Sequence[A], compute: Callable[[Sequence[A]], T], otherwise: T, what: str, name: Callable[[A], str]
    ) -> T:
        """Return what `compute` returns for all items; where it raises, for those alone at which it does not.

        The others are noted by `name`. Where it raises whatever the items, `what` is noted and `otherwise` returned.
        """
        try:
            result = compute(items)
        except self.passing:
            raise
        except Exception:  # noqa: BLE001  # found out below
            culprits = {id(item): error for item in items if (error := self._error(compute, item)) is not None}
            fine = [item for item in items if id(item) not in culprits]
            error = self._error_of_all(compute, fine)
            if error is not None:
                self.note(what, error)
                return otherwise
            for item in items:
                if id(item) in culprits:
                    self.note(f"{name(item)}: {what}", culprits[id(item)])
            return compute(fine)
        self._before.pop(what, None)
        return result

    def _error(self, compute: Callable[[Sequence[A]], object], item: A) -> Exception | None:
        return self._error_of_all(compute, (item,))

    def _error_of_all(self, compute: Callable[[Sequence[A]], object], items: Sequence[A]) -> Exception | None:
        try:
            compute(items)
        except self.passing:
            raise
        except Exception as error:  # noqa: BLE001  # returned
            return error
        return None
