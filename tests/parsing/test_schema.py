"""A model's text becomes an instance of a schema, or an error that tells the model what was wrong."""

from typing import Literal, Optional

import pytest
from hypothesis import given, settings
from pydantic import BaseModel, Field

from dataflow.core import AnswerError
from dataflow.parsing.schema import validate
from tests.parsing.test_qa_text import HOSTILE


class Pair(BaseModel):
    question: str
    answer: str


class Pairs(BaseModel):
    qa: list[Pair]


class Article(BaseModel):
    context: str
    qas: list[Pair]


class Typed(BaseModel):
    question: str
    answer: str
    kind: Literal["Spatial", "Temporal"] = Field(alias="label")


class TypedPairs(BaseModel):
    pairs: list[Typed]


class Scene(BaseModel):
    place: str
    people: int
    note: Optional[str] = None  # noqa: UP045 - users write both forms


PAIR = {"question": "Where?", "answer": "Here"}


@pytest.mark.parametrize(
    "text",
    [
        '{"qa": [{"question": "Where?", "answer": "Here"}]}',
        '```json\n{"qa": [{"question": "Where?", "answer": "Here"}]}\n```',
        '[{"question": "Where?", "answer": "Here"}]',
        '{"question": "Where?", "answer": "Here"}',
        '{"QA": [{"Q": "Where?", "A": "Here"}]}',
        '{"qa_pairs": [{"Question": "Where?", "Answer": "Here"}]}',
        '{"result": {"qa": [{"question": "Where?", "answer": "Here"}]}}',
        '{"qa": {"1": {"question": "Where?", "answer": "Here"}}}',
        "Q: Where?\nA: Here",
        "<think>Hm</think>{'qa': [{'question': 'Where?', 'answer': 'Here'},]}",
    ],
)
def test_a_list_of_pairs_is_read(text):
    assert validate(text, Pairs).model_dump() == {"qa": [PAIR]}


def test_objects_in_a_row_become_the_only_list():
    text = '{"question": "Where?", "answer": "Here"}\n{"question": "When?", "answer": "Now"}'
    assert [pair.answer for pair in validate(text, Pairs).qa] == ["Here", "Now"]


def test_keys_are_matched_to_fields_and_aliases():
    found = validate('[{"Question": "Where?", "ANSWER": "Here", "Type": "spatial"}]', TypedPairs)
    assert found.pairs[0].kind == "Spatial"
    assert validate('{"Place": "Rome", "PEOPLE": "3"}', Scene) == Scene(place="Rome", people=3)


def test_scalars_become_text_where_text_is_wanted():
    assert validate('{"qa": [{"question": "How many?", "answer": 3}]}', Pairs).qa[0].answer == "3"


def test_an_article_with_pairs_under_other_names_is_read():
    assert (
        validate('{"article": "Text.", "qa_pairs": [{"question": "Where?", "answer": "Here"}]}', Article).context
        == "Text."
    )


def test_of_invalid_records_the_valid_ones_are_kept():
    text = '{"qa": [{"question": "Where?"}, {"question": "When?", "answer": "Now"}, {"question": null, "answer": "x"}]}'
    assert [pair.question for pair in validate(text, Pairs).qa] == ["When?"]


@pytest.mark.parametrize(
    "end", ['{"question": "When?", "answer": "No', '{"question": "When?", "answer": "Now"', '{"question": "Wh', "{"]
)
def test_of_a_truncated_list_the_closed_records_are_kept(end):
    text = f'{{"context": "Text.", "qas": [{{"question": "Where?", "answer": "Here"}}, {end}'
    assert validate(text, Article, truncated=True).model_dump() == {"context": "Text.", "qas": [PAIR]}


@pytest.mark.parametrize(
    ("text", "model", "message"),
    [
        ('{"qa": [{"question": "Where?"}]}', Pairs, "qa[0].answer: field required"),
        ('{"place": "Rome"}', Scene, "people: field required"),
        ('{"place": "Rome", "people": "many"}', Scene, "people: input should be a valid integer"),
        ('{"context": "Text."}', Article, "qas: field required"),
        ("I cannot help with that.", Pairs, "the model declines to answer"),
        ("", Pairs, "the answer is empty"),
    ],
)
def test_the_message_tells_the_model_what_was_wrong(text, model, message):
    with pytest.raises(AnswerError) as caught:
        validate(text, model)
    assert str(caught.value).startswith(message)
    assert len(str(caught.value)) < 500
    assert caught.value.raw == text


@pytest.mark.parametrize(
    "text", ['{"context": "Text.", "qas": [', '{"context": "Text.", "qas": [{"question": "Where?', '{"context": "Te']
)
def test_a_text_cut_before_its_first_record_is_an_error(text):
    with pytest.raises(AnswerError):
        validate(text, Article, truncated=True)


def test_an_empty_list_of_the_models_own_is_valid():
    assert validate('{"qa": []}', Pairs).qa == []


@settings(max_examples=200, deadline=None)
@given(HOSTILE)
def test_no_text_raises_anything_but_an_answer_error(text):
    for model in (Pairs, Article, Scene):
        try:
            validate(text, model)
        except AnswerError:
            pass
