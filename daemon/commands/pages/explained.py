"""Why something is owed, for a person: who wrote or met, about what and when, and the words relied on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from connectors.mail import Message
from daemon.commands.tables import zone_of
from daemon.commands.terminal import safe
from daemon.core import mail_addresses
from daemon.glossary.obligations import Band, Evidence, Obligation, SourceType, State, Strength, state
from daemon.glossary.parties import Office
from daemon.letters import phrases
from daemon.letters.recovery import KIND_NOUNS

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
class Explanation:
    """An obligation with the messages behind it, by Message-ID, and whose words they are.

    `times` are what the calendar says of the times that the client proposes, `number` where to call, "" where no call is owed.
    """

    obligation: Obligation
    messages: Mapping[str, Message]
    office: Office
    now: datetime
    times: Sequence[str] = ()
    number: str = ""

    def text(self) -> str:
        """Return the page, without control characters of anybody's mail."""
        return "\n".join(safe(line) for line in self._lines())

    def _lines(self) -> Iterator[str]:
        o = self.obligation
        yield o.summary
        yield f"{o.id}  {o.client}: {KIND_NOUNS[o.kind]}, {_STATES[state(o, self.now)]}{self._dates()}"
        if o.band is Band.ASKED:
            yield f"Kept is not sure ({o.confidence:.0%}): kept confirm {o.id} if it is owed, kept wrong {o.id} if not."
        elif o.source.type is not SourceType.CHARTER:
            yield f"Kept is {o.confidence:.0%} sure that it read this correctly. If it did not: kept wrong {o.id}"
        yield ""
        empty = [o.empty] if o.empty is not None and o.empty not in o.evidence else []
        further = [*(e for e in o.evidence if e != o.source), *empty]
        for evidence in (o.source, *sorted(further, key=lambda e: e.at)):
            yield from self._evidence(evidence, is_source=evidence is o.source)
        if o.closed and o.closed <= self.now:
            yield f"Settled {self._when(o.closed)}."
        else:
            yield from (f"  Proposed: {told}." for told in self.times)
            if self.number:
                yield f"  To call: {self.number}"
        if next(mail_addresses.messages_behind(o), None) is not None:
            yield ""
            yield f"See the mail: kept open {o.id}"

    def _dates(self) -> str:
        """Return until when it is owed, and since when."""
        o = self.obligation
        due = f", due {self._when(o.due)}" if o.due else ", without a date"
        hidden = state(o, self.now) is State.SNOOZED and o.snoozed_until
        return (
            f"{due}, since {self._when(o.created)}{f', back {self._when(o.snoozed_until)}' if hidden and o.snoozed_until else ''}"
        )

    def _evidence(self, evidence: Evidence, *, is_source: bool) -> Iterator[str]:
        """Yield what a piece of evidence is, then the words relied on."""
        is_doubtful = evidence.strength is Strength.WEAK and not is_source
        doubt = " (perhaps about this, not certain)" if is_doubtful else ""
        if evidence is self.obligation.empty:
            doubt = " (no answer and no date, so that it is still owed)"
        yield f"  {self._when(evidence.at)}  {self._what(evidence)}{doubt}"
        if evidence.quote and evidence.type in (SourceType.MESSAGE, SourceType.DECISION):
            yield f"      {phrases.quoted(evidence.quote, 400)}"

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
