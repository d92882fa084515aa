"""The picture in CONTRIBUTING, held: what may import what, and that nothing goes round in a circle."""

from __future__ import annotations

import ast
import re
import statistics
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[1]

LAYERS = """
version core
storage parsing prompts
media
serving
runs
engine
operators testing
pipelines utils registry
export workspace
report viewer
cli
"""
"""From below: each package imports what stands on lines above its own, and nothing else of ours."""

FILES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((ROOT / "dataflow").rglob("*.py"))
}


def imported(path: Path) -> Iterator[str]:
    """The modules of ours that a file imports, anywhere in it: in functions, and for types only, too."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("dataflow"):
            whole = [f"{node.module}.{name.name}" for name in node.names]
            yield from {name if name in FILES else str(node.module) for name in whole}
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.startswith("dataflow."))


def package_of(module: str) -> str:
    """Of `dataflow.core.errors` it is `core`; empty for `dataflow` itself."""
    return module.partition(".")[2].partition(".")[0]


def test_each_package_imports_only_what_lies_below_it() -> None:
    level = {name: at for at, line in enumerate(LAYERS.strip().splitlines()) for name in line.split()}
    crossings = []
    for module, path in FILES.items():
        own = package_of(module)
        for other in imported(path):
            package = package_of(other)
            if own in level and package != own and level.get(package, 99) >= level[own]:
                crossings.append(f"{module} imports {other}")
    assert crossings == []
    assert set(map(package_of, FILES)) - {"", "__main__"} == set(level)


def test_no_imports_go_round_in_a_circle() -> None:
    graph = {module: set(imported(path)) & set(FILES) - {module} for module, path in FILES.items()}
    assert len(list(TopologicalSorter(graph).static_order())) == len(FILES)  # a circle is a CycleError that names it


def test_files_are_short() -> None:
    lines = {
        path: len(path.read_text().splitlines())
        for folder in ("dataflow", "tests")
        for path in (ROOT / folder).rglob("*.py")
    }
    assert {str(path): count for path, count in lines.items() if count > 300} == {}
    assert statistics.median(lines[path] for path in FILES.values()) <= 100


def test_what_tests_and_benchmarks_import_of_ours_is_there() -> None:
    missing = [
        f"{path.relative_to(ROOT)} imports {module}"
        for folder in ("tests", "benchmarks")
        for path in (ROOT / folder).rglob("*.py")
        for module in imported(path)
        if module not in FILES
    ]
    assert missing == []


def test_the_paths_that_contributing_names_are_there() -> None:
    named = re.findall(r"`((?:dataflow|tests|docs)/[\w./]+)`", (ROOT / "CONTRIBUTING.md").read_text())
    assert len(named) >= 10
    assert [path for path in named if not (ROOT / path).exists()] == []
