"""What an API's JSON holds, taken as an enemy wrote it: of the wrong kind is as good as not there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote


def text(value: object) -> str:
    """A string where one is expected; anything else is as good as none."""
    return value if isinstance(value, str) else ""


def objects(value: object) -> list[Mapping[str, Any]]:
    """The objects of a list; anything else is left out."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def path_segment(value: str) -> str:
    """An id as one segment of a path."""
    return quote(value, safe="")
