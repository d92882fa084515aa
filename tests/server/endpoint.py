"""The endpoint itself: takes requests, decides what each one gets, gives it when its time has come, and counts."""

from __future__ import annotations

import asyncio
import time
from hashlib import sha256
from typing import Any

from tests.server.answers import answer_text, answered, completion, light_text, usage
from tests.server.chat import reply_to
from tests.server.config import Config
from tests.server.counts import Counts
from tests.server.draws import draw_fault, draw_latency, uniform_pair
from tests.server.exchange import Exchange
from tests.server.forms import sent
from tests.server.limits import Bucket, retry_after_header
from tests.server.protocol import Connection, HttpRequest
from tests.server.question import Question
from tests.server.reading import read_body
from tests.server.refusals import (
    REFUSALS,
    Refusal,
    is_authorized,
    refuse_images,
    refuse_length,
    refuse_model,
    refuse_parameter,
    refuse_repeating,
)

IMMEDIATE = ("400", "401", "402", "403", "404", "429", "quota", "context", "refused")


class Endpoint:
    """An OpenAI-compatible endpoint with one model that looks at nothing."""

    def __init__(self, config: Config) -> None:
        self.connections = 0
        self.hung: list[Exchange] = []
        self.gathered: dict[str, list[Exchange]] = {}
        self.counts = Counts()
        self.configure(config)

    def reset(self) -> None:
        """Forget all counts and fill the buckets; requests in flight stay."""
        self.counts = Counts(self.counts.in_flight)
        self.configure(self.config)

    def configure(self, config: Config) -> None:
        """Behave differently from now on; buckets are full again."""
        now = time.monotonic()
        self.config = config
        self.gathered = {}
        self.request_bucket = self.token_bucket = None
        if rate := config.requests_per_second:
            self.request_bucket = Bucket(rate, config.burst or max(1.0, rate), now)
        if per_minute := config.tokens_per_minute:
            self.token_bucket = Bucket(per_minute / 60, config.token_burst or per_minute, now)

    def release(self) -> int:
        """Answer the requests that hang; returns how many."""
        released, self.hung = self.hung, []
        for exchange in released:
            exchange.fault = ""
            self._answer(exchange)
        return len(released)

    def chat(self, connection: Connection, request: HttpRequest) -> None:
        """Take a chat request."""
        now = time.monotonic()
        config = self.config
        question, refusal = None, None
        if config.light:
            digest = sha256(request.body).digest()[:16]
        else:
            digest, question, refusal = read_body(request.body, by_family=config.charge == "family")
        record = self.counts.ask(digest, now)
        exchange = Exchange(connection, digest, record, question)
        authorized = is_authorized(request.headers, config.expected_key, config.expected_headers)
        self.counts.unauthorized += not authorized
        if not config.light:
            self._log(exchange, request, authorized, now)
        if connection.poisoned:
            exchange.fault = "reset"
            self._leave(exchange, "reset", whole=False, good=False)
            connection.reset()
            return
        refusal = refusal or self._refuse(request, question, authorized)
        if refusal is not None:
            self._send_refusal(exchange, refusal, str(refusal.status))
            return
        if (wait := self._throttle(exchange, now)) is not None:
            exchange.headers += retry_after_header(config.retry_after, wait)
            self._send_refusal(exchange, REFUSALS["429"], "429")
            return
        self._enter(exchange, now)

    def _enter(self, exchange: Exchange, now: float) -> None:
        """Let a request in: draw what becomes of it, and when."""
        config = self.config
        record = b"%d" % exchange.order if config.draw_by == "order" else exchange.digest
        u_fault, u_latency = uniform_pair(config.seed, record, exchange.attempt)
        exchange.fault = self._fault(exchange, u_fault)
        exchange.entered = True
        self.counts.enter(now)
        exchange.connection.on_lost = lambda: self._lost(exchange)
        if exchange.fault == "hang":
            self.hung.append(exchange)
            return
        if exchange.fault in IMMEDIATE:
            self._answer(exchange)
            return
        delay = draw_latency(config.latency, config.latency_sigma, u_latency)
        if exchange.question is not None:
            delay = next((s for pattern, s in config.slow.items() if exchange.question.finds(pattern)), delay)
        if config.knee:
            delay *= max(1.0, self.counts.in_flight / config.knee)
        self.counts.latency_sum += delay
        exchange.delay = delay
        if not self._gather(exchange):
            self._begin(exchange)

    def _gather(self, exchange: Exchange) -> bool:
        """Whether a request waits for others of its kind; with the last of them all begin."""
        question = exchange.question
        kind = next((kind for kind in self.config.gather if question is not None and question.finds(kind)), "")
        if not kind:
            return False
        there = self.gathered.setdefault(kind, [])
        there.append(exchange)
        if len(there) == self.config.gather[kind]:
            for other in there[:-1]:
                self._begin(other)
        return len(there) < self.config.gather[kind]

    def _begin(self, exchange: Exchange) -> None:
        delay = exchange.delay
        if delay:
            exchange.timer = asyncio.get_running_loop().call_later(delay, self._answer, exchange)
        else:
            self._answer(exchange)

    def _fault(self, exchange: Exchange, u: float) -> str:
        config = self.config
        if self.counts.requests == config.hang_nth:
            return "hang"
        if self.counts.requests <= config.fail_first or exchange.attempt < config.fail_attempts:
            return config.fail_with
        if exchange.question is not None:
            for pattern, fault in config.fail_on.items():
                if exchange.question.finds(pattern):
                    return fault
        return draw_fault(config.faults, u)

    def _refuse(self, request: HttpRequest, question: Question | None, authorized: bool) -> Refusal | None:
        """What is wrong with the request itself, or None."""
        config = self.config
        if (config.expected_key or config.expected_headers) and not authorized:
            return REFUSALS["401"]
        if config.repeats:
            return refuse_repeating(request.headers)
        if config.max_bytes and len(request.body) > config.max_bytes:
            return REFUSALS["413"]
        if question is None:
            return None
        if config.max_images and len(question.images) > config.max_images:
            return refuse_images(len(question.images), config.max_images)
        if config.models and question.model not in config.models:
            return refuse_model(question.model)
        for name in config.refuse_params:
            if name in question.params:
                return refuse_parameter(name)
        if config.max_context and question.tokens > config.max_context:
            return refuse_length(question.tokens, config.max_context)
        return REFUSALS["refused"] if "REFUSE" in question.prompt else None

    def _throttle(self, exchange: Exchange, now: float) -> float | None:
        """Seconds after which to ask again when a limit is reached, or None; notes the headers."""
        config, wait = self.config, None
        tokens = exchange.question.tokens if exchange.question else 0
        for what, bucket, amount in (("requests", self.request_bucket, 1), ("tokens", self.token_bucket, tokens)):
            if bucket is None:
                continue
            if wait is None and not bucket.take(amount, now):
                wait = float(-(-bucket.seconds_until(amount) // 1))
            if config.rate_headers and not config.said_headers:
                exchange.headers += bucket.headers(what)
        exchange.headers += config.said_headers.items()
        if wait is None and config.max_in_flight and self.counts.in_flight >= config.max_in_flight:
            wait = config.retry_after_s
        return wait

    def _answer(self, exchange: Exchange) -> None:
        """Give a request what it gets."""
        fault, connection = exchange.fault, exchange.connection
        if fault in REFUSALS:
            if fault in ("429", "503"):
                exchange.headers += retry_after_header(self.config.retry_after, self.config.retry_after_s)
            self._send_refusal(exchange, REFUSALS[fault], fault)
        elif fault == "drop":
            self._leave(exchange, "drop", whole=False, good=False)
            connection.reset()
        else:
            self._send_answer(exchange)

    def _send_answer(self, exchange: Exchange) -> None:
        fault, connection = exchange.fault, exchange.connection
        try:
            body = self._body(exchange)
        except ValueError as error:
            self._send_refusal(exchange, Refusal(400, str(error)), "400")
            return
        torn = fault == "torn"
        if not torn and fault != "not_json" and connection.open:
            self.counts.charge(body["usage"])
        good = fault in ("", "length")
        self._leave(exchange, "200" if good else fault, whole=not torn, good=good)
        content, kind = sent(body, fault, stream=self.config.streams)
        if torn:
            connection.respond(200, exchange.headers, content[: len(content) // 2], declared=len(content))
        else:
            connection.respond(200, exchange.headers, content, kind=kind)

    def _body(self, exchange: Exchange) -> dict[str, Any]:
        config, question, fault = self.config, exchange.question, exchange.fault
        if config.answer == "chat" and question is not None and not fault:
            reply = reply_to(question, config.seed, config.chat, exchange.attempt, config.qa_pairs)
            self.counts.fates[reply.fate] += 1
            spent = usage(question.tokens, reply.written, int(question.tokens * reply.cached))
            told = {"fate": reply.fate, "form": reply.form, "persistent": reply.persistent, "usage": spent}
            exchange.entry |= {**told, "true": reply.true.text, "pairs": reply.true.pairs}
            return completion(question.model, reply.message, reply.finish, spent)
        text = ""
        if fault != "empty":
            if question is None:
                text = light_text(config, exchange.digest.hex()[:12])
            else:
                text = answer_text(config, question, exchange.order, exchange.attempt)
        model, prompt_tokens = (question.model, question.tokens) if question else ("stub", 100)
        body = answered(config, model, text, prompt_tokens, cut=fault == "length")
        if fault == "mute":
            body["choices"][0]["message"] |= {"content": None, "reasoning": text}
        elif fault == "coded":
            return {"error": {"code": "429", "message": "Slow down."}, "usage": body["usage"]}
        return body

    def _send_refusal(self, exchange: Exchange, refusal: Refusal, outcome: str) -> None:
        connection = exchange.connection
        self._leave(exchange, outcome, whole=False, good=False)
        connection.poisoned = self.config.reset_after_500 and refusal.status >= 500
        connection.respond(refusal.status, exchange.headers, refusal.body())

    def _lost(self, exchange: Exchange) -> None:
        """The client hung up before it had its answer."""
        if exchange.timer is not None:
            exchange.timer.cancel()
        if exchange in self.hung:
            self.hung.remove(exchange)
        for there in self.gathered.values():
            if exchange in there:
                there.remove(exchange)
        self._leave(exchange, "closed", whole=False, good=False)

    def _leave(self, exchange: Exchange, outcome: str, *, whole: bool, good: bool) -> None:
        now = time.monotonic()
        if outcome != "closed" and not exchange.connection.open:
            outcome, whole, good = "closed", False, False
        self.counts.leave(exchange.record, outcome, now, entered=exchange.entered, whole=whole, good=good)
        if exchange.entry:
            exchange.entry |= {"out": now, "outcome": outcome, "fault": exchange.fault}

    def _log(self, exchange: Exchange, request: HttpRequest, authorized: bool, now: float) -> None:
        headers = {name: value for name, value in request.headers.items() if name != "authorization"}
        question = exchange.question
        exchange.entry = {
            "digest": exchange.digest.hex(),
            "attempt": exchange.attempt,
            "in": now,
            "authorized": authorized,
            "connection": id(exchange.connection),
            "path": request.path,
            "query": request.query,
            "headers": headers,
            "model": question.model if question else None,
            "messages": question.outline if question else None,
            "params": question.params if question else None,
            "stream": question.stream if question else None,
        }
        self.counts.log.append(exchange.entry)
