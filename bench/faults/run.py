"""./dev faults [CAMPAIGN ...] [--share 0.1] [--seed 1]: run the campaigns, print their figures, and end with 1 if a promise broke."""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "tests")]

from servers.processes import Missing  # noqa: E402  # the same

from faults.report import Report, Scale  # noqa: E402  # found through the line above

NOT_RUN = "not run"
CAMPAIGNS: dict[str, str] = {  # name -> what it does to Kept
    "hostile": "5,000 hostile mails and 500 calendars through real connectors: cost, memory, and where each of them lies",
    "imap_faults": "an IMAP server that cuts, garbles, refuses, forgets and renumbers: nothing lost, nothing twice",
    "caldav_faults": "100 faults of a calendar server at booking, reading and cancelling, with the real outbox and store",
    "kills": "kill -9 of the running daemon, half of them inside a send or a booking, against an uninterrupted run",
    "injection": "every function made to raise, for one client of three or for everybody",
    "library_faults": "every kind of library call that can fail made to fail once, here and there in a story of two days",
    "backups": "backups restored at ten ages, with and without the sent log, and with a merged one",
    "databases": "PostgreSQL stopped, lock sessions ended, two hosts racing, SQLite locked, full, away and replaced",
    "smtp_faults": "every kind of reply, a drop and a hang at every SMTP command, each with a retry or a kill",
    "clock": "the clock set back, forward and wrong from the start, and a suspend across each change of summer time",
}


def main() -> int:
    """Run the campaigns named on the command line, all where none is named. Return the exit status."""
    listed = "\n".join(f"  {name}: {what}" for name, what in CAMPAIGNS.items())
    parser = argparse.ArgumentParser(
        prog="./dev faults", description=f"Campaigns:\n{listed}", formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("campaigns", nargs="*", metavar="CAMPAIGN", help="those to run; all where none is named")
    parser.add_argument("--share", type=float, default=1.0, help="the share of the full size to run (1.0)")
    parser.add_argument("--seed", type=int, default=1, help="where the random choices begin")
    wanted = parser.parse_args()
    if unknown := set(wanted.campaigns) - set(CAMPAIGNS):
        parser.error(f"no such campaign: {', '.join(sorted(unknown))}")
    held = [_run(name, Scale(wanted.share, wanted.seed)) for name in wanted.campaigns or CAMPAIGNS]
    return 0 if all(held) else 1


def _run(name: str, scale: Scale) -> bool:
    """Run a campaign and print its report. Return whether every promise held; one that cannot run holds nothing."""
    try:
        report: Report = importlib.import_module(f"faults.{name}").campaign(scale)
    except Missing as missing:
        print(f"{name}: {NOT_RUN}: {missing}", flush=True)
        return False
    print(report.text(), f"  seed {scale.seed}, share {scale.share}", sep="\n", flush=True)
    return not report.failures


if __name__ == "__main__":
    sys.exit(main())
