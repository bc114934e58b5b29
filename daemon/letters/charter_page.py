"""The charter on one page: what a client can rely on, as the text of a mail to them."""

from __future__ import annotations

from connectors.mail import Address
from daemon.glossary.charter import Charter
from daemon.glossary.parties import Account, Client
from daemon.letters import phrases


def charter_page(account: Account, client: Client, charter: Charter, contact: Address | None) -> tuple[str, str]:
    """Return the subject and the text of a draft to a contact, which the user reads, changes and sends."""
    start = f" from {charter.start:%-d %B %Y}" if charter.start else ""
    standards = "\n".join(f"- {sentence}" for sentence in phrases.standards(charter)) or "- [no times have been agreed yet]"
    name = phrases.cut(client.name, 60)
    text = (
        f"{phrases.greeting(contact.name if contact else '')}\n\nThank you for telling us what matters to you. Here is what {name} can rely on{start}:\n\n{standards}\n\n"
        f"Times are in our working hours, {working_hours(account)}. If we ever miss one of these, please tell me, and I will tell "
        f"you what we are doing about it.\n\n{_review(charter)}\n\n"
        f"Is this what you expect? If so, a short yes is enough.\n\nKind regards\n{phrases.cut(account.name, 80)}\n"
    )
    return f"What you can rely on: {name} and {phrases.cut(account.name, 60)}", text


def _review(charter: Charter) -> str:
    agreement = charter.agreement
    if agreement and agreement.next_review:
        return f"We will look at this together again on {agreement.next_review:%-d %B %Y}."
    return "We can look at this together again whenever you like."


def working_hours(account: Account) -> str:
    """Return the account's working hours as one says them: Mon to Fri, 09:00 to 17:30 (Europe/London)."""
    days = [n for n, intervals in enumerate(account.hours.week) if intervals]
    if not days:
        return account.hours.zone
    first, last = account.hours.week[days[0]][0].start, account.hours.week[days[0]][-1].end
    span = f"{phrases.DAYS[days[0]]} to {phrases.DAYS[days[-1]]}" if len(days) > 1 else phrases.DAYS[days[0]]
    return f"{span}, {first:%H:%M} to {last:%H:%M} ({account.hours.zone})"
