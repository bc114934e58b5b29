"""`kept team`: the accounts of a team, one file each. Adding and removing one needs no restart."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import typer

from daemon import clock
from daemon.commands.team import person_status
from daemon.commands.terminal import AsJson, aligned, config_path, console, open_app, print_json, tell, tell_daemon
from daemon.config import load
from daemon.config.account_settings import AccountSettings
from daemon.config.settings import Settings
from daemon.errors import StoreError
from daemon.glossary.parties import Sees
from daemon.letters import phrases
from daemon.operations.printable import safe
from daemon.setup import account_files
from daemon.setup.account_files import Place
from daemon.store import Store

team = typer.Typer(no_args_is_help=True)

_RELOAD = "and reload them (SIGHUP): systemctl reload 'kept-worker@*'"
_HEADINGS = ("address", "name", "time zone", "manager", "file")


@team.command("add", short_help="Add people.")
def add(
    context: typer.Context,
    addresses: Annotated[
        list[str], typer.Argument(metavar="ADDRESS...", help="Email addresses; of the team's domain the name alone will do.")
    ],
    name: Annotated[str | None, typer.Option("--name", help="The person's name; only for one address.")] = None,
    zone: Annotated[
        str | None, typer.Option("--zone", help="Their time zone, if it is not the team's, as Europe/London.")
    ] = None,
    manager: Annotated[str | None, typer.Option("--manager", metavar="ADDRESS", help="Their manager, if not the team's.")] = None,
    sees: Annotated[Sees | None, typer.Option("--sees", help="What they may see of others': docs/team.md says which.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write a file for each person into the folder of accounts. What it does not say is under team: in the configuration."""
    if name is not None and len(addresses) > 1:
        raise typer.BadParameter("--name is for one address; add the others by themselves")
    said = {"name": name, "time_zone": zone, "manager": manager, "sees": sees.value if sees else None}
    settings, new = account_files.add(config_path(context), addresses, {key: value for key, value in said.items() if value})
    if settings.database is not None:  # another machine may not know yet that they are here again
        store = Store.open(settings.database)
        store.set_leaving(*(account for account, _ in new), leaves=False)
        store.close()
    heard = _tell(settings, f"Workers go by it once you bring the file to each of their machines {_RELOAD}.")
    if as_json:
        print_json({"added": [{"account": account, "file": str(path)} for account, path in new]})
        return
    for account, path in new:
        print(safe(f"Added {account}: {path}"))
    print(heard)


@team.command("list", short_help="List the people.")
def list_people(context: typer.Context, as_json: AsJson = False) -> None:
    """List every account, and the file in which it stands."""
    settings, file = load.load(config_path(context))
    people = [(account, account_files.place_of(file, n)) for n, account in enumerate(settings.accounts)]
    if as_json:
        print_json({"people": [_document(account, place) for account, place in people]})
        return
    rows = [_HEADINGS, *(_row(account, place) for account, place in people)]
    print("\n".join(map(safe, aligned(rows, len(_HEADINGS) - 1, console().width if console().is_terminal else None))))


@team.command("remove", short_help="Remove a person.")
def remove(
    context: typer.Context,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="One of the person's addresses.")],
    forget: Annotated[
        bool,
        typer.Option("--forget/--keep", help="Delete what is stored of them, or keep it in case they come back (the default)."),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
    as_json: AsJson = False,
) -> None:
    """Remove a person's file: their mail is no longer read, and nothing goes out for them. Their mailbox is not touched."""
    if forget and not yes:
        typer.confirm(f"Delete everything stored of {address}? Their mailbox and calendar are not touched.", abort=True, err=True)
    settings, gone = account_files.remove(config_path(context), address)
    if settings.database is not None:
        _let_go(settings.database, gone.address)
    heard = _tell(settings, f"Workers no longer turn the account. Take the file away on each of their machines {_RELOAD}.")
    became = _forget(context, gone.address) if forget else "What is stored of them stays, and is no longer used."
    if as_json:
        print_json({"removed": gone.address, "file": str(gone.path), "forgotten": forget})
    else:
        print(safe(f"Removed {gone.address} ({gone.path}). {became}"))
        print(heard)


@team.command("status", short_help="Show how each person is doing.")
def status(context: typer.Context, as_json: AsJson = False) -> None:
    """Show a line a person: up to when their mail was read, what waits to go out, and what is wrong."""
    now = clock.now()
    settings = load.load_settings(config_path(context))
    people = person_status.people(settings)
    if as_json:
        print_json({"as_of": now.isoformat(), "people": [person.document() for person in people]})
        return
    rows = [person.row(now) for person in people]
    width = console().width if console().is_terminal else None
    print("\n".join(map(safe, aligned(rows, 3, width))))
    print(_summary(people, now))


def _summary(people: tuple[person_status.PersonStatus, ...], now: datetime) -> str:
    failing = sum(bool(person.problems) for person in people)
    late = sum(person.is_late(now) for person in people)
    many = "1 person" if len(people) == 1 else f"{len(people)} people"
    return f"{many}; {failing} with a problem, {late} not read for longer than {phrases.count(person_status.LATE_MINUTES, 'minute')}."


def _tell(settings: Settings, workers: str) -> str:
    """Tell the daemon here of a change. Return from when on it counts; where no daemon runs and workers may, what these need."""
    return tell_daemon(settings.state) if settings.database is None else tell_daemon(settings.state, workers)


def _let_go(database: str, account: str) -> None:
    """Have no worker turn an account that left, whatever its configuration says, and nothing that waits go out for it."""
    store = Store.open(database)
    store.forget_turns((account,))
    store.refuse_waiting(account, "its account is no longer in the configuration")
    store.close()


def _forget(context: typer.Context, address: str) -> str:
    """Have what is stored of an account deleted: at once, or where a Kept is running by that one. Return what becomes of it."""
    with open_app(context) as app:
        app.store.set_leaving(address, leaves=True)
        try:
            with app.lock():
                messages = app.forget_departed().get(address, 0)
        except StoreError as error:
            tell(error.message)
            return "The Kept that is running forgets what is stored of them as soon as it reads the configuration again."
    return f"What was stored of them is deleted: {phrases.count(messages, 'email')}, and all that came of them."


def _document(account: AccountSettings, place: Place) -> dict[str, Any]:
    return {
        "account": account.addresses[0],
        "addresses": list(account.addresses),
        "name": account.name or None,
        "time_zone": account.time_zone,
        "manager": account.manager,
        "sees": account.sees.value if account.sees else None,
        "file": str(place.path),
        "line": place.line,
    }


def _row(account: AccountSettings, place: Place) -> tuple[str, ...]:
    where = str(place.path) if place.is_alone else str(place)
    return account.addresses[0], account.name, account.time_zone, account.manager or "", where
