"""Whatever reads text of others does so in time that grows as the text does: a short search, that of
`benchmarks/slow_text.py` but for its length. It measures CPU time, and what seems slow is measured again."""

import random

import pytest

from tests.slow_text.discovered import NO_READERS, functions
from tests.slow_text.growth import growth
from tests.slow_text.known import KNOWN_SLOW, ONCE_SLOW, TIMES
from tests.slow_text.readers import all_readers
from tests.slow_text.search import search
from tests.slow_text.texts import Text, texts

READERS = all_readers()
GROUPS = 8
UNITS = ("\n", "<a><b>", "{", "[INST] ", "://", "*", " ", "a", "a-", '"', "Q:", "A\n", "|")
ALWAYS = [Text("", unit, "") for unit in UNITS]
DRAWN = 4
MENDED = {
    "dataflow.core.secrets.without_credentials": Text("", "://", ""),
    "core.secrets.shown_command": Text("", "http://", ""),
    "serving.pacing.proof": Text("", "a", ""),
    "operators.conversation_to_messages": Text("", " ", ""),
    "report.process": Text("", "a-", ""),
    "serving.embedded.asked": Text("", "{", ""),
    "storage.formats.csv": Text("", "a|", ""),
    "dataflow.parsing.chatter.is_pair_heading": Text("", "*", ""),
    "dataflow.parsing.refusals.is_attributed": Text("", "Q: a? A: b ", ""),
}


@pytest.mark.parametrize("group", range(GROUPS))
def test_no_reader_of_text_grows_faster_than_its_text(group):
    made = list(texts(3000))
    slow = []
    for name in sorted(READERS)[group::GROUPS]:
        drawn = random.Random(name).sample(made, DRAWN)
        slow += search({name: READERS[name]}, [*ALWAYS, *drawn], quick=True).slow
    assert not slow, "\n".join(map(str, slow))


@pytest.mark.parametrize("name", MENDED)
def test_what_the_search_has_found_stays_mended(name):
    assert not growth(READERS[name], MENDED[name], 10_000, 100_000).superlinear


@pytest.mark.parametrize("name", KNOWN_SLOW)
def test_the_search_finds_readers_that_are_known_to_be_slow(name):
    text, size = ONCE_SLOW[name]
    assert growth(KNOWN_SLOW[name], text, size, TIMES * size, looks=1).superlinear


def test_a_linear_reader_is_none_of_them():
    def count_words(text: str) -> int:
        return sum(1 for _ in text.split())

    assert not search({"linear": count_words}, ALWAYS).slow


def test_every_function_that_is_left_out_exists():
    assert {name for name, _, _ in functions()} >= NO_READERS


def test_a_public_function_that_takes_a_text_is_found_by_itself():
    assert {"dataflow.parsing.free_text.free_text", "dataflow.viewer.pairs.pairs_of"} <= set(READERS)
