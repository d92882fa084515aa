"""Any endpoint that speaks the OpenAI chat completions protocol."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from numbers import Integral, Real
from typing import Any

import orjson

from dataflow.core import DataFlowError, Request, Response, UsageError
from dataflow.media.image_limits import MAX_IMAGE_PIXELS, SENT_FORMATS, ImageLimits, check_formats, checked_pixels
from dataflow.media.tokens.text import text_tokens
from dataflow.serving.base import ServingBase
from dataflow.serving.openai_api.address import chosen_addresses
from dataflow.serving.openai_api.body import chat_body, refuses_response_format, response_format, with_fields
from dataflow.serving.openai_api.certificates import check_ca_bundle
from dataflow.serving.openai_api.connection import Connection
from dataflow.serving.openai_api.headers import check_headers
from dataflow.serving.openai_api.media import Sizes, content_of
from dataflow.serving.openai_api.refusal import Asked, error_of
from dataflow.serving.openai_api.reply import read_answer

_log = logging.getLogger(__name__)

DETAILS = ("low", "high", "auto", "original")
"""OpenAI's guide "Images and vision", "Specify image input detail level"."""

LIMIT, NEW_LIMIT = "max_tokens", "max_completion_tokens"


class APIVLMServing_openai(ServingBase):
    """Answers requests through an OpenAI-compatible API: OpenAI, vLLM, SGLang, Ollama, a gateway.

    The schema of a request is sent along as `response_format`, but to an endpoint that has refused it.

    Args:
        api_url: the base address (`http://host/v1`) or the full one (`.../chat/completions`); or several, of which
            the least loaded is asked and a dead one is left out until it is back. None takes `OPENAI_BASE_URL`, and
            without that OpenAI's own.
        key_name_of_api_key: the environment variable that holds the key. It is read when a request is sent and kept
            nowhere. Without it `OPENAI_API_KEY` is taken; endpoints on this machine or a private network need none.
        model_name: the model, as the endpoint names it.
        max_workers: requests in flight at most.
        timeout: seconds until a request without an answer is given up and asked again.
        patience: seconds for which one request is asked again before its sample fails.
        temperature: 0 to 2; like all generation parameters sent only when set.
        top_p: 0 to 1.
        max_tokens: the longest answer, in tokens. Sent as `max_completion_tokens` to endpoints that want that.
        seed: makes sampling repeatable where the endpoint supports it.
        extra_body: further fields of the request body.
        video_as: `frames`, each with its time, or `video_url` for endpoints that sample videos themselves.
        max_side: the longer side of images, in pixels; larger ones are scaled down.
        video_max_side: the same for the frames of videos.
        requests_per_minute: how many may be asked in any minute; None leaves that to the endpoint.
        tokens_per_minute: likewise for tokens, those of images estimated.
        detail: how closely images are looked at: `low`, `high`, `auto` or `original`. None leaves it to the endpoint.
        headers: further ones of every request; `$NAME` in a value stands for an environment variable. Values are
            written nowhere.
        ca_bundle: a file of certificates (PEM) of the authorities that are trusted beside the system's.
        image_formats: of `jpeg`, `png` and `webp`, those that the endpoint reads. Images in others are re-encoded.
        max_image_pixels: an image of more is read at reduced scale where its format can, and fails otherwise.

    Raises:
        UsageError: `api_url` is no http address, or an argument is out of its range.
    """

    def __init__(
        self,
        api_url: str | Sequence[str] | None = None,
        key_name_of_api_key: str = "DF_API_KEY",
        model_name: str = "gpt-4o",
        max_workers: int = 64,
        timeout: float = 120.0,
        patience: float = 900.0,
        temperature: float | None = None,
        top_p: float | None = None,
        max_tokens: int | None = None,
        seed: int | None = None,
        extra_body: Mapping[str, Any] | None = None,
        video_as: str = "frames",
        max_side: int = 2048,
        video_max_side: int = 448,
        requests_per_minute: float | None = None,
        tokens_per_minute: float | None = None,
        detail: str | None = None,
        headers: Mapping[str, str] | None = None,
        ca_bundle: str | None = None,
        image_formats: str | Sequence[str] = SENT_FORMATS,
        max_image_pixels: int = MAX_IMAGE_PIXELS,
    ) -> None:
        super().__init__(max_workers, patience, requests_per_minute, tokens_per_minute)
        _check_choice("video_as", video_as, ("frames", "video_url"))
        _check_choice("detail", detail, DETAILS)
        _check_range("temperature", temperature, 0)
        _check_range("top_p", top_p, 0, 1)
        _check_range("timeout", timeout, 0.001)
        for name, number in (("max_tokens", max_tokens), ("max_side", max_side), ("video_max_side", video_max_side)):
            _check_range(name, number, 1, whole=True)
        _check_range("seed", seed, whole=True)
        if extra_body is not None and not isinstance(extra_body, Mapping):
            raise UsageError(f"extra_body must be a JSON object, not {type(extra_body).__name__}")
        addresses, self.address_from = chosen_addresses(api_url)
        trusted = None if ca_bundle is None else check_ca_bundle(ca_bundle)
        self._connection = Connection(addresses, timeout, key_name_of_api_key, check_headers(headers or {}), trusted)
        self.urls = self._connection.urls
        self.key_name_of_api_key = key_name_of_api_key
        self.model_name = model_name
        self.timeout = timeout
        self.detail = detail
        self.video_as = video_as
        self.image_limits = ImageLimits(
            max_side, checked_pixels(max_image_pixels), formats=check_formats(image_formats)
        )
        self.max_side = max_side
        self.video_max_side = video_max_side
        self._params = {
            "temperature": temperature,
            "top_p": top_p,
            "max_tokens": max_tokens,
            "seed": seed,
            "extra_body": dict(extra_body) if extra_body else None,
        }
        self._want_new_limit: set[str] = set()
        self._refused_formats: set[tuple[str, bytes]] = set()

    @property
    def params(self) -> Mapping[str, Any]:
        return {name: value for name, value in self._params.items() if value is not None}

    @property
    def identity(self) -> Mapping[str, Any]:
        sizes = {"max_side": self.max_side, "video_max_side": self.video_max_side}
        looked_at = {"detail": self.detail} if self.detail else {}  # only then, so that older answers are still found
        formats = self.image_limits.formats
        sent = {"image_formats": list(formats)} if formats != SENT_FORMATS else {}
        return {"serving": "openai", "model": self.model_name, "video_as": self.video_as, **sizes, **looked_at, **sent}

    @property
    def endpoints(self) -> Sequence[str]:
        return self.urls

    async def generate(self, request: Request) -> Response:
        response, _ = await self.attempt(await self.prepare(request), self.urls[0])
        return response

    async def prepare(self, request: Request) -> _Ready:
        counted = bool(self.tokens_per_minute)
        sizes = Sizes(self.image_limits, self.video_max_side, self.video_as, self.model_name, counted, self.detail)
        media = {part: await content_of(part, request.again, sizes) for part in request.media}
        params = {**self._params, **request.params}
        own = dict(params.pop("extra_body", None) or {})
        longest = params.pop(LIMIT, None)
        # What the user puts into the body is not overruled.
        limit = own.pop(LIMIT, longest) if NEW_LIMIT not in own else None
        fields = {**params, "extra_body": own}
        body = chat_body(self.model_name, request, {part: found.content for part, found in media.items()}, fields)
        written = limit if isinstance(limit, int) else 0
        tokens = sum(found.tokens for found in media.values()) + written
        tokens += sum(text_tokens(message.text) for message in request.messages)
        shown = tuple(found.shown for found in media.values() if found.shown)
        stated = b"" if request.schema is None or "response_format" in own else response_format(request.schema)
        return _Ready(body, shown, tokens, b"" if limit is None else orjson.dumps(limit), stated)

    def tokens_of(self, ready: _Ready) -> float:
        return ready.tokens

    async def attempt(self, ready: _Ready, endpoint: str) -> tuple[Response, Mapping[str, str]]:
        renamed = endpoint in self._want_new_limit
        stated = b"" if (endpoint, ready.format) in self._refused_formats else ready.format
        fields = {NEW_LIMIT if renamed else LIMIT: ready.limit, "response_format": stated}
        started = time.perf_counter()
        body = with_fields(ready.body, {name: value for name, value in fields.items() if value})
        status, headers, reply = await self._connection.post(endpoint, body)
        latency = time.perf_counter() - started
        asked = Asked(endpoint, self.model_name, self.key_name_of_api_key)
        if status == 400 and ready.limit and not renamed and NEW_LIMIT.encode() in reply:
            # Many requests are in flight when the first learns of it; each asks once more, under the other name.
            _log.info("%s wants %s in the place of %s: asked again", endpoint, NEW_LIMIT, LIMIT)
            self._want_new_limit.add(endpoint)
            return await self.attempt(ready, endpoint)
        if stated and refuses_response_format(status, reply):
            _log.info("%s refuses response_format: asked again without", endpoint)
            answered = await self.attempt(replace(ready, format=b""), endpoint)
            self._refused_formats.add((endpoint, stated))  # only now is it known that nothing else was wrong
            return answered
        if not 200 <= status < 300:
            raise error_of(status, headers, self._connection.cleaned(endpoint, reply), asked)
        reply = self._connection.keyless(endpoint, reply)
        try:
            return read_answer(reply, asked, latency, ready.shown, headers), headers
        except DataFlowError:
            if (said := self._connection.cleaned(endpoint, reply)) == reply:
                raise
            return read_answer(said, asked, latency, ready.shown, headers), headers

    async def close(self) -> None:
        await self._connection.close()


@dataclass(frozen=True, slots=True)
class _Ready:
    """A request with its body, kept over all tries. What endpoints call or take differently is joined in late: the
    longest answer and the response format, as JSON; empty where there is none."""

    body: bytes
    shown: tuple[Mapping[str, Any], ...]
    tokens: float
    limit: bytes = b""
    format: bytes = b""


def _check_choice(name: str, value: str | None, choices: Sequence[str]) -> None:
    if value is not None and value not in choices:
        raise UsageError(f"{name} must be {', '.join(map(repr, choices[:-1]))} or {choices[-1]!r}, not {value!r}")


def _check_range(
    name: str, value: Any, least: float = -math.inf, most: float = math.inf, *, whole: bool = False
) -> None:
    """See that an argument is a number in its range.

    Raises:
        UsageError: it is not.
    """
    if value is None:
        return
    known = isinstance(value, Integral if whole else Real) and not isinstance(value, bool)
    if not known or not least <= float(value) <= most:
        kind = "a whole number" if whole else "a number"
        upper = f"from {least:g} to {most:g}" if most < math.inf else f"of at least {least:g}"
        raise UsageError(f"{name} must be {kind}{f' {upper}' if least > -math.inf else ''}, not {value!r}")
