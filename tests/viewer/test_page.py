"""The page of `dataflow view`, asked over HTTP."""

from __future__ import annotations

import signal
import socket
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import orjson
import pytest

from dataflow.storage.lock import output_lock
from tests.commands import dataflow, read_jsonl
from tests.viewer.pages import Viewer, sample_media, viewing, write_dataset
from tests.viewer.samples import ids, rows, until


def test_the_output_of_a_run_is_shown_with_media_and_provenance(tmp_path: Path) -> None:
    done = dataflow("run", "video_qa", "--num-qa", "3", "--output", "out", "--limit", "2", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    with viewing(tmp_path / "out") as viewer:
        assert ids(viewer) == ["1", "2"]
        whole = viewer.json("api/sample/1/rows/0")
        assert [line["operator"] for line in whole["trace"]] == ["VideoToCaptionGenerator", "VideoCaptionToQAGenerator"]
        assert whole["media"][0]["video"] and whole["trace"][0]["media"][0]["times"] == [1.0, 3.0, 5.0]
        assert viewer.json("play/1/rows/0/0")["how"] == "direct"
        clip = viewer.get("media/1/rows/0/0")
        assert (clip.status, clip.headers["content-type"]) == (200, "video/mp4")
        frame = viewer.get("frame/1/rows/0/0/2?times=1.0,3.0,5.0")
        assert frame.body.startswith(b"\xff\xd8\xff")
        assert viewer.get("thumb/1/rows/1").body.startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("text=number7", [7]),
        ("text=NUMBER1%20road", [1, 10, 11, 13, 14, 16, 17, 19]),
        ("text=STRASSE&pairs=3", [3, 15]),
        ("type=time&pairs=2", [2, 6, 10, 14, 18]),
        ("rating=4", [4, 9, 14, 19]),
        ("rating=3&pairs=2%2B&sort=-rating", [14, 19, 3, 18]),
        ("text=nothing-like-it", []),
        ("pairs=0&sort=-length", [12, 0, 16, 4, 8]),
    ],
)
def test_search_filters_and_order(small: Viewer, query: str, found: list[int]) -> None:
    assert ids(small, query) == [f"s{number}" for number in found]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with viewing(write_dataset(tmp_path_factory.mktemp("small"), rows(20))) as viewer:
        yield viewer


def test_a_window_says_how_many_there_are(small: Viewer) -> None:
    ids(small)
    window = small.json("api/rows?start=15&count=3")
    assert (window["total"], [row["key"] for row in window["rows"]]) == (20, ["s15", "s16", "s17"])
    assert small.json("api/find?id=s7&type=count") == {"generation": 1, "at": 3, "number": 7}
    assert small.json("api/find?id=s7&type=time")["at"] is None
    assert small.json("api/state")["choices"]["types"] == [["count", 10], ["time", 5]]


@pytest.mark.parametrize("path", ["api/rows?start=-1", "api/rows?sort=id", "api/rows?pairs=x", "api/rows?table=trace"])
def test_a_question_that_makes_no_sense_is_refused(small: Viewer, path: str) -> None:
    assert small.get(path).status == 400


@pytest.mark.parametrize("path", ["api/sample/1/rows/99", "api/sample/7/rows/0", "media/1/rows/0/0", "nothing"])
def test_what_is_not_there_is_404(small: Viewer, path: str) -> None:
    assert small.get(path).status == 404


@pytest.mark.parametrize("name", ["x.json", "x.csv", "x.parquet", "x.jsonl"])
def test_every_format_is_shown(tmp_path: Path, name: str) -> None:
    from dataflow.storage.formats import write_rows

    path = write_rows(tmp_path / name, rows(1200))
    with viewing(path) as viewer:
        until(lambda: viewer.json("api/state")["ready"] == 1200)
        window = viewer.json("api/rows?start=1199&count=5")
        assert [row["key"] for row in window["rows"]] == ["s1199"]
        assert viewer.json("api/sample/1/rows/1199")["sample"]["caption"] == "caption number1199 road"


