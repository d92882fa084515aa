"""Packages of others, installed by pip as a user installs them, beside ours."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path


def install(name: str, modules: Mapping[str, str], entry_points: str, folder: Path) -> Path:
    """A folder for `PYTHONPATH` into which a package is installed.

    Args:
        name: of the package, as a module's.
        modules: its files by name.
        entry_points: what it adds, as `entry_points.txt` has it.
        folder: to work in.
    """
    wheel, site = folder / f"{name}-1.0-py3-none-any.whl", folder / "site"
    about = f"{name}-1.0.dist-info"
    files = {
        **modules,
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: 1.0\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/entry_points.txt": entry_points,
        f"{about}/RECORD": "",
    }
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target", str(site)]
    subprocess.run([*pip, str(wheel)], check=True, capture_output=True)
    return site
