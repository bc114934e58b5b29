"""Who the user is, when they work, when the digest comes and who their manager is: a line each, with a default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tzlocal

from daemon.config.settings import DigestSettings
from daemon.setup import dialogue, places, typed
from daemon.setup.answers import Answers

_ZONE = "Europe/London"


def ask_person(answers: Answers, address: str | None = None) -> None:
    """Ask for the address and the name."""

    def ask_address() -> None:
        before = (answers.account.get("addresses") or [""])[0]
        typed_one = address or dialogue.ask("Your email address, as in dana@northwind.com", typed.email, before)
        if typed_one != before:
            answers.account |= {"name": "", "addresses": [typed_one]}

    def ask_name() -> None:
        guessed = answers.address.partition("@")[0].replace(".", " ").replace("_", " ").title()
        answers.account["name"] = dialogue.text("Your name, as clients know it", answers.account.get("name") or guessed)

    dialogue.in_turn(ask_address, ask_name)


def ask_working(answers: Answers) -> None:
    """Ask for the time zone, the public holidays and the working hours."""
    dialogue.in_turn(lambda: _ask_zone(answers), lambda: _ask_holidays(answers), lambda: _ask_hours(answers))


def _ask_zone(answers: Answers) -> None:
    time_zone = dialogue.ask(
        "Your time zone: a city or a country", places.zone, answers.account.get("time_zone") or _local_zone()
    )
    dialogue.tell(f"  {time_zone}.")
    answers.account["time_zone"] = time_zone


def _ask_hours(answers: Answers) -> None:
    usual = answers.account.get("working_hours") or {}
    working = dialogue.ask("Your working hours", typed.hours, typed.hours_in_words(usual))
    dialogue.tell(f"  {typed.hours_in_words(working)}.")
    answers.account["working_hours"] = working


def _local_zone() -> str:
    """Return the IANA name of the machine's time zone, or a guess where the system does not tell."""
    try:
        return str(tzlocal.get_localzone_name() or _ZONE)
    except (LookupError, ValueError):  # the system's settings contradict each other
        return _ZONE


def _ask_holidays(answers: Answers) -> None:
    """Ask for the country, and where its regions have holidays of their own, for the region."""
    before = answers.account.get("holidays")
    home = before if isinstance(before, str) and before else places.home_of(answers.account["time_zone"])
    shown = places.named(home) if home and not home.lower().endswith(".ics") else home or "none"
    chosen = dialogue.ask("Public holidays of which country or region", places.holidays, home or "none", shown=shown)
    regions = places.regions(chosen) if isinstance(chosen, str) else ()
    if isinstance(chosen, str) and regions:
        some = ", ".join(regions[:4])
        dialogue.tell(f"Regions of {places.named(chosen)} have holidays of their own: {some} and so on.")
        country = chosen
        chosen = dialogue.optional("Your region", lambda words: places.holidays(_within(country, words)), country)
    dialogue.tell(f"  {places.named(chosen) if isinstance(chosen, str) else 'no public holidays'}.")
    answers.account["holidays"] = chosen


def _within(country: str, words: str) -> str:
    """Return the code of a country's region from its name or code, or the words where it has none such."""
    region = places.region_of(country, words.upper().removeprefix(f"{country}-"))
    return f"{country}-{region}" if region else words


def ask_digest(answers: Answers) -> None:
    """Ask when the digest of each working morning comes."""
    usual = answers.digest.get("at") or f"{DigestSettings().at:%H:%M}"
    at = dialogue.ask("The digest comes each working morning at", typed.clock, usual)
    dialogue.tell(f"  {at}.")
    answers.digest["at"] = at


def ask_manager(answers: Answers) -> None:
    """Ask who the manager is, and whether Kept may write to them."""
    dialogue.tell(
        "For talks with your manager, Kept can email you a list each Monday of what was late or missed with your clients. Your manager gets "
        "it only if you say so. For no such list, press Enter."
    )
    dialogue.in_turn(lambda: _ask_manager(answers), lambda: _ask_whether_told(answers))


def _ask_manager(answers: Answers) -> None:
    before: Mapping[str, Any] = answers.account
    manager = dialogue.optional("Your manager's email address", typed.email, "", str(before.get("manager") or "none"))
    for key in ("manager", "tell_manager"):
        answers.account.pop(key, None)
    if manager:
        answers.account["manager"] = manager


def _ask_whether_told(answers: Answers) -> None:
    manager = answers.account.get("manager")
    if not manager:
        return
    answers.account["tell_manager"] = dialogue.confirm(f"Email the list to {manager} as well", default=False)
    where = (
        f"to you and to {manager}; your digest says so a working day before"
        if answers.account["tell_manager"]
        else "to you alone"
    )
    dialogue.tell(f"  It goes {where}.")