def test_json_laid_out_otherwise_bad_rows_and_repeated_ids(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('[\n {\n  "id": 7, "caption": "a"\n },\n {"id": 7}, {}, 5]')
    with viewing(tmp_path / "x.json") as viewer:
        assert ids(viewer) == ["7", "7-2", "3", "4"]
        assert "object" in viewer.json("api/sample/1/rows/3")["bad"]["message"]
    path = write_dataset(tmp_path / "lines", [{"id": 1}])
    with path.open("ab") as file:
        file.write(b'\n{"id": 2, "caption": "torn\n{"caption": "c"}')
    with viewing(path) as viewer:
        assert ids(viewer) == ["1", "2", "3"]
        assert "not JSON" in viewer.json("api/sample/1/rows/1")["bad"]["message"]


def test_failures_have_their_reason_and_their_sample(tmp_path: Path) -> None:
    sample_media(tmp_path)
    path = write_dataset(tmp_path, [{"id": 1, "image": ["one.png"]}])
    record = {"id": 2, "operator": "Op", "kind": "answer", "message": "no pairs", "raw": "<b>", "attempts": 2}
    write_dataset(tmp_path, [{**record, "sample": {"id": 2, "image": ["two.jpg"]}}], "x_step1.failures.jsonl")
    with viewing(path) as viewer:
        until(lambda: viewer.json("api/state")["failures"] == 1)
        assert viewer.json("api/rows?table=failures")["rows"][0]["text"] == "no pairs"
        whole = viewer.json("api/sample/1/failures/0")
        assert (whole["record"]["raw"], whole["sample"]["image"]) == ("<b>", ["two.jpg"])
        assert viewer.get("media/1/failures/0/0").headers["content-type"] == "image/jpeg"


def test_a_run_that_goes_on_is_followed_to_its_end(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    spool = folder / "x_step1.jsonl.spool"
    spool.write_bytes(b'{"id":2,"caption":"second"}\n{"id":1,"cap')
    with output_lock(folder / "x_step1.jsonl"), viewing(folder / "x_step1.jsonl") as viewer:
        assert viewer.json("api/state")["going"]
        assert [row["key"] for row in viewer.json("api/rows")["rows"]] == ["2"]
        with spool.open("ab") as file:
            file.write(b'tion":"first"}\n')
        until(lambda: viewer.json("api/state")["rows"] == 2)
        write_dataset(folder, [{"id": 1, "caption": "first"}, {"id": 2, "caption": "second"}])
        spool.unlink()
        until(lambda: viewer.json("api/state")["generation"] == 2)
        assert ids(viewer) == ["1", "2"]
        assert viewer.get("api/sample/1/rows/0").status == 404
        (folder / ".x_step1.jsonl.lock").unlink()  # as a run does at its end
        until(lambda: not viewer.json("api/state")["going"])


def test_changes_are_told_as_they_happen(tmp_path: Path) -> None:
    path = write_dataset(tmp_path, rows(3))
    import http.client

    with viewing(path) as viewer:
        connection = http.client.HTTPConnection(viewer.host, viewer.port, timeout=200)
        connection.request("GET", viewer.prefix + "api/events")
        stream = connection.getresponse()
        assert stream.getheader("Content-Type", "").startswith("text/event-stream")
        assert viewer.decide(1, "reject").status == 200
        while True:
            line = stream.readline()
            if line.startswith(b"data:") and "decided" in (event := orjson.loads(line[5:])):
                break
        assert event["decided"] == ["s1"] and event["review"]["rejected"] == 1
        connection.close()


def test_ids_beyond_what_javascript_counts_stay_exact(tmp_path: Path) -> None:
    path = write_dataset(tmp_path, [{"id": 12345678901234567890}, {"id": 12345678901234567891}])
    with viewing(path) as viewer:
        assert ids(viewer) == ["12345678901234567890", "12345678901234567891"]
        assert viewer.decide(1, "reject").status == 200
    assert read_jsonl(tmp_path / "x_step1.review.jsonl")[0]["id"] == 12345678901234567891


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("nothing.jsonl", "no such file"),
        ("empty", "no run and no data file in it"),
        ("x_step1.failures.jsonl", "Name the data file"),
        ("picture.png", "no data file"),
    ],
)
def test_what_cannot_be_shown_is_one_line_with_the_cure(tmp_path: Path, name: str, says: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "x_step1.failures.jsonl").write_text("{}\n")
    (tmp_path / "picture.png").write_text("")
    done = dataflow("view", name, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert says in done.stderr and "Traceback" not in done.stderr


def test_a_taken_port_is_one_line_with_the_cure(tmp_path: Path) -> None:
    path = write_dataset(tmp_path, rows(1))
    with viewing(path) as viewer:
        done = dataflow("view", path, "--port", str(viewer.port), cwd=tmp_path)
    assert done.returncode == 1
    assert "cannot be listened on" in done.stderr and "Traceback" not in done.stderr


def test_the_newest_step_of_a_folder_is_shown(tmp_path: Path) -> None:
    for step in (1, 2, 10):
        write_dataset(tmp_path, rows(step), f"x_step{step}.jsonl")
    with viewing(tmp_path) as viewer:
        assert viewer.json("api/state")["name"] == "x_step10.jsonl"


def test_ctrl_c_ends_it_in_order_also_with_a_page_open(tmp_path: Path) -> None:
    sample_media(tmp_path)
    with viewing(write_dataset(tmp_path, [{"video": ["clip.mp4"]}])) as viewer:
        assert ids(viewer) == ["1"]
        assert viewer.get("thumb/1/rows/0").status == 200  # decoder processes are at work, too
        with socket.create_connection((viewer.host, viewer.port), 10) as listener:
            listener.sendall(f"GET {viewer.prefix}api/events HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            assert listener.recv(16).startswith(b"HTTP/1.1 200")
            viewer.process.send_signal(signal.SIGINT)
            assert viewer.ended() == (0, "Ctrl-C ends it")


def test_a_video_that_a_run_has_fetched_is_shown_and_nothing_is_fetched_for_looking(tmp_path: Path) -> None:
    sample_media(tmp_path / "served")
    site = partial(SimpleHTTPRequestHandler, directory=tmp_path / "served")
    with ThreadingHTTPServer(("127.0.0.1", 0), site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        urls = [f"http://127.0.0.1:{server.server_port}/clip.mp4{query}" for query in ("", "?another")]
        write_dataset(tmp_path, [{"id": 1, "video": urls[0]}], "in.jsonl")
        words = ("run", "video_caption", "--input", "in.jsonl", "--output", "out", "--allow-private-urls")
        done = dataflow(*words, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        server.shutdown()
    data = tmp_path / "out" / "video_caption_step1.jsonl"
    write_dataset(data.parent, [*read_jsonl(data), {"id": 2, "video": urls[1]}], data.name)
    with viewing(tmp_path / "out") as viewer:
        assert viewer.get("media/1/rows/0/0").headers["content-type"] == "video/mp4"
        assert viewer.get("media/1/rows/1/0").status == 422
        assert "on the network" in viewer.json("api/sample/1/rows/1")["media"][0]["problem"]


def test_a_file_that_is_removed_stays_on_the_page_and_the_problem_is_told(tmp_path: Path) -> None:
    path = write_dataset(tmp_path, rows(3))
    with viewing(path) as viewer:
        assert len(ids(viewer)) == 3
        path.unlink()
        until(lambda: "not there (any more)" in viewer.json("api/state")["problem"])
        assert viewer.json("api/sample/1/rows/2")["sample"]["id"] == "s2"
        write_dataset(tmp_path, rows(5))
        until(lambda: viewer.json("api/state")["rows"] == 5)
        assert viewer.json("api/state")["problem"] == ""


def test_the_trace_of_a_sample_is_its_own_or_that_of_what_it_was_made_of(tmp_path: Path) -> None:
    names = ["a/b.mp4", "a/b.mp4/0", "a/b.mp4/1/0", "a", "a/c.mp4", "7/0"]
    write_dataset(tmp_path, [{"id": name} for name in names])
    traced = ["a/b.mp4", "a/b.mp4/1", "a", "7"]
    write_dataset(tmp_path, [{"id": name, "operator": name, "model": "m"} for name in traced], "x_step1.trace.jsonl")
    with viewing(tmp_path) as viewer:
        assert ids(viewer) == names
        wholes = [viewer.json(f"api/sample/1/rows/{number}") for number in range(len(names))]
    found = [[line["operator"] for line in whole["trace"]] for whole in wholes]
    assert found == [["a/b.mp4"], ["a/b.mp4"], ["a/b.mp4/1"], ["a"], [], ["7"]]
