"""Sampling with a seed of its own for each row of a batch, so that an answer does not depend on who was beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dataflow.core.errors import RequestRefused

KNOWN = ("temperature", "top_p", "top_k", "min_p", "repetition_penalty", "max_tokens")


def logits_processors(params: Mapping[str, Any], seeds: Sequence[int], device: Any) -> Any:
    """What makes greedy decoding sample: the usual filters, then Gumbel noise, whose maximum falls on a token with just
    the probability that the filters left it (Gumbel, 1954; the "Gumbel-max trick").

    Args:
        params: under their standard names; `max_tokens` is not for here.
        seeds: one per row.
        device: where the logits are.

    Raises:
        RequestRefused: there is a parameter that transformers' generation does not offer under this name.
    """
    from transformers import generation

    if unknown := sorted(params.keys() - set(KNOWN)):
        raise RequestRefused(f"the transformers serving has no generation parameter {', '.join(unknown)}")
    made = generation.LogitsProcessorList()
    if (penalty := params.get("repetition_penalty", 1.0)) != 1.0:
        made.append(generation.RepetitionPenaltyLogitsProcessor(float(penalty)))
    temperature = float(params.get("temperature", 1.0))
    if temperature < 1e-5:
        return made
    made.append(generation.TemperatureLogitsWarper(temperature))
    if (top_k := int(params.get("top_k", -1))) > 0:
        made.append(generation.TopKLogitsWarper(top_k))
    if (top_p := float(params.get("top_p", 1.0))) < 1.0:
        made.append(generation.TopPLogitsWarper(top_p))
    if min_p := float(params.get("min_p", 0.0)):
        made.append(generation.MinPLogitsWarper(min_p))
    made.append(_noise(seeds, device))
    return made


def _noise(seeds: Sequence[int], device: Any) -> Any:
    import torch
    from transformers import LogitsProcessor

    generators = []
    for seed in seeds:
        generators.append(torch.Generator(device=device))
        generators[-1].manual_seed(seed)

    class Noise(LogitsProcessor):  # type: ignore[misc]
        """Adds Gumbel noise, each row from its own generator."""

        def __call__(self, input_ids: Any, scores: Any) -> Any:
            noise = torch.empty_like(scores, dtype=torch.float32)
            for row, generator in zip(noise, generators, strict=True):
                row.exponential_(generator=generator)
            return scores.float() - noise.log()

    return Noise()
