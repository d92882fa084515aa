"""The contract of an operator: named keys, and one async method over one sample."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, ClassVar, Literal, Protocol, get_args

from dataflow.core.errors import UsageError
from dataflow.core.message import ImagePart, VideoPart
from dataflow.core.request import Request, Response
from dataflow.core.sample import Sample
from dataflow.core.serving import LLMServingABC

Holds = Literal[
    "",
    "image",
    "video",
    "conversation",
    "meta",
    "clips",
    "caption",
    "text",
    "pairs",
    "article",
    "status",
    "checks",
    "scores",
]
"""What a column holds. The manifest carries it, and exports, report and viewer go by it, whatever the column is called.

`image`, `video`: paths. `conversation`: turns. `meta`, `clips`: what multi-role pipelines know of a video. `caption`: a
description. `text`: whatever a prompt was answered with; it may hold pairs. `pairs`: a `{question, answer}`, or a list
of those. `article`: `{context, qas}`. `status`: in words, what is missing of a row that is kept. `checks`: an object of
findings, each true, false or null (cannot tell), or a list of those. `scores`: a number, or an object of numbers.
"""


@dataclass(frozen=True, slots=True)
class Key:
    """A parameter of `run` that names a column.

    Args:
        name: the parameter, such as `input_video_key`.
        default: the column it names unless told otherwise.
        role: `required`, `optional` and `one_of` are read, `output` is written. Of an operator's `one_of` keys a sample
            has to have at least one.
        holds: what the column holds; empty where none of the words for it fits.
        beside: what columns hold that are written beside an output, by the ending that their names add to its own.

    Raises:
        UsageError: `holds` is none of the words for it.
    """

    name: str
    default: str
    role: Literal["required", "optional", "one_of", "output"]
    holds: Holds = ""
    beside: tuple[tuple[str, Holds], ...] = ()

    def __post_init__(self) -> None:
        for held in (self.holds, *(held for _, held in self.beside)):
            if held not in get_args(Holds):
                known = [one for one in get_args(Holds) if one]
                raise UsageError(f"{self.name}: holds={held!r}{near(str(held), known)}. There are: {', '.join(known)}")


def required(name: str, default: str, holds: Holds = "") -> Key:
    """A column that every sample must have."""
    return Key(name, default, "required", holds)


def optional(name: str, default: str, holds: Holds = "") -> Key:
    """A column that is read where it is there."""
    return Key(name, default, "optional", holds)


def one_of(name: str, default: str, holds: Holds = "") -> Key:
    """A column that is read where it is there; at least one of these must be."""
    return Key(name, default, "one_of", holds)


def output(name: str, default: str, holds: Holds = "", beside: Mapping[str, Holds] | None = None) -> Key:
    """A column that the operator writes.

    Args:
        name: the parameter of `run`.
        default: the column.
        holds: what stands in it.
        beside: columns that stand beside it, by the ending of their names: `{"_checks": "checks"}`.
    """
    return Key(name, default, "output", holds, tuple((beside or {}).items()))


def held_in(keys: Iterable[Key], columns: Mapping[str, str]) -> dict[str, Holds]:
    """What columns hold as keys declare it; those of which nothing is declared are left out.

    Args:
        keys: of an operator.
        columns: that are bound to them, by key.
    """
    held: dict[str, Holds] = {}
    for key in keys:
        if column := columns.get(key.name, ""):
            held |= {column + ending: what for ending, what in (("", key.holds), *key.beside) if what}
    return held


class Keys(Mapping[str, str]):
    """The columns bound to an operator's keys, by attribute: `keys.input_video_key`."""

    __slots__ = ("_columns",)

    def __init__(self, columns: Mapping[str, str]) -> None:
        self._columns = dict(columns)

    def __getattr__(self, name: str) -> str:
        try:
            return self._columns[name]
        except KeyError:
            raise AttributeError(name) from None

    def __getitem__(self, name: str) -> str:
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def __getstate__(self) -> dict[str, str]:
        return self._columns

    def __setstate__(self, columns: dict[str, str]) -> None:
        self._columns = columns


@dataclass(frozen=True, slots=True)
class Rejection:
    """A sample that is to be left out, with the reason. Not a failure: it is written to the rejected file."""

    reason: str


Outcome = Sample | list[Sample] | Rejection


