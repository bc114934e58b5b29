# noqa: INP001  # beside a script
"""The labelled mail and sentences that the reader's models learn from or are measured on, one source at a time.

A source is what one hand or one archive made. A model is measured on a source that it has not seen (`tools/train.py`), so nothing of
one source may stand in another. Sources whose text is not ours are labels as places here; their text is read from the shared data,
or from archives that `tools/public_mail.py` rebuilt.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(ROOT))

from unlabelled_mail import HASH_DIGITS, text_hash  # noqa: E402  # the path is set above

from daemon.reading import new_text  # noqa: E402
from daemon.reading.cuts.signature import with_signature  # noqa: E402
from daemon.reading.languages.english import ENGLISH  # noqa: E402
from daemon.reading.languages.german import GERMAN  # noqa: E402
from daemon.reading.languages.language import Language  # noqa: E402
from daemon.reading.sentence_matches import MAX_SENTENCES, MatchedSentence, match_clauses, match_sentences  # noqa: E402
from daemon.reading.sentences import Sentence, split_sentences  # noqa: E402

TRAINING = Path(__file__).parent / "training"
MODELS = ("promise", "request")
PLACES = frozenset(("FIRST", "LAST", "ALONE"))  # features of where in its mail a sentence stands: a single one does not tell
MEASURED_ONLY = frozenset(("sales", "lists"))  # nothing learns from them
SENTENCES = {
    **dict.fromkeys(("sentences", "pairs 1", "pairs 2", "pairs 3", "pairs 4", "pairs 5"), ENGLISH),
    **dict.fromkeys(("pairs de", "pairs de 2"), GERMAN),
}  # each a file of tools/training
GERMAN_SOURCES = frozenset(("german 1", "german 2", "german 3", "pairs de", "pairs de 2"))
Labels = Mapping[str, Sequence[str]]  # the quoted promises and requests of a mail, by model


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence: its text and features, and for each model its label, None where it was not labelled."""

    text: str
    features: frozenset[str]
    labels: Mapping[str, bool | None]


@dataclass(frozen=True, slots=True)
class Document:
    """A mail, or a sentence that stands alone: its source, its name within it, its sentences, and whether it expects a reply.

    The last is None where that was not labelled, as of all that are no whole mails.
    """

    source: str
    name: str
    examples: tuple[Example, ...]
    reply: bool | None = None

    @property
    def key(self) -> str:
        """Its name among all sources."""
        return f"{self.source}/{self.name}"


def documents(shared: Path, archives: Path | None = None, unlabelled: Path | None = None) -> list[Document]:
    """Return everything that is labelled, of the sources whose text is here.

    `archives` are mails as tools/public_mail.py writes them, `unlabelled` as tools/unlabelled_mail.py does.
    """
    result = [*_mails("mails", _rows(TRAINING / "mails.jsonl")), *_mails("hands", _rows(TRAINING / "hands.jsonl"))]
    result += _mails("hands 2", _rows(TRAINING / "hands_2.jsonl"))
    for name, language in SENTENCES.items():
        result += _sentences(name, TRAINING / f"{name.replace(' ', '_')}.txt", language)
    result += _german(_rows(TRAINING / "german.jsonl"))
    if shared.is_dir():
        result += _mails("labels", _pairs(shared / "labels" / "mails.jsonl", shared / "labels" / "labels.jsonl"))
        result += _mails("sales", _pairs(shared / "sales" / "public_mails.jsonl", shared / "sales" / "public_labels.jsonl"))
        result += _quoted_mails(shared / "quoted_mail.jsonl")
        result += _quoted_sentences(shared / "quoted_mail.jsonl")
        result += _extra_sentences(shared / "extra_sentences.jsonl")
        result += _asks(shared / "ask_sentences.tsv")
    if archives is not None:
        result += _mails("lists", _placed(archives, TRAINING / "lists.jsonl"))
    if unlabelled is not None:
        result += _unsure(unlabelled)
    return result


