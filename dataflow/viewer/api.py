"""What the page asks for: its own files, windows of the list, samples, media, decisions, events.

No address holds a path. A file is named by the generation of the data, a table, a row and a number within its media.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, Response, StreamingResponse

from dataflow.core.errors import DataFlowError, InputError, MediaError, UsageError
from dataflow.viewer.dataset import Dataset
from dataflow.viewer.deciding import Conflict, decide, undo
from dataflow.viewer.events import Events
from dataflow.viewer.lanes import StillDecoding
from dataflow.viewer.listing import Listing
from dataflow.viewer.media_refs import MediaFile, MediaRef, find_file, media_of
from dataflow.viewer.opened import TABLES, Opened
from dataflow.viewer.pictures import FULL_SIDE, THUMB_SIDE, Pictures
from dataflow.viewer.present import choices, list_row, whole_sample
from dataflow.viewer.preview_cache import PreviewCache
from dataflow.viewer.query import parse_query

MOST_ROWS = 200
SMALL_BYTES = 64 * 1024
"""A picture up to here is its own thumbnail: sending it costs less than decoding it."""
MOST_BODY = 4 * 2**20
_MEDIA_HEADERS = {"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "private, max-age=600"}


class Gone(DataFlowError):
    """There is no such thing (any more); the page asks anew with what it is told next."""


class Api:
    """The handlers.

    Args:
        dataset: what is shown.
        events: to whom changes are told.
        previews: of videos that browsers do not play.
        reviewer: the name under which decisions are written unless the page gives another.
    """

    def __init__(self, dataset: Dataset, events: Events, previews: PreviewCache, reviewer: str) -> None:
        self._dataset = dataset
        self._events = events
        self._listing = Listing(dataset)
        self._previews = previews
        self._pictures = Pictures()
        self._reviewer = reviewer
        self._warming: asyncio.Task[None] | None = None

    async def state(self, request: Request) -> Response:
        """What the page needs to begin."""
        opened = self._dataset.opened
        about = {
            "name": self._dataset.data_file.name,
            "folder": str(self._dataset.data_file.parent),
            "reviewer": self._reviewer,
            "choices": choices(opened),
        }
        return _json({**about, **self._dataset.summary()})

    async def rows(self, request: Request) -> Response:
        """A window of the list."""
        opened, params = self._opened(request.query_params.get("generation")), request.query_params
        table = _table(params.get("table", "rows"))
        start, count = _number(params.get("start", "0")), min(_number(params.get("count", "50")), MOST_ROWS)
        numbers = await self._listing.numbers(opened, table, parse_query(params))
        shown = numbers[start : start + count]
        rows = await asyncio.to_thread(lambda: [list_row(opened, table, number) for number in shown])
        if self._warming is None:  # not before: the first rows are what a reader waits for
            self._dataset.shown()
            self._warming = asyncio.ensure_future(self._pictures.warm())
        return _json({"generation": opened.generation, "total": len(numbers), "start": start, "rows": rows})

    async def find(self, request: Request) -> Response:
        """Where a sample stands in the list."""
        params = request.query_params
        opened, number = await asyncio.to_thread(self._dataset.place_of, params.get("id", ""))
        at = None if number is None else await self._listing.place_of(opened, parse_query(params), number)
        return _json({"generation": opened.generation, "at": at, "number": number})

    async def sample(self, request: Request) -> Response:
        """A sample with all that is known of it."""
        opened, table, number = self._row(request)
        whole = await asyncio.to_thread(whole_sample, opened, table, number)
        return _json(whole)

    async def thumb(self, request: Request) -> Response:
        """A small picture of a row's first medium."""
        opened, table, number = self._row(request)
        ref = _first(media_of(opened.sample(table, number), opened.fields), 0)
        found = await self._find(opened, ref)
        if found is None:
            data = await self._pictures.image(ref.name, THUMB_SIDE)
        elif found.mime.startswith("image/") and found.path.stat().st_size <= SMALL_BYTES:
            return FileResponse(found.path, media_type=found.mime, headers=_MEDIA_HEADERS)
        elif ref.video and not found.mime.startswith("image/"):
            data = await self._pictures.poster(found.path)
        else:
            data = await self._pictures.image(str(found.path), THUMB_SIDE)
        return Response(data, media_type="image/jpeg", headers=_MEDIA_HEADERS)

    async def media(self, request: Request) -> Response:
        """An image or video: the file itself where browsers know it, with ranges; else as a JPEG."""
        ref, found = await self._medium(request)
        if found is not None and found.mime:
            return FileResponse(found.path, media_type=found.mime, headers=_MEDIA_HEADERS)
        if ref.video:
            raise MediaError(f"{ref.name}: browsers do not play it; a preview is made instead")
        source = ref.name if found is None else str(found.path)
        data = await self._pictures.image(source, FULL_SIDE)
        return Response(data, media_type="image/jpeg", headers=_MEDIA_HEADERS)

    async def play(self, request: Request) -> Response:
        """What a browser can do with a video; with `make`, once its preview is there."""
        ref, found = await self._medium(request)
        if found is None:
            raise MediaError(f"{ref.where}: a video within the dataset itself cannot be played")
        how = await self._previews.how_to_play(found.path)
        if how["how"] != "direct" and "make" in request.query_params:
            await self._previews.get(found.path)
        return _json(how)

    async def preview(self, request: Request) -> Response:
        """The preview of a video, where it has been made."""
        ref, found = await self._medium(request)
        path = None if found is None else self._previews.path_of(found.path)
        if path is None or not path.exists():
            raise Gone(f"{ref.name}: its preview has not been made")
        return FileResponse(path, media_type="video/mp4", headers=_MEDIA_HEADERS)

    async def frame(self, request: Request) -> Response:
        """One of the frames of a video at given times."""
        ref, found = await self._medium(request)
        if found is None:
            raise MediaError(f"{ref.where}: no file")
        times = _times(request.query_params.get("times", ""))
        at = _number(request.path_params["at"])
        frames = await self._pictures.frames(found.path, times)
        if at >= len(frames) or not frames[at]:
            raise MediaError(f"{ref.name}: this frame cannot be decoded")
        return Response(frames[at], media_type="image/jpeg", headers=_MEDIA_HEADERS)

    async def decide(self, request: Request) -> Response:
        """Keep a decision."""
        action = await asyncio.to_thread(decide, self._dataset, await _body(request))
        return _json({"key": action.key, "at": action.at})

    async def undo(self, request: Request) -> Response:
        """Take back the reviewer's last decision."""
        who = (await _body(request)).get("who")
        if not isinstance(who, str) or not who:
            raise UsageError("who takes it back?")
        undone = await asyncio.to_thread(undo, self._dataset, who)
        action, key = undone or (None, None)
        return _json({"undone": action and action.do, "key": key})

    async def events(self, request: Request) -> Response:
        """What changes, as it does."""
        stream = self._events.listen(self._dataset.summary)
        return StreamingResponse(stream, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})

    def _opened(self, generation: str | None) -> Opened:
        """What is open now, if that is what the page means."""
        opened = self._dataset.opened
        if generation is not None and _number(generation) != opened.generation:
            raise Gone("the data file was written anew")
        return opened

    def _row(self, request: Request) -> tuple[Opened, str, int]:
        params = request.path_params
        opened, table = self._opened(params["generation"]), _table(params["table"])
        number = _number(params["row"])
        if number >= opened.count(table):
            raise Gone(f"there is no row {number + 1}")
        return opened, table, number

    async def _medium(self, request: Request) -> tuple[MediaRef, MediaFile | None]:
        """The medium that an address names, and its file; none where its bytes stand in the dataset itself."""
        opened, table, number = self._row(request)
        sample = opened.sample(table, number)
        ref = _first(media_of(sample, opened.fields), _number(request.path_params["medium"]))
        return ref, await self._find(opened, ref)

    async def _find(self, opened: Opened, ref: MediaRef) -> MediaFile | None:
        if ref.name[:5].lower() == "data:":
            return None
        return await asyncio.to_thread(find_file, ref, opened.place)


