"""Show how one mail was read, as a JSON document and as a page for a terminal: what was cut off, what it says, and by which rule.

Each rule comes with the words and features that weighed most, for and against it: what a developer needs, in words for a user.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from connectors.mail import Message
from daemon.commands.terminal import console
from daemon.letters.phrases import WHY_UNREAD
from daemon.operations.printable import safe, safe_lines
from daemon.reading import Act, Reading

_COLOURS = {"promise": "bold magenta", "request": "bold cyan", "delivery": "green", "done": "green", "thanks": "blue"}
_OTHER = "yellow"  # withdrawals, releases, postponements
_LANGUAGES = {"en": "English", "de": "German"}
_SORTS = {"call_me": "asks for a call", "meeting_time": "proposes a time"}


def document(message: Message, result: Reading, weights: Sequence[Sequence[tuple[str, float]]]) -> dict[str, Any]:
    """Return all that was read out of a message, with the rule behind each act; `weights` belong to its acts, in their order."""
    return {
        "message_id": message.shown_id,
        "from": message.sender.email,
        "subject": message.subject,
        "date": message.date.isoformat(),
        "unread": message.unread or None,
        "text": message.text,
        "new_text": result.new_text,
        "language": result.language,
        "automated": result.automated,
        "automated_rule": result.automated_rule,
        "reply_expected": result.reply_expected,
        "reply_confidence": result.reply_confidence,
        "reply_rule": result.reply_rule,
        "acknowledgement": result.acknowledgement,
        "tag": result.tag,
        "cuts": [{"start": c.start, "end": c.end, "why": c.why} for c in result.cuts],
        "acts": []  # a machine asks and promises nothing
        if result.automated
        else [_act_document(act, features) for act, features in zip(result.acts, weights, strict=True)],
        "call": {"kind": result.call.kind, "number": result.call.number, "transcript": result.call.transcript}
        if result.call
        else None,
        "away_until": result.away_until.isoformat() if result.away_until else None,
    }


def _act_document(act: Act, features: Sequence[tuple[str, float]]) -> dict[str, Any]:
    return {
        "kind": act.kind.value,
        "sort": act.sort,
        "by": act.by,
        "quote": act.quote,
        "start": act.start,
        "end": act.end,
        "due": act.due.due.isoformat() if act.due else None,
        "due_quote": act.due.quote if act.due else None,
        "conditional": act.conditional,
        "confidence": act.confidence,
        "rule": act.rule,
        "weights": [{"feature": feature, "weight": weight} for feature, weight in features],
    }


def show(mail: Mapping[str, Any]) -> None:
    """Print the mail with what was cut off dimmed and its acts in colour, then each act in words."""
    page = console()
    page.print(safe(f"{mail['from']}: {mail['subject']}"), markup=False, style="bold")
    page.print(_text(mail))
    page.rule()
    if mail["unread"]:
        page.print(
            f"Not all of it could be read: {WHY_UNREAD.get(mail['unread'], mail['unread'])}.", markup=False, style="yellow"
        )
    if not mail["unread"] or mail["new_text"].strip() or mail["automated"]:  # nothing is claimed about words that nobody read
        page.print(_author(mail), markup=False)
    if mail["tag"]:
        page.print(_TAG, markup=False, style="yellow")
    for cut in mail["cuts"]:
        lines = mail["text"][cut["start"] : cut["end"]].strip("\n").count("\n") + 1
        page.print(f"Cut off as {cut['why']}: {lines} line{'s' * (lines > 1)}.", style="dim", markup=False)
    for act in mail["acts"]:
        _act(page, act)


_TAG = "It gives the client nothing concrete (a tag), so what they asked for stays open. Answer it, or name a time for a call or an answer."


def _text(mail: Mapping[str, Any]) -> Text:
    text = Text(safe_lines(mail["text"]))
    for cut in mail["cuts"]:
        text.stylize("dim", cut["start"], cut["end"])
    # A sentence can be several acts: promises and requests come last, so that theirs is the colour that shows.
    for act in sorted(mail["acts"], key=lambda a: a["kind"] in {"promise", "request"}):
        text.stylize(_COLOURS.get(act["kind"], _OTHER), act["start"], act["end"])
    return text


def _author(mail: Mapping[str, Any]) -> str:
    if mail["automated"]:
        back = f" Back on {mail['away_until']}." if mail["away_until"] else ""
        return f"Automatic mail: {mail['automated'].replace('_', ' ')} ({mail['automated_rule']}).{back}"
    language = _LANGUAGES.get(mail["language"])
    who = f"Written by a person, in {language}." if language else "Written by a person, in a language that Kept cannot read."
    expected = "An answer is expected" if mail["reply_expected"] else "No answer is expected"
    return f"{who} {expected} ({mail['reply_confidence']:.0%}: {mail['reply_rule'] or 'it asks for nothing'})."


# The features that need an explanation; the others are words of the mail and are shown as they are.
_FEATURES = {
    "P FIRED": "a rule for promises matches",
    "R FIRED": "a rule for requests matches",
    "P UNDENIED": "no rule against it matches",
    "R UNDENIED": "no rule against it matches",
    "NO FRAME": "nobody is named who would do it",
    "ALONE": "the only sentence in the email",
    "FIRST": "the first sentence",
    "LAST": "the last sentence",
    "LONG MAIL": "the email is long",
    "TIME": "names a time",
    "ORDER": "begins like an order",
    "OFFER": "reads like an offer",
    "OURS": "about the writer's own people",
}


def _in_words(feature: str) -> str:
    """Return a feature as a person reads it."""
    if feature in _FEATURES:
        return _FEATURES[feature]
    kind, _, name = feature.partition(":")
    return f"rule “{name}”" if name and kind.isalpha() and not name.startswith(" ") else f"“{feature}”"


def _act(page: Console, act: Mapping[str, Any]) -> None:
    kind = act["kind"]
    head = Text()
    head.append(kind.replace("_", " "), _COLOURS.get(kind, _OTHER))
    head.append(f" by the {act['by']}")
    if act["sort"]:
        head.append(f", {_SORTS.get(act['sort'], act['sort'])}")
    if act["due"]:
        head.append(f", due {datetime.fromisoformat(act['due']):%a %d %b %Y %H:%M} (“{safe(act['due_quote'])}”)")
    if act["conditional"]:
        head.append(", conditional")
    head.append(f": {act['confidence']:.0%} sure")
    page.print(head)
    page.print(Padding(Text(f"“{safe(act['quote'])}”"), (0, 0, 0, 2)))
    why = f"rule: {act['rule']}"
    if act["weights"]:
        weights = ", ".join(f"{_in_words(safe(w['feature']))} {w['weight']:+.1f}" for w in act["weights"])
        why += f"; weighed most: {weights}"
    page.print(Padding(Text(why, "dim"), (0, 0, 0, 2)))
