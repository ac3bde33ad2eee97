"""URLs: the site's own search, and the one in reports."""

from __future__ import annotations

from django.urls import path
from reports.views import find
from search.views import site_search

urlpatterns = [path("search/", site_search), path("reports/", find)]
