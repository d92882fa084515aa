"""A valid instance for a JSON schema, as an endpoint with structured output gives it. No model: strings are made up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any


def instance_of(schema: Mapping[str, Any], subject: str, items: int = 2) -> Any:
    """Build a value that is valid for a schema.

    Knows what pydantic writes: `$ref`, `anyOf`, `oneOf`, `allOf`, `enum`, `const`, `default` ignored, the types and
    their bounds; not `pattern`, `format` and `patternProperties`.

    Args:
        schema: the JSON schema.
        subject: what strings speak about; every string is different.
        items: length of arrays, within the bounds of their schema.
    """
    return _Builder(schema, subject, items).build(schema, "value")


class _Builder:
    def __init__(self, root: Mapping[str, Any], subject: str, items: int) -> None:
        self.root = root
        self.subject = subject
        self.items = items
        self.numbers: Iterator[int] = count(1)

    def build(self, schema: Mapping[str, Any], name: str) -> Any:
        if "$ref" in schema:
            return self.build(self._resolve(schema["$ref"]), name)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return schema["enum"][0]
        for union in ("anyOf", "oneOf", "allOf"):
            if union in schema:
                return self.build(schema[union][0], name)
        kind = schema.get("type", "object" if "properties" in schema else "string")
        kind = kind[0] if isinstance(kind, list) else kind
        return getattr(self, f"_{kind}")(schema, name)

    def _resolve(self, pointer: str) -> Mapping[str, Any]:
        node: Any = self.root
        for key in pointer.removeprefix("#/").split("/"):
            node = node[key.replace("~1", "/").replace("~0", "~")]
        found: Mapping[str, Any] = node
        return found

    def _object(self, schema: Mapping[str, Any], name: str) -> dict[str, Any]:
        return {key: self.build(child, key) for key, child in schema.get("properties", {}).items()}

    def _array(self, schema: Mapping[str, Any], name: str) -> list[Any]:
        if "prefixItems" in schema:
            return [self.build(child, name) for child in schema["prefixItems"]]
        length = min(max(self.items, schema.get("minItems", 0)), schema.get("maxItems", max(self.items, 10**6)))
        return [self.build(schema.get("items", {}), name) for _ in range(length)]

    def _string(self, schema: Mapping[str, Any], name: str) -> str:
        text = f"{name} {next(self.numbers)} of {self.subject}"
        return text.ljust(schema.get("minLength", 0), ".")[: schema.get("maxLength", 10**6)]

    def _integer(self, schema: Mapping[str, Any], name: str) -> int:
        low = schema.get("minimum", schema.get("exclusiveMinimum", -1) + 1)
        high = schema.get("maximum", schema.get("exclusiveMaximum", low + 2) - 1)
        step = schema.get("multipleOf", 1)
        return int(min(-(-max(low, min(1, high)) // step) * step, high))

    def _number(self, schema: Mapping[str, Any], name: str) -> float:
        low = schema.get("minimum", schema.get("exclusiveMinimum", 0.0))
        high = schema.get("maximum", schema.get("exclusiveMaximum", low + 1.0))
        return float(low + high) / 2

    def _boolean(self, schema: Mapping[str, Any], name: str) -> bool:
        return True

    def _null(self, schema: Mapping[str, Any], name: str) -> None:
        return None
