"""`hf:OWNER/NAME[:SPLIT]`: a dataset of the Hub, or a folder in its form, through the `datasets` package, which keeps
what it downloads in a cache of its own and reads it without a network too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from dataflow.core import DataFlowError, InputError, PrerequisiteError
from dataflow.core.causes import kinds_of, said_by

PREFIX = "hf:"

READ = frozenset({"parquet", "json", "csv", "arrow", "text", "imagefolder", "videofolder", "webdataset", "cache"})
"""The readers of `datasets` that are let near a stranger's files: others may unpickle. `cache` is what it has kept."""

_CLOSED = ("GatedRepoError", "DatasetNotFoundError", "RepositoryNotFoundError", "RevisionNotFoundError")
_UNREACHABLE = (
    "ConnectionError",
    "ConnectError",
    "OfflineModeIsEnabled",
    "LocalEntryNotFoundError",
    "TimeoutException",
)


def is_hub_name(entry: object) -> bool:
    """Whether an input is `hf:NAME`, and not the address of a file, `hf://datasets/...`."""
    return isinstance(entry, str) and entry.startswith(PREFIX) and not entry.startswith("hf://")


def load_hub_dataset(entry: str, *, stream: bool, quiet: bool) -> Any:
    """Load a dataset.

    Args:
        entry: `hf:NAME`, `hf:NAME:SPLIT` or `hf:NAME:CONFIGURATION:SPLIT`; a name that begins with `/`, `./` or `~/` is
            that of a folder.
        stream: load only what is read.
        quiet: show no progress.

    Returns:
        A `datasets.Dataset`; an `IterableDataset` where it streams.

    Raises:
        PrerequisiteError: the package is not installed.
        InputError: there is none, it is closed, or it has several splits or configurations and none was named.
    """
    try:
        import datasets
    except ImportError:
        raise PrerequisiteError(f"{entry}: datasets of the Hub need a package: pip install 'dataflow-mm[hf]'") from None
    name, *words = entry.removeprefix(PREFIX).split(":")
    configuration, split = (words[0], words[1]) if len(words) > 1 else ("", "".join(words))
    path = str(Path(name).expanduser())
    if name.startswith((".", "/", "~")) and not Path(path).is_dir():
        raise InputError(f"{entry}: there is no such folder. A dataset of the Hub is named hf:OWNER/NAME")
    with _silence(datasets) if quiet else nullcontext():
        return _load(datasets, entry, path, configuration, split, stream=stream)


def _load(datasets: Any, entry: str, path: str, configuration: str, split: str, *, stream: bool) -> Any:
    try:
        builder = datasets.load_dataset_builder(path, configuration or None)
        reader = type(builder).__module__.rpartition(".")[2]
        if reader not in READ:
            raise InputError(f"{entry}: holds files of the kind {reader}, which are not read. Convert them to parquet")
        if stream:
            parts = builder.as_streaming_dataset()
        else:
            builder.download_and_prepare()
            parts = builder.as_dataset()
        return parts[_split(entry, split, list(parts))]
    except DataFlowError:
        raise
    except Exception as error:  # of datasets, huggingface_hub, their HTTP library and the readers
        raise _told(error, entry, path, configuration) from None


@contextmanager
def _silence(datasets: Any) -> Iterator[None]:
    level = datasets.logging.get_verbosity()
    bars = datasets.utils.logging.is_progress_bar_enabled()
    datasets.logging.set_verbosity_error()
    datasets.disable_progress_bars()
    try:
        yield
    finally:
        datasets.logging.set_verbosity(level)
        if bars:
            datasets.enable_progress_bars()


def _split(entry: str, wanted: str, there: list[str]) -> str:
    if not wanted and len(there) == 1:
        return there[0]
    if wanted in there:
        return wanted
    name = entry.removesuffix(f":{wanted}") if wanted else entry
    wrong = f"no split {wanted!r}" if wanted else "several splits"
    raise InputError(f"{entry}: {wrong}; there are {', '.join(there)}. Name one: {name}:{there[0]}")


def _told(error: BaseException, entry: str, path: str, configuration: str) -> InputError:
    kinds = kinds_of(error)
    if kinds & set(_UNREACHABLE):
        return InputError(
            f"{entry}: the Hub cannot be reached. Check the network and HF_ENDPOINT; what was loaded before is read "
            "with HF_HUB_OFFLINE=1"
        )
    if kinds & set(_CLOSED):
        return InputError(
            f"{entry}: there is no such dataset, or it is closed to you. Check the name; for a closed one export "
            "HF_TOKEN and accept its terms on its page"
        )
    names = re.findall(r"'([\w.-]+)'", str(error).partition("available configs")[2].partition("]")[0])
    if names and not configuration:
        first = ":".join([*entry.split(":")[:2], names[0], "train"])
        return InputError(f"{entry}: has the configurations {', '.join(names[:20])}. Name one, and a split: {first}")
    return InputError(f"{entry}: cannot be loaded ({type(error).__name__}: {said_by(error)})")
