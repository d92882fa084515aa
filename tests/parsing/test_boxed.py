"""What stands in LaTeX's box is the answer where the box is all there is, or closes what was reasoned."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflow.parsing.boxed import unboxed
from dataflow.parsing.free_text import free_text


@pytest.mark.parametrize(
    "text",
    [
        r"\boxed{A red bus stops at the corner.}",
        r"\boxed{\text{A red bus stops at the corner.}}",
        r"$\boxed{A red bus stops at the corner.}$",
        r"$$\boxed{\textbf{\text{A red bus stops at the corner.}}}$$",
        r"\[\boxed{A red bus stops at the corner.}\]",
        r"The answer is \boxed{A red bus stops at the corner.}.",
        r"Final Answer: $\boxed{\text{A red bus stops at the corner.}}$",
        r"最终答案：\boxed{A red bus stops at the corner.}",
        "I see a bus. It is red.\n\n\\boxed{A red bus stops at the corner.}",
        r"I see a bus. It is red. Therefore the final answer is \boxed{A red bus stops at the corner.}",
    ],
)
def test_the_box_goes_with_what_announces_it(text):
    assert free_text(text) == "A red bus stops at the corner."


@pytest.mark.parametrize(
    "text",
    [
        r"The formula \boxed{E = mc^2} is written on the blackboard.",
        r"Twice two is four, so $x = \boxed{4}$.",
        r"A slide ends with the line \boxed{never stop asking good questions}",
        r"On the slide stands \boxed{unfinished",
        r"\boxed{} is printed on the cup",
        r"\boxed{}",
    ],
)
def test_a_box_within_an_answer_stays(text):
    assert free_text(text) == text


def test_a_formula_in_a_box_keeps_its_braces():
    assert unboxed(r"\boxed{\frac{1}{2}}") == r"\frac{1}{2}"


@given(st.text())
def test_no_text_grows_and_none_is_lost(text):
    assert len(unboxed(text)) <= len(text)
    assert bool(unboxed(text)) == bool(text)


@given(st.text("ab c.{}", min_size=1).filter(lambda text: text.strip() and text.count("{") == text.count("}") == 0))
def test_what_was_put_into_a_box_comes_out(text):
    assert unboxed(rf"\boxed{{{text}}}") == text.strip()
