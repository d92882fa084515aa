"""Pictures of others: decoded in processes that may be killed, within bytes, passes and seconds that are told first."""

from __future__ import annotations

import ast
import asyncio
import io
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from dataflow.core.errors import MediaError
from dataflow.core.loop import run_blocking
from dataflow.media.image_job import fitted_image
from dataflow.media.image_limits import EncodedImage, ImageLimits
from tests.media.bombs import KINDS, bombs, jpeg
from tests.media.pictures import encoded

PACKAGE = Path(__file__).parents[2] / "dataflow"
BLOCKING = {"load_image", "reencode", "open_image", "look_at", "measure_image"}
IN_A_PROCESS = {
    *("media/image_job.py", "media/image.py", "media/image_decode.py", "media/image_file.py", "media/probe.py"),
    *("serving/embedded/jobs.py", "serving/embedded/measure_image.py"),
}
REFUSED_FIRST = {
    "size.png": "declares",
    "tall deep.png": "to decode, more than the limit",
    "size.ppm": "to decode, more than the limit",
    "scans.jpg": "scans of 4000x4000 pixels: made to keep decoders busy",
    "size.jp2": "to decode, more than the limit",
    "size.webp": "too large",
    "size.bmp": "declares",
    "size.psd": "declares",
    "size.jpg": "cut off",
    "size.tga": "too large",
}
"""Which of the bombs are known before anything of them is decoded, and by what."""


def test_one_bomb_of_each_kind_costs_itself_and_the_picture_among_them_comes(tmp_path: Path) -> None:
    made = dict(bombs(len(KINDS), 3 << 20, 2_500))
    for name, content in made.items():
        (tmp_path / name).write_bytes(content)
    good = encoded(Image.linear_gradient("L").resize((3000, 200)), "JPEG")

    async def all_at_once() -> list[EncodedImage | BaseException]:
        work = [fitted_image(str(tmp_path / name)) for name in made]
        return await asyncio.gather(*work, fitted_image(good), return_exceptions=True)

    *found, last = run_blocking(all_at_once())
    assert isinstance(last, EncodedImage) and last.width == 2048
    for (kind, name), outcome in zip(zip(KINDS, made, strict=True), found, strict=True):
        if kind in REFUSED_FIRST:
            assert REFUSED_FIRST[kind] in str(outcome), f"{kind}: {outcome}"
            assert name in str(outcome)
        else:
            assert isinstance(outcome, EncodedImage | MediaError), f"{kind}: {outcome!r}"
            assert "crash" not in str(outcome) and "given up" not in str(outcome), f"{kind}: {outcome}"


def test_what_is_written_about_a_picture_does_not_cost_it(tmp_path: Path) -> None:
    size = 20 << 20
    for kind in ("exif.jpg", "profile.jpg", "xmp.jpg", "exif.png", "profile.png", "xmp.png", "exif.webp", "exif.avif"):
        path = tmp_path / kind
        path.write_bytes(KINDS[kind](0, size, 0))
        assert run_blocking(fitted_image(path)).width == 2048, kind


def printed_by(script: str, path: Path) -> list[str]:
    """The words that a fresh interpreter prints for a file."""
    command = [sys.executable, "-c", script, path]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def test_a_picture_that_fits_is_sent_without_pillow_and_without_a_process(tmp_path: Path) -> None:
    path = tmp_path / "fits.jpg"
    path.write_bytes(encoded(Image.new("RGB", (64, 48), "teal"), "JPEG"))
    script = (
        "import sys; from dataflow.core.loop import run_blocking; from dataflow.media.image_job import fitted_image\n"
        "image = run_blocking(fitted_image(sys.argv[1]))\n"
        "from pathlib import Path; from dataflow.media.pool import _pools\n"
        "print(image.data == Path(sys.argv[1]).read_bytes(), {'PIL', 'numpy'} & set(sys.modules), len(_pools))"
    )
    assert printed_by(script, path) == ["True", "set()", "0"]


def test_of_a_file_that_is_decoded_the_run_reads_only_the_beginning(tmp_path: Path) -> None:
    """A tall PNG of 15 MB of text: its header says that it does not fit."""
    path = tmp_path / "large.png"
    path.write_bytes(KINDS["xmp.png"](0, 15 << 20, 0))
    script = (
        "import sys, tracemalloc; from dataflow.media.image import unless_decoded\n"
        "from dataflow.media.image_limits import ImageLimits\n"
        "tracemalloc.start(); print(unless_decoded(sys.argv[1], ImageLimits(), 1 << 30))\n"
        "print(tracemalloc.get_traced_memory()[1] < 1 << 20)"
    )
    assert printed_by(script, path) == ["decode", "True"]


def test_pictures_do_not_wait_for_videos(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataflow.media.pool import WORKERS, run_isolated
    from tests.media import pool_jobs

    async def behind_videos() -> EncodedImage:
        videos = [asyncio.ensure_future(run_isolated(pool_jobs.sleep, 600.0)) for _ in range(2 * WORKERS)]
        try:
            return await fitted_image(jpeg())
        finally:
            for video in videos:
                video.cancel()

    begun = time.monotonic()
    assert run_blocking(behind_videos()).width == 2048
    assert time.monotonic() - begun < 300  # of the 1200 that the videos take


def test_the_limit_of_pixels_is_one_of_bytes_and_the_option_raises_both() -> None:
    deep = KINDS["float.tif"](0, 0, 2_500)
    assert run_blocking(fitted_image(deep)).width == 2048
    tall = encoded(Image.new("L", (2, 30_000_000)), "PNG")
    with pytest.raises(
        MediaError, match=r"takes 960 MB to decode, more than the limit of 720 MB: --max-image-pixels 8"
    ):
        run_blocking(fitted_image(tall, ImageLimits(max_image_pixels=60_000_000)))


def test_a_picture_that_fits_and_has_scans_by_the_hundred_is_sent_to_nobody() -> None:
    plain = encoded(Image.linear_gradient("L"), "JPEG", progressive=True)
    assert run_blocking(fitted_image(plain)).data == plain
    starts = [at for at in range(len(plain) - 1) if plain[at : at + 2] == b"\xff\xda"]
    scan = plain[starts[-1] : -2]
    with pytest.raises(MediaError, match="more than 200 scans of 256x256 pixels: made to keep decoders busy"):
        run_blocking(fitted_image(plain[:-2] + 300 * scan + plain[-2:]))


def test_results_are_those_of_the_blocking_function() -> None:
    from dataflow.media.image import load_image

    picture = Image.linear_gradient("L").resize((2500, 300))
    for kind in ("PNG", "TIFF", "WEBP"):
        data = encoded(picture.convert("RGB"), kind)
        assert run_blocking(fitted_image(data)) == load_image(data)
    deep = io.BytesIO()
    picture.convert("I;16").save(deep, "TIFF")
    assert run_blocking(fitted_image(deep.getvalue())) == load_image(deep.getvalue())


def test_what_decodes_pictures_is_called_only_by_what_runs_in_the_processes() -> None:
    callers = set()
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom) and {name.name for name in node.names} & BLOCKING:
                callers.add(str(file.relative_to(PACKAGE)))
    assert callers <= IN_A_PROCESS
    assert {"media/image_job.py", "media/probe.py"} <= callers
