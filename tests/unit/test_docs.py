"""The README names what there is: every command, setting and target."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from api.cli import COMMANDS
from api.settings import Settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
TARGETS = re.findall(
    r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme(name: str) -> None:
    """A user learns of each command there."""
    assert f"kjelda {name}" in README


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_in_the_readme(name: str) -> None:
    """A setting that nobody knows of is no setting."""
    assert f"KJELDA_{name.upper()}" in README


@pytest.mark.parametrize("name", [t for t in TARGETS if t not in ("help", "clean")])
def test_every_target_is_in_the_readme(name: str) -> None:
    """The Makefile holds no secrets."""
    assert f"make {name}" in README


def test_links_of_the_documentation_lead_somewhere() -> None:
    """Every relative link in README and docs names a file that is there."""
    missing = []
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))):
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                missing.append(f"{page.name}: {target}")
    assert missing == []
