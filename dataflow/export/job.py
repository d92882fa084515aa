"""An export from beginning to end: rows are reviewed, made into conversations, split, and written in a target format.

Two passes. The first reads the dataset, places the media and keeps the conversations in a nameless file on the disk of
the export; the second writes them, when it is known which side each belongs to. Memory holds one sample at a time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from dataflow.core import BadRow, InputError, SampleError, UsageError
from dataflow.export.build import conversations_of
from dataflow.export.columns import Columns, columns_of
from dataflow.export.conversation import Conversation
from dataflow.export.folder import ABOUT, whole_folder
from dataflow.export.gathering import Gathering
from dataflow.export.media import How, MediaStore
from dataflow.export.reviewed import Reviewed
from dataflow.export.scratch import scratch
from dataflow.export.splits import TRAIN, VAL, Splits
from dataflow.export.targets import find_target
from dataflow.export.targets.base import Facts, Target
from dataflow.runs.dataset import DatasetFiles, find_dataset
from dataflow.storage.atomic import atomic_file
from dataflow.storage.records import SideFile
from dataflow.version import __version__

SKIPPED = "skipped.jsonl"
SHOWN = 3
TOLD_EVERY = 500


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What to export, and how.

    Args:
        path: a data file or the folder of a run.
        to: the target format.
        out: the folder to write.
        val: the share of conversations held out for validation, from 0 up to but not including 1.
        seed: of the draw.
        media: what is done with images and videos; None takes the format's first way.
        columns: only what these columns hold; all known ones when empty.
        force: replace an export that stands at `out`.
    """

    path: Path
    to: str
    out: Path
    val: float = 0.0
    seed: int = 0
    media: How | None = None
    columns: tuple[str, ...] = ()
    force: bool = False


@dataclass(slots=True)
class ExportResult:
    """What came of it.

    Args:
        out: the folder.
        splits: conversations by split.
        samples: rows read.
        rejected: rows left out by a reviewer, those included of which every pair was rejected and nothing else is told.
        pairs_rejected: pairs left out by a reviewer, of rows that were not rejected whole.
        rejected_for: how often each reason was given for rejecting a row or a pair.
        edited: rows that a reviewer has changed.
        stale: rows that were made anew since they were decided about: the decisions do nothing.
        gone: samples that were decided about and are not in the data any more.
        skipped: rows, or conversations of one, that could not be exported.
        reasons: of the first of these.
        next_step: what to type to use the export.
        warnings: what else is to be known.
    """

    out: Path
    splits: dict[str, int] = field(default_factory=dict)
    samples: int = 0
    rejected: int = 0
    pairs_rejected: int = 0
    rejected_for: dict[str, int] = field(default_factory=dict)
    edited: int = 0
    stale: int = 0
    gone: int = 0
    skipped: int = 0
    reasons: list[str] = field(default_factory=list)
    next_step: str = ""
    warnings: list[str] = field(default_factory=list)


def export(options: ExportOptions, progress: Callable[[str], None] = lambda told: None) -> ExportResult:
    """Write a dataset in a format that trainers read, whole or not at all.

    Args:
        options: what, and how.
        progress: told now and then what is being done.

    Raises:
        UsageError: an option does not do.
        InputError: the dataset cannot be read, or nothing in it can be exported.
        OutputError: it cannot be written, or something stands at `out`.
    """
    target = find_target(options.to)
    how = _how(target, options.media)
    if not 0 <= options.val < 1:
        raise UsageError(f"--val {options.val}: a share from 0 up to but not including 1, such as 0.05")
    source = find_dataset(options.path)
    if source.reads is None:
        raise InputError(f"{source.data_file}: no row is there yet. The same command as before resumes the run")
    with whole_folder(options.out, options.force) as folder, ExitStack() as stack:
        database = stack.enter_context(scratch())
        gathering = stack.enter_context(Gathering(folder))
        job = _Job(
            source,
            target,
            options,
            folder,
            MediaStore(database, source.locate, folder, how, by_content=options.val > 0),
            Splits(database, options.val, options.seed),
            gathering,
            progress,
        )
        return job.run(how)