Handler = Callable[[Request], Awaitable[Response]]


def with_errors(handler: Handler) -> Handler:
    """A handler whose errors reach the page as one line of text."""

    async def handle(request: Request) -> Response:
        try:
            return await handler(request)
        except Conflict as error:
            return _json({"error": str(error), "present": error.present}, 409)
        except Gone as error:
            return _json({"error": str(error)}, 404)
        except StillDecoding as error:
            return _json({"error": str(error)}, 503, {"Retry-After": "2", "Cache-Control": "no-store"})
        except MediaError as error:
            return _json({"error": str(error)}, 422)
        except UsageError as error:
            return _json({"error": str(error)}, 400)
        except InputError as error:
            return _json({"error": str(error)}, 410)
        except DataFlowError as error:
            return _json({"error": str(error)}, 507)

    return handle


def _json(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    body = orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS)
    return Response(body, status, headers, media_type="application/json")


async def _body(request: Request) -> dict[str, Any]:
    """The JSON object that a request brings.

    Raises:
        UsageError: it is none, or too large.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise UsageError("JSON is expected")
    body = b""
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > MOST_BODY:
                raise UsageError(f"more than {MOST_BODY:,} bytes")
    except ClientDisconnect:
        raise UsageError("the rest of the request did not come") from None
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        value = None
    if not isinstance(value, dict):
        raise UsageError("a JSON object is expected")
    return value


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise UsageError(f"{text[:40]!r} is no number")
    return int(text)


def _times(text: str) -> list[float]:
    try:
        times = [float(part) for part in text.split(",")]
    except ValueError:
        raise UsageError("times are seconds, with commas between them") from None
    if not all(math.isfinite(time) and time >= 0 for time in times):
        raise UsageError("times are seconds from the beginning")
    return times


def _table(name: str) -> str:
    if name not in TABLES:
        raise UsageError(f"there is no table {name[:40]!r}")
    return name


def _first(refs: list[MediaRef], at: int) -> MediaRef:
    if at >= len(refs):
        raise Gone("the sample names no such medium")
    return refs[at]
