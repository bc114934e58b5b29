"""Why something is owed, for a person: who wrote or met, about what and when, and the words relied on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.mail import Message
from daemon.accounts.letters import make_renderer
from daemon.app import App
from daemon.core import mail_addresses
from daemon.glossary.obligations import Band, Evidence, Kind, Obligation, SourceType, State, Strength, state
from daemon.glossary.parties import Office
from daemon.letters import phrases
from daemon.letters.recovery import KIND_NOUNS
from daemon.operations.due_reasons import DueReason, due_reason
from daemon.operations.printable import safe
from daemon.operations.zones import zone_of

_STATES: Mapping[State, str] = {
    State.OPEN: "open",
    State.DUE_SOON: "due soon",
    State.OVERDUE: "overdue",
    State.KEPT: "done in time",
    State.KEPT_LATE: "done late",
    State.MISSED: "missed",
    State.WAIVED: "not owed",
    State.SNOOZED: "hidden for now",
}


@dataclass(frozen=True, slots=True)
class Ground:
    """One piece of evidence in words: when, what it is, and the words relied on where somebody wrote any."""

    evidence: Evidence
    when: str
    what: str
    words: str
    is_doubtful: bool
    is_empty: bool = False  # a reply that told nothing of use

    @property
    def doubt(self) -> str:
        """Say why it proves nothing, where it does not."""
        if self.is_empty:
            return " (no answer and no date, so that it is still owed)"
        return " (perhaps about this, not certain)" if self.is_doubtful else ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """An obligation with the messages behind it, by Message-ID, and whose words they are.

    `times` are what the calendar says of the times that the client proposes, `number` where to call, "" where no call is owed, `reason` why it is due then.
    """

    obligation: Obligation
    messages: Mapping[str, Message]
    office: Office
    now: datetime
    times: Sequence[str] = ()
    number: str = ""
    reason: DueReason | None = None

    def text(self) -> str:
        """Return the page, without control characters of anybody's mail."""
        return "\n".join(safe(line) for line in self._lines())

    def _lines(self) -> Iterator[str]:
        o = self.obligation
        yield o.summary
        yield f"{o.id}  {o.client}: {self.standing()}"
        if o.band is Band.ASKED:
            yield f"Kept is not sure ({o.confidence:.0%}): kept confirm {o.id} if it is owed, kept wrong {o.id} if not."
        elif o.source.type is not SourceType.CHARTER:
            yield f"Kept is {o.confidence:.0%} sure that it read this correctly. If it did not: kept wrong {o.id}"
        if self.reason is not None:
            yield self.reason.text(
                phrases.day(self.reason.start, zone_of(self.office, o.account), self.now) if self.reason.start else ""
            )
        yield ""
        for ground in self.grounds():
            yield f"  {ground.when}  {ground.what}{ground.doubt}"
            if ground.words:
                yield f"      {phrases.quoted(ground.words, 400)}"
        if o.closed and o.closed <= self.now:
            yield f"Settled {self._when(o.closed)}."
        else:
            yield from (f"  Proposed: {told}." for told in self.times)
            if self.number:
                yield f"  To call: {self.number}"
        if next(mail_addresses.messages_behind(o), None) is not None:
            yield ""
            yield f"See the mail: kept open {o.id}"

    def standing(self) -> str:
        """Return what is owed, how that stands, until when and since when: an answer, overdue, due today 12:00, since Mon 2 Mar 09:00."""
        return f"{KIND_NOUNS[self.obligation.kind]}, {_STATES[state(self.obligation, self.now)]}{self._dates()}"

    def grounds(self) -> Iterator[Ground]:
        """Yield every piece of evidence and the reply that told nothing of use: what created the obligation first, then by its time."""
        o = self.obligation
        empty = [o.empty] if o.empty is not None and o.empty not in o.evidence else []
        further = [*(e for e in o.evidence if e != o.source), *empty]
        for evidence in (o.source, *sorted(further, key=lambda e: e.at)):
            has_words = evidence.type in (SourceType.MESSAGE, SourceType.DECISION)
            words = evidence.quote or "" if has_words else ""
            doubtful = evidence.strength is Strength.WEAK and evidence is not o.source
            yield Ground(evidence, self._when(evidence.at), self._what(evidence), words, doubtful, evidence is o.empty)

    def _dates(self) -> str:
        """Return until when it is owed, and since when."""
        o = self.obligation
        due = f", due {self._when(o.due)}" if o.due else ", without a date"
        hidden = state(o, self.now) is State.SNOOZED and o.snoozed_until
        return (
            f"{due}, since {self._when(o.created)}{f', back {self._when(o.snoozed_until)}' if hidden and o.snoozed_until else ''}"
        )

    def _what(self, evidence: Evidence) -> str:
        """Return what a piece of evidence is: by whom, and about what."""
        if evidence.type is SourceType.MESSAGE:
            return self._message(evidence)
        if evidence.type is SourceType.EVENT:
            return f"in the calendar: {phrases.quoted(evidence.quote) if evidence.quote else 'a meeting without a title'}"
        if evidence.type is SourceType.DECISION:
            return f"decided by {self._person(evidence.reference, '')}"
        return f"from the charter: {phrases.cut(evidence.reference.replace('_', ' '), 80)}"

    def _message(self, evidence: Evidence) -> str:
        message = self.messages.get(evidence.reference)
        if message is None and evidence.author:
            return f"{evidence.author} wrote; the email is in a colleague's mailbox"
        if message is None:
            return "an email that is not stored any more"
        subject = phrases.quoted(message.subject, 80) if message.subject.strip() else "an email without a subject"
        return f"{self._person(message.sender.email, message.sender.name)} wrote {subject}"

    def _person(self, address: str, name: str) -> str:
        """Return what to call a person: you, the account's own name, or that of the message."""
        if any(address in (a.address, *a.addresses) and a.address == self.obligation.account for a in self.office.accounts):
            return "you"
        account = next((a.name for a in self.office.accounts if address in a.addresses), "")
        known = self.obligation.contact_name if address == self.obligation.contact else ""
        return phrases.person(address, account or name or known)

    def _when(self, at: datetime) -> str:
        return phrases.moment(at, zone_of(self.office, self.obligation.account), self.now)


