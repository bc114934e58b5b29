"""Past actions in memory, for simulations; the daemon reads them from the store (`daemon.store.past_actions`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from daemon.glossary.actions import Action, ActionKind, Mention, SavedDraft
from daemon.glossary.obligations import asked
from daemon.planning.plan import announcements_of, mentions_of
from daemon.planning.plan_inputs import PastActions


@dataclass(slots=True)
class SimulatedPast:
    """What was said to one account and done for it, recorded action by action.

    `announcements` map an action's key and start to the moment at which that pair was first announced.
    """

    mentions: dict[Mention, datetime] = field(default_factory=dict)
    actions: dict[str, datetime] = field(default_factory=dict)
    announcements: dict[tuple[str, datetime | None], datetime] = field(default_factory=dict)
    interruptions: list[datetime] = field(default_factory=list)
    first_digest: datetime | None = None
    saved_drafts: dict[str, SavedDraft] = field(default_factory=dict)  # by obligation; nobody touches them

    def record(self, action: Action, actions: Sequence[Action], now: datetime, *, escalates_to_user: bool) -> None:
        """Record an action as done at `now`; `actions` are all of the same plan. A repetition keeps the first moment.

        With `escalates_to_user` an escalation goes to the user, and counts towards the day's interruptions.
        """
        self.actions.setdefault(action.key, now)
        for mention in mentions_of(action):
            self.mentions.setdefault(mention, now)
        for announcement in announcements_of(action, actions):
            self.announcements.setdefault((announcement.action, announcement.start), now)
        if action.kind is ActionKind.REMIND or (action.kind is ActionKind.ESCALATE and escalates_to_user):
            self.interruptions = [at for at in self.interruptions if at >= now - timedelta(days=2)] + [now]
        if action.kind is ActionKind.DRAFT:
            self.saved_drafts |= {o.key: SavedDraft(action.key, "", "", "", asked(o)) for o in action.obligations}
        if action.kind is ActionKind.REMOVE_DRAFT:
            self.saved_drafts |= {o.key: replace(self.saved_drafts[o.key], removed=True) for o in action.obligations}
        if action.kind is ActionKind.DIGEST and self.first_digest is None:
            self.first_digest = now

    def past_actions(self) -> PastActions:
        """Return the record as the inputs of a plan."""
        latest = {action: (at, start) for (action, start), at in sorted(self.announcements.items(), key=lambda a: a[1])}
        return PastActions(
            self.mentions, self.actions, latest, self.interruptions, self.first_digest, saved_drafts=self.saved_drafts
        )
