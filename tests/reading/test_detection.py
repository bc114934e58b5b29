"""Which language a text is taken for: by its common words, a short one also by its thread, and none where it is another's."""

from __future__ import annotations

import pytest

from daemon.reading.languages.detection import detect


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ok noted, tks. Crates by noon.", "en"),
        ("Invoice follows Wed.", "en"),
        ("Passt, danke", "de"),
        ("Merci, bien reçu", None),
        ("Bonjour Dana, commande envoyée lundi", None),
        ("Tak, wyślę jutro", None),
        ("Спасибо", None),
        ("gracias, enviado", None),
    ],
)
def test_a_short_text_without_common_words_is_english_unless_it_is_of_another_language(text: str, code: str | None) -> None:
    language = detect(text)
    assert (language.code if language else None) == code


def test_a_short_text_without_common_words_is_of_its_threads_language() -> None:
    language = detect("5 Stück, Lieferung Montag", ("Guten Tag, wir haben die Ware noch nicht erhalten.",))
    assert language is not None
    assert language.code == "de"


def test_a_long_text_without_common_words_is_of_no_language_that_is_read() -> None:
    assert detect(" ".join(f"wort{chr(97 + n % 26)}" for n in range(40))) is None
