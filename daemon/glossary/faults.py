"""Faults: what raised an unforeseen error and was left out, so that one fault costs one thing and is named in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

A = TypeVar("A")
T = TypeVar("T")
D = TypeVar("D")


def strict() -> Faults:
    """Return faults that contain nothing: every exception passes. For what is computed outside a turn."""
    return Faults(passing=(Exception,))


def _ignore(_line: str, _error: Exception) -> None:
    """Log nothing: pure code that is asked outside a turn."""


@dataclass(frozen=True, slots=True)
class Sifted(Generic[A, T]):
    """What came of a computation without the items at which it raises: a list of one result, or none and the `error` of it all."""

    results: list[T]
    culprits: Sequence[tuple[A, Exception]] = ()
    error: Exception | None = None


@dataclass(slots=True)
class Faults:
    """What was left out, a line each, from one turn to the next.

    A line names the type of an exception alone, because its text may hold words of a mail. `passing` are exceptions that are no fault of
    one thing, such as an error of the store. `log` is told once of each new line, with the exception. A line of the turn before
    stands until the same thing has been done without a fault. `count` is how often anything was left out.
    """

    passing: tuple[type[Exception], ...] = ()
    log: Callable[[str, Exception], None] = _ignore
    count: int = 0
    _present: dict[str, str] = field(default_factory=dict)
    _before: dict[str, str] = field(default_factory=dict)

    def begin(self, *, keep: bool = False) -> None:
        """Begin another turn; one that does not do everything keeps what was left out before."""
        self._before, self._present = {**(self._before if keep else {}), **self._present}, {}

    @property
    def lines(self) -> tuple[str, ...]:
        """What was left out in this turn, and in the one before if it has not been done since."""
        return tuple(dict.fromkeys((*self._present.values(), *self._before.values())))

    @property
    def present(self) -> tuple[str, ...]:
        """What was left out in this turn."""
        return tuple(dict.fromkeys(self._present.values()))

    def noted(self, what: str) -> bool:
        """Return whether `what` was left out in this turn."""
        return what in self._present

    def note(self, what: str, error: Exception) -> None:
        """Note that `what` was left out because of an error."""
        line = f"{what} ({type(error).__name__}); kept.log has the details"
        if line != self._before.get(what) and what not in self._present:
            self.log(what, error)
        self._present[what] = line
        self.count += 1

    def contain(self, what: str, compute: Callable[[], T], otherwise: D) -> T | D:
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
        self, items: Sequence[A], compute: Callable[[Sequence[A]], T], otherwise: D, what: str, name: Callable[[A], str]
    ) -> T | D:
        """Return what `compute` returns for all items; where it raises, for those alone at which it does not.

        The others are noted by `name`. Where it raises whatever the items, `what` is noted and `otherwise` returned.
        """
        sifted = self.sift(items, compute)
        if sifted.error is not None:
            self.note(what, sifted.error)
            return otherwise
        for item, error in sifted.culprits:
            self.note(f"{name(item)}: {what}", error)
        if not sifted.culprits:
            self._before.pop(what, None)
        return sifted.results[0]

    def sift(self, items: Sequence[A], compute: Callable[[Sequence[A]], T]) -> Sifted[A, T]:
        """Return what `compute` returns for all items or, where it raises, for those alone at which it does not. Notes nothing."""
        result, error = self._attempt(compute, items)
        if error is None:
            return Sifted(result)
        errors = [(item, self._attempt(compute, (item,))[1]) for item in items]
        fine = [item for item, error in errors if error is None]
        result, error = self._attempt(compute, fine)
        return Sifted(result, [(item, error) for item, error in errors if error is not None], error)

    def _attempt(self, compute: Callable[[Sequence[A]], T], items: Sequence[A]) -> tuple[list[T], Exception | None]:
        try:
            return [compute(items)], None
        except self.passing:
            raise
        except Exception as error:  # noqa: BLE001  # returned
            return [], error
