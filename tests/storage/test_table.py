"""Rows become a DataFrame and come back unchanged; what is no table is told what it is."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataflow.core.errors import UsageError
from dataflow.storage.json_text import dump
from dataflow.storage.table import to_dataframe, to_rows

VALUES = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | st.text(max_size=3)
ROWS = st.lists(
    st.dictionaries(st.sampled_from("abc"), VALUES | st.lists(VALUES, max_size=2) | st.just({"k": None}), max_size=3)
)


@settings(deadline=None)
@given(rows=ROWS)
def test_rows_come_back_from_a_dataframe_with_the_same_values_and_types(rows):
    back = to_rows(to_dataframe(rows))
    assert back == rows
    assert [{name: type(value) for name, value in row.items()} for row in back] == [
        {name: type(value) for name, value in row.items()} for row in rows
    ]


def test_uniform_columns_get_types_of_their_own_and_whole_numbers_with_gaps_stay_whole():
    frame = to_dataframe([{"i": 1, "f": 0.5, "b": True, "s": "x", "gap": 1}, {"i": 2, "f": 1.5, "b": False, "s": ""}])
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == {
        "i": "int64",
        "f": "float64",
        "b": "bool",
        "s": "str",
        "gap": "object",
    }
    assert to_rows(frame)[0]["gap"] == 1


def test_what_pandas_marks_as_absent_is_a_missing_field_and_none_stays():
    frame = pd.DataFrame(
        {
            "a": [1.0, math.nan],
            "b": pd.array([1, None], dtype="Int64"),
            "c": pd.Series(["x", None], dtype="object"),
            "d": [pd.Timestamp("2024-01-02"), pd.NaT],
        }
    )
    first, second = to_rows(frame)
    assert dump(first) == b'{"a":1.0,"b":1,"c":"x","d":"2024-01-02T00:00:00"}'
    assert second == {"c": None}


def test_a_filtered_dataframe_loses_its_index_and_numbers_as_names_become_text():
    frame = pd.DataFrame({0: [1, 2, 3]})
    assert to_rows(frame[frame[0] > 1]) == [{"0": 2}, {"0": 3}]


def test_the_output_of_a_step_is_taken_by_its_dataframe():
    class Output:
        def dataframe(self):
            return pd.DataFrame({"a": [1]})

    assert to_rows(Output()) == [{"a": 1}]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"a": 1}, "not as dict"),
        ("x.json", "not as str"),
        (None, "not as NoneType"),
        ([{"a": 1}, "x"], "row 2 is a str"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "two columns have the same name"),
    ],
)
def test_anything_else_is_told_what_it_is(data, said):
    with pytest.raises(UsageError, match=said):
        to_rows(data)
