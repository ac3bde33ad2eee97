"""``dataclass`` for classes with slots, in a small part of the time that the standard one takes to define a class.

The standard decorator writes six functions for a frozen class and compiles each: about 1 ms, and a search in a
new process defines sixty such classes before it begins. Here only ``__init__`` is compiled; the other functions
are the same for all classes. What comes out is a dataclass all the same: ``fields``, ``replace``, ``asdict``,
``match``, equality, hashes, copies and pickles work as ever.

Known are ``slots=True``, with ``frozen=True`` or without, of a class that inherits no fields and has no
``__post_init__``; anything else is for :mod:`dataclasses` itself.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:  # type checkers know what the standard decorator makes of a class
    from dataclasses import dataclass
else:

    def dataclass(*, slots, frozen=False):
        """The decorator; see above."""
        if not slots:
            raise TypeError("use dataclasses.dataclass for a class without slots")
        return _frozen if frozen else _mutable


__all__ = ["dataclass"]


class _Mutable:
    """What all of them can do; ``_values`` gives the values of the fields (of one field its value alone)."""

    __match_args__: ClassVar[tuple[str, ...]]
    _values: Callable[[Any], Any]

    def __eq__(self, other: object) -> bool:
        return self._values(self) == self._values(other) if other.__class__ is self.__class__ else NotImplemented

    def __repr__(self) -> str:
        told = (f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
        return f"{self.__class__.__qualname__}({', '.join(told)})"


class _Frozen:
    """What frozen ones can do besides."""

    __match_args__: ClassVar[tuple[str, ...]]
    _values: Callable[[Any], Any]

    def __hash__(self) -> int:
        return hash(self._values(self))

    def __setattr__(self, name: str, value: object) -> None:
        raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> None:
        raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")

    def __reduce__(self) -> tuple[Any, ...]:
        return self.__class__, tuple(getattr(self, name) for name in self.__match_args__)


def _methods(kind: type) -> dict[str, Any]:
    return {name: method for name, method in vars(kind).items() if callable(method)}


_MUTABLE = _methods(_Mutable)  # with __hash__ = None
_FROZEN = _MUTABLE | _methods(_Frozen)
_NO_LONGER = ("__dict__", "__weakref__")


def _mutable(cls: Any) -> Any:
    return _made(cls, _MUTABLE)


def _frozen(cls: Any) -> Any:
    made = _made(cls, _FROZEN)
    made.__dataclass_params__.frozen = True  # for those who inherit from it
    return made


def _made(cls: Any, methods: dict[str, Any]) -> Any:
    """The class with slots, which can only be given to a new one."""
    listed = dataclasses.dataclass(init=False, repr=False, eq=False)(cls)  # lists the fields, compiles nothing
    fields = dataclasses.fields(listed)
    names = tuple(field.name for field in fields)
    body = {name: thing for name, thing in vars(cls).items() if name not in names and name not in _NO_LONGER}
    values = attrgetter(*names) if names else type  # without fields all instances are equal
    made = type(cls)(cls.__name__, cls.__bases__, methods | body | {"__slots__": names, "_values": values})
    made.__qualname__ = cls.__qualname__
    made.__init__ = _initialiser(made, fields)
    return made


class _Factory:
    """Stands for a default that is made for each instance."""

    def __repr__(self) -> str:
        return "<factory>"  # as signatures tell it


_FACTORY = _Factory()


def _initialiser(made: Any, fields: tuple[Any, ...]) -> Any:
    """The class's ``__init__``. It alone sets the fields of a frozen one."""
    space: dict[str, Any] = {"_factory": _FACTORY}
    arguments, lines = ["self"], []
    for field in fields:
        name = field.name
        space[f"_set_{name}"] = getattr(made, name).__set__
        argument, value = name, name
        if field.default_factory is not dataclasses.MISSING:
            space[f"_make_{name}"] = field.default_factory
            argument, value = f"{name}=_factory", f"_make_{name}() if {name} is _factory else {name}"
        elif field.default is not dataclasses.MISSING:
            space[f"_default_{name}"] = field.default
            argument = f"{name}=_default_{name}"
        arguments.append(argument)
        lines.append(f"    _set_{name}(self, {value})\n")
    exec(f"def __init__({', '.join(arguments)}):\n{''.join(lines) or '    pass'}", space)
    function = space["__init__"]
    function.__qualname__ = f"{made.__qualname__}.__init__"
    function.__module__ = made.__module__
    function.__annotations__ = {**made.__annotations__, "return": None}
    return function
