"""`dataflow run` against a real endpoint."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.cli.held import hold, release_to_the_end, release_until
from tests.commands import dataflow, read_jsonl, start, write_jsonl
from tests.pictures import make_pictures, short_digest
from tests.servers import ModelServer


def image_vqa(server: ModelServer, *words: str | Path) -> list[str | Path]:
    return ["run", "image_vqa", "--model", "openai/stub", "--api-url", server.url, *words]


def test_a_thousand_images_are_all_answered_each_with_its_own_image(model_server: ModelServer, tmp_path: Path) -> None:
    make_pictures(tmp_path / "pictures", 1000, size=12)
    done = dataflow(*image_vqa(model_server, "--input", "pictures", "--json"), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    rows = read_jsonl(tmp_path / "outputs/image_vqa/image_vqa_step1.jsonl")
    assert len(rows) == 1000
    for number, row in enumerate(rows):
        assert row["image"] == [f"pictures/p{number}.jpg"]
        assert f"[{short_digest(tmp_path / row['image'][0])}]" in row["vqa"]
    assert orjson.loads(done.stdout)["counts"]["requests"] == 1000
    assert model_server.stats()["paid_twice"] == 0


def test_the_output_has_the_fields_that_the_seed_prints(model_server: ModelServer, tmp_path: Path) -> None:
    (picture,) = make_pictures(tmp_path, 1)
    prompt = "Generate complete QA pairs based on image content and caption."
    row = {"image": [f"./{picture.name}"], "conversation": [{"from": "human", "value": prompt}]}
    write_jsonl(tmp_path / "in.jsonl", [row])
    model_server.configure(answer="qa", qa_pairs=2)
    assert dataflow(*image_vqa(model_server, "--input", "in.jsonl", "-q"), cwd=tmp_path).returncode == 0
    (out,) = read_jsonl(tmp_path / "outputs/image_vqa/image_vqa_step1.jsonl")
    assert out["id"] == 1
    assert out["image"] == row["image"]
    assert out["conversation"] == row["conversation"]
    assert out["vqa"].startswith("- Q: ") and out["vqa"].count("\n  A: ") == 2


def test_what_is_sent_is_the_system_text_then_the_image_then_the_prompt(
    model_server: ModelServer, tmp_path: Path
) -> None:
    make_pictures(tmp_path / "p", 1)
    words = ["--input", "p", "-q", "--prompt", "What is {image}?", "--system", "Be brief."]
    assert dataflow(*image_vqa(model_server, *words, "--temperature", "0.5"), cwd=tmp_path).returncode == 0
    (request,) = model_server.requests()
    system, user = request["messages"]
    assert system == {"role": "system", "content": "Be brief."}
    assert [part["type"] for part in user["content"]] == ["image_url", "text"]
    assert user["content"][1]["text"] == "What is ['p/p0.jpg']?"
    assert request["params"]["temperature"] == 0.5
    assert "max_tokens" not in request["params"]


def test_a_second_run_asks_nothing_and_writes_the_same_bytes(model_server: ModelServer, tmp_path: Path) -> None:
    make_pictures(tmp_path / "p", 20)
    command = image_vqa(model_server, "--input", "p", "--json")
    assert dataflow(*command, cwd=tmp_path).returncode == 0
    output = tmp_path / "outputs/image_vqa/image_vqa_step1.jsonl"
    first = output.read_bytes()
    again = dataflow(*command, cwd=tmp_path)
    assert (
        orjson.loads(again.stdout)["counts"] | {"requests": 0, "from_ledger": 20}
        == orjson.loads(again.stdout)["counts"]
    )
    assert output.read_bytes() == first
    assert model_server.stats()["requests"] == 20


def test_a_changed_prompt_is_asked_anew_and_fresh_asks_all_anew(model_server: ModelServer, tmp_path: Path) -> None:
    make_pictures(tmp_path / "p", 5)
    for words in ([], ["--prompt", "Other words"], ["--prompt", "Other words"], ["--fresh"]):
        assert dataflow(*image_vqa(model_server, "--input", "p", "-q", *words), cwd=tmp_path).returncode == 0
    assert model_server.stats()["requests"] == 15


def test_the_same_picture_many_times_is_asked_about_once(model_server: ModelServer, tmp_path: Path) -> None:
    make_pictures(tmp_path / "p", 3)
    write_jsonl(tmp_path / "in.jsonl", [{"image": f"p/p{number % 3}.jpg"} for number in range(60)])
    model_server.configure(latency=0.2)
    assert dataflow(*image_vqa(model_server, "--input", "in.jsonl", "-q"), cwd=tmp_path).returncode == 0
    assert model_server.stats()["requests"] == 3
    rows = read_jsonl(tmp_path / "outputs/image_vqa/image_vqa_step1.jsonl")
    for row in rows:
        assert short_digest(tmp_path / row["image"]) in row["vqa"]
    assert len(rows) == 60


@pytest.mark.parametrize("share", [0.05, 0.5, 0.9])
def test_killed_at_any_point_the_same_command_ends_as_if_nothing_had_happened(
    model_server: ModelServer, tmp_path: Path, share: float
) -> None:
    count = 200
    make_pictures(tmp_path / "p", count)
    # One that hangs keeps the run from its end until it is killed, however late that is.
    model_server.configure(latency=0.3, latency_sigma=0.5, hang_nth=int(count * share) + 5)
    command = image_vqa(model_server, "--input", "p", "--max-workers", "16", "-q")
    killed = start(*command, "--output", "killed", cwd=tmp_path)
    while model_server.stats()["delivered"] < count * share:
        assert killed.poll() is None, killed.stderr.read().decode() if killed.stderr else ""
        time.sleep(0.02)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    model_server.configure(hang_nth=0)
    at_kill = time.monotonic()
    assert not (tmp_path / "killed/image_vqa_step1.jsonl").exists()

    again = dataflow(*command, "--output", "killed", cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    log = model_server.requests()
    times_asked = Counter(request["digest"] for request in log)
    # An answer is safe within milliseconds of being read; those in flight may lie unread where the machine is busy.
    sent = [r["digest"] for r in log if r["outcome"] == "200" and r["out"] < at_kill]
    assert len(sent) >= count * share
    assert sum(times_asked[digest] > 1 for digest in sent) <= 16
    assert model_server.stats()["requests"] <= count + 2 * 16

    whole = dataflow(*command, "--output", "whole", cwd=tmp_path)
    assert whole.returncode == 0, whole.stderr
    name = "image_vqa_step1.jsonl"
    assert (tmp_path / "killed" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_interrupted_it_waits_for_what_is_under_way_and_can_go_on(model_server: ModelServer, tmp_path: Path) -> None:
    make_pictures(tmp_path / "p", 100)
    hold(model_server)
    command = image_vqa(model_server, "--input", "p", "--max-workers", "4")
    running = start(*command, cwd=tmp_path)
    release_until(model_server, running, lambda: model_server.stats()["delivered"] >= 8)
    running.send_signal(signal.SIGINT)
    assert release_to_the_end(model_server, running) == 130
    said = running.stderr.read().decode() if running.stderr else ""
    assert "Traceback" not in said
    assert said.strip().splitlines()[-1].startswith("error: interrupted")
    stats: dict[str, Any] = model_server.stats()
    assert stats["requests"] == stats["delivered"] < 100
    manifest = orjson.loads((tmp_path / "outputs/image_vqa/run.json").read_bytes())
    assert manifest["state"] == "stopped"
    model_server.configure(fail_on={})
    assert dataflow(*command, "-q", cwd=tmp_path).returncode == 0
    assert model_server.stats()["requests"] == 100
