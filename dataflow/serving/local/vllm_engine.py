"""vLLM's asynchronous engine, in the engine's process. The model's own processor and template make its input."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from dataflow.core.causes import said_by
from dataflow.core.errors import DataFlowError, PrerequisiteError, RequestRefused
from dataflow.serving.local.chat import Chat
from dataflow.serving.local.expected import Expected
from dataflow.serving.local.host import EngineDead
from dataflow.serving.local.loading import find_model
from dataflow.serving.local.room import Room
from dataflow.serving.local.trouble import explain, too_long
from dataflow.serving.local.vllm_input import media_parts, pixels_of, sampling_params

TRIES = 3
"""Times that a request is given to the engine: it hands one back when its cache of processed media has lost an item."""


class VllmEngine:
    """Answers requests with vLLM; see `dataflow.serving.local.host.Engine`."""

    def __init__(self) -> None:
        self._engine: Any = None
        self._numbers = itertools.count()
        self._expected = Expected()
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
        processor = AutoProcessor.from_pretrained(folder, trust_remote_code=trusted)
        self._chat = Chat(processor)
        self._tokenizer = getattr(processor, "tokenizer", processor)
        try:
            made = AsyncEngineArgs(model=str(folder), **arguments)
        except TypeError as error:
            raise PrerequisiteError(f"vLLM's engine has no such argument: {said_by(error)}") from error
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
            return await self._in_room(job)
        except EngineDeadError as error:
            raise EngineDead(said_by(error)) from error
        except (VLLMClientError, ValueError) as error:
            if job["schema"] is None:
                raise RequestRefused(f"vLLM refuses the request: {said_by(error)}") from error
        # Not every schema can be made a grammar of: the prompt states the form too, and the answer is checked anyway.
        answer = await self.answer({**job, "schema": None})
        self._refused_schemas.add(stated)  # only now is it known that nothing else was wrong
        return answer

    async def _in_room(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """Answer a request when there is room; its pixels are unpacked only then, or all that wait would lie in memory.

        Raises:
            RequestRefused: see `answer`.
        """
        params = sampling_params(job)
        text = self._chat.prompt(job["turns"])
        ids = self._tokenizer(text, add_special_tokens=False)["input_ids"]
        order, media = job["order"], [part["type"] for part in media_parts(job["turns"])]
        room = await self._room.enter(order, len(ids) + await self._expected.tokens(media, params.max_tokens))
        try:
            for _ in range(TRIES):
                prompt = await self._prompt(ids, job)
                room = self._room.correct(room, len(prompt["prompt_token_ids"]) + self._expected.answer)
                done = await self._generate(prompt, params, order)
                (answer,) = done.outputs
                if answer.finish_reason not in ("abort", "error"):
                    return self._reply(prompt, done, answer)
            raise RequestRefused("vLLM gave the request up; its log says why")
        finally:
            if media:
                self._expected.open()
            self._room.leave(order, room)

    async def _prompt(self, ids: list[int], job: Mapping[str, Any]) -> Any:
        """The prompt as vLLM takes it, pixels made ready; media that its cache knows are not processed again."""
        prompt: dict[str, Any] = {"prompt_token_ids": ids}
        if job["media"]:
            prompt |= await asyncio.to_thread(pixels_of, job["turns"], job["media"])
        renderer = self._engine.renderer
        # its own limit would stop counting where the context ends, and then nobody knows by how much it is too long
        counted = replace(renderer.default_chat_tok_params, max_total_tokens=None)
        (made,) = await renderer.render_cmpl_async([prompt], counted)
        for kind, places in (made.get("mm_placeholders") or {}).items():
            self._expected.saw(kind, [place.length for place in places])
        length = len(made["prompt_token_ids"])
        if length >= self._context:
            raise RequestRefused(too_long(length, self._context))
        return made

    async def _generate(self, prompt: Any, params: Any, order: int) -> Any:
        stream = self._engine.generate(prompt, params, str(next(self._numbers)), priority=order)
        async for output in stream:
            done = output
        return done

    def _reply(self, prompt: Any, done: Any, answer: Any) -> dict[str, Any]:
        self._expected.wrote(len(answer.token_ids))
        places = [place for found in (prompt.get("mm_placeholders") or {}).values() for place in found]
        return {
            "text": answer.text,
            "finish": answer.finish_reason or "stop",
            "read": len(prompt["prompt_token_ids"]),
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
