"""`kept auth`: ask Google or Microsoft for the permissions that the configuration needs, no others, and store what they grant.

`kept signing-key`: the key by which Kept knows the links of its own letters again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated

import typer

from connectors.errors import ConnectorError
from connectors.mail import canonical_email
from daemon import clock
from daemon.commands.terminal import ask, config_path, open_app, say
from daemon.config.account_settings import AccountSettings
from daemon.config.load import load_settings
from daemon.config.settings import Settings
from daemon.config.signing_key import FILE as SECRET
from daemon.config.source_settings import Provider
from daemon.errors import CannotDo
from daemon.intake import logins
from daemon.intake.logins import Logins

Tell = Callable[[str], None]
Ask = Callable[[str], str]
NAMES: dict[Provider, str] = {"google": "Google", "microsoft": "Microsoft"}


def auth(
    context: typer.Context,
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="The account's address, as in the configuration.")],
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="This machine has no browser: sign in on another one and paste the answer here.")
    ] = False,
) -> None:
    """Sign in to Google or Microsoft, and grant Kept only what the configuration needs."""
    settings = load_settings(config_path(context))
    sign_in(settings, Logins.of(settings, clock.now), account, print, ask, browser=not no_browser)


signing_key = typer.Typer(no_args_is_help=True)


@signing_key.callback()
def _signing_key() -> None:
    """Make replace a command of its own, which a group with a single command otherwise is not."""


@signing_key.command("replace")
def replace_signing_key(context: typer.Context) -> None:
    """Let this machine's key be the one that counts, if the key that the database knows is lost. Links in earlier letters stop working."""
    with open_app(context) as app:
        app.replace_signing_key(clock.now())
        key = str(app.folder / SECRET) if app.settings.signing_key is None else "the key that signing_key: names"
    say(f"Letters are signed with {key} from now on. Links in earlier letters do nothing any more.")


def sign_in(settings: Settings, keys: Logins, named: str, tell: Tell, ask: Ask, *, browser: bool) -> None:
    """Get every consent that an account needs, one after the other. Raises CannotDo and ConnectorError."""
    account = _account(settings, named)
    needed = logins.consents(account, drafts=settings.drafts)
    if not needed:
        raise CannotDo(
            f"{account.addresses[0]} uses nothing at Google or Microsoft, so there is nothing to sign in to. "
            "Its sources are under mail, calendars and send in the configuration."
        )
    for (provider, user), scopes in needed.items():
        if keys.has_company_consent(provider):
            _try_team_access(keys, provider, account, user, scopes, tell)
        else:
            _get_consent(keys, provider, user, scopes, tell, ask, browser=browser)
            _warn_of_another_user(keys, account, user, tell)
    tell("Next: kept check (tries every connection), then kept sync.")


def _get_consent(
    keys: Logins, provider: Provider, user: str, scopes: tuple[str, ...], tell: Tell, ask: Ask, *, browser: bool
) -> None:
    tell(f"{NAMES[provider]} will ask whether Kept may {_meaning(provider, scopes)}, for {user}.")
    if provider == "google":
        from connectors.google import auth as google  # noqa: PLC0415  # each provider's library is loaded only for its users

        record = google.consent(keys.google(), user, scopes, tell, None if browser else ask)
    else:
        from connectors.microsoft import auth as microsoft  # noqa: PLC0415  # as above

        record = microsoft.consent(keys.microsoft(), user, scopes, tell, browser=browser)
    store = keys.store(provider, user)
    with store.locked():
        store.save(record)
    tell(f"{NAMES[provider]} granted it. You can withdraw it there at any time.")


def _warn_of_another_user(keys: Logins, account: AccountSettings, user: str, tell: Tell) -> None:
    """Say so if the user signed in to another mailbox than the configured one: Google lets people choose any account."""
    for source in account.mail:
        if source.type == "gmail" and logins.login_name(source, account) == user:
            from connectors.google.gmail import GmailMailbox  # noqa: PLC0415  # as above

            mailbox = GmailMailbox(**keys.connector_arguments(source, account)[1])
            try:
                signed_in = mailbox.address()
            except ConnectorError:
                return  # `kept check` reports what is wrong
            finally:
                mailbox.close()
            if signed_in and signed_in != user:
                tell(f"You signed in as {signed_in}. If that is not the mailbox of {user}, sign in again with the right account.")


def _try_team_access(
    keys: Logins, provider: Provider, account: AccountSettings, user: str, scopes: Iterable[str], tell: Tell
) -> None:
    """Try the access that a company granted for everyone; nobody signs in. Raises ConnectorError: an administrator must act."""
    keys.grant(provider, account, user, scopes).token()
    tell(f"Your company has granted Kept access to {NAMES[provider]} for {user}; there is nothing to sign in to.")


def _account(settings: Settings, named: str) -> AccountSettings:
    wanted = canonical_email(named.strip())
    for account in settings.accounts:
        if wanted in account.addresses or wanted == account.name.lower():
            return account
    addresses = ", ".join(account.addresses[0] for account in settings.accounts)
    raise CannotDo(f"There is no account {named} in the configuration. Its accounts are: {addresses}.")


def _meaning(provider: Provider, scopes: Iterable[str]) -> str:
    """Return what the scopes allow, in words."""
    if provider == "google":
        from connectors.google.auth import SCOPE_PURPOSES  # noqa: PLC0415  # as above
    else:
        from connectors.microsoft.auth import SCOPE_PURPOSES  # noqa: PLC0415  # as above
    return ", ".join(dict.fromkeys(SCOPE_PURPOSES.get(scope, scope) for scope in scopes))
