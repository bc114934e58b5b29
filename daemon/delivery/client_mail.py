"""What goes to a client in the user's name, and is written without a letter of the morning: drafts of pages, and invitations by mail."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import TypeAlias

from connectors.formats import ics
from connectors.mail import Address, Draft
from daemon.delivery.mail_links import message_id
from daemon.delivery.parcel_json import draft_body, invite_of, removal_body, saved_draft
from daemon.delivery.render import KEPT_ID
from daemon.glossary.actions import ActionKind, Channel, Parcel
from daemon.glossary.parties import Account, Client
from daemon.letters import proofs

Attachment: TypeAlias = tuple[str, str, bytes]  # name, MIME type, content


def client_draft(
    account: Account,
    kind: ActionKind,
    client: Client,
    period: date,
    to: Address | None,
    written: tuple[str, str, tuple[Attachment, ...]],
    now: datetime,
    *,
    again: int = 0,
) -> Parcel:
    """Return the parcel of a draft to a client that the user asked for; it is saved in Drafts and never sent automatically.

    There is one draft of a kind for each client and day, and of a charter one more each time it was taken back before (`again` times).
    `written` is its subject, its text and its attachments.
    """
    key = f"{kind.value}:{client.key}:{period.isoformat()}{f':{again}' if again else ''}"
    mail = _client_mail(key, account, to.email if to else None, written, now)
    return Parcel(
        key=key,
        kind=kind,
        account=account.address,
        channel=Channel.DRAFT,
        reference=mail.message_id,
        body=draft_body(mail, asked=""),
        not_before=mail.date,
        client=client.name,
        period=period,
        addressee=to.email if to else None,
    )


def draft_removal(draft: Parcel, now: datetime) -> Parcel:
    """Return the removal of a draft that was saved for the user; the mailbox leaves it where somebody has changed or sent it."""
    return Parcel(
        key=f"remove:{draft.key}",
        kind=ActionKind.REMOVE_DRAFT,
        account=draft.account,
        channel=Channel.REMOVAL,
        reference=draft.reference,
        body=removal_body(saved_draft(draft)),
        not_before=now,
        client=draft.client,
        period=draft.period,
    )


def _client_mail(
    key: str, account: Account, to: str | None, written: tuple[str, str, tuple[Attachment, ...]], now: datetime
) -> Draft:
    subject, text, attachments = written
    return Draft(
        message_id=message_id(key, account.address),
        date=now,
        sender=Address(account.address, account.name),
        to=(Address(to),) if to else (),
        subject=subject,
        text=text,
        attachments=attachments,
    )


def invitation(booking: Parcel, guests: Collection[str], secret: bytes) -> Parcel:
    """Return the mail that invites these guests of a booked meeting, whom its calendar's server does not invite (RFC 6047)."""
    invite = invite_of(booking)
    key, method = f"{booking.key}:mail", "CANCEL" if invite.cancelled else "REQUEST"
    own_id = message_id(key, invite.organizer)
    mail = Draft(
        message_id=own_id,
        date=invite.stamp,
        sender=Address(invite.organizer, invite.organizer_name),
        to=tuple(Address(a.email, a.name) for a in invite.attendees if a.email in guests),
        subject=f"{'Cancelled' if invite.cancelled else 'Invitation'}: {invite.summary}",
        text=invite.description,
        headers={KEPT_ID: invite.headers.get(KEPT_ID, ""), proofs.HEADER: proofs.sign(secret, invite.organizer, own_id)},
        calendar=ics.render(invite, method),
        method=method,
    )
    return Parcel(
        key=key,
        kind=ActionKind.INVITATION,
        account=booking.account,
        channel=Channel.MAIL,
        reference=mail.message_id,
        body=draft_body(mail),
        not_before=booking.not_before,
        client=booking.client,
        obligation=booking.obligation,
        period=booking.period,
        addressee=booking.addressee,
        booking=booking.key,
    )
