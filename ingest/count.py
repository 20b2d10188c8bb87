"""How many files a run will meet: for the progress bar, so a guess will do."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path


def count_sources(path: Path) -> int | None:
    """Files under a path, or in a zip; None where counting would mean unpacking."""
    if path.is_dir():
        return sum(not name.startswith(".") for _, _, names in os.walk(path) for name in names)
    if not path.is_file():
        return 1
    if path.suffix.lower() == ".zip":
        try:
            with zipfile.ZipFile(path) as archive:
                return sum(not member.is_dir() for member in archive.infolist())
        except (zipfile.BadZipFile, OSError):
            return 1
    return None if ".tar" in path.name.lower() or path.suffix.lower().startswith(".t") else 1
