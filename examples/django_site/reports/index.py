"""The one index of this process."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from tracuu import Index


@cache
def the_index() -> Index:
    """Opened by the first request of each worker process, after the server has forked; shared by its threads."""
    return Index.open(settings.TRACUU_INDEX)
