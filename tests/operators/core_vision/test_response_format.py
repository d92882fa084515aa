"""How a schema is stated to an endpoint, and how an answer is read back into it."""

from __future__ import annotations

import asyncio
from enum import Enum
from pathlib import Path
from typing import Any, Literal

import orjson
import pytest
from pydantic import BaseModel, Field

from dataflow.core import AnswerError, Message, Request, Response, TextPart
from dataflow.core.loop import run_blocking
from dataflow.operators.structured import in_schema
from dataflow.serving import APIVLMServing_openai
from dataflow.serving.openai_api.body import response_format
from tests.servers import ModelServer, start_server


class Mood(Enum):
    calm = "calm"
    wild = "wild"


class Inner(BaseModel):
    """Something inside."""

    count: int = Field(default=1, ge=0, le=9)
    mood: Mood | None = None


class Outer(BaseModel):
    name: str = Field(min_length=1, max_length=20, description="Who it is.")
    inner: Inner
    several: list[Inner] = Field(min_length=1)
    kind: Literal["a", "b"] = "a"


class Free(BaseModel):
    anything: dict[str, int]


class Loose(BaseModel):
    anything: Any


class Row(BaseModel):
    cells: tuple[int, str]


def stated(schema: type[BaseModel]) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(response_format(schema))["json_schema"]
    return found


def test_a_strict_schema_requires_all_closes_objects_and_states_no_bounds() -> None:
    found = stated(Outer)
    assert (found["name"], found["strict"]) == ("Outer", True)
    schema = found["schema"]
    assert schema["required"] == ["name", "inner", "several", "kind"] and schema["additionalProperties"] is False
    assert schema["properties"]["name"] == {"type": "string", "description": "Who it is."}
    assert schema["properties"]["several"] == {"type": "array", "items": {"$ref": "#/$defs/Inner"}}
    assert schema["properties"]["kind"]["enum"] == ["a", "b"]
    inner = schema["$defs"]["Inner"]
    assert inner["required"] == ["count", "mood"] and inner["additionalProperties"] is False
    assert inner["properties"]["count"] == {"type": "integer"}
    assert inner["properties"]["mood"] == {"anyOf": [{"$ref": "#/$defs/Mood"}, {"type": "null"}]}


@pytest.mark.parametrize("schema", [Free, Loose, Row])
def test_a_schema_that_cannot_be_strict_is_stated_as_it_is(schema: type[BaseModel]) -> None:
    assert stated(schema) == {"name": schema.__name__, "schema": schema.model_json_schema()}


def test_an_answer_in_any_health_becomes_an_instance_of_the_schema() -> None:
    text = "Here you are:\n```json\n{'Name': 'Ann', inner: {count: 2,}, 'several': [{'count': 3}], // done\n}\n```"
    found = in_schema(Outer)(Response(text))
    assert isinstance(found, Outer)
    assert (found.name, found.inner.count, found.several[0].count) == ("Ann", 2, 3)


def test_what_an_answer_lacks_is_said_with_its_place() -> None:
    with pytest.raises(AnswerError, match=r"inner: field required"):
        in_schema(Outer)(Response('{"name": "Ann", "several": [{"count": 1}]}'))


def ask(serving: APIVLMServing_openai, schema: type[BaseModel], count: int = 1) -> list[Response]:
    async def all_of_them() -> list[Response]:
        words = (f"Number {number}" for number in range(count))
        requests = (Request((Message("user", (TextPart(word),)),), schema=schema) for word in words)
        return await asyncio.gather(*(serving.answer(request) for request in requests))

    return run_blocking(all_of_them())


def formats(server: ModelServer) -> list[bool]:
    return ["response_format" in request["params"] for request in server.requests()]


def test_what_one_endpoint_refuses_is_still_stated_to_the_other(model_server: ModelServer) -> None:
    model_server.configure(refuse_params=("response_format",), latency=0.02)
    with start_server(answer="qa", latency=0.02) as other:
        both = APIVLMServing_openai([model_server.url, other.url], model_name="m", max_workers=4)
        assert len(ask(both, Inner, 40)) == 40
        refusing, taking = formats(model_server), formats(other)
    assert 1 <= refusing.count(True) <= 4 < refusing.count(False)
    assert taking.count(True) > 4 and not taking.count(False)


def test_one_refused_schema_does_not_take_the_others_away(model_server: ModelServer, tmp_path: Path) -> None:
    serving = APIVLMServing_openai(model_server.url, model_name="m")
    model_server.configure(refuse_params=("response_format",))
    ask(serving, Free)
    model_server.configure(refuse_params=())
    ask(serving, Inner)
    ask(serving, Free)
    assert formats(model_server) == [True, False, True, False]


def test_a_format_that_the_user_puts_into_the_body_is_not_overruled(model_server: ModelServer) -> None:
    own = {"response_format": {"type": "json_object"}}
    ask(APIVLMServing_openai(model_server.url, model_name="m", extra_body=own), Inner)
    (request,) = model_server.requests()
    assert request["params"]["response_format"] == {"type": "json_object"}
