"""The body of a chat request: what it asks, or what is wrong with it."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import orjson

from tests.server.question import Question, read_question
from tests.server.refusals import Refusal
from tests.server.tokens import charged_tokens


def read_body(body: bytes, *, by_family: bool) -> tuple[bytes, Question | None, Refusal | None]:
    """Digest of a body in canonical form, what it asks, and what is wrong with it."""
    try:
        data = orjson.loads(body)
        canonical = orjson.dumps(data, option=orjson.OPT_SORT_KEYS)
        question = read_question(data)
        if by_family:
            question = replace(question, charged=charged_tokens(data))
        return sha256(canonical).digest()[:16], question, None
    except ValueError as error:
        return sha256(body).digest()[:16], None, Refusal(400, f"Cannot read the body: {error}")
