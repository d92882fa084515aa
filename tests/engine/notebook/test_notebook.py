"""A real notebook, executed in a real kernel whose event loop runs: a bar, tables with pictures, errors in one line."""

from __future__ import annotations

import re
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from tests.commands import write_jsonl
from tests.media.media_clips import Clip
from tests.pictures import make_pictures

CELLS = {
    "run": """
from dataflow import Pipeline
from dataflow.operators.core_vision import PromptedVQAGenerator, VideoToCaptionGenerator
from dataflow.serving.embedded import EmbeddedVLMServing

serving = EmbeddedVLMServing()
output = Pipeline([PromptedVQAGenerator(serving)]).run("in.jsonl", "out")
""",
    "table": "output",
    "eager": """
VideoToCaptionGenerator(serving).run(df=[{"video": "clip.mp4"}], output_key="caption")
""",
    "in_the_loop": """
import asyncio

async def ask():
    assert asyncio.get_running_loop().is_running()
    return len(Pipeline([PromptedVQAGenerator(serving)]).run("in.jsonl", "out"))

print(await ask(), serving.generate_from_input(["What is it?"], image_inputs=["p0.jpg"])[0][:3] != "")
""",
    "wrong": 'Pipeline([PromptedVQAGenerator(serving)]).run("nowhere.jsonl", "out")',
    "hostile": """
from dataflow.core import InputError
raise InputError("no file \\x1b[31ma\\nb")
""",
    "own_fault": "1 / 0",
}


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    """What stands under each cell of the notebook once it has been executed."""
    folder = tmp_path_factory.mktemp("notebook")
    patch = pytest.MonkeyPatch()
    for name in ("JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR"):
        patch.setenv(name, str(folder / "jupyter"))
    make_pictures(folder, 6)
    Clip("clip.mp4", "libx264", 30, (320, 180)).make(folder)
    asked = [{"from": "human", "value": "<script>alert(1)</script> Say \u202eit."}]
    rows: list[dict[str, Any]] = [{"image": f"p{number}.jpg", "conversation": asked} for number in range(6)]
    write_jsonl(folder / "in.jsonl", [*rows, {"id": "gone", "image": "gone.jpg", "conversation": asked}])
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in CELLS.values()])
    NotebookClient(
        notebook, timeout=300, kernel_name="python3", allow_errors=True, resources={"metadata": {"path": str(folder)}}
    ).execute()
    patch.undo()
    return dict(zip(CELLS, (cell.outputs for cell in notebook.cells), strict=True))


def html_of(outputs: list[Any]) -> str:
    return "".join(str(one.get("data", {}).get("text/html", "")) for one in outputs)


def test_one_bar_is_drawn_anew_and_ends_with_what_became_of_the_run(outputs: dict[str, list[Any]]) -> None:
    (bar,) = outputs["run"]
    assert bar.output_type == "display_data" and "width:100.0%" in bar.data["text/html"]
    assert "7/7 samples" in bar.data["text/html"] and "1 failed (1 with unreadable media)" in bar.data["text/plain"]
    assert "<script" not in bar.data["text/html"]


def test_a_result_shows_itself_as_a_table_with_pictures(outputs: dict[str, list[Any]]) -> None:
    (result,) = outputs["table"]
    html = result.data["text/html"]
    assert html.count('<img src="data:image/jpeg;base64,') == 5 and html.count("<tr>") == 6
    assert "6 rows, 1 failed (1 with unreadable media)" in html and "and 1 more row:" in html
    assert "<script" not in html and "&lt;script&gt;" in html and "\\u202e" in html and "\u202e" not in html
    assert len(html) < 700_000


def test_an_eager_step_on_a_clip_shows_its_first_frame(outputs: dict[str, list[Any]]) -> None:
    html = html_of(outputs["eager"])
    assert html.count("<img") == 1 and "The video lasts" in html and "1/1 samples" in html


def test_runs_and_questions_work_while_the_loop_of_the_notebook_runs(outputs: dict[str, list[Any]]) -> None:
    said = [one.text for one in outputs["in_the_loop"] if one.output_type == "stream"]
    assert said == ["6 True\n"], outputs["in_the_loop"]


def test_our_errors_are_one_line_and_those_of_others_as_usual(outputs: dict[str, list[Any]]) -> None:
    wrong = outputs["wrong"][-1]
    assert wrong.output_type == "error" and len(wrong.traceback) == 1
    assert re.fullmatch(r"InputError: nowhere.jsonl: there is no such file.*", wrong.traceback[0])
    assert outputs["hostile"][-1].traceback == ["InputError: no file \\e[31ma\nb"]
    assert any("ZeroDivisionError" in line for line in outputs["own_fault"][-1].traceback[:2])


def test_nothing_of_it_is_loaded_or_shown_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    from dataflow.engine.report import PlainReporter
    from dataflow.engine.usual_reporter import usual_reporter

    assert type(usual_reporter()) is PlainReporter
