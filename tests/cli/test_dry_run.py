"""`--dry-run`: the first sample's request word for word, what it would cost and why, and which samples would fail."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from PIL import Image

from tests.commands import dataflow, write_jsonl
from tests.media.media_clips import Clip
from tests.pictures import make_pictures
from tests.servers import ModelServer

MODEL = ["--model", "openai/gpt-4o-mini"]


def rows(folder: Path, count: int = 2) -> Path:
    """A dataset of pictures, each asked about in its own words."""
    make_pictures(folder, count, size=80)
    asked = [{"from": "human", "value": "What is <b>here</b>?\nSay it in full."}]
    return write_jsonl(folder / "in.jsonl", [{"image": f"p{n}.jpg", "conversation": asked} for n in range(count)])


def test_the_first_request_is_shown_word_for_word_with_media_as_they_would_be_sent(tmp_path: Path) -> None:
    source = rows(tmp_path)
    Image.new("RGB", (4000, 1000), "red").save(tmp_path / "p0.jpg")
    words = ["--max-tokens", "77", "--temperature", "0.5", "--system", "Be exact."]
    done = dataflow("run", "image_vqa", "-i", source, *MODEL, "--dry-run", *words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    at = lines.index("request 1: PromptedVQAGenerator asks gpt-4o-mini")
    assert lines[at + 1 : at + 4] == ["--- system", "Be exact.", "--- user"]
    assert lines[at + 4].startswith("[image 2048x512, ") and lines[at + 4].endswith(" KB]")
    assert lines[at + 5 : at + 8] == ["What is <b>here</b>?", "Say it in full.", "---"]
    assert "temperature=0.5" in lines[at + 8] and "max_tokens=77" in lines[at + 8]
    assert lines[-1] == "nothing was asked"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "p0.jpg", "p1.jpg"]


def test_what_is_shown_is_what_the_endpoint_then_gets(model_server: ModelServer, tmp_path: Path) -> None:
    source = rows(tmp_path)
    words = ["run", "image_vqa", "-i", source, "--model", "openai/stub", "--api-url", model_server.url, "-q"]
    told = orjson.loads(dataflow(*words, "--dry-run", "--json", cwd=tmp_path).stdout)
    assert model_server.stats()["requests"] == 0
    dataflow(*words, cwd=tmp_path)
    shown = told["first"]["requests"][0]["messages"]
    got = model_server.requests()[0]["messages"]
    assert [message["role"] for message in shown] == [message["role"] for message in got]
    assert shown[0]["content"] == [{"type": "text", "text": got[0]["content"]}]
    image, text = shown[1]["content"]
    assert text == got[1]["content"][1]
    assert (image["width"], image["height"], image["bytes"]) == (80, 80, got[1]["content"][0]["bytes"])


def test_a_video_is_shown_by_its_frames_and_the_second_question_with_a_place_for_the_answer(tmp_path: Path) -> None:
    Clip("clip.mp4", "libx264", 60, (640, 360)).make(tmp_path)
    words = ["run", "video_qa", "-i", tmp_path / "clip.mp4", *MODEL, "--frames", "uniform:4", "--dry-run"]
    told = dataflow(*words, cwd=tmp_path).stdout
    assert told.count("[video clip.mp4: 4 frames 448x252, 0.2 s to 1.7 s, ") == 2
    assert "request 2: VideoCaptionToQAGenerator asks gpt-4o-mini" in told
    assert "[caption, as VideoToCaptionGenerator will have written it]" in told
    assert "answer in the schema Pairs" in told and "video frames   8" in told
    second = orjson.loads(dataflow(*words, "--json", cwd=tmp_path).stdout)["first"]["requests"][1]
    assert second["schema"] == "Pairs" and len(second["messages"][1]["content"][0]["times"]) == 4


def test_control_characters_in_texts_and_names_are_written_out(tmp_path: Path) -> None:
    rows(tmp_path, 1)
    (tmp_path / "p0.jpg").rename(tmp_path / "p\x1b[31m.jpg")
    asked = [{"from": "human", "value": "red \x1b[31m, back \u202e, nothing \u200b, bell \x07, end"}]
    source = write_jsonl(tmp_path / "in.jsonl", [{"id": "a\rb", "image": "p\x1b[31m.jpg", "conversation": asked}])
    done = dataflow("run", "image_vqa", "-i", source, *MODEL, "--dry-run", cwd=tmp_path)
    assert "red \\e[31m, back \\u202e, nothing \\u200b, bell \\x07, end" in done.stdout and "a\\rb" in done.stdout
    assert not set("\x1b\x07\r\u202e\u200b") & set(done.stdout)


def test_the_price_is_told_with_where_it_comes_from_and_the_rule_that_counted(tmp_path: Path) -> None:
    words = ["run", "image_vqa", "-i", rows(tmp_path), "--dry-run"]
    told = dataflow(*words, *MODEL, cwd=tmp_path).stdout
    assert "counted by     OpenAI tiles (2833 and 5667 per 512x512 pixels)" in told
    assert "gpt-4o-mini at OpenAI" in told and "$0.15 read, 0.075 from the cache, $0.6 written" in told
    own = dataflow(*words, *MODEL, "--price", "1,2,0.5", cwd=tmp_path).stdout
    assert "$1 read, 0.5 from the cache, $2 written per million tokens (--price)" in own
    unknown = dataflow(*words, "--model", "openai/house", cwd=tmp_path).stdout
    assert "the price of house is not known: give --price IN,OUT" in unknown
    assert "counted by     not known for this model; as Qwen2-VL" in unknown
    local = orjson.loads(dataflow(*words, "--json", cwd=tmp_path).stdout)
    assert local["cost"] == 0 and local["rules"] == {"embedded": "embedded (words alone)"}


def test_samples_that_would_fail_are_named_with_the_reason_and_do_not_end_it(tmp_path: Path) -> None:
    rows(tmp_path, 6)
    (tmp_path / "p1.jpg").write_text("no picture")
    (tmp_path / "p2.jpg").unlink()
    whole = (tmp_path / "p3.jpg").read_bytes()
    (tmp_path / "p3.jpg").write_bytes(whole[: len(whole) // 2])
    with (tmp_path / "in.jsonl").open("ab") as file:
        file.write(b'{"image": "p0.jpg", "conversation": "none"}\n{broken\n')
    words = ["run", "image_vqa", "-i", tmp_path / "in.jsonl", "--dry-run", *MODEL]
    done = dataflow(*words, "--json", cwd=tmp_path)
    told = orjson.loads(done.stdout)
    assert done.returncode == 0 and (told["problems"], told["requests"]) == (5, 3)
    assert told["kinds"] == {"media": 3, "operator": 1, "input": 1}
    assert [(one["id"], one["kind"]) for one in told["failures"]] == [
        *((2, "media"), (3, "media"), (4, "media"), (7, "operator"), (8, "input"))
    ]
    assert "p2.jpg: not found" in told["failures"][1]["message"]
    text = dataflow(*words, cwd=tmp_path).stdout
    assert "would fail     5 samples (3 media, 1 operator, 1 input of the 8 looked at)" in text
    assert "  3: p2.jpg: not found" in text

    really = dataflow("run", "image_vqa", "-i", tmp_path / "in.jsonl", "-q", cwd=tmp_path)
    assert really.returncode == 3
    failures = (tmp_path / "outputs/image_vqa/image_vqa_step1.failures.jsonl").read_bytes().splitlines()
    assert sorted(orjson.loads(line)["id"] for line in failures) == [one["id"] for one in told["failures"]]


def test_where_every_sample_would_fail_it_ends_with_3(tmp_path: Path) -> None:
    source = rows(tmp_path)
    for path in tmp_path.glob("*.jpg"):
        path.unlink()
    done = dataflow("run", "image_vqa", "-i", source, "--dry-run", *MODEL, cwd=tmp_path)
    assert (
        done.returncode == 3 and "would fail     2 samples (2 media" in done.stdout and "Traceback" not in done.stderr
    )


def test_media_on_the_network_are_named_and_not_fetched(model_server: ModelServer, tmp_path: Path) -> None:
    before = model_server.stats()["connections"]
    url = f"{model_server.root}/picture.jpg"
    source = write_jsonl(tmp_path / "in.jsonl", [{"image": url, "conversation": [{"from": "human", "value": "What?"}]}])
    words = ["run", "image_vqa", "-i", source, *MODEL, "--allow-private-urls", "--dry-run"]
    done = dataflow(*words, cwd=tmp_path)
    assert done.returncode == 0 and f"[image {url}, not fetched]" in done.stdout
    clip = write_jsonl(tmp_path / "clips.jsonl", [{"video": f"{model_server.root}/clip.mp4"}])
    shown = dataflow("run", "video_caption", "-i", clip, *MODEL, "--dry-run", cwd=tmp_path).stdout
    assert f"[video {model_server.root}/clip.mp4, not fetched]" in shown
    roles = dataflow("run", "multirole_video_qa", "-i", clip, *MODEL, "--dry-run", cwd=tmp_path).stdout
    assert "not counted    what is asked of 1 samples" in roles
    assert model_server.stats()["connections"] == before + 1  # the one that asks this


@pytest.mark.parametrize("count", [1, 199, 450])
def test_figures_are_scaled_from_the_samples_looked_at_to_the_whole(tmp_path: Path, count: int) -> None:
    make_pictures(tmp_path, 1)
    asked = [{"from": "human", "value": "What is this?"}]
    source = write_jsonl(tmp_path / "in.jsonl", [{"image": "p0.jpg", "conversation": asked}] * count)
    done = dataflow("run", "image_vqa", "-i", source, *MODEL, "--dry-run", "--json", cwd=tmp_path)
    told = orjson.loads(done.stdout)
    assert (told["samples"], told["requests"], told["images"]) == (count, count, count)
    assert told["looked_at"] == min(count, 200)
    assert told["cost"] == pytest.approx((0.15 * told["input_tokens"] + 0.6 * told["output_tokens"]) / 1e6, rel=0.01)
