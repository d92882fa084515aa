"""Frames from videos: ours against straight PyAV, OpenCV and decord, in CPU seconds, memory and correctness.

    python benchmarks/media.py [--folder DIR] [--repeat N] [--quick]

Clips are made once in the folder; every frame carries its number, so that each contender's frames are checked. OpenCV
and decord are installed for the benchmark alone, into a virtual environment in the same folder.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import io
import json
import resource
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

ROOT = Path(__file__).resolve().parents[1]
COUNT = 16
SIDE = 448
QUALITY = 85
GUESTS = ("opencv-python-headless", "decord", "numpy", "pillow", "av", "simplejpeg")

CLIPS = {
    "720p 60 s": (1280, 720, 1800, 250),
    "360p 10 min": (640, 360, 18000, 250),
    "1080p 20 s GOP 30": (1920, 1080, 600, 30),
}
QUICK = {"360p 20 s": (640, 360, 600, 250)}


def main() -> None:
    """Run everything and print the tables."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "dataflow-bench-media")
    arguments.add_argument("--repeat", type=int, default=3, help="the best of so many runs counts")
    arguments.add_argument("--quick", action="store_true", help="one small clip")
    arguments.add_argument("--contender", help=argparse.SUPPRESS)
    arguments.add_argument("--clip", type=Path, help=argparse.SUPPRESS)
    arguments.add_argument("--count", type=int, default=COUNT, help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.contender:
        print(json.dumps(measure(CONTENDERS[chosen.contender], chosen.clip, chosen.count, chosen.repeat)))
        return
    chosen.folder.mkdir(parents=True, exist_ok=True)
    guests = guest_python(chosen.folder / "venv")
    for name, shape in (QUICK if chosen.quick else CLIPS).items():
        clip = make_clip(chosen.folder, *shape)
        compare(name, clip, guests, chosen.repeat)
        if name.startswith("1080p"):
            print(f"  64 frames: peak memory {in_process(sys.executable, 'ours', clip, 64, 1).get('peak_mb')} MB")
        print(f"  two at once: {two_at_once(clip, chosen.repeat):.2f} x the throughput of one")


def compare(name: str, clip: Path, guests: Path | None, repeat: int) -> None:
    """Print one table: every contender on one clip."""
    print(f"\n{name} ({clip.stat().st_size / 1e6:.1f} MB), {COUNT} uniform frames to base64 JPEG of at most {SIDE} px")
    print(f"  {'':24}{'CPU s':>8}{'times ours':>12}{'wall s':>8}{'peak MB':>9}  frames right")
    ours = None
    for contender in CONTENDERS:
        at_home = contender.startswith(("ours", "PyAV"))
        python = sys.executable if at_home else guests
        result = in_process(python, contender, clip, COUNT, repeat) if python else {"error": "not installed"}
        if "error" in result:
            print(f"  {contender:24}{result['error']}")
            continue
        ours = ours or result["cpu"]
        print(
            f"  {contender:24}{result['cpu']:8.3f}{result['cpu'] / ours:12.2f}{result['wall']:8.3f}"
            f"{result['peak_mb']:9}  {result['right']}"
        )


def in_process(python: str | Path, contender: str, clip: Path, count: int, repeat: int) -> dict:
    """Measure a contender in a process of its own, so that its imports and memory are its own."""
    command = [str(python), __file__, "--contender", contender, "--clip", str(clip)]
    done = subprocess.run(
        [*command, "--count", str(count), "--repeat", str(repeat)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        return {"error": (done.stderr.strip().splitlines() or ["failed"])[-1]}
    return json.loads(done.stdout.strip().splitlines()[-1])


def measure(work: Callable[[Path, int], tuple[list[int], list[str]]], clip: Path, count: int, repeat: int) -> dict:
    """CPU and wall seconds of the best run, imports not counted, and how many frames show the number they should."""
    best = None
    for _ in range(repeat + 1):  # the first one pays for imports
        before, start = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
        numbers, frames = work(clip, count)
        wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        best = min(best or (cpu, wall), (cpu, wall))
    right = sum(read_number(base64.b64decode(frame)) == number for number, frame in zip(numbers, frames, strict=True))
    return {"cpu": best[0], "wall": best[1], "peak_mb": peak_memory(), "right": f"{right}/{len(frames)}"}


def peak_memory() -> int:
    """Megabytes that this process held at most; `ru_maxrss` would count what its parent held before it."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def wanted_numbers(total: int, count: int) -> list[int]:
    """The frames at the midpoints of equal parts, at a constant rate."""
    return [(2 * part + 1) * total // (2 * count) for part in range(count)]


def ours(clip: Path, count: int, plan: str = "uniform:{}") -> tuple[list[int], list[str]]:
    """`read_frames`, exact."""
    sys.path[:0] = [str(ROOT)]
    from dataflow.media.plan import parse_plan
    from dataflow.media.video import read_frames

    video = read_frames(clip, parse_plan(plan.format(count)), max_side=SIDE, quality=QUALITY)
    return [frame.index for frame in video.frames], [base64.b64encode(frame.data).decode() for frame in video.frames]


def ours_keyframes(clip: Path, count: int) -> tuple[list[int], list[str]]:
    """`read_frames`, the nearest keyframes; as many as there are."""
    numbers, frames = ours(clip, count, "uniform:{}:keyframe")
    return numbers, frames


def straight_pyav(clip: Path, count: int) -> tuple[list[int], list[str]]:
    """Decode from the start with automatic threads, as tutorials do, and keep what is wanted."""
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        wanted = wanted_numbers(stream.frames, count)
        frames = []
        for number, frame in enumerate(container.decode(stream)):
            if number == wanted[len(frames)]:
                frames.append(pillow_jpeg(frame.to_image()))
                if len(frames) == len(wanted):
                    break
    return wanted, frames


def opencv_all(clip: Path, count: int) -> tuple[list[int], list[str]]:
    """Read every frame and keep what is wanted."""
    import cv2

    capture = cv2.VideoCapture(str(clip))
    wanted = wanted_numbers(int(capture.get(cv2.CAP_PROP_FRAME_COUNT)), count)
    frames, number = [], 0
    while len(frames) < len(wanted):
        there, picture = capture.read()
        if not there:
            break
        if number == wanted[len(frames)]:
            frames.append(opencv_jpeg(picture))
        number += 1
    return wanted[: len(frames)], frames


def opencv_seek(clip: Path, count: int) -> tuple[list[int], list[str]]:
    """Set the position for every wanted frame."""
    import cv2

    capture = cv2.VideoCapture(str(clip))
    wanted = wanted_numbers(int(capture.get(cv2.CAP_PROP_FRAME_COUNT)), count)
    frames = []
    for number in wanted:
        capture.set(cv2.CAP_PROP_POS_FRAMES, number)
        frames.append(opencv_jpeg(capture.read()[1]))
    return wanted, frames


def decord_pillow(clip: Path, count: int) -> tuple[list[int], list[str]]:
    """A batch from decord, resized and encoded by Pillow, as qwen-vl-utils and its users do."""
    import decord
    from PIL import Image

    reader = decord.VideoReader(str(clip))
    wanted = wanted_numbers(len(reader), count)
    return wanted, [pillow_jpeg(Image.fromarray(picture)) for picture in reader.get_batch(wanted).asnumpy()]


CONTENDERS = {
    "ours": ours,
    "ours, keyframes": ours_keyframes,
    "PyAV, straight": straight_pyav,
    "OpenCV, all frames": opencv_all,
    "OpenCV, seeking": opencv_seek,
    "decord + Pillow": decord_pillow,
}


def pillow_jpeg(image) -> str:
    """A Pillow image as base64 JPEG."""
    image.thumbnail((SIDE, SIDE))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=QUALITY)
    return base64.b64encode(buffer.getvalue()).decode()


def opencv_jpeg(picture: np.ndarray) -> str:
    """An OpenCV picture as base64 JPEG."""
    import cv2

    scale = min(1.0, SIDE / max(picture.shape[:2]))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return base64.b64encode(cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes()).decode()


def two_at_once(clip: Path, repeat: int) -> float:
    """How much more two decodes in flight get done than one, through the pool's processes."""
    sys.path[:0] = [str(ROOT)]
    from dataflow.media.jobs import read_frames_job
    from dataflow.media.pool import run_isolated

    job = (read_frames_job, str(clip), f"uniform:{COUNT}", {})

    async def timed(at_once: int) -> float:
        best = float("inf")
        for _ in range(repeat + 1):  # the first one starts the workers
            start = time.perf_counter()
            await asyncio.gather(*(run_isolated(*job) for _ in range(at_once)))
            best = min(best, time.perf_counter() - start)
        return best

    async def both() -> float:
        return 2 * await timed(1) / await timed(2)

    return asyncio.run(both())


def make_clip(folder: Path, width: int, height: int, frames: int, gop: int) -> Path:
    """An H.264 clip with B-frames, moving texture, and a number in every frame; made once."""
    path = folder / f"{width}x{height}_{frames}_{gop}.mp4"
    if path.exists():
        return path
    print(f"making {path.name} ...", file=sys.stderr)
    partial = path.with_suffix(".part.mp4")
    noise = np.random.default_rng(0)
    texture = noise.integers(0, 256, (height // 8 + 40, width // 8 + 80, 3), dtype=np.uint8)
    scene = np.asarray(_enlarged(texture, 8)).astype(np.uint8)
    with av.open(str(partial), "w") as container:
        options = {"preset": "veryfast", "crf": "23", "g": str(gop), "bf": "3", "sc_threshold": "0"}
        stream = container.add_stream("libx264", rate=30, options=options)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number in range(frames):
            x, y = int(300 + 280 * np.sin(number / 70)), int(150 + 140 * np.cos(number / 50))
            picture = scene[y : y + height, x : x + width].copy()
            inset = scene[: height // 3, : width // 3]
            shift = number * 3 % (width // 2)
            picture[height // 2 : height // 2 + inset.shape[0], shift : shift + inset.shape[1]] = inset
            draw_number(picture, number)
            frame = av.VideoFrame.from_ndarray(picture, "rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 30)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return partial.rename(path)


def _enlarged(texture: np.ndarray, times: int):
    from PIL import Image

    height, width = texture.shape[:2]
    return Image.fromarray(texture).resize((width * times, height * times), Image.Resampling.BICUBIC)


def draw_number(picture: np.ndarray, number: int) -> None:
    """Write a number as 16 black and white blocks along the top."""
    height, width = picture.shape[:2]
    for bit in range(16):
        left, right = bit * width // 16, (bit + 1) * width // 16
        picture[: height // 10, left:right] = 235 if number >> bit & 1 else 16


def read_number(jpeg: bytes) -> int:
    """The number that a frame shows."""
    from PIL import Image

    grey = np.asarray(Image.open(io.BytesIO(jpeg)).convert("L"), dtype=float)
    height, width = grey.shape
    blocks = (grey[height // 40 : height // 14, (2 * bit + 1) * width // 32] for bit in range(16))
    return sum(int(block.mean() > 128) << bit for bit, block in enumerate(blocks))


def guest_python(folder: Path) -> Path | None:
    """The interpreter of a virtual environment with the other libraries; None where they cannot be installed."""
    python = folder / "bin" / "python"
    if not python.exists():
        print(f"installing {', '.join(GUESTS)} into {folder} ...", file=sys.stderr)
        venv.create(folder, with_pip=True)
        done = subprocess.run(
            [python, "-m", "pip", "install", "-q", *GUESTS], capture_output=True, text=True, check=False
        )
        if done.returncode:
            print(f"the other libraries cannot be installed: {done.stderr.strip().splitlines()[-1:]}")
            return None
    return python


if __name__ == "__main__":
    main()
