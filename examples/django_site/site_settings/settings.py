"""A site with an app, reports, that uses tracuu.

It also has apps of its own named search, corpus and indexer.
"""

from __future__ import annotations

import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent

SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", "only for trying this example")
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
INSTALLED_APPS = ["search", "corpus", "indexer", "reports"]  # tracuu needs no entry here
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
]
ROOT_URLCONF = "site_settings.urls"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
DATABASES: dict[str, dict[str, str]] = {}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True

# Settings of the app reports: the index, and the indexed folders.
TRACUU_INDEX = os.environ.get("SITE_INDEX", str(BASE_DIR / "reports.idx"))
TRACUU_FOLDERS = os.environ.get("SITE_FOLDERS", str(BASE_DIR / "files")).split(os.pathsep)
