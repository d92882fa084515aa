"""JSON of any health is read; what is cut off is left out and never made up."""

import json
from contextlib import suppress

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dataflow.core import AnswerError
from dataflow.parsing.json_text import json_values, parse_json
from dataflow.parsing.latex import keep_latex

AB = {"a": "b", "c": 1}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": "b", "c": 1}', AB),
        ('```json\n{"a": "b", "c": 1}\n```', AB),
        ('```\n{"a": "b", "c": 1}', AB),
        ('Sure! Here it is:\n{"a": "b", "c": 1}\nHope this helps {really}!', AB),
        ('<think>{"no": 1}</think>{"a": "b", "c": 1}', AB),
        ('\ufeff{"a": "b", "c": 1}', AB),
        ('{"a": "b", "c": 1,}', AB),
        ('{"a": "b",, "c": 1}', AB),
        ('{"a": "b" "c": 1}', AB),
        ('{"a": "b"\n "c": 1}', AB),
        ("{'a': 'b', 'c': 1}", AB),
        ("{“a”: “b”, “c”: 1}", AB),
        ("{‘a’: ‘b’, ‘c’: 1}", AB),
        ('{"a": "b”, "c": 1}'.replace("”", '"'), AB),
        ('{a: "b", c: 1}', AB),
        ("{a: b, c: 1}", AB),
        ('{"a"： "b"， "c"： 1}', AB),
        ('{"a": "b", // first\n /* and */ "c": 1 # last\n}', AB),
        ('{"a": "b", "c": 1', AB | {"c": 1} if False else {"a": "b"}),
        (r"{\"a\": \"b\", \"c\": 1}", AB),
        (r"{\n  \"a\": \"b\",\n  \"c\": 1\n}", AB),
        (json.dumps(json.dumps(AB)), AB),
        (json.dumps(json.dumps(json.dumps(AB))), AB),
        ("{'a': None, 'b': True, 'c': (1, 2)}", {"a": None, "b": True, "c": [1, 2]}),
        ('{"a": NaN, "b": Infinity, "c": -Infinity}', {"a": None, "b": None, "c": None}),
        ('{"a": TRUE, "b": null, "c": undefined}', {"a": True, "b": None, "c": None}),
        ('{"a": "line\nline"}', {"a": "line\nline"}),
        ('{"a": """x "y" z"""}', {"a": 'x "y" z'}),
        ('{"a": "the "best" one", "b": 1}', {"a": 'the "best" one', "b": 1}),
        ('{"a": "he said "yes", and left", "b": 1}', {"a": 'he said "yes", and left', "b": 1}),
        ("{'a': 'it's here', 'b': 1}", {"a": "it's here", "b": 1}),
        ('{"a": "never closed,\n "b": "x"}', {"a": "never closed", "b": "x"}),
        (r'{"a": "\(x\) \d"}', {"a": r"\(x\) \d"}),
        (r'{"a": "\ud83d\ude00 \ud83d"}', {"a": "😀 \ufffd"}),
        ('{"a": [1, 2}', {"a": [1, 2]}),
        ('{"a": 1}\n{"a": 2}\n\n{"a": 3}', [{"a": 1}, {"a": 2}, {"a": 3}]),
        ('{"a": 1}, {"a": 2}', [{"a": 1}, {"a": 2}]),
        ('[{"a": 1}, {"a": 2}, ...]', [{"a": 1}, {"a": 2}]),
        ('As shown [1] in [the list]: {"a": 1}', {"a": 1}),
        ('x = {"a": 1};', {"a": 1}),
        ("[1, 2, 3]", [1, 2, 3]),
        ("('a', 'b'), ('c', 'd')", [["a", "b"], ["c", "d"]]),
        ("42", 42),
        ("True", True),
        ("[]", []),
    ],
)
def test_any_health_is_read(text, value):
    assert parse_json(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('[{"q": "a", "a": "b"}, {"q": "c", "a": "d', [{"q": "a", "a": "b"}]),
        ('[{"q": "a", "a": "b"}, {"q": "c", "a"', [{"q": "a", "a": "b"}]),
        ('[{"q": "a", "a": "b"}, {"q": "c"', [{"q": "a", "a": "b"}]),
        ('[{"q": "a", "a": "b"}, {', [{"q": "a", "a": "b"}]),
        ('[{"q": "a", "a": "b"}, {"q": "c", "a": "d"', [{"q": "a", "a": "b"}, {"q": "c", "a": "d"}]),
        ('{"x": "y", "qas": [{"q": "a", "a": "b"}, {"q": "c', {"x": "y", "qas": [{"q": "a", "a": "b"}]}),
        ('{"x": "y", "qas": [', {"x": "y", "qas": []}),
        ('{"q": "a", "a": "b"}\n{"q": "c", "a": "d"}\n{"q": "e', [{"q": "a", "a": "b"}, {"q": "c", "a": "d"}]),
        ('[{"v": 1, "qas": [{"q": "a", "a": "b"}, {"q": "c', [{"v": 1, "qas": [{"q": "a", "a": "b"}]}]),
        (
            '[{"q": "a", "options": ["x", "y"], "a": "b"}, {"q": "c", "options": ["x", "y',
            [{"q": "a", "options": ["x", "y"], "a": "b"}],
        ),
        ("[1, 2, 3", [1, 2]),
        ('```json\n[{"q": "a", "a": "b"}, {"q": "c\n```\nThe rest was too long.', [{"q": "a", "a": "b"}]),
    ],
)
def test_of_a_truncated_text_the_complete_records_are_kept(text, value):
    assert parse_json(text) == value


