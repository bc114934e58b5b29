"""The charter on one page: what a client can rely on, as the text of a mail to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from connectors.mail import Address
from daemon.glossary.charter import Charter, Interval
from daemon.glossary.parties import Account, Client
from daemon.letters import phrases


def charter_page(account: Account, client: Client, charter: Charter, contact: Address | None) -> tuple[str, str]:
    """Return the subject and the text of a draft to a contact, which the user reads, changes and sends."""
    start = f" from {charter.start:%-d %B %Y}" if charter.start else ""
    standards = "\n".join(f"- {sentence}" for sentence in phrases.standards(charter)) or "- [no times have been agreed yet]"
    name = phrases.cut(client.name, 60)
    text = (
        f"{phrases.greeting(contact.name if contact else '')}\n\n{_thanks(charter)}Here is what {name} can rely on{start}:\n\n{standards}\n\n"
        f"Times are in our working hours, {working_hours(account)}. If we ever miss one of these, please tell me, and I will tell "
        f"you what we are doing about it.\n\n{_review(charter)}\n\n"
        f"Is this what you expect? If so, a short yes is enough.\n\nKind regards\n{phrases.cut(account.name, 80)}\n"
    )
    return f"What you can rely on: {name} and {phrases.cut(account.name, 60)}", text


def _thanks(charter: Charter) -> str:
    """Return the thanks for what they said matters to them; "" where nothing of theirs is written down."""
    told = charter.agreement is not None and any(words.strip() for words in charter.agreement.asked.values())
    return "Thank you for telling us what matters to you. " if told else ""


def _review(charter: Charter) -> str:
    agreement = charter.agreement
    if agreement and agreement.next_review:
        return f"We will look at this together again on {agreement.next_review:%-d %B %Y}."
    return "We can look at this together again whenever you like."


def working_hours(account: Account) -> str:
    """Return the account's working hours as one says them: Mon to Thu, 09:00 to 17:30; Fri, 09:00 to 13:00 (Europe/London)."""
    days_of = dict[tuple[Interval, ...], list[int]]()
    for day, intervals in enumerate(account.hours.week):
        if intervals:
            days_of.setdefault(intervals, []).append(day)
    if not days_of:
        return account.hours.zone
    return f"{'; '.join(f'{_days(days)}, {_times(times)}' for times, days in days_of.items())} ({account.hours.zone})"


def _days(days: Sequence[int]) -> str:
    """Return weekdays as one says them: Mon to Fri for three or more in a row; Mon, Wed and Fri."""
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    named = (
        [f"{phrases.DAYS[run[0]]} to {phrases.DAYS[run[-1]]}"] if len(run) > 2 else [phrases.DAYS[d] for d in run] for run in runs
    )
    return phrases.listed([name for names in named for name in names])


def _times(intervals: Sequence[Interval]) -> str:
    """Return the working times of a day: 09:00 to 12:00 and 13:00 to 17:30. A day that ends at midnight ends at 24:00."""
    return phrases.listed([f"{i.start:%H:%M} to {'24:00' if i.end == time.max else f'{i.end:%H:%M}'}" for i in intervals])
