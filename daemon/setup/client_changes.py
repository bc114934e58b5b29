"""Renaming or removing clients that the configuration has; their mail, and what was decided, stays in the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from daemon.config.locations import CHARTERS, absolute
from daemon.errors import CannotDo
from daemon.setup import client_questions, dialogue, typed
from daemon.setup.editing.changes import Change


def ask_changes(document: Mapping[str, Any], folder: Path) -> list[Change]:
    """Ask which clients to rename and which to remove; return the changes, the last entry first. Raises CannotDo where there is none.

    `folder` is that of the configuration: agreed charters beside it name their client.
    """
    names = [str(client["name"]) for client in document.get("clients") or ()]
    if not names:
        raise CannotDo("There is no client in the configuration yet. To add some: kept init")
    renamed, removed = list(names), list[int]()

    def ask_names() -> None:
        dialogue.tell("Your clients:")
        dialogue.show(names)
        renamed[:] = dialogue.optional(
            "Other names, as in 2=Acme Ltd, 3=Birch GmbH", lambda words: client_questions.renamed(words, names, ()), names
        )

    def ask_removed() -> None:
        removed[:] = dialogue.ask("Remove, as in 3, 5", lambda words: typed.numbers(words, names), "none")

    dialogue.in_turn(ask_names, ask_removed)
    if len(removed) == len(names):
        raise CannotDo("That would leave no client. Add others first: kept init. Nothing was changed.")
    changed = [n for n, name in enumerate(names) if n in removed or renamed[n] != name]
    _require_no_charter([names[n] for n in changed], absolute(folder, str(document.get("charters") or CHARTERS)))
    for n in removed:
        dialogue.tell(
            f"What Kept has read of {names[n]} stays; to delete that as well, stop here and first: kept purge “{names[n]}”"
        )
    if any(n not in removed for n in changed):
        dialogue.tell(
            "What Kept has of them goes under the new name as soon as Kept runs, or with kept sync. Nothing is said or booked anew."
        )
    return [
        Change(("clients", n), None) if n in removed else Change(("clients", n, "name"), renamed[n]) for n in reversed(changed)
    ]


def _require_no_charter(names: Sequence[str], folder: Path) -> None:
    """Raise CannotDo where an agreed charter names one of these clients: it is a record, which only its owner changes."""
    for path in sorted(folder.glob("*/*.yaml")):
        try:
            agreed = yaml.safe_load(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, yaml.YAMLError):
            continue  # whoever loads the configuration is told
        client = agreed.get("client") if isinstance(agreed, Mapping) else None
        if client in names:
            raise CannotDo(
                f"There is an agreed charter with {client} in {path.parent}, which names them: to rename them, change client: in those files "
                "and in the configuration; to remove them, move that folder elsewhere first. Nothing was changed."
            )
