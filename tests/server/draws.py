"""What is drawn at random, as a pure function of seed, record and attempt: no run depends on the order of arrival."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from math import exp
from statistics import NormalDist

_NORMAL = NormalDist()


def uniform_pair(seed: int, record: bytes, attempt: int) -> tuple[float, float]:
    """Two independent numbers, uniform in (0, 1)."""
    key = b"%d:%d:" % (seed, attempt)
    bits = blake2b(key + record, digest_size=16).digest()
    return _unit(bits[:8]), _unit(bits[8:])


def draw_fault(faults: Mapping[str, float], u: float) -> str:
    """The fault that the number u falls on, or an empty string."""
    for fault, probability in faults.items():
        u -= probability
        if u < 0:
            return fault
    return ""


def draw_latency(median: float, sigma: float, u: float) -> float:
    """Seconds: the u-quantile of a lognormal distribution, or the median itself where sigma is 0."""
    return median * exp(sigma * _NORMAL.inv_cdf(u)) if sigma else median


def _unit(eight_bytes: bytes) -> float:
    return ((int.from_bytes(eight_bytes, "big") >> 11) + 0.5) / 2**53
