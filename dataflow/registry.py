"""What there is to run: our own operators, servings and pipelines, and those that installed packages add.

A package adds its own by entry points: `dataflow.operators` and `dataflow.pipelines` name an operator class and a
`Recipe`, `dataflow.servings` a function `make(model, settings) -> serving` under the prefix of its model specs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any, Literal

from dataflow.core import UsageError
from dataflow.core.causes import said_by
from dataflow.core.operator import near

Kind = Literal["operators", "servings", "pipelines"]

_VISION = "dataflow.operators.core_vision"
OURS: dict[Kind, dict[str, str]] = {
    "operators": {
        "Conversation2Message": "dataflow.operators.conversations:Conversation2Message",
        "MultiroleVideoQAFinalGenerator": f"{_VISION}:MultiroleVideoQAFinalGenerator",
        "MultiroleVideoQAGenerate": f"{_VISION}:MultiroleVideoQAGenerate",
        "MultiroleVideoQAInitialGenerator": f"{_VISION}:MultiroleVideoQAInitialGenerator",
        "MultiroleVideoQAMultiAgentGenerator": f"{_VISION}:MultiroleVideoQAMultiAgentGenerator",
        "PromptedVQAGenerator": f"{_VISION}:PromptedVQAGenerator",
        "VQARefiner": f"{_VISION}:VQARefiner",
        "VideoCaptionToQAGenerator": f"{_VISION}:VideoCaptionToQAGenerator",
        "VideoToCaptionGenerator": f"{_VISION}:VideoToCaptionGenerator",
        "VideoToClips": f"{_VISION}:VideoToClips",
        "WikiQARefiner": f"{_VISION}:WikiQARefiner",
    },
    "servings": {
        "embedded": "dataflow.serving.make:embedded",
        "openai": "dataflow.serving.make:openai",
        "transformers": "dataflow.serving.make:transformers",
        "vllm": "dataflow.serving.make:vllm",
    },
    "pipelines": {
        "context_vqa": "dataflow.pipelines.context_vqa:RECIPE",
        "image_vqa": "dataflow.pipelines.image_vqa:RECIPE",
        "multirole_video_qa": "dataflow.pipelines.multirole_video_qa:RECIPE",
        "video_caption": "dataflow.pipelines.video_caption:RECIPE",
        "video_qa": "dataflow.pipelines.video_qa:RECIPE",
    },
}


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be run.

    Args:
        name: what it is called by.
        home: `module:attribute`.
        package: the distribution it comes with.
    """

    name: str
    home: str
    package: str

    def load(self) -> Any:
        """The thing itself.

        Raises:
            UsageError: its module cannot be imported.
        """
        module, _, attribute = self.home.partition(":")
        try:
            return getattr(import_module(module), attribute)
        except (ImportError, AttributeError) as error:
            raise UsageError(f"{self.name} of the package {self.package} cannot be loaded: {said_by(error)}") from error


def entries(kind: Kind) -> Iterator[Entry]:
    """All there is of a kind, ours first; a name of ours is not replaced by another package's."""
    for name, home in sorted(OURS[kind].items()):
        yield Entry(name, home, "dataflow-mm")
    for point in sorted(entry_points(group=f"dataflow.{kind}"), key=lambda point: point.name):
        if point.name not in OURS[kind]:
            yield Entry(point.name, point.value, point.dist.name if point.dist else "an installed package")


def find(kind: Kind, name: str) -> Any:
    """What is registered under a name.

    Raises:
        UsageError: nothing is; the message names the near misses and all there is.
    """
    if name in OURS[kind]:
        return Entry(name, OURS[kind][name], "dataflow-mm").load()
    known: dict[str, Callable[[], Any]] = {entry.name: entry.load for entry in entries(kind)}
    if name not in known:
        raise UsageError(f"no {kind[:-1]} {name!r}{near(name, list(known))}. There are: {', '.join(known)}")
    return known[name]()
