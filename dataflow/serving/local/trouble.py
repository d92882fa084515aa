"""What goes wrong with engines, and what to type: their own reasons stand somewhere in hundreds of lines of log."""

from __future__ import annotations

import re
from pathlib import Path

from dataflow.core.causes import quoted

LAST_BYTES = 256 * 2**10

_CURES: tuple[tuple[str, str], ...] = (
    (
        r"Failed to infer device type|No CUDA GPUs are available|Found no NVIDIA driver|no CUDA-capable device",
        "there is no GPU here that it can use: take transformers/NAME (LocalModelVLMServing_transformers), which runs "
        "on the CPU too, or a server elsewhere (openai/NAME with --api-url)",
    ),
    (
        r"(?:World size|tensor parallel size).{0,80}larger than the number of available GPUs",
        "there are fewer GPUs here than it is to share the model among: lower vllm_tensor_parallel_size",
    ),
    (
        r"must be divisible by tensor parallel size",
        "choose another vllm_tensor_parallel_size: the model's heads must divide",
    ),
    (
        r"desired CPU memory utilization|Available memory on node",
        "too little memory is free: lower vllm_gpu_memory_utilization (on a CPU it is the share of all memory), or "
        "export VLLM_CPU_KVCACHE_SPACE=4 (GiB of cache)",
    ),
    (
        r"Free memory on device",
        "other processes hold this GPU's memory: end them, or lower vllm_gpu_memory_utilization",
    ),
    (
        r"No available memory for the cache blocks|larger than the available KV cache|Cannot auto-fit max_model_len",
        "the memory left beside the weights is too small for one request of full length: lower vllm_max_model_len, or "
        "raise vllm_gpu_memory_utilization",
    ),
    (
        r"out of memory|OutOfMemoryError|not enough GPU memory|can't allocate memory|Cannot allocate memory",
        "the model does not fit into memory: take a smaller or quantized one, share it among GPUs "
        "(vllm_tensor_parallel_size), or lower vllm_max_model_len and vllm_gpu_memory_utilization",
    ),
    (
        r"trust_remote_code",
        "the model brings Python code of its own, which is not run unless asked for: read it, then pass "
        "trust_remote_code=True",
    ),
    (
        r"greater than the derived max_model_len|greater than the maximum",
        "vllm_max_model_len is beyond what the model has positions for: lower it, or leave it out",
    ),
    (
        r"are not supported for now|does not recognize this architecture|has no vLLM implementation",
        "this version does not know the model's architecture: take a newer one, or transformers/NAME",
    ),
    (
        r"SafetensorError|InvalidHeaderDeserialization|MetadataIncompleteBuffer|HeaderTooLarge",
        "a file of its weights is damaged or cut off: fetch the model again",
    ),
)

_REASON = re.compile(r"(?:^|\s)([\w.]*(?:Error|Exception): [^\n]{1,300})")
_SAYS_NOTHING = ("Engine core initialization failed", "See root cause above", "WorkerProc initialization failed")


def explain(error: Exception, log: Path, engine: str) -> str:
    """One line on why an engine did not start: its reason, the cure where one is known, and where to read more.

    Args:
        error: what it raised.
        log: what it and its workers wrote.
        engine: what to call it.
    """
    said = f"{type(error).__name__}: {str(error)[:LAST_BYTES]}\n{tail(log)}"
    reason = quoted(_reason(said))
    where = f"(log: {log})"
    for pattern, cure in _CURES:
        if re.search(pattern, said, re.IGNORECASE):
            return f"{engine} cannot load the model: {cure}. It says: {reason} {where}"
    return f"{engine} cannot load the model: {reason} {where}"


def tail(log: Path) -> str:
    """The end of a log, as text."""
    try:
        with log.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - LAST_BYTES))
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""


def _reason(said: str) -> str:
    """The first error that says something; what follows it is mostly that it was met."""
    reasons = [match.group(1).strip() for match in _REASON.finditer(said)]
    telling = [reason for reason in reasons if not any(empty in reason for empty in _SAYS_NOTHING)]
    return (telling or reasons or [said.splitlines()[0]])[0]


def too_long(tokens: int, context: int) -> str:
    """What is said of a prompt that leaves no room for an answer."""
    return (
        f"the prompt has {tokens:,} tokens, {tokens - context + 1:,} more than fit into a context of {context:,} with "
        "an answer: show fewer frames (--frames uniform:8) or smaller pictures, or raise max_model_len"
    )
