"""Pack: a planned action, rendered into the parcels that carry it.

Message-IDs and UIDs derive from the action's key, so the same action packed twice is one parcel. Every mail of ours says
that a machine wrote it (RFC 3834) and carries our own id header, by which it is never taken for anyone's answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from connectors.calendar import Attendee, Busy, Event, Invite
from connectors.formats import ics
from connectors.mail import Address, Draft
from daemon.analysis.courtship import courtship
from daemon.analysis.observations import Thought, thoughts
from daemon.core import corrections, hours, tokens
from daemon.core.people import Directory
from daemon.delivery.parcel_json import draft_body, invite_body, invite_of
from daemon.glossary.actions import Action, ActionKind, Channel, Parcel
from daemon.glossary.assessments import Assessment, Coverage
from daemon.glossary.obligations import Obligation
from daemon.glossary.parties import Account, Client, Office
from daemon.letters import Letter, agenda, digest, draft, handover, manager, reminder
from daemon.letters.recovery import causes
from daemon.planning import plan
from daemon.planning.invites import is_recovery
from daemon.planning.plan_inputs import Slots

KEPT_ID = "X-Kept-Id"
OURS: Mapping[str, str] = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
OFFERED, OFFER_WITHIN, OFFER_LENGTH = 3, timedelta(days=7), timedelta(minutes=30)


def message_id(key: str, account: str) -> str:
    """The Message-ID of what carries this key."""
    return f"<kept-{_digest(key)}@{account.rpartition('@')[2]}>"


def uid(key: str) -> str:
    """The UID of the event that carries this key."""
    return f"kept-{_digest(key)}"


@dataclass(frozen=True, slots=True)
class Packer:
    """Renders the actions of one moment."""

    office: Office
    directory: Directory
    secret: bytes
    assessments: Sequence[Assessment]
    coverage: Sequence[Coverage]
    events: Callable[[str], Sequence[Event]]  # of an account
    slots: Callable[[str], Slots]  # of an account
    now: datetime
    hints: Callable[[Obligation], Sequence[reminder.Suggestion]] = lambda _o: ()
    proposals: Sequence[corrections.Proposal] = ()
    untold: Mapping[str, str] = field(default_factory=dict)  # account -> what is wrong with it, where its own digest cannot leave

    def pack(self, action: Action, actions: Sequence[Action]) -> tuple[Parcel, ...]:
        """The parcels of one action; `actions` are all of the same plan."""
        account = next(a for a in self.office.accounts if a.address == action.account)
        if action.kind is ActionKind.DIGEST:
            announced = plan.announced_by(action, actions)
            return (self._to_user(account, action, self.digest(account, announced, nonce=action.key)),)
        if action.kind is ActionKind.REMIND:
            return (self._to_user(account, action, self._reminder(account, action, actions)),)
        if action.kind is ActionKind.DRAFT:
            return (self._draft(account, action),)
        if action.kind is ActionKind.INVITE:
            return (self._invite(account, action),)
        return (self._mail(account, action, self._sheet(account, action), to=action.attendees),)

    def digest(self, account: Account, announced: Sequence[Action], nonce: str | None) -> Letter:
        """The digest of this moment; without a nonce it has no links (a terminal has commands)."""
        return digest.digest(
            account,
            self._of(account),
            [c for c in self.coverage if c.account == account.address],
            announced,
            self.events(account.address),
            self.directory.match,
            self._links(account, nonce),
            self.now,
            self._thoughts(account),
            corrections.with_examples(self.proposals, (o for a in self._of(account) for o in a.obligations)),
            [f"{who} cannot be told by mail: {what}" for who, what in sorted(self.untold.items()) if who != account.address],
        )

    def _thoughts(self, account: Account) -> tuple[Thought, ...]:
        """Once a week, on its first working day."""
        today = hours.local_date(account.hours, self.now)
        monday = today - timedelta(days=today.weekday())
        if any(hours.is_working_day(account.hours, monday + timedelta(days=n)) for n in range(today.weekday())):
            return ()
        return thoughts(self._of(account), {c.name: c for c in self.office.clients}, account.hours, self.now)

    def _of(self, account: Account) -> list[Assessment]:
        return [a for a in self.assessments if a.account == account.address]

    def _sheet(self, account: Account, action: Action) -> Letter:
        """What goes to the manager, to whoever covers, or to the user for them."""
        others = bool(action.attendees)
        if action.kind is ActionKind.ESCALATE:
            return manager.escalation(account, action.obligations, self.now, to_manager=others)
        if action.kind is ActionKind.HAND_OVER:
            return self._handover(account, self._client(action.client))
        if action.start is None or action.end is None:
            raise ValueError(f"{action.key} is about no time")
        mine = self._of(account)
        if action.kind is ActionKind.TOUCH_BASE:
            clients = {c.name: c for c in self.office.clients if c.owner in (None, *account.addresses)}
            return manager.touch_base_sheet(account, mine, clients, action.start, action.end, self.now, to_manager=others)
        events = self.events(account.address)
        return handover.cover_list(
            account, mine, events, self.directory.match, action.start, action.end, self.now, to_colleague=others
        )

    def _handover(self, account: Account, client: Client) -> Letter:
        owed = self._assessment(account, client).obligations
        courted = courtship(client, owed, account.hours, self.now)
        if courted is None:
            raise ValueError(f"nothing is known of the courtship of {client.name}")
        return handover.handover(account, client, courted, client.charter_at(self.now), self.now)

    def _assessment(self, account: Account, client: Client) -> Assessment:
        return next(a for a in self.assessments if (a.account, a.client) == (account.address, client.name))

    def _links(self, account: Account, nonce: str | None) -> Callable[[Obligation | Action], Mapping[str, str]]:
        if nonce is None:
            return lambda _about: {}
        return lambda about: tokens.menu(self.secret, account, about, self.now, nonce)

    def _reminder(self, account: Account, action: Action, actions: Sequence[Action]) -> Letter:
        names = dict.fromkeys(o.client for o in action.obligations)
        drafted = {o.key for a in actions if a.kind is ActionKind.DRAFT for o in a.obligations}
        offers = {name: self._offers(account, self._client(name)) for name in names}
        return reminder.reminder(
            account, action.obligations, action.stages, offers, drafted, self._links(account, action.key), self.now, self.hints
        )

    def _offers(self, account: Account, client: Client) -> Sequence[Busy]:
        """Three times to offer the client; none where the calendar could not be read."""
        found = self.slots(account.address)(client, self.now + timedelta(hours=1), self.now + OFFER_WITHIN, OFFER_LENGTH, OFFERED)
        return found or ()

    def _client(self, name: str | None) -> Client:
        return next(c for c in self.office.clients if c.name == name)

    def _to_user(self, account: Account, action: Action, letter: Letter) -> Parcel:
        """A mail to the user: nobody else is on it."""
        return self._mail(account, action, letter, to=())

    def _mail(self, account: Account, action: Action, letter: Letter, *, to: Sequence[str]) -> Parcel:
        """A mail from the user's own address, to the user where nobody else is named."""
        mail = Draft(
            message_id=message_id(action.key, account.address),
            date=self.now,
            sender=Address(account.address, f"{account.name} (Kept)" if to else "Kept"),
            to=tuple(Address(one) for one in to) or (Address(account.address, account.name),),
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            headers={**OURS, KEPT_ID: action.id},
        )
        return self._parcel(action, Channel.MAIL, mail.message_id, draft_body(mail))

    def _draft(self, account: Account, action: Action) -> Parcel:
        (obligation,) = action.obligations
        client = self._client(obligation.client)
        pointers = [
            f"{h.title}: {h.link or h.words}" for h in self.hints(obligation) if h.at is None
        ]  # never another client's mail
        answer = draft.draft(account, client, obligation, self._offers(account, client), self.now, pointers)
        mail = Draft(
            message_id=message_id(action.key, account.address),
            date=self.now,
            sender=Address(account.address, account.name),
            to=(Address(answer.to),),
            subject=answer.subject,
            text=answer.text,
            in_reply_to=answer.in_reply_to,
            references=(answer.in_reply_to,) if answer.in_reply_to else (),
        )
        return self._parcel(action, Channel.DRAFT, mail.message_id, draft_body(mail))

    def _invite(self, account: Account, action: Action) -> Parcel:
        client = self._client(action.client)
        assessment, charter = self._assessment(account, client), client.charter_at(self.now)
        if is_recovery(action) and assessment.recovery is not None:
            letter = agenda.recovery_agenda(account, client, charter, causes(assessment.recovery, self.now))
        else:
            letter = agenda.review_agenda(account, client, assessment, charter, self.now)
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
        return self._parcel(action, Channel.CALENDAR, invite.uid, invite_body(invite))

    def _parcel(self, action: Action, channel: Channel, reference: str, body: str) -> Parcel:
        return Parcel(action.key, action.account, channel, reference, body, action.at, keys=(action.key,))


