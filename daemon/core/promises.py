"""What was promised, and how far one message shows that it was done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from daemon.core import evidence as proof
from daemon.glossary.obligations import Evidence, Kind, Strength
from daemon.glossary.timelines import Entry
from daemon.reading import Act, ActKind


@dataclass(slots=True)
class Commitment:
    """Who said what, by when, and what shows that it was done. `released` says that the other side no longer wants it.

    `matter` are the words of what is promised, `context` those of the question that it answers. `sign` is the last moment at
    which something was said of it.
    """

    kind: Kind
    key: str
    source: Evidence
    sort: str
    contact: str | None
    conversation: str
    subject: str
    due: datetime | None
    conditional: bool
    confidence: float
    matter: frozenset[str]
    context: frozenset[str]
    sign: datetime
    message_id: str | None = None
    closed: Evidence | None = None
    released: bool = False
    then: datetime | None = None  # when it is due once its condition is met
    chased: bool = False  # the other side has asked about it since
    confirmed: bool = False  # the other side said that it came, which tells nothing of when
    crossed: bool = False  # the other side has asked something else in the conversation since
    notes: list[Evidence] = field(default_factory=list)

    def hears(self, heard: Sign) -> None:
        """The other side speaks: it may ask something else, and may have met the condition."""
        self.chased |= heard.asks or bool(heard.entry.reading.of(ActKind.COMPLAINT))
        self.crossed |= heard.asks and bool(heard.own) and not heard.own & self.matter
        if self.conditional and self.due is None and self.then is not None and heard.found.at < self.then:
            self.due = self.then

    @property
    def by_client(self) -> bool:
        """Whether the client holds it."""
        return self.kind is Kind.WAITING_FOR


@dataclass(frozen=True, slots=True)
class Sign:
    """What one message can show of commitments made before it. `own` is the matter of its text, without subject and attachments."""

    entry: Entry
    found: Evidence
    matter: frozenset[str]
    own: frozenset[str]
    handed: Strength | None
    done: bool
    called: bool
    asks: bool
    says: bool  # it tells something, and not only that something will come
    moves: bool


def sign(entry: Entry, names: frozenset[str]) -> Sign:
    """Weigh a message once; `names` are the words that stand in every mail between the two."""
    said = entry.reading
    return Sign(
        entry,
        proof.of_message(entry),
        proof.matter(entry) - names,
        proof.words(said.new_text) - names,
        proof.delivers(entry),
        done=bool(said.of(ActKind.DONE)),
        called=proof.says_called(entry),
        asks=bool(proof.requests(entry)),
        says=proof.substance(entry) and not said.acknowledgement,
        moves=bool(said.of(ActKind.POSTPONEMENT)),
    )


def confirmed(commitment: Commitment, told: Sign) -> Strength | None:
    """How far a later message of the other side, in the same conversation, shows that it was done."""
    if commitment.sort == "call":
        return Strength.STRONG if told.called else None
    return proof.confirms(told.entry, commitment.matter)


def keeps(commitment: Commitment, told: Sign) -> Strength | None:
    """How far a later message of the same side shows that the thing was done."""
    if commitment.sort == "call":
        return Strength.STRONG if told.called else None
    if not told.says or (told.moves and told.handed is None):
        return None
    if commitment.conversation == told.entry.conversation:
        return _keeps_here(commitment, told, len(told.matter & commitment.matter))
    shared = len(told.matter & (commitment.matter | commitment.context))
    if shared >= 2 and (told.handed is Strength.STRONG or told.done):
        return Strength.STRONG
    return Strength.WEAK if shared >= 2 or (shared and told.handed) else None


def _keeps_here(commitment: Commitment, told: Sign, shared: int) -> Strength | None:
    """The same within the conversation, where little needs to be said for both to know what is meant.

    A message that speaks of other things only, or that follows another question, is not taken for what was promised.
    """
    about = bool(shared) or not told.own or not commitment.matter
    if told.handed is Strength.STRONG or told.done:
        return Strength.STRONG if about else Strength.WEAK
    again = bool(told.entry.reading.of(ActKind.PROMISE))
    if proof.promises_answer(commitment.source.quote or "") or (commitment.due is None and commitment.by_client):
        return Strength.WEAK if again or (commitment.crossed and not shared) else Strength.STRONG
    said = shared >= 3 and not told.asks and not again and not proof.promises_document(commitment.source.quote or "")
    return Strength.STRONG if said else Strength.WEAK if shared or told.handed else None


def apart(acts: Sequence[Act], names: frozenset[str]) -> Iterator[Act]:
    """The acts of one message that promise different things: "I'm on it" beside "you'll have it by Wednesday" is one."""
    dated = [a for a in acts if a.due is not None]
    for act in acts:
        empty = not (proof.words(act.quote) - names)
        vague = act.due is None and act.sort != "call"
        if vague and dated and proof.promises_answer(act.quote):
            continue  # the way to what is promised beside it
        if vague and (empty or (dated and any(proof.words(act.quote) & proof.words(d.quote) - names for d in dated))):
            continue
        if empty and act.due is not None and any(d is not act and d.due == act.due and d.start < act.start for d in dated):
            continue
        yield act
