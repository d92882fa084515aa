"""The first pass of an export: rows are reviewed, made into conversations, and kept with their media in place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dataflow.core import BadRow, InputError, Sample, SampleError, UsageError
from dataflow.export.build import conversations_of
from dataflow.export.columns import Columns, columns_of
from dataflow.export.conversation import Conversation
from dataflow.export.gathering import Gathering
from dataflow.export.media import MediaStore
from dataflow.export.options import ExportOptions, ExportResult
from dataflow.export.own import OwnColumns
from dataflow.export.partial import tell_partial
from dataflow.export.reviewed import Reviewed
from dataflow.export.skipped import Skipped
from dataflow.export.splits import Splits
from dataflow.export.targets.base import Target
from dataflow.runs.dataset import DatasetFiles
from dataflow.runs.seal import what_is_odd

TOLD_EVERY = 500


@dataclass(slots=True)
class Reading:
    """The first pass.

    Args:
        source: the dataset.
        target: the format; it may refuse conversations.
        options: what is wanted.
        media: where images and videos go.
        splits: told of every conversation.
        gathered: where conversations are kept.
        skipped: told of what is left out.
        result: counted in.
        progress: told now and then how far this is.
        images: whether any conversation has images.
        videos: whether any has videos.
    """

    source: DatasetFiles
    target: type[Target]
    options: ExportOptions
    media: MediaStore
    splits: Splits
    gathered: Gathering
    skipped: Skipped
    result: ExportResult
    progress: Callable[[str], None]
    images: bool = False
    videos: bool = False

    def read(self) -> OwnColumns:
        """Read all rows; returns what was learnt of the user's own columns.

        Raises:
            InputError: the dataset or its review cannot be read, or `strict` and decisions would do nothing.
            UsageError: a column to keep is not there.
        """
        self.result.warnings += what_is_odd(self.source.data_file)
        columns = columns_of(self.source.manifest)
        own = OwnColumns(columns.used(self.options.columns), self.options.keep, (columns.clips, columns.meta))
        reviewed = Reviewed(self.source.data_file, self.source.rows, self.result.warnings.append)
        self._tell_of_review(reviewed)
        for number, row in enumerate(self.source.rows(self.result.warnings.append)):
            self.result.samples += 1
            if self.result.samples % TOLD_EVERY == 0:
                self.progress(f"reading, {self.result.samples:,} samples")
            if isinstance(row, BadRow):
                self.skipped.add(row.row, SampleError(row.message))
                continue
            sample = reviewed.apply(number, row)
            if sample is None:
                continue
            if reviewed.has_rejected_pairs(number) and columns.tell_nothing(sample, self.options.columns):
                self.result.rejected += 1
                continue
            self._take(sample, columns, own)
        self.result.rejected_for = dict(reviewed.reasons.most_common())
        self._tell_partial()
        own.check()
        return own

    def _take(self, sample: Sample, columns: Columns, own: OwnColumns) -> None:
        try:
            made = conversations_of(sample, columns, self.options.columns, self.options.question)
            kept = own.take(sample)
            for conversation in made:
                self._place(conversation.with_own(kept))
        except SampleError as error:
            self.skipped.add(sample["id"], error)

    def _place(self, conversation: Conversation) -> None:
        """Place the media of a conversation and keep it for the second pass."""
        sources = [*conversation.images, *conversation.videos]
        found = {source: self.media.find(source) for source in sources}
        placed = conversation.with_media(lambda path: found[path].path)
        self.target.refuse(placed)
        for path in sources:
            self.media.put(path)
        keys = [found[path].key for path in sources] or [f"sample:{conversation.sample}"]
        self.gathered.put(self.splits.add(keys), placed)
        self.images |= bool(conversation.images)
        self.videos |= bool(conversation.videos)

    def _tell_of_review(self, reviewed: Reviewed) -> None:
        counts, result = reviewed.counts, self.result
        result.applied, result.rejected = counts.applied, counts.rejected
        result.edited, result.pairs_rejected = counts.edited, counts.pairs
        # What a run has not made yet is not gone.
        result.stale, result.gone = counts.stale, 0 if self.source.is_partial else counts.gone
        if self.options.strict and (result.stale or result.gone):
            raise UsageError(
                f"--strict: {result.applied} decisions are applied, but {result.stale} are stale (the sample was made "
                f"anew since) and {result.gone} are about samples that are gone. Review those anew "
                f"(dataflow view {self.source.data_file}), or leave --strict out"
            )

    def _tell_partial(self) -> None:
        if not self.source.is_partial:
            return
        if self.source.reads is not None and not self.source.reads.exists():
            raise InputError(f"{self.source.data_file}: the run came to its end meanwhile. Type the same command again")
        self.result.missing, self.result.partial = tell_partial(self.source, self.result.samples)
