"""Microsoft's published schema of Exchange Web Services, held against every request and every reply of a test."""

from __future__ import annotations

import functools
import re
from typing import Any

from paths import SHARED

FOLDER = SHARED / "data" / "ews-schema"
NAMES = {
    "s": "http://schemas.xmlsoap.org/soap/envelope/",
    "m": "http://schemas.microsoft.com/exchange/services/2006/messages",
    "t": "http://schemas.microsoft.com/exchange/services/2006/types",
}
# The schema names xml:lang without saying where it is declared.
_LANG = (
    '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/XML/1998/namespace">'
    '<xs:attribute name="lang" type="xs:language"/></xs:schema>'
)
# libxml2 takes each of these for the head of all four, and then the sequence for ambiguous. Nothing here has a transition.
_AMBIGUOUS = re.compile(r'<xs:element ref="t:(?:AbsoluteDate|RecurringDay|RecurringDate)Transition"[^>]*/>')
_IMPORT = '<xs:import namespace="http://www.w3.org/XML/1998/namespace"'


def there() -> bool:
    """Whether the schema lies beside the repository."""
    return (FOLDER / "messages.xsd").is_file()


def deviations(body: Any) -> list[str]:
    """What is wrong with the contents of a SOAP body; nothing where they are as the schema has them."""
    schema = _schema()
    if schema.validate(body):
        return []
    return [f"line {error.line}: {error.message}" for error in schema.error_log][:5]


@functools.cache
def _schema() -> Any:
    from lxml import etree

    class Beside(etree.Resolver):  # type: ignore[misc]  # lxml comes without types
        def resolve(self, url: str, _id: str, context: Any) -> Any:
            if url.endswith("types.xsd"):
                types = _AMBIGUOUS.sub("", (FOLDER / "types.xsd").read_text(encoding="utf-8-sig"))
                return self.resolve_string(
                    types.replace(_IMPORT, f'{_IMPORT} schemaLocation="lang.xsd"', 1), context, base_url=url
                )
            if url.endswith("lang.xsd"):
                return self.resolve_string(_LANG, context)
            return None

    parser = etree.XMLParser()
    parser.resolvers.add(Beside())
    return etree.XMLSchema(etree.parse(str(FOLDER / "messages.xsd"), parser))
