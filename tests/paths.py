"""Where the tests find what is not code: the repository, the shared data beside it, golden files and labels."""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent
SHARED = ROOT.parent / "shared"
GOLDEN = TESTS / "golden"
LABELS = TESTS / "labels"