def lines(path: Path) -> list[Any]:
    """Return the JSON values of a file, one for each line."""
    return [json.loads(line) for line in path.open(encoding="utf-8") if line.strip()]


def _rows(path: Path) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    yield from ((row["mail"], row["labels"]) for row in lines(path))


def _pairs(mails: Path, labels: Path) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield mails with their labels, without those that their labeller doubted."""
    gold = {row["id"]: row for row in lines(labels)}
    yield from ((mail, gold[mail["id"]]) for mail in lines(mails) if mail["id"] in gold and not gold[mail["id"]].get("doubtful"))


def _placed(archives: Path, labels: Path) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield the mails of public archives with their labels, which are places in the text."""
    texts = {row["id"]: row for row in lines(archives)}
    for row in lines(labels):
        if mail := texts.get(row["id"]):
            named = {
                kind: [{"quote": mail["text"][slice(*act["span"])]} for act in row[kind]] for kind in ("promises", "requests")
            }
            yield mail, {**row, **named}


def _mails(
    source: str, rows: Iterable[tuple[dict[str, Any], dict[str, Any]]], language: Language = ENGLISH
) -> Iterator[Document]:
    """Yield mails with their labels as documents; a machine's mail asks nothing of a person and is left out."""
    for mail, labels in rows:
        if labels.get("automated") is None:
            quotes = {
                "promise": [p["quote"] for p in labels["promises"]],
                "request": [r["quote"] for r in labels["requests"]],
            }
            yield replace(_document(source, mail["id"], mail["text"], quotes, language), reply=labels["reply_expected"])


def _german(rows: Iterable[tuple[dict[str, Any], dict[str, Any]]]) -> Iterator[Document]:
    """Yield the German mails; each batch is by another writer."""
    for mail, labels in rows:
        batch = {"de": "german 1", "de2": "german 2", "de3": "german 3"}[mail["id"].partition("-")[0]]
        yield from _mails(batch, [(mail, labels)], GERMAN)


def _document(source: str, name: str, mail: str, quotes: Labels, language: Language = ENGLISH) -> Document:
    text = mail.replace("\r\n", "\n")
    spans = {model: [span for quote in quotes[model] for span in _spans(text, quote.replace("\r\n", "\n"))] for model in MODELS}
    labelled = [
        example
        for m in _matched(text, language)
        for example in (
            _labelled(m, spans, _covers, language),
            *(_labelled(c, spans, _is, language) for c in match_clauses(m, language)),
        )
    ]
    return Document(source, name, tuple(labelled))


def _labelled(
    matched: MatchedSentence,
    spans: Mapping[str, Sequence[tuple[int, int]]],
    holds: Callable[[Sentence, tuple[int, int]], bool | None],
    language: Language,
) -> Example:
    """Return a sentence or a clause with its labels: whether a labelled span `holds` it, None where that does not tell."""
    said = {model: [holds(matched.sentence, span) for span in spans[model]] for model in MODELS}
    labels = {model: True if True in found else None if None in found else False for model, found in said.items()}
    return Example(matched.sentence.text, frozenset(matched.features(language)), labels)


def _is(clause: Sentence, span: tuple[int, int]) -> bool | None:
    """Tell whether a clause is what was labelled; None where what was labelled is more than the clause."""
    common = min(clause.end, span[1]) - max(clause.start, span[0])
    if common <= 0.2 * (clause.end - clause.start):
        return False
    return True if span[1] - span[0] <= 1.3 * common else None


def _matched(text: str, language: Language) -> tuple[MatchedSentence, ...]:
    """Return the sentences of a text, as the reader would see them."""
    sentences = tuple(split_sentences(text, with_signature(text, new_text.quoted_spans(text))))[:MAX_SENTENCES]
    return match_sentences(sentences, language)


def _spans(text: str, quote: str) -> Iterator[tuple[int, int]]:
    """Yield where a quote stands; its white space may differ."""
    pattern = r"\s+".join(re.escape(word) for word in quote.split())
    yield from (match.span() for match in re.finditer(pattern, text))


