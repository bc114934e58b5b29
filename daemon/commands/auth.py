"""`kept auth`: asking for what Google or Microsoft must allow, and keeping it. Only the permissions that the configuration needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from connectors.errors import ConnectorError
from daemon.config.account_settings import AccountSettings
from daemon.config.settings import Settings
from daemon.config.source_settings import Provider
from daemon.errors import CannotDo
from daemon.intake import logins
from daemon.intake.logins import Logins

Say = Callable[[str], None]
Ask = Callable[[str], str]
NAMES: dict[Provider, str] = {"google": "Google", "microsoft": "Microsoft"}


def run(settings: Settings, found: Logins, account: str, say: Say, ask: Ask, *, browser: bool) -> None:
    """Every consent that the account needs, one after the other. Raises CannotDo and ConnectorError."""
    ours = _account(settings, account)
    needed = logins.consents(ours, drafts=settings.drafts)
    if not needed:
        raise CannotDo(
            f"{ours.addresses[0]} reads nothing from Google or Microsoft, so there is nothing to sign in to. "
            "Its sources are named under mail, calendars and send."
        )
    for (provider, user), scopes in needed.items():
        if found.for_team(provider):
            _try(found, provider, ours, user, scopes, say)
        else:
            _sign_in(found, provider, user, scopes, say, ask, browser=browser)
            _compare(found, ours, user, say)
    say("Next: kept check (tries everything), then kept sync.")


def _sign_in(found: Logins, provider: Provider, user: str, scopes: tuple[str, ...], say: Say, ask: Ask, *, browser: bool) -> None:
    say(f"{NAMES[provider]} is asked to let Kept do this for {user}: {_meaning(provider, scopes)}.")
    if provider == "google":
        from connectors.google import auth as google  # noqa: PLC0415  # only here

        record = google.consent(found.google(), user, scopes, say, None if browser else ask)
    else:
        from connectors.microsoft import auth as microsoft  # noqa: PLC0415  # only here

        record = microsoft.consent(found.microsoft(), user, scopes, say, browser=browser)
    store = found.store(provider, user)
    with store.locked():
        store.save(record)
    say(f"{NAMES[provider]} allows it. It stays so until you withdraw it there.")


def _compare(found: Logins, account: AccountSettings, user: str, say: Say) -> None:
    """Google lets people choose another account than the one that was meant: better said now than wondered at later."""
    for source in account.mail:
        if source.type == "gmail" and logins.who(source, account) == user:
            from connectors.google.gmail import GmailMailbox  # noqa: PLC0415  # only here

            mailbox = GmailMailbox(**found.values(source, account)[1])
            try:
                signed_in = mailbox.address()
            except ConnectorError:
                return  # `kept check` says what is wrong
            finally:
                mailbox.close()
            if signed_in and signed_in != user:
                say(f"You signed in as {signed_in}. If that is not the mailbox of {user}, sign in again with the right account.")


def _try(found: Logins, provider: Provider, account: AccountSettings, user: str, scopes: Iterable[str], say: Say) -> None:
    """Where the company has agreed for everybody, nobody signs in: it either works or an administrator must act."""
    found.grant(provider, account, user, scopes).token()
    say(f"Your company lets Kept in at {NAMES[provider]} for {user}; there is nothing to sign in to.")


def _account(settings: Settings, named: str) -> AccountSettings:
    wanted = named.strip().lower()
    for account in settings.accounts:
        if wanted in account.addresses or wanted == account.name.lower():
            return account
    known = ", ".join(a.addresses[0] for a in settings.accounts)
    raise CannotDo(f"there is no account {named}; there are: {known}")


def _meaning(provider: Provider, scopes: Iterable[str]) -> str:
    if provider == "google":
        from connectors.google.auth import SCOPE_PURPOSES  # noqa: PLC0415  # only here
    else:
        from connectors.microsoft.auth import MEANINGS as SCOPE_PURPOSES  # noqa: PLC0415  # only here
    return ", ".join(dict.fromkeys(SCOPE_PURPOSES.get(s, s) for s in scopes))
