"""Requests in the words of a model's own chat template. No model is known by its name: the template is tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dataflow.core.causes import said_by
from dataflow.core.errors import PrerequisiteError, RequestRefused

_SAID, _ASKED = "said by the system", "asked by the user"

Turns = Sequence[Mapping[str, Any]]
"""Turns as `dataflow.serving.local.model_input` makes them: a role and a list of parts."""


class Chat:
    """Writes turns as the prompt text that a model was trained on.

    Templates differ in two ways that are found out once, by trying: content as a list of parts or as plain text, and
    whether a system turn is heard; where it is not, its words go before those of the first user turn.

    Args:
        processor: a processor or tokenizer of transformers, with its chat template.

    Raises:
        PrerequisiteError: the model has no chat template, or one that says nothing of what it is given.
    """

    def __init__(self, processor: Any) -> None:
        self._processor = processor
        if not getattr(processor, "chat_template", None):
            raise PrerequisiteError(
                "the model has no chat template, so it was not trained to answer: take its instruct or chat version"
            )
        for self._as_parts in (True, False):
            if self._hears([("user", _ASKED)]):
                break
        else:
            raise PrerequisiteError("the model's chat template does not write out what it is asked")
        self._has_system = self._hears([("system", _SAID), ("user", _ASKED)])

    def prompt(self, turns: Turns) -> str:
        """The text for the model, up to where its answer begins; media stand as the template writes them.

        Raises:
            RequestRefused: the template refuses these turns.
        """
        try:
            return self._write(turns if self._has_system else _folded(turns))
        except Exception as error:  # templates are programs of the model's makers and raise what they like
            raise RequestRefused(f"the model's chat template refuses this conversation: {said_by(error)}") from error

    def _write(self, turns: Turns) -> str:
        messages = [{"role": turn["role"], "content": self._content(turn["parts"])} for turn in turns]
        written: str = self._processor.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        return written

    def _content(self, parts: Sequence[Mapping[str, Any]]) -> Any:
        if self._as_parts:
            return [
                {"type": "text", "text": part["text"]} if part["type"] == "text" else {"type": part["type"]}
                for part in parts
            ]
        if any(part["type"] != "text" for part in parts):
            raise RequestRefused("it has no place for images and videos")
        return "\n".join(part["text"] for part in parts)

    def _hears(self, said: Sequence[tuple[str, str]]) -> bool:
        turns = [{"role": role, "parts": [{"type": "text", "text": text}]} for role, text in said]
        try:
            written = self._write(turns)
        except Exception:  # as above
            return False
        return all(text in written for _, text in said) and "'text'" not in written


def _folded(turns: Turns) -> Turns:
    system = [part for turn in turns if turn["role"] == "system" for part in turn["parts"]]
    rest = [dict(turn) for turn in turns if turn["role"] != "system"]
    for turn in rest:
        if system and turn["role"] == "user":
            turn["parts"] = [*system, {"type": "text", "text": "\n\n"}, *turn["parts"]]
            break
    return rest
