"""The manifest, `run.json`: what a run did, with what, and how far it is. Holds no secrets."""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import orjson

from dataflow.core import EndpointState, LLMServingABC, Step
from dataflow.core.endpoint_state import HERE
from dataflow.core.folder import absolute
from dataflow.core.secrets import shown_command, without_credentials, without_named_secrets
from dataflow.engine.counts import Counts
from dataflow.runs.names import MANIFEST
from dataflow.runs.seal import DIGEST, SEAL, sealed
from dataflow.storage.own_files import write_new
from dataflow.storage.places import MediaPlaces
from dataflow.version import __version__

REFRESH_SECONDS = 2.0


class Manifest:
    """Keeps `run.json` in the output folder up to date while a run goes on.

    Args:
        output: the data file of the run; the manifest lies beside it.
        sources: what the samples are read from.
        steps: the operators.
        counts: the counters of the run.
        places: where media are looked for.
        servings: who may be asked, as far as is known by now.
    """

    def __init__(
        self,
        output: Path,
        sources: Sequence[str],
        steps: Sequence[Step],
        counts: Counts,
        places: MediaPlaces,
        servings: Callable[[], Sequence[LLMServingABC]],
    ) -> None:
        self.digest = ""
        """Of the data file, once it is written."""
        self._path = output.with_name(MANIFEST)
        self._counts = counts
        self._servings = servings
        self._written = 0.0
        self._earlier = _earlier(self._path, output.stem)
        self._fixed = {
            "command": shown_command(sys.argv),
            "output": str(output),
            "input": sources[0] if len(sources) == 1 else list(sources),
            "base": [str(absolute(base)) for base in places.bases],
            "folders": [str(absolute(folder)) for folder in places.own],
            "started": datetime.now(UTC).isoformat(timespec="seconds"),
            "host": {"python": platform.python_version(), "system": platform.platform(), "cores": os.cpu_count()},
            "versions": {"dataflow-mm": __version__, **_versions("av", "numpy", "pillow", "aiohttp")},
            "operators": [{"name": step.name, "keys": dict(step.keys), "holds": step.holds()} for step in steps],
            "prompts": {
                name: blake2b(text.encode(), digest_size=8).hexdigest()
                for step in steps
                for name, text in step.operator.prompts().items()
            },
            "pid": os.getpid(),
        }

    def lineage(self) -> list[Path]:
        """The data file, and those of earlier steps in the same folder that it is made of."""
        made: dict[str, Any] = {str(step.get("output")): step.get("input") for step in self._earlier.values()}
        outputs = [str(self._fixed["output"])]
        source = self._fixed["input"]
        while isinstance(source, str) and source in made and source not in outputs:
            outputs.append(source)
            source = made[source]
        return [Path(output) for output in outputs]

    def refresh(self) -> None:
        """Write the state of a run that goes on, at most every few seconds."""
        now = time.monotonic()
        if now - self._written >= REFRESH_SECONDS:
            self._written = now
            self.write("running")

    def write(self, state: str, message: str | None = None) -> None:
        """Write the manifest.

        Args:
            state: `running`, `done`, `done with failures`, `stopped` or `failed`.
            message: why it was stopped or failed.
        """
        counts = self._counts
        document: dict[str, Any] = {
            "state": state,
            **({"message": message} if message else {}),
            **self._fixed,
            "servings": [_described(serving) for serving in self._servings()],
            "counts": counts.as_dict(),
            **counts.spending(),
            "seconds": round(counts.seconds, 3),
            "updated": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        if counts.taken is not None:
            document["taken"] = counts.taken.as_dict()
        if counts.warnings:
            document["warnings"] = counts.warnings
        if self._earlier:
            document["steps"] = self._earlier
        if self.digest:
            document[DIGEST] = self.digest
        temporary = self._path.with_name(f".{MANIFEST}.{os.getpid()}")
        try:
            write_new(temporary, orjson.dumps(sealed(document), option=orjson.OPT_INDENT_2))
            temporary.replace(self._path)
        except OSError:  # a full disk: the run itself reports it where data would be lost
            with suppress(OSError):
                temporary.unlink()


def _earlier(path: Path, stem: str) -> dict[str, Any]:
    """What the manifest says of the other step files in the same folder, one entry a file."""
    try:
        document = orjson.loads(path.read_bytes())
        steps = dict(document.pop("steps", {}))
        document.pop(SEAL, None)
        steps[Path(document["output"]).stem] = document
        steps.pop(stem, None)
        return steps
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _described(serving: LLMServingABC) -> dict[str, Any]:
    identity = {
        name: without_credentials(value) if isinstance(value, str) else value
        for name, value in serving.identity.items()
    }
    described = identity | {"params": without_named_secrets(serving.params), "max_workers": serving.max_workers}
    if variable := getattr(serving, "address_from", ""):
        described["address_from"] = variable
    states = [_state(one) for one in serving.endpoint_states if one.url != HERE]
    return described | {"endpoints": states} if states else described


def _state(state: EndpointState) -> dict[str, Any]:
    """How an endpoint stands, since its serving was first asked."""
    until = state.resting_until
    resting = None if until is None else datetime.fromtimestamp(until, UTC).isoformat(timespec="seconds")
    return asdict(state) | {"url": without_credentials(state.url), "resting_until": resting}


def _versions(*names: str) -> dict[str, str]:
    found = {}
    for name in names:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found
