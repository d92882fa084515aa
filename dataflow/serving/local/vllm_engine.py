"""vLLM's asynchronous engine, in the engine's process. The model's own processor and template make its input."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from dataflow.core.errors import DataFlowError, PrerequisiteError, RequestRefused
from dataflow.serving.local.chat import Chat
from dataflow.serving.local.host import EngineDead
from dataflow.serving.local.loading import find_model
from dataflow.serving.local.pixels import frames_of, image_of, metadata_of
from dataflow.serving.local.room import Room
from dataflow.serving.local.trouble import explain, too_long

EXPECTED_ANSWER = 256
"""Tokens that an answer is taken to have before any has come."""


class VllmEngine:
    """Answers requests with vLLM; see `dataflow.serving.local.host.Engine`."""

    def __init__(self) -> None:
        self._engine: Any = None
        self._numbers = itertools.count()
        self._answers = 0
        self._written = 0
        self._refused_schemas: set[bytes] = set()

    async def start(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Load the model.

        Args:
            settings: `model`, `cache_dir`, `local_dir`; `arguments` of the engine; `log`, the file it writes to.

        Raises:
            PrerequisiteError: it cannot be loaded; says what to do.
        """
        folder = await asyncio.to_thread(find_model, settings["model"], settings["cache_dir"], settings["local_dir"])
        try:
            # not on a thread: it wants the main one, for signals
            self._load(folder, settings["arguments"])
        except DataFlowError:
            raise
        except Exception as error:
            raise PrerequisiteError(explain(error, Path(settings["log"]), "vLLM")) from error
        cache = self._engine.vllm_config.cache_config
        tokens = (cache.num_gpu_blocks or 0) * cache.block_size
        self._room = Room(tokens or 2**60)
        self._context = self._engine.model_config.max_model_len
        return {"context": self._context, "cache_tokens": tokens, "block_size": cache.block_size}

    def _load(self, folder: Path, arguments: Mapping[str, Any]) -> None:
        from transformers import AutoProcessor
        from vllm.engine.arg_utils import AsyncEngineArgs
        from vllm.v1.engine.async_llm import AsyncLLM

        trusted = bool(arguments.get("trust_remote_code"))
        self._chat = Chat(AutoProcessor.from_pretrained(folder, trust_remote_code=trusted))
        try:
            made = AsyncEngineArgs(model=str(folder), **arguments)
        except TypeError as error:
            raise PrerequisiteError(f"vLLM's engine has no such argument: {error}") from error
        self._engine = AsyncLLM.from_engine_args(made)

    async def answer(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """Answer one request.

        Args:
            job: `turns`, `media`, `params`, `seed`, `schema` and `order`.

        Raises:
            RequestRefused: the prompt is too long, or the engine does not take the request.
            EngineDead: it has ended.
        """
        from vllm.exceptions import VLLMClientError
        from vllm.v1.engine.exceptions import EngineDeadError

        stated = orjson.dumps(job["schema"], option=orjson.OPT_SORT_KEYS)
        if stated in self._refused_schemas:
            job = {**job, "schema": None}
        try:
            return await self._generate(await self._prompt(job), job)
        except EngineDeadError as error:
            raise EngineDead(str(error)) from error
        except (VLLMClientError, ValueError) as error:
            if job["schema"] is None:
                raise RequestRefused(f"vLLM refuses the request: {error}") from error
        # Not every schema can be made a grammar of: the prompt states the form too, and the answer is checked anyway.
        answer = await self.answer({**job, "schema": None})
        self._refused_schemas.add(stated)  # only now is it known that nothing else was wrong
        return answer

    async def _prompt(self, job: Mapping[str, Any]) -> Any:
        """The prompt as vLLM takes it, tokens and pixels ready; media that its cache knows are not processed again."""
        turns = job["turns"]
        text = self._chat.prompt(turns)
        prompt: dict[str, Any] = {"prompt": text}
        if job["media"]:
            prompt |= await asyncio.to_thread(_media, turns, job["media"])
        renderer = self._engine.renderer
        # its own limit would stop counting where the context ends, and then nobody knows by how much it is too long
        counted = replace(renderer.default_chat_tok_params, max_total_tokens=None)
        (made,) = await renderer.render_cmpl_async([prompt], counted)
        return made

    async def _generate(self, prompt: Any, job: Mapping[str, Any]) -> dict[str, Any]:
        ids = prompt["prompt_token_ids"]
        if len(ids) >= self._context:
            raise RequestRefused(too_long(len(ids), self._context))
        params = _sampling(job)
        expected = min(self._written / self._answers if self._answers else EXPECTED_ANSWER, params.max_tokens)
        room = await self._room.enter(job["order"], len(ids) + int(expected))
        try:
            stream = self._engine.generate(prompt, params, str(next(self._numbers)), priority=job["order"])
            async for output in stream:
                done = output
        finally:
            self._room.leave(job["order"], room)
        (answer,) = done.outputs
        if answer.finish_reason in ("abort", "error"):
            raise RequestRefused("vLLM gave the request up; its log says why")
        self._answers += 1
        self._written += len(answer.token_ids)
        places = [place for found in (prompt.get("mm_placeholders") or {}).values() for place in found]
        return {
            "text": answer.text,
            "finish": answer.finish_reason or "stop",
            "read": len(ids),
            "written": len(answer.token_ids),
            "cached": done.num_cached_tokens or 0,
            "media": [[place.offset, place.length] for place in places],
        }

    async def metrics(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """vLLM's own counters and gauges, by name."""
        from vllm.v1.metrics.reader import get_metrics_snapshot

        found = get_metrics_snapshot()
        return {metric.name: metric.value for metric in found if hasattr(metric, "value")}

    def stop(self) -> None:
        """End vLLM's workers."""
        if self._engine is not None:
            self._engine.shutdown(timeout=1.0)


def _media(turns: Any, media: Mapping[str, Any]) -> dict[str, Any]:
    """The pixels of the media in the turns, in order, each under its name."""
    data: dict[str, list[Any]] = {}
    names: dict[str, list[str]] = {}
    made: dict[str, Any] = {}
    for turn in turns:
        for part in turn["parts"]:
            if part["type"] == "text":
                continue
            name = part["uuid"]
            if name not in made:
                item = media[name]
                made[name] = image_of(item) if item["type"] == "image" else (frames_of(item), metadata_of(item))
            data.setdefault(part["type"], []).append(made[name])
            names.setdefault(part["type"], []).append(name)
    return {"multi_modal_data": data, "multi_modal_uuids": names}


def _sampling(job: Mapping[str, Any]) -> Any:
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
        raise RequestRefused(f"vLLM does not take these generation parameters: {error}") from error
