"""Make one function, or one call of a library, raise: found by introspection, so that what is new is covered.

A function is replaced by exchanging its code object, so that it raises whoever holds a reference to it.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import itertools
import pkgutil
import types
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, is_dataclass
from typing import Any

EXCEPTIONS: tuple[type[Exception], ...] = (ZeroDivisionError, RecursionError, MemoryError, AssertionError, KeyError, UnicodeError)
_DEEP, _WIDE = 5, 40  # how far arguments are looked through for a client's name
_TEMPLATE = "def injected(*args, **kwargs):\n    return __kept_injected__[{number}](*args, **kwargs)\n"
_numbers = itertools.count()


def functions(*packages: str) -> Iterator[tuple[str, types.FunctionType]]:
    """Yield every function and method that the modules of these packages define, with its dotted name."""
    for package in packages:
        root = importlib.import_module(package)
        names = (
            [m.name for m in pkgutil.iter_modules(root.__path__, f"{package}.") if not m.name.endswith("__main__")]
            if hasattr(root, "__path__")
            else []
        )
        for module in map(importlib.import_module, (package, *names)):
            yield from _of_module(module)


def _of_module(module: types.ModuleType) -> Iterator[tuple[str, types.FunctionType]]:
    for name, value in vars(module).items():
        if inspect.isclass(value) and value.__module__ == module.__name__:
            for method, function in vars(value).items():
                plain = _plain(function)
                if plain is not None and plain.__module__ == module.__name__ and not _generated(value, method):
                    yield f"{module.__name__}.{value.__name__}.{method}", plain
        else:
            plain = _plain(value)
            if plain is not None and plain.__module__ == module.__name__:
                yield f"{module.__name__}.{name}", plain


def _plain(value: Any) -> types.FunctionType | None:
    """Return the function behind a method, a property or a cache; None for anything else, or where its code cannot be exchanged."""
    if isinstance(value, property):
        value = value.fget
    value = inspect.unwrap(getattr(value, "__func__", value)) if callable(value) or hasattr(value, "__func__") else value
    if isinstance(value, functools.cached_property):
        value = value.func
    return value if isinstance(value, types.FunctionType) and not value.__code__.co_freevars else None


def _generated(owner: type, method: str) -> bool:
    return is_dataclass(owner) and method in {"__init__", "__eq__", "__repr__", "__hash__", "__setattr__", "__delattr__"}


@dataclass
class Injection:
    """A function that raises while it is injected: always, or only where its arguments are about one name and none of the others."""

    function: types.FunctionType
    error: type[Exception]
    about: str = ""
    others: Sequence[str] = ()
    calls: int = 0
    raised: int = 0

    def error_of(self) -> Exception:
        """Return the exception to raise."""
        return UnicodeError("injected") if self.error is UnicodeError else self.error("injected")

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Exchange the function's code for the length of the block."""
        with _exchanged(self.function, self._instead) as self._real:
            yield

    def _instead(self, *args: Any, **kwargs: Any) -> Any:
        self.calls += 1
        if not self.about or self._is_about((*args, *kwargs.values())):
            self.raised += 1
            raise self.error_of()
        return self._real(*args, **kwargs)

    def _is_about(self, values: Sequence[Any]) -> bool:
        words = " ".join(_words(values, _DEEP)).lower()
        return self.about in words and not any(other in words for other in self.others)


@contextmanager
def counting(found: Sequence[tuple[str, types.FunctionType]]) -> Iterator[dict[str, int]]:
    """Count the calls of these functions during the block."""
    import sys  # noqa: PLC0415  # the profiler is needed here alone

    names, counts = {function.__code__: name for name, function in found}, dict.fromkeys((name for name, _ in found), 0)

    def count(frame: types.FrameType, event: str, _argument: Any) -> None:
        if event == "call" and frame.f_code in names:
            counts[names[frame.f_code]] += 1

    sys.setprofile(count)
    try:
        yield counts
    finally:
        sys.setprofile(None)


@contextmanager
def _exchanged(function: types.FunctionType, instead: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    number, space = next(_numbers), function.__globals__
    code, defaults, keywords = function.__code__, function.__defaults__, function.__kwdefaults__
    real = types.FunctionType(code, space, function.__name__, defaults)
    real.__kwdefaults__ = keywords
    made: dict[str, Any] = {}
    exec(_TEMPLATE.format(number=number), made)  # noqa: S102  # code of our own, from a number
    space.setdefault("__kept_injected__", {})[number] = instead
    function.__code__, function.__defaults__, function.__kwdefaults__ = made["injected"].__code__, None, None
    try:
        yield real
    finally:
        function.__code__, function.__defaults__, function.__kwdefaults__ = code, defaults, keywords
        del space["__kept_injected__"][number]


def _words(values: Any, deep: int) -> Iterator[str]:
    """Yield the texts within some values, not too deep and not too many."""
    if isinstance(values, str):
        yield values[:4000]
    elif deep and isinstance(values, bytes):
        yield values[:4000].decode("latin-1")
    elif deep and isinstance(values, dict):
        yield from (w for v in itertools.islice(values.values(), _WIDE) for w in _words(v, deep - 1))
    elif deep and isinstance(values, (tuple, list, set, frozenset)):
        yield from (w for v in itertools.islice(values, _WIDE) for w in _words(v, deep - 1))
    elif deep and is_dataclass(values):
        slots = [getattr(values, name, None) for name in values.__dataclass_fields__]
        yield from (w for v in slots for w in _words(v, deep - 1))
