"""Responses to FETCH (RFC 3501, 7.4.2), parsed by a regular expression where they have the usual form.

By hand, because imapclient's parser reads every response byte by byte, which for thousands of messages takes longer than the network
and the server together. A response of any other form is left to that parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from imapclient.datetime_util import parse_to_datetime
from imapclient.response_parser import parse_fetch_response

_ITEM = (
    rb'(?:UID (\d+)|FLAGS \(([^()"{]*)\)|INTERNALDATE "([^"\\]+)"|(X-GM-THRID|MODSEQ) \(?(\d+)\)?'
    rb'|(BODY\[[A-Z0-9.]*\](?:<\d+>)?) (?:(\{\d+\})|(NIL)|"([^"\\]*)"))'
)
_ONE = re.compile(_ITEM)
_ALL = re.compile(rb"\d+ \(" + _ITEM + rb"(?: " + _ITEM + rb")*\)")


def read(data: Sequence[Any]) -> Mapping[int, Mapping[bytes, Any]]:
    """Return the items of each response by UID, from the data that imaplib collected. Raises imapclient's errors."""
    by_uid: dict[int, dict[bytes, Any]] = {}
    for text, literals in _responses(data):
        answer = _parse_usual(text, literals)
        if answer is None:
            return dict(parse_fetch_response(list(data), normalise_times=False))
        if b"UID" in answer:
            by_uid.setdefault(answer[b"UID"], {}).update(answer)
    return by_uid


def _responses(data: Sequence[Any]) -> Iterator[tuple[bytes, list[bytes]]]:
    """Yield each response as one text with the literals that it contains."""
    text, literals = b"", []
    for record in data:
        if isinstance(record, tuple):
            text += record[0]
            literals.append(record[1])
        elif record is not None:
            yield text + record, literals
            text, literals = b"", []
    if text:
        yield text, literals


def _parse_usual(text: bytes, literals: list[bytes]) -> dict[bytes, Any] | None:
    if not _ALL.fullmatch(text):
        return None
    waiting = iter(literals)
    answer: dict[bytes, Any] = {}
    for uid, flags, date, number, value, part, literal, nil, quoted in _ONE.findall(text):
        if part:
            answer[part] = next(waiting) if literal else None if nil else quoted
        elif uid:
            answer[b"UID"] = int(uid)
        elif date:
            answer[b"INTERNALDATE"] = _moment(date)
        elif number:
            answer[number] = int(value)
        else:
            answer[b"FLAGS"] = tuple(flags.split())
    return answer


def _moment(date: bytes) -> Any:
    try:
        return parse_to_datetime(date, normalise=False)
    except ValueError:
        return None
