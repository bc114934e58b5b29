"""Know a client again who has another name in the configuration, so that what was said, decided and booked goes on.

The name by which Kept first knew a client is its key. It stands in the keys of obligations, decisions and parcels, and never changes; in
the store's other columns stands the present name. A client is the same as one known before if they have a domain or an address in
common, and of several whoever has most; else if they have the same name. Of domains and addresses only hashes are stored.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import count
from typing import NamedTuple

from daemon.config.client_settings import ClientSettings
from daemon.logs import get_logger
from daemon.store import Store

log = get_logger(__name__)

_META = "clients"


class KnownClient(NamedTuple):
    """A client as the configuration showed it last: its name, its key, and the hashes of its domains and addresses."""

    name: str
    key: str
    marks: frozenset[str]


def client_keys(store: Store, clients: Sequence[ClientSettings]) -> Mapping[str, str]:
    """Return name -> key of each client that was known by another name first. Raises StoreError."""
    known = _read(store)
    marks = {c.name: _marks(c) for c in clients}
    return {name: client.key for name, client in _present(known, marks, _matched(known, marks)).items() if client.key != name}


def record(store: Store, clients: Sequence[ClientSettings]) -> bool:
    """Store who the clients are, and put what is stored of those that were renamed under their present names.

    Return whether any was renamed. Raises StoreError.
    """
    before, marks = _read(store), {c.name: _marks(c) for c in clients}
    earlier = _matched(before, marks)
    gone = {name: client for name, client in before.items() if name not in earlier.values()}  # they may come back
    after = {**gone, **_present(before, marks, earlier)}
    renamed = {old: name for name, old in earlier.items() if old != name}
    if after != before:
        store.rename_clients(renamed, {_META: json.dumps({c.name: [c.key, sorted(c.marks)] for c in after.values()})})
    for old, name in renamed.items():
        log.info("a client has another name", client=name, before=old)
    return bool(renamed)


def _read(store: Store) -> Mapping[str, KnownClient]:
    stored = json.loads(store.meta(_META) or "{}")
    return {name: KnownClient(name, key, frozenset(marks)) for name, (key, marks) in stored.items()}


def _matched(before: Mapping[str, KnownClient], marks: Mapping[str, frozenset[str]]) -> Mapping[str, str]:
    """Return present name -> earlier name of each client that was known: each earlier one is one present one at most."""
    holders: dict[str, list[str]] = {}
    for client in before.values():
        for mark in client.marks:
            holders.setdefault(mark, []).append(client.name)
    in_common = {name: Counter(old for mark in its for old in holders.get(mark, ())) for name, its in marks.items()}
    likeliest = sorted((-n, name != old, name, old) for name, olds in in_common.items() for old, n in olds.items())
    by_name = [(name, name) for name in marks if name in before]
    matched: dict[str, str] = {}
    taken: set[str] = set()
    for name, old in (*((name, old) for _, _, name, old in likeliest), *by_name):
        if name not in matched and old not in taken:
            matched[name] = old
            taken.add(old)
    return matched


def _present(
    before: Mapping[str, KnownClient], marks: Mapping[str, frozenset[str]], earlier: Mapping[str, str]
) -> Mapping[str, KnownClient]:
    """Return the clients of the configuration by name, each with the key that it had before, or one that nobody had."""
    taken = {client.key for client in before.values()}
    return {
        name: KnownClient(name, before[earlier[name]].key if name in earlier else _unused(name, taken), its)
        for name, its in marks.items()
    }


def _unused(name: str, taken: set[str]) -> str:
    """Return a key for a client that is new: its name, unless that is the key of another, who was renamed. It is taken then."""
    key = next(key for n in count(1) if (key := name if n == 1 else f"{name} ({n})") not in taken)
    taken.add(key)
    return key


def _marks(client: ClientSettings) -> frozenset[str]:
    return frozenset(hashlib.sha256(x.encode()).hexdigest()[:16] for x in (*client.domains, *client.addresses))
