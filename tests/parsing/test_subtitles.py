"""Subtitles and transcripts as timed words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflow.core import SampleError
from dataflow.parsing.cues import Cue
from dataflow.parsing.subtitles import LARGEST_BYTES, cues_of, parse_subtitles, read_subtitles, spoken_in

SRT = """\
1
00:00:00,500 --> 00:00:01,500
<i>Hello</i> {\\an8}there,
who is it?

2
00:00:02.000 --> 00:00:03.000
<font color="red">A &amp; B</font>: 5 < 6

3
01:00:00,000 --> 01:00:01,250
much later
"""
VTT = """\
WEBVTT - a title

NOTE nobody says this

STYLE
::cue { color: red }

first
00:01.000 --> 00:02.500 align:start position:10%
<v Roger Bingham>We are in <c.yellow>New</c> York &lt;now&gt;

00:00:03.000 --> 00:00:04.000
- <v Bob>Hi</v>
"""


def test_subrip_gives_times_and_plain_words() -> None:
    assert parse_subtitles(SRT) == [
        Cue(0.5, 1.5, "Hello there, who is it?"),
        Cue(2.0, 3.0, "A & B: 5 < 6"),
        Cue(3600.0, 3601.25, "much later"),
    ]


def test_webvtt_gives_times_plain_words_and_speakers() -> None:
    assert parse_subtitles(VTT) == [
        Cue(1.0, 2.5, "Roger Bingham: We are in New York <now>"),
        Cue(3.0, 4.0, "- Bob: Hi"),
    ]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_files_are_read_in_the_encodings_that_subtitles_come_in(tmp_path: Path, ends: str, encoding: str) -> None:
    path = tmp_path / "x.srt"
    path.write_bytes("1\n00:00:01,000 --> 00:00:02,000\nçà et là\n".replace("\n", ends).encode(encoding))
    assert read_subtitles(path) == [Cue(1.0, 2.0, "çà et là")]


def test_cues_come_in_the_order_of_time_and_without_empty_ones() -> None:
    times = [("00:00:05,000", "00:00:04,000"), ("00:00:01,000", "00:00:02,000"), ("00:00:00,000", "00:00:01,000")]
    said = ["back", "", "first"]
    cues = [
        f"{at}\n{start} --> {end}\n{text}\n" for at, ((start, end), text) in enumerate(zip(times, said, strict=True))
    ]
    assert parse_subtitles("\n".join(cues)) == [Cue(0.0, 1.0, "first"), Cue(5.0, 5.0, "back")]


@pytest.mark.parametrize("text", ["", "dear diary", "\x00\xff", "WEBVTT", "1\n00:00 --> ", "-->\n" * 50])
def test_text_without_cues_gives_none(text: str) -> None:
    assert parse_subtitles(text) == []


@given(st.text(alphabet="0123456789:,.-> \n\r<>{}\\vWEBT&;a", max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    assert all(cue.start <= cue.end and cue.text for cue in parse_subtitles(text))


def test_what_cannot_be_read_as_a_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(SampleError, match=r"gone\.srt: cannot be read"):
        read_subtitles(tmp_path / "gone.srt")
    (tmp_path / "diary.srt").write_text("dear diary")
    with pytest.raises(SampleError, match=r"diary\.srt: not one line"):
        read_subtitles(tmp_path / "diary.srt")


@pytest.mark.parametrize(
    "value",
    [
        [{"start": 1, "end": 2.5, "text": " hi "}],
        {"segments": [{"id": 0, "start": 1.0, "end": 2.5, "text": "hi", "tokens": [1]}], "language": "en"},
        {"chunks": [{"timestamp": [1.0, 2.5], "text": "hi"}]},
        '{"segments": [{"start": 1.0, "end": 2.5, "text": "hi"}]}',
        "1\n00:00:01,000 --> 00:00:02,500\nhi\n",
        "WEBVTT\n\n00:01.000 --> 00:02.500\nhi\n",
    ],
)
def test_a_transcript_with_times_is_read_in_every_usual_form(value: Any) -> None:
    assert cues_of(value) == [Cue(1.0, 2.5, "hi")]


@pytest.mark.parametrize("value", ["Welcome to the show.", "[applause] Thanks.", '{"title": }', "5 --> 6 people"])
def test_words_without_times_are_no_cues(value: str) -> None:
    assert cues_of(value) is None


@pytest.mark.parametrize("value", [3, {"text": "hi"}, [{"text": "hi"}], [{"start": "a", "end": 1, "text": "x"}], [3]])
def test_what_is_no_transcript_is_said(value: Any) -> None:
    with pytest.raises(SampleError, match="transcript"):
        cues_of(value)


def test_a_last_segment_without_an_end_is_a_moment() -> None:
    assert cues_of([{"timestamp": (7.0, None), "text": "bye"}]) == [Cue(7.0, 7.0, "bye")]


SPANS = [(0.0, 2.0), (2.0, 4.0), (4.0, 6.0)]


@pytest.mark.parametrize(
    ("cue", "part"),
    [
        ((0.5, 1.5), 0),
        ((1.0, 2.5), 0),
        ((1.8, 2.9), 1),
        ((1.0, 3.0), 0),
        ((1.9, 5.0), 1),
        ((2.0, 2.0), 0),
        ((5.9, 9.0), 2),
        ((7.0, 8.0), 2),
    ],
)
def test_a_cue_belongs_to_the_part_that_it_overlaps_most(cue: tuple[float, float], part: int) -> None:
    said = spoken_in([Cue(*cue, "here")], SPANS)
    assert [at for at, text in enumerate(said) if text] == [part]


def test_several_cues_of_a_part_are_lines_in_order() -> None:
    cues = [Cue(0.1, 0.5, "one"), Cue(0.6, 1.9, "two"), Cue(4.5, 5.0, "three")]
    assert spoken_in(cues, SPANS) == ["one\ntwo", "", "three"]


WORDS = st.lists(
    st.sampled_from(["Hello", "there,", "5 < 6", "çà", "-", "{y}", "a & b", "..."]), min_size=1, max_size=4
)
LINES = st.lists(WORDS.map(" ".join), min_size=1, max_size=3)


@given(st.lists(LINES, min_size=1, max_size=6), st.sampled_from(["srt", "vtt"]))
def test_plain_files_are_read_as_the_library_of_subtitles_reads_them(cues: list[list[str]], form: str) -> None:
    from pysubs2 import SSAFile

    lines = [] if form == "srt" else ["WEBVTT", ""]
    for number, said in enumerate(cues, 1):
        mark = "," if form == "srt" else "."
        times = f"00:{number:02}:01{mark}250 --> 00:{number:02}:02{mark}500"
        lines += [str(number), times, *said, ""]
    text = "\n".join(lines).replace("{y}", "y")
    theirs = [
        Cue(event.start / 1000, event.end / 1000, " ".join(event.plaintext.split()))
        for event in SSAFile.from_string(text, format_=form).events
    ]
    assert parse_subtitles(text) == theirs


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 6)), max_size=8),
    st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4)), max_size=8),
)
def test_the_part_of_a_cue_is_the_best_of_all_parts(said: list[tuple[int, int]], gaps: list[tuple[int, int]]) -> None:
    spans: list[tuple[float, float]] = []
    for gap, length in gaps:
        start = (spans[-1][1] if spans else 0) + gap
        spans.append((start, start + length))
    for start, length in said:
        found = spoken_in([Cue(start, start + length, "here")], spans)
        shared = [min(start + length, end) - max(start, begin) for begin, end in spans]
        assert found == ["here" if at == shared.index(max(shared)) else "" for at in range(len(spans))]


def test_a_file_larger_than_any_talk_is_not_read(tmp_path: Path) -> None:
    with open(tmp_path / "a.srt", "wb") as file:
        file.truncate(LARGEST_BYTES + 1)
    with pytest.raises(SampleError, match=r"a\.srt: larger than 20 MB"):
        read_subtitles(tmp_path / "a.srt")
