"""`dataflow env`: what a bug report needs to know of this machine. Shows no secrets."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from importlib.metadata import PackageNotFoundError, version

import typer

from dataflow.core.terminal import one_line

BASE = ("aiohttp", "av", "numpy", "orjson", "pandas", "pillow", "pyarrow", "pydantic", "simplejpeg", "uvloop")
EXTRAS = {"vllm": "vllm", "transformers": "transformers", "ray": "ray", "hf": "datasets"}
KEYS = ("DF_API_KEY", "OPENAI_API_KEY", "AZURE_OPENAI_API_KEY", "OPENAI_BASE_URL", "SSL_CERT_FILE")
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
"""May be written in small letters, too, and hold a login."""


def env() -> None:
    """Show versions, extras and hardware; of keys and proxies only whether they are set."""
    from dataflow.version import __version__

    lines = [
        ("dataflow-mm", __version__),
        ("python", f"{platform.python_version()} ({sys.executable})"),
        ("system", platform.platform()),
        ("cores", str(os.cpu_count())),
        ("gpu", "nvidia" if shutil.which("nvidia-smi") else "none found"),
        *((name, _installed(name)) for name in BASE),
        *((f"extra {extra}", _installed(package)) for extra, package in EXTRAS.items()),
        *((key, "set" if os.environ.get(key) else "not set") for key in KEYS),
        *((key, "set" if {key, key.lower()} & os.environ.keys() else "not set") for key in PROXIES),
    ]
    for name, value in lines:
        typer.echo(one_line(f"{name:<20}{value}"))


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
