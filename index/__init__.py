"""An index on disk: the facade, its folder, generations, lock, rebuilds, copies and checks."""

from __future__ import annotations

from .facade import Index

__all__ = ["Index"]
