"""Write the letters of the actions that are due, each apart: one that cannot be written, or one client in it, costs only that.

A reminder or an escalation about several clients is written for each of them alone where one of them is at fault. A digest always
comes: without the client or the announcement at fault, else without the section, and if nothing else can be written with the bare
news that it could not be. What a letter does not say is not recorded as said, and nothing counts as announced that it does not announce.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from daemon.delivery.mail_links import message_id
from daemon.delivery.render import Renderer
from daemon.glossary.actions import Action, ActionKind, Parcel
from daemon.glossary.assessments import Assessment
from daemon.glossary.faults import Faults
from daemon.planning.plan import announced_by, by_client, only


@dataclass(frozen=True, slots=True)
class Written:
    """A letter's parcel, with the action whose mentions it makes and the actions that it announces."""

    parcel: Parcel
    says: Action
    announces: Sequence[Action] = ()


def written(renderer: Renderer, action: Action, actions: Sequence[Action], faults: Faults) -> Iterator[Written]:
    """Yield what can be written of an action; `actions` are all of the same plan. What cannot be is noted in `faults`."""
    drafted = {o.key: message_id(a.key, a.account) for a in actions if a.kind is ActionKind.DRAFT for o in a.obligations}
    renderer = replace(renderer, drafts={**renderer.drafts, **drafted})
    if action.kind is ActionKind.DIGEST:
        yield _digest(renderer, action, announced_by(action, actions), faults)
        return
    if action.kind is ActionKind.REMIND:
        renderer = replace(renderer, draft_texts=_draft_texts(renderer, action, actions, faults))
    nothing: Sequence[Action] = ()
    sifted = faults.sift(nothing, lambda _nothing: renderer.render(action, actions))
    if sifted.error is None:
        yield Written(sifted.results[0], action)
        return
    alone = by_client(action)
    if not alone:
        faults.note(_unwritten(action), sifted.error)
    for part in alone:
        parcel = faults.contain(_unwritten(part), partial(renderer.render, part, actions), None)
        if parcel is not None:
            yield Written(parcel, part)


def _draft_texts(renderer: Renderer, action: Action, actions: Sequence[Action], faults: Faults) -> Mapping[str, str]:
    """Return the texts of the draft replies to what a reminder is about, by obligation; none of one that cannot be written."""
    reminded = {o.key for o in action.obligations}
    drafts = [(a, o) for a in actions if a.kind is ActionKind.DRAFT for o in a.obligations if o.key in reminded]
    written = [(o.key, faults.contain(_unwritten(a), partial(renderer.draft_reply, o), None)) for a, o in drafts]
    return {key: reply.text for key, reply in written if reply is not None}


def _unwritten(action: Action) -> str:
    return f"{action.summary}: it could not be written"


def _digest(renderer: Renderer, action: Action, announced: Sequence[Action], faults: Faults) -> Written:
    """Return the fullest digest that can be written."""
    whole = faults.sift(announced, _writing(renderer, action, renderer.assessments))
    for announcement, error in whole.culprits:
        faults.note(f"{announcement.summary}: it could not be announced, so it does not happen yet", error)
    if whole.error is None and not whole.culprits:
        return whole.results[0]
    renderer = replace(renderer, warnings=tuple(dict.fromkeys((*renderer.warnings, *faults.lines))))
    announceable = [a for a in announced if all(a is not culprit for culprit, _ in whole.culprits)] if whole.error is None else ()
    by_assessment = faults.sift(renderer.assessments, lambda assessments: _writing(renderer, action, assessments)(announceable))
    if by_assessment.error is None:
        return _without(renderer, action, [(a.client, e) for a, e in by_assessment.culprits], announceable, faults)
    faults.note("a part of the digest could not be written", by_assessment.error)
    tolerant = replace(renderer, faults=faults)
    by_section = faults.sift(announceable, _writing(tolerant, action, tolerant.assessments))
    if by_section.error is None:
        return by_section.results[0]
    return Written(renderer.bare_digest(action, faults.lines), only(action, lambda _o: False))


def _writing(renderer: Renderer, action: Action, assessments: Sequence[Assessment]) -> Callable[[Sequence[Action]], Written]:
    """Return a function that writes the digest about these assessments, which announces the actions it is given."""

    def write(announced: Sequence[Action]) -> Written:
        parcel, said = replace(renderer, assessments=assessments).digest_parcel(action, (action, *announced))
        return Written(parcel, said, announced)

    return write


def _without(
    renderer: Renderer, action: Action, culprits: Sequence[tuple[str, Exception]], announced: Sequence[Action], faults: Faults
) -> Written:
    """Return the digest without some clients, who are named in it; it mentions nothing of theirs."""
    for client, error in culprits:
        faults.note(f"{client}: its part of the digest could not be written", error)
    left_out = {client for client, _ in culprits}
    rest = [a for a in renderer.assessments if a.client not in left_out]
    named = replace(renderer, warnings=tuple(dict.fromkeys((*renderer.warnings, *faults.lines))))
    return _writing(named, action, rest)(announced)
