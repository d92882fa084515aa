"""Where a model's files are: a folder, or a name on the hub, fetched once. Runs in the engine's process."""

from __future__ import annotations

import os
from pathlib import Path

from dataflow.core.causes import said_by
from dataflow.core.errors import PrerequisiteError
from dataflow.core.folder import looked_in

WEIGHTS = ("*.safetensors", "*.bin", "*.gguf", "*.pt")

NOT_NEEDED = ["original/*", "*.pth", "*.onnx", "*.h5", "*.msgpack", "*.gguf", "*.ot"]
"""The same weights once more in other formats: half of many downloads."""


def find_model(name: str, cache_dir: str | None = None, local_dir: str | None = None) -> Path:
    """The folder of a model's files; what is missing is fetched from the hub.

    Args:
        name: a folder, or a name on the hub (`owner/name`).
        cache_dir: the hub's cache; None leaves it where it is.
        local_dir: a folder into which the files are laid instead.

    Raises:
        PrerequisiteError: there is no such model, or it cannot be fetched; says what is missing and where it was looked
            for.
    """
    folder = Path(name).expanduser()
    if folder.is_dir():
        _check(folder)
        return folder.resolve()
    if _looks_like_a_path(name):
        raise PrerequisiteError(
            f"no model folder {name}{looked_in(Path(name))}: give a folder, or a hub name owner/name"
        )
    fetched = _fetch(name, cache_dir, local_dir)
    _check(fetched)
    return fetched


def _check(folder: Path) -> None:
    """Refuse a folder that cannot be loaded, before an engine says so in a hundred lines."""
    if not (folder / "config.json").is_file():
        raise PrerequisiteError(f"{folder} is no model folder: it has no config.json")
    if not any(next(folder.glob(pattern), None) for pattern in WEIGHTS):
        raise PrerequisiteError(
            f"{folder} has a config.json but no weights ({', '.join(WEIGHTS)}): the download is not complete, do it "
            f"again (hf download NAME --local-dir {folder})"
        )


def _looks_like_a_path(name: str) -> bool:
    return name.startswith((".", "/", "~")) or name.count("/") != 1 or "\\" in name


def _fetch(name: str, cache_dir: str | None, local_dir: str | None) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.constants import HF_HUB_CACHE
    from huggingface_hub.errors import (
        GatedRepoError,
        HfHubHTTPError,
        HFValidationError,
        LocalEntryNotFoundError,
        RepositoryNotFoundError,
    )

    cache = Path(cache_dir).expanduser() if cache_dir else Path(HF_HUB_CACHE)
    local = Path(local_dir).expanduser() if local_dir else None
    try:
        return Path(snapshot_download(name, cache_dir=cache, local_dir=local, ignore_patterns=NOT_NEEDED))
    except LocalEntryNotFoundError as error:
        places = f"{local} or {cache.resolve()}" if local else str(cache.resolve())
        offline = os.environ.get("HF_HUB_OFFLINE", "").lower() in ("1", "true", "yes", "on")
        why = "HF_HUB_OFFLINE is set" if offline else "the hub cannot be reached"
        raise PrerequisiteError(
            f"the model {name} is no folder here and not in {places}, and {why}: fetch it where there is a network "
            f"(hf download {name} --local-dir FOLDER) and give the folder as the model"
        ) from error
    except GatedRepoError as error:
        raise PrerequisiteError(
            f"the hub gives out {name} only to those who accepted its terms: do so at https://huggingface.co/{name}, "
            "then hf auth login"
        ) from error
    except (RepositoryNotFoundError, HFValidationError) as error:
        raise PrerequisiteError(
            f"{name} is no folder here, and the hub has no such model or shows it only to its owners: check the name, "
            "or hf auth login"
        ) from error
    except (HfHubHTTPError, OSError) as error:
        raise PrerequisiteError(f"cannot fetch {name} from the hub: {said_by(error)}") from error
