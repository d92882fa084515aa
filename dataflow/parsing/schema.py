"""A model's text as an instance of a pydantic model: parsed, keys folded, validated, complete records kept."""

from __future__ import annotations

import enum
import types
import typing
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin

from dataflow.core.errors import AnswerError
from dataflow.parsing.json_text import json_values
from dataflow.parsing.names import FOLDED, fold
from dataflow.parsing.pair import QAPair
from dataflow.parsing.qa_text import as_lines as as_lines_of_text
from dataflow.parsing.qa_text import as_text, nothing_found, pairs_in_text, prepare
from dataflow.parsing.special_tokens import without_special_tokens

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

_ROUNDS = 8
_SHOWN = 3


def validate(text: str, model: type[BaseModel], truncated: bool = False) -> BaseModel:
    """The instance that a model's text stands for.

    Keys are matched to the model's fields and aliases with case, punctuation and the usual other names folded. A bare
    list, or records in a row, become the model's list field when it has exactly one. Where the model has a list field,
    records that are incomplete or invalid are left out as long as a valid one remains.

    Args:
        text: what the model printed.
        model: the schema.
        truncated: True when the token limit cut the text off: then a record that was not closed is not whole.

    Raises:
        RefusedAnswer: there is no JSON in it, and the model declines.
        AnswerError: no valid instance can be made of it. The message is short and names the places, so that it can be
            shown to a model: `qa[0].answer: field required`.
    """
    body = prepare(text)
    values = json_values(body, cut=truncated) or _as_records(body, model)
    if not values:
        raise nothing_found(text, body, "JSON", cut=truncated)
    problems = []
    for value in _candidates(values, model):
        instance, problem = _validate(_fold(value, model), model, truncated)
        if instance is not None:
            return instance
        problems.append(problem)
    raise AnswerError(min(problems, key=len), raw=text)


def _candidates(values: list[Any], model: type[BaseModel]) -> list[Any]:
    """What may be meant: one of the values, or all of them as the records of the model's only list."""
    field = _only_list(model)
    found: list[Any] = []
    for value in sorted(values, key=lambda value: not isinstance(value, dict)):
        if isinstance(value, dict):
            found.append(_unwrapped(value, model))
        elif field is None and isinstance(value, list):
            found += [item for item in value[:3] if isinstance(item, dict)]
    if field is not None:
        items = [item for value in values for item in (value if isinstance(value, list) else [value])]
        if len(values) > 1 or isinstance(values[0], list):
            found.insert(0 if not _knows(found, model) else len(found), {field: items})
        elif found and not _knows(found, model):
            found = [{field: items}, *found]
    return found or [values[0]]


def _knows(found: list[Any], model: type[BaseModel]) -> bool:
    names = _names(model)
    return any(fold(str(key)) in names for value in found if isinstance(value, dict) for key in value)


def _unwrapped(value: dict[str, Any], model: type[BaseModel]) -> Any:
    """`{"result": {..}}` as what it wraps, and `{"pairs": [..]}` under the name of the model's only list field."""
    names = _names(model)
    while (
        len(value) == 1
        and isinstance(inner := next(iter(value.values())), dict)
        and fold(next(iter(value))) not in names
    ):
        value = inner
    field = _only_list(model)
    if field and not any(names.get(fold(str(key))) == field for key in value):
        lists = [key for key, inner in value.items() if isinstance(inner, list) and fold(str(key)) not in names]
        if len(lists) == 1:
            return {field if key == lists[0] else key: inner for key, inner in value.items()}
    return value


def _validate(value: Any, model: type[BaseModel], truncated: bool) -> tuple[BaseModel | None, str]:
    from pydantic import ValidationError

    problem = ""
    for _ in range(_ROUNDS):
        try:
            instance = model.model_validate(value)
        except ValidationError as error:
            problem = problem or _message(error)
            if not _drop_invalid(value, error):
                return None, problem
            continue
        lists = [name for name in model.model_fields if isinstance(getattr(instance, name), list)]
        if (problem or truncated) and lists and not any(getattr(instance, name) for name in lists):
            return None, problem or f"{lists[0]}: cut off by the token limit before its first record was complete"
        return instance, ""
    return None, problem


def _drop_invalid(value: Any, error: ValidationError) -> bool:
    """Take the list items out in which the errors lie; False when an error lies outside every list."""
    doomed: dict[tuple[Any, ...], set[int]] = {}
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        place = problem["loc"]
        depth = next((at for at in range(len(place) - 1, -1, -1) if isinstance(place[at], int)), None)
        if depth is None:
            return False
        doomed.setdefault(place[:depth], set()).add(typing.cast(int, place[depth]))
    dropped = False
    for path, indices in doomed.items():
        items = value
        for step in path:
            try:
                items = items[step]
            except (KeyError, IndexError, TypeError):
                return False
        if not isinstance(items, list):
            return False
        items[:] = [item for index, item in enumerate(items) if index not in indices]
        dropped = True
    return dropped


