"""By what damage to a run's files is noticed: the manifest is sealed with a checksum of itself, and knows the digest
of the data file that the run wrote. A disk that turns a letter over, or a hand that edits, changes no answer in
silence."""

from __future__ import annotations

from hashlib import blake2b, sha256
from pathlib import Path
from typing import Any

import orjson

from dataflow.runs.manifest import entry_of, read_manifest
from dataflow.runs.names import MANIFEST

SEAL = "checksum"
DIGEST = "digest"

_DIGEST_BYTES = 8
_CURE = "The same command as before writes it anew from the ledger and asks nothing again"


def digest_of(data: Path) -> str:
    """The digest of a data file; empty where it cannot be read, of which whoever reads its rows says why."""
    whole = sha256()
    try:
        with data.open("rb") as file:
            while chunk := file.read(1 << 20):
                whole.update(chunk)
    except OSError:
        return ""
    return whole.hexdigest()[:32]


def sealed(document: dict[str, Any]) -> dict[str, Any]:
    """A manifest with its checksum."""
    return {**document, SEAL: _checksum(document)}


def what_is_odd(data: Path) -> list[str]:
    """In what a data file and the manifest beside it are not as a run wrote them; empty for files of no run.

    Reads the whole data file where a run has noted its digest.
    """
    odd = what_is_odd_in_manifest(data)
    noted = entry_of(data).get(DIGEST)
    if isinstance(noted, str) and data.is_file() and digest_of(data) not in (noted, ""):
        odd.append(f"{data} is not as the run wrote it: it was edited, or damaged on the disk. {_CURE}")
    return odd


def what_is_odd_in_manifest(data: Path) -> list[str]:
    """In what the manifest beside a data file is not as a run wrote it; empty where there is none."""
    path = data.with_name(MANIFEST)
    document = read_manifest(path)
    if path.exists() and not document:
        return [f"{path} cannot be read, so what the run says of its columns is not known. {_CURE}"]
    if SEAL in document and document[SEAL] != _checksum(document):
        return [f"{path} is not as the run wrote it: it was edited, or damaged on the disk. {_CURE}"]
    return []


def _checksum(document: dict[str, Any]) -> str:
    rest = {name: value for name, value in document.items() if name != SEAL}
    return blake2b(orjson.dumps(rest), digest_size=_DIGEST_BYTES).hexdigest()
