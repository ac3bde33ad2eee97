"""A site with an app, reports, that uses tracuu.

It has apps of its own called search, corpus and indexer, too.
"""

from __future__ import annotations

import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent

SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", "only for trying this example")
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
INSTALLED_APPS = ["search", "corpus", "indexer", "reports"]  # nothing of tracuu needs to stand here
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
]
ROOT_URLCONF = "site_settings.urls"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
DATABASES: dict[str, dict[str, str]] = {}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True

# What the app reports asks for: where the index lies, and the folders that are indexed.
TRACUU_INDEX = os.environ.get("SITE_INDEX", str(BASE_DIR / "reports.idx"))
TRACUU_FOLDERS = os.environ.get("SITE_FOLDERS", str(BASE_DIR / "files")).split(os.pathsep)
