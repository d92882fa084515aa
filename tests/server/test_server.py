"""What the test endpoint promises to the tests that rely on it."""

from __future__ import annotations

import asyncio
from hashlib import sha256
from typing import Any

import aiohttp
import pydantic
import pytest

from tests.server.asking import ask, body, code_of, text_of
from tests.servers import ModelServer, start_server


def test_an_echo_names_every_image_by_its_content(server: ModelServer) -> None:
    (answer,) = ask(server, body("look", b"first", b"second"))
    digests = [sha256(image).hexdigest()[:12] for image in (b"first", b"second")]
    assert f"2 images [{' '.join(digests)}]" in text_of(answer)
    assert answer[2]["usage"]["prompt_tokens"] == 2 * 85 + 1
    assert answer[2]["usage"]["completion_tokens"] == len(text_of(answer)) // 4 + 1


def test_the_same_request_gets_the_same_answer_and_another_text_another(server: ModelServer) -> None:
    one, again, other = ask(server, body("a"), body("a"), body("b"))
    assert text_of(one) == text_of(again) != text_of(other)


def test_it_answers_with_or_without_v1_and_lists_models(server: ModelServer) -> None:
    async def run() -> tuple[int, Any]:
        async with aiohttp.ClientSession() as session:
            async with session.post(f"{server.root}/chat/completions", json=body()) as answer:
                status = answer.status
            async with session.get(f"{server.url}/models") as answer:
                return status, await answer.json()

    status, models = asyncio.run(run())
    assert status == 200
    assert [model["id"] for model in models["data"]] == ["stub"]


def test_a_qa_answer_has_the_asked_number_of_pairs_and_names_the_image(server: ModelServer) -> None:
    server.configure(answer="qa", qa_pairs=3)
    (answer,) = ask(server, body("x", b"img"))
    assert text_of(answer).count("- Q: ") == 3
    assert text_of(answer).count(f"\n  A: {sha256(b'img').hexdigest()[:12]}") == 3


class Pair(pydantic.BaseModel):
    question: str
    answer: str


class Pairs(pydantic.BaseModel):
    pairs: list[Pair] = pydantic.Field(min_length=4, max_length=6)


def test_a_request_with_a_schema_gets_json_about_its_image(server: ModelServer) -> None:
    server.configure(answer="qa", qa_pairs=5)
    schema = {"type": "json_schema", "json_schema": {"name": "pairs", "schema": Pairs.model_json_schema()}}
    (answer,) = ask(server, body("x", b"img", response_format=schema))
    pairs = Pairs.model_validate_json(text_of(answer))
    assert len(pairs.pairs) == 5
    assert sha256(b"img").hexdigest()[:12] in pairs.pairs[0].question


def test_a_script_answers_by_order_by_regex_and_by_attempt(server: ModelServer) -> None:
    server.configure(answer="script", script=["one", "two"])
    assert [text_of(a) for a in ask(server, body("a"), body("b"), body("a"), body("c"))] == ["one", "two", "one", "two"]
    server.configure(script={"cat": ["bad", "good"], ".": "dog"})
    server.reset()
    assert [text_of(a) for a in ask(server, body("a cat"), body("a cat"), body("x"))] == ["bad", "good", "dog"]


def test_reasoning_comes_in_a_field_or_in_the_text(server: ModelServer) -> None:
    server.configure(reasoning="reasoning_content")
    (answer,) = ask(server, body())
    assert answer[2]["choices"][0]["message"]["reasoning_content"] and "<think>" not in text_of(answer)
    server.configure(reasoning="think")
    (answer,) = ask(server, body())
    assert text_of(answer).startswith("<think>") and "</think>" in text_of(answer)


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("401", 401, "invalid_api_key"),
        ("402", 402, "insufficient_balance"),
        ("403", 403, "permission_denied"),
        ("quota", 429, "insufficient_quota"),
        ("429", 429, "rate_limit_exceeded"),
        ("500", 500, None),
        ("503", 503, "overloaded"),
        ("context", 400, "context_length_exceeded"),
    ],
)
def test_a_refusal_has_its_status_and_code(server: ModelServer, fault: str, status: int, code: str | None) -> None:
    server.configure(faults={fault: 1.0})
    (answer,) = ask(server, body())
    assert code_of(answer) == (status, code)
    assert server.stats()["statuses"] == {fault: 1}
    assert server.stats()["answered_200"] == 0


