"""The one index of this process."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from tracuu import Index


@cache
def the_index() -> Index:
    """The index, shared by the threads of a worker process.

    The first request of each process opens it, after the server has forked.
    """
    return Index.open(settings.TRACUU_INDEX)
