"""Model specs of the command line, `embedded`, `openai/NAME`, `vllm/NAME`, `transformers/NAME`, as servings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from difflib import get_close_matches
from inspect import signature
from typing import Any

import orjson

from dataflow.core import UsageError, VLMServingABC


def embedded(model: str, settings: Mapping[str, Any]) -> VLMServingABC:
    """`embedded`: no model, but measurements."""
    from dataflow.serving.embedded import EmbeddedVLMServing

    if model:
        raise UsageError(f"the embedded serving has no models: --model embedded, not embedded/{model}")
    given = {name: value for name, value in settings.items() if value is not None}
    if (address := given.pop("api_url", None)) is not None:
        raise UsageError(
            f"which model answers at {_shown(address)}? Add --model openai/NAME, with the name that the endpoint uses "
            "(without --model it is the embedded serving, which asks no endpoint)"
        )
    _refuse_others(given, {"max_workers", "max_image_pixels"}, "the embedded serving, which asks no model")
    return EmbeddedVLMServing(**given)


def openai(model: str, settings: Mapping[str, Any]) -> VLMServingABC:
    """`openai/NAME`: any endpoint that speaks the OpenAI protocol; `openai/NAME?top_p=0.5&seed=3` sets more of it."""
    from dataflow.serving.api_vlm_serving_openai import APIVLMServing_openai
    from dataflow.serving.openai_api.headers import filled

    name, _, query = model.partition("?")
    if not name:
        raise UsageError("which model? write --model openai/NAME, with the name that the endpoint uses")
    given = {key: value for key, value in settings.items() if value is not None}
    filled(given.get("headers", {}))  # a variable that is not set is told before anything begins
    known = signature(APIVLMServing_openai).parameters.keys() - {"model_name", "headers"}
    said = _query("openai", query)
    for key in said:
        if key == "headers":
            raise UsageError("headers are no part of a model's name, which is kept and shown: --header NAME:VALUE")
        if key not in known:
            raise UsageError(f"openai/{name} has no setting {key!r}: {_near(key, known)}")
    return APIVLMServing_openai(model_name=name, **_together(said, given))


def vllm(model: str, settings: Mapping[str, Any]) -> VLMServingABC:
    """`vllm/NAME`: a model on this machine's GPU; `vllm/NAME?max_model_len=32768&dtype=bfloat16` sets more of it."""
    from dataflow.serving.local_model_vlm_serving import LocalModelVLMServing_vllm

    return _local(LocalModelVLMServing_vllm, "vllm", model, settings)


def transformers(model: str, settings: Mapping[str, Any]) -> VLMServingABC:
    """`transformers/NAME`: a model on this machine, which needs no GPU; parameters as for `vllm/NAME`."""
    from dataflow.serving.local_model_vlm_serving import LocalModelVLMServing_transformers

    return _local(LocalModelVLMServing_transformers, "transformers", model, settings)


def _near(key: str, known: Collection[str]) -> str:
    """Which of the known names may be meant."""
    near = get_close_matches(key, known, 3, 0.6)
    return f"did you mean {' or '.join(near)}?" if near else f"known are {', '.join(sorted(known))}"


def _together(said: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """What is set behind the `?` of a model, and by options.

    Raises:
        UsageError: both set the same thing.
    """
    if twice := sorted(said.keys() & given.keys()):
        raise UsageError(f"{_option(twice[0])} and ?{twice[0]}= say the same thing: leave one of the two out")
    return {**said, **given}


def _option(name: str) -> str:
    """The option of `dataflow run` that gives a setting."""
    return f"--{name.removesuffix('s') if name == 'headers' else name.replace('_', '-')}"


_OF_ALL = ("patience", "requests_per_minute", "tokens_per_minute")
_LIKE = {
    "openai": "'openai/NAME?top_p=0.5&seed=3'",
    "vllm": "'vllm/NAME?max_model_len=32768'",
    "transformers": "'transformers/NAME?device=cpu'",
}
_MORE = {"vllm": "vllm_engine_args", "transformers": "transformers_model_args"}


def _local(serving: Callable[..., VLMServingABC], kind: str, spec: str, settings: Mapping[str, Any]) -> VLMServingABC:
    """A serving of a local model.

    Args:
        serving: its class.
        kind: what its model specs begin with, and its parameters.
        spec: the model, and what is set behind a `?`: parameters without their prefix, or the engine's own arguments.
        settings: of the command line; None leaves the serving's default.
    """
    model, _, query = spec.partition("?")
    if not model:
        raise UsageError(f"which model? write --model {kind}/NAME, a folder or a name on the hub")
    if settings.get("api_url") is not None:
        raise UsageError(
            f"--api-url goes with --model openai/NAME, with the name that the endpoint uses; {kind}/{model} runs on "
            "this machine: leave one of the two out"
        )
    parameters = signature(serving).parameters
    known: dict[str, Any] = {}
    more: dict[str, Any] = {}
    given = {name: value for name, value in settings.items() if value is not None}
    for name, value in _together(_query(kind, query), given).items():
        target = next((full for full in (f"{kind}_{name}", f"hf_{name}", name) if full in parameters), None)
        if target is not None:
            known[target] = value
        elif name not in given:
            more[name] = value
    known_as = {name for name in given if {f"{kind}_{name}", f"hf_{name}", name} & parameters.keys()}
    _refuse_others(given, known_as | {*_OF_ALL}, f"{kind}/{model}, which runs on this machine")
    made = serving(hf_model_name_or_path=model, **known, **({_MORE[kind]: more} if more else {}))
    for name in _OF_ALL:
        if name in given:
            setattr(made, name, given[name])
    return made


def _refuse_others(given: Mapping[str, Any], usable: Collection[str], who: str) -> None:
    """See that no option is given that would silently do nothing.

    Args:
        given: the settings of the command line.
        usable: those that the serving can use.
        who: the serving, in words.

    Raises:
        UsageError: one is; names it, and what to type.
    """
    names = [_option(name) for name in given if name not in usable]
    if names:
        which = "it" if len(names) == 1 else "them"
        raise UsageError(
            f"{' and '.join(names)} cannot be used with {who}: leave {which} out, or name an endpoint's model with "
            "--model openai/NAME --api-url URL"
        )


def _shown(address: Any) -> str:
    """An endpoint's address, or several, without what may be secret in them."""
    from dataflow.serving.openai_api.address import read_address

    addresses = [address] if isinstance(address, str) else list(address)
    return ", ".join(read_address(one).shown.removesuffix("/chat/completions") for one in addresses)


def _query(kind: str, query: str) -> dict[str, Any]:
    """What is set behind the `?` of a spec, values as JSON where they are JSON.

    Raises:
        UsageError: it is not KEY=VALUE&KEY=VALUE.
    """
    from urllib.parse import parse_qsl

    try:
        pairs = parse_qsl(query, strict_parsing=True) if query else []
    except ValueError:
        raise UsageError(f"?{query}: write KEY=VALUE&KEY=VALUE, such as {_LIKE[kind]}") from None
    return {name: _value(value) for name, value in pairs}


def _value(text: str) -> Any:
    try:
        return orjson.loads(text)
    except ValueError:
        return {"True": True, "False": False}.get(text, text)
