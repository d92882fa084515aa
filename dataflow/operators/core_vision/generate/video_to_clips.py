"""Cuts a video at its shots into the `Meta` and `Clips` that multi-role video QA reads."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

import orjson

from dataflow.core import Run, Sample, SampleError, VideoPart, as_list, is_missing, optional, output
from dataflow.core.operator import Key, Keys, one_of
from dataflow.media import MEDIA_VERSION
from dataflow.operators.base import Operator
from dataflow.operators.core_vision.generate.multirole.base import whole
from dataflow.operators.core_vision.generate.multirole.material import AUDIO, DESCRIPTION, END, FRAMES, START
from dataflow.operators.core_vision.generate.side_subtitles import subtitles_beside
from dataflow.operators.media_fields import check_sampling, paths_in
from dataflow.parsing.cues import Cue
from dataflow.parsing.subtitles import SUFFIXES, cues_of, read_subtitles, spoken_in
from dataflow.storage.os_errors import writing
from dataflow.storage.own_files import make_new_folder, make_own_folder

SAMPLING = "shots:4:256"
FOLDER, INDEX = "clips", "clips.json"


class VideoToClips(Operator):
    """Cuts each video at its shots: every clip has frames, its times, and what is said in it.

    `Clips` is a list of `Audio_Text`, `Frames_Images` (JPEG files in the folder `clips` beside the ledger),
    `Description` (empty) and `Start` and `End` in seconds. `Meta` says how long the video is, of how many shots, and
    whether it has sound; a sample's own `Meta` stays. A sample that has its clips already passes unchanged.

    What is said comes from the transcript column: the path of an .srt or .vtt file, the text of one, segments with
    `start`, `end` and `text`, or what Whisper writes. Without one, an .srt or .vtt file beside the video is taken: of
    the same name, else the English one (`name.en.srt`), else the first in another language by name. A file that is
    not there or holds no subtitles costs what is said, with a warning, not the sample. Words without times go to
    `Meta`.

    Args:
        sampling: which frames; a shot that the plan leaves out has its middle frame.
        max_side: the longer side of a frame at most, in pixels.
        name_in_meta: let `Meta` begin with the name of the video's file. That often tells what is to be found out, such
            as the brand.
    """

    keys = (
        one_of("input_video_key", "video", holds="video"),
        optional("input_transcript_key", "transcript"),
        output("output_meta_key", "Meta", holds="meta"),
        output("output_clips_key", "Clips", holds="clips"),
    )

    def __init__(self, sampling: str = SAMPLING, max_side: int = 448, name_in_meta: bool = False) -> None:
        self.sampling = check_sampling(sampling)
        self.max_side = whole(max_side, "max_side", 16)
        self.name_in_meta = name_in_meta

    def active_keys(self) -> tuple[Key, ...]:
        # A sample needs a video, or the clips that this operator would make of it.
        return (*self.keys, one_of("output_clips_key", "Clips", holds="clips"))

    async def process(self, sample: Sample, keys: Keys, run: Run) -> Sample:
        if as_list(sample.get(keys.output_clips_key)):
            return dict(sample)
        paths = paths_in(sample, keys.input_video_key)
        if len(paths) != 1:
            raise SampleError(f"{keys.input_video_key!r} names {len(paths)} videos; clips are made of one at a time")
        video, digest = await run.locate(VideoPart(str(paths[0])))
        where = str(video.source)
        cut = await self._cut(where, digest, run.folder(FOLDER))
        spans = [(clip["start"], clip["end"]) for clip in cut["clips"]]
        warnings: list[str] = []
        cues, loose = await _words(sample.get(keys.input_transcript_key), where, run, warnings)
        said = spoken_in(cues, spans)
        if loose and len(spans) == 1:
            said, loose = [loose], ""
        meta = sample.get(keys.output_meta_key)
        if is_missing(meta):
            meta = _meta(Path(str(paths[0])).name if self.name_in_meta else "", cut, loose)
        elif loose:
            warnings.append(f"the transcript has no times, so it is in none of the {len(spans)} clips")
        if warnings:
            run.note(warnings=warnings)
        clips = [
            {
                AUDIO: text,
                FRAMES: [str(run.folder(FOLDER) / name) for name in clip["frames"]],
                DESCRIPTION: "",
                START: clip["start"],
                END: clip["end"],
            }
            for clip, text in zip(cut["clips"], said, strict=True)
        ]
        return {**sample, keys.output_meta_key: meta, keys.output_clips_key: clips}

    async def _cut(self, video: str, digest: str, folder: Path) -> dict[str, Any]:
        """The clips of a video, with the names of their frames below the folder; made once for the same content."""
        from dataflow.media.clips import video_clips

        how = f"{digest} {self.sampling} {self.max_side} {MEDIA_VERSION}"
        home = folder / blake2b(how.encode(), digest_size=10).hexdigest()
        known = await asyncio.to_thread(_read_index, home / INDEX)
        if known is not None:
            return known
        cut = await video_clips(video, self.sampling, max_side=self.max_side)
        frames: dict[str, bytes] = {}
        clips = []
        for number, clip in enumerate(cut.clips, start=1):
            named = {
                f"clip{number:03d}_{time:.2f}s.jpg": data for time, data in zip(clip.times, clip.frames, strict=True)
            }
            frames |= named
            clips.append({"start": clip.start, "end": clip.end, "frames": [f"{home.name}/{name}" for name in named]})
        index = {"clips": clips, "duration": cut.duration, "audio": cut.audio, "notes": list(cut.notes)}
        await asyncio.to_thread(_write, home, frames, index)
        return index


async def _words(transcript: Any, video: str, run: Run, warnings: list[str]) -> tuple[Sequence[Cue], str]:
    """What is said with its times, and words without times; what is wrong with a subtitle file goes to the warnings."""
    given = not is_missing(transcript) and transcript not in ("", [])
    named = isinstance(transcript, str) and transcript.strip().lower().endswith(SUFFIXES) and "\n" not in transcript
    if given and not named:
        cues = cues_of(transcript)
        return (cues, "") if cues is not None else ([], str(transcript).strip())
    try:
        beside = None if given else await asyncio.to_thread(subtitles_beside, Path(video))
        if not given and beside is None:
            return [], ""
        located, _ = await run.locate(VideoPart(transcript.strip() if given else str(beside)))
        return await asyncio.to_thread(read_subtitles, Path(str(located.source))), ""
    except SampleError as error:
        warnings.append(f"{error}; the clips go without what is said")
        return [], ""


def _meta(name: str, cut: dict[str, Any], loose: str) -> str:
    shots = len(cut["clips"])
    count = "one shot" if shots == 1 else f"{shots} shots"
    begins = f"{name}: a" if name else "A"
    sound = "with" if cut["audio"] else "without"
    told = f"{begins} video of {cut['duration']:.2f} seconds in {count}, {sound} sound."
    return f"{told}\nWhat is said in it: {loose}" if loose else told


def _read_index(path: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = orjson.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return found


def _write(home: Path, frames: dict[str, bytes], index: dict[str, Any]) -> None:
    """Make the folder of a video's frames, whole or not at all."""
    making = home.with_name(f".{home.name}.{os.getpid()}.{id(frames)}")
    make_own_folder(home.parent)
    make_new_folder(making)
    try:
        with writing(home):
            for name, data in frames.items():
                (making / name).write_bytes(data)
            (making / INDEX).write_bytes(orjson.dumps(index))
            if home.is_symlink():  # we make none; whoever laid it, what it leads to stays as it is
                home.unlink()
            try:
                making.rename(home)
            except OSError:  # somebody else has made it meanwhile
                if not (home / INDEX).is_file():
                    raise
    finally:
        shutil.rmtree(making, ignore_errors=True)
