"""`-v` and `--log-file`: what is waited for, retried, refused and given up, in lines that hold no secret; and how the
endpoints stand in the progress line, `status` and the manifest."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from dataflow.cli.logs import logs
from dataflow.core import InputError, OutputError
from tests.cli.questions import questions, words
from tests.commands import dataflow, python, write_jsonl
from tests.pictures import make_pictures
from tests.servers import ModelServer

LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (INFO|WARNING) dataflow\.[a-z_.]+: [^\x00-\x1f]+")
SECRET = "sk-very-secret-value"


def test_what_is_retried_and_refused_stands_in_log_and_status(model_server: ModelServer, tmp_path: Path) -> None:
    questions(tmp_path, 60)
    model_server.configure(latency=0.02, faults={"429": 0.1, "500": 0.1}, retry_after_s=0.2)
    more = ("--max-workers", "8", "-v", "--log-file", "run.log", "--header", "X-Team: $TEAM_KEY")
    command = [word for word in words(model_server, more=more) if word != "-q"]
    done = dataflow(*command, cwd=tmp_path, env={"TEAM_KEY": SECRET, "DF_API_KEY": SECRET})
    assert done.returncode == 0, done.stderr
    log = (tmp_path / "run.log").read_text()
    assert all(LINE.fullmatch(line) for line in log.splitlines())
    stats = model_server.stats()
    refused, failed = log.count("asks to wait"), log.count("asked again in")
    assert refused == stats["refusals"] > 0 and refused + failed == stats["requests"] - 60
    assert all(line.partition(": ")[2] in log for line in done.stderr.splitlines() if line.startswith("dataflow."))
    assert SECRET not in log + done.stderr
    (serving,) = orjson.loads((tmp_path / "outputs/image_vqa/run.json").read_bytes())["servings"]
    (state,) = serving["endpoints"]
    assert (state["asked"], state["refusals"], state["in_flight"]) == (stats["requests"], refused, 0)
    said = dataflow("status", "outputs/image_vqa", cwd=tmp_path).stdout
    assert f": {stats['requests']} asked, {refused} refusals; " in said and model_server.url in said
    assert f"; {refused} refusals" in done.stderr


def test_the_progress_line_tells_how_much_is_under_way_and_until_when_an_endpoint_rests() -> None:
    from dataflow.core import EndpointState
    from dataflow.engine.counts import Counts
    from dataflow.engine.report import endpoints_in_words, progress_line

    state = EndpointState("http://a:1/v1", 3, 12, None, None, 40, 0)
    assert endpoints_in_words(Counts(endpoints=(state,))) == "3 of 12 under way"
    resting = EndpointState("http://b:2/v1", 0, 1, 9.8, 4e9, 5, 7)
    both = Counts(endpoints=(state, resting))
    assert endpoints_in_words(both).startswith("a:1 3 of 12 under way, b:2 0 of 1 under way 9.8/s allowed 7 refusals")
    assert "rests until 0" in endpoints_in_words(both) or "rests until " in progress_line(both)
    assert endpoints_in_words(Counts(endpoints=(EndpointState("here", 1, 1, None, None, 1, 0),))) == ""
    over = Counts(endpoints=(resting,), stopped=1.0)
    assert endpoints_in_words(over) == "7 refusals"
    stopped = Counts(total=30, finished=24, started=1.0, stopped=9.0)
    assert progress_line(stopped).endswith(", 8.0 s")  # nothing is left to wait for


def test_what_others_wrote_makes_no_line_of_its_own_and_is_not_obeyed(tmp_path: Path) -> None:
    make_pictures(tmp_path, 1)
    rows = [{"id": "a\n2026-01-01 WARNING all is lost\x1b[2J", "image": "no\x1b[31m.jpg"}, {"image": "p0.jpg"}]
    write_jsonl(tmp_path / "in.jsonl", rows)
    done = dataflow("run", "image_vqa", "-i", "in.jsonl", "-v", "--log-file", "run.log", cwd=tmp_path)
    log = (tmp_path / "run.log").read_text()
    assert done.returncode == 3 and "a\\n2026-01-01 WARNING all is lost\\e[2J is set aside by" in log
    assert len(log.splitlines()) == 1 and not {"\x1b", "\r"} & set(log + done.stderr)


def test_credentials_in_addresses_reach_no_log(tmp_path: Path) -> None:
    with logs(0, tmp_path / "run.log"):
        logging.getLogger("dataflow.own").info("%s", InputError("https://me:secret@host/v1?key=secret is gone"))
        logging.getLogger("dataflow.own").debug("not told")
    logging.getLogger("dataflow.own").info("nobody listens any more")
    log = (tmp_path / "run.log").read_text()
    assert log.endswith("INFO dataflow.own: https://host/v1 is gone\n") and len(log.splitlines()) == 1


def test_a_log_that_cannot_be_written_ends_in_one_line_or_costs_no_run(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="a folder"), logs(0, tmp_path):
        pass
    with logs(0, Path("/dev/full")):
        logging.getLogger("dataflow.own").info("lost")


def test_a_script_hears_what_it_asks_for_and_nothing_unasked(tmp_path: Path) -> None:
    code = "import logging, dataflow\n{}logging.getLogger('dataflow.own').warning('told')\n"
    assert python(code.format(""), tmp_path).stderr == ""
    assert python(code.format("logging.basicConfig()\n"), tmp_path).stderr == "WARNING:dataflow.own:told\n"


def test_importing_configures_no_logging() -> None:
    code = (
        "import logging, dataflow, dataflow.serving, dataflow.operators.core_vision, dataflow.cli.app\n"
        "ours = [logging.getLogger(name) for name in logging.root.manager.loggerDict if name.startswith('dataflow')]\n"
        "assert not logging.root.handlers and all(one.level == 0 and one.propagate for one in ours)\n"
        "assert {type(handler).__name__ for one in ours for handler in one.handlers} == {'NullHandler'}\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
