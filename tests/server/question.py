"""A chat request as the test endpoint understands it: what was asked, about which media, by their content."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

TOKENS_PER_MEDIUM = 85


def digest12(data: bytes) -> str:
    """Twelve hex digits that stand for some bytes."""
    return sha256(data).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Question:
    """What a request asks.

    Args:
        model: its name.
        prompt: all texts of all messages, one per line.
        images: a digest of the content of each image, in order; of the address, where it is not a data URL.
        videos: likewise.
        audios: likewise.
        schema: the JSON schema that the answer must have, or None.
        params: everything in the body but model, messages, and that no stream is wanted.
        stream: what the body says of it.
        outline: the messages with each medium's content replaced by its digest and size, for the log.
        charged: prompt tokens by the model's family; None where the endpoint counts by its own rule.
    """

    model: str
    prompt: str
    images: tuple[str, ...]
    videos: tuple[str, ...]
    audios: tuple[str, ...]
    schema: Mapping[str, Any] | None
    params: Mapping[str, Any]
    outline: list[dict[str, Any]]
    stream: Any = None
    charged: int | None = None

    @property
    def tokens(self) -> int:
        """Prompt tokens: those charged, or by this endpoint's rule a quarter of the characters, and 85 per medium."""
        if self.charged is not None:
            return self.charged
        return len(self.prompt) // 4 + TOKENS_PER_MEDIUM * len(self.images + self.videos + self.audios)

    @property
    def subject(self) -> str:
        """What the question is about: its media, or else its text."""
        return ", ".join(self.images + self.videos + self.audios) or digest12(self.prompt.encode())

    def finds(self, pattern: str) -> bool:
        """Whether a regex is found in the prompt."""
        return re.search(pattern, self.prompt, re.DOTALL) is not None


def read_question(body: Mapping[str, Any]) -> Question:
    """Understand the body of a chat request.

    Raises:
        ValueError: it is none.
    """
    try:
        texts: list[str] = []
        media: dict[str, list[str]] = {"image_url": [], "video_url": [], "input_audio": []}
        outline = [
            {"role": message["role"], "content": _read_content(message.get("content"), texts, media)}
            for message in body["messages"]
        ]
        schema = (body.get("response_format") or {}).get("json_schema", {}).get("schema")
        return Question(
            model=body["model"],
            prompt="\n".join(texts),
            images=tuple(media["image_url"]),
            videos=tuple(media["video_url"]),
            audios=tuple(media["input_audio"]),
            schema=schema,
            params={name: value for name, value in body.items() if name not in ("model", "messages", "stream")},
            stream=body.get("stream"),
            outline=outline,
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a chat request: {type(error).__name__} {error}") from error


def _read_content(content: Any, texts: list[str], media: dict[str, list[str]]) -> Any:
    if content is None or isinstance(content, str):
        texts.append(content or "")
        return content
    outline = []
    for part in content:
        kind = part["type"]
        if kind == "text":
            texts.append(part["text"])
            outline.append(part)
        else:
            digest, size = _read_medium(part[kind])
            media[kind].append(digest)
            detail = {"detail": part[kind]["detail"]} if "detail" in part[kind] else {}
            outline.append({"type": kind, "sha256": digest, "bytes": size, **detail})
    return outline


def _read_medium(value: Mapping[str, Any]) -> tuple[str, int]:
    if "data" in value:
        data = b64decode(value["data"], validate=True)
    elif value["url"].startswith("data:"):
        data = b64decode(value["url"].partition(",")[2], validate=True)
    else:
        data = value["url"].encode()
    return digest12(data), len(data)
