"""The charter on one page: what a client may rely on, as the text of a mail to them."""

from __future__ import annotations

from daemon.glossary.charter import Charter
from daemon.glossary.parties import Account, Client
from daemon.letters import phrases
from daemon.letters.agenda import standard_sentences


def charter_page(account: Account, client: Client, charter: Charter) -> tuple[str, str]:
    """The subject and the text. The user reads it, changes it and sends it."""
    start = f"{charter.start:%-d %B %Y}" if charter.start else ""
    promised = "\n".join(f"- {line}" for line in standard_sentences(charter)) or "- [nothing with a time is agreed yet]"
    agreement = charter.agreement
    review = (
        f"We look at this together again on {agreement.next_review:%-d %B %Y}."
        if agreement and agreement.next_review
        else "We look at this together whenever you wish."
    )
    text = (
        "Hello [name],\n\n"
        f"thank you for telling us what matters to you. This is what {phrases.cut(client.name, 60)} can rely on"
        f"{f' from {start}' if start else ''}:\n\n{promised}\n\n"
        f"Times are our working time, {working_hours(account)}. Should we ever miss one of these, tell me, and I will tell you what we do about it.\n\n"
        f"{review}\n\nIs this what you expect? Then a short yes is enough.\n\nKind regards\n{phrases.cut(account.name, 80)}\n"
    )
    return f"What you can rely on: {phrases.cut(client.name, 60)} and {phrases.cut(account.name, 60)}", text


def working_hours(account: Account) -> str:
    """The account's working hours: Mon to Fri, 09:00 to 17:30 (Europe/London)."""
    days = [n for n, intervals in enumerate(account.hours.week) if intervals]
    if not days:
        return account.hours.zone
    first, last = account.hours.week[days[0]][0].start, account.hours.week[days[0]][-1].end
    span = f"{phrases.DAYS[days[0]]} to {phrases.DAYS[days[-1]]}" if len(days) > 1 else phrases.DAYS[days[0]]
    return f"{span}, {first:%H:%M} to {last:%H:%M} ({account.hours.zone})"
