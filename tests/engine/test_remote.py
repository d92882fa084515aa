"""Media behind URLs: fetched once, known by their content, and never from where a dataset has no business."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from dataflow import Operator, Pipeline, RunOptions
from dataflow.core import ImagePart, Message, Request, Run, Sample, VideoPart, output, required
from dataflow.core.message import TextPart
from dataflow.core.operator import Keys
from dataflow.engine.step_output import StepOutput
from dataflow.serving import APIVLMServing_openai
from tests.commands import dataflow, read_jsonl, write_jsonl
from tests.engine.questions import FAILURES, serving_at
from tests.media.media_clips import CLIPS
from tests.pictures import make_pictures, short_digest
from tests.servers import ModelServer


class FileServer:
    """Serves a folder on 127.0.0.1 and counts what is asked of it."""

    def __init__(self, folder: Path) -> None:
        self.asked: list[str] = []
        served = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                served.asked.append(self.path)
                path = folder / self.path.split("?")[0].lstrip("/")
                content = path.read_bytes() if path.exists() else b"<html>none</html>"
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *words: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def files(tmp_path: Path) -> Iterator[FileServer]:
    (tmp_path / "served").mkdir()
    server = FileServer(tmp_path / "served")
    yield server
    server.close()


class Show(Operator):
    """Asks about the picture or video of a sample."""

    keys = (required("input_key", "media"), output("output_key", "answer"))

    def __init__(self, serving: APIVLMServing_openai, question: str = "What is it?") -> None:
        self.serving = serving
        self.question = question

    async def process(self, sample: Sample, keys: Keys, run: Run) -> Sample:
        source = sample[keys.input_key]
        part = VideoPart(source, "uniform:2") if source.endswith(".mp4") else ImagePart(source)
        response = await run.ask(self.serving, Request((Message("user", (part, TextPart(self.question))),)))
        return {**sample, keys.output_key: response.text}


def show(server: ModelServer, folder: Path, *sources: str, question: str = "?", **options: Any) -> StepOutput:
    """Ask about these in one run that may reach this machine."""
    steps = [Show(serving_at(server), question)]
    chosen = RunOptions(**{"quiet": True, "allow_private_urls": True, **options})
    return Pipeline(steps).run([{"media": source} for source in sources], folder, prefix="p", options=chosen)


def test_a_second_run_fetches_nothing_and_asks_nothing(
    model_server: ModelServer, files: FileServer, tmp_path: Path
) -> None:
    make_pictures(tmp_path / "served", 3)
    urls = [f"{files.url}/p{number}.jpg" for number in range(3)]
    assert show(model_server, tmp_path / "out", *urls).counts.written == 3
    assert sorted(files.asked) == ["/p0.jpg", "/p1.jpg", "/p2.jpg"]
    assert show(model_server, tmp_path / "out", *urls).counts.written == 3
    assert len(files.asked) == 3
    assert model_server.stats()["requests"] == 3


def test_a_picture_that_many_rows_share_is_fetched_once(
    model_server: ModelServer, files: FileServer, tmp_path: Path
) -> None:
    make_pictures(tmp_path / "served", 1)
    assert show(model_server, tmp_path / "out", *[f"{files.url}/p0.jpg"] * 20).counts.written == 20
    assert files.asked == ["/p0.jpg"]
    assert model_server.stats()["requests"] == 1


def test_the_same_content_under_another_address_is_the_same_question(
    model_server: ModelServer, files: FileServer, tmp_path: Path
) -> None:
    (path,) = make_pictures(tmp_path / "served", 1)
    show(model_server, tmp_path / "out", f"{files.url}/p0.jpg?signature=1", f"{files.url}/p0.jpg?signature=2")
    show(model_server, tmp_path / "out", str(path))
    assert len(files.asked) == 2
    assert model_server.stats()["requests"] == 1


def test_a_new_question_about_a_known_address_fetches_it_again(
    model_server: ModelServer, files: FileServer, tmp_path: Path
) -> None:
    make_pictures(tmp_path / "served", 1)
    show(model_server, tmp_path / "out", f"{files.url}/p0.jpg", question="first")
    show(model_server, tmp_path / "out", f"{files.url}/p0.jpg", question="second")
    assert files.asked == ["/p0.jpg"] * 2
    assert model_server.stats()["requests"] == 2


def test_an_address_whose_content_has_changed_is_another_question(
    model_server: ModelServer, files: FileServer, tmp_path: Path
) -> None:
    first, second = make_pictures(tmp_path / "served", 2)
    url = f"{files.url}/p0.jpg"
    show(model_server, tmp_path / "out", url, question="first")
    first.write_bytes(second.read_bytes())
    show(model_server, tmp_path / "out", url, question="second")
    assert show(model_server, tmp_path / "out", str(second), question="second").counts.written == 1
    assert model_server.stats()["requests"] == 2


def test_without_leave_a_private_address_is_refused_and_never_asked(
    model_server: ModelServer, files: FileServer, tmp_path: Path
) -> None:
    (path,) = make_pictures(tmp_path / "served", 1)
    sources = [f"{files.url}/p0.jpg", f"{files.url}/clip.mp4", str(path)]
    done = show(model_server, tmp_path / "out", *sources, allow_private_urls=False)
    assert (done.counts.written, done.counts.failed) == (1, 2)
    failures = read_jsonl(tmp_path / "out" / FAILURES)
    assert {failure["kind"] for failure in failures} == {"media"}
    assert all("--allow-private-urls" in failure["message"] for failure in failures)
    assert files.asked == []
    assert model_server.stats()["requests"] == 1


def test_a_page_in_the_place_of_a_picture_fails_its_sample_with_the_address(
    model_server: ModelServer, files: FileServer, tmp_path: Path
) -> None:
    assert show(model_server, tmp_path / "out", f"{files.url}/gone.jpg").counts.failed == 1
    (failure,) = read_jsonl(tmp_path / "out" / FAILURES)
    assert f"{files.url}/gone.jpg" in failure["message"] and "page" in failure["message"]
    assert model_server.stats()["requests"] == 0


def test_a_video_is_fetched_into_the_output_once(model_server: ModelServer, files: FileServer, tmp_path: Path) -> None:
    clip = next(clip for clip in CLIPS if clip.name == "gop30.mp4").make(tmp_path / "served")
    url = f"{files.url}/gop30.mp4"
    assert show(model_server, tmp_path / "out", url, url, question="first").counts.written == 2
    assert show(model_server, tmp_path / "out", url, question="second").counts.written == 1
    assert files.asked == ["/gop30.mp4"]
    (kept,) = tmp_path.glob("out/**/downloads/*")
    assert kept.read_bytes() == clip.read_bytes()


def test_the_command_line_fetches_where_it_is_allowed(
    model_server: ModelServer, files: FileServer, tmp_path: Path
) -> None:
    (path,) = make_pictures(tmp_path / "served", 1)
    write_jsonl(tmp_path / "in.jsonl", [{"image": f"{files.url}/p0.jpg"}])
    words = ["run", "image_vqa", "--input", "in.jsonl", "--model", "openai/stub", "--api-url", model_server.url, "-q"]
    assert dataflow(*words, cwd=tmp_path).returncode == 3
    assert files.asked == []
    done = dataflow(*words, "--allow-private-urls", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert files.asked == ["/p0.jpg"]
    assert short_digest(path) in str(model_server.requests())
