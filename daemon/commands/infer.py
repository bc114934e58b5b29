"""`kept infer`: the reader alone, as a filter over lines of JSON. Needs no configuration and no network."""

from __future__ import annotations

import sys

from daemon.errors import CannotDo
from daemon.reading.infer_stream import infer_stream


def infer() -> None:
    """Read messages from standard input, one JSON object a line; print what each says, one line each, in the same order."""
    try:
        for line in infer_stream(sys.stdin):
            print(line)
    except ValueError as error:
        raise CannotDo(f"Standard input: {error}") from None
