"""python bench/team.py [--accounts 1000,5000,10000] [--mailboxes folders|dovecot] [--seconds 300] [--faults SECONDS] [--share 1.0]: a team.

So many accounts with a poll of two minutes, two workers as processes, and a private PostgreSQL that syncs to its disk. The mailboxes
are Maildirs, or users of one Dovecot that are read by IMAP over TLS. Printed for each size, over the last `--seconds` after every
account has had its first turn: turns a second, how late they came (median, p99), processor time of the workers, of PostgreSQL and of
Dovecot, the size of the database and its connections, and the load of the machine, which others may share. For so many seconds of
`--faults` after that a worker is killed every twenty seconds and started again, PostgreSQL is restarted twice and a worker stands
still for three minutes, while mail comes and letters leave. Then every send whose fate was not known is followed until it is settled,
and printed is what was lost, sent twice, or stayed of unknown fate without anybody being told, and how long a dead worker's accounts
waited.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "tests")]

from servers import processes  # noqa: E402  # found through the line above
from team_at_work import Team  # noqa: E402  # the same
from team_faults import under_faults  # noqa: E402  # the same
from team_mailboxes import mailboxes  # noqa: E402  # the same


def main() -> None:
    """Measure, and print the figures."""
    options = argparse.ArgumentParser()
    options.add_argument("--accounts", default="1000,5000,10000")
    options.add_argument("--mailboxes", choices=("folders", "dovecot"), default="folders")
    options.add_argument("--seconds", type=float, default=300.0)
    options.add_argument("--poll", type=int, default=120, help="seconds between two readings of an account")
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--share", type=float, default=1.0, help="of the accounts and the seconds")
    options.add_argument("--faults", type=float, default=0.0, metavar="SECONDS", help="of faults after the figures")
    given = options.parse_args()
    for size in (max(10, int(int(n) * given.share)) for n in given.accounts.split(",")):
        with (
            tempfile.TemporaryDirectory() as folder,
            processes.postgres(syncs=True) as server,
            mailboxes(given.mailboxes, Path(folder) / "mail", size, given.workers) as boxes,
        ):
            team = Team(Path(folder), server, size, given.poll, boxes)
            team.make()
            with team.at_work(given.workers):
                print(f"{size} accounts in {given.mailboxes}: {team.steady(given.seconds * given.share)}", flush=True)
                if given.faults:
                    print(f"{size} accounts with faults: {under_faults(team, given.faults * given.share)}", flush=True)


if __name__ == "__main__":
    main()
