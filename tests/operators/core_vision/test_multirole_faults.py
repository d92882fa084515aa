"""Multi-role video QA when replies are rubbish, experts are many or have nothing to say, and runs are cut off."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from dataflow.operators.core_vision import MultiroleVideoQAGenerate
from tests.commands import read_jsonl
from tests.operators.core_vision.roles import CALL, CORRECTION, STAGES, call, merge, pairs, rows, stage_of, talk
from tests.operators.core_vision.runs import asked, forget_step, run, serving, trace
from tests.servers import ModelServer

RUBBISH = "I would rather talk about the weather."
PLANNED = ["draft", "call", "expert", "expert", "merge", "call", "synthesis", "labels"]


def stages(server: ModelServer) -> list[str]:
    return [stage_of(request) for request in server.requests()]


def operator(server: ModelServer, **settings: Any) -> MultiroleVideoQAGenerate:
    return MultiroleVideoQAGenerate(serving(server), **settings)


def rubbish_in(stage: str) -> dict[str, Any]:
    """A stage that never obeys; of the experts only the second."""
    return {f"Your role: Painter.*{STAGES['expert']}" if stage == "expert" else STAGES[stage]: RUBBISH}


@pytest.mark.parametrize("stage", STAGES)
def test_rubbish_is_corrected_once_and_then_fails_the_sample_with_its_transcript(
    model_server: ModelServer, tmp_path: Path, stage: str
) -> None:
    model_server.configure(answer="script", script=talk(first=rubbish_in(stage)))
    done, (failure,) = run(operator(model_server), rows(tmp_path), tmp_path)
    assert done == []
    assert failure["kind"] == "answer" and failure["raw"] == RUBBISH
    assert failure["message"].startswith(f"multirole_{stage}")
    told = failure["notes"]["discussion"]
    assert told["failed"]["reply"] == RUBBISH and told["clips"] == 2
    assert ("draft" in told) == (stage != "draft")
    assert ("final" in told) is False
    counted = Counter(stages(model_server))
    assert counted[stage + "+"] == 1 and sum(counted.values()) <= len(PLANNED) + 1
    assert not list((tmp_path / "cache").glob("*discussion*"))


@pytest.mark.parametrize("stage", STAGES)
def test_rubbish_that_is_mended_costs_one_request_more(model_server: ModelServer, tmp_path: Path, stage: str) -> None:
    mended = f"{next(iter(rubbish_in(stage)))}.*{CORRECTION}"
    good = talk()
    answer = next(text for pattern, text in good.items() if pattern.startswith(next(iter(rubbish_in(stage)))[:20]))
    if stage == "call":
        answer = call()
    model_server.configure(answer="script", script=talk(first={mended: answer, **rubbish_in(stage)}))
    (row,), failures = run(operator(model_server), rows(tmp_path), tmp_path)
    assert failures == [] and row["QA"]
    assert next(name for name in stages(model_server) if name.endswith("+")) == f"{stage}+"


def test_a_sample_has_two_corrections_and_no_third(model_server: ModelServer, tmp_path: Path) -> None:
    first = {f"{STAGES[stage]}.*{CORRECTION}": talk()[STAGES[stage]] for stage in ("draft", "merge")}
    first |= {STAGES[stage]: RUBBISH for stage in ("draft", "merge", "synthesis")}
    model_server.configure(answer="script", script=talk(first=first))
    done, (failure,) = run(operator(model_server), rows(tmp_path), tmp_path)
    assert done == []
    assert "No further correction may be asked for" in failure["message"]
    assert [name for name in stages(model_server) if name.endswith("+")] == ["draft+", "merge+"]
    assert failure["notes"]["discussion"]["rounds"][0]["pairs"]


def test_experts_of_whom_more_talk_rubbish_than_may_be_corrected_cost_no_correction(
    model_server: ModelServer, tmp_path: Path
) -> None:
    script = talk(call={CALL: call("A", "B", "C")}, expert={"Your role": RUBBISH})
    model_server.configure(answer="script", script=script)
    _, (failure,) = run(operator(model_server), rows(tmp_path), tmp_path)
    assert failure["message"].startswith("multirole_expert, round 1, A:")
    assert stages(model_server) == ["draft", "call", "expert", "expert", "expert"]


def test_the_next_run_tries_a_failed_sample_again_and_asks_what_was_good_no_more(
    model_server: ModelServer, tmp_path: Path
) -> None:
    model_server.configure(answer="script", script=talk(first=rubbish_in("labels")))
    given = rows(tmp_path, 3)
    assert len(run(operator(model_server), given, tmp_path)[1]) == 3
    model_server.configure(answer="script", script=talk())
    before = asked(model_server)
    done, failures = run(operator(model_server), given, tmp_path)
    assert failures == [] and [len(row["QA"]) for row in done] == [4] * 3
    assert stages(model_server)[before:] == ["labels"] * 3


@pytest.mark.parametrize("reply", [call(), "NO_EXPERTS", '{"experts": []}', "I call nobody: NO_EXPERTS."])
def test_a_master_who_needs_nobody_ends_the_work_at_once(model_server: ModelServer, tmp_path: Path, reply: str) -> None:
    model_server.configure(answer="script", script=talk(call=reply))
    (row,), failures = run(operator(model_server, provenance=True), rows(tmp_path), tmp_path)
    assert failures == [] and row["QA"][0]["Question"] == "who?"
    assert stages(model_server) == ["draft", "call", "synthesis", "labels"]
    (told,) = read_jsonl(tmp_path / "cache/s_step1.discussion.jsonl")
    assert [one["call"]["decision"] for one in told["rounds"]] == ["NO_EXPERTS"]


def test_twenty_experts_are_capped_and_that_is_said(model_server: ModelServer, tmp_path: Path) -> None:
    names = [f"Expert {number:02d}" for number in range(20)]
    script = talk(
        call={"This is round 1 of": call(*names), CALL: call()},
        expert={f"Your role: {name}": pairs(f"ask {name}") for name in names},
        merge=merge(*(("add", f"E{number}.1") for number in range(1, 21))),
    )
    model_server.configure(answer="script", script=script)
    (_,), failures = run(operator(model_server, provenance=True), rows(tmp_path), tmp_path)
    assert failures == []
    assert Counter(stages(model_server))["expert"] == 5
    said = "round 1: the master called 20 experts; the first 5 were asked"
    assert {"warnings": [said]} in [line.get("notes") for line in trace(tmp_path)]
    assert f'"sample 1: {said}"' in (tmp_path / "cache/run.json").read_text()
    (told,) = read_jsonl(tmp_path / "cache/s_step1.discussion.jsonl")
    assert [expert["role"] for expert in told["rounds"][0]["call"]["left_out"]] == names[5:]
    assert len(told["rounds"][0]["pairs"]) == 2 + 5


def test_experts_with_the_same_role_and_subtask_are_one(model_server: ModelServer, tmp_path: Path) -> None:
    script = talk(call={"This is round 1 of": call("Cutter", "Cutter", "cutter!"), CALL: call()})
    model_server.configure(answer="script", script=script)
    run(operator(model_server), rows(tmp_path), tmp_path)
    assert Counter(stages(model_server))["expert"] == 1


@pytest.mark.parametrize("reply", ['{"pairs": []}', "[]", "{}", "None.", "Nothing to propose."])
def test_an_expert_who_proposes_nothing_is_heard_and_no_more(
    model_server: ModelServer, tmp_path: Path, reply: str
) -> None:
    model_server.configure(answer="script", script=talk(first={"Your role: Painter.*" + STAGES["expert"]: reply}))
    (row,), failures = run(operator(model_server, provenance=True), rows(tmp_path), tmp_path)
    assert failures == [] and row["QA"]
    assert stages(model_server) == PLANNED
    (told,) = read_jsonl(tmp_path / "cache/s_step1.discussion.jsonl")
    assert [len(entry["pairs"]) for entry in told["rounds"][0]["proposals"]] == [1, 0]


def test_where_no_expert_proposes_anything_there_is_nothing_to_merge(model_server: ModelServer, tmp_path: Path) -> None:
    script = talk(expert={"Your role": pairs()})
    model_server.configure(answer="script", script=script)
    (row,), failures = run(operator(model_server), rows(tmp_path), tmp_path)
    assert failures == [] and row["QA"]
    assert stages(model_server) == ["draft", "call", "expert", "expert", "call", "synthesis", "labels"]


def test_a_master_who_drops_everything_fails_the_sample_and_says_so(model_server: ModelServer, tmp_path: Path) -> None:
    script = talk(merge=merge(("drop", "Q1"), ("drop", "Q2")), synthesis='{"pairs": []}')
    model_server.configure(answer="script", script=script)
    _, (failure,) = run(operator(model_server), rows(tmp_path), tmp_path)
    assert failure["notes"]["discussion"]["rounds"][0]["pairs"] == []
    assert failure["message"].startswith("multirole_synthesis")


def test_a_request_that_the_endpoint_refuses_fails_the_sample_with_its_transcript(
    model_server: ModelServer, tmp_path: Path
) -> None:
    model_server.configure(answer="script", script=talk(), fail_on={STAGES["merge"]: "context"})
    _, (failure,) = run(operator(model_server), rows(tmp_path), tmp_path)
    assert failure["kind"] == "request"
    assert len(failure["notes"]["discussion"]["rounds"][0]["proposals"]) == 2


def test_cut_off_before_its_end_the_same_run_asks_nothing_again(model_server: ModelServer, tmp_path: Path) -> None:
    corrected = {f"{STAGES['draft']}.*{CORRECTION}": pairs("who", "where"), STAGES["draft"]: RUBBISH}
    model_server.configure(answer="script", script=talk(first=corrected))
    given = rows(tmp_path, 6)
    whole = run(operator(model_server, provenance=True), given, tmp_path)
    told = (tmp_path / "cache/s_step1.discussion.jsonl").read_bytes()
    before = asked(model_server)
    assert before == 6 * (len(PLANNED) + 1)
    forget_step(tmp_path)
    assert run(operator(model_server, provenance=True), given, tmp_path) == whole
    assert (tmp_path / "cache/s_step1.discussion.jsonl").read_bytes() == told
    assert asked(model_server) == before


def test_a_reply_that_the_token_limit_cut_keeps_its_complete_pairs(model_server: ModelServer, tmp_path: Path) -> None:
    long = pairs(*(f"what of thing {number}" for number in range(8)))
    model_server.configure(answer="script", script=talk(draft=long, call=call()), fail_on={STAGES["draft"]: "length"})
    (_,), failures = run(operator(model_server, provenance=True), rows(tmp_path), tmp_path)
    assert failures == []
    (told,) = read_jsonl(tmp_path / "cache/s_step1.discussion.jsonl")
    assert 2 <= len(told["draft"]) < 8
