"""No clip or picture is on both sides of a split."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from dataflow.export.scratch import scratch
from dataflow.export.splits import Splits
from tests.export.rows import Row, caption_row, exported, image_row, media, video_qa_row, written


def sides(groups: list[list[str]], share: float, seed: int = 0) -> list[str]:
    """The side of each conversation, given the keys of its media."""
    with scratch() as database:
        splits = Splits(database, share, seed)
        asked = [splits.add(keys) for keys in groups]
        splits.draw()
        return [splits.side(key) for key in asked]


def on_both_sides(groups: list[list[str]], found: list[str]) -> set[str]:
    used: dict[str, set[str]] = {"train": set(), "val": set()}
    for keys, side in zip(groups, found, strict=True):
        used[side].update(keys)
    return used["train"] & used["val"]


@pytest.mark.parametrize("seed", range(5))
def test_media_that_hang_together_over_others_stay_on_one_side(seed: int):
    draw = random.Random(seed)
    groups = [[f"m{draw.randrange(300)}" for _ in range(draw.choice([1, 1, 1, 2, 3]))] for _ in range(250)]
    found = sides(groups, 0.2, seed)
    assert set(found) == {"train", "val"}
    assert on_both_sides(groups, found) == set()


def test_a_long_chain_is_one_group():
    chain = [[f"m{n}", f"m{n + 1}"] for n in range(500)]
    draw = random.Random(1)
    draw.shuffle(chain)
    assert len(set(sides([*chain, ["alone"]], 0.1)[:500])) == 1


@pytest.mark.parametrize("share", [0.05, 0.2, 0.5, 0.9])
def test_the_share_is_met(share: float):
    found = sides([[f"m{n}"] for n in range(1000)], share)
    assert found.count("val") == round(share * 1000)


def test_the_sides_do_not_depend_on_the_order():
    groups = [[f"m{n % 40}", f"m{n * 7 % 40}"] if n % 9 == 0 else [f"m{n % 40}"] for n in range(200)]
    by_keys = dict(zip(map(tuple, groups), sides(groups, 0.3), strict=True))
    assert dict(zip(map(tuple, groups[::-1]), sides(groups[::-1], 0.3), strict=True)) == by_keys


def test_another_seed_draws_another_side_and_the_same_the_same():
    groups = [[f"m{n}"] for n in range(200)]
    assert sides(groups, 0.2, 1) == sides(groups, 0.2, 1) != sides(groups, 0.2, 2)


def test_a_small_share_of_few_groups_holds_out_one_and_leaves_one():
    assert sorted(sides([["a"], ["a"], ["b"], ["b"]], 0.01)) == ["train", "train", "val", "val"]
    assert sides([["a"], ["b"]], 0.99).count("train") == 1


def test_one_group_cannot_be_split(tmp_path: Path):
    result = exported(media(tmp_path), [caption_row(1), caption_row(2)], "sharegpt", val=0.5)
    assert result.splits == {"train": 2}
    assert "nothing was held out" in result.warnings[0]
    assert not (tmp_path / "out" / "val.json").exists()


def paths_of(record: Row) -> set[str]:
    return {*record.get("images", []), *record.get("videos", [])}


def test_no_clip_is_in_both_files_not_even_a_copy_under_another_name(tmp_path: Path):
    media(tmp_path, 60)
    for number in range(20):  # the same content again
        shutil.copy(tmp_path / "p" / f"p{number}.jpg", tmp_path / "p" / f"again{number}.jpg")
    rows: list[Row] = [image_row(n, f"p/p{n}.jpg") for n in range(60)]
    rows += [image_row(100 + n, f"p/again{n}.jpg") for n in range(20)]
    rows += [video_qa_row(200 + n, f"clips/{'abc'[n % 3]}.mp4") for n in range(9)]
    for how in ("copy", "reference"):
        exported(tmp_path, rows, "llamafactory", val=0.25, media=how, out=tmp_path / "out", force=how == "reference")
        train, val = written(tmp_path), written(tmp_path, "val.jsonl")
        assert len(train) + len(val) == 98 and len(val) >= 20
        contents = [
            {(tmp_path / "out" / path).read_bytes() for record in side for path in paths_of(record)}
            for side in (train, val)
        ]
        assert contents[0] & contents[1] == set()
        assert len(contents[0]) + len(contents[1]) == 63
