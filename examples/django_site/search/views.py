"""The site's own search, of its pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse


def site_search(request: HttpRequest) -> HttpResponse:
    """Whatever the site's own search does."""
    return HttpResponse("the site's own search")
