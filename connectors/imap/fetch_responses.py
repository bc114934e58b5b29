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

UNUSUAL = 128 * 1024  # bytes of a response that is read byte by byte: the description of 500 parts has 100,000
_ITEM = (
    rb'(?:UID (\d+)|FLAGS \(([^()"{]*)\)|INTERNALDATE "([^"\\]+)"|(X-GM-THRID|MODSEQ) \(?(\d+)\)?'
    rb'|(BODY\[[A-Z0-9.]*\](?:<\d+>)?) (?:(\{\d+\})|(NIL)|"([^"\\]*)"))'
)
_ONE = re.compile(_ITEM)
_ALL = re.compile(rb"\d+ \(" + _ITEM + rb"(?: " + _ITEM + rb")*\)")
_SIZE = re.compile(rb"\{\d+\}$")


def read(data: Sequence[Any]) -> Mapping[int, Mapping[bytes, Any]]:
    """Return the items of each response by UID, from the data that imaplib collected. Raises imapclient's errors, and ValueError."""
    by_uid: dict[int, dict[bytes, Any]] = {}
    for records in _responses(data):
        answer = _parse_usual(records)
        if answer is None:
            answer = _parse_unusual(records)
        if b"UID" in answer:
            by_uid.setdefault(answer[b"UID"], {}).update(answer)
    return by_uid


def _responses(data: Sequence[Any]) -> Iterator[list[Any]]:
    """Yield the records of each response: texts, each but the last with the literal that follows it."""
    records: list[Any] = []
    for record in data:
        if isinstance(record, tuple):
            records.append(record)
        elif record is not None:
            yield [*records, record]
            records = []
    if records:
        yield records


def _parse_usual(records: Sequence[Any]) -> dict[bytes, Any] | None:
    text = b"".join(record[0] if isinstance(record, tuple) else record for record in records)
    if not _ALL.fullmatch(text):
        return None
    waiting = iter([record[1] for record in records if isinstance(record, tuple)])
    answer: dict[bytes, Any] = {}
    for uid, flags, date, number, value, part, literal, nil, quoted in _ONE.findall(text):
        if part:
            answer[_named(part)] = next(waiting) if literal else None if nil else quoted
        elif uid:
            answer[b"UID"] = int(uid)
        elif date:
            answer[b"INTERNALDATE"] = _moment(date)
        elif number:
            answer[number] = int(value)
        else:
            answer[b"FLAGS"] = tuple(flags.split())
    return answer


def _parse_unusual(records: Sequence[Any]) -> dict[bytes, Any]:
    """Return the items of one response; without any where it names no UID. Raises ValueError for one too long to be read so."""
    if sum(len(record[0] if isinstance(record, tuple) else record) for record in records) > UNUSUAL:
        raise ValueError("an answer is too long")
    stated = [(_SIZE.sub(b"{%d}" % len(r[1]), r[0]), r[1]) if isinstance(r, tuple) else r for r in records]
    parsed = parse_fetch_response(stated, normalise_times=False, uid_is_key=False)
    return {_named(item): value for answer in parsed.values() for item, value in answer.items()}


def _named(item: bytes) -> bytes:
    """Return the name of an item with the place at which its bytes begin, which not every server repeats."""
    return item + b"<0>" if item.startswith(b"BODY[") and not item.endswith(b">") else item


def _moment(date: bytes) -> Any:
    try:
        return parse_to_datetime(date, normalise=False)
    except ValueError:
        return None
