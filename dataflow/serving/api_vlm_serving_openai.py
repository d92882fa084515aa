"""Any endpoint that speaks the OpenAI chat completions protocol."""

from __future__ import annotations

import asyncio
import os
import time
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit, urlunsplit

from dataflow.core import EndpointFatal, ImagePart, PrerequisiteError, Request, Response, TransientError, UsageError
from dataflow.core.loop import close_at_exit
from dataflow.core.message import VideoPart
from dataflow.media.byte_cache import ByteCache
from dataflow.media.files import check_regular
from dataflow.media.image import is_data_url
from dataflow.media.tokens.families import rule_of
from dataflow.media.tokens.text import text_tokens
from dataflow.serving.base import ServingBase
from dataflow.serving.openai_api.body import (
    Content,
    chat_body,
    frames_content,
    image_content,
    refuses_response_format,
    response_format,
    video_content,
    with_response_format,
)
from dataflow.serving.openai_api.reply import error_of, read_answer

if TYPE_CHECKING:
    import aiohttp

CONNECT_SECONDS = 30.0


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
        self._addresses = {address.shown: address for address in map(_read_address, addresses)}
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
        self._max_tokens_name = "max_tokens"
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
        media = {part: await self._content(part, request.again) for part in request.media}
        params = {**self._params, **request.params}
        longest = params.pop("max_tokens", None)
        params[self._max_tokens_name] = longest
        body = chat_body(self.model_name, request, {part: found.content for part, found in media.items()}, params)
        tokens = sum(found.tokens for found in media.values()) + (longest or 0)
        tokens += sum(text_tokens(message.text) for message in request.messages)
        shown = tuple(found.shown for found in media.values() if found.shown)
        # What the user puts into the body is not overruled.
        own_format = "response_format" in (params.get("extra_body") or {})
        stated = b"" if request.schema is None or own_format else response_format(request.schema)
        return _Ready(request, body, shown, tokens, stated)

    def tokens_of(self, ready: _Ready) -> float:
        return ready.tokens

    async def attempt(self, ready: _Ready, endpoint: str) -> tuple[Response, Mapping[str, str]]:
        stated = b"" if (endpoint, ready.format) in self._refused_formats else ready.format
        started = time.perf_counter()
        body = with_response_format(ready.body, stated) if stated else ready.body
        status, headers, reply = await self._post(endpoint, body)
        latency = time.perf_counter() - started
        if status == 400 and self._wants_completion_tokens(reply, ready.body):
            return await self.attempt(await self.prepare(ready.request), endpoint)
        if stated and refuses_response_format(status, reply):
            answered = await self.attempt(replace(ready, format=b""), endpoint)
            self._refused_formats.add((endpoint, stated))  # only now is it known that nothing else was wrong
            return answered
        if status != 200:
            raise error_of(status, headers, reply, endpoint, self.model_name, self.key_name_of_api_key)
        return read_answer(reply, self.model_name, latency, ready.shown), headers

    async def _post(self, url: str, body: bytes) -> tuple[int, Mapping[str, str], bytes]:
        import aiohttp

        session = self._open()
        try:
            async with session.post(self._addresses[url].target, data=body, headers=self._headers(url)) as reply:
                return reply.status, reply.headers, await reply.read()
        except TimeoutError as error:
            raise TransientError(f"{url} did not answer within {self.timeout:g} s") from error
        except (aiohttp.ClientConnectorDNSError, aiohttp.InvalidURL) as error:
            raise EndpointFatal(f"cannot find the host of {url}: {error}; check the address") from error
        except (aiohttp.ClientError, ConnectionError) as error:
            raise TransientError(f"the connection to {url} broke: {error or type(error).__name__}") from error

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

    def _headers(self, url: str) -> dict[str, str]:
        headers = {"Content-Type": "application/json"}
        key = os.environ.get(self.key_name_of_api_key) or os.environ.get("OPENAI_API_KEY")
        if login := self._addresses[url].login:
            headers["Authorization"] = login
        elif key:
            headers["Authorization"] = f"Bearer {key}"
        elif not _is_private(url):
            raise PrerequisiteError(f"{url} needs an API key: export {self.key_name_of_api_key}=... and run again")
        return headers

    async def _content(self, part: ImagePart | VideoPart, again: bool) -> _Media:
        from dataflow.serving import media_input

        if isinstance(part, ImagePart):
            if not again or not isinstance(part.source, str) or is_data_url(part.source):
                return await self._image(part)
            status = check_regular(part.source)
            key = (part.source, status.st_size, status.st_mtime_ns, self.max_side, bool(self.tokens_per_minute))
            return await _READY_IMAGES.get(key, lambda: self._image(part))
        if self.video_as == "video_url":
            mime, data = await asyncio.to_thread(media_input.whole_video, part.source)
            return _Media(video_content(mime, data), 0, {"video": part.source})
        video = await media_input.frames(part, self.video_max_side)
        times = [frame.time for frame in video.frames]
        content = frames_content(times, [bytes(frame.data) for frame in video.frames], video.duration)
        tokens = sum(rule_of(self.model_name).image(frame.width, frame.height) for frame in video.frames)
        shown: dict[str, Any] = {"video": part.source, "times": [round(time, 3) for time in times]}
        return _Media(content, tokens, {**shown, "notes": list(video.notes)} if video.notes else shown)

    async def _image(self, part: ImagePart) -> _Media:
        from dataflow.serving import media_input

        image = await media_input.image(part, self.max_side)
        tokens = rule_of(self.model_name).image(image.width, image.height) if self.tokens_per_minute else 0
        return _Media(image_content(image.mime, image.data), tokens, size=len(image.data) * 4 // 3)

    def _wants_completion_tokens(self, reply: bytes, body: bytes) -> bool:
        """Whether a 400 says that this model takes `max_completion_tokens`; remembered for the endpoint. Many requests
        are in flight when the first learns of it, so each looks at what it sent itself."""
        if b"max_completion_tokens" in reply and b'"max_tokens":' in body:
            self._max_tokens_name = "max_completion_tokens"
            return True
        return False

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "_session": None}


