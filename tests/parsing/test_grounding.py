"""Places in the picture are taken off prose; an answer that is nothing but names with places is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflow.parsing.free_text import free_text
from dataflow.parsing.grounding import without_grounding


@pytest.mark.parametrize(
    "text",
    [
        "A <ref>red bus</ref><box>(12,34),(56,78)</box> stops at the corner.",
        "A <ref>red bus</ref><box>[[12, 34, 56, 78]]</box> stops at the corner.",
        "A <|object_ref_start|>red bus<|object_ref_end|><|box_start|>(12,34),(56,78)<|box_end|> stops at the corner.",
        "A <p>red bus</p> {<12><34><56><78>} stops at the corner.",
        "A red bus<loc_12><loc_34><loc_56><loc_78> stops at the corner.",
        "A red bus <loc0012><loc0034><loc0056><loc0078> stops at the corner.",
        "A <phrase>red bus</phrase><object><patch_index_0004><patch_index_0122></object> stops at the corner.",
    ],
)
def test_places_and_the_tags_around_names_go(text):
    assert free_text(text) == "A red bus stops at the corner."


@pytest.mark.parametrize(
    "text",
    [
        "<ref>red bus</ref><box>(12,34),(56,78)</box>",
        "<box>(12,34),(56,78)</box>",
        "A <p>red</p> paragraph is shown in the browser's inspector.",
        "The tag <box> stands on the screen.",
    ],
)
def test_what_was_asked_for_and_tags_that_name_no_place_stay(text):
    assert free_text(text) == text


@given(st.text("<>/|box refp(1,2){}\n"))
def test_no_text_grows(text):
    assert len(without_grounding(text)) <= len(text)
