"""Measure what second opinions change: on labelled mail, by the right answers and, with --url, by a real language model.

    python -m bench.second_opinion MAILS.jsonl LABELS.jsonl [--url http://127.0.0.1:11434/v1 --name llama3.2 --most 100]

A promise is tracked, asked about or ignored as `core.confidence_bands` has it without any clicks; so is a mail that wants an answer. Then
every doubtful one is moved as a second opinion moves it. The right answers give the upper bound of what any model could bring. Of a real
model it is also printed how many of its answers counted, how many of those were right, and how long one took.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

from connectors.chat import ChatModel
from connectors.errors import ConnectorError
from daemon.advice import opinions
from daemon.advice.opinions import Doubt
from daemon.core import confidence_bands
from daemon.glossary.obligations import Band, Evidence, Kind, Obligation, SourceType
from daemon.reading.infer_stream import infer

_BOUNDS = confidence_bands.bounds(())
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
Opinions: TypeAlias = Callable[["Item"], bool | None]


@dataclass(frozen=True, slots=True)
class Item:
    """Something that was read out of one mail, or was missed (then its confidence is 0): whether it is right by the labels."""

    kind: Kind
    mail: str
    words: str
    text: str
    confidence: float
    right: bool

    @property
    def obligation(self) -> Obligation:
        """It as an obligation that is open."""
        source = Evidence(SourceType.MESSAGE, f"<{self.mail}>", _LONG_AGO, self.words)
        return Obligation(self.mail, self.kind, "", "", None, "", self.words, source, _LONG_AGO, None, confidence=self.confidence)

    def band(self, opinion: bool | None) -> Band:
        """Return its band with an opinion, or without one."""
        return confidence_bands.banded(self.obligation, _BOUNDS, spoken_for=False, opinion=opinion).band


def items(mails: Sequence[Mapping[str, Any]], labels: Mapping[str, Mapping[str, Any]]) -> Iterator[Item]:
    """Yield what the reader finds in mails, and what it misses."""
    for mail in mails:
        gold = labels[mail["id"]]
        sent = infer({**mail, "direction": "sent", "user": [mail["from"]]})
        left = [p["quote"] for p in gold["promises"]]
        for promise in (p for p in sent["promises"] if p["by"] == "user"):
            hit = next((g for g in left if _same(g, promise["quote"])), None)
            left = [g for g in left if g is not hit]
            yield Item(Kind.PROMISE, mail["id"], promise["quote"], sent["new_text"], promise["confidence"], hit is not None)
        yield from (Item(Kind.PROMISE, mail["id"], g, "", 0.0, True) for g in left)
        got = infer({**mail, "direction": "received", "user": mail["to"][:1]})
        asked = max(got["requests"], key=lambda r: r["confidence"], default=None)
        sure = max(got["reply_confidence"], asked["confidence"] if asked else 0.0) if got["reply_expected"] else -1.0
        words = asked["quote"] if asked else got["new_text"][:200]
        if got["reply_expected"] or gold["reply_expected"]:
            yield Item(Kind.REPLY, mail["id"], words, got["new_text"], sure, bool(gold["reply_expected"]))


def _same(a: str, b: str) -> bool:
    """Return whether two quotes are of the same passage."""
    a, b = " ".join(a.lower().split()), " ".join(b.lower().split())
    x, y = set(a.split()), set(b.split())
    return a in b or b in a or (len(x & y) >= 0.6 * min(len(x), len(y)) and len(x & y) >= 0.34 * len(x | y))


def table(name: str, read: Sequence[Item], opinion: Opinions) -> None:
    """Print how much of what is tracked is right, how much of what is right is tracked, and how much would be asked about."""
    for kind in (Kind.PROMISE, Kind.REPLY):
        of_kind = [
            (item, item.band(opinion(item)) if item.confidence >= 0 else Band.IGNORED) for item in read if item.kind is kind
        ]
        tracked = [item for item, band in of_kind if band is Band.TRACKED]
        asked = sum(band is Band.ASKED for _, band in of_kind)
        hits, gold = sum(i.right for i in tracked), sum(i.right for i, _ in of_kind)
        f1 = 2 * hits / max(1, len(tracked) + gold)
        precision, recall = hits / max(1, len(tracked)), hits / max(1, gold)
        print(
            f"{name:16} {kind.value:8} tracked {len(tracked):4}: P {precision:.3f} R {recall:.3f} F1 {f1:.3f}; asked {asked:3}; in all right {gold}"
        )


class Model:
    """A real model's opinions, one sentence a question, with how they fared."""

    def __init__(self, model: ChatModel, most: int) -> None:
        self.model, self.most, self.seconds = model, most, list[float]()
        self.counted, self.right, self.failed = 0, 0, 0
        self.known: dict[Item, bool | None] = {}

    def __call__(self, item: Item) -> bool | None:
        """Return what the model thinks of a doubtful item; None beyond the most questions."""
        doubtful = item.confidence > 0 and confidence_bands.is_doubtful(item.obligation, _BOUNDS)
        if doubtful and item not in self.known and len(self.known) < self.most:
            self.known[item] = self._ask(item)
        return self.known.get(item)

    def _ask(self, item: Item) -> bool | None:
        doubt = Doubt(item.mail, item.kind, "", item.mail, item.words, item.text)
        begun = time.monotonic()
        try:
            holds = opinions.opinions(self.model.ask(*opinions.question([doubt])), [doubt])[0].holds
        except ConnectorError as error:
            self.failed += 1
            print(f"  {error.message}")
            return None
        self.seconds.append(time.monotonic() - begun)
        self.counted += holds is not None
        self.right += holds is item.right
        return holds

    def summary(self) -> str:
        """Return how it fared, in a line."""
        took = sorted(self.seconds)[len(self.seconds) // 2] if self.seconds else 0.0
        asked = len(self.known)
        return f"{self.model.name}: asked {asked}, failed {self.failed}, counted {self.counted}, right {self.right}; {took:.1f} s (median)"


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mails", type=Path)
    parser.add_argument("labels", type=Path)
    parser.add_argument("--url")
    parser.add_argument("--name", default="")
    parser.add_argument("--most", type=int, default=100)
    arguments = parser.parse_args()
    labels = {row["id"]: row for row in map(json.loads, arguments.labels.read_text("utf-8").splitlines())}
    mails = [mail for mail in map(json.loads, arguments.mails.read_text("utf-8").splitlines()) if mail["id"] in labels]
    read = [replace(item, text=item.text[:8000]) for item in items(mails, labels)]
    doubtful = [i for i in read if i.confidence > 0 and confidence_bands.is_doubtful(i.obligation, _BOUNDS)]
    print(f"{len(mails)} mails, {len(doubtful)} doubtful, of which {sum(i.right for i in doubtful)} are right")
    table("reading alone", read, lambda _item: None)
    table("right answers", read, lambda item: item.right)
    if arguments.url:
        model = Model(ChatModel(arguments.url, arguments.name, time_limit=600), arguments.most)
        table(arguments.name, read, model)
        print(model.summary())


if __name__ == "__main__":
    main()