class _Job:
    """One export under way."""

    def __init__(
        self,
        source: DatasetFiles,
        target: type[Target],
        options: ExportOptions,
        folder: Path,
        media: MediaStore,
        splits: Splits,
        gathering: Gathering,
        progress: Callable[[str], None],
    ) -> None:
        self._source = source
        self._target = target
        self._options = options
        self._folder = folder
        self._media = media
        self._splits = splits
        self._gathered = gathering
        self._progress = progress
        self._skipped = SideFile(folder / SKIPPED)
        self._has = {"images": False, "videos": False}
        self._result = ExportResult(options.out)

    def run(self, how: How) -> ExportResult:
        """Both passes."""
        result = self._result
        self._gather(columns_of(self._source.manifest))
        self._splits.draw()
        counts = dict.fromkeys((TRAIN, VAL), 0)
        for key, _ in self._gathered:
            counts[self._splits.side(key)] += 1
        if not any(counts.values()):
            raise InputError(self._nothing())
        present = tuple(split for split, count in counts.items() if count)
        self._warn_of_share(counts)
        facts = Facts(
            _plain_name(self._source.name),
            self._options.out.absolute(),
            present,
            **self._has,
            how=how,
            manifest=self._source.manifest,
        )
        writer = self._target(self._folder, facts)
        result.splits = dict.fromkeys(present, 0)
        for key, conversation in self._gathered:
            split = self._splits.side(key)
            try:
                writer.write(split, conversation)
            except SampleError as error:
                self._skip(conversation.id, error)
            else:
                result.splits[split] += 1
            if sum(result.splits.values()) % TOLD_EVERY == 0:
                self._progress(f"writing, {sum(result.splits.values()):,} of {sum(counts.values()):,} conversations")
        if not any(result.splits.values()):
            raise InputError(self._nothing())
        writer.close()
        self._skipped.commit()
        result.next_step = writer.next_step()
        self._tell_about(facts)
        return result

    def _warn_of_share(self, counts: dict[str, int]) -> None:
        """Say so when the groups are too few for the share that was asked for."""
        wanted, share = self._options.val, counts[VAL] / sum(counts.values())
        if wanted and not counts[VAL]:
            self._result.warnings.append("all samples share their media, so nothing was held out for validation")
        elif wanted and not wanted / 2 <= share <= wanted * 2:
            told = f"{share:.0%} of the conversations are held out, not {wanted:.0%}: "
            told += "samples that share media stay together"
            self._result.warnings.append(told)

    def _gather(self, columns: Columns) -> None:
        """The first pass."""
        emptied = 0
        reviewed = Reviewed(self._source.data_file, self._source.rows, self._result.warnings.append)
        for number, row in enumerate(self._source.rows(self._result.warnings.append)):
            self._result.samples += 1
            if self._result.samples % TOLD_EVERY == 0:
                self._progress(f"reading, {self._result.samples:,} samples")
            if isinstance(row, BadRow):
                self._skip(row.row, SampleError(row.message))
                continue
            sample = reviewed.apply(number, row)
            if sample is None:
                continue
            if reviewed.has_rejected_pairs(number) and columns.tell_nothing(sample, self._options.columns):
                emptied += 1
                continue
            try:
                for conversation in conversations_of(sample, columns, self._options.columns):
                    self._take(conversation)
            except SampleError as error:
                self._skip(row["id"], error)
        self._tell_of_review(reviewed, emptied)

    def _tell_of_review(self, reviewed: Reviewed, emptied: int) -> None:
        """Say what came of the review; `emptied` rows had nothing left but rejected pairs."""
        counts, result = reviewed.counts, self._result
        result.rejected, result.edited, result.pairs_rejected = counts.rejected + emptied, counts.edited, counts.pairs
        result.stale, result.gone = counts.stale, counts.gone
        result.rejected_for = dict(reviewed.reasons.most_common())

    def _take(self, conversation: Conversation) -> None:
        """Place the media of a conversation and keep it for the second pass."""
        sources = [*conversation.images, *conversation.videos]
        found = {source: self._media.find(source) for source in sources}
        placed = conversation.with_media(lambda path: found[path].path)
        self._target.refuse(placed)
        for path in sources:
            self._media.put(path)
        keys = [found[path].key for path in sources] or [f"sample:{conversation.sample}"]
        key = self._splits.add(keys)
        self._has["images"] |= bool(conversation.images)
        self._has["videos"] |= bool(conversation.videos)
        self._gathered.put(key, placed)

    def _skip(self, id: Any, error: SampleError) -> None:
        self._result.skipped += 1
        message = " ".join(str(error).split())
        if len(self._result.reasons) < SHOWN:
            self._result.reasons.append(f"{id}: {message}")
        self._skipped.append({"id": id, "kind": error.kind, "message": message})

    def _nothing(self) -> str:
        result = self._result
        why = f"{result.samples} samples, {result.rejected} rejected in review, {result.skipped} not exportable"
        first = f". The first: {result.reasons[0]}" if result.reasons else ""
        return f"{self._source.data_file}: nothing to export ({why}){first}"

    def _tell_about(self, facts: Facts) -> None:
        """Write what the export says of itself."""
        result, options = self._result, self._options
        told = {
            "format": self._target.name,
            "documented": self._target.documented,
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            "version": __version__,
            "source": str(self._source.data_file),
            "options": {"val": options.val, "seed": options.seed, "media": facts.how, "columns": options.columns},
            "conversations": result.splits,
            "counts": {
                name: value
                for name, value in asdict(replace(result, out=Path())).items()
                if name
                in ("samples", "rejected", "pairs_rejected", "rejected_for", "edited", "stale", "gone", "skipped")
            },
        }
        with atomic_file(self._folder / ABOUT) as file:
            file.write(orjson.dumps(told, option=orjson.OPT_INDENT_2))


def _how(target: type[Target], wanted: How | None) -> How:
    if wanted is None:
        return target.media[0]
    if wanted not in target.media:
        raise UsageError(f"--media {wanted}: {target.name} takes {' or '.join(target.media)}")
    return wanted


def _plain_name(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_]+", "_", name).strip("_") or "dataset"
