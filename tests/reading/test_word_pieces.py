"""Word pieces: the same numbers as the library that the encoder's base weights were made with, in time linear in the text."""

from __future__ import annotations

import time
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.reading.models.wordpiece import WordPieces

SMALL = WordPieces(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "will", "send", "##ing", "##s", "the", "a", "##a", "!", "cafe", "s", "e"])
# Blocks that neither side's table of Unicode is likely to extend.
BLOCKS = ((0x00, 0x24F), (0x300, 0x45F), (0x1E00, 0x1EFF), (0x2000, 0x206F), (0x20A0, 0x20BF), (0x2100, 0x218F), (0x4E00, 0x4E40), (0x1F600, 0x1F64F))  # fmt: skip
CHARACTERS = [chr(n) for first, last in BLOCKS for n in range(first, last + 1) if unicodedata.category(chr(n)) != "Cn"]


@pytest.fixture(scope="module")
def vocabulary() -> list[str]:
    onnxruntime = pytest.importorskip("onnxruntime", reason="needs onnxruntime: pip install 'kept[reader]'")
    from daemon.reading.models import encoder

    session = onnxruntime.InferenceSession(str(encoder.FILE))
    told: str = session.get_modelmeta().custom_metadata_map["vocabulary"]
    return told.split("\n")


@pytest.fixture(scope="module")
def theirs(vocabulary: list[str]) -> Any:
    """The library's tokenizer with the encoder's vocabulary."""
    tokenizers = pytest.importorskip("tokenizers", reason="needs tokenizers: pip install tokenizers")
    numbers = {piece: number for number, piece in enumerate(vocabulary)}
    made = tokenizers.Tokenizer(tokenizers.models.WordPiece(numbers, unk_token="[UNK]", max_input_chars_per_word=100))
    made.normalizer = tokenizers.normalizers.BertNormalizer(lowercase=True)
    made.pre_tokenizer = tokenizers.pre_tokenizers.BertPreTokenizer()
    return made


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Will send", [4, 5]),
        ("sending, sends!", [5, 6, 1, 5, 7, 11]),
        ("CAFÉ", [12]),
        ("cafe\u0301 \u200b", [12]),
        ("unheard of", [1, 1]),
        ("", []),
    ],
)
def test_words_become_the_longest_pieces_that_are_known(text: str, numbers: list[int]) -> None:
    assert SMALL.numbers(text) == numbers


@settings(max_examples=500)
@given(st.text(st.sampled_from(CHARACTERS), max_size=40))
def test_any_text_becomes_what_the_library_makes_of_it(vocabulary: list[str], theirs: Any, text: str) -> None:
    assert WordPieces(vocabulary).numbers(text) == theirs.encode(text, add_special_tokens=False).ids


@pytest.mark.parametrize(
    "text",
    [
        "Hi Kim,\n\nwe’ll send the 3.5% quote (rev. B) by EOD — naïve façade, £40/m², łódź & ﬁne print?!",
        "a" * 101 + " " + "a" * 100,
        "日本語 mail, Привет, καλημέρα, שלום",
        "tab\there\r\nnew\x00line\x07 \ufffd\u00ad-soft",
    ],
)
def test_mail_becomes_what_the_library_makes_of_it(vocabulary: list[str], theirs: Any, text: str) -> None:
    assert WordPieces(vocabulary).numbers(text) == theirs.encode(text, add_special_tokens=False).ids


@pytest.mark.parametrize(
    "unit",
    ["a" * 10_000 + " ", "\u0301\u0323", "e\u0301", "\U0001d165\u0301", "a", "!", "a\u0300\u0316 ", "日"],
)
def test_hostile_text_takes_time_in_proportion(unit: str) -> None:
    """A million characters of words without end, or of marks that would have to be sorted, cost at most twice what their length explains."""
    spent = []
    for size in (250_000, 1_000_000):
        text = unit * (size // len(unit))
        began = time.process_time()
        SMALL.numbers(text)
        spent.append(time.process_time() - began)
    assert spent[1] < max(2.0, 8 * spent[0])
