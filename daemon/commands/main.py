"""The commands (contract, section 1). Each only reads its arguments, asks `daemon.commands.office_commands`, and prints.

Results go to standard output, everything else to standard error. Exit status 0: done; 1: something could not be done, said
in one line; 2: wrong usage or a configuration that is not valid. Nothing heavy is imported before a command needs it.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from daemon import __version__
from daemon.commands.exit_status import exit_status

if TYPE_CHECKING:
    from daemon.commands.office_commands import Commands

app = typer.Typer(name="kept", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
review = typer.Typer(no_args_is_help=True, help="Expectation reviews: which are due, and booking one.")
app.add_typer(review, name="review")
charter = typer.Typer(no_args_is_help=True, help="What was agreed with a client.")
app.add_typer(charter, name="charter")

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="TIME", help="As known then (ISO 8601 with an offset); default now.")
]
Id = Annotated[str, typer.Argument(metavar="ID", help="The id that `kept due` and the digest show.")]
Why = Annotated[str | None, typer.Option("--why", metavar="TEXT", help="For your own memory: not a promise, wrong client.")]
Thread = Annotated[bool, typer.Option("--thread", help="The same holds for everything of its kind in this conversation.")]
ClientName = Annotated[str, typer.Argument(metavar="CLIENT")]
Html = Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write it as a page into FILE.")]


class _Chosen:
    """The configuration file named on the command line, before or after the command."""

    config: Path | None = None


@app.callback(invoke_without_command=True)
def _main(
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            metavar="FILE",
            help="Default: $KEPT_CONFIG, then ~/.config/kept/config.yaml. May stand after the command too.",
        ),
    ] = None,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Kept works out from your mail and calendar what every client is owed, and reminds you in time."""
    _Chosen.config = config
    if version:
        print(f"kept {__version__}")
        raise typer.Exit


def _open(*, read_only: bool = False, as_of: datetime | None = None) -> Commands:
    from daemon import logs  # noqa: PLC0415  # `--help` must not pay for the store and the settings
    from daemon.commands.office_commands import Commands  # noqa: PLC0415  # the same

    logs.set_up()
    kept = Commands.open(_Chosen.config, os.environ, read_only=read_only)
    if as_of is not None:
        kept.look_from(as_of)
    return kept


def _config() -> Path:
    """The file that every command means without `--config`: $KEPT_CONFIG, else the user's own."""
    return _Chosen.config or Path(os.environ.get("KEPT_CONFIG") or "~/.config/kept/config.yaml").expanduser()


def _moment(text: str | None) -> datetime:
    from daemon import clock  # noqa: PLC0415  # only where a moment is needed

    if text is None:
        return clock.now()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"“{text}” is not a time; write it as 2026-03-02T09:00:00+01:00") from None
    if moment.tzinfo is None:
        raise typer.BadParameter(f"“{text}” has no offset from UTC; write it as {text}+01:00, or {text}Z")
    return moment


def _print(document: object) -> None:
    import json  # noqa: PLC0415  # only for --json

    print(json.dumps(document, ensure_ascii=False, indent=1))


