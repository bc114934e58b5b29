"""What a mail server means that lets nobody in: by the codes of RFC 5530 (IMAP), of RFC 4954 and 5248 (SMTP), and by its words.

Most servers say only that it failed. Those that say more mean something that no other password helps against.
"""

from __future__ import annotations

import logging
import re
from typing import Literal, NamedTuple, TypeAlias

from connectors.errors import ConnectorError

_log = logging.getLogger(__name__)
_PASSING = re.compile(r"\[(UNAVAILABLE|INUSE|LIMIT)\]|too many|try again|temporar", re.IGNORECASE)  # RFC 5530
_NEEDS_TLS = re.compile(r"\[PRIVACYREQUIRED\]|STARTTLS|\b5\.7\.11\b|encryption (is )?required", re.IGNORECASE)


Helps: TypeAlias = Literal["login", "password", "deed"]
"""What may help at once: another user name or password, another password alone, or something to be done elsewhere first."""


class Refusal(NamedTuple):
    """What a refusal means for a person, and what helps."""

    hint: str
    helps: Helps = "deed"


_WRONG = Refusal("check the user name and the password", "login")
_MEANINGS: tuple[tuple[re.Pattern[str], Refusal], ...] = tuple(
    (re.compile(words, re.IGNORECASE), refusal)
    for words, refusal in (
        (  # Google: support.google.com/mail/?p=InvalidSecondFactor
            r"app(lication)?[-_ ](specific[-_ ])?password|InvalidSecondFactor",
            Refusal(
                "it wants an app password here, not your usual one: make one in the security settings of your account there",
                "password",
            ),
        ),
        (
            r"(via|with|through|in) (your|a) (web )?browser|web ?login required|\[WEBALERT",
            Refusal("it wants you to sign in once in a web browser first; then try again"),
        ),
        (
            r"basic ?auth|security defaults",
            Refusal("it takes no passwords from programs: Kept has to sign in there instead, as docs/providers.md says"),
        ),
        (
            r"SmtpClientAuthentication is disabled",
            Refusal("sending by programs is switched off: your administrator can allow it (“Authenticated SMTP”)"),
        ),
        (
            r"not enabled for (imap|pop)|enable imap|(imap|pop3?)\b.{0,30}(disabled|switched off|deactivated|not allowed)",
            Refusal("access by mail programs (IMAP) is switched off: switch it on in the settings of your mailbox on the web"),
        ),
        (
            r"\[EXPIRED\]|password.{0,12}expired|password transition|\b[45]\.7\.12\b",
            Refusal("the password has expired: set a new one first, where you usually change it", "password"),
        ),
        (
            r"\[CONTACTADMIN\]|(account|user|mailbox)\b.{0,24}(locked|disabled|suspended|blocked|deactivated)|locked out|\b5\.7\.13\b",
            Refusal("the account is locked or switched off there: no other password helps, ask whoever looks after your mail"),
        ),
    )
)


class LoginRefusedError(ConnectorError):
    """The server refused the login, and will refuse the same again."""

    def __init__(self, message: str, *, permanent: bool = True, helps: Helps = "login") -> None:
        super().__init__(message, permanent=permanent)
        self.helps: Helps = helps


class LoginPostponedError(ConnectorError):
    """The server takes no log-in at the moment; to try at once again makes that worse."""


class WrongTlsError(ConnectorError):
    """The server does not use TLS in the way that is set, which says nothing about other ways."""


def is_passing(words: str) -> bool:
    """Return whether a server says of its refusal that it will not last."""
    return _PASSING.search(words) is not None


def login_error(host: str, user: str | None, words: str, *, passing: bool, granted: bool) -> ConnectorError:
    """Return the error for a refused log-in, from the server's words about it.

    `passing` tells that the words or their code speak of a moment; `granted` that no password but a sign-in was refused. The server's
    own words go into the log, and into the error where Kept has no other: some say by whom one is helped.
    """
    _log.info("%s refused a log-in: %s", host, words)
    meant = next((refusal for pattern, refusal in _MEANINGS if pattern.search(words)), None)
    if meant is None and passing:
        return LoginPostponedError(f"{host} cannot log {user} in at the moment; try again in some minutes ({words})")
    if meant is None and _NEEDS_TLS.search(words):
        return WrongTlsError(
            f"{host} lets nobody log in without encryption; set tls to implicit or starttls ({words})", permanent=True
        )
    if meant is not None:
        return LoginRefusedError(f"{host} refused to log {user} in; {meant.hint} ({words})", helps=meant.helps)
    usual = Refusal("sign in again") if granted else _WRONG
    return LoginRefusedError(f"{host} refused to log {user} in; {usual.hint}", helps=usual.helps)
