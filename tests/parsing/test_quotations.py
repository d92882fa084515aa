"""Quotations are blanked out as by one pattern, which takes long where marks are never closed."""

import re

from hypothesis import given
from hypothesis import strategies as st

from dataflow.parsing.quotations import BLANK, without_quotations

_AS_A_PATTERN = re.compile(
    r"\"[^\"\n]{0,600}+\"|“[^”\n]{0,600}+”|„[^“”\"\n]{0,600}+[“”\"]|«[^»\n]{0,600}+»|»[^«\n]{1,600}+«|"
    r"「[^」\n]{0,600}+」|『[^』\n]{0,600}+』|`[^`\n]{1,600}+`|《[^》\n]{0,200}+》|‹[^›\n]{0,600}+›|"
    r"(?<![^\W_])[‘'](?=[^\s'’])(?:[^'’\n]|['’](?=[^\W_])){1,600}+['’](?![^\W_])"
)
_PIECES = [*"\"'“”„«»「」『』`《》‹›‘’ a_中.\n", "It's", "a" * 199, "b" * 200, "x " * 299, "y" * 600]


@given(st.lists(st.sampled_from(_PIECES), max_size=40).map("".join))
def test_quotations_are_those_of_the_pattern(text):
    assert without_quotations(text) == _AS_A_PATTERN.sub(lambda quoted: BLANK * len(quoted.group()), text)


def test_a_quotation_within_another_goes_with_it_and_its_mark_opens_none():
    assert without_quotations('“a " b” c " d') == BLANK * 7 + ' c " d'
