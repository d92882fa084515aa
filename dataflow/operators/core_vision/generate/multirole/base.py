"""What the four operators of multi-role video QA share: keys, settings, and the way from a sample to its discussion."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar, TypedDict

from dataflow.core import (
    Placeholders,
    Run,
    Sample,
    UsageError,
    VLMServingABC,
    optional,
    output,
    required,
)
from dataflow.core.operator import Key, Keys
from dataflow.operators.base import Operator
from dataflow.operators.core_vision.generate.multirole.discussion import Discussion
from dataflow.operators.core_vision.generate.multirole.material import lay_out, with_assignment
from dataflow.operators.core_vision.generate.multirole.pairs import Pair
from dataflow.prompts import correction
from dataflow.prompts import multirole_shared as words
from dataflow.prompts.template import Template, check_template, placeholders_of, render, words_of

MAX_FRAMES = 32
"""Frames shown of one video. At 448 pixels a frame costs about 150 tokens in Qwen's rule, at 1280 about 1200."""

NUM_QA = 10
"""Pairs in a draft at most, and about so many in the final list."""


class Shared(TypedDict, total=False):
    """The settings that all of them take; see `MultiroleOperator`."""

    prompt_template: Template | None
    system_prompt: str
    max_frames: int
    provenance: bool


class MultiroleOperator(Operator):
    """One or more stages of the discussion.

    Args:
        llm_serving: plays all roles.
        prompt_template: replaces our words on what is wanted of all roles: text with `{field}`s of the sample and
            `{labels}`, or an object with `build_prompt(**sample)`.
        system_prompt: said first.
        max_frames: frames shown of one sample at most, spread evenly over its clips.
        provenance: keep `Source` and `Clip` in the final pairs, and the discussion in a side file.
    """

    keys = (
        optional("input_meta_key", "Meta", holds="meta"),
        required("input_clips_key", "Clips", holds="clips"),
        output("output_key", "QA", holds="pairs"),
    )
    side_files = ("discussion",)
    before: ClassVar[str] = ""
    """The operator whose pairs this one reads from `output_key`; empty where it begins."""

    def __init__(
        self,
        llm_serving: VLMServingABC,
        prompt_template: Template | None = None,
        system_prompt: str = words.SYSTEM,
        max_frames: int = MAX_FRAMES,
        provenance: bool = False,
    ) -> None:
        if prompt_template is not None:
            check_template(prompt_template, type(self).__name__)
        self.llm_serving = llm_serving
        self.prompt_template = prompt_template
        self.system_prompt = system_prompt
        self.max_frames = whole(max_frames, "max_frames", 1)
        self.provenance = provenance

    def active_keys(self) -> tuple[Key, ...]:
        if not self.before:
            return self.keys
        return (*self.keys, *(required(key.name, key.default) for key in self.keys if key.role == "output"))

    def prompts(self) -> Mapping[str, str]:
        assignment = words.ASSIGNMENT if self.prompt_template is None else words_of(self.prompt_template)
        return {
            words.NAME: f"{self.system_prompt}\n{assignment}\n{words.labels()}",
            words.NAME + correction.SUFFIX: correction.words(),
        }

    def placeholders(self) -> Placeholders:
        return placeholders_of(self.prompt_template, ("labels",))

    async def process(self, sample: Sample, keys: Keys, run: Run) -> Sample:
        material = await lay_out(sample, keys.input_meta_key, keys.input_clips_key, run, self.max_frames)
        discussion = Discussion(
            run, self.llm_serving, self.system_prompt, with_assignment(material, self._assignment(sample))
        )
        discussion.left = self.stages()
        discussion.transcript["clips"] = material.clips
        discussion.warnings += material.warnings
        keep = True  # the transcript of a sample that fails is kept whatever `provenance` says
        try:
            qa = await self.work(discussion, sample, keys.output_key)
            keep = self.provenance
        finally:
            if discussion.warnings:
                run.note(warnings=discussion.warnings)
                discussion.transcript["warnings"] = discussion.warnings
            if keep:
                run.note(discussion=discussion.transcript)
        return {**sample, keys.output_key: qa}

    @abstractmethod
    def stages(self) -> int:
        """How many questions follow each other at most."""

    @abstractmethod
    async def work(self, discussion: Discussion, sample: Sample, column: str) -> list[dict[str, object]]:
        """Go through this operator's stages.

        Args:
            discussion: asks, and takes what was said.
            sample: the row.
            column: where the pairs of a former stage are.

        Returns:
            What the column is to hold.

        Raises:
            SampleError: a stage failed.
        """

    def finished(self, pairs: list[Pair]) -> list[dict[str, object]]:
        """The final pairs as they are written."""
        if self.provenance:
            return [{**pair.printed(), **pair.provenance()} for pair in pairs]
        return [pair.printed() for pair in pairs]

    def _assignment(self, sample: Sample) -> str:
        template = words.ASSIGNMENT if self.prompt_template is None else self.prompt_template
        return render(template, {**sample, "labels": words.labels()})


def whole(value: object, name: str, least: int) -> int:
    """A setting that is a whole number.

    Raises:
        UsageError: it is none, or too small.
    """
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise UsageError(f"{name} must be a whole number from {least}, not {value!r}")
    return value