@dataclass(frozen=True, slots=True)
class Placeholders:
    """The `{name}`s in the prompt that an operator is given.

    Args:
        used: those that stand in it.
        own: those that the operator fills in itself, whatever the sample holds (`num_qa`).
    """

    used: tuple[str, ...] = ()
    own: tuple[str, ...] = ()


class Run(Protocol):
    """What an operator may do while it works on a sample."""

    async def ask(
        self, serving: LLMServingABC, request: Request, parse: Callable[[Response], Any] | None = None
    ) -> Response:
        """Ask through the ledger, the limits and the budget.

        Args:
            serving: who answers.
            request: the question; media paths as they stand in the sample.
            parse: makes data of the answer; what it returns is the response's `data`. An answer that it refuses with
                AnswerError is remembered as no answer: a later run asks anew.
        """

    async def locate(self, part: ImagePart | VideoPart) -> tuple[ImagePart | VideoPart, str]:
        """A medium of the sample with its path resolved, a video behind a URL as a file; and its content digest.

        Raises:
            MediaError: there is no such file, or it cannot be read or fetched.
        """

    def take_extra(self) -> bool:
        """Whether one more question beyond the planned ones, a correction or a top-up, may be asked for this sample.

        Counts it: over all operators a sample gets at most two, so call it right before asking. What the ledger replays
        is counted alike, so that a resumed run decides as the first one did.
        """

    def folder(self, name: str) -> Path:
        """The folder of this name beside the ledger, for files that an operator makes; it may not be there yet."""

    def note(self, **facts: Any) -> None:
        """Put something beside the sample: into the trace, or into the side file that an operator declares.

        `warnings`, a list of sentences, stand in the manifest too.
        """


class OperatorABC(ABC):
    """Work on a sample. Holds configuration only, so that it pickles and runs anywhere unchanged."""

    keys: ClassVar[tuple[Key, ...]] = ()

    side_files: ClassVar[tuple[str, ...]] = ()
    """Names of notes, each a dict, that go to a side file `{output}.{name}.jsonl` by sample id, not to the trace."""

    def active_keys(self) -> tuple[Key, ...]:
        """The keys as this instance reads them; a subclass relaxes one here where its configuration says so."""
        return self.keys

    def questions(self) -> int:
        """About how many questions a sample takes where one leads to the next, for estimates."""
        return 1

    def prompts(self) -> Mapping[str, str]:
        """The prompts this instance asks with, by name, for the manifest."""
        return {}

    def placeholders(self) -> Placeholders:
        """The `{name}`s in this instance's prompt: one that is no column of the dataset ends a run before it begins."""
        return Placeholders()

    @abstractmethod
    async def process(self, sample: Sample, keys: Keys, run: Run) -> Outcome:
        """Work on one sample.

        Args:
            sample: the row; not to be changed.
            keys: the columns to read and write.
            run: the way to ask a model and to leave notes.

        Returns:
            The new row; a list of rows, where one becomes many; or a Rejection.

        Raises:
            SampleError: this sample cannot be done; it is set aside whole.
        """

    def bind(self, **columns: str) -> Step:
        """This operator with its keys named, as a step of a pipeline.

        Raises:
            UsageError: a name that is none of this operator's keys.
        """
        names = [key.name for key in self.keys]
        for name, column in columns.items():
            if name not in names:
                raise UsageError(
                    f"{type(self).__name__} has no key {name!r}{near(name, names)}. Its keys: {', '.join(names)}"
                )
            if not isinstance(column, str) or not column:
                raise UsageError(f"{type(self).__name__}: {name} must name a column, not {column!r}")
        return Step(self, Keys({key.name: columns.get(key.name, key.default) for key in self.keys}))


@dataclass(frozen=True, slots=True)
class Step:
    """An operator with its keys bound to columns."""

    operator: OperatorABC
    keys: Keys

    @property
    def name(self) -> str:
        """The operator's class name, as it stands in failures and traces."""
        return type(self.operator).__name__

    def holds(self) -> dict[str, Holds]:
        """What its columns hold, as far as its operator declares it."""
        return held_in(self.operator.keys, self.keys)

    def columns(self, *roles: str) -> list[str]:
        """The columns this step reads or writes in the given roles."""
        return [self.keys[key.name] for key in self.operator.active_keys() if key.role in roles]


def near(name: str, known: list[str]) -> str:
    """The near misses of a misspelt name, ready to stand in a message; empty when there are none."""
    close = get_close_matches(name, known, n=3, cutoff=0.5)
    return f" (did you mean {' or '.join(repr(match) for match in close)}?)" if close else ""