@app.command()
def demo(
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where the sample office and the results go.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show the whole main job on the bundled sample office, without any account."""
    from daemon.commands import demo as sample  # noqa: PLC0415  # only this command needs it

    shown = sample.run(out)
    _print(shown.document()) if as_json else print(shown.text())


@app.command()
def init(
    address: Annotated[str | None, typer.Option("--address", help="Your e-mail address; asked for when left out.")] = None,
) -> None:
    """Ask a few questions, suggest clients from your history, and write the configuration."""
    from daemon.commands import init  # noqa: PLC0415  # only this command needs it

    init.interview(_Chosen.config, os.environ, address)


@app.command()
def check(as_json: AsJson = False) -> None:
    """Validate the configuration, try every mailbox and calendar, and say what works."""
    with _open() as kept:
        lines = kept.check()
        if as_json:
            _print({"checks": [line.document() for line in lines]})
        else:
            print("\n".join(line.text() for line in lines))
        if not all(line.works for line in lines):
            raise typer.Exit(1)


@app.command()
def run() -> None:
    """Run the daemon in the foreground."""
    from daemon.service import service  # noqa: PLC0415  # brings the scheduler

    raise typer.Exit(service.run(_Chosen.config, os.environ))


@app.command()
def sync(
    account: Annotated[str | None, typer.Option("--account", metavar="A", help="Only this account's address.")] = None,
    full: Annotated[bool, typer.Option("--full", help="Read everything again.")] = False,
    as_json: AsJson = False,
) -> None:
    """Read every mailbox and calendar once, then exit."""
    with _open() as kept:
        report = kept.sync(_moment(None), account, full=full)
        _print(report.document()) if as_json else print(report.text())
        if report.failed:
            raise typer.Exit(1)


@app.command()
def due(
    as_of: AsOf = None,
    everything: Annotated[bool, typer.Option("--all", help="Closed ones too.")] = False,
    client: Annotated[str | None, typer.Option("--client", metavar="C", help="Only this client.")] = None,
    as_json: AsJson = False,
) -> None:
    """What is owed as of a moment. Sends nothing, books nothing."""
    from daemon.commands import due_from_cache, tables  # noqa: PLC0415  # `--help` must not pay for the store

    now = _moment(as_of)
    kept_open = None if everything or client else due_from_cache.all_open(_config(), now)
    if kept_open is not None:
        obligations, office = tables.in_order(kept_open[0], now), kept_open[1]
    else:
        with _open(read_only=True, as_of=now) as kept:
            obligations, office = kept.due(now, everything=everything, client=client), kept.office
    _print(tables.due_document(obligations, now)) if as_json else tables.due_table(obligations, office, now)


@app.command()
def explain(what: Annotated[str, typer.Argument(metavar="ID_OR_EML")], as_of: AsOf = None, as_json: AsJson = False) -> None:
    """Why: the evidence for one obligation, or all that is read out of one message file."""
    from daemon.commands import message_page, tables  # noqa: PLC0415  # only for printing

    now = _moment(as_of)
    if Path(what).is_file():
        from daemon.commands.office_commands import read_file  # noqa: PLC0415  # brings the connectors

        document = read_file(Path(what), _Chosen.config, os.environ)
        _print(document) if as_json else message_page.show(document)
        return
    with _open(read_only=True, as_of=now) as kept:
        obligation = kept.obligation(what, now)
        _print(tables.obligation_document(obligation, now)) if as_json else tables.obligation_page(obligation, kept.office, now)


@app.command()
def infer() -> None:
    """Read message objects from standard input, one JSON object a line; print the findings, one a line, in the same order."""
    from daemon.errors import CannotDo  # noqa: PLC0415  # only where it is needed
    from daemon.reading.infer_stream import infer_stream  # noqa: PLC0415  # the reader only

    try:
        for line in infer_stream(sys.stdin):
            print(line)
    except ValueError as error:
        raise CannotDo(f"Standard input: {error}") from None


@app.command()
def done(target: Id, as_json: AsJson = False) -> None:
    """It was done: settle the obligation."""
    _decide("done", target, as_json=as_json)


@app.command()
def snooze(target: Id, until: Annotated[str, typer.Option("--until", metavar="TIME")], as_json: AsJson = False) -> None:
    """Say nothing of it until then."""
    _decide("snooze", target, until=_moment(until), as_json=as_json)


@app.command()
def waive(target: Id, why: Why = None, thread: Thread = False, as_json: AsJson = False) -> None:
    """It was not owed."""
    _decide("waive", target, why=why, scope="thread" if thread else "item", as_json=as_json)


@app.command()
def wrong(target: Id, why: Why = None, thread: Thread = False, as_json: AsJson = False) -> None:
    """It was misread (no promise, another client's) and is not owed; the next of its kind is asked about sooner."""
    _decide("wrong", target, why=why, scope="thread" if thread else "item", as_json=as_json)


@app.command()
def corrections(
    accept: Annotated[str | None, typer.Option("--accept", metavar="ID", help="Make a proposed rule one.")] = None,
    as_json: AsJson = False,
) -> None:
    """Every correction in force, what it holds back, and the rules that are proposed. Take one back with kept undo ID."""
    now = _moment(None)
    with _open(read_only=accept is None) as kept:
        from daemon.commands import corrections as made  # noqa: PLC0415  # after the configuration proved right

        taken = made.accept(kept, accept, now) if accept else ""
        found, proposed = made.listed(kept, now), made.proposed(kept, now)
        _print(made.document(found, proposed, now)) if as_json else print(taken or made.page(found, proposed))


@app.command()
def confirm(target: Id, as_json: AsJson = False) -> None:
    """It was read right where Kept was not sure: track it."""
    _decide("confirm", target, as_json=as_json)


@app.command()
def undo(target: Id, as_json: AsJson = False) -> None:
    """Take the latest decision on it back."""
    _decide("undo", target, as_json=as_json)


@app.command()
def veto(target: Id, as_json: AsJson = False) -> None:
    """Stop a planned action (see `kept plan`)."""
    _decide("veto", target, as_json=as_json)


def _decide(
    verb: str, target: str, *, until: datetime | None = None, why: str | None = None, scope: str = "item", as_json: bool
) -> None:
    with _open() as kept:
        said = kept.decide(verb, target, _moment(None), until=until, why=why, scope=scope)
        _print(said.document()) if as_json else print(said.text())


@app.command()
def digest(
    as_of: AsOf = None,
    to_print: Annotated[bool, typer.Option("--print", help="Print it as text (the default).")] = False,
    html: Html = None,
    send: Annotated[bool, typer.Option("--send", help="Send it to yourself, once a day.")] = False,
    as_json: AsJson = False,
) -> None:
    """The digest: what is overdue, due today, promised, awaited, and planned on your behalf."""
    now = _moment(as_of)
    with _open(read_only=not send, as_of=now) as kept:
        letters = kept.digests(now)
        if html is not None:
            kept.write_page(html, letters)
        sent = kept.send_digests(now) if send else ()
        if as_json:
            _print({"as_of": now.isoformat(), "digests": [letter.document() for letter in letters], "sent": list(sent)})
        elif to_print or not (html or send):
            print("\n\n".join(letter.text.rstrip() for letter in kept.digests(now, linked=False)))
            print(
                "\nSettle a line with: kept done ID, kept snooze ID --until TIME, kept waive ID; answer a doubt with: kept confirm ID, kept wrong ID. Why it is here: kept explain ID."
            )
        elif send:
            print("\n".join(sent))


@app.command()
def plan(as_of: AsOf = None, as_json: AsJson = False) -> None:
    """What will be sent or booked next, and when."""
    now = _moment(as_of)
    with _open(read_only=True, as_of=now) as kept:
        from daemon.commands import tables  # noqa: PLC0415  # after the configuration proved right

        actions = kept.plan(now)
        _print(tables.plan_document(actions, now)) if as_json else tables.plan_table(actions, kept.office, now)


@review.command("list")
def review_list(as_of: AsOf = None, as_json: AsJson = False) -> None:
    """Each client's review: when it is due, and whether it is booked."""
    now = _moment(as_of)
    with _open(read_only=True, as_of=now) as kept:
        from daemon.commands import tables  # noqa: PLC0415  # after the configuration proved right

        reviews = kept.reviews(now)
        _print(tables.due_document(reviews, now)) if as_json else tables.due_table(reviews, kept.office, now)


@review.command("book")
def review_book(client: ClientName, as_json: AsJson = False) -> None:
    """Plan a review with this client now; it is announced first and can be vetoed."""
    with _open() as kept:
        said = kept.book_review(client, _moment(None))
        _print(said.document()) if as_json else print(said.text())


@charter.command("show")
def charter_show(client: ClientName, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """What is agreed with this client, its own over the house's, and each version that was agreed."""
    now = _moment(as_of)
    with _open(read_only=True) as kept:
        from daemon.commands import charter  # noqa: PLC0415  # after the configuration proved right

        text, document = charter.show(kept, kept.client(client).name, now)
        _print(document) if as_json else print(text)


@charter.command("check")
def charter_check(
    client: Annotated[str | None, typer.Argument(metavar="CLIENT")] = None, as_of: AsOf = None, as_json: AsJson = False
) -> None:
    """Whether history says that a charter can be kept, and which time would have been kept 19 times in 20."""
    now = _moment(as_of)
    with _open(read_only=True, as_of=now) as kept:
        from daemon.commands import charter, tables  # noqa: PLC0415  # after the configuration proved right

        found = charter.check(kept, kept.client(client).name if client else None, now)
        if as_json:
            _print({"as_of": now.isoformat(), "standards": [f.document() for f in found]})
        else:
            print(tables.findings(found))


@charter.command("new")
def charter_new(client: ClientName) -> None:
    """Agree on a new version: asks what timely means to this client, warns of what history says is unrealistic, writes it down."""
    with _open() as kept:
        from daemon.commands import charter, terminal  # noqa: PLC0415  # after the configuration proved right

        now = _moment(None)
        agreed = charter.interview(kept, kept.client(client).name, terminal.ask, print, now)
        path, text, laid = charter.agree(kept, agreed, now)
        print(f"\nWritten: {path}\n\n{text}\n{laid}")


@app.command()
def auth(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="Its address, as in the configuration.")],
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="This machine has no browser: sign in on another one and bring the answer back.")
    ] = False,
) -> None:
    """Sign in at Google or Microsoft, and let Kept do what the configuration needs and nothing more."""
    from daemon import clock  # noqa: PLC0415  # only this command needs them
    from daemon.commands import auth, terminal  # noqa: PLC0415  # only this command needs them
    from daemon.config.load import load_settings  # noqa: PLC0415  # only this command needs them
    from daemon.intake.logins import Logins  # noqa: PLC0415  # the same

    settings = load_settings(_config())
    auth.run(settings, Logins.of(settings, clock.now), account, print, lambda q: terminal.ask(q, ""), browser=not no_browser)


