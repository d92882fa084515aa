"""The forms that an answer which is kept as text can be held to: question-answer pairs, or an article with pairs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from dataflow.core import AnswerError, Response
from dataflow.operators.free_text import FreeText, read_free_text
from dataflow.operators.structured import usable_pairs
from dataflow.prompts import context_vqa, image_vqa

if TYPE_CHECKING:
    from dataflow.parsing.checks import Dropped
    from dataflow.parsing.pair import QAPair


@dataclass(frozen=True, slots=True)
class Held:
    """An answer of a form.

    Args:
        answer: the text.
        pairs: those in it that can be used; None where the form is not about pairs alone.
        dropped: those that cannot.
    """

    answer: FreeText
    pairs: list[dict[str, Any]] | None = None
    dropped: Sequence[Dropped] = ()


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """A form.

    Args:
        words: the form as it is said to a model.
        read: makes `Held` of a response; takes whether text that was cut off is kept. Raises AnswerError for what has
            not the form.
    """

    words: str
    read: Callable[[Response, bool], Held]


def _read_pairs(response: Response, keep_cut_off: bool) -> Held:
    """Pairs. Of a reply that was cut off, those that are complete, as if they were all that was written."""
    answer = None if response.truncated else read_free_text(response)
    kept, dropped = usable_pairs(response if answer is None else replace(response, text=answer.text))
    return Held(answer or FreeText(_as_printed(kept)), [_record(pair) for pair in kept], dropped)


def listed_pairs(answer: str) -> list[dict[str, Any]] | None:
    """The pairs without a fault in a text that may hold some; None where it holds none."""
    try:
        kept, _ = usable_pairs(Response(answer))
    except AnswerError:
        return None
    return [_record(pair) for pair in kept]


def _record(pair: QAPair) -> dict[str, Any]:
    return {"question": pair.question, "answer": pair.answer}


def _as_printed(pairs: Sequence[QAPair]) -> str:
    """Pairs as the prompt asks for them."""
    return "\n\n".join(f"- Q: {pair.question}\n  A: {pair.answer}" for pair in pairs)


def _read_article(response: Response, keep_cut_off: bool) -> Held:
    from dataflow.parsing.article import parse_article
    from dataflow.parsing.free_text import free_text

    answer = read_free_text(response, keep_cut_off=keep_cut_off)
    free_text(parse_article(response.text).context)
    return Held(answer)


ANSWER_FORMS: Mapping[str, AnswerForm] = {
    "pairs": AnswerForm(image_vqa.FORM, _read_pairs),
    "article": AnswerForm(context_vqa.FORM, _read_article),
}
