"""A request as the bytes of a chat completions body. Media are joined in as they are, never run through an encoder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from pybase64 import b64encode

from dataflow.core import Message, Request, TextPart
from dataflow.core.message import Part

Content = list[dict[str, Any]]


def data_url(mime: str, data: bytes) -> orjson.Fragment:
    """Bytes as a JSON string holding a data URL; base64 needs no escaping, so nothing reads it again."""
    return orjson.Fragment(b'"data:' + mime.encode() + b";base64," + b64encode(data) + b'"')


def image_content(mime: str, data: bytes) -> Content:
    """An image as a content part."""
    return [{"type": "image_url", "image_url": {"url": data_url(mime, data)}}]


def frames_content(times: Sequence[float], frames: Sequence[bytes], duration: float) -> Content:
    """A video as its frames, each announced with its time, so that the model knows when things happen.

    Args:
        times: seconds from the start of the video, one per frame.
        frames: JPEG files.
        duration: seconds.
    """
    content: Content = [{"type": "text", "text": f"A video of {duration:.2f} seconds, shown as {len(frames)} frames:"}]
    for time, frame in zip(times, frames, strict=True):
        content.append({"type": "text", "text": f"[{time:.2f} s]"})
        content += image_content("image/jpeg", frame)
    return content


def video_content(mime: str, data: bytes) -> Content:
    """A video as one `video_url`, for endpoints that sample frames themselves (vLLM)."""
    return [{"type": "video_url", "video_url": {"url": data_url(mime, data)}}]


def chat_body(
    model: str,
    request: Request,
    media: Mapping[Part, Content],
    params: Mapping[str, Any],
    response_format: Mapping[str, Any] | None = None,
) -> bytes:
    """The body of `POST /chat/completions`.

    Args:
        model: the model's name at the endpoint.
        request: the question.
        media: the content parts of each image and video of the request.
        params: generation parameters; those that are None are not sent, `extra_body` is merged in.
        response_format: the shape of the answer, where the endpoint is asked to enforce it.
    """
    fields = {name: value for name, value in params.items() if value is not None and name != "extra_body"}
    body: dict[str, Any] = {"model": model, "messages": [_message(m, media) for m in request.messages], **fields}
    if response_format is not None:
        body["response_format"] = response_format
    body.update(params.get("extra_body") or {})
    return orjson.dumps(body)


def _message(message: Message, media: Mapping[Part, Content]) -> dict[str, Any]:
    if all(isinstance(part, TextPart) for part in message.parts):
        return {"role": message.role, "content": message.text}
    content: Content = []
    for part in message.parts:
        content += [{"type": "text", "text": part.text}] if isinstance(part, TextPart) else media[part]
    return {"role": message.role, "content": content}
