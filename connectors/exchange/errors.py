"""What a refusal of an Exchange server means to a person, and whether a request that writes may have been carried out all the same."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from connectors.errors import ConnectorError
from connectors.net.tls import server_text

BUSY = frozenset({"ErrorServerBusy", "ErrorExceededConnectionCount", "ErrorTooManyObjectsOpened"})
INVALID_SYNC_STATE = "ErrorInvalidSyncStateData"  # the server no longer knows the sync state
MISSING = frozenset({"ErrorItemNotFound", "ErrorFolderNotFound", "ErrorNonExistentMailbox", "ErrorMailboxNotFound"})
DENIED = frozenset({"ErrorAccessDenied", "ErrorItemNotFound", "ErrorFolderNotFound", "ErrorCannotAccessFolder"})
CONFLICT = frozenset({"ErrorIrresolvableConflict", "ErrorChangeKeyRequiredForWriteOperations", "ErrorStaleObject"})

# Exchange Online and its twins for governments and for China. Microsoft, message MC1227454 of February 2026, "Deprecation of
# Exchange Web Services in Exchange Online": blocked from 1 October 2026 unless the company allows an app by name, gone on 1 April
# 2027; Exchange Server is not concerned.
ONLINE = ("office365.com", "office365.us", "outlook.com", "office.com", "partner.outlook.cn", "outlook.de", "office365.cn")

_PERMANENT = {
    "ErrorAccessDenied": "{host} does not allow {who} to do this; ask your IT department for access to {box}",
    "ErrorSendAsDenied": "{host} does not allow {who} to send as {box}; ask your IT department for the right to send as {box}",
    "ErrorAccountDisabled": "the account {who} is disabled at {host}; ask your IT department",
    "ErrorNonExistentMailbox": "{host} has no mailbox {box}; check the address",
    "ErrorMailboxNotFound": "{host} has no mailbox {box}; check the address",
    "ErrorMissingEmailAddress": "{who} has no mailbox at {host}; check the user name",
    "ErrorMissingInformationEmailAddress": "{who} has no mailbox at {host}; check the user name",
    "ErrorImpersonateUserDenied": "{host} does not allow {who} to act for others; ask your IT department for the impersonation role",
    "ErrorImpersonationDenied": "{host} does not allow {who} to act for others; ask your IT department for the impersonation role",
    "ErrorQuotaExceeded": "the mailbox {box} is full; nothing can be saved or sent until mail in it is deleted",
    "ErrorFolderNotFound": "{host} has no such folder in the mailbox {box}",
    "ErrorItemNotFound": "{host} no longer has this, or {who} has no access to it",
    "ErrorInvalidServerVersion": "{host} is older than Exchange 2013, the oldest that Kept can read",
    "ErrorIncorrectSchemaVersion": "{host} is older than Exchange 2013, the oldest that Kept can read",
    "ErrorInvalidSchemaVersionForMailboxVersion": "{host} is older than Exchange 2013, the oldest that Kept can read",
    "ErrorMessageSizeExceeded": "{host} does not accept mail of this size",
    "ErrorInvalidRecipients": "{host} does not accept these addresses; check them",
    "ErrorMailRecipientNotFound": "{host} does not know a recipient; check the addresses",
    "ErrorPasswordExpired": "the password of {who} has expired; set a new one, then give it to Kept",
    "ErrorPasswordChangeRequired": "the password of {who} must be changed first; do so, then give the new one to Kept",
    "ErrorSchemaValidation": "{host} did not understand the request",
    "ErrorCalendarDurationIsTooLong": "{host} does not accept a meeting of this length",
}
_TEMPORARY = {
    "ErrorMailboxMoveInProgress": "the mailbox {box} is being moved to another server; Kept will try again later",
    "ErrorMailboxStoreUnavailable": "the mailbox {box} cannot be opened at {host} just now; Kept will try again later",
    "ErrorSubmissionQuotaExceeded": "{host} accepts no more mail from {who} today; Kept will try again later",
}
_DEFINITE = (
    "ErrorInvalid",
    "ErrorMissing",
    "ErrorMime",
    "ErrorSchema",
    "ErrorImpersonat",
    "ErrorUnsupported",
    "ErrorCalendar",
    "ErrorCannot",
)


class Parties(NamedTuple):
    """Which server a user is connected to, and whose mailbox is meant (None: the user's own)."""

    host: str
    user: str
    mailbox: str | None

    def fill(self, sentence: str) -> str:
        """Return a sentence with these names in it."""
        return sentence.format(host=self.host, who=self.user or "this user", box=self.mailbox or self.user or "of this user")


def exchange_online(host: str) -> ConnectorError | None:
    """Return the error for a mailbox at Exchange Online; None where the host is another."""
    host = host.lower().rstrip(".")
    if not any(host == domain or host.endswith(f".{domain}") for domain in ONLINE):
        return None
    return ConnectorError(
        f"{host} is Exchange Online, where EWS has been blocked by default since October 2026 and ends on 1 April 2027; "
        "set `type: graph` for this account",
        permanent=True,
    )


def refusal(code: str, text: str, parties: Parties, *, writes: bool) -> ConnectorError:
    """Return what a code of Exchange means. Unless it is a definite refusal, a request that writes may have been carried out."""
    if code in _PERMANENT:
        return ConnectorError(parties.fill(_PERMANENT[code]), permanent=True)
    if code in _TEMPORARY:
        return ConnectorError(parties.fill(_TEMPORARY[code]), unknown=writes and code != "ErrorSubmissionQuotaExceeded")
    if code in CONFLICT:
        return ConnectorError(f"this was changed at {parties.host} at the same moment; Kept will try again later")
    definite = code.startswith(_DEFINITE)
    reason = f"{server_text(text, 120)} ({server_text(code, 60)})" if text else server_text(code, 60) or "no reason given"
    return ConnectorError(f"{parties.host} refused the request: {reason}", permanent=definite, unknown=writes and not definite)


def limited(seconds: float, host: str, *, unknown: bool = False) -> ConnectorError:
    """Return the error for a server that limits requests for that many seconds."""
    whole = max(1, round(seconds))
    spoken = f"{whole} seconds" if whole < 120 else f"{round(whole / 60)} minutes"
    return ConnectorError(
        f"{host} is limiting requests; retrying in {spoken}", retry_after=timedelta(seconds=seconds), unknown=unknown
    )


def http_refusal(code: int, parties: Parties, *, locked: bool, writes: bool) -> ConnectorError:
    """Return what an HTTP status means, apart from those that limit requests."""
    host, who = parties.host, parties.user or "this user"
    if locked:
        return ConnectorError(f"the account {who} is locked at {host}; ask your IT department to unlock it", permanent=True)
    if code == 401:
        return ConnectorError(f"{host} refused to log {who} in; check the user name and the password", permanent=True)
    if code == 403:
        return ConnectorError(f"{host} does not allow {who} to use EWS; ask your IT department to allow it", permanent=True)
    if code in {404, 405}:
        return ConnectorError(f"there is no Exchange service at this address of {host}; check host or endpoint", permanent=True)
    if code == 456:
        return ConnectorError(f"the account {who} is blocked at {host}; ask your IT department", permanent=True)
    if 300 <= code < 400:
        return ConnectorError(
            f"{host} redirects to another address, which Kept does not follow; check host or endpoint", permanent=True
        )
    if code == 408 or code >= 500:
        return ConnectorError(f"{host} reported an internal error (status {code})", unknown=writes)
    return ConnectorError(f"{host} refused the request (status {code})", permanent=True)