def _message(error: ValidationError) -> str:
    problems = error.errors(include_url=False, include_context=False, include_input=False)
    told = [f"{_place(problem['loc'])}: {_words(problem['msg'])}" for problem in problems[:_SHOWN]]
    more = f"; and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
    return "; ".join(told) + more


def _words(message: str) -> str:
    message = message.removeprefix("Value error, ")
    return (message[:1].lower() + message[1:])[:150]


def _place(location: tuple[int | str, ...]) -> str:
    place = ""
    for step in location:
        place += f"[{step}]" if isinstance(step, int) else f".{step}" if place else step
    return place or "the answer"


@lru_cache(maxsize=256)
def _names(model: type[BaseModel]) -> dict[str, str]:
    """Every folded name under which a field may come -> the name under which pydantic takes it."""
    exact: dict[str, str] = {}
    loose: dict[str, str] = {}
    by_name = bool(model.model_config.get("populate_by_name") or model.model_config.get("validate_by_name"))
    for name, field in model.model_fields.items():
        alias = field.validation_alias or field.alias
        choices = getattr(alias, "choices", [alias])
        aliases = [choice for choice in choices if isinstance(choice, str)]
        taken = name if by_name or not aliases else aliases[0]
        for known in (name, *aliases):
            exact.setdefault(fold(known), taken)
        for names in FOLDED.values():
            if fold(name) in names or any(fold(known) in names for known in aliases):
                for other in names:
                    loose.setdefault(other, taken)
    return loose | exact


@lru_cache(maxsize=256)
def _annotations(model: type[BaseModel]) -> dict[str, Any]:
    """What each field holds, by the name under which pydantic takes it."""
    names = _names(model)
    return {names[fold(name)]: field.annotation for name, field in model.model_fields.items()}


def _fold(value: Any, kind: Any) -> Any:
    """The value with its keys under the names that its type wants, and scalars as text where text is wanted."""
    if _is_model(kind):
        if not isinstance(value, dict):
            return value
        names = _names(kind)
        types_of = _annotations(kind)
        folded: dict[str, Any] = {}
        for key, inner in value.items():
            name = str(key) if key in types_of else names.get(fold(str(key)), str(key))
            if name not in folded or key == name:
                folded[name] = _fold(inner, types_of.get(name))
        return folded
    origin, inside = get_origin(kind), get_args(kind)
    if origin in {Union, types.UnionType}:
        members = [member for member in inside if member is not type(None)]
        return _fold(value, members[0]) if len(members) == 1 and value is not None else value
    if origin is typing.Annotated:
        return _fold(value, inside[0])
    if origin in {list, set, tuple, typing.Sequence} or kind is list:
        items = list(value.values()) if isinstance(value, dict) and _all_objects(value) else value
        return [_fold(item, inside[0] if inside else None) for item in items] if isinstance(items, list) else value
    if origin is dict and isinstance(value, dict) and len(inside) == 2:
        return {key: _fold(inner, inside[1]) for key, inner in value.items()}
    return _scalar(value, kind, inside if origin is typing.Literal else ())


def _scalar(value: Any, kind: Any, literals: tuple[Any, ...]) -> Any:
    if kind is str and value is not None:
        return without_special_tokens(value) if isinstance(value, str) else as_text(value)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        literals = tuple(member.value for member in kind)
    if literals and isinstance(value, str):
        return next((literal for literal in literals if fold(str(literal)) == fold(value)), value)
    return value


def _all_objects(value: dict[str, Any]) -> bool:
    return bool(value) and all(isinstance(inner, dict) for inner in value.values())


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and hasattr(kind, "model_fields")


def _only_list(model: type[BaseModel]) -> str | None:
    lists = [name for name, field in model.model_fields.items() if _item_type(field.annotation) is not None]
    return lists[0] if len(lists) == 1 else None


def _item_type(kind: Any) -> Any:
    """What a list field holds; None when the type is no list."""
    origin, inside = get_origin(kind), get_args(kind)
    if origin in {Union, types.UnionType}:
        return next((item for member in inside if (item := _item_type(member)) is not None), None)
    if origin is typing.Annotated:
        return _item_type(inside[0])
    if origin in {list, typing.Sequence}:
        return inside[0]
    return Any if kind is list else None


def _as_records(body: str, model: type[BaseModel]) -> list[Any]:
    """The pairs of a text that is no JSON, where the model is a list of pairs: [[{..}, ..]], or nothing."""
    field = _only_list(model)
    item: Any = _item_type(model.model_fields[field].annotation) if field else None
    if not _is_model(item):
        return []
    names = {fold(name) for name in item.model_fields}
    if not (names & FOLDED["question"] and names & FOLDED["answer"]):
        return []
    pairs = [located.pair for located in pairs_in_text(as_lines_of_text(body))]
    return [[_as_record(pair) for pair in pairs]] if pairs else []


def _as_record(pair: QAPair) -> dict[str, Any]:
    record = {"question": pair.question, "answer": pair.answer}
    return record | {"label": pair.label} if pair.label else record
