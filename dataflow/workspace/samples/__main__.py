"""`python -m dataflow.workspace.samples DIR`: makes every sample clip, picture and frame under DIR."""

from __future__ import annotations

import argparse
from pathlib import Path

from dataflow.workspace.samples.clips import CLIPS, encode
from dataflow.workspace.samples.frames import cut_frames
from dataflow.workspace.samples.pictures import draw_pictures


def make(folder: Path) -> None:
    """Make `videos/`, `images/` and `frames/` under a folder, over what is there."""
    for name in ("videos", "images", "frames"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for clip in CLIPS:
        encode(clip, folder / "videos" / clip.name)
    draw_pictures(folder / "images")
    cut_frames(folder / "videos", folder / "frames")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m dataflow.workspace.samples", description=make.__doc__)
    parser.add_argument("folder", type=Path)
    make(parser.parse_args().folder)
