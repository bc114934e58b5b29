"""What a simulated life has said and done so far: what the store keeps for the daemon (store.past_actions)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from daemon.glossary.actions import Action, ActionKind, Mention
from daemon.planning.plan import announcements_of, mentions_of
from daemon.planning.plan_inputs import PastActions


@dataclass(slots=True)
class SimulatedPast:
    """One account's past, told action by action."""

    mentions: dict[Mention, datetime] = field(default_factory=dict)
    actions: dict[str, datetime] = field(default_factory=dict)
    announcements: dict[tuple[str, datetime | None], datetime] = field(
        default_factory=dict
    )  # an action and its start -> since when
    interruptions: list[datetime] = field(default_factory=list)
    first_digest: datetime | None = None

    def record(self, action: Action, actions: Sequence[Action], now: datetime, *, told_by_user: bool) -> None:
        """What was said stays said as of the first time."""
        self.actions.setdefault(action.key, now)
        for mention in mentions_of(action):
            self.mentions.setdefault(mention, now)
        for announcement in announcements_of(action, actions):
            self.announcements.setdefault((announcement.action, announcement.start), now)
        if action.kind is ActionKind.REMIND or (action.kind is ActionKind.ESCALATE and told_by_user):
            self.interruptions = [at for at in self.interruptions if at >= now - timedelta(days=2)] + [now]
        if action.kind is ActionKind.DIGEST and self.first_digest is None:
            self.first_digest = now

    def past_actions(self) -> PastActions:
        """Return it as a plan takes it."""
        latest = {action: (at, start) for (action, start), at in sorted(self.announcements.items(), key=lambda a: a[1])}
        return PastActions(self.mentions, self.actions, latest, self.interruptions, self.first_digest)
