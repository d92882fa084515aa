"""What the options of `dataflow run` set on operators."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from dataflow.core import InputError, UsageError
from dataflow.core.causes import said_by

if TYPE_CHECKING:
    from dataflow.engine.prices import Price

WORDS = ("prompt_template", "system_prompt")
"""Settings that are words to say to a model: `--prompt` and `--system` by the names of their parameters."""


def operator_settings(
    pipeline: str, prompt: str | None, system: str | None, frames: str | None, num_qa: int | None, sets: Sequence[str]
) -> dict[str, Any]:
    """The settings for a pipeline's operators, by parameter name.

    Raises:
        UsageError: a `--set` is no KEY=VALUE, or sets what is set already; or there is no such pipeline.
    """
    from dataflow.registry import find

    settings: dict[str, Any] = {}
    given: dict[str, str] = {}
    if prompt is not None:
        name = find("pipelines", pipeline).prompt
        settings[name], given[name] = text_or_file(prompt), "--prompt"
    if system is not None:
        settings["system_prompt"], given["system_prompt"] = text_or_file(system), "--system"
    if frames is not None:
        settings["sampling"], given["sampling"] = frames, "--frames"
    if num_qa is not None:
        settings["num_qa"], given["num_qa"] = num_qa, "--num-qa"
    for item in sets:
        key, equals, value = item.partition("=")
        if not equals or not key:
            raise UsageError(f"--set {item!r}: write KEY=VALUE, such as --set use_video_input=false")
        name = key.strip()
        if name in given:
            raise UsageError(f"--set {item}: {given[name]} sets {name} already. Leave one of the two out")
        given[name] = "another --set"
        is_words = name.rpartition(".")[2] in WORDS
        settings[name] = text_or_file(value) if is_words else parse_value(value)
    return settings


def text_or_file(value: str) -> str:
    """The text itself, or that of the file it names.

    Raises:
        UsageError: it looks like the name of a file, and there is none.
        InputError: the file cannot be read as text.
    """
    from dataflow.prompts.template import looks_like_a_file

    if len(value) > 255 or "\n" in value:
        return value
    path = Path(value).expanduser()
    try:
        if path.is_file():
            return path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read {value} as text: {said_by(error)}") from error
    if looks_like_a_file(value):
        raise UsageError(
            f"there is no file {value}: check the path. To say these very words, put a full stop behind them"
        )
    return value


def parse_value(value: str) -> Any:
    """A value as JSON where it is JSON (`3`, `false`, `[1,2]`), else as the text it is."""
    try:
        return orjson.loads(value)
    except ValueError:
        return {"True": True, "False": False, "None": None}.get(value, value)


def json_object(option: str, text: str) -> dict[str, Any]:
    """The value of an option that is a JSON object.

    Raises:
        UsageError: it is none; the value is not told, for it may be long.
    """
    try:
        value = orjson.loads(text)
    except ValueError as error:
        example = f"{option} '{{\"top_k\": 20}}'"
        raise UsageError(f"{option} is no JSON ({said_by(error)}): write it like {example}") from None
    if not isinstance(value, dict):
        raise UsageError(f"{option} must be a JSON object, such as '{{\"top_k\": 20}}', not {type(value).__name__}")
    return value


def parse_price(price: str) -> Price:
    """Dollars per million tokens read, written, and read from the endpoint's cache where that is given.

    Raises:
        UsageError: it is not two or three numbers.
    """
    from dataflow.engine.prices import Price

    try:
        read, written, *cached = (float(part) for part in price.split(","))
    except ValueError:
        read = written = float("nan")
        cached = []
    if len(cached) > 1 or not all(0 <= number < float("inf") for number in (read, written, *cached)):
        raise UsageError(
            f"--price {price!r}: write IN,OUT in dollars per million tokens, such as 0.15,0.6; or IN,OUT,CACHED, where "
            "tokens from the endpoint's cache cost less"
        )
    return Price(read, written, cached[0] if cached else None, source="--price")
