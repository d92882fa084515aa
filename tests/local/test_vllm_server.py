"""Our API serving at vLLM's own server: a server that nobody here wrote."""

from __future__ import annotations

import pytest

from dataflow.core import RequestRefused
from dataflow.operators.core_vision import VideoCaptionToQAGenerator, VideoToCaptionGenerator
from dataflow.serving import APIVLMServing_openai
from tests.commands import read_jsonl
from tests.local.engines import CLIP, NO_ANSWER, plain_png


def serving(url, **settings):
    return APIVLMServing_openai(api_url=url, model_name="tiny", temperature=0, **settings)


def test_many_pictures_are_answered(vllm_server, tmp_path):
    pictures = [str(plain_png(tmp_path, seed)) for seed in range(24)]
    asked = ["What is this?"] * len(pictures)
    answers = serving(vllm_server, max_tokens=8, max_workers=12).generate_from_input(asked, image_inputs=pictures)
    assert len(answers) == 24
    assert len(set(answers)) > 12


def test_a_clip_is_sent_whole_or_as_frames(vllm_server):
    for video_as in ("video_url", "frames"):
        asked = serving(vllm_server, max_tokens=8, video_as=video_as)
        assert asked.generate_from_input(["What happens?"], video_inputs=[CLIP])[0].strip()


def test_a_schema_holds_the_answer_to_its_form(vllm_server, tmp_path):
    asked = serving(vllm_server, max_tokens=400)
    rows = [{"id": 1, "video": [CLIP], "caption": "A blue square."}]
    done = VideoCaptionToQAGenerator(asked, use_video_input=False).run(df=rows)
    written = read_jsonl(done.path)
    failures = read_jsonl(done.path.with_suffix(".failures.jsonl")) if not written else []
    assert [set(row["qa"]) for row in written] == [{"question", "answer"}] or failures[0]["kind"] in NO_ANSWER


def test_too_long_a_prompt_fails_its_own_request(vllm_server):
    asked = serving(vllm_server, max_tokens=8)
    with pytest.raises(RequestRefused, match="context"):
        asked.generate_from_input(["word " * 20_000])
    assert asked.generate_from_input(["What is this?"])[0]


def test_captions_of_a_pipeline(vllm_server, tmp_path):
    rows = [{"id": number, "video": [CLIP]} for number in range(3)]
    done = VideoToCaptionGenerator(serving(vllm_server, max_tokens=16), keep_cut_off=True).run(df=rows)
    assert [bool(row["caption"]) for row in read_jsonl(done.path)] == [True] * 3
