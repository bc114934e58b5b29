"""The office of the library faults with Dana's mailbox on Dovecot (over TLS), her calendar on Radicale, and her mail sent to an SMTP sink.

Lee's lies on the disk: it must see no difference.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from servers.processes import Dovecot, dovecot

from faults.injected_life import DANA, write_office
from faults.library_faults import Place, hold_back
from faults.office_on_servers import CALENDAR, Office, dav_request, office, text_of
from faults.windows import Watch

_OF_THE_CHILD = 1_000_000  # from where the child counts the mails that it delivers: the sink's, in the parent, have lower numbers


@contextlib.contextmanager
def offices() -> Iterator[Callable[[], contextlib.AbstractContextManager[Place]]]:
    """What makes an office on a Dovecot of the block. Raises servers.Missing."""
    with dovecot() as server:
        yield lambda: _at_servers(server)


@contextlib.contextmanager
def _at_servers(server: Dovecot) -> Iterator[Place]:
    watch: Watch = lambda _point: None  # noqa: E731  # nothing is aimed at
    with tempfile.TemporaryDirectory(prefix="kept-library-") as name, office(Path(name), server, watch) as made:
        settings = yaml.safe_load(made.config.read_text())["accounts"][0]
        write_office(made.folder)
        _use_servers(made, settings)
        waiting = hold_back(made.folder)
        lees = [(at, file, place) for at, file, place in waiting if "Lee" in place.parts]
        danas = [(at, file, "Sent" if ".Sent" in place.parts else "") for at, file, place in waiting if "Dana" in place.parts]

        def arrive(moment: datetime) -> None:
            made._count = max(made._count, _OF_THE_CHILD)  # noqa: SLF001  # this is the child's copy
            made.clock.set(moment)
            for at, file, place in lees:
                if at <= moment and file.exists():
                    file.rename(place / file.name)
            for at, file, folder in danas:
                if at <= moment and file.exists():
                    made._lay(folder, file.read_bytes(), at)  # noqa: SLF001  # as `deliver` does with mail of its own story
                    file.unlink()

        yield Place(
            made.folder,
            arrive,
            told=lambda: "\n".join(text_of(mail) for _, mail in made.sent if DANA in str(mail["To"])),
            twice=lambda: [f"sent {n} times: {i}" for i, n in _taken(made).items() if n > 1],
            outside=lambda: Counter({"drafts": len(made.drafts()), "events": sum(u.startswith("kept-") for u in made.events())}),
        )


def _taken(made: Office) -> Counter[str]:
    return Counter(str(mail["Message-ID"]) for _, mail in made.sent)


def _use_servers(made: Office, settings: dict[str, Any]) -> None:
    """Put Dana on the servers: her sources in the configuration, and her events into the calendar."""
    config = yaml.safe_load(made.config.read_text())
    dana, server = config["accounts"][0], made.dovecot
    mail = {**settings["mail"][0], "port": server.tls_port, "tls": "implicit", "ca_file": str(server.ca_file)}
    dana |= {"mail": [mail], "calendars": settings["calendars"], "send": settings["send"]}
    made.config.write_text(yaml.safe_dump(config))
    made.config.chmod(0o600)
    for file in sorted((made.folder / "danas").glob("*.ics")):
        dav_request(made.dav, "PUT", f"{CALENDAR}{file.name}", file.read_text())
