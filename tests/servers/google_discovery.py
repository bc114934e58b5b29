"""Google's own description of its APIs (the discovery documents that google-api-python-client carries), to check requests and replies by.

What the description does not know is a deviation: an unknown path, parameter or key, a wrong type, a word that is not in an enum.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from servers import processes

_SCALARS: Mapping[str, type | tuple[type, ...]] = {"string": str, "boolean": bool, "integer": int, "number": (int, float)}


@dataclass(frozen=True)
class Method:
    """One method: its own description, those of its parameters, and what its path said."""

    id: str
    said: Mapping[str, Any]
    parameters: Mapping[str, Mapping[str, Any]]
    named: Mapping[str, str]


class Description:
    """One API's discovery document."""

    def __init__(self, name: str) -> None:
        found = importlib.util.find_spec("googleapiclient")
        if found is None or found.origin is None:
            raise processes.Missing("needs googleapiclient: pip install google-api-python-client")
        self._said = json.loads((Path(found.origin).parent / "discovery_cache" / "documents" / f"{name}.json").read_text("utf-8"))
        self._methods = list(_methods(self._said["resources"]))
        self.batch_path = "/" + self._said["batchPath"]

    def method(self, verb: str, path: str) -> Method | None:
        """The method that a request means."""
        for said in self._methods:
            whole = "/" + self._said["servicePath"] + said.get("flatPath", said["path"])
            found = re.fullmatch(re.sub(r"\{\+?(\w+)\}", r"(?P<\1>[^/]+)", whole), path)
            if found and said["httpMethod"] == verb:
                known = {**self._said["parameters"], **said.get("parameters", {})}
                return Method(said["id"], said, known, {k: unquote(v) for k, v in found.groupdict().items()})
        return None

    def wrong_request(self, method: Method, query: Mapping[str, list[str]], body: object) -> Iterator[str]:
        """What is wrong with a request."""
        for name, values in query.items():
            known = method.parameters.get(name)
            if known is None or known.get("location") == "path":
                yield f"{method.id} has no parameter {name}"
                continue
            if len(values) > 1 and not known.get("repeated"):
                yield f"{method.id}: {name} may be given once"
            for value in values:
                yield from _wrong_parameter(f"{method.id}: {name}", known, value)
        wanted = method.said.get("request")
        if wanted is None and body is not None:
            yield f"{method.id} takes no body"
        elif wanted is not None:
            yield from self._wrong(wanted, body, method.id)

    def wrong_reply(self, method: Method, body: object) -> Iterator[str]:
        """What is wrong with a reply that is no error."""
        if "response" in method.said:
            yield from self._wrong(method.said["response"], body, f"the reply to {method.id}")

    def _wrong(self, schema: Mapping[str, Any], value: object, where: str) -> Iterator[str]:
        if "$ref" in schema:
            schema = self._said["schemas"][schema["$ref"]]
        kind = schema.get("type", "any")
        if kind == "object":
            yield from self._wrong_object(schema, value, where)
        elif kind == "array":
            if not isinstance(value, list):
                yield f"{where} is no list"
                return
            for number, one in enumerate(value):
                yield from self._wrong(schema["items"], one, f"{where}[{number}]")
        elif kind in _SCALARS:
            yield from _wrong_scalar(schema, value, where)

    def _wrong_object(self, schema: Mapping[str, Any], value: object, where: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{where} is no object"
            return
        for name, inner in value.items():
            known = schema.get("properties", {}).get(name) or schema.get("additionalProperties")
            if known is None:
                yield f"{where} has no {name}"
            else:
                yield from self._wrong(known, inner, f"{where}.{name}")


@functools.cache
def gmail() -> Description:
    return Description("gmail.v1")


@functools.cache
def calendar() -> Description:
    return Description("calendar.v3")


def _methods(resources: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for resource in resources.values():
        yield from resource.get("methods", {}).values()
        yield from _methods(resource.get("resources", {}))


def _wrong_scalar(schema: Mapping[str, Any], value: object, where: str) -> Iterator[str]:
    kind = schema["type"]
    if not isinstance(value, _SCALARS[kind]) or (kind == "integer" and isinstance(value, bool)):
        yield f"{where} is {value!r}, no {kind}"
    elif schema.get("format") in {"int64", "uint64"} and not re.fullmatch(r"-?\d+", str(value)):
        yield f"{where} is {value!r}, no number"
    elif "enum" in schema and value not in schema["enum"]:
        yield f"{where} is {value!r}, none of {schema['enum']}"


def _wrong_parameter(where: str, known: Mapping[str, Any], value: str) -> Iterator[str]:
    if known["type"] == "boolean" and value not in {"true", "false"}:
        yield f"{where} is {value!r}, no boolean"
    elif known["type"] == "integer" and not re.fullmatch(r"\d+", value):
        yield f"{where} is {value!r}, no number"
    elif "enum" in known and value not in known["enum"]:
        yield f"{where} is {value!r}, none of {known['enum']}"
    elif int(known.get("maximum", 10**9)) < (int(value) if value.isdecimal() and known["type"] == "integer" else 0):
        yield f"{where} is {value}, more than is allowed"
