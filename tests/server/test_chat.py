"""The chat personality of the test endpoint: what it does to questions, in what shares, and that it can be repeated."""

from __future__ import annotations

from collections import Counter
from typing import Any

import orjson
import pytest

from tests.server.asking import ask, body
from tests.server.chat import SHARES, reply_to
from tests.server.chat_answers import caption_of
from tests.server.chat_texts import AFTER, BEFORE, BLIND, PLANTED, REASONING, REFUSALS
from tests.server.question import read_question
from tests.servers import start_server

CAPTION, PAIRS = "Describe this image.", "Write 3 question-answer pairs about it."
SCHEMA = {"type": "json_schema", "json_schema": {"schema": {"type": "object", "properties": {"qa": {"type": "array"}}}}}
QUIET = dict.fromkeys(SHARES, 0.0)


def replies(
    text: str, count: int, attempt: int = 0, shares: dict[str, float] | None = None, **fields: Any
) -> list[Any]:
    questions = [read_question(body(text, b"%d" % number, **fields)) for number in range(count)]
    return [reply_to(question, 5, shares or {}, attempt, 3) for question in questions]


def corrected(number: int) -> dict[str, Any]:
    """A question with a reply that could not be used, and a turn that says so."""
    payload = body(CAPTION, b"%d" % number)
    said = [{"role": "assistant", "content": "no"}, {"role": "user", "content": "This reply cannot be used."}]
    return {**payload, "messages": [*payload["messages"], *said]}


def test_a_model_that_adds_nothing_gives_the_bare_answer_in_the_form_that_was_asked_for() -> None:
    (caption,) = replies(CAPTION, 1, shares=QUIET)
    assert caption.message == {"role": "assistant", "content": caption.true.text} and caption.finish == "stop"
    (pairs,) = replies(PAIRS, 1, shares=QUIET)
    assert pairs.message["content"].count("- Q: ") == len(pairs.true.pairs) == 3
    (article,) = replies(f"Write a short encyclopedia article. {PAIRS}", 1, shares=QUIET)
    assert all(answer in article.message["content"].partition("Question:")[0] for _, answer in article.true.pairs)
    (data,) = replies('As JSON: {"type", "question", "answer"}', 1, shares=QUIET, response_format=SCHEMA)
    records = orjson.loads(data.message["content"])["qa"]
    assert [(record["question"], record["answer"]) for record in records] == list(data.true.pairs)


def test_the_shares_are_those_that_were_asked_for() -> None:
    counts = Counter(reply.fate for reply in replies(CAPTION, 4000))
    for fate in ("refused", "cut", "empty", "blind", "thought"):
        assert counts[fate] == pytest.approx(4000 * SHARES[fate], rel=0.25)
    persistent = sum(reply.persistent for reply in replies(CAPTION, 4000))
    assert persistent == pytest.approx(4000 * 0.48 * SHARES["persistent"], rel=0.25)
    assert {reply.fate for reply in replies(CAPTION, 200, shares={**QUIET, "cut": 1.0})} == {"cut"}


def test_every_fate_has_its_form_on_the_wire() -> None:
    seen: Counter[str] = Counter()
    for reply in replies(CAPTION, 4000):
        content = reply.message["content"] or ""
        seen[f"{reply.fate} {reply.form}"] += 1
        if reply.fate == "refused" and reply.form == "text":
            assert any(refusal in content for refusal in REFUSALS)
        elif reply.fate == "refused":
            assert reply.finish == "content_filter" or reply.message["refusal"] in REFUSALS
        elif reply.fate == "cut":
            assert reply.finish == "length" and reply.true.text not in content
            assert bool(content) == (reply.form == "text")
        elif reply.fate == "empty":
            assert not content and reply.true.text in reply.message[reply.form]
        elif reply.fate == "blind":
            assert content in BLIND
        elif reply.fate == "good":
            assert reply.true.text in content and reply.finish == "stop"
            seen["before"] += any(phrase in content for phrase in BEFORE)
            seen["after"] += any(phrase in content for phrase in AFTER)
            seen["reasoning"] += any(phrase in content for phrase in REASONING)
            seen["bare"] += content == reply.true.text
    assert all(seen[f"refused {form}"] for form in ("text", "field", "filter"))
    assert seen["cut text"] and seen["cut reasoning"]
    assert all(seen[f"empty {form}"] for form in ("reasoning", "reasoning_content"))
    assert all(seen[what] > 100 for what in ("before", "after", "reasoning", "bare"))


def test_the_same_question_gets_the_same_reply_and_another_attempt_or_seed_another() -> None:
    once, again, later = replies(CAPTION, 100), replies(CAPTION, 100), replies(CAPTION, 100, attempt=1)
    assert once == again != later
    other = [reply_to(read_question(body(CAPTION, b"%d" % number)), 6, {}, 0, 3) for number in range(100)]
    assert other != once


def test_a_correction_is_answered_well_but_where_the_model_is_stubborn() -> None:
    first = replies(CAPTION, 400)
    again = [reply_to(read_question(corrected(number)), 5, {}, 0, 3) for number in range(400)]
    for before, after in zip(first, again, strict=True):
        assert (after.fate, after.persistent) == ((before.fate, True) if before.persistent else ("good", False))
        assert after.true == before.true


def test_what_came_empty_once_comes_whole_the_next_time_but_where_the_model_is_stubborn() -> None:
    for before, after in zip(replies(CAPTION, 400), replies(CAPTION, 400, attempt=1), strict=True):
        assert after.fate != "empty" or before.persistent


def test_true_answers_hold_nothing_that_a_test_looks_for() -> None:
    texts = [caption_of(str(number)).text for number in range(500)]
    texts += [reply.true.text for prompt in (PAIRS, f"An article. {PAIRS}") for reply in replies(prompt, 500)]
    assert [(text, mark) for text in texts for mark in PLANTED if mark in text] == []
    assert len(set(texts)) == len(texts)
    assert sum("sorry" in text for text in texts) > 20


def test_the_endpoint_counts_every_token_that_it_told_of() -> None:
    with start_server(answer="chat", seed=5) as server:
        answers = ask(server, *(body(CAPTION, b"%d" % number) for number in range(120)))
        stats, log = server.stats(), server.requests()
    told = [answer[2]["usage"] for answer in answers]
    assert stats["prompt_tokens"] == sum(usage["prompt_tokens"] for usage in told)
    assert stats["completion_tokens"] == sum(usage["completion_tokens"] for usage in told)
    cached = [usage["prompt_tokens_details"]["cached_tokens"] for usage in told if "prompt_tokens_details" in usage]
    assert stats["cached_tokens"] == sum(cached) and 30 < len(cached) < 90
    assert stats["fates"] == Counter(entry["fate"] for entry in log)
    assert {entry["true"] for entry in log} == {reply.true.text for reply in replies(CAPTION, 120)}


def test_tokens_of_a_reply_that_was_torn_are_not_counted() -> None:
    with start_server(answer="chat", faults={"torn": 1.0}) as server:
        ask(server, body(CAPTION))
        stats = server.stats()
    assert (stats["requests"], stats["prompt_tokens"], stats["completion_tokens"]) == (1, 0, 0)
