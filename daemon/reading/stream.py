"""`kept infer`: message objects in, one JSON object a line; findings out, one a line, in the same order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from daemon.reading.reader import infer


def infer_stream(lines: Iterable[str]) -> Iterator[str]:
    """Read each line. Raises ValueError that names the line for one that is no message object; blank lines are skipped."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield json.dumps(infer(json.loads(line)), ensure_ascii=False)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            what = f"the key {error} is missing" if isinstance(error, KeyError) else str(error)
            raise ValueError(f"line {number} is not a message object: {what}") from error
