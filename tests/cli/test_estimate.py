"""The estimate of a dry run against what an endpoint then charges, which counts the bytes that reach it by a second
implementation of each family's rule."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import orjson
import pytest
from PIL import Image

from dataflow.cli.dry_run import dry_run
from dataflow.cli.job import PipelineJob, run_pipeline
from dataflow.core.loop import run_blocking
from dataflow.engine.budget import Caps
from dataflow.engine.estimate import estimate
from dataflow.engine.inputs import Intake, open_input
from dataflow.engine.options import RunOptions
from dataflow.engine.pipeline import Pipeline
from dataflow.engine.prices import Price
from dataflow.media.tokens.families import rule_of
from tests.media.media_clips import Clip
from tests.server.tokens import picture
from tests.servers import ModelServer

FAMILIES = {
    "OpenAI tiles": "gpt-4o",
    "OpenAI tiles, many tokens": "gpt-4o-mini",
    "OpenAI patches": "gpt-4.1-mini",
    "Gemini": "gemini-2.5-flash",
    "Claude": "claude-sonnet-4-5",
    "Qwen 2.5": "Qwen2.5-VL-7B-Instruct",
    "Qwen 3": "Qwen3-VL-8B-Instruct",
}
SIZES = [(300, 200), (1024, 768), (3000, 2000), (700, 1800), (64, 64), (1920, 400), (768, 768), (2500, 2500)]
CLIPS = [
    Clip("c0.mp4", "libx264", 40, (640, 360)),
    Clip("c1.mp4", "libx264", 9, (240, 426)),
    Clip("c2.mp4", "libx264", 60, (448, 448)),
]
GOOD = {"refused": 0.0, "cut": 0.0, "empty": 0.0, "blind": 0.0, "thought": 0.0, "chatter": 0.0, "tokens": 0.0}
PRICE = Price(2.0, 8.0, source="--price")


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures and clips of assorted sizes."""
    folder = tmp_path_factory.mktemp("media")
    rng = np.random.default_rng(3)
    (folder / "pictures").mkdir()
    for number, (width, height) in enumerate(SIZES):
        tile = Image.fromarray(rng.integers(0, 255, (height // 8 + 1, width // 8 + 1, 3), dtype=np.uint8))
        kind = ("jpg", "png", "webp")[number % 3]
        tile.resize((width, height)).save(folder / "pictures" / f"p{number}.{kind}")
    (folder / "clips").mkdir()
    for clip in CLIPS:
        clip.make(folder / "clips")
    return folder


def job(server: ModelServer, media: Path, output: Path, pipeline: str, model: str, **settings: object) -> PipelineJob:
    kind = "pictures" if pipeline in ("image_vqa", "context_vqa") else "clips"
    return PipelineJob(
        name=pipeline,
        inputs=[str(media / kind)],
        output=output,
        model=f"openai/{model}",
        serving={"api_url": server.url},
        settings=settings,
        prefix=pipeline,
        format="jsonl",
        options=RunOptions(quiet=True, caps=Caps(price=PRICE)),
    )


def discussion() -> dict[str, str]:
    """Replies of all roles, as a model gives them that calls three experts in each of three rounds."""

    def pairs(about: str, count: int, **more: object) -> list[dict[str, object]]:
        """Pairs of about the length that models write."""
        told = "comes into the picture from the left while the camera stays where it is"
        return [
            {
                "question": f"What does object {n} of {about} do once it {told}?",
                "answer": f"It {told}, {n} times.",
                **more,
            }
            for n in range(1, count + 1)
        ]

    said = {"Your role: draft author": {"pairs": pairs("the draft", 10, aspect="content", clips=[1])}}
    for number in (1, 2, 3):
        experts = [f"{name} {number}" for name in ("historian", "painter", "engineer")]
        called = [{"role": one, "description": f"a {one}", "subtask": f"look as {one}"} for one in experts]
        for one in experts:
            said[f"Your role: {one}\n"] = {"pairs": pairs(one, 2, aspect="style", clips=[1])}
        said[f"This is round {number} of"] = {"decision": "CALL_EXPERTS", "reason": "gaps", "experts": called}
        added = [{"action": "add", "pair": f"E{at}.{n}", "reason": "new"} for at in (1, 2, 3) for n in (1, 2)]
        said[f"In round {number} your experts propose"] = {"decisions": added}
    said["Make the final list"] = {"pairs": pairs("the end", 10, of=["Q1"], clips=[1])}
    said["Give each of these pairs"] = {"labels": [{"pair": n, "label": "content"} for n in range(1, 11)]}
    return {pattern: orjson.dumps(reply).decode() for pattern, reply in said.items()}


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("pipeline", ["image_vqa", "context_vqa", "video_qa", "multirole_video_qa"])
def test_tokens_are_estimated_within_a_fifth_of_what_the_endpoint_charges(
    model_server: ModelServer,
    media: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    pipeline: str,
    family: str,
) -> None:
    if pipeline == "multirole_video_qa":
        model_server.configure(answer="script", script=discussion(), charge="family")
    else:
        model_server.configure(answer="chat", chat=GOOD, qa_pairs=3, charge="family")
    planned = job(model_server, media, tmp_path / "out", pipeline, FAMILIES[family])
    assert dry_run(planned, as_json=True) == 0
    told = orjson.loads(capsys.readouterr().out)
    assert model_server.stats()["requests"] == 0 and list(tmp_path.iterdir()) == []
    assert told["problems"] == told["unforeseen"] == 0

    assert run_pipeline(planned, as_json=True) == 0
    summary, stats = orjson.loads(capsys.readouterr().out), model_server.stats()
    assert told["requests"] == stats["requests"] == summary["counts"]["requests"]
    assert told["input_tokens"] == pytest.approx(stats["prompt_tokens"], rel=0.2)
    read_cost = (told["cost"] * 1e6 - PRICE.written * told["output_tokens"]) / PRICE.read
    assert read_cost == pytest.approx(stats["prompt_tokens"], rel=0.2)


@pytest.mark.parametrize(
    "plan", ["uniform:5", "uniform:8:keyframe", "fps:2:6", "fps:30:500", "keyframes:3", "shots:2:9"]
)
@pytest.mark.parametrize("sides", [{}, {"max_side": 500, "video_max_side": 300}])
def test_frames_of_every_plan_are_counted_as_they_are_then_sent(
    model_server: ModelServer,
    media: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    plan: str,
    sides: dict[str, int],
) -> None:
    model_server.configure(answer="caption", charge="family")
    planned = job(model_server, media, tmp_path / "out", "video_caption", "claude-sonnet-4-5", sampling=plan)
    steps = planned.make_steps()
    for name, side in sides.items():
        setattr(steps[0].operator.vlm_serving, name, side)
    read = open_input(planned.input_paths(), steps, Intake(tmp_path / "out"))
    told = run_blocking(estimate(steps, read.rows(), None, read.places)).whole()
    Pipeline(steps).run(str(media / "clips"), tmp_path / "out", options=RunOptions(quiet=True))
    images = [
        part
        for request in model_server.requests()
        for message in request["messages"]
        for part in message["content"]
        if isinstance(part, dict) and part["type"] == "image_url"
    ]
    assert told.frames == len(images) > 0
    assert told.input_tokens == pytest.approx(model_server.stats()["prompt_tokens"], rel=0.2)


@pytest.mark.parametrize("family", FAMILIES)
def test_both_implementations_of_a_rule_agree_on_pictures_that_are_not_shrunk(family: str) -> None:
    rng, model = np.random.default_rng(5), FAMILIES[family].lower()
    for width, height in rng.integers(100, 900, (200, 2)).tolist():
        assert rule_of(model).image(width, height) == picture(model, width, height), (width, height)


@pytest.mark.parametrize("family", FAMILIES)
def test_and_nearly_on_those_that_are(family: str) -> None:
    rng, model = np.random.default_rng(6), FAMILIES[family].lower()
    sizes = [size for size in rng.integers(900, 6000, (200, 2)).tolist() if max(size) < 4 * min(size)]
    ours = sum(rule_of(model).image(*size) for size in sizes)
    assert ours == pytest.approx(sum(picture(model, *size) for size in sizes), rel=0.03)
    assert len(sizes) > 100
