"""The texts of the dashboard as they stand in its code and templates, and their German translations."""

from __future__ import annotations

from collections.abc import Iterator

from babel.messages.catalog import Catalog
from babel.messages.extract import extract, extract_from_dir
from babel.messages.pofile import read_po
from paths import ROOT

WEB = ROOT / "daemon" / "web"
_METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
_OPTIONS = {"**/templates/**.html": {"extensions": "jinja2.ext.i18n", "trimmed": "false", "newstyle_gettext": "true"}}
_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "CannotDo": None}
_REFUSING = ("charter_agreement", "charter_versions", "corrections", "decisions", "owed", "reports", "trial")
"""Modules of daemon/operations whose refusals pages show."""


def extracted() -> Catalog:
    """Return every text, with where it stands."""
    found = Catalog()
    for file, line, message, comments, context in extract_from_dir(WEB, _METHODS, _OPTIONS, _KEYWORDS):
        found.add(message, locations=[(file, line)], auto_comments=comments, context=context)
    for name in (*(f"operations/{module}.py" for module in _REFUSING), "config/charter_files.py"):
        with (ROOT / "daemon" / name).open("rb") as stream:
            for line, message, comments, context in extract("python", stream, _KEYWORDS):
                found.add(message, locations=[(name, line)], auto_comments=comments, context=context)
    return found


def translated(language: str) -> Catalog:
    with (WEB / "locale" / f"{language}.po").open("rb") as stream:
        return read_po(stream, locale=language)


def texts(catalog: Catalog) -> Iterator[str]:
    """Yield the key of every text: its singular where it has a plural."""
    for message in catalog:
        if message.id:
            yield message.id if isinstance(message.id, str) else message.id[0]
