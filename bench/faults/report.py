"""What a campaign is asked for, and what it reports."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Scale:
    """How much of a campaign to run: `share` of its full size (1.0), with random choices from `seed`."""

    share: float = 1.0
    seed: int = 1

    def of(self, full: int) -> int:
        """Return how many of `full` to run; at least one."""
        return max(1, round(full * self.share))


@dataclass(slots=True)
class Report:
    """The figures of a campaign, a line each, and what went against a promise: an empty list of `failures` is a pass."""

    name: str
    figures: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def text(self) -> str:
        """Return the report for a terminal."""
        verdict = "held" if not self.failures else f"{len(self.failures)} FAILURES"
        return "\n".join(
            [f"{self.name}: {verdict}", *(f"  {f}" for f in self.figures), *(f"  FAILED {f}" for f in self.failures)]
        )
