"""What the shell offers at Tab: names that are known without loading what they stand for."""

from __future__ import annotations

Offer = list[tuple[str, str]]
"""Words with a hint to each; the shell itself offers files where none of them fits."""

FORMATS = ("jsonl", "json", "csv", "parquet")
DETAILS = ("low", "high", "auto", "original")
PLANS = {
    "uniform:16": "16 frames over the whole",
    "uniform:16:keyframe": "16 of the keyframes",
    "fps:1:64": "one a second, 64 at most",
    "keyframes:16": "16 keyframes at most",
    "shots:2:64": "2 of each shot, 64 at most",
}


def pipelines(incomplete: str) -> Offer:
    """The pipelines, those of installed packages too."""
    return _named("pipelines", incomplete)


def models(incomplete: str) -> Offer:
    """What a model spec begins with."""
    hints = {"embedded": "measures, asks no model", "openai": "an endpoint, with --api-url"}
    named = [(name if name == "embedded" else f"{name}/", hints.get(name, "")) for name, _ in _named("servings", "")]
    return _fitting(named, incomplete)


def exports(incomplete: str) -> Offer:
    """The formats of `dataflow export`."""
    from dataflow.export.targets import TARGETS

    return _fitting([(name, "") for name in TARGETS], incomplete)


def formats(incomplete: str) -> Offer:
    """The formats of data files."""
    return _fitting([(name, "") for name in FORMATS], incomplete)


def details(incomplete: str) -> Offer:
    """How closely a model may look at images."""
    return _fitting([(name, "") for name in DETAILS], incomplete)


def plans(incomplete: str) -> Offer:
    """Plans that take frames from a video, one of each form."""
    return _fitting(list(PLANS.items()), incomplete)


def _named(kind: str, incomplete: str) -> Offer:
    from dataflow.registry import entries

    return _fitting([(entry.name, "") for entry in entries(kind)], incomplete)  # type: ignore[arg-type]


def _fitting(offer: Offer, incomplete: str) -> Offer:
    return [(word, hint) for word, hint in offer if word.startswith(incomplete)]
