"""One mail as it was read, as a JSON document and as a page for a terminal: what was cut, what was found, and by which rule.

Readable by a user, useful to a developer: beside each rule stand the words and shapes that weighed most, for and against.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from connectors.mail import Message
from daemon.commands.terminal import console, safe, safe_lines
from daemon.reading import Reading

_COLOURS = {"promise": "bold magenta", "request": "bold cyan", "delivery": "green", "done": "green", "thanks": "blue"}
_OTHER = "yellow"  # withdrawals, releases, postponements
_LANGUAGES = {"en": "English", "de": "German"}
_SORTS = {"call_me": "a call is wished for", "meeting_time": "a time is proposed"}


def document(message: Message, found: Reading, weights: Sequence[Sequence[tuple[str, float]]]) -> dict[str, Any]:
    """All that was read out of one message, with the rule behind each finding; `weights` belong to its acts, in their order."""
    return {
        "message_id": message.message_id,
        "from": message.sender.email,
        "subject": message.subject,
        "date": message.date.isoformat(),
        "text": message.text,
        "new_text": found.new_text,
        "language": found.language,
        "automated": found.automated,
        "automated_rule": found.automated_rule,
        "reply_expected": found.reply_expected,
        "reply_confidence": found.reply_confidence,
        "reply_rule": found.reply_rule,
        "acknowledgement": found.acknowledgement,
        "tag": found.tag,
        "cuts": [{"start": c.start, "end": c.end, "why": c.why} for c in found.cuts],
        "acts": [
            {
                "kind": a.kind.value,
                "sort": a.sort,
                "by": a.by,
                "quote": a.quote,
                "start": a.start,
                "end": a.end,
                "due": a.due.due.isoformat() if a.due else None,
                "due_quote": a.due.quote if a.due else None,
                "conditional": a.conditional,
                "confidence": a.confidence,
                "rule": a.rule,
                "weights": [{"feature": feature, "weight": weight} for feature, weight in said],
            }
            for a, said in zip(found.acts, weights, strict=True)
        ],
        "call": {"kind": found.call.kind, "number": found.call.number, "transcript": found.call.transcript}
        if found.call
        else None,
        "away_until": found.away_until.isoformat() if found.away_until else None,
    }


def show(mail: Mapping[str, Any]) -> None:
    """The mail with what was cut dimmed and what was found in colour, then each finding in words."""
    page = console()
    page.print(safe(f"{mail['from']}: {mail['subject']}"), markup=False, style="bold")
    page.print(_text(mail))
    page.rule()
    page.print(_written(mail), markup=False)
    if mail["tag"]:
        page.print(_TAG, markup=False, style="yellow")
    for cut in mail["cuts"]:
        lines = mail["text"][cut["start"] : cut["end"]].strip("\n").count("\n") + 1
        page.print(f"Set aside as {cut['why']}: {lines} line{'s' * (lines > 1)}.", style="dim", markup=False)
    for act in mail["acts"]:
        _act(page, act)


_TAG = "It gives them nothing to hold on to (a tag), so it stops no clock. Answer what they asked, or name a time: for a call, or for the answer."


def _text(mail: Mapping[str, Any]) -> Text:
    text = Text(safe_lines(mail["text"]))
    for cut in mail["cuts"]:
        text.stylize("dim", cut["start"], cut["end"])
    # A sentence can do several things: the weightiest gives the colour.
    for act in sorted(mail["acts"], key=lambda a: a["kind"] in {"promise", "request"}):
        text.stylize(_COLOURS.get(act["kind"], _OTHER), act["start"], act["end"])
    return text


def _written(mail: Mapping[str, Any]) -> str:
    if mail["automated"]:
        back = f" They are back on {mail['away_until']}." if mail["away_until"] else ""
        return f"Written by a machine: {mail['automated'].replace('_', ' ')} ({mail['automated_rule']}).{back}"
    language = _LANGUAGES.get(mail["language"])
    who = f"Written by a person, in {language}." if language else "Written by a person, in a language that Kept does not read."
    expected = "An answer is expected" if mail["reply_expected"] else "No answer is expected"
    return f"{who} {expected} ({mail['reply_confidence']:.0%}: {mail['reply_rule'] or 'nothing is asked'})."


# The features that need a word of explanation; the others are words of the mail and show as they are.
_SAID = {
    "P FIRED": "a rule for promises fits",
    "R FIRED": "a rule for requests fits",
    "P UNDENIED": "no rule speaks against it",
    "R UNDENIED": "no rule speaks against it",
    "NO FRAME": "nobody is said to do anything",
    "ALONE": "it is all the mail says",
    "FIRST": "it stands first",
    "LAST": "it stands last",
    "LONG MAIL": "the mail is long",
    "TIME": "a time is named",
    "ORDER": "it begins as an order",
    "OFFER": "it reads like an offer",
    "OURS": "it speaks of the writer's own people",
}


def _worded(feature: str) -> str:
    """A feature as a person reads it."""
    if feature in _SAID:
        return _SAID[feature]
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
        head.append(", on a condition")
    head.append(f": {act['confidence']:.0%} sure")
    page.print(head)
    page.print(Padding(Text(f"“{safe(act['quote'])}”"), (0, 0, 0, 2)))
    why = f"rule: {act['rule']}"
    if act["weights"]:
        said = ", ".join(f"{_worded(safe(w['feature']))} {w['weight']:+.1f}" for w in act["weights"])
        why += f"; weighed most: {said}"
    page.print(Padding(Text(why, "dim"), (0, 0, 0, 2)))