def explain_obligation(app: App, obligation: Obligation, now: datetime) -> Explanation:
    """Return an obligation with the messages that it rests on, the number to call, and what the calendar says of proposed times."""
    behind = [evidence.reference for evidence in mail_addresses.messages_behind(obligation)]
    runtime = app.runtimes[obligation.account]
    renderer = make_renderer(runtime, runtime.ledger.assessments(now), now)
    messages = app.store.messages_by_id(obligation.account, behind)
    source = messages.get(obligation.source.reference)
    ours = source is not None and source.sender.email in (runtime.account.address, *runtime.account.addresses)
    client = next((c for c in app.office.clients if c.name == obligation.client), None)
    return Explanation(
        obligation,
        messages,
        app.office,
        now,
        times=tuple(renderer.looked_up(obligation)),
        number=renderer.number_of(obligation) if obligation.kind is Kind.CALLBACK else "",
        reason=due_reason(obligation, runtime.account, client, ours=ours),
    )


def second_opinion(app: App, obligation: Obligation) -> dict[str, Any] | None:
    """Return what the user's language model thinks of the words of an obligation; None where it has no opinion that counts."""
    advisor = app.runtimes[obligation.account].advisor
    by = advisor.opinions_by if advisor is not None else None
    opinion = app.store.opinion(obligation.account, by, obligation.key) if by is not None else None
    if advisor is None or opinion is None or opinion.holds is None:
        return None
    return {"by": advisor.name, "holds": opinion.holds, "words": opinion.words}
