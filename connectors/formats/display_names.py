"""Display names cleaned: what to call whoever stands in an address field, "" where no name is given.

Mail programs, directories and lists put more into a display name than a name: quotation marks, "Lee, Kim", titles, "via Sales",
the company in brackets, capitals throughout, or the address once more (RFC 5322, 3.4). The part before the @ is never made a name.
"""

from __future__ import annotations

import re
from functools import lru_cache

from connectors.mail import Address

_LONGEST = 200  # characters that are examined
_SHOWN = 80  # characters of a name
_VIA = re.compile(
    r"\s(?:via|über|par|vía|tramite|através de|przez|on behalf of|im auftrag von|de la part de)\s.*$", re.IGNORECASE
)
_BRACKETS = re.compile(r"\s*[(\[{<][^()\[\]{}<>]*[)\]}>]?")
_AFTER = re.compile(r"\s+[|/–—-]\s.*$|\s*\|.*$")
_QUOTES = "'\"`´‘’‚‛“”„‟«»‹›"
_WORD = re.compile(r"[^\W\d_]+")
_TITLES = frozenset(
    "mr mrs ms miss mx sir dr prof professor rev ing mag dipl-ing dipl herr herrn frau hr fr m mme mlle monsieur madame sr sra srta señor señora sig "
    "signor signora dott dottssa dhr mevr mevrouw meneer pan pani eng mba".split()
)
_SUFFIXES = frozenset("jr sr ii iii iv phd md mba cpa esq msc bsc ma ba dds pe llm cfa rn mr mrs ms dr prof".split())
_COMPANY = frozenset("ltd limited inc llc plc gmbh ag kg co corp bv nv sa sas sarl srl spa ab as aps oy company group".split())


def display_name(address: Address) -> str:
    """Return the name by which to call whoever has an address, in the order in which one says it; "" where none is known."""
    return _cleaned(address.name[:_LONGEST], address.email)


@lru_cache(maxsize=4096)
def _cleaned(name: str, email: str) -> str:
    name = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    if "@" in name or "=?" in name or "\N{REPLACEMENT CHARACTER}" in name:  # an address, or words that could not be decoded
        return ""
    name = _trimmed(_BRACKETS.sub(" ", _VIA.sub("", name)))
    if _AFTER.sub("", name).count(" ") or name.count("|"):
        name = _trimmed(_AFTER.sub("", name))
    local, _, domain = email.lower().partition("@")
    name = _without_titles(_in_order(name, local, domain))
    if not _WORD.search(name) or (name == name.lower() and name == local):
        return ""
    return _capitalised(name, local)[:_SHOWN].strip()


def _trimmed(name: str) -> str:
    return " ".join(name.strip(f" {_QUOTES},;:-").split())


def _in_order(name: str, local: str, domain: str) -> str:
    """Return "Lee, Kim" as "Kim Lee"; a company or a degree after the comma is no first name, as the address may show."""
    last, comma, first = (part.strip() for part in name.partition(","))
    if not comma or not first:
        return name
    if all(_plain(word) in _SUFFIXES for word in first.replace(",", " ").split()):
        return last
    if "," in first or len(first.split()) > 3 or any(_plain(word) in _COMPANY for word in (*first.split(), *last.split())):
        return name
    whole = last.split()
    if len(whole) > 1 and (_plain(first) in _WORD.findall(domain) or local.startswith(_plain(whole[0]))):
        return last
    return f"{first} {last}"


def _without_titles(name: str) -> str:
    """Return the name without titles in front, unless only one word would be left: "Dr. Kim Lee", but "Frau Lee"."""
    words = name.split()
    start = next((n for n, word in enumerate(words) if _plain(word) not in _TITLES), len(words))
    return " ".join(words[start:]) if len(words) - start > 1 else name


def _plain(word: str) -> str:
    return re.sub(r"[.,']", "", word).lower()


def _capitalised(name: str, local: str) -> str:
    """Return a name in capitals or in small letters as names are written; a surname in capitals goes last where the address says so."""
    words = name.split()
    shouted = [word.isupper() and len(_WORD.findall(word)) > 0 and len(word.strip(".")) > 1 for word in words]
    if len(words) == 2 and shouted == [True, False] and local.lower().startswith(words[1].lower()):
        words, shouted = words[::-1], shouted[::-1]
    whispered = len(words) > 1 and name == name.lower()
    if whispered or (all(shouted) and (len(words) > 1 or len(name) > 3)):
        return " ".join(_title(word) for word in words)
    if len(words) > 1 and shouted[-1] and len(words[-1]) > 3 and not all(shouted):
        words[-1] = _title(words[-1])
    return " ".join(words)


def _title(word: str) -> str:
    """Return a word with capitals as in a name: Lee, O'Neil, Smith-Jones."""
    return _WORD.sub(lambda part: part.group().capitalize(), word)