def _covers(sentence: Sentence, span: tuple[int, int]) -> bool:
    """Tell whether a sentence is what was labelled, or a good part of it, or contains it."""
    common = min(sentence.end, span[1]) - max(sentence.start, span[0])
    return common >= 0.4 * (span[1] - span[0]) or (common >= 25 and common >= 0.8 * (sentence.end - sentence.start))


def _alone(source: str, name: str, text: str, labels: Mapping[str, bool | None]) -> Iterator[Document]:
    """Yield the first sentence of a text as a document of its own."""
    for matched in _matched(text, ENGLISH)[:1]:
        yield Document(source, name, (Example(matched.sentence.text, frozenset(matched.features(ENGLISH) - PLACES), labels),))


def _sentences(source: str, path: Path, language: Language = ENGLISH) -> Iterator[Document]:
    """Yield single sentences that were written and labelled for this: P promises, R asks, B both; each line stands for itself."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        if line and not line.startswith("#"):
            mark, text = line.split("\t")
            labels = {"promise": mark in "PB", "request": mark in "RB"}
            found = tuple(
                Example(m.sentence.text, frozenset(m.features(language) - PLACES), labels) for m in _matched(text, language)
            )
            yield Document(source, f"{path.stem}.{number}", found)


def _extra_sentences(path: Path) -> Iterator[Document]:
    """Yield the shared labelled sentences; what comes from the quoted mail belongs to that source."""
    for number, row in enumerate(lines(path)):
        source = "written" if row["source"] == "written" else "quoted"
        yield from _alone(source, f"{row['group']}.{number}", row["sentence"], {model: row[model] for model in MODELS})


def _unsure(unlabelled: Path) -> Iterator[Document]:
    """Yield the single sentences of mail in public archives that were labelled because the models were unsure of them."""
    texts = {text_hash(row["text"])[:HASH_DIGITS]: row["text"].replace("\r\n", "\n") for row in lines(unlabelled)}
    marked = [line.split("\t") for line in (TRAINING / "unsure.txt").read_text().splitlines() if not line.startswith("#")]
    for mail, start, end, mark in marked:
        if mail in texts:
            text = texts[mail][int(start) : int(end)]
            yield from _alone("unsure", f"{mail}.{start}", text, {"promise": mark in "PB", "request": mark in "RB"})


def _asks(path: Path) -> Iterator[Document]:
    """Yield the sentences labelled as asking or not; asks.txt labels some of them as promises or none."""
    marks = (line.split("\t") for line in (TRAINING / "asks.txt").read_text().splitlines() if not line.startswith("#"))
    promises = {int(number): mark == "P" for number, mark in marks}
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").split("\n"), 1):
        label, _, text = line.partition("\t")
        yield from _alone("asks", f"a{number}", text, {"promise": promises.get(number), "request": label == "Yes"})


def _quoted_mails(path: Path) -> Iterator[Document]:
    mails = [row["new"].strip() for row in lines(path)]
    for row in lines(TRAINING / "quoted.jsonl"):
        text = mails[row["mail"]][: row["until"]]  # of a long mail only the beginning is labelled
        quotes = {model: [text[start:end] for start, end in row[model]] for model in MODELS}
        if row.get("automated") is None:
            yield replace(_document("quoted", f"q{row['mail']}", text, quotes), reply=row.get("reply_expected"))


def _quoted_sentences(path: Path) -> Iterator[Document]:
    """Yield single sentences from the quoted parts, labelled as promises or none."""
    mails = [row["text"] for row in lines(path)]
    for line in (TRAINING / "quoted_sentences.txt").read_text().splitlines():
        if not line.startswith("#"):
            number, start, end, mark = line.split("\t")
            text = re.sub(r"\n[> ]+", "\n", mails[int(number)][int(start) : int(end)])
            yield from _alone("quoted", f"t{number}.{start}", text, {"promise": mark == "P", "request": None})
