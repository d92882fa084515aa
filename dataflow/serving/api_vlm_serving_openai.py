"""Any endpoint that speaks the OpenAI chat completions protocol."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import orjson

from dataflow.core import DataFlowError, EndpointFatal, Request, Response, TransientError, UsageError
from dataflow.core.loop import close_at_exit
from dataflow.media.tokens.text import text_tokens
from dataflow.serving.base import ServingBase
from dataflow.serving.openai_api.address import read_address
from dataflow.serving.openai_api.body import chat_body, refuses_response_format, response_format, with_fields
from dataflow.serving.openai_api.media import Sizes, content_of
from dataflow.serving.openai_api.refusal import error_of
from dataflow.serving.openai_api.reply import Asked, read_answer
from dataflow.serving.openai_api.usage import usage_in

if TYPE_CHECKING:
    import aiohttp

CONNECT_SECONDS = 30.0

UNFOUND_SECONDS = 20.0
"""So long the name of a host may be unknown, as when a network comes up, before it is taken to be wrong."""

LIMIT, NEW_LIMIT = "max_tokens", "max_completion_tokens"


class APIVLMServing_openai(ServingBase):
    """Answers requests through an OpenAI-compatible API: OpenAI, vLLM, SGLang, Ollama, a gateway.

    The schema of a request is sent along as `response_format`, but to an endpoint that has refused it.

    Args:
        api_url: the base address (`http://host/v1`) or the full one (`.../chat/completions`); or several, of which
            the least loaded is asked and a dead one is left out until it is back.
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

    Raises:
        UsageError: `api_url` is no http address, or `video_as` is neither of the two.
    """

    def __init__(
        self,
        api_url: str | Sequence[str] = "https://api.openai.com/v1",
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
    ) -> None:
        super().__init__(max_workers, patience, requests_per_minute, tokens_per_minute)
        addresses = [api_url] if isinstance(api_url, str) else list(api_url)
        if not addresses:
            raise UsageError("api_url names no endpoint")
        if video_as not in ("frames", "video_url"):
            raise UsageError(f"video_as must be 'frames' or 'video_url', not {video_as!r}")
        self._addresses = {address.shown: address for address in map(read_address, addresses)}
        self.urls = list(self._addresses)
        self.key_name_of_api_key = key_name_of_api_key
        self.model_name = model_name
        self.timeout = timeout
        self.video_as = video_as
        self.max_side = max_side
        self.video_max_side = video_max_side
        self._params = {
            "temperature": temperature,
            "top_p": top_p,
            "max_tokens": max_tokens,
            "seed": seed,
            "extra_body": dict(extra_body) if extra_body else None,
        }
        self._session: aiohttp.ClientSession | None = None
        self._want_new_limit: set[str] = set()
        self._unfound_since: dict[str, float] = {}
        self._refused_formats: set[tuple[str, bytes]] = set()

    @property
    def params(self) -> Mapping[str, Any]:
        return {name: value for name, value in self._params.items() if value is not None}

    @property
    def identity(self) -> Mapping[str, Any]:
        sizes = {"max_side": self.max_side, "video_max_side": self.video_max_side}
        return {"serving": "openai", "model": self.model_name, "video_as": self.video_as, **sizes}

    @property
    def endpoints(self) -> Sequence[str]:
        return self.urls

    async def generate(self, request: Request) -> Response:
        response, _ = await self.attempt(await self.prepare(request), self.urls[0])
        return response

    async def prepare(self, request: Request) -> _Ready:
        counted = bool(self.tokens_per_minute)
        sizes = Sizes(self.max_side, self.video_max_side, self.video_as, self.model_name, counted)
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
        status, headers, reply = await self._post(endpoint, body)
        latency = time.perf_counter() - started
        if status == 400 and ready.limit and not renamed and NEW_LIMIT.encode() in reply:
            # Many requests are in flight when the first learns of it; each asks once more, under the other name.
            self._want_new_limit.add(endpoint)
            return await self.attempt(ready, endpoint)
        if stated and refuses_response_format(status, reply):
            answered = await self.attempt(replace(ready, format=b""), endpoint)
            self._refused_formats.add((endpoint, stated))  # only now is it known that nothing else was wrong
            return answered
        if status != 200:
            raise error_of(status, headers, reply, endpoint, self.model_name, self.key_name_of_api_key)
        asked = Asked(endpoint, self.model_name, self.key_name_of_api_key)
        return read_answer(reply, asked, latency, ready.shown, headers), headers

    async def _post(self, url: str, body: bytes) -> tuple[int, Mapping[str, str], bytes]:
        import aiohttp

        session, address = self._open(), self._addresses[url]
        headers = address.headers(self.key_name_of_api_key)
        read: list[bytes] = []
        try:
            async with session.post(address.target, data=body, headers=headers) as reply:
                self._unfound_since.pop(url, None)
                async for block in reply.content.iter_any():
                    read.append(block)
                return reply.status, reply.headers, b"".join(read)
        except TimeoutError as error:
            raise _broken(f"{url} did not answer within {self.timeout:g} s", read) from error
        except aiohttp.ClientConnectorDNSError as error:
            raise self._unfound(url, error) from error
        except aiohttp.InvalidURL as error:
            raise EndpointFatal(f"{url} is no address that can be asked: {error}; check it") from error
        except (aiohttp.ClientError, ConnectionError) as error:
            raise _broken(f"the connection to {url} broke: {error or type(error).__name__}", read) from error

    def _unfound(self, url: str, error: Exception) -> DataFlowError:
        """The error for a name that is not known. It may be by and by, but a name that never was is a wrong one."""
        now = time.monotonic()
        self._unfound_since.setdefault(url, now)
        message = f"cannot find the host of {url}: {error}; check the address"
        unfound = [now - self._unfound_since[each] for each in self.urls if each in self._unfound_since]
        if len(unfound) == len(self.urls) and min(unfound) >= UNFOUND_SECONDS:
            self._unfound_since.clear()
            return EndpointFatal(message)
        return TransientError(message, unreached=True)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            import aiohttp

            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, ttl_dns_cache=300),
                timeout=aiohttp.ClientTimeout(total=self.timeout, sock_connect=CONNECT_SECONDS),
                auto_decompress=True,
            )
            close_at_exit(self.close)
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "_session": None}


@dataclass(frozen=True, slots=True)
class _Ready:
    """A request with its body, kept over all tries. What endpoints call or take differently is joined in late: the
    longest answer and the response format, as JSON; empty where there is none."""

    body: bytes
    shown: tuple[Mapping[str, Any], ...]
    tokens: float
    limit: bytes = b""
    format: bytes = b""


def _broken(message: str, read: Sequence[bytes]) -> TransientError:
    """The error for a reply that has not come whole; what has come may tell what it took."""
    error = TransientError(message)
    error.usage = usage_in(b"".join(read))
    return error
