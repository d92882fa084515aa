"""What `dataflow probe` tells of real files, against what exiftool, ImageMagick and ffprobe tell of them.

    python benchmarks/probe.py --folder DIR

The files are those that the source packages of imaging libraries carry for their own tests, damaged ones included, and
the clips of our suite's generator. `apt-get install ffmpeg imagemagick libimage-exiftool-perl` gives the other readers.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

sys.path.insert(0, str(Path(__file__).parents[1]))

from dataflow.storage.media_kinds import IMAGES, VIDEOS
from tests.media.media_clips import CLIPS

PACKAGES = (
    "pillow==13.0.0",
    "pillow-heif==1.8.1",
    "wand==0.7.2",
    "glymur==0.14.8",
    "hachoir==3.4.0",
    "imagesize==2.0.1",
    "piexif==1.1.3",
    "filetype==1.2.0",
    "puremagic==1.30",
    "pymediainfo==7.0.1",
)
ALIKE = {
    ".jpeg": ".jpg", ".jpe": ".jpg", ".tiff": ".tif", ".heif": ".heic", ".hif": ".heic", ".j2c": ".j2k", ".jpx": ".jp2",
    ".jpf": ".jp2", ".avifs": ".avif", ".ftu": ".ftc", ".bw": ".sgi", ".rgb": ".sgi", ".pnm": ".ppm", ".pgm": ".ppm",
    ".pbm": ".ppm", ".dib": ".bmp", ".fit": ".fits", ".flc": ".fli", ".mts": ".ts", ".apng": ".png", ".cur": ".ico",
}  # fmt: skip
SIDEWAYS = {"LeftTop", "RightTop", "RightBottom", "LeftBottom"}
AT_ONCE, SECONDS = 2, 30

Size = tuple[int, int]


def main() -> None:
    """Gather the files, ask all readers, print the table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--folder", type=Path, required=True, help="Where files are gathered and kept.")
    options.add_argument("--verbose", action="store_true", help="Name every file of which readers tell otherwise.")
    given = options.parse_args()
    if missing := [tool for tool in ("exiftool", "identify", "ffprobe") if shutil.which(tool) is None]:
        sys.exit(f"{', '.join(missing)}: apt-get install ffmpeg imagemagick libimage-exiftool-perl")
    files = gather(given.folder)
    ours, of_exiftool = asked_of_us(files), asked_of_exiftool(files)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        others = list(pool.map(asked_of_the_others, files))
    rows: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for file, own, first, rest in zip(files, ours, of_exiftool, others, strict=True):
        suffix = file.suffix.lower()
        told = {name: size for name, size in {"exiftool": first, **rest}.items() if size}
        verdict = judged(own, set(told.values()))
        rows[ALIKE.get(suffix, suffix)][verdict] += 1
        if given.verbose and verdict not in ("agreed", "refused by all"):
            said = own or "refused"
            print(f"{verdict}: {file.name}: {said}, {told}", file=sys.stderr)
    print_table(rows)


def gather(folder: Path) -> list[Path]:
    """The files, each content once, fetched and unpacked where they are not yet there."""
    packages, files = folder / "packages", folder / "files"
    files.mkdir(parents=True, exist_ok=True)
    for package in PACKAGES:
        name = package.partition("==")[0].replace("-", "_")
        if not list(packages.glob(f"{name}-*")):
            fetch = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:"]
            subprocess.run([*fetch, "-d", str(packages), package], check=True)
    known: set[str] = set()
    for archive in sorted(packages.iterdir()):
        for name, data in contents(archive):
            digest = sha256(data).hexdigest()
            if data and Path(name).suffix.lower() in IMAGES | VIDEOS and digest not in known:
                known.add(digest)
                inside = name.partition("/")[2].replace("/", "_")
                (files / f"{archive.name.partition('-')[0]}__{inside}").write_bytes(data)
    for clip in CLIPS:
        clip.make(files)
    return sorted(file for file in files.iterdir() if file.suffix.lower() in IMAGES | VIDEOS)


def contents(archive: Path) -> Iterator[tuple[str, bytes]]:
    """The files of a package, by their names in it."""
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive) as packed:
            for name in packed.namelist():
                yield name, packed.read(name)
        return
    with tarfile.open(archive) as tar:
        for member in tar:
            if (file := tar.extractfile(member)) is not None:
                yield member.name, file.read()


