"""What `dataflow.testing` promises to whoever tests an operator."""

from __future__ import annotations

import pytest

from dataflow.core import Message, Request, RequestRefused, Response, TextPart, TransientError
from dataflow.operators.core_vision import PromptedVQAGenerator, VQARefiner
from dataflow.testing import ScriptedServing, try_operator


def ask(serving: ScriptedServing, *texts: str) -> list[str]:
    return [serving.generate_from_input([text])[0] for text in texts]


def test_a_script_is_a_reply_a_list_of_them_rules_or_a_function() -> None:
    assert ask(ScriptedServing("Yes."), "Red?", "Blue?") == ["Yes.", "Yes."]
    assert ask(ScriptedServing(["Yes.", {"sure": True}]), "Red?", "Blue?") == ["Yes.", '{"sure":true}']
    assert ask(ScriptedServing({"(?i)red": "Yes.", ".": Response("No.")}), "Red?", "Blue?") == ["Yes.", "No."]
    assert ask(ScriptedServing(lambda request: request.messages[0].text.upper()), "Red?") == ["RED?"]


def test_what_it_was_asked_is_kept() -> None:
    serving = ScriptedServing("Yes.")
    ask(serving, "Red?")
    assert serving.requests == [Request((Message("user", (TextPart("Red?"),)),))]


@pytest.mark.parametrize("script", [["Yes."], {"^Red": "Yes."}])
def test_a_request_that_the_script_does_not_know_is_refused(script: list[str] | dict[str, str]) -> None:
    with pytest.raises(RequestRefused, match="the script has"):
        ask(ScriptedServing(script), "Red?", "Blue?")


def test_an_error_among_the_replies_is_met_as_an_endpoints_is() -> None:
    serving = ScriptedServing([TransientError("busy", status=503), "A dog."], patience=60)
    found = try_operator(PromptedVQAGenerator(serving, prompt_template="What?"), [{"image": "nowhere.png"}])
    assert (found.rows, found.failures[0]["kind"]) == ([], "media")
    assert ask(serving, "What?") == ["A dog."]


def test_a_trial_tells_what_came_through_and_what_did_not_and_leaves_no_answer_to_the_next() -> None:
    for _ in range(2):
        found = try_operator(VQARefiner(), [{"said": "Q: Who? A: A dog."}, {"said": ""}], input_key="said")
        assert [row["vqa_pairs"] for row in found.rows] == [[{"question": "Who?", "answer": "A dog."}]]
        assert [failure["id"] for failure in found.failures] == [2]
