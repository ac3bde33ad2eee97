"""Classes made by ``tracuu.values.dataclass`` are what the standard decorator makes, but sooner made."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from types import SimpleNamespace
from typing import Any

import pytest

from tracuu import values


def classes(dataclass: Any) -> tuple[Any, ...]:
    """Some classes, made by either decorator."""

    @dataclass(frozen=True, slots=True)
    class Point:
        """A point."""

        x: int
        y: int = 0
        tags: dict[str, int] = dataclasses.field(default_factory=dict)

        @property
        def sum(self) -> int:
            """Both."""
            return self.x + self.y

    @dataclass(frozen=True, slots=True)
    class Single:
        """One field."""

        child: Any

    @dataclass(frozen=True, slots=True)
    class Other:
        """The same field."""

        child: Any

    @dataclass(frozen=True, slots=True)
    class Nothing:
        """No field."""

    @dataclass(slots=True)
    class Mutable:
        """Not frozen."""

        names: list[str] = dataclasses.field(default_factory=list)
        count: int = 0

    return Point, Single, Other, Nothing, Mutable


Point, Single, Other, Nothing, Mutable = OURS = classes(values.dataclass)
STANDARD = classes(dataclasses.dataclass)
for made in OURS:  # where pickle looks for them
    made.__qualname__ = made.__name__


@pytest.mark.parametrize(
    "use",
    [
        lambda of: of.Point(1).sum,
        lambda of: (of.Point(1, 2) == of.Point(1, y=2), of.Point(1) == of.Point(2), of.Point(1) != (1, 0, {})),
        lambda of: dataclasses.asdict(of.Point(1, tags={"a": 1})),
        lambda of: dataclasses.asdict(dataclasses.replace(of.Point(1, 2), y=5)),
        lambda of: [(field.name, field.type) for field in dataclasses.fields(of.Point)],
        lambda of: [str(inspect.signature(kind)) for kind in vars(of).values()],
        lambda of: (of.Point.__name__, of.Point.__doc__, of.Point.__module__, of.Point.__match_args__),
        lambda of: of.Point.__slots__,
        lambda of: of.Point(1).tags is of.Point(1).tags,
        lambda of: hasattr(of.Point(1), "__dict__"),
        lambda of: (of.Single(1) == of.Single(1), of.Single(1) == of.Other(1), of.Single((1,)) == of.Single(1)),
        lambda of: len({of.Single(1), of.Single(1), of.Single(2), of.Other(1)}),
        lambda of: (of.Nothing() == of.Nothing(), len({of.Nothing(), of.Nothing()}), of.Nothing() == of.Single(1)),
        lambda of: (of.Mutable() == of.Mutable([], 0), of.Mutable.__hash__, of.Mutable(["a"]).names),
        lambda of: [repr(each).rpartition(">.")[2] for each in (of.Point(1), of.Single("a"), of.Nothing())],
    ],
)
def test_they_behave_like_those_of_the_standard_decorator(use: Any) -> None:
    ours, standard = (SimpleNamespace(**{kind.__name__: kind for kind in kinds}) for kinds in (OURS, STANDARD))
    assert use(ours) == use(standard)


@pytest.mark.parametrize("change", [lambda it: setattr(it, "x", 2), lambda it: delattr(it, "x")])
@pytest.mark.parametrize("kind", [Point, STANDARD[0]])
def test_frozen_ones_do_not_change(kind: Any, change: Any) -> None:
    made = kind(1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        change(made)
    assert made.x == 1


def test_others_change() -> None:
    made = Mutable()
    made.count += 1
    made.names.append("a")
    assert made == Mutable(["a"], 1)
    with pytest.raises(AttributeError):
        made.nothing = 1


@pytest.mark.parametrize("arguments", [(), (1, 2, 3, 4)])
@pytest.mark.parametrize("kind", [Point, STANDARD[0]])
def test_wrong_arguments_are_told(kind: Any, arguments: tuple[int, ...]) -> None:
    with pytest.raises(TypeError, match="__init__"):
        kind(*arguments)
    with pytest.raises(TypeError, match="nothing"):
        kind(1, nothing=2)


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))])
@pytest.mark.parametrize("made", [Point(1, 2, {"a": 1}), Single(None), Nothing(), Mutable(["a"], 2)])
def test_they_can_be_copied_and_pickled(again: Any, made: Any) -> None:
    other = again(made)
    assert other == made
    assert type(other) is type(made)


def test_they_match_by_position() -> None:
    match Point(1, 2):
        case Point(x, y):
            assert (x, y) == (1, 2)


def test_one_may_inherit_from_a_frozen_one() -> None:
    @dataclasses.dataclass(frozen=True)
    class Named(Point):  # type: ignore[misc]
        name: str = ""

    named = Named(1, name="a")
    assert (named.x, named.name, named.sum) == (1, "a", 1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        named.name = "b"


def test_the_public_classes_are_frozen_dataclasses() -> None:
    from tracuu import Hit, Passage, Report, Results

    for kind in (Hit, Passage, Report, Results):
        assert dataclasses.is_dataclass(kind)
        assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
        assert "=" in str(inspect.signature(kind))
