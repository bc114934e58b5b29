"""The documents: every file, folder and function that they name exists, and so does every page they link to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from paths import ROOT

DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
TOP = ("connectors", "daemon", "tests", "tools", "bench", "systemd", "deploy", "docs")


def heading_ids(document: Path) -> set[str]:
    """Return the anchors that GitHub makes of the headings."""
    headings = re.findall(r"^#+ (.+)$", document.read_text("utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.name)
def test_every_path_that_a_document_names_exists(document: Path) -> None:
    named = re.findall(r"`([a-z_]+/[\w/.@-]*)`", document.read_text("utf-8"))
    assert [path for path in named if path.split("/")[0] in TOP and not (ROOT / path).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.name)
def test_every_link_of_a_document_leads_somewhere(document: Path) -> None:
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)", document.read_text("utf-8")):
        page = (document.parent / target).resolve() if target else document
        assert page.exists(), target
        assert not anchor or anchor in heading_ids(page), anchor


def test_every_name_of_the_map_stands_in_the_file_beside_it() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    pairs = re.findall(r"`(\w+)`(?:\([^)]*\))? in `((?:daemon|connectors|tests)/[\w/]+\.py)`", text)
    assert len(pairs) >= 8
    assert [(name, path) for name, path in pairs if not re.search(rf"\b{name}\b", (ROOT / path).read_text("utf-8"))] == []
