"""What a local model is known by in the ledger: other weights in the same folder are another model."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from dataflow.media.digest import file_digest

SUFFIXES = (".json", ".jinja", ".txt", ".model", ".safetensors", ".bin", ".gguf", ".pt", ".py")


def model_identity(name: str) -> Mapping[str, str]:
    """The model's name, and for a folder a digest of its files: weights, tokenizer, processor, chat template.

    Large files are known by their size and sampled blocks, so that 15 GB take milliseconds. A model of the hub is known
    by its name.

    Args:
        name: a folder, or a name on the hub.
    """
    folder = Path(name).expanduser()
    if not folder.is_dir():
        return {"model": name}
    whole = sha256()
    for file in sorted(folder.iterdir()):
        if file.suffix in SUFFIXES and file.is_file():
            whole.update(f"{file.name} {file_digest(file.resolve())}\n".encode())
    return {"model": folder.resolve().name, "weights": whole.hexdigest()[:32]}
