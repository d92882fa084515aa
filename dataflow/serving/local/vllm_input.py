"""A request's media and generation parameters in the form in which vLLM takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dataflow.core.causes import said_by
from dataflow.core.errors import RequestRefused
from dataflow.serving.local.pixels import frames_of, image_of, metadata_of


def media_parts(turns: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The images and videos of the turns, in the order in which they stand."""
    return [part for turn in turns for part in turn["parts"] if part["type"] != "text"]


def pixels_of(turns: Sequence[Mapping[str, Any]], media: Mapping[str, Any]) -> dict[str, Any]:
    """The pixels of the media in the turns, in order, each under its name."""
    data: dict[str, list[Any]] = {}
    names: dict[str, list[str]] = {}
    made: dict[str, Any] = {}
    for part in media_parts(turns):
        name = part["uuid"]
        if name not in made:
            item = media[name]
            made[name] = image_of(item) if item["type"] == "image" else (frames_of(item), metadata_of(item))
        data.setdefault(part["type"], []).append(made[name])
        names.setdefault(part["type"], []).append(name)
    return {"multi_modal_data": data, "multi_modal_uuids": names}


def sampling_params(job: Mapping[str, Any]) -> Any:
    """A request's parameters as vLLM's.

    Raises:
        RequestRefused: vLLM does not know one of them, or its value.
    """
    from vllm import SamplingParams
    from vllm.sampling_params import RequestOutputKind, StructuredOutputsParams

    schema = job["schema"]
    form = StructuredOutputsParams(json=schema) if schema is not None else None
    try:
        return SamplingParams(
            **job["params"], seed=job["seed"], structured_outputs=form, output_kind=RequestOutputKind.FINAL_ONLY
        )
    except (TypeError, ValueError) as error:
        raise RequestRefused(f"vLLM does not take these generation parameters: {said_by(error)}") from error
