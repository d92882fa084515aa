"""The formats that trainers read, one module each, and the list of them."""

from __future__ import annotations

from dataflow.core.errors import UsageError
from dataflow.core.operator import near
from dataflow.export.targets.base import Target
from dataflow.export.targets.hf import HuggingFace
from dataflow.export.targets.llamafactory import LlamaFactory
from dataflow.export.targets.llava import Llava
from dataflow.export.targets.ms_swift import MsSwift
from dataflow.export.targets.openai import OpenAI
from dataflow.export.targets.parquet import Parquet
from dataflow.export.targets.sharegpt import ShareGPT
from dataflow.export.targets.webdataset import WebDataset

TARGETS: dict[str, type[Target]] = {
    target.name: target for target in (ShareGPT, Llava, LlamaFactory, MsSwift, OpenAI, HuggingFace, WebDataset, Parquet)
}


def find_target(name: str) -> type[Target]:
    """The format of that name; `_` and `-` are the same.

    Raises:
        UsageError: there is none; names the known ones.
    """
    found = TARGETS.get(name.replace("_", "-").lower())
    if found is None:
        raise UsageError(f"--to {name}: no such format{near(name, list(TARGETS))}. The formats: {', '.join(TARGETS)}")
    return found
