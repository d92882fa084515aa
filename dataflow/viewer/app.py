"""The application: the routes, the page's own files, and the guard before all of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from dataflow.viewer.api import Api, with_errors
from dataflow.viewer.dataset import Dataset
from dataflow.viewer.events import Events
from dataflow.viewer.guard import Guard
from dataflow.viewer.preview_cache import PreviewCache

STATIC = Path(__file__).with_name("static")
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def make_app(
    dataset: Dataset, events: Events, token: str, hosts: Collection[str], reviewer: str, cache: Path
) -> ASGIApp:
    """The application that shows a dataset.

    Args:
        dataset: what is shown; watched while the application runs.
        events: to the open pages.
        token: stands first in every path.
        hosts: the names under which the server answers.
        reviewer: the name under which decisions are written.
        cache: the folder of previews.
    """
    api = Api(dataset, events, PreviewCache(cache), reviewer)
    row = "{generation}/{table}/{row}"
    gets = {
        "/api/state": api.state,
        "/api/rows": api.rows,
        "/api/find": api.find,
        "/api/events": api.events,
        f"/api/sample/{row}": api.sample,
        f"/thumb/{row}": api.thumb,
        f"/media/{row}/{{medium}}": api.media,
        f"/play/{row}/{{medium}}": api.play,
        f"/preview/{row}/{{medium}}": api.preview,
        f"/frame/{row}/{{medium}}/{{at}}": api.frame,
    }
    posts = {"/api/decide": api.decide, "/api/undo": api.undo}
    routes = [Route(path, with_errors(handler), methods=["GET"]) for path, handler in gets.items()]
    routes += [Route(path, with_errors(handler), methods=["POST"]) for path, handler in posts.items()]
    routes += [_page_file(path, file) for path, file in _page_files().items()]

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()

        def tell(summary: dict[str, Any]) -> None:
            loop.call_soon_threadsafe(events.tell, summary)

        dataset.on_change = tell
        dataset.start()
        yield
        dataset.stop()

    return Guard(Starlette(routes=routes, lifespan=lifespan), token, hosts)


def _page_files() -> dict[str, Path]:
    """The page's own files by their address: a fixed list, so that no address is ever made into a path."""
    files = {f"/static/{file.name}": file for file in sorted(STATIC.iterdir()) if file.suffix in _TYPES}
    return {"/": STATIC / "index.html", **files}


def _page_file(path: str, file: Path) -> Route:
    content, kind = file.read_bytes(), _TYPES[file.suffix]

    async def serve(request: Request) -> Response:
        return Response(content, media_type=kind, headers={"Cache-Control": "no-cache"})

    return Route(path, serve, methods=["GET"])
