# noqa: INP001  # beside a script
"""Write a trained encoder as the file that `daemon/reading/models/encoder.py` loads: ONNX, in whole numbers of eight bits.

Words that English mail hardly has (other scripts, marks that the base weights never used) are left out of the vocabulary.
"""

from __future__ import annotations

import json
import tempfile
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

import onnx
import torch
from encoder_model import Encoder
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn

from daemon.reading.models.wordpiece import BEGIN, END, PADDING, UNKNOWN, is_sign

OPSET = 17
_PHONETIC = ("\u0250", "\u02af")  # the alphabet of dictionaries
MARKS = (PADDING, UNKNOWN, BEGIN, END)


class OneMail(nn.Module):  # type: ignore[misc]  # torch is not there when types are checked
    """The encoder for one row that nothing pads."""

    def __init__(self, model: Encoder) -> None:
        super().__init__()
        self.model = model

    def forward(self, pieces: torch.Tensor, means: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return what `Encoder.forward` returns."""
        return self.model.judge(self.model.contexts(pieces), means)


def kept_pieces(vocabulary: Sequence[str]) -> list[int]:
    """Return the numbers of the pieces that are kept."""
    return [number for number, piece in enumerate(vocabulary) if piece in MARKS or _is_usable(piece)]


def _is_usable(piece: str) -> bool:
    """Tell whether a piece may stand in English mail: none of the marks that the base weights never used, no other script's."""
    letters = piece.removeprefix("##")
    if (piece.startswith("[") and len(piece) > 1) or (letters != piece and any(map(is_sign, letters))):
        return False  # a sign is a word of its own, and goes on no other
    return all(map(_is_usable_character, letters))


def _is_usable_character(character: str) -> bool:
    if unicodedata.category(character)[0] == "L":
        return unicodedata.name(character, "").startswith("LATIN SMALL") and not _PHONETIC[0] <= character <= _PHONETIC[1]
    return character.isascii() or "\xa0" <= character <= "\xff" or "\u2000" <= character < "\u2e00"


def write(model: Encoder, vocabulary: Sequence[str], told: Mapping[str, object], out: Path) -> None:
    """Write the encoder in eight bits, with its vocabulary and what else is told of it."""
    kept = kept_pieces(vocabulary)
    one = Encoder(len(kept))
    state = model.state_dict()
    state["words.weight"] = state["words.weight"][kept]
    one.load_state_dict(state)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        given = (torch.tensor([[2, 5, 6, 7, 3]]), torch.tensor([[[0.0, 0.5, 0.5, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0, 0.0]]]))
        torch.onnx.export(
            OneMail(one.eval()),
            given,
            str(plain),
            input_names=["pieces", "means"],
            output_names=["sentences", "reply"],
            dynamic_axes={"pieces": {1: "length"}, "means": {1: "count", 2: "length"}, "sentences": {1: "count"}},
            opset_version=OPSET,
            dynamo=False,
        )
        kinds = ["MatMul", "Gather"]
        quantize_dynamic(plain, out, kinds, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8)
    made = onnx.load(out)
    details = {"vocabulary": "\n".join(vocabulary[n] for n in kept), **{name: json.dumps(value) for name, value in told.items()}}
    onnx.helper.set_model_props(made, details)
    onnx.save(made, out)
