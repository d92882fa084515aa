"""Which columns of a dataset hold what: as the operators of its run declared it, or as ours are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from dataflow.core import Sample, UsageError, is_missing
from dataflow.core.operator import held_in


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of columns.

    Args:
        image: of the image paths.
        video: of the video paths.
        conversation: of the turns.
        meta: of the text on a video that has been cut into clips.
        clips: of those clips.
        captions: of descriptions: text, whatever it looks like.
        pairs: of question-answer pairs.
        texts: of whatever a prompt was answered with: text that may hold pairs.
        refined: of what was made of such texts: pairs, or an article with pairs.
        checks: of what operators checked: yes, no, or cannot tell.
        scores: of numbers by which samples are judged.
        statuses: of what is missing in a row that was kept.
    """

    image: str = "image"
    video: str = "video"
    conversation: str = "conversation"
    meta: str = "Meta"
    clips: str = "Clips"
    captions: tuple[str, ...] = ("caption",)
    pairs: tuple[str, ...] = ("qa", "QA")
    texts: tuple[str, ...] = ("vqa",)
    refined: tuple[str, ...] = ("vqa_pairs", "context_vqa")
    checks: tuple[str, ...] = ("context_vqa_checks",)
    scores: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ("caption_status", "qa_status", "vqa_status")

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


_ONE: Mapping[str, str] = {held: held for held in ("image", "video", "conversation", "meta", "clips")}
_SEVERAL = {
    "caption": "captions",
    "text": "texts",
    "pairs": "pairs",
    "article": "pairs",
    "checks": "checks",
    "scores": "scores",
    "status": "statuses",
}
"""Where the columns that hold something stand; pairs and articles that are made of a text are `refined`."""


def columns_of(manifest: Mapping[str, Any]) -> Columns:
    """The columns that the operators of a run declare; the defaults where the manifest does not say."""
    found: dict[str, Any] = asdict(Columns())
    for operator in manifest.get("operators", ()):
        held: Mapping[str, str] = operator.get("holds") or _as_registered(operator)
        of_text = "text" in held.values()
        for column, what in held.items():
            if what in _ONE:
                found[_ONE[what]] = column
            elif what in _SEVERAL:
                role = "refined" if of_text and what in ("pairs", "article") else _SEVERAL[what]
                for other in {*_SEVERAL.values(), "refined"} - {role}:
                    found[other] = tuple(name for name in found[other] if name != column)
                found[role] = tuple(dict.fromkeys((*found[role], column)))
    return Columns(**found)


def _as_registered(operator: Mapping[str, Any]) -> Mapping[str, str]:
    """What an operator's columns hold by its class: manifests of runs before operators declared it do not say."""
    from dataflow.registry import find

    try:
        return held_in(find("operators", operator["name"]).keys, operator["keys"])
    except UsageError:
        return {}


def is_empty(value: Any) -> bool:
    """Whether a column tells nothing: it is missing, or empty, or an article with questions that has none left."""
    if isinstance(value, Mapping) and isinstance(value.get("qas"), list) and not value["qas"]:
        return True
    return is_missing(value) or value in ("", [], {})