@app.command()
def lookback(
    days: Annotated[int, typer.Option("--days", metavar="N", help="How far to look back.")] = 90,
    html: Html = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """The first look at the last months: who waited, what was promised, who has gone quiet, what is realistic."""
    now = _moment(as_of)
    with _open(read_only=True, as_of=now) as kept:
        from daemon.commands import reports  # noqa: PLC0415  # after the configuration proved right

        found = reports.look_back(kept, now, days)
        if html is not None:
            kept.write_page(html, [page.letter for page in found])
        if as_json:
            _print({"as_of": now.isoformat(), "accounts": [page.facts for page in found]})
        elif html is None:
            print("\n\n".join(page.letter.text.rstrip() for page in found))


@app.command()
def report(
    client: ClientName,
    html: Html = None,
    draft: Annotated[bool, typer.Option("--draft", help="Lay it as a draft to the client into your Drafts folder.")] = False,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """The service report for a client: what was agreed and how it was kept, with nothing hidden and nothing of anybody else."""
    now = _moment(as_of)
    with _open(read_only=not draft, as_of=now) as kept:
        from daemon.commands import reports  # noqa: PLC0415  # after the configuration proved right

        page = reports.client_report(kept, kept.client(client), now)
        if html is not None:
            kept.write_page(html, [page.letter])
        if as_json:
            _print({"as_of": now.isoformat(), **page.facts})
        elif html is None and not draft:
            print(page.letter.text.rstrip())
        if draft:
            print(reports.lay_report(kept, kept.client(client), now), file=sys.stderr if as_json else sys.stdout)


@app.command()
def replay(
    start: Annotated[str, typer.Option("--from", metavar="TIME", help="From this moment of the stored history.")],
    end: Annotated[str, typer.Option("--to", metavar="TIME", help="To this one.")],
    as_json: AsJson = False,
) -> None:
    """Live through stored history with a simulated clock, touching nothing outside: what would have been sent or booked, and when."""
    first, last = _moment(start), _moment(end)
    with _open(read_only=True) as kept:
        from daemon.commands import tables  # noqa: PLC0415  # after the configuration proved right

        done = kept.replay(first, last)
        if as_json:
            _print(tables.plan_document(done, last))
        else:
            tables.plan_table(done, kept.office, last, stoppable=False)
            print(tables.spoken(done, kept.office, first, last))


@app.command()
def status(as_json: AsJson = False) -> None:
    """Is it running, when did each source last succeed, what is queued, what failed."""
    from daemon.commands import status as page  # noqa: PLC0415  # reads one small file; no store, no connector

    found = page.read(_Chosen.config, os.environ)
    _print(found.document()) if as_json else print(found.text())


@app.command()
def export(client: ClientName) -> None:
    """Print all that is stored about one client, as JSON."""
    with _open(read_only=True) as kept:
        _print(kept.export(client))


@app.command()
def purge(
    client: ClientName,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Forget one client: everything that is stored about them."""
    with _open() as kept:
        if not yes:
            typer.confirm(f"Forget everything stored about {client}? Your mail itself stays as it is.", abort=True, err=True)
        said = kept.purge(client)
        _print(said.document()) if as_json else print(said.text())


def main(arguments: Sequence[str] | None = None) -> None:
    """The console script. Turns every foreseeable failure into one line and the right exit status."""
    gc.set_threshold(100_000, 50, 50)  # what starting makes stays: looking through it again and again finds nothing
    words = _hoist(list(sys.argv[1:] if arguments is None else arguments))
    sys.exit(exit_status(lambda: app(words, prog_name="kept", standalone_mode=False)))


def _hoist(words: list[str]) -> list[str]:
    """`--config FILE` may stand after the command; typer wants it before."""
    front: list[str] = []
    rest: list[str] = []
    waiting = iter(words)
    for word in waiting:
        if word == "--config":
            front += [word, *[value for value in [next(waiting, None)] if value is not None]]
        elif word.startswith("--config="):
            front.append(word)
        else:
            rest.append(word)
    return [*front, *rest]
