"""Records are found under any key, at any nesting."""

import pytest

from dataflow.parsing.records import QA_FIELDS, Fields, records

PAIR = {"question": "Where?", "answer": "Here"}
TWO = [PAIR, {"question": "When?", "answer": "Now"}]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("question", "answer"),
        ("Question", "Answer"),
        ("Q", "A"),
        ("q", "ans"),
        ("QUESTION_TEXT", "final_answer"),
        ("问题", "答案"),
        ("Frage", "Antwort"),
        ("pregunta", "respuesta"),
        ("Question 1", "Answer 1"),
        ("Q1", "A1"),
        ("**Question**", "**Answer**"),
        ("query", "response"),
        ("instruction", "output"),
        ("Réponse", "answer")[::-1] and ("question", "Réponse"),
        ("質問", "回答"),
        ("Вопрос", "Ответ"),
        ("prompt", "completion"),
    ],
)
def test_key_names_are_folded(question, answer):
    assert records([{question: "Where?", answer: "Here"}], QA_FIELDS) == [PAIR]


@pytest.mark.parametrize("name", ["label", "Type", "category", "Dimension", "aspect", "question_type", "类型"])
def test_labels_are_folded(name):
    assert records({name: "place", **PAIR}, QA_FIELDS) == [{**PAIR, "label": "place"}]


@pytest.mark.parametrize(
    "value",
    [
        TWO,
        {"qa_pairs": TWO},
        {"result": {"data": {"items": TWO}}},
        {"1": TWO[0], "2": TWO[1]},
        {"Q1": TWO[0], "Q2": TWO[1]},
        {"questions": TWO},
        {"Q1": "Where?", "A1": "Here", "Q2": "When?", "A2": "Now"},
        {"question_1": "Where?", "question_2": "When?", "answer_1": "Here", "answer_2": "Now"},
        {"questions": ["Where?", "When?"], "answers": ["Here", "Now"]},
        {"question": ["Where?", "When?"], "answer": ["Here", "Now"]},
        {"questions": {"1": "Where?", "2": "When?"}, "answers": {"1": "Here", "2": "Now"}},
        {"questions": [{"id": 1, "question": "Where?"}, {"id": 2, "question": "When?"}], "answers": ["Here", "Now"]},
        [["Where?", "Here"], ["When?", "Now"]],
        [["question", "answer"], ["Where?", "Here"], ["When?", "Now"]],
        [{"question": "Where?"}, {"answer": "Here"}, {"question": "When?"}, {"answer": "Now"}],
        [
            {"role": "user", "content": "Where?"},
            {"role": "assistant", "content": "Here"},
            {"role": "user", "content": "When?"},
            {"role": "assistant", "content": "Now"},
        ],
        {"Where?": "Here", "When?": "Now"},
        {"qa": '[{"question": "Where?", "answer": "Here"}, {"Q": "When?", "A": "Now"}]'},
        {"colour": [TWO[0]], "time": [TWO[1]]},
        [TWO[0], None, "chatter", 3, TWO[1]],
    ],
)
def test_records_are_found_in_any_arrangement(value):
    assert records(value, QA_FIELDS) == TWO


def test_the_choices_of_a_record_are_no_records():
    value = [{"question": "Which?", "choices": {"A": "x", "Q": "y"}, "answer": "A"}]
    assert records(value, QA_FIELDS) == [{"question": "Which?", "answer": "A"}]


@pytest.mark.parametrize(
    "value", [None, 3, "text", [], {}, {"question": "Where?"}, [{"answer": "Here"}], [["Where?"]], {"a b": "c"}]
)
def test_an_incomplete_record_is_none(value):
    assert records(value, QA_FIELDS) == []


def test_other_fields_than_question_and_answer_can_be_asked_for():
    fields = Fields({"start": frozenset({"start", "from"}), "event": frozenset({"event", "what"})})
    assert records({"events": [{"From": 1, "What": "a jump"}]}, fields) == [{"start": 1, "event": "a jump"}]


def test_any_depth_is_walked_without_running_out_of_stack():
    value = TWO
    for _ in range(5000):
        value = [value]
    assert records(value, QA_FIELDS) == []
