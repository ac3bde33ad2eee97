"""The web page over an index: works without JavaScript, better with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI

    from ..access import Access
    from ..settings import Settings


def add_page(app: FastAPI, access: Access, settings: Settings) -> None:
    """Add the page's routes to the application."""
