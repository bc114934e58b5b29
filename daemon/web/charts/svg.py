"""Elements of SVG: escaped, without styles, and readable to whoever cannot see them."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

Number = float | int
_SHAPES = frozenset({"rect", "path"})  # elements that HTML lets end themselves within an SVG


def number(value: Number) -> str:
    """Return a coordinate with at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def element(name: str, content: Iterable[Markup] | Markup | str = "", /, **attributes: Number | str | None) -> Markup:
    """Return an element; attributes that are None are left out, `_` in their names stands for a hyphen and `class_` for class."""
    written = "".join(
        f' {_name(key)}="{escape(number(value) if isinstance(value, int | float) else value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = escape(content) if isinstance(content, str) else Markup("").join(content)
    if not inside and name in _SHAPES:
        return Markup(f"<{name}{written}/>")  # noqa: S704  # as below
    return Markup(f"<{name}{written}>{inside}</{name}>")  # noqa: S704  # every part of it is escaped above


def rect(x: Number, y: Number, width: Number, height: Number, tone: str) -> Markup:
    """Return a coloured rectangle; one that begins at 0 need not say so."""
    return element("rect", x=x or None, y=y or None, width=max(0, width), height=max(0, height), class_=tone)


def picture(
    label: str,
    shapes: Iterable[Markup],
    *,
    size: tuple[Number, Number],
    kind: str,
    width: str | None = None,
    height: str | None = None,
    stretch: bool = False,
) -> Markup:
    """Return a picture with its text alternative; without `width` and `height` the style sheet says how large its kind is.

    With `stretch` its shapes fill its place, whatever that place's proportions.
    """
    return element(
        "svg",
        [element("title", label), *shapes],
        class_=f"chart {kind}",
        role="img",
        viewBox=f"0 0 {number(size[0])} {number(size[1])}",
        width=width,
        height=height,
        preserveAspectRatio="none" if stretch else None,
    )


def _name(key: str) -> str:
    if key in ("viewBox", "preserveAspectRatio"):
        return key
    return key.rstrip("_").replace("_", "-")
