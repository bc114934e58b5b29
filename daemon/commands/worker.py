"""`kept worker` turns the accounts of a team, together with as many others on as many machines as there are."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from daemon.commands.terminal import config_path
from daemon.errors import CannotDo
from daemon.web.beside import Dashboard

_CONCURRENCY, _MOST = 4, 64


def worker(
    context: typer.Context,
    concurrency: Annotated[
        int, typer.Option("--concurrency", metavar="N", min=1, max=_MOST, help="How many accounts to read at the same time.")
    ] = _CONCURRENCY,
) -> None:
    """Turn the accounts of a team, together with other workers, until it is stopped with SIGTERM or Ctrl-C. One for each processor."""
    try:
        from daemon.team import worker as process  # noqa: PLC0415  # it needs packages that few people have
    except ModuleNotFoundError as error:
        raise CannotDo(f"`kept worker` needs more packages ({error.name} is missing): pip install 'kept[team]'") from error
    config = config_path(context)
    raise typer.Exit(process.run(config, os.environ, concurrency, Dashboard(config, os.environ)))
