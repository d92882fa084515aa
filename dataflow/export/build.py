"""Makes conversations of a sample: its caption, its pairs of every form, its article with questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dataflow.core import ImagePart, Message, Sample, SampleError, TextPart, VideoPart, as_list, is_missing
from dataflow.core.conversation import to_messages, turns_of
from dataflow.core.message import Part, Role
from dataflow.export.columns import Columns, is_empty
from dataflow.export.conversation import Conversation
from dataflow.export.pairs import Pair, pairs_in
from dataflow.storage.json_text import dump
from dataflow.storage.review import id_key

DEFAULT_PROMPTS = {"video": "Describe the video in detail.", "image": "Describe the image in detail."}


def conversations_of(
    sample: Sample, columns: Columns, wanted: Sequence[str] = (), question: str = ""
) -> list[Conversation]:
    """The conversations that a sample holds.

    Args:
        sample: with its id.
        columns: which of its columns hold what.
        wanted: only these output columns, of whatever shape; all known ones when empty.
        question: what was asked for answers that are no pairs; empty for what the sample's conversation says.

    Raises:
        SampleError: there is none in it, or one that no trainer reads.
    """
    name = id_key(sample["id"])
    images, videos = _paths(sample, columns.image), _paths(sample, columns.video)
    turns = [] if is_missing(sample.get(columns.conversation)) else turns_of(sample[columns.conversation])
    made: list[Conversation] = []
    for column in wanted or columns.filled(sample):
        value = sample.get(column)
        if is_empty(value):
            continue
        if column in columns.captions:
            made.append(Conversation(name, "caption", _exchange(turns, _as_text(value), images, videos)))
            continue
        own_shape = not _looks_like_pairs(value)
        if own_shape and column not in wanted and column not in columns.texts:
            raise SampleError(
                f"column {column!r} holds no pairs of question and answer. To train on what it holds as it stands, "
                f"name it: --column {column}"
            )
        pairs, context = ([], "") if own_shape else pairs_in(column, value)
        if not pairs:
            asked: list[tuple[Role, str]] = [("user", question)] if question else turns
            if own_shape and not any(role == "user" and text.strip() for role, text in asked):
                raise SampleError(f"column {column!r}: the sample does not say what was asked. Say it with --question")
            made.append(Conversation(name, "answer", _exchange(asked, _as_text(value), images, videos)))
            continue
        media: list[Part] = [*map(ImagePart, images), *map(VideoPart, videos)]
        task = "qa"
        if context:
            task, media = "context_qa", [*media, TextPart(context)]
        elif columns.clips in sample:
            task, clips = "multirole_qa", list(clip_parts(sample, columns))
            # The questions are about the clips as their frames show them; the video would tell the same again.
            shown = any(isinstance(part, ImagePart) for part in clips)
            media = clips if shown else [*media, *clips]
        labels = tuple(label for _, _, label in pairs) if any(label for _, _, label in pairs) else ()
        made.append(Conversation(name, task, _dialogue(media, pairs), labels))
    if not made and turns and turns[-1][0] == "assistant":
        made.append(Conversation(name, "conversation", to_messages(turns, images, videos)))
    if not made:
        named = f"{', '.join(wanted)} is empty" if wanted else f"no caption and no pairs{_how_to_name(sample, columns)}"
        raise SampleError(f"nothing to train on: {named}")
    made = _distinct(made)
    for conversation in made:
        conversation.check()
    return made


def _looks_like_pairs(value: Any) -> bool:
    """Text may hold pairs; an object or a list does where it names a question, an answer, or `qas`."""
    if isinstance(value, Mapping):
        return any(str(name).casefold() in ("question", "answer", "qas") for name in value)
    if isinstance(value, list | tuple):
        return any(_looks_like_pairs(item) for item in value if isinstance(item, Mapping))
    return isinstance(value, str)


def _as_text(value: Any) -> str:
    """An answer as a model writes it: text, or the JSON of what a schema of its own made of it."""
    return value if isinstance(value, str) else dump(value).decode()


def _how_to_name(sample: Sample, columns: Columns) -> str:
    others = [name for name, value in sample.items() if name not in columns.inputs and not is_empty(value)]
    return f". Name the column that is to be learnt with --column: {', '.join(others)}" if others else ""


def clip_parts(sample: Sample, columns: Columns) -> Iterator[Part]:
    """What a multi-role sample tells of its video: its meta text, and of every clip its frames and what is said.

    A clip's description is left out: a model that reads what is to be seen need not look.
    """
    if isinstance(meta := sample.get(columns.meta), str) and meta.strip():
        yield TextPart(meta.strip())
    for number, clip in enumerate(as_list(sample[columns.clips]), 1):
        if not isinstance(clip, Mapping):
            raise SampleError(f"clip {number} is no object with Frames_Images and Audio_Text")
        yield TextPart(f"Clip {number}:")  # questions name clips by their numbers
        yield from (ImagePart(path) for path in _paths(clip, "Frames_Images"))
        if isinstance(speech := clip.get("Audio_Text"), str) and speech.strip():
            yield TextPart(f"Speech: {speech.strip()}")


def _exchange(turns: list[tuple[Role, str]], answer: str, images: list[str], videos: list[str]) -> tuple[Message, ...]:
    """What was asked, as the sample says, and the answer."""
    asked = [(role, text) for role, text in turns if text.strip()]
    if not any(role == "user" for role, _ in asked):
        asked = [*asked, ("user", DEFAULT_PROMPTS["video" if videos else "image"])]
    return to_messages([*asked, ("assistant", answer)], images, videos)


def _dialogue(media: list[Part], pairs: list[Pair]) -> tuple[Message, ...]:
    """Questions and answers by turns; the media stand before the first."""
    turns: list[Message] = []
    for question, answer, _ in pairs:
        first = media if not turns else []
        turns += [Message("user", (*first, TextPart(question))), Message("assistant", (TextPart(answer),))]
    return tuple(turns)


def _paths(sample: Mapping[str, Any], column: str) -> list[str]:
    paths = as_list(sample.get(column))
    if wrong := next((path for path in paths if not isinstance(path, str) or not path.strip()), None):
        raise SampleError(f"column {column!r} must hold paths, not {wrong!r:.80}")
    return [path for path in paths if path]


def _distinct(made: list[Conversation]) -> list[Conversation]:
    """Several conversations of one task get numbers."""
    seen: dict[str, int] = {}
    named = []
    for one in made:
        count = seen[one.task] = seen.get(one.task, 0) + 1
        named.append(one if count == 1 else Conversation(one.sample, f"{one.task}-{count}", one.messages, one.labels))
    return named
