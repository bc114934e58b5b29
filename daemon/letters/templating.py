"""Turns a template into text or HTML. Styles are written into each element, for mail clients that drop style sheets.

Rules that cannot be inlined, those for dark and for narrow screens, stay in a style sheet of their own. Nothing is fetched.
"""

from __future__ import annotations

import textwrap
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from css_inline import CSSInliner
    from jinja2 import Environment

_COLUMNS = 78  # RFC 5322, section 2.1.1
_TEMPLATES = Path(__file__).with_name("templates")


def html(template: str, **values: object) -> str:
    """Render the template as an HTML mail; every value is escaped."""
    return _inliner().inline(_environment(autoescape=True).get_template(template + ".html").render(values))


def text(template: str, **values: object) -> str:
    """Render the template as plain text wrapped at 78 columns, with links whole and never two empty lines in a row."""
    rendered = _environment(autoescape=False).get_template(template + ".txt").render(values)
    lines = [part for line in rendered.splitlines() for part in _wrapped(line.rstrip())]
    kept = [line for before, line in zip(["", *lines], lines, strict=False) if line or before]
    return "\n".join(kept).strip() + "\n"


def _wrapped(line: str) -> list[str]:
    if len(line) <= _COLUMNS or "<mailto:" in line:
        return [line]
    indent = " " * (len(line) - len(line.lstrip(" -!")))
    return textwrap.wrap(line, _COLUMNS, subsequent_indent=indent, break_on_hyphens=False)


@cache
def _inliner() -> CSSInliner:
    import css_inline  # noqa: PLC0415  # with the next one 3 MB, which only whoever writes a letter needs

    return css_inline.CSSInliner(keep_style_tags=False, load_remote_stylesheets=False)


@cache
def _environment(*, autoescape: bool) -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415  # as above

    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=autoescape,  # noqa: S701  # True wherever HTML is made; plain text must not be escaped
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
