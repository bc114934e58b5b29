"""What Microsoft publishes of Graph, to hold requests and replies against: the msgraph-sdk package, which is made from its OpenAPI document.

The wheel is fetched once into the user's cache (tests/install_servers.sh) and read as an archive; nothing of it is installed or run.
Its request builders name every path with its methods and query parameters, its models every property with its type.
"""

from __future__ import annotations

import os
import re
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from servers.processes import Missing

VERSION = "1.58.0"
FOLDER = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kept-tests" / "msgraph"
WHEEL = FOLDER / f"msgraph_sdk-{VERSION}-py3-none-any.whl"
INSTALL = f"pip download --no-deps msgraph-sdk=={VERSION} -d {FOLDER}"
_BUILDERS = re.compile(
    r"msgraph/generated/users/item/(?:mail_folders|messages|send_mail|calendar|calendars|calendar_view|events)/"
)
_TEMPLATE = re.compile(r'"\{\+baseurl\}([^"]*)"')
_FIELD = re.compile(r'"([^"]+)": lambda n : setattr\(self, \'\w+\', n\.get_(\w+?)_values?\((\w*)')
# Tokens stand in the addresses that a reply hands out, and are the server's own.
_TOKENS = frozenset({"$skiptoken", "$deltatoken"})


@dataclass(frozen=True)
class Route:
    """A path with its methods and the query parameters it takes."""

    pattern: re.Pattern[str]
    methods: frozenset[str]
    parameters: frozenset[str]


def need() -> None:
    """Raises Missing where it is not there."""
    if not WHEEL.is_file():
        raise Missing(f"needs what Microsoft publishes of Graph: {INSTALL}")


@cache
def _wheel() -> zipfile.ZipFile:
    return zipfile.ZipFile(WHEEL)


@cache
def routes() -> tuple[Route, ...]:
    """Every path of a user's mail and calendars."""
    found = []
    for name in _wheel().namelist():
        if _BUILDERS.match(name) and name.endswith("_request_builder.py"):
            source = _wheel().read(name).decode()
            template = _TEMPLATE.search(source)
            if template:
                methods = frozenset(m.upper() for m in re.findall(r"async def (get|post|patch|delete)\(", source))
                found.append(_route(template[1], methods))
    return tuple(found)


def _route(template: str, methods: frozenset[str]) -> Route:
    path, brace, optional = template.partition("{?") if "{?" in template else template.partition("{&")
    path, _, fixed = path.partition("?")
    names = [unquote(name).rstrip("*") for name in re.split(r"[,}]", optional) if name]
    names += re.findall(r"(\w+)=", fixed)
    pattern = re.escape(re.sub(r"\{[^}]*\}", "\0", path)).replace("\0", "[^/]+").replace(r"\(\)", r"(?:\(\))?")
    return Route(re.compile(pattern), methods, frozenset(names) if brace or fixed else frozenset())


def wrong_request(method: str, path: str, query: dict[str, str]) -> list[str]:
    """What is not as it is published, of a path that begins with /users/{id} or /me."""
    path = re.sub(r"^/me(?=/|$)", "/users/me", path)
    fitting = [route for route in routes() if route.pattern.fullmatch(path)]
    if not fitting:
        return [f"{method} {path}: no such path"]
    allowed = [route for route in fitting if method in route.methods]
    if not allowed:
        return [f"{path} does not take {method}"]
    known = frozenset().union(*(route.parameters for route in allowed)) | _TOKENS
    return [f"{method} {path} does not take {name}" for name in query if name not in known]


@cache
def _model(name: str) -> dict[str, tuple[str, str]] | frozenset[str]:
    """A model's properties with their kinds and types, its parents' included; of an enumeration its values."""
    snake = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
    source = _wheel().read(f"msgraph/generated/models/{snake}.py").decode()
    head = re.search(rf"^class {name}\((\w+)", source, re.MULTILINE)
    assert head, f"no model {name}"
    if "Enum" in source.split("class ", 1)[1].split(":", 1)[0]:
        return frozenset(re.findall(r'= "([^"]*)",', source))
    own = {field: (kind, of) for field, kind, of in _FIELD.findall(source)}
    parent = head[1]
    if parent in {"AdditionalDataHolder", "BackedModel", "Parsable"}:
        return own
    above = _model(parent)
    assert isinstance(above, dict)
    return {**above, **own}


def wrong_object(name: str, value: Any, where: str = "") -> list[str]:
    """What is not as it is published, of an object that should be such a model."""
    where = where or name
    fields = _model(name)
    assert isinstance(fields, dict), f"{name} is an enumeration"
    if not isinstance(value, dict):
        return [f"{where} is no object"]
    wrong = []
    for field, found in value.items():
        if field.startswith("@") or "@odata" in field:
            continue
        if field not in fields:
            wrong.append(f"{where} has no property {field}")
        elif found is not None:
            wrong += _wrong_value(*fields[field], found, f"{where}.{field}")
    return wrong


def _wrong_value(kind: str, of: str, value: Any, where: str) -> list[str]:
    if kind.startswith("collection"):
        if not isinstance(value, list):
            return [f"{where} is no list"]
        if kind == "collection_of_primitive":
            return [f"{where} holds {one!r}" for one in value if not isinstance(one, str)]
        return [line for n, one in enumerate(value) for line in wrong_object(of, one, f"{where}[{n}]")]
    if kind == "object":
        return wrong_object(of, value, where)
    if kind == "enum":
        return [] if value in _model(of) else [f"{where} is {value!r}, none of {of}"]
    kinds: dict[str, Any] = {"str": str, "bool": bool, "int": int, "bytes": str, "datetime": str, "float": (int, float)}
    return [] if isinstance(value, kinds.get(kind, object)) else [f"{where} is {value!r}, no {kind}"]