@dataclass(frozen=True, slots=True)
class _Address:
    """An endpoint's address as it may be shown, without what can be secret; as it is asked; and the login in it."""

    shown: str
    target: str
    login: str | None


def _read_address(url: str) -> _Address:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https"):
        raise UsageError(f"api_url must begin with http:// or https://, not {url!r}")
    user, _, host = parts.netloc.rpartition("@")
    base = parts.path.rstrip("/")
    path = base if base.endswith("/chat/completions") else f"{base}/chat/completions"
    login = f"Basic {b64encode(unquote(user).encode()).decode()}" if user else None
    shown, target = (urlunsplit((parts.scheme, host, path, query, "")) for query in ("", parts.query))
    return _Address(shown, target, login)


@dataclass(frozen=True, slots=True)
class _Media:
    """An image or video as content parts, the tokens it takes, what the trace says of it, and about how many bytes."""

    content: Content
    tokens: int
    shown: dict[str, Any] | None = None
    size: int = 0


_READY_IMAGES: ByteCache[_Media] = ByteCache(64 * 2**20, lambda media: media.size + 1)
"""Images that further questions are asked about: 64 MB hold 1300 frames of 448 pixels, of a window of 40 ads."""


@dataclass(frozen=True, slots=True)
class _Ready:
    """A request with its body, kept over all tries; the response format, where there is one, is joined in late."""

    request: Request
    body: bytes
    shown: tuple[Mapping[str, Any], ...]
    tokens: float
    format: bytes = b""


def _is_private(url: str) -> bool:
    """Whether an address is on this machine or a private network, where endpoints mostly want no key."""
    from ipaddress import ip_address

    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_private
    except ValueError:
        return host == "localhost" or "." not in host or host.endswith((".local", ".internal", ".lan"))
