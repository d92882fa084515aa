"""The error answers of the test endpoint, worded and coded as OpenAI-compatible endpoints do it.

Source of types and codes: the error guide of the OpenAI API reference, and what its endpoints answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

import orjson

REASONS = {int(status): status.phrase for status in HTTPStatus}


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error answer: HTTP status, and the fields of the `error` object."""

    status: int
    message: str
    type: str = "invalid_request_error"
    code: str | None = None
    param: str | None = None

    def body(self) -> bytes:
        """The JSON body."""
        error = {"message": self.message, "type": self.type, "param": self.param, "code": self.code}
        return orjson.dumps({"error": error})


REFUSALS = {
    "400": Refusal(400, "The request could not be understood."),
    "401": Refusal(401, "Incorrect API key provided.", code="invalid_api_key"),
    "402": Refusal(402, "Insufficient balance on this account.", "insufficient_balance", "insufficient_balance"),
    "403": Refusal(403, "This project has no access to the model.", code="permission_denied"),
    "flagged": Refusal(403, "The input was flagged: violence."),
    "404": Refusal(404, "The model does not exist or you have no access to it.", code="model_not_found"),
    "409": Refusal(409, "Another request holds the lock.", "conflict"),
    "413": Refusal(413, "Request entity too large."),
    "425": Refusal(425, "Too early.", "too_early"),
    "rate": Refusal(400, "Rate limit reached for this model.", code="rate_limit_exceeded"),
    "429": Refusal(429, "Rate limit reached. Try again later.", "requests", "rate_limit_exceeded"),
    "500": Refusal(500, "The server had an error while processing the request.", "server_error"),
    "502": Refusal(502, "Bad gateway.", "server_error"),
    "503": Refusal(503, "The model is overloaded. Try again later.", "server_error", "overloaded"),
    "504": Refusal(504, "The model did not answer in time.", "server_error"),
    "quota": Refusal(429, "You exceeded your current quota.", "insufficient_quota", "insufficient_quota"),
    "context": Refusal(400, "The maximum context length is exceeded.", code="context_length_exceeded"),
    "refused": Refusal(400, "The prompt was refused by the content policy.", code="content_policy_violation"),
}


def refuse_parameter(name: str) -> Refusal:
    """What a model answers that does not take a parameter."""
    if name == "max_tokens":
        text = (
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
        )
        return Refusal(400, text, code="unsupported_parameter", param=name)
    if name in ("temperature", "top_p", "presence_penalty", "frequency_penalty"):
        text = (
            f"Unsupported value: '{name}' does not support this value with this model. Only the default is supported."
        )
        return Refusal(400, text, code="unsupported_value", param=name)
    return Refusal(400, f"Unsupported parameter: '{name}'.", code="unsupported_parameter", param=name)


def refuse_model(name: str) -> Refusal:
    """What an endpoint answers that does not know the model."""
    return Refusal(404, f"The model '{name}' does not exist or you have no access to it.", code="model_not_found")


def refuse_length(tokens: int, limit: int) -> Refusal:
    """What a model answers to a prompt beyond its context."""
    text = f"This model's maximum context length is {limit} tokens. However, your messages resulted in {tokens} tokens."
    return Refusal(400, text, code="context_length_exceeded", param="messages")


def refuse_images(count: int, limit: int) -> Refusal:
    """What vLLM answers to more images than it was started for."""
    return Refusal(400, f"At most {limit} image(s) may be provided in one prompt; {count} were.", "BadRequestError")


def refuse_repeating(headers: Mapping[str, str]) -> Refusal:
    """What a talkative gateway answers: with all that it was sent."""
    return Refusal(400, f"Cannot route a request with {dict(headers)}.")


def is_authorized(headers: Mapping[str, str], key: str, expected: Mapping[str, str]) -> bool:
    """Whether a request carries the key, and the headers that are wanted."""
    right = headers.get("authorization") == f"Bearer {key}" or (bool(expected) and not key)
    return right and all(headers.get(name.lower()) == value for name, value in expected.items())