def test_a_text_known_to_be_cut_gives_no_record_that_was_not_closed():
    assert json_values('[{"q": "a", "a": "b"}, {"q": "c", "a": "d"', cut=True) == [[{"q": "a", "a": "b"}]]


@pytest.mark.parametrize(
    "text", ["", " ", "no JSON here", "Nightmare Alley is a film.[1]", "[citation needed]", "{", "{}}"[:1], '"', "null"]
)
def test_where_nothing_can_be_read_it_is_an_answer_error(text):
    with pytest.raises(AnswerError) as caught:
        parse_json(text)
    assert caught.value.raw == text


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.floats(-1e6, 1e6)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=9), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(st.dictionaries(st.text("abcdef", min_size=1), JSON, min_size=1))
def test_sound_json_comes_back_as_it_is(value):
    assume(keep_latex(json.dumps(value)) == json.dumps(value))
    assert parse_json(json.dumps(value)) == value
    assert parse_json(json.dumps(value, indent=1, ensure_ascii=False)) == value


PLAIN = st.text("abc dé中.?!(){}[],:;-'", max_size=12).map(lambda text: f"x{text}x")
OBJECTS = st.lists(st.fixed_dictionaries({"question": PLAIN, "answer": PLAIN}), min_size=1, max_size=4)


@settings(deadline=None)
@given(OBJECTS, st.data())
def test_wherever_a_list_is_cut_the_records_kept_are_its_first(value, data):
    text = json.dumps(value, ensure_ascii=False)
    cut = text[: data.draw(st.integers(0, len(text)))]
    try:
        kept = parse_json(cut)
    except AnswerError:
        return
    whole = cut.count('"}')
    assert value[:whole] == kept[:whole]
    assert kept == value[: len(kept)] or kept[:-1] == value[: len(kept) - 1]


@settings(deadline=None)
@given(OBJECTS)
def test_an_object_without_its_last_bracket_is_read(value):
    assert parse_json("Here:\n```json\n" + json.dumps(value)[:-1] + ",]\n```") == value


@settings(max_examples=500, deadline=None)
@given(
    st.text(max_size=100)
    | st.lists(
        st.sampled_from(
            [
                "{",
                "}",
                "[",
                "]",
                '"',
                "'",
                "“",
                ",",
                ":",
                "\\",
                '"a"',
                "1",
                "true",
                "NaN",
                " ",
                "\n",
                "//",
                "/*",
                "#",
                "(",
                ")",
                "```",
                "a",
                "\\u12",
                "\\ud83d",
                "é",
                "“",
                "=",
                "<think>",
            ]
        ),
        max_size=40,
    ).map("".join)
)
def test_no_text_raises_anything_but_an_answer_error(text):
    try:
        value = parse_json(text)
    except AnswerError:
        return
    json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("cut", range(19, 40))
def test_brackets_in_a_text_that_was_cut_off_are_no_records(cut):
    text = json.dumps([{"question": "x{{]x", "answer": "x{{]x"}])[:cut]
    with suppress(AnswerError):
        assert parse_json(text) in ([{"question": "x{{]x"}], [{"question": "x{{]x", "answer": "x{{]x"}])
