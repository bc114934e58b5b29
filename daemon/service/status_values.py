"""The status file as values: another release may have written it, another program, or nobody to the end. What is wrong in it is left out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

_MOMENTS = ("last_turn", "last_success", "last_failure")
_SOURCE_MOMENTS = ("seen_until", "failed_since")
_UNSETTLED = ("since", "account", "what", "next")


def checked(document: object) -> dict[str, Any] | None:
    """Return the document with everything in it of the type that readers rely on; None for what is no status at all.

    Keys that are not known here stay as they are. Moments are ISO 8601 text with an offset, or None.
    """
    if not isinstance(document, dict) or not {"last_turn", "sources", "queue"} & document.keys():
        return None
    values = {**document, **{name: _moment(document.get(name)) for name in _MOMENTS if name in document}}
    pid = document.get("pid")
    values["pid"] = pid if isinstance(pid, int) and not isinstance(pid, bool) else None
    values["last_turn"] = values.get("last_turn")
    values["sources"] = [_source(one) for one in _objects(document.get("sources")) if _text(one.get("source"))]
    queue = document.get("queue")
    values["queue"] = {k: v for k, v in queue.items() if isinstance(v, int)} if isinstance(queue, dict) else {}
    values["failures"] = [line for line in _list(document.get("failures")) if isinstance(line, str)]
    unsettled = _objects(document.get("unsettled"))
    values["unsettled"] = [u for u in unsettled if all(_text(u.get(name)) for name in _UNSETTLED) and _moment(u["since"])]
    if not _is_reader(document.get("reader")):
        values.pop("reader", None)
    if not _is_model(document.get("model")):
        values.pop("model", None)
    return values


def _source(one: Mapping[str, Any]) -> dict[str, Any]:
    warnings = [line for line in _list(one.get("warnings")) if isinstance(line, str)]
    moments = {name: _moment(one.get(name)) for name in _SOURCE_MOMENTS}
    error = one.get("error")
    words = {"account": _text(one.get("account")), "error": error if isinstance(error, str) else None}
    return {**one, **moments, **words, "warnings": warnings}


def _is_model(model: object) -> bool:
    if not isinstance(model, dict) or not isinstance(model.get("asked_today"), dict):
        return False
    known = {"name", "host", "budget", "silent_since", "error"} <= model.keys()
    return known and (model["silent_since"] is None or _moment(model["silent_since"]) is not None)


def _is_reader(reader: object) -> bool:
    return isinstance(reader, dict) and "version" in reader


def _moment(value: object) -> str | None:
    """Return a moment as it is written, if it is one with an offset."""
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return str(value) if at is not None and at.tzinfo is not None else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _objects(value: object) -> list[Mapping[str, Any]]:
    return [one for one in _list(value) if isinstance(one, dict)]
