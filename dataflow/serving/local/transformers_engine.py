"""A model on transformers, in the engine's process: batches of what waits, padded on the left."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from dataflow.core.errors import DataFlowError, PrerequisiteError, RequestRefused
from dataflow.serving.local.batches import Batches
from dataflow.serving.local.chat import Chat
from dataflow.serving.local.loading import find_model
from dataflow.serving.local.pixels import frames_of, image_of, metadata_of
from dataflow.serving.local.sampling import logits_processors
from dataflow.serving.local.trouble import explain, too_long


class TransformersEngine:
    """Answers requests with transformers; see `dataflow.serving.local.host.Engine`."""

    async def start(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Load the model.

        Args:
            settings: `model`, `cache_dir`, `local_dir`, `trust_remote_code`, `device`, `context`, `batch_size`;
                `arguments` of `from_pretrained`; `log`, the file it writes to.

        Raises:
            PrerequisiteError: it cannot be loaded; says what to do.
        """
        folder = await asyncio.to_thread(find_model, settings["model"], settings["cache_dir"], settings["local_dir"])
        try:
            await asyncio.to_thread(self._load, folder, settings)
        except DataFlowError:
            raise
        except Exception as error:
            raise PrerequisiteError(explain(error, Path(settings["log"]), "transformers")) from error
        self._batches: Batches[Mapping[str, Any], dict[str, Any]] = Batches(self._run, _kind, settings["batch_size"])
        return {"context": self._context, "device": str(self._model.device)}

    def _load(self, folder: Path, settings: Mapping[str, Any]) -> None:
        import torch
        from transformers import AutoModelForCausalLM, AutoModelForImageTextToText, AutoProcessor

        trusted = {"trust_remote_code": settings["trust_remote_code"]}
        self._processor = AutoProcessor.from_pretrained(folder, **trusted)
        self._tokenizer = getattr(self._processor, "tokenizer", self._processor)
        self._tokenizer.padding_side = "left"
        if self._tokenizer.pad_token is None:
            self._tokenizer.pad_token = self._tokenizer.eos_token
        self._chat = Chat(self._processor)
        sees = self._processor is not self._tokenizer
        kind = AutoModelForImageTextToText if sees else AutoModelForCausalLM
        arguments = {"dtype": "auto", **settings["arguments"], **trusted}
        self._model = kind.from_pretrained(folder, **arguments).eval()
        if "device_map" not in arguments:
            self._model.to(settings["device"] or ("cuda" if torch.cuda.is_available() else "cpu"))
        text = self._model.config.get_text_config()
        self._context = settings["context"] or getattr(text, "max_position_embeddings", None) or 2**31

    async def answer(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """Answer one request, in a batch with others.

        Args:
            job: `turns`, `media`, `params`, `seed`, `schema` and `order`.

        Raises:
            RequestRefused: the prompt is too long, or a parameter unknown.
        """
        return await self._batches.answer(job["order"], job)

    async def metrics(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """The sizes of the last batches."""
        return {"batches": list(self._batches.sizes)}

    def stop(self) -> None:
        """Nothing is held that the end of the process does not give back."""

    def _run(self, jobs: Sequence[Mapping[str, Any]]) -> list[dict[str, Any] | Exception]:
        """Answer a batch. Where it fails together, each is tried alone, so that one bad request costs only itself."""
        try:
            return list(self._generate(jobs))
        except Exception as error:
            if len(jobs) == 1:
                return [error]
            return [answer for job in jobs for answer in self._run([job])]

    def _generate(self, jobs: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        import torch

        inputs = self._inputs(jobs).to(self._model.device)
        width = inputs["input_ids"].shape[1]
        lengths = inputs["attention_mask"].sum(dim=1).tolist()
        if max(lengths) >= self._context:
            raise RequestRefused(too_long(max(lengths), self._context))
        params = jobs[0]["params"]
        processors = logits_processors(params, [job["seed"] for job in jobs], self._model.device)
        longest = min(int(params.get("max_tokens", 1024)), self._context - max(lengths))
        with torch.inference_mode():
            written = self._model.generate(
                **inputs,
                max_new_tokens=longest,
                do_sample=False,
                logits_processor=processors,
                pad_token_id=self._tokenizer.pad_token_id,
                # what the model's makers recommend is not what was asked for
                temperature=None,
                top_p=None,
                top_k=None,
                repetition_penalty=1.0,
            )
        return [self._answer(row[width:].tolist(), length) for row, length in zip(written, lengths, strict=True)]

    def _inputs(self, jobs: Sequence[Mapping[str, Any]]) -> Any:
        texts = [self._chat.prompt(job["turns"]) for job in jobs]
        asked: dict[str, Any] = {"padding": True, "return_tensors": "pt", "add_special_tokens": False}
        images = [[image_of(item) for item in _media(job, "image")] for job in jobs]
        videos = [_media(job, "video") for job in jobs]
        if images[0]:
            asked["images"] = images
        if videos[0]:
            asked["videos"] = [[frames_of(item) for item in row] for row in videos]
            about = [[metadata_of(item) for item in row] for row in videos]
            asked["video_metadata"] = [[_without(one, "do_sample_frames") for one in row] for row in about]
            asked["do_sample_frames"] = False
        if (images[0] or videos[0]) and self._processor is self._tokenizer:
            raise RequestRefused("this model reads text only")
        return self._processor(text=texts, **asked)

    def _answer(self, tokens: list[int], read: int) -> dict[str, Any]:
        ends = self._model.generation_config.eos_token_id
        stops = set(ends if isinstance(ends, list) else [ends])
        end = next((number for number, token in enumerate(tokens) if token in stops), None)
        text = self._tokenizer.decode(tokens if end is None else tokens[:end], skip_special_tokens=True)
        if end is None:
            text = text.rstrip("\ufffd")  # half a character, cut by the limit
        written = len(tokens) if end is None else end + 1
        return {"text": text, "finish": "length" if end is None else "stop", "read": read, "written": written}


def _kind(job: Mapping[str, Any]) -> bytes:
    """Requests go together when they have the same parameters and as many images and videos."""
    counts = [len(_media(job, "image")), len(_media(job, "video"))]
    return orjson.dumps([counts, job["params"]], option=orjson.OPT_SORT_KEYS)


def _media(job: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    """The images or videos of a request in the order in which they stand in its turns."""
    parts = [part for turn in job["turns"] for part in turn["parts"] if part["type"] == kind]
    return [job["media"][part["uuid"]] for part in parts]


def _without(fields: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if key != name}
