"""What a library's error says may quote hostile bytes, whole: it reaches a message of ours by `said_by` alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1] / "dataflow"

AS_IT_IS = {
    "core/causes.py:said_by": "the way itself",
    "core/terminal.py:say_error": "prints errors of ours, whose parts went that way",
    "engine/hub_dataset.py:_told": "looks for names of configurations in it",
    "serving/local/trouble.py:explain": "looks for known troubles in it, and quotes what it found by `quoted`",
    "storage/formats/csv.py:_refuse_open_quote": "looks for known troubles in it",
}
"""Functions that turn an error into text, and why that does no harm."""

TREES = {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text()) for path in sorted(ROOT.rglob("*.py"))}

OURS = {node.name for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
"""Their messages are put together here, of what was made safe where it was taken."""


def kinds(node: ast.expr | None) -> set[str]:
    """The names of the classes that are caught, or that an argument is said to be."""
    if isinstance(node, ast.Tuple):
        return {name for element in node.elts for name in kinds(element)}
    if isinstance(node, ast.BinOp):
        return kinds(node.left) | kinds(node.right)
    return {ast.unparse(node).rpartition(".")[2]} if node is not None else {"BaseException"}


def foreign(scope: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """Where a name stands for an error that may be a library's, and the name."""
    for node in ast.walk(scope):
        if isinstance(node, ast.ExceptHandler) and node.name and not kinds(node.type) <= OURS:
            yield node, node.name
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for argument in [*node.args.args, *node.args.kwonlyargs]:
                named = kinds(argument.annotation) if argument.annotation else set()
                if any(name.endswith(("Error", "Exception")) for name in named) and not named <= OURS:
                    yield node, argument.arg


def is_it(node: ast.expr, name: str) -> bool:
    """Whether an expression is the error, or its arguments, or may be."""
    if isinstance(node, ast.BoolOp):
        return any(is_it(value, name) for value in node.values)
    if isinstance(node, ast.IfExp):
        return is_it(node.body, name) or is_it(node.orelse, name)
    if isinstance(node, ast.Attribute):
        return node.attr in ("args", "__cause__", "__context__") and is_it(node.value, name)
    return isinstance(node, ast.Name) and node.id == name


def made_text(scope: ast.AST, name: str) -> Iterator[int]:
    """The lines on which that error is made text as it is."""
    for node in ast.walk(scope):
        if isinstance(node, ast.FormattedValue):
            made = [node.value]
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in (
            "str",
            "repr",
            "format",
            "traceback.format_exception",
        ):
            made = node.args[:1]
        elif (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("format", "join")
        ):
            made = node.args
        else:
            continue
        if any(is_it(one, name) for one in made):
            yield node.lineno


def found(trees: dict[str, ast.Module]) -> set[str]:
    """As `file:function`, the functions in which an error of a library is made text as it is."""
    return {
        f"{path}:{function.name}"
        for path, tree in trees.items()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for scope, name in foreign(function)
        for _ in made_text(scope, name)
    }


def test_errors_of_libraries_are_told_through_one_function() -> None:
    assert found(TREES) == set(AS_IT_IS), "tell them by dataflow.core.causes.said_by, or say above why not"


def test_the_search_finds_every_way_to_make_text_of_an_error() -> None:
    ways = [
        'f"{error}"',
        'f"{error!r}"',
        "str(error)",
        "repr(error)",
        '"{}".format(error)',
        'f"{error.__cause__ or error}"',
        'f"{error.args}"',
        'f"{error if late else 0}"',
    ]
    for way in ways:
        caught = f"def told():\n    try:\n        go()\n    except (MediaError, ValueError) as error:\n        {way}\n"
        given = f"def told(error: httpx.HTTPError | None):\n    return {way}\n"
        for text in (caught, given):
            assert found({"a.py": ast.parse(text)}) == {"a.py:told"}, text
    ours = "def told():\n    try:\n        pass\n    except MediaError as error:\n        return str(error)\n"
    assert not found({"a.py": ast.parse(ours)})
