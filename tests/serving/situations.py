"""What OpenAI-compatible endpoints have really been seen to answer, and what it should mean.

Each is named by the public issue (or documentation) in which it stands; words are shortened.
"""

# ruff: noqa: E501 - a table

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from dataflow.core import EndpointFatal, ModeratedRequest, RequestRefused, TransientError

USAGE = {"prompt_tokens": 12, "completion_tokens": 3, "total_tokens": 15}
WEB = "<!DOCTYPE html>\n<html><head><style>b {}</style>\n<title>%s</title></head><body><h1>x</h1></body></html>"
NO_IMAGES = "takes no images: name one that does"


@dataclass(frozen=True)
class Situation:
    """A reply, and what becomes of it.

    Args:
        source: where it was seen.
        body: of the reply, as text or as what becomes JSON.
        means: the text of the answer, or the kind of error.
        said: words of the error's message.
        status: of the reply.
        headers: likewise.
        finish: the finish reason of an answer.
        about: what an EndpointFatal is about.
        wait: seconds that a TransientError is told to wait.
        tries: after how many such replies it is given up.
        more: further properties of the scripted reply.
    """

    source: str
    body: Any
    means: str | type[Exception]
    said: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    finish: str = "stop"
    about: str = ""
    wait: float | None = None
    tries: int | None = None
    more: dict[str, Any] = field(default_factory=dict)

    def reply(self) -> dict[str, Any]:
        """As the scripted server takes it."""
        body = self.body if isinstance(self.body, str) else json.dumps(self.body)
        kind = {"Content-Type": "text/html" if body.startswith("<") else "application/json"}
        return {"status": self.status, "headers": {**kind, **self.headers}, "body": body, **self.more}


def error(message: str, code: Any = None, kind: str | None = None, **more: Any) -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "code": code, **more}}


def choice(message: Any = None, finish: Any = "stop", **more: Any) -> dict[str, Any]:
    found = {"index": 0, "finish_reason": finish, **({} if message is None else {"message": message})}
    return {"id": "x", "object": "chat.completion", "model": "m", "choices": [found], "usage": USAGE, **more}