def letter(
    account: Account,
    key: str,
    to: str | None,
    subject: str,
    text: str,
    attachments: tuple[tuple[str, str, bytes], ...],
    now: datetime,
) -> Parcel:
    """A draft to a client that the user asked for by a command: it is laid into Drafts, and never sent by itself."""
    mail = Draft(
        message_id=message_id(key, account.address),
        date=now,
        sender=Address(account.address, account.name),
        to=(Address(to),) if to else (),
        subject=subject,
        text=text,
        attachments=attachments,
    )
    return Parcel(key, account.address, Channel.DRAFT, mail.message_id, draft_body(mail), now, keys=(key,))


def invitation_key(parcel: Parcel) -> str:
    """The key of the mail that goes with a booking."""
    return f"{parcel.key}:mail"


def invitation(parcel: Parcel) -> Parcel:
    """The mail that carries a booked invite to its attendees, where the calendar's server does not do so itself (RFC 6047)."""
    invite = invite_of(parcel)
    key = invitation_key(parcel)
    mail = Draft(
        message_id=message_id(key, invite.organizer),
        date=invite.stamp,
        sender=Address(invite.organizer, invite.organizer_name),
        to=tuple(Address(a.email, a.name) for a in invite.attendees),
        subject=f"{'Cancelled' if invite.cancelled else 'Invitation'}: {invite.summary}",
        text=invite.description,
        headers={KEPT_ID: invite.headers.get(KEPT_ID, "")},
        calendar=ics.write(invite, "CANCEL" if invite.cancelled else "REQUEST"),
        method="CANCEL" if invite.cancelled else "REQUEST",
    )
    return Parcel(key, parcel.account, Channel.MAIL, mail.message_id, draft_body(mail), parcel.not_before, keys=parcel.keys)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:24]
