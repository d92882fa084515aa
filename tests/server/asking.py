"""Asks the test endpoint as a bare client does, for tests of the endpoint itself."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import aiohttp

from tests.servers import ModelServer

Answer = tuple[int, dict[str, str], Any]


def body(text: str = "What is this?", *images: bytes, **fields: Any) -> dict[str, Any]:
    """A chat request with images and a text."""
    urls = [f"data:image/png;base64,{base64.b64encode(image).decode()}" for image in images]
    parts = [{"type": "image_url", "image_url": {"url": url}} for url in urls]
    content = [*parts, {"type": "text", "text": text}]
    return {"model": "stub", "messages": [{"role": "user", "content": content}]} | fields


async def ask_one(session: aiohttp.ClientSession, server: ModelServer, payload: Any, key: str = "k") -> Answer:
    """Status, headers and body of an answer; status 0 and the exception where there was none."""
    headers = {"authorization": f"Bearer {key}"}
    try:
        async with session.post(f"{server.url}/chat/completions", json=payload, headers=headers) as answer:
            return answer.status, {k.lower(): v for k, v in answer.headers.items()}, await answer.json()
    except (aiohttp.ClientError, ValueError) as error:
        return 0, {}, error


def ask(server: ModelServer, *payloads: Any, key: str = "k", together: bool = False) -> list[Answer]:
    """Ask on one kept-alive connection, one after the other; or all together, each on its own."""

    async def run() -> list[Answer]:
        connector = aiohttp.TCPConnector(limit=0 if together else 1)
        async with aiohttp.ClientSession(connector=connector) as session:
            if together:
                return await asyncio.gather(*(ask_one(session, server, payload, key) for payload in payloads))
            return [await ask_one(session, server, payload, key) for payload in payloads]

    return asyncio.run(run())


def text_of(answer: Answer) -> str:
    """What the model said."""
    return str(answer[2]["choices"][0]["message"]["content"])


def code_of(answer: Answer) -> tuple[int, str | None]:
    """Status and error code of a refusal."""
    return answer[0], answer[2]["error"]["code"]
