"""What every letter must stand: comparison with the one that was looked at, and strangers' words."""

from __future__ import annotations

import os
import re
from html.parser import HTMLParser

from paths import GOLDEN

from daemon.letters import Letter

LETTERS = GOLDEN / "letters"
TAGS = {
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "div",
    "table",
    "tbody",
    "tr",
    "td",
    "p",
    "h1",
    "h2",
    "span",
    "a",
    "strong",
}
BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


NASTY = [
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    '"><a href="https://evil.example">click</a>',
    "\u202etxt.exe\u202c \u2066hidden\u2069 \u200f",
    "{{ 7 * 7 }} {% for x in y %}",
    "A" * 5000,
    "Z" + "\u0338\u0321\u0322\u031b" * 200,
    "line\r\nBcc: thief@evil.example\r\n\r\nbody\x00\x07\x1b[31m",
    "</style><style>body{background:url(https://evil.example)}</style>",
    "\ud800 lone \U000e0041 tag",
]


def same_as_golden(name: str, letter: Letter) -> None:
    """Compare with the files that were looked at; KEPT_GOLDEN=write writes them anew."""
    files = {"txt": f"{letter.subject}\n\n{letter.text}", "html": letter.html}
    for suffix, content in ((suffix, content) for suffix, content in files.items() if content):
        path = LETTERS / f"{name}.{suffix}"
        if os.environ.get("KEPT_GOLDEN") == "write":
            path.write_text(content, encoding="utf-8")
        assert content == path.read_text(encoding="utf-8"), f"{path.name} differs; look at it, then KEPT_GOLDEN=write"


class Seen(HTMLParser):
    """What a page consists of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def harmless(letter: Letter) -> None:
    """Nothing in the page runs, is fetched from elsewhere, or turns the direction of reading."""
    seen = Seen(letter.html)
    assert seen.tags <= TAGS
    for name, value in seen.attributes:
        assert name in {
            "class",
            "style",
            "href",
            "role",
            "width",
            "align",
            "lang",
            "charset",
            "name",
            "content",
            "data-css-inline",
        }
        assert name != "href" or value.startswith("mailto:dana@northwind.example?")
        assert "url(" not in value
    for text in (letter.subject, letter.text, letter.html):
        assert not BIDI.search(text)
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", text)
    assert "\n" not in letter.subject
    letter.html.encode()
