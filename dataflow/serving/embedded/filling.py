"""Fills any pydantic schema with what was measured, by walking its JSON schema."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson
from pydantic import BaseModel

from dataflow.serving.embedded.questions import Pair

_QUESTIONS = ("question", "query", "problem")
_ANSWERS = ("answer", "response", "solution")
_TOPICS = ("label", "type", "category", "dimension", "aspect", "topic", "kind", "skill")
_ARTICLES = ("article", "context", "passage", "background", "body", "document")
_EXPERTS = {
    "role": "Analyst of light, colour and motion",
    "name": "Analyst of light, colour and motion",
    "expert": "Analyst of light, colour and motion",
    "subtask": "Ask about what can be measured: light, colour, motion and time.",
    "task": "Ask about what can be measured: light, colour, motion and time.",
    "reason": "It was measured.",
    "title": "Light, colour, motion and time",
}

_DEEPEST = 12
"""A schema that refers to itself is cut off here; its optional parts are left out long before."""


@dataclass(slots=True)
class Material:
    """What a schema is filled with.

    Args:
        pairs: question-answer pairs, to be used once each.
        count: pairs asked for; None where no number was named.
        caption: all that is known, as one text.
        article: the same without speaking of a picture.
    """

    pairs: list[Pair]
    count: int | None
    caption: str
    article: str
    used: int = field(default=0)

    def next_pair(self) -> Pair | None:
        """The next pair that has not been used; None when there is no more."""
        if self.used >= len(self.pairs):
            return None
        self.used += 1
        return self.pairs[self.used - 1]


def fill(schema: type[BaseModel], material: Material) -> str:
    """A JSON text that the schema accepts, as far as there is something true to say."""
    whole = schema.model_json_schema()
    return orjson.dumps(_Filler(whole.get("$defs", {}), material).value(whole, "", None, 0)).decode()


class _Filler:
    """Walks one schema."""

    def __init__(self, definitions: dict[str, Any], material: Material) -> None:
        self._definitions = definitions
        self._material = material

    def value(self, node: dict[str, Any], name: str, pair: Pair | None, depth: int) -> Any:
        """What stands at a place of the schema.

        Args:
            node: the schema of the place.
            name: the field's name.
            pair: the pair whose record this is in.
            depth: how deep the place is nested.
        """
        node = self._resolved(node)
        if "const" in node:
            return node["const"]
        if "enum" in node:
            return _closest(node["enum"], pair)
        kind = node.get("type")
        if kind == "object" or "properties" in node:
            return self._record(node, pair, depth)
        if kind == "array":
            return self._list(node, name, pair, depth)
        if kind == "boolean":
            return True
        if kind in ("integer", "number"):
            return _within(node, self._material.count or 1)
        if kind == "null":
            return None
        return _fitted(self._text(name.lower(), pair), node)

    def _resolved(self, node: dict[str, Any]) -> dict[str, Any]:
        """The schema behind references, and the first choice that is not null."""
        for _ in range(_DEEPEST):
            if "$ref" in node:
                node = self._definitions.get(str(node["$ref"]).rsplit("/", 1)[-1], {})
            elif choices := node.get("anyOf") or node.get("oneOf") or node.get("allOf"):
                node = next((choice for choice in choices if choice.get("type") != "null"), choices[0])
            else:
                break
        return node

    def _record(self, node: dict[str, Any], pair: Pair | None, depth: int) -> dict[str, Any]:
        fields = node.get("properties", {})
        if _is_pair(fields) and pair is None:
            pair = self._material.next_pair()
        required = node.get("required", [])
        kept = fields if depth < _DEEPEST else {name: fields[name] for name in required if name in fields}
        return {name: self.value(schema, name, pair, depth + 1) for name, schema in kept.items()}

    def _list(self, node: dict[str, Any], name: str, pair: Pair | None, depth: int) -> list[Any]:
        item = self._resolved(node.get("items", {}))
        least, most = node.get("minItems", 0), node.get("maxItems", 10_000)
        if depth >= _DEEPEST:
            return []
        if _is_pair(item.get("properties", {})):
            count = min(max(self._material.count or 1, least), most)
            return [self.value(item, name, one, depth + 1) for one in self._take(count)]
        count = min(max(1, least), most)
        return [self.value(item, name, pair, depth + 1) for _ in range(count)]

    def _take(self, count: int) -> Iterator[Pair]:
        for _ in range(count):
            pair = self._material.next_pair()
            if pair is None:
                return
            yield pair

    def _text(self, name: str, pair: Pair | None) -> str:
        if pair is not None:
            for known, text in ((_QUESTIONS, pair.question), (_ANSWERS, pair.answer), (_TOPICS, pair.topic)):
                if any(word in name for word in known) or (known is not _TOPICS and name in (known[0][0], known[0])):
                    return text
        for known_name, text in _EXPERTS.items():
            if known_name in name:
                return text
        return self._material.article if any(word in name for word in _ARTICLES) else self._material.caption


def _is_pair(fields: dict[str, Any]) -> bool:
    names = [name.lower() for name in fields]
    return any(_one_of(name, _QUESTIONS) for name in names) and any(_one_of(name, _ANSWERS) for name in names)


def _one_of(name: str, known: tuple[str, ...]) -> bool:
    return name == known[0][0] or any(word in name for word in known)


def _closest(choices: list[Any], pair: Pair | None) -> Any:
    """The choice that shares most with what a pair is about; the first where none does."""
    topic = set((pair.topic if pair else "").lower().split())
    return max(choices, key=lambda choice: len(topic & set(str(choice).lower().replace("_", " ").split())))


def _within(node: dict[str, Any], value: float) -> float:
    low = node.get("minimum", node.get("exclusiveMinimum", value))
    high = node.get("maximum", node.get("exclusiveMaximum", value))
    return max(low, min(high, value)) if low <= high else value


def _fitted(text: str, node: dict[str, Any]) -> str:
    limit = node.get("maxLength")
    if limit is None or len(text) <= limit:
        return text
    end = text.rfind(". ", 0, limit)
    return text[: end + 1] if end > 0 else text[:limit]
