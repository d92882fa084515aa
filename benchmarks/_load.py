"""What the throughput benchmark compares with: the least that a client can do, and the openai SDK in a plain script.

Both read a JSON-lines file of samples, ask one question per sample, append what they got, and skip on the next run
what they have. Run as `python _load.py floor|openai --input F --url U --workers N --output F`.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

PROMPT = "Generate complete QA pairs based on image content and caption."
PATIENCE = 10
"""How often the floor asks for one sample at most."""


def write_images(folder: Path, count: int) -> None:
    """Write `count` different JPEG files of 640 x 480 and about 51 KB, noise on a gradient, from a fixed seed.

    A few pictures are encoded; each file carries its number in a comment segment, which makes its bytes its own.
    """
    import numpy as np
    import simplejpeg

    random_state = np.random.default_rng(0)
    gradient = np.linspace(40, 200, 640)[None, :, None]
    pictures = []
    for _ in range(16):
        noise = random_state.integers(-14, 15, (480, 640, 3))
        pictures.append(simplejpeg.encode_jpeg((gradient + noise).clip(0, 255).astype(np.uint8), quality=75))
    for number in range(count):
        comment = b"picture %08d" % number
        segment = b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment
        picture = pictures[number % len(pictures)]
        (folder / f"{number:06d}.jpg").write_bytes(picture[:2] + segment + picture[2:])


def write_samples(path: Path, images: Path, count: int, distinct: int) -> None:
    """Write `count` samples with an image and a question of their own."""
    with path.open("w") as file:
        for number in range(count):
            image = str(images / f"{number % distinct:06d}.jpg")
            turn = {"from": "human", "value": f"{PROMPT} Picture {number}."}
            file.write(json.dumps({"id": str(number), "image": [image], "conversation": [turn]}) + "\n")


def break_images(path: Path, broken: Path, count: int, every: int) -> None:
    """Let every `every`-th sample name an image that is missing or, in turn, one that was cut off."""
    lines = path.read_text().splitlines()
    for place in range(every // 2, count, every):
        sample = json.loads(lines[place])
        target = broken / f"broken{place}.jpg"
        if place // every % 2:
            data = Path(sample["image"][0]).read_bytes()
            target.write_bytes(data[: len(data) // 2])
        lines[place] = json.dumps(sample | {"image": [str(target)]})
    path.write_text("\n".join(lines) + "\n")


def todo(source: Path, output: Path) -> Iterator[tuple[str, str, str]]:
    """Id, image path and question of each sample that the output does not have yet."""
    done = set()
    if output.exists():
        for line in output.read_text().splitlines():
            try:
                done.add(json.loads(line)["id"])
            except ValueError:
                continue
    with source.open() as file:
        for line in file:
            sample = json.loads(line)
            if sample["id"] not in done:
                yield sample["id"], sample["image"][0], sample["conversation"][0]["value"]


async def run_floor(arguments: argparse.Namespace) -> None:
    """Ask with aiohttp and nothing around it."""
    import aiohttp

    samples = todo(arguments.input, arguments.output)
    timeout = aiohttp.ClientTimeout(total=arguments.timeout)
    with arguments.output.open("ab", buffering=0) as out:
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
            url = f"{arguments.url}/chat/completions"
            await asyncio.gather(*(_floor_worker(session, url, samples, out.write) for _ in range(arguments.workers)))


async def _floor_worker(
    session: Any, url: str, samples: Iterator[tuple[str, str, str]], write: Callable[[bytes], Any]
) -> None:
    import orjson

    for sample, path, question in samples:
        body = _floor_body(path, question)
        answer = await _floor_ask(session, url, body) if body else ""
        if answer:
            write(orjson.dumps({"id": sample, "vqa": answer}) + b"\n")


def _floor_body(path: str, question: str) -> bytes:
    """A request body, or nothing where the image is missing or has no end."""
    import orjson

    try:
        image = Path(path).read_bytes()
    except OSError:
        return b""
    if not image.endswith(b"\xff\xd9"):
        return b""
    opening = b'{"model":"stub","messages":[{"role":"user","content":[{"type":"text","text":'
    between = b'},{"type":"image_url","image_url":{"url":"data:image/jpeg;base64,'
    return b"".join((opening, orjson.dumps(question), between, base64.b64encode(image), b'"}}]}]}'))


async def _floor_ask(session: Any, url: str, body: bytes) -> str:
    import aiohttp
    import orjson

    headers = {"content-type": "application/json", "authorization": "Bearer k"}
    for attempt in range(PATIENCE):
        delay = random.uniform(0, min(8.0, 0.5 * 2**attempt))
        try:
            async with session.post(url, data=body, headers=headers) as response:
                data = await response.read()
                if response.status == 200:
                    text: str = orjson.loads(data)["choices"][0]["message"]["content"]
                    return text
                delay = float(response.headers.get("retry-after", delay))
        except (aiohttp.ClientError, TimeoutError, ValueError):
            pass
        await asyncio.sleep(delay)
    return ""


async def run_openai(arguments: argparse.Namespace) -> None:
    """Ask as the usual script does: the SDK, a semaphore, everything at once."""
    from openai import AsyncOpenAI

    client = AsyncOpenAI(base_url=arguments.url, api_key="k", timeout=arguments.timeout)
    room = asyncio.Semaphore(arguments.workers)

    async def ask(sample: str, path: str, question: str) -> None:
        async with room:
            try:
                image = base64.b64encode(Path(path).read_bytes()).decode()
                picture = {"type": "image_url", "image_url": {"url": f"data:image/jpeg;base64,{image}"}}
                content: Any = [{"type": "text", "text": question}, picture]
                messages: Any = [{"role": "user", "content": content}]
                answer = await client.chat.completions.create(model="stub", messages=messages)
                text = answer.choices[0].message.content
            except Exception:
                return
            out.write(json.dumps({"id": sample, "vqa": text}) + "\n")
            out.flush()

    pending = list(todo(arguments.input, arguments.output))
    with arguments.output.open("a") as out:
        await asyncio.gather(*(ask(*sample) for sample in pending))


def main() -> None:
    """Read the command line and ask."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("client", choices=["floor", "openai"])
    parser.add_argument("--input", type=Path, required=True)
    parser.add_argument("--url", required=True)
    parser.add_argument("--workers", type=int, default=64)
    parser.add_argument("--timeout", type=float, default=600.0)
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    if arguments.client == "floor":
        import uvloop

        uvloop.run(run_floor(arguments))
    else:
        asyncio.run(run_openai(arguments))


if __name__ == "__main__":
    main()
