"""The ledger key: a digest of everything that changes an answer, and of nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import orjson

from dataflow.core import LLMServingABC, Message, Request, TextPart, VideoPart
from dataflow.core.message import Part
from dataflow.media import MEDIA_VERSION

if TYPE_CHECKING:
    from pydantic import BaseModel


def request_key(serving: LLMServingABC, request: Request, digests: Mapping[Part, str]) -> bytes:
    """The 16-byte key of a question.

    Two requests have the same key exactly when a model would be asked the same thing in the same way: the same serving
    identity, messages, media contents, sampling plans, media processing, generation parameters, schema and ordinal.

    Args:
        serving: who would answer.
        request: the question.
        digests: the content digest of each image and video in it.
    """
    params = {**serving.params, **request.params}
    asked = {
        "serving": dict(serving.identity),
        "messages": [[message.role, _parts(message, digests)] for message in request.messages],
        "params": {name: value for name, value in params.items() if value is not None},
        "schema": schema_of(request),
        "ordinal": request.ordinal,
        "media": MEDIA_VERSION if digests else 0,
    }
    return blake2b(
        orjson.dumps(asked, option=orjson.OPT_SORT_KEYS | orjson.OPT_SERIALIZE_NUMPY), digest_size=16
    ).digest()


def _parts(message: Message, digests: Mapping[Part, str]) -> list[Any]:
    described: list[Any] = []
    for part in message.parts:
        if isinstance(part, TextPart):
            described.append(part.text)
        elif isinstance(part, VideoPart):
            described.append({"video": digests[part], "sampling": part.sampling})
        else:
            described.append({"image": digests[part]})
    return described


def schema_of(request: Request) -> dict[str, Any] | None:
    """The JSON schema of the answer a request wants, or None."""
    return None if request.schema is None else _schema(request.schema)


@lru_cache(maxsize=64)
def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema()
