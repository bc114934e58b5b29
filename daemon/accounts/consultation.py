"""Ask the user's language model what an account could use: suggested answers for drafts to come, second opinions on doubtful sentences.

Only words of mail with clients leave, as they are stored (without what they quote), and only to the model's own host. What it says is
stored and bears on the next turn; each thing is asked once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from daemon.accounts.advisor import Sitting
from daemon.accounts.runtime import AccountRuntime
from daemon.advice import answers, opinions
from daemon.advice.answers import AnswerWanted, Source
from daemon.advice.opinions import Doubt
from daemon.core import confidence_bands, threads
from daemon.delivery.earlier_answers import suggestion_finder
from daemon.glossary.assessments import Assessment
from daemon.glossary.obligations import OPEN_STATES, Band, Kind, Obligation, SourceType, State, state

RECENT = timedelta(days=30)  # how old something may be and still be worth a question
AHEAD = timedelta(days=4)  # how long before its reminder an answer is asked for: over a long weekend
MOST_OF_THREAD = 4  # latest mails of the conversation that a suggestion may use


def consult(runtime: AccountRuntime, assessments: Sequence[Assessment], now: datetime) -> bool:
    """Ask the language model as long as its time and budget allow. Return whether there is more to ask at the next turn.

    Raises StoreError. A model that does not answer is noted and costs nothing else.
    """
    advisor = runtime.advisor
    if advisor is None or advisor.rests():
        return False
    account = runtime.account
    sitting = advisor.sitting(runtime.store, account.address, now, now.astimezone(ZoneInfo(account.hours.zone)))
    is_done = _suggest(runtime, sitting, assessments) and _second(runtime, sitting, assessments)
    sitting.end()
    return sitting.more and not is_done


def _suggest(runtime: AccountRuntime, sitting: Sitting, assessments: Sequence[Assessment]) -> bool:
    """Ask for suggested answers. Return whether that came to its end."""
    by = sitting.advisor.answers_by
    if by is None or not runtime.config.policy.drafts:
        return True
    for o in _to_be_answered(assessments, sitting.now):
        if runtime.stopping():
            return False
        if o.reply_to is None or runtime.store.suggestion(o.account, by, o.key, o.reply_to) is not None:
            continue
        runtime.progress()
        wanted = _wanted(runtime, o, o.reply_to, sitting.now)
        nothing_to_answer_from = all(source.is_asked for source in wanted.sources)
        content = "" if nothing_to_answer_from else sitting.ask(answers.question(wanted))
        if content is None:
            return False
        runtime.store.add_suggestion(o.account, by, answers.suggestion(content, wanted), sitting.now)
    return True


def _to_be_answered(assessments: Sequence[Assessment], now: datetime) -> list[Obligation]:
    """Return the questions of clients of which a reminder, and with it a draft, is to come; the next ones first."""
    coming = [
        (o.remind_at, o.key, o)
        for a in assessments
        for o in a.obligations
        if o.kind is Kind.REPLY and o.band is Band.TRACKED and o.counts and state(o, now) is State.OPEN
        if o.remind_at is not None and now < o.remind_at <= now + AHEAD
    ]
    return [o for _, _, o in sorted(coming, key=lambda row: row[:2])]


def _wanted(runtime: AccountRuntime, o: Obligation, message_id: str, now: datetime) -> AnswerWanted:
    """Return what is asked, with what may answer it: the conversation, the library, the user's earlier answers to this client."""
    sources = [*_thread(runtime, o, now)]
    for n, found in enumerate(suggestion_finder(runtime.store, runtime.config.common.library, now)(o), 1):
        words = "\n".join(part for part in (found.title, found.words, found.link) if part)
        if found.at is None:
            sources.append(Source(f"L{n}", words, found.title))
        elif found.client == o.client:
            sources.append(Source(f"E{n}", found.words, f"your earlier answer of {_day(found.at)}"))
    return AnswerWanted(o.key, o.client, message_id, o.asks or ((o.quote,) if o.quote else ()), tuple(sources))


def _thread(runtime: AccountRuntime, o: Obligation, now: datetime) -> Iterator[Source]:
    """Yield the latest mails of the conversation, the oldest first."""
    mails = [read.message for read in runtime.store.messages(o.account, o.client, now, runtime.faults)]
    names = threads.conversations(mails)
    latest = [m for m in mails if names[m.message_id] == o.thread and m.text][-MOST_OF_THREAD:]
    for n, mail in enumerate(latest, 1):
        ours = runtime.config.directory.is_users(runtime.account, mail)
        yield Source(f"T{n}", mail.text, f"{'your' if ours else 'their'} email of {_day(mail.date)}", is_asked=not ours)


def _day(at: datetime) -> str:
    return f"{at.day} {at:%B %Y}"


def _second(runtime: AccountRuntime, sitting: Sitting, assessments: Sequence[Assessment]) -> bool:
    """Ask for second opinions, the newest first. Return whether that came to its end."""
    by = sitting.advisor.opinions_by
    if by is None:
        return True
    for batch in opinions.batches(_doubts(runtime, assessments, by, sitting.now)):
        if runtime.stopping():
            return False
        runtime.progress()
        content = sitting.ask(opinions.question(batch))
        if content is None:
            return False
        runtime.store.add_opinions(runtime.account.address, by, opinions.opinions(content, batch), sitting.now)
    return True


def _doubts(runtime: AccountRuntime, assessments: Sequence[Assessment], by: str, now: datetime) -> Iterator[Doubt]:
    """Yield what was read without certainty and has not been asked about, the newest first."""
    store, address = runtime.store, runtime.account.address
    bounds = confidence_bands.bounds(confidence_bands.lessons(store.decisions(address, now), address, now))
    known = store.opinions(address, by)
    open_ = [
        o
        for a in assessments
        for o in a.obligations
        if o.counts and o.created > now - RECENT and state(o, now) in OPEN_STATES - {State.SNOOZED}
        if o.key not in known and _is_from_words_alone(o) and confidence_bands.is_doubtful(o, bounds)
    ]
    texts = store.texts(address, {o.source.reference for o in open_}) if open_ else {}
    for o in sorted(open_, key=lambda o: (-o.created.timestamp(), o.key)):
        if o.source.reference in texts and o.quote:
            yield Doubt(o.key, o.kind, o.client, o.source.reference, o.quote, texts[o.source.reference])


def _is_from_words_alone(o: Obligation) -> bool:
    """Return whether an obligation was read out of a mail, and the user has not decided on it."""
    return o.source.type is SourceType.MESSAGE and all(e.type is not SourceType.DECISION for e in o.evidence)
