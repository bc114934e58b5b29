"""Sending by EWS, and the requests that save and look for a mail of Kept's.

A mail is handed over as MIME, so that its Message-ID and header fields are Kept's, in one CreateItem that also puts a copy into Sent
Items, where `was_sent` looks.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from pathlib import Path

from connectors.exchange import soap
from connectors.exchange.session import ExchangeServer, Session
from connectors.formats import mime
from connectors.mail import Draft, Receipt
from connectors.net.http import Access, BackOff

FOLDERS_PER_SEARCH = 50
_DRAFT_CAP = 512 * 1024  # characters of base64; a longer draft is none of Kept's
# Microsoft does not say whether a server keeps the Message-ID of a MimeContent; it keeps a header field of Kept's own.
_ID_HEADER = soap.extended_field("String", DistinguishedPropertySetId="InternetHeaders", PropertyName=mime.ID_HEADER)
_MESSAGE_ID = '<t:FieldURI FieldURI="message:InternetMessageId"/>'


class EwsTransport:
    """Sends by EWS. Settings as for EwsMailbox; with `mailbox` in that mailbox's name, where the server allows it."""

    def __init__(
        self,
        username: str,
        password: Callable[[], str] | None = None,
        host: str | None = None,
        endpoint: str | None = None,
        auth: str | None = None,
        access: Access | None = None,
        mailbox: str | None = None,
        ca_file: Path | None = None,
        back_off: BackOff | None = None,
        timeout: float = 60,
    ) -> None:
        self._session = Session(
            ExchangeServer(username, password, host, endpoint, auth, access, mailbox, ca_file, back_off, timeout)
        )

    def connect(self) -> None:
        """Work out the endpoint and the log-in; each request that writes has a connection of its own."""
        self._session.connect()

    def send(self, draft: Draft) -> Receipt:
        """One CreateItem that sends and saves the copy."""
        return create_message(
            self._session, draft, "SendAndSaveCopy", soap.distinguished_folder("sentitems", self._session.server.mailbox)
        )

    def was_sent(self, message_id: str) -> bool | None:
        """Whether it is in Sent Items, or still in the Outbox: what is there was accepted, and will be sent."""
        mailbox = self._session.server.mailbox
        return contains(self._session, [soap.distinguished_folder(name, mailbox) for name in ("sentitems", "outbox")], message_id)

    def check(self) -> tuple[str, ...]:
        """Logs in and opens Sent Items."""
        sent_items = soap.distinguished_folder("sentitems", self._session.server.mailbox)
        shape = soap.shape("Folder", ("folder:TotalCount",))
        self._session.request_one(f"<m:GetFolder>{shape}<m:FolderIds>{sent_items}</m:FolderIds></m:GetFolder>")
        return (f"logged in to {self._session.host} to send; copies go to Sent Items",)

    def close(self) -> None:
        """End the session. The next request begins another."""
        self._session.close()


def create_message(session: Session, draft: Draft, disposition: str, folder: str) -> Receipt:
    """Save a mail in that folder with one CreateItem; `disposition` says whether it is sent. Raises ConnectorError."""
    content = base64.b64encode(mime.render(mime.with_id_header(draft))).decode()
    item = f'<t:Message><t:MimeContent CharacterSet="UTF-8">{content}</t:MimeContent></t:Message>'
    payload = (
        f'<m:CreateItem MessageDisposition="{disposition}"><m:SavedItemFolderId>{folder}</m:SavedItemFolderId>'
        f"<m:Items>{item}</m:Items></m:CreateItem>"
    )
    message = session.request_one(payload, writes=True)
    # The answer to a send has no id: https://github.com/ecederstrand/exchangelib/issues/434
    saved = next(soap.children(message.element, "m:Items"), None)
    return Receipt(soap.id_at(saved, "t:ItemId") or draft.message_id)


def remove_message(session: Session, item_id: str, may_go: Callable[[bytes], bool]) -> bool:
    """Move a draft to Deleted Items with one DeleteItem if its bytes `may_go`. Raises ConnectorError."""
    wanted = soap.shape("Item", ("item:MimeContent", "item:IsDraft"))
    (answer, *_) = session.request(f"<m:GetItem>{wanted}{soap.item_ids([item_id])}</m:GetItem>")
    item = next(soap.children(answer.element, "m:Items"), None) if answer.succeeded else None
    if item is None or not soap.flag(item, "t:IsDraft"):
        return False
    try:
        raw = base64.b64decode(soap.text(item, "t:MimeContent", _DRAFT_CAP))
    except ValueError:
        return False
    if not may_go(raw):
        return False
    session.request_one(f'<m:DeleteItem DeleteType="MoveToDeletedItems">{soap.item_ids([item_id])}</m:DeleteItem>', writes=True)
    return True


def contains(session: Session, folders: Sequence[str], message_id: str) -> bool:
    """Return whether one of these folders holds a mail with that Message-ID. Raises ConnectorError."""
    either = "".join(soap.is_equal_to(field, message_id) for field in (_MESSAGE_ID, _ID_HEADER))
    restriction = f"<m:Restriction><t:Or>{either}</t:Or></m:Restriction>"
    view = '<m:IndexedPageItemView MaxEntriesReturned="1" Offset="0" BasePoint="Beginning"/>'
    return any(
        find_items(session, folders[n : n + FOLDERS_PER_SEARCH], view + restriction)
        for n in range(0, len(folders), FOLDERS_PER_SEARCH)
    )


def find_items(session: Session, folders: Sequence[str], conditions: str) -> list[str]:
    """Return the ids of the items in these folders that meet the conditions. Raises ConnectorError."""
    shape = "<m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape>"
    where = f"<m:ParentFolderIds>{''.join(folders)}</m:ParentFolderIds>"
    ids: list[str] = []
    for message in session.request(f'<m:FindItem Traversal="Shallow">{shape}{conditions}{where}</m:FindItem>'):
        if not message.succeeded:
            raise session.refusal(message)
        ids += [soap.id_at(item, "t:ItemId") for item in soap.children(message.element, "m:RootFolder/t:Items")]
    return ids
