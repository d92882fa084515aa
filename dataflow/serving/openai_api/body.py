"""A request as the bytes of a chat completions body. Media are joined in as they are, never run through an encoder."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import orjson
from pybase64 import b64encode

from dataflow.core import Message, Request, TextPart
from dataflow.core.message import Part

if TYPE_CHECKING:
    from pydantic import BaseModel

Content = list[dict[str, Any]]

_STRICT = ("type", "enum", "const", "description")
"""Keywords that every provider's strict mode takes as they are; bounds and patterns are checked on the answer."""

_NOT_STRICT = frozenset({"allOf", "oneOf", "not", "if", "prefixItems", "patternProperties", "dependentSchemas"})
_REFUSALS = (b"response_format", b"response format", b"schema", b"structured", b"guided", b"grammar")


def data_url(mime: str, data: bytes) -> orjson.Fragment:
    """Bytes as a JSON string holding a data URL; base64 needs no escaping, so nothing reads it again."""
    return orjson.Fragment(b'"data:' + mime.encode() + b";base64," + b64encode(data) + b'"')


def image_content(mime: str, data: bytes, detail: str | None = None) -> Content:
    """An image as a content part; `detail` is sent only when set, for some endpoints know none."""
    image: dict[str, Any] = {"url": data_url(mime, data)}
    return [{"type": "image_url", "image_url": image | ({"detail": detail} if detail else {})}]


def frames_content(
    times: Sequence[float], frames: Sequence[bytes], duration: float, detail: str | None = None
) -> Content:
    """A video as its frames, each announced with its time, so that the model knows when things happen.

    Args:
        times: seconds from the start of the video, one per frame.
        frames: JPEG files.
        duration: seconds.
        detail: how closely the frames are looked at.
    """
    content: Content = [{"type": "text", "text": f"A video of {duration:.2f} seconds, shown as {len(frames)} frames:"}]
    for time, frame in zip(times, frames, strict=True):
        content.append({"type": "text", "text": f"[{time:.2f} s]"})
        content += image_content("image/jpeg", frame, detail)
    return content


def video_content(mime: str, data: bytes) -> Content:
    """A video as one `video_url`, for endpoints that sample frames themselves (vLLM)."""
    return [{"type": "video_url", "video_url": {"url": data_url(mime, data)}}]


def chat_body(model: str, request: Request, media: Mapping[Part, Content], params: Mapping[str, Any]) -> bytes:
    """The body of `POST /chat/completions`.

    Args:
        model: the model's name at the endpoint.
        request: the question.
        media: the content parts of each image and video of the request.
        params: generation parameters; those that are None are not sent, `extra_body` is merged in. That no stream is
            wanted is said, because some gateways send one otherwise.
    """
    fields = {name: value for name, value in params.items() if value is not None and name != "extra_body"}
    messages = [_message(message, media) for message in request.messages]
    body: dict[str, Any] = {"model": model, "messages": messages, "stream": False, **fields}
    body.update(params.get("extra_body") or {})
    return orjson.dumps(body)


@lru_cache(maxsize=64)
def response_format(schema: type[BaseModel]) -> bytes:
    """The field of a body, as JSON, that asks an endpoint to hold the answer to a schema.

    Strict where the schema can be: there every property is required, objects are closed, and only `anyOf`, references
    and enumerations are left of the keywords, the common ground of OpenAI's, vLLM's and other providers' strict modes
    (OpenAI, "Structured model outputs", supported schemas). Free dictionaries, tuples and `Any` cannot be strict.
    """
    whole = schema.model_json_schema()
    stated: dict[str, Any] = {"name": re.sub(r"[^\w-]", "_", schema.__name__, flags=re.ASCII)[:64], "schema": whole}
    try:
        stated |= {"schema": _strict(whole), "strict": True}
    except ValueError:
        pass
    return orjson.dumps({"type": "json_schema", "json_schema": stated})


def with_fields(body: bytes, fields: Mapping[str, bytes]) -> bytes:
    """A body with further fields, given as JSON, put in; joined, because the body may hold megabytes of media."""
    if not fields:
        return body
    return b"".join((body[:-1], *(b',"%b":%b' % (name.encode(), value) for name, value in fields.items()), b"}"))


def refuses_response_format(status: int, reply: bytes) -> bool:
    """Whether an endpoint seems to refuse a request because it does not know response formats, or not this schema.

    Some say so with a server error, as when their grammar compiler gives up.
    """
    return status in (400, 422, 500, 501) and any(word in reply.lower() for word in _REFUSALS)


def _strict(node: Mapping[str, Any]) -> dict[str, Any]:
    """A part of a JSON schema for strict mode.

    Raises:
        ValueError: it cannot be put so.
    """
    if "$ref" in node:
        return {"$ref": node["$ref"]}
    kept = {name: node[name] for name in _STRICT if name in node}
    if node.get("type") == "object":
        if "properties" not in node or node.get("additionalProperties"):
            raise ValueError("an object of any properties")
        kept["properties"] = {name: _strict(child) for name, child in node["properties"].items()}
        kept |= {"required": list(node["properties"]), "additionalProperties": False}
    if node.get("type") == "array":
        kept["items"] = _strict(node.get("items", {}))
    if "anyOf" in node:
        kept["anyOf"] = [_strict(choice) for choice in node["anyOf"]]
    if "$defs" in node:
        kept["$defs"] = {name: _strict(child) for name, child in node["$defs"].items()}
    if _NOT_STRICT & node.keys() or not kept.keys() - {"description"}:
        raise ValueError("a part that may be anything, or one of several at once")
    return kept


def _message(message: Message, media: Mapping[Part, Content]) -> dict[str, Any]:
    if all(isinstance(part, TextPart) for part in message.parts):
        return {"role": message.role, "content": message.text}
    content: Content = []
    for part in message.parts:
        content += [{"type": "text", "text": part.text}] if isinstance(part, TextPart) else media[part]
    return {"role": message.role, "content": content}
