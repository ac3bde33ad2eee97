"""The site's own search of its pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse


def site_search(request: HttpRequest) -> HttpResponse:
    """Placeholder for the site's own search."""
    return HttpResponse("the site's own search")
