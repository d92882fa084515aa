"""An export from beginning to end: rows are reviewed, made into conversations, split, and written in a target format.

Two passes. The first reads the dataset, places the media and keeps the conversations in a nameless file on the disk of
the export; the second writes them, when it is known which side each belongs to, and which types the columns have.
Memory holds one sample at a time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import ExitStack

from dataflow.core import InputError, SampleError, UsageError
from dataflow.export.about import write_about
from dataflow.export.arrange import Arrangement, arrange
from dataflow.export.folder import whole_folder
from dataflow.export.gathering import Gathering
from dataflow.export.media import How, MediaStore
from dataflow.export.options import ExportOptions, ExportResult
from dataflow.export.read import TOLD_EVERY, Reading
from dataflow.export.scratch import scratch
from dataflow.export.skipped import Skipped
from dataflow.export.splits import VAL, Splits
from dataflow.export.targets import find_target
from dataflow.export.targets.base import Facts, Target
from dataflow.runs.dataset import DatasetFiles, find_dataset


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
    source = find_dataset(options.path, options.follow_links)
    if source.reads is None:
        raise InputError(f"{source.data_file}: no row is there yet. The same command as before resumes the run")
    result = ExportResult(options.out)
    with whole_folder(options.out, options.force, result.warnings.append) as folder, ExitStack() as stack:
        database = stack.enter_context(scratch())
        gathered = stack.enter_context(Gathering(folder))
        media = MediaStore(database, source.locate, folder, how, by_content=options.val > 0)
        splits = Splits(database, options.val, options.seed)
        skipped = Skipped(folder, result)
        reading = Reading(source, target, options, media, splits, gathered, skipped, result, progress)
        own = reading.read()
        columns = own.columns(target.reserved)
        result.warnings += own.warnings(columns)
        splits.draw()
        arranged = arrange(gathered, splits, lambda conversation: target.shows(conversation, columns))
        if not any(arranged.counts.values()):
            raise InputError(_nothing(source, result))
        _warn_of_share(options.val, arranged, result)
        present = tuple(split for split, count in arranged.counts.items() if count)
        facts = Facts(
            name=re.sub(r"[^A-Za-z0-9_]+", "_", source.name).strip("_") or "dataset",
            out=options.out.absolute(),
            splits=present,
            images=reading.images,
            videos=reading.videos,
            how=how,
            manifest=source.manifest,
            own=tuple(columns),
        )
        _write(target(folder, facts), arranged, gathered, splits, skipped, result, progress)
        if not any(result.splits.values()):
            raise InputError(_nothing(source, result))
        skipped.commit()
        result.own = {column.written: column.type_name for column in columns}
        write_about(folder, target, source.data_file, options, result, facts)
    return result


def _write(
    writer: Target,
    arranged: Arrangement,
    gathered: Gathering,
    splits: Splits,
    skipped: Skipped,
    result: ExportResult,
    progress: Callable[[str], None],
) -> None:
    """The second pass."""
    result.splits = dict.fromkeys(writer.facts.splits, 0)
    whole = sum(arranged.counts.values())
    for number, (key, conversation) in enumerate(arranged.conversations(gathered), 1):
        split = splits.side(key)
        try:
            writer.write(split, conversation)
        except SampleError as error:
            skipped.add(conversation.id, error)
        else:
            result.splits[split] += 1
        if number % TOLD_EVERY == 0:
            progress(f"writing, {number:,} of {whole:,} conversations")
    if any(result.splits.values()):
        writer.close()
        result.next_step = writer.next_step()


def _warn_of_share(wanted: float, arranged: Arrangement, result: ExportResult) -> None:
    """Say so when the groups are too few for the share that was asked for."""
    if not wanted:
        return
    share = arranged.counts[VAL] / sum(arranged.counts.values())
    why = "samples that share media stay together"
    if arranged.returned:
        why += ", and what only some samples have is needed for training"
    if not arranged.counts[VAL]:
        result.warnings.append(f"nothing was held out for validation: {why}")
    elif not wanted / 2 <= share <= wanted * 2:
        result.warnings.append(f"{share:.0%} of the conversations are held out, not {wanted:.0%}: {why}")


def _nothing(source: DatasetFiles, result: ExportResult) -> str:
    why = f"{result.samples} samples, {result.rejected} rejected in review, {result.skipped} not exportable"
    first = f". The first: {result.reasons[0]}" if result.reasons else ""
    partial = f" [{result.partial}]" if result.partial else ""
    return f"{source.data_file}: nothing to export ({why}){first}{partial}"


def _how(target: type[Target], wanted: How | None) -> How:
    if wanted is None:
        return target.media[0]
    if wanted not in target.media:
        raise UsageError(f"--media {wanted}: {target.name} takes {' or '.join(target.media)}")
    return wanted
