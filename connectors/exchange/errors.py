"""What it means to a person that an Exchange server refused, and whether a request that writes may have been done all the same."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from connectors.errors import ConnectorError
from connectors.net.tls import server_text

BUSY = frozenset({"ErrorServerBusy", "ErrorExceededConnectionCount", "ErrorTooManyObjectsOpened"})
FORGOTTEN = "ErrorInvalidSyncStateData"  # the server no longer knows how far we came
MISSING = frozenset({"ErrorItemNotFound", "ErrorFolderNotFound", "ErrorNonExistentMailbox", "ErrorMailboxNotFound"})
DENIED = frozenset({"ErrorAccessDenied", "ErrorItemNotFound", "ErrorFolderNotFound", "ErrorCannotAccessFolder"})
CONFLICT = frozenset({"ErrorIrresolvableConflict", "ErrorChangeKeyRequiredForWriteOperations", "ErrorStaleObject"})

# Exchange Online and its twins for governments and for China. Microsoft, message MC1227454 of February 2026, "Deprecation of
# Exchange Web Services in Exchange Online": blocked from 1 October 2026 unless the company allows an app by name, gone on 1 April
# 2027; Exchange Server is not concerned.
ONLINE = ("office365.com", "office365.us", "outlook.com", "office.com", "partner.outlook.cn", "outlook.de", "office365.cn")

_WORDS = {
    "ErrorAccessDenied": "{host} does not let {who} do this; ask your IT for access to {box}",
    "ErrorSendAsDenied": "{host} does not let {who} send in this name; ask your IT for the right to send as {box}",
    "ErrorAccountDisabled": "the account {who} is switched off at {host}; ask your IT",
    "ErrorNonExistentMailbox": "{host} knows no mailbox {box}; check the address",
    "ErrorMailboxNotFound": "{host} knows no mailbox {box}; check the address",
    "ErrorMissingEmailAddress": "{who} has no mailbox at {host}; check the user name",
    "ErrorMissingInformationEmailAddress": "{who} has no mailbox at {host}; check the user name",
    "ErrorImpersonateUserDenied": "{host} does not let {who} act for others; ask your IT for the impersonation role",
    "ErrorImpersonationDenied": "{host} does not let {who} act for others; ask your IT for the impersonation role",
    "ErrorQuotaExceeded": "the mailbox {box} is full; nothing can be saved or sent before mail in it is deleted",
    "ErrorFolderNotFound": "{host} has no such folder in the mailbox {box}",
    "ErrorItemNotFound": "{host} no longer has this, or does not show it to {who}",
    "ErrorInvalidServerVersion": "{host} is older than Exchange 2013, which is the first that Kept can read",
    "ErrorIncorrectSchemaVersion": "{host} is older than Exchange 2013, which is the first that Kept can read",
    "ErrorInvalidSchemaVersionForMailboxVersion": "{host} is older than Exchange 2013, which is the first that Kept can read",
    "ErrorMessageSizeExceeded": "{host} takes no mail of this size",
    "ErrorInvalidRecipients": "{host} does not take these addresses; check them",
    "ErrorMailRecipientNotFound": "{host} does not know whom this is for; check the addresses",
    "ErrorPasswordExpired": "the password of {who} has expired; set a new one, then give it to Kept",
    "ErrorPasswordChangeRequired": "the password of {who} must be changed first; do so, then give the new one to Kept",
    "ErrorSchemaValidation": "{host} did not understand what Kept asked",
    "ErrorCalendarDurationIsTooLong": "{host} takes no meeting of this length",
}
_PASSING = {
    "ErrorMailboxMoveInProgress": "the mailbox {box} is being moved to another server; it is tried again later",
    "ErrorMailboxStoreUnavailable": "the mailbox {box} cannot be opened at {host} just now; it is tried again later",
    "ErrorSubmissionQuotaExceeded": "{host} takes no more mail of {who} today; it is tried again later",
}
_SURE = (
    "ErrorInvalid",
    "ErrorMissing",
    "ErrorMime",
    "ErrorSchema",
    "ErrorImpersonat",
    "ErrorUnsupported",
    "ErrorCalendar",
    "ErrorCannot",
)


class Names(NamedTuple):
    """Who speaks with which server about whose mailbox."""

    host: str
    who: str
    mailbox: str | None

    def filled(self, words: str) -> str:
        """A sentence with these names in it."""
        return words.format(host=self.host, who=self.who or "this user", box=self.mailbox or self.who or "of this user")


def online(host: str) -> ConnectorError | None:
    """What is to be said where the mailbox lies at Exchange Online; None where it does not."""
    host = host.lower().rstrip(".")
    if not any(host == known or host.endswith(f".{known}") for known in ONLINE):
        return None
    return ConnectorError(
        f"{host} is Exchange Online, where EWS is blocked by default since October 2026 and ends on 1 April 2027; "
        "set `type: graph` for this account",
        permanent=True,
    )


def refusal(code: str, said: str, names: Names, *, writes: bool) -> ConnectorError:
    """What a code of Exchange means. What is not known for certain to be a refusal leaves a request that writes open."""
    if code in _WORDS:
        return ConnectorError(names.filled(_WORDS[code]), permanent=True)
    if code in _PASSING:
        return ConnectorError(names.filled(_PASSING[code]), unknown=writes and code != "ErrorSubmissionQuotaExceeded")
    if code in CONFLICT:
        return ConnectorError(f"this was changed at {names.host} at the same moment; it is tried again later")
    sure = code.startswith(_SURE)
    told = f"{server_text(said, 120)} ({server_text(code, 60)})" if said else server_text(code, 60) or "no reason was given"
    return ConnectorError(f"{names.host} refused this: {told}", permanent=sure, unknown=writes and not sure)


def rest(seconds: float, host: str, *, unknown: bool = False) -> ConnectorError:
    """The server wants to be left alone for so long."""
    whole = max(1, round(seconds))
    spoken = f"{whole} seconds" if whole < 120 else f"{round(whole / 60)} minutes"
    return ConnectorError(f"{host} asks to be left alone for {spoken}", retry_after=timedelta(seconds=seconds), unknown=unknown)


def status(code: int, names: Names, *, locked: bool, writes: bool) -> ConnectorError:
    """What an HTTP status means, apart from those that ask for rest."""
    host, who = names.host, names.who or "this user"
    if locked:
        return ConnectorError(f"the account {who} is locked at {host}; ask your IT to unlock it", permanent=True)
    if code == 401:
        return ConnectorError(f"{host} does not take the log-in of {who}; check user name and password", permanent=True)
    if code == 403:
        return ConnectorError(f"{host} does not let {who} in by EWS; ask your IT to allow it", permanent=True)
    if code in {404, 405}:
        return ConnectorError(f"there is no Exchange service at this address of {host}; check host or endpoint", permanent=True)
    if code == 456:
        return ConnectorError(f"the account {who} is blocked at {host}; ask your IT", permanent=True)
    if 300 <= code < 400:
        return ConnectorError(f"{host} points to another address, which is not followed; check host or endpoint", permanent=True)
    if code == 408 or code >= 500:
        return ConnectorError(f"{host} has a problem of its own (status {code})", unknown=writes)
    return ConnectorError(f"{host} refused this (status {code})", permanent=True)