def test_what_is_wrong_with_a_request_is_refused(server: ModelServer) -> None:
    server.configure(models=["other"])
    assert code_of(ask(server, body())[0]) == (404, "model_not_found")
    server.configure(models=[], refuse_params=["max_tokens", "temperature"], max_context=100)
    hot, long, refused, deep = ask(
        server, body(temperature=0.5), body(max_tokens=9), body("REFUSE this"), body("w" * 404)
    )
    assert hot[0] == 400 and hot[2]["error"]["param"] == "temperature"
    assert long[0] == 400 and "max_completion_tokens" in long[2]["error"]["message"]
    assert code_of(refused) == (400, "content_policy_violation")
    assert code_of(deep) == (400, "context_length_exceeded")


def test_a_wrong_key_is_refused_and_counted(server: ModelServer) -> None:
    server.configure(expected_key="right")
    (wrong,), (right,) = ask(server, body(), key="wrong"), ask(server, body(), key="right")
    assert (wrong[0], right[0]) == (401, 200)
    assert server.stats()["unauthorized"] == 1
    assert not any("authorization" in entry["headers"] for entry in server.requests())


def test_a_body_that_is_no_chat_request_is_a_400(server: ModelServer) -> None:
    assert [answer[0] for answer in ask(server, {"model": "stub"}, [])] == [400, 400]


@pytest.mark.parametrize(
    ("fault", "error"),
    [("drop", aiohttp.ClientConnectionError), ("torn", aiohttp.ClientPayloadError), ("not_json", ValueError)],
)
def test_a_mutilated_answer_is_not_delivered(server: ModelServer, fault: str, error: type[Exception]) -> None:
    server.configure(faults={fault: 1.0})
    (answer,) = ask(server, body())
    assert isinstance(answer[2], error)
    stats = server.stats()
    assert (stats["statuses"], stats["delivered"], stats["paid_twice"]) == ({fault: 1}, 0, 0)


def test_an_empty_answer_is_a_200_but_no_delivery(server: ModelServer) -> None:
    server.configure(faults={"empty": 1.0})
    (answer,) = ask(server, body())
    assert (answer[0], text_of(answer)) == (200, "")
    assert (server.stats()["answered_200"], server.stats()["delivered"]) == (1, 0)


def test_a_cut_answer_says_so(server: ModelServer) -> None:
    whole, _ = ask(server, body(), body())
    server.configure(faults={"length": 1.0})
    (cut,) = ask(server, body())
    assert cut[2]["choices"][0]["finish_reason"] == "length"
    assert text_of(cut) and text_of(whole).startswith(text_of(cut)) and text_of(cut) != text_of(whole)


def test_answers_delivered_twice_are_counted_once_per_record(server: ModelServer) -> None:
    ask(server, body("a"), body("a"), body("a"), body("b"))
    stats = server.stats(full=True)
    assert (stats["requests"], stats["distinct"], stats["delivered"], stats["paid_twice"]) == (4, 2, 4, 1)
    assert stats["asked_again"] == 2
    assert sorted(record["delivered"] for record in stats["records"].values()) == [1, 3]


def test_the_order_of_keys_in_the_body_does_not_make_another_record(server: ModelServer) -> None:
    first = body("a", temperature=0.5)
    ask(server, first, dict(reversed(first.items())))
    assert server.stats()["distinct"] == 1


