"""Prompt templates: text with `{field}`s of the sample, or an object that builds the prompt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Protocol, runtime_checkable

from dataflow.core import MissingField, Placeholders, SampleError, UsageError, is_missing

_FIELD = re.compile(r"\{([^\W\d]\w*)\}")
_TEXT_FILE = re.compile(r"\S.{0,250}\.(?:txt|md|prompt|jinja|j2)", re.IGNORECASE)
_PATH = re.compile(r"[^\s]{0,250}[/\\][^\s/\\]{1,250}\.[A-Za-z]\w{0,9}")


@runtime_checkable
class PromptBuilder(Protocol):
    """An object that can stand for a template."""

    def build_prompt(self, **fields: Any) -> str:
        """The prompt for a sample, whose fields come as keyword arguments."""


Template = str | PromptBuilder


def check_template(template: object, owner: str) -> None:
    """Refuse what is no template.

    Raises:
        UsageError: it is neither text nor an object with `build_prompt`, or the name of a file.
    """
    if not isinstance(template, str | PromptBuilder):
        raise UsageError(
            f"{owner}: prompt_template must be text with {{field}}s or an object with build_prompt(...), "
            f"not {type(template).__name__}"
        )
    if isinstance(template, str) and looks_like_a_file(template) and not any(map(str.isspace, template)):
        raise UsageError(
            f"{owner}: prompt_template is what is said, and {template!r} looks like the name of a file: "
            f"pass Path({template!r}).read_text()"
        )


def looks_like_a_file(text: str) -> bool:
    """Whether a text is more likely the name of a file than words to say: `asks/caption.txt`, `my prompt.md`."""
    return bool(_TEXT_FILE.fullmatch(text) or _PATH.fullmatch(text))


def placeholders_of(template: Template | None, own: Iterable[str] = ()) -> Placeholders:
    """The names that a template takes from the sample; an object that builds the prompt takes what it likes.

    Args:
        template: what the operator asks with; None where the sample asks itself.
        own: the fields that the operator fills in itself.
    """
    if not isinstance(template, str):
        return Placeholders()
    used = dict.fromkeys(match.group(1) for match in _FIELD.finditer(template) if not _is_doubled(match))
    return Placeholders(tuple(used), tuple(own))


def render(template: Template, fields: Mapping[str, Any]) -> str:
    """The prompt for a sample.

    In text, `{name}` stands for a field of that name; all other braces, those of the values too, stay as they are, so
    JSON in a template or braces in a caption break nothing. So does `{{name}}` where the sample has no such field.

    Raises:
        MissingField: the sample has no such field, or nothing in it.
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
    if not is_missing(value):
        return str(value)
    if _is_doubled(match):
        return match.group(0)
    raise MissingField(f"the sample has no {match.group(1)!r}, which the prompt names")


def _is_doubled(match: re.Match[str]) -> bool:
    """Whether a name stands in two pairs of braces."""
    return match.string[match.start() - 1 : match.start()] == "{" and match.string.startswith("}", match.end())
