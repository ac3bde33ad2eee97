"""An index on disk: facade, folder, generations, lock, rebuilds, copies, checks."""

from __future__ import annotations

from .facade import Index

__all__ = ["Index"]
