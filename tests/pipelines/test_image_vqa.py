"""The `image_vqa` pipeline: text as printed, and a check of it where that is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dataflow import Pipeline, RunOptions
from dataflow.operators.core_vision import VQARefiner
from dataflow.registry import find
from dataflow.serving import APIVLMServing_openai
from tests.pictures import make_pictures
from tests.servers import ModelServer


def image_vqa(
    server: ModelServer, folder: Path, more: list[Any] | None = None, **settings: Any
) -> list[dict[str, Any]]:
    serving = APIVLMServing_openai(server.url, model_name="stub")
    steps = find("pipelines", "image_vqa").steps(serving, settings)
    rows = [{"image": [str(path)]} for path in make_pictures(folder / "p", 2)]
    done = Pipeline([*steps, *(more or [])]).run(rows, folder, options=RunOptions(quiet=True))
    return list(done.rows())


def test_the_number_of_pairs_stands_in_our_prompt_and_in_that_of_the_user(
    model_server: ModelServer, tmp_path: Path
) -> None:
    image_vqa(model_server, tmp_path / "1")
    image_vqa(model_server, tmp_path / "2", num_qa=9)
    image_vqa(model_server, tmp_path / "3", num_qa=8, prompt_template="{num_qa} pairs, please")
    sent = {request["messages"][1]["content"][1]["text"][:40] for request in model_server.requests()}
    assert any("write 3 q" in text for text in sent) and any("write 9 q" in text for text in sent)
    assert "8 pairs, please" in sent


def test_with_the_refiner_after_it_text_becomes_pairs(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.configure(answer="qa", qa_pairs=2)
    rows = image_vqa(model_server, tmp_path, [VQARefiner()], answer_form="pairs")
    assert [len(row["vqa_pairs"]) for row in rows] == [2, 2]
    assert all(row["vqa"].startswith("- Q: ") for row in rows)
