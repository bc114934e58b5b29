"""The user's own language model: where it is, what it is asked, and how much it may be asked. Off unless it is configured."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field

from daemon.config.source_settings import Secret
from daemon.config.values import FilePath, Span

MOST_A_DAY = 100_000
_BUDGET = re.compile(r"\s*(\d+)(?:\s*(?:a|per|/)\s*day)?\s*", re.IGNORECASE)
_EXAMPLE = "http://127.0.0.1:11434/v1"
_LONGEST = timedelta(minutes=2)  # a turn that takes longer would look as if it hung


def _budget(value: Any) -> Any:
    """Return how many requests a day `200 a day` or 200 allows. Raises ValueError."""
    match = _BUDGET.fullmatch(value) if isinstance(value, str) else None
    count = int(match[1]) if match else value
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MOST_A_DAY:
        raise ValueError("must be a number of requests a day, for example 200 a day")
    return count


def _url(value: str) -> str:
    """Return an address without anything that could lead elsewhere. Raises ValueError."""
    try:
        parts = urlsplit(value.strip())
        parts.port  # noqa: B018  # raises for a port that is none
    except ValueError:
        raise ValueError(f"is not an address; write it as {_EXAMPLE}") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"must begin with https:// (or http:// for a server on this machine), for example {_EXAMPLE}")
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError(
            "must be an address alone; name a key or password under password_command, password_env or password_credential"
        )
    return value.strip().rstrip("/")


def _short(value: timedelta) -> timedelta:
    if value > _LONGEST:
        raise ValueError("must be at most 2m: everything else waits meanwhile")
    return value


class ModelSettings(Secret):
    """A language model behind an OpenAI-compatible address, such as Ollama's, llama.cpp's or a company gateway's."""

    url: Annotated[str, AfterValidator(_url)] = Field(
        description="an OpenAI-compatible address; mail goes to this host and to no other"
    )
    name: str = Field(min_length=1, max_length=200, description="the model's name there")
    use: list[Literal["reading", "drafts"]] = Field(
        default=["reading", "drafts"],
        min_length=1,
        description="reading: a second opinion where Kept is in doubt; drafts: a suggested answer in draft replies",
    )
    budget: Annotated[int, BeforeValidator(_budget)] = Field(default=200, description="the most requests a day for each account")
    time_limit: Annotated[Span, AfterValidator(_short)] = Field(
        default=timedelta(seconds=20), description="how long one answer may take, and all that is asked in one turn"
    )
    ca_file: FilePath | None = Field(default=None, description="a file of certificates to trust instead of the public ones")
