"""A workspace has a folder named dataflow; Python started there still finds the installed package."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

import dataflow
from dataflow.workspace import lay

PACKAGE = Path(dataflow.__file__).parent
PROBE = "import dataflow, dataflow.core.errors; print(dataflow.__file__)"


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A fresh environment with the package unpacked into its site-packages, as a wheel is."""
    folder = tmp_path_factory.mktemp("env")
    venv.create(folder, with_pip=False, symlinks=True)
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder), "platbase": str(folder)}))
    shutil.copytree(PACKAGE, site / "dataflow", ignore=shutil.ignore_patterns("__pycache__"))
    # Dependencies from the environment of the tests; a path added this way does not run that one's editable hooks.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return folder / "bin" / "python", site / "dataflow"


@pytest.fixture(params=["as the tests have it", "unpacked like a wheel"])
def python(request):
    """An interpreter, and the folder of the package that it has to find."""
    if request.param == "as the tests have it":
        return Path(sys.executable), PACKAGE
    return request.getfixturevalue("installed")


def found(interpreter: Path, arguments: list[str], workspace: Path) -> Path:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [interpreter, *arguments], cwd=workspace, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip()).parent


@pytest.mark.parametrize(
    "arguments",
    [["-c", PROBE], ["-m", "probe"], ["probe.py"], ["pipelines/gpu_pipelines/probe.py"]],
    ids=["python -c", "python -m", "a script in the workspace", "a script in its folder"],
)
def test_the_installed_package_is_found_from_a_workspace(tmp_path, python, arguments):
    interpreter, package = python
    lay(tmp_path)
    for folder in (tmp_path, tmp_path / "pipelines/gpu_pipelines"):
        (folder / "probe.py").write_text(PROBE)
    assert found(interpreter, arguments, tmp_path) == package


def test_no_folder_of_a_workspace_is_made_a_package(tmp_path):
    lay(tmp_path)
    assert list(tmp_path.rglob("__init__.py")) == []
