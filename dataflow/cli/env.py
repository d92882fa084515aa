"""`dataflow env`: what a bug report needs to know of this machine. Shows no secrets."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import typer

from dataflow.core.terminal import one_line

BASE = ("aiohttp", "av", "numpy", "orjson", "pandas", "pillow", "pyarrow", "pydantic", "simplejpeg", "uvloop")
EXTRAS = {"vllm": "vllm", "transformers": "transformers", "ray": "ray", "hf": "datasets"}
KEYS = ("DF_API_KEY", "OPENAI_API_KEY", "AZURE_OPENAI_API_KEY")
CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")


def env() -> None:
    """Show versions, extras, hardware and the way to endpoints; of keys only whether they are set."""
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
        *_way_out(),
    ]
    width = max(len(name) for name, _ in lines) + 2
    for name, value in lines:
        typer.echo(one_line(f"{name:<{width}}{value}"))


def _way_out() -> list[tuple[str, str]]:
    """What the environment says of addresses, proxies and certificates, without logins and query strings."""
    from dataflow.core.secrets import without_credentials
    from dataflow.storage.proxies import shown_proxies

    base = without_credentials(os.environ.get("OPENAI_BASE_URL", "").strip())
    found = [("OPENAI_BASE_URL", base or "not set"), *shown_proxies()]
    for name in CERTIFICATES:
        path = os.environ.get(name, "")
        missing = " (it is not there)" if path and not Path(path).exists() else ""
        found.append((name, f"{path}{missing}" if path else "not set"))
    return found


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
