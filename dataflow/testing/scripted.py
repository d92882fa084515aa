"""A serving that answers by a script: for tests of operators, without a model, a key or a network."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson

from dataflow.core import Request, RequestRefused, Response
from dataflow.serving.base import ServingBase

Reply = str | Mapping[str, Any] | Sequence[Any] | Response | Exception
"""Text; an object or a list, which becomes its JSON; a whole response; or an error of ours, which is raised."""


class ScriptedServing(ServingBase):
    """Answers every request as a script says, and keeps what it was asked.

    Args:
        script: text, a response or an error: the reply to everything. A list of replies: one after the other, in the
            order in which requests come. An object of replies: the first whose name, a regular expression, is found in
            the words of the request. Or a function of the request.
        settings: of every serving, as `max_workers` and `patience`. It asks again what failed with a TransientError,
            as every serving does.

    Raises (from an answer):
        RequestRefused: the script has no reply to a request.
    """

    def __init__(
        self,
        script: str | Response | Exception | list[Reply] | Mapping[str, Reply] | Callable[[Request], Reply],
        **settings: Any,
    ) -> None:
        super().__init__(**settings)
        self.script = script
        self.requests: list[Request] = []

    @property
    def identity(self) -> Mapping[str, Any]:
        return {"serving": "scripted", "model": "scripted"}

    async def generate(self, request: Request) -> Response:
        self.requests.append(request)
        reply = self._reply(request)
        if isinstance(reply, Exception):
            raise reply
        if isinstance(reply, Response):
            return replace(reply, model=reply.model or "scripted")
        return Response(reply if isinstance(reply, str) else orjson.dumps(reply).decode(), model="scripted")

    def _reply(self, request: Request) -> Reply:
        script = self.script
        if isinstance(script, str | Response | Exception):
            return script
        if isinstance(script, list):
            if len(self.requests) <= len(script):
                reply: Reply = script[len(self.requests) - 1]
                return reply
            return RequestRefused(f"the script has {len(script)} replies, and this is request {len(self.requests)}")
        if isinstance(script, Mapping):
            text = "\n".join(message.text for message in request.messages)
            for pattern, reply in script.items():
                if re.search(pattern, text):
                    return reply
            return RequestRefused(f"the script has no reply to {text[:200]!r}")
        return script(request)
