"""Which columns of a dataset hold what: the defaults of the operators, or what the manifest of the run says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from dataflow.core import Sample, is_missing


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of columns.

    Args:
        image: of the image paths.
        video: of the video paths.
        conversation: of the turns.
        captions: of descriptions: text, whatever it looks like.
        pairs: of question-answer pairs.
        texts: of whatever a prompt was answered with: text that may hold pairs.
        refined: of what was made of such texts: pairs, or an article with pairs.
    """

    image: str = "image"
    video: str = "video"
    conversation: str = "conversation"
    captions: tuple[str, ...] = ("caption",)
    pairs: tuple[str, ...] = ("qa", "QA")
    texts: tuple[str, ...] = ("vqa",)
    refined: tuple[str, ...] = ("vqa_pairs", "context_vqa")

    @property
    def inputs(self) -> frozenset[str]:
        """The id and what was given: media and conversation."""
        return frozenset(("id", self.image, self.video, self.conversation))

    def used(self, wanted: Sequence[str] = ()) -> frozenset[str]:
        """All that goes into a conversation where these columns (all known ones, where none is named) are told."""
        known = (*self.captions, *self.pairs, *self.texts, *self.refined)
        return self.inputs | frozenset(wanted or known)

    def filled(self, sample: Sample) -> list[str]:
        """The columns in which the sample has what models made of it; a text that was refined is not told twice.

        Nor is it told in place of refined pairs of which a reviewer has left none.
        """
        refined = [column for column in self.refined if not is_missing(sample.get(column)) and sample[column] != ""]
        others = (*self.captions, *self.pairs, *(() if refined else self.texts))
        return [column for column in (*others, *refined) if not is_empty(sample.get(column))]

    def tell_nothing(self, sample: Sample, wanted: Sequence[str] = ()) -> bool:
        """Whether none of the wanted columns (of all, where none is named) holds anything."""
        return all(is_empty(sample.get(column)) for column in wanted or self.filled(sample))


_INPUTS = {"input_image_key": "image", "input_video_key": "video", "input_conversation_key": "conversation"}
_MAKES = (
    ("VideoToCaptionGenerator", "output_key", "", "captions"),
    ("VideoCaptionToQAGenerator", "output_key", "", "pairs"),
    ("PromptedVQAGenerator", "output_answer_key", "", "texts"),
    ("PromptedVQAGenerator", "output_answer_key", "_pairs", "refined"),
    ("VQARefiner", "output_key", "", "refined"),
    ("WikiQARefiner", "output_key", "", "refined"),
    ("MultiroleVideoQAGenerate", "output_key", "", "pairs"),
    ("MultiroleVideoQAFinalGenerator", "output_key", "", "pairs"),
)
"""Of an operator: the key under which it is told its column, what it adds to that name, and what the column holds."""


def columns_of(manifest: Mapping[str, Any]) -> Columns:
    """The columns that the operators of a run used; the defaults where the manifest does not say."""
    found: dict[str, Any] = asdict(Columns())
    for operator in manifest.get("operators", ()):
        keys = operator["keys"]
        found |= {role: keys[key] for key, role in _INPUTS.items() if key in keys}
        for name, key, ending, role in _MAKES:
            if name == operator["name"] and key in keys and keys[key] + ending not in found[role]:
                found[role] = (*found[role], keys[key] + ending)
    return Columns(**found)


def is_empty(value: Any) -> bool:
    """Whether a column tells nothing: it is missing, or empty, or an article with questions that has none left."""
    if isinstance(value, Mapping) and isinstance(value.get("qas"), list) and not value["qas"]:
        return True
    return is_missing(value) or value in ("", [], {})
