"""Values from an API's JSON that may hold anything: a value of the wrong type counts as missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote


def text(value: object) -> str:
    """Return a string as it is, and "" for anything else."""
    return value if isinstance(value, str) else ""


def objects(value: object) -> list[Mapping[str, Any]]:
    """Return the objects in a list; anything else is left out."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def path_segment(value: str) -> str:
    """Return an id quoted as one segment of a URL's path."""
    return quote(value, safe="")
