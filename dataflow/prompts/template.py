"""Prompt templates: text with `{field}`s of the sample, or an object that builds the prompt."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

from dataflow.core import SampleError, UsageError, is_missing

_FIELD = re.compile(r"\{([^\W\d]\w*)\}")


@runtime_checkable
class PromptBuilder(Protocol):
    """An object that can stand for a template."""

    def build_prompt(self, **fields: Any) -> str:
        """The prompt for a sample, whose fields come as keyword arguments."""


Template = str | PromptBuilder


def check_template(template: object, owner: str) -> None:
    """Refuse what is no template.

    Raises:
        UsageError: it is neither text nor an object with `build_prompt`.
    """
    if not isinstance(template, str | PromptBuilder):
        raise UsageError(
            f"{owner}: prompt_template must be text with {{field}}s or an object with build_prompt(...), "
            f"not {type(template).__name__}"
        )


def render(template: Template, fields: Mapping[str, Any]) -> str:
    """The prompt for a sample.

    In text, `{name}` stands for a field of that name where the sample has one; all other braces, those of the values
    too, stay as they are, so JSON in a template or braces in a caption break nothing.

    Raises:
        SampleError: a builder gave no text.
    """
    if isinstance(template, str):
        return _FIELD.sub(lambda match: _value(match, fields), template)
    prompt = template.build_prompt(**dict(fields))
    if not isinstance(prompt, str):
        raise SampleError(f"{type(template).__name__}.build_prompt gave {type(prompt).__name__}, not text")
    return prompt


def words_of(template: Template) -> str:
    """What stands for a template in the manifest: its text, or the builder's name and configuration."""
    return template if isinstance(template, str) else f"{type(template).__qualname__} {vars(template)!r}"


def _value(match: re.Match[str], fields: Mapping[str, Any]) -> str:
    value = fields.get(match.group(1))
    return match.group(0) if is_missing(value) else str(value)
