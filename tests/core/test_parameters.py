"""What classes take, with what they hand on."""

from __future__ import annotations

from typing import Any

from dataflow.core.parameters import parameters_of


class Base:
    def __init__(self, serving: object, top: int = 1, bottom: int = 2) -> None: ...


class HandsOn(Base):
    def __init__(self, serving: object, top: int = 3, **shared: Any) -> None: ...


class KeepsAll(HandsOn):
    def __init__(self, only: str) -> None: ...


class Inherits(HandsOn):
    pass


def test_what_a_class_hands_on_is_taken_by_its_base_with_the_defaults_that_hold() -> None:
    for kind in (HandsOn, Inherits):
        assert {name: one.default for name, one in list(parameters_of(kind).items())[1:]} == {"top": 3, "bottom": 2}
    assert list(parameters_of(KeepsAll)) == ["only"]
