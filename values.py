"""``dataclass`` for classes with slots, in a small part of the time that the standard one takes to define a class.

The standard decorator writes six functions for a frozen class and compiles each: about 1 ms, and a search in a
new process defines sixty such classes before it begins. Here ``__init__`` is compiled once for all classes with as
many fields; the other functions are the same for all. What comes out is a dataclass all the same: ``fields``,
``replace``, ``asdict``, ``match``, equality, hashes, copies and pickles work as ever.

Known are ``slots=True``, with ``frozen=True`` or without, of a class that inherits no fields and has no
``__post_init__``, in a module whose annotations are strings; anything else is for :mod:`dataclasses` itself.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import cache
from operator import attrgetter
from types import CodeType, FunctionType
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

    def __replace__(self: Any, **changes: Any) -> Any:
        return dataclasses.replace(self, **changes)

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
    return _made(cls, _MUTABLE, frozen=False)


def _frozen(cls: Any) -> Any:
    return _made(cls, _FROZEN, frozen=True)


def _made(cls: Any, methods: dict[str, Any], *, frozen: bool) -> Any:
    """The class with slots, which can only be given to a new one."""
    names = tuple(name for name, told in cls.__annotations__.items() if not str(told).startswith(_NO_FIELD))
    body = {name: thing for name, thing in vars(cls).items() if name not in names and name not in _NO_LONGER}
    body |= {
        "__slots__": names,
        "__match_args__": names,
        "_values": attrgetter(*names) if names else type,  # without fields all instances are equal
        "__qualname__": cls.__qualname__,
        "__init__": _initialiser(cls, names, space := {"_factory": _FACTORY}),
        **{name: _Later(name, cls, frozen) for name in ("__dataclass_fields__", "__dataclass_params__")},
    }
    made = type(cls)(cls.__name__, cls.__bases__, methods | body)
    for at, name in enumerate(names):
        space[f"set{at}"] = getattr(made, name).__set__
    return made


_NO_FIELD = ("ClassVar", "typing.ClassVar")


class _Later:
    """Stands for something that the standard decorator keeps of a class until somebody asks for it, as few do."""

    def __init__(self, name: str, cls: type, frozen: bool) -> None:
        self._name, self._cls, self._frozen = name, cls, frozen

    def __set_name__(self, made: type, name: str) -> None:
        self._made = made

    def __get__(self, instance: object, owner: type) -> Any:
        kept = {name: thing for name, thing in vars(self._cls).items() if name not in _NO_LONGER}
        listed: Any = dataclasses.dataclass(init=False, repr=False, eq=False)(type(self._cls.__name__, (), kept))
        listed.__dataclass_params__.frozen = self._frozen  # for those who inherit from it
        found = getattr(listed, self._name)
        setattr(self._made, self._name, found)
        return found


class _Factory:
    """Stands for a default that is made for each instance."""

    def __repr__(self) -> str:
        return "<factory>"  # as signatures tell it


_FACTORY = _Factory()


def _initialiser(cls: Any, names: tuple[str, ...], space: dict[str, Any]) -> Any:
    """The class's ``__init__``, which alone sets the fields of a frozen one; it finds how in ``space``."""
    given, defaults, made_anew = vars(cls), [], 0
    for at, name in enumerate(names):
        default = given.get(name, dataclasses.MISSING)
        if isinstance(default, dataclasses.Field):
            if default.default_factory is not dataclasses.MISSING:
                space[f"make{at}"] = default.default_factory
                made_anew |= 1 << at
            default = _FACTORY if made_anew >> at & 1 else default.default
        if default is not dataclasses.MISSING:
            defaults.append(default)
        elif defaults:
            raise TypeError(f"{name} has no default and follows a field that has one")
    code = _code(len(names), made_anew).replace(co_varnames=("self", *names))
    function = FunctionType(code, space, "__init__", tuple(defaults))
    function.__qualname__ = f"{cls.__qualname__}.__init__"
    function.__module__ = cls.__module__
    function.__annotations__ = {**cls.__annotations__, "return": None}
    return function


@cache
def _code(count: int, made_anew: int) -> CodeType:
    """What all ``__init__`` of so many arguments do; only their names differ. The bits of ``made_anew`` tell whose
    defaults are made for each instance. Few classes are the first of their kind, and compiling is what takes long."""
    lines = ["pass"]
    for at in range(count):
        fresh = f"make{at}() if a{at} is _factory else " if made_anew >> at & 1 else ""
        lines.append(f"set{at}(self, {fresh}a{at})")
    arguments = ", ".join(["self", *(f"a{at}" for at in range(count))])
    space: dict[str, Any] = {}
    exec(f"def __init__({arguments}):\n    " + "\n    ".join(lines), space)
    code: CodeType = space["__init__"].__code__
    return code
