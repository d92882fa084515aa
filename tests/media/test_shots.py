from pathlib import Path
from random import Random

import numpy as np
import pytest

from dataflow.core import MediaError
from dataflow.media import shots as shots_module
from dataflow.media.shot_signals import HEIGHT, WIDTH
from dataflow.media.shots import ShotDetector, ShotScan, detect_shots, find_transitions
from tests.serving.embedded.drawing import Drawn, DrawnClip, Mark, draw_clip, write


def matches(clip: DrawnClip, scan: ShotScan, kinds: tuple[str, ...]) -> tuple[int, int, int]:
    """How many transitions of these kinds were drawn, how many found, and how many agree in time and kind.

    A hard cut must be found to the frame and a half; a gradual passage must overlap the one drawn.
    """
    drawn = [one for one in clip.boundaries() if one[3] in kinds]
    found = [one for one in scan.transitions if one.kind in kinds]
    agree = sum(
        any(one.start - 1.5 / clip.fps <= end and one.end + 1.5 / clip.fps >= start for one in found)
        for _, start, end, _ in drawn
    )
    return len(drawn), len(found), agree


@pytest.fixture(scope="module")
def scans(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[DrawnClip, ShotScan]]:
    folder = tmp_path_factory.mktemp("shots")
    clips = [draw_clip(Random(seed), joints=("cut", "cut", "fade", "dissolve")) for seed in range(500, 560)]
    return [(clip, detect_shots(write(clip, folder / "clip.mp4"))) for clip in clips]


@pytest.mark.parametrize(("kinds", "least"), [(("cut",), 0.95), (("fade", "dissolve"), 0.8)])
def test_transitions_over_moving_things_are_found(
    scans: list[tuple[DrawnClip, ShotScan]], kinds: tuple[str, ...], least: float
) -> None:
    drawn, found, agree = (sum(column) for column in zip(*(matches(*one, kinds) for one in scans), strict=True))
    assert drawn >= 20
    assert agree >= least * drawn
    assert agree >= least * found


def test_shots_follow_each_other_without_gaps(scans: list[tuple[DrawnClip, ShotScan]]) -> None:
    for clip, scan in scans:
        assert scan.shots[0].start == 0.0
        assert scan.shots[-1].end == pytest.approx(clip.seconds, abs=0.02)
        assert [shot.end for shot in scan.shots[:-1]] == [shot.start for shot in scan.shots[1:]]
        assert [shot.start for shot in scan.shots[1:]] == [transition.time for transition in scan.transitions]


def still(rgb: tuple[int, int, int], frames: int, mark: Mark | None = None, ground: str = "plain") -> Drawn:
    return Drawn(frames, ground, "", rgb, mark, seed=7)


def scan_of(tmp_path: Path, *shots: Drawn, **more: int) -> ShotScan:
    return detect_shots(write(DrawnClip(160, 90, 10, shots, **more), tmp_path / "clip.mp4"))


def test_a_large_thing_that_moves_fast_is_no_cut(tmp_path: Path) -> None:
    mark = Mark(False, "", (255, 255, 255), (0.4, 0.8), (0.2, 0.5), (1, 0), 1.2)
    assert scan_of(tmp_path, still((20, 30, 90), 8, mark, "texture")).transitions == ()


def test_shots_of_equal_brightness_and_different_colour_are_told_apart(tmp_path: Path) -> None:
    scan = scan_of(tmp_path, still((200, 40, 40), 12), still((30, 120, 60), 12))
    assert [(one.kind, round(one.time, 2)) for one in scan.transitions] == [("cut", 1.2)]


def test_fades_at_the_ends_are_told_and_are_no_transitions(tmp_path: Path) -> None:
    scan = scan_of(tmp_path, still((200, 140, 40), 40), fade_in=8, fade_out=10)
    assert scan.transitions == ()
    assert scan.fade_in == pytest.approx(0.8, abs=0.11)
    assert scan.fade_out == pytest.approx(1.0, abs=0.11)


def pictures(*runs: tuple[tuple[int, int, int], int]) -> np.ndarray:
    return np.concatenate([np.broadcast_to(np.uint8(rgb), (count, HEIGHT, WIDTH, 3)) for rgb, count in runs])


def kinds_in(frames: np.ndarray) -> list[tuple[str, int]]:
    found = find_transitions([at / 25 for at in range(len(frames))], frames).transitions
    return [(one.kind, round(one.time * 25)) for one in found]


def test_a_flash_is_no_cut() -> None:
    assert kinds_in(pictures(((30, 60, 120), 20), ((250, 250, 250), 1), ((30, 60, 120), 20))) == []


def test_a_cut_is_the_first_frame_of_the_new_shot() -> None:
    assert kinds_in(pictures(((30, 60, 120), 20), ((200, 40, 30), 20), ((20, 150, 40), 9))) == [
        ("cut", 20),
        ("cut", 40),
    ]


def test_a_pan_over_one_scene_is_no_transition() -> None:
    scene = np.random.default_rng(3).integers(0, 255, (HEIGHT // 4, 60, 3)).repeat(4, 0).repeat(4, 1).astype(np.uint8)
    frames = np.stack([scene[:, 3 * at : 3 * at + WIDTH] for at in range(50)])
    assert kinds_in(frames) == []


def test_a_light_that_is_dimmed_is_no_transition() -> None:
    scene = np.random.default_rng(3).integers(60, 255, (HEIGHT // 4, WIDTH // 4, 3)).repeat(4, 0).repeat(4, 1)
    gains = np.interp(np.arange(60), [20, 40], [1.0, 0.6])
    assert kinds_in((scene[None] * gains[:, None, None, None]).astype(np.uint8)) == []


def test_a_long_video_is_looked_at_in_runs_with_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    colours = [(200, 40, 30), (20, 150, 40), (30, 60, 200), (230, 220, 40)]
    frames = pictures(*((colours[at % 4], 37) for at in range(20)))

    def scan() -> ShotScan:
        detector = ShotDetector()
        for at, frame in enumerate(frames):
            detector.add(at / 25, frame)
        return detector.finish(len(frames) / 25)

    whole = scan()
    monkeypatch.setattr(shots_module, "_RUN", 200)
    monkeypatch.setattr(shots_module, "_OVERLAP", 60)
    assert len(whole.shots) == 20
    assert scan() == whole


def test_what_is_no_video_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "notes.mp4"
    path.write_text("dear diary")
    with pytest.raises(MediaError, match=r"notes\.mp4"):
        detect_shots(path)
