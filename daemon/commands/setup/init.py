"""`kept init`: ask a few questions, try each answer at once, suggest clients from past mail, and write the configuration.

Run again, it changes one part of a configuration that is there. The questions are in `daemon.setup`.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from connectors.errors import ConnectorError
from connectors.net import files
from daemon import clock
from daemon.commands.setup import auth, service
from daemon.commands.terminal import ask, config_path, open_app, tell, tell_daemon
from daemon.config import included, load
from daemon.config.settings import Settings
from daemon.config.yaml_lines import LocatedYaml
from daemon.errors import CannotDo, ConfigError
from daemon.intake.logins import Logins
from daemon.letters import phrases
from daemon.setup import dialogue, typed
from daemon.setup.answers import HEAD, Answers, to_yaml
from daemon.setup.editing.changes import Change, Edit, edits, shown
from daemon.setup.interview import Interview
from daemon.setup.parts import ask_part
from daemon.setup.passwords import without_secrets
from daemon.setup.refused import Refused

_START = "Next: kept run{option} keeps Kept running in this terminal, kept service install{option} in the background."


def init(
    context: typer.Context,
    address: Annotated[
        str | None, typer.Option("--address", metavar="ADDRESS", help="Your email address. Default: Kept asks for it.")
    ] = None,
) -> None:
    """Answer a few questions and get a configuration; run it again to change one part of it."""
    target = config_path(context)
    if target.exists():
        with _stoppable(lambda: "Nothing was changed."):
            _change(target)
        return
    answers, option = Answers(target), _option(context, target)
    interview = Interview(answers, _sign_in)
    with _stoppable(lambda: _saved(answers, option)):
        given = _begin(answers, address)
    again = False
    while True:
        with _stoppable(lambda: _saved(answers, option)), dialogue.keeping(answers.save):
            interview.ask_all(given, last_again=again)
        write(target, answers, option)
        answers.forget()
        try:
            _go_on(context, interview)
        except dialogue.Back:
            target.unlink()  # as it was written a moment ago
            again = True
        else:
            return


@contextlib.contextmanager
def _stoppable(consequence: Callable[[], str]) -> Iterator[None]:
    """Say what becomes of the answers where the questions are stopped; a “back” from the first question goes on to the caller."""
    try:
        with _hang_up_stops():
            yield
    except (typer.Abort, KeyboardInterrupt):
        said = f"Stopped. {consequence()}"
        with contextlib.suppress(OSError):  # a terminal that was closed takes no more lines
            dialogue.end_line()
        raise CannotDo(said) from None


@contextlib.contextmanager
def _hang_up_stops() -> Iterator[None]:
    """Let a closed terminal or a request to end stop the questions as Ctrl-C does."""

    def stop(_number: int, _frame: object) -> NoReturn:
        raise KeyboardInterrupt  # which no library takes for a failure of its own

    before = {number: signal.signal(number, stop) for number in (signal.SIGHUP, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _option(context: typer.Context, target: Path) -> str:
    """Return what is to be added to a command so that it means this configuration."""
    return "" if context.obj is None else f" --config {dialogue.path(target)}"


def _saved(answers: Answers, option: str) -> str:
    """Keep what was answered, and say where; the step that was stopped counts as far as it came."""
    if not answers.account.get("addresses"):
        return "Nothing was written."
    answers.save()
    return f"Your answers so far are in {dialogue.path(answers.unfinished)}, without passwords. To go on: kept init{option}"


def _begin(answers: Answers, address: str | None) -> str | None:
    """Take up the answers of a run that was stopped, if the user wants to. Return the address that was given, checked."""
    given = _email(address) if address else None
    if answers.load() and not _goes_on(answers):
        answers.forget()
        answers.start_again()
    elif not answers.account:
        dialogue.tell(
            "A few questions. Enter takes what stands in [brackets]; “back” goes back; Ctrl-C stops, and keeps your answers for the next time."
        )
    return given


def _goes_on(answers: Answers) -> bool:
    """Ask whether to go on where a run was stopped; there is no question before that one."""
    while True:
        with contextlib.suppress(dialogue.Back):
            return dialogue.confirm(f"You began before, for {answers.address}. Go on where you stopped?")


def _email(address: str) -> str:
    try:
        return typed.email(address)
    except Refused as error:
        raise CannotDo(str(error)) from None


def write(target: Path, answers: Answers, option: str = "") -> None:
    """Write the configuration so that only its owner can read it. Raises CannotDo, and FileExistsError rather than replace a file."""
    text = HEAD + to_yaml(answers.document())
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        load.checked(included.read(target, instead={target: text.encode()}))
    except ConfigError as error:
        answers.done.remove("clients")
        answers.clients = []
        reasons = "; ".join(f"{problem.key}: {problem.message}" for problem in error.problems[:3])
        raise CannotDo(f"The answers do not make a configuration that works ({reasons}). {_saved(answers, option)}") from None
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def _sign_in(settings: Settings, keys: Logins, address: str) -> bool:
    """Sign in to Google or Microsoft if the user wants to; return whether Kept can read the mailbox now."""
    if not dialogue.confirm("Sign in now, so that Kept can suggest your clients?"):
        return False
    browser = dialogue.confirm("Is there a browser on this machine?")
    try:
        auth.sign_in(settings, keys, address, tell, ask, browser=browser)
    except ConnectorError as error:
        dialogue.tell(f"{error.message} You can sign in later: kept auth {address}")
        return False
    return True


def _go_on(context: typer.Context, interview: Interview) -> None:
    """Say what comes next, and offer to do it. Raises Back where the user wants to change the answers before."""
    answers, target = interview.answers, interview.answers.target
    dialogue.tell(f"Wrote {dialogue.path(target)}; only you can read it.")
    option = _option(context, target)
    if not interview.signed_in:
        dialogue.tell(f"Next: kept auth {answers.address}{option}, then kept check, kept sync and kept lookback.")
        return
    if answers.has_credentials():
        dialogue.tell("With a systemd credential only the daemon can log in. To start it: kept service install")
        return
    how = [_START.format(option=option)]
    with _stoppable(lambda: f"The configuration is complete. Next: kept sync{option}, then kept lookback{option}."):
        dialogue.in_turn(
            lambda: _offer_look_back(context, option),
            lambda: how.append(_offer_start(target)) if not option else None,
        )
    dialogue.tell(how[-1])
    comes = "is written to a file" if (answers.account.get("send") or {}).get("type") == "file" else "comes by email"
    dialogue.tell(
        f"kept due{option} lists what is owed. The digest {comes} each working morning at {answers.digest['at']}; "
        f"kept digest{option} shows it now."
    )


def _offer_look_back(context: typer.Context, option: str) -> None:
    """Offer to read everything now and show the look-back."""
    if dialogue.confirm("Read the last 180 days of mail now, and look back over 90 of them?"):
        _look_back(context)
        dialogue.tell(
            f"That was the look-back; it begins further up. To read it in a browser: kept lookback{option} --html lookback.html"
        )
        dialogue.tell(f"If it shows that you can promise clients another answer time: kept init{option} changes it.\n")


def _offer_start(target: Path) -> str:
    """Offer to have Kept start with the computer, where something can start it; return how it is started or stopped."""
    settings = load.load_settings(target)
    try:
        job = service.job_here(target, settings)
        if not dialogue.confirm("Keep Kept running from now on, and start it whenever you log in?"):
            return _START.format(option="")
        dialogue.tell("Starting Kept ...")
        service.begin(job, settings.state)
    except CannotDo as error:
        return str(error)
    return f"{service.success(job)} Stop it: kept service remove"


def _look_back(context: typer.Context) -> None:
    """Read every source once, then print the look-back."""
    from daemon.commands import reports, sync  # noqa: PLC0415  # only for whoever wants it now

    with open_app(context) as app:
        app.progress = _sign_of_life
        report = sync.read_sources(app, clock.now())
    typer.echo("", err=True)
    dialogue.tell(report.text())
    reports.lookback(context)


def _sign_of_life() -> None:
    typer.echo(".", nl=False, err=True)


def _change(target: Path) -> None:
    """Change one part of a configuration that is there, after showing what changes. The file as it was is kept beside it."""
    dialogue.tell(
        f"{dialogue.path(target)} is already there. Kept changes one part of it and leaves the rest as it is; Ctrl-C stops."
    )
    whole = included.read(target)
    while True:
        changes = ask_part(target, _sign_in)
        made = edits(whole, changes)
        if not made:
            dialogue.tell("That is what it says already; nothing was changed.")
            return
        with contextlib.suppress(dialogue.Back):  # to the choice of a part
            _change_lines(target, whole, changes, made)
            return


def _change_lines(target: Path, whole: LocatedYaml, changes: Sequence[Change], made: Sequence[Edit]) -> None:
    """Show the lines that change, and change them if that is right. Raises Back, and ConfigError where they would not be valid."""
    private = {whole.place(change.path)[0].path for change in changes if without_secrets(change.value) != change.value}
    with_changes = included.read(target, instead={edit.path: edit.after.encode() for edit in made})
    settings = load.checked(with_changes, become_private=private)
    for edit in made:
        if edit.path != target:
            dialogue.tell(f"In {dialogue.path(edit.path)}:")
        for line in shown(edit.before, edit.after):
            dialogue.tell(line)
    if not dialogue.confirm("Change these lines?"):
        dialogue.tell("Nothing was changed.")
        return
    earlier = phrases.listed([dialogue.path(_replace(edit, private=edit.path in private)) for edit in made])
    dialogue.tell(f"Changed. As it was: {earlier}. {tell_daemon(settings.state)}")


def _replace(edit: Edit, *, private: bool) -> Path:
    """Write a file anew, and keep it as it was beside it, under a name that nothing includes. Return that one.

    One that becomes `private` has a password in it: others who could read it no longer can.
    """
    earlier = edit.path.with_name(f"{edit.path.name}.before")
    earlier.unlink(missing_ok=True)
    files.write_atomically(earlier, edit.before.encode())
    if private:
        edit.path.chmod(edit.path.stat().st_mode & 0o700)
    files.write_atomically(edit.path, edit.after.encode())
    return earlier
