"""What routes share: the access of the application, and checks of what was asked."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Depends, Request

from ..access import Access
from ..settings import Settings


def access_of(request: Request) -> Access:
    """The application's access to the index."""
    return cast(Access, request.app.state.access)


def settings_of(request: Request) -> Settings:
    """The application's settings."""
    return cast(Settings, request.app.state.settings)


Asked = Annotated[Access, Depends(access_of)]
Limits = Annotated[Settings, Depends(settings_of)]