def said(text: Any, **more: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": text, **more}


PLAIN = json.dumps(choice(said("A cat.")))

ANSWERS = [
    Situation("plain", choice(said("A cat.")), "A cat."),
    Situation("mistral: content in parts, thinking among them", choice(said([
        {"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]}, {"type": "text", "text": "A cat."}])), "A cat."),
    Situation("openai-python#2677: content of strings", choice(said(["A ", "cat."])), "A cat."),
    Situation("gateways: content as one part", choice(said({"type": "text", "text": "A cat."})), "A cat."),
    Situation("llama.cpp: finish_reason null", choice(said("A cat."), None), "A cat."),
    Situation("cohere: no finish_reason", {"choices": [{"message": said("A cat.")}]}, "A cat."),
    Situation("vllm: reasoning_content", choice(said("A cat.", reasoning_content="Hm.")), "A cat."),
    Situation("openrouter: reasoning, refusal null", choice(said("A cat.", reasoning="Hm.", refusal=None)), "A cat."),
    Situation("ollama: usage of nulls", choice(said("A cat."), usage={"prompt_tokens": None, "total_tokens": None}), "A cat."),
    Situation("together: usage null", choice(said("A cat."), usage=None), "A cat."),
    Situation("tgi: error null beside the answer", choice(said("A cat."), error=None), "A cat."),
    Situation("openrouter: comments keep the connection alive", ": OPENROUTER PROCESSING\n\n\n" + json.dumps(
        choice(said("A cat."))), "A cat."),
    Situation("proxies: bytes behind the end", json.dumps(choice(said("A cat."))) + "\r\n0\r\n\r\n", "A cat."),
    Situation("litellm: usage in the last chunk of a stream", "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in [
        {"choices": [{"index": 0, "delta": {"content": "A "}}]},
        {"choices": [{"index": 0, "delta": {"content": "cat."}, "finish_reason": "stop"}]},
        {"choices": [], "usage": USAGE}]) + "data: [DONE]\n\n", "A cat.", headers={"Content-Type": "text/event-stream"}),
    Situation("agentgateway#1464: Gemini without a message, cut off", choice(None, "length"), "", finish="length"),
    Situation("azure: filtered without a message", choice(None, "content_filter"), "", finish="content_filter"),
    Situation("litellm#40864: Gemini's SAFETY without content", choice({"role": "assistant"}, "SAFETY"), "",
              finish="content_filter"),
    Situation("openai: refusal field", choice(said(None, refusal="I cannot.")), "I cannot.", finish="refusal"),
    Situation("nginx: 100-continue, chunks and a trailer", "", "A cat.", more={"raw":
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
        f"{len(PLAIN):x}\r\n{PLAIN}\r\n0\r\nX-Sum: 1\r\n\r\n"}),
]  # fmt: skip

AGAIN = [
    Situation("ollama#13371: neither content nor error, usage 0", choice(said(None, refusal=None), usage={
        "prompt_tokens": 0, "completion_tokens": 0}), TransientError, "empty answer", tries=3),
    Situation("litellm#40252: no choices, paid", {"choices": [], "usage": USAGE}, TransientError, "no chat completion", tries=3),
    Situation("langchain#32252: choices null", {"choices": None, "usage": None, "kv_transfer_params": None}, TransientError,
              "no chat completion"),
    Situation("vllm: a tool called instead of an answer", choice(said(None, tool_calls=[{"type": "function", "function": {
        "name": "look", "arguments": "{}"}}]), "tool_calls"), TransientError, "called a tool", tries=3),
    Situation("openrouter: provider's error in 200", {**error("Provider returned error", 502, metadata={
        "raw": "upstream had a hiccup", "provider_name": "X"}), "user_id": "u"}, TransientError, "upstream had a hiccup"),
    Situation("openrouter: error in a choice", {"choices": [{"error": {"code": 502, "message": "Lost."}, "message": said(
        "")}]}, TransientError, "Lost."),
    Situation("gemini: list with RetryInfo", [{"error": {"code": 429, "message": "Quota.", "status": "RESOURCE_EXHAUSTED",
        "details": [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34s"}]}}], TransientError, "Quota.",
        429, wait=34),
    Situation("continue#10920: Groq's tokens per day", error("Rate limit reached on tokens per day (TPD): Limit 100000. "
        "Please try again in 9m38.016s. Need more tokens?", "rate_limit_exceeded"), TransientError, "TPD", 429, wait=578.016),
    Situation("groq: only in x-ratelimit headers", error("Too fast."), TransientError, "Too fast.", 429,
        {"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "2m59.56s"}),
    Situation("azure: retry-after-ms", error("Too fast.", "429"), TransientError, "", 429, {"retry-after-ms": "1500",
        "Retry-After": "2"}, wait=1.5),
    Situation("litellm#2493: all deployments rest", error("No deployments available for selected model, Try again in 60 "
        "seconds.", "429"), TransientError, "No deployments", 429, wait=60),
    Situation("hugging face: the model is loading", {"error": "Model m is currently loading", "estimated_time": 20.0},
              TransientError, "loading", 503, wait=20),
    Situation("anthropic: overloaded", {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}},
              TransientError, "Overloaded", 529),
    Situation("claude-code#3197: Cloudflare 520", WEB % "api.x.com | 520: Web server is returning an unknown error",
              TransientError, '520 a web page ("api.x.com | 520: Web server is returning an unknown error")', 520),
    Situation("ChatGPT#447: Cloudflare 524", WEB % "x | 524: A timeout occurred", TransientError, "524: A timeout occurred", 524),
    Situation("nginx: 502", WEB % "502 Bad Gateway", TransientError, "502 Bad Gateway", 502),
    Situation("vllm: broken off", choice(said("A c"), "abort"), TransientError, "broke the answer off", tries=3),
    Situation("keep-alive reset", "", TransientError, "broke", more={"raw": ""}),
    Situation("cut reply", choice(said("A cat.")), TransientError, "broke", more={"cut": 30}),
]  # fmt: skip

REFUSED = [
    Situation("openai-python#331: Azure's filter", error("The response was filtered due to the prompt triggering Azure "
        "OpenAI’s content management policy.", "content_filter", innererror={"code": "ResponsibleAIPolicyViolation"}),
        ModeratedRequest, "filtered", 400),
    Situation("litellm#16231: the same through a gateway", error("litellm.BadRequestError: litellm.ContentPolicyViolation"
        "Error: AzureException - blocked", "400"), ModeratedRequest, "blocked", 400),
    Situation("dashscope: inspection", error("<400> InternalError.Algo.DataInspectionFailed: Input data may contain "
        "inappropriate content.", "data_inspection_failed"), ModeratedRequest, "inappropriate", 400),
    Situation("openrouter: moderation", error("Flagged.", 403, metadata={"reasons": ["violence"]}), ModeratedRequest, "", 403),
    Situation("vllm#42474: context", error("This model's maximum context length is 128000 tokens. However, you requested "
        "65535 output tokens and your prompt contains at least 62466 input tokens", 400), RequestRefused, "--max-tokens", 400),
    Situation("vllm#4667: nothing left for the answer", {"object": "error", "message": "max_tokens must be at least 1, got "
        "-186.", "type": "BadRequestError", "code": 400}, RequestRefused, "what fills it is mostly images", 400),
    Situation("openai: max_tokens too large", error("max_tokens is too large: 100000. This model supports at most 16384 "
        "completion tokens.", None, param="max_tokens"), RequestRefused, "give a lower --max-tokens", 400),
    Situation("llama.cpp: context", error("the request exceeds the available context size (4096 tokens), try increasing it",
        400, "exceed_context_size_error"), RequestRefused, "--frames uniform:N", 400),
    Situation("eliza#4040: Groq's minute is smaller than the request", error("Request too large for model on tokens per "
        "minute (TPM): Limit 6000, Requested 6294, please reduce your message size", "rate_limit_exceeded"), RequestRefused,
        "what fills it is mostly images", 413),
    Situation("nginx: 413", WEB % "413 Request Entity Too Large", RequestRefused, "send smaller images", 413),
    Situation("hermes-agent#104914: DashScope's count", error("Exceeded limit on max data-uri per request: 250"),
              RequestRefused, "send fewer images", 400),
    Situation("hermes-agent#104914: DeepInfra's count", error("Too many images in request: 11 > 8"), RequestRefused,
              "send fewer images", 400),
    Situation("qwen-code#2505: too small an image", error("<400> InternalError.Algo.InvalidParameter: The image length and "
        "width do not meet the model restrictions. [height:1 or width:1 must be larger than 10]"), RequestRefused,
        "must be larger than 10]", 400),
    Situation("fastapi: validation as a list", {"detail": [{"loc": ["body", "messages"], "msg": "field required"}]},
              RequestRefused, "422 body.messages: field required", 422),
    Situation("mistral: validation as an object", {"object": "error", "message": {"detail": [{"loc": ["body", "top_p"],
        "msg": "Input should be greater than 0"}]}, "code": "1"}, RequestRefused, "body.top_p: Input should", 422),
    Situation("cloudflare workers: errors", {"success": False, "errors": [{"code": 5006, "message": "bad input"}]},
              RequestRefused, "400 bad input", 400),
]  # fmt: skip

NOBODY = [
    *(Situation(source, body, EndpointFatal, NO_IMAGES, status, about="model") for source, status, body in [
        ("llama.cpp#15377", 500, error("image input is not supported - hint: you may need to provide the mmproj", 500)),
        ("llama.cpp#12947", 500, error('Failed to parse messages: Unsupported content part type: "image_url"', 500)),
        ("lmstudio-bug-tracker#908", 400, {"error": "Model does not support images. Please use a model that does."}),
        ("lms#362", 200, {**error("ValueError: Vision add-on is not loaded, but images were provided"), "message": "x"}),
        ("vllm: no multimodal model", 400, error("m is not a multimodal model", 400, "BadRequestError")),
        ("vllm: none allowed", 400, error("At most 0 image(s) may be provided in one prompt.", 400)),
        ("openai", 400, error("Invalid content type. image_url is only supported by certain models.")),
        ("deepseek", 400, error("Failed to deserialize the JSON body: messages[0]: unknown variant `image_url`, expected `text`")),
        ("groq", 400, error("'messages.0.content' : value must be a string")),
        ("openrouter", 404, error("No endpoints found that support image input", 404)),
        ("ollama", 400, error("this model is missing data required for image input")),
    ]),
    Situation("worker-vllm#57: no such model in 200", {"code": 404, "message": "The model `m` does not exist.", "object":
        "error", "type": "NotFoundError"}, EndpointFatal, "has no model 'm'", about="model"),
    Situation("ollama: not pulled", error('model "m" not found, try pulling it first', None, "api_error"), EndpointFatal,
              "has no model 'm'", 404, about="model"),
    *(Situation(source, body, EndpointFatal, "no chat completions at this address", status, about="model")
      for source, status, body in [
        ("aisub-translator#2: nginx", 404, WEB % "404 Not Found"),
        ("OpenAI-API-Gateway#1", 404, error("Unknown request URL: POST /chat/completions.", "unknown_url")),
        ("gptpdf#12: fastapi", 404, {"detail": "Not Found"}),
        ("ollama: plain text", 404, "404 page not found"),
        ("lm studio", 200, {"error": "Unexpected endpoint or method. (POST /chat/completions)"}),
        ("a web server", 405, WEB % "405 Not Allowed"),
    ]),
    Situation("a login page with 200", WEB % "Sign in", EndpointFatal, 'answers with a web page ("Sign in")', about="account"),
    Situation("gemini: a wrong key with 400", [error("API key not valid. Please pass a valid API key.", 400)], EndpointFatal,
              "does not accept the API key", 400, about="account"),
    Situation("anthropic: no credit with 400", error("Your credit balance is too low to access the API.", None,
        "invalid_request_error"), EndpointFatal, "no quota left", 400, about="account"),
    Situation("gemini: a country with 400", [error("User location is not supported for the API use.", 400)], EndpointFatal,
              "location is not supported", 400, about="account"),
    Situation("nginx: http to an https port", WEB % "400 The plain HTTP request was sent to HTTPS port", EndpointFatal,
              "speaks TLS: write https://", 400),
    Situation("go: http to an https port", "Client sent an HTTP request to an HTTPS server.\n", EndpointFatal,
              "speaks TLS: write https://", 400),
    Situation("a server of TLS that says so in TLS", "", EndpointFatal, "speaks TLS: write https://",
              more={"raw": "\x15\x03\x01\x00\x02\x02\x46"}),
    Situation("cloudflare: a banned client", "error code: 1010", EndpointFatal, "error code: 1010", 403, about="request"),
]  # fmt: skip

ALL = ANSWERS + AGAIN + REFUSED + NOBODY
