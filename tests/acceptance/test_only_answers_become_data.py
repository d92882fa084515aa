"""A model that refuses, chats, leaks tokens and is cut off: its answers become data word for word, and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.chat_run import (
    Question,
    expected_kinds,
    make_clips,
    outcome,
    planted_in,
    questions,
    run,
)
from tests.pictures import make_pictures, short_digest
from tests.servers import ModelServer, start_server

IMAGES, CLIPS, SEVERAL_ROLES = 1000, 200, 60


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `pictures` and `clips`."""
    folder = tmp_path_factory.mktemp("media")
    make_pictures(folder / "pictures", IMAGES, size=12)
    make_clips(folder / "clips", CLIPS)
    return folder


@pytest.fixture
def chat() -> Iterator[ModelServer]:
    with start_server(answer="chat", seed=11, qa_pairs=3) as server:
        yield server


def check_whole(count: int, folder: Path, name: str, chat: ModelServer) -> dict[tuple[str, ...], list[Question]]:
    """Every sample is accounted for once, none of the model's other words is in a row, and each that could be answered
    was: what is set aside is what the model never answers, under its kind; but that of data which was cut off the
    complete records are kept, and the row says so."""
    rows, failures, rejected = outcome(folder, name)
    assert len(rows) + len(failures) + len(rejected) == count
    assert len({row["id"] for row in [*rows, *failures, *rejected]}) == count
    assert planted_in(rows) == []
    asked = questions(chat)
    assert len(asked) == count
    kinds, partly = expected_kinds(asked), sum("qa_status" in row for row in rows)
    assert Counter(failure["kind"] for failure in failures) == kinds - Counter(cut_off=partly)
    assert rejected == []
    assert all(len(question.entries) <= 3 for of in asked.values() for question in of)
    fates = chat.stats()["fates"]
    assert all(fates[fate] > 0 for fate in ("refused", "cut", "empty", "blind", "thought", "good"))
    return asked


def by_picture(asked: dict[tuple[str, ...], list[Question]], picture: Path) -> Question:
    """The one question about a picture."""
    (question,) = asked[(short_digest(picture),)]
    return question


def test_pairs_about_images(media: Path, chat: ModelServer, tmp_path: Path) -> None:
    done = run(chat, tmp_path, "image_vqa", str(media / "pictures"))
    assert done.returncode == 3, done.stderr
    asked = check_whole(IMAGES, tmp_path, "image_vqa", chat)
    rows, failures, _ = outcome(tmp_path, "image_vqa")
    for row in rows:
        question = by_picture(asked, Path(row["image"][0]))
        assert row["vqa"] == question.true
        assert row["vqa_pairs"] == question.pairs
    for failure in failures:
        question = by_picture(asked, Path(failure["sample"]["image"][0]))
        assert failure["kind"] == question.kind


def test_free_text_where_the_prompt_asks_for_no_pairs(media: Path, chat: ModelServer, tmp_path: Path) -> None:
    done = run(chat, tmp_path, "image_vqa", str(media / "pictures"), "--prompt", "Describe this image.")
    assert done.returncode == 3, done.stderr
    asked = check_whole(IMAGES, tmp_path, "image_vqa", chat)
    rows, failures, _ = outcome(tmp_path, "image_vqa")
    for row in rows:
        assert row["vqa"] == by_picture(asked, Path(row["image"][0])).true
        assert "vqa_pairs" not in row
    for failure in failures:
        assert failure["kind"] == by_picture(asked, Path(failure["sample"]["image"][0])).kind


def test_articles_with_pairs(media: Path, chat: ModelServer, tmp_path: Path) -> None:
    done = run(chat, tmp_path, "context_vqa", str(media / "pictures"))
    assert done.returncode == 3, done.stderr
    asked = check_whole(IMAGES, tmp_path, "context_vqa", chat)
    rows, _, _ = outcome(tmp_path, "context_vqa")
    for row in rows:
        question = by_picture(asked, Path(row["image"][0]))
        assert row["context_vqa"]["qas"] == question.pairs
        assert row["context_vqa"]["context"] == question.true.partition("\n\nQuestion:")[0]
        assert row["vqa"] == question.true


def test_captions_of_clips(media: Path, chat: ModelServer, tmp_path: Path) -> None:
    done = run(chat, tmp_path, "video_caption", str(media / "clips"), "--frames", "uniform:2")
    assert done.returncode == 3, done.stderr
    asked = check_whole(CLIPS, tmp_path, "video_caption", chat)
    rows, _, _ = outcome(tmp_path, "video_caption")
    true = {question.true for (question,) in asked.values() if not question.kind}
    assert sorted(row["caption"] for row in rows) == sorted(true)


def test_captions_and_pairs_of_clips(media: Path, chat: ModelServer, tmp_path: Path) -> None:
    done = run(chat, tmp_path, "video_qa", str(media / "clips"), "--frames", "uniform:2", "--num-qa", "3")
    assert done.returncode == 3, done.stderr
    asked = check_whole(CLIPS, tmp_path, "video_qa", chat)
    rows, _, _ = outcome(tmp_path, "video_qa")
    told = {of[0].true: of[1] for of in asked.values() if not of[0].kind}
    for row in rows:
        question, pairs = told[row["caption"]], [_bare(pair) for pair in row["qa"]]
        if question.kind:
            assert question.kind == "cut_off" and row["qa_status"] == f"{len(pairs)} of 3 pairs"
            assert pairs == question.pairs[: len(pairs)] and len(pairs) < 3
        else:
            assert pairs == question.pairs


def test_pairs_that_several_roles_make(media: Path, chat: ModelServer, tmp_path: Path) -> None:
    # A sample asks eight questions and more, and gets two further ones: from a model that declines each fourth hardly
    # any would come through.
    seldom = {"refused": 0.05, "cut": 0.03, "empty": 0.03, "blind": 0.01, "thought": 0.02}
    chat.configure(chat=seldom)
    done = run(chat, tmp_path, "multirole_video_qa", str(media / "clips"), "--limit", str(SEVERAL_ROLES))
    assert done.returncode == 3, done.stderr
    rows, failures, rejected = outcome(tmp_path, "multirole_video_qa")
    assert len(rows) + len(failures) == SEVERAL_ROLES and rejected == []
    assert len(rows) > SEVERAL_ROLES // 2 and all(row["QA"] for row in rows)
    assert planted_in(rows) == []
    assert {failure["kind"] for failure in failures} <= {"refused", "cut_off", "request", "answer"}


def _bare(pair: dict[str, str]) -> dict[str, str]:
    return {name: pair[name] for name in ("question", "answer")}