def asked_of_us(files: list[Path]) -> list[Size | None]:
    """The sizes that the command tells; None where it refuses."""
    command = [sys.executable, "-m", "dataflow", "probe", "--json", *map(str, files)]
    done = subprocess.run(command, capture_output=True, check=False)
    if b"Traceback" in done.stderr or len(told := orjson.loads(done.stdout)) != len(files):
        sys.exit(f"dataflow probe broke: {done.stderr.decode()[-2000:]}")
    return [(entry["width"], entry["height"]) if "width" in entry else None for entry in told]


def asked_of_exiftool(files: list[Path]) -> list[Size | None]:
    """The sizes that exiftool tells, turned as it says."""
    tags = ["-ImageWidth", "-ImageHeight", "-Orientation", "-Rotation", "-SourceFile"]
    done = subprocess.run(["exiftool", "-j", "-n", "-q", *tags, *map(str, files)], capture_output=True, check=False)
    told = {entry["SourceFile"]: entry for entry in orjson.loads(done.stdout)}
    return [_upright(told.get(str(file), {}), file.suffix.lower()) for file in files]


def _upright(entry: dict[str, Any], suffix: str) -> Size | None:
    try:
        width, height = int(entry["ImageWidth"]), int(entry["ImageHeight"])
    except (KeyError, ValueError):
        return None
    by_boxes = ALIKE.get(suffix, suffix) in (".heic", ".avif")  # there, EXIF does not turn the picture
    turned = entry.get("Rotation") in (90, 270) if by_boxes or suffix in VIDEOS else entry.get("Orientation", 1) in (
        5, 6, 7, 8,
    )  # fmt: skip
    return (height, width) if turned else (width, height)


def asked_of_the_others(file: Path) -> dict[str, Size | None]:
    """The size that ImageMagick tells of a picture, and ffprobe of a clip."""
    if file.suffix.lower() in VIDEOS or file.suffix.lower() == ".gif":
        return {"ffprobe": _of_ffprobe(file)}
    form = "%w %h %[orientation]\n"
    words = _said(["identify", "-ping", "-format", form, str(file)]).split("\n")[0].split(" ")
    if len(words) < 2 or not words[0].isdigit() or not words[1].isdigit():
        return {}
    width, height = int(words[0]), int(words[1])
    turns = words[2:] and words[2] in SIDEWAYS and ALIKE.get(file.suffix.lower(), "") not in (".heic", ".avif")
    return {"identify": (height, width) if turns else (width, height)}


def _of_ffprobe(file: Path) -> Size | None:
    wanted = "stream=width,height,sample_aspect_ratio:stream_side_data=rotation"
    said = _said(
        ["ffprobe", "-v", "quiet", "-select_streams", "v:0", "-show_entries", wanted, "-of", "json", str(file)]
    )
    try:
        streams = orjson.loads(said).get("streams") or [{}]
    except ValueError:
        return None
    width, height = streams[0].get("width", 0), streams[0].get("height", 0)
    if not width or not height:
        return None
    across, _, down = str(streams[0].get("sample_aspect_ratio", "1:1")).partition(":")
    if across.isdigit() and down.isdigit() and int(across) and int(down):
        # square pixels, by widening or heightening, never by leaving any out
        wider = int(across) / int(down)
        width, height = (round(width * wider), height) if wider >= 1 else (width, round(height / wider))
    turns = [side.get("rotation", 0) for side in streams[0].get("side_data_list", [])]
    return (height, width) if any(abs(turn) % 180 == 90 for turn in turns) else (width, height)


def _said(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout.decode(errors="replace")


def judged(ours: Size | None, theirs: set[Size]) -> str:
    """How our reading stands to the others'."""
    if ours is None:
        return "refused by us alone" if theirs else "refused by all"
    if not theirs:
        return "read by us alone"
    if theirs == {ours}:
        return "agreed"
    return "they differ, one as we" if ours in theirs else "differing"


VERDICTS = (
    "agreed", "they differ, one as we", "differing", "refused by us alone", "read by us alone", "refused by all",
)  # fmt: skip


def print_table(rows: dict[str, dict[str, int]]) -> None:
    """The verdicts by format, as Markdown."""
    print(f"| format | files | {' | '.join(VERDICTS)} |")
    print(f"|---|---|{'---|' * len(VERDICTS)}")
    total: dict[str, int] = defaultdict(int)
    for suffix, counts in sorted(rows.items(), key=lambda row: -sum(row[1].values())):
        print(_row(suffix.lstrip("."), counts))
        for verdict, count in counts.items():
            total[verdict] += count
    print(_row(f"**all {len(rows)}**", total))


def _row(name: str, counts: dict[str, int]) -> str:
    cells = (str(counts.get(verdict) or "") for verdict in VERDICTS)
    return f"| {name} | {sum(counts.values())} | {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
