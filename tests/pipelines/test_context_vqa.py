"""The `context_vqa` pipeline against the test endpoint."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from dataflow import Pipeline, RunOptions
from dataflow.core import UsageError
from dataflow.registry import find
from dataflow.serving import APIVLMServing_openai
from tests.commands import read_jsonl
from tests.pictures import make_pictures
from tests.servers import ModelServer

SEED_PROMPT = (
    "Write a Wikipedia article related to this image without directly referring to the image. "
    "Then write question answer pairs..."
)
ARTICLE = "Nightmare Alley is a 2021 American psychological thriller film."
GOOD = f"{ARTICLE}\n\nQuestion: What genre does this film belong to?\nAnswer: Psychological thriller"
CORRECTION = "cannot be used"


def context_vqa(server: ModelServer, folder: Path, rows: list[dict[str, Any]], **settings: Any) -> list[dict[str, Any]]:
    serving = APIVLMServing_openai(server.url, model_name="stub")
    steps = find("pipelines", "context_vqa").steps(serving, settings)
    done = Pipeline(steps).run(rows, folder, prefix="context_vqa", options=RunOptions(quiet=True))
    return list(done.rows())


def pictures(folder: Path, count: int = 1, **fields: Any) -> list[dict[str, Any]]:
    return [{"image": [str(path)], **fields} for path in make_pictures(folder / "p", count)]


def test_the_row_is_the_one_that_the_seed_prints(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.configure(answer="script", script={".": GOOD})
    turns = [{"from": "human", "value": SEED_PROMPT}]
    (row,) = context_vqa(model_server, tmp_path, pictures(tmp_path, conversation=turns))
    qas = [{"question": "What genre does this film belong to?", "answer": "Psychological thriller"}]
    assert row["id"] == 1
    assert row["image"] == [str(tmp_path / "p/p0.jpg")]
    assert row["context_vqa"] == {"context": ARTICLE, "qas": qas}
    assert row["conversation"] == turns
    (request,) = model_server.requests()
    assert request["messages"][0] == {"role": "system", "content": "You are a helpful assistant."}
    assert request["messages"][1]["content"][1]["text"] == SEED_PROMPT


def test_without_words_of_its_own_a_sample_is_asked_the_built_in_prompt(
    model_server: ModelServer, tmp_path: Path
) -> None:
    model_server.configure(answer="script", script={".": GOOD})
    (row,) = context_vqa(model_server, tmp_path, pictures(tmp_path), num_qa=7)
    (request,) = model_server.requests()
    sent = request["messages"][1]["content"][1]["text"]
    assert "encyclopedia article" in sent and "Then write 7 question-answer pairs" in sent
    assert row["conversation"] == [{"from": "human", "value": sent}]


def test_an_answer_without_pairs_is_corrected_while_the_model_can_still_be_asked(
    model_server: ModelServer, tmp_path: Path
) -> None:
    model_server.configure(answer="script", script={CORRECTION: GOOD, ".": ARTICLE})
    (row,) = context_vqa(model_server, tmp_path, pictures(tmp_path))
    assert row["context_vqa"]["context"] == ARTICLE
    assert model_server.stats()["requests"] == 2


def test_a_model_that_never_obeys_costs_one_further_request_and_its_text_is_kept(
    model_server: ModelServer, tmp_path: Path
) -> None:
    model_server.configure(answer="script", script={CORRECTION: "Never.", ".": ARTICLE})
    rows = pictures(tmp_path, 6)
    assert context_vqa(model_server, tmp_path, rows) == []
    failures = read_jsonl(tmp_path / "context_vqa_step2.failures.jsonl")
    assert [failure["raw"] for failure in failures] == ["Never."] * 6
    assert model_server.stats()["requests"] == 12
    model_server.configure(answer="script", script={".": GOOD})
    assert len(context_vqa(model_server, tmp_path, rows)) == 6


def test_articles_that_speak_of_the_image_are_filtered_only_on_request(
    model_server: ModelServer, tmp_path: Path
) -> None:
    model_server.configure(answer="script", script={".": f"The image shows a poster. {GOOD}"})
    (row,) = context_vqa(model_server, tmp_path / "1", pictures(tmp_path))
    assert row["context_vqa_checks"]["speaks_of_image"] is True
    assert context_vqa(model_server, tmp_path / "2", pictures(tmp_path), reject_speaks_of_image=True) == []
    assert len(read_jsonl(tmp_path / "2/context_vqa_step2.rejected.jsonl")) == 1


def test_its_prompts_are_in_the_manifest(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.configure(answer="script", script={".": GOOD})
    context_vqa(model_server, tmp_path, pictures(tmp_path))
    assert set(orjson.loads((tmp_path / "run.json").read_bytes())["prompts"]) == {
        "context_vqa",
        "context_vqa_correction",
    }


def test_an_unknown_setting_names_the_near_miss(model_server: ModelServer, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="drop_answers_not_in_context"):
        context_vqa(model_server, tmp_path, pictures(tmp_path), drop_answers_not_in_contxt=True)
