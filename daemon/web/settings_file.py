"""Change values of the configuration from the dashboard: in the file where they stand, checked whole before anything is written.

Comments and every other line stay as they are (daemon.setup.editing.changes). What would not be valid is never written; a daemon that runs here goes
by the change at once.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from connectors.net import files
from daemon.app import App
from daemon.config import included, load
from daemon.config.yaml_lines import KeyPath, LocatedYaml
from daemon.core.access import viewer_of
from daemon.errors import CannotDo, ConfigError
from daemon.logs import get_logger
from daemon.service import health
from daemon.setup.editing.changes import Change, Edit, edits, written
from daemon.web.office import WebOffice

log = get_logger(__name__)

_writing = threading.Lock()


def may_change_house(app: App, address: str) -> bool:
    """Return whether somebody may change what holds for everybody: who is alone, or everybody else's manager."""
    viewer = viewer_of(app.office, address)
    others = [a for a in app.office.accounts if address not in a.addresses]
    return all(a.manager in viewer.addresses for a in others)


def change_account(office: WebOffice, address: str, values: Mapping[KeyPath, Any]) -> bool:
    """Put values at key paths below an account; None takes a key away. Return whether anything changed. Raises CannotDo."""
    with _writing:
        whole = _read(office)
        return _write(office, whole, address, {("accounts", _place(whole, address), *path): v for path, v in values.items()})


def change_house(office: WebOffice, address: str, values: Mapping[KeyPath, Any]) -> bool:
    """Put values at key paths that hold for everybody, in the name of an account. Return whether anything changed. Raises CannotDo."""
    with _writing:
        return _write(office, _read(office), address, values)


def _read(office: WebOffice) -> LocatedYaml:
    try:
        return included.read(office.app.path)
    except ConfigError as error:
        raise _in_words(error) from None


def _place(whole: LocatedYaml, address: str) -> int:
    """Return the position of an account in the configuration as it stands in the files now. Raises CannotDo."""
    for n, account in enumerate(whole.data.get("accounts") or ()):
        named = account.get("addresses") if isinstance(account, dict) else None
        if isinstance(named, list) and address in [str(a).strip().lower() for a in named]:
            return n
    raise CannotDo("%(address)s does not stand in the configuration any more. Nothing was changed.", address=address)


def _write(office: WebOffice, whole: LocatedYaml, address: str, values: Mapping[KeyPath, Any]) -> bool:
    made = edits(whole, [_change(whole.data, path, value) for path, value in values.items()])
    if not made:
        return False
    try:
        load.checked(included.read(office.app.path, instead={edit.path: edit.after.encode() for edit in made}))
    except ConfigError as error:
        raise _in_words(error) from None
    for edit in made:
        _replace(edit)
    changed = [".".join(str(part) for part in path if isinstance(part, str)) for path in values]
    log.info("the configuration was changed in the dashboard", account=address, keys=changed, files=[str(e.path) for e in made])
    health.wake(office.app.folder)
    office.follow(at_once=True)
    return True


def _change(document: Any, path: KeyPath, value: Any) -> Change:
    """Return the change that puts a value at a key path, with the groups above it that are not there yet."""
    before = document
    for depth, part in enumerate(path, start=1):
        before = before.get(part) if isinstance(before, dict) else before[int(part)]
        if before is None:
            for missing in reversed(path[depth:]):
                value = {missing: value}
            return Change(path[:depth], value)
    return Change(path, _as_written(before, value))


def _as_written(before: Any, value: Any) -> Any:
    """Return a list with those of its entries that stand in the file already as they are read from there: a date may be one."""
    if not (isinstance(before, list) and isinstance(value, list)):
        return value
    return [next((entry for entry in before if str(entry) == str(new)), new) for new in value]


def _replace(edit: Edit) -> None:
    """Write a file anew, if nobody changed it meanwhile. Raises CannotDo."""
    try:
        if written(edit.path) != edit.before:
            raise CannotDo("%(file)s was changed by somebody else at the same time. Load this page again.", file=edit.path.name)
        files.write_atomically(edit.path, edit.after.encode())
    except OSError as error:
        raise CannotDo(
            "%(file)s could not be written: %(why)s. Nothing was changed.", file=edit.path, why=error.strerror
        ) from error


def _in_words(error: ConfigError) -> CannotDo:
    problems = "; ".join(f"{p.key}: {p.message}" if p.key else p.message for p in error.problems[:3])
    return CannotDo("The configuration would not be valid, so nothing was changed. %(problems)s.", problems=problems)
