"""Advice: what the user's own language model said about one obligation. It is never a fact, and the user's word beats it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Opinion:
    """A second opinion on the words of one obligation.

    `target` is its key, `message_id` the message in which the words stand. `holds` says whether they do what was read in them; None where
    the answer did not count. `words` are those that the model relied on, and they stand in the message.
    """

    target: str
    message_id: str
    client: str
    holds: bool | None
    words: str = ""


@dataclass(frozen=True, slots=True)
class SuggestedAnswer:
    """A suggested answer to what one obligation asks; `text` is "" where none was usable.

    `message_id` is the client's latest message that it would answer. `sources` say in words a client may see where its content stands.
    """

    target: str
    message_id: str
    client: str
    text: str
    sources: tuple[str, ...] = ()
