"""Search as JSON, or as a page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tracuu import TracuuError
from tracuu.errors import UsageError

from .index import the_index


@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """Passages for ``?q=`` and ``?area=``; with ``?format=json`` as data."""
    query = request.GET.get("q", "")
    try:
        results = the_index().search(query, area=request.GET.get("area") or None, limit=20)
    except UsageError as error:  # the visitor can correct it
        return JsonResponse({"error": str(error)}, status=400)
    except TracuuError:
        return JsonResponse({"error": "the search is unavailable at the moment"}, status=503)
    if request.GET.get("format") == "json":
        return JsonResponse(results.to_dict())
    return render(request, "reports/find.html", {"query": query, "results": results})
