"""``manage.py update_reports``: update the index, from cron or after an upload."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tracuu import Index, TracuuError
from tracuu.errors import IndexNotFound


class Command(BaseCommand):
    """Index the folders of ``TRACUU_FOLDERS``."""

    help = "Bring the index of reports up to date."

    def handle(self, *args: Any, **options: Any) -> None:
        """Update the index, and print the changes."""
        counts: dict[str, int] = {}
        try:
            with self.open_or_create() as index:
                for change in index.update(settings.TRACUU_FOLDERS, prune=True, wait=60):
                    counts[change.kind] = counts.get(change.kind, 0) + 1
                    if change.kind == "failed":
                        self.stderr.write(f"not read: {change.path}")
        except TracuuError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            ", ".join(f"{number} {kind}" for kind, number in sorted(counts.items()))
            or "nothing there"
        )

    def open_or_create(self) -> Index:
        """Open the index, or create it."""
        try:
            return Index.open(settings.TRACUU_INDEX)
        except IndexNotFound:
            return Index.create(settings.TRACUU_INDEX)
