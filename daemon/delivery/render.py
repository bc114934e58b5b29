"""Render a planned action into the parcel that carries it.

Message-IDs and UIDs derive from the action's key, so the same action rendered twice is one parcel. Every mail of Kept's says that
a machine wrote it (RFC 3834), and carries the header KEPT_ID, so that it is never taken for a person's answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeGuard
from zoneinfo import ZoneInfo

from connectors.calendar import Attendee, Busy, Event, Invite
from connectors.mail import Address, Draft
from daemon.analysis.courtship import courtship
from daemon.analysis.observations import Observation, observe
from daemon.core import access, corrections, hours
from daemon.core.access import Access
from daemon.core.people import Directory
from daemon.delivery import mail_links
from daemon.delivery.mail_links import message_id, uid
from daemon.delivery.parcel_json import draft_body, invite_body, removal_body
from daemon.glossary.actions import MEETINGS, Action, ActionKind, Channel, Mention, Parcel, SavedDraft, Unsettled
from daemon.glossary.advice import SuggestedAnswer
from daemon.glossary.assessments import Assessment, Coverage
from daemon.glossary.faults import Faults, strict
from daemon.glossary.obligations import Kind, Obligation, asked
from daemon.glossary.parties import Account, Client, Office
from daemon.letters import (
    Letter,
    agenda,
    digest,
    draft,
    due_words,
    handover,
    manager,
    phrases,
    proofs,
    proposed_times,
    reminder,
    tokens,
)
from daemon.letters.digest import Live
from daemon.letters.digest_facts import DigestFacts
from daemon.letters.habits.style import Style, plain
from daemon.letters.lines import Line, LineFormatter, LinksFor, MailOf
from daemon.letters.recovery import causes
from daemon.planning import plan
from daemon.planning.answered_times import AnsweredTime
from daemon.planning.invitation_answers import InvitationAnswer
from daemon.planning.plan_inputs import Policy, SlotFinder

KEPT_ID = "X-Kept-Id"
MACHINE_HEADERS: Mapping[str, str] = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
OFFERED_TIMES, OFFER_WITHIN, OFFER_LENGTH = 3, timedelta(days=7), timedelta(minutes=30)  # of times for a client to choose from


@dataclass(frozen=True, slots=True)
class Renderer:
    """Renders one account's actions at one moment. All fields are that account's own.

    `find_slots` returns free times (`PlanInputs`), `times` what the calendar says of times that a client proposes, `style` how the draft
    for an obligation is written (None: plainly), `suggestions` what may help to settle it, `suggested` what the user's language model
    would answer. `warnings` are further lines
    of the digest: what other accounts cannot be told by email, and what had to be left out. `mentions` are
    what was said before. `unsettled` are sends and bookings whose fate the user must be told. `drafts` are the Message-IDs of the
    draft replies that were saved, by obligation, `draft_texts` the texts of those of the same plan, `answers` what became of meetings that Kept booked. `is_first`
    says that no digest came before this day's.
    """

    account: Account
    office: Office
    directory: Directory
    secret: bytes
    assessments: Sequence[Assessment]
    coverage: Sequence[Coverage]
    events: Sequence[Event]
    find_slots: SlotFinder
    now: datetime
    style: Callable[[Obligation], Style | None] = lambda _o: None
    suggestions: Callable[[Obligation], Sequence[reminder.Suggestion]] = lambda _o: ()
    suggested: Callable[[Obligation], SuggestedAnswer | None] = lambda _o: None
    correction_proposals: Sequence[corrections.Proposal] = ()
    warnings: Sequence[str] = ()
    mentions: Mapping[Mention, datetime] = field(default_factory=dict)
    policy: Policy = field(default_factory=Policy)
    faults: Faults | None = None  # where the sections of a digest that cannot be written are noted; None: they raise
    unsettled: Sequence[Unsettled] = ()
    times: Callable[[Obligation], Sequence[AnsweredTime]] = lambda _o: ()
    number_of: Callable[[Obligation], str] = lambda _o: ""  # at which to call whoever waits
    saved_drafts: Mapping[str, SavedDraft] = field(default_factory=dict)  # by obligation
    drafts: Mapping[str, str] = field(default_factory=dict)
    draft_texts: Mapping[str, str] = field(default_factory=dict)
    answers: Sequence[InvitationAnswer] = ()
    is_first: bool = False

    def render(self, action: Action, actions: Sequence[Action]) -> Parcel:
        """Return the parcel of one action; `actions` are all of the same plan."""
        if action.kind is ActionKind.DIGEST:
            return self.digest_parcel(action, actions)[0]
        if action.kind is ActionKind.REMIND:
            return self._mail(action, self._reminder(action), to=())
        if action.kind is ActionKind.DRAFT:
            return self._draft(action)
        if action.kind is ActionKind.REMOVE_DRAFT:
            return self._removal(action)
        if action.kind in MEETINGS:
            return self._invite(action)
        return self._mail(action, self._sheet(action), to=action.attendees)

    def digest_parcel(self, action: Action, actions: Sequence[Action]) -> tuple[Parcel, Action]:
        """Return the parcel of a digest, and the action as far as its letter says it: what is only counted there was not said."""
        letter = self.digest(plan.announced_by(action, actions), nonce=action.key)
        shown = {item.key for items in letter.sections.values() for item in items}
        said = plan.only(action, lambda o: o.key in shown)
        return self._mail(said, letter, to=()), said

    def digest(self, announced: Sequence[Action], nonce: str | None, *, everything: bool = False) -> Letter:
        """Return the digest of this moment, with `everything` without a limit. Without a nonce it has no links (a terminal has commands)."""
        facts = self._facts(self._links(nonce), announced, everything=everything)
        return digest.digest(facts, warnings=self.warnings, mentions=self.mentions, faults=self.faults)

    def live(self, announced: Sequence[Action], *, everything: bool = False) -> Live:
        """Return what the digest of this moment says; its lines have the verbs that settle them in the place of links, and the draft."""
        facts = self._facts(self._verbs, announced, everything=everything)
        return digest.live(facts, warnings=self.warnings, mentions=self.mentions, faults=self.faults)

    def lines(self, obligations: Iterable[Obligation]) -> Sequence[Line]:
        """Return what is owed as lines for a page, with the verbs that settle them in the place of links, and the draft."""
        formatter = self._formatter(self._verbs)
        return tuple(formatter.line(o) for o in obligations)

    def _facts(self, links: LinksFor, announced: Sequence[Action], *, everything: bool) -> DigestFacts:
        faults = self.faults or strict()
        return DigestFacts(
            self._formatter(links),
            self.assessments,
            self.coverage,
            announced,
            self.events,
            self.directory.match,
            observations=faults.contain("what is worth a thought could not be worked out", self._observations, ()),
            proposals=corrections.with_examples(self.correction_proposals, (o for a in self.assessments for o in a.obligations)),
            unsettled=self.unsettled,
            lines=self.policy.digest_lines,
            is_first=self.is_first,
            started={c.name: since for c in self.office.clients if (since := c.charter_at(self.now).since) is not None},
            everything=everything,
            answers=self.answers,
            text_of=lambda action: self._agenda(action).text if self._can_be_read(action) else "",
        )

    def _formatter(self, links: LinksFor) -> LineFormatter:
        """Return what turns obligations into lines, with all that may be looked up for one."""
        return LineFormatter(self.account, links, self.now, self._mail_of, self.looked_up, self.number_of)

    def bare_digest(self, action: Action, lines: Sequence[str]) -> Parcel:
        """Return the digest of a morning on which no more can be written than that, and why."""
        return self._mail(action, digest.bare(self.account, lines, self.now), to=())

    def _observations(self) -> tuple[Observation, ...]:
        """Return the observations for the digest: on the first working day of a week, otherwise none."""
        working = self.account.hours
        today = hours.local_date(working, self.now)
        monday = today - timedelta(days=today.weekday())
        if any(hours.is_working_day(working, monday + timedelta(days=n)) for n in range(today.weekday())):
            return ()
        return observe(self.assessments, {c.name: c for c in self.office.clients}, working, self.now)

    def _sheet(self, action: Action) -> Letter:
        """Return the letter to the manager or the covering colleague, or to the user for them. Raises ValueError."""
        account, to_others = self.account, bool(action.attendees)
        if action.kind is ActionKind.ESCALATE:
            return manager.escalation(account, action.obligations, self.now, to_manager=to_others)
        if action.kind is ActionKind.HAND_OVER:
            return self._handover(self._client(action.client))
        if action.start is None or action.end is None:
            raise ValueError(f"{action.key} has no start or end")
        if action.kind is ActionKind.TOUCH_BASE:
            clients = {c.name: c for c in self.office.clients if c.owner in (None, *account.addresses)}
            return manager.touch_base_sheet(
                account, self.assessments, clients, action.start, action.end, self.now, to_manager=to_others
            )
        return handover.cover_list(
            account,
            self.assessments,
            self.events,
            self.directory.match,
            action.start,
            action.end,
            self.now,
            to_colleague=to_others,
            quotes=self._quotes_to(action.attendees[0]) if to_others else lambda _client: True,
        )

    def _quotes_to(self, colleague: str) -> Callable[[str], bool]:
        """Return whether a colleague may read a client's words, by the client's name."""
        viewer, clients = access.viewer_of(self.office, colleague), {c.name: c for c in self.office.clients}
        return lambda name: access.may_see(viewer, self.account, clients[name], covers=True) is Access.WORDS

    def _handover(self, client: Client) -> Letter:
        owed = self._assessment(client).obligations
        courted = courtship(client, owed, self.account.hours, self.now)
        if courted is None:
            raise ValueError(f"nothing is known of the courtship of {client.name}")
        return handover.handover(self.account, client, courted, client.charter_at(self.now), self.now)

    def _assessment(self, client: Client) -> Assessment:
        return next(a for a in self.assessments if a.client == client.name)

    @property
    def _mail_of(self) -> MailOf:
        return mail_links.opener(self.policy.mail_links)

    def _links(self, nonce: str | None) -> LinksFor:
        if nonce is None:
            return lambda _about: {}
        return lambda about: {
            **mail_links.draft_link(about, self.drafts, self._mail_of),
            **(mail_links.reading_link(self._agenda(about), self.account.address) if self._can_be_read(about) else {}),
            **tokens.menu(self.secret, self.account, about, self.now, nonce),
        }

    def _verbs(self, about: tokens.About) -> Mapping[str, str]:
        """Return what can be decided about a line, by the verb, and the link to the draft reply."""
        draft_links = mail_links.draft_link(about, self.drafts, self._mail_of)
        return {**draft_links, **{verb.value: about.id for verb in tokens.verbs(self.account, about, self.now)}}

    def _reminder(self, action: Action) -> Letter:
        formatter = self._formatter(self._links(action.key))
        return reminder.reminder(
            formatter, action.obligations, action.stages, self._times_for, self.draft_texts, self.suggestions
        )

    def _times_for(self, o: Obligation) -> Sequence[Busy]:
        """Return the user's free times for an obligation, within the window that its words name; none where a proposed time is free."""
        if proposed_times.is_free(self.times(o)):
            return ()
        first = due_words.not_before(o, self.account.hours)
        if first is None or o.due is None or o.due <= self.now:
            return self._offers(self._client(o.client))
        return self._offers(self._client(o.client), first, o.due)

    def looked_up(self, o: Obligation) -> Sequence[str]:
        """Return what the calendar says of the times that a client proposes, for the user."""
        return proposed_times.looked_up(self.times(o), self._clocks(o), self.now)

    def _clocks(self, o: Obligation) -> proposed_times.Clocks:
        hours_of_client = next((c.hours for c in self.office.clients if c.name == o.client), None)
        own = ZoneInfo(self.account.hours.zone)
        return proposed_times.Clocks(
            own, ZoneInfo(hours_of_client.zone) if hours_of_client else own, phrases.first_name(o.contact_name)
        )

    def _offers(self, client: Client, first: datetime | None = None, last: datetime | None = None) -> Sequence[Busy]:
        """Return the times to offer the client, between two moments if they are given; none if the calendar could not be read."""
        soonest = self.now + timedelta(hours=1)
        after, before = max(soonest, first or soonest), last or self.now + OFFER_WITHIN
        return self.find_slots(client, after, before, OFFER_LENGTH, OFFERED_TIMES) or ()

    def _client(self, name: str | None) -> Client:
        return next(c for c in self.office.clients if c.name == name)

    def _mail(self, action: Action, letter: Letter, *, to: Sequence[str]) -> Parcel:
        """Return a mail from the user's own address to `to`, or to the user if `to` is empty."""
        account = self.account
        mail = Draft(
            message_id=message_id(action.key, account.address),
            date=self.now,
            sender=Address(account.address, f"{account.name} (Kept)" if to else "Kept"),
            to=tuple(Address(email) for email in to) or (Address(account.address, account.name),),
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            headers={**MACHINE_HEADERS, KEPT_ID: action.id, proofs.HEADER: self._proof(action)},
        )
        return self._parcel(action, Channel.MAIL, mail.message_id, draft_body(mail), to=to[0] if to else None)

    def _proof(self, action: Action) -> str:
        address = self.account.address
        return proofs.sign(self.secret, address, message_id(action.key, address), plan.mentions_of(action))

    def draft_reply(self, obligation: Obligation) -> draft.DraftReply:
        """Return the draft reply to all that an obligation asks."""
        account = self.account
        client = self._client(obligation.client)
        slots, style = self._offers(client), self.style(obligation) or plain(account, obligation)
        times = proposed_times.reply(self.times(obligation), slots, self._clocks(obligation), style.wording.code)
        known = draft.Known(self._from_library(obligation), self._promised(obligation), suggested=self.suggested(obligation))
        known = draft.with_times(known, obligation, times)
        return draft.draft(account, client, obligation, slots, self.now, known, style)

    def _draft(self, action: Action) -> Parcel:
        (obligation,), account = action.obligations, self.account
        answer = self.draft_reply(obligation)
        mail = Draft(
            message_id=message_id(action.key, account.address),
            date=self.now,
            sender=Address(account.address, account.name),
            to=(Address(answer.to),),
            cc=answer.cc,
            subject=answer.subject,
            text=answer.text,
            in_reply_to=answer.in_reply_to,
            references=(answer.in_reply_to,) if answer.in_reply_to else (),
        )
        parcel = self._parcel(action, Channel.DRAFT, mail.message_id, draft_body(mail, asked=asked(obligation)), to=answer.to)
        return replace(parcel, offers=answer.offers)

    def _removal(self, action: Action) -> Parcel:
        (obligation,) = action.obligations
        saved = self.saved_drafts[obligation.key]
        return self._parcel(action, Channel.REMOVAL, saved.reference, removal_body(saved), to=None)

    def _from_library(self, o: Obligation) -> Mapping[str, str]:
        """Return what the user's library answers, by the question; each entry once.

        A suggestion with a moment is an earlier answer, maybe to another client: none of those goes into a draft.
        """
        answers: dict[str, str] = {}
        for ask in draft.asks(o):
            entries = self.suggestions(replace(o, quote=ask.quote, asks=(ask.quote,), open_asks=(ask,)))
            texts = (draft.entry(s.title, s.words, s.link) for s in entries if s.at is None)
            answer = next((text for text in texts if text not in answers.values()), None)
            answers |= {ask.quote: answer} if answer else {}
        return answers

    def _promised(self, o: Obligation) -> Sequence[str]:
        """Return the words of what the user promised in the same conversation and has not kept yet."""
        promises = (p for a in self.assessments if a.client == o.client for p in a.obligations if p.kind is Kind.PROMISE)
        return [p.quote for p in promises if p.quote and p.closed is None and p.thread is not None and p.thread == o.thread]

    def _can_be_read(self, about: tokens.About) -> TypeGuard[Action]:
        """Whether a line is about an invitation to a client whose assessment is there: a digest may have to do without."""
        is_meeting = isinstance(about, Action) and about.kind in MEETINGS
        return is_meeting and any(a.client == about.client for a in self.assessments)

    def _agenda(self, action: Action) -> Letter:
        """Return the title and the text of an invitation. Raises ValueError where it has no time."""
        account, client = self.account, self._client(action.client)
        assessment, charter = self._assessment(client), client.charter_at(self.now)
        figures = self.policy.agenda_figures
        if action.kind is ActionKind.RECOVERY and assessment.recovery is not None:
            return agenda.recovery_agenda(account, client, charter, causes(assessment.recovery, self.now) if figures else "")
        if action.start is None or action.end is None:
            raise ValueError(f"{action.key} has no time to be booked for")
        length = action.end - action.start
        return agenda.review_agenda(account, client, assessment, charter, length, self.now, figures=figures)

    def _invite(self, action: Action) -> Parcel:
        account, letter = self.account, self._agenda(action)
        if action.start is None or action.end is None:
            raise ValueError(f"{action.key} has no time to be booked for")
        invite = Invite(
            uid=uid(action.key),
            start=action.start,
            end=action.end,
            summary=letter.subject,
            description=letter.text,
            organizer=account.address,
            organizer_name=account.name,
            attendees=tuple(Attendee(a) for a in action.attendees),
            stamp=self.now,
            time_zone=account.hours.zone,
            headers={KEPT_ID: action.id},
        )
        guest = action.attendees[0] if action.attendees else None
        return self._parcel(action, Channel.CALENDAR, invite.uid, invite_body(invite), to=guest)

    def _parcel(self, action: Action, channel: Channel, reference: str, body: str, *, to: str | None) -> Parcel:
        single = len(action.obligations) == 1
        return Parcel(
            key=action.key,
            kind=action.kind,
            account=action.account,
            channel=channel,
            reference=reference,
            body=body,
            not_before=action.at,
            client=action.client,
            obligation=action.obligations[0].key if single else None,
            stage=action.stages[0] if single and action.stages else None,
            period=action.period,
            addressee=to,
        )
