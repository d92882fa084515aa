"""Precision and recall of our shot detector on generated clips, PySceneDetect's detectors beside it where installed.

python benchmarks/shots.py [--clips 50] [--seed 1]

For the comparison: python -m venv .venv-bench && .venv-bench/bin/pip install -e . scenedetect opencv-python-headless,
then .venv-bench/bin/python benchmarks/shots.py. Clips are random: 1 to 5 shots of plain, gradient, striped, textured
and noisy grounds over which shapes move, joined by cuts, fades through black and dissolves of 0.3 to 0.8 s, at 10 to
60 frames per second and up to 1280 x 720 pixels.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))

from dataflow.media.shots import detect_shots
from tests.serving.embedded.drawing import DrawnClip, draw_clip, write

Spans = list[tuple[float, float]]
"""(start, end) of each transition, in seconds."""


def ours(path: Path) -> Spans:
    """Our detector."""
    return [(one.start, one.end) for one in detect_shots(path).transitions]


def scenedetect_with(name: str) -> Callable[[Path], Spans] | None:
    """A detector of PySceneDetect with its own defaults; None where it is not installed."""
    try:
        import scenedetect
    except ImportError:
        return None

    def detect(path: Path) -> Spans:
        scenes = scenedetect.detect(str(path), getattr(scenedetect, name)())
        return [(start.seconds, start.seconds) for start, _ in scenes[1:]]

    return detect


def score(clip: DrawnClip, found: Spans, count: Counter[str]) -> None:
    """Count what was drawn, found and agrees; a found transition may stand for one drawn one only.

    One that agrees with a soft transition counts as soft, any other as a cut.
    """
    slack = 1.5 / clip.fps
    left = list(found)
    for _, start, end, kind in sorted(clip.boundaries(), key=lambda one: one[3] != "cut"):
        kind = "cut" if kind == "cut" else "soft"
        count[f"{kind} drawn"] += 1
        match = next((one for one in left if one[0] - slack <= end and one[1] + slack >= start), None)
        if match is not None:
            left.remove(match)
            count[f"{kind} agree"] += 1
            count[f"{kind} found"] += 1
    for start, end in left:
        count["cut found" if end == start else "soft found"] += 1


def main() -> None:
    """Draw, detect, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clips", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    names = ("ContentDetector", "AdaptiveDetector", "ThresholdDetector", "HistogramDetector", "HashDetector")
    detectors: dict[str, Callable[[Path], Spans]] = {"ours": ours}
    for name in names:
        if (detector := scenedetect_with(name)) is not None:
            detectors[name] = detector
    counts: dict[str, Counter[str]] = {name: Counter() for name in detectors}
    cpu: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(options.clips):
            random = Random(options.seed * 100_000 + number)
            clip = draw_clip(random, small=False, joints=("cut", "cut", "fade", "dissolve"))
            path = write(clip, Path(folder) / "clip.mp4")
            for name, detect in detectors.items():
                started = time.process_time()
                score(clip, detect(path), counts[name])
                cpu[name] += time.process_time() - started  # type: ignore[assignment]
    print(f"{options.clips} clips, seed {options.seed}")
    print(f"{'':20}{'cuts':>6} {'prec.':>6} {'recall':>6}   {'soft':>5} {'prec.':>6} {'recall':>6}   {'CPU s':>6}")
    for name, count in counts.items():
        cells = []
        for kind in ("cut", "soft"):
            drawn, found, agree = (count[f"{kind} {what}"] for what in ("drawn", "found", "agree"))
            # the others do not say which transitions are soft: all that is wrong counts against their cuts
            precision = "-" if kind == "soft" and name != "ours" else f"{agree / max(1, found):.3f}"
            cells.append(f"{drawn:>5} {precision:>6} {agree / max(1, drawn):>6.3f}")
        print(f"{name:20} {'   '.join(cells)}   {cpu[name]:>6.1f}")


if __name__ == "__main__":
    main()
