# noqa: INP001  # beside a script
"""The encoder as it is trained: six layers of BERT from the base weights, and heads for promises, requests and the reply.

A text is a row of sentences. Its word pieces go through the layers in one pass, at most WINDOW of them; the mean of a sentence's
pieces says whether it promises or asks. Whether the mail expects a reply is said by the mean of all its pieces and by the sentence
that says it most.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

BASE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WINDOW = 512  # word pieces in one pass, with the marks of its beginning and end
WIDTH, LAYERS, HEADS, INNER = 384, 6, 12, 1536
DROPOUT = 0.1
_HIDDEN = 10_000  # what is taken from a score so that it does not count


class Layer(nn.Module):  # type: ignore[misc]  # torch is not there when types are checked
    """One layer: attention, then two dense steps, each added to what came in and normalised."""

    def __init__(self) -> None:
        super().__init__()
        self.attention_in = nn.Linear(WIDTH, 3 * WIDTH)
        self.attention_out = nn.Linear(WIDTH, WIDTH)
        self.attention_norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.inner = nn.Linear(WIDTH, INNER)
        self.outer = nn.Linear(INNER, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, x: torch.Tensor, seen: torch.Tensor | None) -> torch.Tensor:
        """Return the texts' pieces after this layer; `seen` is 0 where a piece may be looked at, and very low where not."""
        rows, length, _ = x.shape
        query, key, value = (
            part.reshape(rows, length, HEADS, WIDTH // HEADS).transpose(1, 2) for part in self.attention_in(x).split(WIDTH, -1)
        )
        scores = query @ key.transpose(-1, -2) * (WIDTH // HEADS) ** -0.5
        scores = scores if seen is None else scores + seen
        met = (self.dropout(scores.softmax(-1)) @ value).transpose(1, 2).reshape(rows, length, WIDTH)
        x = self.attention_norm(x + self.dropout(self.attention_out(met)))
        inner = self.outer(functional.gelu(self.inner(x)))
        result: torch.Tensor = self.norm(x + self.dropout(inner))
        return result


class Encoder(nn.Module):  # type: ignore[misc]  # the same
    """The layers and the heads."""

    def __init__(self, vocabulary: int) -> None:
        super().__init__()
        self.words = nn.Embedding(vocabulary, WIDTH)
        self.places = nn.Embedding(WINDOW, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.dropout = nn.Dropout(DROPOUT)
        self.sentence_heads = nn.Linear(WIDTH, 3)  # promise, request, and how much it wants a reply
        self.reply_head = nn.Linear(WIDTH, 1)

    def forward(self, pieces: torch.Tensor, means: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return for each sentence the log odds that it promises and that it asks, and for each text those of a reply.

        `pieces` holds a text a row, padded with 0. `means` holds for each text a matrix of sentences by pieces, with which its
        pieces are averaged; the rows of sentences that a shorter text does not have are 0.
        """
        given = (pieces > 0).to(means.dtype)
        return self.judge(self.contexts(pieces, (given - 1)[:, None, None, :] * _HIDDEN), means, given)

    def contexts(self, pieces: torch.Tensor, seen: torch.Tensor | None = None) -> torch.Tensor:
        """Return the pieces of each text in their context."""
        x = self.words(pieces) + self.places(torch.arange(pieces.shape[1], device=pieces.device))
        x = self.dropout(self.norm(x))
        for layer in self.layers:
            x = layer(x, seen)
        return x

    def judge(self, x: torch.Tensor, means: torch.Tensor, given: torch.Tensor | None = None) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the heads' log odds from pieces in their context; `given` is 0 where a row is padded."""
        sentences = self.sentence_heads(self.dropout(means @ x.to(means.dtype)))
        wants = sentences[..., 2]
        if given is None:
            mean = x.mean(1)
        else:
            mean = (given[..., None] * x).sum(1) / given.sum(1, keepdim=True)
            wants = wants - (means.sum(-1) == 0).to(means.dtype) * _HIDDEN
        return sentences[..., :2], self.reply_head(self.dropout(mean))[:, 0] + wants.amax(1)


def base_weights(folder: Path) -> tuple[dict[str, np.ndarray[Any, Any]], list[str]]:
    """Return the base weights by name, and the vocabulary, from the folder of their package. Raises ValueError for other weights."""
    data = (folder / "model.safetensors").read_bytes()
    if hashlib.sha256(data).hexdigest() != BASE_SHA256:
        raise ValueError(f"{folder} does not hold the base weights with SHA-256 {BASE_SHA256}.")
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    body = memoryview(data)[8 + length :]
    weights = {
        name: np.frombuffer(body[slice(*entry["data_offsets"])], dtype=np.float32).reshape(entry["shape"])
        for name, entry in header.items()
        if name != "__metadata__" and entry["dtype"] == "F32"
    }
    return weights, (folder / "vocab.txt").read_text(encoding="utf-8").removesuffix("\n").split("\n")


def from_base(weights: Mapping[str, np.ndarray[Any, Any]]) -> Encoder:
    """Return an encoder with the base weights, and new heads."""
    model = Encoder(len(weights["embeddings.word_embeddings.weight"]))
    state = model.state_dict()
    # Texts have no second part here, so what marks the first part is added to the words once for all.
    first_part = weights["embeddings.token_type_embeddings.weight"][0]
    taken = {
        "words.weight": weights["embeddings.word_embeddings.weight"] + first_part,
        "places.weight": weights["embeddings.position_embeddings.weight"],
        "norm.weight": weights["embeddings.LayerNorm.weight"],
        "norm.bias": weights["embeddings.LayerNorm.bias"],
    }
    for number in range(LAYERS):
        taken |= _layer(weights, f"encoder.layer.{number}.", f"layers.{number}.")
    for name, value in taken.items():
        state[name] = torch.from_numpy(np.array(value))
    model.load_state_dict(state)
    return model


def _layer(weights: Mapping[str, np.ndarray[Any, Any]], theirs: str, ours: str) -> dict[str, np.ndarray[Any, Any]]:
    names = {
        "attention_out": "attention.output.dense",
        "attention_norm": "attention.output.LayerNorm",
        "inner": "intermediate.dense",
        "outer": "output.dense",
        "norm": "output.LayerNorm",
    }
    result = {
        f"{ours}{name}.{kind}": weights[f"{theirs}{own}.{kind}"] for name, own in names.items() for kind in ("weight", "bias")
    }
    for kind in ("weight", "bias"):
        parts = [weights[f"{theirs}attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
        result[f"{ours}attention_in.{kind}"] = np.concatenate(parts)
    return result


def batch(texts: Sequence[tuple[list[int], list[tuple[int, int]]]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the input of texts: their pieces, and the matrices that average each sentence's."""
    length, most = max(len(pieces) for pieces, _ in texts), max(len(spans) for _, spans in texts)
    padded = torch.zeros(len(texts), length, dtype=torch.long)
    means = torch.zeros(len(texts), most, length)
    for row, (pieces, spans) in enumerate(texts):
        padded[row, : len(pieces)] = torch.tensor(pieces)
        for number, (start, end) in enumerate(spans):
            means[row, number, start:end] = 1 / (end - start)
    return padded, means
