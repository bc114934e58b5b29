"""`python -m daemon.reading`: what `kept infer` does, without the rest of Kept."""

from __future__ import annotations

import sys

from daemon.reading.infer_stream import infer_stream

for line in infer_stream(sys.stdin):
    sys.stdout.write(f"{line}\n")
