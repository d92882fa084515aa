"""What a ready pipeline is: a name, what it is for, and a function that builds it from a serving and settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dataflow.core import LLMServingABC, OperatorABC, Step, UsageError
from dataflow.core.operator import near
from dataflow.core.parameters import parameters_of


class Settings:
    """What the user set for the operators of a pipeline, handed to those that know the name.

    Args:
        values: by parameter or key name (`sampling`, `input_video_key`), for all operators that have it, or by
            `Operator.name` for one.
    """

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = dict(values)
        self._used: set[str] = set()
        self._known: set[str] = set()

    def take(self, name: str, default: Any) -> Any:
        """A setting of the pipeline itself."""
        self._known.add(name)
        if name not in self._values:
            return default
        self._used.add(name)
        return self._values[name]

    def has(self, operator: str, name: str) -> bool:
        """Whether the user set a parameter of an operator."""
        return name in self._values or f"{operator}.{name}" in self._values

    def make(self, operator: type[OperatorABC], **defaults: Any) -> Step:
        """An operator of the pipeline, with its settings and its keys bound.

        Args:
            operator: its class.
            defaults: constructor arguments; settings win over them.
        """
        parameters = list(parameters_of(operator))
        columns = [key.name for key in operator.keys]
        arguments, bound = dict(defaults), {}
        for name, value in self._values.items():
            owner, _, plain = name.rpartition(".")
            if owner not in ("", operator.__name__):
                continue
            if plain in parameters:
                arguments[plain] = value
                self._used.add(name)
            elif plain in columns:
                bound[plain] = value
                self._used.add(name)
        self._known.update(parameters, columns)
        return operator(**arguments).bind(**bound)

    def check(self, pipeline: str) -> None:
        """Refuse settings that no operator took.

        Raises:
            UsageError: names the near misses.
        """
        known = sorted(self._known - {"serving", "vlm_serving", "llm_serving"})
        for name in self._values:
            if name not in self._used:
                plain = name.rpartition(".")[2]
                raise UsageError(
                    f"{pipeline} has no setting {name!r}{near(plain, known)}. It knows: {', '.join(known)}"
                )


@dataclass(frozen=True)
class Recipe:
    """A ready pipeline.

    Args:
        name: what it is run by.
        summary: what it does, in one line.
        prompt: which setting `--prompt` stands for.
        build: makes its steps.
    """

    name: str
    summary: str
    prompt: str
    build: Callable[[LLMServingABC, Settings], list[Step]]

    def steps(self, serving: LLMServingABC, settings: Mapping[str, Any]) -> list[Step]:
        """The steps for a serving and the user's settings.

        Raises:
            UsageError: a setting is unknown or has a value that does not do.
        """
        taken = Settings(settings)
        steps = self.build(serving, taken)
        taken.check(self.name)
        return steps
