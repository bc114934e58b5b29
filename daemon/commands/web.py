"""`kept web`: the dashboard in the browser, and the link that signs in to it; who is signed in, is signed out again."""

from __future__ import annotations

import os
import secrets
import signal
import sys
import urllib.request
from collections.abc import Callable, Mapping
from datetime import datetime
from hmac import compare_digest
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from daemon import clock, logs
from daemon.commands.open import hand_over
from daemon.commands.terminal import AsJson, config_path, open_app, print_json, say, tell
from daemon.config.settings import WebSettings
from daemon.config.values import HostPort, to_host_port
from daemon.errors import CannotDo

if TYPE_CHECKING:
    from daemon.web.office import WebOffice
    from daemon.web.server import WebServer

MOST_LINKS = 5  # accounts for which a link is printed; more sign in by mail
_PATIENCE = 3.0  # seconds for whoever listens to prove that it is Kept
_MISSING = "`kept web` needs more packages ({} is missing): pip install 'kept[web]'"


def web(
    context: typer.Context,
    listen: Annotated[
        str | None,
        typer.Option("--listen", metavar="HOST:PORT", help="Where to listen. Default: as web: says, else 127.0.0.1:8420."),
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print the link that signs in.")] = False,
    sign_out_all: Annotated[bool, typer.Option("--sign-out-all", help="Sign every browser out, and do nothing else.")] = False,
    as_json: AsJson = False,
) -> None:
    """Open the dashboard in the browser, until Ctrl-C. Where `kept run` shows it already, only print a link that signs in."""
    if sign_out_all:
        _sign_out_all(context, as_json=as_json)
        return
    serve(config_path(context), _where(listen), no_browser=no_browser, as_json=as_json)


def serve(
    config: Path,
    listen: HostPort | None,
    *,
    no_browser: bool,
    as_json: bool,
    now: Callable[[], datetime] = clock.now,
) -> None:
    """Show an office until the process is stopped; where something shows it already, only make links to that. Raises CannotDo."""
    office_of, server_of = _parts()
    logs.set_up()
    with office_of.open(config, os.environ, now) as office:
        settings = office.app.settings.web or WebSettings()
        where = listen or settings.listen
        try:
            server = server_of(office, where, settings.trusted_hosts)
        except CannotDo as error:
            links = _links_of_running(office, where, settings, error)
            _show(links, no_browser=no_browser, as_json=as_json, running=True)
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: server.stop())
        _show(sign_in_links(office, server.links), no_browser=no_browser, as_json=as_json, running=False)
        server.run()


def sign_in_links(office: WebOffice, address: str) -> Mapping[str, str]:
    """Return a link for each account that signs in once and ten minutes; of more than five accounts none: they sign in by mail."""
    from daemon.web import sessions  # noqa: PLC0415  # the extra `web`

    accounts = tuple(office.app.runtimes)
    if len(accounts) > MOST_LINKS:
        return {"": f"{address}/sign-in"}
    return {a: f"{address}/sign-in/{sessions.make_sign_in(office.app.store, a, office.now())}" for a in accounts}


def _parts() -> tuple[type[WebOffice], type[WebServer]]:
    try:
        from daemon.web.office import WebOffice  # noqa: PLC0415  # it needs packages that not everybody has
        from daemon.web.server import WebServer  # noqa: PLC0415  # the same
    except ModuleNotFoundError as error:
        raise CannotDo(_MISSING.format(error.name)) from error
    return WebOffice, WebServer


def _where(listen: str | None) -> HostPort | None:
    if listen is None:
        return None
    try:
        return to_host_port(listen)
    except ValueError as error:
        raise typer.BadParameter(f"--listen {error}") from None


def _links_of_running(office: WebOffice, where: HostPort, settings: WebSettings, error: CannotDo) -> Mapping[str, str]:
    """Return links to the dashboard that listens there already. Raises the error if it is not that of this office."""
    from daemon.web.server import InUse  # noqa: PLC0415  # the extra `web`

    if not isinstance(error, InUse) or not _is_this_office(office, where):
        raise error
    host = f"[{where.host}]" if ":" in where.host else where.host
    links = f"https://{settings.trusted_hosts[0]}" if settings.trusted_hosts else f"http://{host}:{where.port}"
    return sign_in_links(office, links)


def _is_this_office(office: WebOffice, where: HostPort) -> bool:
    """Return whether whoever listens there has the key of this office: a link must not be given to another program."""
    from daemon.web.pages.sign_in import proof  # noqa: PLC0415  # the extra `web`

    challenge = secrets.token_hex(16)
    host = f"[{where.host}]" if ":" in where.host else where.host
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://{host}:{where.port}/up?challenge={challenge}", timeout=_PATIENCE) as answer:
            said = answer.read(200).decode("ascii", "replace")
    except (OSError, ValueError):
        return False
    return compare_digest(said, proof(office.app.secret, challenge))


def _show(links: Mapping[str, str], *, no_browser: bool, as_json: bool, running: bool) -> None:
    if as_json:
        print_json({"links": [{"account": account or None, "url": url} for account, url in links.items()], "running": running})
    else:
        several = len(links) > 1
        lines = [f"{account}: {url}" if several else url for account, url in links.items()]
        first = "Sign in by mail:" if "" in links else "This link signs in once, within ten minutes:"
        say("\n".join([first, *lines]))
        if not running:
            tell("Kept's pages are there until you press Ctrl-C.")
    sys.stdout.flush()  # whoever reads it by a pipe waits for the link
    if not no_browser:
        hand_over(next(iter(links.values())), os.environ)


def _sign_out_all(context: typer.Context, *, as_json: bool) -> None:
    with open_app(context) as app:
        count = app.store.sign_out_all()
    logs.get_logger(__name__).info("every browser was signed out of the dashboard", browsers=count)
    if as_json:
        print_json({"signed_out": count})
    else:
        browsers = "1 browser" if count == 1 else f"{count} browsers"
        say(f"Signed out: {browsers}. No link that was made before signs in any more.")
