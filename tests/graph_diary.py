"""The calendars of the tests' Microsoft 365."""

from __future__ import annotations

from typing import Any


class Diaries:
    """Nobody has a calendar here."""

    def does(self, user: str, method: str, parts: list[str], query: dict[str, str], body: Any, headers: dict[str, str]) -> Any:  # noqa: ARG002  # as the server calls it
        return 404, {}, {"error": {"code": "ErrorItemNotFound", "message": ""}}