def test_the_log_has_digests_in_the_place_of_media(server: ModelServer) -> None:
    ask(server, body("look", b"img", temperature=0.5))
    (entry,) = server.requests()
    image, text = entry["messages"][0]["content"]
    assert image == {"type": "image_url", "sha256": sha256(b"img").hexdigest()[:12], "bytes": 3}
    assert (text["text"], entry["params"], entry["outcome"]) == ("look", {"temperature": 0.5}, "200")


def test_the_first_requests_and_the_first_attempts_can_fail(server: ModelServer) -> None:
    server.configure(fail_first=2)
    assert [a[0] for a in ask(server, *map(body, "abc"))] == [500, 500, 200]
    server.configure(fail_first=0, fail_attempts=1, fail_with="503")
    server.reset()
    assert [a[0] for a in ask(server, *map(body, "abab"))] == [503, 503, 200, 200]


def test_a_pattern_can_fail_always(server: ModelServer) -> None:
    server.configure(fail_on={r"sample 7\b": "400"})
    assert [a[0] for a in ask(server, body("sample 7"), body("sample 77"), body("sample 7"))] == [400, 200, 400]


def test_faults_are_drawn_per_record_and_attempt(server: ModelServer) -> None:
    payloads = [body(f"record {n}") for n in range(200)]

    def statuses() -> list[int]:
        server.reset()
        return [answer[0] for answer in ask(server, *payloads, *payloads)]

    server.configure(faults={"500": 0.2, "429": 0.2})
    once, again = statuses(), statuses()
    assert once == again
    assert once[:200] != once[200:]
    assert 50 < once.count(500) < 110 and 50 < once.count(429) < 110
    server.configure(seed=1)
    assert statuses() != once


def test_draws_by_order_are_the_same_for_other_bodies(server: ModelServer) -> None:
    server.configure(faults={"500": 0.5}, draw_by="order")
    once = [answer[0] for answer in ask(server, *(body(f"a {n}") for n in range(40)))]
    server.reset()
    assert once == [answer[0] for answer in ask(server, *(body(f"b {n}") for n in range(40)))]
    assert set(once) == {200, 500}


def test_light_mode_counts_exactly_without_reading(server: ModelServer) -> None:
    with start_server(light=True, answer="qa") as light:
        answers = ask(light, *(body("same", bytes([n % 7]) * 70_000) for n in range(20)))
        assert len({text_of(answer) for answer in answers}) == 7
        stats = light.stats()
        assert (stats["requests"], stats["distinct"], stats["delivered"], stats["paid_twice"]) == (20, 7, 20, 7)


@pytest.mark.parametrize(
    "fields",
    [{"faults": {"teapot": 1.0}}, {"faults": {"500": 0.6, "429": 0.6}}, {"no_such_field": 1}, {"answer": "script"}],
)
def test_a_behaviour_that_cannot_be_is_an_error(server: ModelServer, fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        server.configure(**fields)


def test_a_server_that_cannot_start_says_why() -> None:
    with pytest.raises(RuntimeError, match="light mode does not read bodies"), start_server(light=True, models=["a"]):
        pass


def test_a_server_can_return_on_its_port() -> None:
    with start_server() as first:
        port = first.port
        assert ask(first, body())[0][0] == 200
    assert isinstance(ask(first, body())[0][2], aiohttp.ClientConnectionError)
    with start_server(port=port) as second:
        assert ask(second, body())[0][0] == 200


def test_another_endpoint_in_the_same_process_knows_nothing_of_the_first_and_can_end(server: ModelServer) -> None:
    server.configure(faults={"400": 1.0})
    with server.another() as other:
        assert ask(other, body())[0][0] == 200
        assert (other.stats()["requests"], server.stats()["requests"]) == (1, 0)
    assert isinstance(ask(other, body())[0][2], aiohttp.ClientConnectionError)
    assert ask(server, body())[0][0] == 400
